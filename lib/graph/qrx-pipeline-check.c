/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Everything that can be known to be wrong with a graph before it runs, in one go: types, sizes, missing links,
 * and what the nodes themselves find. A fault that follows from another is not reported. */
#include "graph/qrx-pipeline-private.h"

#include <string.h>

typedef struct {
  QrxPipeline *pipeline;
  QrxLocateProperty locate;
  gpointer locate_data;
  QrxUnify *sizes;
  GPtrArray *faults;
} Check;

#define PROPERTY "property \"" /* as messages about properties begin */
#define MAX_PASSES 64 /* a node whose sizes never come to rest is cut off here */

/* The one other output of the source that would fit, or NULL. */
static char *
suggest_output (QrxEntry *to, const QrxEntryLink *link)
{
  QrxPort *found = NULL;

  for (guint i = 0; i < qrx_node_class_get_n_ports (link->from->klass); i++)
    {
      QrxPort *port = qrx_node_class_get_port (link->from->klass, i);
      QrxSource source;

      if (!qrx_port_is_output (port) || port == link->from_port)
        continue;
      qrx_shape_scope_get_source (link->from->scope, port, &source);
      if (qrx_shape_scope_fit (to->scope, link->to_port, &source) != QRX_FIT_OK)
        continue;
      if (found != NULL)
        return NULL;
      found = port;
    }
  return found != NULL ? g_strdup_printf ("%s.%s", link->from->id, qrx_port_get_name (found)) : NULL;
}

/* Whether the link is sound. */
static gboolean
check_link (QrxEntry *entry, QrxEntryLink *link, GPtrArray *faults)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *suggestion = NULL;
  QrxSource source;
  QrxFit fit;

  /* An end that is not known, or a source within a cycle: the fault is reported. */
  if (link->from == NULL || link->from_port == NULL || link->to_port == NULL || link->from->scope == NULL)
    return FALSE;
  qrx_shape_scope_get_source (link->from->scope, link->from_port, &source);
  if (qrx_shape_scope_connect (entry->scope, link->to_port, &source, &fit, &error))
    return TRUE;
  if (fit == QRX_FIT_KIND || fit == QRX_FIT_QUANTITY)
    suggestion = suggest_output (entry, link);
  qrx_diagnostics_add (faults, QRX_PIPELINE_ERROR_LINK, &link->place, entry->id, suggestion, "%s%s%s%s", error->message,
                       suggestion != NULL ? "; did you mean \"" : "", suggestion != NULL ? suggestion : "",
                       suggestion != NULL ? "\"?" : "");
  return FALSE;
}

static gboolean
has_link (const QrxEntry *entry, QrxPort *port)
{
  for (guint i = 0; i < entry->links->len; i++)
    {
      QrxEntryLink *link = g_ptr_array_index (entry->links, i);

      if (link->to_port == port || link->to_port == NULL) /* a misspelt input may be any */
        return TRUE;
    }
  return FALSE;
}

static gboolean
check_missing_links (const QrxEntry *entry, GPtrArray *faults)
{
  gboolean complete = TRUE;

  for (guint i = 0; i < qrx_node_class_get_n_ports (entry->klass); i++)
    {
      QrxPort *port = qrx_node_class_get_port (entry->klass, i);
      const QrxPortSpec *spec = qrx_port_get_spec (port);
      g_autofree char *type = NULL;

      if (qrx_port_is_output (port) || qrx_port_spec_is_optional (spec) || qrx_port_spec_is_list (spec) ||
          has_link (entry, port))
        continue;
      type = qrx_shape_scope_dup_type (entry->scope, port);
      qrx_diagnostics_add (faults, QRX_PIPELINE_ERROR_LINK, &entry->place, entry->id, NULL,
                           "%s: found no link to the input \"%s\", expected one that carries %s", entry->id,
                           qrx_port_get_name (port), type);
      complete = FALSE;
    }
  return complete;
}

/* The property that a message of a node begins with, or NULL. */
static char *
dup_property (const char *message)
{
  const char *name = g_str_has_prefix (message, PROPERTY) ? message + strlen (PROPERTY) : NULL;
  const char *end = name != NULL ? strchr (name, '"') : NULL;

  return end != NULL ? g_strndup (name, end - name) : NULL;
}

/* Where to look: at the link that a size came by, at the property that the message begins with, else at the node. */
static QrxPlace
find_place (const Check *check, const QrxEntry *entry, gint blamed, const char *message, char **document)
{
  g_autofree char *property = dup_property (message);

  if (blamed >= 0)
    return qrx_place_copy (&((QrxEntryLink *) g_ptr_array_index (entry->links, blamed))->place);
  if (check->locate != NULL && property != NULL)
    {
      QrxPlace place = check->locate (entry->id, property, document, check->locate_data);

      if (place.pointer != NULL)
        return place;
      qrx_place_clear (&place);
    }
  return qrx_place_copy (&entry->place);
}

/* The message, with the file that the property's document was read from, if it was. */
static char *
name_document (const char *message, const char *document)
{
  g_autofree char *property = dup_property (message);

  if (document == NULL)
    return g_strdup (message);
  return g_strdup_printf (PROPERTY "%s\", in the file \"%s\"%s", property, document,
                          message + strlen (PROPERTY) + strlen (property) + 1);
}

static gboolean
resolve_entry (const Check *check, QrxEntry *entry)
{
  g_autoptr (GError) error = NULL;
  g_auto (QrxPlace) place = { 0 };
  g_autofree char *document = NULL, *text = NULL;
  const char *message;
  gboolean known;
  gint blamed;

  if (qrx_node_resolve (entry->node, entry->scope, &error))
    return TRUE;
  blamed = qrx_shape_scope_get_blamed (entry->scope);
  known = error->domain == QRX_PIPELINE_ERROR;
  message = qrx_node_strip_prefix (entry->node, error->message);
  place = find_place (check, entry, blamed, message, &document);
  text = name_document (message, document);
  qrx_diagnostics_add (check->faults, known ? (QrxPipelineError) error->code : QRX_PIPELINE_ERROR_VALUE, &place, entry->id,
                       NULL, "%s%s%s", blamed >= 0 ? "" : entry->id, blamed >= 0 ? "" : ": ", text);
  return FALSE;
}

/* Whether all that the node's own resolve() may rely on is sound. */
static gboolean
enter (const Check *check, QrxEntry *entry)
{
  gboolean sound = entry->node != NULL;

  if (entry->klass == NULL)
    return FALSE;
  entry->scope = qrx_shape_scope_new (entry->klass, entry->node, entry->id, check->sizes);
  for (guint i = 0; i < entry->links->len; i++)
    sound &= check_link (entry, g_ptr_array_index (entry->links, i), check->faults);
  sound &= check_missing_links (entry, check->faults);
  return sound;
}

/* A size may become known at a node after others asked for it, so resolve until nothing new is settled. */
static void
settle (const Check *check)
{
  GPtrArray *entries = check->pipeline->entries;
  guint before, passes = 0;

  do
    {
      before = qrx_unify_get_n_settled (check->sizes);
      for (guint i = 0; i < entries->len; i++)
        resolve_entry (check, g_ptr_array_index (entries, i));
    }
  while (check->faults->len == 0 && qrx_unify_get_n_settled (check->sizes) > before && ++passes < MAX_PASSES);
}

static void
describe_links (QrxPipeline *self, QrxUnify *sizes)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      QrxEntry *entry = g_ptr_array_index (self->entries, i);

      for (guint k = 0; k < entry->links->len; k++)
        {
          QrxEntryLink *link = g_ptr_array_index (entry->links, k);
          QrxSource source;

          qrx_shape_scope_get_source (link->from->scope, link->from_port, &source);
          g_free ((char *) link->link.type);
          link->link.type = qrx_source_to_text (&source, sizes);
        }
    }
}

void
qrx_pipeline_check (QrxPipeline *self, QrxLocateProperty locate, gpointer data, GPtrArray *faults)
{
  g_autoptr (QrxUnify) sizes = qrx_unify_new ();
  const Check check = { self, locate, data, sizes, faults };

  qrx_pipeline_sort (self, faults);
  for (guint i = 0; i < self->entries->len; i++)
    {
      QrxEntry *entry = g_ptr_array_index (self->entries, i);

      if (enter (&check, entry))
        resolve_entry (&check, entry);
    }
  if (faults->len == 0 && qrx_unify_get_n_settled (sizes) > 0)
    settle (&check);
  qrx_pipeline_check_outputs (self, locate, data, faults);
  self->valid = faults->len == 0;
  if (self->valid)
    describe_links (self, sizes);
  for (guint i = 0; i < self->entries->len; i++)
    g_clear_object (&((QrxEntry *) g_ptr_array_index (self->entries, i))->scope);
}

/**
 * qrx_pipeline_validate:
 * @self: a pipeline
 * @diagnostics: (nullable) (element-type QrxDiagnostic): gets a diagnostic for each fault
 * @error: return location for an error
 *
 * Checks the whole graph before anything runs: cycles, missing links, kinds, quantities, sizes, and every node's own
 * check. All faults are reported in one go: the error's text has a line for each, its code is that of the one fault, or
 * %QRX_PIPELINE_ERROR_INVALID for several.
 *
 * Returns: whether the pipeline can run
 */
gboolean
qrx_pipeline_validate (QrxPipeline *self, GPtrArray *diagnostics, GError **error)
{
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_diagnostic_unref);

  g_return_val_if_fail (QRX_IS_PIPELINE (self), FALSE);
  qrx_pipeline_check (self, NULL, NULL, faults);
  return qrx_diagnostics_finish (faults, diagnostics, error);
}

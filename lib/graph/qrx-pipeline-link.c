/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Links by name: "id" and "id.port" to ports, the same for files and for code. Checks names, not types. */
#include "graph/qrx-pipeline-private.h"

#include <qrx/qrx-suggest.h>
#include <string.h>

static char **
dup_port_names (QrxNodeClass *klass, gboolean outputs)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; i < qrx_node_class_get_n_ports (klass); i++)
    {
      QrxPort *port = qrx_node_class_get_port (klass, i);

      if (qrx_port_is_output (port) == outputs)
        g_strv_builder_add (names, qrx_port_get_name (port));
    }
  return g_strv_builder_end (names);
}

char **
qrx_pipeline_dup_ids (QrxPipeline *self)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();

  for (guint i = 0; i < self->entries->len; i++)
    g_strv_builder_add (ids, ((QrxEntry *) g_ptr_array_index (self->entries, i))->id);
  return g_strv_builder_end (ids);
}

/* The port, or NULL and a fault. A class that is not known has every port. */
static QrxPort *
find_port (QrxEntry *entry, const char *name, gboolean output, QrxEntry *at, const QrxPlace *place, GPtrArray *faults)
{
  g_auto (GStrv) known = NULL;
  g_autofree char *hint = NULL;
  QrxPort *port;

  if (entry->klass == NULL)
    return NULL;
  port = qrx_node_class_find_port (entry->klass, name, output);
  if (port != NULL)
    return port;
  known = dup_port_names (entry->klass, output);
  if (known[0] != NULL && name == NULL) /* the type has ports of this direction, so one of them is the default */
    return NULL;
  hint = known[0] != NULL ? qrx_suggest_text (name, (const char *const *) known) : NULL;
  if (known[0] == NULL && output)
    qrx_diagnostics_add (faults, QRX_PIPELINE_ERROR_LINK, place, at->id, NULL,
                         "%s: found a link from \"%s\", a node of type \"%s\" has no outputs", at->id, entry->id,
                         qrx_node_class_get_name (entry->klass));
  else if (known[0] == NULL)
    qrx_diagnostics_add (faults, QRX_PIPELINE_ERROR_LINK, place, at->id, NULL, "%s: a node of type \"%s\" has no inputs",
                         at->id, qrx_node_class_get_name (entry->klass));
  else if (output)
    qrx_diagnostics_add (faults, QRX_PIPELINE_ERROR_UNKNOWN, place, at->id, qrx_suggest (name, (const char *const *) known),
                         "%s: found a link from \"%s.%s\", a node of type \"%s\" has no output of that name%s", at->id,
                         entry->id, name, qrx_node_class_get_name (entry->klass), hint);
  else
    qrx_diagnostics_add (faults, QRX_PIPELINE_ERROR_UNKNOWN, place, at->id, qrx_suggest (name, (const char *const *) known),
                         "%s: found the input \"%s\", a node of type \"%s\" has none of that name%s", at->id, name,
                         qrx_node_class_get_name (entry->klass), hint);
  return NULL;
}

/* Both ends of "id.port", or NULL and a fault. */
static QrxEntry *
find_source (QrxPipeline *self, const char *from, QrxEntry *to, QrxPort **port, const QrxPlace *place, GPtrArray *faults)
{
  const char *dot = strchr (from, '.');
  g_autofree char *id = dot != NULL ? g_strndup (from, dot - from) : g_strdup (from);
  QrxEntry *entry = qrx_pipeline_find_entry (self, id);
  g_auto (GStrv) known = NULL;
  g_autofree char *hint = NULL;

  *port = NULL;
  if (entry != NULL)
    {
      *port = find_port (entry, dot != NULL ? dot + 1 : NULL, TRUE, to, place, faults);
      return entry;
    }
  known = qrx_pipeline_dup_ids (self);
  hint = qrx_suggest_text (id, (const char *const *) known);
  qrx_diagnostics_add (faults, QRX_PIPELINE_ERROR_UNKNOWN, place, to->id, qrx_suggest (id, (const char *const *) known),
                       "%s: found a link from \"%s\", there is no such node%s", to->id, id, hint);
  return NULL;
}

void
qrx_pipeline_connect (QrxPipeline *self, const char *from, QrxEntry *to, const char *port, const QrxPlace *place,
                      GPtrArray *faults)
{
  QrxEntryLink *link = g_new0 (QrxEntryLink, 1);
  guint n_before = faults->len;

  link->to_port = find_port (to, port, FALSE, to, place, faults);
  if (faults->len == n_before)
    link->from = find_source (self, from, to, &link->from_port, place, faults);
  if (faults->len > n_before) /* nor is what follows from it to be blamed */
    link->from = NULL;
  for (guint i = 0; i < to->links->len && link->to_port != NULL; i++)
    {
      QrxEntryLink *other = g_ptr_array_index (to->links, i);

      if (other->to_port != link->to_port || qrx_port_spec_is_list (qrx_port_get_spec (link->to_port)))
        continue;
      qrx_diagnostics_add (faults, QRX_PIPELINE_ERROR_LINK, place, to->id, NULL,
                           "%s: found a second link, from \"%s\", to the input \"%s\"; it takes one", to->id, from,
                           qrx_port_get_name (link->to_port));
      break;
    }
  link->link.from = link->from != NULL ? link->from->node : NULL;
  link->link.from_port = link->from_port != NULL ? qrx_port_get_name (link->from_port) : NULL;
  link->link.to_port = link->to_port != NULL ? qrx_port_get_name (link->to_port) : NULL;
  link->place = qrx_place_copy (place);
  g_ptr_array_add (to->links, link);
  self->valid = FALSE;
}

void
qrx_pipeline_excuse (QrxEntry *entry)
{
  g_ptr_array_add (entry->links, g_new0 (QrxEntryLink, 1));
}

/**
 * qrx_pipeline_remove:
 * @self: a pipeline
 * @id: a node's id
 *
 * Takes a node out of the graph, and every link that begins or ends at it.
 *
 * Returns: whether there was such a node
 */
gboolean
qrx_pipeline_remove (QrxPipeline *self, const char *id)
{
  QrxEntry *gone;

  g_return_val_if_fail (QRX_IS_PIPELINE (self) && id != NULL, FALSE);
  gone = qrx_pipeline_find_entry (self, id);
  if (gone == NULL)
    return FALSE;
  for (guint i = 0; i < self->entries->len; i++)
    {
      GPtrArray *links = ((QrxEntry *) g_ptr_array_index (self->entries, i))->links;

      for (guint k = links->len; k-- > 0;)
        if (((QrxEntryLink *) g_ptr_array_index (links, k))->from == gone)
          g_ptr_array_remove_index (links, k);
    }
  self->valid = FALSE;
  return g_ptr_array_remove (self->entries, gone);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A graph of nodes: its parts, and building it in code. Reading, checking and writing are in files of their own. */
#include "graph/qrx-pipeline-private.h"

#include <qrx/qrx-suggest.h>
#include <string.h>

G_DEFINE_FINAL_TYPE (QrxPipeline, qrx_pipeline, G_TYPE_OBJECT)

static void
entry_link_free (gpointer data)
{
  QrxEntryLink *link = data;

  g_free ((char *) link->link.type);
  qrx_place_clear (&link->place);
  g_free (link);
}

static void
entry_free (gpointer data)
{
  QrxEntry *entry = data;

  g_ptr_array_unref (entry->links);
  g_clear_object (&entry->scope);
  g_clear_object (&entry->node);
  g_clear_pointer (&entry->klass, g_type_class_unref);
  qrx_place_clear (&entry->place);
  g_free (entry->id);
  g_free (entry);
}

static void
qrx_pipeline_finalize (GObject *object)
{
  QrxPipeline *self = QRX_PIPELINE (object);

  g_clear_object (&self->registry);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->dropped, g_ptr_array_unref);
  g_free (self->name);
  g_free (self->base_directory);
  g_free (self->title);
  g_free (self->description);
  G_OBJECT_CLASS (qrx_pipeline_parent_class)->finalize (object);
}

static void
qrx_pipeline_class_init (QrxPipelineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_pipeline_finalize;
}

static void
qrx_pipeline_init (QrxPipeline *self)
{
  self->entries = g_ptr_array_new_with_free_func (entry_free);
  self->dropped = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->dropped, NULL);
}

/**
 * qrx_pipeline_new:
 * @registry: the node types that there are
 *
 * Makes an empty pipeline with seed 0.
 *
 * Returns: (transfer full): the pipeline
 */
QrxPipeline *
qrx_pipeline_new (QrxRegistry *registry)
{
  QrxPipeline *self;

  g_return_val_if_fail (QRX_IS_REGISTRY (registry), NULL);
  self = g_object_new (QRX_TYPE_PIPELINE, NULL);
  self->registry = g_object_ref (registry);
  return self;
}

gboolean
qrx_pipeline_is_id (const char *id)
{
  if (!g_ascii_islower (*id))
    return FALSE;
  for (; *id != '\0'; id++)
    if (!g_ascii_islower (*id) && !g_ascii_isdigit (*id) && *id != '-' && *id != '_')
      return FALSE;
  return TRUE;
}

QrxEntry *
qrx_pipeline_find_entry (QrxPipeline *self, const char *id)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      QrxEntry *entry = g_ptr_array_index (self->entries, i);

      if (g_str_equal (entry->id, id))
        return entry;
    }
  return NULL;
}

QrxEntry *
qrx_pipeline_add_entry (QrxPipeline *self, const char *id, QrxNodeClass *klass, QrxNode *node)
{
  QrxEntry *entry = g_new0 (QrxEntry, 1);

  if (node != NULL)
    klass = QRX_NODE_GET_CLASS (node);
  entry->id = g_strdup (id);
  entry->klass = klass != NULL ? g_type_class_ref (G_TYPE_FROM_CLASS (klass)) : NULL;
  entry->node = node != NULL ? g_object_ref (node) : NULL;
  entry->links = g_ptr_array_new_with_free_func (entry_link_free);
  g_ptr_array_add (self->entries, entry);
  self->valid = FALSE;
  return entry;
}

/**
 * qrx_pipeline_add:
 * @self: a pipeline
 * @node: a node
 * @error: return location for an error
 *
 * Adds a node. Fails with %QRX_PIPELINE_ERROR_VALUE if its id is taken or is no id: a lower-case letter,
 * then lower-case letters, digits, "-" and "_".
 *
 * Returns: whether the node is in the graph now
 */
gboolean
qrx_pipeline_add (QrxPipeline *self, QrxNode *node, GError **error)
{
  const char *id;

  g_return_val_if_fail (QRX_IS_PIPELINE (self) && QRX_IS_NODE (node), FALSE);
  id = qrx_node_get_id (node);
  if (id == NULL || !qrx_pipeline_is_id (id))
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                   "found the node id \"%s\", expected a lower-case letter, then lower-case letters, digits, - and _",
                   id != NULL ? id : "");
      return FALSE;
    }
  if (qrx_pipeline_find_entry (self, id) != NULL)
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, "%s: there is a node of this id already", id);
      return FALSE;
    }
  qrx_pipeline_add_entry (self, id, NULL, node);
  return TRUE;
}

/**
 * qrx_pipeline_link:
 * @self: a pipeline
 * @from: where the link begins: a node's id for its default output, or "id.port"
 * @to: where it ends: a node's id for its default input, or "id.port"
 * @error: return location for an error
 *
 * Links two nodes. Fails with %QRX_PIPELINE_ERROR_UNKNOWN for a node or port that there is not, and with
 * %QRX_PIPELINE_ERROR_LINK for a second link to a port that takes one. Types are checked by qrx_pipeline_validate().
 *
 * Returns: whether the nodes are linked now
 */
gboolean
qrx_pipeline_link (QrxPipeline *self, const char *from, const char *to, GError **error)
{
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_diagnostic_unref);
  QrxPlace nowhere = { 0 };
  g_autofree char *id = NULL;
  const char *dot;
  QrxEntry *entry;

  g_return_val_if_fail (QRX_IS_PIPELINE (self) && from != NULL && to != NULL, FALSE);
  dot = strchr (to, '.');
  id = dot != NULL ? g_strndup (to, dot - to) : g_strdup (to);
  entry = qrx_pipeline_find_entry (self, id);
  if (entry == NULL)
    {
      g_auto (GStrv) known = qrx_pipeline_dup_ids (self);
      g_autofree char *hint = qrx_suggest_text (id, (const char *const *) known);

      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_UNKNOWN, "found a link to \"%s\", there is no such node%s",
                   id, hint);
      return FALSE;
    }
  qrx_pipeline_connect (self, from, entry, dot != NULL ? dot + 1 : NULL, &nowhere, faults);
  if (faults->len > 0) /* what could not be linked must not stay as if it were */
    g_ptr_array_set_size (entry->links, (gint) entry->links->len - 1);
  return qrx_diagnostics_finish (faults, NULL, error);
}

/**
 * qrx_pipeline_get_registry:
 * @self: a pipeline
 *
 * Gets the registry that names the node types.
 *
 * Returns: (transfer none): the registry
 */
QrxRegistry *
qrx_pipeline_get_registry (QrxPipeline *self)
{
  g_return_val_if_fail (QRX_IS_PIPELINE (self), NULL);
  return self->registry;
}

/**
 * qrx_pipeline_get_name:
 * @self: a pipeline
 *
 * Gets the file that the pipeline was read from, as it was given.
 *
 * Returns: (nullable): the name, %NULL for a graph built in code
 */
const char *
qrx_pipeline_get_name (QrxPipeline *self)
{
  g_return_val_if_fail (QRX_IS_PIPELINE (self), NULL);
  return self->name;
}

/**
 * qrx_pipeline_get_base_directory:
 * @self: a pipeline
 *
 * Gets the folder that relative paths in the pipeline start from.
 *
 * Returns: (nullable): the folder
 */
const char *
qrx_pipeline_get_base_directory (QrxPipeline *self)
{
  g_return_val_if_fail (QRX_IS_PIPELINE (self), NULL);
  return self->base_directory;
}

/**
 * qrx_pipeline_get_seed:
 * @self: a pipeline
 *
 * Gets the seed of all random streams.
 *
 * Returns: the seed
 */
guint64
qrx_pipeline_get_seed (QrxPipeline *self)
{
  g_return_val_if_fail (QRX_IS_PIPELINE (self), 0);
  return self->seed;
}

/**
 * qrx_pipeline_set_seed:
 * @self: a pipeline
 * @seed: the seed, at most 2^63 − 1 so that a pipeline file can hold it
 *
 * Sets the seed of all random streams.
 */
void
qrx_pipeline_set_seed (QrxPipeline *self, guint64 seed)
{
  g_return_if_fail (QRX_IS_PIPELINE (self) && seed <= G_MAXINT64);
  self->seed = seed;
}

/**
 * qrx_pipeline_get_n_nodes:
 * @self: a pipeline
 *
 * Counts the nodes.
 *
 * Returns: the number of nodes
 */
guint
qrx_pipeline_get_n_nodes (QrxPipeline *self)
{
  g_return_val_if_fail (QRX_IS_PIPELINE (self), 0);
  return self->entries->len;
}

/**
 * qrx_pipeline_get_node:
 * @self: a pipeline
 * @i: which node
 *
 * Gets a node; once the pipeline is validated they are in topological order, ties as they were added.
 *
 * Returns: (transfer none): the node
 */
QrxNode *
qrx_pipeline_get_node (QrxPipeline *self, guint i)
{
  g_return_val_if_fail (QRX_IS_PIPELINE (self) && i < self->entries->len, NULL);
  return ((QrxEntry *) g_ptr_array_index (self->entries, i))->node;
}

/**
 * qrx_pipeline_find_node:
 * @self: a pipeline
 * @id: a node's id
 *
 * Finds a node.
 *
 * Returns: (transfer none) (nullable): the node
 */
QrxNode *
qrx_pipeline_find_node (QrxPipeline *self, const char *id)
{
  QrxEntry *entry;

  g_return_val_if_fail (QRX_IS_PIPELINE (self) && id != NULL, NULL);
  entry = qrx_pipeline_find_entry (self, id);
  return entry != NULL ? entry->node : NULL;
}

static GPtrArray *
find_links (QrxPipeline *self, QrxNode *to)
{
  QrxEntry *entry = qrx_pipeline_find_entry (self, qrx_node_get_id (to));

  return entry != NULL && entry->node == to ? entry->links : NULL;
}

/**
 * qrx_pipeline_get_n_links:
 * @self: a pipeline
 * @to: a node of it
 *
 * Counts the links that end at a node.
 *
 * Returns: the number of links
 */
guint
qrx_pipeline_get_n_links (QrxPipeline *self, QrxNode *to)
{
  GPtrArray *links;

  g_return_val_if_fail (QRX_IS_PIPELINE (self) && QRX_IS_NODE (to), 0);
  links = find_links (self, to);
  return links != NULL ? links->len : 0;
}

/**
 * qrx_pipeline_get_link: (skip)
 * @self: a pipeline
 * @to: a node of it
 * @i: which of the links that end there
 *
 * Gets a link.
 *
 * Returns: the link, valid until the pipeline changes
 */
const QrxLink *
qrx_pipeline_get_link (QrxPipeline *self, QrxNode *to, guint i)
{
  GPtrArray *links;

  g_return_val_if_fail (QRX_IS_PIPELINE (self) && QRX_IS_NODE (to), NULL);
  links = find_links (self, to);
  g_return_val_if_fail (links != NULL && i < links->len, NULL);
  return &((QrxEntryLink *) g_ptr_array_index (links, i))->link;
}

/**
 * qrx_pipeline_get_dropped:
 * @self: a pipeline
 *
 * Gets the keys ("node.property") that overrides made meaningless.
 *
 * Returns: (transfer none) (array zero-terminated=1): the keys
 */
const char *const *
qrx_pipeline_get_dropped (QrxPipeline *self)
{
  g_return_val_if_fail (QRX_IS_PIPELINE (self), NULL);
  return (const char *const *) self->dropped->pdata;
}

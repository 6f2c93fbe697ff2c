/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The resolved pipeline: a file in which nothing is left to defaults, and which loads as the same graph. */
#include "graph/qrx-pipeline-private.h"

#include "base/qrx-json-private.h"
#include "graph/qrx-json-edit-private.h"

static JsonNode *
write_end (const QrxEntryLink *link)
{
  g_autofree char *end = g_strdup_printf ("%s.%s", link->from->id, qrx_port_get_name (link->from_port));

  return qrx_json_new_string (end);
}

/* A list port has a list even for one link. */
static JsonNode *
write_links (const QrxEntry *entry)
{
  g_autoptr (JsonObject) from = json_object_new ();

  for (guint i = 0; i < entry->links->len; i++)
    {
      const QrxEntryLink *link = g_ptr_array_index (entry->links, i);
      const char *port = qrx_port_get_name (link->to_port);

      if (!qrx_port_spec_is_list (qrx_port_get_spec (link->to_port)))
        {
          json_object_set_member (from, port, write_end (link));
          continue;
        }
      if (!json_object_has_member (from, port))
        json_object_set_array_member (from, port, json_array_new ());
      json_array_add_element (json_object_get_array_member (from, port), write_end (link));
    }
  return qrx_json_new_object (from);
}

static JsonNode *
write_node (const QrxEntry *entry)
{
  g_autoptr (JsonObject) node = json_object_new ();
  g_autoptr (JsonObject) properties = qrx_node_properties_to_json (entry->node);
  g_auto (GStrv) names = qrx_json_object_dup_names (properties);

  json_object_set_string_member (node, "type", qrx_node_get_type_name (entry->node));
  if (entry->links->len > 0)
    json_object_set_member (node, "from", write_links (entry));
  for (guint i = 0; names[i] != NULL; i++)
    json_object_set_member (node, names[i], json_node_ref (json_object_get_member (properties, names[i])));
  return qrx_json_new_object (node);
}

static JsonNode *
write_dropped (GPtrArray *dropped)
{
  g_autoptr (JsonArray) array = json_array_new ();

  for (guint i = 0; i + 1 < dropped->len; i++)
    json_array_add_string_element (array, g_ptr_array_index (dropped, i));
  return json_node_init_array (json_node_alloc (), array);
}

/**
 * qrx_pipeline_to_json:
 * @self: a validated pipeline
 *
 * Writes the pipeline with everything spelled out: presets as their types, all defaults, all links with their ports,
 * the seed, and under "dropped" what overrides made meaningless. The text loads as the same pipeline.
 *
 * Returns: (transfer full): the text of a pipeline file
 */
char *
qrx_pipeline_to_json (QrxPipeline *self)
{
  g_autoptr (JsonObject) root = json_object_new (), nodes = json_object_new ();
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (QRX_IS_PIPELINE (self), NULL);
  json_object_set_string_member (root, "qrx", "1");
  if (self->title != NULL)
    json_object_set_string_member (root, "title", self->title);
  if (self->description != NULL)
    json_object_set_string_member (root, "description", self->description);
  json_object_set_int_member (root, "seed", (gint64) self->seed);
  for (guint i = 0; i < self->entries->len; i++)
    {
      const QrxEntry *entry = g_ptr_array_index (self->entries, i);

      json_object_set_member (nodes, entry->id, write_node (entry));
    }
  json_object_set_member (root, "nodes", qrx_json_new_object (nodes));
  if (self->dropped->len > 1)
    json_object_set_member (root, "dropped", write_dropped (self->dropped));
  node = qrx_json_new_object (root);
  text = qrx_json_to_string (node);
  return g_strconcat (text, "\n", NULL);
}

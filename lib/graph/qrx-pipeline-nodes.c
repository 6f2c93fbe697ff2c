/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The "nodes" of a pipeline file: each node by its type and properties, then "from" as links. */
#include "graph/qrx-pipeline-load-private.h"

#include "graph/qrx-json-edit-private.h"

typedef struct {
  QrxLoader *loader;
  const char *id;
  const char *pointer; /* of the node */
} NodeReader;

static void
report_property (const char *property, const GError *error, const char *suggestion, gpointer data)
{
  NodeReader *reader = data;
  g_autofree char *pointer = qrx_json_pointer_append (reader->pointer, property != NULL ? property : "type");
  gboolean ours = error->domain == QRX_PIPELINE_ERROR;
  gboolean key = property != NULL && ours && error->code == QRX_PIPELINE_ERROR_UNKNOWN;

  qrx_loader_fail (reader->loader, ours ? (QrxPipelineError) error->code : QRX_PIPELINE_ERROR_VALUE, pointer, key,
                   reader->id, suggestion, "%s", error->message);
}

static char *
dup_position (const QrxPlace *place)
{
  if (place->line == 0)
    return NULL;
  if (place->file == NULL)
    return g_strdup_printf ("%u:%u", place->line, place->column);
  return g_strdup_printf ("%s:%u:%u", place->file, place->line, place->column);
}

static void
read_node (QrxLoader *loader, const char *id, const char *pointer, JsonNode *json)
{
  QrxPipeline *pipeline = loader->pipeline;
  JsonObject *members = JSON_NODE_HOLDS_OBJECT (json) ? json_node_get_object (json) : NULL;
  const char *type = members != NULL ? qrx_json_object_peek_string (members, "type") : NULL;
  NodeReader reader = { loader, id, pointer };
  g_auto (QrxPlace) place = qrx_loader_place (loader, pointer, TRUE);
  g_autofree char *position = dup_position (&place);
  g_autofree char *type_pointer = qrx_json_pointer_append (pointer, "type");
  g_autoptr (QrxNode) node = NULL;

  if (!qrx_pipeline_is_id (id))
    qrx_loader_fail (loader, QRX_PIPELINE_ERROR_VALUE, pointer, TRUE, NULL, NULL,
                     "found the node id \"%s\", expected a lower-case letter, then lower-case letters, digits, - and _",
                     id);
  if (members == NULL)
    qrx_loader_fail (loader, QRX_PIPELINE_ERROR_VALUE, pointer, FALSE, id, NULL, "found %s, expected an object",
                     qrx_json_describe (json));
  else if (!json_object_has_member (members, "type"))
    qrx_loader_fail (loader, QRX_PIPELINE_ERROR_VALUE, pointer, FALSE, id, NULL, "found no key \"type\", expected one");
  else if (type == NULL)
    qrx_loader_fail (loader, QRX_PIPELINE_ERROR_VALUE, type_pointer, FALSE, id, NULL, "found %s, expected a type's name",
                     qrx_json_describe (json_object_get_member (members, "type")));
  else
    node = qrx_registry_build_node (pipeline->registry, type, id, position, members, pipeline->base_directory,
                                    report_property, &reader);
  qrx_pipeline_add_entry (pipeline, id, type != NULL ? qrx_registry_peek_class (pipeline->registry, type) : NULL, node)
      ->place = qrx_place_copy (&place);
}

/* One end of links: a name or a list of names. */
static void
read_ends (QrxLoader *loader, QrxEntry *entry, const char *port, const char *pointer, JsonNode *json)
{
  if (JSON_NODE_HOLDS_VALUE (json) && json_node_get_value_type (json) == G_TYPE_STRING)
    {
      g_auto (QrxPlace) place = qrx_loader_place (loader, pointer, FALSE);

      qrx_pipeline_connect (loader->pipeline, json_node_get_string (json), entry, port, &place, loader->faults);
      return;
    }
  if (!JSON_NODE_HOLDS_ARRAY (json))
    {
      qrx_loader_fail (loader, QRX_PIPELINE_ERROR_VALUE, pointer, FALSE, entry->id, NULL,
                       "found %s, expected \"node\", \"node.port\" or a list of them", qrx_json_describe (json));
      qrx_pipeline_excuse (entry);
      return;
    }
  for (guint i = 0; i < json_array_get_length (json_node_get_array (json)); i++)
    {
      JsonNode *element = json_array_get_element (json_node_get_array (json), i);
      g_autofree char *index = g_strdup_printf ("%u", i);
      g_autofree char *below = qrx_json_pointer_append (pointer, index);

      if (JSON_NODE_HOLDS_VALUE (element) && json_node_get_value_type (element) == G_TYPE_STRING)
        read_ends (loader, entry, port, below, element);
      else
        {
          qrx_loader_fail (loader, QRX_PIPELINE_ERROR_VALUE, below, FALSE, entry->id, NULL,
                           "found %s, expected \"node\" or \"node.port\"", qrx_json_describe (element));
          qrx_pipeline_excuse (entry);
        }
    }
}

/* The ends at one input. An input that there is not is one fault, at its name, whatever is linked to it. */
static void
read_input (QrxLoader *loader, QrxEntry *entry, const char *port, const char *pointer, JsonNode *json)
{
  if (entry->klass != NULL && qrx_node_class_find_port (entry->klass, port, FALSE) == NULL)
    {
      g_auto (QrxPlace) place = qrx_loader_place (loader, pointer, TRUE);

      qrx_pipeline_connect (loader->pipeline, "", entry, port, &place, loader->faults);
    }
  else
    read_ends (loader, entry, port, pointer, json);
}

static void
read_links (QrxLoader *loader, QrxEntry *entry, const char *pointer, JsonNode *from)
{
  g_auto (GStrv) ports = NULL;

  if (!JSON_NODE_HOLDS_OBJECT (from))
    {
      read_ends (loader, entry, NULL, pointer, from);
      return;
    }
  ports = qrx_json_object_dup_names (json_node_get_object (from));
  for (guint i = 0; ports[i] != NULL; i++)
    {
      g_autofree char *below = qrx_json_pointer_append (pointer, ports[i]);

      read_input (loader, entry, ports[i], below, json_object_get_member (json_node_get_object (from), ports[i]));
    }
}

void
qrx_loader_read_nodes (QrxLoader *loader)
{
  JsonNode *member = json_object_get_member (loader->root, "nodes");
  JsonObject *nodes = member != NULL && JSON_NODE_HOLDS_OBJECT (member) ? json_node_get_object (member) : NULL;
  g_auto (GStrv) ids = nodes != NULL ? qrx_json_object_dup_names (nodes) : NULL;

  if (ids == NULL || ids[0] == NULL)
    {
      qrx_loader_fail (loader, QRX_PIPELINE_ERROR_VALUE, member != NULL ? "/nodes" : "", FALSE, NULL, NULL,
                       "found %s, expected \"nodes\" to be an object with a node or more",
                       member == NULL ? "no key \"nodes\"" : nodes != NULL ? "no nodes" : qrx_json_describe (member));
      return;
    }
  for (guint i = 0; ids[i] != NULL; i++)
    {
      g_autofree char *pointer = qrx_json_pointer_append ("/nodes", ids[i]);

      read_node (loader, ids[i], pointer, json_object_get_member (nodes, ids[i]));
    }
  for (guint i = 0; ids[i] != NULL; i++)
    {
      JsonObject *members = qrx_json_object_peek_object (nodes, ids[i]);
      g_autofree char *pointer = qrx_json_pointer_append ("/nodes", ids[i]);
      g_autofree char *from = qrx_json_pointer_append (pointer, "from");

      if (members != NULL && json_object_has_member (members, "from"))
        read_links (loader, g_ptr_array_index (loader->pipeline->entries, i), from,
                    json_object_get_member (members, "from"));
    }
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pipelines as a report draws them: nodes with what their classes say of themselves, and links with their types. */
#include "study/qrx-summary-private.h"

#include "graph/qrx-pipeline-private.h"

#include <stdlib.h>
#include <string.h>

static void
add_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, name, text);
  else
    json_object_set_null_member (object, name);
}

JsonArray *
qrx_summary_list_citations (QrxNodeClass *klass)
{
  const char *const *citations = qrx_node_class_get_citations (klass);
  JsonArray *array = json_array_new ();

  for (; citations != NULL && *citations != NULL; citations++)
    json_array_add_string_element (array, *citations);
  return array;
}

static JsonObject *
draw_node (QrxNode *node)
{
  QrxNodeClass *klass = QRX_NODE_GET_CLASS (node);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", qrx_node_get_id (node));
  json_object_set_string_member (object, "type", qrx_node_get_type_name (node));
  add_text (object, "category", qrx_node_class_get_category (klass));
  add_text (object, "summary", qrx_node_class_get_summary (klass));
  json_object_set_object_member (object, "properties", qrx_node_properties_to_json (node));
  json_object_set_array_member (object, "citations", qrx_summary_list_citations (klass));
  return object;
}

static void
draw_links (QrxPipeline *pipeline, QrxNode *node, JsonArray *links)
{
  for (guint i = 0; i < qrx_pipeline_get_n_links (pipeline, node); i++)
    {
      const QrxLink *link = qrx_pipeline_get_link (pipeline, node, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "from", qrx_node_get_id (link->from));
      json_object_set_string_member (object, "from-port", link->from_port);
      json_object_set_string_member (object, "to", qrx_node_get_id (node));
      json_object_set_string_member (object, "to-port", link->to_port);
      json_object_set_string_member (object, "type", link->type);
      json_array_add_object_element (links, object);
    }
}

static JsonNode *
draw (QrxPipeline *pipeline)
{
  JsonObject *object = json_object_new ();
  JsonArray *nodes = json_array_new (), *links = json_array_new ();
  JsonNode *drawing = json_node_new (JSON_NODE_OBJECT);

  for (guint i = 0; i < qrx_pipeline_get_n_nodes (pipeline); i++)
    {
      QrxNode *node = qrx_pipeline_get_node (pipeline, i);

      json_array_add_object_element (nodes, draw_node (node));
      draw_links (pipeline, node, links);
    }
  add_text (object, "title", pipeline->title);
  json_object_set_int_member (object, "seed", (gint64) qrx_pipeline_get_seed (pipeline));
  json_object_set_array_member (object, "nodes", nodes);
  json_object_set_array_member (object, "links", links);
  json_node_take_object (drawing, object);
  return drawing;
}

static JsonNode *
draw_nothing (void)
{
  JsonNode *drawing = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_null_member (object, "title");
  json_object_set_int_member (object, "seed", 0);
  json_object_set_array_member (object, "nodes", json_array_new ());
  json_object_set_array_member (object, "links", json_array_new ());
  json_node_take_object (drawing, object);
  return drawing;
}

guint
qrx_summary_add_pipeline (QrxSummary *self, QrxPipeline *pipeline)
{
  g_ptr_array_add (self->pipelines, pipeline != NULL ? draw (pipeline) : draw_nothing ());
  g_ptr_array_add (self->loaded, pipeline != NULL ? g_object_ref (pipeline) : NULL);
  return self->pipelines->len - 1;
}

gsize
qrx_summary_read_width (const char *type)
{
  const char *comma = type != NULL ? strchr (type, ',') : NULL;

  return comma != NULL ? strtoul (comma + 1, NULL, 10) : 0;
}

const char *
qrx_summary_find_predictor (QrxPipeline *pipeline, const char *evaluator)
{
  QrxNode *node = qrx_pipeline_find_node (pipeline, evaluator);

  for (guint i = 0; node != NULL && i < qrx_pipeline_get_n_links (pipeline, node); i++)
    {
      const QrxLink *link = qrx_pipeline_get_link (pipeline, node, i);

      if (g_str_equal (link->type, "predictions"))
        return qrx_node_get_id (link->from);
    }
  return NULL;
}

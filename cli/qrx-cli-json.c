/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Faults and graphs as JSON, and the printing of it. Knows what the library says of a pipeline, no node type. */
#include "qrx-cli-json.h"

#include <stdio.h>

void
qrx_cli_print_json (JsonNode *node)
{
  g_autofree char *text = qrx_cli_write_json (node, TRUE);

  puts (text);
  json_node_unref (node);
}

char *
qrx_cli_write_json (JsonNode *node, gboolean pretty)
{
  return pretty ? qrx_json_to_string (node) : qrx_json_to_compact_string (node);
}

void
qrx_cli_add_text (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  if (text != NULL)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

void
qrx_cli_add_count (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

JsonNode *
qrx_cli_read_json (const char *text)
{
  JsonNode *node = json_from_string (text, NULL);

  g_return_val_if_fail (node != NULL, json_node_new (JSON_NODE_NULL));
  return node;
}

static void
add_fault (JsonBuilder *builder, const QrxDiagnostic *diagnostic)
{
  json_builder_begin_object (builder);
  qrx_cli_add_text (builder, "file", qrx_diagnostic_get_file (diagnostic));
  qrx_cli_add_count (builder, "line", qrx_diagnostic_get_line (diagnostic));
  qrx_cli_add_count (builder, "column", qrx_diagnostic_get_column (diagnostic));
  qrx_cli_add_text (builder, "pointer", qrx_diagnostic_get_pointer (diagnostic));
  qrx_cli_add_text (builder, "node", qrx_diagnostic_get_node (diagnostic));
  qrx_cli_add_text (builder, "message", qrx_diagnostic_get_message (diagnostic));
  qrx_cli_add_text (builder, "suggestion", qrx_diagnostic_get_suggestion (diagnostic));
  json_builder_end_object (builder);
}

/* A file that cannot be read has no place to point at. */
static void
add_error (JsonBuilder *builder, const char *path, const GError *error)
{
  json_builder_begin_object (builder);
  qrx_cli_add_text (builder, "file", path);
  qrx_cli_add_count (builder, "line", 0);
  qrx_cli_add_count (builder, "column", 0);
  qrx_cli_add_text (builder, "pointer", NULL);
  qrx_cli_add_text (builder, "node", NULL);
  qrx_cli_add_text (builder, "message", error->message);
  qrx_cli_add_text (builder, "suggestion", NULL);
  json_builder_end_object (builder);
}

JsonNode *
qrx_cli_faults_to_json (const char *path, GPtrArray *diagnostics, const GError *error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "valid");
  json_builder_add_boolean_value (builder, FALSE);
  json_builder_set_member_name (builder, "diagnostics");
  json_builder_begin_array (builder);
  for (guint i = 0; i < diagnostics->len; i++)
    add_fault (builder, diagnostics->pdata[i]);
  if (diagnostics->len == 0)
    add_error (builder, path, error);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static void
add_node (JsonBuilder *builder, QrxNode *node)
{
  JsonNode *properties = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (properties, qrx_node_properties_to_json (node));
  json_builder_begin_object (builder);
  qrx_cli_add_text (builder, "id", qrx_node_get_id (node));
  qrx_cli_add_text (builder, "type", qrx_node_get_type_name (node));
  json_builder_set_member_name (builder, "properties");
  json_builder_add_value (builder, properties);
  json_builder_end_object (builder);
}

static void
add_links (JsonBuilder *builder, QrxPipeline *pipeline, QrxNode *node)
{
  for (guint i = 0; i < qrx_pipeline_get_n_links (pipeline, node); i++)
    {
      const QrxLink *link = qrx_pipeline_get_link (pipeline, node, i);

      json_builder_begin_object (builder);
      qrx_cli_add_text (builder, "from", qrx_node_get_id (link->from));
      qrx_cli_add_text (builder, "from-port", link->from_port);
      qrx_cli_add_text (builder, "to", qrx_node_get_id (node));
      qrx_cli_add_text (builder, "to-port", link->to_port);
      qrx_cli_add_text (builder, "type", link->type);
      json_builder_end_object (builder);
    }
}

JsonNode *
qrx_cli_pipeline_to_json (QrxPipeline *pipeline)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  const char *const *dropped = qrx_pipeline_get_dropped (pipeline);

  json_builder_begin_object (builder);
  qrx_cli_add_text (builder, "pipeline", qrx_pipeline_get_name (pipeline));
  qrx_cli_add_count (builder, "seed", (gint64) qrx_pipeline_get_seed (pipeline));
  json_builder_set_member_name (builder, "nodes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < qrx_pipeline_get_n_nodes (pipeline); i++)
    add_node (builder, qrx_pipeline_get_node (pipeline, i));
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "links");
  json_builder_begin_array (builder);
  for (guint i = 0; i < qrx_pipeline_get_n_nodes (pipeline); i++)
    add_links (builder, pipeline, qrx_pipeline_get_node (pipeline, i));
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "dropped");
  json_builder_begin_array (builder);
  for (guint i = 0; dropped != NULL && dropped[i] != NULL; i++)
    json_builder_add_string_value (builder, dropped[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

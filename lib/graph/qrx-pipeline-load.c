/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a text to a checked graph. Whatever is wrong is collected, so that one reading finds all of it. */
#include "graph/qrx-pipeline-load-private.h"

#include "base/qrx-input-private.h"
#include "graph/qrx-json-edit-private.h"
#include "graph/qrx-node-info-private.h"
#include "graph/qrx-property-private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What a program that ran a pipeline wrote beside it is kept in "resolved" and not looked into. */
static const char *const top_level_keys[] = { "qrx", "title", "description", "seed", "nodes", "dropped", "resolved", NULL };

QrxPlace
qrx_loader_place (QrxLoader *loader, const char *pointer, gboolean key)
{
  const char *override = qrx_overrides_find (loader->overridden, pointer);
  QrxPosition position = { 0, 0 };

  if (override == NULL)
    qrx_json_document_locate (loader->document, pointer, key, &position);
  return (QrxPlace){ g_strdup (loader->pipeline->name), g_strdup (pointer), g_strdup (override), position.line,
                     position.column };
}

void
qrx_loader_fail (QrxLoader *loader, QrxPipelineError code, const char *pointer, gboolean key, const char *node,
                 const char *suggestion, const char *format, ...)
{
  g_auto (QrxPlace) place = qrx_loader_place (loader, pointer, key);
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  qrx_diagnostics_add (loader->faults, code, &place, node, suggestion, "%s%s%s", node != NULL ? node : "",
                       node != NULL ? ": " : "", message);
}

static void
check_keys (QrxLoader *loader)
{
  g_auto (GStrv) keys = qrx_json_object_dup_names (loader->root);

  for (guint i = 0; keys[i] != NULL; i++)
    {
      g_autofree char *pointer = qrx_json_pointer_append ("", keys[i]);
      g_autofree char *hint = NULL;

      if (g_strv_contains (top_level_keys, keys[i]))
        continue;
      hint = qrx_suggest_text (keys[i], top_level_keys);
      qrx_loader_fail (loader, QRX_PIPELINE_ERROR_UNKNOWN, pointer, TRUE, NULL, qrx_suggest (keys[i], top_level_keys),
                       "found the unknown key \"%s\"%s", keys[i], hint);
    }
}

static void
read_version (QrxLoader *loader)
{
  const char *version = qrx_json_object_peek_string (loader->root, "qrx");

  if (!json_object_has_member (loader->root, "qrx"))
    qrx_loader_fail (loader, QRX_PIPELINE_ERROR_VALUE, "", FALSE, NULL, NULL,
                     "found no key \"qrx\", expected \"qrx\": \"1\"");
  else if (g_strcmp0 (version, "1") != 0)
    qrx_loader_fail (loader, QRX_PIPELINE_ERROR_VALUE, "/qrx", FALSE, NULL, NULL,
                     "found %s%s%s, expected the format version \"1\"", version != NULL ? "\"" : "",
                     version != NULL ? version : qrx_json_describe (json_object_get_member (loader->root, "qrx")),
                     version != NULL ? "\"" : "");
}

static void
read_seed (QrxLoader *loader)
{
  JsonNode *seed = json_object_get_member (loader->root, "seed");

  if (seed == NULL)
    return;
  if (JSON_NODE_HOLDS_VALUE (seed) && json_node_get_value_type (seed) == G_TYPE_INT64 && json_node_get_int (seed) >= 0)
    loader->pipeline->seed = (guint64) json_node_get_int (seed);
  else
    {
      g_autofree char *found = qrx_json_to_compact_string (seed);

      qrx_loader_fail (loader, QRX_PIPELINE_ERROR_VALUE, "/seed", FALSE, NULL, NULL,
                       "found the seed %s, expected an integer from 0 to 9223372036854775807", found);
    }
}

static char *
read_text (QrxLoader *loader, const char *key)
{
  g_autofree char *pointer = qrx_json_pointer_append ("", key);
  JsonNode *member = json_object_get_member (loader->root, key);

  if (member != NULL && qrx_json_object_peek_string (loader->root, key) == NULL)
    qrx_loader_fail (loader, QRX_PIPELINE_ERROR_VALUE, pointer, FALSE, NULL, NULL, "found %s, expected a string",
                     qrx_json_describe (member));
  return g_strdup (qrx_json_object_peek_string (loader->root, key));
}

/* What an earlier run dropped stays on record. */
static void
read_dropped (QrxLoader *loader)
{
  JsonNode *member = json_object_get_member (loader->root, "dropped");
  JsonArray *array = member != NULL && JSON_NODE_HOLDS_ARRAY (member) ? json_node_get_array (member) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (element) || json_node_get_value_type (element) != G_TYPE_STRING)
        array = NULL;
      else
        g_ptr_array_add (loader->dropped, g_strdup (json_node_get_string (element)));
    }
  if (member != NULL && array == NULL)
    qrx_loader_fail (loader, QRX_PIPELINE_ERROR_VALUE, "/dropped", FALSE, NULL, NULL,
                     "found %s, expected a list of strings", qrx_json_describe (member));
}

/* The root and its nodes are copied as deep as overrides change them in place. */
static JsonObject *
copy_for_changes (JsonObject *root)
{
  JsonObject *copy = qrx_json_object_copy (root);
  JsonObject *nodes = qrx_json_object_peek_object (copy, "nodes");
  g_autoptr (JsonObject) nodes_copy = NULL;
  g_auto (GStrv) ids = NULL;

  if (nodes == NULL)
    return copy;
  nodes_copy = qrx_json_object_copy (nodes);
  ids = qrx_json_object_dup_names (nodes_copy);
  for (guint i = 0; ids[i] != NULL; i++)
    {
      JsonObject *members = qrx_json_object_peek_object (nodes_copy, ids[i]);
      g_autoptr (JsonObject) members_copy = members != NULL ? qrx_json_object_copy (members) : NULL;

      if (members_copy != NULL)
        json_object_set_member (nodes_copy, ids[i], qrx_json_new_object (members_copy));
    }
  json_object_set_member (copy, "nodes", qrx_json_new_object (nodes_copy));
  return copy;
}

/* The file that a document was read from: its place is another than the property's. */
static const char *
find_document (QrxLoader *loader, const char *id, const char *property, const char *file)
{
  const QrxEntry *entry = qrx_pipeline_find_entry (loader->pipeline, id);
  GParamSpec *pspec = entry->klass != NULL ? qrx_node_class_find_property (entry->klass, property) : NULL;

  return pspec != NULL && qrx_property_get_info (pspec)->kind == QRX_PROPERTY_DOCUMENT ? file : NULL;
}

static QrxPlace
locate_property (const char *id, const char *property, char **document, gpointer data)
{
  QrxLoader *loader = data;
  JsonObject *nodes = qrx_json_object_peek_object (loader->root, "nodes");
  JsonObject *members = nodes != NULL ? qrx_json_object_peek_object (nodes, id) : NULL;
  g_autofree char *node = qrx_json_pointer_append ("/nodes", id), *pointer = qrx_json_pointer_append (node, property);

  if (members == NULL || !json_object_has_member (members, property))
    return (QrxPlace){ 0 };
  *document = g_strdup (find_document (loader, id, property, qrx_json_object_peek_string (members, property)));
  return qrx_loader_place (loader, pointer, FALSE);
}

static void
load_root (QrxLoader *loader, JsonNode *root, const char *const *overrides)
{
  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      qrx_loader_fail (loader, QRX_PIPELINE_ERROR_VALUE, "", FALSE, NULL, NULL,
                       "found %s, expected an object with \"qrx\" and \"nodes\"", qrx_json_describe (root));
      return;
    }
  loader->root = copy_for_changes (json_node_get_object (root));
  read_dropped (loader);
  {
    QrxOverrides changes = { loader->pipeline->registry, loader->root, loader->pipeline->name,
                             loader->overridden,         loader->dropped, loader->faults };

    qrx_overrides_apply (&changes, overrides);
  }
  check_keys (loader);
  read_version (loader);
  read_seed (loader);
  loader->pipeline->title = read_text (loader, "title");
  loader->pipeline->description = read_text (loader, "description");
  qrx_loader_read_nodes (loader);
  qrx_pipeline_check (loader->pipeline, locate_property, loader, loader->faults);
  for (guint i = 0; i < loader->dropped->len; i++)
    g_ptr_array_insert (loader->pipeline->dropped, (gint) i, g_strdup (g_ptr_array_index (loader->dropped, i)));
}

/* "line:column: message" as a fault. */
static void
report_syntax (QrxLoader *loader, const GError *error)
{
  QrxPlace place = { .file = loader->pipeline->name };
  int length = 0;

  if (sscanf (error->message, "%u:%u: %n", &place.line, &place.column, &length) < 2)
    length = 0;
  qrx_diagnostics_add (loader->faults, QRX_PIPELINE_ERROR_SYNTAX, &place, NULL, NULL, "%s", error->message + length);
}

static QrxPipeline *
parse (QrxRegistry *registry, const char *text, gsize length, const char *name, const char *base_directory,
       const char *const *overrides, GPtrArray *diagnostics, GError **error)
{
  g_autoptr (QrxPipeline) pipeline = qrx_pipeline_new (registry);
  g_autoptr (GHashTable) overridden = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_diagnostic_unref);
  g_autoptr (GPtrArray) dropped = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (QrxJsonDocument) document = NULL;
  g_autoptr (GError) failure = NULL;
  QrxLoader loader = { .pipeline = pipeline, .overridden = overridden, .dropped = dropped, .faults = faults };

  pipeline->name = g_strdup (name);
  pipeline->base_directory = g_strdup (base_directory);
  document = qrx_json_document_parse (text, length, NULL, &failure);
  loader.document = document;
  if (document != NULL)
    load_root (&loader, qrx_json_document_get_root (document), overrides);
  else
    report_syntax (&loader, failure);
  g_clear_pointer (&loader.root, json_object_unref);
  if (!qrx_diagnostics_finish (faults, diagnostics, error))
    return NULL;
  return g_steal_pointer (&pipeline);
}

/**
 * qrx_pipeline_parse:
 * @registry: the node types that there are
 * @text: the text of a pipeline file
 * @name: (nullable): what to call it in messages
 * @base_directory: (nullable): where relative paths in it start
 * @overrides: (nullable) (array zero-terminated=1): changes, as for qrx_pipeline_load()
 * @diagnostics: (nullable) (element-type QrxDiagnostic): gets a diagnostic for each fault
 * @error: return location for an error
 *
 * Reads a pipeline from a text, as qrx_pipeline_load() does from a file.
 *
 * Returns: (transfer full): the pipeline, validated
 */
QrxPipeline *
qrx_pipeline_parse (QrxRegistry *registry, const char *text, const char *name, const char *base_directory,
                    const char *const *overrides, GPtrArray *diagnostics, GError **error)
{
  g_return_val_if_fail (QRX_IS_REGISTRY (registry) && text != NULL, NULL);
  return parse (registry, text, strlen (text), name, base_directory, overrides, diagnostics, error);
}

/**
 * qrx_pipeline_load:
 * @registry: the node types that there are
 * @path: a pipeline file
 * @overrides: (nullable) (array zero-terminated=1): changes: "node.property=value", "node.type=name", "seed=number",
 *   each value JSON or else a string; deeper paths such as "normalize.a.train=yes" change part of a value
 * @diagnostics: (nullable) (element-type QrxDiagnostic): gets a diagnostic for each fault
 * @error: return location for an error
 *
 * Reads and validates a pipeline file. Relative paths in it start at its folder, those in overrides at the working
 * directory if they exist there. All faults are reported in one go: the error's text has a line for each, its code is
 * that of the one fault, or %QRX_PIPELINE_ERROR_INVALID for several. A file that cannot be read is a
 * %QRX_DATA_ERROR_NOT_FOUND, a %QRX_DATA_ERROR_FORMAT (a folder) or a #GFileError.
 *
 * Returns: (transfer full): the pipeline, validated
 */
QrxPipeline *
qrx_pipeline_load (QrxRegistry *registry, const char *path, const char *const *overrides, GPtrArray *diagnostics,
                   GError **error)
{
  g_autofree char *text = NULL, *folder = NULL;
  g_autoptr (GError) failure = NULL;
  gsize length;

  g_return_val_if_fail (QRX_IS_REGISTRY (registry) && path != NULL, NULL);
  if (!g_file_get_contents (path, &text, &length, &failure))
    {
      if (g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_NOENT) ||
          g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_NOTDIR))
        qrx_input_set_error (error, path, ENOENT);
      else if (g_file_test (path, G_FILE_TEST_IS_DIR))
        g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT, "%s: found a folder, expected a pipeline file", path);
      else
        g_propagate_prefixed_error (error, g_steal_pointer (&failure), "%s: ", path);
      return NULL;
    }
  folder = g_path_get_dirname (path);
  return parse (registry, text, length, path, folder, overrides, diagnostics, error);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Faults as JSON: a binding cannot hand over an array to be filled, and an exception carries one text only. Checks
 * nothing itself. */
#include <qrx/qrx-pipeline.h>

#include "base/qrx-json-private.h"

static void
set_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, name, text);
  else
    json_object_set_null_member (object, name);
}

static void
set_number (JsonObject *object, const char *name, guint number)
{
  if (number > 0)
    json_object_set_int_member (object, name, number);
  else
    json_object_set_null_member (object, name);
}

static JsonObject *
describe (const QrxDiagnostic *diagnostic)
{
  JsonObject *object = json_object_new ();

  set_text (object, "file", qrx_diagnostic_get_file (diagnostic));
  set_number (object, "line", qrx_diagnostic_get_line (diagnostic));
  set_number (object, "column", qrx_diagnostic_get_column (diagnostic));
  set_text (object, "pointer", qrx_diagnostic_get_pointer (diagnostic));
  set_text (object, "node", qrx_diagnostic_get_node (diagnostic));
  set_text (object, "message", qrx_diagnostic_get_message (diagnostic));
  set_text (object, "suggestion", qrx_diagnostic_get_suggestion (diagnostic));
  return object;
}

/**
 * qrx_diagnostics_to_json:
 * @diagnostics: (element-type QrxDiagnostic): faults
 *
 * Writes faults as JSON: `{"valid": …, "diagnostics": [{"file", "line", "column", "pointer", "node", "message",
 * "suggestion"}, …]}`, where what is not known is null.
 *
 * Returns: (transfer full): the text
 */
char *
qrx_diagnostics_to_json (GPtrArray *diagnostics)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonArray *array = json_array_new ();

  g_return_val_if_fail (diagnostics != NULL, NULL);

  json_node_take_object (root, object);
  json_object_set_boolean_member (object, "valid", diagnostics->len == 0);
  for (guint i = 0; i < diagnostics->len; i++)
    json_array_add_object_element (array, describe (diagnostics->pdata[i]));
  json_object_set_array_member (object, "diagnostics", array);
  return qrx_json_to_string (root);
}

static GPtrArray *
new_diagnostics (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_diagnostic_unref);
}

/**
 * qrx_pipeline_diagnose:
 * @self: a pipeline
 *
 * Validates a pipeline, as qrx_pipeline_validate() does, and tells its faults as JSON.
 *
 * Returns: (transfer full): what qrx_diagnostics_to_json() writes
 */
char *
qrx_pipeline_diagnose (QrxPipeline *self)
{
  g_autoptr (GPtrArray) diagnostics = new_diagnostics ();

  g_return_val_if_fail (QRX_IS_PIPELINE (self), NULL);
  qrx_pipeline_validate (self, diagnostics, NULL);
  return qrx_diagnostics_to_json (diagnostics);
}

/**
 * qrx_pipeline_diagnose_file:
 * @registry: the node types that there are
 * @path: a pipeline file
 * @overrides: (nullable) (array zero-terminated=1): changes, as for qrx_pipeline_load()
 * @error: return location for an error
 *
 * Reads a pipeline file, as qrx_pipeline_load() does, and tells its faults as JSON. Fails if it cannot be read.
 *
 * Returns: (transfer full): what qrx_diagnostics_to_json() writes
 */
char *
qrx_pipeline_diagnose_file (QrxRegistry *registry, const char *path, const char *const *overrides, GError **error)
{
  g_autoptr (GPtrArray) diagnostics = new_diagnostics ();
  g_autoptr (QrxPipeline) pipeline = NULL;
  GError *reason = NULL;

  g_return_val_if_fail (QRX_IS_REGISTRY (registry) && path != NULL, NULL);
  pipeline = qrx_pipeline_load (registry, path, overrides, diagnostics, &reason);
  if (pipeline == NULL && diagnostics->len == 0)
    {
      g_propagate_error (error, reason);
      return NULL;
    }
  g_clear_error (&reason);
  return qrx_diagnostics_to_json (diagnostics);
}

/**
 * qrx_pipeline_diagnose_text:
 * @registry: the node types that there are
 * @text: the text of a pipeline file
 * @name: (nullable): what to call it in messages
 * @base_directory: (nullable): where relative paths in it start
 * @overrides: (nullable) (array zero-terminated=1): changes, as for qrx_pipeline_load()
 *
 * Reads a pipeline from a text, as qrx_pipeline_parse() does, and tells its faults as JSON.
 *
 * Returns: (transfer full): what qrx_diagnostics_to_json() writes
 */
char *
qrx_pipeline_diagnose_text (QrxRegistry *registry, const char *text, const char *name, const char *base_directory,
                            const char *const *overrides)
{
  g_autoptr (GPtrArray) diagnostics = new_diagnostics ();
  g_autoptr (QrxPipeline) pipeline = NULL;

  g_return_val_if_fail (QRX_IS_REGISTRY (registry) && text != NULL, NULL);
  pipeline = qrx_pipeline_parse (registry, text, name, base_directory, overrides, diagnostics, NULL);
  return qrx_diagnostics_to_json (diagnostics);
}

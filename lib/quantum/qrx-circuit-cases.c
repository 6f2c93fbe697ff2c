/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of cases, {"cases": [{"name", "qubits", "ops", "observables", "inputs", "weights", "cotangent"}, …]}, and
 * their results in the same keys. Knows the format; circuits and backends do the rest. */
#include <math.h>
#include <qrx/qrx-circuit-cases.h>

#include "quantum/qrx-circuit-json-private.h"

typedef struct {
  const char *where;
  JsonNode *culprit; /* where to look if something is wrong */
  QrxCircuit *circuit;
  QrxTensor *inputs;
  QrxTensor *weights;
  QrxTensor *cotangents;
} Case;

static void
case_clear (Case *self)
{
  g_clear_object (&self->circuit);
  g_clear_object (&self->inputs);
  g_clear_object (&self->weights);
  g_clear_object (&self->cotangents);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Case, case_clear)

static gboolean
refuse (GError **error, const char *where, const char *key, JsonNode *found, const char *expected)
{
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, "%s: \"%s\" is %s; expected %s", where, key,
               found != NULL ? qrx_json_describe (found) : "missing", expected);
  return FALSE;
}

static gboolean
read_row (JsonNode *node, const char *where, const char *key, QrxTensor *tensor, gsize row, gsize columns,
          GError **error)
{
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node) || json_array_get_length (json_node_get_array (node)) != columns)
    {
      g_autofree char *expected = g_strdup_printf ("%" G_GSIZE_FORMAT " numbers in each row", columns);

      return refuse (error, where, key, node, expected);
    }
  array = json_node_get_array (node);
  for (guint i = 0; i < columns; i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      GType type = JSON_NODE_HOLDS_VALUE (element) ? json_node_get_value_type (element) : G_TYPE_INVALID;

      if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
        return refuse (error, where, key, element, "numbers");
      qrx_tensor_set (tensor, row * columns + i,
                      type == G_TYPE_INT64 ? (double) json_node_get_int (element) : json_node_get_double (element));
      if (!isfinite (qrx_tensor_get (tensor, row * columns + i)))
        return refuse (error, where, key, element, "numbers that the precision can hold");
    }
  return TRUE;
}

/* An array of rows; what is missing is n_rows rows without numbers. */
static QrxTensor *
read_matrix (JsonObject *object, const char *where, const char *key, QrxDtype dtype, gsize n_rows, GError **error)
{
  g_autoptr (QrxTensor) tensor = NULL;
  JsonNode *node = json_object_get_member (object, key), *first;
  JsonArray *array;
  gsize columns;

  if (node == NULL)
    return qrx_tensor_new_matrix (dtype, n_rows, 0);
  if (!JSON_NODE_HOLDS_ARRAY (node) || json_array_get_length (json_node_get_array (node)) == 0)
    {
      refuse (error, where, key, node, "a non-empty array of rows");
      return NULL;
    }
  array = json_node_get_array (node);
  first = json_array_get_element (array, 0);
  columns = JSON_NODE_HOLDS_ARRAY (first) ? json_array_get_length (json_node_get_array (first)) : 0;
  tensor = qrx_tensor_new_matrix (dtype, json_array_get_length (array), columns);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!read_row (json_array_get_element (array, i), where, key, tensor, i, columns, error))
      return NULL;
  return g_steal_pointer (&tensor);
}

static QrxTensor *
read_vector (JsonObject *object, const char *where, const char *key, QrxDtype dtype, GError **error)
{
  g_autoptr (QrxTensor) tensor = NULL;
  JsonNode *node = json_object_get_member (object, key);
  gsize n = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_array_get_length (json_node_get_array (node)) : 0;

  tensor = qrx_tensor_new (dtype, &n, 1);
  if (node != NULL && !read_row (node, where, key, tensor, 0, n, error))
    return NULL;
  return g_steal_pointer (&tensor);
}

static gboolean
read_cotangents (Case *self, JsonObject *object, QrxDtype dtype, GError **error)
{
  gsize rows = qrx_tensor_get_rows (self->inputs), columns = qrx_circuit_get_n_observables (self->circuit);

  if (!json_object_has_member (object, "cotangent"))
    {
      self->cotangents = qrx_tensor_new_matrix (dtype, rows, columns);
      qrx_tensor_fill (self->cotangents, 1);
      return TRUE;
    }
  self->cotangents = read_matrix (object, self->where, "cotangent", dtype, rows, error);
  if (self->cotangents == NULL)
    return FALSE;
  if (qrx_tensor_get_rows (self->cotangents) == rows && qrx_tensor_get_columns (self->cotangents) == columns)
    return TRUE;
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
               "%s: \"cotangent\" has %" G_GSIZE_FORMAT " rows of %" G_GSIZE_FORMAT "; expected %" G_GSIZE_FORMAT
               " rows, one for each of \"inputs\", of %" G_GSIZE_FORMAT ", one for each observable",
               self->where, qrx_tensor_get_rows (self->cotangents), qrx_tensor_get_columns (self->cotangents), rows,
               columns);
  return FALSE;
}

/* What it holds of results is not read. */
static gboolean
read_case (Case *self, JsonNode *node, QrxDtype dtype, GError **error)
{
  static const char *const keys[] = { "name", "inputs", "weights", "cotangent", "expectations", "grad_inputs",
                                      "grad_weights", NULL };
  JsonObject *object;

  self->circuit = qrx_circuit_new_located (node, self->where, keys, &self->culprit, error);
  if (self->circuit == NULL)
    return FALSE;
  object = json_node_get_object (node);
  self->inputs = read_matrix (object, self->where, "inputs", dtype, 1, error);
  self->weights = self->inputs != NULL ? read_vector (object, self->where, "weights", dtype, error) : NULL;
  if (self->weights == NULL)
    return FALSE;
  if (!qrx_circuit_reserve (self->circuit, (guint) qrx_tensor_get_columns (self->inputs),
                            (guint) qrx_tensor_get_rows (self->weights), error))
    {
      g_prefix_error (error, "%s: ", self->where);
      return FALSE;
    }
  return read_cotangents (self, object, dtype, error);
}

static void
add_tensor (JsonBuilder *builder, const char *key, QrxTensor *tensor)
{
  gboolean matrix = qrx_tensor_get_rank (tensor) == 2;
  gsize columns = qrx_tensor_get_columns (tensor);

  json_builder_set_member_name (builder, key);
  json_builder_begin_array (builder);
  for (gsize i = 0; i < qrx_tensor_get_rows (tensor); i++)
    {
      if (matrix)
        json_builder_begin_array (builder);
      for (gsize j = 0; j < columns; j++)
        json_builder_add_double_value (builder, qrx_tensor_get (tensor, i * columns + j));
      if (matrix)
        json_builder_end_array (builder);
    }
  json_builder_end_array (builder);
}

static gboolean
run_case (QrxBackend *backend, const Case *self, gboolean gradients, QrxPool *pool, JsonBuilder *builder,
          GError **error)
{
  QrxDtype dtype = qrx_tensor_get_dtype (self->inputs);
  gsize rows = qrx_tensor_get_rows (self->inputs), n_weights = qrx_tensor_get_rows (self->weights);
  g_autoptr (QrxProgram) program = qrx_program_compile (self->circuit, error);
  g_autoptr (QrxWorkspace) workspace =
    program != NULL ? qrx_backend_create_workspace (backend, program, rows, dtype, error) : NULL;
  g_autoptr (QrxTensor) expectations =
    qrx_tensor_new_matrix (dtype, rows, qrx_circuit_get_n_observables (self->circuit));
  g_autoptr (QrxTensor) grad_inputs = qrx_tensor_new_matrix (dtype, rows, qrx_tensor_get_columns (self->inputs));
  g_autoptr (QrxTensor) grad_weights = qrx_tensor_new (dtype, &n_weights, 1);

  if (workspace == NULL || !qrx_backend_expectations (backend, program, self->inputs, self->weights, workspace,
                                                      expectations, pool, error))
    return FALSE;
  add_tensor (builder, "expectations", expectations);
  if (!gradients)
    return TRUE;
  if (!qrx_backend_vjp (backend, program, workspace, self->cotangents, grad_inputs, grad_weights, pool, error))
    return FALSE;
  add_tensor (builder, "grad_inputs", grad_inputs);
  add_tensor (builder, "grad_weights", grad_weights);
  return TRUE;
}

static gboolean
evaluate_case (QrxBackend *backend, JsonNode *node, const char *where, gboolean gradients, QrxDtype dtype,
               QrxPool *pool, JsonBuilder *builder, JsonNode **culprit, GError **error)
{
  g_auto (Case) self = { where, node, NULL, NULL, NULL, NULL };
  JsonNode *name = JSON_NODE_HOLDS_OBJECT (node) ? json_object_get_member (json_node_get_object (node), "name") : NULL;

  *culprit = node;
  if (!read_case (&self, node, dtype, error))
    {
      *culprit = self.culprit;
      return FALSE;
    }
  json_builder_begin_object (builder);
  if (name != NULL && JSON_NODE_HOLDS_VALUE (name) && json_node_get_value_type (name) == G_TYPE_STRING)
    {
      json_builder_set_member_name (builder, "name");
      json_builder_add_string_value (builder, json_node_get_string (name));
    }
  else if (name != NULL)
    return refuse (error, where, "name", name, "a string");
  if (!run_case (backend, &self, gradients, pool, builder, error))
    {
      g_prefix_error (error, "%s: ", where);
      return FALSE;
    }
  json_builder_end_object (builder);
  return TRUE;
}

/* A circuit alone has nothing to be evaluated at. */
static gboolean
refuse_circuit (QrxJsonDocument *document, const char *path, GError **error)
{
  JsonNode *qubits = qrx_json_document_find (document, "/qubits");

  if (qubits == NULL || qrx_json_document_find (document, "/cases") != NULL)
    return TRUE;
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
               "found a circuit, expected cases: {\"cases\": [{the circuit's keys, \"inputs\": [[…], …], \"weights\": […]}, …]}");
  qrx_circuit_prefix_place (error, document, qubits, path);
  return FALSE;
}

/**
 * qrx_backend_evaluate_cases:
 * @self: a backend
 * @path: (type filename): a file of JSON, `{"cases": […]}`, each case a circuit with `"inputs"` (rows), `"weights"` and
 *   `"cotangent"` (rows; without it all are 1)
 * @gradients: whether to differentiate too
 * @dtype: the precision
 * @pool: (nullable): threads; %NULL works in the caller's
 * @error: return location for an error
 *
 * Evaluates each case of a file. The result is JSON, `{"precision", "cases": […]}`, each case with `"name"`,
 * `"expectations"`, and, if asked for, `"grad_inputs"` and `"grad_weights"`. Fails with %QRX_DATA_ERROR_NOT_FOUND, with
 * a #QrxPipelineError for what is wrong in the file, or with a #QrxRunError.
 *
 * Returns: (transfer full): the result
 */
char *
qrx_backend_evaluate_cases (QrxBackend *self, const char *path, gboolean gradients, QrxDtype dtype, QrxPool *pool,
                            GError **error)
{
  static const char *const keys[] = { "cases", "conventions", "seed", NULL };
  g_autoptr (QrxJsonDocument) document = NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  JsonNode *cases;

  g_return_val_if_fail (QRX_IS_BACKEND (self) && path != NULL, NULL);

  document = qrx_json_document_load (path, error);
  if (document == NULL || !refuse_circuit (document, path, error) ||
      !qrx_json_check_members (document, "", keys, error))
    return NULL;
  cases = qrx_json_document_find (document, "/cases");
  if (cases == NULL || !JSON_NODE_HOLDS_ARRAY (cases))
    {
      refuse (error, "the file", "cases", cases, "an array");
      qrx_circuit_prefix_place (error, document, cases != NULL ? cases : qrx_json_document_get_root (document), path);
      return NULL;
    }
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "precision");
  json_builder_add_string_value (builder, qrx_dtype_get_name (dtype));
  json_builder_set_member_name (builder, "cases");
  json_builder_begin_array (builder);
  for (guint i = 0; i < json_array_get_length (json_node_get_array (cases)); i++)
    {
      g_autofree char *where = g_strdup_printf ("case %u", i);
      JsonNode *culprit;

      if (evaluate_case (self, json_array_get_element (json_node_get_array (cases), i), where, gradients, dtype, pool, builder,
                         &culprit, error))
        continue;
      qrx_circuit_prefix_place (error, document, culprit, path);
      return NULL;
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return qrx_json_to_string (root);
}

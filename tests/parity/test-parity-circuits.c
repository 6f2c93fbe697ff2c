/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every golden circuit, expectations and gradients, on every backend, kernel level and precision. */
#include <math.h>
#include <qrx/qrx-reference-backend.h>
#include <qrx/qrx-statevector-backend.h>

#include "base/qrx-json-private.h"
#include "quantum/qrx-circuit-private.h"

/* Rounding of some hundred operations on numbers near 1; gradients sum up to three rows with cotangents near 1. */
#define TOLERANCE_F64 1e-12
#define TOLERANCE_F32 2e-5

static JsonArray *cases;

static QrxTensor *
read_tensor (JsonObject *object, const char *key, QrxDtype dtype)
{
  JsonArray *array = json_object_get_array_member (object, key);
  gsize rows = json_array_get_length (array);
  gboolean matrix = rows > 0 && JSON_NODE_HOLDS_ARRAY (json_array_get_element (array, 0));
  gsize columns = matrix ? json_array_get_length (json_array_get_array_element (array, 0)) : 1;
  QrxTensor *tensor = qrx_tensor_new (dtype, (gsize[]){ rows, columns }, matrix ? 2 : 1);

  for (gsize i = 0; i < rows; i++)
    for (gsize j = 0; j < columns; j++)
      qrx_tensor_set (tensor, i * columns + j,
                      matrix ? json_array_get_double_element (json_array_get_array_element (array, i), j)
                             : json_array_get_double_element (array, i));
  return tensor;
}

static void
compare (JsonObject *object, const char *key, QrxTensor *found, double tolerance)
{
  g_autoptr (QrxTensor) expected = read_tensor (object, key, QRX_DTYPE_F64);

  g_assert_cmpuint (qrx_tensor_get_n_elements (found), ==, qrx_tensor_get_n_elements (expected));
  for (gsize i = 0; i < qrx_tensor_get_n_elements (found); i++)
    {
      double difference = fabs (qrx_tensor_get (found, i) - qrx_tensor_get (expected, i));

      if (!(difference <= tolerance))
        g_error ("%s: %s[%" G_GSIZE_FORMAT "] is %.17g, expected %.17g", json_object_get_string_member (object, "name"),
                 key, i, qrx_tensor_get (found, i), qrx_tensor_get (expected, i));
    }
}

/* As it comes back from OpenQASM. */
static QrxCircuit *
pass_through_qasm (QrxCircuit *circuit)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = qrx_circuit_to_qasm (circuit, 3, &error);
  QrxCircuit *again = qrx_circuit_new_from_qasm (text, -1, &error);

  g_assert_no_error (error);
  return again;
}

static void
check_case (QrxBackend *backend, JsonNode *node, QrxDtype dtype, gboolean by_qasm)
{
  static const char *const others[] = { "name", "inputs", "weights", "expectations", "cotangent",
                                        "grad_inputs", "grad_weights", NULL };
  JsonObject *object = json_node_get_object (node);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_json_node (node, "case", others, &error);
  g_autoptr (QrxTensor) inputs = read_tensor (object, "inputs", dtype);
  g_autoptr (QrxTensor) weights = read_tensor (object, "weights", dtype);
  g_autoptr (QrxTensor) cotangents = read_tensor (object, "cotangent", dtype);
  g_autoptr (QrxTensor) expectations = NULL, grad_inputs = NULL, grad_weights = NULL;
  g_autoptr (QrxProgram) program = NULL;
  g_autoptr (QrxWorkspace) workspace = NULL;
  double tolerance = dtype == QRX_DTYPE_F64 ? TOLERANCE_F64 : TOLERANCE_F32;
  gsize rows = qrx_tensor_get_rows (inputs);

  g_assert_no_error (error);
  qrx_circuit_reserve (circuit, (guint) qrx_tensor_get_columns (inputs), (guint) qrx_tensor_get_rows (weights), &error);
  g_assert_no_error (error);
  if (by_qasm)
    {
      QrxCircuit *again = pass_through_qasm (circuit);

      g_object_unref (circuit);
      circuit = again;
    }
  program = qrx_program_compile (circuit, &error);
  g_assert_no_error (error);
  workspace = qrx_backend_create_workspace (backend, program, rows, dtype, &error);
  g_assert_no_error (error);
  expectations = qrx_tensor_new_matrix (dtype, rows, qrx_circuit_get_n_observables (circuit));
  grad_inputs = qrx_tensor_new_matrix (dtype, rows, qrx_circuit_get_n_inputs (circuit));
  grad_weights = qrx_tensor_new (dtype, (gsize[]){ qrx_circuit_get_n_weights (circuit) }, 1);
  qrx_tensor_fill (grad_inputs, NAN); /* they are to be overwritten */
  qrx_tensor_fill (grad_weights, NAN);
  qrx_backend_expectations (backend, program, inputs, weights, workspace, expectations, NULL, &error);
  g_assert_no_error (error);
  qrx_backend_vjp (backend, program, workspace, cotangents, grad_inputs, grad_weights, NULL, &error);
  g_assert_no_error (error);
  compare (object, "expectations", expectations, tolerance);
  compare (object, "grad_inputs", grad_inputs, tolerance);
  compare (object, "grad_weights", grad_weights, tolerance);
}

static void
check_all (QrxBackend *backend, QrxDtype dtype, gboolean by_qasm)
{
  g_assert_cmpuint (json_array_get_length (cases), ==, 48);
  for (guint i = 0; i < json_array_get_length (cases); i++)
    check_case (backend, json_array_get_element (cases, i), dtype, by_qasm);
}

static void
test_reference (gconstpointer dtype)
{
  g_autoptr (QrxBackend) backend = qrx_reference_backend_new ();

  check_all (backend, (QrxDtype) GPOINTER_TO_INT (dtype), FALSE);
}

static void
test_statevector (gconstpointer dtype)
{
  const char *const *levels = qrx_statevector_backend_list_kernel_levels ();

  for (guint i = 0; levels[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (QrxBackend) backend = qrx_statevector_backend_new_for_level (levels[i], &error);

      g_assert_no_error (error);
      g_test_message ("kernel level %s", levels[i]);
      check_all (backend, (QrxDtype) GPOINTER_TO_INT (dtype), FALSE);
    }
}

static void
test_qasm (void)
{
  g_autoptr (QrxBackend) backend = qrx_reference_backend_new ();

  check_all (backend, QRX_DTYPE_F64, TRUE);
}

int
main (int argc, char **argv)
{
  g_autoptr (QrxJsonDocument) document = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  g_test_init (&argc, &argv, NULL);
  path = g_test_build_filename (G_TEST_DIST, "circuits.json", NULL);
  document = qrx_json_document_load (path, &error);
  g_assert_no_error (error);
  cases = json_object_get_array_member (json_node_get_object (qrx_json_document_get_root (document)), "cases");
  g_test_add_data_func ("/parity/circuits/reference/float64", GINT_TO_POINTER (QRX_DTYPE_F64), test_reference);
  g_test_add_data_func ("/parity/circuits/reference/float32", GINT_TO_POINTER (QRX_DTYPE_F32), test_reference);
  g_test_add_data_func ("/parity/circuits/statevector/float64", GINT_TO_POINTER (QRX_DTYPE_F64), test_statevector);
  g_test_add_data_func ("/parity/circuits/statevector/float32", GINT_TO_POINTER (QRX_DTYPE_F32), test_statevector);
  g_test_add_func ("/parity/circuits/by-qasm", test_qasm);
  return g_test_run ();
}

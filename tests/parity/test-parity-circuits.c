/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every golden circuit, expectations and gradients, on every backend, kernel level and precision. */
#include <math.h>
#include <qrx/qrx-gradient.h>
#include <qrx/qrx-reference-backend.h>
#include <qrx/qrx-statevector-backend.h>

#include "base/qrx-json-private.h"
#include "quantum/qrx-circuit-private.h"

/* Rounding of some hundred operations on numbers near 1; gradients sum up to three rows with cotangents near 1. */
#define TOLERANCE_F64 1e-12
#define TOLERANCE_F32 2e-5

static JsonArray *cases;

static double
tolerance_of (QrxDtype dtype)
{
  return dtype == QRX_DTYPE_F64 ? TOLERANCE_F64 : TOLERANCE_F32;
}

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

typedef struct {
  JsonObject *object; /* the golden results */
  QrxProgram *program;
  QrxWorkspace *workspace;
  QrxTensor *inputs, *weights, *cotangents, *expectations, *grad_inputs, *grad_weights;
} Case;

static void
case_clear (Case *self)
{
  g_object_unref (self->program);
  g_object_unref (self->workspace);
  g_object_unref (self->inputs);
  g_object_unref (self->weights);
  g_object_unref (self->cotangents);
  g_object_unref (self->expectations);
  g_object_unref (self->grad_inputs);
  g_object_unref (self->grad_weights);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Case, case_clear)

static void
case_init (Case *self, QrxBackend *backend, JsonNode *node, QrxDtype dtype, gboolean by_qasm)
{
  static const char *const others[] = { "name", "inputs", "weights", "expectations", "cotangent",
                                        "grad_inputs", "grad_weights", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_json_node (node, "case", others, &error);
  gsize rows;

  g_assert_no_error (error);
  self->object = json_node_get_object (node);
  self->inputs = read_tensor (self->object, "inputs", dtype);
  self->weights = read_tensor (self->object, "weights", dtype);
  self->cotangents = read_tensor (self->object, "cotangent", dtype);
  rows = qrx_tensor_get_rows (self->inputs);
  qrx_circuit_reserve (circuit, (guint) qrx_tensor_get_columns (self->inputs),
                       (guint) qrx_tensor_get_rows (self->weights), &error);
  g_assert_no_error (error);
  if (by_qasm)
    {
      QrxCircuit *again = pass_through_qasm (circuit);

      g_object_unref (circuit);
      circuit = again;
    }
  self->program = qrx_program_compile (circuit, &error);
  g_assert_no_error (error);
  self->workspace = qrx_backend_create_workspace (backend, self->program, rows, dtype, &error);
  g_assert_no_error (error);
  self->expectations = qrx_tensor_new_matrix (dtype, rows, qrx_circuit_get_n_observables (circuit));
  self->grad_inputs = qrx_tensor_new_matrix (dtype, rows, qrx_circuit_get_n_inputs (circuit));
  self->grad_weights = qrx_tensor_new (dtype, (gsize[]){ qrx_circuit_get_n_weights (circuit) }, 1);
}

static void
case_run (Case *self, QrxBackend *backend)
{
  g_autoptr (GError) error = NULL;

  qrx_tensor_fill (self->grad_inputs, NAN); /* they are to be overwritten */
  qrx_tensor_fill (self->grad_weights, NAN);
  qrx_backend_expectations (backend, self->program, self->inputs, self->weights, self->workspace, self->expectations,
                            NULL, &error);
  g_assert_no_error (error);
  qrx_backend_vjp (backend, self->program, self->workspace, self->cotangents, self->grad_inputs, self->grad_weights,
                   NULL, &error);
  g_assert_no_error (error);
}

static void
check_all (QrxBackend *backend, QrxDtype dtype, gboolean by_qasm, double gradient_tolerance)
{
  g_assert_cmpuint (json_array_get_length (cases), ==, 48);
  for (guint i = 0; i < json_array_get_length (cases); i++)
    {
      g_auto (Case) self = { 0 };

      case_init (&self, backend, json_array_get_element (cases, i), dtype, by_qasm);
      case_run (&self, backend);
      compare (self.object, "expectations", self.expectations, tolerance_of (dtype));
      compare (self.object, "grad_inputs", self.grad_inputs, gradient_tolerance);
      compare (self.object, "grad_weights", self.grad_weights, gradient_tolerance);
    }
}

static void
test_reference (gconstpointer dtype)
{
  g_autoptr (QrxBackend) backend = qrx_reference_backend_new ();

  check_all (backend, (QrxDtype) GPOINTER_TO_INT (dtype), FALSE, tolerance_of ((QrxDtype) GPOINTER_TO_INT (dtype)));
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
      check_all (backend, (QrxDtype) GPOINTER_TO_INT (dtype), FALSE, tolerance_of ((QrxDtype) GPOINTER_TO_INT (dtype)));
    }
}

static void
test_qasm (void)
{
  g_autoptr (QrxBackend) backend = qrx_reference_backend_new ();

  check_all (backend, QRX_DTYPE_F64, TRUE, TOLERANCE_F64);
}

static QrxBackend *
with_gradient (const char *gradient, double step, guint averages)
{
  g_autoptr (QrxBackend) simulator = qrx_statevector_backend_new ();
  g_autoptr (GError) error = NULL;
  QrxBackend *backend = qrx_backend_with_gradient (simulator, gradient, step, averages, 1, &error);

  g_assert_no_error (error);
  return backend;
}

static void
test_parameter_shift (gconstpointer dtype)
{
  g_autoptr (QrxBackend) backend = with_gradient ("parameter-shift", 1, 1);

  check_all (backend, (QrxDtype) GPOINTER_TO_INT (dtype), FALSE, 4 * tolerance_of ((QrxDtype) GPOINTER_TO_INT (dtype)));
}

static void
test_finite_difference (void)
{
  g_autoptr (QrxBackend) backend = with_gradient ("finite-difference", 1e-4, 1);

  check_all (backend, QRX_DTYPE_F64, FALSE, 1e-8 / 6 * 100); /* third derivatives of some uses of one weight */
}

#define N_DRAWS 64

/* The mean of draws against the golden gradient: within five of its own standard errors, and what the step costs. */
static void
compare_mean (JsonObject *object, const char *key, const double *sums, const double *squares)
{
  g_autoptr (QrxTensor) expected = read_tensor (object, key, QRX_DTYPE_F64);

  for (gsize i = 0; i < qrx_tensor_get_n_elements (expected); i++)
    {
      double mean = sums[i] / N_DRAWS, variance = MAX (squares[i] / N_DRAWS - mean * mean, 0);

      g_assert_cmpfloat (fabs (mean - qrx_tensor_get (expected, i)), <=, 5 * sqrt (variance / (N_DRAWS - 1)) + 1e-6);
    }
}

static void
add (QrxTensor *tensor, double *sums, double *squares)
{
  for (gsize i = 0; i < qrx_tensor_get_n_elements (tensor); i++)
    {
      sums[i] += qrx_tensor_get (tensor, i);
      squares[i] += pow (qrx_tensor_get (tensor, i), 2);
    }
}

static void
test_spsa (void)
{
  g_autoptr (QrxBackend) backend = with_gradient ("spsa", 1e-4, 16);

  for (guint i = 0; i < json_array_get_length (cases); i++)
    {
      g_auto (Case) self = { 0 };
      double inputs[2][1024] = { { 0 } }, weights[2][1024] = { { 0 } };

      case_init (&self, backend, json_array_get_element (cases, i), QRX_DTYPE_F64, FALSE);
      g_assert_cmpuint (qrx_tensor_get_n_elements (self.grad_inputs), <, 1024);
      g_assert_cmpuint (qrx_tensor_get_n_elements (self.grad_weights), <, 1024);
      for (guint draw = 0; draw < N_DRAWS; draw++)
        {
          case_run (&self, backend);
          add (self.grad_inputs, inputs[0], inputs[1]);
          add (self.grad_weights, weights[0], weights[1]);
        }
      compare_mean (self.object, "grad_inputs", inputs[0], inputs[1]);
      compare_mean (self.object, "grad_weights", weights[0], weights[1]);
    }
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
  g_test_add_data_func ("/parity/circuits/parameter-shift/float64", GINT_TO_POINTER (QRX_DTYPE_F64), test_parameter_shift);
  g_test_add_data_func ("/parity/circuits/parameter-shift/float32", GINT_TO_POINTER (QRX_DTYPE_F32), test_parameter_shift);
  g_test_add_func ("/parity/circuits/finite-difference", test_finite_difference);
  g_test_add_func ("/parity/circuits/spsa", test_spsa);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <qrx/qrx-layout.h>
#include <qrx/qrx-reference-backend.h>
#include <qrx/qrx-statevector-backend.h>
#include <string.h>

#include "quantum/qrx-circuit-private.h"
#include "quantum/qrx-kernel-private.h"

typedef struct {
  QrxBackend *backend;
  QrxProgram *program;
  QrxWorkspace *workspace;
  QrxTensor *inputs, *weights, *expectations, *grad_inputs, *grad_weights;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_layout ("ry", "ring-entangling", 3, 2, FALSE, NULL);

  f->backend = qrx_statevector_backend_new ();
  f->program = qrx_program_compile (circuit, NULL);
  f->workspace = qrx_backend_create_workspace (f->backend, f->program, 4, QRX_DTYPE_F64, NULL);
  f->inputs = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 3);
  f->weights = qrx_tensor_new (QRX_DTYPE_F64, (gsize[]){ 18 }, 1);
  f->expectations = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 3);
  f->grad_inputs = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 3);
  f->grad_weights = qrx_tensor_new (QRX_DTYPE_F64, (gsize[]){ 18 }, 1);
}

static void
tear_down (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_object_unref (f->backend);
  g_object_unref (f->program);
  g_object_unref (f->workspace);
  g_object_unref (f->inputs);
  g_object_unref (f->weights);
  g_object_unref (f->expectations);
  g_object_unref (f->grad_inputs);
  g_object_unref (f->grad_weights);
}

static gboolean
forward (Fixture *f, GError **error)
{
  return qrx_backend_expectations (f->backend, f->program, f->inputs, f->weights, f->workspace, f->expectations, NULL,
                                   error);
}

static gboolean
backward (Fixture *f, GError **error)
{
  return qrx_backend_vjp (f->backend, f->program, f->workspace, f->expectations, f->grad_inputs, f->grad_weights, NULL,
                          error);
}

static void
test_wrong_shapes_are_refused (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) wide = NULL, tall = NULL, narrow = NULL, fixed = NULL;

  g_object_unref (f->inputs);
  f->inputs = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 4);
  g_assert_false (forward (f, &wide));
  g_assert_error (wide, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
  g_object_unref (f->inputs);
  f->inputs = qrx_tensor_new_matrix (QRX_DTYPE_F64, 5, 3);
  g_assert_false (forward (f, &tall));
  g_assert_error (tall, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
  g_assert_nonnull (strstr (tall->message, "5 rows"));
  g_object_unref (f->inputs);
  f->inputs = qrx_tensor_new_matrix (QRX_DTYPE_F32, 2, 3);
  g_assert_false (forward (f, &narrow));
  g_assert_error (narrow, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
  g_object_unref (f->inputs);
  f->inputs = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 3);
  qrx_tensor_set_read_only (f->expectations);
  g_assert_false (forward (f, &fixed));
  g_assert_error (fixed, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
}

static void
test_numbers_that_are_not_finite_are_refused (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL, weight = NULL;

  qrx_tensor_set (f->inputs, 4, NAN);
  g_assert_false (forward (f, &error));
  g_assert_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_NOT_FINITE);
  g_assert_nonnull (strstr (error->message, "row 1, column 1"));
  qrx_tensor_set (f->inputs, 4, 0);
  qrx_tensor_set (f->weights, 7, INFINITY);
  g_assert_false (forward (f, &weight));
  g_assert_error (weight, QRX_RUN_ERROR, QRX_RUN_ERROR_NOT_FINITE);
}

static void
test_a_workspace_serves_one_gradient (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) early = NULL, late = NULL, none = NULL;

  g_assert_false (backward (f, &early));
  g_assert_error (early, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED);
  g_assert_true (forward (f, &none) && backward (f, &none));
  g_assert_no_error (none);
  g_assert_false (backward (f, &late));
  g_assert_error (late, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED);
}

static void
test_gradients_that_nobody_wants_are_left_out (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  qrx_tensor_fill (f->weights, 0.3);
  g_assert_true (forward (f, NULL));
  g_assert_true (
      qrx_backend_vjp (f->backend, f->program, f->workspace, f->expectations, NULL, f->grad_weights, NULL, NULL));
  g_assert_true (forward (f, NULL));
  g_assert_true (
      qrx_backend_vjp (f->backend, f->program, f->workspace, f->expectations, f->grad_inputs, NULL, NULL, NULL));
  g_assert_cmpfloat (qrx_tensor_get (f->grad_weights, 1), !=, 0);
  g_assert_cmpfloat (qrx_tensor_get (f->grad_inputs, 1), !=, 0);
}

static void
test_a_workspace_is_for_one_program (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxProgram) other = qrx_program_compile (qrx_program_get_circuit (f->program), NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (
      qrx_backend_expectations (f->backend, other, f->inputs, f->weights, f->workspace, f->expectations, NULL, &error));
  g_assert_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED);
}

static void
test_too_much_memory_is_refused_with_the_figure (void)
{
  g_autoptr (QrxBackend) fast = qrx_statevector_backend_new (), slow = qrx_reference_backend_new ();
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_layout ("ry", "ring-entangling", 30, 1, FALSE, NULL);
  g_autoptr (QrxProgram) program = qrx_program_compile (circuit, NULL);
  g_autoptr (GError) error = NULL, many = NULL;

  g_assert_null (qrx_backend_create_workspace (fast, program, 1u << 20, QRX_DTYPE_F64, &error));
  g_assert_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES);
  g_assert_nonnull (strstr (error->message, "GiB"));
  g_assert_null (qrx_backend_create_workspace (slow, program, 1, QRX_DTYPE_F64, &many));
  g_assert_error (many, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES);
}

/* Of 10 qubits, in batches of 32: a state of each row is half a megabyte in all. */
static void
test_hundreds_of_observables_take_no_state_each (void)
{
  g_autoptr (QrxBackend) backend = qrx_statevector_backend_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  guint64 sizes[2];

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_layout ("ry", "product", 10, 1, FALSE, NULL);
      g_autoptr (QrxProgram) program = NULL;
      g_autoptr (QrxWorkspace) workspace = NULL;

      for (guint j = 0; j < 300 * i; j++)
        {
          char pauli[11] = { 0 };

          for (guint q = 0; q < 10; q++)
            pauli[q] = "IXYZ"[g_rand_int_range (rand, 0, 4)];
          g_assert_true (qrx_circuit_add_observable (circuit, pauli, 1, NULL));
        }
      program = qrx_program_compile (circuit, NULL);
      workspace = qrx_backend_create_workspace (backend, program, 32, QRX_DTYPE_F64, NULL);
      sizes[i] = qrx_workspace_get_size (workspace);
    }
  g_assert_cmpuint (sizes[1] - sizes[0], <,
                    300 * (32 * sizeof (double) + 100)); /* a number of each row, and its sign */
}

/* States are taken back where there are many: a layer costs a table, its rotations, and of each block a number for each
 * place. */
static void
test_deep_circuits_keep_few_states (void)
{
  g_autoptr (QrxBackend) backend = qrx_statevector_backend_new ();
  const char *level = qrx_statevector_backend_get_kernel_level (QRX_STATEVECTOR_BACKEND (backend));
  guint64 sizes[2], states = 10 * 32 * (2 * sizeof (double) << 10); /* of ten layers */

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (QrxCircuit) circuit =
          qrx_circuit_new_from_layout ("ry", "ring-entangling", 10, i == 0 ? 30 : 40, FALSE, NULL);
      g_autoptr (QrxProgram) program = qrx_program_compile (circuit, NULL);
      g_autoptr (QrxWorkspace) workspace = qrx_backend_create_workspace (backend, program, 32, QRX_DTYPE_F64, NULL);

      sizes[i] = qrx_workspace_get_size (workspace);
    }
  /* a number for each place and block of rows, for the diagonals, and a fifth of the states for all the rest */
  g_assert_cmpuint (sizes[1], <, sizes[0] + states / (2 * qrx_kernel_find (level, QRX_DTYPE_F64)->lanes) + states / 5);
}

static void
test_kernel_levels_are_known (void)
{
  g_autoptr (QrxBackend) best = qrx_statevector_backend_new ();
  g_autoptr (GError) error = NULL;
  const char *const *levels = qrx_statevector_backend_list_kernel_levels ();

  g_assert_cmpstr (qrx_statevector_backend_get_kernel_level (QRX_STATEVECTOR_BACKEND (best)), ==, levels[0]);
  g_assert_true (g_strv_contains (levels, "baseline"));
  g_assert_null (qrx_statevector_backend_new_for_level ("avx1024", &error));
  g_assert_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

/* From far below 1 to beyond what is reduced by a subtraction, and quarter turns with their neighbours. */
static double
choose_angle (GRand *rand, guint i)
{
  double angle = g_rand_double_range (rand, -10, 10);

  if (i % 3 == 0)
    return angle * pow (10, g_rand_int_range (rand, -10, 16));
  if (i % 3 == 1)
    return nextafter (G_PI_4 * g_rand_int_range (rand, -40000, 40000), angle);
  return angle;
}

/* <Z> after a rotation by twice the angle, of an input or of a weight, and its derivative by the angle. */
static void
assert_turns (const char *level, QrxDtype dtype, gboolean by_input, GRand *rand)
{
  g_autoptr (QrxBackend) backend = qrx_statevector_backend_new_for_level (level, NULL);
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new (1);
  g_autoptr (QrxProgram) program = NULL;
  g_autoptr (QrxWorkspace) workspace = NULL;
  gsize n_rows = by_input ? 37 : 1;
  g_autoptr (QrxTensor) inputs = qrx_tensor_new_matrix (dtype, n_rows, 1), z = qrx_tensor_new_matrix (dtype, n_rows, 1),
                        cotangents = qrx_tensor_new_matrix (dtype, n_rows, 1),
                        gradient = qrx_tensor_new_matrix (dtype, n_rows, 1),
                        weights = qrx_tensor_new (dtype, (gsize[]){ 1 }, 1),
                        sum = qrx_tensor_new (dtype, (gsize[]){ 1 }, 1);
  QrxAngle angle = { by_input ? QRX_ANGLE_SOURCE_INPUT : QRX_ANGLE_SOURCE_WEIGHT, 0, 2, 0 };
  double tolerance = dtype == QRX_DTYPE_F64 ? 8e-16 : 4e-7;

  g_assert_true (qrx_circuit_append_angles (circuit, "ry", (guint[]){ 0 }, 1, &angle, 1, NULL) &&
                 qrx_circuit_reserve (circuit, 1, 1, NULL) && qrx_circuit_add_observable (circuit, "Z", 1, NULL));
  program = qrx_program_compile (circuit, NULL);
  workspace = qrx_backend_create_workspace (backend, program, n_rows, dtype, NULL);
  qrx_tensor_fill (cotangents, 1);
  qrx_tensor_fill (weights, 0);
  for (guint i = 0; i < n_rows; i++)
    qrx_tensor_set (by_input ? inputs : weights, i, choose_angle (rand, i + (guint) g_rand_int_range (rand, 0, 3)));
  g_assert_true (qrx_backend_expectations (backend, program, inputs, weights, workspace, z, NULL, NULL));
  g_assert_true (qrx_backend_vjp (backend, program, workspace, cotangents, gradient, sum, NULL, NULL));
  for (guint i = 0; i < n_rows; i++)
    {
      long double twice = 2 * (long double) qrx_tensor_get (by_input ? inputs : weights, i);

      g_assert_cmpfloat_with_epsilon (qrx_tensor_get (z, i), (double) cosl (twice), tolerance);
      g_assert_cmpfloat_with_epsilon (qrx_tensor_get (by_input ? gradient : sum, i), (double) (-2 * sinl (twice)),
                                      2 * tolerance);
    }
}

static void
test_angles_of_any_size_are_exact (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (29);
  const char *const *levels = qrx_statevector_backend_list_kernel_levels ();

  for (guint i = 0; i < 400; i++)
    for (const char *const *level = levels; *level != NULL; level++)
      assert_turns (*level, i % 2 == 0 ? QRX_DTYPE_F64 : QRX_DTYPE_F32, i / 2 % 2 == 0, rand);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/backend/wrong-shapes-are-refused", test_wrong_shapes_are_refused);
  ADD ("/backend/numbers-that-are-not-finite-are-refused", test_numbers_that_are_not_finite_are_refused);
  ADD ("/backend/a-workspace-serves-one-gradient", test_a_workspace_serves_one_gradient);
  ADD ("/backend/gradients-that-nobody-wants-are-left-out", test_gradients_that_nobody_wants_are_left_out);
  ADD ("/backend/a-workspace-is-for-one-program", test_a_workspace_is_for_one_program);
  g_test_add_func ("/backend/too-much-memory-is-refused-with-the-figure",
                   test_too_much_memory_is_refused_with_the_figure);
  g_test_add_func ("/backend/hundreds-of-observables-take-no-state-each",
                   test_hundreds_of_observables_take_no_state_each);
  g_test_add_func ("/backend/deep-circuits-keep-few-states", test_deep_circuits_keep_few_states);
  g_test_add_func ("/backend/angles-of-any-size-are-exact", test_angles_of_any_size_are_exact);
  g_test_add_func ("/backend/kernel-levels-are-known", test_kernel_levels_are_known);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <qrx/qrx-gradient.h>
#include <qrx/qrx-statevector-backend.h>
#include <string.h>

/* One row of one input and one weight; ⟨Z⟩ of a qubit, or of two. */
typedef struct {
  QrxProgram *program;
  QrxTensor *inputs, *weights, *expectations, *cotangents, *by_inputs, *by_weights;
} Fixture;

static void
fixture_init (Fixture *f, const char *circuit, double input, double weight)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxCircuit) parsed = qrx_circuit_new_from_json (circuit, -1, &error);

  g_assert_no_error (error);
  g_assert_true (qrx_circuit_reserve (parsed, 1, 1, NULL));
  f->program = qrx_program_compile (parsed, NULL);
  f->inputs = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 1);
  f->weights = qrx_tensor_new (QRX_DTYPE_F64, (gsize[]){ 1 }, 1);
  f->expectations = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 1);
  f->cotangents = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 1);
  f->by_inputs = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 1);
  f->by_weights = qrx_tensor_new (QRX_DTYPE_F64, (gsize[]){ 1 }, 1);
  qrx_tensor_fill (f->inputs, input);
  qrx_tensor_fill (f->weights, weight);
  qrx_tensor_fill (f->cotangents, 1);
}

static void
fixture_clear (Fixture *f)
{
  g_object_unref (f->program);
  g_object_unref (f->inputs);
  g_object_unref (f->weights);
  g_object_unref (f->expectations);
  g_object_unref (f->cotangents);
  g_object_unref (f->by_inputs);
  g_object_unref (f->by_weights);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static QrxBackend *
make (const char *gradient, double step, guint averages, guint64 seed)
{
  g_autoptr (QrxBackend) simulator = qrx_statevector_backend_new ();
  g_autoptr (GError) error = NULL;
  QrxBackend *backend = qrx_backend_with_gradient (simulator, gradient, step, averages, seed, &error);

  g_assert_no_error (error);
  return backend;
}

static QrxWorkspace *
differentiate (Fixture *f, QrxBackend *backend, gboolean by_inputs, GError **error)
{
  QrxWorkspace *workspace = qrx_backend_create_workspace (backend, f->program, 3, QRX_DTYPE_F64, NULL);

  g_assert_nonnull (workspace);
  if (qrx_backend_expectations (backend, f->program, f->inputs, f->weights, workspace, f->expectations, NULL, error))
    qrx_backend_vjp (backend, f->program, workspace, f->cotangents, by_inputs ? f->by_inputs : NULL, f->by_weights,
                     NULL, error);
  return workspace;
}

#define RX(angle) "{\"gate\": \"rx\", \"wires\": [0], \"params\": [" angle "]}"
#define CIRCUIT(operations) "{\"qubits\": 2, \"ops\": [" operations "], \"observables\": [\"ZI\"]}"

/* cos (3x + 1 + w - 2w): uses add up, scales multiply. */
static void
test_uses_add_up_and_scales_multiply (void)
{
  static const char *const gradients[] = { "adjoint", "parameter-shift", "finite-difference" };
  static const double tolerances[] = { 1e-14, 1e-14, 1e-7 }; /* 1e-4² / 6 times 3³ */
  const char *circuit = CIRCUIT (RX ("{\"input\": 0, \"scale\": 3, \"offset\": 1}") "," RX ("{\"weight\": 0}") "," RX (
      "{\"weight\": 0, \"scale\": -2}"));

  for (guint i = 0; i < G_N_ELEMENTS (gradients); i++)
    {
      g_auto (Fixture) f = { 0 };
      g_autoptr (QrxBackend) backend = make (gradients[i], 1e-4, 1, 0);
      g_autoptr (QrxWorkspace) workspace = NULL;
      g_autoptr (GError) error = NULL;

      fixture_init (&f, circuit, 0.3, 0.7);
      workspace = differentiate (&f, backend, TRUE, &error);
      g_assert_no_error (error);
      g_assert_cmpfloat_with_epsilon (qrx_tensor_get (f.expectations, 0), cos (1.9 - 0.7), 1e-14);
      g_assert_cmpfloat_with_epsilon (qrx_tensor_get (f.by_inputs, 0), -3 * sin (1.9 - 0.7), tolerances[i]);
      g_assert_cmpfloat_with_epsilon (qrx_tensor_get (f.by_weights, 0), sin (1.9 - 0.7), tolerances[i]);
    }
}

/* ⟨X⟩ of the control under a controlled RX is cos (t / 2): half a frequency, which two terms would miss. */
static void
test_controlled_rotations_take_four_terms (void)
{
  static const char *const gates[] = { "crx", "cry", "crz" };

  for (guint i = 0; i < G_N_ELEMENTS (gates); i++)
    {
      g_auto (Fixture) f = { 0 };
      g_autofree char *circuit = g_strdup_printf (
          "{\"qubits\": 2, \"ops\": [{\"gate\": \"h\", \"wires\": [0]}, {\"gate\": \"%s\", \"wires\": [0, 1],"
          " \"params\": [{\"weight\": 0}]}], \"observables\": [\"XI\"]}",
          gates[i]);
      g_autoptr (QrxBackend) backend = make ("parameter-shift", 1, 1, 0);
      g_autoptr (QrxWorkspace) workspace = NULL;

      fixture_init (&f, circuit, 0, 1.3);
      workspace = differentiate (&f, backend, TRUE, NULL);
      g_assert_cmpfloat_with_epsilon (qrx_tensor_get (f.by_weights, 0), -sin (0.65) / 2, 1e-14);
      g_assert_cmpfloat (qrx_tensor_get (f.by_inputs, 0), ==, 0); /* an input that no gate takes */
    }
}

static void
test_finite_differences_are_central (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (QrxBackend) backend = make ("finite-difference", 0.5, 1, 0);
  g_autoptr (QrxWorkspace) workspace = NULL;

  fixture_init (&f, CIRCUIT (RX ("{\"weight\": 0}")), 0, 0.7);
  workspace = differentiate (&f, backend, TRUE, NULL);
  g_assert_cmpfloat_with_epsilon (qrx_tensor_get (f.by_weights, 0), cos (1.2) - cos (0.2), 1e-14);
  g_assert_cmpfloat (qrx_tensor_get (f.weights, 0), ==, 0.7); /* moved on a copy */
}

/* With one number to move, every direction gives the central difference. */
static void
test_spsa_moves_only_what_is_wanted (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (QrxBackend) backend = make ("spsa", 0.5, 1, 0);
  g_autoptr (QrxWorkspace) workspace = NULL;

  fixture_init (&f, CIRCUIT (RX ("{\"weight\": 0}") "," RX ("{\"input\": 0}")), 0.2, 0.5);
  workspace = differentiate (&f, backend, FALSE, NULL);
  g_assert_cmpfloat_with_epsilon (qrx_tensor_get (f.by_weights, 0), cos (1.2) - cos (0.2), 1e-14);
}

static void
test_spsa_draws_from_its_stream_alone (void)
{
  static const char *circuit = CIRCUIT (RX ("{\"weight\": 0}") "," RX ("{\"input\": 0, \"scale\": 0.1}"));
  double first[3];

  for (guint i = 0; i < 3; i++)
    {
      g_auto (Fixture) f = { 0 };
      g_autoptr (QrxBackend) backend = make ("spsa", 0.01, 3, i / 2); /* the seeds 0, 0, 1 */
      g_autoptr (QrxWorkspace) workspace = NULL;
      g_autoptr (QrxRandom) random = qrx_random_new (5, "layer", "step", 9);
      double other = 0, again;

      fixture_init (&f, circuit, 0.4, 0.5);
      workspace = differentiate (&f, backend, TRUE, NULL);
      first[i] = qrx_tensor_get (f.by_inputs, 0);
      for (guint k = 0; k < 2; k++)
        {
          qrx_workspace_set_random (workspace, random);
          g_assert_true (qrx_backend_expectations (backend, f.program, f.inputs, f.weights, workspace, f.expectations,
                                                   NULL, NULL));
          g_assert_true (
              qrx_backend_vjp (backend, f.program, workspace, f.cotangents, f.by_inputs, f.by_weights, NULL, NULL));
          again = qrx_tensor_get (f.by_inputs, 0);
          if (k == 0)
            other = again;
        }
      g_assert_cmpfloat (again, ==, other);
    }
  g_assert_cmpfloat (first[0], ==, first[1]);
  g_assert_cmpfloat (first[0], !=, first[2]);
}

static void
test_states_are_the_other_backends (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (QrxBackend) simulator = qrx_statevector_backend_new ();
  g_autoptr (QrxBackend) backend = make ("spsa", 0.1, 1, 0);
  g_autoptr (QrxTensor) expected = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 8);
  g_autoptr (QrxTensor) found = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 8);
  g_autoptr (GError) error = NULL;

  fixture_init (&f, CIRCUIT (RX ("{\"weight\": 0}")), 0, 0.7);
  qrx_backend_states (simulator, f.program, f.inputs, f.weights, expected, NULL, &error);
  g_assert_no_error (error);
  qrx_backend_states (backend, f.program, f.inputs, f.weights, found, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (qrx_tensor_get (found, 0), !=, 0);
  for (gsize i = 0; i < 8; i++)
    g_assert_cmpfloat (qrx_tensor_get (found, i), ==, qrx_tensor_get (expected, i));
}

static void
test_no_rows_have_no_gradient (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (QrxBackend) backend = make ("parameter-shift", 1, 1, 0);
  g_autoptr (QrxWorkspace) workspace = NULL;
  g_autoptr (QrxTensor) none = qrx_tensor_new_matrix (QRX_DTYPE_F64, 0, 1);
  g_autoptr (GError) error = NULL;

  fixture_init (&f, CIRCUIT (RX ("{\"weight\": 0}")), 0, 0.7);
  workspace = qrx_backend_create_workspace (backend, f.program, 3, QRX_DTYPE_F64, NULL);
  qrx_tensor_fill (f.by_weights, NAN);
  qrx_backend_expectations (backend, f.program, none, f.weights, workspace, none, NULL, &error);
  g_assert_no_error (error);
  qrx_backend_vjp (backend, f.program, workspace, none, none, f.by_weights, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (qrx_tensor_get (f.by_weights, 0), ==, 0);
}

static void
test_a_step_that_rounding_swallows_is_refused (void)
{
  static const char *const gradients[] = { "finite-difference", "spsa" };

  for (guint i = 0; i < G_N_ELEMENTS (gradients); i++)
    {
      g_auto (Fixture) f = { 0 };
      g_autoptr (QrxBackend) backend = make (gradients[i], 1e-6, 1, 0);
      g_autoptr (QrxWorkspace) workspace = NULL;
      g_autoptr (GError) error = NULL;

      fixture_init (&f, CIRCUIT (RX ("{\"weight\": 0}")), 0, 1e12);
      workspace = differentiate (&f, backend, TRUE, &error);
      g_assert_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_NOT_FINITE);
      g_assert_nonnull (strstr (error->message, "a step of 1e-06"));
    }
}

static void
test_what_makes_no_gradient_is_refused (void)
{
  g_autoptr (QrxBackend) simulator = qrx_statevector_backend_new ();
  g_autoptr (QrxBackend) same = qrx_backend_with_gradient (simulator, "adjoint", 1, 1, 0, NULL);
  g_autoptr (GError) name = NULL, step = NULL, averages = NULL;

  g_assert_true (same == simulator);
  g_assert_null (qrx_backend_with_gradient (simulator, "parameter-shifts", 1, 1, 0, &name));
  g_assert_error (name, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_UNKNOWN);
  g_assert_nonnull (strstr (name->message, "did you mean \"parameter-shift\"?"));
  g_assert_null (qrx_backend_with_gradient (simulator, "spsa", NAN, 1, 0, &step));
  g_assert_error (step, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE);
  g_assert_null (qrx_backend_with_gradient (simulator, "spsa", 1, 0, 0, &averages));
  g_assert_error (averages, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gradient/uses-add-up-and-scales-multiply", test_uses_add_up_and_scales_multiply);
  g_test_add_func ("/gradient/controlled-rotations-take-four-terms", test_controlled_rotations_take_four_terms);
  g_test_add_func ("/gradient/finite-differences-are-central", test_finite_differences_are_central);
  g_test_add_func ("/gradient/spsa-moves-only-what-is-wanted", test_spsa_moves_only_what_is_wanted);
  g_test_add_func ("/gradient/spsa-draws-from-its-stream-alone", test_spsa_draws_from_its_stream_alone);
  g_test_add_func ("/gradient/states-are-the-other-backends", test_states_are_the_other_backends);
  g_test_add_func ("/gradient/no-rows-have-no-gradient", test_no_rows_have_no_gradient);
  g_test_add_func ("/gradient/a-step-that-rounding-swallows-is-refused", test_a_step_that_rounding_swallows_is_refused);
  g_test_add_func ("/gradient/what-makes-no-gradient-is-refused", test_what_makes_no_gradient_is_refused);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Random circuits of all gates, weights that are used several times, affine angles and weighted sums: gradients from
 * expectations alone against the adjoint ones. */
#include <math.h>
#include <qrx/qrx-gradient.h>
#include <qrx/qrx-reference-backend.h>
#include <qrx/qrx-statevector-backend.h>

#include "circuit-batch.h"
#include "random-circuit.h"

#define N_CIRCUITS 120

static QrxBackend *
with_gradient (QrxBackend *backend, const char *gradient, double step, guint averages)
{
  g_autoptr (GError) error = NULL;
  QrxBackend *made = qrx_backend_with_gradient (backend, gradient, step, averages, 7, &error);

  g_assert_no_error (error);
  return made;
}

/* Gradients of both, of as many rows as asked for; their largest distance. */
static double
compare (QrxBackend *backend, const char *gradient, double step, QrxCircuit *circuit, GRand *rand, gsize n_rows)
{
  g_autoptr (QrxProgram) program = qrx_program_compile (circuit, NULL);
  g_autoptr (QrxBackend) other = with_gradient (backend, gradient, step, 1);
  Batch expected, found;
  double largest;

  batch_init (&expected, circuit, rand, n_rows);
  batch_dup (&found, &expected);
  run (backend, program, &expected, NULL);
  run (other, program, &found, NULL);
  g_assert_cmpfloat (distance (found.expectations, expected.expectations), ==, 0);
  largest =
      MAX (distance (found.grad_inputs, expected.grad_inputs), distance (found.grad_weights, expected.grad_weights));
  batch_clear (&expected);
  batch_clear (&found);
  return largest;
}

static void
test_parameter_shift_is_exact (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  g_autoptr (QrxBackend) statevector = qrx_statevector_backend_new (), reference = qrx_reference_backend_new ();

  for (guint i = 0; i < count_circuits (N_CIRCUITS); i++)
    {
      g_autoptr (QrxCircuit) circuit = random_circuit (rand, 1 + i % 5, (guint) g_rand_int_range (rand, 0, 40));

      /* Scales, coefficients and cotangents reach 3, 2 and 4; a weight has up to ten uses in each of three rows. */
      g_assert_cmpfloat (compare (statevector, "parameter-shift", 1, circuit, rand, 1 + i % 3), <=, 1e-10);
      if (i % 5 < 2)
        g_assert_cmpfloat (compare (reference, "parameter-shift", 1, circuit, rand, 1), <=, 1e-10);
    }
}

/* More rows times shifts than one panel takes. */
static void
test_parameter_shift_takes_any_number_of_rows (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (12);
  g_autoptr (QrxBackend) backend = qrx_statevector_backend_new ();

  for (gsize n_rows = 1; n_rows <= 301; n_rows += 100)
    {
      g_autoptr (QrxCircuit) circuit = random_circuit (rand, 4, 30);

      g_assert_cmpfloat (compare (backend, "parameter-shift", 1, circuit, rand, n_rows), <=, 1e-9);
    }
}

static void
test_finite_differences_are_near (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (13);
  g_autoptr (QrxBackend) backend = qrx_statevector_backend_new ();

  for (guint i = 0; i < count_circuits (N_CIRCUITS); i++)
    {
      g_autoptr (QrxCircuit) circuit = random_circuit (rand, 1 + i % 5, (guint) g_rand_int_range (rand, 0, 40));
      double coarse, fine;

      fine = compare (backend, "finite-difference", 1e-4, circuit, rand, 1 + i % 3);
      coarse = compare (backend, "finite-difference", 1e-2, circuit, rand, 1 + i % 3);
      /* step²/6 times third derivatives, which scales and several uses of a weight make some thousands */
      g_assert_cmpfloat (fine, <=, 1e-8 / 6 * 1e4);
      g_assert_cmpfloat (coarse, <=, 1e-4 / 6 * 1e4);
    }
}

/* The gradient by one row's inputs and by the weights as that row sees them. */
typedef struct {
  Batch batch;
  double square; /* of all of it */
} RowGradient;

static void
row_gradient_init (RowGradient *self, QrxBackend *backend, QrxProgram *program, const Batch *whole, gsize row,
                   GRand *rand)
{
  batch_init (&self->batch, qrx_program_get_circuit (program), rand, 1);
  qrx_tensor_copy_from (self->batch.weights, whole->weights);
  for (gsize i = 0; i < qrx_tensor_get_columns (whole->inputs); i++)
    qrx_tensor_set (self->batch.inputs, i,
                    qrx_tensor_get (whole->inputs, row * qrx_tensor_get_columns (whole->inputs) + i));
  for (gsize i = 0; i < qrx_tensor_get_columns (whole->cotangents); i++)
    qrx_tensor_set (self->batch.cotangents, i,
                    qrx_tensor_get (whole->cotangents, row * qrx_tensor_get_columns (whole->cotangents) + i));
  run (backend, program, &self->batch, NULL);
  self->square = 0;
  for (gsize i = 0; i < qrx_tensor_get_n_elements (self->batch.grad_inputs); i++)
    self->square += pow (qrx_tensor_get (self->batch.grad_inputs, i), 2);
  for (gsize i = 0; i < qrx_tensor_get_n_elements (self->batch.grad_weights); i++)
    self->square += pow (qrx_tensor_get (self->batch.grad_weights, i), 2);
}

#define N_AVERAGES 4000
#define STEP 1e-3

/* One draw has the gradient as its mean, and as its variance the sum of the squares of what else moves: so the mean of
 * many is known to within five standard errors, plus what the step costs. */
static void
test_spsa_is_unbiased (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (14);
  g_autoptr (QrxBackend) backend = qrx_statevector_backend_new ();
  g_autoptr (QrxBackend) spsa = with_gradient (backend, "spsa", STEP, N_AVERAGES);
  guint n_far = 0, n_all = 0;

  for (guint i = 0; i < 12; i++)
    {
      g_autoptr (QrxCircuit) circuit = random_circuit (rand, 1 + i % 4, 12);
      g_autoptr (QrxProgram) program = qrx_program_compile (circuit, NULL);
      gsize n_inputs = qrx_circuit_get_n_inputs (circuit), n_weights = qrx_circuit_get_n_weights (circuit);
      double by_inputs = 0;
      Batch expected, found;

      batch_init (&expected, circuit, rand, 2);
      batch_dup (&found, &expected);
      run (backend, program, &expected, NULL);
      run (spsa, program, &found, NULL);
      for (gsize row = 0; row < 2; row++)
        {
          RowGradient own;
          double deviation;

          row_gradient_init (&own, backend, program, &expected, row, rand);
          deviation = sqrt (own.square / N_AVERAGES);
          for (gsize j = 0; j < n_inputs; j++, n_all++)
            {
              double error = fabs (qrx_tensor_get (found.grad_inputs, row * n_inputs + j) -
                                   qrx_tensor_get (expected.grad_inputs, row * n_inputs + j));

              by_inputs += pow (qrx_tensor_get (expected.grad_inputs, row * n_inputs + j), 2);
              g_assert_cmpfloat (error, <=, 5 * deviation + STEP * STEP * 1e4);
              n_far += error > deviation + STEP * STEP * 1e4;
            }
          batch_clear (&own.batch);
        }
      for (gsize j = 0; j < n_weights; j++, n_all++)
        {
          double error = fabs (qrx_tensor_get (found.grad_weights, j) - qrx_tensor_get (expected.grad_weights, j));
          double square = by_inputs;

          for (gsize k = 0; k < n_weights; k++)
            square += pow (qrx_tensor_get (expected.grad_weights, k), 2);
          g_assert_cmpfloat (error, <=, 5 * sqrt (square / N_AVERAGES) + STEP * STEP * 1e4);
          n_far += error > sqrt (square / N_AVERAGES) + STEP * STEP * 1e4;
        }
      batch_clear (&expected);
      batch_clear (&found);
    }
  g_assert_cmpuint (n_far, <, n_all / 2); /* about a third would be, if all gradients were of one size */
  g_assert_cmpuint (n_far, >, 0);         /* it is no exact method */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gradients/parameter-shift-is-exact", test_parameter_shift_is_exact);
  g_test_add_func ("/gradients/parameter-shift-takes-any-number-of-rows",
                   test_parameter_shift_takes_any_number_of_rows);
  g_test_add_func ("/gradients/finite-differences-are-near", test_finite_differences_are_near);
  g_test_add_func ("/gradients/spsa-is-unbiased", test_spsa_is_unbiased);
  return g_test_run ();
}

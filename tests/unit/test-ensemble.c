/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include <qrx/qrx-ensemble.h>
#include <qrx/qrx-random.h>

/* One state a row, from real and imaginary parts in turn. */
static QrxTensor *
states_of (const double *numbers, gsize n_states, gsize columns)
{
  QrxTensor *states = qrx_tensor_new_matrix (QRX_DTYPE_F64, n_states, columns);

  for (gsize i = 0; i < n_states * columns; i++)
    qrx_tensor_set (states, i, numbers[i]);
  return states;
}

/* Haar-random states: independent normal amplitudes, over their norm. */
static QrxTensor *
draw_states (const char *purpose, gsize n_states, guint n_qubits)
{
  gsize columns = (gsize) 2 << n_qubits;
  QrxTensor *states = qrx_tensor_new_matrix (QRX_DTYPE_F64, n_states, columns);
  g_autoptr (QrxRandom) random = qrx_random_new (11, "ensemble", purpose, n_qubits);

  qrx_random_fill_normal (random, states, 0, 1);
  for (gsize row = 0; row < n_states; row++)
    {
      double *state = qrx_tensor_peek_f64 (states) + row * columns, norm = 0;

      for (gsize i = 0; i < columns; i++)
        norm += state[i] * state[i];
      for (gsize i = 0; i < columns; i++)
        state[i] /= sqrt (norm);
    }
  return states;
}

static QrxTensor *
vector (gsize n)
{
  return qrx_tensor_new (QRX_DTYPE_F64, &n, 1);
}

static void
test_product_states_are_not_entangled_and_ghz_and_bell_states_are (void)
{
  const double s = M_SQRT1_2, h = 0.5;
  /* |00>; (|0> + i|1>)(|0> - |1>) / 2; (|00> + |11>) / sqrt 2; cos 0.3 |00> + i sin 0.3 |11> */
  const double numbers[] = { 1, 0, 0, 0, 0, 0, 0, 0, h,         0, -h, 0, 0, h, 0, -h,
                             s, 0, 0, 0, 0, 0, s, 0, cos (0.3), 0, 0,  0, 0, 0, 0, sin (0.3) };
  const double ghz[] = { 0, s, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -s, 0 };
  g_autoptr (QrxTensor) states = states_of (numbers, 4, 8), three = states_of (ghz, 1, 16);
  g_autoptr (QrxTensor) values = vector (4), value = vector (1);
  g_autoptr (GError) error = NULL;

  g_assert_true (qrx_ensemble_meyer_wallach (states, values, &error));
  g_assert_true (qrx_ensemble_meyer_wallach (three, value, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat_with_epsilon (qrx_tensor_get (values, 0), 0, 1e-15);
  g_assert_cmpfloat_with_epsilon (qrx_tensor_get (values, 1), 0, 1e-15);
  g_assert_cmpfloat_with_epsilon (qrx_tensor_get (values, 2), 1, 1e-15);
  /* a pure state of two qubits: the square of the concurrence, sin² 2t */
  g_assert_cmpfloat_with_epsilon (qrx_tensor_get (values, 3), pow (sin (0.6), 2), 1e-15);
  g_assert_cmpfloat_with_epsilon (qrx_tensor_get (value, 0), 1, 1e-15);
}

static void
test_haar_random_states_are_as_entangled_as_theory_says (void)
{
  for (guint n_qubits = 2; n_qubits <= 6; n_qubits += 2)
    {
      const gsize n = 4000;
      g_autoptr (QrxTensor) states = draw_states ("entanglement", n, n_qubits), values = vector (n);
      double mean = 0, squares = 0, size = ldexp (1, (int) n_qubits);

      g_assert_true (qrx_ensemble_meyer_wallach (states, values, NULL));
      for (gsize i = 0; i < n; i++)
        {
          mean += qrx_tensor_get (values, i) / n;
          squares += qrx_tensor_get (values, i) * qrx_tensor_get (values, i) / n;
        }
      /* four standard errors of the mean */
      g_assert_cmpfloat_with_epsilon (mean, (size - 2) / (size + 1), 4 * sqrt ((squares - mean * mean) / n));
    }
}

static void
test_fidelities_of_known_pairs (void)
{
  const double s = M_SQRT1_2;
  const double first[] = { 1, 0, 0, 0, s, 0, 0, s, s, 0, s, 0 };   /* |0>, |+i>, |+> */
  const double second[] = { s, 0, s, 0, 0, s, s, 0, s, 0, 0, -s }; /* |+>, i|-i>, |-i> */
  g_autoptr (QrxTensor) a = states_of (first, 3, 4), b = states_of (second, 3, 4), f = vector (3);

  g_assert_true (qrx_ensemble_fidelities (a, b, f, NULL));
  g_assert_cmpfloat_with_epsilon (qrx_tensor_get (f, 0), 0.5, 1e-15);
  g_assert_cmpfloat_with_epsilon (qrx_tensor_get (f, 1), 0, 1e-15);
  g_assert_cmpfloat_with_epsilon (qrx_tensor_get (f, 2), 0.5, 1e-15);
}

static void
test_haar_random_states_do_not_diverge_beyond_the_bias (void)
{
  for (guint n_qubits = 1; n_qubits <= 7; n_qubits += 2)
    {
      const gsize n = 20000;
      g_autoptr (QrxTensor) a = draw_states ("a", n, n_qubits), b = draw_states ("b", n, n_qubits), f = vector (n);
      guint occupied;
      double divergence, bias;

      g_assert_true (qrx_ensemble_fidelities (a, b, f, NULL));
      divergence = qrx_ensemble_haar_divergence (f, n_qubits, 75, &occupied);
      bias = (occupied - 1) / (2.0 * n);
      g_test_message ("%u qubits: %g, %u bins occupied, bias %g", n_qubits, divergence, occupied, bias);
      /* 2n times the divergence is nearly chi-squared with occupied - 1 degrees of freedom: five of its deviations */
      g_assert_cmpfloat_with_epsilon (divergence, bias, 5 * sqrt (2.0 * (occupied - 1)) / (2 * n));
    }
}

/* The divergence of the distribution with this probability of fidelities up to x, from Haar's, in the same bins. */
static double
bin_exactly (double (*cumulate) (double), guint n_qubits, guint n_bins)
{
  double dimension = ldexp (1, (int) n_qubits), least = 1e-3 / dimension, sum = 0, low = 0;

  for (guint bin = 1; bin <= n_bins; bin++)
    {
      double high = pow (least, (double) (n_bins - bin) / (n_bins - 1)), p = cumulate (high) - cumulate (low);

      sum += p * log (p / (pow (1 - low, dimension - 1) - pow (1 - high, dimension - 1)));
      low = high;
    }
  return sum;
}

/* Of RY(t)|0>, t uniform: F = (1 + cos d) / 2. */
static double
arcsine (double fidelity)
{
  return 2 / G_PI * asin (sqrt (MIN (fidelity, 1)));
}

static void
test_rotations_around_one_axis_diverge_by_ln_4_over_pi (void)
{
  const gsize n = 200000;
  g_autoptr (QrxTensor) f = vector (n);
  double exact = bin_exactly (arcsine, 1, 75);

  /* Fidelities at the midpoints of n equal shares: no sampling, only binning. */
  for (gsize i = 0; i < n; i++)
    qrx_tensor_set (f, i, pow (sin (G_PI_2 * ((double) i + 0.5) / (double) n), 2));
  g_assert_cmpfloat_with_epsilon (qrx_ensemble_haar_divergence (f, 1, 75, NULL), exact, 1e-4);
  /* Without bins it is ln (4/π) = 0.2416. Within a bin at either end, where the density has a pole, 0.307 of its mass
   * (2/π)√width is lost: 0.0044 in the first, and 0.0038 in the last of 20000. */
  g_assert_cmpfloat (exact, <, log (4 / G_PI));
  g_assert_cmpfloat_with_epsilon (bin_exactly (arcsine, 1, 20000), log (4 / G_PI) - 0.0044 - 0.0038, 2e-4);
}

static void
test_a_single_state_diverges_by_the_last_bin (void)
{
  g_autoptr (QrxTensor) f = vector (10);
  guint occupied;
  double low = pow (1e-3 / 1024, 1.0 / 74);

  qrx_tensor_fill (f, 1);
  /* With ten qubits the last bin's mass underflows nothing, but is (1 - low)^1023. */
  g_assert_cmpfloat_with_epsilon (qrx_ensemble_haar_divergence (f, 10, 75, &occupied), -1023 * log1p (-low), 1e-9);
  g_assert_cmpuint (occupied, ==, 1);
}

static void
test_states_of_wrong_shape_are_refused (void)
{
  g_autoptr (QrxTensor) six = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 6),
                        single = qrx_tensor_new_matrix (QRX_DTYPE_F32, 2, 8);
  g_autoptr (QrxTensor) good = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 8),
                        small = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 4);
  g_autoptr (QrxTensor) two = vector (2), three = vector (3);
  g_autoptr (GError) columns = NULL, type = NULL, places = NULL, sizes = NULL;

  g_assert_false (qrx_ensemble_meyer_wallach (six, two, &columns));
  g_assert_error (columns, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
  g_assert_false (qrx_ensemble_meyer_wallach (single, two, &type));
  g_assert_error (type, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
  g_assert_false (qrx_ensemble_meyer_wallach (good, three, &places));
  g_assert_error (places, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
  g_assert_false (qrx_ensemble_fidelities (good, small, two, &sizes));
  g_assert_error (sizes, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ensemble/entanglement", test_product_states_are_not_entangled_and_ghz_and_bell_states_are);
  g_test_add_func ("/ensemble/entanglement-haar", test_haar_random_states_are_as_entangled_as_theory_says);
  g_test_add_func ("/ensemble/fidelities", test_fidelities_of_known_pairs);
  g_test_add_func ("/ensemble/divergence-haar", test_haar_random_states_do_not_diverge_beyond_the_bias);
  g_test_add_func ("/ensemble/divergence-arcsine", test_rotations_around_one_axis_diverge_by_ln_4_over_pi);
  g_test_add_func ("/ensemble/divergence-idle", test_a_single_state_diverges_by_the_last_bin);
  g_test_add_func ("/ensemble/faults", test_states_of_wrong_shape_are_refused);
  return g_test_run ();
}

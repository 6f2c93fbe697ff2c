/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "numerics/qrx-loops-private.h"

#include <qrx/qrx-linalg.h>
#include <qrx/qrx-random.h>
#include <qrx/qrx-update.h>

#include <float.h>
#include <math.h>
#include <string.h>

static QrxTensor *
make_random (QrxDtype dtype, gsize rows, gsize columns, const char *name, double scale)
{
  QrxTensor *tensor = qrx_tensor_new_matrix (dtype, rows, columns);
  QrxRandom random;

  qrx_random_init (&random, 1, name, "test", 0);
  qrx_random_fill_normal (&random, tensor, 0, scale);
  return tensor;
}

static void
assert_same_bits (QrxTensor *a, QrxTensor *b)
{
  g_autoptr (GBytes) a_bytes = qrx_tensor_ref_bytes (a);
  g_autoptr (GBytes) b_bytes = qrx_tensor_ref_bytes (b);

  g_assert_true (g_bytes_equal (a_bytes, b_bytes));
}

static long double
evaluate (QrxActivation activation, long double x)
{
  switch (activation)
    {
    case QRX_ACTIVATION_RELU:
      return x > 0 ? x : 0;
    case QRX_ACTIVATION_SILU:
      return x / (1 + expl (-x));
    case QRX_ACTIVATION_SIGMOID:
      return 1 / (1 + expl (-x));
    case QRX_ACTIVATION_TANH:
    default:
      return tanhl (x);
    }
}

static long double
evaluate_slope (QrxActivation activation, long double x)
{
  long double s = 1 / (1 + expl (-x)), t = tanhl (x);

  switch (activation)
    {
    case QRX_ACTIVATION_RELU:
      return x > 0;
    case QRX_ACTIVATION_SILU:
      return s * (1 + x * (1 - s));
    case QRX_ACTIVATION_SIGMOID:
      return s * (1 - s);
    case QRX_ACTIVATION_TANH:
    default:
      return 1 - t * t;
    }
}

/* Normally distributed over twelve decades, and the ends of the range. */
static QrxTensor *
make_arguments (QrxDtype dtype)
{
  static const double special[] = { 0,  -0.0, 1e-300, -1e-300, 1e-30, 0.17, 0.35, -0.35,
                                    20, -20,  88,     -88,     500,   -500, 700,  -700 };
  QrxTensor *x = make_random (dtype, 12, 1000, "arguments", 1);

  for (gsize i = 0; i < 12000; i++)
    qrx_tensor_set (x, i, qrx_tensor_get (x, i) * pow (10, 2 - (double) (i / 1000)));
  for (gsize i = 0; i < G_N_ELEMENTS (special); i++)
    qrx_tensor_set (x, i, special[i]);
  return x;
}

/* Against long double: two units in the last place, relative even where the value is tiny. */
static void
test_functions_are_accurate (gconstpointer dtype_data)
{
  QrxDtype dtype = (QrxDtype) GPOINTER_TO_INT (dtype_data);
  const double unit = dtype == QRX_DTYPE_F32 ? 0x1p-23 : 0x1p-52,
               least = dtype == QRX_DTYPE_F32 ? 0x1p-149 : 0x1p-1074;
  g_autoptr (QrxTensor) x = make_arguments (dtype);
  g_autoptr (QrxTensor) y = qrx_tensor_dup_as (x, dtype);

  for (guint activation = QRX_ACTIVATION_RELU; activation <= QRX_ACTIVATION_TANH; activation++)
    {
      double worst = 0;

      qrx_kernels_activate (activation, x, y, NULL);
      for (gsize i = 0; i < 12000; i++)
        {
          double expected = (double) evaluate (activation, qrx_tensor_get (x, i));
          double error = fabs (qrx_tensor_get (y, i) - expected);

          worst = fmax (worst, fmax (0, error - 2 * least) / (fabs (expected) + least) / unit);
        }
      g_test_message ("activation %u: %.2f units", activation, worst);
      g_assert_cmpfloat (worst, <=, 2);
    }
}

/* The slope of tanh and sigmoid comes from the rounded value, so near saturation it is right to the value's
 * unit only. */
static void
test_slopes_are_right (gconstpointer dtype_data)
{
  QrxDtype dtype = (QrxDtype) GPOINTER_TO_INT (dtype_data);
  const double unit = dtype == QRX_DTYPE_F32 ? 0x1p-23 : 0x1p-52;
  g_autoptr (QrxTensor) x = make_arguments (dtype);
  g_autoptr (QrxTensor) y = qrx_tensor_dup_as (x, dtype);
  g_autoptr (QrxTensor) gradient = qrx_tensor_dup_as (x, dtype);

  for (guint activation = QRX_ACTIVATION_RELU; activation <= QRX_ACTIVATION_TANH; activation++)
    {
      qrx_kernels_activate (activation, x, y, NULL);
      qrx_tensor_fill (gradient, -3);
      qrx_kernels_activate_backward (activation, x, y, gradient, gradient, NULL);
      for (gsize i = 0; i < 12000; i++)
        {
          double expected = -3 * (double) evaluate_slope (activation, qrx_tensor_get (x, i));

          g_assert_cmpfloat (fabs (qrx_tensor_get (gradient, i) - expected), <=, 3 * 6 * unit);
        }
    }
}

static void
test_what_is_not_a_number_stays_so (void)
{
  g_autoptr (QrxTensor) x = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 9);
  g_autoptr (QrxTensor) y = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 9);

  qrx_tensor_fill (x, NAN);
  for (guint activation = QRX_ACTIVATION_RELU; activation <= QRX_ACTIVATION_TANH; activation++)
    {
      qrx_kernels_activate (activation, x, y, NULL);
      for (gsize i = 0; i < 9; i++)
        g_assert_true (isnan (qrx_tensor_get (y, i)));
    }
}

/* Every loop on every level, on the same numbers at different places of a vector. */
static void
run_all_loops (const QrxLoops *loops, QrxDtype dtype, gsize n, gsize shift, char *out)
{
  g_autoptr (QrxTensor) x = make_random (dtype, 1, 300, "x", 3);
  g_autoptr (QrxTensor) g = make_random (dtype, 1, 300, "g", 1);
  gsize size = qrx_dtype_get_size (dtype);
  const char *in = (char *) qrx_tensor_peek (x) + shift * size,
             *grad = (char *) qrx_tensor_peek (g) + shift * size;
  QrxLoopsAdam adam = { 1, 0.9, 0.999, 1e-8, 0.01, 1.5, 0.01, 0.999 };
  double sums[300] = { 0 };
  char *mean = out + 10 * n * size, *square = out + 11 * n * size;

  for (guint activation = 0; activation < 4; activation++)
    {
      char *y = out + 2 * activation * n * size;

      loops->activate (activation, n, in, y);
      loops->activate_backward (activation, n, in, y, grad, y + n * size);
    }
  memcpy (out + 8 * n * size, in, n * size);
  loops->axpy (n, 0.3, grad, out + 8 * n * size);
  loops->add (n, in, out + 8 * n * size);
  loops->scale (n, 1.7, out + 8 * n * size);
  memcpy (out + 9 * n * size, in, n * size);
  memset (mean, 0, n * size);
  memset (square, 0, n * size);
  for (guint step = 0; step < 3; step++)
    loops->adam (&adam, n, grad, out + 9 * n * size, mean, square);
  loops->accumulate (n, in, sums);
  loops->accumulate (n, grad, sums);
  memcpy (out + 12 * n * size, sums, n * sizeof *sums);
}

static void
test_levels_and_places_give_the_same_bits (gconstpointer dtype_data)
{
  QrxDtype dtype = (QrxDtype) GPOINTER_TO_INT (dtype_data);
  const gsize n = 263, size = qrx_dtype_get_size (dtype), bytes = 12 * n * size + n * sizeof (double);
  g_autofree char *plain = g_malloc0 (bytes);
  g_autofree char *wide = g_malloc0 (bytes);

  run_all_loops (qrx_loops_get (dtype, FALSE), dtype, n, 0, plain);
  if (qrx_loops_has_wide ())
    {
      run_all_loops (qrx_loops_get (dtype, TRUE), dtype, n, 0, wide);
      g_assert_cmpmem (plain, bytes, wide, bytes);
    }
  for (gsize shift = 1; shift < 20; shift++)
    {
      g_autofree char *shifted = g_malloc0 (bytes);
      const gsize m = n - shift;

      run_all_loops (qrx_loops_get (dtype, qrx_loops_has_wide ()), dtype, m, shift, shifted);
      for (guint part = 0; part < 12; part++)
        g_assert_cmpmem (plain + (part * n + shift) * size, m * size, shifted + part * m * size, m * size);
      g_assert_cmpmem (plain + 12 * n * size + shift * sizeof (double), m * sizeof (double),
                       shifted + 12 * m * size, m * sizeof (double));
    }
}

static void
test_the_number_of_threads_changes_no_bit (void)
{
  QrxAdam settings = { 1e-3, 0.9, 0.999, 1e-8, 0.01, TRUE, 1 };
  g_autoptr (QrxTensor) gradient = make_random (QRX_DTYPE_F32, 300, 333, "gradient", 1);
  g_autoptr (QrxTensor) first = NULL;

  for (guint n_threads = 1; n_threads <= 3; n_threads++)
    {
      g_autoptr (QrxPool) pool = qrx_pool_new (n_threads);
      g_autoptr (QrxTensor) parameters = make_random (QRX_DTYPE_F32, 300, 333, "parameters", 1);
      g_autoptr (QrxTensor) mean = qrx_tensor_new_matrix (QRX_DTYPE_F32, 300, 333);
      g_autoptr (QrxTensor) square = qrx_tensor_new_matrix (QRX_DTYPE_F32, 300, 333);

      for (guint step = 1; step <= 3; step++)
        {
          qrx_update_adam (&settings, step, &(QrxGradient){ .values = gradient }, parameters, mean, square, pool);
          qrx_kernels_activate (QRX_ACTIVATION_SILU, parameters, parameters, pool);
          qrx_kernels_axpy (0.1, gradient, parameters, pool);
        }
      if (first == NULL)
        first = g_object_ref (parameters);
      assert_same_bits (first, parameters);
    }
}

/* The formulas of both papers, one number at a time. 1e-15: a handful of roundings of numbers below 1. */
static void
test_adam_takes_the_papers_steps (gconstpointer decoupled_data)
{
  gboolean decoupled = GPOINTER_TO_INT (decoupled_data);
  QrxAdam settings = { 0.01, 0.9, 0.999, 1e-8, 0.1, decoupled, 1 };
  g_autoptr (QrxTensor) gradient = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 3);
  g_autoptr (QrxTensor) parameters = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 3);
  g_autoptr (QrxTensor) mean = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 3);
  g_autoptr (QrxTensor) square = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 3);
  double p[3] = { 0.5, -0.25, 0 }, m[3] = { 0 }, v[3] = { 0 };

  for (guint i = 0; i < 3; i++)
    qrx_tensor_set (parameters, i, p[i]);
  for (guint step = 1; step <= 10; step++)
    {
      for (guint i = 0; i < 3; i++)
        {
          double g = sin (step + 2.0 * i), m_hat, v_hat;

          qrx_tensor_set (gradient, i, g);
          if (decoupled)
            p[i] -= 0.01 * 0.1 * p[i];
          else
            g += 0.1 * p[i];
          m[i] = 0.9 * m[i] + (1 - 0.9) * g;
          v[i] = 0.999 * v[i] + (1 - 0.999) * g * g;
          m_hat = m[i] / (1 - pow (0.9, step));
          v_hat = v[i] / (1 - pow (0.999, step));
          p[i] -= 0.01 * m_hat / (sqrt (v_hat) + 1e-8);
        }
      qrx_update_adam (&settings, step, &(QrxGradient){ .values = gradient }, parameters, mean, square, NULL);
      for (guint i = 0; i < 3; i++)
        g_assert_cmpfloat (fabs (qrx_tensor_get (parameters, i) - p[i]), <, 1e-15);
    }
}

/* Rows 37 and columns 1100 leave partial blocks; 300 terms are two partial sums. */
static void
test_a_product_moves_parameters_as_the_gradient_that_it_is (gconstpointer dtype_data)
{
  QrxDtype dtype = (QrxDtype) GPOINTER_TO_INT (dtype_data);
  const QrxAdam adam = { 1e-3, 0.9, 0.999, 1e-8, 0.01, FALSE, 0.5 };
  const QrxSgd sgd = { 1e-2, 0.9, 0.01, 0.5 };
  g_autoptr (QrxTensor) left = make_random (dtype, 300, 37, "left", 1);
  g_autoptr (QrxTensor) right = make_random (dtype, 300, 1100, "right", 1);
  g_autoptr (QrxTensor) whole = qrx_tensor_new_matrix (dtype, 37, 1100);
  g_autoptr (QrxPool) pool = qrx_pool_new (2);
  const QrxGradient gradients[] = { { .left = left, .right = right }, { .values = whole } };
  QrxTensor *parameters[2], *velocity[2], *mean[2], *square[2];
  double sums[2] = { 0 };

  qrx_linalg_multiply (left, TRUE, right, FALSE, 1, 0, whole, NULL);
  for (guint i = 0; i < 2; i++)
    {
      parameters[i] = make_random (dtype, 37, 1100, "parameters", 1);
      velocity[i] = qrx_tensor_new_matrix (dtype, 37, 1100);
      mean[i] = qrx_tensor_new_matrix (dtype, 37, 1100);
      square[i] = qrx_tensor_new_matrix (dtype, 37, 1100);
      sums[i] = qrx_update_adam (&adam, 1, &gradients[i], parameters[i], mean[i], square[i], pool);
      g_assert_cmpfloat (qrx_update_sgd (&sgd, &gradients[i], parameters[i], velocity[i], NULL), ==, sums[i]);
      g_assert_cmpfloat (qrx_update_measure (&gradients[i], pool), ==, sums[i]);
    }
  assert_same_bits (parameters[0], parameters[1]);
  assert_same_bits (mean[0], mean[1]);
  assert_same_bits (square[0], square[1]);
  assert_same_bits (velocity[0], velocity[1]);
  /* Blocks are summed in another order than pieces: 40,700 roundings of terms of one sign. */
  g_assert_cmpfloat (fabs (sums[0] - sums[1]), <=, 40700 * DBL_EPSILON * sums[1]);
  g_assert_cmpfloat (fabs (sums[1] - qrx_kernels_dot (whole, whole)), <=, 40700 * DBL_EPSILON * sums[1]);
  for (guint i = 0; i < 2; i++)
    {
      g_object_unref (parameters[i]);
      g_object_unref (velocity[i]);
      g_object_unref (mean[i]);
      g_object_unref (square[i]);
    }
}

static void
test_bias_and_column_sums (gconstpointer dtype_data)
{
  QrxDtype dtype = (QrxDtype) GPOINTER_TO_INT (dtype_data);
  g_autoptr (QrxTensor) x = make_random (dtype, 40, 301, "x", 1);
  g_autoptr (QrxTensor) before = qrx_tensor_dup_as (x, dtype);
  g_autoptr (QrxTensor) bias = make_random (dtype, 1, 301, "bias", 1);
  g_autoptr (QrxTensor) sums = qrx_tensor_new_matrix (dtype, 1, 301);

  qrx_kernels_add_bias (x, bias);
  qrx_tensor_fill (sums, 5);
  qrx_kernels_column_sums (x, FALSE, sums);
  qrx_kernels_column_sums (x, TRUE, sums);
  for (gsize j = 0; j < 301; j++)
    {
      double sum = 0;

      for (gsize i = 0; i < 40; i++)
        {
          double expected = qrx_tensor_get (before, i * 301 + j) + qrx_tensor_get (bias, j);
          double value = qrx_tensor_get (x, i * 301 + j);

          g_assert_cmpfloat (value, ==, dtype == QRX_DTYPE_F32 ? (double) (float) expected : expected);
          sum += value;
        }
      /* Twice the sum; single precision rounds it at the end of each call, double within it. */
      g_assert_cmpfloat (fabs (qrx_tensor_get (sums, j) - 2 * sum), <=,
                         dtype == QRX_DTYPE_F32 ? 2e-5 : 1e-13);
    }
}

/* Sums of a hundred thousand squares of order one: relative 1e-13 in double precision, also of single
 * elements. */
static void
test_dot_and_norm (gconstpointer dtype_data)
{
  QrxDtype dtype = (QrxDtype) GPOINTER_TO_INT (dtype_data);
  g_autoptr (QrxTensor) x = make_random (dtype, 1, 100007, "x", 1);
  g_autoptr (QrxTensor) y = make_random (dtype, 1, 100007, "y", 1);
  long double dot = 0, square = 0;

  for (gsize i = 0; i < 100007; i++)
    {
      dot += (long double) qrx_tensor_get (x, i) * qrx_tensor_get (y, i);
      square += (long double) qrx_tensor_get (x, i) * qrx_tensor_get (x, i);
    }
  g_assert_cmpfloat (fabs (qrx_kernels_dot (x, y) - (double) dot), <, 1e-13 * 1e5);
  g_assert_cmpfloat (fabs (qrx_kernels_norm (x) - sqrt ((double) square)), <, 1e-13 * 316);
}

static void
test_one_element_that_is_not_finite_is_found (gconstpointer dtype_data)
{
  QrxDtype dtype = (QrxDtype) GPOINTER_TO_INT (dtype_data);
  g_autoptr (QrxTensor) x = make_random (dtype, 1, 20001, "x", 1);

  g_assert_true (qrx_kernels_is_finite (x));
  qrx_tensor_set (x, 20000, INFINITY);
  g_assert_false (qrx_kernels_is_finite (x));
  qrx_tensor_set (x, 20000, 1);
  qrx_tensor_set (x, 3, NAN);
  g_assert_false (qrx_kernels_is_finite (x));
}

static void
add (const char *name, QrxDtype dtype, GTestDataFunc test)
{
  g_autofree char *path = g_strdup_printf ("/kernels/%s/%s", name, qrx_dtype_get_name (dtype));

  g_test_add_data_func (path, GINT_TO_POINTER (dtype), test);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint dtype = QRX_DTYPE_F32; dtype <= QRX_DTYPE_F64; dtype++)
    {
      add ("accuracy", dtype, test_functions_are_accurate);
      add ("slopes", dtype, test_slopes_are_right);
      add ("levels-and-places", dtype, test_levels_and_places_give_the_same_bits);
      add ("bias-and-sums", dtype, test_bias_and_column_sums);
      add ("dot-and-norm", dtype, test_dot_and_norm);
      add ("finite", dtype, test_one_element_that_is_not_finite_is_found);
    }
  g_test_add_func ("/kernels/not-a-number", test_what_is_not_a_number_stays_so);
  g_test_add_func ("/kernels/threads", test_the_number_of_threads_changes_no_bit);
  g_test_add_data_func ("/kernels/update/product/float32", GINT_TO_POINTER (QRX_DTYPE_F32),
                        test_a_product_moves_parameters_as_the_gradient_that_it_is);
  g_test_add_data_func ("/kernels/update/product/float64", GINT_TO_POINTER (QRX_DTYPE_F64),
                        test_a_product_moves_parameters_as_the_gradient_that_it_is);
  g_test_add_data_func ("/kernels/adam/coupled", GINT_TO_POINTER (FALSE), test_adam_takes_the_papers_steps);
  g_test_add_data_func ("/kernels/adam/decoupled", GINT_TO_POINTER (TRUE), test_adam_takes_the_papers_steps);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "numerics/qrx-linalg-private.h"

#include <qrx/qrx-random.h>

#include <math.h>
#include <string.h>

static QrxTensor *
make_random (QrxDtype dtype, gsize rows, gsize columns, const char *name)
{
  QrxTensor *tensor = qrx_tensor_new_matrix (dtype, rows, columns);
  QrxRandom random;

  qrx_random_init (&random, 1, name, "test", 0);
  qrx_random_fill_uniform (&random, tensor, -1, 1);
  return tensor;
}

static void
assert_same_bits (QrxTensor *a, QrxTensor *b)
{
  g_autoptr (GBytes) a_bytes = qrx_tensor_ref_bytes (a);
  g_autoptr (GBytes) b_bytes = qrx_tensor_ref_bytes (b);

  g_assert_true (g_bytes_equal (a_bytes, b_bytes));
}

static void
test_the_number_of_threads_changes_no_bit (gconstpointer dtype_data)
{
  static const gsize shapes[][3] = {
    { 32, 512, 1000 }, { 128, 130, 300 }, { 1200, 2100, 40 }, { 1000, 512, 32 }
  };
  QrxDtype dtype = (QrxDtype) GPOINTER_TO_INT (dtype_data);

  for (guint s = 0; s < G_N_ELEMENTS (shapes); s++)
    {
      g_autoptr (QrxTensor) a = make_random (dtype, shapes[s][0], shapes[s][2], "a");
      g_autoptr (QrxTensor) b = make_random (dtype, shapes[s][1], shapes[s][2], "b");
      g_autoptr (QrxTensor) alone = qrx_tensor_new_matrix (dtype, shapes[s][0], shapes[s][1]);

      qrx_linalg_multiply (a, FALSE, b, TRUE, 1, 0, alone, NULL);
      for (guint n_threads = 1; n_threads <= 3; n_threads++)
        {
          g_autoptr (QrxPool) pool = qrx_pool_new (n_threads);
          g_autoptr (QrxTensor) c = qrx_tensor_new_matrix (dtype, shapes[s][0], shapes[s][1]);

          qrx_linalg_multiply (a, FALSE, b, TRUE, 1, 0, c, pool);
          assert_same_bits (alone, c);
        }
    }
}

static void
copy_row (QrxTensor *to, gsize to_row, QrxTensor *from, gsize from_row)
{
  gsize size = qrx_tensor_get_columns (from) * qrx_dtype_get_size (qrx_tensor_get_dtype (from));

  memcpy ((char *) qrx_tensor_peek (to) + to_row * size, (char *) qrx_tensor_peek (from) + from_row * size,
          size);
}

static void
assert_same_row (QrxTensor *a, gsize a_row, QrxTensor *b, gsize b_row)
{
  gsize size = qrx_tensor_get_columns (a) * qrx_dtype_get_size (qrx_tensor_get_dtype (a));

  g_assert_cmpmem ((char *) qrx_tensor_peek (a) + a_row * size, size,
                   (char *) qrx_tensor_peek (b) + b_row * size, size);
}

/* What carries "a saved model predicts the same bits, whatever the rows' order and number". */
static void
test_a_row_does_not_depend_on_its_place_or_neighbours (gconstpointer dtype_data)
{
  static const gsize depths[] = { 1, 8, 12, 37, 128, 512, 1000 }, widths[] = { 1, 2, 8, 12, 33, 130, 512 };
  QrxDtype dtype = (QrxDtype) GPOINTER_TO_INT (dtype_data);
  QrxRandom random;

  qrx_random_init (&random, 5, "test", "places", 0);
  for (guint d = 0; d < G_N_ELEMENTS (depths); d++)
    for (guint w = 0; w < G_N_ELEMENTS (widths); w++)
      {
        g_autoptr (QrxTensor) a = make_random (dtype, 128, depths[d], "a");
        g_autoptr (QrxTensor) b = make_random (dtype, depths[d], widths[w], "b");
        g_autoptr (QrxTensor) c = qrx_tensor_new_matrix (dtype, 128, widths[w]);
        g_autoptr (QrxTensor) shuffled = qrx_tensor_new_matrix (dtype, 128, depths[d]);
        g_autoptr (QrxTensor) few = qrx_tensor_new_matrix (dtype, 5, depths[d]);
        g_autoptr (QrxTensor) c_shuffled = qrx_tensor_new_matrix (dtype, 128, widths[w]);
        g_autoptr (QrxTensor) c_few = qrx_tensor_new_matrix (dtype, 5, widths[w]);
        gsize order[128];

        qrx_random_permutation (&random, order, 128);
        for (gsize i = 0; i < 128; i++)
          copy_row (shuffled, i, a, order[i]);
        for (gsize i = 0; i < 5; i++)
          copy_row (few, i, a, order[i]);
        qrx_linalg_multiply (a, FALSE, b, FALSE, 1, 0, c, NULL);
        qrx_linalg_multiply (shuffled, FALSE, b, FALSE, 1, 0, c_shuffled, NULL);
        qrx_linalg_multiply (few, FALSE, b, FALSE, 1, 0, c_few, NULL);
        for (gsize i = 0; i < 128; i++)
          assert_same_row (c_shuffled, i, c, order[i]);
        for (gsize i = 0; i < 5; i++)
          assert_same_row (c_few, i, c, order[i]);
      }
}

static void
test_beta_zero_forgets_what_c_held (void)
{
  g_autoptr (QrxTensor) a = make_random (QRX_DTYPE_F32, 9, 5, "a");
  g_autoptr (QrxTensor) b = make_random (QRX_DTYPE_F32, 5, 7, "b");
  g_autoptr (QrxTensor) c = qrx_tensor_new_matrix (QRX_DTYPE_F32, 9, 7);

  qrx_tensor_fill (c, NAN);
  qrx_linalg_multiply (a, FALSE, b, FALSE, 1, 0, c, NULL);
  for (gsize i = 0; i < 63; i++)
    g_assert_true (isfinite (qrx_tensor_get (c, i)));
}

static void
test_an_empty_sum_is_zero (void)
{
  g_autoptr (QrxTensor) a = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 0);
  g_autoptr (QrxTensor) b = qrx_tensor_new_matrix (QRX_DTYPE_F64, 0, 3);
  g_autoptr (QrxTensor) c = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 3);

  qrx_tensor_fill (c, NAN);
  qrx_linalg_multiply (a, FALSE, b, FALSE, 1, 0, c, NULL);
  for (gsize i = 0; i < 6; i++)
    g_assert_cmpfloat (qrx_tensor_get (c, i), ==, 0);
}

static void
test_the_check_passes_and_sees_damage (void)
{
  g_autoptr (GError) error = NULL;

  qrx_linalg_check (&error);
  g_assert_no_error (error);
  g_assert_false (qrx_linalg_probe (1e-6, &error));
  g_assert_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES);
  g_assert_nonnull (strstr (error->message, qrx_linalg_get_core ()));
  g_assert_nonnull (strstr (error->message, "OPENBLAS_CORETYPE"));
}

/* A = Xᵀ X + shift I. */
static QrxTensor *
make_positive (gsize n, double shift)
{
  g_autoptr (QrxTensor) x = make_random (QRX_DTYPE_F64, n + 3, n, "spd");
  QrxTensor *a = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, n);

  qrx_linalg_multiply (x, TRUE, x, FALSE, 1, 0, a, NULL);
  for (gsize i = 0; i < n; i++)
    qrx_tensor_set (a, i * n + i, qrx_tensor_get (a, i * n + i) + shift);
  return a;
}

static double
max_difference (QrxTensor *a, QrxTensor *b)
{
  double max = 0;

  for (gsize i = 0; i < qrx_tensor_get_n_elements (a); i++)
    max = MAX (max, fabs (qrx_tensor_get (a, i) - qrx_tensor_get (b, i)));
  return max;
}

static void
scale_columns (QrxTensor *tensor, QrxTensor *factors)
{
  gsize columns = qrx_tensor_get_columns (tensor);

  for (gsize i = 0; i < qrx_tensor_get_n_elements (tensor); i++)
    qrx_tensor_set (tensor, i, qrx_tensor_get (tensor, i) * qrx_tensor_get (factors, i % columns));
}

/* Sum of squares of 60 numbers near 20: errors are a few hundred epsilon. */
static void
test_eigenvectors_rebuild_the_matrix (void)
{
  const gsize n = 60;
  g_autoptr (QrxTensor) a = make_positive (n, 0);
  g_autoptr (QrxTensor) values = qrx_tensor_new (QRX_DTYPE_F64, &n, 1);
  g_autoptr (QrxTensor) vectors = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, n);
  g_autoptr (QrxTensor) scaled = NULL;
  g_autoptr (QrxTensor) rebuilt = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, n);
  g_autoptr (GError) error = NULL;

  qrx_linalg_eigen_symmetric (a, values, vectors, &error);
  g_assert_no_error (error);
  for (gsize j = 0; j < n; j++)
    {
      double greatest = 0;

      g_assert_true (j == 0 || qrx_tensor_get (values, j) >= qrx_tensor_get (values, j - 1));
      for (gsize i = 0; i < n; i++)
        if (fabs (qrx_tensor_get (vectors, i * n + j)) > fabs (greatest))
          greatest = qrx_tensor_get (vectors, i * n + j);
      g_assert_cmpfloat (greatest, >, 0);
    }
  scaled = qrx_tensor_dup_as (vectors, QRX_DTYPE_F64);
  scale_columns (scaled, values);
  qrx_linalg_multiply (scaled, FALSE, vectors, TRUE, 1, 0, rebuilt, NULL);
  g_assert_cmpfloat (max_difference (a, rebuilt), <, 1e-12);
}

static void
test_the_solution_satisfies_the_system (void)
{
  const gsize n = 50;
  g_autoptr (QrxTensor) a = make_positive (n, 1);
  g_autoptr (QrxTensor) b = make_random (QRX_DTYPE_F64, n, 3, "b");
  g_autoptr (QrxTensor) x = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, 3);
  g_autoptr (QrxTensor) again = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, 3);
  g_autoptr (GError) error = NULL;

  qrx_linalg_solve_spd (a, b, x, &error);
  g_assert_no_error (error);
  qrx_linalg_multiply (a, FALSE, x, FALSE, 1, 0, again, NULL);
  g_assert_cmpfloat (max_difference (b, again), <, 1e-12);
}

static void
test_a_matrix_that_is_not_positive_definite_is_an_error (void)
{
  const gsize n = 3;
  g_autoptr (QrxTensor) a = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, n);
  g_autoptr (QrxTensor) b = make_random (QRX_DTYPE_F64, n, 1, "b");
  g_autoptr (GError) error = NULL;

  qrx_tensor_fill (a, 1);
  g_assert_false (qrx_linalg_solve_spd (a, b, b, &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE);
  g_assert_nonnull (strstr (error->message, "positive definite"));
}

static void
test_what_is_not_finite_is_an_error (void)
{
  const gsize n = 3;
  g_autoptr (QrxTensor) a = make_positive (n, 1);
  g_autoptr (QrxTensor) values = qrx_tensor_new (QRX_DTYPE_F64, &n, 1);
  g_autoptr (QrxTensor) vectors = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, n);
  g_autoptr (GError) error = NULL;

  qrx_tensor_set (a, 5, INFINITY);
  g_assert_false (qrx_linalg_eigen_symmetric (a, values, vectors, &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE);
  g_assert_nonnull (strstr (error->message, "row 2, column 3"));
}

static void
test_singular_vectors_rebuild_the_matrix (gconstpointer wide)
{
  const gsize m = wide ? 20 : 45, n = wide ? 45 : 20, r = 20;
  g_autoptr (QrxTensor) a = make_random (QRX_DTYPE_F64, m, n, "a");
  g_autoptr (QrxTensor) u = qrx_tensor_new_matrix (QRX_DTYPE_F64, m, r);
  g_autoptr (QrxTensor) values = qrx_tensor_new (QRX_DTYPE_F64, &r, 1);
  g_autoptr (QrxTensor) vt = qrx_tensor_new_matrix (QRX_DTYPE_F64, r, n);
  g_autoptr (QrxTensor) rebuilt = qrx_tensor_new_matrix (QRX_DTYPE_F64, m, n);
  g_autoptr (GError) error = NULL;

  qrx_linalg_svd_thin (a, u, values, vt, &error);
  g_assert_no_error (error);
  for (gsize j = 1; j < r; j++)
    g_assert_true (qrx_tensor_get (values, j) <= qrx_tensor_get (values, j - 1));
  scale_columns (u, values);
  qrx_linalg_multiply (u, FALSE, vt, FALSE, 1, 0, rebuilt, NULL);
  g_assert_cmpfloat (max_difference (a, rebuilt), <, 1e-13);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/linalg/threads/float32", GINT_TO_POINTER (QRX_DTYPE_F32),
                        test_the_number_of_threads_changes_no_bit);
  g_test_add_data_func ("/linalg/threads/float64", GINT_TO_POINTER (QRX_DTYPE_F64),
                        test_the_number_of_threads_changes_no_bit);
  g_test_add_data_func ("/linalg/rows/float32", GINT_TO_POINTER (QRX_DTYPE_F32),
                        test_a_row_does_not_depend_on_its_place_or_neighbours);
  g_test_add_data_func ("/linalg/rows/float64", GINT_TO_POINTER (QRX_DTYPE_F64),
                        test_a_row_does_not_depend_on_its_place_or_neighbours);
  g_test_add_func ("/linalg/beta-zero", test_beta_zero_forgets_what_c_held);
  g_test_add_func ("/linalg/empty-sum", test_an_empty_sum_is_zero);
  g_test_add_func ("/linalg/check", test_the_check_passes_and_sees_damage);
  g_test_add_func ("/linalg/eigen", test_eigenvectors_rebuild_the_matrix);
  g_test_add_func ("/linalg/solve", test_the_solution_satisfies_the_system);
  g_test_add_func ("/linalg/not-positive", test_a_matrix_that_is_not_positive_definite_is_an_error);
  g_test_add_func ("/linalg/not-finite", test_what_is_not_finite_is_an_error);
  g_test_add_data_func ("/linalg/svd/tall", GINT_TO_POINTER (FALSE),
                        test_singular_vectors_rebuild_the_matrix);
  g_test_add_data_func ("/linalg/svd/wide", GINT_TO_POINTER (TRUE), test_singular_vectors_rebuild_the_matrix);
  return g_test_run ();
}

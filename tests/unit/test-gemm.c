/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "numerics/qrx-gemm-private.h"

#include <qrx/qrx-random.h>

#include <math.h>
#include <string.h>

/* Around every tile (6, 12; 4, 8, 16, 32), the depth of a partial sum (256) and the blocks (1152, 2048); the
 * last two, of strips. */
static const gsize shapes[][3] = {
  { 1, 1, 1 },       { 1, 12, 7 },     { 12, 1, 130 },   { 5, 3, 256 },    { 6, 8, 257 },    { 13, 33, 64 },
  { 32, 512, 1000 }, { 128, 12, 300 }, { 100, 130, 31 }, { 1160, 20, 20 }, { 7, 2060, 513 }, { 1000, 64, 32 },
  { 5, 700, 2600 },  { 700, 5, 2600 },
};

static QrxTensor *
make_random (QrxDtype dtype, gsize rows, gsize columns, const char *name)
{
  QrxTensor *tensor = qrx_tensor_new_matrix (dtype, rows, columns);
  QrxRandom random;

  qrx_random_init (&random, 1, name, "test", rows * 1000003 + columns);
  qrx_random_fill_uniform (&random, tensor, -1, 1);
  return tensor;
}

static QrxGemmMatrix
view (QrxTensor *tensor, gboolean transposed)
{
  gsize columns = qrx_tensor_get_columns (tensor);

  return (QrxGemmMatrix){ qrx_tensor_peek (tensor), transposed ? 1 : columns, transposed ? columns : 1 };
}

static double
at (QrxTensor *tensor, gboolean transposed, gsize i, gsize j)
{
  return qrx_tensor_get (tensor, transposed ? j * qrx_tensor_get_columns (tensor) + i
                                            : i * qrx_tensor_get_columns (tensor) + j);
}

/* The sum of k products of numbers below one, rounded at each step: k epsilon bounds the error generously. */
static void
compare_with_plain_algebra (QrxGemmLevel level, QrxDtype dtype, const gsize *shape, gboolean ta, gboolean tb)
{
  gsize m = shape[0], n = shape[1], k = shape[2];
  g_autoptr (QrxTensor) a = ta ? make_random (dtype, k, m, "a") : make_random (dtype, m, k, "a");
  g_autoptr (QrxTensor) b = tb ? make_random (dtype, n, k, "b") : make_random (dtype, k, n, "b");
  g_autoptr (QrxTensor) before = make_random (dtype, m, n, "c");
  g_autoptr (QrxTensor) c = qrx_tensor_dup_as (before, dtype);
  QrxGemmMatrix va = view (a, ta), vb = view (b, tb), vc = view (c, FALSE);
  const double tolerance = 2 * (double) (k + 4) * (dtype == QRX_DTYPE_F32 ? 0x1p-24 : 0x1p-53);

  qrx_gemm_run (qrx_gemm_get_kernel (dtype, level), m, n, k, 0.5, &va, &vb, -2, &vc, NULL);
  for (gsize i = 0; i < m; i += 1 + m / 40)
    for (gsize j = 0; j < n; j += 1 + n / 40)
      {
        double sum = 0;

        for (gsize p = 0; p < k; p++)
          sum += at (a, ta, i, p) * at (b, tb, p, j);
        sum = 0.5 * sum - 2 * at (before, FALSE, i, j);
        g_assert_cmpfloat (fabs (sum - at (c, FALSE, i, j)), <=, tolerance);
      }
}

static void
test_agrees_with_plain_algebra (gconstpointer level_data)
{
  QrxGemmLevel level = (QrxGemmLevel) GPOINTER_TO_INT (level_data);

  if (!qrx_gemm_has_level (level))
    {
      g_test_skip ("this processor lacks the level");
      return;
    }
  for (guint s = 0; s < G_N_ELEMENTS (shapes); s++)
    for (guint flags = 0; flags < 8; flags++)
      compare_with_plain_algebra (level, flags & 4 ? QRX_DTYPE_F64 : QRX_DTYPE_F32, shapes[s], flags & 1,
                                  flags & 2);
}

static void
multiply_on (QrxGemmLevel level, QrxTensor *a, QrxTensor *b, QrxTensor *c)
{
  QrxGemmMatrix va = view (a, FALSE), vb = view (b, FALSE), vc = view (c, FALSE);

  qrx_gemm_run (qrx_gemm_get_kernel (qrx_tensor_get_dtype (c), level), qrx_tensor_get_rows (c),
                qrx_tensor_get_columns (c), qrx_tensor_get_columns (a), 1, &va, &vb, 0, &vc, NULL);
}

/* So a result does not depend on which of the machines in use today computed it. */
static void
test_avx2_and_avx512_give_the_same_bits (void)
{
  if (!qrx_gemm_has_level (QRX_GEMM_AVX512))
    {
      g_test_skip ("this processor lacks AVX-512");
      return;
    }
  for (guint s = 0; s < G_N_ELEMENTS (shapes); s++)
    for (guint dtype = QRX_DTYPE_F32; dtype <= QRX_DTYPE_F64; dtype++)
      {
        g_autoptr (QrxTensor) a = make_random (dtype, shapes[s][0], shapes[s][2], "a");
        g_autoptr (QrxTensor) b = make_random (dtype, shapes[s][2], shapes[s][1], "b");
        g_autoptr (QrxTensor) narrow = qrx_tensor_new_matrix (dtype, shapes[s][0], shapes[s][1]);
        g_autoptr (QrxTensor) wide = qrx_tensor_new_matrix (dtype, shapes[s][0], shapes[s][1]);
        gsize size = qrx_tensor_get_n_elements (wide) * qrx_dtype_get_size (dtype);

        multiply_on (QRX_GEMM_AVX2, a, b, narrow);
        multiply_on (QRX_GEMM_AVX512, a, b, wide);
        g_assert_cmpmem (qrx_tensor_peek (narrow), size, qrx_tensor_peek (wide), size);
      }
}

/* With the definition written out: partial sums of 256 fused steps each, added in order. */
static void
compare_with_definition (gsize m, gsize n)
{
  g_autoptr (QrxTensor) a = make_random (QRX_DTYPE_F64, m, 1000, "a");
  g_autoptr (QrxTensor) b = make_random (QRX_DTYPE_F64, 1000, n, "b");
  g_autoptr (QrxTensor) c = qrx_tensor_new_matrix (QRX_DTYPE_F64, m, n);

  multiply_on (qrx_gemm_get_best_level (), a, b, c);
  for (gsize i = 0; i < m; i++)
    for (gsize j = 0; j < n; j++)
      {
        double sum = 0;

        for (gsize term = 0; term < 1000; term += 256)
          {
            double part = 0;

            for (gsize p = term; p < MIN (term + 256, 1000); p++)
              part = fma (at (a, FALSE, i, p), at (b, FALSE, p, j), part);
            sum += part;
          }
        g_assert_cmpfloat (at (c, FALSE, i, j), ==, sum);
      }
}

static void
test_an_element_is_what_the_definition_says (void)
{
  if (!qrx_gemm_has_level (QRX_GEMM_AVX2))
    {
      g_test_skip ("this processor lacks fused multiplication and addition");
      return;
    }
  compare_with_definition (3, 5);
  compare_with_definition (100, 5); /* as strips */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/gemm/plain-algebra/baseline", GINT_TO_POINTER (QRX_GEMM_BASELINE),
                        test_agrees_with_plain_algebra);
  g_test_add_data_func ("/gemm/plain-algebra/avx2", GINT_TO_POINTER (QRX_GEMM_AVX2),
                        test_agrees_with_plain_algebra);
  g_test_add_data_func ("/gemm/plain-algebra/avx512", GINT_TO_POINTER (QRX_GEMM_AVX512),
                        test_agrees_with_plain_algebra);
  g_test_add_func ("/gemm/same-bits-on-levels", test_avx2_and_avx512_give_the_same_bits);
  g_test_add_func ("/gemm/definition", test_an_element_is_what_the_definition_says);
  return g_test_run ();
}

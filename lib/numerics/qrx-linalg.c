/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Linear algebra on tensors: checks shapes once and hands plain arrays to the kernels and to LAPACK. */
#include <qrx/qrx-linalg.h>

#include "numerics/qrx-gemm-private.h"
#include "numerics/qrx-lapack-private.h"

#include <limits.h>
#include <math.h>
#include <string.h>

/**
 * qrx_linalg_get_kernel:
 *
 * Gets the level on which products are computed: "avx512", "avx2" or "baseline". Results are the same bit for
 * bit on "avx2" and "avx512"; on "baseline" products are rounded before they are added.
 *
 * Returns: the level
 */
const char *
qrx_linalg_get_kernel (void)
{
  switch (qrx_gemm_get_best_level ())
    {
    case QRX_GEMM_AVX512:
      return "avx512";
    case QRX_GEMM_AVX2:
      return "avx2";
    case QRX_GEMM_BASELINE:
    default:
      return "baseline";
    }
}

/* A tensor as a matrix, transposed by its strides. */
static QrxGemmMatrix
view (QrxTensor *tensor, gboolean transposed)
{
  gsize columns = qrx_tensor_get_columns (tensor);

  return (QrxGemmMatrix){ qrx_tensor_peek (tensor), transposed ? 1 : columns, transposed ? columns : 1 };
}

/**
 * qrx_linalg_multiply:
 * @a: the left factor; a tensor of more than two dimensions is taken as rows of all that is in them
 * @transpose_a: whether to transpose @a
 * @b: the right factor, of the same element type
 * @transpose_b: whether to transpose @b
 * @alpha: a factor of @a
 * @beta: a factor of what @c holds; at 0, @c may hold anything
 * @c: the result, of the same element type and the product's shape, and neither @a nor @b
 * @pool: (nullable): threads to share the work
 *
 * Computes C = alpha op(A) op(B) + beta C.
 *
 * An element's bits depend on its row of op(A), its column of op(B) and @alpha, @beta and what C held there
 * alone: not on the other rows, its place among them, or the number of threads.
 */
void
qrx_linalg_multiply (QrxTensor *a,
                     gboolean transpose_a,
                     QrxTensor *b,
                     gboolean transpose_b,
                     double alpha,
                     double beta,
                     QrxTensor *c,
                     QrxPool *pool)
{
  QrxGemmMatrix left, right, result;
  const QrxGemmKernel *kernel;
  gsize m, n, k;

  g_return_if_fail (QRX_IS_TENSOR (a) && QRX_IS_TENSOR (b) && QRX_IS_TENSOR (c));
  g_return_if_fail (c != a && c != b && !qrx_tensor_is_read_only (c));
  g_return_if_fail (qrx_tensor_get_dtype (a) == qrx_tensor_get_dtype (c));
  g_return_if_fail (qrx_tensor_get_dtype (b) == qrx_tensor_get_dtype (c));

  m = transpose_a ? qrx_tensor_get_columns (a) : qrx_tensor_get_rows (a);
  k = transpose_a ? qrx_tensor_get_rows (a) : qrx_tensor_get_columns (a);
  n = transpose_b ? qrx_tensor_get_rows (b) : qrx_tensor_get_columns (b);
  g_return_if_fail ((transpose_b ? qrx_tensor_get_columns (b) : qrx_tensor_get_rows (b)) == k);
  g_return_if_fail (qrx_tensor_get_rows (c) == m && qrx_tensor_get_columns (c) == n);

  left = view (a, transpose_a);
  right = view (b, transpose_b);
  result = view (c, FALSE);
  kernel = qrx_gemm_get_kernel (qrx_tensor_get_dtype (c), qrx_gemm_get_best_level ());
  qrx_gemm_run (kernel, m, n, k, alpha, &left, &right, beta, &result, pool);
}

static gboolean
check_finite (const char *what, QrxTensor *tensor, GError **error)
{
  const double *elements = qrx_tensor_peek_f64 (tensor);
  gsize n = qrx_tensor_get_n_elements (tensor), columns = qrx_tensor_get_columns (tensor);

  for (gsize i = 0; i < n; i++)
    if (!isfinite (elements[i]))
      {
        g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                     "%s: the matrix has %g in row %" G_GSIZE_FORMAT ", column %" G_GSIZE_FORMAT
                     "; all of it must be finite",
                     what, elements[i], i / columns + 1, i % columns + 1);
        return FALSE;
      }
  return TRUE;
}

static void
transpose_into (double *to, const double *from, gsize rows, gsize columns)
{
  for (gsize i = 0; i < rows; i++)
    for (gsize j = 0; j < columns; j++)
      to[j * rows + i] = from[i * columns + j];
}

static gboolean
is_f64_matrix (QrxTensor *tensor, gsize rows, gsize columns)
{
  return QRX_IS_TENSOR (tensor) && qrx_tensor_get_dtype (tensor) == QRX_DTYPE_F64 &&
         qrx_tensor_get_rows (tensor) == rows && qrx_tensor_get_columns (tensor) == columns;
}

static gboolean
is_f64_vector (QrxTensor *tensor, gsize n)
{
  return QRX_IS_TENSOR (tensor) && qrx_tensor_get_dtype (tensor) == QRX_DTYPE_F64 &&
         qrx_tensor_get_n_elements (tensor) == n;
}

/* A writable copy of a matrix's elements, which LAPACK overwrites. */
static double *
copy_elements (const char *what, QrxTensor *tensor, GError **error)
{
  gsize n = qrx_tensor_get_n_elements (tensor);
  double *copy = qrx_lapack_allocate (what, n, sizeof *copy, error);

  if (copy != NULL && n > 0)
    memcpy (copy, qrx_tensor_peek_f64 (tensor), n * sizeof *copy);
  return copy;
}

/**
 * qrx_linalg_eigen_symmetric:
 * @a: a symmetric matrix [n, n] in double precision, of which the upper triangle is read
 * @values: room for the eigenvalues [n], ascending
 * @vectors: room for the eigenvectors [n, n], of unit length, one in each column
 * @error: return location for an error
 *
 * Finds all eigenvalues and eigenvectors of a symmetric matrix.
 *
 * In each vector the element of greatest magnitude, the first among equals, is positive. Fails with
 * %QRX_DATA_ERROR_VALUE where @a is not finite, %QRX_RUN_ERROR_FAILED where the method does not converge, and
 * %QRX_RUN_ERROR_RESOURCES where memory is short or OpenBLAS is unsound.
 *
 * Returns: whether it succeeded
 */
gboolean
qrx_linalg_eigen_symmetric (QrxTensor *a, QrxTensor *values, QrxTensor *vectors, GError **error)
{
  g_autofree double *copy = NULL;
  gsize n;

  g_return_val_if_fail (QRX_IS_TENSOR (a), FALSE);
  n = qrx_tensor_get_rows (a);
  g_return_val_if_fail (n < INT_MAX && is_f64_matrix (a, n, n), FALSE);
  g_return_val_if_fail (is_f64_vector (values, n) && is_f64_matrix (vectors, n, n), FALSE);
  g_return_val_if_fail (!qrx_tensor_is_read_only (values) && !qrx_tensor_is_read_only (vectors), FALSE);

  if (!qrx_linalg_check (error) || !check_finite ("eigenvalues", a, error))
    return FALSE;
  if (n == 0)
    return TRUE;
  copy = copy_elements ("eigenvalues", a, error);
  if (copy == NULL || !qrx_lapack_eigen (copy, qrx_tensor_peek_f64 (values), n, error))
    return FALSE;
  transpose_into (qrx_tensor_peek_f64 (vectors), copy, n, n);
  return TRUE;
}

/**
 * qrx_linalg_solve_spd:
 * @a: a symmetric positive definite matrix [n, n] in double precision, of which the upper triangle is read
 * @b: right sides [n, r] in double precision
 * @x: room for the solutions [n, r]; it may be @b
 * @error: return location for an error
 *
 * Solves A X = B by Cholesky's factorization.
 *
 * Fails with %QRX_DATA_ERROR_VALUE where @a is not positive definite or not finite, and
 * %QRX_RUN_ERROR_RESOURCES where memory is short or OpenBLAS is unsound.
 *
 * Returns: whether it succeeded
 */
gboolean
qrx_linalg_solve_spd (QrxTensor *a, QrxTensor *b, QrxTensor *x, GError **error)
{
  static const char what[] = "linear system";
  g_autofree double *factor = NULL;
  g_autofree double *sides = NULL;
  gsize n, n_sides;

  g_return_val_if_fail (QRX_IS_TENSOR (a) && QRX_IS_TENSOR (b), FALSE);
  n = qrx_tensor_get_rows (a);
  n_sides = qrx_tensor_get_columns (b);
  g_return_val_if_fail (n < INT_MAX && n_sides < INT_MAX, FALSE);
  g_return_val_if_fail (is_f64_matrix (a, n, n) && is_f64_matrix (b, n, n_sides), FALSE);
  g_return_val_if_fail (is_f64_matrix (x, n, n_sides) && !qrx_tensor_is_read_only (x), FALSE);

  if (!qrx_linalg_check (error) || !check_finite (what, a, error) || !check_finite (what, b, error))
    return FALSE;
  if (n == 0 || n_sides == 0)
    return TRUE;
  factor = copy_elements (what, a, error);
  sides = factor != NULL ? qrx_lapack_allocate (what, n * n_sides, sizeof *sides, error) : NULL;
  if (sides == NULL)
    return FALSE;
  transpose_into (sides, qrx_tensor_peek_f64 (b), n, n_sides);
  if (!qrx_lapack_solve (factor, sides, n, n_sides, error))
    return FALSE;
  transpose_into (qrx_tensor_peek_f64 (x), sides, n_sides, n);
  return TRUE;
}

/**
 * qrx_linalg_svd_thin:
 * @a: a matrix [m, n] in double precision
 * @u: room for the left singular vectors [m, r], one in each column; r is the lesser of m and n
 * @values: room for the singular values [r], descending
 * @vt: room for the right singular vectors [r, n], one in each row
 * @error: return location for an error
 *
 * Finds A = U diag(values) Vᵀ.
 *
 * In each row of Vᵀ the element of greatest magnitude, the first among equals, is positive. Errors are those
 * of qrx_linalg_eigen_symmetric().
 *
 * Returns: whether it succeeded
 */
gboolean
qrx_linalg_svd_thin (QrxTensor *a, QrxTensor *u, QrxTensor *values, QrxTensor *vt, GError **error)
{
  static const char what[] = "singular values";
  g_autofree double *copy = NULL;
  gsize m, n, r;

  g_return_val_if_fail (QRX_IS_TENSOR (a), FALSE);
  m = qrx_tensor_get_rows (a);
  n = qrx_tensor_get_columns (a);
  r = MIN (m, n);
  g_return_val_if_fail (m < INT_MAX && n < INT_MAX && is_f64_matrix (a, m, n), FALSE);
  g_return_val_if_fail (is_f64_matrix (u, m, r) && is_f64_vector (values, r) && is_f64_matrix (vt, r, n),
                        FALSE);
  g_return_val_if_fail (!qrx_tensor_is_read_only (u) && !qrx_tensor_is_read_only (values), FALSE);
  g_return_val_if_fail (!qrx_tensor_is_read_only (vt), FALSE);

  if (!qrx_linalg_check (error) || !check_finite (what, a, error))
    return FALSE;
  if (r == 0)
    return TRUE;
  copy = copy_elements (what, a, error);
  return copy != NULL && qrx_lapack_svd (copy, m, n, qrx_tensor_peek_f64 (u), qrx_tensor_peek_f64 (values),
                                         qrx_tensor_peek_f64 (vt), error);
}

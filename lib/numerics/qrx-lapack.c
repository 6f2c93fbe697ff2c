/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The only caller of LAPACK: factorizations of plain arrays in double precision. Knows nothing of tensors. */
#include "numerics/qrx-lapack-private.h"

#include <cblas.h>

#include <math.h>

/* Beyond this the sizes of LAPACK's workspaces overflow its integers. */
#define MAX_SIZE 20000

/* LAPACK is Fortran: all by reference, columns adjacent, the lengths of strings at the end. */
void
dsyevd_ (const char *jobz,
         const char *uplo,
         const blasint *n,
         double *a,
         const blasint *lda,
         double *w,
         double *work,
         const blasint *lwork,
         blasint *iwork,
         const blasint *liwork,
         blasint *info,
         size_t,
         size_t);
void
dpotrf_ (const char *uplo, const blasint *n, double *a, const blasint *lda, blasint *info, size_t);
void
dpotrs_ (const char *uplo,
         const blasint *n,
         const blasint *nrhs,
         const double *a,
         const blasint *lda,
         double *b,
         const blasint *ldb,
         blasint *info,
         size_t);
void
dgesdd_ (const char *jobz,
         const blasint *m,
         const blasint *n,
         double *a,
         const blasint *lda,
         double *s,
         double *u,
         const blasint *ldu,
         double *vt,
         const blasint *ldvt,
         double *work,
         const blasint *lwork,
         blasint *iwork,
         blasint *info,
         size_t);

gpointer
qrx_lapack_allocate (const char *what, gsize n, gsize size, GError **error)
{
  gpointer memory = g_try_malloc0_n (MAX (n, 1), size);

  if (memory == NULL)
    g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES,
                 "%s: no memory for %" G_GSIZE_FORMAT " numbers of %" G_GSIZE_FORMAT " bytes", what, n, size);
  return memory;
}

static void
set_not_converged (const char *what, blasint info, GError **error)
{
  g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED, "%s: LAPACK did not converge (info = %d)", what,
               (int) info);
}

static gboolean
check_size (const char *what, gsize size, GError **error)
{
  if (size <= MAX_SIZE)
    return TRUE;
  g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES,
               "%s: the matrix has %" G_GSIZE_FORMAT " rows or columns, and LAPACK can take %d", what, size,
               MAX_SIZE);
  return FALSE;
}

/* -1 where the element of greatest magnitude, the first among equals, is negative. */
static double
get_sign (const double *vector, gsize n)
{
  gsize greatest = 0;

  for (gsize i = 1; i < n; i++)
    if (fabs (vector[i]) > fabs (vector[greatest]))
      greatest = i;
  return n > 0 && vector[greatest] < 0 ? -1 : 1;
}

gboolean
qrx_lapack_eigen (double *a, double *values, gsize size, GError **error)
{
  static const char what[] = "eigenvalues";
  blasint n = (blasint) size, info = 0, lwork = -1, liwork = -1, iwork_size = 0;
  double work_size = 0;
  g_autofree double *work = NULL;
  g_autofree blasint *iwork = NULL;

  if (!check_size (what, size, error))
    return FALSE;
  dsyevd_ ("V", "L", &n, a, &n, values, &work_size, &lwork, &iwork_size, &liwork, &info, 1, 1);
  lwork = (blasint) work_size;
  liwork = iwork_size;
  work = qrx_lapack_allocate (what, (gsize) lwork, sizeof *work, error);
  iwork = work != NULL ? qrx_lapack_allocate (what, (gsize) liwork, sizeof *iwork, error) : NULL;
  if (iwork == NULL)
    return FALSE;
  dsyevd_ ("V", "L", &n, a, &n, values, work, &lwork, iwork, &liwork, &info, 1, 1);
  if (info != 0)
    {
      set_not_converged (what, info, error);
      return FALSE;
    }
  for (gsize j = 0; j < size; j++)
    {
      double sign = get_sign (a + j * size, size);

      for (gsize i = 0; i < size; i++)
        a[j * size + i] *= sign;
    }
  return TRUE;
}

gboolean
qrx_lapack_solve (double *a, double *b, gsize size, gsize n_sides, GError **error)
{
  blasint n = (blasint) size, nrhs = (blasint) n_sides, info = 0;

  if (!check_size ("linear system", MAX (size, n_sides), error))
    return FALSE;
  dpotrf_ ("L", &n, a, &n, &info, 1);
  if (info != 0)
    {
      g_set_error (
          error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
          "the matrix of the linear system is not positive definite (its leading minor of order %d is not); "
          "its columns depend on each other: give it a greater penalty",
          (int) info);
      return FALSE;
    }
  dpotrs_ ("L", &n, &nrhs, a, &n, b, &n, &info, 1);
  return TRUE;
}

/* Each row of vt and column of u by the sign of vt's greatest element. */
static void
fix_signs (double *u, double *vt, gsize m, gsize n, gsize r)
{
  for (gsize j = 0; j < r; j++)
    if (get_sign (vt + j * n, n) < 0)
      {
        for (gsize i = 0; i < n; i++)
          vt[j * n + i] = -vt[j * n + i];
        for (gsize i = 0; i < m; i++)
          u[i * r + j] = -u[i * r + j];
      }
}

gboolean
qrx_lapack_svd (double *a, gsize rows, gsize columns, double *u, double *values, double *vt, GError **error)
{
  static const char what[] = "singular values";
  blasint m = (blasint) rows, n = (blasint) columns, r = MIN (m, n), info = 0, lwork = -1;
  double work_size = 0;
  g_autofree double *work = NULL;
  g_autofree blasint *iwork = NULL;

  if (!check_size (what, MIN (rows, columns), error))
    return FALSE;
  iwork = qrx_lapack_allocate (what, 8 * (gsize) r, sizeof *iwork, error);
  if (iwork == NULL)
    return FALSE;
  /* LAPACK sees the transpose, so its left vectors are our right ones, and all is in our order already. */
  dgesdd_ ("S", &n, &m, a, &n, values, vt, &n, u, &r, &work_size, &lwork, iwork, &info, 1);
  lwork = (blasint) work_size;
  work = qrx_lapack_allocate (what, (gsize) lwork, sizeof *work, error);
  if (work == NULL)
    return FALSE;
  dgesdd_ ("S", &n, &m, a, &n, values, vt, &n, u, &r, work, &lwork, iwork, &info, 1);
  if (info != 0)
    {
      set_not_converged (what, info, error);
      return FALSE;
    }
  fix_signs (u, vt, rows, columns, (gsize) r);
  return TRUE;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether the BLAS and LAPACK at hand can be trusted.
 *
 * OpenBLAS' threads are the process's, and its results change with their number, so it is set to one. Old
 * releases may choose a kernel that is wrong on a new processor; hence a comparison with plain algebra, once
 * per process. */
#include "numerics/qrx-lapack-private.h"
#include "numerics/qrx-linalg-private.h"

#include <cblas.h>

#include <math.h>
#include <string.h>

/**
 * qrx_linalg_get_core:
 *
 * Gets the processor type whose kernels OpenBLAS has chosen; LAPACK's results depend on it.
 *
 * Returns: the name, such as "Haswell"
 */
const char *
qrx_linalg_get_core (void)
{
  return openblas_get_corename ();
}

/* A deterministic full matrix of small numbers without structure. */
static void
fill_probe (double *a, gsize n)
{
  for (gsize i = 0; i < n; i++)
    a[i] = (double) ((i * 2654435761u) % 1000003u) / 1000003.0 - 0.5;
}

/* Whether dgemm agrees with a plain product; @tolerance covers its other order of summation. */
static gboolean
probe_product (gsize m, gsize n, gsize k, double damage)
{
  g_autofree double *a = g_new (double, m *k);
  g_autofree double *b = g_new (double, k *n);
  g_autofree double *c = g_new0 (double, m *n);
  const double tolerance = 1e-13 * (double) k;

  fill_probe (a, m * k);
  fill_probe (b, k * n);
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint) m, (blasint) n, (blasint) k, 1, a,
               (blasint) k, b, (blasint) n, 0, c, (blasint) n);
  c[m * n - 1] += damage;
  for (gsize i = 0; i < m; i++)
    for (gsize j = 0; j < n; j++)
      {
        double sum = 0;

        for (gsize p = 0; p < k; p++)
          sum += a[i * k + p] * b[p * n + j];
        if (!(fabs (c[i * n + j] - sum) <= tolerance))
          return FALSE;
      }
  return TRUE;
}

/* Whether A V = V diag(values) for a matrix large enough for LAPACK's blocked code. */
static gboolean
probe_eigen (gsize n, double damage)
{
  g_autofree double *a = g_new (double, n *n);
  g_autofree double *vectors = g_new (double, n *n);
  g_autofree double *values = g_new (double, n);

  fill_probe (a, n * n);
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < i; j++)
      a[i * n + j] = a[j * n + i];
  memcpy (vectors, a, n * n * sizeof *a);
  if (!qrx_lapack_eigen (vectors, values, n, NULL))
    return FALSE;
  vectors[0] += damage;
  for (gsize j = 0; j < n; j++)
    for (gsize i = 0; i < n; i++)
      {
        double sum = 0;

        for (gsize p = 0; p < n; p++)
          sum += a[i * n + p] * vectors[j * n + p];
        if (!(fabs (sum - values[j] * vectors[j * n + i]) <= 1e-12 * (double) n))
          return FALSE;
      }
  return TRUE;
}

/* Whether the solution of a system whose matrix is diagonally dominant satisfies it. */
static gboolean
probe_solve (gsize n, double damage)
{
  g_autofree double *a = g_new (double, n *n);
  g_autofree double *factor = g_new (double, n *n);
  g_autofree double *x = g_new (double, n);

  fill_probe (a, n * n);
  for (gsize i = 0; i < n; i++)
    {
      for (gsize j = 0; j < i; j++)
        a[i * n + j] = a[j * n + i];
      a[i * n + i] = (double) n;
      x[i] = 1;
    }
  memcpy (factor, a, n * n * sizeof *a);
  if (!qrx_lapack_solve (factor, x, n, 1, NULL))
    return FALSE;
  x[n / 2] += damage;
  for (gsize i = 0; i < n; i++)
    {
      double sum = 0;

      for (gsize j = 0; j < n; j++)
        sum += a[i * n + j] * x[j];
      if (!(fabs (sum - 1) <= 1e-13 * (double) n))
        return FALSE;
    }
  return TRUE;
}

gboolean
qrx_linalg_probe (double damage, GError **error)
{
  static const gsize shapes[][3] = { { 1, 1, 1 },     { 1, 12, 12 },   { 7, 5, 3 },
                                     { 33, 17, 129 }, { 128, 8, 130 }, { 32, 65, 1000 } };
  const char *wrong = NULL;

  openblas_set_num_threads (1);
  for (gsize i = 0; i < G_N_ELEMENTS (shapes) && wrong == NULL; i++)
    if (!probe_product (shapes[i][0], shapes[i][1], shapes[i][2], damage))
      wrong = "product of matrices";
  if (wrong == NULL && !probe_eigen (100, damage))
    wrong = "eigenvectors";
  if (wrong == NULL && !probe_solve (100, damage))
    wrong = "solution of a linear system";
  if (wrong == NULL)
    return TRUE;
  g_set_error (
      error, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES,
      "OpenBLAS gives a wrong %s with its kernels for \"%s\" (%s); set the environment variable "
      "OPENBLAS_CORETYPE to a type that suits this processor, such as Haswell, or install a newer OpenBLAS",
      wrong, openblas_get_corename (), openblas_get_config ());
  return FALSE;
}

static gpointer
probe_once (gpointer data G_GNUC_UNUSED)
{
  GError *error = NULL;

  qrx_linalg_probe (0, &error);
  return error; /* kept for the process's life */
}

/**
 * qrx_linalg_check:
 * @error: return location for an error
 *
 * Sets OpenBLAS to one thread and compares it with plain algebra, both once per process.
 *
 * The setting is the process's and is shared with other users of the same OpenBLAS. The factorizations
 * call this themselves; a program calls it early to fail early. Fails with %QRX_RUN_ERROR_RESOURCES where
 * results are wrong.
 *
 * Returns: whether OpenBLAS can be trusted
 */
gboolean
qrx_linalg_check (GError **error)
{
  static GOnce once = G_ONCE_INIT;
  const GError *found = g_once (&once, probe_once, NULL);

  if (found != NULL && error != NULL)
    *error = g_error_copy (found);
  return found == NULL;
}

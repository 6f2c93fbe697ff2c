/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* LAPACK on plain row-major arrays in double precision, with our order and signs. */
#pragma once

#include <qrx/qrx-error.h>

/* Zeroed memory, or NULL and %QRX_RUN_ERROR_RESOURCES; @what names the computation. */
gpointer
qrx_lapack_allocate (const char *what, gsize n, gsize size, GError **error);

/* Eigenvalues ascending; the eigenvectors replace the matrix, one in each row. The upper triangle is read. */
gboolean
qrx_lapack_eigen (double *a, double *values, gsize size, GError **error);

/* Solves A X = B in place; each of B's @n_sides columns lies in one row here. The upper triangle of A is
 * read. */
gboolean
qrx_lapack_solve (double *a, double *b, gsize size, gsize n_sides, GError **error);

/* A = U diag(values) Vᵀ with min (rows, columns) singular values, descending; A is overwritten. */
gboolean
qrx_lapack_svd (double *a, gsize rows, gsize columns, double *u, double *values, double *vt, GError **error);

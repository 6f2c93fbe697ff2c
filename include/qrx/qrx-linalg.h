/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Linear algebra on tensors: the product of matrices, and the factorizations that LAPACK gives. */
#pragma once

#include <qrx/qrx-pool.h>
#include <qrx/qrx-tensor.h>

G_BEGIN_DECLS

QRX_API gboolean
qrx_linalg_check (GError **error);
QRX_API const char *
qrx_linalg_get_core (void);
QRX_API const char *
qrx_linalg_get_kernel (void);

QRX_API void
qrx_linalg_multiply (QrxTensor *a,
                     gboolean transpose_a,
                     QrxTensor *b,
                     gboolean transpose_b,
                     double alpha,
                     double beta,
                     QrxTensor *c,
                     QrxPool *pool);

QRX_API gboolean
qrx_linalg_eigen_symmetric (QrxTensor *a, QrxTensor *values, QrxTensor *vectors, GError **error);
QRX_API gboolean
qrx_linalg_solve_spd (QrxTensor *a, QrxTensor *b, QrxTensor *x, GError **error);
QRX_API gboolean
qrx_linalg_svd_thin (QrxTensor *a, QrxTensor *u, QrxTensor *values, QrxTensor *vt, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exact simulation of the state, a batch of rows side by side, differentiated by the adjoint method. */
#pragma once

#include <qrx/qrx-backend.h>

G_BEGIN_DECLS

#define QRX_TYPE_STATEVECTOR_BACKEND (qrx_statevector_backend_get_type ())
QRX_API G_DECLARE_FINAL_TYPE (QrxStatevectorBackend, qrx_statevector_backend, QRX, STATEVECTOR_BACKEND, QrxBackend)

QRX_API QrxBackend *qrx_statevector_backend_new (void);
QRX_API QrxBackend *qrx_statevector_backend_new_for_level (const char *level, GError **error);
QRX_API const char *qrx_statevector_backend_get_kernel_level (QrxStatevectorBackend *self);
QRX_API const char *const *qrx_statevector_backend_list_kernel_levels (void);

G_END_DECLS

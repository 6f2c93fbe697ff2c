/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Slow, plain dense algebra, for tests of everything faster. */
#pragma once

#include <qrx/qrx-backend.h>

G_BEGIN_DECLS

#define QRX_REFERENCE_BACKEND_MAX_QUBITS 10

#define QRX_TYPE_REFERENCE_BACKEND (qrx_reference_backend_get_type ())
QRX_API G_DECLARE_FINAL_TYPE (QrxReferenceBackend, qrx_reference_backend, QRX, REFERENCE_BACKEND, QrxBackend)

QRX_API QrxBackend *qrx_reference_backend_new (void);

G_END_DECLS

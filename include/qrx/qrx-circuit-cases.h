/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Circuits with their inputs and weights in a file, evaluated one by one: for comparing simulators. */
#pragma once

#include <qrx/qrx-backend.h>

G_BEGIN_DECLS

QRX_API char *qrx_backend_evaluate_cases (QrxBackend *self, const char *path, gboolean gradients, QrxDtype dtype,
                                          QrxPool *pool, GError **error);

G_END_DECLS

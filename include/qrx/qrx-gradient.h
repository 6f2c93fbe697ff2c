/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gradients by other methods than a backend's own, from its expectations alone. */
#pragma once

#include <qrx/qrx-backend.h>

G_BEGIN_DECLS

QRX_API const char *const *qrx_backend_list_gradients (void);
QRX_API QrxBackend *qrx_backend_with_gradient (QrxBackend *self, const char *gradient, double step, guint averages,
                                               guint64 seed, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files as bytes, compressed or not. */
#pragma once

#include <qrx/qrx-error.h>

G_BEGIN_DECLS

QRX_API GBytes *qrx_input_read (const char *path, GError **error);
QRX_API GBytes *qrx_input_read_stored (const char *path, GError **error);
QRX_API char *qrx_input_digest (const char *path, GError **error);

G_END_DECLS

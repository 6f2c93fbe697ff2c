/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files that are there whole or not at all. */
#pragma once

#include <qrx/qrx-macros.h>

G_BEGIN_DECLS

/**
 * QrxOutput: (skip)
 *
 * A file in the making: what is appended goes into a temporary file beside it, which takes its name when committed
 * and vanishes when freed before. Appending never fails; the first failure is kept for qrx_output_commit().
 */
typedef struct _QrxOutput QrxOutput;

QRX_API QrxOutput *qrx_output_open (const char *path, GError **error);
QRX_API void qrx_output_append (QrxOutput *self, gconstpointer data, gsize length);
QRX_API void qrx_output_printf (QrxOutput *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
QRX_API gboolean qrx_output_commit (QrxOutput *self, GError **error);
QRX_API void qrx_output_free (QrxOutput *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxOutput, qrx_output_free)

QRX_API gboolean qrx_output_write (const char *path, const char *data, gssize length, GError **error);

G_END_DECLS

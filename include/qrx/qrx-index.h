/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An immutable list of row numbers. */
#pragma once

#include <qrx/qrx-macros.h>

G_BEGIN_DECLS

#define QRX_TYPE_INDEX (qrx_index_get_type ())
QRX_API G_DECLARE_FINAL_TYPE (QrxIndex, qrx_index, QRX, INDEX, GObject)

QRX_API QrxIndex *qrx_index_new (const guint *rows, gsize n_rows);
QRX_API QrxIndex *qrx_index_new_range (guint first, gsize n_rows);
QRX_API gsize qrx_index_get_length (QrxIndex *self);
QRX_API guint qrx_index_get (QrxIndex *self, gsize position);
QRX_API QrxIndex *qrx_index_select (QrxIndex *self, QrxIndex *selection);
QRX_API const guint *qrx_index_peek (QrxIndex *self);

G_END_DECLS

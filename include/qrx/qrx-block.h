/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A named matrix of features that table rows point into; read in batches of rows. */
#pragma once

#include <qrx/qrx-index.h>
#include <qrx/qrx-tensor.h>

G_BEGIN_DECLS

#define QRX_TYPE_BLOCK (qrx_block_get_type ())
QRX_API G_DECLARE_DERIVABLE_TYPE (QrxBlock, qrx_block, QRX, BLOCK, GObject)

/**
 * QrxBlockClass:
 * @read: fills @out, of shape (length of @rows, columns) and either element type, with the rows named
 *
 * The class of feature blocks. @read may be called from several threads at once.
 */
struct _QrxBlockClass {
  GObjectClass parent_class;
  gboolean (*read) (QrxBlock *self, QrxIndex *rows, QrxTensor *out, GError **error);
  gpointer padding[4];
};

/* Construct properties: "name", "columns" (GStrv), "n-rows". */
QRX_API const char *qrx_block_get_name (QrxBlock *self);
QRX_API gsize qrx_block_get_n_rows (QrxBlock *self);
QRX_API gsize qrx_block_get_n_columns (QrxBlock *self);
QRX_API const char *const *qrx_block_get_columns (QrxBlock *self);
QRX_API gboolean qrx_block_read (QrxBlock *self, QrxIndex *rows, QrxTensor *out, GError **error);

G_END_DECLS

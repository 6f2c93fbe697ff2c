/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The block whose numbers lie in memory, as one matrix. */
#pragma once

#include <qrx/qrx-block.h>

G_BEGIN_DECLS

#define QRX_TYPE_DENSE_BLOCK (qrx_dense_block_get_type ())
QRX_API G_DECLARE_FINAL_TYPE (QrxDenseBlock, qrx_dense_block, QRX, DENSE_BLOCK, QrxBlock)

QRX_API QrxBlock *qrx_dense_block_new (const char *name, const char *const *columns, QrxTensor *values, GError **error);
QRX_API QrxTensor *qrx_dense_block_get_values (QrxDenseBlock *self);

G_END_DECLS

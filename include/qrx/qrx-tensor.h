/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A dense row-major array of numbers with an owner; what scripts see as a numpy array or a typed array. */
#pragma once

#include <qrx/qrx-error.h>

G_BEGIN_DECLS

/**
 * QrxDtype:
 * @QRX_DTYPE_F32: IEEE single precision
 * @QRX_DTYPE_F64: IEEE double precision
 *
 * Element type of a tensor.
 */
typedef enum {
  QRX_DTYPE_F32,
  QRX_DTYPE_F64,
} QrxDtype;

#define QRX_TENSOR_MAX_RANK 4

#define QRX_TYPE_TENSOR (qrx_tensor_get_type ())
QRX_API G_DECLARE_FINAL_TYPE (QrxTensor, qrx_tensor, QRX, TENSOR, GObject)

QRX_API gsize qrx_dtype_get_size (QrxDtype dtype);
QRX_API const char *qrx_dtype_get_name (QrxDtype dtype);

QRX_API QrxTensor *qrx_tensor_new (QrxDtype dtype, const gsize *dims, guint rank);
QRX_API QrxTensor *qrx_tensor_new_matrix (QrxDtype dtype, gsize rows, gsize columns);
QRX_API QrxTensor *qrx_tensor_new_from_bytes (QrxDtype dtype, const gsize *dims, guint rank, GBytes *bytes, GError **error);

/* Over memory that @owner keeps alive: how array libraries hand their arrays over without a copy. */
QRX_API QrxTensor *qrx_tensor_new_over (QrxDtype dtype, const gsize *dims, guint rank, guint64 address, gboolean read_only,
                                        GObject *owner, GError **error);

QRX_API QrxDtype qrx_tensor_get_dtype (QrxTensor *self);
QRX_API guint qrx_tensor_get_rank (QrxTensor *self);
QRX_API gsize qrx_tensor_get_dim (QrxTensor *self, guint axis);
QRX_API gsize qrx_tensor_get_rows (QrxTensor *self);
QRX_API gsize qrx_tensor_get_columns (QrxTensor *self);
QRX_API gsize qrx_tensor_get_n_elements (QrxTensor *self);
QRX_API gboolean qrx_tensor_is_read_only (QrxTensor *self);
QRX_API void qrx_tensor_set_read_only (QrxTensor *self);
QRX_API guint64 qrx_tensor_get_address (QrxTensor *self);
QRX_API GBytes *qrx_tensor_ref_bytes (QrxTensor *self);
QRX_API double qrx_tensor_get (QrxTensor *self, gsize index);
QRX_API void qrx_tensor_set (QrxTensor *self, gsize index, double value);
QRX_API void qrx_tensor_fill (QrxTensor *self, double value);
QRX_API void qrx_tensor_copy_from (QrxTensor *self, QrxTensor *source);
QRX_API QrxTensor *qrx_tensor_dup_as (QrxTensor *self, QrxDtype dtype);

/* C only: the data, 64-byte aligned when the tensor was made by qrx_tensor_new(). */
QRX_API gpointer qrx_tensor_peek (QrxTensor *self);
QRX_API float *qrx_tensor_peek_f32 (QrxTensor *self);
QRX_API double *qrx_tensor_peek_f64 (QrxTensor *self);

G_END_DECLS

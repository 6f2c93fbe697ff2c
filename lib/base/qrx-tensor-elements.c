/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading, writing and converting the elements of tensors. */
#include "base/qrx-tensor-private.h"

#include <string.h>

/**
 * qrx_tensor_get:
 * @self: a tensor
 * @index: an index into the row-major order
 *
 * Returns: the element
 */
double
qrx_tensor_get (QrxTensor *self, gsize index)
{
  g_return_val_if_fail (QRX_IS_TENSOR (self), 0);
  g_return_val_if_fail (index < self->n_elements, 0);
  return self->dtype == QRX_DTYPE_F64 ? ((double *) self->data)[index] : (double) ((float *) self->data)[index];
}

/**
 * qrx_tensor_set:
 * @self: a tensor that may be written
 * @index: an index into the row-major order
 * @value: the element
 *
 * Writes one element.
 */
void
qrx_tensor_set (QrxTensor *self, gsize index, double value)
{
  g_return_if_fail (QRX_IS_TENSOR (self));
  g_return_if_fail (!self->read_only && index < self->n_elements);
  if (self->dtype == QRX_DTYPE_F64)
    ((double *) self->data)[index] = value;
  else
    ((float *) self->data)[index] = (float) value;
}

/**
 * qrx_tensor_fill:
 * @self: a tensor that may be written
 * @value: the value
 *
 * Sets every element to @value.
 */
void
qrx_tensor_fill (QrxTensor *self, double value)
{
  g_return_if_fail (QRX_IS_TENSOR (self));
  g_return_if_fail (!self->read_only);
  if (self->dtype == QRX_DTYPE_F64)
    for (gsize i = 0; i < self->n_elements; i++)
      ((double *) self->data)[i] = value;
  else
    for (gsize i = 0; i < self->n_elements; i++)
      ((float *) self->data)[i] = (float) value;
}

static void
convert (gpointer to, QrxDtype to_type, gconstpointer from, QrxDtype from_type, gsize n)
{
  if (to_type == from_type)
    memcpy (to, from, n * qrx_dtype_get_size (to_type));
  else if (to_type == QRX_DTYPE_F64)
    for (gsize i = 0; i < n; i++)
      ((double *) to)[i] = (double) ((const float *) from)[i];
  else
    for (gsize i = 0; i < n; i++)
      ((float *) to)[i] = (float) ((const double *) from)[i];
}

/**
 * qrx_tensor_copy_from:
 * @self: a tensor that may be written
 * @source: a tensor with as many elements
 *
 * Copies every element of @source, converting between element types.
 */
void
qrx_tensor_copy_from (QrxTensor *self, QrxTensor *source)
{
  g_return_if_fail (QRX_IS_TENSOR (self) && QRX_IS_TENSOR (source));
  g_return_if_fail (!self->read_only && self->n_elements == source->n_elements);
  convert (self->data, self->dtype, source->data, source->dtype, self->n_elements);
}

/**
 * qrx_tensor_dup_as:
 * @self: a tensor
 * @dtype: an element type
 *
 * Copies a tensor, converting its elements.
 *
 * Returns: (transfer full): a writable copy
 */
QrxTensor *
qrx_tensor_dup_as (QrxTensor *self, QrxDtype dtype)
{
  QrxTensor *copy;

  g_return_val_if_fail (QRX_IS_TENSOR (self), NULL);
  copy = qrx_tensor_new (dtype, self->dims, self->rank);
  convert (copy->data, dtype, self->data, self->dtype, self->n_elements);
  return copy;
}

/**
 * qrx_tensor_peek: (skip)
 * @self: a tensor
 *
 * Returns: the first element
 */
gpointer
qrx_tensor_peek (QrxTensor *self)
{
  return self->data;
}

/**
 * qrx_tensor_peek_f32: (skip)
 * @self: a tensor of single precision
 *
 * Returns: the first element
 */
float *
qrx_tensor_peek_f32 (QrxTensor *self)
{
  g_return_val_if_fail (self->dtype == QRX_DTYPE_F32, NULL);
  return self->data;
}

/**
 * qrx_tensor_peek_f64: (skip)
 * @self: a tensor of double precision
 *
 * Returns: the first element
 */
double *
qrx_tensor_peek_f64 (QrxTensor *self)
{
  g_return_val_if_fail (self->dtype == QRX_DTYPE_F64, NULL);
  return self->data;
}

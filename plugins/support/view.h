/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads and writes tensors of either element type as doubles: for layers whose cost is in their formulas, not in
 * memory. */
#pragma once

#include <qrx/qrx-tensor.h>

G_BEGIN_DECLS

/* Elements of a tensor; one of the two is NULL. Valid while the tensor lives. */
typedef struct {
  double *f64;
  float *f32;
} QrxView;

static inline QrxView
qrx_view (QrxTensor *tensor)
{
  QrxView view = { NULL, NULL };

  if (qrx_tensor_get_dtype (tensor) == QRX_DTYPE_F64)
    view.f64 = qrx_tensor_peek_f64 (tensor);
  else
    view.f32 = qrx_tensor_peek_f32 (tensor);
  return view;
}

static inline double
qrx_view_get (QrxView view, gsize i)
{
  return view.f64 != NULL ? view.f64[i] : (double) view.f32[i];
}

static inline void
qrx_view_set (QrxView view, gsize i, double value)
{
  if (view.f64 != NULL)
    view.f64[i] = value;
  else
    view.f32[i] = (float) value;
}

G_END_DECLS

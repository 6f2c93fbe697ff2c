/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arithmetic on whole tensors that layers and optimizers in C are made of.
 *
 * Tensors of one call have one element type and, where nothing else is said, as many elements; a result may be one of
 * the arguments. An element's bits do not depend on its place, on the number of threads, or on the processor's level;
 * sums are taken in a fixed order. A mismatch is a programmer's error. */
#pragma once

#include <qrx/qrx-pool.h>
#include <qrx/qrx-tensor.h>

G_BEGIN_DECLS

/**
 * QrxActivation: (skip)
 * @QRX_ACTIVATION_RELU: max (x, 0)
 * @QRX_ACTIVATION_SILU: x times the logistic function of x (arXiv 1702.03118)
 * @QRX_ACTIVATION_SIGMOID: the logistic function
 * @QRX_ACTIVATION_TANH: the hyperbolic tangent
 *
 * A function of one variable between layers.
 */
typedef enum {
  QRX_ACTIVATION_RELU,
  QRX_ACTIVATION_SILU,
  QRX_ACTIVATION_SIGMOID,
  QRX_ACTIVATION_TANH,
} QrxActivation;

QRX_API void qrx_kernels_activate (QrxActivation activation, QrxTensor *x, QrxTensor *y, QrxPool *pool);
QRX_API void qrx_kernels_activate_backward (QrxActivation activation, QrxTensor *x, QrxTensor *y, QrxTensor *gradient_y,
                                            QrxTensor *gradient_x, QrxPool *pool);
QRX_API void qrx_kernels_add_bias (QrxTensor *x, QrxTensor *bias);
QRX_API void qrx_kernels_column_sums (QrxTensor *x, gboolean add, QrxTensor *sums);
QRX_API void qrx_kernels_scale (QrxTensor *x, double factor);
QRX_API void qrx_kernels_axpy (double factor, QrxTensor *x, QrxTensor *y, QrxPool *pool);
QRX_API double qrx_kernels_dot (QrxTensor *x, QrxTensor *y);
QRX_API double qrx_kernels_norm (QrxTensor *x);
QRX_API gboolean qrx_kernels_is_finite (QrxTensor *x);

G_END_DECLS

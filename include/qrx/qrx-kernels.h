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

/**
 * QrxAdam: (skip)
 * @learning_rate: the step's size
 * @beta1: decay of the mean of gradients, below 1
 * @beta2: decay of the mean of squares, below 1
 * @epsilon: added to the root
 * @weight_decay: how strongly parameters are pulled to zero
 * @decoupled: whether the pull bypasses the moments (AdamW) instead of being added to the gradient
 *
 * The settings of Adam (arXiv 1412.6980) and AdamW (arXiv 1711.05101).
 */
typedef struct {
  double learning_rate;
  double beta1;
  double beta2;
  double epsilon;
  double weight_decay;
  gboolean decoupled;
} QrxAdam;

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
QRX_API void qrx_kernels_adam (const QrxAdam *settings, guint64 step, QrxTensor *gradient, QrxTensor *parameters,
                               QrxTensor *mean, QrxTensor *square, QrxPool *pool);

G_END_DECLS

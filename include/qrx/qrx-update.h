/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How gradients move parameters, in one pass over memory. Kernels of optimizers in C, as those of qrx-kernels.h. */
#pragma once

#include <qrx/qrx-pool.h>
#include <qrx/qrx-tensor.h>

G_BEGIN_DECLS

/**
 * QrxGradient: (skip)
 * @values: (nullable): the gradient itself, shaped as the parameters
 * @left: (nullable): where @values is %NULL, a matrix (k, rows of the parameters)
 * @right: (nullable): and one (k, columns of the parameters)
 *
 * A loss's gradient by a matrix of parameters: given, or the transpose of @left times @right. Such a product is
 * computed block by block where it is used and never stored: it would be as large as the parameters.
 */
typedef struct {
  QrxTensor *values;
  QrxTensor *left;
  QrxTensor *right;
} QrxGradient;

/**
 * QrxAdam: (skip)
 * @learning_rate: the step's size
 * @beta1: decay of the mean of gradients, below 1
 * @beta2: decay of the mean of squares, below 1
 * @epsilon: added to the root
 * @weight_decay: how strongly parameters are pulled to zero
 * @decoupled: whether the pull bypasses the moments (AdamW) instead of being added to the gradient
 * @scale: a factor of the gradient
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
  double scale;
} QrxAdam;

/**
 * QrxSgd: (skip)
 * @learning_rate: the step's size
 * @momentum: decay of the velocity, below 1
 * @weight_decay: how strongly parameters are pulled to zero, added to the gradient
 * @scale: a factor of the gradient
 *
 * The settings of gradient descent with momentum.
 */
typedef struct {
  double learning_rate;
  double momentum;
  double weight_decay;
  double scale;
} QrxSgd;

QRX_API double qrx_update_measure (const QrxGradient *gradient, QrxPool *pool);
QRX_API double qrx_update_adam (const QrxAdam *settings, guint64 step, const QrxGradient *gradient,
                                QrxTensor *parameters, QrxTensor *mean, QrxTensor *square, QrxPool *pool);
QRX_API double qrx_update_sgd (const QrxSgd *settings, const QrxGradient *gradient, QrxTensor *parameters,
                               QrxTensor *velocity, QrxPool *pool);

G_END_DECLS

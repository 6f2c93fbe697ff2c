/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* y = x Wᵀ + b and its gradients, shared by the layers that are made of it. Weights are (outputs, inputs). */
#pragma once

#include <qrx/qrx-step.h>

G_BEGIN_DECLS

/* The two parameters of an affine map; @bias is NULL where there is none. */
typedef struct {
  const char *weight;
  const char *bias;
} QrxAffine;

/* Starts both uniformly within ±1/√inputs, as PyTorch's Linear does. */
void qrx_affine_declare (const QrxAffine *self, QrxPlan *plan, gsize n_inputs, gsize n_outputs);
void qrx_affine_forward (const QrxAffine *self, QrxStep *step, QrxTensor *x, QrxTensor *y);
/* Writes the parameters' gradients, and the input's unless @to is NULL; @x and @gradient stay until the next step. */
void qrx_affine_backward (const QrxAffine *self, QrxStep *step, QrxTensor *x, QrxTensor *gradient, QrxTensor *to);

G_END_DECLS

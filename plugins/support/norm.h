/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Batch normalization, shared by the layer of that name and the encoders that have it between their affine maps.
 * Ioffe, Szegedy 2015, arXiv:1502.03167; running statistics as in PyTorch. */
#pragma once

#include <qrx/qrx-step.h>

G_BEGIN_DECLS

/* What a batch norm calls its parameters, buffers and workspace; @gain and @shift are NULL where it is not affine. */
typedef struct {
  const char *gain;
  const char *shift;
  const char *mean;
  const char *variance;
  const char *normalized;
  const char *inverse;
  double epsilon;
  double momentum;
} QrxNorm;

void qrx_norm_declare (const QrxNorm *self, QrxPlan *plan, gsize width);
/* @y may be @x. In training by the batch's statistics, which the running ones then follow; a batch of one row is an
 * error. */
gboolean qrx_norm_forward (const QrxNorm *self, QrxStep *step, QrxTensor *x, QrxTensor *y, GError **error);
/* @to may be @gradient, and NULL where nobody needs it. */
void qrx_norm_backward (const QrxNorm *self, QrxStep *step, QrxTensor *gradient, QrxTensor *to);

G_END_DECLS

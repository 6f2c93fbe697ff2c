/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Affine maps on top of the library's product of matrices. */
#include "support/affine.h"

#include <qrx/qrx-kernels.h>
#include <qrx/qrx-linalg.h>

#include <math.h>

void
qrx_affine_declare (const QrxAffine *self, QrxPlan *plan, gsize n_inputs, gsize n_outputs)
{
  double bound = 1 / sqrt ((double) MAX (n_inputs, 1));
  QrxParameter *weight = qrx_plan_add_parameter (plan, self->weight, n_outputs, n_inputs);

  qrx_parameter_start_uniform (weight, -bound, bound);
  qrx_parameter_set_decays (weight, TRUE);
  if (self->bias != NULL)
    qrx_parameter_start_uniform (qrx_plan_add_parameter (plan, self->bias, 1, n_outputs), -bound, bound);
}

void
qrx_affine_forward (const QrxAffine *self, QrxStep *step, QrxTensor *x, QrxTensor *y)
{
  qrx_linalg_multiply (x, FALSE, qrx_step_get_parameter (step, self->weight), TRUE, 1, 0, y, qrx_step_get_pool (step));
  if (self->bias != NULL)
    qrx_kernels_add_bias (y, qrx_step_get_parameter (step, self->bias));
}

void
qrx_affine_backward (const QrxAffine *self, QrxStep *step, QrxTensor *x, QrxTensor *gradient, QrxTensor *to)
{
  QrxPool *pool = qrx_step_get_pool (step);

  if (qrx_step_needs_parameter_gradient (step, self->weight))
    qrx_step_set_parameter_gradient_product (step, self->weight, gradient, x);
  if (self->bias != NULL && qrx_step_needs_parameter_gradient (step, self->bias))
    qrx_kernels_column_sums (gradient, FALSE, qrx_step_get_parameter_gradient (step, self->bias));
  if (to != NULL)
    qrx_linalg_multiply (gradient, FALSE, qrx_step_get_parameter (step, self->weight), FALSE, 1, 0, to, pool);
}

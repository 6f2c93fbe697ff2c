/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a step knows of its parameters' gradients: tensors, or the factors of which they are products. */
#include "learning/qrx-step-private.h"

#include <qrx/qrx-linalg.h>

/* The tensor of a parameter's gradient, made when first asked for. */
static QrxTensor *
gradient_at (QrxStep *self, guint i)
{
  QrxParameter *parameter = self->plan->parameters->pdata[i];

  if (self->gradients->pdata[i] == NULL)
    self->gradients->pdata[i] = qrx_tensor_new_matrix (self->plan->dtype, parameter->rows, parameter->columns);
  return self->gradients->pdata[i];
}

static void
forget (QrxGradient *product)
{
  g_clear_object (&product->left);
  g_clear_object (&product->right);
}

/**
 * qrx_step_get_parameter_gradient:
 * @self: a step
 * @name: a parameter or scalar of the plan
 *
 * Gets the gradient with respect to a parameter or scalar, shaped as its values, which backward() writes. Where it gave
 * a product instead, that is computed here, once.
 *
 * Returns: (transfer none): the gradient
 */
QrxTensor *
qrx_step_get_parameter_gradient (QrxStep *self, const char *name)
{
  QrxGradient *product;
  int i;

  g_return_val_if_fail (QRX_IS_STEP (self), NULL);
  i = qrx_plan_find_parameter (self->plan, name);
  g_return_val_if_fail (i >= 0, NULL);
  product = &self->products[i];
  if (product->left != NULL)
    {
      qrx_linalg_multiply (product->left, TRUE, product->right, FALSE, 1, 0, gradient_at (self, (guint) i), self->pool);
      forget (product);
    }
  return gradient_at (self, (guint) i);
}

/**
 * qrx_step_set_parameter_gradient_product:
 * @self: a step
 * @name: a parameter of the plan
 * @left: a matrix (rows of the step, rows of the parameter)
 * @right: a matrix (rows of the step, columns of the parameter)
 *
 * Says in backward() that the gradient with respect to a parameter is the transpose of @left times @right, instead of
 * writing it: an optimizer then computes it piece by piece in the cache. Both must stay as they are until the next
 * forward().
 */
void
qrx_step_set_parameter_gradient_product (QrxStep *self, const char *name, QrxTensor *left, QrxTensor *right)
{
  int i;

  g_return_if_fail (QRX_IS_STEP (self) && QRX_IS_TENSOR (left) && QRX_IS_TENSOR (right));
  i = qrx_plan_find_parameter (self->plan, name);
  g_return_if_fail (i >= 0);
  g_return_if_fail (qrx_tensor_get_rows (left) == qrx_tensor_get_rows (right));
  g_set_object (&self->products[i].left, left);
  g_set_object (&self->products[i].right, right);
}

QrxGradient
qrx_step_peek_gradient (QrxStep *self, guint parameter)
{
  if (self->products[parameter].left != NULL)
    return self->products[parameter];
  return (QrxGradient){ .values = gradient_at (self, parameter) };
}

/**
 * qrx_step_needs_parameter_gradient:
 * @self: a step
 * @name: a parameter or scalar of the plan
 *
 * Returns: whether the parameter is learned
 */
gboolean
qrx_step_needs_parameter_gradient (QrxStep *self, const char *name)
{
  int i;

  g_return_val_if_fail (QRX_IS_STEP (self), FALSE);
  i = qrx_plan_find_parameter (self->plan, name);
  g_return_val_if_fail (i >= 0, FALSE);
  return self->mode == QRX_MODE_TRAIN && ((QrxParameter *) self->plan->parameters->pdata[i])->trainable;
}

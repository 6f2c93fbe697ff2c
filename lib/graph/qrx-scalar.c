/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A number that a fit may learn. Holds what the user wrote; what is learned lives in the model's parameters. */
#include "graph/qrx-scalar-private.h"

const char *const qrx_scalar_train_names[] = { "no", "yes", "per-qubit", NULL };
const char *const qrx_scalar_parameterization_names[] = { "direct", "softplus", NULL };

struct _QrxScalar {
  double value;
  double rate;
  QrxScalarTrain train;
  QrxParameterization parameterization;
};

G_DEFINE_BOXED_TYPE (QrxScalar, qrx_scalar, qrx_scalar_copy, qrx_scalar_free)

/**
 * qrx_scalar_new:
 * @value: the number, or where learning starts
 * @train: whether it is learned
 * @rate: factor on the optimizer's learning rate, 1 for none
 * @parameterization: what of it the optimizer sees
 *
 * Makes a scalar. A node checks it against the range of its property.
 *
 * Returns: (transfer full): the scalar
 */
QrxScalar *
qrx_scalar_new (double value, QrxScalarTrain train, double rate, QrxParameterization parameterization)
{
  QrxScalar *self = g_new0 (QrxScalar, 1);

  self->value = value;
  self->train = train;
  self->rate = rate;
  self->parameterization = parameterization;
  return self;
}

/**
 * qrx_scalar_copy:
 * @self: a scalar
 *
 * Returns: (transfer full): a copy
 */
QrxScalar *
qrx_scalar_copy (const QrxScalar *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return qrx_scalar_new (self->value, self->train, self->rate, self->parameterization);
}

/**
 * qrx_scalar_free:
 * @self: (transfer full): a scalar
 *
 * Frees a scalar.
 */
void
qrx_scalar_free (QrxScalar *self)
{
  g_free (self);
}

/**
 * qrx_scalar_get_value:
 * @self: a scalar
 *
 * Returns: the number, or where learning starts
 */
double
qrx_scalar_get_value (const QrxScalar *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->value;
}

/**
 * qrx_scalar_get_train:
 * @self: a scalar
 *
 * Returns: whether it is learned
 */
QrxScalarTrain
qrx_scalar_get_train (const QrxScalar *self)
{
  g_return_val_if_fail (self != NULL, QRX_SCALAR_FIXED);
  return self->train;
}

/**
 * qrx_scalar_get_rate:
 * @self: a scalar
 *
 * Returns: the factor on the optimizer's learning rate
 */
double
qrx_scalar_get_rate (const QrxScalar *self)
{
  g_return_val_if_fail (self != NULL, 1);
  return self->rate;
}

/**
 * qrx_scalar_get_parameterization:
 * @self: a scalar
 *
 * Returns: what of it the optimizer sees
 */
QrxParameterization
qrx_scalar_get_parameterization (const QrxScalar *self)
{
  g_return_val_if_fail (self != NULL, QRX_PARAMETERIZATION_DIRECT);
  return self->parameterization;
}

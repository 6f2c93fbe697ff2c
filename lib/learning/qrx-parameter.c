/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a layer asks a fit to learn. A shared or positive scalar is learned as another tensor than the layer sees; the two maps
 * between them live here and nowhere else. */
#include "learning/qrx-parameter-private.h"

#include <math.h>

G_DEFINE_FINAL_TYPE (QrxParameter, qrx_parameter, G_TYPE_OBJECT)

static void
qrx_parameter_finalize (GObject *object)
{
  QrxParameter *self = QRX_PARAMETER (object);

  g_free (self->name);
  g_clear_object (&self->values);
  G_OBJECT_CLASS (qrx_parameter_parent_class)->finalize (object);
}

static void
qrx_parameter_class_init (QrxParameterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_parameter_finalize;
}

static void
qrx_parameter_init (QrxParameter *self)
{
  self->rate = 1;
  self->trainable = TRUE;
}

QrxParameter *
qrx_parameter_new (const char *name, gsize rows, gsize columns)
{
  QrxParameter *self = g_object_new (QRX_TYPE_PARAMETER, NULL);

  self->name = g_strdup (name);
  self->rows = rows;
  self->columns = columns;
  return self;
}

QrxParameter *
qrx_parameter_new_scalar (const char *name, gsize columns, const QrxScalar *scalar)
{
  QrxParameter *self = qrx_parameter_new (name, 1, columns);

  self->trainable = qrx_scalar_get_train (scalar) != QRX_SCALAR_FIXED;
  self->shared = qrx_scalar_get_train (scalar) != QRX_SCALAR_PER_QUBIT;
  self->softplus = self->trainable && qrx_scalar_get_parameterization (scalar) == QRX_PARAMETERIZATION_SOFTPLUS;
  self->rate = qrx_scalar_get_rate (scalar);
  self->recorded = self->trainable;
  self->first = qrx_scalar_get_value (scalar);
  return self;
}

/**
 * qrx_parameter_get_name:
 * @self: a parameter
 *
 * Returns: the name, unique within its layer
 */
const char *
qrx_parameter_get_name (QrxParameter *self)
{
  g_return_val_if_fail (QRX_IS_PARAMETER (self), NULL);
  return self->name;
}

/**
 * qrx_parameter_get_rows:
 * @self: a parameter
 *
 * Returns: the number of rows
 */
gsize
qrx_parameter_get_rows (QrxParameter *self)
{
  g_return_val_if_fail (QRX_IS_PARAMETER (self), 0);
  return self->rows;
}

/**
 * qrx_parameter_get_columns:
 * @self: a parameter
 *
 * Returns: the number of columns
 */
gsize
qrx_parameter_get_columns (QrxParameter *self)
{
  g_return_val_if_fail (QRX_IS_PARAMETER (self), 0);
  return self->columns;
}

static void
start (QrxParameter *self, QrxStart kind, double first, double second)
{
  self->start = kind;
  self->first = first;
  self->second = second;
}

/**
 * qrx_parameter_start_constant:
 * @self: a parameter
 * @value: the value of every element
 *
 * Starts every element at the same value; without a call, at zero.
 */
void
qrx_parameter_start_constant (QrxParameter *self, double value)
{
  g_return_if_fail (QRX_IS_PARAMETER (self));
  start (self, QRX_START_CONSTANT, value, 0);
}

/**
 * qrx_parameter_start_uniform:
 * @self: a parameter
 * @low: the lower bound
 * @high: the upper bound
 *
 * Draws the starting values evenly from [@low, @high).
 */
void
qrx_parameter_start_uniform (QrxParameter *self, double low, double high)
{
  g_return_if_fail (QRX_IS_PARAMETER (self));
  start (self, QRX_START_UNIFORM, low, high);
}

/**
 * qrx_parameter_start_normal:
 * @self: a parameter
 * @mean: the mean
 * @deviation: the standard deviation
 *
 * Draws the starting values from a normal distribution.
 */
void
qrx_parameter_start_normal (QrxParameter *self, double mean, double deviation)
{
  g_return_if_fail (QRX_IS_PARAMETER (self));
  start (self, QRX_START_NORMAL, mean, deviation);
}

/**
 * qrx_parameter_start_twice:
 * @self: a parameter
 * @low: the lower bound
 * @high: the upper bound
 * @block: the size of a block of elements, at least 1
 *
 * Draws the starting values evenly from [@low, @high), except that every other one of the blocks counted from the end is
 * the same as the block before it: what comes in two layers, of which the second undoes the first.
 */
void
qrx_parameter_start_twice (QrxParameter *self, double low, double high, gsize block)
{
  g_return_if_fail (QRX_IS_PARAMETER (self) && block >= 1);
  start (self, QRX_START_TWICE, low, high);
  self->block = block;
}

/**
 * qrx_parameter_start_values:
 * @self: a parameter
 * @values: as many elements as the parameter has
 *
 * Starts at given values.
 */
void
qrx_parameter_start_values (QrxParameter *self, QrxTensor *values)
{
  g_return_if_fail (QRX_IS_PARAMETER (self) && QRX_IS_TENSOR (values));
  g_return_if_fail (qrx_tensor_get_n_elements (values) == self->rows * self->columns);
  start (self, QRX_START_VALUES, 0, 0);
  g_set_object (&self->values, values);
}

/**
 * qrx_parameter_set_rate:
 * @self: a parameter
 * @factor: at least 0; the learning rate is multiplied by it
 *
 * Sets how fast a parameter moves; at 0 it keeps its starting values.
 */
void
qrx_parameter_set_rate (QrxParameter *self, double factor)
{
  g_return_if_fail (QRX_IS_PARAMETER (self));
  g_return_if_fail (factor >= 0);
  self->rate = factor;
  self->trainable = factor > 0;
}

/**
 * qrx_parameter_set_decays:
 * @self: a parameter
 * @decays: whether weight decay applies
 *
 * Lets weight decay touch a parameter: the weights of dense layers, not biases, gains or circuit angles.
 */
void
qrx_parameter_set_decays (QrxParameter *self, gboolean decays)
{
  g_return_if_fail (QRX_IS_PARAMETER (self));
  self->decays = decays;
}

/**
 * qrx_parameter_set_recorded:
 * @self: a parameter
 * @recorded: whether its elements are written into the history
 *
 * Has the path of a parameter over the epochs recorded.
 */
void
qrx_parameter_set_recorded (QrxParameter *self, gboolean recorded)
{
  g_return_if_fail (QRX_IS_PARAMETER (self));
  self->recorded = recorded;
}

gboolean
qrx_parameter_is_direct (QrxParameter *self)
{
  return !self->softplus && (!self->shared || self->columns == 1);
}

double
qrx_parameter_invert (QrxParameter *self, double effective)
{
  /* log(exp(y) − 1), without overflow for large y nor cancellation for small y */
  return self->softplus ? effective + log (-expm1 (-effective)) : effective;
}

static double
map (QrxParameter *self, double raw)
{
  return self->softplus ? fmax (raw, 0) + log1p (exp (-fabs (raw))) : raw;
}

QrxTensor *
qrx_parameter_create_raw (QrxParameter *self, QrxDtype dtype, guint64 seed, const char *layer)
{
  gsize rows = self->shared ? 1 : self->rows, columns = self->shared ? 1 : self->columns;
  QrxTensor *raw = qrx_tensor_new_matrix (dtype, rows, columns);
  QrxRandom random;

  qrx_random_init (&random, seed, layer, self->name, 0);
  switch (self->start)
    {
    case QRX_START_CONSTANT:
      qrx_tensor_fill (raw, qrx_parameter_invert (self, self->first));
      break;
    case QRX_START_UNIFORM:
      qrx_random_fill_uniform (&random, raw, self->first, self->second);
      break;
    case QRX_START_NORMAL:
      qrx_random_fill_normal (&random, raw, self->first, self->second);
      break;
    case QRX_START_TWICE:
      qrx_random_fill_uniform (&random, raw, self->first, self->second);
      for (gsize i = rows * columns; i >= 2 * self->block; i -= 2 * self->block)
        for (gsize j = i - self->block; j < i; j++)
          qrx_tensor_set (raw, j, qrx_tensor_get (raw, j - self->block));
      break;
    case QRX_START_VALUES:
      qrx_tensor_copy_from (raw, self->values);
      break;
    default:
      g_assert_not_reached ();
    }
  return raw;
}

void
qrx_parameter_expand (QrxParameter *self, QrxTensor *raw, QrxTensor *effective)
{
  gsize n = qrx_tensor_get_n_elements (effective);

  for (gsize i = 0; i < n; i++)
    qrx_tensor_set (effective, i, map (self, qrx_tensor_get (raw, self->shared ? 0 : i)));
}

void
qrx_parameter_fold (QrxParameter *self, QrxTensor *raw, QrxTensor *effective_gradient, QrxTensor *raw_gradient)
{
  gsize n = qrx_tensor_get_n_elements (effective_gradient);
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    {
      double slope = 1, gradient;

      if (self->softplus)
        slope = 1 / (1 + exp (-qrx_tensor_get (raw, self->shared ? 0 : i)));
      gradient = slope * qrx_tensor_get (effective_gradient, i);
      sum += gradient;
      if (!self->shared)
        qrx_tensor_set (raw_gradient, i, gradient);
    }
  if (self->shared)
    qrx_tensor_set (raw_gradient, 0, sum);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An affine angle as a small boxed value. Knows nothing of gates. */
#include "quantum/qrx-circuit-private.h"

G_DEFINE_BOXED_TYPE (QrxAngle, qrx_angle, qrx_angle_copy, qrx_angle_free)

static QrxAngle *
angle_new (QrxAngleSource source, guint index, double scale, double offset)
{
  QrxAngle *self = g_new (QrxAngle, 1);

  *self = (QrxAngle){ source, index, scale, offset };
  return self;
}

/**
 * qrx_angle_new_constant:
 * @value: the angle in radians
 *
 * Makes an angle that is a number.
 *
 * Returns: (transfer full): the angle
 */
QrxAngle *
qrx_angle_new_constant (double value)
{
  return angle_new (QRX_ANGLE_SOURCE_CONSTANT, 0, 0, value);
}

/**
 * qrx_angle_new_input:
 * @index: the index of an input, from 0
 * @scale: what multiplies the input
 * @offset: what is added, in radians
 *
 * Makes an angle that follows an input.
 *
 * Returns: (transfer full): the angle
 */
QrxAngle *
qrx_angle_new_input (guint index, double scale, double offset)
{
  return angle_new (QRX_ANGLE_SOURCE_INPUT, index, scale, offset);
}

/**
 * qrx_angle_new_weight:
 * @index: the index of a weight, from 0
 * @scale: what multiplies the weight
 * @offset: what is added, in radians
 *
 * Makes an angle that follows a weight.
 *
 * Returns: (transfer full): the angle
 */
QrxAngle *
qrx_angle_new_weight (guint index, double scale, double offset)
{
  return angle_new (QRX_ANGLE_SOURCE_WEIGHT, index, scale, offset);
}

/**
 * qrx_angle_copy:
 * @self: an angle
 *
 * Copies an angle.
 *
 * Returns: (transfer full): the copy
 */
QrxAngle *
qrx_angle_copy (const QrxAngle *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return angle_new (self->source, self->index, self->scale, self->offset);
}

/**
 * qrx_angle_free:
 * @self: an angle
 *
 * Frees an angle.
 */
void
qrx_angle_free (QrxAngle *self)
{
  g_free (self);
}

/**
 * qrx_angle_get_source:
 * @self: an angle
 *
 * Returns: what the angle depends on
 */
QrxAngleSource
qrx_angle_get_source (const QrxAngle *self)
{
  g_return_val_if_fail (self != NULL, QRX_ANGLE_SOURCE_CONSTANT);
  return self->source;
}

/**
 * qrx_angle_get_index:
 * @self: an angle
 *
 * Returns: the index of the input or weight; 0 for a constant
 */
guint
qrx_angle_get_index (const QrxAngle *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->index;
}

/**
 * qrx_angle_get_scale:
 * @self: an angle
 *
 * Returns: what multiplies the input or weight; 0 for a constant
 */
double
qrx_angle_get_scale (const QrxAngle *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->scale;
}

/**
 * qrx_angle_get_offset:
 * @self: an angle
 *
 * Returns: what is added, in radians: the value itself for a constant
 */
double
qrx_angle_get_offset (const QrxAngle *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->offset;
}

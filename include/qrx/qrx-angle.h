/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A gate's parameter: a constant, or an affine function of one input or one weight. */
#pragma once

#include <qrx/qrx-macros.h>

G_BEGIN_DECLS

/**
 * QrxAngleSource:
 * @QRX_ANGLE_SOURCE_CONSTANT: a number
 * @QRX_ANGLE_SOURCE_INPUT: scale · input + offset; an input differs from row to row
 * @QRX_ANGLE_SOURCE_WEIGHT: scale · weight + offset; all rows share the weights
 *
 * What an angle depends on.
 */
typedef enum {
  QRX_ANGLE_SOURCE_CONSTANT,
  QRX_ANGLE_SOURCE_INPUT,
  QRX_ANGLE_SOURCE_WEIGHT,
} QrxAngleSource;

/* The largest index of an input or a weight. */
#define QRX_ANGLE_MAX_INDEX 16777215

/**
 * QrxAngle:
 *
 * An angle in radians as a circuit writes it.
 */
typedef struct _QrxAngle QrxAngle;

#define QRX_TYPE_ANGLE (qrx_angle_get_type ())
QRX_API GType qrx_angle_get_type (void);
QRX_API QrxAngle *qrx_angle_new_constant (double value);
QRX_API QrxAngle *qrx_angle_new_input (guint index, double scale, double offset);
QRX_API QrxAngle *qrx_angle_new_weight (guint index, double scale, double offset);
QRX_API QrxAngle *qrx_angle_copy (const QrxAngle *self);
QRX_API void qrx_angle_free (QrxAngle *self);
QRX_API QrxAngleSource qrx_angle_get_source (const QrxAngle *self);
QRX_API guint qrx_angle_get_index (const QrxAngle *self);
QRX_API double qrx_angle_get_scale (const QrxAngle *self);
QRX_API double qrx_angle_get_offset (const QrxAngle *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxAngle, qrx_angle_free)

G_END_DECLS

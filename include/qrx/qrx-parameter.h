/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a layer asks a fit to learn: a matrix, how it starts, how fast it moves. */
#pragma once

#include <qrx/qrx-random.h>
#include <qrx/qrx-scalar.h>
#include <qrx/qrx-tensor.h>

G_BEGIN_DECLS

#define QRX_TYPE_PARAMETER (qrx_parameter_get_type ())
QRX_API G_DECLARE_FINAL_TYPE (QrxParameter, qrx_parameter, QRX, PARAMETER, GObject)

QRX_API const char *qrx_parameter_get_name (QrxParameter *self);
QRX_API gsize qrx_parameter_get_rows (QrxParameter *self);
QRX_API gsize qrx_parameter_get_columns (QrxParameter *self);
/* How it starts; zeros unless said otherwise. */
QRX_API void qrx_parameter_start_constant (QrxParameter *self, double value);
QRX_API void qrx_parameter_start_uniform (QrxParameter *self, double low, double high);
QRX_API void qrx_parameter_start_normal (QrxParameter *self, double mean, double deviation);
/* Every second block, counted from the end, repeats the one before it. */
QRX_API void qrx_parameter_start_twice (QrxParameter *self, double low, double high, gsize block);
QRX_API void qrx_parameter_start_values (QrxParameter *self, QrxTensor *values);
/* A factor on the learning rate; 0 keeps it as it starts ("frozen"). */
QRX_API void qrx_parameter_set_rate (QrxParameter *self, double factor);
/* Weight decay touches matrices that ask for it: weights, not biases, gains or circuit angles. */
QRX_API void qrx_parameter_set_decays (QrxParameter *self, gboolean decays);
/* Its path over the epochs is written into the history. */
QRX_API void qrx_parameter_set_recorded (QrxParameter *self, gboolean recorded);

G_END_DECLS

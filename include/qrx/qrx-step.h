/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a layer works on: tensors that stay the same objects for a whole fit. */
#pragma once

#include <qrx/qrx-plan.h>
#include <qrx/qrx-pool.h>

G_BEGIN_DECLS

/**
 * QrxMode:
 * @QRX_MODE_TRAIN: a minibatch, forward then backward
 * @QRX_MODE_EVALUATE: rows to predict; a row's output must not depend on the others
 * @QRX_MODE_FIT: all training rows at once, for fit()
 *
 * What a step is for.
 */
typedef enum {
  QRX_MODE_TRAIN,
  QRX_MODE_EVALUATE,
  QRX_MODE_FIT,
} QrxMode;

#define QRX_TYPE_STEP (qrx_step_get_type ())
QRX_API G_DECLARE_FINAL_TYPE (QrxStep, qrx_step, QRX, STEP, GObject)

QRX_API QrxMode qrx_step_get_mode (QrxStep *self);
QRX_API gsize qrx_step_get_n_rows (QrxStep *self);
QRX_API QrxPlan *qrx_step_get_plan (QrxStep *self);
/* (rows, width) each. Inputs are read only by agreement: they are other layers' outputs. */
QRX_API QrxTensor *qrx_step_get_input (QrxStep *self, guint i);
QRX_API QrxTensor *qrx_step_get_output (QrxStep *self);
/* backward() reads the output's gradient and writes (not adds) the inputs'. An input gradient that nobody needs still is a
 * tensor, which may be left alone: qrx_step_needs_input_gradient() says so. */
QRX_API QrxTensor *qrx_step_get_output_gradient (QrxStep *self);
QRX_API QrxTensor *qrx_step_get_input_gradient (QrxStep *self, guint i);
QRX_API gboolean qrx_step_needs_input_gradient (QrxStep *self, guint i);
/* Parameters (or scalars) by name, and their gradients, which backward() writes (not adds). */
QRX_API QrxTensor *qrx_step_get_parameter (QrxStep *self, const char *name);
QRX_API QrxTensor *qrx_step_get_parameter_gradient (QrxStep *self, const char *name);
QRX_API void qrx_step_set_parameter_gradient_product (QrxStep *self, const char *name, QrxTensor *left, QrxTensor *right);
QRX_API gboolean qrx_step_needs_parameter_gradient (QrxStep *self, const char *name);
QRX_API QrxTensor *qrx_step_get_buffer (QrxStep *self, const char *name);
QRX_API QrxTensor *qrx_step_get_workspace (QrxStep *self, const char *name);
/* fit() only: the training rows' targets, float64 (rows, 1), in the target's own unit; NaN never. */
QRX_API QrxTensor *qrx_step_get_target (QrxStep *self);
/* A stream of its own for each layer and step, the same at any thread count. */
QRX_API QrxRandom *qrx_step_get_random (QrxStep *self);
QRX_API QrxPool *qrx_step_get_pool (QrxStep *self); /* nullable: work in this thread */
/* An object that start() made for this step, such as the workspace of a simulator. */
QRX_API void qrx_step_keep (QrxStep *self, GObject *object);
QRX_API GObject *qrx_step_get_kept (QrxStep *self);

G_END_DECLS

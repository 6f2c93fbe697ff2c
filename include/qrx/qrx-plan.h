/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a layer declares once for a model: parameters, buffers, workspace. Shapes in, nothing computed. */
#pragma once

#include <qrx/qrx-parameter.h>
#include <qrx/qrx-value.h>

G_BEGIN_DECLS

#define QRX_TYPE_PLAN (qrx_plan_get_type ())
QRX_API G_DECLARE_FINAL_TYPE (QrxPlan, qrx_plan, QRX, PLAN, GObject)

QRX_API QrxDtype qrx_plan_get_dtype (QrxPlan *self);
QRX_API guint qrx_plan_get_n_inputs (QrxPlan *self);
QRX_API gsize qrx_plan_get_input_width (QrxPlan *self, guint i);
QRX_API gsize qrx_plan_get_output_width (QrxPlan *self);
/* The names of the features that come in, where the input is the table itself or layers that keep or select columns. */
QRX_API const char *const *qrx_plan_get_input_names (QrxPlan *self); /* nullable */
/* A captured input that is not a flow (a circuit, a noise model), nullable. */
QRX_API QrxValue *qrx_plan_get_captured (QrxPlan *self, const char *port);

QRX_API QrxParameter *qrx_plan_add_parameter (QrxPlan *self, const char *name, gsize rows, gsize columns);
/* A scalar property: the step then has it as a (1, output width) tensor of effective values, whatever is learned of it; the
 * layer adds to the gradient of those, and the step folds it (sum if shared, chain rule if softplus). */
QRX_API void qrx_plan_add_scalar (QrxPlan *self, const char *name, const QrxScalar *scalar);
/* State that is not learned by gradient but belongs to the model: running statistics, selected columns. Saved with it. float64 */
QRX_API void qrx_plan_add_buffer (QrxPlan *self, const char *name, gsize rows, gsize columns, double value);
/* Scratch that lives with a step; rows 0 = as many as the batch has. */
QRX_API void qrx_plan_add_workspace (QrxPlan *self, const char *name, gsize rows, gsize columns);
/* The layer's output for a row in training depends on the other rows, or on chance: batch norm, dropout. */
QRX_API void qrx_plan_set_batch_dependent (QrxPlan *self);
/* What was declared: the names of parameters and scalars, of buffers, and of workspaces, in the order of declaration. */
QRX_API char **qrx_plan_dup_parameter_names (QrxPlan *self);
QRX_API char **qrx_plan_dup_buffer_names (QrxPlan *self);
QRX_API char **qrx_plan_dup_workspace_names (QrxPlan *self);
/* One immutable object for the model, such as a compiled circuit. */
QRX_API void qrx_plan_keep (QrxPlan *self, GObject *object);
QRX_API GObject *qrx_plan_get_kept (QrxPlan *self); /* nullable */

G_END_DECLS

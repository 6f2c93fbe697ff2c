/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The base of all layers: run() composes a flow, and the checked calls make an error of every failure. */
#include <qrx/qrx-flow.h>

#include "graph/qrx-node-private.h"
#include "learning/qrx-flow-private.h"
#include "learning/qrx-step-private.h"

G_DEFINE_ABSTRACT_TYPE (QrxLayer, qrx_layer, QRX_TYPE_NODE)

static gboolean
qrx_layer_run (QrxNode *node, QrxBundle *in, QrxBundle *out, QrxContext *context,
               GCancellable *cancellable G_GNUC_UNUSED, GError **error)
{
  g_autoptr (QrxFlow) flow = qrx_flow_compose (QRX_LAYER (node), in, error);

  if (flow == NULL)
    return FALSE;
  qrx_flow_warn_of_unseen (flow, context);
  qrx_bundle_set (out, "out", QRX_VALUE (flow));
  return TRUE;
}

static gboolean
qrx_layer_real_prepare (QrxLayer *self G_GNUC_UNUSED, QrxPlan *plan G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  return TRUE;
}

static void
qrx_layer_class_init (QrxLayerClass *klass)
{
  QRX_NODE_CLASS (klass)->run = qrx_layer_run;
  klass->prepare = qrx_layer_real_prepare;
}

static void
qrx_layer_init (QrxLayer *self G_GNUC_UNUSED)
{
}

static gboolean
missing (QrxLayer *self, const char *what, GError **error)
{
  return qrx_node_check_call (QRX_NODE (self), FALSE,
                              g_error_new (QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED, "the type `%s` does not implement %s()",
                                           qrx_node_get_type_name (QRX_NODE (self)), what),
                              error);
}

/**
 * qrx_layer_prepare:
 * @self: a layer
 * @plan: what to declare parameters, buffers and workspace on
 * @error: return location for an error
 *
 * Has a layer declare what it needs. Fails also with %QRX_RUN_ERROR_RESOURCES where there is no memory for it.
 *
 * Returns: whether it could
 */
gboolean
qrx_layer_prepare (QrxLayer *self, QrxPlan *plan, GError **error)
{
  GError *failure = NULL;
  gboolean ok;

  g_return_val_if_fail (QRX_IS_LAYER (self) && QRX_IS_PLAN (plan), FALSE);
  ok = QRX_LAYER_GET_CLASS (self)->prepare (self, plan, &failure);
  if (ok && failure == NULL)
    ok = qrx_plan_check_model_memory (plan, &failure);
  return qrx_node_check_call (QRX_NODE (self), ok, failure, error);
}

/**
 * qrx_layer_start:
 * @self: a layer
 * @step: a new step
 * @error: return location for an error
 *
 * Has a layer make what one step needs.
 *
 * Returns: whether it could
 */
gboolean
qrx_layer_start (QrxLayer *self, QrxStep *step, GError **error)
{
  GError *failure = NULL;
  gboolean ok;

  g_return_val_if_fail (QRX_IS_LAYER (self) && QRX_IS_STEP (step), FALSE);
  if (QRX_LAYER_GET_CLASS (self)->start == NULL)
    return TRUE;
  ok = QRX_LAYER_GET_CLASS (self)->start (self, step, &failure);
  return qrx_node_check_call (QRX_NODE (self), ok, failure, error);
}

/**
 * qrx_layer_has_fit:
 * @self: a layer
 *
 * Returns: whether the layer learns buffers from the training rows
 */
gboolean
qrx_layer_has_fit (QrxLayer *self)
{
  g_return_val_if_fail (QRX_IS_LAYER (self), FALSE);
  return QRX_LAYER_GET_CLASS (self)->fit != NULL;
}

/**
 * qrx_layer_fit:
 * @self: a layer that has fit()
 * @step: all training rows and their targets
 * @error: return location for an error
 *
 * Has a layer learn its buffers.
 *
 * Returns: whether it could
 */
gboolean
qrx_layer_fit (QrxLayer *self, QrxStep *step, GError **error)
{
  GError *failure = NULL;
  gboolean ok;

  g_return_val_if_fail (QRX_IS_LAYER (self) && QRX_IS_STEP (step), FALSE);
  if (QRX_LAYER_GET_CLASS (self)->fit == NULL)
    return missing (self, "fit", error);
  ok = QRX_LAYER_GET_CLASS (self)->fit (self, step, &failure);
  return qrx_node_check_call (QRX_NODE (self), ok, failure, error);
}

/**
 * qrx_layer_forward:
 * @self: a layer
 * @step: the tensors
 * @error: return location for an error
 *
 * Computes the output from the inputs.
 *
 * Returns: whether it could
 */
gboolean
qrx_layer_forward (QrxLayer *self, QrxStep *step, GError **error)
{
  GError *failure = NULL;
  gboolean ok;

  g_return_val_if_fail (QRX_IS_LAYER (self) && QRX_IS_STEP (step), FALSE);
  if (QRX_LAYER_GET_CLASS (self)->forward == NULL)
    return missing (self, "forward", error);
  ok = QRX_LAYER_GET_CLASS (self)->forward (self, step, &failure);
  return qrx_node_check_call (QRX_NODE (self), ok, failure, error);
}

/**
 * qrx_layer_backward:
 * @self: a layer
 * @step: the tensors, as qrx_layer_forward() left them, and the output's gradient
 * @error: return location for an error
 *
 * Computes the gradients with respect to inputs and parameters from that of the output.
 *
 * Returns: whether it could
 */
gboolean
qrx_layer_backward (QrxLayer *self, QrxStep *step, GError **error)
{
  GError *failure = NULL;
  gboolean ok;

  g_return_val_if_fail (QRX_IS_LAYER (self) && QRX_IS_STEP (step), FALSE);
  if (QRX_LAYER_GET_CLASS (self)->backward == NULL)
    return missing (self, "backward", error);
  ok = QRX_LAYER_GET_CLASS (self)->backward (self, step, &failure);
  return qrx_node_check_call (QRX_NODE (self), ok, failure, error);
}

/**
 * qrx_layer_get_range:
 * @self: a layer
 * @step: the tensors
 * @low: of shape (1, width), filled with the lower bounds of the output
 * @high: of shape (1, width), filled with the upper bounds
 *
 * Asks a layer for the bounds of its output.
 *
 * Returns: whether the output is bounded
 */
gboolean
qrx_layer_get_range (QrxLayer *self, QrxStep *step, QrxTensor *low, QrxTensor *high)
{
  g_return_val_if_fail (QRX_IS_LAYER (self) && QRX_IS_STEP (step), FALSE);
  return QRX_LAYER_GET_CLASS (self)->get_range != NULL &&
         QRX_LAYER_GET_CLASS (self)->get_range (self, step, low, high);
}

/**
 * qrx_step_new_for_layer:
 * @layer: a layer
 * @captured: (nullable): values for the inputs that are not flows
 * @n_rows: the number of rows
 * @mode: what the step is for
 * @input_widths: (array length=n_inputs): the width of each input
 * @n_inputs: how many inputs
 * @output_width: the width of the output
 * @dtype: the element type
 * @seed: of the starting values
 * @error: return location for an error
 *
 * Makes a step for a layer on its own, outside any model: with parameters at their start, and inputs that may be written.
 *
 * Returns: (transfer full): the step
 */
QrxStep *
qrx_step_new_for_layer (QrxLayer *layer, QrxBundle *captured, gsize n_rows, QrxMode mode, const gsize *input_widths,
                        guint n_inputs, gsize output_width, QrxDtype dtype, guint64 seed, GError **error)
{
  g_autoptr (QrxPlan) plan = qrx_plan_new (dtype, input_widths, n_inputs, output_width, NULL, captured);
  g_autoptr (GPtrArray) inputs = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) raw = NULL;
  g_autoptr (GPtrArray) effective = NULL;
  g_autoptr (GPtrArray) buffers = NULL;
  g_autoptr (QrxStep) step = NULL;

  if (!qrx_layer_prepare (layer, plan, error) || !qrx_plan_check_step_memory (plan, n_rows, error))
    return NULL;
  for (guint i = 0; i < n_inputs; i++)
    g_ptr_array_add (inputs, qrx_tensor_new_matrix (dtype, n_rows, input_widths[i]));
  raw = qrx_plan_create_raw (plan, seed, qrx_node_get_id (QRX_NODE (layer)));
  effective = qrx_plan_create_effective (plan, raw);
  buffers = qrx_plan_create_buffers (plan);
  step = qrx_step_new (plan, mode, n_rows, (QrxTensor *const *) inputs->pdata, effective, buffers, NULL);
  qrx_random_init (&step->random, seed, qrx_node_get_id (QRX_NODE (layer)), "step", 0);
  for (guint i = 0; i < n_inputs; i++)
    step->needs_input_gradient[i] = TRUE;
  if (mode == QRX_MODE_FIT)
    step->target = qrx_tensor_new_matrix (QRX_DTYPE_F64, n_rows, 1);
  if (!qrx_layer_start (layer, step, error))
    return NULL;
  return g_steal_pointer (&step);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One weighted sum of the input's columns and an intercept, in float64 buffers: what ridge and its like learn. It is no node of a
 * pipeline; models make it, and read it back. */
#include "learning/qrx-affine-private.h"

#include "learning/qrx-model-private.h"

struct _QrxAffine {
  QrxLayer parent_instance;
};

G_DEFINE_FINAL_TYPE (QrxAffine, qrx_affine, QRX_TYPE_LAYER)

static gboolean
qrx_affine_prepare (QrxLayer *self G_GNUC_UNUSED, QrxPlan *plan, GError **error G_GNUC_UNUSED)
{
  qrx_plan_add_buffer (plan, "weight", 1, qrx_plan_get_input_width (plan, 0), 0);
  qrx_plan_add_buffer (plan, "bias", 1, 1, 0);
  return TRUE;
}

static gboolean
qrx_affine_forward (QrxLayer *self G_GNUC_UNUSED, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxTensor *input = qrx_step_get_input (step, 0), *output = qrx_step_get_output (step);
  const double *weight = qrx_tensor_peek_f64 (qrx_step_get_buffer (step, "weight"));
  double bias = qrx_tensor_get (qrx_step_get_buffer (step, "bias"), 0);
  gsize width = qrx_tensor_get_columns (input);

  for (gsize i = 0; i < qrx_step_get_n_rows (step); i++)
    {
      double sum = bias;

      for (gsize k = 0; k < width; k++)
        sum += weight[k] * qrx_tensor_get (input, i * width + k);
      qrx_tensor_set (output, i, sum);
    }
  return TRUE;
}

static gboolean
qrx_affine_backward (QrxLayer *self G_GNUC_UNUSED, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxTensor *gradient = qrx_step_get_output_gradient (step), *to;
  const double *weight = qrx_tensor_peek_f64 (qrx_step_get_buffer (step, "weight"));
  gsize width = qrx_plan_get_input_width (qrx_step_get_plan (step), 0);

  if (!qrx_step_needs_input_gradient (step, 0))
    return TRUE;
  to = qrx_step_get_input_gradient (step, 0);
  for (gsize i = 0; i < qrx_step_get_n_rows (step); i++)
    for (gsize k = 0; k < width; k++)
      qrx_tensor_set (to, i * width + k, qrx_tensor_get (gradient, i) * weight[k]);
  return TRUE;
}

static void
qrx_affine_class_init (QrxAffineClass *klass)
{
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);
  QrxLayerClass *layer_class = QRX_LAYER_CLASS (klass);

  layer_class->prepare = qrx_affine_prepare;
  layer_class->forward = qrx_affine_forward;
  layer_class->backward = qrx_affine_backward;
  qrx_node_class_set_name (node_class, "affine");
  qrx_node_class_set_category (node_class, "internal");
  qrx_node_class_set_summary (node_class, "A weighted sum of columns and an intercept, fitted in closed form.");
  qrx_node_class_add_input (node_class, "in", "flow:any[B, W]", "Features.");
  qrx_node_class_add_output (node_class, "out", "flow:prediction[B, 1]", "The sum.");
}

static void
qrx_affine_init (QrxAffine *self G_GNUC_UNUSED)
{
}

/**
 * qrx_model_append_linear:
 * @self: a model that is not published
 * @weights: float64, one weight for each column of the last layer's output (of the table, for a model without layers)
 * @intercept: what is added
 * @error: return location for an error
 *
 * Ends a model in a weighted sum, fitted elsewhere: what closed-form baselines do.
 *
 * Returns: whether it could
 */
gboolean
qrx_model_append_linear (QrxModel *self, QrxTensor *weights, double intercept, GError **error)
{
  g_autoptr (QrxLayer) layer = NULL;
  gsize width, n;
  QrxSlot *slot;

  g_return_val_if_fail (QRX_IS_MODEL (self) && QRX_IS_TENSOR (weights), FALSE);
  g_return_val_if_fail (!qrx_value_is_frozen (QRX_VALUE (self)), FALSE);

  width = qrx_model_get_output_width (self);
  n = qrx_tensor_get_n_elements (weights);
  if (n != width)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE, "%" G_GSIZE_FORMAT " weights for %" G_GSIZE_FORMAT " columns",
                   n, width);
      return FALSE;
    }
  layer = g_object_new (QRX_TYPE_AFFINE, "id", qrx_predictor_get_producer (QRX_PREDICTOR (self)), NULL);
  slot = qrx_model_append_layer (self, layer, error);
  if (slot == NULL)
    return FALSE;
  qrx_tensor_copy_from (slot->buffers->pdata[0], weights);
  qrx_tensor_set (slot->buffers->pdata[1], 0, intercept);
  return TRUE;
}

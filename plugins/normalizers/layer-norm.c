/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Normalizes each row by itself, so that training and evaluation are the same function. */
#include <qrx/qrx-layer.h>

#include "support/view.h"

#include <math.h>

struct _QrxLayerNorm {
  QrxLayer parent_instance;
  gboolean affine;
  double epsilon;
};

#define QRX_TYPE_LAYER_NORM (qrx_layer_norm_get_type ())
G_DECLARE_FINAL_TYPE (QrxLayerNorm, qrx_layer_norm, QRX, LAYER_NORM, QrxLayer)
G_DEFINE_FINAL_TYPE (QrxLayerNorm, qrx_layer_norm, QRX_TYPE_LAYER)

static gboolean
layer_norm_prepare (QrxLayer *layer, QrxPlan *plan, GError **error G_GNUC_UNUSED)
{
  gsize width = qrx_plan_get_output_width (plan);

  if (QRX_LAYER_NORM (layer)->affine)
    {
      qrx_parameter_start_constant (qrx_plan_add_parameter (plan, "gain", 1, width), 1);
      qrx_plan_add_parameter (plan, "shift", 1, width);
    }
  qrx_plan_add_workspace (plan, "normalized", 0, width);
  qrx_plan_add_workspace (plan, "inverse", 0, 1);
  return TRUE;
}

static void
take_moments (QrxView x, gsize first, gsize width, double *mean, double *variance)
{
  double sum = 0, squares = 0;

  for (gsize c = 0; c < width; c++)
    sum += qrx_view_get (x, first + c);
  *mean = sum / (double) width;
  for (gsize c = 0; c < width; c++)
    {
      double d = qrx_view_get (x, first + c) - *mean;

      squares += d * d;
    }
  *variance = squares / (double) width;
}

static gboolean
layer_norm_forward (QrxLayer *layer, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxLayerNorm *self = QRX_LAYER_NORM (layer);
  QrxTensor *input = qrx_step_get_input (step, 0);
  QrxTensor *gain = self->affine ? qrx_step_get_parameter (step, "gain") : NULL;
  QrxTensor *shift = self->affine ? qrx_step_get_parameter (step, "shift") : NULL;
  QrxView x = qrx_view (input), y = qrx_view (qrx_step_get_output (step));
  QrxView normalized = qrx_view (qrx_step_get_workspace (step, "normalized"));
  QrxView inverse = qrx_view (qrx_step_get_workspace (step, "inverse"));
  gsize n_rows = qrx_tensor_get_rows (input), width = qrx_tensor_get_columns (input);

  for (gsize row = 0; row < n_rows; row++)
    {
      double mean, variance, factor;

      take_moments (x, row * width, width, &mean, &variance);
      factor = 1 / sqrt (variance + self->epsilon);
      qrx_view_set (inverse, row, factor);
      for (gsize c = 0; c < width; c++)
        {
          double value = (qrx_view_get (x, row * width + c) - mean) * factor;

          qrx_view_set (normalized, row * width + c, value);
          if (gain != NULL)
            value = value * qrx_tensor_get (gain, c) + qrx_tensor_get (shift, c);
          qrx_view_set (y, row * width + c, value);
        }
    }
  return TRUE;
}

static void
backward_parameters (QrxStep *step, QrxView g, QrxView normalized, gsize n_rows, gsize width)
{
  for (gsize c = 0; c < width; c++)
    {
      double by_gain = 0, by_shift = 0;

      for (gsize i = c; i < n_rows * width; i += width)
        {
          by_gain += qrx_view_get (g, i) * qrx_view_get (normalized, i);
          by_shift += qrx_view_get (g, i);
        }
      if (qrx_step_needs_parameter_gradient (step, "gain"))
        qrx_tensor_set (qrx_step_get_parameter_gradient (step, "gain"), c, by_gain);
      if (qrx_step_needs_parameter_gradient (step, "shift"))
        qrx_tensor_set (qrx_step_get_parameter_gradient (step, "shift"), c, by_shift);
    }
}

static gboolean
layer_norm_backward (QrxLayer *layer, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxTensor *gradient = qrx_step_get_output_gradient (step);
  QrxTensor *gain = QRX_LAYER_NORM (layer)->affine ? qrx_step_get_parameter (step, "gain") : NULL;
  QrxView g = qrx_view (gradient), normalized = qrx_view (qrx_step_get_workspace (step, "normalized")), to;
  QrxView inverse = qrx_view (qrx_step_get_workspace (step, "inverse"));
  gsize n_rows = qrx_tensor_get_rows (gradient), width = qrx_tensor_get_columns (gradient);

  if (gain != NULL)
    backward_parameters (step, g, normalized, n_rows, width);
  if (!qrx_step_needs_input_gradient (step, 0))
    return TRUE;
  to = qrx_view (qrx_step_get_input_gradient (step, 0));
  for (gsize row = 0; row < n_rows; row++)
    {
      double mean = 0, along = 0;

      for (gsize c = 0; c < width; c++)
        {
          double passed = qrx_view_get (g, row * width + c) * (gain != NULL ? qrx_tensor_get (gain, c) : 1);

          mean += passed / (double) width;
          along += passed * qrx_view_get (normalized, row * width + c) / (double) width;
        }
      for (gsize c = 0; c < width; c++)
        {
          double passed = qrx_view_get (g, row * width + c) * (gain != NULL ? qrx_tensor_get (gain, c) : 1);

          qrx_view_set (to, row * width + c,
                        qrx_view_get (inverse, row) *
                          (passed - mean - qrx_view_get (normalized, row * width + c) * along));
        }
    }
  return TRUE;
}

static void
qrx_layer_norm_class_init (QrxLayerNormClass *klass)
{
  QrxLayerClass *layer_class = QRX_LAYER_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  layer_class->prepare = layer_norm_prepare;
  layer_class->forward = layer_norm_forward;
  layer_class->backward = layer_norm_backward;
  qrx_node_class_set_name (node_class, "layer-norm");
  qrx_node_class_set_category (node_class, "transform");
  qrx_node_class_set_summary (node_class, "Gives each row mean 0 and variance 1 over its columns.");
  qrx_node_class_add_citation (node_class, "Ba, Kiros, Hinton 2016, arXiv:1607.06450");
  qrx_node_class_add_input (node_class, "in", "flow:any[B, W]", "numbers of any quantity");
  qrx_node_class_add_output (node_class, "out", "flow:any[B, W]", "the same quantity, normalized by row");
  qrx_node_class_add_boolean (node_class, "affine", G_STRUCT_OFFSET (QrxLayerNorm, affine), TRUE,
                              "learn a gain and a shift for each column afterwards");
  qrx_node_class_add_double (node_class, "epsilon", G_STRUCT_OFFSET (QrxLayerNorm, epsilon), 0, 1, 1e-5, NULL,
                             "added to the variance");
  qrx_node_class_set_example (node_class, "{\"properties\": {\"epsilon\": 0},"
                                          " \"input\": [[1, 3, 1, 3], [10, 20, 40, 50]],"
                                          " \"expect\": {\"output\": [[-1, 1, -1, 1], [-1.2649110640673518,"
                                          " -0.6324555320336759, 0.6324555320336759, 1.2649110640673518]]},"
                                          " \"tolerance\": 1e-13}");
}

static void
qrx_layer_norm_init (QrxLayerNorm *self G_GNUC_UNUSED)
{
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two angles of each number, for circuits that turn every qubit about two axes. */
#include <qrx/qrx-layer.h>

#include "support/view.h"

#include <math.h>

struct _QrxArctanPair {
  QrxLayer parent_instance;
};

#define QRX_TYPE_ARCTAN_PAIR (qrx_arctan_pair_get_type ())
G_DECLARE_FINAL_TYPE (QrxArctanPair, qrx_arctan_pair, QRX, ARCTAN_PAIR, QrxLayer)
G_DEFINE_FINAL_TYPE (QrxArctanPair, qrx_arctan_pair, QRX_TYPE_LAYER)

static gboolean
arctan_pair_resolve (QrxNode *node G_GNUC_UNUSED, QrxShapeScope *scope, GError **error)
{
  gint64 width = qrx_shape_scope_get (scope, "W");

  return width < 0 || qrx_shape_scope_set (scope, "Q", 2 * width, "two angles for each number", error);
}

static gboolean
arctan_pair_prepare (QrxLayer *layer G_GNUC_UNUSED, QrxPlan *plan G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  return TRUE;
}

static gboolean
arctan_pair_forward (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxTensor *input = qrx_step_get_input (step, 0);
  QrxView x = qrx_view (input), y = qrx_view (qrx_step_get_output (step));

  for (gsize i = 0; i < qrx_tensor_get_n_elements (input); i++)
    {
      double value = qrx_view_get (x, i);

      qrx_view_set (y, 2 * i, atan (value));
      qrx_view_set (y, 2 * i + 1, atan (value * value));
    }
  return TRUE;
}

static gboolean
arctan_pair_backward (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxTensor *input = qrx_step_get_input (step, 0);
  QrxView x = qrx_view (input), g = qrx_view (qrx_step_get_output_gradient (step)), to;

  if (!qrx_step_needs_input_gradient (step, 0))
    return TRUE;
  to = qrx_view (qrx_step_get_input_gradient (step, 0));
  for (gsize i = 0; i < qrx_tensor_get_n_elements (input); i++)
    {
      double value = qrx_view_get (x, i), square = value * value;
      /* 2x / (1 + x⁴), which is no more than 2 / x³ where the fourth power overflows */
      double second = isinf (square * square) ? 0 : 2 * value / (1 + square * square);

      qrx_view_set (to, i, qrx_view_get (g, 2 * i) / (1 + square) + qrx_view_get (g, 2 * i + 1) * second);
    }
  return TRUE;
}

static gboolean
arctan_pair_get_range (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step G_GNUC_UNUSED, QrxTensor *low, QrxTensor *high)
{
  for (gsize c = 0; c < qrx_tensor_get_columns (low); c++)
    {
      qrx_tensor_set (low, c, c % 2 == 0 ? -G_PI_2 : 0);
      qrx_tensor_set (high, c, G_PI_2);
    }
  return TRUE;
}

static void
qrx_arctan_pair_class_init (QrxArctanPairClass *klass)
{
  QrxLayerClass *layer_class = QRX_LAYER_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  node_class->resolve = arctan_pair_resolve;
  layer_class->prepare = arctan_pair_prepare;
  layer_class->forward = arctan_pair_forward;
  layer_class->backward = arctan_pair_backward;
  layer_class->get_range = arctan_pair_get_range;
  qrx_node_class_set_name (node_class, "arctan-pair");
  qrx_node_class_set_category (node_class, "normalizer");
  qrx_node_class_set_summary (node_class,
                              "Two angles of each number, arctan(φ) and arctan(φ²): for the encoding ry-rz.");
  qrx_node_class_add_citation (node_class, "Chen, Yoo, Fang 2020, arXiv:2009.01783");
  qrx_node_class_add_input (node_class, "in", "flow:activation[B, W]", "numbers of any size, one column a qubit");
  qrx_node_class_add_output (node_class, "out", "flow:angle[B, Q]", "angles in radians, two columns a qubit");
  qrx_node_class_set_example (node_class,
                              "{\"properties\": {}, \"input\": [[-1, 0], [0.5773502691896258, 1e200]],"
                              " \"expect\": {\"output\": [[-0.7853981633974483, 0.7853981633974483, 0, 0],"
                              " [0.5235987755982989, 0.32175055439664224, 1.5707963267948966, 1.5707963267948966]]},"
                              " \"tolerance\": 1e-14}");
}

static void
qrx_arctan_pair_init (QrxArctanPair *self G_GNUC_UNUSED)
{
}

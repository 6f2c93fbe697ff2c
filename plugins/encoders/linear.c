/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One affine map; as a head it turns expectations into a prediction. */
#include <qrx/qrx-layer.h>

#include "support/affine.h"

struct _QrxLinear {
  QrxLayer parent_instance;
  gint64 width;
  char *quantity;
  gboolean bias;
};

#define QRX_TYPE_LINEAR (qrx_linear_get_type ())
G_DECLARE_FINAL_TYPE (QrxLinear, qrx_linear, QRX, LINEAR, QrxLayer)
G_DEFINE_FINAL_TYPE (QrxLinear, qrx_linear, QRX_TYPE_LAYER)

static QrxAffine
get_affine (QrxLayer *layer)
{
  return (QrxAffine){ "weight", QRX_LINEAR (layer)->bias ? "bias" : NULL };
}

static gboolean
linear_prepare (QrxLayer *layer, QrxPlan *plan, GError **error G_GNUC_UNUSED)
{
  QrxAffine affine = get_affine (layer);

  qrx_affine_declare (&affine, plan, qrx_plan_get_input_width (plan, 0), qrx_plan_get_output_width (plan));
  return TRUE;
}

static gboolean
linear_forward (QrxLayer *layer, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxAffine affine = get_affine (layer);

  qrx_affine_forward (&affine, step, qrx_step_get_input (step, 0), qrx_step_get_output (step));
  return TRUE;
}

static gboolean
linear_backward (QrxLayer *layer, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxAffine affine = get_affine (layer);
  gboolean needed = qrx_step_needs_input_gradient (step, 0);

  qrx_affine_backward (&affine, step, qrx_step_get_input (step, 0), qrx_step_get_output_gradient (step),
                       needed ? qrx_step_get_input_gradient (step, 0) : NULL);
  return TRUE;
}

static void
qrx_linear_class_init (QrxLinearClass *klass)
{
  QrxLayerClass *layer_class = QRX_LAYER_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  layer_class->prepare = linear_prepare;
  layer_class->forward = linear_forward;
  layer_class->backward = linear_backward;
  qrx_node_class_set_name (node_class, "linear");
  qrx_node_class_set_category (node_class, "encoder");
  qrx_node_class_set_summary (node_class,
                              "One affine map W·x + b, of learned weights; as a head it makes a prediction.");
  qrx_node_class_add_input (node_class, "in", "flow:any[B, G]", "numbers of any quantity");
  qrx_node_class_add_output (node_class, "out", "flow:any=quantity[B, W=width]", "weighted sums of them");
  qrx_node_class_add_integer (node_class, "width", G_STRUCT_OFFSET (QrxLinear, width), 1, 1 << 20, 1, "columns",
                              "number of outputs");
  qrx_node_class_add_choice (node_class, "quantity", G_STRUCT_OFFSET (QrxLinear, quantity),
                             "prediction|activation|feature|angle|expectation", "what the outputs are taken for");
  qrx_node_class_add_boolean (node_class, "bias", G_STRUCT_OFFSET (QrxLinear, bias), TRUE,
                              "learn a constant for each output");
  qrx_node_class_set_example (node_class,
                              "{\"properties\": {\"width\": 2},"
                              " \"parameters\": {\"weight\": [[1, 2, 3], [0, -1, 0.5]], \"bias\": [[10, -10]]},"
                              " \"input\": [[1, 1, 1], [2, 0, -2]],"
                              " \"expect\": {\"output\": [[16, -10.5], [6, -11]]}, \"tolerance\": 1e-13}");
}

static void
qrx_linear_init (QrxLinear *self G_GNUC_UNUSED)
{
}

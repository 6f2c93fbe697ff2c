/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Batch normalization as a layer of its own; without gain and shift before a normalizer it fixes the scale of φ. */
#include <qrx/qrx-layer.h>

#include "support/norm.h"

struct _QrxBatchNorm {
  QrxLayer parent_instance;
  gboolean affine;
  double epsilon;
  double momentum;
};

#define QRX_TYPE_BATCH_NORM (qrx_batch_norm_get_type ())
G_DECLARE_FINAL_TYPE (QrxBatchNorm, qrx_batch_norm, QRX, BATCH_NORM, QrxLayer)
G_DEFINE_FINAL_TYPE (QrxBatchNorm, qrx_batch_norm, QRX_TYPE_LAYER)

static QrxNorm
get_settings (QrxLayer *layer)
{
  QrxBatchNorm *self = QRX_BATCH_NORM (layer);

  return (QrxNorm){
    .gain = self->affine ? "gain" : NULL,
    .shift = self->affine ? "shift" : NULL,
    .mean = "mean",
    .variance = "variance",
    .normalized = "normalized",
    .inverse = "inverse",
    .epsilon = self->epsilon,
    .momentum = self->momentum,
  };
}

static gboolean
batch_norm_prepare (QrxLayer *layer, QrxPlan *plan, GError **error G_GNUC_UNUSED)
{
  QrxNorm settings = get_settings (layer);

  qrx_norm_declare (&settings, plan, qrx_plan_get_output_width (plan));
  return TRUE;
}

static gboolean
batch_norm_forward (QrxLayer *layer, QrxStep *step, GError **error)
{
  QrxNorm settings = get_settings (layer);

  return qrx_norm_forward (&settings, step, qrx_step_get_input (step, 0), qrx_step_get_output (step), error);
}

static gboolean
batch_norm_backward (QrxLayer *layer, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxNorm settings = get_settings (layer);
  gboolean needed = qrx_step_needs_input_gradient (step, 0);

  qrx_norm_backward (&settings, step, qrx_step_get_output_gradient (step),
                           needed ? qrx_step_get_input_gradient (step, 0) : NULL);
  return TRUE;
}

static char **
batch_norm_name_outputs (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step G_GNUC_UNUSED, const char *const *input_names)
{
  return g_strdupv ((char **) input_names);
}

static void
qrx_batch_norm_class_init (QrxBatchNormClass *klass)
{
  QrxLayerClass *layer_class = QRX_LAYER_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  layer_class->prepare = batch_norm_prepare;
  layer_class->forward = batch_norm_forward;
  layer_class->backward = batch_norm_backward;
  layer_class->name_outputs = batch_norm_name_outputs;
  qrx_node_class_set_name (node_class, "batch-norm");
  qrx_node_class_set_category (node_class, "transform");
  qrx_node_class_set_summary (node_class,
                              "Gives each column mean 0 and variance 1 over the minibatch, and in evaluation by "
                              "running statistics.");
  qrx_node_class_add_citation (node_class, "Ioffe, Szegedy 2015, arXiv:1502.03167");
  qrx_node_class_add_input (node_class, "in", "flow:any[B, W]", "numbers of any quantity");
  qrx_node_class_add_output (node_class, "out", "flow:any[B, W]", "the same quantity, normalized by column");
  qrx_node_class_add_boolean (node_class, "affine", G_STRUCT_OFFSET (QrxBatchNorm, affine), TRUE,
                              "learn a gain and a shift for each column afterwards");
  qrx_node_class_add_double (node_class, "epsilon", G_STRUCT_OFFSET (QrxBatchNorm, epsilon), 0, 1, 1e-5, NULL,
                             "added to the variance");
  qrx_node_class_add_double (
      node_class, "momentum", G_STRUCT_OFFSET (QrxBatchNorm, momentum), 0, 1, 0.1, NULL,
      "how far the running statistics follow each minibatch's; the variance is the unbiased one");
  qrx_node_class_set_example (node_class,
                              "{\"properties\": {\"epsilon\": 0},"
                              " \"mode\": \"train\","
                              " \"input\": [[1, 10], [3, 20], [1, 40], [3, 50]],"
                              " \"expect\": {\"output\": [[-1, -1.2649110640673518], [1, -0.6324555320336759],"
                              " [-1, 0.6324555320336759], [1, 1.2649110640673518]]}, \"tolerance\": 1e-13}");
}

static void
qrx_batch_norm_init (QrxBatchNorm *self G_GNUC_UNUSED)
{
}

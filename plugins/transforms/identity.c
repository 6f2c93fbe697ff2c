/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Passes numbers on as they are: a place holder that a study or --set may swap for something that acts, and the way to
 * take numbers for another quantity on purpose. */
#include <qrx/qrx-layer.h>

struct _QrxIdentity {
  QrxLayer parent_instance;
  char *quantity;
};

#define QRX_TYPE_IDENTITY (qrx_identity_get_type ())
G_DECLARE_FINAL_TYPE (QrxIdentity, qrx_identity, QRX, IDENTITY, QrxLayer)
G_DEFINE_FINAL_TYPE (QrxIdentity, qrx_identity, QRX_TYPE_LAYER)

static gboolean
identity_prepare (QrxLayer *layer G_GNUC_UNUSED, QrxPlan *plan G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  return TRUE;
}

static gboolean
identity_forward (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  qrx_tensor_copy_from (qrx_step_get_output (step), qrx_step_get_input (step, 0));
  return TRUE;
}

static gboolean
identity_backward (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  if (qrx_step_needs_input_gradient (step, 0))
    qrx_tensor_copy_from (qrx_step_get_input_gradient (step, 0), qrx_step_get_output_gradient (step));
  return TRUE;
}

static char **
identity_name_outputs (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step G_GNUC_UNUSED, const char *const *input_names)
{
  return g_strdupv ((char **) input_names);
}

static void
qrx_identity_class_init (QrxIdentityClass *klass)
{
  QrxLayerClass *layer_class = QRX_LAYER_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  layer_class->prepare = identity_prepare;
  layer_class->forward = identity_forward;
  layer_class->backward = identity_backward;
  layer_class->name_outputs = identity_name_outputs;
  qrx_node_class_set_name (node_class, "identity");
  qrx_node_class_set_category (node_class, "transform");
  qrx_node_class_set_summary (node_class, "Passes numbers on as they are, as another quantity if so told.");
  qrx_node_class_add_input (node_class, "in", "flow:any[B, W]", "numbers of any quantity");
  qrx_node_class_add_output (node_class, "out", "flow:any=quantity[B, W]", "the same numbers");
  qrx_node_class_add_choice (node_class, "quantity", G_STRUCT_OFFSET (QrxIdentity, quantity),
                             "any|feature|activation|angle|expectation|prediction",
                             "what the numbers are taken for from here on; any: what they were");
  qrx_node_class_set_example (node_class, "{\"properties\": {}, \"input\": [[1, -2], [0.5, 3]],"
                                          " \"expect\": {\"output\": [[1, -2], [0.5, 3]]}, \"tolerance\": 0}");
}

static void
qrx_identity_init (QrxIdentity *self G_GNUC_UNUSED)
{
}

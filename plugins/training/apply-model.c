/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Grafts a fitted model onto a table: its layers become part of a new flow, frozen or free to learn on. */
#include <qrx/qrx.h>

struct _QrxApplyModel {
  QrxNode parent_instance;
  char *layer;
  char *quantity;
  gboolean frozen;
};

#define QRX_TYPE_APPLY_MODEL (qrx_apply_model_get_type ())
G_DECLARE_FINAL_TYPE (QrxApplyModel, qrx_apply_model, QRX, APPLY_MODEL, QrxNode)
G_DEFINE_FINAL_TYPE (QrxApplyModel, qrx_apply_model, QRX_TYPE_NODE)

static gboolean
qrx_apply_model_run (QrxNode *node, QrxBundle *in, QrxBundle *out, QrxContext *context G_GNUC_UNUSED,
                     GCancellable *cancellable G_GNUC_UNUSED, GError **error)
{
  QrxApplyModel *self = QRX_APPLY_MODEL (node);
  QrxValue *model = qrx_bundle_get (in, "model");
  g_autoptr (QrxFlow) source = qrx_flow_from_value (qrx_bundle_get (in, "in"), error);
  g_autoptr (QrxFlow) flow = NULL;
  const char *layer = self->layer != NULL && *self->layer != '\0' ? self->layer : NULL;

  if (source == NULL)
    return FALSE;
  if (!QRX_IS_MODEL (model))
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                   "the model of `%s` has no layers to graft", qrx_predictor_get_producer (QRX_PREDICTOR (model)));
      return FALSE;
    }
  flow = qrx_model_graft (QRX_MODEL (model), layer, source, qrx_node_get_id (node), self->frozen, error);
  if (flow == NULL)
    return FALSE;
  if (g_strcmp0 (qrx_value_get_quantity (QRX_VALUE (flow)), self->quantity) != 0)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                   "%s%s%s carries %s; set the property quantity to that, or choose another layer",
                   layer != NULL ? "the layer `" : "", layer != NULL ? layer : "the model's last layer", layer != NULL ? "`" : "",
                   qrx_value_get_quantity (QRX_VALUE (flow)));
      return FALSE;
    }
  qrx_bundle_set (out, "out", QRX_VALUE (flow));
  return TRUE;
}

static void
qrx_apply_model_class_init (QrxApplyModelClass *klass)
{
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  node_class->run = qrx_apply_model_run;
  qrx_node_class_set_name (node_class, "apply-model");
  qrx_node_class_set_category (node_class, "training");
  qrx_node_class_set_summary (node_class, "Continues a flow through the layers of a fitted model, frozen or free to learn on.");
  qrx_node_class_add_input (node_class, "in", "flow:feature[B, G]",
                            "A split table; its columns are matched by name to those of the model");
  qrx_node_class_add_input (node_class, "model", "model", "A fitted model with layers");
  qrx_node_class_add_output (node_class, "out", "flow:any=quantity[B, W]",
                             "The output of the layer. What is fitted on it counts the rows that made the model as its own");
  qrx_node_class_add_string (node_class, "layer", G_STRUCT_OFFSET (QrxApplyModel, layer), "",
                             "Id of the layer whose output is wanted; empty for the last");
  qrx_node_class_add_choice (node_class, "quantity", G_STRUCT_OFFSET (QrxApplyModel, quantity),
                             "activation|feature|angle|expectation|prediction", "What that layer's output is");
  qrx_node_class_add_boolean (node_class, "frozen", G_STRUCT_OFFSET (QrxApplyModel, frozen), TRUE,
                              "Whether parameters and running statistics stay as they are");
  qrx_node_class_set_example (
    node_class, "{\"properties\": {\"quantity\": \"prediction\"},"
                " \"input\": {\"table\": {\"ids\": [\"a\", \"b\"], \"roles\": [\"train\", \"train\"],"
                "   \"features\": {\"x\": [1, -1]}, \"target\": [3, 1]},"
                "   \"model\": {\"type\": \"ridge\", \"properties\": {\"lambdas\": [1]}}},"
                " \"expect\": {\"flow\": \"flow:prediction[2, 1]\"}}");
}

static void
qrx_apply_model_init (QrxApplyModel *self G_GNUC_UNUSED)
{
}

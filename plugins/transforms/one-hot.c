/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An annotation as features. What flows in is a column for each category already; here it becomes something to compute with. */
#include <qrx/qrx-layer.h>
#include <qrx/qrx-table.h>

struct _QrxOneHot {
  QrxLayer parent_instance;
  char *by;
};

#define QRX_TYPE_ONE_HOT (qrx_one_hot_get_type ())
G_DECLARE_FINAL_TYPE (QrxOneHot, qrx_one_hot, QRX, ONE_HOT, QrxLayer)
G_DEFINE_FINAL_TYPE (QrxOneHot, qrx_one_hot, QRX_TYPE_LAYER)

static gboolean
one_hot_forward (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  qrx_tensor_copy_from (qrx_step_get_output (step), qrx_step_get_input (step, 0));
  return TRUE;
}

static gboolean
one_hot_backward (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  if (qrx_step_needs_input_gradient (step, 0))
    qrx_tensor_copy_from (qrx_step_get_input_gradient (step, 0), qrx_step_get_output_gradient (step));
  return TRUE;
}

/* "drug=Cisplatin" */
static char **
one_hot_name_outputs (QrxLayer *layer, QrxStep *step G_GNUC_UNUSED, const char *const *input_names)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (; *input_names != NULL; input_names++)
    {
      g_autofree char *name = g_strconcat (QRX_ONE_HOT (layer)->by, "=", *input_names, NULL);

      g_strv_builder_add (names, name);
    }
  return g_strv_builder_end (names);
}

static void
qrx_one_hot_class_init (QrxOneHotClass *klass)
{
  QrxLayerClass *layer_class = QRX_LAYER_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  layer_class->forward = one_hot_forward;
  layer_class->backward = one_hot_backward;
  layer_class->name_outputs = one_hot_name_outputs;
  qrx_node_class_set_name (node_class, "one-hot");
  qrx_node_class_set_category (node_class, "transform");
  qrx_node_class_set_summary (
      node_class,
      "Turns an annotation of the rows, such as the drug, into features: a column of zeros and ones for each value that "
      "training rows have, in the order of their names. A row of any other value, or of none, is zero in all of them, and a "
      "warning counts such rows: of a drug that a split leaves out these columns tell nothing.");
  qrx_node_class_add_input (node_class, "in", "flow:category=by[B, C]", "the split table whose annotation it is");
  qrx_node_class_add_output (node_class, "out", "flow:feature[B, C]",
                             "one column a value; `concat` puts them beside expression or what encodes it");
  qrx_node_class_add_string (node_class, "by", G_STRUCT_OFFSET (QrxOneHot, by), QRX_ANNOTATION_DRUG,
                             "which annotation: drug, tissue, or any other that the table has");
  qrx_node_class_set_example (node_class, "{\"properties\": {},"
                                          " \"input\": [[1, 0, 0], [0, 0, 1], [0, 0, 0]],"
                                          " \"expect\": {\"output\": [[1, 0, 0], [0, 0, 1], [0, 0, 0]]}, \"tolerance\": 0}");
}

static void
qrx_one_hot_init (QrxOneHot *self G_GNUC_UNUSED)
{
}

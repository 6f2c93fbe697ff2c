/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `predictor`: a fitted model meets another table, such as a second cohort. (QrxPredictor is the model.) */
#include <qrx/qrx-predictor.h>

#include <string.h>

#define QRX_TYPE_PREDICTOR_NODE (qrx_predictor_node_get_type ())
G_DECLARE_FINAL_TYPE (QrxPredictorNode, qrx_predictor_node, QRX, PREDICTOR_NODE, QrxNode)

struct _QrxPredictorNode {
  QrxNode parent_instance;
  gboolean allow_leakage;
};

G_DEFINE_FINAL_TYPE (QrxPredictorNode, qrx_predictor_node, QRX_TYPE_NODE)

/* As it is if its rows have roles, else with all of them external. */
static QrxTable *
ref_with_roles (QrxTable *table, GError **error)
{
  gsize n = qrx_table_get_n_rows (table);
  guint8 *roles;
  g_autoptr (GBytes) bytes = NULL;

  if (qrx_table_is_split (table))
    return g_object_ref (table);
  roles = g_malloc (n);
  memset (roles, QRX_ROLE_EXTERNAL, n);
  bytes = g_bytes_new_take (roles, n);
  return qrx_table_with_roles (table, bytes, error);
}

static gboolean
qrx_predictor_node_run (QrxNode *node, QrxBundle *in, QrxBundle *out, QrxContext *context, GCancellable *cancellable,
                        GError **error)
{
  QrxPredictor *model = QRX_PREDICTOR (qrx_bundle_get (in, "model"));
  g_autoptr (QrxTable) table = ref_with_roles (QRX_TABLE (qrx_bundle_get (in, "in")), error);
  g_autoptr (QrxPredictions) predictions = NULL;

  if (table == NULL)
    return FALSE;
  predictions = qrx_predictor_predict (model, table, QRX_PREDICTOR_NODE (node)->allow_leakage, context, cancellable, error);
  if (predictions == NULL)
    return FALSE;
  qrx_bundle_set (out, "out", QRX_VALUE (predictions));
  return TRUE;
}

static void
qrx_predictor_node_class_init (QrxPredictorNodeClass *class)
{
  QrxNodeClass *klass = QRX_NODE_CLASS (class);

  klass->run = qrx_predictor_node_run;
  qrx_node_class_set_name (klass, "predictor");
  qrx_node_class_set_category (klass, "training");
  qrx_node_class_set_summary (klass, "Predicts the rows of a table by a fitted model; rows without roles become external. "
                                     "Columns are matched by name.");
  qrx_node_class_add_input (klass, "in", "table", "the rows, with the columns and the target of the model");
  qrx_node_class_add_input (klass, "model", "model", "the model");
  qrx_node_class_add_output (klass, "out", "predictions", "of every row, in the target's unit");
  qrx_node_class_add_boolean (klass, "allow-leakage", G_STRUCT_OFFSET (QrxPredictorNode, allow_leakage), FALSE,
                              "whether rows that made the model, or are of their donors or lines, may be scored as unseen; such "
                              "scores are marked");
  qrx_node_class_set_example (
    klass, "{\"properties\": {\"allow-leakage\": true},"
           " \"input\": {\"table\": {\"ids\": [\"a\", \"b\", \"c\"], \"roles\": [\"train\", \"train\", \"external\"],"
           "   \"target\": [1, 2, null]}, \"model\": {\"type\": \"mean-baseline\"}},"
           " \"expect\": {\"predictions\": [1.5, 1.5, 1.5]}}");
}

static void
qrx_predictor_node_init (QrxPredictorNode *self G_GNUC_UNUSED)
{
}

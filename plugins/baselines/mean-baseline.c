/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `mean-baseline`: predicts by means of the training rows: what any model must beat. */
#include <qrx/qrx-node.h>

#include "known-rows.h"
#include "mean-predictor.h"

#define QRX_TYPE_MEAN_BASELINE (qrx_mean_baseline_get_type ())
G_DECLARE_FINAL_TYPE (QrxMeanBaseline, qrx_mean_baseline, QRX, MEAN_BASELINE, QrxNode)

struct _QrxMeanBaseline {
  QrxNode parent_instance;
  char *by;
  char *target;
  gboolean allow_leakage;
};

G_DEFINE_FINAL_TYPE (QrxMeanBaseline, qrx_mean_baseline, QRX_TYPE_NODE)

static void
report (QrxNode *node, QrxMeanPredictor *model, gsize n_rows, QrxContext *context)
{
  guint n_means = qrx_mean_predictor_get_n_means (model);
  const char *what =
      g_str_equal (QRX_MEAN_BASELINE (node)->by, "line+drug") ? "line or drug" : QRX_MEAN_BASELINE (node)->by;
  g_autofree char *means = n_means > 0 ? g_strdup_printf (", and %u means are those of a %s", n_means, what) : NULL;
  g_autofree char *text = g_strdup_printf ("the mean of %" G_GSIZE_FORMAT " training rows is %g%s", n_rows,
                                           qrx_mean_predictor_get_mean (model), means != NULL ? means : "");

  qrx_context_message (context, qrx_node_get_id (node), text);
}

static gboolean
qrx_mean_baseline_run (QrxNode *node, QrxBundle *in, QrxBundle *out, QrxContext *context, GCancellable *cancellable,
                       GError **error)
{
  QrxMeanBaseline *self = QRX_MEAN_BASELINE (node);
  QrxTable *table = QRX_TABLE (qrx_bundle_get (in, "in"));
  g_autoptr (QrxIndex) rows = NULL;
  g_autoptr (QrxMeanPredictor) model = NULL;
  g_autoptr (QrxPredictions) predictions = NULL;
  gsize target;

  if (!qrx_table_choose_target (table, self->target, &target, error))
    return FALSE;
  rows = known_rows_find (table, target, error);
  if (rows == NULL)
    return FALSE;
  model = qrx_mean_predictor_new (table, target, rows, self->by, error);
  if (model == NULL)
    return FALSE;
  qrx_predictor_set_producer (QRX_PREDICTOR (model), qrx_node_get_id (node));
  report (node, model, qrx_index_get_length (rows), context);
  predictions = qrx_predictor_predict (QRX_PREDICTOR (model), table, self->allow_leakage, context, cancellable, error);
  if (predictions == NULL)
    return FALSE;
  qrx_bundle_set (out, "predictions", QRX_VALUE (predictions));
  qrx_bundle_set (out, "model", QRX_VALUE (model));
  return TRUE;
}

static void
qrx_mean_baseline_class_init (QrxMeanBaselineClass *class)
{
  QrxNodeClass *klass = QRX_NODE_CLASS (class);

  g_type_ensure (QRX_TYPE_MEAN_PREDICTOR); /* so that its files can be read */
  klass->run = qrx_mean_baseline_run;
  qrx_node_class_set_name (klass, "mean-baseline");
  qrx_node_class_set_category (klass, "baseline");
  qrx_node_class_add_citation (
      klass, "DrEval, Nature Communications 17:4238, 2026 (what means alone explain of drug response)");
  qrx_node_class_set_summary (
      klass, "Predicts the mean of the training rows, or of those of the row's tissue, line or drug, or "
             "the mean and what the row's line and drug add to it; what training did not see adds nothing.");
  qrx_node_class_add_input (klass, "in", "table:split", "the rows");
  qrx_node_class_add_output (klass, "predictions", "predictions", "of every row");
  qrx_node_class_add_output (klass, "model", "model", "the means");
  qrx_node_class_add_choice (
      klass, "by", G_STRUCT_OFFSET (QrxMeanBaseline, by), MEAN_KINDS,
      "one mean for all rows, one for each tissue, line or drug, or line's and drug's mean effects together");
  qrx_node_class_add_string (klass, "target", G_STRUCT_OFFSET (QrxMeanBaseline, target), "",
                             "which of the table's targets is predicted; empty for the only one");
  qrx_node_class_add_boolean (
      klass, "allow-leakage", G_STRUCT_OFFSET (QrxMeanBaseline, allow_leakage), FALSE,
      "whether rows of a donor or a line of the training rows may be scored as unseen; such scores are "
      "marked");
  qrx_node_class_set_example (klass, "{\"properties\": {\"by\": \"tissue\"},"
                                     " \"input\": {\"table\": {\"ids\": [\"a\", \"b\", \"c\", \"d\"],"
                                     "   \"roles\": [\"train\", \"train\", \"test\", \"test\"],"
                                     "   \"annotations\": {\"tissue\": [\"lung\", \"skin\", \"skin\", \"bone\"]},"
                                     "   \"target\": [1, 2, null, null]}},"
                                     " \"expect\": {\"predictions\": [1, 2, 2, 1.5]}}");
}

static void
qrx_mean_baseline_init (QrxMeanBaseline *self G_GNUC_UNUSED)
{
}

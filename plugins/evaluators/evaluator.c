/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `evaluator`: scores predictions by role, at a stated binarization and orientation. */
#include <math.h>
#include <qrx/qrx-node.h>

#include "drug-scores.h"

#define QRX_TYPE_EVALUATOR (qrx_evaluator_get_type ())
G_DECLARE_FINAL_TYPE (QrxEvaluator, qrx_evaluator, QRX, EVALUATOR, QrxNode)

struct _QrxEvaluator {
  QrxNode parent_instance;
  double threshold; /* NaN: the training median */
  char *orientation;
};

G_DEFINE_FINAL_TYPE (QrxEvaluator, qrx_evaluator, QRX_TYPE_NODE)

static QrxOrientation
choose_orientation (QrxEvaluator *self, QrxPredictions *predictions)
{
  if (g_str_equal (self->orientation, "low"))
    return QRX_ORIENTATION_LOW_IS_SENSITIVE;
  if (g_str_equal (self->orientation, "high"))
    return QRX_ORIENTATION_HIGH_IS_SENSITIVE;
  return qrx_table_get_target_orientation (qrx_predictions_get_table (predictions),
                                           qrx_predictions_get_target (predictions));
}

static gboolean
qrx_evaluator_run (QrxNode *node, QrxBundle *in, QrxBundle *out, QrxContext *context G_GNUC_UNUSED,
                   GCancellable *cancellable G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  QrxEvaluator *self = QRX_EVALUATOR (node);
  QrxPredictions *predictions = QRX_PREDICTIONS (qrx_bundle_get (in, "in"));
  Binarization binarization = { choose_orientation (self, predictions), self->threshold };
  g_autoptr (QrxMetrics) metrics = qrx_metrics_new ();

  if (isnan (binarization.threshold))
    binarization.threshold = qrx_predictions_get_threshold (predictions);
  qrx_metrics_set_producer (metrics, qrx_node_get_id (node));
  for (guint role = QRX_ROLE_TRAIN; role < QRX_N_ROLES; role++)
    if (!drug_scores_compute (predictions, (QrxRole) role, &binarization, isnan (self->threshold), metrics))
      role_scores_compute (predictions, (QrxRole) role, NULL, &binarization, qrx_role_get_name ((QrxRole) role),
                           metrics);
  qrx_bundle_set (out, "out", QRX_VALUE (metrics));
  return TRUE;
}

static void
cite (QrxNodeClass *klass)
{
  qrx_node_class_add_citation (klass,
                               "Hanley & McNeil 1982, The meaning and use of the area under a receiver operating "
                               "characteristic (ROC) curve, doi:10.1148/radiology.143.1.7063747");
  qrx_node_class_add_citation (klass,
                               "DeLong, DeLong & Clarke-Pearson 1988, Comparing the areas under two or more correlated "
                               "receiver operating characteristic curves (the interval of one fixed model on one set "
                               "of rows), doi:10.2307/2531595");
  qrx_node_class_add_citation (klass, "Brier 1950, Verification of forecasts expressed in terms of probability, "
                                      "doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2");
}

static void
declare_scores (QrxNodeClass *klass)
{
  static const struct {
    const char *name;
    int better;
    const char *blurb;
  } scores[] = {
    { "auc", 1, "area under the ROC curve" },
    { "auc_within_tissue", 1,
      "AUC over the pairs of a sensitive and a resistant row of one tissue, each pair weighing the same" },
    { "average_precision", 1, "precision, averaged over the sensitive rows" },
    { "rmse", -1, "root of the mean squared error, in the target's unit" },
    { "mae", -1, "mean absolute error, in the target's unit" },
    { "r2", 1, "R², against the mean of the role's own rows" },
    { "pearson", 1, "Pearson's correlation" },
    { "spearman", 1, "Spearman's rank correlation" },
    { "kendall", 1, "Kendall's tau-b" },
    { "calibration_slope", 0, "slope of the line from predictions to targets; 1 is calibrated" },
    { "calibration_intercept", 0, "intercept of that line; 0 is calibrated" },
    { "brier", -1, "mean squared error of probabilities" },
    { "calibration_error", -1, "how far shares of sensitive rows lie from probabilities, over ten bins" },
    { "auc_pooled", 1, "AUC of all rows together, where there are several drugs" },
    { "pearson_pooled", 1, "Pearson's correlation of all rows together, where there are several drugs" },
    { "spearman_pooled", 1, "Spearman's correlation of all rows together, where there are several drugs" },
    { "rmse_pooled", -1, "RMSE of all rows together, where there are several drugs" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (scores); i++)
    qrx_node_class_add_score (klass, scores[i].name, scores[i].better, scores[i].blurb);
}

static void
qrx_evaluator_class_init (QrxEvaluatorClass *class)
{
  QrxNodeClass *klass = QRX_NODE_CLASS (class);

  klass->run = qrx_evaluator_run;
  qrx_node_class_set_name (klass, "evaluator");
  qrx_node_class_set_category (klass, "evaluator");
  qrx_node_class_set_summary (
      klass,
      "Scores predictions on every role that the rows have, with DeLong's 95 % interval of the AUC (raw, and clipped to "
      "0..1), and reliability: by bin, the means of predictions and of what was observed. "
      "Of several drugs each is scored by itself, at its own training median, under "
      "\"role/drug\", and the role has the means over drugs; what pools drugs ends in _pooled. "
      "Sensitive rows, those strictly beyond the threshold, are the positive class. Rows without a target are counted "
      "and left out; a score that is not defined is null, with its reason.");
  cite (klass);
  declare_scores (klass);
  qrx_node_class_add_input (klass, "in", "predictions", "what to score");
  qrx_node_class_add_output (klass, "out", "metrics", "the scores by role");
  qrx_node_class_add_double (klass, "threshold", G_STRUCT_OFFSET (QrxEvaluator, threshold), -G_MAXDOUBLE, G_MAXDOUBLE,
                             NAN, "the target's unit",
                             "cut between sensitive and resistant; without it, the training median");
  qrx_node_class_add_choice (klass, "orientation", G_STRUCT_OFFSET (QrxEvaluator, orientation), "auto|low|high",
                             "which end of the target is sensitive; auto: what the target says of itself");
  qrx_node_class_set_example (
      klass,
      "{\"properties\": {\"threshold\": 0},"
      " \"input\": {\"table\": {\"ids\": [\"a\", \"b\", \"c\", \"d\"], \"roles\": [\"test\", \"test\", \"test\", "
      "\"test\"],"
      "   \"target\": [-2, -1, 1, 2], \"orientation\": \"low-is-sensitive\"}, \"predictions\": [-1, 0.5, 0, 1]},"
      " \"expect\": {\"metrics\": {\"test\": {\"n\": 4, \"auc\": 0.75, \"average_precision\": 0.8333333333333333,"
      "   \"mae\": 1.125}}}, \"tolerance\": 1e-15}");
}

static void
qrx_evaluator_init (QrxEvaluator *self G_GNUC_UNUSED)
{
}

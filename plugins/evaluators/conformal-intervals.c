/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `conformal-intervals`: intervals around predictions that hold the target at a stated rate, by split conformal prediction
 * from rows that took no part in making the model. */
#include <math.h>
#include <qrx/qrx-node.h>

#include "conformal-rows.h"

#define QRX_TYPE_CONFORMAL_INTERVALS (qrx_conformal_intervals_get_type ())
G_DECLARE_FINAL_TYPE (QrxConformalIntervals, qrx_conformal_intervals, QRX, CONFORMAL_INTERVALS, QrxNode)

struct _QrxConformalIntervals {
  QrxNode parent_instance;
  double level;
  char *role;
  char *score;
  gint64 neighbours;
  double offset;
  char *group_by;
  char *small_groups;
  gboolean allow_leakage;
};

G_DEFINE_FINAL_TYPE (QrxConformalIntervals, qrx_conformal_intervals, QRX_TYPE_NODE)

static guint
count_rows (QrxTable *table, QrxRole role)
{
  guint n = 0;

  for (gsize row = 0; row < qrx_table_get_n_rows (table); row++)
    n += qrx_table_get_role (table, row) == role;
  return n;
}

static QrxRole
choose_role (QrxConformalIntervals *self, QrxTable *table)
{
  if (g_str_equal (self->role, "auto"))
    return count_rows (table, QRX_ROLE_CALIBRATION) > 0 ? QRX_ROLE_CALIBRATION : QRX_ROLE_VALIDATION;
  return g_str_equal (self->role, "calibration") ? QRX_ROLE_CALIBRATION : QRX_ROLE_VALIDATION;
}

static gboolean
check_annotation (QrxTable *table, const char *name, GError **error)
{
  g_autofree char *known = NULL;

  if (name == NULL || qrx_table_has_annotation (table, name))
    return TRUE;
  known = g_strjoinv ("\", \"", (char **) qrx_table_get_annotation_names (table));
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
               "property \"group-by\": found \"%s\", expected an annotation of the table, which has \"%s\"", name,
               known);
  return FALSE;
}

static gboolean
check_predictions (QrxPredictions *predictions, GError **error)
{
  if (!qrx_predictions_is_probability (predictions))
    return TRUE;
  g_set_error (
      error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
      "\"%s\" predicts the probability that a row is sensitive, around which an interval of the target makes no "
      "sense; use a loss of values",
      qrx_predictions_get_producer (predictions));
  return FALSE;
}

/* Residuals of rows that made the model are smaller than those of new rows. */
static gboolean
check_calibration (QrxConformalIntervals *self, QrxPredictions *predictions, QrxRole role, gboolean *leaking,
                   QrxContext *context, GError **error)
{
  QrxTable *table = qrx_predictions_get_table (predictions);
  guint n = 0, n_all = count_rows (table, role);
  g_autofree char *found = NULL;

  for (gsize row = 0; row < qrx_table_get_n_rows (table); row++)
    n += qrx_table_get_role (table, row) == role && qrx_predictions_is_known (predictions, row);
  *leaking = n > 0;
  if (n == 0)
    return TRUE;
  found = g_strdup_printf ("%u of %u %s rows fitted or selected part of the model of \"%s\" (early stopping, for one, "
                           "selects by validation rows), so they are not exchangeable with new rows",
                           n, n_all, qrx_role_get_name (role), qrx_predictions_get_producer (predictions));
  if (self->allow_leakage)
    {
      g_autofree char *warning = g_strconcat (found, ": no coverage is guaranteed", NULL);

      qrx_context_warn (context, qrx_node_get_id (QRX_NODE (self)), warning);
      return TRUE;
    }
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_LEAKAGE,
               "%s; give `split` a \"calibration\" part, or set allow-leakage, and then every score is marked", found);
  return FALSE;
}

static ConformalPlan
make_plan (QrxConformalIntervals *self, QrxRole role)
{
  return (ConformalPlan){
    .role = role,
    .level = self->level,
    .normalized = g_str_equal (self->score, "normalized"),
    .neighbours = (gsize) self->neighbours,
    .offset = self->offset,
    .group_by = self->group_by != NULL && self->group_by[0] != '\0' ? self->group_by : NULL,
    .pools = g_str_equal (self->small_groups, "pool"),
  };
}

static gboolean
qrx_conformal_intervals_run (QrxNode *node, QrxBundle *in, QrxBundle *out, QrxContext *context,
                             GCancellable *cancellable G_GNUC_UNUSED, GError **error)
{
  QrxConformalIntervals *self = QRX_CONFORMAL_INTERVALS (node);
  QrxPredictions *predictions = QRX_PREDICTIONS (qrx_bundle_get (in, "in"));
  QrxTable *table = qrx_predictions_get_table (predictions);
  const ConformalPlan plan = make_plan (self, choose_role (self, table));
  g_autoptr (QrxMetrics) metrics = qrx_metrics_new ();
  g_autoptr (QrxPredictions) result = NULL;
  gboolean leaking;

  if (!check_annotation (table, plan.group_by, error) || !check_predictions (predictions, error) ||
      !check_calibration (self, predictions, plan.role, &leaking, context, error))
    return FALSE;
  qrx_metrics_set_producer (metrics, qrx_node_get_id (node));
  result = conformal_rows_apply (predictions, &plan, metrics, error);
  if (result == NULL)
    return FALSE;
  for (guint role = QRX_ROLE_TRAIN; role < QRX_N_ROLES; role++)
    conformal_rows_score (result, (QrxRole) role, &plan, leaking, metrics);
  qrx_bundle_set (out, "out", QRX_VALUE (result));
  qrx_bundle_set (out, "metrics", QRX_VALUE (metrics));
  return TRUE;
}

static void
cite (QrxNodeClass *klass)
{
  qrx_node_class_add_citation (klass, "Vovk, Gammerman & Shafer 2005, Algorithmic learning in a random world, "
                                      "doi:10.1007/b106715 (conformal prediction; groups: Mondrian)");
  qrx_node_class_add_citation (klass, "Lei, G'Sell, Rinaldo, Tibshirani & Wasserman 2018, Distribution-free predictive "
                                      "inference for regression (split conformal; locally weighted residuals), "
                                      "doi:10.1080/01621459.2017.1307116");
  qrx_node_class_add_citation (klass,
                               "Wilson 1927, Probable inference, the law of succession, and statistical inference "
                               "(coverage_ci95), doi:10.1080/01621459.1927.10502953");
}

static void
declare_properties (QrxNodeClass *klass)
{
  qrx_node_class_add_double (klass, "level", G_STRUCT_OFFSET (QrxConformalIntervals, level), 0.01, 0.9999, 0.9, "rate",
                             "how often intervals are to hold the target");
  qrx_node_class_add_choice (klass, "role", G_STRUCT_OFFSET (QrxConformalIntervals, role),
                             "auto|calibration|validation",
                             "which rows calibrate; auto: calibration rows if there are any, else validation rows");
  qrx_node_class_add_choice (
      klass, "score", G_STRUCT_OFFSET (QrxConformalIntervals, score), "absolute|normalized",
      "absolute residuals, so that all intervals of a group are of one width, or these divided by the "
      "mean residual of the training rows with the nearest predictions");
  qrx_node_class_add_integer (klass, "neighbours", G_STRUCT_OFFSET (QrxConformalIntervals, neighbours), 1, 1000000, 25,
                              "training rows", "how many of them say how far off predictions are nearby");
  qrx_node_class_add_double (klass, "offset", G_STRUCT_OFFSET (QrxConformalIntervals, offset), 0, 1000, 0.1,
                             "mean absolute residual of the training rows",
                             "added to what neighbours say, so that no interval vanishes");
  qrx_node_class_add_string (klass, "group-by", G_STRUCT_OFFSET (QrxConformalIntervals, group_by), "",
                             "an annotation, such as tissue or drug, each of whose groups is calibrated by itself");
  qrx_node_class_add_choice (
      klass, "small-groups", G_STRUCT_OFFSET (QrxConformalIntervals, small_groups), "pool|refuse",
      "groups of too few calibration rows take the quantile of all rows, and are counted, or are an "
      "error");
  qrx_node_class_add_boolean (
      klass, "allow-leakage", G_STRUCT_OFFSET (QrxConformalIntervals, allow_leakage), FALSE,
      "whether rows that fitted or selected part of the model may calibrate; every score is then "
      "marked, and nothing is guaranteed");
}

static void
qrx_conformal_intervals_class_init (QrxConformalIntervalsClass *class)
{
  QrxNodeClass *klass = QRX_NODE_CLASS (class);

  klass->run = qrx_conformal_intervals_run;
  qrx_node_class_set_name (klass, "conformal-intervals");
  qrx_node_class_set_category (klass, "diagnostic");
  qrx_node_class_set_summary (
      klass,
      "Puts an interval around every prediction that holds the target at a stated rate, whatever the model, by split "
      "conformal prediction: its half width is the ⌈(n + 1)·level⌉-th smallest absolute residual of n calibration "
      "rows, "
      "which must have taken no part in making the model. Scores say, by role, tissue and drug, how often intervals "
      "held "
      "the target and how wide they are.");
  cite (klass);
  qrx_node_class_add_input (klass, "in", "predictions", "what to put intervals around");
  qrx_node_class_add_output (klass, "out", "predictions", "the same with a lower and an upper end for every row");
  qrx_node_class_add_output (klass, "metrics", "metrics", "coverage and width by role, and the quantiles");
  declare_properties (klass);
  qrx_node_class_set_example (
      klass, "{\"properties\": {\"level\": 0.5},"
             " \"input\": {\"table\": {\"ids\": [\"a\", \"b\", \"c\", \"d\", \"e\"],"
             "   \"roles\": [\"calibration\", \"calibration\", \"calibration\", \"test\", \"test\"],"
             "   \"target\": [1, -2, 3, 2, 1]}, \"predictions\": [0, 0, 0, 0, 0]},"
             " \"expect\": {\"metrics\": {\"calibration\": {\"n_calibration\": 3, \"n_needed\": 1, \"quantile\": 2},"
             "   \"test\": {\"n\": 2, \"coverage\": 1, \"mean_width\": 4}}}, \"tolerance\": 1e-15}");
}

static void
qrx_conformal_intervals_init (QrxConformalIntervals *self G_GNUC_UNUSED)
{
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gathers the rows of a role that have a known target and scores them. Sensitive is the positive class, and scores are
 * turned so that sensitive scores high. What is not defined says why. */
#include "role-scores.h"

#include <math.h>
#include <qrx/qrx-statistics.h>

#include "reliability.h"

typedef struct {
  QrxMetrics *metrics;
  const char *role;
  gsize n;
  gsize n_missing;
  gsize n_sensitive;
  double *targets;
  double *predictions;
  double *responses; /* what predictions should agree with: the targets, or how sensitive they are for probabilities */
  double *scores;    /* high where a row is predicted to be sensitive */
  guint8 *sensitive;
  guint *tissues;   /* rows of one tissue have one number; NULL without that annotation */
  char *unclassed;  /* why there are no classes, or NULL */
  char *unmeasured; /* why errors in the target's unit make no sense, or NULL */
} Rows;

static void
rows_clear (Rows *rows)
{
  g_free (rows->targets);
  g_free (rows->predictions);
  g_free (rows->responses);
  g_free (rows->scores);
  g_free (rows->sensitive);
  g_free (rows->tissues);
  g_free (rows->unclassed);
  g_free (rows->unmeasured);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rows, rows_clear)

static void
allocate (Rows *rows, gsize n)
{
  rows->targets = g_new (double, n);
  rows->predictions = g_new (double, n);
  rows->responses = g_new (double, n);
  rows->scores = g_new (double, n);
  rows->sensitive = g_new0 (guint8, n);
}

/* A row of unknown tissue is alone with a number of its own, and so in no pair. */
static guint
number_tissue (GHashTable *numbers, const char *tissue, guint *n_numbers)
{
  gpointer number;

  if (tissue == NULL || tissue[0] == '\0')
    return (*n_numbers)++;
  if (!g_hash_table_lookup_extended (numbers, tissue, NULL, &number))
    {
      number = GUINT_TO_POINTER ((*n_numbers)++);
      g_hash_table_insert (numbers, (gpointer) tissue, number);
    }
  return GPOINTER_TO_UINT (number);
}

static void
gather (Rows *rows, QrxPredictions *predictions, QrxRole role, const char *drug, const Binarization *binarization)
{
  QrxTable *table = qrx_predictions_get_table (predictions);
  QrxTensor *targets = qrx_table_get_target_values (table, qrx_predictions_get_target (predictions));
  gboolean is_probability = qrx_predictions_is_probability (predictions);
  double sign = binarization->orientation == QRX_ORIENTATION_LOW_IS_SENSITIVE ? -1 : 1;
  gsize n_rows = qrx_table_get_n_rows (table);
  g_autoptr (GHashTable) numbers = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_numbers = 0;

  allocate (rows, n_rows);
  if (qrx_table_has_annotation (table, QRX_ANNOTATION_TISSUE))
    rows->tissues = g_new (guint, n_rows);
  for (gsize row = 0; row < n_rows; row++)
    {
      double target = qrx_tensor_get (targets, row);
      gsize i = rows->n;

      if (qrx_table_get_role (table, row) != role ||
          (drug != NULL && g_strcmp0 (qrx_table_get_annotation (table, QRX_ANNOTATION_DRUG, row), drug) != 0))
        continue;
      if (isnan (target))
        {
          rows->n_missing++;
          continue;
        }
      rows->targets[i] = target;
      rows->predictions[i] = qrx_tensor_get (qrx_predictions_get_values (predictions), row);
      rows->responses[i] = is_probability ? sign * target : target;
      rows->scores[i] = is_probability ? rows->predictions[i] : sign * rows->predictions[i];
      rows->sensitive[i] = sign * target > sign * binarization->threshold;
      rows->n_sensitive += rows->sensitive[i];
      if (rows->tissues != NULL)
        rows->tissues[i] =
            number_tissue (numbers, qrx_table_get_annotation (table, QRX_ANNOTATION_TISSUE, row), &n_numbers);
      rows->n++;
    }
}

/* Why the rows have no classes to tell apart, or NULL. */
static char *
explain_classes (const Rows *rows, const Binarization *binarization)
{
  if (rows->n == 0)
    return g_strdup ("no row of this role has a known target");
  if (binarization->orientation == QRX_ORIENTATION_NONE)
    return g_strdup ("it is not known which end of the target is sensitive: set \"orientation\" to low or high");
  if (isnan (binarization->threshold))
    return g_strdup ("the training median is not known: set \"threshold\"");
  if (rows->n_sensitive == 0 || rows->n_sensitive == rows->n)
    return g_strdup_printf ("all rows are of one class: none is %s at the threshold %g",
                            rows->n_sensitive == 0 ? "sensitive" : "resistant", binarization->threshold);
  return NULL;
}

static char *
explain_errors (const Rows *rows, QrxPredictions *predictions)
{
  const char *unit =
      qrx_table_get_target_unit (qrx_predictions_get_table (predictions), qrx_predictions_get_target (predictions));

  if (rows->n == 0)
    return g_strdup ("no row of this role has a known target");
  if (qrx_predictions_is_probability (predictions))
    return g_strdup_printf ("the model predicts a probability, not %s",
                            unit != NULL && unit[0] != '\0' ? unit : "the target");
  return NULL;
}

static void
put (const Rows *rows, const char *name, gboolean defined, double value, const char *reason)
{
  if (defined)
    qrx_metrics_set_number (rows->metrics, rows->role, name, value);
  else
    qrx_metrics_set_undefined (rows->metrics, rows->role, name, reason);
}

static void
put_interval (const Rows *rows)
{
  double auc, variance, interval[2];
  const char *reason = rows->unclassed;

  if (rows->unclassed == NULL &&
      qrx_statistics_delong (rows->scores, rows->sensitive, rows->n, &auc, &variance, &reason))
    {
      qrx_statistics_normal_interval (auc, variance, 0.95, interval);
      qrx_metrics_set_interval (rows->metrics, rows->role, "auc_ci95", interval[0], interval[1]);
      qrx_metrics_set_interval (rows->metrics, rows->role, "auc_ci95_clipped", CLAMP (interval[0], 0, 1),
                                CLAMP (interval[1], 0, 1));
      return;
    }
  qrx_metrics_set_undefined (rows->metrics, rows->role, "auc_ci95", reason);
  qrx_metrics_set_undefined (rows->metrics, rows->role, "auc_ci95_clipped", reason);
}

static void
score_classes (const Rows *rows)
{
  const char *reason = rows->unclassed;
  gboolean classed = rows->unclassed == NULL;
  double value = NAN;
  gboolean defined = classed && qrx_statistics_auc (rows->scores, rows->sensitive, rows->n, &value, &reason);

  put (rows, "auc", defined, value, reason);
  put_interval (rows);
  if (classed && rows->tissues == NULL)
    {
      defined = FALSE;
      reason = "the table has no annotation \"" QRX_ANNOTATION_TISSUE "\"";
    }
  else if (classed)
    {
      defined = qrx_statistics_auc_within (rows->scores, rows->sensitive, rows->tissues, rows->n, &value, &reason);
      if (!defined)
        reason = "no tissue has rows of both classes";
    }
  put (rows, "auc_within_tissue", defined, value, reason);
  reason = rows->unclassed;
  defined = classed && qrx_statistics_average_precision (rows->scores, rows->sensitive, rows->n, &value, &reason);
  put (rows, "average_precision", defined, value, reason);
}

typedef gboolean (*PairScore) (const double *x, const double *y, gsize n, double *value, const char **reason);

static void
score_errors (const Rows *rows)
{
  static const struct {
    const char *name;
    PairScore compute;
  } scores[] = { { "rmse", qrx_statistics_rmse }, { "mae", qrx_statistics_mae }, { "r2", qrx_statistics_r2 } };

  for (gsize i = 0; i < G_N_ELEMENTS (scores); i++)
    {
      const char *reason = rows->unmeasured;
      double value = NAN;
      gboolean defined =
          rows->unmeasured == NULL && scores[i].compute (rows->targets, rows->predictions, rows->n, &value, &reason);

      put (rows, scores[i].name, defined, value, reason);
    }
}

static gboolean
is_constant (const double *values, gsize n)
{
  for (gsize i = 1; i < n; i++)
    if (values[i] != values[0])
      return FALSE;
  return n > 0;
}

static void
score_correlations (const Rows *rows)
{
  static const struct {
    const char *name;
    PairScore compute;
  } scores[] = { { "pearson", qrx_statistics_pearson },
                 { "spearman", qrx_statistics_spearman },
                 { "kendall", qrx_statistics_kendall } };

  for (gsize i = 0; i < G_N_ELEMENTS (scores); i++)
    {
      const char *reason = "no row of this role has a known target";
      double value = NAN;
      gboolean defined =
          rows->n > 0 && scores[i].compute (rows->responses, rows->predictions, rows->n, &value, &reason);

      if (!defined && rows->n > 1 && is_constant (rows->predictions, rows->n))
        reason = "all predictions are the same";
      else if (!defined && rows->n > 1 && is_constant (rows->targets, rows->n))
        reason = "all targets are the same";
      put (rows, scores[i].name, defined, value, reason);
    }
}

#define N_BINS RELIABILITY_BINS

/* Of probabilities: their squared error (Brier 1950), and how far the share of sensitive rows lies from the mean
 * probability, over ten bins of equal width, each weighing as it has rows. */
static void
score_probabilities (const Rows *rows)
{
  double sums[N_BINS] = { 0 }, brier = 0, error = 0;
  gsize sensitive[N_BINS] = { 0 };
  gboolean classed = rows->n > 0 && rows->unclassed == NULL;

  for (gsize i = 0; i < rows->n; i++)
    {
      double off = rows->predictions[i] - rows->sensitive[i];
      guint bin = (guint) CLAMP (rows->predictions[i] * N_BINS, 0, N_BINS - 1);

      brier += off * off / (double) rows->n;
      sums[bin] += rows->predictions[i];
      sensitive[bin] += rows->sensitive[i];
    }
  for (guint bin = 0; bin < N_BINS && rows->n > 0; bin++)
    error += fabs (sums[bin] - (double) sensitive[bin]) / (double) rows->n;
  put (rows, "brier", classed, brier, rows->unclassed);
  put (rows, "calibration_error", classed, error, rows->unclassed);
}

/* Of values: the line that best tells targets from predictions; slope 1 and intercept 0 are calibrated, a slope below 1
 * promises too much. */
static void
score_line (const Rows *rows)
{
  double mean_x = 0, mean_y = 0, xx = 0, xy = 0;
  const char *reason = rows->unmeasured != NULL ? rows->unmeasured : "all predictions are the same";

  for (gsize i = 0; i < rows->n; i++)
    {
      mean_x += rows->predictions[i] / (double) rows->n;
      mean_y += rows->targets[i] / (double) rows->n;
    }
  for (gsize i = 0; i < rows->n; i++)
    {
      xx += (rows->predictions[i] - mean_x) * (rows->predictions[i] - mean_x);
      xy += (rows->predictions[i] - mean_x) * (rows->targets[i] - mean_y);
    }
  if (is_constant (rows->predictions, rows->n))
    xx = 0;
  put (rows, "calibration_slope", rows->unmeasured == NULL && xx > 0, xy / xx, reason);
  put (rows, "calibration_intercept", rows->unmeasured == NULL && xx > 0, mean_y - xy / xx * mean_x, reason);
}

static void
score_reliability (const Rows *rows, gboolean is_probability)
{
  const char *reason = is_probability ? rows->unclassed : rows->unmeasured;
  g_autofree double *observed = g_new (double, rows->n + 1);

  if (rows->n == 0 || reason != NULL)
    {
      put (rows, "reliability", FALSE, NAN, reason != NULL ? reason : "no row of this role has a known target");
      return;
    }
  for (gsize i = 0; i < rows->n; i++)
    observed[i] = is_probability ? rows->sensitive[i] : rows->targets[i];
  reliability_put (rows->predictions, observed, rows->n, is_probability, rows->role, rows->metrics);
}

static void
score_calibration (const Rows *rows, gboolean is_probability)
{
  if (is_probability)
    score_probabilities (rows);
  else
    score_line (rows);
  score_reliability (rows, is_probability);
}

static void
describe (const Rows *rows, QrxPredictions *predictions, QrxRole role, const Binarization *binarization)
{
  gboolean is_unseen = role == QRX_ROLE_TEST || role == QRX_ROLE_EXTERNAL;

  qrx_metrics_set_count (rows->metrics, rows->role, "n", (gint64) rows->n);
  qrx_metrics_set_count (rows->metrics, rows->role, "n_missing", (gint64) rows->n_missing);
  put (rows, "threshold", !isnan (binarization->threshold), binarization->threshold,
       "the training median is not known: set \"threshold\"");
  qrx_metrics_set_text (rows->metrics, rows->role, "orientation", qrx_orientation_get_name (binarization->orientation));
  if (qrx_predictions_is_leaking (predictions) && is_unseen)
    qrx_metrics_set_text (rows->metrics, rows->role, "leaking",
                          "rows of this role fitted or selected part of the model: these are no scores of unseen rows");
}

void
role_scores_compute (QrxPredictions *predictions, QrxRole role, const char *drug, const Binarization *binarization,
                     const char *name, QrxMetrics *metrics)
{
  g_auto (Rows) rows = { .metrics = metrics, .role = name };

  gather (&rows, predictions, role, drug, binarization);
  if (rows.n + rows.n_missing == 0)
    return;
  rows.unclassed = explain_classes (&rows, binarization);
  rows.unmeasured = explain_errors (&rows, predictions);
  describe (&rows, predictions, role, binarization);
  score_classes (&rows);
  score_errors (&rows);
  score_correlations (&rows);
  score_calibration (&rows, qrx_predictions_is_probability (predictions));
}

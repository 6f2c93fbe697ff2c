/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scores of several drugs, and calibration. */
#include "node-fixture.h"

#include <math.h>
#include <qrx/qrx-metrics.h>
#include <qrx/qrx-predictions.h>
#include <qrx/qrx-random.h>

#define EXACT 1e-12

static QrxMetrics *
evaluate (NodeFixture *fixture, const char *properties, gsize n, const char *const *drugs, const guint8 *roles,
          const double *targets, const double *values, gboolean probability)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (QrxTensor) target = qrx_tensor_new (QRX_DTYPE_F64, &n, 1),
                        prediction = qrx_tensor_new (QRX_DTYPE_F64, &n, 1);
  g_autoptr (GBytes) bytes = g_bytes_new (roles, n);
  g_autoptr (QrxBundle) in = qrx_bundle_new (), out = NULL;
  g_autoptr (QrxTable) plain = NULL, table = NULL;
  g_autoptr (QrxPredictions) predictions = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) ids = NULL;

  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("row-%05" G_GSIZE_FORMAT, i);

      g_strv_builder_add (builder, id);
      qrx_tensor_set (target, i, targets[i]);
      qrx_tensor_set (prediction, i, values[i]);
    }
  ids = g_strv_builder_end (builder);
  plain = qrx_table_new ((const char *const *) ids, NULL);
  if (drugs != NULL)
    g_assert_true (qrx_table_add_annotation (plain, "drug", drugs, NULL));
  g_assert_true (qrx_table_add_target (plain, "y", "ln µM", QRX_ORIENTATION_LOW_IS_SENSITIVE, target, NULL));
  table = qrx_table_with_roles (plain, bytes, NULL);
  predictions = qrx_predictions_new (table, 0, prediction, "fit", 0, &error);
  g_assert_no_error (error);
  qrx_predictions_set_probability (predictions, probability);
  qrx_bundle_set (in, "in", QRX_VALUE (predictions));
  out = node_fixture_run_bundle (fixture, "evaluator", properties, in, &error);
  g_assert_no_error (error);
  return g_object_ref (QRX_METRICS (qrx_bundle_get (out, "out")));
}

static void
assert_score (QrxMetrics *metrics, const char *role, const char *name, double expected)
{
  double value = NAN;

  if (!qrx_metrics_get_number (metrics, role, name, &value))
    g_error ("%s of %s is not defined: %s", name, role, qrx_metrics_get_reason (metrics, role, name));
  g_test_message ("%s of %s: %g", name, role, value);
  g_assert_cmpfloat_with_epsilon (value, expected, EXACT);
}

/* Drug a is potent and b is not: predictions that know this alone, and order each drug's rows wrongly, look good where drugs are
 * pooled. c was never trained on. */
static const char *const drugs[] = { "a", "a", "b", "b", "a", "a", "b", "b", "c", "c", NULL };
#define TRAIN QRX_ROLE_TRAIN
#define TEST QRX_ROLE_TEST
static const guint8 roles[] = { TRAIN, TRAIN, TRAIN, TRAIN, TEST, TEST, TEST, TEST, TEST, TEST };
static const double targets[] = { -11, -9, 9, 11, -12, -8, 8, 12, 20, 22 };
static const double values[] = { -10, -10, 10, 10, -9, -11, 11, 9, 20, 21 };

static void
test_drugs_are_scored_by_themselves (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxMetrics) metrics = evaluate (fixture, "{}", 10, drugs, roles, targets, values, FALSE);

  assert_score (metrics, "test/a", "threshold", -10);
  assert_score (metrics, "test/b", "threshold", 10);
  assert_score (metrics, "test/c", "threshold", 21);
  g_assert_nonnull (strstr (qrx_metrics_get_text (metrics, "test/a", "threshold_source"), "training median"));
  g_assert_nonnull (strstr (qrx_metrics_get_text (metrics, "test/c", "threshold_source"), "training has none"));
  assert_score (metrics, "test/a", "auc", 0);
  assert_score (metrics, "test/b", "auc", 0);
  assert_score (metrics, "test/c", "auc", 1);
  assert_score (metrics, "test/a", "n", 2);
  assert_score (metrics, "test", "n", 6);
  assert_score (metrics, "test", "n_drugs", 3);
  assert_score (metrics, "test", "auc", 1.0 / 3);
  assert_score (metrics, "test", "pearson", -1.0 / 3);
  /* At the one threshold of all, 0, both of a are sensitive and no other row is. */
  assert_score (metrics, "test", "auc_pooled", 1);
  g_assert_nonnull (strstr (qrx_metrics_get_text (metrics, "test", "scores_are"), "means over drugs"));
}

/* Where one drug is held back, its rows are cut at their own median, not at that of other drugs. */
static void
test_a_drug_held_back_is_cut_at_its_own_median (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const guint8 of_c[] = { TRAIN, TRAIN, TRAIN, TRAIN, TRAIN, TRAIN, TRAIN, TRAIN, TEST, TEST };
  g_autoptr (QrxMetrics) metrics = evaluate (fixture, "{}", 10, drugs, of_c, targets, values, FALSE);

  assert_score (metrics, "test", "n_drugs", 1);
  assert_score (metrics, "test/c", "threshold", 21);
  assert_score (metrics, "test", "auc", 1);
}

static void
test_a_threshold_given_holds_for_every_drug (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxMetrics) metrics = evaluate (fixture, "{'threshold': -10}", 10, drugs, roles, targets, values, FALSE);
  double value;

  assert_score (metrics, "test/b", "threshold", -10);
  g_assert_false (qrx_metrics_get_number (metrics, "test/b", "auc", &value));
  assert_score (metrics, "test", "auc", 0); /* a alone has both classes */
}

static void
test_the_line_of_calibration_is_known (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const double x[] = { 0, 1, 2, 3 }, y[] = { 1, 1.5, 2, 2.5 }, level[] = { 5, 5, 5, 5 };
  static const guint8 all[] = { TEST, TEST, TEST, TEST };
  g_autoptr (QrxMetrics) metrics = evaluate (fixture, "{'threshold': 1.7}", 4, NULL, all, y, x, FALSE);
  g_autoptr (QrxMetrics) constant = evaluate (fixture, "{'threshold': 1.7}", 4, NULL, all, y, level, FALSE);

  assert_score (metrics, "test", "calibration_slope", 0.5);
  assert_score (metrics, "test", "calibration_intercept", 1);
  g_assert_cmpstr (qrx_metrics_get_reason (constant, "test", "calibration_slope"), ==, "all predictions are the same");
}

/* Six rows of values make one bin, eleven two; equal predictions are not parted. */
static void
test_bins_of_values_go_by_rank (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const double x[] = { 5, 1, 2, 2, 3, 9, 8, 7, 6, 4, 2 }, y[] = { 50, 10, 20, 21, 30, 90, 80, 70, 60, 40, 22 };
  static const guint8 all[] = { TEST, TEST, TEST, TEST, TEST, TEST, TEST, TEST, TEST, TEST, TEST };
  g_autoptr (QrxMetrics) two = evaluate (fixture, "{'threshold': 30}", 11, NULL, all, y, x, FALSE);
  g_autoptr (QrxMetrics) one = evaluate (fixture, "{'threshold': 20}", 6, NULL, all, y, x, FALSE);

  /* By rank 1 2 2 2 3 4 | 5 6 7 8 9: a row goes into bin ⌊rank · 2 / 11⌋. */
  g_assert_cmpstr (qrx_metrics_get_table (two, "test", "reliability"), ==,
                   "[{\"bin\":0,\"n\":6,\"mean_predicted\":2.3333333333333335,\"mean_observed\":23.833333333333332},"
                   "{\"bin\":1,\"n\":5,\"mean_predicted\":7.0,\"mean_observed\":70.0}]");
  g_assert_cmpstr (qrx_metrics_get_table (one, "test", "reliability"), ==,
                   "[{\"bin\":0,\"n\":6,\"mean_predicted\":3.6666666666666665,\"mean_observed\":36.833333333333336}]");
}

static void
test_bins_of_probabilities_are_of_equal_width (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const double p[] = { 0.02, 0.25, 0.2, 1, 0.95 }, y[] = { 1, -1, 1, -1, -1 };
  static const guint8 all[] = { TEST, TEST, TEST, TEST, TEST };
  g_autoptr (QrxMetrics) metrics = evaluate (fixture, "{'threshold': 0}", 5, NULL, all, y, p, TRUE);

  g_assert_cmpstr (qrx_metrics_get_table (metrics, "test", "reliability"), ==,
                   "[{\"bin\":0,\"n\":1,\"mean_predicted\":0.02,\"mean_observed\":0.0},"
                   "{\"bin\":2,\"n\":2,\"mean_predicted\":0.225,\"mean_observed\":0.5},"
                   "{\"bin\":9,\"n\":2,\"mean_predicted\":0.975,\"mean_observed\":1.0}]");
}

/* Rows are sensitive (y = -1) with the probability that is said, or with its square. */
static void
test_probabilities_are_held_to_frequencies (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const gsize n = 20000;
  g_autofree guint8 *all = g_malloc (n);
  g_autofree double *y = g_new (double, n), *squared = g_new (double, n), *p = g_new (double, n);
  g_autoptr (QrxMetrics) honest = NULL, boasting = NULL;
  double error = NAN, brier = NAN;
  QrxRandom random;

  qrx_random_init (&random, 1, "calibration", "rows", 0);
  for (gsize i = 0; i < n; i++)
    {
      double u = qrx_random_uniform (&random);

      all[i] = TEST;
      p[i] = qrx_random_uniform (&random);
      y[i] = u < p[i] ? -1 : 1;
      squared[i] = u < p[i] * p[i] ? -1 : 1;
    }
  honest = evaluate (fixture, "{'threshold': 0}", n, NULL, all, y, p, TRUE);
  boasting = evaluate (fixture, "{'threshold': 0}", n, NULL, all, squared, p, TRUE);
  g_assert_true (qrx_metrics_get_number (honest, "test", "calibration_error", &error));
  /* Ten bins of 2,000 rows, each off by a standard error of at most 0.011. */
  g_assert_cmpfloat (error, <, 0.02);
  g_assert_true (qrx_metrics_get_number (honest, "test", "brier", &brier));
  g_assert_cmpfloat_with_epsilon (brier, 1.0 / 6, 0.01); /* the mean of p (1 - p) */
  g_assert_true (qrx_metrics_get_number (boasting, "test", "calibration_error", &error));
  g_assert_cmpfloat_with_epsilon (error, 1.0 / 6, 0.02); /* the mean of p - p² */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  NODE_TEST ("/drug-scores/by-themselves", test_drugs_are_scored_by_themselves);
  NODE_TEST ("/drug-scores/held-back", test_a_drug_held_back_is_cut_at_its_own_median);
  NODE_TEST ("/drug-scores/threshold", test_a_threshold_given_holds_for_every_drug);
  NODE_TEST ("/calibration/line", test_the_line_of_calibration_is_known);
  NODE_TEST ("/calibration/bins-of-values", test_bins_of_values_go_by_rank);
  NODE_TEST ("/calibration/bins-of-probabilities", test_bins_of_probabilities_are_of_equal_width);
  NODE_TEST ("/calibration/probabilities", test_probabilities_are_held_to_frequencies);
  return g_test_run ();
}

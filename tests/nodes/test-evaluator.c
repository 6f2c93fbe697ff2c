/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "node-fixture.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <qrx/qrx-metrics.h>
#include <qrx/qrx-predictions.h>
#include <qrx/qrx-random.h>
#include <string.h>

/* A few rounding errors of sums of a dozen terms near 1. */
#define EXACT 1e-14

typedef struct {
  gsize n;
  const double *targets; /* NaN: missing */
  const double *predictions;
  const guint8 *roles; /* NULL: all test */
  const char *const *tissues;
  QrxOrientation orientation;
  double threshold;
  gboolean probability;
  gboolean leaking;
} Case;

static QrxTensor *
make_column (const double *values, gsize n)
{
  QrxTensor *tensor = qrx_tensor_new (QRX_DTYPE_F64, &n, 1);

  for (gsize i = 0; i < n; i++)
    qrx_tensor_set (tensor, i, values[i]);
  return tensor;
}

static QrxPredictions *
make_predictions (const Case *c)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree guint8 *all_test = g_malloc (c->n);
  g_autoptr (QrxTensor) targets = make_column (c->targets, c->n);
  g_autoptr (QrxTensor) values = make_column (c->predictions, c->n);
  g_auto (GStrv) ids = NULL;
  g_autoptr (GBytes) roles = NULL;
  g_autoptr (QrxTable) plain = NULL;
  g_autoptr (QrxTable) table = NULL;
  g_autoptr (GError) error = NULL;
  QrxPredictions *predictions;

  for (gsize i = 0; i < c->n; i++)
    {
      g_autofree char *id = g_strdup_printf ("row-%04" G_GSIZE_FORMAT, i);

      g_strv_builder_add (builder, id);
    }
  ids = g_strv_builder_end (builder);
  memset (all_test, QRX_ROLE_TEST, c->n);
  roles = g_bytes_new (c->roles != NULL ? c->roles : all_test, c->n);
  plain = qrx_table_new ((const char *const *) ids, &error);
  g_assert_no_error (error);
  if (c->tissues != NULL)
    g_assert_true (qrx_table_add_annotation (plain, "tissue", c->tissues, NULL));
  g_assert_true (qrx_table_add_target (plain, "y", "ln µM", c->orientation, targets, NULL));
  table = qrx_table_with_roles (plain, roles, &error);
  g_assert_no_error (error);
  predictions = qrx_predictions_new (table, 0, values, "fit", c->threshold, &error);
  g_assert_no_error (error);
  qrx_predictions_set_probability (predictions, c->probability);
  qrx_predictions_set_leaking (predictions, c->leaking);
  return predictions;
}

static QrxMetrics *
evaluate (NodeFixture *fixture, const char *properties, const Case *c)
{
  g_autoptr (QrxPredictions) predictions = make_predictions (c);
  g_autoptr (QrxBundle) in = qrx_bundle_new ();
  g_autoptr (QrxBundle) out = NULL;
  g_autoptr (GError) error = NULL;

  qrx_bundle_set (in, "in", QRX_VALUE (predictions));
  out = node_fixture_run_bundle (fixture, "evaluator", properties, in, &error);
  g_assert_no_error (error);
  return g_object_ref (QRX_METRICS (qrx_bundle_get (out, "out")));
}

static void
assert_score (QrxMetrics *metrics, const char *role, const char *name, double expected, double tolerance)
{
  double value = NAN;

  if (!qrx_metrics_get_number (metrics, role, name, &value))
    g_error ("%s of %s is not defined: %s", name, role, qrx_metrics_get_reason (metrics, role, name));
  if (!(fabs (value - expected) <= tolerance))
    g_error ("%s of %s is %.17g, expected %.17g", name, role, value, expected);
}

static void
assert_undefined (QrxMetrics *metrics, const char *names, const char *reason)
{
  g_auto (GStrv) list = g_strsplit (names, " ", -1);

  for (gsize i = 0; list[i] != NULL; i++)
    {
      const char *found = qrx_metrics_get_reason (metrics, "test", list[i]);

      if (found == NULL || strstr (found, reason) == NULL)
        g_error ("the reason of %s is \"%s\", expected \"%s\"", list[i], found, reason);
    }
}

/* Six rows, cut at 0: sensitive a (−2), b (−1), c (−0.5); resistant d (1), e (2), f (3). Predictions put b above d and e,
 * c level with d. Pairs in order: a 3 of 3, b 1, c 2.5 of 3: 6.5 of 9. Within tissues: lung a, b against d: 1 of 2; skin
 * c against e and f: 2 of 2: 3 of 4. */
static const double six_targets[] = { -2, -1, -0.5, 1, 2, 3 };
static const double six_predictions[] = { -3, 2.5, 0, 0, 2, 4 };
static const char *const six_tissues[] = { "lung", "lung", "skin", "lung", "skin", "skin", NULL };

static void
test_scores_are_those_computed_by_hand (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const Case c = { 6, six_targets, six_predictions, NULL, six_tissues, QRX_ORIENTATION_LOW_IS_SENSITIVE, 0, FALSE, FALSE };
  g_autoptr (QrxMetrics) metrics = evaluate (fixture, "{}", &c);
  g_auto (GStrv) names = qrx_metrics_dup_names (metrics, "test");

  g_assert_cmpstr (qrx_metrics_get_producer (metrics), ==, "node");
  g_assert_cmpstrv (names, ((const char *const[]){ "n", "n_missing", "threshold", "orientation", "auc", "auc_ci95",
                                                   "auc_ci95_clipped", "auc_within_tissue", "average_precision", "rmse",
                                                   "mae", "r2", "pearson", "spearman", "kendall", "calibration_slope",
                                                   "calibration_intercept", "reliability", NULL }));
  assert_score (metrics, "test", "n", 6, 0);
  assert_score (metrics, "test", "n_missing", 0, 0);
  assert_score (metrics, "test", "threshold", 0, 0);
  g_assert_cmpstr (qrx_metrics_get_text (metrics, "test", "orientation"), ==, "low-is-sensitive");
  assert_score (metrics, "test", "auc", 6.5 / 9, EXACT);
  assert_score (metrics, "test", "auc_within_tissue", 3.0 / 4, EXACT);
  /* Ranked a; c and d level; e; b; f: precision 1, 2/3, 3/5 at the three sensitive rows. */
  assert_score (metrics, "test", "average_precision", (1 + 2.0 / 3 + 3.0 / 5) / 3, EXACT);
  /* Errors 1, 3.5, 0.5, 1, 0, 1. */
  assert_score (metrics, "test", "rmse", sqrt (15.5 / 6), EXACT);
  assert_score (metrics, "test", "mae", 7.0 / 6, EXACT);
  /* The mean is 2.5 / 6 and the sum of squares 19.25. */
  assert_score (metrics, "test", "r2", 1 - 15.5 / (19.25 - 2.5 * 2.5 / 6), EXACT);
}

static void
test_high_may_be_sensitive_and_the_threshold_may_be_given (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const Case c = { 6, six_targets, six_predictions, NULL, six_tissues, QRX_ORIENTATION_LOW_IS_SENSITIVE, NAN, FALSE, FALSE };
  g_autoptr (QrxMetrics) high = evaluate (fixture, "{'orientation': 'high', 'threshold': 1}", &c);
  g_autoptr (QrxMetrics) low = evaluate (fixture, "{'threshold': 1}", &c);

  g_assert_cmpstr (qrx_metrics_get_text (high, "test", "orientation"), ==, "high-is-sensitive");
  assert_score (high, "test", "threshold", 1, 0);
  /* Sensitive, strictly above 1: e (2) and f (4) against a −3, b 2.5, c 0, d 0: 3 and 4 of 8. */
  assert_score (high, "test", "auc", 7.0 / 8, EXACT);
  /* Strictly below 1: a, b, c as before; d at the threshold is resistant. */
  assert_score (low, "test", "auc", 6.5 / 9, EXACT);
}

static void
test_roles_are_scored_apart_and_missing_targets_counted (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const double targets[] = { 0, 1, NAN, 0, 4, 1, NAN };
  const double predictions[] = { 0, 1, 9, 1, 2, 3, 5 };
  const guint8 roles[] = { QRX_ROLE_TRAIN, QRX_ROLE_TRAIN,    QRX_ROLE_TRAIN, QRX_ROLE_TEST,
                           QRX_ROLE_TEST,  QRX_ROLE_EXTERNAL, QRX_ROLE_EXTERNAL };
  const Case c = { 7, targets, predictions, roles, NULL, QRX_ORIENTATION_HIGH_IS_SENSITIVE, 0.5, FALSE, FALSE };
  g_autoptr (QrxMetrics) metrics = evaluate (fixture, "{}", &c);
  g_auto (GStrv) names = qrx_metrics_dup_roles (metrics);

  g_assert_cmpstrv (names, ((const char *const[]){ "train", "test", "external", NULL }));
  assert_score (metrics, "train", "n", 2, 0);
  assert_score (metrics, "train", "n_missing", 1, 0);
  assert_score (metrics, "train", "rmse", 0, 0);
  assert_score (metrics, "test", "n", 2, 0);
  assert_score (metrics, "test", "rmse", sqrt (2.5), EXACT);
  assert_score (metrics, "external", "n", 1, 0);
  assert_score (metrics, "external", "mae", 2, 0);
}

static void
test_what_is_not_defined_has_its_reason (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const char classes[] = "auc auc_ci95 auc_ci95_clipped auc_within_tissue average_precision";
  static const char correlations[] = "pearson spearman kendall";
  const double constant[] = { 1, 1, 1, 1, 1, 1 }, missing[] = { NAN, NAN, NAN, NAN, NAN, NAN };
  const char *const alone[] = { "a", "b", "c", "d", "e", "", NULL };
  const Case base = { 6,    six_targets, six_predictions, NULL, six_tissues, QRX_ORIENTATION_LOW_IS_SENSITIVE,
                      0, FALSE,       FALSE };
  Case c;
  QrxMetrics *metrics;

  metrics = evaluate (fixture, "{'threshold': -5}", &base);
  assert_undefined (metrics, classes, "none is sensitive at the threshold -5");
  assert_score (metrics, "test", "rmse", sqrt (15.5 / 6), EXACT);
  g_object_unref (metrics);
  c = base, c.threshold = NAN;
  metrics = evaluate (fixture, "{}", &c);
  assert_undefined (metrics, classes, "training median is not known");
  assert_undefined (metrics, "threshold", "training median is not known");
  g_object_unref (metrics);
  c = base, c.orientation = QRX_ORIENTATION_NONE;
  metrics = evaluate (fixture, "{}", &c);
  assert_undefined (metrics, classes, "which end of the target is sensitive");
  g_assert_cmpstr (qrx_metrics_get_text (metrics, "test", "orientation"), ==, "none");
  g_object_unref (metrics);
  c = base, c.predictions = constant;
  metrics = evaluate (fixture, "{}", &c);
  assert_undefined (metrics, correlations, "all predictions are the same");
  assert_score (metrics, "test", "auc", 0.5, 0);
  g_object_unref (metrics);
  c = base, c.targets = constant;
  metrics = evaluate (fixture, "{}", &c);
  assert_undefined (metrics, correlations, "all targets are the same");
  assert_undefined (metrics, "r2", "the same");
  g_object_unref (metrics);
  c = base, c.targets = missing;
  metrics = evaluate (fixture, "{}", &c);
  assert_undefined (metrics, classes, "no row of this role has a known target");
  assert_undefined (metrics, correlations, "no row of this role has a known target");
  assert_undefined (metrics, "rmse mae r2", "no row of this role has a known target");
  assert_score (metrics, "test", "n_missing", 6, 0);
  g_object_unref (metrics);
  c = base, c.tissues = alone;
  metrics = evaluate (fixture, "{}", &c);
  assert_undefined (metrics, "auc_within_tissue", "no tissue has rows of both classes");
  assert_score (metrics, "test", "auc", 6.5 / 9, EXACT);
  g_object_unref (metrics);
  c = base, c.tissues = NULL;
  metrics = evaluate (fixture, "{}", &c);
  assert_undefined (metrics, "auc_within_tissue", "no annotation \"tissue\"");
  g_object_unref (metrics);
}

static void
test_a_single_row_of_a_class_has_an_area_but_no_interval (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const Case c = { 4, six_targets + 2, six_predictions + 2, NULL, NULL, QRX_ORIENTATION_LOW_IS_SENSITIVE, 0, FALSE, FALSE };
  g_autoptr (QrxMetrics) metrics = evaluate (fixture, "{}", &c);

  assert_score (metrics, "test", "auc", 2.5 / 3, EXACT);
  assert_undefined (metrics, "auc_ci95 auc_ci95_clipped", "at least two rows of each class");
}

static void
test_probabilities_are_scores_of_being_sensitive (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const double probabilities[] = { 0.9, 0.8, 0.3, 0.6, 0.2, 0.1 };
  const Case c = { 6, six_targets, probabilities, NULL, NULL, QRX_ORIENTATION_LOW_IS_SENSITIVE, 0, TRUE, FALSE };
  g_autoptr (QrxMetrics) metrics = evaluate (fixture, "{}", &c);
  double pearson = 0;

  assert_score (metrics, "test", "auc", 8.0 / 9, EXACT);
  assert_undefined (metrics, "rmse mae r2", "the model predicts a probability, not ln µM");
  g_assert_true (qrx_metrics_get_number (metrics, "test", "pearson", &pearson));
  g_assert_cmpfloat (pearson, >, 0); /* likely where the target is low */
}

static void
test_scores_of_rows_that_made_the_model_say_so (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const guint8 roles[] = { QRX_ROLE_TRAIN, QRX_ROLE_TRAIN, QRX_ROLE_TEST, QRX_ROLE_TEST, QRX_ROLE_EXTERNAL, QRX_ROLE_EXTERNAL };
  const Case c = { 6, six_targets, six_predictions, roles, NULL, QRX_ORIENTATION_LOW_IS_SENSITIVE, 0, FALSE, TRUE };
  g_autoptr (QrxMetrics) metrics = evaluate (fixture, "{}", &c);

  g_assert_nonnull (qrx_metrics_get_text (metrics, "test", "leaking"));
  g_assert_nonnull (qrx_metrics_get_text (metrics, "external", "leaking"));
  g_assert_null (qrx_metrics_get_text (metrics, "train", "leaking"));
}

static double *
read_numbers (JsonObject *object, const char *name)
{
  JsonArray *array = json_object_get_array_member (object, name);
  double *values = g_new (double, json_array_get_length (array));

  for (guint i = 0; i < json_array_get_length (array); i++)
    values[i] = json_array_get_double_element (array, i);
  return values;
}

static void
check_golden (NodeFixture *fixture, JsonObject *golden)
{
  g_autofree double *labels = read_numbers (golden, "labels");
  g_autofree double *scores = read_numbers (golden, "scores");
  g_autofree double *targets = read_numbers (golden, "target");
  g_autofree double *interval = read_numbers (golden, "ci95");
  gsize n = json_array_get_length (json_object_get_array_member (golden, "labels"));
  const Case classes = { n, labels, scores, NULL, NULL, QRX_ORIENTATION_HIGH_IS_SENSITIVE, 0.5, FALSE, FALSE };
  const Case numbers = { n, targets, scores, NULL, NULL, QRX_ORIENTATION_HIGH_IS_SENSITIVE, 0.5, FALSE, FALSE };
  static const char *const class_scores[] = { "auc", "average_precision" };
  static const char *const number_scores[] = { "rmse", "mae", "r2", "pearson", "spearman", "kendall" };
  g_autoptr (QrxMetrics) first = evaluate (fixture, "{}", &classes);
  g_autoptr (QrxMetrics) second = evaluate (fixture, "{}", &numbers);
  double low = 0, high = 0;

  /* 1e-10 is what the reference promises. */
  for (gsize i = 0; i < G_N_ELEMENTS (class_scores); i++)
    assert_score (first, "test", class_scores[i], json_object_get_double_member (golden, class_scores[i]), 1e-10);
  for (gsize i = 0; i < G_N_ELEMENTS (number_scores); i++)
    assert_score (second, "test", number_scores[i], json_object_get_double_member (golden, number_scores[i]), 1e-10);
  g_assert_true (qrx_metrics_get_interval (first, "test", "auc_ci95", &low, &high));
  g_assert_cmpfloat_with_epsilon (low, interval[0], 1e-10);
  g_assert_cmpfloat_with_epsilon (high, interval[1], 1e-10);
  g_assert_true (qrx_metrics_get_interval (first, "test", "auc_ci95_clipped", &low, &high));
  g_assert_cmpfloat_with_epsilon (low, MAX (interval[0], 0), 1e-10);
  g_assert_cmpfloat_with_epsilon (high, MIN (interval[1], 1), 1e-10);
}

static void
test_scores_agree_with_the_reference (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *path = g_build_filename (g_getenv ("QRX_TEST_PARITY"), "statistics.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonArray *cases;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  cases = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "cases");
  g_assert_cmpuint (json_array_get_length (cases), >, 0);
  for (guint i = 0; i < json_array_get_length (cases); i++)
    check_golden (fixture, json_array_get_object_element (cases, i));
}

/* Predictions that know nothing: over 400 draws of 80 rows the mean AUC is 0.5 within four of its standard errors
 * (0.065 / √400 each), and the interval holds 0.5 in 91..98 % (four standard errors of 95 % are 4.4 %, and DeLong's
 * interval is a little narrow at this size). */
static void
test_predictions_that_know_nothing_score_one_half (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  enum { N = 80, DRAWS = 400 };
  double targets[N], predictions[N], sum = 0;
  guint covered = 0;

  for (guint draw = 0; draw < DRAWS; draw++)
    {
      const Case c = { N, targets, predictions, NULL, NULL, QRX_ORIENTATION_LOW_IS_SENSITIVE, 0, FALSE, FALSE };
      g_autoptr (QrxMetrics) metrics = NULL;
      double auc = NAN, low = NAN, high = NAN;
      QrxRandom random;

      qrx_random_init (&random, 5, "null-control", "draw", draw);
      for (guint i = 0; i < N; i++)
        {
          targets[i] = qrx_random_normal (&random);
          predictions[i] = qrx_random_normal (&random);
        }
      metrics = evaluate (fixture, "{}", &c);
      g_assert_true (qrx_metrics_get_number (metrics, "test", "auc", &auc));
      g_assert_true (qrx_metrics_get_interval (metrics, "test", "auc_ci95", &low, &high));
      sum += auc;
      covered += low <= 0.5 && 0.5 <= high;
    }
  g_test_message ("mean AUC %g, coverage %g", sum / DRAWS, (double) covered / DRAWS);
  g_assert_cmpfloat_with_epsilon (sum / DRAWS, 0.5, 4 * 0.065 / 20);
  g_assert_cmpuint (covered, >=, DRAWS * 91 / 100);
  g_assert_cmpuint (covered, <=, DRAWS * 98 / 100);
}

static void
test_what_only_knows_the_tissue_scores_one_half_within_it (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const double targets[] = { -2, -1, 1, -3, 2, 3, 1, -1 }, predictions[] = { -1, -1, -1, -1, 1, 1, 1, 1 };
  const char *const tissues[] = { "lung", "lung", "lung", "lung", "skin", "skin", "skin", "skin", NULL };
  const Case c = { 8, targets, predictions, NULL, tissues, QRX_ORIENTATION_LOW_IS_SENSITIVE, 0, FALSE, FALSE };
  g_autoptr (QrxMetrics) metrics = evaluate (fixture, "{}", &c);

  assert_score (metrics, "test", "auc", 0.75, 0);
  assert_score (metrics, "test", "auc_within_tissue", 0.5, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  NODE_TEST ("/evaluator/by-hand", test_scores_are_those_computed_by_hand);
  NODE_TEST ("/evaluator/orientation", test_high_may_be_sensitive_and_the_threshold_may_be_given);
  NODE_TEST ("/evaluator/roles", test_roles_are_scored_apart_and_missing_targets_counted);
  NODE_TEST ("/evaluator/undefined", test_what_is_not_defined_has_its_reason);
  NODE_TEST ("/evaluator/single", test_a_single_row_of_a_class_has_an_area_but_no_interval);
  NODE_TEST ("/evaluator/probabilities", test_probabilities_are_scores_of_being_sensitive);
  NODE_TEST ("/evaluator/leaking", test_scores_of_rows_that_made_the_model_say_so);
  NODE_TEST ("/evaluator/golden", test_scores_agree_with_the_reference);
  NODE_TEST ("/evaluator/null", test_predictions_that_know_nothing_score_one_half);
  NODE_TEST ("/evaluator/tissue-only", test_what_only_knows_the_tissue_scores_one_half_within_it);
  return g_test_run ();
}

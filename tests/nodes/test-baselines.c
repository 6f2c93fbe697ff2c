/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE /* memmem */
#include "baseline-cohort.h"
#include "node-fixture.h"

#include <math.h>
#include <qrx/qrx-predictor.h>
#include <string.h>

static QrxBundle *
fit (NodeFixture *fixture, const char *type, const char *properties, QrxTable *table)
{
  g_autoptr (QrxBundle) in = qrx_bundle_new ();
  g_autoptr (GError) error = NULL;
  QrxBundle *out;

  qrx_bundle_set (in, "in", QRX_VALUE (table));
  out = node_fixture_run_bundle (fixture, type, properties, in, &error);
  g_assert_no_error (error);
  return out;
}

/* Those that take a flow of features. */
static const char *const fits[] = { "ridge", "elastic-net", "gradient-boosted-trees", "random-forest" };

static QrxPredictions *
get_predictions (QrxBundle *out)
{
  return QRX_PREDICTIONS (qrx_bundle_get (out, "predictions"));
}

static double
predict (QrxBundle *out, gsize row)
{
  return qrx_tensor_get (qrx_predictions_get_values (get_predictions (out)), row);
}

static double
target_of (QrxTable *table, gsize row)
{
  return qrx_tensor_get (qrx_table_get_target_values (table, 0), row);
}

/* The mean of the training rows that have a target and, if named, that tissue. */
static double
average (QrxTable *table, const char *tissue)
{
  double sum = 0;
  guint n = 0;

  for (gsize i = 0; i < qrx_table_get_n_rows (table); i++)
    if (qrx_table_get_role (table, i) == QRX_ROLE_TRAIN && !isnan (target_of (table, i)) &&
        (tissue == NULL || g_str_equal (tissue, qrx_table_get_annotation (table, "tissue", i))))
      {
        sum += target_of (table, i);
        n++;
      }
  return sum / n;
}

static void
test_the_mean_is_that_of_the_training_rows (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const BaselineWish wish = { 0 };
  g_autoptr (QrxTable) table = baseline_cohort_new (&wish);
  g_autoptr (QrxBundle) out = fit (fixture, "mean-baseline", "{}", table);

  for (gsize i = 0; i < N_ROWS; i++)
    g_assert_cmpfloat (predict (out, i), ==, average (table, NULL));
  g_assert_cmpstr (qrx_predictions_get_producer (get_predictions (out)), ==, "node");
  node_fixture_assert_said (fixture, "the mean of");
}

static QrxBundle *
meet (NodeFixture *fixture, QrxBundle *fitted, QrxTable *table, GError **error)
{
  g_autoptr (QrxBundle) in = qrx_bundle_new ();

  qrx_bundle_set (in, "in", QRX_VALUE (table));
  qrx_bundle_set (in, "model", qrx_bundle_get (fitted, "model"));
  return node_fixture_run_bundle (fixture, "predictor", "{}", in, error);
}

static void
test_a_tissue_that_was_not_seen_gets_the_mean_of_all (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const BaselineWish wish = { 0 };
  g_autoptr (QrxTable) table = baseline_cohort_new (&wish);
  g_autoptr (QrxTable) other = baseline_cohort_new_other (TRUE);
  g_autoptr (QrxTable) bare = baseline_cohort_new_other (FALSE);
  g_autoptr (QrxBundle) fitted = fit (fixture, "mean-baseline", "{'by': 'tissue'}", table);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxBundle) met = meet (fixture, fitted, other, &error);
  const double expected[] = { average (table, "lung"), average (table, NULL), average (table, NULL),
                              average (table, "skin") };
  QrxPredictions *predictions;

  g_assert_no_error (error);
  for (gsize i = 0; i < N_ROWS; i++)
    g_assert_cmpfloat (predict (fitted, i), ==, average (table, qrx_table_get_annotation (table, "tissue", i)));
  predictions = QRX_PREDICTIONS (qrx_bundle_get (met, "out"));
  for (gsize i = 0; i < 4; i++)
    {
      g_assert_cmpfloat (qrx_tensor_get (qrx_predictions_get_values (predictions), i), ==, expected[i]);
      g_assert_cmpint (qrx_table_get_role (qrx_predictions_get_table (predictions), i), ==, QRX_ROLE_EXTERNAL);
    }
  g_assert_null (meet (fixture, fitted, bare, &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN);
  g_assert_nonnull (strstr (error->message, "\"tissue\""));
}

/* Writes the model, reads it back and predicts with it; wants the same bits. */
static void
check_round_trip (NodeFixture *fixture, QrxBundle *fitted, QrxTable *table)
{
  g_autoptr (QrxBundle) in = qrx_bundle_new (), nothing = qrx_bundle_new ();
  g_autoptr (QrxBundle) written = NULL, read = NULL, met = NULL;
  g_autoptr (QrxBundle) shown = NULL;
  g_autoptr (GError) error = NULL;
  QrxTensor *values;

  qrx_bundle_set (in, "in", qrx_bundle_get (fitted, "model"));
  written = node_fixture_run_bundle (fixture, "model-writer", "{'path': 'model.safetensors'}", in, &error);
  g_assert_no_error (error);
  read = node_fixture_run_bundle (fixture, "model-reader", "{'file': 'model.safetensors'}", nothing, &error);
  g_assert_no_error (error);
  shown = qrx_bundle_new ();
  qrx_bundle_set (shown, "model", qrx_bundle_get (read, "out"));
  met = meet (fixture, shown, table, &error);
  g_assert_no_error (error);
  values = qrx_predictions_get_values (QRX_PREDICTIONS (qrx_bundle_get (met, "out")));
  for (gsize i = 0; i < N_ROWS; i++)
    g_assert_cmpfloat (qrx_tensor_get (values, i), ==, predict (fitted, i));
}

static void
test_models_come_back_from_their_files (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const BaselineWish wish = { 0 };
  g_autoptr (QrxTable) table = baseline_cohort_new (&wish);
  g_autoptr (QrxBundle) global = fit (fixture, "mean-baseline", "{}", table);
  g_autoptr (QrxBundle) tissue = fit (fixture, "mean-baseline", "{'by': 'tissue'}", table);

  check_round_trip (fixture, global, table);
  check_round_trip (fixture, tissue, table);
  for (guint i = 0; i < G_N_ELEMENTS (fits); i++)
    {
      g_autoptr (QrxBundle) fitted = fit (fixture, fits[i], "{}", table);

      check_round_trip (fixture, fitted, table);
    }
}

static double
score (QrxBundle *out, QrxRole role)
{
  QrxTable *table = qrx_predictions_get_table (get_predictions (out));
  double residual = 0, total = 0, mean = 0;
  guint n = 0;

  for (gsize i = 0; i < N_ROWS; i++)
    if (qrx_table_get_role (table, i) == role && !isnan (target_of (table, i)))
      {
        mean += target_of (table, i);
        n++;
      }
  mean /= n;
  for (gsize i = 0; i < N_ROWS; i++)
    if (qrx_table_get_role (table, i) == role && !isnan (target_of (table, i)))
      {
        residual += (predict (out, i) - target_of (table, i)) * (predict (out, i) - target_of (table, i));
        total += (mean - target_of (table, i)) * (mean - target_of (table, i));
      }
  return 1 - residual / total;
}

/* A table pushed through a layer. */
static QrxValue *
flow_through (NodeFixture *fixture, const char *type, const char *properties, QrxTable *table)
{
  g_autoptr (QrxBundle) out = fit (fixture, type, properties, table);

  return g_object_ref (qrx_bundle_get (out, "out"));
}

static QrxBundle *
fit_flow (NodeFixture *fixture, const char *type, QrxValue *flow, GError **error)
{
  g_autoptr (QrxBundle) in = qrx_bundle_new ();

  qrx_bundle_set (in, "in", flow);
  return node_fixture_run_bundle (fixture, type, "{}", in, error);
}

/* Reads the model of a file in which one text stands for another of its length; wants an error that names the first. */
static void
check_damage (NodeFixture *fixture, const char *text, const char *damaged)
{
  g_autofree char *path = g_build_filename (fixture->directory, "model.safetensors", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (QrxBundle) nothing = qrx_bundle_new ();
  g_autoptr (GError) error = NULL;
  gsize length;
  char *place;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  place = memmem (bytes, length, text, strlen (text));
  g_assert_nonnull (place);
  memcpy (place, damaged, strlen (text));
  g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
  g_assert_null (node_fixture_run_bundle (fixture, "model-reader", "{'file': 'model.safetensors'}", nothing, &error));
  g_assert_nonnull (error);
  g_assert_true (error->domain == QRX_DATA_ERROR);
  g_test_message ("refused: %s", error->message);
  g_assert_nonnull (strstr (error->message, "model.safetensors"));
  memcpy (place, text, strlen (text));
  g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
}

static void
test_damaged_files_are_refused (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const BaselineWish wish = { 0 };
  g_autoptr (QrxTable) table = baseline_cohort_new (&wish);
  g_autoptr (QrxBundle) tissue = fit (fixture, "mean-baseline", "{'by': 'tissue'}", table);

  check_round_trip (fixture, tissue, table); /* leaves the file */
  check_damage (fixture, "\"mean.by\":", "\"mean.bx\":");
  check_damage (fixture, "\"mean.by\":\"tissue\"", "\"mean.by\":\"tissuX\"");
  check_damage (fixture, "\"mean\":{", "\"maan\":{");
}

static void
test_damaged_trees_are_refused (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const BaselineWish wish = { 0 };
  g_autoptr (QrxTable) table = baseline_cohort_new (&wish);
  g_autoptr (QrxBundle) trees = fit (fixture, "gradient-boosted-trees", "{'trees': 3, 'folds': 0}", table);

  check_round_trip (fixture, trees, table);
  check_damage (fixture, "\\\"n-trees\\\":3", "\\\"n-trees\\\":4");
  check_damage (fixture, "\\\"n-trees\\\":3", "\\\"n-trees\\\":0");
  check_damage (fixture, "\\\"n-trees\\\":", "\\\"n-trexs\\\":");
}

static void
test_ridge_takes_the_layers_before_it_into_its_model (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const BaselineWish wish = { 0 };
  g_autoptr (QrxTable) table = baseline_cohort_new (&wish);
  g_autoptr (QrxTable) other = baseline_cohort_new_other (TRUE);
  g_autoptr (QrxValue) flow = flow_through (fixture, "standardize", "{}", table);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxBundle) fitted = fit_flow (fixture, "ridge", flow, &error);
  g_autoptr (QrxBundle) plain = fit (fixture, "ridge", "{}", table);
  g_autoptr (QrxBundle) met = NULL;

  g_assert_no_error (error);
  check_round_trip (fixture, fitted, table);
  g_assert_cmpfloat (score (fitted, QRX_ROLE_TEST), >, 0.7);
  met = meet (fixture, fitted, other, &error); /* its columns are in another order */
  g_assert_no_error (error);
  /* The features differ in scale by little, so the two agree in what they say, but not in bits. */
  for (gsize i = 0; i < N_ROWS; i++)
    g_assert_cmpfloat_with_epsilon (predict (fitted, i), predict (plain, i), 0.2);
}

static void
test_ridge_refuses_layers_that_learn_by_gradient (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const BaselineWish wish = { 0 };
  g_autoptr (QrxTable) table = baseline_cohort_new (&wish);
  g_autoptr (QrxValue) flow = flow_through (fixture, "linear", "{'quantity': 'feature', 'width': 3}", table);
  g_autoptr (GError) error = NULL;

  g_assert_null (fit_flow (fixture, "ridge", flow, &error));
  g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK);
  g_assert_nonnull (strstr (error->message, "\"node\" learns by gradient"));
  g_assert_nonnull (strstr (error->message, "`trainer`"));
}

static void
test_threads_change_no_bit_and_seeds_draw_other_trees (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const BaselineWish wish = { 0 };
  g_autoptr (QrxTable) table = baseline_cohort_new (&wish);

  for (guint k = 0; k < G_N_ELEMENTS (fits); k++)
    {
      g_autoptr (QrxBundle) one = NULL, several = NULL, other = NULL;
      guint n_differ = 0;

      fixture->n_threads = 1;
      one = fit (fixture, fits[k], "{}", table);
      fixture->n_threads = 3;
      several = fit (fixture, fits[k], "{}", table);
      for (gsize i = 0; i < N_ROWS; i++)
        g_assert_cmpfloat (predict (one, i), ==, predict (several, i));
      fixture->seed++;
      other = fit (fixture, fits[k], "{}", table);
      for (gsize i = 0; i < N_ROWS; i++)
        n_differ += predict (one, i) != predict (other, i);
      g_assert_true (k < 2 ? n_differ == 0 : n_differ > N_ROWS / 2);
    }
}

static void
test_baselines_learn_what_there_is_and_nothing_else (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const BaselineWish true_wish = { 0 }, null_wish = { .permuted = TRUE };
  /* The tissue's share of the variance is not in the features; trees approach a plane by steps. */
  static const double least[] = { 0.7, 0.7, 0.45, 0.45 };
  g_autoptr (QrxTable) table = baseline_cohort_new (&true_wish);
  g_autoptr (QrxTable) null = baseline_cohort_new (&null_wish);

  for (guint k = 0; k < G_N_ELEMENTS (fits); k++)
    {
      g_autoptr (QrxBundle) learned = fit (fixture, fits[k], "{}", table);
      g_autoptr (QrxBundle) nothing = fit (fixture, fits[k], "{}", null);

      g_test_message ("%s: R² %g, of permuted responses %g", fits[k], score (learned, QRX_ROLE_TEST),
                      score (nothing, QRX_ROLE_TEST));
      g_assert_cmpfloat (score (learned, QRX_ROLE_TEST), >, least[k]);
      g_assert_cmpfloat (score (nothing, QRX_ROLE_TEST), <, 0.15);
    }
  node_fixture_assert_said (fixture, "5-fold cross-validation");
  node_fixture_assert_said (fixture, "trees that were not grown on them");
}

static void
test_test_targets_and_row_order_change_nothing (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const BaselineWish wish = { 0 }, reversed = { .reversed = TRUE }, shifted = { .shift_tests = 100 };
  g_autoptr (QrxTable) table = baseline_cohort_new (&wish);
  g_autoptr (QrxTable) back = baseline_cohort_new (&reversed);
  g_autoptr (QrxTable) other = baseline_cohort_new (&shifted);

  for (guint k = 0; k < G_N_ELEMENTS (fits); k++)
    {
      g_autoptr (QrxBundle) first = fit (fixture, fits[k], "{}", table);
      g_autoptr (QrxBundle) second = fit (fixture, fits[k], "{}", back);
      g_autoptr (QrxBundle) third = fit (fixture, fits[k], "{}", other);

      for (gsize i = 0; i < N_ROWS; i++)
        {
          g_assert_cmpfloat (predict (first, i), ==, predict (second, N_ROWS - 1 - i));
          g_assert_cmpfloat (predict (first, i), ==, predict (third, i));
        }
    }
}

static void
test_one_penalty_needs_no_folds (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const BaselineWish wish = { 0 };
  g_autoptr (QrxTable) table = baseline_cohort_new (&wish);
  g_autoptr (QrxBundle) out = fit (fixture, "ridge", "{'lambdas': [1e12]}", table);

  g_assert_null (strstr (fixture->messages->str, "cross-validation"));
  /* So great a penalty leaves the mean, within the share that it leaves of the weights. */
  for (gsize i = 0; i < N_ROWS; i++)
    g_assert_cmpfloat_with_epsilon (predict (out, i), average (table, NULL), 1e-9);
}

static void
test_a_baseline_without_training_targets_is_refused (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const BaselineWish wish = { 0 };
  g_autoptr (QrxTable) table = baseline_cohort_new (&wish);
  g_autofree guint8 *all_test = g_malloc (N_ROWS);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (QrxTable) untrained = NULL;

  memset (all_test, QRX_ROLE_TEST, N_ROWS);
  bytes = g_bytes_new (all_test, N_ROWS);
  untrained = qrx_table_with_roles (table, bytes, NULL);
  node_fixture_refuse (fixture, "mean-baseline", "{}", untrained, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY,
                       "No training row|\"y\"");
  for (guint k = 0; k < G_N_ELEMENTS (fits); k++)
    node_fixture_refuse (fixture, fits[k], "{}", untrained, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY,
                         "No training row|\"y\"");
  node_fixture_refuse (fixture, "elastic-net", "{'mixes': []}", table, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                       "mixes");
  node_fixture_refuse (fixture, "elastic-net", "{'sweeps': 1}", table, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED,
                       "1 sweeps|lambda|tolerance");
  node_fixture_refuse (fixture, "gradient-boosted-trees", "{'folds': 1}", table, QRX_PIPELINE_ERROR,
                       QRX_PIPELINE_ERROR_VALUE, "folds|at least 2");
  node_fixture_refuse (fixture, "ridge", "{'target': 'z'}", table, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
                       "\"z\"|\"y\"");
  node_fixture_refuse (fixture, "ridge", "{'lambda-min': 2, 'lambda-max': 1}", table, QRX_PIPELINE_ERROR,
                       QRX_PIPELINE_ERROR_VALUE, "lambda-min|2|1");
  node_fixture_refuse (fixture, "ridge", "{'lambdas': [1], 'n-lambdas': 3}", table, QRX_PIPELINE_ERROR,
                       QRX_PIPELINE_ERROR_VALUE, "lambdas|n-lambdas");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  NODE_TEST ("/mean-baseline/training-mean", test_the_mean_is_that_of_the_training_rows);
  NODE_TEST ("/mean-baseline/unseen-tissue", test_a_tissue_that_was_not_seen_gets_the_mean_of_all);
  NODE_TEST ("/baselines/files", test_models_come_back_from_their_files);
  NODE_TEST ("/baselines/damaged-files", test_damaged_files_are_refused);
  NODE_TEST ("/baselines/damaged-trees", test_damaged_trees_are_refused);
  NODE_TEST ("/baselines/null-control", test_baselines_learn_what_there_is_and_nothing_else);
  NODE_TEST ("/baselines/training-rows-alone", test_test_targets_and_row_order_change_nothing);
  NODE_TEST ("/ridge/layers", test_ridge_takes_the_layers_before_it_into_its_model);
  NODE_TEST ("/ridge/gradient", test_ridge_refuses_layers_that_learn_by_gradient);
  NODE_TEST ("/baselines/threads", test_threads_change_no_bit_and_seeds_draw_other_trees);
  NODE_TEST ("/ridge/one-penalty", test_one_penalty_needs_no_folds);
  NODE_TEST ("/baselines/refused", test_a_baseline_without_training_targets_is_refused);
  return g_test_run ();
}

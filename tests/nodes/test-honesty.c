/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole pipelines score what there is to score: one half where responses mean nothing, and on real data what a sane
 * linear model is known to reach. */
#include <math.h>
#include <qrx/qrx-metrics.h>
#include <qrx/qrx-runner.h>

static QrxRegistry *registry;

/* Runs a pipeline, written in single quotes, with overrides; the metrics of its node "evaluate". */
static QrxMetrics *
run (const char *text, const char *const *overrides)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxPipeline) pipeline = NULL;
  g_autoptr (QrxContext) context = qrx_context_new (1, 1, NULL, g_getenv ("QRX_TEST_DATA"));
  g_autoptr (QrxRunner) runner = NULL;

  pipeline = qrx_pipeline_parse (registry, json, "test", NULL, overrides, NULL, &error);
  g_assert_no_error (error);
  runner = g_object_new (QRX_TYPE_RUNNER, "pipeline", pipeline, "context", context, "keep-values", TRUE, NULL);
  qrx_runner_run (runner, NULL, &error);
  g_assert_no_error (error);
  return g_object_ref (QRX_METRICS (qrx_runner_get_value (runner, "evaluate", "out")));
}

/* The mean over five folds of a score of the test rows, with the mean of another. */
static double
cross_validate (const char *text, const char *extra, const char *score, const char *other, double *other_mean)
{
  double sum = 0, other_sum = 0;

  for (guint fold = 0; fold < 5; fold++)
    {
      g_autofree char *override = g_strdup_printf ("split.fold=%u", fold);
      const char *const overrides[] = { override, extra, NULL };
      g_autoptr (QrxMetrics) metrics = run (text, overrides);
      double value = NAN, other_value = NAN;

      g_assert_true (qrx_metrics_get_number (metrics, "test", score, &value));
      g_assert_true (qrx_metrics_get_number (metrics, "test", other, &other_value));
      sum += value;
      other_sum += other_value;
    }
  if (other_mean != NULL)
    *other_mean = other_sum / 5;
  return sum / 5;
}

/* 300 genes, 100 lines, and responses of noise alone: the ten genes that go best with the response of the training lines
 * tell nothing of the others. The mean AUC over 20 such cohorts, each in five folds, has a standard error of about 0.058 /
 * √20 = 0.013 (0.058 = √(1 / (12 · 25)) being that of 100 lines); four of these are allowed. Genes chosen before the split
 * would score about 0.6 and more. */
static void
test_responses_of_noise_score_one_half_in_spite_of_selection (void)
{
  static const char text[] =
    "{'qrx': '1', 'nodes': {"
    " 'cohort': {'type': 'synthetic-cohort', 'lines': 100, 'genes': 300, 'signal': 0, 'noise': 1, 'tissue-effect': 0},"
    " 'split': {'type': 'split', 'from': 'cohort', 'folds': 5},"
    " 'select': {'type': 'select-genes', 'from': 'split', 'n': 10, 'by': 'correlation'},"
    " 'scale': {'type': 'standardize', 'from': 'select'},"
    " 'fit': {'type': 'ridge', 'from': 'scale', 'lambdas': [0.1]},"
    " 'evaluate': {'type': 'evaluator', 'from': 'fit'}}}";
  double sum = 0;

  for (guint seed = 0; seed < 20; seed++)
    {
      g_autofree char *override = g_strdup_printf ("cohort.seed=%u", seed);

      sum += cross_validate (text, override, "auc", "pearson", NULL);
    }
  g_test_message ("mean AUC %g", sum / 20);
  g_assert_cmpfloat_with_epsilon (sum / 20, 0.5, 4 * 0.013);
}

static gboolean
has_data (void)
{
  const char *folder = g_getenv ("QRX_DATA");
  g_autofree char *path = g_build_filename (folder != NULL ? folder : g_getenv ("QRX_TEST_DATA"), "gdsc_response.csv.gz", NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  g_test_skip ("the real data is neither in $QRX_DATA nor in ../shared/data");
  return FALSE;
}

/* What a ridge over the same 586 genes is known to reach in five folds, from another program: Pearson's r, and the AUC of
 * a logistic model, which is of the same kind. Penalties and folds move both by up to 0.1. */
static void
test_ridge_reaches_what_is_known_of_real_data (void)
{
  static const struct {
    const char *drug;
    double pearson, auc;
  } known[] = { { "Docetaxel", 0.50, 0.75 }, { "Cisplatin", 0.53, 0.75 }, { "Erlotinib", 0.37, 0.73 } };
  static const char text[] =
    "{'qrx': '1', 'nodes': {"
    " 'cohort': {'type': 'gdsc-loader', 'expression': 'gdsc_expression.csv.gz', 'response': 'gdsc_response.csv.gz',"
    "            'drug': 'Docetaxel', 'dataset': 'GDSC2', 'replicates': 'mean'},"
    " 'split': {'type': 'split', 'from': 'cohort', 'folds': 5},"
    " 'scale': {'type': 'standardize', 'from': 'split'},"
    " 'fit': {'type': 'ridge', 'from': 'scale'},"
    " 'evaluate': {'type': 'evaluator', 'from': 'fit'}}}";

  if (!has_data ())
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    {
      g_autofree char *override = g_strdup_printf ("cohort.drug=%s", known[i].drug);
      double pearson, auc = cross_validate (text, override, "auc", "pearson", &pearson);

      g_test_message ("%s: AUC %g, Pearson %g", known[i].drug, auc, pearson);
      g_assert_cmpfloat_with_epsilon (auc, known[i].auc, 0.1);
      g_assert_cmpfloat_with_epsilon (pearson, known[i].pearson, 0.1);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  registry = qrx_registry_new ();
  qrx_registry_load_plugins (registry, NULL, &error);
  g_assert_no_error (error);
  g_test_add_func ("/honesty/noise", test_responses_of_noise_score_one_half_in_spite_of_selection);
  g_test_add_func ("/honesty/real-data", test_ridge_reaches_what_is_known_of_real_data);
  status = g_test_run ();
  g_object_unref (registry);
  return status;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Importance is what a score loses by permutation, as another generator permutes too, and nothing where nothing is read. */
#include <math.h>

#include "attribution-runs.h"

#define PERMUTE "'pi': {'type': 'permutation-importance', 'from': {'in': 'split', 'model': 'fit.model'}}"

static double
get_rmse (QrxTensor *values, const double *targets, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += (qrx_tensor_get (values, i) - targets[i]) * (qrx_tensor_get (values, i) - targets[i]);
  return sqrt (sum / (double) n);
}

/* Both are means over random permutations; their difference has the standard error of the two together, of which four are
 * allowed. */
static void
test_importance_is_that_of_other_permutations (void)
{
  static const char *const many[] = { "pi.repeats=400", NULL };
  const guint n_own = 400;
  g_autoptr (QrxRunner) runner = attribution_run_well (LINEAR PERMUTE, many);
  QrxPredictor *model = QRX_PREDICTOR (qrx_runner_get_value (runner, "fit", "model"));
  QrxTable *table = QRX_TABLE (qrx_runner_get_value (runner, "split", "out"));
  g_autoptr (QrxContext) context = qrx_context_new (7, 1, NULL, NULL);
  g_autoptr (QrxIndex) rows = qrx_table_rows_of_role (table, QRX_ROLE_TEST);
  gsize n = qrx_index_get_length (rows), width = qrx_table_get_n_features (table);
  g_autoptr (QrxTensor) features = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, width), plain = NULL;
  g_autofree double *targets = g_new (double, n);
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  double base;

  g_assert_true (qrx_table_read_features (table, rows, features, NULL));
  for (gsize i = 0; i < n; i++)
    targets[i] = qrx_tensor_get (qrx_table_get_target_values (table, 0), qrx_index_get (rows, i));
  plain = attribution_predict (model, features, context);
  base = get_rmse (plain, targets, n);
  g_assert_cmpfloat_with_epsilon (attribution_get_score (runner, "pi", "rmse"), base, 1e-12);
  for (gsize k = 0; k < 4; k++)
    {
      double sum = 0, squares = 0, mean, error, found, deviation;

      for (guint r = 0; r < n_own; r++)
        {
          g_autoptr (QrxTensor) copy = qrx_tensor_dup_as (features, QRX_DTYPE_F64), values = NULL;
          double loss;

          for (gsize i = n - 1; i > 0; i--)
            {
              gsize j = (gsize) g_rand_int_range (rand, 0, (gint32) i + 1);
              double swapped = qrx_tensor_get (copy, i * width + k);

              qrx_tensor_set (copy, i * width + k, qrx_tensor_get (copy, j * width + k));
              qrx_tensor_set (copy, j * width + k, swapped);
            }
          values = attribution_predict (model, copy, context);
          loss = get_rmse (values, targets, n) - base;
          sum += loss;
          squares += loss * loss;
        }
      mean = sum / n_own;
      error = sqrt ((squares / n_own - mean * mean) / n_own);
      found = attribution_get_value (attribution_get (runner, "pi"), qrx_predictor_get_columns (model)[k], 0);
      deviation = attribution_get_value (attribution_get (runner, "pi"), qrx_predictor_get_columns (model)[k], 1);
      g_test_message ("gene %" G_GSIZE_FORMAT ": %g, %g ± %g", k, found, mean, error);
      g_assert_cmpfloat_with_epsilon (found, mean, 4 * sqrt (error * error + deviation * deviation / 400));
      g_assert_cmpfloat (deviation, >, 0);
    }
}

/* Genes that the model does not read lose nothing, to the bit; and threads change nothing. */
static void
test_a_gene_that_is_not_read_has_no_importance (void)
{
  static const char nodes[] = COHORT "'select': {'type': 'select-genes', 'from': 'split', 'n': 5, 'by': 'variance'},"
                                     "'fit': {'type': 'random-forest', 'from': 'select', 'trees': 8}," PERMUTE;
  static const char *const by_auc[] = { "pi.score=auc", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxRunner) one = attribution_run_well (nodes, NULL), many = attribution_run (nodes, NULL, 3, &error),
                        auc = attribution_run_well (nodes, by_auc);
  guint n_silent = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < 12; i++)
    {
      double value = qrx_tensor_get (qrx_attributions_get_values (attribution_get (one, "pi")), i * 2);

      n_silent += value == 0;
      g_assert_cmpfloat (value, ==, qrx_tensor_get (qrx_attributions_get_values (attribution_get (many, "pi")), i * 2));
    }
  g_assert_cmpuint (n_silent, ==, 7);
  g_assert_cmpfloat (attribution_get_score (auc, "pi", "auc"), >, 0.5);
}

/* Where every row is a stratum of its own, nothing moves, and nothing is lost, to the bit. */
static void
test_values_are_dealt_within_a_stratum (void)
{
  static const char *const alone[] = { "pi.within=line", NULL }, *const tissue[] = { "pi.within=tissue", NULL };
  static const char *const unknown[] = { "pi.within=mood", NULL };
  g_autoptr (QrxRunner) all = attribution_run_well (LINEAR PERMUTE, NULL),
                        lines = attribution_run_well (LINEAR PERMUTE, alone);
  g_autoptr (QrxRunner) strata = attribution_run_well (LINEAR PERMUTE, tissue);

  for (guint i = 0; i < 12; i++)
    {
      QrxTensor *plain = qrx_attributions_get_values (attribution_get (all, "pi"));

      g_assert_cmpfloat (qrx_tensor_get (plain, i * 2), !=, 0);
      g_assert_cmpfloat (qrx_tensor_get (qrx_attributions_get_values (attribution_get (lines, "pi")), i * 2), ==, 0);
      g_assert_cmpfloat (qrx_tensor_get (qrx_attributions_get_values (attribution_get (strata, "pi")), i * 2), !=,
                         qrx_tensor_get (plain, i * 2));
    }
  attribution_refuse (LINEAR PERMUTE, unknown, "found \"mood\", expected an annotation of the table");
}

static void
test_probabilities_need_the_auc (void)
{
  static const char *const probability[] = { "fit.loss=binary-cross-entropy", NULL };
  static const char *const by_auc[] = { "fit.loss=binary-cross-entropy", "pi.score=auc", NULL };
  g_autoptr (QrxRunner) runner = attribution_run_well (HYBRID PERMUTE, by_auc);

  g_assert_cmpfloat (attribution_get_score (runner, "pi", "auc"), >, 0);
  attribution_refuse (HYBRID PERMUTE, probability, "use the score \"auc\"");
}

static void
add (void)
{
  g_test_add_func ("/permutation-importance/permutations", test_importance_is_that_of_other_permutations);
  g_test_add_func ("/permutation-importance/not-read", test_a_gene_that_is_not_read_has_no_importance);
  g_test_add_func ("/permutation-importance/within", test_values_are_dealt_within_a_stratum);
  g_test_add_func ("/permutation-importance/probabilities", test_probabilities_need_the_auc);
}

int
main (int argc, char **argv)
{
  return attribution_main (argc, argv, add);
}

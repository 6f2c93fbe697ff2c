/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "node-fixture.h"

#include <math.h>
#include <qrx/qrx-statistics.h>

static double *
read_features (QrxTable *table)
{
  gsize n = qrx_table_get_n_rows (table), g = qrx_table_get_n_features (table);
  g_autoptr (QrxTensor) out = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, g);
  g_autoptr (QrxIndex) rows = qrx_index_new_range (0, n);
  g_autoptr (GError) error = NULL;

  qrx_table_read_features (table, rows, out, &error);
  g_assert_no_error (error);
  return g_memdup2 (qrx_tensor_peek_f64 (out), n * g * sizeof (double));
}

static double
get_target (QrxTable *table, gsize row)
{
  return qrx_tensor_get (qrx_table_get_target_values (table, 0), row);
}

static void
test_the_default_cohort_has_the_promised_shape (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) table = node_fixture_make (fixture, "synthetic-cohort", "{}", NULL);
  g_autoptr (GHashTable) tissues = g_hash_table_new (g_str_hash, g_str_equal);

  g_assert_cmpuint (qrx_table_get_n_rows (table), ==, 400);
  g_assert_cmpuint (qrx_table_get_n_features (table), ==, 200);
  g_assert_cmpint (qrx_table_get_target_orientation (table, 0), ==, QRX_ORIENTATION_LOW_IS_SENSITIVE);
  g_assert_cmpstr (qrx_table_get_target_unit (table, 0), ==, "ln µM");
  for (gsize i = 0; i < 400; i++)
    {
      g_hash_table_add (tissues, (gpointer) qrx_table_get_annotation (table, "tissue", i));
      g_assert_cmpstr (qrx_table_get_annotation (table, "line", i), ==, qrx_table_get_id (table, i));
    }
  g_assert_cmpuint (g_hash_table_size (tissues), ==, 8);
}

static void
test_a_longer_cohort_begins_with_the_shorter (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) all = node_fixture_make (fixture, "synthetic-cohort", "{ 'lines': 60 }", NULL);
  g_autoptr (QrxTable) rest = node_fixture_make (fixture, "synthetic-cohort", "{ 'lines': 20, 'first': 40 }", NULL);
  g_autoptr (QrxTable) other =
      node_fixture_make (fixture, "synthetic-cohort", "{ 'lines': 20, 'first': 40, 'seed': 2 }", NULL);
  g_autofree double *x = read_features (all), *y = read_features (rest), *z = read_features (other);

  for (gsize i = 0; i < 20; i++)
    {
      g_assert_cmpstr (qrx_table_get_id (rest, i), ==, qrx_table_get_id (all, 40 + i));
      g_assert_cmpfloat (get_target (rest, i), ==, get_target (all, 40 + i));
      g_assert_cmpfloat (get_target (rest, i), !=, get_target (other, i));
    }
  g_assert_cmpmem (x + 40 * 200, 20 * 200 * sizeof (double), y, 20 * 200 * sizeof (double));
  g_assert_cmpfloat (y[0], !=, z[0]);
}

/* Noise of 0.8 against a signal of 1.2 gives r = 1.2 / sqrt (1.2² + 0.8²) = 0.832; 4,000 rows settle both to about
 * 0.01. */
static void
test_the_best_scores_follow_from_signal_and_noise (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) table = node_fixture_make (fixture, "synthetic-cohort", "{ 'lines': 4000 }", NULL);
  double pearson = g_ascii_strtod (qrx_table_get_note (table, "bayes.pearson"), NULL);
  double rmse = g_ascii_strtod (qrx_table_get_note (table, "bayes.rmse"), NULL);
  double auc = g_ascii_strtod (qrx_table_get_note (table, "bayes.auc"), NULL);

  g_assert_cmpfloat_with_epsilon (pearson, 1.2 / sqrt (1.2 * 1.2 + 0.8 * 0.8), 0.02);
  g_assert_cmpfloat_with_epsilon (rmse, 0.8, 0.03);
  g_assert_cmpfloat (auc, >, 0.85);
  g_assert_cmpfloat (auc, <, 0.95);
  node_fixture_assert_said (fixture, "AUC at the median");
}

static void
test_without_noise_the_truth_scores_perfectly (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) table = node_fixture_make (fixture, "synthetic-cohort", "{ 'lines': 50, 'noise': 0 }", NULL);
  g_autoptr (QrxTable) flat
    = node_fixture_make (fixture, "synthetic-cohort", "{ 'lines': 50, 'noise': 0, 'signal': 0 }", NULL);

  g_assert_cmpstr (qrx_table_get_note (table, "bayes.auc"), ==, "1.000000");
  g_assert_cmpstr (qrx_table_get_note (table, "bayes.rmse"), ==, "0.000000");
  g_assert_true (g_str_has_prefix (qrx_table_get_note (flat, "bayes.pearson"), "undefined: "));
}

/* Between two genes of one program r is the coherence, 0.6; of different programs it is about 0 but for tissues. */
static void
test_genes_of_a_program_go_together (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) table
    = node_fixture_make (fixture, "synthetic-cohort", "{ 'lines': 3000, 'genes': 12, 'tissue-effect': 0 }", NULL);
  g_autofree double *x = read_features (table);
  g_autofree double *columns = g_new (double, 3 * 3000);
  double same, different;

  for (gsize i = 0; i < 3000; i++)
    {
      columns[i] = x[i * 12];
      columns[3000 + i] = x[i * 12 + 6];
      columns[6000 + i] = x[i * 12 + 1];
    }
  g_assert_true (qrx_statistics_pearson (columns, columns + 3000, 3000, &same, NULL));
  g_assert_true (qrx_statistics_pearson (columns, columns + 6000, 3000, &different, NULL));
  g_assert_cmpfloat_with_epsilon (same, 0.6, 0.06); /* sampling error of r is about 0.015 */
  g_assert_cmpfloat_with_epsilon (different, 0, 0.06);
}

static void
test_more_programs_than_genes_are_refused (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  node_fixture_refuse (fixture, "synthetic-cohort", "{ 'genes': 4, 'factors': 5 }", NULL, QRX_PIPELINE_ERROR,
                       QRX_PIPELINE_ERROR_VALUE, "\"genes\"|found 4|5 \"factors\"");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  NODE_TEST ("/synthetic-cohort/the-default-has-the-promised-shape", test_the_default_cohort_has_the_promised_shape);
  NODE_TEST ("/synthetic-cohort/a-longer-one-begins-with-the-shorter", test_a_longer_cohort_begins_with_the_shorter);
  NODE_TEST ("/synthetic-cohort/the-best-scores-follow-from-signal-and-noise",
             test_the_best_scores_follow_from_signal_and_noise);
  NODE_TEST ("/synthetic-cohort/without-noise-the-truth-scores-perfectly",
             test_without_noise_the_truth_scores_perfectly);
  NODE_TEST ("/synthetic-cohort/genes-of-a-program-go-together", test_genes_of_a_program_go_together);
  NODE_TEST ("/synthetic-cohort/more-programs-than-genes-are-refused", test_more_programs_than_genes_are_refused);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every value of statistics.json, computed by other programs, to 1e-10: both sides are double precision and
 * differ in the order of sums alone. */
#include <qrx/qrx-statistics.h>

#include <json-glib/json-glib.h>
#include <math.h>

#define TOLERANCE 1e-10

static JsonObject *root;

static void
assert_member (JsonObject *object, const char *name, double value)
{
  double reference;

  g_assert_true (json_object_has_member (object, name));
  reference = json_object_get_double_member (object, name);
  if (!(fabs (value - reference) <= TOLERANCE))
    g_error ("%s: %.17g, and the reference says %.17g", name, value, reference);
}

static double *
read_doubles (JsonArray *array)
{
  double *values = g_new (double, json_array_get_length (array));

  for (guint i = 0; i < json_array_get_length (array); i++)
    values[i] = json_array_get_double_element (array, i);
  return values;
}

static double *
read_member (JsonObject *object, const char *name, gsize *n)
{
  JsonArray *array = json_object_get_array_member (object, name);

  g_assert_nonnull (array);
  *n = json_array_get_length (array);
  return read_doubles (array);
}

static void
check_ranking (
    JsonObject *object, const double *scores, const double *others, const guint8 *positives, gsize n)
{
  JsonArray *interval = json_object_get_array_member (object, "ci95");
  double auc, other_auc, variance, difference, z, p, precision, ends[2];

  g_assert_true (qrx_statistics_auc (scores, positives, n, &auc, NULL));
  g_assert_true (qrx_statistics_auc (others, positives, n, &other_auc, NULL));
  assert_member (object, "auc", auc);
  assert_member (object, "other_auc", other_auc);

  g_assert_true (qrx_statistics_delong (scores, positives, n, &auc, &variance, NULL));
  assert_member (object, "auc", auc);
  assert_member (object, "delong_variance", variance);
  qrx_statistics_normal_interval (auc, variance, 0.95, ends);
  g_assert_cmpfloat (fabs (ends[0] - json_array_get_double_element (interval, 0)), <=, TOLERANCE);
  g_assert_cmpfloat (fabs (ends[1] - json_array_get_double_element (interval, 1)), <=, TOLERANCE);

  g_assert_true (qrx_statistics_delong_paired (scores, others, positives, n, &difference, &z, &p, NULL));
  g_assert_cmpfloat (fabs (difference - (auc - other_auc)), <=, TOLERANCE);
  assert_member (object, "delong_z", z);
  assert_member (object, "delong_p", p);

  g_assert_true (qrx_statistics_average_precision (scores, positives, n, &precision, NULL));
  assert_member (object, "average_precision", precision);
}

static void
check_regression (JsonObject *object, const double *target, const double *scores, gsize n)
{
  static const struct
  {
    const char *name;
    gboolean (*score) (const double *, const double *, gsize, double *, const char **);
  } scorers[] = {
    { "pearson", qrx_statistics_pearson }, { "spearman", qrx_statistics_spearman },
    { "kendall", qrx_statistics_kendall }, { "rmse", qrx_statistics_rmse },
    { "mae", qrx_statistics_mae },         { "r2", qrx_statistics_r2 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (scorers); i++)
    {
      double value;

      g_assert_true (scorers[i].score (target, scores, n, &value, NULL));
      assert_member (object, scorers[i].name, value);
    }
}

static void
test_cases (void)
{
  JsonArray *cases = json_object_get_array_member (root, "cases");

  g_assert_cmpuint (json_array_get_length (cases), >, 0);
  for (guint c = 0; c < json_array_get_length (cases); c++)
    {
      JsonObject *object = json_array_get_object_element (cases, c);
      gsize n, n_labels, n_others, n_targets;
      g_autofree double *scores = read_member (object, "scores", &n);
      g_autofree double *labels = read_member (object, "labels", &n_labels);
      g_autofree double *others = read_member (object, "other_scores", &n_others);
      g_autofree double *target = read_member (object, "target", &n_targets);
      g_autofree guint8 *positives = g_new (guint8, n);

      g_assert_true (n_labels == n && n_others == n && n_targets == n);
      for (gsize i = 0; i < n; i++)
        positives[i] = labels[i] != 0;
      check_ranking (object, scores, others, positives, n);
      check_regression (object, target, scores, n);
    }
}

static void
test_corrected_t (void)
{
  JsonObject *object = json_object_get_object_member (root, "corrected_resampled_t");
  gsize n;
  g_autofree double *differences = read_member (object, "differences", &n);
  double ratio = json_object_get_double_member (object, "n_test_over_n_train"), t, p;

  g_assert_true (qrx_statistics_corrected_t (differences, n, ratio, &t, &p, NULL));
  assert_member (object, "t", t);
  assert_member (object, "p", p);
}

static void
test_holm (void)
{
  JsonObject *object = json_object_get_object_member (root, "holm");
  gsize n, n_references;
  g_autofree double *p = read_member (object, "p", &n);
  g_autofree double *references = read_member (object, "adjusted", &n_references);
  g_autofree double *adjusted = g_new (double, n);

  g_assert_cmpuint (n, ==, n_references);
  g_assert_true (qrx_statistics_holm (p, n, adjusted, NULL));
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat (fabs (adjusted[i] - references[i]), <=, TOLERANCE);
}

static void
test_friedman (void)
{
  JsonObject *object = json_object_get_object_member (root, "friedman");
  JsonArray *rows = json_object_get_array_member (object, "scores");
  gsize n_blocks = json_array_get_length (rows), n_treatments;
  g_autofree double *references = read_member (object, "mean_ranks_highest_first", &n_treatments);
  g_autofree double *scores = g_new (double, n_blocks *n_treatments);
  g_autofree double *ranks = g_new (double, n_treatments);
  double statistic, p;

  for (gsize i = 0; i < n_blocks; i++)
    for (gsize j = 0; j < n_treatments; j++)
      scores[i * n_treatments + j] =
          json_array_get_double_element (json_array_get_array_element (rows, (guint) i), (guint) j);
  g_assert_true (qrx_statistics_friedman (scores, n_blocks, n_treatments, &statistic, &p, ranks, NULL));
  assert_member (object, "statistic", statistic);
  assert_member (object, "p", p);
  for (gsize j = 0; j < n_treatments; j++)
    g_assert_cmpfloat (fabs (ranks[j] - references[j]), <=, TOLERANCE);
}

static void
test_wilcoxon (void)
{
  JsonObject *object = json_object_get_object_member (root, "wilcoxon");
  gsize n;
  g_autofree double *differences = read_member (object, "differences", &n);
  double statistic, p;
  gboolean exact;

  g_assert_true (qrx_statistics_wilcoxon (differences, n, &statistic, &p, &exact, NULL));
  assert_member (object, "statistic", statistic);
  assert_member (object, "p", p);
  g_assert_true (exact == g_str_has_prefix (json_object_get_string_member (object, "method"), "exact"));
}

int
main (int argc, char **argv)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  path = g_test_build_filename (G_TEST_DIST, "statistics.json", NULL);
  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  root = json_node_get_object (json_parser_get_root (parser));

  g_test_add_func ("/parity/statistics/cases", test_cases);
  g_test_add_func ("/parity/statistics/corrected-t", test_corrected_t);
  g_test_add_func ("/parity/statistics/holm", test_holm);
  g_test_add_func ("/parity/statistics/friedman", test_friedman);
  g_test_add_func ("/parity/statistics/wilcoxon", test_wilcoxon);
  return g_test_run ();
}

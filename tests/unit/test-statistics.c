/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qrx/qrx-random.h>
#include <qrx/qrx-statistics.h>

#include <math.h>
#include <string.h>

#define N 60

/* Small whole numbers, so that there are many ties. */
static void
draw (QrxRandom *random, double *values, guint n_levels)
{
  for (guint i = 0; i < N; i++)
    values[i] = (double) qrx_random_below (random, n_levels);
}

static void
draw_classes (QrxRandom *random, guint8 *positives)
{
  for (guint i = 0; i < N; i++)
    positives[i] = (guint8) qrx_random_below (random, 2);
}

static double
compare (double a, double b)
{
  return a > b ? 1 : a == b ? 0.5 : 0;
}

static void
test_ranks_count_lower_and_equal_values (void)
{
  QrxRandom random;
  double values[N], ranks[N];

  qrx_random_init (&random, 1, "test", "ranks", 0);
  draw (&random, values, 13);
  qrx_statistics_rank (values, N, ranks);
  for (guint i = 0; i < N; i++)
    {
      double rank = 0.5;

      for (guint j = 0; j < N; j++)
        rank += compare (values[i], values[j]);
      g_assert_cmpfloat (ranks[i], ==, rank);
    }
}

static void
test_quantiles_interpolate (void)
{
  const double values[] = { 4, 1, 3, 2 };
  double value;

  g_assert_true (qrx_statistics_median (values, 4, &value, NULL));
  g_assert_cmpfloat (value, ==, 2.5);
  g_assert_true (qrx_statistics_quantile (values, 4, 0, &value, NULL));
  g_assert_cmpfloat (value, ==, 1);
  g_assert_true (qrx_statistics_quantile (values, 4, 1, &value, NULL));
  g_assert_cmpfloat (value, ==, 4);
  g_assert_true (qrx_statistics_quantile (values, 4, 0.25, &value, NULL));
  g_assert_cmpfloat (value, ==, 1.75);
}

/* The definition over all pairs, one after another. 1e-14: sums of halves are exact, only the divisions
 * round. */
static void
test_auc_is_the_share_of_concordant_pairs (void)
{
  QrxRandom random;

  qrx_random_init (&random, 2, "test", "auc", 0);
  for (guint round = 0; round < 50; round++)
    {
      double scores[N], auc, within, counts[2][2] = { { 0 } };
      guint8 positives[N];
      guint groups[N];

      draw (&random, scores, 2 + round);
      draw_classes (&random, positives);
      for (guint i = 0; i < N; i++)
        groups[i] = (guint) qrx_random_below (&random, 4);
      for (guint i = 0; i < N; i++)
        for (guint j = 0; j < N; j++)
          if (positives[i] && !positives[j])
            for (guint grouped = 0; grouped < 2; grouped++)
              if (!grouped || groups[i] == groups[j])
                {
                  counts[grouped][0] += compare (scores[i], scores[j]);
                  counts[grouped][1] += 1;
                }
      g_assert_true (qrx_statistics_auc (scores, positives, N, &auc, NULL));
      g_assert_true (qrx_statistics_auc_within (scores, positives, groups, N, &within, NULL));
      g_assert_cmpfloat (fabs (auc - counts[0][0] / counts[0][1]), <, 1e-14);
      g_assert_cmpfloat (fabs (within - counts[1][0] / counts[1][1]), <, 1e-14);
    }
}

/* A score that knows the group alone is perfect overall and worthless within. */
static void
test_what_only_tells_groups_apart_scores_half_within (void)
{
  const double scores[] = { 1, 1, 1, 1, 2, 2, 2, 2 };
  const guint8 positives[] = { 0, 0, 0, 1, 0, 1, 1, 1 };
  const guint groups[] = { 7, 7, 7, 7, 9, 9, 9, 9 };
  double auc;

  g_assert_true (qrx_statistics_auc_within (scores, positives, groups, 8, &auc, NULL));
  g_assert_cmpfloat (auc, ==, 0.5);
}

/* DeLong's covariance from the matrix of all pairs, as the paper writes it. 1e-13: some hundred terms
 * below 1. */
static double
delong_by_definition (const double *a, const double *b, const guint8 *positives)
{
  double v10[N] = { 0 }, v01[N] = { 0 }, n_pos = 0, n_neg = 0, theta = 0, s10 = 0, s01 = 0;

  for (guint i = 0; i < N; i++)
    if (positives[i])
      n_pos += 1;
    else
      n_neg += 1;
  for (guint i = 0; i < N; i++)
    for (guint j = 0; j < N; j++)
      if (positives[i] && !positives[j])
        {
          double psi = compare (a[i], a[j]) - (b != NULL ? compare (b[i], b[j]) : 0);

          v10[i] += psi / n_neg;
          v01[j] += psi / n_pos;
          theta += psi / n_neg / n_pos;
        }
  for (guint i = 0; i < N; i++)
    if (positives[i])
      s10 += (v10[i] - theta) * (v10[i] - theta) / (n_pos - 1);
    else
      s01 += (v01[i] - theta) * (v01[i] - theta) / (n_neg - 1);
  return s10 / n_pos + s01 / n_neg;
}

static void
test_delong_is_its_definition (void)
{
  QrxRandom random;

  qrx_random_init (&random, 3, "test", "delong", 0);
  for (guint round = 0; round < 50; round++)
    {
      double a[N], b[N], auc, variance, difference, z, p;
      guint8 positives[N];

      draw (&random, a, 3 + round);
      draw (&random, b, 3 + round);
      draw_classes (&random, positives);
      g_assert_true (qrx_statistics_delong (a, positives, N, &auc, &variance, NULL));
      g_assert_cmpfloat (fabs (variance - delong_by_definition (a, NULL, positives)), <, 1e-13);
      g_assert_true (qrx_statistics_delong_paired (a, b, positives, N, &difference, &z, &p, NULL));
      g_assert_cmpfloat (fabs (z - difference / sqrt (delong_by_definition (a, b, positives))), <, 1e-10);
    }
}

/* Rows of equal score share a threshold, so their order is no matter. */
static void
test_average_precision_is_its_definition (void)
{
  QrxRandom random;

  qrx_random_init (&random, 4, "test", "precision", 0);
  for (guint round = 0; round < 50; round++)
    {
      double scores[N], value, expected = 0, n_positives = 0;
      guint8 positives[N];

      draw (&random, scores, 2 + round);
      draw_classes (&random, positives);
      for (guint i = 0; i < N; i++)
        if (positives[i])
          {
            double above = 0, found = 0;

            for (guint j = 0; j < N; j++)
              if (scores[j] >= scores[i])
                {
                  above += 1;
                  found += positives[j];
                }
            expected += found / above;
            n_positives += 1;
          }
      g_assert_true (qrx_statistics_average_precision (scores, positives, N, &value, NULL));
      g_assert_cmpfloat (fabs (value - expected / n_positives), <, 1e-14);
    }
}

static void
test_kendall_is_its_definition (void)
{
  QrxRandom random;

  qrx_random_init (&random, 5, "test", "kendall", 0);
  for (guint round = 0; round < 50; round++)
    {
      double x[N], y[N], tau, sum = 0, x_pairs = 0, y_pairs = 0;

      draw (&random, x, 2 + round);
      draw (&random, y, 52 - round);
      for (guint i = 0; i < N; i++)
        for (guint j = 0; j < i; j++)
          {
            double dx = compare (x[i], x[j]) - 0.5, dy = compare (y[i], y[j]) - 0.5;

            sum += 4 * dx * dy;
            x_pairs += 4 * dx * dx;
            y_pairs += 4 * dy * dy;
          }
      g_assert_true (qrx_statistics_kendall (x, y, N, &tau, NULL));
      g_assert_cmpfloat (fabs (tau - sum / sqrt (x_pairs * y_pairs)), <, 1e-14);
    }
}

static void
test_a_perfect_line_correlates_perfectly (void)
{
  double x[N], y[N], value;

  for (guint i = 0; i < N; i++)
    {
      x[i] = i * 0.1;
      y[i] = 3 - 0.7 * x[i];
    }
  g_assert_true (qrx_statistics_pearson (x, y, N, &value, NULL));
  g_assert_cmpfloat (fabs (value + 1), <, 1e-14);
  g_assert_true (qrx_statistics_spearman (x, y, N, &value, NULL));
  g_assert_cmpfloat (fabs (value + 1), <, 1e-14);
  g_assert_true (qrx_statistics_kendall (x, y, N, &value, NULL));
  g_assert_cmpfloat (fabs (value + 1), <, 1e-14);
}

/* All 2^8 choices of signs, one after another. */
static void
test_exact_wilcoxon_counts_all_signs (void)
{
  const double differences[] = { 0.3, -1.1, 2.5, 0.7, -0.2, 4, 1.9, -3.3 };
  const double ranks[] = { 2, 4, 6, 3, 1, 8, 5, 7 };
  double statistic, p, count = 0;
  gboolean exact;

  g_assert_true (qrx_statistics_wilcoxon (differences, 8, &statistic, &p, &exact, NULL));
  g_assert_true (exact);
  g_assert_cmpfloat (statistic, ==, 12);
  for (guint signs = 0; signs < 256; signs++)
    {
      double sum = 0;

      for (guint i = 0; i < 8; i++)
        sum += signs >> i & 1 ? ranks[i] : 0;
      count += sum <= 12 || sum >= 24;
    }
  g_assert_cmpfloat (p, ==, count / 256);
}

/* Reference: scipy.stats.wilcoxon (method="asymptotic"), scipy 1.17. */
static void
test_wilcoxon_with_ties_is_approximate (void)
{
  const double differences[] = { 1, -1, 2, 2, 0, 3, -4, 5, 5, 6 };
  double statistic, p;
  gboolean exact;

  g_assert_true (qrx_statistics_wilcoxon (differences, 10, &statistic, &p, &exact, NULL));
  g_assert_false (exact);
  g_assert_cmpfloat (statistic, ==, 7.5);
  g_assert_cmpfloat (fabs (p - 0.074791377586944138), <, 1e-12);
}

/* Reference: scipy.stats.friedmanchisquare, scipy 1.17. */
static void
test_friedman_allows_for_ties (void)
{
  const double scores[] = { 1, 2, 2, 4, 3, 3, 5, 1, 1, 2, 2, 3 };
  double statistic, p, ranks[3];

  g_assert_true (qrx_statistics_friedman (scores, 4, 3, &statistic, &p, ranks, NULL));
  g_assert_cmpfloat (fabs (statistic - 0.5), <, 1e-12);
  g_assert_cmpfloat (fabs (p - 0.77880078307140488), <, 1e-12);
}

static void
assert_reason (const char *reason, const char *expected)
{
  g_assert_nonnull (reason);
  g_assert_nonnull (strstr (reason, expected));
}

#define assert_refused(call, expected)                                                                       \
  G_STMT_START                                                                                               \
  {                                                                                                          \
    why = NULL;                                                                                              \
    g_assert_false (call);                                                                                   \
    assert_reason (why, expected);                                                                           \
  }                                                                                                          \
  G_STMT_END

static void
test_what_is_not_defined_has_a_reason (void)
{
  const double line[] = { 1, 2, 3 }, constant[] = { 0.1, 0.1, 0.1 }, huge[] = { 1e200, -1e200, 3 };
  const double holed[] = { 1, NAN, 3 }, zeros[] = { 0, 0, 0 };
  const guint8 all[] = { 1, 1, 1 }, none[] = { 0, 0, 0 }, one[] = { 0, 1, 0 };
  const guint groups[] = { 1, 2, 3 };
  const char *why = NULL;
  double a, b, c, several[3];

  assert_refused (qrx_statistics_auc (line, all, 3, &a, &why), "negative class");
  assert_refused (qrx_statistics_auc (line, none, 3, &a, &why), "positive class");
  assert_refused (qrx_statistics_auc (holed, one, 3, &a, &why), "not finite");
  assert_refused (qrx_statistics_auc_within (line, one, groups, 3, &a, &why), "no group");
  assert_refused (qrx_statistics_delong (line, one, 3, &a, &b, &why), "two rows of each class");
  assert_refused (qrx_statistics_average_precision (line, none, 3, &a, &why), "positive class");
  assert_refused (qrx_statistics_rmse (line, line, 0, &a, &why), "no rows");
  assert_refused (qrx_statistics_rmse (line, huge, 3, &a, &why), "too large");
  assert_refused (qrx_statistics_r2 (constant, line, 3, &a, &why), "the same");
  assert_refused (qrx_statistics_pearson (line, constant, 3, &a, &why), "constant");
  assert_refused (qrx_statistics_pearson (line, huge, 3, &a, &why), "too large");
  assert_refused (qrx_statistics_spearman (line, constant, 3, &a, &why), "constant");
  assert_refused (qrx_statistics_kendall (line, constant, 3, &a, &why), "constant");
  assert_refused (qrx_statistics_kendall (line, line, 1, &a, &why), "fewer than two");
  assert_refused (qrx_statistics_median (line, 0, &a, &why), "no values");
  assert_refused (qrx_statistics_corrected_t (constant, 3, 0.1, &a, &b, &why), "the same");
  assert_refused (qrx_statistics_holm (holed, 3, several, &why), "between 0 and 1");
  assert_refused (qrx_statistics_friedman (zeros, 1, 3, &a, &b, several, &why), "fewer than two");
  assert_refused (qrx_statistics_wilcoxon (zeros, 3, &a, &c, NULL, &why), "other than zero");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/statistics/ranks", test_ranks_count_lower_and_equal_values);
  g_test_add_func ("/statistics/quantiles", test_quantiles_interpolate);
  g_test_add_func ("/statistics/auc", test_auc_is_the_share_of_concordant_pairs);
  g_test_add_func ("/statistics/auc-within", test_what_only_tells_groups_apart_scores_half_within);
  g_test_add_func ("/statistics/delong", test_delong_is_its_definition);
  g_test_add_func ("/statistics/average-precision", test_average_precision_is_its_definition);
  g_test_add_func ("/statistics/kendall", test_kendall_is_its_definition);
  g_test_add_func ("/statistics/line", test_a_perfect_line_correlates_perfectly);
  g_test_add_func ("/statistics/wilcoxon-exact", test_exact_wilcoxon_counts_all_signs);
  g_test_add_func ("/statistics/wilcoxon-ties", test_wilcoxon_with_ties_is_approximate);
  g_test_add_func ("/statistics/friedman-ties", test_friedman_allows_for_ties);
  g_test_add_func ("/statistics/reasons", test_what_is_not_defined_has_a_reason);
  return g_test_run ();
}

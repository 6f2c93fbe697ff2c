/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests that compare models over folds, drugs and rows. Which comparison is honest is its callers' to know.
 */
#include "numerics/qrx-statistics-private.h"

#include <qrx/qrx-distribution.h>

#include <math.h>
#include <string.h>

#define WILCOXON_EXACT_MAX 50

#define TOO_LARGE "the differences are too small or too large to be squared"

/* The mean of resampled values and its standard error, which allows for the overlap of their training rows; it is zero
 * where all values are the same. */
static gboolean
compute_corrected_error (
    const double *values, gsize n, double test_over_train, double *mean, double *error, const char **reason)
{
  double squares = 0, variance;

  g_return_val_if_fail (test_over_train >= 0, FALSE);
  if (n < 2)
    return qrx_statistics_refuse (reason, "there are fewer than two differences");
  if (!qrx_statistics_check_finite (values, n, reason))
    return FALSE;
  *mean = qrx_statistics_mean (values, n);
  if (qrx_statistics_is_constant (values, n))
    {
      *error = 0;
      return TRUE;
    }
  for (gsize i = 0; i < n; i++)
    squares += (values[i] - *mean) * (values[i] - *mean);
  variance = squares / (double) (n - 1);
  if (!(variance > 0) || !qrx_statistics_accept (sqrt ((1 / (double) n + test_over_train) * variance), error, NULL))
    return qrx_statistics_refuse (reason, TOO_LARGE);
  return TRUE;
}

/**
 * qrx_statistics_corrected_t: (skip)
 * @differences: (array length=n): the difference of two models' scores in each fold of each repeat
 * @n: how many; from seven on the test is sensible
 * @test_over_train: the ratio of test rows to training rows in a fold
 * @t: return location for the statistic, with @n - 1 degrees of freedom
 * @p: return location for the two-sided p
 * @reason: (nullable): return location for why there is none
 *
 * Tests whether resampled scores differ, corrected for the overlap of their training rows (Nadeau and Bengio
 * 2003, doi 10.1023/A:1024068626366).
 *
 * Returns: whether the test is defined
 */
gboolean
qrx_statistics_corrected_t (
    const double *differences, gsize n, double test_over_train, double *t, double *p, const char **reason)
{
  double mean = 0, error = 0;

  if (!compute_corrected_error (differences, n, test_over_train, &mean, &error, reason))
    return FALSE;
  if (!(error > 0))
    return qrx_statistics_refuse (reason, "the differences are all the same");
  if (!qrx_statistics_accept (mean / error, t, NULL))
    return qrx_statistics_refuse (reason, TOO_LARGE);
  *p = qrx_distribution_student_two_sided (*t, (double) (n - 1));
  return TRUE;
}

/**
 * qrx_statistics_corrected_interval: (skip)
 * @values: (array length=n): a model's scores, or two models' differences, in each fold of each repeat
 * @n: how many; from seven on the interval is sensible
 * @test_over_train: the ratio of test rows to training rows in a fold
 * @level: the confidence, such as 0.95
 * @interval: (array fixed-size=2): room for both ends
 * @reason: (nullable): return location for why there is none
 *
 * Computes the interval of the mean that belongs to the corrected resampled t test, see
 * qrx_statistics_corrected_t(): Student's t with @n - 1 degrees of freedom, and a variance that allows for the
 * overlap of training rows.
 *
 * Returns: whether it is defined
 */
gboolean
qrx_statistics_corrected_interval (
    const double *values, gsize n, double test_over_train, double level, double interval[2], const char **reason)
{
  double mean = 0, error = 0, half;

  g_return_val_if_fail (level > 0 && level < 1, FALSE);
  if (!compute_corrected_error (values, n, test_over_train, &mean, &error, reason))
    return FALSE;
  half = qrx_distribution_student_quantile (0.5 + 0.5 * level, (double) (n - 1)) * error;
  interval[0] = mean - half;
  interval[1] = mean + half;
  return TRUE;
}

/**
 * qrx_statistics_holm: (skip)
 * @p: (array length=n): p values
 * @n: how many
 * @adjusted: room for the adjusted values, in the order of @p
 * @reason: (nullable): return location for why there are none
 *
 * Adjusts p values for their number so that the chance of any false rejection stays bounded (Holm 1979,
 * Scand. J. Statist. 6:65, https://www.jstor.org/stable/4615733).
 *
 * Returns: whether they are defined
 */
gboolean
qrx_statistics_holm (const double *p, gsize n, double *adjusted, const char **reason)
{
  g_autofree gsize *order = NULL;
  double greatest = 0;

  for (gsize i = 0; i < n; i++)
    if (!(p[i] >= 0 && p[i] <= 1))
      return qrx_statistics_refuse (reason, "a p value is not between 0 and 1");
  order = qrx_statistics_sort (p, n);
  for (gsize i = 0; i < n; i++)
    {
      greatest = MAX (greatest, p[order[i]] * (double) (n - i));
      adjusted[order[i]] = MIN (greatest, 1);
    }
  return TRUE;
}

/* The sum over groups of t equal ranks of t³ - t. */
static double
sum_ties (const double *ranks, gsize n)
{
  g_autofree gsize *order = qrx_statistics_sort (ranks, n);
  double sum = 0;

  for (gsize i = 0, end; i < n; i = end)
    {
      double t;

      for (end = i + 1; end < n && ranks[order[end]] == ranks[order[i]];)
        end++;
      t = (double) (end - i);
      sum += t * t * t - t;
    }
  return sum;
}

/**
 * qrx_statistics_friedman: (skip)
 * @scores: the scores, @n_treatments for each block in turn; higher is better
 * @n_blocks: how many blocks, such as drugs; from ten on the test is sensible
 * @n_treatments: how many treatments, such as models
 * @statistic: return location for the statistic, with ties allowed for
 * @p: return location for p, from the chi-squared distribution
 * @mean_ranks: room for @n_treatments mean ranks, 1 being the highest score
 * @reason: (nullable): return location for why there is none
 *
 * Tests whether treatments differ over blocks (Friedman 1937, doi 10.1080/01621459.1937.10503522; for models
 * over data sets, Demšar 2006, https://jmlr.org/papers/v7/demsar06a.html).
 *
 * Returns: whether the test is defined
 */
gboolean
qrx_statistics_friedman (const double *scores,
                         gsize n_blocks,
                         gsize n_treatments,
                         double *statistic,
                         double *p,
                         double *mean_ranks,
                         const char **reason)
{
  g_autofree double *ranks = g_new (double, n_treatments);
  g_autofree double *sums = g_new0 (double, n_treatments);
  double n = (double) n_blocks, k = (double) n_treatments, ties = 0, squares = 0, correction;

  if (n_blocks < 2 || n_treatments < 2)
    return qrx_statistics_refuse (reason, "there are fewer than two blocks or treatments");
  if (!qrx_statistics_check_finite (scores, n_blocks * n_treatments, reason))
    return FALSE;
  for (gsize i = 0; i < n_blocks; i++)
    {
      qrx_statistics_rank (scores + i * n_treatments, n_treatments, ranks);
      ties += sum_ties (ranks, n_treatments);
      for (gsize j = 0; j < n_treatments; j++)
        sums[j] += k + 1 - ranks[j];
    }
  correction = 1 - ties / (n * k * (k * k - 1));
  if (!(correction > 0))
    return qrx_statistics_refuse (reason, "all treatments score the same in every block");
  for (gsize j = 0; j < n_treatments; j++)
    {
      mean_ranks[j] = sums[j] / n;
      squares += (mean_ranks[j] - 0.5 * (k + 1)) * (mean_ranks[j] - 0.5 * (k + 1));
    }
  *statistic = 12 * n / (k * (k + 1)) * squares / correction;
  *p = qrx_distribution_chi_squared_survival (*statistic, k - 1);
  return TRUE;
}

/**
 * qrx_statistics_critical_difference: (skip)
 * @n_blocks: how many blocks, such as drugs; at least 1
 * @n_treatments: how many treatments, such as models; at least 2
 * @level: the confidence, such as 0.95
 *
 * Computes how far two mean ranks of qrx_statistics_friedman() must lie apart to differ (Nemenyi's test, as in
 * Demšar 2006, https://jmlr.org/papers/v7/demsar06a.html).
 *
 * Returns: the critical difference, in ranks
 */
double
qrx_statistics_critical_difference (gsize n_blocks, gsize n_treatments, double level)
{
  double k = (double) n_treatments;

  g_return_val_if_fail (n_blocks > 0 && n_treatments > 1 && level > 0 && level < 1, NAN);
  return qrx_distribution_range_quantile (level, (guint) n_treatments) * G_SQRT2 / 2 *
         sqrt (k * (k + 1) / (6 * (double) n_blocks));
}

/* The two-sided probability of a rank sum of @least or less on either side among all 2ⁿ choices of signs. */
static double
compute_wilcoxon_exact (gsize least, gsize n)
{
  gsize size = n * (n + 1) / 2 + 1;
  g_autofree double *counts = g_new0 (double, size);
  double below = 0;

  counts[0] = 1;
  for (gsize rank = 1; rank <= n; rank++)
    for (gsize sum = size - 1; sum >= rank; sum--)
      counts[sum] += counts[sum - rank];
  for (gsize sum = 0; sum <= least; sum++)
    below += counts[sum];
  return MIN (1, ldexp (below, 1 - (int) n));
}

/**
 * qrx_statistics_wilcoxon: (skip)
 * @differences: (array length=n): paired differences, such as one for each drug
 * @n: how many
 * @statistic: return location for the lesser of the rank sums of positive and negative differences
 * @p: return location for the two-sided p
 * @exact: (nullable): return location for whether @p is exact
 * @reason: (nullable): return location for why there is none
 *
 * Tests whether paired differences are symmetric about zero (Wilcoxon 1945, doi 10.2307/3001968).
 *
 * Exact for up to fifty differences without ties or zeros; else by the normal distribution, with ties allowed
 * for, zeros dropped, and without a correction for continuity.
 *
 * Returns: whether the test is defined
 */
gboolean
qrx_statistics_wilcoxon (
    const double *differences, gsize n, double *statistic, double *p, gboolean *exact, const char **reason)
{
  g_autofree double *sizes = g_new (double, n);
  g_autofree double *ranks = g_new (double, n);
  double positive = 0, count, ties;
  gsize n_used = 0, next = 0;
  gboolean is_exact;

  if (!qrx_statistics_check_finite (differences, n, reason))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (differences[i] != 0)
      sizes[n_used++] = fabs (differences[i]);
  if (n_used == 0)
    return qrx_statistics_refuse (reason, "no difference is other than zero");
  qrx_statistics_rank (sizes, n_used, ranks);
  for (gsize i = 0; i < n; i++)
    if (differences[i] != 0)
      {
        positive += differences[i] > 0 ? ranks[next] : 0;
        next++;
      }
  count = (double) n_used;
  ties = sum_ties (ranks, n_used);
  *statistic = MIN (positive, 0.5 * count * (count + 1) - positive);
  is_exact = ties == 0 && n_used == n && n <= WILCOXON_EXACT_MAX;
  if (is_exact)
    *p = compute_wilcoxon_exact ((gsize) *statistic, n);
  else
    {
      double variance = count * (count + 1) * (2 * count + 1) / 24 - ties / 48;

      *p = 2 * qrx_distribution_normal_survival (fabs (*statistic - 0.25 * count * (count + 1)) /
                                                 sqrt (variance));
    }
  if (exact != NULL)
    *exact = is_exact;
  return TRUE;
}

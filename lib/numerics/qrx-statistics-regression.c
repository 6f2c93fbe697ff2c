/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How close predictions come to targets, and how well they follow their order. */
#include "numerics/qrx-statistics-private.h"

#include <math.h>
#include <string.h>

static gboolean
check_pairs (const double *x, const double *y, gsize n, gsize least, const char **reason)
{
  if (n < least)
    return qrx_statistics_refuse (reason, least == 1 ? "there are no rows" : "there are fewer than two rows");
  return qrx_statistics_check_finite (x, n, reason) && qrx_statistics_check_finite (y, n, reason);
}

/**
 * qrx_statistics_rmse: (skip)
 * @targets: (array length=n): the true values
 * @predictions: (array length=n): what was predicted
 * @n: how many rows
 * @rmse: return location for the score, in the target's unit
 * @reason: (nullable): return location for why there is none
 *
 * Computes the root of the mean squared error.
 *
 * Returns: whether it is defined
 */
gboolean
qrx_statistics_rmse (
    const double *targets, const double *predictions, gsize n, double *rmse, const char **reason)
{
  double sum = 0;

  if (!check_pairs (targets, predictions, n, 1, reason))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    sum += (predictions[i] - targets[i]) * (predictions[i] - targets[i]);
  return qrx_statistics_accept (sqrt (sum / (double) n), rmse, reason);
}

/**
 * qrx_statistics_mae: (skip)
 * @targets: (array length=n): the true values
 * @predictions: (array length=n): what was predicted
 * @n: how many rows
 * @mae: return location for the score, in the target's unit
 * @reason: (nullable): return location for why there is none
 *
 * Computes the mean absolute error.
 *
 * Returns: whether it is defined
 */
gboolean
qrx_statistics_mae (
    const double *targets, const double *predictions, gsize n, double *mae, const char **reason)
{
  double sum = 0;

  if (!check_pairs (targets, predictions, n, 1, reason))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    sum += fabs (predictions[i] - targets[i]);
  return qrx_statistics_accept (sum / (double) n, mae, reason);
}

/**
 * qrx_statistics_r2: (skip)
 * @targets: (array length=n): the true values
 * @predictions: (array length=n): what was predicted
 * @n: how many rows
 * @r2: return location for the score
 * @reason: (nullable): return location for why there is none
 *
 * Computes the coefficient of determination, 1 less the squared error's ratio to that of the targets' own
 * mean; it is negative where predictions are worse than that mean.
 *
 * Returns: whether it is defined
 */
gboolean
qrx_statistics_r2 (const double *targets, const double *predictions, gsize n, double *r2, const char **reason)
{
  double mean, residual = 0, total = 0;

  if (!check_pairs (targets, predictions, n, 2, reason))
    return FALSE;
  if (qrx_statistics_is_constant (targets, n))
    return qrx_statistics_refuse (reason, "the targets are all the same");
  mean = qrx_statistics_mean (targets, n);
  for (gsize i = 0; i < n; i++)
    {
      residual += (predictions[i] - targets[i]) * (predictions[i] - targets[i]);
      total += (targets[i] - mean) * (targets[i] - mean);
    }
  return qrx_statistics_accept (1 - residual / total, r2, reason);
}

/**
 * qrx_statistics_pearson: (skip)
 * @x: (array length=n): one variable
 * @y: (array length=n): the other
 * @n: how many rows
 * @r: return location for the coefficient
 * @reason: (nullable): return location for why there is none
 *
 * Computes the product-moment correlation.
 *
 * Returns: whether it is defined
 */
gboolean
qrx_statistics_pearson (const double *x, const double *y, gsize n, double *r, const char **reason)
{
  double mean_x, mean_y, xx = 0, yy = 0, xy = 0;

  if (!check_pairs (x, y, n, 2, reason))
    return FALSE;
  if (qrx_statistics_is_constant (x, n) || qrx_statistics_is_constant (y, n))
    return qrx_statistics_refuse (reason, "one of the variables is constant");
  mean_x = qrx_statistics_mean (x, n);
  mean_y = qrx_statistics_mean (y, n);
  for (gsize i = 0; i < n; i++)
    {
      xx += (x[i] - mean_x) * (x[i] - mean_x);
      yy += (y[i] - mean_y) * (y[i] - mean_y);
      xy += (x[i] - mean_x) * (y[i] - mean_y);
    }
  if (!(xx > 0 && yy > 0 && isfinite (xx) && isfinite (yy)))
    return qrx_statistics_refuse (
        reason, "the differences in one of the variables are too small or too large to be squared");
  *r = CLAMP (xy / sqrt (xx) / sqrt (yy), -1, 1);
  return TRUE;
}

/**
 * qrx_statistics_spearman: (skip)
 * @x: (array length=n): one variable
 * @y: (array length=n): the other
 * @n: how many rows
 * @rho: return location for the coefficient
 * @reason: (nullable): return location for why there is none
 *
 * Computes the rank correlation: Pearson's of the ranks, equal values sharing the mean of theirs.
 *
 * Returns: whether it is defined
 */
gboolean
qrx_statistics_spearman (const double *x, const double *y, gsize n, double *rho, const char **reason)
{
  g_autofree double *x_ranks = NULL;
  g_autofree double *y_ranks = NULL;

  if (!check_pairs (x, y, n, 2, reason))
    return FALSE;
  x_ranks = g_new (double, n);
  y_ranks = g_new (double, n);
  qrx_statistics_rank (x, n, x_ranks);
  qrx_statistics_rank (y, n, y_ranks);
  return qrx_statistics_pearson (x_ranks, y_ranks, n, rho, reason);
}

/* Sorts by merging and counts the pairs that were out of order. */
static double
count_exchanges (double *values, double *room, gsize n)
{
  gsize half = n / 2, i = 0, j = half, next = 0;
  double count;

  if (n < 2)
    return 0;
  count = count_exchanges (values, room, half) + count_exchanges (values + half, room, n - half);
  while (i < half || j < n)
    if (j == n || (i < half && values[i] <= values[j]))
      room[next++] = values[i++];
    else
      {
        count += (double) (half - i);
        room[next++] = values[j++];
      }
  memcpy (values, room, n * sizeof *values);
  return count;
}

/* The pairs among the first @n of sorted values that are equal. */
static double
count_ties (const double *sorted, gsize n)
{
  double pairs = 0;

  for (gsize i = 0, end; i < n; i = end)
    {
      for (end = i + 1; end < n && sorted[end] == sorted[i];)
        end++;
      pairs += 0.5 * (double) (end - i) * (double) (end - i - 1);
    }
  return pairs;
}

/**
 * qrx_statistics_kendall: (skip)
 * @x: (array length=n): one variable
 * @y: (array length=n): the other
 * @n: how many rows
 * @tau: return location for the coefficient
 * @reason: (nullable): return location for why there is none
 *
 * Computes Kendall's tau-b, which allows for ties, in O(n log n) steps by Knight's method (doi
 * 10.1080/01621459.1966.10480879).
 *
 * Returns: whether it is defined
 */
gboolean
qrx_statistics_kendall (const double *x, const double *y, gsize n, double *tau, const char **reason)
{
  g_autofree gsize *order = NULL;
  g_autofree double *values = NULL;
  g_autofree double *room = NULL;
  double x_ties = 0, both_ties = 0, y_ties, exchanges, pairs = 0.5 * (double) n * ((double) n - 1);

  if (!check_pairs (x, y, n, 2, reason))
    return FALSE;
  if (qrx_statistics_is_constant (x, n) || qrx_statistics_is_constant (y, n))
    return qrx_statistics_refuse (reason, "one of the variables is constant");
  order = qrx_statistics_sort (x, n);
  values = g_new (double, n);
  room = g_new (double, n);
  for (gsize i = 0; i < n; i++)
    values[i] = y[order[i]];
  for (gsize i = 0, end; i < n; i = end)
    {
      for (end = i + 1; end < n && x[order[end]] == x[order[i]];)
        end++;
      count_exchanges (values + i, room, end - i); /* among equal x, y is put in order and nothing counted */
      x_ties += 0.5 * (double) (end - i) * (double) (end - i - 1);
      both_ties += count_ties (values + i, end - i);
    }
  exchanges = count_exchanges (values, room, n);
  y_ties = count_ties (values, n);
  *tau = CLAMP ((pairs - x_ties - y_ties + both_ties - 2 * exchanges) / sqrt (pairs - x_ties) /
                    sqrt (pairs - y_ties),
                -1, 1);
  return TRUE;
}

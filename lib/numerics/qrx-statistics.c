/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Order statistics, and what all scores share. Knows numbers, not what they measure. */
#include "numerics/qrx-statistics-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

gboolean
qrx_statistics_refuse (const char **reason, const char *why)
{
  if (reason != NULL)
    *reason = why;
  return FALSE;
}

gboolean
qrx_statistics_accept (double score, double *out, const char **reason)
{
  if (!isfinite (score))
    return qrx_statistics_refuse (reason, "the values are too large to be squared or summed");
  *out = score;
  return TRUE;
}

gboolean
qrx_statistics_check_finite (const double *values, gsize n, const char **reason)
{
  for (gsize i = 0; i < n; i++)
    if (!isfinite (values[i]))
      return qrx_statistics_refuse (reason, "a value is not finite");
  return TRUE;
}

gboolean
qrx_statistics_is_constant (const double *values, gsize n)
{
  for (gsize i = 1; i < n; i++)
    if (values[i] != values[0])
      return FALSE;
  return TRUE;
}

double
qrx_statistics_mean (const double *values, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += values[i];
  return sum / (double) n;
}

typedef struct {
  double value;
  gsize index;
} Place;

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Place *first = a, *second = b;

  if (first->value != second->value)
    return first->value < second->value ? -1 : 1;
  return first->index < second->index ? -1 : first->index > second->index;
}

gsize *
qrx_statistics_sort (const double *values, gsize n)
{
  g_autofree Place *places = g_new (Place, n);
  gsize *order = g_new (gsize, n);

  for (gsize i = 0; i < n; i++)
    places[i] = (Place){ values[i], i };
  if (n > 1)
    qsort (places, n, sizeof *places, compare_places);
  for (gsize i = 0; i < n; i++)
    order[i] = places[i].index;
  return order;
}

/**
 * qrx_statistics_rank: (skip)
 * @values: (array length=n): numbers, none of them NaN
 * @n: how many
 * @ranks: room for @n ranks
 *
 * Ranks numbers from 1, the least; equal numbers share the mean of their ranks.
 */
void
qrx_statistics_rank (const double *values, gsize n, double *ranks)
{
  g_autofree gsize *order = qrx_statistics_sort (values, n);

  for (gsize i = 0, end; i < n; i = end)
    {
      for (end = i + 1; end < n && values[order[end]] == values[order[i]];)
        end++;
      for (gsize j = i; j < end; j++)
        ranks[order[j]] = 0.5 * (double) (i + 1 + end);
    }
}

/**
 * qrx_statistics_quantile: (skip)
 * @values: (array length=n): numbers
 * @n: how many
 * @p: which quantile, between 0 and 1
 * @quantile: return location for the quantile
 * @reason: (nullable): return location for why there is none
 *
 * Finds a quantile by linear interpolation between order statistics: type 7 of Hyndman and Fan (doi
 * 10.1080/00031305.1996.10473566), as numpy's and R's default.
 *
 * Returns: whether it is defined
 */
gboolean
qrx_statistics_quantile (const double *values, gsize n, double p, double *quantile, const char **reason)
{
  g_autofree gsize *order = NULL;
  double place, below;
  gsize i;

  g_return_val_if_fail (p >= 0 && p <= 1, FALSE);
  if (n == 0)
    return qrx_statistics_refuse (reason, "there are no values");
  if (!qrx_statistics_check_finite (values, n, reason))
    return FALSE;
  order = qrx_statistics_sort (values, n);
  place = p * (double) (n - 1);
  i = (gsize) place;
  below = values[order[i]];
  *quantile = i + 1 < n ? below + (place - (double) i) * (values[order[i + 1]] - below) : below;
  return TRUE;
}

/**
 * qrx_statistics_median: (skip)
 * @values: (array length=n): numbers
 * @n: how many
 * @median: return location for the median
 * @reason: (nullable): return location for why there is none
 *
 * Finds the median; of an even number of values it is the mean of the middle two.
 *
 * Returns: whether it is defined
 */
gboolean
qrx_statistics_median (const double *values, gsize n, double *median, const char **reason)
{
  return qrx_statistics_quantile (values, n, 0.5, median, reason);
}

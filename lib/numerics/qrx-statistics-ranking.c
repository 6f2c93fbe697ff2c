/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How well scores separate two classes. Which class is positive, and that it scores high, is its callers' to
 * see to. */
#include "numerics/qrx-statistics-private.h"

#include <qrx/qrx-distribution.h>

#include <math.h>

static gsize
count_positives (const guint8 *positives, gsize n)
{
  gsize count = 0;

  for (gsize i = 0; i < n; i++)
    count += positives[i] != 0;
  return count;
}

/* Whether both classes have @least rows or more, and all scores are finite. */
static gboolean
check_classes (const double *scores, const guint8 *positives, gsize n, gsize least, const char **reason)
{
  gsize n_positives = count_positives (positives, n);

  if (n_positives == 0)
    return qrx_statistics_refuse (reason, "there are no rows of the positive class");
  if (n_positives == n)
    return qrx_statistics_refuse (reason, "there are no rows of the negative class");
  if (MIN (n_positives, n - n_positives) < least)
    return qrx_statistics_refuse (reason, "the variance needs at least two rows of each class");
  return qrx_statistics_check_finite (scores, n, reason);
}

/* Mann and Whitney's U, from the positives' rank sum: concordant pairs and half the tied ones. */
static double
count_concordant (const double *scores, const guint8 *positives, gsize n)
{
  g_autofree double *ranks = g_new (double, n);
  double n_positives = (double) count_positives (positives, n), sum = 0;

  qrx_statistics_rank (scores, n, ranks);
  for (gsize i = 0; i < n; i++)
    if (positives[i])
      sum += ranks[i];
  return sum - 0.5 * n_positives * (n_positives + 1);
}

static double
count_pairs (const guint8 *positives, gsize n)
{
  double n_positives = (double) count_positives (positives, n);

  return n_positives * ((double) n - n_positives);
}

static double
compute_auc (const double *scores, const guint8 *positives, gsize n)
{
  return count_concordant (scores, positives, n) / count_pairs (positives, n);
}

/**
 * qrx_statistics_auc: (skip)
 * @scores: (array length=n): the scores
 * @positives: (array length=n): nonzero for rows of the positive class
 * @n: how many rows
 * @auc: return location for the area
 * @reason: (nullable): return location for why there is none
 *
 * Computes the area under the ROC curve: the share of pairs of a positive and a negative row in which the
 * positive one scores higher, ties counting half (Hanley and McNeil 1982,
 * doi 10.1148/radiology.143.1.7063747).
 *
 * Returns: whether it is defined
 */
gboolean
qrx_statistics_auc (const double *scores, const guint8 *positives, gsize n, double *auc, const char **reason)
{
  if (!check_classes (scores, positives, n, 1, reason))
    return FALSE;
  *auc = compute_auc (scores, positives, n);
  return TRUE;
}

/**
 * qrx_statistics_auc_within: (skip)
 * @scores: (array length=n): the scores
 * @positives: (array length=n): nonzero for rows of the positive class
 * @groups: (array length=n): each row's group, such as its tissue
 * @n: how many rows
 * @auc: return location for the area
 * @reason: (nullable): return location for why there is none
 *
 * Computes the share of pairs of a positive and a negative row of the same group in which the positive one
 * scores higher, ties counting half.
 *
 * Every pair weighs the same, so a group weighs by its pairs. What only tells groups apart scores 0.5.
 *
 * Returns: whether it is defined
 */
gboolean
qrx_statistics_auc_within (const double *scores,
                           const guint8 *positives,
                           const guint *groups,
                           gsize n,
                           double *auc,
                           const char **reason)
{
  g_autoptr (GHashTable) members = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_array_unref);
  GHashTableIter iter;
  gpointer value;
  double concordant = 0, n_pairs = 0;

  if (!qrx_statistics_check_finite (scores, n, reason))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      GArray *rows = g_hash_table_lookup (members, GUINT_TO_POINTER (groups[i]));

      if (rows == NULL)
        {
          rows = g_array_new (FALSE, FALSE, sizeof (gsize));
          g_hash_table_insert (members, GUINT_TO_POINTER (groups[i]), rows);
        }
      g_array_append_val (rows, i);
    }
  g_hash_table_iter_init (&iter, members);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      GArray *rows = value;
      g_autofree double *own_scores = g_new (double, rows->len);
      g_autofree guint8 *own_positives = g_new (guint8, rows->len);

      for (guint i = 0; i < rows->len; i++)
        {
          own_scores[i] = scores[g_array_index (rows, gsize, i)];
          own_positives[i] = positives[g_array_index (rows, gsize, i)];
        }
      /* Whole numbers and halves: their sums are exact in any order. */
      concordant += count_concordant (own_scores, own_positives, rows->len);
      n_pairs += count_pairs (own_positives, rows->len);
    }
  if (n_pairs == 0)
    return qrx_statistics_refuse (reason, "no group has rows of both classes");
  *auc = concordant / n_pairs;
  return TRUE;
}

/* Each row's share of concordant pairs with the other class, by midranks (Sun and Xu 2014, doi
 * 10.1109/LSP.2014.2337313): DeLong's structural components. */
static double *
compute_components (const double *scores, const guint8 *positives, gsize n)
{
  g_autofree double *ranks = g_new (double, n);
  g_autofree double *own = g_new (double, n);
  g_autofree double *own_ranks = g_new (double, n);
  double *components = g_new (double, n);
  gsize n_positives = count_positives (positives, n);

  qrx_statistics_rank (scores, n, ranks);
  for (guint class = 0; class < 2; class ++)
    {
      gsize n_own = 0, next = 0;
      double n_others = (double) (class ? n - n_positives : n_positives);

      for (gsize i = 0; i < n; i++)
        if ((positives[i] != 0) == class)
          own[n_own++] = scores[i];
      qrx_statistics_rank (own, n_own, own_ranks);
      for (gsize i = 0; i < n; i++)
        if ((positives[i] != 0) == class)
          {
            double below =
                (ranks[i] - own_ranks[next++]) / n_others; /* share of the other class that scores lower */

            components[i] = class ? below : 1 - below;
          }
    }
  return components;
}

/* Both classes' variances of the components, each divided by its number of rows. */
static double
compute_variance (const double *components, const guint8 *positives, gsize n)
{
  double sums[2] = { 0 }, squares[2] = { 0 }, counts[2] = { 0 };

  for (gsize i = 0; i < n; i++)
    {
      counts[positives[i] != 0]++;
      sums[positives[i] != 0] += components[i];
    }
  for (gsize i = 0; i < n; i++)
    {
      guint class = positives[i] != 0;
      double deviation = components[i] - sums[class] / counts[class];

      squares[class] += deviation * deviation;
    }
  return squares[0] / (counts[0] - 1) / counts[0] + squares[1] / (counts[1] - 1) / counts[1];
}

/**
 * qrx_statistics_delong: (skip)
 * @scores: (array length=n): the scores
 * @positives: (array length=n): nonzero for rows of the positive class
 * @n: how many rows
 * @auc: return location for the area
 * @variance: return location for the area's variance
 * @reason: (nullable): return location for why there is none
 *
 * Computes the area under the ROC curve and its variance for one fixed model on one set of rows (DeLong,
 * DeLong and Clarke-Pearson 1988, doi 10.2307/2531595).
 *
 * Returns: whether they are defined
 */
gboolean
qrx_statistics_delong (const double *scores,
                       const guint8 *positives,
                       gsize n,
                       double *auc,
                       double *variance,
                       const char **reason)
{
  g_autofree double *components = NULL;

  if (!check_classes (scores, positives, n, 2, reason))
    return FALSE;
  components = compute_components (scores, positives, n);
  *auc = compute_auc (scores, positives, n);
  *variance = compute_variance (components, positives, n);
  return TRUE;
}

/**
 * qrx_statistics_auc_influence: (skip)
 * @scores: (array length=n): the scores
 * @positives: (array length=n): nonzero for rows of the positive class
 * @n: how many rows
 * @influence: room for @n numbers, whose mean is zero
 * @reason: (nullable): return location for why there is none
 *
 * Computes how each row moves the area under the ROC curve: the influence curve (LeDell, Petersen and van der
 * Laan 2015, doi 10.1214/15-EJS1035). The mean of its squares, divided by @n, estimates the area's variance;
 * rows that are tested in several folds or repeats add up their influences first.
 *
 * Returns: whether it is defined
 */
gboolean
qrx_statistics_auc_influence (
    const double *scores, const guint8 *positives, gsize n, double *influence, const char **reason)
{
  g_autofree double *components = NULL;
  double auc, share;

  if (!check_classes (scores, positives, n, 1, reason))
    return FALSE;
  components = compute_components (scores, positives, n);
  auc = compute_auc (scores, positives, n);
  share = (double) count_positives (positives, n) / (double) n;
  for (gsize i = 0; i < n; i++)
    influence[i] = (components[i] - auc) / (positives[i] ? share : 1 - share);
  return TRUE;
}

/**
 * qrx_statistics_normal_interval: (skip)
 * @estimate: an estimate
 * @variance: its variance, not negative
 * @level: the confidence, such as 0.95
 * @interval: (array fixed-size=2): room for both ends
 *
 * Computes a symmetric interval under a normal distribution; an area's may pass 0 or 1 and is not clipped
 * here.
 */
void
qrx_statistics_normal_interval (double estimate, double variance, double level, double interval[2])
{
  double half;

  g_return_if_fail (variance >= 0 && level > 0 && level < 1);
  half = qrx_distribution_normal_quantile (0.5 + 0.5 * level) * sqrt (variance);
  interval[0] = estimate - half;
  interval[1] = estimate + half;
}

/**
 * qrx_statistics_delong_paired: (skip)
 * @scores: (array length=n): scores of one model
 * @others: (array length=n): scores of another for the same rows
 * @positives: (array length=n): nonzero for rows of the positive class
 * @n: how many rows
 * @difference: return location for the first area less the second
 * @z: return location for the standardized difference
 * @p: return location for the two-sided p
 * @reason: (nullable): return location for why there is none
 *
 * Tests whether two models' areas under the ROC curve differ on the same rows (DeLong, DeLong and
 * Clarke-Pearson 1988, doi 10.2307/2531595).
 *
 * Returns: whether the test is defined
 */
gboolean
qrx_statistics_delong_paired (const double *scores,
                              const double *others,
                              const guint8 *positives,
                              gsize n,
                              double *difference,
                              double *z,
                              double *p,
                              const char **reason)
{
  g_autofree double *components = NULL;
  g_autofree double *other_components = NULL;
  double variance;

  if (!check_classes (scores, positives, n, 2, reason) || !qrx_statistics_check_finite (others, n, reason))
    return FALSE;
  components = compute_components (scores, positives, n);
  other_components = compute_components (others, positives, n);
  for (gsize i = 0; i < n; i++)
    components[i] -= other_components[i];
  variance = compute_variance (components, positives, n);
  if (!(variance > 0))
    return qrx_statistics_refuse (reason, "the difference of the areas has no variance");
  *difference = compute_auc (scores, positives, n) - compute_auc (others, positives, n);
  *z = *difference / sqrt (variance);
  *p = 2 * qrx_distribution_normal_survival (fabs (*z));
  return TRUE;
}

/**
 * qrx_statistics_average_precision: (skip)
 * @scores: (array length=n): the scores
 * @positives: (array length=n): nonzero for rows of the positive class
 * @n: how many rows
 * @average_precision: return location for the score
 * @reason: (nullable): return location for why there is none
 *
 * Computes the mean over positive rows of the precision at their threshold, without interpolation; rows of
 * equal score share a threshold.
 *
 * Returns: whether it is defined
 */
gboolean
qrx_statistics_average_precision (
    const double *scores, const guint8 *positives, gsize n, double *average_precision, const char **reason)
{
  g_autofree gsize *order = NULL;
  gsize n_positives = count_positives (positives, n), found = 0;
  double sum = 0;

  if (n_positives == 0)
    return qrx_statistics_refuse (reason, "there are no rows of the positive class");
  if (!qrx_statistics_check_finite (scores, n, reason))
    return FALSE;
  order = qrx_statistics_sort (scores, n);
  for (gsize end = n, i; end > 0; end = i)
    {
      gsize here = 0;

      for (i = end; i > 0 && scores[order[i - 1]] == scores[order[end - 1]]; i--)
        here += positives[order[i - 1]] != 0;
      found += here;
      sum += (double) here * (double) found / (double) (n - i);
    }
  *average_precision = sum / (double) n_positives;
  return TRUE;
}

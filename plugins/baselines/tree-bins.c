/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bins are made once and serve all trees, those of cross-validation too: they are quantiles of features and know no
 * target. */
#include "tree-bins.h"

#include <stdlib.h>

typedef struct {
  TreeBins *bins;
  QrxTensor *features;
  guint max_bins;
} Job;

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

/* Halfway between two neighbours, but never up to the greater. */
static double
cut_between (double low, double high)
{
  double middle = low + (high - low) / 2;

  return middle < high ? middle : low;
}

/* Closes a bin after a value where there is a distinct one to follow, and where the bins so far have their share of the
 * rows. */
static guint
place_cuts (const double *sorted, gsize n, guint max_bins, double *cuts)
{
  gsize n_distinct = n > 0;
  guint n_cuts = 0;

  for (gsize i = 1; i < n; i++)
    n_distinct += sorted[i] > sorted[i - 1];
  for (gsize i = 1; i < n && n_cuts + 1 < max_bins; i++)
    if (sorted[i] > sorted[i - 1] && (n_distinct <= max_bins || i * max_bins >= (gsize) (n_cuts + 1) * n))
      cuts[n_cuts++] = cut_between (sorted[i - 1], sorted[i]);
  return n_cuts;
}

static guint8
find_code (const double *cuts, guint n_cuts, double value)
{
  guint low = 0, high = n_cuts;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (value > cuts[middle])
        low = middle + 1;
      else
        high = middle;
    }
  return (guint8) low;
}

static void
bin_feature (gsize feature, gpointer data)
{
  const Job *job = data;
  const double *values = qrx_tensor_peek_f64 (job->features);
  gsize n = job->bins->n_rows, p = job->bins->n_features;
  double *cuts = job->bins->cuts + feature * (TREE_MAX_BINS - 1);
  guint8 *codes = job->bins->codes + feature * n;
  g_autofree double *sorted = g_new (double, n);
  guint n_cuts;

  for (gsize i = 0; i < n; i++)
    sorted[i] = values[i * p + feature];
  qsort (sorted, n, sizeof *sorted, compare_doubles);
  n_cuts = place_cuts (sorted, n, job->max_bins, cuts);
  for (gsize i = 0; i < n; i++)
    codes[i] = find_code (cuts, n_cuts, values[i * p + feature]);
}

TreeBins *
tree_bins_new (QrxTensor *features, guint max_bins, QrxPool *pool)
{
  TreeBins *self = g_new0 (TreeBins, 1);
  Job job = { self, features, max_bins };

  self->n_rows = qrx_tensor_get_rows (features);
  self->n_features = qrx_tensor_get_columns (features);
  self->codes = g_new (guint8, self->n_rows * self->n_features);
  self->cuts = g_new0 (double, self->n_features *(TREE_MAX_BINS - 1));
  qrx_pool_run (pool, self->n_features, bin_feature, &job);
  return self;
}

void
tree_bins_free (TreeBins *self)
{
  g_free (self->codes);
  g_free (self->cuts);
  g_free (self);
}

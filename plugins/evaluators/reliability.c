/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bins of predictions. Knows neither tables nor targets. */
#include "reliability.h"

#define ROWS_OF_BIN 5

static int
compare_predictions (gconstpointer a, gconstpointer b, gpointer predictions)
{
  double x = ((const double *) predictions)[*(const gsize *) a], y = ((const double *) predictions)[*(const gsize *) b];

  return x < y ? -1 : x > y;
}

static void
bin_by_rank (const double *predictions, gsize n, guint *bins)
{
  g_autofree gsize *order = g_new (gsize, n);
  gsize n_bins = CLAMP (n / ROWS_OF_BIN, 1, RELIABILITY_BINS);

  for (gsize i = 0; i < n; i++)
    order[i] = i;
  g_qsort_with_data (order, (gint) n, sizeof *order, compare_predictions, (gpointer) predictions);
  for (gsize i = 0, first = 0; i < n; i++)
    {
      if (predictions[order[i]] > predictions[order[first]])
        first = i;
      bins[order[i]] = (guint) (first * n_bins / n);
    }
}

static void
bin_by_width (const double *predictions, gsize n, guint *bins)
{
  for (gsize i = 0; i < n; i++)
    bins[i] = (guint) CLAMP (predictions[i] * RELIABILITY_BINS, 0, RELIABILITY_BINS - 1);
}

void
reliability_put (const double *predictions, const double *observed, gsize n, gboolean is_probability, const char *role,
                 QrxMetrics *metrics)
{
  static const char *const columns[] = { "bin", "n", "mean_predicted", "mean_observed", NULL };
  double sums[RELIABILITY_BINS][2] = { 0 };
  gsize counts[RELIABILITY_BINS] = { 0 }, n_used = 0;
  g_autofree guint *bins = g_new (guint, n);
  g_autoptr (QrxTensor) values = NULL;

  (is_probability ? bin_by_width : bin_by_rank) (predictions, n, bins);
  for (gsize i = 0; i < n; i++)
    {
      n_used += counts[bins[i]]++ == 0;
      sums[bins[i]][0] += predictions[i];
      sums[bins[i]][1] += observed[i];
    }
  values = qrx_tensor_new_matrix (QRX_DTYPE_F64, n_used, 4);
  for (guint bin = 0, i = 0; bin < RELIABILITY_BINS; bin++)
    if (counts[bin] > 0)
      {
        qrx_tensor_set (values, i * 4, bin);
        qrx_tensor_set (values, i * 4 + 1, (double) counts[bin]);
        qrx_tensor_set (values, i * 4 + 2, sums[bin][0] / (double) counts[bin]);
        qrx_tensor_set (values, i++ * 4 + 3, sums[bin][1] / (double) counts[bin]);
      }
  qrx_metrics_set_table (metrics, role, "reliability", columns, values, NULL, NULL);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How alike sets are that were chosen from the same items, such as the genes that several fits rank first. */
#include "numerics/qrx-statistics-private.h"

static gsize
count_chosen (const guint8 *set, gsize n_items)
{
  gsize n = 0;

  for (gsize i = 0; i < n_items; i++)
    n += set[i] != 0;
  return n;
}

/* Of two empty sets nothing can be said: such a pair is left out. */
gboolean
qrx_statistics_jaccard (const guint8 *selections, gsize n_sets, gsize n_items, double *mean, const char **reason)
{
  double sum = 0;
  gsize n_pairs = 0;

  if (n_sets < 2)
    return qrx_statistics_refuse (reason, "there are fewer than two sets");
  for (gsize a = 0; a < n_sets; a++)
    for (gsize b = 0; b < a; b++)
      {
        gsize n_both = 0, n_any = 0;

        for (gsize i = 0; i < n_items; i++)
          {
            gboolean in_a = selections[a * n_items + i] != 0, in_b = selections[b * n_items + i] != 0;

            n_both += in_a && in_b;
            n_any += in_a || in_b;
          }
        sum += n_any > 0 ? (double) n_both / (double) n_any : 0;
        n_pairs += n_any > 0;
      }
  if (n_pairs == 0)
    return qrx_statistics_refuse (reason, "all sets are empty");
  *mean = sum / (double) n_pairs;
  return TRUE;
}

gboolean
qrx_statistics_selection_stability (const guint8 *selections, gsize n_sets, gsize n_items, double *stability,
                                    const char **reason)
{
  double m = (double) n_sets, d = (double) n_items, variance = 0, size = 0, expected;

  if (n_sets < 2)
    return qrx_statistics_refuse (reason, "there are fewer than two sets");
  for (gsize a = 0; a < n_sets; a++)
    size += (double) count_chosen (selections + a * n_items, n_items) / m;
  for (gsize i = 0; i < n_items; i++)
    {
      gsize n = 0;
      double p;

      for (gsize a = 0; a < n_sets; a++)
        n += selections[a * n_items + i] != 0;
      p = (double) n / m;
      variance += m / (m - 1) * p * (1 - p) / d;
    }
  expected = size / d * (1 - size / d);
  if (!(expected > 0))
    return qrx_statistics_refuse (reason, "every set is empty, or has all items");
  *stability = 1 - variance / expected;
  return TRUE;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Training groups stand in an order of their own, keyed by the split's seed, the repeat and their ids, and the first of them
 * stay: what a fraction keeps, every greater one keeps too, whatever is tested or validated on. */
#include "split-thin.h"

#include <qrx/qrx-random.h>
#include <string.h>

typedef struct {
  guint group;
  guint64 key;
  const char *id;
} Place;

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Place *x = a, *y = b;

  return x->key != y->key ? (x->key < y->key ? -1 : 1) : strcmp (x->id, y->id);
}

guint8 *
split_thin (GArray *groups, const guint8 *roles, const SplitPlan *plan, double fraction)
{
  guint8 *stays = g_malloc (MAX (groups->len, 1));
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (Place));
  double all = 0, kept = 0;

  for (guint i = 0; i < groups->len; i++)
    {
      const SplitGroup *group = &g_array_index (groups, SplitGroup, i);
      Place place = { .group = i, .id = group->id };
      QrxRandom random;

      stays[i] = roles[i] != QRX_ROLE_TRAIN;
      if (stays[i] || group->n_measured == 0)
        continue;
      qrx_random_init (&random, plan->seed, group->id, "split/thin", plan->repeat);
      place.key = qrx_random_next_u64 (&random);
      g_array_append_val (order, place);
      all += group->n_measured;
    }
  g_array_sort (order, compare_places);
  for (guint i = 0; i < order->len; i++)
    {
      guint group = g_array_index (order, Place, i).group, n = g_array_index (groups, SplitGroup, group).n_measured;

      if (i > 0 && kept + n / 2.0 > fraction * all)
        break;
      stays[group] = TRUE;
      kept += n;
    }
  return stays;
}

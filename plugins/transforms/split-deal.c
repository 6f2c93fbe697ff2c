/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Deals groups to roles. Each group has a key of its own, drawn from a random stream that the split's seed, the repeat
 * and the group's id name; groups are dealt in order of their keys, bin by bin of the response where the split is
 * stratified. Knows neither tables nor nodes. */
#include "split-deal.h"

#include <math.h>
#include <qrx/qrx-random.h>
#include <string.h>

typedef struct {
  guint group;
  guint bin;
  guint weight; /* measured rows */
  guint64 key;
  const char *id;
} Card;

static int
compare_cards (gconstpointer a, gconstpointer b)
{
  const Card *x = a, *y = b;

  if (x->bin != y->bin)
    return x->bin < y->bin ? -1 : 1;
  if (x->key != y->key)
    return x->key < y->key ? -1 : 1;
  return strcmp (x->id, y->id);
}

static int
compare_responses (gconstpointer a, gconstpointer b, gpointer data)
{
  const SplitGroup *groups = data;
  double x = groups[*(const guint *) a].response, y = groups[*(const guint *) b].response;

  return x < y ? -1 : x > y;
}

/* Bins of nearly equal size by rank; equal responses share a bin, so that two classes make two bins. */
static guint *
bin_responses (GArray *groups, guint n_bins)
{
  const SplitGroup *data = (const SplitGroup *) groups->data;
  guint *bins = g_new0 (guint, groups->len);
  g_autofree guint *order = g_new (guint, groups->len);
  guint n = 0;

  for (guint i = 0; i < groups->len; i++)
    if (isfinite (data[i].response))
      order[n++] = i;
  g_qsort_with_data (order, (gint) n, sizeof *order, compare_responses, (gpointer) data);
  for (guint i = 0, first = 0; i < n; i++)
    {
      if (data[order[i]].response > data[order[first]].response)
        first = i;
      bins[order[i]] = (guint) ((guint64) first * n_bins / n);
    }
  return bins;
}

/* The groups that have something to fit or score, in the order in which they are dealt. */
static GArray *
make_deck (GArray *groups, const SplitPlan *plan, const char *purpose, const guint8 *roles /* nullable */)
{
  GArray *deck = g_array_new (FALSE, FALSE, sizeof (Card));
  g_autofree guint *bins = bin_responses (groups, plan->n_bins);

  for (guint i = 0; i < groups->len; i++)
    {
      const SplitGroup *group = &g_array_index (groups, SplitGroup, i);
      Card card = { .group = i, .bin = bins[i], .weight = group->n_measured, .id = group->id };
      QrxRandom random;

      if (group->n_measured == 0 || (roles != NULL && roles[i] != QRX_ROLE_TRAIN))
        continue;
      qrx_random_init (&random, plan->seed, group->id, purpose, plan->repeat);
      card.key = qrx_random_next_u64 (&random);
      g_array_append_val (deck, card);
    }
  g_array_sort (deck, compare_cards);
  return deck;
}

static guint
get_weight (GArray *deck, guint first, guint end)
{
  guint weight = 0;

  for (guint i = first; i < end; i++)
    weight += g_array_index (deck, Card, i).weight;
  return weight;
}

static guint
find_bin_end (GArray *deck, guint first)
{
  guint end = first;

  while (end < deck->len && g_array_index (deck, Card, end).bin == g_array_index (deck, Card, first).bin)
    end++;
  return end;
}

/* Gives @role to the first cards of every bin, about @fraction of the deck's rows; what rounding leaves of one bin goes
 * over to the next. At least one group gets it. */
static void
deal_fraction (GArray *deck, double fraction, QrxRole role, guint8 *roles)
{
  double carry = 0;
  guint n_dealt = 0;

  for (guint first = 0, end; first < deck->len; first = end)
    {
      double dealt = 0;

      end = find_bin_end (deck, first);
      carry += fraction * get_weight (deck, first, end);
      for (guint i = first; i < end; i++)
        {
          const Card *card = &g_array_index (deck, Card, i);

          if (dealt + card->weight / 2.0 > carry)
            break;
          roles[card->group] = (guint8) role;
          dealt += card->weight;
          n_dealt++;
        }
      carry -= dealt;
    }
  if (n_dealt == 0)
    roles[g_array_index (deck, Card, 0).group] = (guint8) role;
}

/* Deals every card to the fold that has the fewest rows of its bin, then the fewest in all, then the first; gives @role
 * to the fold asked for. */
static void
deal_folds (GArray *deck, guint n_folds, guint fold, QrxRole role, guint8 *roles)
{
  g_autofree guint *total = g_new0 (guint, n_folds);
  g_autofree guint *of_bin = g_new0 (guint, n_folds);

  for (guint i = 0; i < deck->len; i++)
    {
      const Card *card = &g_array_index (deck, Card, i);
      guint best = 0;

      if (i > 0 && card->bin != g_array_index (deck, Card, i - 1).bin)
        memset (of_bin, 0, n_folds * sizeof *of_bin);
      for (guint f = 1; f < n_folds; f++)
        if (of_bin[f] < of_bin[best] || (of_bin[f] == of_bin[best] && total[f] < total[best]))
          best = f;
      of_bin[best] += card->weight;
      total[best] += card->weight;
      if (best == fold)
        roles[card->group] = (guint8) role;
    }
}

static gboolean
check_deck (guint n_groups, const SplitPlan *plan, GError **error)
{
  guint n_tested = plan->n_folds > 0 || plan->test > 0, n_selecting = plan->validation > 0 || plan->n_inner > 0;
  guint n_calibrating = plan->calibration > 0;
  guint n_sides =
      MAX (1 + n_tested + n_selecting + n_calibrating, MAX (plan->n_folds, plan->n_inner + n_tested + n_calibrating));

  if (n_groups >= n_sides)
    return TRUE;
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY,
               "The table has %u group%s of rows with a target that may be parted, but the split needs at least %u%s",
               n_groups, n_groups == 1 ? "" : "s", n_sides, plan->n_folds > 0 ? " (one a fold)" : "");
  return FALSE;
}

/* From what is not tested: a fold of it, or a fraction of all rows, in an order that differs between the folds of the test. */
static gboolean
deal_validation (GArray *groups, const SplitPlan *plan, guint n_all, guint8 *roles, GError **error)
{
  const char *kind = plan->n_inner > 0 ? "inner" : "validation";
  g_autofree char *purpose = g_strdup_printf ("split/%s/%u", kind, plan->fold);
  g_autoptr (GArray) remaining = make_deck (groups, plan, purpose, roles);
  double rest = get_weight (remaining, 0, remaining->len);

  if (plan->n_inner == 0)
    deal_fraction (remaining, MIN (plan->validation * n_all / rest, 1), QRX_ROLE_VALIDATION, roles);
  else if (remaining->len >= plan->n_inner)
    deal_folds (remaining, plan->n_inner, plan->inner, QRX_ROLE_VALIDATION, roles);
  else
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY,
                   "%u groups are not tested, which are too few for %u inner folds", remaining->len, plan->n_inner);
      return FALSE;
    }
  return TRUE;
}

/* Last of all, so that test and validation are the same with it and without. */
static void
deal_calibration (GArray *groups, const SplitPlan *plan, guint n_all, guint8 *roles)
{
  g_autofree char *purpose = g_strdup_printf ("split/calibration/%u", plan->fold);
  g_autoptr (GArray) remaining = make_deck (groups, plan, purpose, roles);
  double rest = get_weight (remaining, 0, remaining->len);

  if (rest > 0)
    deal_fraction (remaining, MIN (plan->calibration * n_all / rest, 1), QRX_ROLE_CALIBRATION, roles);
}

guint8 *
split_deal (GArray *groups, const SplitPlan *plan, GError **error)
{
  g_autofree guint8 *roles = g_malloc (MAX (groups->len, 1));
  g_autoptr (GArray) deck = make_deck (groups, plan, "split", NULL);
  guint n_train = 0;

  if (!check_deck (deck->len, plan, error))
    return NULL;
  memset (roles, QRX_ROLE_TRAIN, groups->len);
  if (plan->n_folds > 0)
    deal_folds (deck, plan->n_folds, plan->fold, QRX_ROLE_TEST, roles);
  else if (plan->test > 0)
    deal_fraction (deck, plan->test, QRX_ROLE_TEST, roles);
  if ((plan->validation > 0 || plan->n_inner > 0) &&
      !deal_validation (groups, plan, get_weight (deck, 0, deck->len), roles, error))
    return NULL;
  if (plan->calibration > 0)
    deal_calibration (groups, plan, get_weight (deck, 0, deck->len), roles);
  for (guint i = 0; i < groups->len; i++)
    n_train += roles[i] == QRX_ROLE_TRAIN && g_array_index (groups, SplitGroup, i).n_measured > 0;
  if (n_train == 0)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY,
                   "No row with a target is left for training: of %u groups all are tested, validated on or "
                   "calibrated on; lower \"test\", \"validation\" or \"calibration\"",
                   deck->len);
      return NULL;
    }
  return g_steal_pointer (&roles);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asynchronous successive halving: Li et al. 2020, A System for Massively Parallel Hyperparameter Tuning,
 * arXiv:1810.05934. Many configurations get a small budget; whenever one is among the best of its rung, it is tried
 * with a larger one, without waiting for the rung to be full. Ours: a rung
 * takes no more than its share of all configurations, for promotions that came too early would make a search cost more
 * than it says; and a promoted configuration starts anew, so that a trial is a run like any other. */
#include "study/qrx-sampler-private.h"

#include <math.h>

/* How many rungs there are: minimum, minimum × reduction, … up to the maximum. */
static guint
count_rungs (const QrxSamplerOptions *options)
{
  guint n = 1;

  for (gint64 budget = options->minimum; budget < options->maximum; budget *= options->reduction)
    n++;
  return n;
}

/* The last rung has the maximum, even where the steps do not meet it. */
static gint64
get_budget (const QrxSamplerOptions *options, guint rung)
{
  gint64 budget = options->minimum;

  for (guint i = 0; i < rung && budget < options->maximum; i++)
    budget *= options->reduction;
  return MIN (budget, options->maximum);
}

guint
qrx_sampler_asha_count (const QrxSamplerOptions *options)
{
  guint sum = 0, n = options->n_trials;

  for (guint rung = 0; rung < count_rungs (options); rung++, n /= options->reduction)
    sum += n;
  return sum;
}

static gboolean
is_promoted (const QrxOutcomes *outcomes, guint k, guint proposal)
{
  for (guint i = proposal + 1; i < k; i++)
    if (outcomes->proposals[i]->parent == (gint) proposal)
      return TRUE;
  return FALSE;
}

static gboolean
is_better (const QrxSamplerOptions *options, double a, double b)
{
  return options->minimize ? a < b : a > b;
}

/* How many of a rung's results are better than one, or as good and earlier. */
static guint
count_better (const QrxSamplerOptions *options, const QrxOutcomes *outcomes, guint proposal)
{
  guint n = 0;

  for (guint i = 0; i < outcomes->n; i++)
    if (outcomes->proposals[i]->budget == outcomes->proposals[proposal]->budget && !isnan (outcomes->values[i]))
      n += is_better (options, outcomes->values[i], outcomes->values[proposal]) ||
           (i < proposal && outcomes->values[i] == outcomes->values[proposal]);
  return n;
}

/* The best result of a rung that is among the best ones and not promoted yet, or −1. */
static gint
find_promotable (const QrxSamplerOptions *options, guint k, const QrxOutcomes *outcomes, gint64 budget)
{
  guint n_rung = 0, best_place = G_MAXUINT;
  gint found = -1;

  for (guint i = 0; i < outcomes->n; i++)
    n_rung += outcomes->proposals[i]->budget == budget;
  for (guint i = 0; i < outcomes->n; i++)
    {
      guint place;

      if (outcomes->proposals[i]->budget != budget || isnan (outcomes->values[i]) || is_promoted (outcomes, k, i))
        continue;
      place = count_better (options, outcomes, i);
      if (place < n_rung / options->reduction && place < best_place)
        {
          best_place = place;
          found = (gint) i;
        }
    }
  return found;
}

/* Whether as many are on a rung as would be if all the rungs below were full. */
static gboolean
is_full (const QrxSamplerOptions *options, guint k, const QrxOutcomes *outcomes, guint rung)
{
  guint share = options->n_trials, n = 0;

  for (guint i = 0; i < rung; i++)
    share /= options->reduction;
  for (guint i = 0; i < k; i++)
    n += outcomes->proposals[i]->budget == get_budget (options, rung);
  return n >= share;
}

QrxProposal *
qrx_sampler_asha (const QrxSamplerOptions *options, const QrxSpace *space, guint k, const QrxOutcomes *outcomes)
{
  guint n = space->dimensions->len, n_configurations = 0;
  g_autofree double *point = g_new (double, n + 1);

  for (guint rung = count_rungs (options) - 1; rung > 0; rung--)
    {
      gint parent = is_full (options, k, outcomes, rung)
                        ? -1
                        : find_promotable (options, k, outcomes, get_budget (options, rung - 1));

      if (parent >= 0)
        return qrx_proposal_new (outcomes->proposals[parent]->point, n, get_budget (options, rung), parent);
    }
  for (guint i = 0; i < k; i++)
    n_configurations += outcomes->proposals[i]->parent < 0;
  if (n_configurations >= options->n_trials)
    return NULL;
  qrx_sampler_random (options, space, n_configurations, point);
  return qrx_proposal_new (point, n, get_budget (options, 0), -1);
}

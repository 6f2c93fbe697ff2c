/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Drives a sampler with the results of a search. Which results a proposal may use depends on its number
 * alone: proposal k is made when all but the last few before it (options.pending) are done, and from exactly
 * those. So it does not matter how many threads or processes there are, which trial ends first, or whether
 * the study was interrupted. */
#include "study/qrx-search-state-private.h"

#include <math.h>

struct _QrxSearchState {
  QrxStudy *study;
  const QrxSearch *search;
  GPtrArray *proposals; /* of QrxProposal */
  GArray *values;       /* of double: the mean objectives of the first ones */
  gboolean searched;    /* no proposal will follow */
  QrxProposal *chosen;  /* for the final trials */
};

QrxSearchState *
qrx_search_state_new (QrxStudy *study, const QrxSearch *search)
{
  QrxSearchState *self = g_new0 (QrxSearchState, 1);

  self->study = study;
  self->search = search;
  self->proposals = g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_proposal_free);
  self->values = g_array_new (FALSE, FALSE, sizeof (double));
  self->searched = search->n_proposals == 0;
  return self;
}

void
qrx_search_state_free (QrxSearchState *self)
{
  g_ptr_array_unref (self->proposals);
  g_array_unref (self->values);
  qrx_proposal_free (self->chosen);
  g_free (self);
}

/* The mean over the cells of a proposal, NaN where one failed; FALSE while one is missing. */
static gboolean
average (const QrxSearchState *self, GHashTable *ended, guint proposal, double *value)
{
  double sum = 0;

  for (guint i = 0; i < self->search->n_cells; i++)
    {
      gint64 id = self->search->first + (gint64) proposal * self->search->n_cells + i;
      const double *objective = g_hash_table_lookup (ended, &id);

      if (objective == NULL)
        return FALSE;
      sum += *objective;
    }
  *value = sum / self->search->n_cells;
  return TRUE;
}

/* The values of proposals up to the first that is not done. */
static void
take_results (QrxSearchState *self, GHashTable *ended)
{
  double value;

  while (self->values->len < self->proposals->len && average (self, ended, self->values->len, &value))
    g_array_append_val (self->values, value);
}

/* The next proposal, NULL where more results are needed, or none will follow. */
static QrxProposal *
propose (QrxSearchState *self)
{
  const QrxSamplerOptions *options = &self->study->sampler;
  const QrxSpace *space = self->search->arm->spaces[QRX_DESIGN_CONFIGURATION];
  GPtrArray *grid = self->search->arm->grids[QRX_DESIGN_CONFIGURATION];
  guint k = self->proposals->len;
  guint first = qrx_sampler_is_adaptive (options) && k + 1 > options->pending ? k + 1 - options->pending : 0;

  if (k >= self->search->n_proposals)
    {
      self->searched = TRUE;
      return NULL;
    }
  for (guint n = first; n <= self->values->len; n++)
    {
      QrxOutcomes outcomes = { (const QrxProposal *const *) self->proposals->pdata, (const double *) self->values->data,
                               n };
      QrxProposal *proposal = qrx_sampler_propose (options, space, grid, k, &outcomes);

      if (proposal != NULL)
        return proposal;
    }
  self->searched = self->values->len == k;
  return NULL;
}

/* The proposal of the largest budget with the best value, of equal ones the first. */
static const QrxProposal *
choose (const QrxSearchState *self)
{
  const QrxProposal *best = self->proposals->pdata[0];
  double best_value = NAN;

  for (guint i = 0; i < self->values->len; i++)
    {
      const QrxProposal *proposal = self->proposals->pdata[i];
      double value = g_array_index (self->values, double, i) * (self->study->minimize ? -1 : 1);

      if (isnan (value) || proposal->budget < best->budget)
        continue;
      if (isnan (best_value) || proposal->budget > best->budget || value > best_value)
        {
          best = proposal;
          best_value = value;
        }
    }
  return best;
}

static QrxProposal *
copy_choice (const QrxSearchState *self)
{
  guint n = self->search->arm->spaces[QRX_DESIGN_CONFIGURATION]->dimensions->len;
  GPtrArray *grid = self->search->arm->grids[QRX_DESIGN_CONFIGURATION];
  const QrxProposal *best;

  if (self->search->n_proposals == 0)
    return qrx_proposal_new (grid->pdata[0], n, 0, -1);
  best = choose (self);
  return qrx_proposal_new (best->point, n, best->budget, -1);
}

void
qrx_search_state_advance (QrxSearchState *self, GHashTable *ended, GPtrArray *trials)
{
  QrxProposal *proposal;

  take_results (self, ended);
  while (!self->searched && (proposal = propose (self)) != NULL)
    {
      for (guint i = 0; i < self->search->n_cells; i++)
        g_ptr_array_add (trials, qrx_trial_new (self->study, self->search, proposal, (gint) self->proposals->len, i));
      g_ptr_array_add (self->proposals, proposal);
    }
  if (!self->searched || self->values->len < self->proposals->len || self->chosen != NULL ||
      self->search->n_finals == 0)
    return;
  self->chosen = copy_choice (self);
  for (guint i = 0; i < self->search->n_finals; i++)
    g_ptr_array_add (trials, qrx_trial_new_final (self->study, self->search, self->chosen, i));
}

gboolean
qrx_search_state_is_finished (const QrxSearchState *self)
{
  return self->searched && (self->search->n_finals == 0 || self->chosen != NULL);
}

QrxTrial *
qrx_search_state_find (const QrxSearchState *self, gint64 id)
{
  gint64 offset = id - self->search->first, n_searched = (gint64) self->search->n_proposals * self->search->n_cells;

  if (offset < 0 || offset >= n_searched + self->search->n_finals)
    return NULL;
  if (offset >= n_searched)
    return self->chosen != NULL
               ? qrx_trial_new_final (self->study, self->search, self->chosen, (guint) (offset - n_searched))
               : NULL;
  if (offset / self->search->n_cells >= self->proposals->len)
    return NULL;
  return qrx_trial_new (self->study, self->search, self->proposals->pdata[offset / self->search->n_cells],
                        (gint) (offset / self->search->n_cells), (guint) (offset % self->search->n_cells));
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Samplers as the rest sees them. */
#include "study/qrx-sampler-private.h"

QrxProposal *
qrx_proposal_new (const double *point, guint n, gint64 budget, gint parent)
{
  QrxProposal *self = g_new (QrxProposal, 1);

  *self = (QrxProposal){ g_memdup2 (point, MAX (n, 1) * sizeof (double)), budget, parent };
  return self;
}

void
qrx_proposal_free (QrxProposal *self)
{
  if (self == NULL)
    return;
  g_free (self->point);
  g_free (self);
}

guint
qrx_sampler_count (const QrxSamplerOptions *options, GPtrArray *grid)
{
  return grid != NULL ? grid->len : options->n_trials;
}

gboolean
qrx_sampler_is_adaptive (const QrxSamplerOptions *options G_GNUC_UNUSED)
{
  return FALSE;
}

QrxProposal *
qrx_sampler_propose (const QrxSamplerOptions *options, const QrxSpace *space, GPtrArray *grid, guint k,
                     const QrxOutcomes *outcomes G_GNUC_UNUSED)
{
  if (k >= qrx_sampler_count (options, grid))
    return NULL;
  return qrx_proposal_new (grid->pdata[k], space->dimensions->len, 0, -1);
}

const char *
qrx_sampler_get_name (const QrxSamplerOptions *options G_GNUC_UNUSED)
{
  return "grid";
}

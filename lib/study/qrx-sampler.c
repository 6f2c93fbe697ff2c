/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Samplers as the rest sees them, and the simplest: a grid, and random points. */
#include "study/qrx-sampler-private.h"

#include <math.h>
#include <qrx/qrx-random.h>

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

const char *
qrx_sampler_get_name (const QrxSamplerOptions *options)
{
  static const char *const names[] = { "grid", "random", "sobol", "tpe", "asha" };

  return names[options->kind];
}

guint
qrx_sampler_count (const QrxSamplerOptions *options, GPtrArray *grid)
{
  if (grid != NULL)
    return grid->len;
  return options->kind == QRX_SAMPLER_ASHA ? qrx_sampler_asha_count (options) : options->n_trials;
}

gboolean
qrx_sampler_is_adaptive (const QrxSamplerOptions *options)
{
  return options->kind == QRX_SAMPLER_TPE || options->kind == QRX_SAMPLER_ASHA;
}

void
qrx_sampler_fill (const QrxSpace *space, const double *fractions, double *point)
{
  for (guint i = 0; i < space->dimensions->len; i++)
    point[i] = qrx_space_is_active (space, point, i)
                   ? qrx_dimension_at_fraction (space->dimensions->pdata[i], fractions[i])
                   : NAN;
}

void
qrx_sampler_random (const QrxSamplerOptions *options, const QrxSpace *space, guint k, double *point)
{
  g_autofree double *fractions = g_new (double, space->dimensions->len + 1);
  QrxRandom random;

  qrx_random_init (&random, options->seed, "sampler", "random", k);
  for (guint i = 0; i < space->dimensions->len; i++)
    fractions[i] = qrx_random_uniform (&random);
  qrx_sampler_fill (space, fractions, point);
}

static void
sample_sobol (const QrxSamplerOptions *options, const QrxSpace *space, guint k, double *point)
{
  g_autofree double *fractions = g_new (double, space->dimensions->len + 1);

  qrx_sobol_point (options->seed, k, space->dimensions->len, fractions);
  qrx_sampler_fill (space, fractions, point);
}

QrxProposal *
qrx_sampler_propose (const QrxSamplerOptions *options, const QrxSpace *space, GPtrArray *grid, guint k,
                     const QrxOutcomes *outcomes)
{
  guint n = space->dimensions->len;
  g_autofree double *point = g_new0 (double, n + 1);

  if (k >= qrx_sampler_count (options, grid))
    return NULL;
  if (grid != NULL)
    return qrx_proposal_new (grid->pdata[k], n, 0, -1);
  switch (options->kind)
    {
    case QRX_SAMPLER_ASHA:
      return qrx_sampler_asha (options, space, k, outcomes);
    case QRX_SAMPLER_TPE:
      qrx_sampler_tpe (options, space, k, outcomes, point);
      break;
    case QRX_SAMPLER_SOBOL:
      sample_sobol (options, space, k, point);
      break;
    case QRX_SAMPLER_RANDOM:
    case QRX_SAMPLER_GRID: /* has a grid */
    default:
      qrx_sampler_random (options, space, k, point);
    }
  return qrx_proposal_new (point, n, 0, -1);
}

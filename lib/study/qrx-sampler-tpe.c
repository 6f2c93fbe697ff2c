/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tree-structured Parzen estimator: Bergstra, Bardenet, Bengio & Kégl 2011 (NIPS 24); Bergstra, Yamins & Cox 2013
 * (PMLR 28:115). Results are parted into the best and the others; of candidates drawn from the density of the best, the
 * one is proposed whose density among the best is the largest against that among the others.
 *
 * Our choices. Densities are products over dimensions, each over the trials in which the dimension varied. Numbers are
 * mapped to [0, 1), logarithms where the range is one of logarithms. A number's density is a mixture of Gaussians cut
 * off at the ends, one at each trial, as wide as the farther of its neighbours is away (but at least 1/min(100, n + 1)
 * and at most 1), and one at 0.5 of width 1, the prior; a choice's is its count and one more in all for the prior. The
 * first trials are random. */
#include "study/qrx-sampler-private.h"

#include <math.h>
#include <qrx/qrx-random.h>
#include <stdlib.h>

typedef struct {
  double mean, width;
} Kernel;

/* One dimension among some of the trials. */
typedef struct {
  guint n_kernels; /* of a number, the prior first */
  Kernel *kernels;
  guint n_choices;
  double *shares;
} Density;

static double
to_fraction (const QrxDimension *dimension, double coordinate)
{
  switch (dimension->kind)
    {
    case QRX_DIMENSION_LOG_UNIFORM:
      return log (coordinate / dimension->low) / log (dimension->high / dimension->low);
    case QRX_DIMENSION_INTEGER:
      return (coordinate - dimension->low + 0.5) / (dimension->high - dimension->low);
    default:
      return (coordinate - dimension->low) / (dimension->high - dimension->low);
    }
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static void
place_kernels (Density *self, double *seen, guint n)
{
  double least = 1.0 / MIN (100, n + 1);

  qsort (seen, n, sizeof *seen, compare_doubles);
  self->n_kernels = n + 1;
  self->kernels = g_new (Kernel, n + 1);
  self->kernels[0] = (Kernel){ 0.5, 1 };
  for (guint i = 0; i < n; i++)
    {
      double left = seen[i] - (i > 0 ? seen[i - 1] : 0), right = (i + 1 < n ? seen[i + 1] : 1) - seen[i];

      self->kernels[i + 1] = (Kernel){ seen[i], CLAMP (MAX (left, right), least, 1) };
    }
}

static void
count_choices (Density *self, const QrxDimension *dimension, const double *seen, guint n)
{
  self->n_choices = dimension->values->len;
  self->shares = g_new (double, self->n_choices);
  for (guint i = 0; i < self->n_choices; i++)
    self->shares[i] = 1.0 / self->n_choices / (n + 1.0);
  for (guint i = 0; i < n; i++)
    self->shares[(guint) seen[i]] += 1 / (n + 1.0);
}

/* Of those of the trials in which the dimension varied. */
static void
density_init (Density *self, const QrxSpace *space, guint d, const QrxProposal *const *trials, guint n)
{
  const QrxDimension *dimension = space->dimensions->pdata[d];
  g_autofree double *seen = g_new (double, n + 1);
  guint n_seen = 0;

  *self = (Density){ 0 };
  for (guint i = 0; i < n; i++)
    if (!isnan (trials[i]->point[d]))
      seen[n_seen++] =
          dimension->kind == QRX_DIMENSION_CHOICES ? trials[i]->point[d] : to_fraction (dimension, trials[i]->point[d]);
  if (dimension->kind == QRX_DIMENSION_CHOICES)
    count_choices (self, dimension, seen, n_seen);
  else
    place_kernels (self, seen, n_seen);
}

static void
density_clear (Density *self)
{
  g_free (self->kernels);
  g_free (self->shares);
}

static double
normal_cdf (double x)
{
  return 0.5 * erfc (-x * G_SQRT2 / 2);
}

/* A fraction, or the index of a choice. */
static double
density_draw (const Density *self, QrxRandom *random)
{
  double u = qrx_random_uniform (random);
  const Kernel *kernel;
  double value;

  if (self->n_choices > 0)
    {
      guint i = 0;

      for (; i + 1 < self->n_choices && u >= self->shares[i]; i++)
        u -= self->shares[i];
      return i;
    }
  kernel = &self->kernels[MIN ((guint) (u * self->n_kernels), self->n_kernels - 1)];
  do /* a kernel has a third of its mass or more inside: its mean is */
    value = kernel->mean + kernel->width * qrx_random_normal (random);
  while (value < 0 || value >= 1);
  return value;
}

static double
density_log (const Density *self, double value)
{
  double sum = 0;

  if (self->n_choices > 0)
    return log (self->shares[(guint) value]);
  for (guint i = 0; i < self->n_kernels; i++)
    {
      const Kernel *kernel = &self->kernels[i];
      double z = (value - kernel->mean) / kernel->width;
      double inside = normal_cdf ((1 - kernel->mean) / kernel->width) - normal_cdf (-kernel->mean / kernel->width);

      sum += exp (-0.5 * z * z) / (kernel->width * inside);
    }
  return log (sum / self->n_kernels);
}

/* A candidate drawn from the densities of the good ones; returns how much better it looks there than among the others.
 */
static double
draw (const QrxSpace *space, const Density *good, const Density *bad, QrxRandom *random, double *point)
{
  double gain = 0;

  for (guint d = 0; d < space->dimensions->len; d++)
    {
      const QrxDimension *dimension = space->dimensions->pdata[d];
      double value = density_draw (&good[d], random); /* drawn in any case, so that a candidate takes as many numbers */

      point[d] = NAN;
      if (!qrx_space_is_active (space, point, d))
        continue;
      gain += density_log (&good[d], value) - density_log (&bad[d], value);
      point[d] = dimension->kind == QRX_DIMENSION_CHOICES ? value : qrx_dimension_at_fraction (dimension, value);
    }
  return gain;
}

typedef struct {
  const QrxProposal *proposal;
  double value; /* larger is better */
} Result;

/* The best first, ties as they came: the sort is stable. */
static int
compare_results (gconstpointer a, gconstpointer b, gpointer data G_GNUC_UNUSED)
{
  double x = ((const Result *) a)->value, y = ((const Result *) b)->value;

  return (x < y) - (x > y);
}

static const QrxProposal **
rank (const QrxSamplerOptions *options, const QrxOutcomes *outcomes)
{
  g_autofree Result *results = g_new (Result, outcomes->n + 1);
  const QrxProposal **ranked = g_new (const QrxProposal *, outcomes->n + 1);

  for (guint i = 0; i < outcomes->n; i++)
    {
      double value = outcomes->values[i] * (options->minimize ? -1 : 1);

      results[i] = (Result){ outcomes->proposals[i], isnan (value) ? -INFINITY : value };
    }
  g_qsort_with_data (results, (gint) outcomes->n, sizeof *results, compare_results, NULL);
  for (guint i = 0; i < outcomes->n; i++)
    ranked[i] = results[i].proposal;
  return ranked;
}

static void
choose (const QrxSamplerOptions *options, const QrxSpace *space, const Density *good, const Density *bad, guint k,
        double *point)
{
  guint n = space->dimensions->len;
  g_autofree double *candidate = g_new (double, n + 1);
  double best = -INFINITY;
  QrxRandom random;

  qrx_random_init (&random, options->seed, "sampler", "tpe", k);
  for (guint i = 0; i < options->n_candidates; i++)
    {
      double gain = draw (space, good, bad, &random, candidate);

      if (i > 0 && gain <= best)
        continue;
      best = gain;
      memcpy (point, candidate, n * sizeof *point);
    }
}

void
qrx_sampler_tpe (const QrxSamplerOptions *options, const QrxSpace *space, guint k, const QrxOutcomes *outcomes,
                 double *point)
{
  guint n = space->dimensions->len, n_good = (guint) ceil (options->good * outcomes->n);
  g_autofree const QrxProposal **ranked = NULL;
  g_autofree Density *good = NULL, *bad = NULL;

  if (k < options->n_startup || outcomes->n < 2)
    {
      qrx_sampler_random (options, space, k, point);
      return;
    }
  ranked = rank (options, outcomes);
  good = g_new (Density, n + 1);
  bad = g_new (Density, n + 1);
  for (guint d = 0; d < n; d++)
    {
      density_init (&good[d], space, d, ranked, n_good);
      density_init (&bad[d], space, d, ranked + n_good, outcomes->n - n_good);
    }
  choose (options, space, good, bad, k, point);
  for (guint d = 0; d < n; d++)
    {
      density_clear (&good[d]);
      density_clear (&bad[d]);
    }
}

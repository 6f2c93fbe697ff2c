/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The arithmetic of split conformal prediction. Knows neither tables nor nodes. */
#include "conformal.h"

#include <math.h>
#include <stdlib.h>

/* (n + 1) · level is meant exactly where its rounding lies this close to a whole number. */
#define ROUNDING 1e-9

gsize
conformal_rank (gsize n, double level)
{
  double rank = ceil ((double) (n + 1) * level - ROUNDING);

  return rank <= (double) n ? (gsize) MAX (rank, 1) : 0;
}

gsize
conformal_needed (double level)
{
  gsize n = (gsize) MAX (1, floor (level / (1 - level)) - 1);

  while (conformal_rank (n, level) == 0)
    n++;
  return n;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

double
conformal_quantile (double *scores, gsize n, double level)
{
  gsize rank = conformal_rank (n, level);

  if (rank == 0)
    return NAN;
  qsort (scores, n, sizeof *scores, compare_doubles);
  return scores[rank - 1];
}

typedef struct {
  double prediction;
  double residual;
} Place;

struct _ConformalSpread {
  Place *places; /* by prediction */
  gsize n;
  gsize k;
  double added;
};

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Place *x = a, *y = b;

  if (x->prediction != y->prediction)
    return x->prediction < y->prediction ? -1 : 1;
  return x->residual < y->residual ? -1 : x->residual > y->residual;
}

ConformalSpread *
conformal_spread_new (const double *predictions, const double *residuals, gsize n, gsize k, double offset)
{
  ConformalSpread *self = g_new0 (ConformalSpread, 1);
  double sum = 0;

  self->places = g_new (Place, MAX (n, 1));
  self->n = n;
  self->k = MIN (k, n);
  for (gsize i = 0; i < n; i++)
    {
      self->places[i] = (Place){ predictions[i], fabs (residuals[i]) };
      sum += fabs (residuals[i]);
    }
  self->added = n > 0 ? offset * sum / (double) n : 0;
  qsort (self->places, n, sizeof *self->places, compare_places);
  return self;
}

void
conformal_spread_free (ConformalSpread *self)
{
  g_free (self->places);
  g_free (self);
}

/* The first place whose prediction is not below. */
static gsize
find_place (const ConformalSpread *self, double prediction)
{
  gsize first = 0, end = self->n;

  while (first < end)
    {
      gsize middle = first + (end - first) / 2;

      if (self->places[middle].prediction < prediction)
        first = middle + 1;
      else
        end = middle;
    }
  return first;
}

double
conformal_spread_at (const ConformalSpread *self, double prediction)
{
  gsize end = find_place (self, prediction), first = end; /* those taken are first .. end − 1 */
  double sum = 0;

  for (gsize taken = 0; taken < self->k; taken++)
    {
      double below = first > 0 ? prediction - self->places[first - 1].prediction : INFINITY;
      double above = end < self->n ? self->places[end].prediction - prediction : INFINITY;

      sum += below <= above ? self->places[--first].residual : self->places[end++].residual;
    }
  return self->k > 0 ? sum / (double) self->k + self->added : NAN;
}

void
conformal_rate_interval (gsize hits, gsize n, double *low, double *high)
{
  const double z = 1.959963984540054;
  double rate = (double) hits / (double) n, of = z * z / (double) n;
  double middle = (rate + of / 2) / (1 + of);
  double half = z / (1 + of) * sqrt (rate * (1 - rate) / (double) n + of / (4 * (double) n));

  *low = MAX (0, middle - half);
  *high = MIN (1, middle + half);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The model behind `synthetic-cohort`, in full (docs/synthetic-cohort.md gives it as formulas):
 *
 *   tissue      t ~ uniform over the tissues; each tissue shifts each factor by m[t, k], standardized over tissues
 *   factor      z[k] = sqrt(tissue_effect) m[t, k] + sqrt(1 - tissue_effect) N(0, 1)            programs of the cell
 *   gene        x[j] = max(0, base[j] + spread[j] (sqrt(coherence) z[j mod K] + sqrt(1 - coherence) N(0, 1)))
 *   activity    a[k] = mean over the genes of program k of (x - base) / spread, over its expected sd
 *   response    f = signal (sqrt(1 - q) L + sqrt(q) N), L = w·a linear, N = (a[0] a[1] + (a[2]² - 1) / sqrt 2) / sqrt
 * 2: a synergy of two programs and a dose of a third that is best in the middle; L and N are standardized measured    y
 * = median + f + noise N(0, 1), ln µM, low is sensitive
 *
 * The response is a function of the genes as measured, so f is the best that any model can predict: its scores against
 * y are the Bayes-optimal ones. Standardization uses a reference sample of lines that no cohort contains. */
#include "synthetic-model.h"

#include <math.h>
#include <qrx/qrx-random.h>

#define STREAM "synthetic-cohort" /* not the node's id: renaming a node does not change its cohort */
#define N_REFERENCE 4000
#define REFERENCE_FIRST (G_GUINT64_CONSTANT (1) << 40)
#define RESPONSE_MEDIAN (-1.0) /* ln µM */

typedef struct {
  double mean;
  double sd;
} Moments;

struct _SyntheticModel {
  SyntheticSettings settings;
  double *base;        /* [genes] log2 (TPM + 1) */
  double *spread;      /* [genes] */
  double *shift;       /* [tissues, factors] */
  double *weight;      /* [factors] of the linear part */
  double *activity_sd; /* [factors] expected */
  double *activity;    /* [factors] workspace */
  double *factor;      /* [factors] workspace */
  Moments linear, bent, both;
};

/* Each factor's shifts have mean 0 and sd 1 over the tissues, as far as there are tissues to do so. */
static void
draw_shifts (SyntheticModel *self)
{
  guint n = self->settings.n_tissues, n_factors = self->settings.n_factors;

  for (guint k = 0; k < n_factors; k++)
    {
      double sum = 0, squares = 0;
      QrxRandom random;

      qrx_random_init (&random, self->settings.seed, STREAM, "tissue-shift", k);
      for (guint t = 0; t < n; t++)
        sum += self->shift[t * n_factors + k] = qrx_random_normal (&random);
      for (guint t = 0; t < n; t++)
        {
          self->shift[t * n_factors + k] -= sum / n;
          squares += self->shift[t * n_factors + k] * self->shift[t * n_factors + k];
        }
      for (guint t = 0; t < n && squares > 0; t++)
        self->shift[t * n_factors + k] /= sqrt (squares / n);
    }
}

static void
draw_genes (SyntheticModel *self)
{
  QrxRandom random;

  qrx_random_init (&random, self->settings.seed, STREAM, "gene", 0);
  for (guint j = 0; j < self->settings.n_genes; j++)
    {
      self->base[j] = 3 + 6 * qrx_random_uniform (&random);
      self->spread[j] = 0.4 + 0.8 * qrx_random_uniform (&random);
    }
}

static void
draw_weights (SyntheticModel *self)
{
  guint n_factors = self->settings.n_factors;
  double squares = 0, coherence = self->settings.coherence;
  QrxRandom random;

  qrx_random_init (&random, self->settings.seed, STREAM, "weight", 0);
  for (guint k = 0; k < n_factors; k++)
    {
      guint n_of_program = self->settings.n_genes / n_factors + (k < self->settings.n_genes % n_factors);

      self->weight[k] = qrx_random_normal (&random);
      squares += self->weight[k] * self->weight[k];
      self->activity_sd[k] = sqrt (coherence + (1 - coherence) / n_of_program);
    }
  for (guint k = 0; k < n_factors; k++)
    self->weight[k] /= sqrt (squares);
}

static guint
draw_expression (SyntheticModel *self, guint64 line, double *expression)
{
  const SyntheticSettings *s = &self->settings;
  double shared = sqrt (s->coherence), own = sqrt (1 - s->coherence);
  double between = sqrt (s->n_tissues > 1 ? s->tissue_effect : 0), within = sqrt (1 - between * between);
  QrxRandom random;
  guint tissue;

  qrx_random_init (&random, s->seed, STREAM, "line", line);
  tissue = (guint) qrx_random_below (&random, s->n_tissues);
  for (guint k = 0; k < s->n_factors; k++)
    self->factor[k] = between * self->shift[tissue * s->n_factors + k] + within * qrx_random_normal (&random);
  for (guint j = 0; j < s->n_genes; j++)
    {
      double deviation = shared * self->factor[j % s->n_factors] + own * qrx_random_normal (&random);

      expression[j] = fmax (0, self->base[j] + self->spread[j] * deviation);
    }
  return tissue;
}

/* The two parts of the response, not yet standardized, from expression alone. */
static void
get_parts (SyntheticModel *self, const double *expression, double *linear, double *bent)
{
  guint n_factors = self->settings.n_factors;
  double *a = self->activity;

  *linear = 0;
  for (guint k = 0; k < n_factors; k++)
    {
      guint n = 0;

      a[k] = 0;
      for (guint j = k; j < self->settings.n_genes; j += n_factors, n++)
        a[k] += (expression[j] - self->base[j]) / self->spread[j];
      a[k] /= n * self->activity_sd[k];
      *linear += self->weight[k] * a[k];
    }
  *bent = (a[0] * a[1] + (a[2] * a[2] - 1) * G_SQRT2 / 2) * G_SQRT2 / 2;
}

static double
standardize (const Moments *moments, double value)
{
  return (value - moments->mean) / moments->sd;
}

static double
combine (SyntheticModel *self, double linear, double bent)
{
  double q = self->settings.nonlinearity;

  return sqrt (1 - q) * standardize (&self->linear, linear) + sqrt (q) * standardize (&self->bent, bent);
}

static Moments
measure (const double *values, guint n)
{
  Moments moments = { 0, 0 };

  for (guint i = 0; i < n; i++)
    moments.mean += values[i] / n;
  for (guint i = 0; i < n; i++)
    moments.sd += (values[i] - moments.mean) * (values[i] - moments.mean) / n;
  moments.sd = sqrt (moments.sd);
  return moments;
}

static void
standardize_on_reference (SyntheticModel *self)
{
  g_autofree double *expression = g_new (double, self->settings.n_genes);
  g_autofree double *linear = g_new (double, N_REFERENCE);
  g_autofree double *bent = g_new (double, N_REFERENCE);

  for (guint i = 0; i < N_REFERENCE; i++)
    {
      draw_expression (self, REFERENCE_FIRST + i, expression);
      get_parts (self, expression, &linear[i], &bent[i]);
    }
  self->linear = measure (linear, N_REFERENCE);
  self->bent = measure (bent, N_REFERENCE);
  for (guint i = 0; i < N_REFERENCE; i++)
    linear[i] = combine (self, linear[i], bent[i]);
  self->both = measure (linear, N_REFERENCE);
}

SyntheticModel *
synthetic_model_new (const SyntheticSettings *settings)
{
  SyntheticModel *self = g_new0 (SyntheticModel, 1);

  self->settings = *settings;
  self->base = g_new (double, settings->n_genes);
  self->spread = g_new (double, settings->n_genes);
  self->shift = g_new (double, (gsize) settings->n_tissues * settings->n_factors);
  self->weight = g_new (double, settings->n_factors);
  self->activity_sd = g_new (double, settings->n_factors);
  self->activity = g_new (double, settings->n_factors);
  self->factor = g_new (double, settings->n_factors);
  draw_genes (self);
  draw_shifts (self);
  draw_weights (self);
  standardize_on_reference (self);
  return self;
}

void
synthetic_model_free (SyntheticModel *self)
{
  g_free (self->base);
  g_free (self->spread);
  g_free (self->shift);
  g_free (self->weight);
  g_free (self->activity_sd);
  g_free (self->activity);
  g_free (self->factor);
  g_free (self);
}

void
synthetic_model_draw (SyntheticModel *self, guint64 line, double *expression, guint *tissue, double *truth,
                      double *measured)
{
  double linear, bent;
  QrxRandom random;

  *tissue = draw_expression (self, line, expression);
  get_parts (self, expression, &linear, &bent);
  *truth = RESPONSE_MEDIAN + self->settings.signal * standardize (&self->both, combine (self, linear, bent));
  qrx_random_init (&random, self->settings.seed, STREAM, "noise", line);
  *measured = *truth + self->settings.noise * qrx_random_normal (&random);
}

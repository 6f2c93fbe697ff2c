/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The elastic net by cyclic coordinate descent (Friedman, Hastie & Tibshirani 2010): minimizes
 * ‖y − b − X w‖² / 2n + λ (mix ‖w‖₁ + (1 − mix) ‖w‖² / 2) for one λ after another, each from the weights of the one
 * before. Columns that have a weight are swept until they rest; then all are, and where that moves nothing the solution
 * is found. Knows neither tables nor nodes. */
#include "elastic-net-problem.h"

#include <math.h>
#include <string.h>

struct _ElasticNet {
  gsize n, p;
  double *columns; /* column by column, centred */
  double *means;   /* of the columns as they came */
  double *squares; /* the mean square of each */
  double *targets; /* centred */
  double target_mean, variance;
  double *weights;
  double *residuals;
};

ElasticNet *
elastic_net_new (QrxTensor *features, const double *targets, const guint *rows, gsize n_rows)
{
  ElasticNet *self = g_new0 (ElasticNet, 1);
  const double *values = qrx_tensor_peek_f64 (features);
  gsize n = n_rows, p = qrx_tensor_get_columns (features);

  *self = (ElasticNet){ .n = n, .p = p };
  self->columns = g_new (double, n *p);
  self->means = g_new0 (double, p);
  self->squares = g_new0 (double, p);
  self->targets = g_new (double, n);
  self->weights = g_new0 (double, p);
  self->residuals = g_new (double, n);
  for (gsize i = 0; i < n; i++)
    {
      self->target_mean += targets[rows[i]] / (double) n;
      for (gsize j = 0; j < p; j++)
        self->means[j] += values[rows[i] * p + j] / (double) n;
    }
  for (gsize i = 0; i < n; i++)
    {
      self->targets[i] = targets[rows[i]] - self->target_mean;
      self->variance += self->targets[i] * self->targets[i] / (double) n;
      for (gsize j = 0; j < p; j++)
        {
          double centred = values[rows[i] * p + j] - self->means[j];

          self->columns[j * n + i] = centred;
          self->squares[j] += centred * centred / (double) n;
        }
    }
  elastic_net_reset (self);
  return self;
}

void
elastic_net_free (ElasticNet *self)
{
  g_free (self->columns);
  g_free (self->means);
  g_free (self->squares);
  g_free (self->targets);
  g_free (self->weights);
  g_free (self->residuals);
  g_free (self);
}

void
elastic_net_reset (ElasticNet *self)
{
  memset (self->weights, 0, self->p * sizeof *self->weights);
  memcpy (self->residuals, self->targets, self->n * sizeof *self->targets);
}

/* Four sums, which the compiler may keep in one register; their order is fixed. */
static double
dot (const double *x, const double *y, gsize n)
{
  double sums[4] = { 0 };
  gsize i = 0;

  for (; i + 4 <= n; i += 4)
    for (gsize k = 0; k < 4; k++)
      sums[k] += x[i + k] * y[i + k];
  for (; i < n; i++)
    sums[0] += x[i] * y[i];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

double
elastic_net_find_greatest (ElasticNet *self, double mix)
{
  double greatest = 0;

  for (gsize j = 0; j < self->p; j++)
    greatest = fmax (greatest, fabs (dot (self->columns + j * self->n, self->targets, self->n)));
  return greatest / ((double) self->n * mix);
}

/* Moves one weight to where it is best with all others as they are; returns the squared change of its part of the fit.
 */
static double
move (ElasticNet *self, gsize j, double absolute, double square)
{
  const double *column = self->columns + j * self->n;
  double before = self->weights[j], pull, change;

  if (self->squares[j] <= 0)
    return 0;
  pull = dot (column, self->residuals, self->n) / (double) self->n + self->squares[j] * before;
  self->weights[j] = fabs (pull) <= absolute ? 0 : (pull - copysign (absolute, pull)) / (self->squares[j] + square);
  change = self->weights[j] - before;
  if (change == 0)
    return 0;
  for (gsize i = 0; i < self->n; i++)
    self->residuals[i] -= change * column[i];
  return self->squares[j] * change * change;
}

static double
sweep (ElasticNet *self, gboolean all, double absolute, double square)
{
  double greatest = 0;

  for (gsize j = 0; j < self->p; j++)
    if (all || self->weights[j] != 0)
      greatest = fmax (greatest, move (self, j, absolute, square));
  return greatest;
}

gboolean
elastic_net_descend (ElasticNet *self, const ElasticNetGrid *grid, double mix, double lambda, GCancellable *cancellable,
                     GError **error)
{
  double absolute = lambda * mix, square = lambda * (1 - mix), limit = grid->tolerance * self->variance;
  gboolean all = TRUE;

  for (guint n_sweeps = 0; n_sweeps < grid->max_sweeps; n_sweeps++)
    {
      gboolean rests = sweep (self, all, absolute, square) <= limit;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (rests && all)
        return TRUE;
      all = rests;
    }
  g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED,
               "the weights still move after %u sweeps at lambda %g and mix %g; take greater penalties, more "
               "\"sweeps\" or a greater "
               "\"tolerance\"",
               grid->max_sweeps, lambda, mix);
  return FALSE;
}

const double *
elastic_net_get_weights (ElasticNet *self)
{
  return self->weights;
}

double
elastic_net_get_intercept (ElasticNet *self)
{
  return self->target_mean - dot (self->means, self->weights, self->p);
}

typedef struct {
  QrxTensor *features;
  const double *targets;
  const guint *folds;
  const ElasticNetGrid *grid;
  double *squares;    /* of each fold, mix and lambda */
  GError **errors_of; /* of each fold and mix */
  GCancellable *cancellable;
} Job;

static double
sum_squares (const Job *job, ElasticNet *net, const GArray *held)
{
  const double *values = qrx_tensor_peek_f64 (job->features);
  double intercept = elastic_net_get_intercept (net), sum = 0;

  for (guint i = 0; i < held->len; i++)
    {
      guint row = g_array_index (held, guint, i);
      double residual = job->targets[row] - intercept - dot (values + row * net->p, net->weights, net->p);

      sum += residual * residual;
    }
  return sum;
}

/* A block is a fold and a mix, and goes down all penalties. */
static void
validate_block (gsize block, gpointer data)
{
  const Job *job = data;
  const ElasticNetGrid *grid = job->grid;
  guint fold = (guint) (block / grid->n_mixes), mix = (guint) (block % grid->n_mixes);
  g_autoptr (GArray) fitted = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) held = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (ElasticNet) net = NULL;

  for (guint row = 0; row < qrx_tensor_get_rows (job->features); row++)
    g_array_append_val (job->folds[row] == fold ? held : fitted, row);
  if (held->len == 0)
    return;
  net = elastic_net_new (job->features, job->targets, (const guint *) (gpointer) fitted->data, fitted->len);
  for (guint l = 0; l < grid->n_lambdas; l++)
    {
      if (!elastic_net_descend (net, grid, grid->mixes[mix], grid->lambdas[mix * grid->n_lambdas + l], job->cancellable,
                                &job->errors_of[block]))
        return;
      job->squares[block * grid->n_lambdas + l] = sum_squares (job, net, held);
    }
}

gboolean
elastic_net_validate (QrxTensor *features, const double *targets, const guint *folds, guint n_folds,
                      const ElasticNetGrid *grid, double *errors, QrxPool *pool, GCancellable *cancellable,
                      GError **error)
{
  gsize n_blocks = (gsize) n_folds * grid->n_mixes, n_candidates = (gsize) grid->n_mixes * grid->n_lambdas;
  g_autofree double *squares = g_new0 (double, n_blocks * grid->n_lambdas);
  g_autofree GError **errors_of = g_new0 (GError *, n_blocks);
  Job job = { features, targets, folds, grid, squares, errors_of, cancellable };
  GError *first = NULL;

  qrx_pool_run (pool, n_blocks, validate_block, &job);
  for (gsize block = 0; block < n_blocks; block++)
    if (first == NULL)
      first = errors_of[block];
    else
      g_clear_error (&errors_of[block]);
  for (gsize c = 0; c < n_candidates; c++)
    {
      errors[c] = 0;
      for (guint fold = 0; fold < n_folds; fold++)
        errors[c] += squares[fold * n_candidates + c];
      errors[c] /= (double) qrx_tensor_get_rows (features);
    }
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, first);
  return FALSE;
}

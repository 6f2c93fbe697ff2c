/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gradients by moving inputs and weights a little: one at a time, or all at once in random directions. */
#include <string.h>

#include "quantum/qrx-gradient-private.h"

gboolean
qrx_gradient_job_evaluate (const QrxGradientJob *self, double *values, GError **error)
{
  gsize n = qrx_tensor_get_columns (self->cotangents);

  if (!qrx_backend_expectations (self->backend, self->program, self->inputs, self->weights, self->workspace,
                                 self->expectations, self->pool, error))
    return FALSE;
  for (gsize row = 0; row < qrx_tensor_get_rows (self->inputs); row++)
    {
      values[row] = 0;
      for (gsize i = row * n; i < (row + 1) * n; i++)
        values[row] += qrx_tensor_get (self->cotangents, i) * qrx_tensor_get (self->expectations, i);
    }
  return TRUE;
}

/* FALSE if rounding swallows the step somewhere. */
static gboolean
check_step (QrxTensor *tensor, double step, GError **error)
{
  for (gsize i = 0; i < qrx_tensor_get_n_elements (tensor); i++)
    {
      double x = qrx_tensor_get (tensor, i), upper = x + step, lower = x - step;

      if (qrx_tensor_get_dtype (tensor) == QRX_DTYPE_F32 ? (float) upper > (float) lower : upper > lower)
        continue;
      g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_NOT_FINITE,
                   "a step of %g is lost in the rounding of an angle of %g to %s; take a larger step", step, x,
                   qrx_dtype_get_name (qrx_tensor_get_dtype (tensor)));
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_steps (const QrxGradientJob *job, GError **error)
{
  return (job->by_inputs == NULL || check_step (job->inputs, job->step, error)) &&
         (job->by_weights == NULL || check_step (job->weights, job->step, error));
}

/* The same element of every row, or the one that all rows share. */
typedef struct {
  QrxTensor *tensor;
  gsize first;
  gsize stride; /* 0 if it is shared */
} Column;

/* Moves a column to where it was plus an offset; positions becomes where that is, after rounding. */
static void
move (const Column *column, gsize n_rows, const double *from, double offset, double *positions)
{
  for (gsize row = 0; row < n_rows; row++)
    {
      qrx_tensor_set (column->tensor, column->first + row * column->stride, from[row] + offset);
      positions[row] = qrx_tensor_get (column->tensor, column->first + row * column->stride);
    }
}

/* The slope of each row's value along a column. */
static gboolean
take_slopes (const QrxGradientJob *job, const Column *column, double *slopes, GError **error)
{
  gsize n_rows = qrx_tensor_get_rows (job->inputs);
  g_autofree double *memory = g_new (double, 4 * n_rows);
  double *from = memory, *upper = from + n_rows, *lower = upper + n_rows, *values = lower + n_rows;
  gboolean done;

  for (gsize row = 0; row < n_rows; row++)
    from[row] = qrx_tensor_get (column->tensor, column->first + row * column->stride);
  move (column, n_rows, from, job->step, upper);
  done = qrx_gradient_job_evaluate (job, slopes, error);
  move (column, n_rows, from, -job->step, lower);
  done = done && qrx_gradient_job_evaluate (job, values, error);
  move (column, n_rows, from, 0, from);
  for (gsize row = 0; done && row < n_rows; row++)
    slopes[row] = (slopes[row] - values[row]) / (upper[row] - lower[row]);
  return done;
}

gboolean
qrx_gradient_difference (const QrxGradientJob *job, GError **error)
{
  gsize n_rows = qrx_tensor_get_rows (job->inputs), n_inputs = qrx_tensor_get_columns (job->inputs);
  g_autofree double *slopes = g_new (double, n_rows);

  if (!check_steps (job, error))
    return FALSE;
  for (gsize i = 0; job->by_inputs != NULL && i < n_inputs; i++)
    {
      if (!take_slopes (job, &(Column){ job->inputs, i, n_inputs }, slopes, error))
        return FALSE;
      for (gsize row = 0; row < n_rows; row++)
        job->by_inputs[row * n_inputs + i] += slopes[row];
    }
  for (gsize i = 0; job->by_weights != NULL && i < qrx_tensor_get_n_elements (job->weights); i++)
    {
      if (!take_slopes (job, &(Column){ job->weights, i, 0 }, slopes, error))
        return FALSE;
      for (gsize row = 0; row < n_rows; row++)
        job->by_weights[i] += slopes[row];
    }
  return TRUE;
}

/* A tensor that is moved, and the direction: +1 or -1 for each of its elements, or 0 if its gradient is not wanted. */
typedef struct {
  QrxTensor *tensor;
  double *from;
  double *direction;
} Perturbation;

static void
perturbation_clear (Perturbation *self)
{
  g_free (self->from);
  g_free (self->direction);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Perturbation, perturbation_clear)

static void
perturbation_init (Perturbation *self, QrxTensor *tensor)
{
  gsize n = qrx_tensor_get_n_elements (tensor);

  *self = (Perturbation){ tensor, g_new (double, n), g_new0 (double, n) };
  for (gsize i = 0; i < n; i++)
    self->from[i] = qrx_tensor_get (tensor, i);
}

static void
perturbation_draw (Perturbation *self, QrxRandom *random)
{
  guint64 bits = 0;

  for (gsize i = 0; i < qrx_tensor_get_n_elements (self->tensor); i++, bits >>= 1)
    {
      if (i % 64 == 0)
        bits = qrx_random_next_u64 (random);
      self->direction[i] = (bits & 1) != 0 ? 1 : -1;
    }
}

static void
perturbation_move (const Perturbation *self, double distance)
{
  for (gsize i = 0; i < qrx_tensor_get_n_elements (self->tensor); i++)
    qrx_tensor_set (self->tensor, i, self->from[i] + distance * self->direction[i]);
}

/* All weights, and each row's inputs, move at once; the slope along the direction, times the direction, is the gradient
 * plus what has the mean 0 (Spall 1992). Rows share the weights' direction, and each has its own for its inputs. */
static gboolean
perturb_once (const QrxGradientJob *job, Perturbation *inputs, Perturbation *weights, double *slopes, double *values,
              GError **error)
{
  gsize n_rows = qrx_tensor_get_rows (job->inputs), n_inputs = qrx_tensor_get_columns (job->inputs);
  gboolean done;

  if (job->by_weights != NULL)
    perturbation_draw (weights, job->random);
  if (job->by_inputs != NULL)
    perturbation_draw (inputs, job->random);
  perturbation_move (inputs, job->step);
  perturbation_move (weights, job->step);
  done = qrx_gradient_job_evaluate (job, slopes, error);
  perturbation_move (inputs, -job->step);
  perturbation_move (weights, -job->step);
  done = done && qrx_gradient_job_evaluate (job, values, error);
  perturbation_move (inputs, 0);
  perturbation_move (weights, 0);
  for (gsize row = 0; done && row < n_rows; row++)
    {
      double slope = (slopes[row] - values[row]) / (2 * job->step * job->averages);

      for (gsize i = 0; job->by_inputs != NULL && i < n_inputs; i++)
        job->by_inputs[row * n_inputs + i] += slope * inputs->direction[row * n_inputs + i];
      for (gsize i = 0; job->by_weights != NULL && i < qrx_tensor_get_n_elements (job->weights); i++)
        job->by_weights[i] += slope * weights->direction[i];
    }
  return done;
}

gboolean
qrx_gradient_perturb (const QrxGradientJob *job, GError **error)
{
  gsize n_rows = qrx_tensor_get_rows (job->inputs);
  g_autofree double *slopes = g_new (double, 2 * n_rows);
  g_auto (Perturbation) inputs = { 0 };
  g_auto (Perturbation) weights = { 0 };

  if (!check_steps (job, error))
    return FALSE;
  perturbation_init (&inputs, job->inputs);
  perturbation_init (&weights, job->weights);
  for (guint i = 0; i < job->averages; i++)
    if (!perturb_once (job, &inputs, &weights, slopes, slopes + n_rows, error))
      return FALSE;
  return TRUE;
}

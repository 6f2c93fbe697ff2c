/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One pass over the training rows in minibatches, and what is measured of it. */
#include "learning/qrx-fit-private.h"

#include <math.h>
#include <qrx/qrx-kernels.h>
#include <string.h>

/* Sums over an epoch, for the history. */
typedef struct {
  double loss, gradient_norm, interface_norm, output_norm;
  guint n_batches;
} Sums;

static QrxExecution *
execution_for (QrxFit *self, gsize n, GError **error)
{
  QrxExecution *execution = g_hash_table_lookup (self->executions, GSIZE_TO_POINTER (n));

  if (execution != NULL)
    return execution;
  execution = qrx_execution_new (self->model, QRX_MODE_TRAIN, n, self->active, self->pool, error);
  if (execution == NULL)
    return NULL;
  qrx_execution_watch (execution, self->watched);
  g_hash_table_insert (self->executions, GSIZE_TO_POINTER (n), execution);
  return execution;
}

/* Copies the gradients at the watched flows to the places of their rows. */
static void
keep_gradients (QrxFit *self, QrxExecution *execution, const gsize *places, gsize n)
{
  for (guint m = 0; m < self->monitors->len; m++)
    {
      QrxFitMonitor *monitor = self->monitors->pdata[m];
      QrxTensor *from;
      gsize size;

      if (monitor->slot < 0)
        continue;
      from = qrx_step_get_output_gradient (qrx_execution_get_step (execution, (guint) monitor->slot));
      size = qrx_tensor_get_columns (from) * qrx_dtype_get_size (qrx_tensor_get_dtype (from));
      for (gsize i = 0; i < n; i++)
        memcpy ((char *) qrx_tensor_peek (monitor->gradients) + places[i] * size,
                (const char *) qrx_tensor_peek (from) + i * size, size);
    }
}

/* The norm of the loss's gradient with respect to all angles that enter circuits; −1 where there are none. */
static double
interface_norm (QrxFit *self, QrxExecution *execution)
{
  double sum = -1;

  for (guint i = 0; i < self->model->slots->len; i++)
    {
      QrxStep *step = qrx_execution_get_step (execution, i);
      double norm;

      if (step == NULL || !qrx_model_slot (self->model, i)->reads_angles || !qrx_step_needs_input_gradient (step, 0))
        continue;
      norm = qrx_kernels_norm (qrx_step_get_input_gradient (step, 0));
      sum = MAX (sum, 0) + norm * norm;
    }
  return sum < 0 ? -1 : sqrt (sum);
}

/* What the loss's gradient by each row's prediction adds up to. */
static double
sum_output_gradients (QrxTensor *gradient)
{
  double sum = 0;

  for (gsize i = 0; i < qrx_tensor_get_n_elements (gradient); i++)
    sum += fabs (qrx_tensor_get (gradient, i));
  return sum;
}

static gboolean
minibatch (QrxFit *self, const gsize *places, gsize n, guint epoch, double rate, Sums *sums, GError **error)
{
  QrxExecution *execution = execution_for (self, n, error);
  g_autofree guint *rows = g_new (guint, n);
  g_autofree double *targets = g_new (double, n);
  double loss, norm;

  if (execution == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      rows[i] = g_array_index (self->train, guint, places[i]);
      targets[i] = self->targets[rows[i]];
    }
  if (!qrx_feeder_fill (self->feeder, execution, rows, n, error) ||
      !qrx_execution_forward (execution, self->n_steps, error))
    return FALSE;
  loss = qrx_loss_evaluate (&self->loss, qrx_execution_get_output (execution), targets, n,
                            qrx_execution_get_output_gradient (execution));
  if (!isfinite (loss))
    {
      g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_NOT_FINITE,
                   "the loss became %g in minibatch %u of epoch %u; a smaller learning-rate or clip-norm may help", loss,
                   sums->n_batches, epoch);
      return FALSE;
    }
  if (!qrx_execution_backward (execution, error))
    return FALSE;
  keep_gradients (self, execution, places, n);
  sums->interface_norm += interface_norm (self, execution);
  sums->output_norm += sum_output_gradients (qrx_execution_get_output_gradient (execution));
  norm = qrx_optimizer_step (self->optimizer, execution, rate);
  if (!isfinite (norm))
    {
      g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_NOT_FINITE, "the gradient became %g in minibatch %u of epoch %u",
                   norm, sums->n_batches, epoch);
      return FALSE;
    }
  sums->gradient_norm += norm;
  sums->loss += loss * (double) n;
  sums->n_batches++;
  if (self->options->record_steps)
    qrx_history_set (self->history, (guint) self->n_steps, "step-loss", loss);
  self->n_steps++;
  return TRUE;
}

gboolean
qrx_fit_epoch (QrxFit *self, guint epoch, double rate, double *train_loss, GCancellable *cancellable, GError **error)
{
  gsize n = self->train->len, batch = MIN (self->options->batch_size, n);
  g_autofree gsize *order = g_new (gsize, n);
  Sums sums = { 0 };
  QrxRandom random;

  for (gsize i = 0; i < n; i++)
    order[i] = i;
  qrx_random_init (&random, self->options->seed, self->options->node, "shuffle", epoch);
  if (self->options->shuffle)
    qrx_random_shuffle (&random, order, n);
  for (gsize first = 0; first < n;)
    {
      gsize m = MIN (batch, n - first);

      if (n - first - m == 1) /* batch statistics need two rows: the last one joins */
        m++;
      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !minibatch (self, order + first, m, epoch, rate, &sums, error))
        return FALSE;
      first += m;
    }
  *train_loss = sums.loss / (double) n;
  if (self->options->record_steps)
    return TRUE;
  qrx_history_set (self->history, epoch, "learning-rate", rate);
  qrx_history_set (self->history, epoch, "train-loss", *train_loss);
  qrx_history_set (self->history, epoch, "gradient-norm", sums.gradient_norm / sums.n_batches);
  qrx_history_set (self->history, epoch, "output-gradient-norm", sums.output_norm / (double) n);
  if (sums.interface_norm >= 0)
    qrx_history_set (self->history, epoch, "interface-gradient-norm", sums.interface_norm / sums.n_batches);
  return TRUE;
}

gboolean
qrx_fit_validate (QrxFit *self, double *loss, GCancellable *cancellable, GError **error)
{
  guint n = self->validation->len;
  const guint *rows = (const guint *) self->validation->data;
  g_autoptr (QrxTensor) output = qrx_feeder_evaluate (self->feeder, (int) self->model->slots->len - 1, rows, n,
                                                      self->pool, cancellable, error);
  g_autofree double *targets = g_new (double, n);

  if (output == NULL)
    return FALSE;
  for (guint i = 0; i < n; i++)
    targets[i] = self->targets[rows[i]];
  *loss = qrx_loss_evaluate (&self->loss, output, targets, n, NULL);
  return TRUE;
}

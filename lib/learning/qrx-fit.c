/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fits a flow by gradient descent: sets everything up, runs epochs, decides when to stop. */
#include "learning/qrx-fit-private.h"

#include <math.h>
#include <qrx/qrx-linalg.h>

/* How the validation loss has gone so far. */
typedef struct {
  double best;
  guint best_epoch, n_waiting, n_reductions;
  GPtrArray *snapshot;
} Stopping;

static void
fit_clear (QrxFit *self)
{
  g_clear_pointer (&self->feeder, qrx_feeder_free);
  g_clear_pointer (&self->train, g_array_unref);
  g_clear_pointer (&self->validation, g_array_unref);
  g_clear_pointer (&self->targets, g_free);
  g_clear_pointer (&self->active, g_free);
  g_clear_pointer (&self->watched, g_free);
  g_clear_pointer (&self->monitors, g_ptr_array_unref);
  g_clear_pointer (&self->optimizer, qrx_optimizer_free);
  g_clear_pointer (&self->executions, g_hash_table_unref);
  g_clear_pointer (&self->whole, qrx_execution_free);
  g_clear_object (&self->model);
}

static gboolean
check_options (const QrxFitOptions *options, QrxLoss *loss, GError **error)
{
  if (!qrx_loss_parse (options->loss, options->huber_delta, loss))
    g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, "unknown loss `%s`", options->loss);
  else if (!qrx_schedule_is_known (options->schedule))
    g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, "unknown schedule `%s`", options->schedule);
  else if (options->batch_size < 2 || options->epochs < 1)
    g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                 "a fit needs at least 1 epoch and 2 rows a minibatch, not %u and %u", options->epochs, options->batch_size);
  else
    return qrx_linalg_check (error);
  return FALSE;
}

/* Which slots a minibatch runs; the others are computed once for all rows. */
static gboolean
compute_constants (QrxFit *self, GError **error)
{
  QrxModel *model = self->model;

  self->active = g_new0 (gboolean, model->slots->len);
  for (guint i = 0; i < model->slots->len; i++)
    self->active[i] = !qrx_model_slot (model, i)->constant;
  if (model->slots->len == 0 || !self->active[model->slots->len - 1] || qrx_model_get_n_parameters (model) == 0)
    {
      g_set_error_literal (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK,
                           "nothing that flows in learns by gradient; a trainer needs at least one layer that does");
      return FALSE;
    }
  for (guint i = 0; i < model->slots->len; i++)
    for (guint k = 0; self->active[i] && k < qrx_model_slot (model, i)->n_inputs; k++)
      {
        int source = qrx_model_slot (model, i)->inputs[k];

        if (source >= 0 && !self->active[source] && !qrx_feeder_cache (self->feeder, (guint) source, self->pool, error))
          return FALSE;
      }
  return TRUE;
}

/* Validation rows select where they stop the fit or lower its rate; else their loss is only written down. */
static void
remember_rows (QrxFit *self)
{
  const QrxFitOptions *options = self->options;
  g_autoptr (QrxIndex) train = qrx_index_new ((const guint *) self->train->data, self->train->len);
  g_autoptr (QrxIndex) validation = qrx_index_new ((const guint *) self->validation->data, self->validation->len);

  qrx_predictor_add_fitted_rows (QRX_PREDICTOR (self->model), self->table, train);
  if (options->patience > 0 || g_str_equal (options->schedule, "plateau"))
    qrx_predictor_add_fitted_rows (QRX_PREDICTOR (self->model), self->table, validation);
}

static gboolean
set_up (QrxFit *self, QrxFlow *flow, gsize target, GPtrArray *probes, GError **error)
{
  g_autoptr (GHashTable) places = g_hash_table_new (NULL, NULL);
  const QrxFitOptions *options = self->options;

  if (!check_options (options, &self->loss, error))
    return FALSE;
  self->table = qrx_flow_get_table (flow);
  self->model = qrx_model_build (flow, target, options->dtype, options->seed, places, error);
  if (self->model == NULL)
    return FALSE;
  qrx_predictor_set_producer (QRX_PREDICTOR (self->model), options->node);
  if (qrx_flow_get_width (flow) != 1)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                   "the prediction has %" G_GSIZE_FORMAT " columns; one target needs one: end the flow in a `linear` of width 1",
                   qrx_flow_get_width (flow));
      return FALSE;
    }
  if ((options->initial != NULL && !qrx_fit_load_initial (self->model, options->initial, error)) ||
      !qrx_fit_take_data (self, target, error) ||
      !qrx_model_fit_slots (self->model, self->table, target, self->pool, error) ||
      !qrx_fit_add_monitors (self, probes, places, error))
    return FALSE;
  if (options->patience > 0 && self->validation->len == 0)
    {
      g_set_error_literal (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY,
                           "early stopping (patience) needs validation rows; give `split` a validation part, or set "
                           "patience to 0");
      return FALSE;
    }
  self->feeder = qrx_feeder_new (self->model, self->table, error);
  if (self->feeder == NULL || !compute_constants (self, error))
    return FALSE;
  remember_rows (self);
  self->executions = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) qrx_execution_free);
  self->optimizer = qrx_optimizer_new (self->model, options, self->pool, error);
  return self->optimizer != NULL;
}

/* Takes a validation loss in; returns whether to go on. */
static gboolean
consider (QrxFit *self, Stopping *stopping, guint epoch, double loss)
{
  const QrxFitOptions *options = self->options;
  gboolean plateau = g_str_equal (options->schedule, "plateau");

  if (loss < stopping->best - options->min_delta)
    {
      stopping->best = loss;
      stopping->best_epoch = epoch;
      stopping->n_waiting = 0;
      if (options->restore_best && options->patience > 0)
        {
          g_clear_pointer (&stopping->snapshot, g_ptr_array_unref);
          stopping->snapshot = qrx_fit_snapshot (self->model);
        }
      return TRUE;
    }
  stopping->n_waiting++;
  if (plateau && stopping->n_waiting % MAX (options->step_epochs, 1) == 0)
    stopping->n_reductions++;
  return options->patience == 0 || stopping->n_waiting < options->patience;
}

static gboolean
run_epochs (QrxFit *self, Stopping *stopping, GCancellable *cancellable, GError **error)
{
  const QrxFitOptions *options = self->options;
  gboolean go_on = TRUE;

  for (guint epoch = 0; go_on && epoch < options->epochs; epoch++)
    {
      double rate = qrx_schedule_get_rate (options, epoch, stopping->n_reductions), train_loss, loss = NAN;
      g_autofree char *text = NULL;

      if (!qrx_fit_epoch (self, epoch, rate, &train_loss, cancellable, error))
        return FALSE;
      if (self->validation->len > 0)
        {
          if (!qrx_fit_validate (self, &loss, cancellable, error))
            return FALSE;
          if (!options->record_steps)
            qrx_history_set (self->history, epoch, "validation-loss", loss);
          go_on = consider (self, stopping, epoch, loss);
        }
      if (!options->record_steps)
        {
          qrx_fit_record_parameters (self, epoch);
          if (!qrx_fit_measure (self, epoch, error))
            return FALSE;
        }
      text = isnan (loss) ? g_strdup_printf ("epoch %u, loss %.4g", epoch + 1, train_loss)
                          : g_strdup_printf ("epoch %u, loss %.4g, validation %.4g", epoch + 1, train_loss, loss);
      qrx_context_progress (self->context, options->node, (epoch + 1.0) / options->epochs, text);
    }
  return TRUE;
}

/**
 * qrx_fit: (skip)
 * @flow: a prediction of one column
 * @target: which of its table's targets is learned
 * @options: everything that a trainer lets one choose
 * @monitors: (nullable) (element-type QrxProbe): what to watch
 * @history: an empty history, filled with one row an epoch
 * @context: the run's context
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Fits the layers of a flow to a target by gradient descent. The training rows move parameters, the validation rows
 * select the epoch, and no other row is looked at.
 *
 * Returns: (transfer full): the fitted model
 */
QrxModel *
qrx_fit (QrxFlow *flow, gsize target, const QrxFitOptions *options, GPtrArray *monitors, QrxHistory *history,
         QrxContext *context, GCancellable *cancellable, GError **error)
{
  QrxFit fit = { .options = options, .context = context, .history = history, .pool = qrx_context_get_pool (context) };
  Stopping stopping = { .best = INFINITY };
  QrxModel *model = NULL;

  if (set_up (&fit, flow, target, monitors, error) && run_epochs (&fit, &stopping, cancellable, error))
    {
      if (stopping.snapshot != NULL)
        {
          g_autofree char *text = g_strdup_printf ("kept the parameters of epoch %u, validation loss %.4g",
                                                   stopping.best_epoch + 1, stopping.best);

          qrx_fit_restore (fit.model, stopping.snapshot);
          qrx_context_message (context, options->node, text);
        }
      model = g_steal_pointer (&fit.model);
    }
  g_clear_pointer (&stopping.snapshot, g_ptr_array_unref);
  fit_clear (&fit);
  return model;
}

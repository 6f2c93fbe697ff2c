/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Adam (Kingma & Ba 2015, arXiv:1412.6980), AdamW (Loshchilov & Hutter 2019, arXiv:1711.05101) and SGD with momentum,
 * over the raw values of whatever learns. */
#include "learning/qrx-optimizer-private.h"

#include <math.h>
#include <qrx/qrx-update.h>

typedef enum {
  ADAM,
  ADAMW,
  SGD,
} Kind;

/* One parameter that learns. */
typedef struct {
  guint slot, index;
  QrxParameter *parameter;
  QrxTensor *raw;
  QrxTensor *gradient;       /* of the raw values, where it is not that of the effective ones */
  QrxTensor *first, *second; /* moments; of SGD the first is the velocity, and there is no second */
} Item;

struct _QrxOptimizer {
  Kind kind;
  QrxModel *model;
  GArray *items;
  double beta1, beta2, epsilon, momentum, weight_decay, clip_norm;
  guint64 n_steps;
  QrxPool *pool; /* borrowed */
};

static const char *const names[] = { "adam", "adamw", "sgd" };

static void
item_clear (gpointer data)
{
  Item *item = data;

  g_clear_object (&item->gradient);
  g_clear_object (&item->first);
  g_clear_object (&item->second);
}

static void
add_slot (QrxOptimizer *self, guint i)
{
  QrxSlot *slot = qrx_model_slot (self->model, i);

  for (guint p = 0; p < slot->raw->len; p++)
    {
      QrxTensor *raw = slot->raw->pdata[p];
      gsize rows = qrx_tensor_get_rows (raw), columns = qrx_tensor_get_columns (raw);
      Item item = { .slot = i, .index = p, .parameter = slot->plan->parameters->pdata[p], .raw = raw };

      if (!item.parameter->trainable)
        continue;
      if (!qrx_parameter_is_direct (item.parameter))
        item.gradient = qrx_tensor_new_matrix (self->model->dtype, rows, columns);
      item.first = qrx_tensor_new_matrix (self->model->dtype, rows, columns);
      if (self->kind != SGD)
        item.second = qrx_tensor_new_matrix (self->model->dtype, rows, columns);
      g_array_append_val (self->items, item);
    }
}

QrxOptimizer *
qrx_optimizer_new (QrxModel *model, const QrxFitOptions *options, QrxPool *pool, GError **error)
{
  QrxOptimizer *self;

  for (guint kind = 0; kind < G_N_ELEMENTS (names); kind++)
    {
      if (g_strcmp0 (options->optimizer, names[kind]) != 0)
        continue;
      self = g_new0 (QrxOptimizer, 1);
      self->kind = kind;
      self->pool = pool;
      self->model = g_object_ref (model);
      self->beta1 = options->beta1;
      self->beta2 = options->beta2;
      self->epsilon = options->epsilon;
      self->momentum = options->momentum;
      self->weight_decay = options->weight_decay;
      self->clip_norm = options->clip_norm;
      self->items = g_array_new (FALSE, FALSE, sizeof (Item));
      g_array_set_clear_func (self->items, item_clear);
      for (guint i = 0; i < model->slots->len; i++)
        add_slot (self, i);
      return self;
    }
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, "unknown optimizer `%s`", options->optimizer);
  return NULL;
}

void
qrx_optimizer_free (QrxOptimizer *self)
{
  g_array_unref (self->items);
  g_object_unref (self->model);
  g_free (self);
}

/* The gradient of the raw values. */
static QrxGradient
gradient_of (Item *item, QrxExecution *execution)
{
  QrxStep *step = qrx_execution_get_step (execution, item->slot);

  if (qrx_parameter_is_direct (item->parameter))
    return qrx_step_peek_gradient (step, item->index);
  qrx_parameter_fold (item->parameter, item->raw, qrx_step_get_parameter_gradient (step, item->parameter->name),
                      item->gradient);
  return (QrxGradient){ .values = item->gradient };
}

/* Moves one parameter; returns the sum of the squares of its gradient. */
static double
move (QrxOptimizer *self, Item *item, QrxExecution *execution, double rate, double scale)
{
  double decay = item->parameter->decays ? self->weight_decay : 0;
  QrxGradient gradient = gradient_of (item, execution);

  if (self->kind == SGD)
    {
      QrxSgd sgd = { .learning_rate = rate, .momentum = self->momentum, .weight_decay = decay, .scale = scale };

      return qrx_update_sgd (&sgd, &gradient, item->raw, item->first, self->pool);
    }
  else
    {
      QrxAdam adam = { .learning_rate = rate,
                       .beta1 = self->beta1,
                       .beta2 = self->beta2,
                       .epsilon = self->epsilon,
                       .weight_decay = decay,
                       .decoupled = self->kind == ADAMW,
                       .scale = scale };

      return qrx_update_adam (&adam, self->n_steps, &gradient, item->raw, item->first, item->second, self->pool);
    }
}

/* By what gradients are multiplied: their norm must be known before, which takes a pass of its own. */
static double
find_scale (QrxOptimizer *self, QrxExecution *execution)
{
  double sum = 0;

  if (self->clip_norm == 0)
    return 1;
  for (guint i = 0; i < self->items->len; i++)
    {
      QrxGradient gradient = gradient_of (&g_array_index (self->items, Item, i), execution);

      sum += qrx_update_measure (&gradient, self->pool);
    }
  return sqrt (sum) > self->clip_norm ? self->clip_norm / sqrt (sum) : 1;
}

double
qrx_optimizer_step (QrxOptimizer *self, QrxExecution *execution, double learning_rate)
{
  double scale = find_scale (self, execution), sum = 0;

  self->n_steps++;
  for (guint i = 0; i < self->items->len; i++)
    {
      Item *item = &g_array_index (self->items, Item, i);

      sum += move (self, item, execution, learning_rate * item->parameter->rate, scale);
    }
  for (guint i = 0; i < self->model->slots->len; i++)
    qrx_slot_refresh (qrx_model_slot (self->model, i));
  return sqrt (sum);
}

static const char *const schedules[] = { "constant", "cosine", "step", "exponential", "plateau", NULL };

gboolean
qrx_schedule_is_known (const char *name)
{
  return g_strv_contains (schedules, name);
}

double
qrx_schedule_get_rate (const QrxFitOptions *options, guint epoch, guint n_reductions)
{
  double rate = options->learning_rate;
  guint after = epoch - MIN (epoch, options->warmup);
  guint length = options->epochs - MIN (options->epochs, options->warmup);

  if (epoch < options->warmup)
    return rate * (epoch + 1) / (options->warmup + 1.0);
  if (g_str_equal (options->schedule, "cosine"))
    return rate * 0.5 * (1 + cos (G_PI * after / MAX (length, 1)));
  if (g_str_equal (options->schedule, "step"))
    return rate * pow (options->decay, after / MAX (options->step_epochs, 1));
  if (g_str_equal (options->schedule, "exponential"))
    return rate * pow (options->decay, after);
  if (g_str_equal (options->schedule, "plateau"))
    return rate * pow (options->decay, n_reductions);
  return rate;
}

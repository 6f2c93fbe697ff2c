/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Adam (Kingma & Ba 2015, arXiv:1412.6980), AdamW (Loshchilov & Hutter 2019, arXiv:1711.05101) and SGD with momentum,
 * over the raw values of whatever learns. */
#include "learning/qrx-optimizer-private.h"

#include <math.h>
#include <qrx/qrx-kernels.h>

typedef enum {
  ADAM,
  ADAMW,
  SGD,
} Kind;

/* One parameter that learns. */
typedef struct {
  guint slot, index;
  QrxParameter *parameter;
  QrxTensor *raw, *gradient; /* of the raw values */
  QrxTensor *first, *second; /* moments; of SGD the first is the velocity */
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
      item.gradient = qrx_tensor_new_matrix (self->model->dtype, rows, columns);
      item.first = qrx_tensor_new_matrix (self->model->dtype, rows, columns);
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

/* Gradients of the raw values, and the square of their norm over all parameters. */
static double
collect (QrxOptimizer *self, QrxExecution *execution)
{
  double sum = 0;

  for (guint i = 0; i < self->items->len; i++)
    {
      Item *item = &g_array_index (self->items, Item, i);
      QrxStep *step = qrx_execution_get_step (execution, item->slot);
      QrxTensor *effective = qrx_step_get_parameter_gradient (step, item->parameter->name);
      double norm;

      if (qrx_parameter_is_direct (item->parameter))
        qrx_tensor_copy_from (item->gradient, effective);
      else
        qrx_parameter_fold (item->parameter, item->raw, effective, item->gradient);
      norm = qrx_kernels_norm (item->gradient);
      sum += norm * norm;
    }
  return sum;
}

static void
move (QrxOptimizer *self, Item *item, double rate, double scale)
{
  double decay = item->parameter->decays ? self->weight_decay : 0;
  QrxAdam adam;

  if (scale != 1)
    qrx_kernels_scale (item->gradient, scale);
  if (self->kind == SGD)
    {
      if (decay > 0)
        qrx_kernels_axpy (decay, item->raw, item->gradient, self->pool);
      qrx_kernels_scale (item->first, self->momentum);
      qrx_kernels_axpy (1, item->gradient, item->first, self->pool);
      qrx_kernels_axpy (-rate, item->first, item->raw, self->pool);
      return;
    }
  adam = (QrxAdam){ .learning_rate = rate, .beta1 = self->beta1, .beta2 = self->beta2, .epsilon = self->epsilon,
                    .weight_decay = decay, .decoupled = self->kind == ADAMW };
  qrx_kernels_adam (&adam, self->n_steps, item->gradient, item->raw, item->first, item->second, self->pool);
}

double
qrx_optimizer_step (QrxOptimizer *self, QrxExecution *execution, double learning_rate)
{
  double norm = sqrt (collect (self, execution));
  double scale = self->clip_norm > 0 && norm > self->clip_norm ? self->clip_norm / norm : 1;

  self->n_steps++;
  for (guint i = 0; i < self->items->len; i++)
    {
      Item *item = &g_array_index (self->items, Item, i);

      move (self, item, learning_rate * item->parameter->rate, scale);
    }
  for (guint i = 0; i < self->model->slots->len; i++)
    qrx_slot_refresh (qrx_model_slot (self->model, i));
  return norm;
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

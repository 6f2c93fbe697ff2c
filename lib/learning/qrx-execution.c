/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a model's layers forward and backward. Tensors are made once; a gradient that one consumer writes and one
 * producer reads is one tensor, and only where several consumers meet is there a sum. */
#include "learning/qrx-execution-private.h"

#include <string.h>

struct _QrxExecution {
  QrxModel *model;
  QrxMode mode;
  gsize n_rows;
  guint n_slots;
  gboolean *active;
  QrxStep **steps;
  GPtrArray *feeds;  /* of QrxTensor or NULL, by source from the last annotation on: see feed_place() */
  gboolean *needs;   /* whether the gradient of a slot's output is needed */
  guint *n_readers;  /* active slots that read a slot's output */
};

void
qrx_execution_free (QrxExecution *self)
{
  for (guint i = 0; i < self->n_slots; i++)
    g_clear_object (&self->steps[i]);
  g_ptr_array_unref (self->feeds);
  g_free (self->active);
  g_free (self->steps);
  g_free (self->needs);
  g_free (self->n_readers);
  g_object_unref (self->model);
  g_free (self);
}

static void
unref_if_set (gpointer object)
{
  if (object != NULL)
    g_object_unref (object);
}

/* Annotations lie below the table, which lies below the slots. */
static QrxTensor **
feed_place (QrxExecution *self, int source)
{
  return (QrxTensor **) &self->feeds->pdata[source - QRX_SLOT_ANNOTATION (self->model->annotations->len) - 1];
}

/* The tensor that an input reads: another step's output, or a feed, made when first read. */
static QrxTensor *
source_tensor (QrxExecution *self, QrxSlot *slot, guint input)
{
  int source = slot->inputs[input];
  QrxTensor **feed;

  if (source >= 0 && self->active[source])
    return self->steps[source]->output;
  feed = feed_place (self, source);
  if (*feed == NULL)
    *feed = qrx_tensor_new_matrix (self->model->dtype, self->n_rows, slot->plan->input_widths[input]);
  return *feed;
}

static gboolean
make_step (QrxExecution *self, guint i, QrxPool *pool, GError **error)
{
  QrxSlot *slot = qrx_model_slot (self->model, i);
  g_autofree QrxTensor **inputs = g_new0 (QrxTensor *, slot->n_inputs);
  QrxMode mode = slot->frozen && self->mode == QRX_MODE_TRAIN ? QRX_MODE_EVALUATE : self->mode;

  if (!qrx_plan_check_step_memory (slot->plan, self->n_rows, error))
    {
      g_prefix_error (error, "%s: ", slot->id);
      return FALSE;
    }
  for (guint k = 0; k < slot->n_inputs; k++)
    {
      inputs[k] = source_tensor (self, slot, k);
      if (slot->inputs[k] >= 0 && self->active[slot->inputs[k]])
        self->n_readers[slot->inputs[k]]++;
    }
  self->steps[i] = qrx_step_new (slot->plan, mode, self->n_rows, inputs, slot->effective, slot->buffers, pool);
  return qrx_layer_start (slot->layer, self->steps[i], error);
}

/* A slot's gradient is needed if it learns, if something before it does, or if it is watched. */
static void
find_needs (QrxExecution *self, const gboolean *watched)
{
  for (guint i = 0; i < self->n_slots; i++)
    {
      QrxSlot *slot = qrx_model_slot (self->model, i);

      if (!self->active[i])
        continue;
      self->needs[i] = slot->trainable || (watched != NULL && watched[i]);
      for (guint k = 0; k < slot->n_inputs; k++)
        {
          gboolean wanted = slot->inputs[k] >= 0 && self->needs[slot->inputs[k]];

          self->steps[i]->needs_input_gradient[k] = wanted;
          self->needs[i] = self->needs[i] || wanted;
        }
    }
}

/* Where a slot has one reader, that reader's input gradient is the slot's output gradient. */
static void
share_gradients (QrxExecution *self)
{
  for (guint i = 0; i < self->n_slots; i++)
    {
      QrxSlot *slot = qrx_model_slot (self->model, i);

      if (!self->active[i])
        continue;
      for (guint k = 0; k < slot->n_inputs; k++)
        {
          int source = slot->inputs[k];

          if (source >= 0 && self->active[source] && self->n_readers[source] == 1)
            g_set_object (&self->steps[i]->input_gradients[k], qrx_step_get_output_gradient (self->steps[source]));
        }
    }
}

QrxExecution *
qrx_execution_new (QrxModel *model, QrxMode mode, gsize n_rows, const gboolean *active, QrxPool *pool, GError **error)
{
  g_autoptr (QrxExecution) self = g_new0 (QrxExecution, 1);

  self->model = g_object_ref (model);
  self->mode = mode;
  self->n_rows = n_rows;
  self->n_slots = model->slots->len;
  self->active = g_new0 (gboolean, self->n_slots);
  self->steps = g_new0 (QrxStep *, self->n_slots);
  self->feeds = g_ptr_array_new_with_free_func (unref_if_set);
  g_ptr_array_set_size (self->feeds, (int) (model->annotations->len + 1 + self->n_slots));
  self->needs = g_new0 (gboolean, self->n_slots);
  self->n_readers = g_new0 (guint, self->n_slots);
  for (guint i = 0; i < self->n_slots; i++)
    self->active[i] = active == NULL || active[i];
  for (guint i = 0; i < self->n_slots; i++)
    if (self->active[i] && !make_step (self, i, pool, error))
      return NULL;
  if (mode == QRX_MODE_TRAIN)
    {
      find_needs (self, NULL);
      share_gradients (self);
    }
  return g_steal_pointer (&self);
}

void
qrx_execution_watch (QrxExecution *self, const gboolean *watched)
{
  find_needs (self, watched);
}

void
qrx_execution_differentiate (QrxExecution *self)
{
  for (guint i = 0; i < self->n_slots; i++)
    {
      self->needs[i] = self->active[i];
      for (guint k = 0; self->active[i] && k < qrx_model_slot (self->model, i)->n_inputs; k++)
        self->steps[i]->needs_input_gradient[k] = TRUE;
    }
  share_gradients (self);
}

gsize
qrx_execution_get_n_rows (QrxExecution *self)
{
  return self->n_rows;
}

QrxTensor *
qrx_execution_get_feed (QrxExecution *self, int source)
{
  return *feed_place (self, source);
}

QrxStep *
qrx_execution_get_step (QrxExecution *self, guint slot)
{
  return self->steps[slot];
}

QrxTensor *
qrx_execution_get_output (QrxExecution *self)
{
  return self->steps[self->n_slots - 1]->output;
}

QrxTensor *
qrx_execution_get_output_gradient (QrxExecution *self)
{
  return qrx_step_get_output_gradient (self->steps[self->n_slots - 1]);
}

gboolean
qrx_execution_forward (QrxExecution *self, guint64 number, GError **error)
{
  for (guint i = 0; i < self->n_slots; i++)
    {
      QrxSlot *slot = qrx_model_slot (self->model, i);

      if (!self->active[i])
        continue;
      if (slot->plan->batch_dependent && self->mode == QRX_MODE_TRAIN)
        qrx_random_init (&self->steps[i]->random, self->model->seed, slot->id, "step", number);
      if (!qrx_layer_forward (slot->layer, self->steps[i], error))
        return FALSE;
    }
  return TRUE;
}

static void
add_to (QrxTensor *sum, QrxTensor *term)
{
  gsize n = qrx_tensor_get_n_elements (sum);

  if (qrx_tensor_get_dtype (sum) == QRX_DTYPE_F64)
    for (gsize i = 0; i < n; i++)
      qrx_tensor_peek_f64 (sum)[i] += qrx_tensor_peek_f64 (term)[i];
  else
    for (gsize i = 0; i < n; i++)
      qrx_tensor_peek_f32 (sum)[i] += qrx_tensor_peek_f32 (term)[i];
}

/* Sums what the readers of a slot wrote, in the order of the slots. */
static void
gather_gradient (QrxExecution *self, guint i)
{
  QrxTensor *sum = qrx_step_get_output_gradient (self->steps[i]);

  qrx_tensor_fill (sum, 0);
  for (guint j = i + 1; j < self->n_slots; j++)
    {
      QrxSlot *reader = qrx_model_slot (self->model, j);

      for (guint k = 0; self->active[j] && k < reader->n_inputs; k++)
        if (reader->inputs[k] == (int) i)
          add_to (sum, qrx_step_get_input_gradient (self->steps[j], k));
    }
}

gboolean
qrx_execution_backward (QrxExecution *self, GError **error)
{
  for (guint i = self->n_slots; i-- > 0;)
    {
      QrxSlot *slot = qrx_model_slot (self->model, i);
      gboolean wanted = slot->trainable;

      if (!self->active[i] || !self->needs[i])
        continue;
      if (i + 1 < self->n_slots && self->n_readers[i] != 1)
        gather_gradient (self, i);
      for (guint k = 0; k < slot->n_inputs; k++)
        wanted = wanted || self->steps[i]->needs_input_gradient[k];
      if (wanted && !qrx_layer_backward (slot->layer, self->steps[i], error))
        return FALSE;
    }
  return TRUE;
}

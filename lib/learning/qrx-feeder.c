/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Brings rows to an execution. What does not change during a fit is computed once, here. */
#include "learning/qrx-execution-private.h"

#include <string.h>

struct _QrxFeeder {
  QrxModel *model;
  QrxTable *table;
  QrxColumnMap *columns;
  GPtrArray *codes; /* by annotation: the category of each row of the table */
  GPtrArray *cache; /* by slot: (rows of the table, width), or NULL */
  /* What evaluated last, and for which slot: validation asks for the same one each epoch. */
  QrxExecution *execution;
  int evaluated;
};

static void
unref_if_set (gpointer object)
{
  if (object != NULL)
    g_object_unref (object);
}

static gboolean
encode_annotations (QrxModel *model, QrxTable *table, GPtrArray *codes, GError **error)
{
  for (guint i = 0; i < model->annotations->len; i++)
    {
      int *of_rows = qrx_annotation_encode (model->annotations->pdata[i], table, error);

      if (of_rows == NULL)
        {
          g_prefix_error (error, "the model of `%s`: ", qrx_predictor_get_producer (QRX_PREDICTOR (model)));
          return FALSE;
        }
      g_ptr_array_add (codes, of_rows);
    }
  return TRUE;
}

QrxFeeder *
qrx_feeder_new (QrxModel *model, QrxTable *table, GError **error)
{
  QrxPredictor *predictor = QRX_PREDICTOR (model);
  g_autoptr (QrxColumnMap) columns = qrx_column_map_new (qrx_predictor_get_columns (predictor), table,
                                              qrx_predictor_get_producer (predictor), error);
  g_autoptr (GPtrArray) codes = g_ptr_array_new_with_free_func (g_free);
  QrxFeeder *self;

  if (columns == NULL || !encode_annotations (model, table, codes, error))
    return NULL;
  self = g_new0 (QrxFeeder, 1);
  self->model = g_object_ref (model);
  self->table = g_object_ref (table);
  self->columns = g_steal_pointer (&columns);
  self->codes = g_steal_pointer (&codes);
  self->cache = g_ptr_array_new_with_free_func (unref_if_set);
  g_ptr_array_set_size (self->cache, (int) model->slots->len);
  return self;
}

void
qrx_feeder_free (QrxFeeder *self)
{
  g_object_unref (self->model);
  g_object_unref (self->table);
  qrx_column_map_free (self->columns);
  g_ptr_array_unref (self->codes);
  g_ptr_array_unref (self->cache);
  g_clear_pointer (&self->execution, qrx_execution_free);
  g_free (self);
}

static void
gather (QrxTensor *from, QrxTensor *to, const guint *rows, gsize n, gsize n_padded)
{
  gsize size = qrx_tensor_get_columns (from) * qrx_dtype_get_size (qrx_tensor_get_dtype (from));

  for (gsize i = 0; i < n_padded; i++)
    memcpy ((char *) qrx_tensor_peek (to) + i * size,
            (const char *) qrx_tensor_peek (from) + rows[MIN (i, n - 1)] * size, size);
}

/* Features or an annotation of rows; the last is repeated. */
static gboolean
read_table (QrxFeeder *self, int source, QrxTensor *to, const guint *rows, gsize n, gsize n_padded, GError **error)
{
  g_autofree guint *padded = NULL;
  g_autoptr (QrxIndex) index = NULL;

  if (source != QRX_SLOT_TABLE)
    {
      guint i = (guint) QRX_SLOT_ANNOTATION (source);

      qrx_annotation_expand (self->model->annotations->pdata[i], self->codes->pdata[i], rows, n, n_padded, to);
      return TRUE;
    }
  padded = g_new (guint, n_padded);
  for (gsize i = 0; i < n_padded; i++)
    padded[i] = rows[MIN (i, n - 1)];
  index = qrx_index_new (padded, n_padded);
  return qrx_column_map_read (self->columns, index, to, error);
}

gboolean
qrx_feeder_fill (QrxFeeder *self, QrxExecution *execution, const guint *rows, gsize n, GError **error)
{
  gsize n_padded = qrx_execution_get_n_rows (execution);

  g_return_val_if_fail (n > 0 && n <= n_padded, FALSE);
  for (int source = QRX_SLOT_ANNOTATION (self->model->annotations->len) + 1; source < (int) self->model->slots->len; source++)
    {
      QrxTensor *feed = qrx_execution_get_feed (execution, source);

      if (feed == NULL)
        continue;
      if (source >= 0)
        gather (self->cache->pdata[source], feed, rows, n, n_padded);
      else if (!read_table (self, source, feed, rows, n, n_padded, error))
        return FALSE;
    }
  return TRUE;
}

/* Marks what must be run for a slot's output: itself, and all before it that is not in the cache. */
static void
mark (QrxFeeder *self, int slot, gboolean *active)
{
  QrxSlot *s;

  if (slot < 0 || active[slot] || self->cache->pdata[slot] != NULL)
    return;
  active[slot] = TRUE;
  s = qrx_model_slot (self->model, (guint) slot);
  for (guint k = 0; k < s->n_inputs; k++)
    mark (self, s->inputs[k], active);
}

/* What computes a slot's output for a panel of rows; kept until another slot is asked for or more is in the cache. */
static QrxExecution *
execution_for (QrxFeeder *self, int slot, QrxPool *pool, GError **error)
{
  g_autofree gboolean *active = NULL;

  if (self->execution != NULL && self->evaluated == slot)
    return self->execution;
  active = g_new0 (gboolean, self->model->slots->len);
  mark (self, slot, active);
  g_clear_pointer (&self->execution, qrx_execution_free);
  self->execution = qrx_execution_new (self->model, QRX_MODE_EVALUATE, QRX_PANEL_ROWS, active, pool, error);
  self->evaluated = slot;
  return self->execution;
}

QrxTensor *
qrx_feeder_evaluate (QrxFeeder *self, int slot, const guint *rows, gsize n, QrxPool *pool, GCancellable *cancellable,
                     GError **error)
{
  QrxExecution *execution;
  g_autoptr (QrxTensor) result = NULL;
  gsize width = qrx_model_get_source_width (self->model, slot);
  gsize row_size = width * qrx_dtype_get_size (self->model->dtype);

  result = qrx_tensor_new_matrix (self->model->dtype, n, width);
  if (n == 0)
    return g_steal_pointer (&result);
  if (slot < 0)
    return read_table (self, slot, result, rows, n, n, error) ? g_steal_pointer (&result) : NULL;
  if (self->cache->pdata[slot] != NULL)
    {
      gather (self->cache->pdata[slot], result, rows, n, n);
      return g_steal_pointer (&result);
    }
  execution = execution_for (self, slot, pool, error);
  if (execution == NULL)
    return NULL;
  for (gsize first = 0; first < n; first += QRX_PANEL_ROWS)
    {
      gsize m = MIN (QRX_PANEL_ROWS, n - first);

      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !qrx_feeder_fill (self, execution, rows + first, m, error) || !qrx_execution_forward (execution, 0, error))
        return NULL;
      memcpy ((char *) qrx_tensor_peek (result) + first * row_size,
              qrx_tensor_peek (qrx_execution_get_step (execution, (guint) slot)->output), m * row_size);
    }
  return g_steal_pointer (&result);
}

gboolean
qrx_feeder_cache (QrxFeeder *self, guint slot, QrxPool *pool, GError **error)
{
  gsize n = qrx_table_get_n_rows (self->table);
  g_autofree guint *rows = NULL;
  QrxTensor *values;

  if (self->cache->pdata[slot] != NULL)
    return TRUE;
  rows = g_new (guint, n);
  for (gsize i = 0; i < n; i++)
    rows[i] = (guint) i;
  values = qrx_feeder_evaluate (self, (int) slot, rows, n, pool, NULL, error);
  self->cache->pdata[slot] = values;
  g_clear_pointer (&self->execution, qrx_execution_free);
  return values != NULL;
}

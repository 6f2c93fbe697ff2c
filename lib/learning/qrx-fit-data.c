/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a fit learns from: rows by role, targets as the loss sees them, and parameters to start at. */
#include "learning/qrx-fit-private.h"

#include <math.h>
#include <qrx/qrx-safetensors.h>
#include <qrx/qrx-statistics.h>
#include <string.h>

static GArray *
rows_with_target (QrxTable *table, QrxRole role, QrxTensor *values)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < qrx_table_get_n_rows (table); i++)
    if (qrx_table_get_role (table, i) == role && !isnan (qrx_tensor_get (values, i)))
      g_array_append_val (rows, i);
  return rows;
}

/* Compared and not summed: a mean is rounded. */
static gboolean
is_constant (const GArray *rows, QrxTensor *values)
{
  for (guint i = 1; i < rows->len; i++)
    if (qrx_tensor_get (values, g_array_index (rows, guint, i)) != qrx_tensor_get (values, g_array_index (rows, guint, 0)))
      return FALSE;
  return TRUE;
}

/* Mean and standard deviation (n − 1) of the training targets; an error where they do not vary. */
static gboolean
scale_targets (QrxFit *self, QrxTensor *values, const char *name, GError **error)
{
  double mean = 0, sum = 0;
  guint n = self->train->len;

  for (guint i = 0; i < n; i++)
    mean += qrx_tensor_get (values, g_array_index (self->train, guint, i)) / n;
  for (guint i = 0; i < n; i++)
    {
      double d = qrx_tensor_get (values, g_array_index (self->train, guint, i)) - mean;

      sum += d * d;
    }
  if (is_constant (self->train, values))
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                   "the target `%s` is the same, %g, in all %u training rows: there is nothing to learn", name,
                   qrx_tensor_get (values, g_array_index (self->train, guint, 0)), n);
      return FALSE;
    }
  if (self->options->scale_target)
    qrx_model_set_target_scaling (self->model, mean, sqrt (sum / (n - 1)));
  return TRUE;
}

static gboolean
binarize (QrxFit *self, QrxTensor *values, gsize target, GError **error)
{
  double threshold = qrx_predictor_get_threshold (QRX_PREDICTOR (self->model));
  QrxOrientation orientation = qrx_table_get_target_orientation (self->table, target);

  if (orientation == QRX_ORIENTATION_NONE)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                   "binary-cross-entropy needs to know which end of the target `%s` is sensitive; give its orientation",
                   qrx_table_get_target_name (self->table, target));
      return FALSE;
    }
  for (gsize i = 0; i < qrx_table_get_n_rows (self->table); i++)
    {
      double value = qrx_tensor_get (values, i);
      gboolean sensitive = orientation == QRX_ORIENTATION_LOW_IS_SENSITIVE ? value <= threshold : value >= threshold;

      self->targets[i] = isnan (value) ? NAN : sensitive;
    }
  qrx_predictor_set_probability (QRX_PREDICTOR (self->model), TRUE);
  return TRUE;
}

gboolean
qrx_fit_take_data (QrxFit *self, gsize target, GError **error)
{
  QrxTensor *values = qrx_table_get_target_values (self->table, target);
  const char *name = qrx_table_get_target_name (self->table, target);

  self->train = rows_with_target (self->table, QRX_ROLE_TRAIN, values);
  self->validation = rows_with_target (self->table, QRX_ROLE_VALIDATION, values);
  if (self->train->len < 2)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY,
                   "%u training rows have a known target `%s`; at least 2 are needed", self->train->len, name);
      return FALSE;
    }
  if (!scale_targets (self, values, name, error))
    return FALSE;
  self->targets = g_new (double, qrx_table_get_n_rows (self->table));
  if (self->loss.kind == QRX_LOSS_BINARY_CROSS_ENTROPY)
    return binarize (self, values, target, error);
  for (gsize i = 0; i < qrx_table_get_n_rows (self->table); i++)
    self->targets[i] = (qrx_tensor_get (values, i) - self->model->target_mean) / self->model->target_deviation;
  return TRUE;
}

gboolean
qrx_fit_load_initial (QrxModel *model, const char *path, GError **error)
{
  g_autoptr (QrxSafetensors) file = qrx_safetensors_read (path, error);

  if (file == NULL)
    return FALSE;
  for (const char *const *name = qrx_safetensors_get_names (file); *name != NULL; name++)
    {
      g_autoptr (QrxTensor) value = qrx_safetensors_get (file, *name, error);

      if (value == NULL)
        return FALSE;
      if (!qrx_model_set_parameter (model, *name, value, error))
        {
          g_prefix_error (error, "%s: ", path);
          return FALSE;
        }
    }
  return TRUE;
}

GPtrArray *
qrx_fit_snapshot (QrxModel *model)
{
  GPtrArray *snapshot = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < model->slots->len; i++)
    {
      QrxSlot *slot = qrx_model_slot (model, i);

      for (guint p = 0; p < slot->raw->len; p++)
        g_ptr_array_add (snapshot, qrx_tensor_dup_as (slot->raw->pdata[p], model->dtype));
      for (guint b = 0; b < slot->buffers->len; b++)
        g_ptr_array_add (snapshot, qrx_tensor_dup_as (slot->buffers->pdata[b], QRX_DTYPE_F64));
    }
  return snapshot;
}

void
qrx_fit_restore (QrxModel *model, GPtrArray *snapshot)
{
  guint next = 0;

  for (guint i = 0; i < model->slots->len; i++)
    {
      QrxSlot *slot = qrx_model_slot (model, i);

      for (guint p = 0; p < slot->raw->len; p++)
        qrx_tensor_copy_from (slot->raw->pdata[p], snapshot->pdata[next++]);
      for (guint b = 0; b < slot->buffers->len; b++)
        qrx_tensor_copy_from (slot->buffers->pdata[b], snapshot->pdata[next++]);
      qrx_slot_refresh (slot);
    }
}

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

/* The mean of each group's training rows; of a group whose targets are all missing, that of all rows. */
static gboolean
centre_targets (QrxFit *self, QrxTensor *values, const char *name, GError **error)
{
  g_auto (GStrv) categories = qrx_table_dup_categories (self->table, name, error);
  g_autoptr (QrxAnnotation) annotation = NULL;
  g_autofree int *codes = NULL;
  g_autofree char *warning = NULL;
  g_autofree guint *counts = NULL;
  double *sums;

  if (categories == NULL)
    {
      g_prefix_error (error, "property \"centre-target-by\": ");
      return FALSE;
    }
  annotation = qrx_annotation_new (name, (const char *const *) categories, FALSE);
  codes = qrx_annotation_encode (annotation, self->table, error);
  if (codes == NULL)
    return FALSE;
  warning = qrx_annotation_describe_unseen (annotation, codes, self->table, "their predictions begin at the mean of all");
  if (warning != NULL)
    qrx_context_warn (self->context, self->options->node, warning);
  sums = g_new0 (double, annotation->n);
  counts = g_new0 (guint, annotation->n);
  for (guint i = 0; i < self->train->len; i++)
    {
      guint row = g_array_index (self->train, guint, i);

      if (codes[row] < 0)
        continue;
      sums[codes[row]] += qrx_tensor_get (values, row);
      counts[codes[row]]++;
    }
  for (guint g = 0; g < annotation->n; g++)
    sums[g] = counts[g] > 0 ? sums[g] / counts[g] : self->model->target_mean;
  self->model->target_annotation = (int) qrx_model_add_annotation (self->model, annotation);
  self->model->target_centres = sums;
  return TRUE;
}

/* The targets without what is known of all rows, or of their group: written for all rows of the table. */
static gboolean
subtract_centres (QrxFit *self, QrxTensor *values, GError **error)
{
  g_autofree double *centres = qrx_model_dup_centres (self->model, self->table, error);

  if (centres == NULL)
    return FALSE;
  for (gsize i = 0; i < qrx_table_get_n_rows (self->table); i++)
    self->targets[i] = qrx_tensor_get (values, i) - centres[i];
  return TRUE;
}

/* How many means were taken off. */
static guint
count_centres (QrxFit *self)
{
  QrxModel *model = self->model;

  return model->target_annotation < 0 ? 1 : ((QrxAnnotation *) model->annotations->pdata[model->target_annotation])->n;
}

/* Mean and standard deviation (n − 1, or less each group's mean) of the training targets; an error where they do not vary. */
static gboolean
scale_targets (QrxFit *self, QrxTensor *values, const char *name, GError **error)
{
  double mean = 0, sum = 0;
  guint n = self->train->len, n_centres;

  for (guint i = 0; i < n; i++)
    mean += qrx_tensor_get (values, g_array_index (self->train, guint, i)) / n;
  if (is_constant (self->train, values))
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                   "the target `%s` is the same, %g, in all %u training rows: there is nothing to learn", name,
                   qrx_tensor_get (values, g_array_index (self->train, guint, 0)), n);
      return FALSE;
    }
  if (self->options->scale_target || self->options->centre_by != NULL)
    self->model->target_mean = mean;
  if ((self->options->centre_by != NULL && !centre_targets (self, values, self->options->centre_by, error)) ||
      !subtract_centres (self, values, error))
    return FALSE;
  if (!self->options->scale_target)
    return TRUE;
  n_centres = count_centres (self);
  for (guint i = 0; i < n; i++)
    sum += self->targets[g_array_index (self->train, guint, i)] * self->targets[g_array_index (self->train, guint, i)];
  if (!(sum > 0) || n <= n_centres)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                   "the target `%s` is the same within each %s of the training rows: there is nothing to learn beside means",
                   name, self->options->centre_by != NULL ? self->options->centre_by : "group");
      return FALSE;
    }
  qrx_model_set_target_scaling (self->model, mean, sqrt (sum / (n - n_centres)));
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
  self->targets = g_new (double, MAX (qrx_table_get_n_rows (self->table), 1));
  if (!scale_targets (self, values, name, error))
    return FALSE;
  if (self->loss.kind == QRX_LOSS_BINARY_CROSS_ENTROPY)
    return binarize (self, values, target, error);
  for (gsize i = 0; i < qrx_table_get_n_rows (self->table); i++)
    self->targets[i] /= self->model->target_deviation;
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

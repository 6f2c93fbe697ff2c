/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A predictor made of layers. It keeps what the layers declared and learned, and meets tables by column name; it never
 * keeps one. */
#include "learning/qrx-execution-private.h"

#include <math.h>
#include <string.h>

G_DEFINE_FINAL_TYPE (QrxModel, qrx_model, QRX_TYPE_PREDICTOR)

static void
qrx_model_finalize (GObject *object)
{
  g_ptr_array_unref (QRX_MODEL (object)->slots);
  g_ptr_array_unref (QRX_MODEL (object)->annotations);
  g_free (QRX_MODEL (object)->target_centres);
  G_OBJECT_CLASS (qrx_model_parent_class)->finalize (object);
}

double *
qrx_model_dup_centres (QrxModel *self, QrxTable *table, GError **error)
{
  gsize n = qrx_table_get_n_rows (table);
  g_autofree int *codes = NULL;
  double *centres;

  if (self->target_annotation >= 0)
    {
      codes = qrx_annotation_encode (self->annotations->pdata[self->target_annotation], table, error);
      if (codes == NULL)
        return NULL;
    }
  centres = g_new (double, MAX (n, 1));
  for (gsize i = 0; i < n; i++)
    centres[i] = codes != NULL && codes[i] >= 0 ? self->target_centres[codes[i]] : self->target_mean;
  return centres;
}

static gboolean
qrx_model_fill (QrxPredictor *predictor, QrxTable *table, QrxTensor *values, QrxContext *context,
                   GCancellable *cancellable, GError **error)
{
  QrxModel *self = QRX_MODEL (predictor);
  g_autoptr (QrxIndex) rows = qrx_index_new_range (0, qrx_table_get_n_rows (table));
  g_autoptr (QrxTensor) output = qrx_model_evaluate (self, table, rows, context, cancellable, error);
  g_autofree double *centres = output != NULL ? qrx_model_dup_centres (self, table, error) : NULL;
  gboolean probability = qrx_predictor_peek (predictor)->probability;

  if (centres == NULL)
    return FALSE;
  for (gsize i = 0; i < qrx_tensor_get_n_elements (values); i++)
    {
      double z = qrx_tensor_get (output, i);

      qrx_tensor_set (values, i, probability ? 1 / (1 + exp (-z)) : centres[i] + self->target_deviation * z);
    }
  return TRUE;
}

static void
qrx_model_class_init (QrxModelClass *klass)
{
  QrxPredictorClass *predictor_class = QRX_PREDICTOR_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = qrx_model_finalize;
  predictor_class->name = "layers";
  predictor_class->fill = qrx_model_fill;
  predictor_class->file = &qrx_model_file;
}

static void
qrx_model_init (QrxModel *self)
{
  self->slots = g_ptr_array_new_with_free_func (qrx_slot_free);
  self->annotations = g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_annotation_unref);
  self->target_deviation = 1;
  self->target_annotation = -1;
}

/**
 * qrx_model_evaluate:
 * @self: a model
 * @table: a table with the model's columns
 * @rows: rows of it
 * @context: the run's context
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Computes the output of the last layer, in evaluation mode and before the target's scaling is undone. A row's output depends on
 * no other row, and not on its place.
 *
 * Returns: (transfer full): (length of @rows, width) in the model's element type
 */
QrxTensor *
qrx_model_evaluate (QrxModel *self, QrxTable *table, QrxIndex *rows, QrxContext *context, GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (QrxFeeder) feeder = NULL;

  g_return_val_if_fail (QRX_IS_MODEL (self) && QRX_IS_TABLE (table) && QRX_IS_INDEX (rows), NULL);
  feeder = qrx_feeder_new (self, table, error);
  if (feeder == NULL)
    return NULL;
  return qrx_feeder_evaluate (feeder, (int) self->slots->len - 1, qrx_index_peek (rows), qrx_index_get_length (rows),
                              qrx_context_get_pool (context), cancellable, error);
}

/**
 * qrx_model_get_n_layers:
 * @self: a model
 *
 * Returns: the number of layers
 */
guint
qrx_model_get_n_layers (QrxModel *self)
{
  g_return_val_if_fail (QRX_IS_MODEL (self), 0);
  return self->slots->len;
}

/**
 * qrx_model_get_layer:
 * @self: a model
 * @i: which layer, in the order in which they are computed
 *
 * Returns: (transfer none): the layer
 */
QrxLayer *
qrx_model_get_layer (QrxModel *self, guint i)
{
  g_return_val_if_fail (QRX_IS_MODEL (self), NULL);
  g_return_val_if_fail (i < self->slots->len, NULL);
  return qrx_model_slot (self, i)->layer;
}

static gsize
count_learned (QrxSlot *slot)
{
  gsize n = 0;

  for (guint p = 0; p < slot->raw->len; p++)
    if (((QrxParameter *) slot->plan->parameters->pdata[p])->trainable)
      n += qrx_tensor_get_n_elements (slot->raw->pdata[p]);
  return n;
}

/**
 * qrx_model_get_n_parameters:
 * @self: a model
 *
 * Returns: how many numbers are learned by gradient in all
 */
gsize
qrx_model_get_n_parameters (QrxModel *self)
{
  gsize n = 0;

  g_return_val_if_fail (QRX_IS_MODEL (self), 0);
  for (guint i = 0; i < self->slots->len; i++)
    n += count_learned (qrx_model_slot (self, i));
  return n;
}

/**
 * qrx_model_get_n_layer_parameters:
 * @self: a model
 * @layer_id: the id of a layer
 *
 * Returns: how many numbers are learned by gradient in a layer
 */
gsize
qrx_model_get_n_layer_parameters (QrxModel *self, const char *layer_id)
{
  g_return_val_if_fail (QRX_IS_MODEL (self), 0);
  for (guint i = 0; i < self->slots->len; i++)
    if (g_strcmp0 (qrx_model_slot (self, i)->id, layer_id) == 0)
      return count_learned (qrx_model_slot (self, i));
  return 0;
}

/**
 * qrx_model_dup_parameter_names:
 * @self: a model
 *
 * Returns: (transfer full) (array zero-terminated=1): the names of all parameters, "<layer id>.<name>"
 */
char **
qrx_model_dup_parameter_names (QrxModel *self)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  g_return_val_if_fail (QRX_IS_MODEL (self), NULL);
  for (guint i = 0; i < self->slots->len; i++)
    {
      QrxSlot *slot = qrx_model_slot (self, i);

      for (guint p = 0; p < slot->raw->len; p++)
        {
          g_autofree char *name = g_strdup_printf ("%s.%s", slot->id, ((QrxParameter *) slot->plan->parameters->pdata[p])->name);

          g_strv_builder_add (names, name);
        }
    }
  return g_strv_builder_end (names);
}

gboolean
qrx_model_locate (QrxModel *self, const char *name, QrxSlot **slot, guint *parameter)
{
  for (guint i = 0; i < self->slots->len; i++)
    {
      QrxSlot *candidate = qrx_model_slot (self, i);
      gsize length = strlen (candidate->id);
      int found;

      if (strncmp (name, candidate->id, length) != 0 || name[length] != '.')
        continue;
      found = qrx_plan_find_parameter (candidate->plan, name + length + 1);
      if (found >= 0)
        {
          *slot = candidate;
          *parameter = (guint) found;
          return TRUE;
        }
    }
  return FALSE;
}

/**
 * qrx_model_get_parameter:
 * @self: a model
 * @name: "<layer id>.<name>"
 *
 * Gets the values of a parameter as its layer sees them.
 *
 * Returns: (nullable) (transfer full): a copy; %NULL where there is no such parameter
 */
QrxTensor *
qrx_model_get_parameter (QrxModel *self, const char *name)
{
  QrxSlot *slot;
  guint p;

  g_return_val_if_fail (QRX_IS_MODEL (self) && name != NULL, NULL);
  if (!qrx_model_locate (self, name, &slot, &p))
    return NULL;
  return qrx_tensor_dup_as (slot->effective->pdata[p], self->dtype);
}

/**
 * qrx_model_set_parameter:
 * @self: a model that is not published
 * @name: "<layer id>.<name>"
 * @value: the values as the layer is to see them; of a shared scalar one element is enough
 * @error: return location for an error
 *
 * Sets the values of a parameter.
 * Fails with %QRX_DATA_ERROR_COLUMN if there is no such parameter and %QRX_DATA_ERROR_SHAPE if the size is another.
 *
 * Returns: whether it could
 */
gboolean
qrx_model_set_parameter (QrxModel *self, const char *name, QrxTensor *value, GError **error)
{
  QrxSlot *slot;
  QrxTensor *raw;
  gsize n;
  guint p;

  g_return_val_if_fail (QRX_IS_MODEL (self) && name != NULL && QRX_IS_TENSOR (value), FALSE);
  g_return_val_if_fail (!qrx_value_is_frozen (QRX_VALUE (self)), FALSE);
  if (!qrx_model_locate (self, name, &slot, &p))
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN, "the model has no parameter `%s`", name);
      return FALSE;
    }
  raw = slot->raw->pdata[p];
  n = qrx_tensor_get_n_elements (value);
  if (n != qrx_tensor_get_n_elements (raw))
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                   "the parameter `%s` has %" G_GSIZE_FORMAT " elements, not %" G_GSIZE_FORMAT, name,
                   qrx_tensor_get_n_elements (raw), n);
      return FALSE;
    }
  for (gsize i = 0; i < n; i++)
    qrx_tensor_set (raw, i, qrx_parameter_invert (slot->plan->parameters->pdata[p], qrx_tensor_get (value, i)));
  qrx_slot_refresh (slot);
  return TRUE;
}

/**
 * qrx_model_set_target_scaling:
 * @self: a model that is not published
 * @mean: what is added to an output
 * @deviation: what it is multiplied by before
 *
 * Sets how outputs become predictions in the target's unit.
 */
void
qrx_model_set_target_scaling (QrxModel *self, double mean, double deviation)
{
  g_return_if_fail (QRX_IS_MODEL (self));
  self->target_mean = mean;
  self->target_deviation = deviation;
}

/**
 * qrx_model_get_target_mean:
 * @self: a model
 *
 * Returns: what is added to an output
 */
double
qrx_model_get_target_mean (QrxModel *self)
{
  g_return_val_if_fail (QRX_IS_MODEL (self), 0);
  return self->target_mean;
}

/**
 * qrx_model_get_target_deviation:
 * @self: a model
 *
 * Returns: what an output is multiplied by
 */
double
qrx_model_get_target_deviation (QrxModel *self)
{
  g_return_val_if_fail (QRX_IS_MODEL (self), 1);
  return self->target_deviation;
}

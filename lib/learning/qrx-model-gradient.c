/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The gradient of a fitted model's predictions with respect to the table's features: backwards through every layer, those
 * that were fitted once included. */
#include "learning/qrx-execution-private.h"

#include <math.h>
#include <string.h>

/* What a model goes by beside features. */
typedef struct {
  QrxIndex *rows;   /* of the table, one for each row of features; NULL without a table */
  GPtrArray *codes; /* by annotation: the category of each row of the table */
  double *centres;  /* of targets, by row of the table */
} Known;

static void
known_clear (Known *known)
{
  g_clear_pointer (&known->codes, g_ptr_array_unref);
  g_clear_pointer (&known->centres, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Known, known_clear)

static gboolean
read_known (QrxModel *self, QrxTable *table, Known *known, GError **error)
{
  known->codes = g_ptr_array_new_with_free_func (g_free);
  if (known->rows == NULL && self->annotations->len > 0)
    {
      g_set_error (
          error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
          "the model of `%s` goes by each row's %s beside features, and features alone do not say how it predicts",
          qrx_predictor_get_producer (QRX_PREDICTOR (self)), qrx_predictor_get_annotations (QRX_PREDICTOR (self))[0]);
      return FALSE;
    }
  for (guint i = 0; i < self->annotations->len; i++)
    {
      int *of_rows = qrx_annotation_encode (self->annotations->pdata[i], table, error);

      if (of_rows == NULL)
        return FALSE;
      g_ptr_array_add (known->codes, of_rows);
    }
  known->centres = known->rows != NULL ? qrx_model_dup_centres (self, table, error) : NULL;
  return known->rows == NULL || known->centres != NULL;
}

/* What cannot be differentiated says so before anything is computed. */
static gboolean
check_layers (QrxModel *self, GError **error)
{
  for (guint i = 0; i < self->slots->len; i++)
    {
      QrxSlot *slot = qrx_model_slot (self, i);

      if (QRX_LAYER_GET_CLASS (slot->layer)->backward != NULL)
        continue;
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                   "the layer `%s` of the model of `%s` is of the type `%s`, which has no gradient; use "
                   "permutation-importance, which asks for predictions alone",
                   slot->id, qrx_predictor_get_producer (QRX_PREDICTOR (self)),
                   qrx_node_get_type_name (QRX_NODE (slot->layer)));
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_shapes (QrxModel *self, QrxTensor *features, QrxTensor *values, QrxTensor *gradients, GError **error)
{
  gsize n = qrx_tensor_get_rows (features),
        width = g_strv_length ((char **) qrx_predictor_get_columns (QRX_PREDICTOR (self)));

  if (qrx_tensor_get_columns (features) == width && qrx_tensor_get_rows (gradients) == n &&
      qrx_tensor_get_columns (gradients) == width && qrx_tensor_get_n_elements (values) == n)
    return TRUE;
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
               "features of shape (%" G_GSIZE_FORMAT ", %" G_GSIZE_FORMAT "), gradients of shape (%" G_GSIZE_FORMAT
               ", %" G_GSIZE_FORMAT ") and %" G_GSIZE_FORMAT " values do not fit a model of %" G_GSIZE_FORMAT
               " columns",
               n, qrx_tensor_get_columns (features), qrx_tensor_get_rows (gradients),
               qrx_tensor_get_columns (gradients), qrx_tensor_get_n_elements (values), width);
  return FALSE;
}

/* Rows of @from, the last of them repeated, as the feed's element type has them. */
static void
fill (QrxTensor *feed, QrxTensor *from, gsize first, gsize n)
{
  gsize width = qrx_tensor_get_columns (from);

  for (gsize i = 0; i < qrx_tensor_get_rows (feed); i++)
    for (gsize k = 0; k < width; k++)
      qrx_tensor_set (feed, i * width + k, qrx_tensor_get (from, (first + MIN (i, n - 1)) * width + k));
}

/* The annotations that rows of features have, the last repeated. */
static void
fill_annotations (QrxModel *self, QrxExecution *execution, const Known *known, gsize first, gsize n)
{
  for (guint i = 0; i < self->annotations->len; i++)
    {
      QrxTensor *feed = qrx_execution_get_feed (execution, QRX_SLOT_ANNOTATION (i));

      if (feed != NULL)
        qrx_annotation_expand (self->annotations->pdata[i], known->codes->pdata[i],
                               qrx_index_peek (known->rows) + first, n, qrx_execution_get_n_rows (execution), feed);
    }
}

/* Predictions from outputs, and what each output is to be multiplied by for its gradient. */
static void
read_outputs (QrxModel *self, QrxExecution *execution, const Known *known, QrxTensor *values, gsize first, gsize n)
{
  QrxTensor *output = qrx_execution_get_output (execution), *gradient = qrx_execution_get_output_gradient (execution);

  for (gsize i = 0; i < qrx_execution_get_n_rows (execution); i++)
    {
      double z = qrx_tensor_get (output, i), p = 1 / (1 + exp (-z));
      gboolean probability = qrx_predictor_peek (QRX_PREDICTOR (self))->probability;

      if (i < n)
        {
          double centre =
              known->rows != NULL ? known->centres[qrx_index_get (known->rows, first + i)] : self->target_mean;

          qrx_tensor_set (values, first + i, probability ? p : centre + self->target_deviation * z);
        }
      qrx_tensor_set (gradient, i, probability ? p * (1 - p) : self->target_deviation);
    }
}

/* What all that reads the table wrote, in the order of the slots. */
static void
sum_gradients (QrxModel *self, QrxExecution *execution, QrxTensor *gradients, gsize first, gsize n)
{
  gsize width = qrx_tensor_get_columns (gradients);

  for (guint i = 0; i < self->slots->len; i++)
    for (guint k = 0; k < qrx_model_slot (self, i)->n_inputs; k++)
      {
        QrxTensor *term;

        if (qrx_model_slot (self, i)->inputs[k] != QRX_SLOT_TABLE)
          continue;
        term = qrx_step_get_input_gradient (qrx_execution_get_step (execution, i), k);
        for (gsize j = 0; j < n * width; j++)
          qrx_tensor_set (gradients, first * width + j,
                          qrx_tensor_get (gradients, first * width + j) + qrx_tensor_get (term, j));
      }
}

/**
 * qrx_model_differentiate:
 * @self: a fitted model of one output
 * @features: of shape (rows, columns): the features in the model's own order (qrx_predictor_get_columns())
 * @table: (nullable): a table with the annotations that the model goes by, if it does
 * @rows: (nullable): for each row of features the row of the table whose annotations it has
 * @values: of one element a row, filled with the predictions, in the target's unit, or probabilities
 * @gradients: of shape (rows, columns), filled with the derivative of each prediction with respect to each feature of its row
 * @context: the run's context
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Predicts rows and differentiates the predictions, in evaluation mode: what is fitted once, such as a scaling, is a layer
 * like the others. Fails with %QRX_DATA_ERROR_VALUE if a layer has no gradient, such as trees, or goes by annotations where
 * there is no table, and with %QRX_DATA_ERROR_SHAPE if the tensors do not fit.
 *
 * Returns: whether it could
 */
gboolean
qrx_model_differentiate (QrxModel *self, QrxTensor *features, QrxTable *table, QrxIndex *rows, QrxTensor *values,
                         QrxTensor *gradients, QrxContext *context, GCancellable *cancellable, GError **error)
{
  g_auto (Known) known = { .rows = rows };
  g_autoptr (QrxExecution) execution = NULL;
  QrxTensor *feed;
  gsize n_rows;

  g_return_val_if_fail (QRX_IS_MODEL (self) && QRX_IS_TENSOR (features) && QRX_IS_TENSOR (values), FALSE);
  g_return_val_if_fail (QRX_IS_TENSOR (gradients) && QRX_IS_CONTEXT (context), FALSE);
  g_return_val_if_fail ((table != NULL) == (rows != NULL), FALSE);
  g_return_val_if_fail (rows == NULL || qrx_index_get_length (rows) == qrx_tensor_get_rows (features), FALSE);
  if (!check_layers (self, error) || !read_known (self, table, &known, error) ||
      !check_shapes (self, features, values, gradients, error))
    return FALSE;
  n_rows = qrx_tensor_get_rows (features);
  qrx_tensor_fill (gradients, 0);
  execution = qrx_execution_new (self, QRX_MODE_EVALUATE, QRX_PANEL_ROWS, NULL, qrx_context_get_pool (context), error);
  if (execution == NULL)
    return FALSE;
  qrx_execution_differentiate (execution);
  feed = qrx_execution_get_feed (execution, QRX_SLOT_TABLE);
  for (gsize first = 0; first < n_rows; first += QRX_PANEL_ROWS)
    {
      gsize n = MIN (QRX_PANEL_ROWS, n_rows - first);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      fill (feed, features, first, n);
      fill_annotations (self, execution, &known, first, n);
      if (!qrx_execution_forward (execution, 0, error))
        return FALSE;
      read_outputs (self, execution, &known, values, first, n);
      if (!qrx_execution_backward (execution, error))
        return FALSE;
      sum_gradients (self, execution, gradients, first, n);
    }
  return TRUE;
}

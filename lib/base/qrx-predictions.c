/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Predictions beside the rows they are of, so that an evaluator needs nothing else. */
#include <qrx/qrx-predictions.h>

#include <math.h>

struct _QrxPredictions {
  QrxValue parent_instance;
  QrxTable *table;
  gsize target;
  QrxTensor *values;
  char *producer;
  double threshold;
  gboolean leaking;
  gboolean probability;
  guint8 *known;     /* by row; NULL: none */
  QrxTensor *lower;  /* nullable, as upper */
  QrxTensor *upper;
  double level;
};

G_DEFINE_FINAL_TYPE (QrxPredictions, qrx_predictions, QRX_TYPE_VALUE)

static void
qrx_predictions_finalize (GObject *object)
{
  QrxPredictions *self = QRX_PREDICTIONS (object);

  g_clear_object (&self->table);
  g_clear_object (&self->values);
  g_clear_object (&self->lower);
  g_clear_object (&self->upper);
  g_free (self->known);
  g_free (self->producer);
  G_OBJECT_CLASS (qrx_predictions_parent_class)->finalize (object);
}

static char *
qrx_predictions_describe (QrxValue *value)
{
  QrxPredictions *self = QRX_PREDICTIONS (value);

  return g_strdup_printf ("predictions[%" G_GSIZE_FORMAT " rows of %s by %s]", qrx_table_get_n_rows (self->table),
                          qrx_table_get_target_name (self->table, self->target), self->producer);
}

static void
qrx_predictions_freeze (QrxValue *value)
{
  qrx_value_freeze (QRX_VALUE (QRX_PREDICTIONS (value)->table));
}

static void
qrx_predictions_class_init (QrxPredictionsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_predictions_finalize;
  QRX_VALUE_CLASS (klass)->kind = "predictions";
  QRX_VALUE_CLASS (klass)->describe = qrx_predictions_describe;
  QRX_VALUE_CLASS (klass)->freeze = qrx_predictions_freeze;
}

static void
qrx_predictions_init (QrxPredictions *self)
{
  self->level = NAN;
}

static gboolean
check_values (QrxTable *table, QrxTensor *values, const char *producer, GError **error)
{
  gsize n_rows = qrx_table_get_n_rows (table);

  if (qrx_tensor_get_dtype (values) != QRX_DTYPE_F64 || qrx_tensor_get_n_elements (values) != n_rows ||
      qrx_tensor_get_rows (values) != n_rows)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                   "Predictions of \"%s\" need %" G_GSIZE_FORMAT " values of float64, one a row, not %" G_GSIZE_FORMAT
                   " rows of %" G_GSIZE_FORMAT " values of %s",
                   producer, n_rows, qrx_tensor_get_rows (values), qrx_tensor_get_columns (values),
                   qrx_dtype_get_name (qrx_tensor_get_dtype (values)));
      return FALSE;
    }
  for (gsize i = 0; i < n_rows; i++)
    if (!isfinite (qrx_tensor_peek_f64 (values)[i]))
      {
        g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_NOT_FINITE, "\"%s\" predicts %g for row \"%s\"", producer,
                     qrx_tensor_peek_f64 (values)[i], qrx_table_get_id (table, i));
        return FALSE;
      }
  return TRUE;
}

static gboolean
check (QrxTable *table, gsize target, QrxTensor *values, const char *producer, GError **error)
{
  if (!qrx_table_is_split (table))
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                   "Predictions of \"%s\" need a table whose rows have roles; split it, or make all of them external", producer);
      return FALSE;
    }
  if (target >= qrx_table_get_n_targets (table))
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
                   "Predictions of \"%s\" are of target %" G_GSIZE_FORMAT ", counted from 0, but the table has %" G_GSIZE_FORMAT,
                   producer, target, qrx_table_get_n_targets (table));
      return FALSE;
    }
  return check_values (table, values, producer, error);
}

/**
 * qrx_predictions_new:
 * @table: the rows predicted, with roles
 * @target: which of the table's targets, counted from 0
 * @values: float64, of shape (rows, 1) or (rows): the predictions, in the target's unit; they become read-only
 * @producer: the id of the node that made them
 * @threshold: the training median of the target, in its unit: the default cut between sensitive and resistant; NaN if
 *   unknown
 * @error: return location for an error
 *
 * Joins predictions to the rows they are of.
 *
 * Fails with %QRX_DATA_ERROR_VALUE if the table has no roles, with %QRX_DATA_ERROR_COLUMN if it has no such target, with
 * %QRX_DATA_ERROR_SHAPE if there is not one float64 value a row, and with %QRX_RUN_ERROR_NOT_FINITE if a prediction is
 * not finite.
 *
 * Returns: (transfer full): the predictions
 */
QrxPredictions *
qrx_predictions_new (QrxTable *table, gsize target, QrxTensor *values, const char *producer, double threshold,
                     GError **error)
{
  QrxPredictions *self;

  g_return_val_if_fail (QRX_IS_TABLE (table) && QRX_IS_TENSOR (values) && producer != NULL, NULL);

  if (!check (table, target, values, producer, error))
    return NULL;
  self = g_object_new (QRX_TYPE_PREDICTIONS, NULL);
  qrx_tensor_set_read_only (values);
  self->table = g_object_ref (table);
  self->target = target;
  self->values = g_object_ref (values);
  self->producer = g_strdup (producer);
  self->threshold = threshold;
  return self;
}

/**
 * qrx_predictions_get_table:
 * @self: predictions
 *
 * Gets the rows that were predicted.
 *
 * Returns: (transfer none): the table, with roles
 */
QrxTable *
qrx_predictions_get_table (QrxPredictions *self)
{
  g_return_val_if_fail (QRX_IS_PREDICTIONS (self), NULL);
  return self->table;
}

/**
 * qrx_predictions_get_target:
 * @self: predictions
 *
 * Gets which of the table's targets was predicted.
 *
 * Returns: the number of the target, counted from 0
 */
gsize
qrx_predictions_get_target (QrxPredictions *self)
{
  g_return_val_if_fail (QRX_IS_PREDICTIONS (self), 0);
  return self->target;
}

/**
 * qrx_predictions_get_values:
 * @self: predictions
 *
 * Gets the predicted values.
 *
 * Returns: (transfer none): read-only float64 values, one a row, in the target's unit
 */
QrxTensor *
qrx_predictions_get_values (QrxPredictions *self)
{
  g_return_val_if_fail (QRX_IS_PREDICTIONS (self), NULL);
  return self->values;
}

/**
 * qrx_predictions_get_producer:
 * @self: predictions
 *
 * Gets the node that made the predictions.
 *
 * Returns: the id of the node
 */
const char *
qrx_predictions_get_producer (QrxPredictions *self)
{
  g_return_val_if_fail (QRX_IS_PREDICTIONS (self), NULL);
  return self->producer;
}

/**
 * qrx_predictions_get_threshold:
 * @self: predictions
 *
 * Gets the training median of the target, the default cut between sensitive and resistant.
 *
 * Returns: the threshold in the target's unit, NaN if unknown
 */
double
qrx_predictions_get_threshold (QrxPredictions *self)
{
  g_return_val_if_fail (QRX_IS_PREDICTIONS (self), NAN);
  return self->threshold;
}

/**
 * qrx_predictions_set_leaking:
 * @self: predictions that are not yet published
 * @leaking: whether rows that fitted or selected part of the model are scored on purpose
 *
 * Marks predictions whose scores are not those of unseen rows; every score says so.
 */
void
qrx_predictions_set_leaking (QrxPredictions *self, gboolean leaking)
{
  g_return_if_fail (QRX_IS_PREDICTIONS (self));
  g_return_if_fail (!qrx_value_is_frozen (QRX_VALUE (self)));
  self->leaking = leaking;
}

/**
 * qrx_predictions_is_leaking:
 * @self: predictions
 *
 * Tells whether rows that fitted or selected part of the model are scored on purpose.
 *
 * Returns: whether they are
 */
gboolean
qrx_predictions_is_leaking (QrxPredictions *self)
{
  g_return_val_if_fail (QRX_IS_PREDICTIONS (self), FALSE);
  return self->leaking;
}

/**
 * qrx_predictions_set_probability:
 * @self: predictions that are not yet published
 * @probability: whether the values are probabilities that a row is sensitive
 *
 * Marks predictions that are probabilities of being sensitive rather than values of the target.
 */
void
qrx_predictions_set_probability (QrxPredictions *self, gboolean probability)
{
  g_return_if_fail (QRX_IS_PREDICTIONS (self));
  g_return_if_fail (!qrx_value_is_frozen (QRX_VALUE (self)));
  self->probability = probability;
}

/**
 * qrx_predictions_is_probability:
 * @self: predictions
 *
 * Tells whether the values are probabilities that a row is sensitive rather than values of the target.
 *
 * Returns: whether they are
 */
gboolean
qrx_predictions_is_probability (QrxPredictions *self)
{
  g_return_val_if_fail (QRX_IS_PREDICTIONS (self), FALSE);
  return self->probability;
}

/**
 * qrx_predictions_set_known:
 * @self: predictions that are not yet published
 * @row: a row of the table
 * @known: whether it fitted or selected part of the model, or shares with such a row what the split keeps unseen
 *
 * Marks a row whose prediction is not one of an unseen row.
 */
void
qrx_predictions_set_known (QrxPredictions *self, gsize row, gboolean known)
{
  g_return_if_fail (QRX_IS_PREDICTIONS (self) && row < qrx_table_get_n_rows (self->table));
  g_return_if_fail (!qrx_value_is_frozen (QRX_VALUE (self)));
  if (self->known == NULL)
    self->known = g_new0 (guint8, qrx_table_get_n_rows (self->table));
  self->known[row] = known != FALSE;
}

/**
 * qrx_predictions_is_known:
 * @self: predictions
 * @row: a row of the table
 *
 * Tells whether a row took part in making the model: it is a training row, or is marked so.
 *
 * Returns: whether it did
 */
gboolean
qrx_predictions_is_known (QrxPredictions *self, gsize row)
{
  g_return_val_if_fail (QRX_IS_PREDICTIONS (self) && row < qrx_table_get_n_rows (self->table), FALSE);
  return qrx_table_get_role (self->table, row) == QRX_ROLE_TRAIN || (self->known != NULL && self->known[row]);
}

/**
 * qrx_predictions_set_interval:
 * @self: predictions that are not yet published
 * @lower: float64, one a row, in the target's unit; it becomes read-only
 * @upper: likewise
 * @level: the rate at which the intervals are meant to hold the target, between 0 and 1
 * @error: return location for an error
 *
 * Gives every prediction an interval. Fails as qrx_predictions_new() does.
 *
 * Returns: whether they fit
 */
gboolean
qrx_predictions_set_interval (QrxPredictions *self, QrxTensor *lower, QrxTensor *upper, double level, GError **error)
{
  g_return_val_if_fail (QRX_IS_PREDICTIONS (self) && QRX_IS_TENSOR (lower) && QRX_IS_TENSOR (upper), FALSE);
  g_return_val_if_fail (!qrx_value_is_frozen (QRX_VALUE (self)), FALSE);
  g_return_val_if_fail (level > 0 && level < 1, FALSE);
  if (!check_values (self->table, lower, self->producer, error) ||
      !check_values (self->table, upper, self->producer, error))
    return FALSE;
  qrx_tensor_set_read_only (lower);
  qrx_tensor_set_read_only (upper);
  g_set_object (&self->lower, lower);
  g_set_object (&self->upper, upper);
  self->level = level;
  return TRUE;
}

/**
 * qrx_predictions_get_lower:
 * @self: predictions
 *
 * Gets the lower ends of the intervals.
 *
 * Returns: (transfer none) (nullable): float64, one a row, in the target's unit; %NULL without intervals
 */
QrxTensor *
qrx_predictions_get_lower (QrxPredictions *self)
{
  g_return_val_if_fail (QRX_IS_PREDICTIONS (self), NULL);
  return self->lower;
}

/**
 * qrx_predictions_get_upper:
 * @self: predictions
 *
 * Gets the upper ends of the intervals.
 *
 * Returns: (transfer none) (nullable): float64, one a row, in the target's unit; %NULL without intervals
 */
QrxTensor *
qrx_predictions_get_upper (QrxPredictions *self)
{
  g_return_val_if_fail (QRX_IS_PREDICTIONS (self), NULL);
  return self->upper;
}

/**
 * qrx_predictions_get_level:
 * @self: predictions
 *
 * Gets the rate at which the intervals are meant to hold the target.
 *
 * Returns: the level, NaN without intervals
 */
double
qrx_predictions_get_level (QrxPredictions *self)
{
  g_return_val_if_fail (QRX_IS_PREDICTIONS (self), NAN);
  return self->level;
}

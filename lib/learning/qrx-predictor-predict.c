/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prediction with its checks: columns by name, no row that made the model scored as unseen, nothing that is not finite. */
#include "learning/qrx-predictor-private.h"

#include <math.h>

static gboolean
check_annotations (QrxPredictor *self, QrxTable *table, GError **error)
{
  for (const char *const *name = qrx_predictor_get_annotations (self); *name != NULL; name++)
    if (!qrx_table_require_annotation (table, *name, error))
      {
        g_prefix_error (error, "the model of `%s` needs to know each row's %s: ", qrx_predictor_get_producer (self),
                        *name);
        return FALSE;
      }
  return TRUE;
}

/**
 * qrx_predictor_predict_values:
 * @self: a predictor
 * @table: rows with the features that the predictor needs; targets are not looked at
 * @context: the run's context
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Predicts every row of a table.
 * Fails with %QRX_DATA_ERROR_COLUMN if features or annotations are missing and
 * %QRX_RUN_ERROR_NOT_FINITE if a prediction is not a number.
 *
 * Returns: (transfer full): float64 (rows, 1), in the target's unit
 */
QrxTensor *
qrx_predictor_predict_values (QrxPredictor *self, QrxTable *table, QrxContext *context, GCancellable *cancellable,
                              GError **error)
{
  QrxPredictorClass *klass = QRX_PREDICTOR_GET_CLASS (self);
  g_autoptr (QrxTensor) values = NULL;
  GError *failure = NULL;

  g_return_val_if_fail (QRX_IS_PREDICTOR (self) && QRX_IS_TABLE (table) && QRX_IS_CONTEXT (context), NULL);
  g_return_val_if_fail (klass->fill != NULL, NULL);

  if (!check_annotations (self, table, error))
    return NULL;
  values = qrx_tensor_new_matrix (QRX_DTYPE_F64, qrx_table_get_n_rows (table), 1);
  if (!klass->fill (self, table, values, context, cancellable, &failure) || failure != NULL)
    {
      if (failure == NULL)
        failure = g_error_new (QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED, "the model of `%s` failed without saying why",
                               qrx_predictor_get_producer (self));
      g_propagate_error (error, failure);
      return NULL;
    }
  for (gsize i = 0; i < qrx_table_get_n_rows (table); i++)
    if (!isfinite (qrx_tensor_get (values, i)))
      {
        g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_NOT_FINITE, "the model of `%s` predicts %g for the row `%s`",
                     qrx_predictor_get_producer (self), qrx_tensor_get (values, i), qrx_table_get_id (table, i));
        return NULL;
      }
  qrx_tensor_set_read_only (values);
  return g_steal_pointer (&values);
}

/* Which rows took part in making the predictor; the training rows are not asked. Counts those that are there to be scored,
 * and finds the first of them. */
static guint8 *
find_known (QrxPredictor *self, QrxTable *table, gsize *n_leaks, gsize *first)
{
  gsize n = qrx_table_get_n_rows (table);
  guint8 *known = g_new0 (guint8, MAX (n, 1));

  *n_leaks = 0;
  for (gsize i = 0; i < n; i++)
    {
      QrxRole role = qrx_table_get_role (table, i);

      known[i] = role != QRX_ROLE_TRAIN && qrx_predictor_was_fitted_on (self, table, i);
      if (known[i] && (role == QRX_ROLE_TEST || role == QRX_ROLE_EXTERNAL) && (*n_leaks)++ == 0)
        *first = i;
    }
  return known;
}

/* The target of a table that a predictor predicts; an error where it has none of that name, unit and orientation. */
static gboolean
match_target (QrxPredictor *self, QrxTable *table, gsize *target, GError **error)
{
  QrxPredictorPrivate *priv = qrx_predictor_peek (self);
  int found = qrx_table_find_target (table, priv->target_name);
  QrxOrientation orientation = found >= 0 ? qrx_table_get_target_orientation (table, (gsize) found) : QRX_ORIENTATION_NONE;

  if (found < 0)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
                   "the table has no target `%s`, which the model of `%s` predicts%s%s%s",
                   priv->target_name, priv->producer, qrx_table_get_n_targets (table) > 0 ? "; it has `" : "",
                   qrx_table_get_n_targets (table) > 0 ? qrx_table_get_target_name (table, 0) : "",
                   qrx_table_get_n_targets (table) > 0 ? "`" : "");
      return FALSE;
    }
  if (g_strcmp0 (qrx_table_get_target_unit (table, (gsize) found), priv->target_unit) != 0)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                   "the target `%s` is in %s here, and in %s where the model of `%s` was fitted", priv->target_name,
                   qrx_table_get_target_unit (table, (gsize) found), priv->target_unit, priv->producer);
      return FALSE;
    }
  if (priv->orientation != QRX_ORIENTATION_NONE && orientation != QRX_ORIENTATION_NONE && orientation != priv->orientation)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                   "the target `%s` is %s here, and %s where the model of `%s` was fitted", priv->target_name,
                   qrx_orientation_get_name (orientation), qrx_orientation_get_name (priv->orientation), priv->producer);
      return FALSE;
    }
  *target = (gsize) found;
  return TRUE;
}

/**
 * qrx_predictor_predict:
 * @self: a predictor
 * @table: rows with roles, features and the target that the predictor predicts
 * @allow_leakage: whether rows with the role test or external that took part in making the predictor may be predicted;
 *   the predictions are then marked
 * @context: the run's context
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Predicts every row of a table, for scoring.
 * Fails with %QRX_DATA_ERROR_LEAKAGE, %QRX_DATA_ERROR_COLUMN, or as qrx_predictor_predict_values().
 *
 * Returns: (transfer full): the predictions
 */
QrxPredictions *
qrx_predictor_predict (QrxPredictor *self, QrxTable *table, gboolean allow_leakage, QrxContext *context,
                       GCancellable *cancellable, GError **error)
{
  g_autoptr (QrxTensor) values = NULL;
  g_autofree guint8 *known = NULL;
  QrxPredictions *predictions;
  gsize target, first = 0, n_leaks;

  g_return_val_if_fail (QRX_IS_PREDICTOR (self) && QRX_IS_TABLE (table), NULL);

  known = find_known (self, table, &n_leaks, &first);
  if (n_leaks > 0 && !allow_leakage)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_LEAKAGE,
                   "%" G_GSIZE_FORMAT " rows to be scored as unseen took part in making the model of `%s`, the first of them "
                   "`%s` (itself, or what the split keeps unseen of it: its line, donor or drug); use rows that it never saw, "
                   "or set allow-leakage",
                   n_leaks, qrx_predictor_get_producer (self), qrx_table_get_id (table, first));
      return NULL;
    }
  if (!match_target (self, table, &target, error))
    return NULL;
  values = qrx_predictor_predict_values (self, table, context, cancellable, error);
  if (values == NULL)
    return NULL;
  predictions = qrx_predictions_new (table, target, values, qrx_predictor_get_producer (self),
                                     qrx_predictor_get_threshold (self), error);
  if (predictions == NULL)
    return NULL;
  qrx_predictions_set_leaking (predictions, n_leaks > 0);
  for (gsize i = 0; i < qrx_table_get_n_rows (table); i++)
    if (known[i])
      qrx_predictions_set_known (predictions, i, TRUE);
  qrx_predictions_set_probability (predictions, qrx_predictor_peek (self)->probability);
  return predictions;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What every fitted thing has in common: it remembers the columns, the target and the rows that made it, and refuses to be
 * scored on them. */
#include "learning/qrx-predictor-private.h"

#include <qrx/qrx-statistics.h>

#include <math.h>

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (QrxPredictor, qrx_predictor, QRX_TYPE_VALUE)

/* A row takes part through itself and through what it shares with others: its donor, its line and its drug, and each of
 * the first two with the drug. Which of them make a row known depends on what a split keeps unseen. */
static const char *const identities[] = { QRX_ANNOTATION_DONOR, QRX_ANNOTATION_LINE, QRX_ANNOTATION_DRUG };

/* "donor:PT-1", or "donor:PT-1/drug:Cisplatin" of a pair; NULL where the table does not tell. */
static char *
make_key (QrxTable *table, gsize row, const char *kind, gboolean of_pair)
{
  const char *value = qrx_table_get_annotation (table, kind, row);
  const char *drug = of_pair ? qrx_table_get_annotation (table, QRX_ANNOTATION_DRUG, row) : NULL;

  if (value == NULL || value[0] == '\0' || (of_pair && (drug == NULL || drug[0] == '\0')))
    return NULL;
  return of_pair ? g_strconcat (kind, ":", value, "/" QRX_ANNOTATION_DRUG ":", drug, NULL)
                 : g_strconcat (kind, ":", value, NULL);
}

QrxPredictorPrivate *
qrx_predictor_peek (QrxPredictor *self)
{
  return qrx_predictor_get_instance_private (self);
}

static void
qrx_predictor_finalize (GObject *object)
{
  QrxPredictorPrivate *priv = qrx_predictor_get_instance_private (QRX_PREDICTOR (object));

  g_free (priv->producer);
  g_strfreev (priv->columns);
  g_ptr_array_unref (priv->annotations);
  g_free (priv->target_name);
  g_free (priv->target_unit);
  g_hash_table_unref (priv->fitted);
  G_OBJECT_CLASS (qrx_predictor_parent_class)->finalize (object);
}

static void
qrx_predictor_class_init (QrxPredictorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_predictor_finalize;
  QRX_VALUE_CLASS (klass)->kind = "model";
}

static void
qrx_predictor_init (QrxPredictor *self)
{
  QrxPredictorPrivate *priv = qrx_predictor_get_instance_private (self);

  priv->threshold = NAN;
  priv->columns = g_new0 (char *, 1);
  priv->annotations = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (priv->annotations, NULL);
  priv->producer = g_strdup ("");
  priv->target_name = g_strdup ("");
  priv->target_unit = g_strdup ("");
  priv->fitted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * qrx_predictor_set_producer:
 * @self: a predictor that is not published
 * @node_id: the id of the node that fits it
 *
 * Says who made the predictor.
 */
void
qrx_predictor_set_producer (QrxPredictor *self, const char *node_id)
{
  QrxPredictorPrivate *priv = qrx_predictor_get_instance_private (self);

  g_return_if_fail (QRX_IS_PREDICTOR (self) && node_id != NULL);
  g_free (priv->producer);
  priv->producer = g_strdup (node_id);
}

/**
 * qrx_predictor_set_probability:
 * @self: a predictor that is not published
 * @probability: whether it predicts the probability that a row is sensitive
 *
 * Says that the predictions are probabilities of being sensitive rather than values of the target.
 */
void
qrx_predictor_set_probability (QrxPredictor *self, gboolean probability)
{
  QrxPredictorPrivate *priv = qrx_predictor_get_instance_private (self);

  g_return_if_fail (QRX_IS_PREDICTOR (self));
  priv->probability = probability;
}

/**
 * qrx_predictor_is_probability:
 * @self: a predictor
 *
 * Returns: whether it predicts the probability that a row is sensitive, rather than values of the target
 */
gboolean
qrx_predictor_is_probability (QrxPredictor *self)
{
  QrxPredictorPrivate *priv = qrx_predictor_get_instance_private (self);

  g_return_val_if_fail (QRX_IS_PREDICTOR (self), FALSE);
  return priv->probability;
}

/* The median of a target over the training rows where it is known; NaN where there are none. */
static double
training_median (QrxTable *table, gsize target)
{
  g_autoptr (GArray) known = g_array_new (FALSE, FALSE, sizeof (double));
  QrxTensor *values = qrx_table_get_target_values (table, target);
  double median;

  for (gsize i = 0; i < qrx_table_get_n_rows (table); i++)
    {
      double value = qrx_tensor_get (values, i);

      if (qrx_table_get_role (table, i) == QRX_ROLE_TRAIN && !isnan (value))
        g_array_append_val (known, value);
    }
  return qrx_statistics_median ((double *) known->data, known->len, &median, NULL) ? median : NAN;
}

/**
 * qrx_predictor_learn_from:
 * @self: a predictor that is not published
 * @table: the table that fits it
 * @target: which of its targets
 *
 * Remembers of a table what prediction on another needs: the columns, and the target's name, unit, orientation and
 * training median.
 */
void
qrx_predictor_learn_from (QrxPredictor *self, QrxTable *table, gsize target)
{
  QrxPredictorPrivate *priv = qrx_predictor_get_instance_private (self);

  g_return_if_fail (QRX_IS_PREDICTOR (self) && QRX_IS_TABLE (table));
  g_return_if_fail (target < qrx_table_get_n_targets (table));
  g_strfreev (priv->columns);
  priv->columns = g_strdupv ((char **) qrx_table_get_feature_names (table));
  g_free (priv->target_name);
  priv->target_name = g_strdup (qrx_table_get_target_name (table, target));
  g_free (priv->target_unit);
  priv->target_unit = g_strdup (qrx_table_get_target_unit (table, target));
  priv->orientation = qrx_table_get_target_orientation (table, target);
  priv->threshold = training_median (table, target);
}

/**
 * qrx_predictor_add_annotation:
 * @self: a predictor that is not published
 * @name: the name of an annotation, such as %QRX_ANNOTATION_DRUG
 *
 * Remembers that prediction needs an annotation of the rows beside their features. Whether a table has it is checked before
 * anything is predicted.
 */
void
qrx_predictor_add_annotation (QrxPredictor *self, const char *name)
{
  QrxPredictorPrivate *priv = qrx_predictor_get_instance_private (self);

  g_return_if_fail (QRX_IS_PREDICTOR (self) && name != NULL);
  if (!g_strv_contains ((const char *const *) priv->annotations->pdata, name))
    g_ptr_array_insert (priv->annotations, (int) priv->annotations->len - 1, g_strdup (name));
}

/**
 * qrx_predictor_add_fitted_rows:
 * @self: a predictor that is not published
 * @table: a table
 * @rows: the rows that fitted or selected any part of the predictor
 *
 * Remembers which rows made the predictor, with their donors, lines and drugs.
 */
void
qrx_predictor_add_fitted_rows (QrxPredictor *self, QrxTable *table, QrxIndex *rows)
{
  QrxPredictorPrivate *priv = qrx_predictor_get_instance_private (self);

  g_return_if_fail (QRX_IS_PREDICTOR (self) && QRX_IS_TABLE (table) && QRX_IS_INDEX (rows));
  for (gsize i = 0; i < qrx_index_get_length (rows); i++)
    {
      guint row = qrx_index_get (rows, i);

      g_hash_table_add (priv->fitted, g_strconcat ("id:", qrx_table_get_id (table, row), NULL));
      for (guint k = 0; k < G_N_ELEMENTS (identities); k++)
        for (guint of_pair = 0; of_pair < 2; of_pair++)
          {
            char *key = make_key (table, row, identities[k], of_pair);

            if (key != NULL)
              g_hash_table_add (priv->fitted, key);
          }
    }
}

/**
 * qrx_predictor_add_fitted_rows_of:
 * @self: a predictor that is not published
 * @other: a predictor of which @self uses a part
 *
 * Remembers the rows that made another predictor too.
 */
void
qrx_predictor_add_fitted_rows_of (QrxPredictor *self, QrxPredictor *other)
{
  QrxPredictorPrivate *priv = qrx_predictor_get_instance_private (self);
  QrxPredictorPrivate *theirs = qrx_predictor_get_instance_private (other);
  GHashTableIter iter;
  gpointer key;

  g_return_if_fail (QRX_IS_PREDICTOR (self) && QRX_IS_PREDICTOR (other));
  g_hash_table_iter_init (&iter, theirs->fitted);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_hash_table_add (priv->fitted, g_strdup (key));
}

static gboolean
knows (QrxPredictorPrivate *priv, QrxTable *table, gsize row, const char *kind, gboolean of_pair)
{
  g_autofree char *key = make_key (table, row, kind, of_pair);

  return key != NULL && g_hash_table_contains (priv->fitted, key);
}

/**
 * qrx_predictor_was_fitted_on:
 * @self: a predictor
 * @table: a table
 * @row: one of its rows
 *
 * Tells whether a row fitted or selected any part of the predictor, or one that shares with it what the table's split
 * keeps unseen (qrx_table_get_unseen()): its donor or line, its drug, or the pair of both.
 *
 * Returns: whether it did
 */
gboolean
qrx_predictor_was_fitted_on (QrxPredictor *self, QrxTable *table, gsize row)
{
  QrxPredictorPrivate *priv = qrx_predictor_get_instance_private (self);
  QrxUnseen unseen = qrx_table_get_unseen (table);
  g_autofree char *id = NULL;

  g_return_val_if_fail (QRX_IS_PREDICTOR (self) && QRX_IS_TABLE (table), FALSE);
  id = g_strconcat ("id:", qrx_table_get_id (table, row), NULL);
  if (g_hash_table_contains (priv->fitted, id))
    return TRUE;
  if (unseen == QRX_UNSEEN_DRUGS)
    return knows (priv, table, row, QRX_ANNOTATION_DRUG, FALSE);
  return knows (priv, table, row, QRX_ANNOTATION_DONOR, unseen == QRX_UNSEEN_PAIRS) ||
         knows (priv, table, row, QRX_ANNOTATION_LINE, unseen == QRX_UNSEEN_PAIRS);
}

/**
 * qrx_predictor_get_producer:
 * @self: a predictor
 *
 * Returns: the id of the node that fitted it
 */
const char *
qrx_predictor_get_producer (QrxPredictor *self)
{
  QrxPredictorPrivate *priv = qrx_predictor_get_instance_private (self);

  g_return_val_if_fail (QRX_IS_PREDICTOR (self), NULL);
  return priv->producer;
}

/**
 * qrx_predictor_get_columns:
 * @self: a predictor
 *
 * Returns: (transfer none) (array zero-terminated=1): the columns that a table must have, in any order
 */
const char *const *
qrx_predictor_get_columns (QrxPredictor *self)
{
  QrxPredictorPrivate *priv = qrx_predictor_get_instance_private (self);

  g_return_val_if_fail (QRX_IS_PREDICTOR (self), NULL);
  return (const char *const *) priv->columns;
}

/**
 * qrx_predictor_get_annotations:
 * @self: a predictor
 *
 * Returns: (transfer none) (array zero-terminated=1): the annotations that the rows of a table must have beside features
 */
const char *const *
qrx_predictor_get_annotations (QrxPredictor *self)
{
  QrxPredictorPrivate *priv = qrx_predictor_get_instance_private (self);

  g_return_val_if_fail (QRX_IS_PREDICTOR (self), NULL);
  return (const char *const *) priv->annotations->pdata;
}

/**
 * qrx_predictor_get_target_name:
 * @self: a predictor
 *
 * Returns: the name of the target
 */
const char *
qrx_predictor_get_target_name (QrxPredictor *self)
{
  QrxPredictorPrivate *priv = qrx_predictor_get_instance_private (self);

  g_return_val_if_fail (QRX_IS_PREDICTOR (self), NULL);
  return priv->target_name;
}

/**
 * qrx_predictor_get_target_unit:
 * @self: a predictor
 *
 * Returns: the unit of the target and of the predictions
 */
const char *
qrx_predictor_get_target_unit (QrxPredictor *self)
{
  QrxPredictorPrivate *priv = qrx_predictor_get_instance_private (self);

  g_return_val_if_fail (QRX_IS_PREDICTOR (self), NULL);
  return priv->target_unit;
}

/**
 * qrx_predictor_get_orientation:
 * @self: a predictor
 *
 * Returns: which end of the target means sensitive
 */
QrxOrientation
qrx_predictor_get_orientation (QrxPredictor *self)
{
  QrxPredictorPrivate *priv = qrx_predictor_get_instance_private (self);

  g_return_val_if_fail (QRX_IS_PREDICTOR (self), QRX_ORIENTATION_NONE);
  return priv->orientation;
}

/**
 * qrx_predictor_get_threshold:
 * @self: a predictor
 *
 * Returns: the training median of the target; NaN if it is unknown
 */
double
qrx_predictor_get_threshold (QrxPredictor *self)
{
  QrxPredictorPrivate *priv = qrx_predictor_get_instance_private (self);

  g_return_val_if_fail (QRX_IS_PREDICTOR (self), NAN);
  return priv->threshold;
}

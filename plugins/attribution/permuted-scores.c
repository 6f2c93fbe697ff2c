/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Predicts rows whose columns were dealt anew one at a time, several such sets of rows in one table, by predictions alone,
 * so that it does not matter what the model is. Knows no nodes. */
#include "permuted-scores.h"

#include <math.h>
#include <qrx/qrx-dense-block.h>
#include <qrx/qrx-error.h>
#include <qrx/qrx-random.h>
#include <qrx/qrx-statistics.h>
#include <string.h>

#define MAX_NUMBERS (1u << 22) /* of a table of copies */

static QrxTensor *
get_targets (const PermutedPlan *plan)
{
  return qrx_table_get_target_values (plan->table, plan->target);
}

/* RMSE, or the AUC of the rows that are sensitive at the model's threshold. */
static gboolean
score_rows (const PermutedPlan *plan, const double *predictions, gboolean is_probability, double *score, GError **error)
{
  gsize n = qrx_index_get_length (plan->rows);
  g_autofree double *targets = g_new (double, n), *scores = g_new (double, n);
  g_autofree guint8 *sensitive = g_new (guint8, n);
  QrxOrientation orientation = qrx_table_get_target_orientation (plan->table, plan->target);
  double sign = orientation == QRX_ORIENTATION_LOW_IS_SENSITIVE ? -1 : 1;
  double threshold = qrx_predictor_get_threshold (plan->model);
  const char *reason = "it is not known which end of the target is sensitive, or where the cut is";
  gboolean defined;

  for (gsize i = 0; i < n; i++)
    {
      targets[i] = qrx_tensor_get (get_targets (plan), qrx_index_get (plan->rows, i));
      scores[i] = is_probability ? predictions[i] : sign * predictions[i];
      sensitive[i] = sign * targets[i] > sign * threshold;
    }
  if (plan->by_auc)
    defined = orientation != QRX_ORIENTATION_NONE && !isnan (threshold) &&
              qrx_statistics_auc (scores, sensitive, n, score, &reason);
  else if (is_probability)
    {
      defined = FALSE;
      reason = "the model predicts probabilities: use the score \"auc\"";
    }
  else
    defined = qrx_statistics_rmse (targets, predictions, n, score, &reason);
  if (!defined)
    g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE, "the %s of %" G_GSIZE_FORMAT " rows is not defined: %s",
                 plan->by_auc ? "AUC" : "RMSE", n, reason);
  return defined;
}

/* Rows of the plan that one value of the annotation has; all, without one. */
static GPtrArray *
list_strata (const PermutedPlan *plan)
{
  g_autoptr (GHashTable) by_value = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *strata = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);

  for (gsize i = 0; i < qrx_index_get_length (plan->rows); i++)
    {
      const char *value = plan->within != NULL
                              ? qrx_table_get_annotation (plan->table, plan->within, qrx_index_get (plan->rows, i))
                              : NULL;
      GArray *stratum = g_hash_table_lookup (by_value, value != NULL ? value : "");

      if (stratum == NULL)
        {
          stratum = g_array_new (FALSE, FALSE, sizeof (gsize));
          g_ptr_array_add (strata, stratum);
          g_hash_table_insert (by_value, (gpointer) (value != NULL ? value : ""), stratum);
        }
      g_array_append_val (stratum, i);
    }
  return strata;
}

/* One column of a copy, dealt anew; a gene's streams are its own, so that neither its place nor other genes touch them. */
static void
deal (const PermutedPlan *plan, GPtrArray *strata, gsize column, guint repeat, double *copy)
{
  const double *from = qrx_tensor_peek_f64 (plan->features);
  gsize width = qrx_tensor_get_columns (plan->features);
  const char *gene = qrx_predictor_get_columns (plan->model)[column];
  QrxRandom random;

  qrx_random_init (&random, plan->seed, gene, "permutation-importance", repeat);
  for (guint s = 0; s < strata->len; s++)
    {
      const GArray *stratum = strata->pdata[s];
      const gsize *rows = (const gsize *) (gpointer) stratum->data;
      g_autofree gsize *places = g_new (gsize, stratum->len);

      qrx_random_permutation (&random, places, stratum->len);
      for (guint i = 0; i < stratum->len; i++)
        copy[rows[i] * width + column] = from[rows[places[i]] * width + column];
    }
}

/* What all copies of the rows have in common: their ids differ by the number of the copy. */
static gboolean
add_annotations (const PermutedPlan *plan, QrxTable *table, gsize n_copies, GError **error)
{
  const char *const *names = qrx_table_get_annotation_names (plan->table);
  gsize n = qrx_index_get_length (plan->rows);

  for (gsize a = 0; names[a] != NULL; a++)
    {
      g_autofree const char **values = g_new0 (const char *, n *n_copies + 1);

      for (gsize i = 0; i < n * n_copies; i++)
        {
          const char *value = qrx_table_get_annotation (plan->table, names[a], qrx_index_get (plan->rows, i % n));

          values[i] = value != NULL ? value : "";
        }
      if (!qrx_table_add_annotation (table, names[a], values, error))
        return FALSE;
    }
  return TRUE;
}

static QrxTable *
make_table (const PermutedPlan *plan, QrxTensor *features, gsize n_copies, GError **error)
{
  gsize n = qrx_index_get_length (plan->rows);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (QrxBlock) block = NULL;
  g_autoptr (QrxTable) table = NULL;

  for (gsize i = 0; i < n * n_copies; i++)
    g_ptr_array_add (ids, g_strdup_printf ("%s/%" G_GSIZE_FORMAT,
                                           qrx_table_get_id (plan->table, qrx_index_get (plan->rows, i % n)), i / n));
  g_ptr_array_add (ids, NULL);
  table = qrx_table_new ((const char *const *) ids->pdata, error);
  block =
      table != NULL ? qrx_dense_block_new ("copies", qrx_predictor_get_columns (plan->model), features, error) : NULL;
  if (block == NULL || !qrx_table_add_block (table, block, NULL, error) ||
      !add_annotations (plan, table, n_copies, error))
    return NULL;
  return g_steal_pointer (&table);
}

/* Predictions of copies of the rows, in one go. */
static QrxTensor *
predict (const PermutedPlan *plan, QrxTensor *features, gsize n_copies, QrxContext *context, GCancellable *cancellable,
         GError **error)
{
  g_autoptr (QrxTable) table = make_table (plan, features, n_copies, error);

  return table != NULL ? qrx_predictor_predict_values (plan->model, table, context, cancellable, error) : NULL;
}

gboolean
permuted_scores_find_base (const PermutedPlan *plan, double *score, QrxContext *context, GCancellable *cancellable,
                           GError **error)
{
  g_autoptr (QrxTensor) values = predict (plan, plan->features, 1, context, cancellable, error);

  return values != NULL &&
         score_rows (plan, qrx_tensor_peek_f64 (values), qrx_predictor_is_probability (plan->model), score, error);
}

/* Losses of columns first … first + n − 1, (columns, repeats) in @losses. */
static gboolean
compute_some (const PermutedPlan *plan, GPtrArray *strata, double base, gsize first, gsize n, double *losses,
              QrxContext *context, GCancellable *cancellable, GError **error)
{
  gsize n_rows = qrx_index_get_length (plan->rows), width = qrx_tensor_get_columns (plan->features);
  gsize n_copies = n * plan->n_repeats;
  g_autoptr (QrxTensor) features = qrx_tensor_new_matrix (QRX_DTYPE_F64, n_rows * n_copies, width);
  g_autoptr (QrxTensor) values = NULL;

  for (gsize c = 0; c < n_copies; c++)
    {
      double *copy = qrx_tensor_peek_f64 (features) + c * n_rows * width;

      memcpy (copy, qrx_tensor_peek_f64 (plan->features), n_rows * width * sizeof *copy);
      deal (plan, strata, first + c / plan->n_repeats, (guint) (c % plan->n_repeats), copy);
    }
  values = predict (plan, features, n_copies, context, cancellable, error);
  for (gsize c = 0; values != NULL && c < n_copies; c++)
    {
      double score;

      if (!score_rows (plan, qrx_tensor_peek_f64 (values) + c * n_rows, qrx_predictor_is_probability (plan->model),
                       &score, error))
        return FALSE;
      losses[first * plan->n_repeats + c] = plan->by_auc ? base - score : score - base;
    }
  return values != NULL;
}

static QrxTensor *
summarize (const double *losses, gsize n, guint n_repeats)
{
  QrxTensor *summary = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, 2);

  for (gsize k = 0; k < n; k++)
    {
      double mean = 0, squares = 0;

      for (guint r = 0; r < n_repeats; r++)
        mean += losses[k * n_repeats + r] / n_repeats;
      for (guint r = 0; r < n_repeats; r++)
        squares += (losses[k * n_repeats + r] - mean) * (losses[k * n_repeats + r] - mean);
      qrx_tensor_set (summary, k * 2, mean);
      qrx_tensor_set (summary, k * 2 + 1, n_repeats > 1 ? sqrt (squares / (n_repeats - 1)) : 0);
    }
  return summary;
}

QrxTensor *
permuted_scores_compute (const PermutedPlan *plan, double base, const char *node, QrxContext *context,
                         GCancellable *cancellable, GError **error)
{
  gsize width = qrx_tensor_get_columns (plan->features);
  gsize numbers = MAX (qrx_index_get_length (plan->rows) * width * plan->n_repeats, 1);
  gsize n_together = CLAMP (MAX_NUMBERS / numbers, 1, width);
  g_autofree double *losses = g_new (double, width * plan->n_repeats);
  g_autoptr (GPtrArray) strata = list_strata (plan);

  for (gsize first = 0; first < width; first += n_together)
    {
      gsize n = MIN (n_together, width - first);
      g_autofree char *text =
          g_strdup_printf ("%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " genes permuted", first + n, width);

      if (!compute_some (plan, strata, base, first, n, losses, context, cancellable, error))
        return NULL;
      qrx_context_progress (context, node, (double) (first + n) / (double) width, text);
    }
  return summarize (losses, width, plan->n_repeats);
}

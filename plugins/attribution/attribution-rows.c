/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Picks rows and columns of a table for a fitted model, and sums up what was found. Knows no method of attribution. */
#include "attribution-rows.h"

#include <math.h>
#include <qrx/qrx-error.h>
#include <string.h>

static int
compare_ids (gconstpointer a, gconstpointer b, gpointer table)
{
  return strcmp (qrx_table_get_id (table, *(const guint *) a), qrx_table_get_id (table, *(const guint *) b));
}

QrxIndex *
attribution_rows_find (QrxTable *table, const char *role, const char *drug, GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (guint));
  gboolean any_drug = drug == NULL || drug[0] == '\0';

  for (guint row = 0; row < qrx_table_get_n_rows (table); row++)
    if (g_str_equal (qrx_role_get_name (qrx_table_get_role (table, row)), role) &&
        (any_drug || g_strcmp0 (qrx_table_get_annotation (table, QRX_ANNOTATION_DRUG, row), drug) == 0))
      g_array_append_val (rows, row);
  if (rows->len == 0)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY, "the table has no %s row%s%s%s", role,
                   any_drug ? "" : " of the drug \"", any_drug ? "" : drug, any_drug ? "" : "\"");
      return NULL;
    }
  g_array_sort_with_data (rows, compare_ids, table);
  return qrx_index_new ((const guint *) (gpointer) rows->data, rows->len);
}

gboolean
attribution_rows_find_target (QrxTable *table, QrxPredictor *model, gsize *target, GError **error)
{
  const char *name = qrx_predictor_get_target_name (model);
  int found = qrx_table_find_target (table, name);

  *target = (gsize) MAX (found, 0);
  if (found >= 0)
    return TRUE;
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
               "the table has no target \"%s\", which the model of \"%s\" predicts", name,
               qrx_predictor_get_producer (model));
  return FALSE;
}

QrxIndex *
attribution_rows_with_target (QrxTable *table, QrxIndex *rows, gsize target, GError **error)
{
  QrxTensor *values = qrx_table_get_target_values (table, target);
  g_autoptr (GArray) known = g_array_new (FALSE, FALSE, sizeof (guint));

  for (gsize i = 0; i < qrx_index_get_length (rows); i++)
    {
      guint row = qrx_index_get (rows, i);

      if (!isnan (qrx_tensor_get (values, row)))
        g_array_append_val (known, row);
    }
  if (known->len > 0)
    return qrx_index_new ((const guint *) (gpointer) known->data, known->len);
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY,
               "none of %" G_GSIZE_FORMAT " rows has a known target \"%s\"", qrx_index_get_length (rows),
               qrx_table_get_target_name (table, target));
  return NULL;
}

/* The table's place of each column of the model. */
static gsize *
find_places (QrxTable *table, QrxPredictor *model, GError **error)
{
  const char *const *names = qrx_table_get_feature_names (table), *const *columns = qrx_predictor_get_columns (model);
  g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);
  gsize n = g_strv_length ((char **) columns);
  g_autofree gsize *places = g_new (gsize, MAX (n, 1));

  for (gsize i = 0; names[i] != NULL; i++)
    g_hash_table_insert (by_name, (gpointer) names[i], GSIZE_TO_POINTER (i + 1));
  for (gsize i = 0; i < n; i++)
    {
      places[i] = GPOINTER_TO_SIZE (g_hash_table_lookup (by_name, columns[i])) - 1;
      if (places[i] != (gsize) -1)
        continue;
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
                   "the table lacks the column \"%s\", one of %" G_GSIZE_FORMAT " that the model of \"%s\" needs",
                   columns[i], n, qrx_predictor_get_producer (model));
      return NULL;
    }
  return g_steal_pointer (&places);
}

QrxTensor *
attribution_rows_read (QrxTable *table, QrxIndex *rows, QrxPredictor *model, GError **error)
{
  g_autofree gsize *places = find_places (table, model, error);
  gsize n_rows = qrx_index_get_length (rows), n_features = qrx_table_get_n_features (table);
  gsize n = g_strv_length ((char **) qrx_predictor_get_columns (model));
  g_autoptr (QrxTensor) all = NULL;
  QrxTensor *features;

  if (places == NULL)
    return NULL;
  all = qrx_tensor_new_matrix (QRX_DTYPE_F64, n_rows, n_features);
  if (!qrx_table_read_features (table, rows, all, error))
    return NULL;
  features = qrx_tensor_new_matrix (QRX_DTYPE_F64, n_rows, n);
  for (gsize i = 0; i < n_rows; i++)
    for (gsize k = 0; k < n; k++)
      qrx_tensor_peek_f64 (features)[i * n + k] = qrx_tensor_peek_f64 (all)[i * n_features + places[k]];
  return features;
}

static void
put_top (QrxAttributions *attributions, const char *role, gsize n, QrxMetrics *metrics)
{
  QrxIndex *order = qrx_attributions_get_order (attributions);
  QrxTensor *values = qrx_attributions_get_values (attributions);
  gsize n_top = MIN (n, qrx_index_get_length (order)), n_columns = qrx_tensor_get_columns (values);
  g_autoptr (QrxTensor) top = NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  if (n_top == 0)
    return;
  top = qrx_tensor_new_matrix (QRX_DTYPE_F64, n_top, n_columns);
  for (gsize i = 0; i < n_top; i++)
    {
      guint gene = qrx_index_get (order, i);

      g_ptr_array_add (names, (gpointer) qrx_attributions_get_genes (attributions)[gene]);
      for (gsize k = 0; k < n_columns; k++)
        qrx_tensor_set (top, i * n_columns + k, qrx_tensor_get (values, gene * n_columns + k));
    }
  g_ptr_array_add (names, NULL);
  qrx_metrics_set_table (metrics, role, "top", qrx_attributions_get_columns (attributions), top, "gene",
                         (const char *const *) names->pdata);
}

void
attribution_rows_give (QrxAttributions *attributions, const char *role, gsize n, QrxMetrics *metrics, QrxBundle *out)
{
  put_top (attributions, role, n, metrics);
  qrx_bundle_set (out, "out", QRX_VALUE (attributions));
  qrx_bundle_set (out, "metrics", QRX_VALUE (metrics));
}

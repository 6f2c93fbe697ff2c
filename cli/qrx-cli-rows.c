/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A wide file becomes a table for one predictor. Knows names and numbers; what the columns mean is the predictor's affair. */
#include "qrx-cli-rows.h"

#define MAX_NAMES 200 /* in a message; whoever lacks more has the wrong file */

static char **
read_ids (QrxDelimited *file, gsize column, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) ids = NULL;

  for (gsize row = 0; row < qrx_delimited_get_n_rows (file); row++)
    {
      g_autofree char *id = qrx_delimited_dup (file, row, column);

      g_strv_builder_add (builder, id);
    }
  ids = g_strv_builder_end (builder);
  for (gsize row = 0; ids[row] != NULL; row++)
    {
      if (*ids[row] == '\0')
        {
          qrx_delimited_set_error (file, row, column, QRX_DATA_ERROR_VALUE, error, "found no id");
          return NULL;
        }
      if (!g_hash_table_add (seen, ids[row]))
        {
          qrx_delimited_set_error (file, row, column, QRX_DATA_ERROR_VALUE, error,
                                   "found the id \"%s\" again, expected each once; --id-column names another column", ids[row]);
          return NULL;
        }
    }
  return g_steal_pointer (&ids);
}

static void
set_missing (GError **error, QrxDelimited *file, QrxPredictor *predictor, GPtrArray *missing)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < MIN (missing->len, MAX_NAMES); i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", (const char *) missing->pdata[i]);
  if (missing->len > MAX_NAMES)
    g_string_append_printf (names, " and %u more", missing->len - MAX_NAMES);
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN, "%s: lacks %u of the %u columns that the model of `%s` needs: %s",
               qrx_delimited_get_name (file), missing->len, g_strv_length ((char **) qrx_predictor_get_columns (predictor)),
               qrx_predictor_get_producer (predictor), names->str);
}

/* The file's column for each of the predictor's. */
static GArray *
find_columns (QrxDelimited *file, QrxPredictor *predictor, GError **error)
{
  const char *const *names = qrx_predictor_get_columns (predictor);
  g_autoptr (GHashTable) places = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) missing = g_ptr_array_new ();
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (gsize));

  for (gsize i = 0; i < qrx_delimited_get_n_columns (file); i++)
    g_hash_table_insert (places, (gpointer) qrx_delimited_get_column_name (file, i), GSIZE_TO_POINTER (i + 1));
  for (gsize i = 0; names[i] != NULL; i++)
    {
      gsize column = GPOINTER_TO_SIZE (g_hash_table_lookup (places, names[i])) - 1;

      if (column == (gsize) -1)
        g_ptr_array_add (missing, (gpointer) names[i]);
      else
        g_array_append_val (columns, column);
    }
  if (missing->len == 0)
    return g_steal_pointer (&columns);
  set_missing (error, file, predictor, missing);
  return NULL;
}

/* Ids are the first column unless another is named; a column that the model takes in is none. */
static gssize
find_ids (QrxDelimited *file, const char *id_column, QrxPredictor *predictor, GError **error)
{
  const char *name;

  if (id_column != NULL)
    return qrx_delimited_require_column (file, id_column, error);
  name = qrx_delimited_get_column_name (file, 0);
  if (!g_strv_contains (qrx_predictor_get_columns (predictor), name))
    return 0;
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
               "%s: found \"%s\" in the first column, which the model of `%s` takes in, expected the rows' ids; --id-column "
               "names the column that has them",
               qrx_delimited_get_name (file), name, qrx_predictor_get_producer (predictor));
  return -1;
}

static gboolean
add_features (QrxTable *table, QrxDelimited *file, QrxPredictor *predictor, GError **error)
{
  g_autoptr (GArray) columns = find_columns (file, predictor, error);
  g_autoptr (QrxTensor) values = NULL;
  g_autoptr (QrxBlock) block = NULL;

  if (columns == NULL)
    return FALSE;
  if (columns->len == 0)
    return TRUE;
  values = qrx_tensor_new_matrix (QRX_DTYPE_F64, qrx_delimited_get_n_rows (file), columns->len);
  if (!qrx_delimited_read_numbers (file, (const gsize *) columns->data, columns->len, QRX_MISSING_REFUSE, values, error))
    return FALSE;
  block = qrx_dense_block_new ("features", qrx_predictor_get_columns (predictor), values, error);
  return block != NULL && qrx_table_add_block (table, block, NULL, error);
}

static gboolean
add_annotation (QrxTable *table, QrxDelimited *file, const char *name, QrxPredictor *predictor, GError **error)
{
  gssize column = qrx_delimited_find_column (file, name);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) values = NULL;

  if (column < 0)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
                   "%s: lacks the column \"%s\", by which the model of `%s` goes beside features", qrx_delimited_get_name (file),
                   name, qrx_predictor_get_producer (predictor));
      return FALSE;
    }
  for (gsize row = 0; row < qrx_delimited_get_n_rows (file); row++)
    {
      gboolean missing = qrx_delimited_is_missing (file, row, (gsize) column);
      g_autofree char *value = missing ? g_strdup ("") : qrx_delimited_dup (file, row, (gsize) column);

      g_strv_builder_add (builder, value);
    }
  values = g_strv_builder_end (builder);
  return qrx_table_add_annotation (table, name, (const char *const *) values, error);
}

static gboolean
add_annotations (QrxTable *table, QrxDelimited *file, QrxPredictor *predictor, GError **error)
{
  for (const char *const *name = qrx_predictor_get_annotations (predictor); *name != NULL; name++)
    if (!add_annotation (table, file, *name, predictor, error))
      return FALSE;
  return TRUE;
}

QrxTable *
qrx_cli_rows_read (const char *path, const char *id_column, QrxPredictor *predictor, GError **error)
{
  g_autoptr (QrxDelimited) file = qrx_delimited_read (path, QRX_DELIMITED_DEFAULT, error);
  g_autoptr (QrxTable) table = NULL;
  g_auto (GStrv) ids = NULL;
  gssize column;

  if (file == NULL)
    return NULL;
  column = find_ids (file, id_column, predictor, error);
  if (column < 0)
    return NULL;
  ids = read_ids (file, (gsize) column, error);
  if (ids == NULL)
    return NULL;
  table = qrx_table_new ((const char *const *) ids, error);
  if (table == NULL || !add_features (table, file, predictor, error) || !add_annotations (table, file, predictor, error))
    return NULL;
  qrx_value_freeze (QRX_VALUE (table));
  return g_steal_pointer (&table);
}

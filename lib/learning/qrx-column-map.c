/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Meets a table by column name: shuffled columns give the same numbers, missing ones are an error that lists them. */
#include "learning/qrx-predictor-private.h"

#include <string.h>

#define MAX_NAMES_IN_MESSAGE 8

struct _QrxColumnMap {
  QrxTable *table;
  gsize n_columns;
  gsize *source;     /* for each column, the table's; NULL where the table has just these columns in this order */
  gsize n_available; /* the table's */
};

void
qrx_column_map_free (QrxColumnMap *self)
{
  g_object_unref (self->table);
  g_free (self->source);
  g_free (self);
}

static gboolean
report_missing (GPtrArray *missing, gsize n_columns, const char *who, GError **error)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < MIN (missing->len, MAX_NAMES_IN_MESSAGE); i++)
    g_string_append_printf (names, "%s`%s`", i > 0 ? ", " : "", (const char *) missing->pdata[i]);
  if (missing->len > MAX_NAMES_IN_MESSAGE)
    g_string_append_printf (names, " and %u more", missing->len - MAX_NAMES_IN_MESSAGE);
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
               "the table lacks %u of the %" G_GSIZE_FORMAT " columns that the model of `%s` needs: %s", missing->len,
               n_columns, who, names->str);
  g_string_free (names, TRUE);
  return FALSE;
}

QrxColumnMap *
qrx_column_map_new (const char *const *columns, QrxTable *table, const char *who, GError **error)
{
  const char *const *available = qrx_table_get_feature_names (table);
  g_autoptr (GHashTable) places = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) missing = g_ptr_array_new ();
  g_autoptr (QrxColumnMap) self = g_new0 (QrxColumnMap, 1);
  gboolean same = TRUE;

  self->table = g_object_ref (table);
  self->n_columns = g_strv_length ((char **) columns);
  self->n_available = qrx_table_get_n_features (table);
  for (gsize i = 0; i < self->n_available; i++)
    g_hash_table_insert (places, (gpointer) available[i], GSIZE_TO_POINTER (i + 1));
  self->source = g_new (gsize, self->n_columns);
  for (gsize i = 0; i < self->n_columns; i++)
    {
      gsize place = GPOINTER_TO_SIZE (g_hash_table_lookup (places, columns[i]));

      if (place == 0)
        g_ptr_array_add (missing, (gpointer) columns[i]);
      self->source[i] = place - 1;
      same = same && place == i + 1;
    }
  if (missing->len > 0)
    {
      report_missing (missing, self->n_columns, who, error);
      return NULL;
    }
  if (same && self->n_available == self->n_columns)
    g_clear_pointer (&self->source, g_free);
  return g_steal_pointer (&self);
}

gboolean
qrx_column_map_read (QrxColumnMap *self, QrxIndex *rows, QrxTensor *out, GError **error)
{
  g_autoptr (QrxTensor) all = NULL;
  gsize n_rows = qrx_index_get_length (rows), size = qrx_dtype_get_size (qrx_tensor_get_dtype (out));

  if (self->source == NULL)
    return qrx_table_read_features (self->table, rows, out, error);
  all = qrx_tensor_new_matrix (qrx_tensor_get_dtype (out), n_rows, self->n_available);
  if (!qrx_table_read_features (self->table, rows, all, error))
    return FALSE;
  for (gsize i = 0; i < n_rows; i++)
    {
      const char *from = (const char *) qrx_tensor_peek (all) + i * self->n_available * size;
      char *to = (char *) qrx_tensor_peek (out) + i * self->n_columns * size;

      for (gsize k = 0; k < self->n_columns; k++)
        memcpy (to + k * size, from + self->source[k] * size, size);
    }
  return TRUE;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counts the texts of a column, picks the rows of one, and names the others where one is not found. */
#include "column-texts.h"

#include <qrx/qrx-suggest.h>
#include <string.h>

#define MAX_LISTED 12

ColumnTexts *
column_texts_new (QrxDelimited *file, gsize column, const GArray *rows)
{
  ColumnTexts *self = g_new (ColumnTexts, 1);
  gsize n = rows != NULL ? rows->len : qrx_delimited_get_n_rows (file);

  self->texts = g_ptr_array_new_with_free_func (g_free);
  self->counts = g_hash_table_new (g_str_hash, g_str_equal);
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *text = qrx_delimited_dup (file, rows != NULL ? g_array_index (rows, gsize, i) : i, column);
      gpointer key = text, count = NULL;

      if (g_hash_table_lookup_extended (self->counts, text, &key, &count))
        g_hash_table_insert (self->counts, key, GUINT_TO_POINTER (GPOINTER_TO_UINT (count) + 1));
      else
        {
          g_hash_table_insert (self->counts, text, GUINT_TO_POINTER (1));
          g_ptr_array_add (self->texts, g_steal_pointer (&text));
        }
    }
  g_ptr_array_add (self->texts, NULL);
  return self;
}

void
column_texts_free (ColumnTexts *self)
{
  g_ptr_array_unref (self->texts);
  g_hash_table_unref (self->counts);
  g_free (self);
}

guint
column_texts_get_length (const ColumnTexts *self)
{
  return self->texts->len - 1;
}

char *
column_texts_describe (const ColumnTexts *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < column_texts_get_length (self) && i < MAX_LISTED; i++)
    g_string_append_printf (text, "%s\"%s\" (%u rows)", i > 0 ? ", " : "", (char *) self->texts->pdata[i],
                            GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, self->texts->pdata[i])));
  if (column_texts_get_length (self) > MAX_LISTED)
    g_string_append_printf (text, " and %u more", column_texts_get_length (self) - MAX_LISTED);
  return g_string_free (text, FALSE);
}

GArray *
column_texts_select (QrxDelimited *file, gsize column, const char *text, const GArray *among)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (gsize));
  gsize n = among != NULL ? among->len : qrx_delimited_get_n_rows (file), length = strlen (text);

  for (gsize i = 0; i < n; i++)
    {
      gsize row = among != NULL ? g_array_index (among, gsize, i) : i, found_length;
      const char *found = qrx_delimited_peek (file, row, column, &found_length);

      if (found_length == length && memcmp (found, text, length) == 0)
        g_array_append_val (rows, row);
    }
  return rows;
}

void
column_texts_set_unknown (const ColumnTexts *self, QrxDelimited *file, gsize column, const char *what,
                          const char *asked, GError **error)
{
  const char *const *names = (const char *const *) self->texts->pdata;
  g_autofree char *hint = asked != NULL ? qrx_suggest_text (asked, names) : NULL;
  g_autofree char *known = hint == NULL || hint[0] == '\0' ? column_texts_describe (self) : NULL;

  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE, "%s, column \"%s\": found no %s \"%s\"%s%s",
               qrx_delimited_get_name (file), qrx_delimited_get_column_name (file, column), what, asked,
               known != NULL ? "; it has " : hint, known != NULL ? known : "");
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A table of text kept as its bytes and an index: 23 million fields take what the file takes. Knows names and places of
 * columns, not what they mean. */
#include "base/qrx-delimited-private.h"

#include <qrx/qrx-suggest.h>
#include <string.h>

#define LONG_ROW (16u << 10)
#define MOST_FOUND 64 /* fields on pages of their own before these are let go */

static gboolean
index_names (QrxDelimited *self, QrxDelimitedFlags flags, GError **error)
{
  for (gsize i = 0; i < self->n_columns; i++)
    {
      gsize first = GPOINTER_TO_SIZE (g_hash_table_lookup (self->columns, self->names[i]));

      if (first == 0)
        g_hash_table_insert (self->columns, self->names[i], GSIZE_TO_POINTER (i + 1));
      else if (!(flags & QRX_DELIMITED_ALLOW_REPEATED_NAMES))
        {
          g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
                       "%s:1: found the name \"%s\" for columns %" G_GSIZE_FORMAT " and %" G_GSIZE_FORMAT
                       ", expected every name once",
                       self->name, self->names[i], first, i + 1);
          return FALSE;
        }
    }
  return TRUE;
}

static QrxDelimited *
index_bytes (GBytes *bytes, const char *name, QrxDelimitedFlags flags, const char *digest, gboolean is_mapped,
             GError **error)
{
  g_autoptr (QrxDelimited) self = g_new0 (QrxDelimited, 1);

  self->name = g_strdup (name);
  self->digest = g_strdup (digest);
  self->is_mapped = is_mapped;
  self->bytes = g_bytes_ref (bytes);
  self->data = g_bytes_get_data (bytes, &self->size);
  self->columns = g_hash_table_new (g_str_hash, g_str_equal);
  self->doubled = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  if (self->size >= 3 && memcmp (self->data, "\xef\xbb\xbf", 3) == 0)
    {
      self->data += 3;
      self->size -= 3;
    }
  if (digest == NULL || !qrx_delimited_load_index (self))
    {
      if (!qrx_delimited_index (self, flags, error))
        return NULL;
      if (digest != NULL)
        qrx_delimited_save_index (self);
    }
  return index_names (self, flags, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * qrx_delimited_new: (skip)
 * @bytes: the text: UTF-8, with or without a byte order mark, lines ending with LF or CR LF, quotes as in RFC 4180
 * @name: the file's name, for messages
 * @flags: how to read it
 * @error: return location for an error
 *
 * Indexes a table of text whose first line is a header. A quote inside a field that does not begin with one is text.
 * Fails with %QRX_DATA_ERROR_FORMAT (not UTF-8, rows of different lengths, a quote without an end),
 * %QRX_DATA_ERROR_COLUMN (a repeated name) or %QRX_DATA_ERROR_EMPTY (no rows), naming file and line.
 *
 * Returns: (transfer full): the table, or %NULL
 */
QrxDelimited *
qrx_delimited_new (GBytes *bytes, const char *name, QrxDelimitedFlags flags, GError **error)
{
  g_return_val_if_fail (bytes != NULL && name != NULL, NULL);
  return index_bytes (bytes, name, flags, NULL, FALSE, error);
}

/**
 * qrx_delimited_read: (skip)
 * @path: a file, gzip or not
 * @flags: how to read it
 * @error: return location for an error
 *
 * Reads a table of text; fails as qrx_input_read() and qrx_delimited_new() do. What is made of a large file is kept in
 * the cache, by its checksum, and found there the next time.
 *
 * Returns: (transfer full): the table, or %NULL
 */
QrxDelimited *
qrx_delimited_read (const char *path, QrxDelimitedFlags flags, GError **error)
{
  g_autofree char *digest = NULL;
  gboolean is_mapped = FALSE;
  g_autoptr (GBytes) bytes = qrx_delimited_load_text (path, flags, &digest, &is_mapped, error);

  return bytes != NULL ? index_bytes (bytes, path, flags, digest, is_mapped, error) : NULL;
}

/**
 * qrx_delimited_free: (skip)
 * @self: (nullable): a table
 *
 * Frees a table.
 */
void
qrx_delimited_free (QrxDelimited *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->columns);
  g_hash_table_unref (self->doubled);
  g_clear_pointer (&self->index[0], g_bytes_unref);
  g_clear_pointer (&self->index[1], g_bytes_unref);
  g_strfreev (self->names);
  g_bytes_unref (self->bytes);
  g_free (self->digest);
  g_free (self->name);
  g_free (self);
}

/**
 * qrx_delimited_get_name: (skip)
 * @self: a table
 *
 * Returns: the file's name
 */
const char *
qrx_delimited_get_name (QrxDelimited *self)
{
  return self->name;
}

/**
 * qrx_delimited_get_delimiter: (skip)
 * @self: a table
 *
 * Returns: what stands between fields
 */
char
qrx_delimited_get_delimiter (QrxDelimited *self)
{
  return self->delimiter;
}

/**
 * qrx_delimited_get_n_columns: (skip)
 * @self: a table
 *
 * Returns: the number of columns, at least one
 */
gsize
qrx_delimited_get_n_columns (QrxDelimited *self)
{
  return self->n_columns;
}

/**
 * qrx_delimited_get_n_rows: (skip)
 * @self: a table
 *
 * Returns: the number of rows, at least one; the header is none
 */
gsize
qrx_delimited_get_n_rows (QrxDelimited *self)
{
  return self->n_rows;
}

/**
 * qrx_delimited_get_column_name: (skip)
 * @self: a table
 * @column: a column
 *
 * Returns: the name in the header, possibly empty
 */
const char *
qrx_delimited_get_column_name (QrxDelimited *self, gsize column)
{
  g_return_val_if_fail (column < self->n_columns, NULL);
  return self->names[column];
}

/**
 * qrx_delimited_get_column_names: (skip)
 * @self: a table
 *
 * Returns: (array zero-terminated=1): the names in the header
 */
const char *const *
qrx_delimited_get_column_names (QrxDelimited *self)
{
  return (const char *const *) self->names;
}

/**
 * qrx_delimited_find_column: (skip)
 * @self: a table
 * @name: a name
 *
 * Returns: the first column of that name, or −1
 */
gssize
qrx_delimited_find_column (QrxDelimited *self, const char *name)
{
  return (gssize) GPOINTER_TO_SIZE (g_hash_table_lookup (self->columns, name)) - 1;
}

/**
 * qrx_delimited_require_column: (skip)
 * @self: a table
 * @name: a name
 * @error: return location for an error
 *
 * Finds a column, or fails with %QRX_DATA_ERROR_COLUMN and the nearest name.
 *
 * Returns: the first column of that name, or −1
 */
gssize
qrx_delimited_require_column (QrxDelimited *self, const char *name, GError **error)
{
  gssize column = qrx_delimited_find_column (self, name);
  g_autofree char *hint = column < 0 ? qrx_suggest_text (name, qrx_delimited_get_column_names (self)) : NULL;

  if (column < 0)
    g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN, "%s:1: found no column \"%s\"%s", self->name, name,
                 hint);
  return column;
}

const char *
qrx_delimited_field_end (QrxDelimited *self, const char *p)
{
  const char *end = self->data + self->size;

  if (p < end && *p == '"')
    for (p++;; p += 2)
      {
        p = memchr (p, '"', (gsize) (end - p)); /* the index has seen that it is there */
        if (p == NULL)
          return end;
        if (p + 1 == end || p[1] != '"')
          break;
      }
  while (p < end && *p != self->delimiter && *p != '\n' && *p != '\r')
    p++;
  return p;
}

/* A field of a long row lies on a page of its own, and the system maps its neighbours, too: a column of text would keep a
 * good part of the file in memory. */
static void
forget_neighbours (QrxDelimited *self)
{
  if (self->is_mapped && self->size / self->n_rows >= LONG_ROW &&
      g_atomic_int_add (&self->n_found, 1) % MOST_FOUND == 0)
    qrx_delimited_forget (self, self->data, self->data + self->size);
}

const char *
qrx_delimited_field (QrxDelimited *self, gsize row, gsize column)
{
  gsize n_strides = (self->n_columns - 1) / QRX_DELIMITED_STRIDE, stride = column / QRX_DELIMITED_STRIDE;
  const char *p = self->data + self->starts[row];

  forget_neighbours (self);
  if (stride > 0)
    p += self->strides[row * n_strides + stride - 1];
  for (gsize i = stride * QRX_DELIMITED_STRIDE; i < column; i++)
    p = qrx_delimited_field_end (self, p) + 1;
  return p;
}

const char *
qrx_delimited_field_text (QrxDelimited *self, const char *p, gsize *length)
{
  const char *end = qrx_delimited_field_end (self, p), *text;

  if (end == p || *p != '"')
    {
      *length = (gsize) (end - p);
      return p;
    }
  text = g_hash_table_size (self->doubled) > 0 ? g_hash_table_lookup (self->doubled, p) : NULL;
  *length = text != NULL ? strlen (text) : (gsize) (end - p) - 2;
  return text != NULL ? text : p + 1;
}

/**
 * qrx_delimited_peek: (skip)
 * @self: a table
 * @row: a row
 * @column: a column
 * @length: (out): the number of bytes
 *
 * Gets the text of a field without its quotes, and without a copy. No NUL ends it.
 *
 * Returns: the text
 */
const char *
qrx_delimited_peek (QrxDelimited *self, gsize row, gsize column, gsize *length)
{
  g_return_val_if_fail (row < self->n_rows && column < self->n_columns, NULL);
  return qrx_delimited_field_text (self, qrx_delimited_field (self, row, column), length);
}

/**
 * qrx_delimited_dup: (skip)
 * @self: a table
 * @row: a row
 * @column: a column
 *
 * Returns: (transfer full): the text of a field without its quotes
 */
char *
qrx_delimited_dup (QrxDelimited *self, gsize row, gsize column)
{
  gsize length;
  const char *text = qrx_delimited_peek (self, row, column, &length);

  return g_strndup (text, length);
}

/**
 * qrx_delimited_get_line: (skip)
 * @self: a table
 * @row: a row
 *
 * Counts lines from the file's beginning, so it is for messages.
 *
 * Returns: the line of the file where the row begins, from 1
 */
gsize
qrx_delimited_get_line (QrxDelimited *self, gsize row)
{
  g_return_val_if_fail (row < self->n_rows, 0);
  return qrx_delimited_line_of (self, self->starts[row]);
}

/**
 * qrx_delimited_set_error: (skip)
 * @self: a table
 * @row: a row
 * @column: a column
 * @code: what kind of fault
 * @error: return location for an error
 * @format: what was found, what was expected
 * @...: arguments of @format
 *
 * Sets an error that begins with the file, the line and the column's name.
 */
void
qrx_delimited_set_error (QrxDelimited *self, gsize row, gsize column, QrxDataError code, GError **error,
                         const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, QRX_DATA_ERROR, (int) code, "%s:%" G_GSIZE_FORMAT ", column \"%s\": %s", self->name,
               qrx_delimited_get_line (self, row), qrx_delimited_get_column_name (self, column), message);
}

/**
 * qrx_delimited_quote: (skip)
 * @text: a field's text
 * @delimiter: what stands between fields
 *
 * Quotes a field where it must be, for writing.
 *
 * Returns: (transfer full): the field
 */
char *
qrx_delimited_quote (const char *text, char delimiter)
{
  const char special[] = { '"', '\n', '\r', delimiter, '\0' };
  g_autoptr (GString) quoted = NULL;

  if (strpbrk (text, special) == NULL)
    return g_strdup (text);
  quoted = g_string_new (text);
  g_string_replace (quoted, "\"", "\"\"", 0);
  return g_strdup_printf ("\"%s\"", quoted->str);
}

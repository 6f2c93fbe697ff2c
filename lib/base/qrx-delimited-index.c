/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One pass over a table of text: is it UTF-8, has every row as many fields as the header, where do rows begin. Knows
 * RFC 4180, not what fields mean. */
#include "base/qrx-delimited-private.h"

#include <string.h>

#define ONES G_GUINT64_CONSTANT (0x0101010101010101) /* one in each byte */

/* The bytes that may end a field without quotes, and a pass through the rows. */
typedef struct {
  QrxDelimited *table;
  const char *data;
  const char *end;
  gboolean stops[256];
  GError **error;
} Pass;

static gboolean
fail (Pass *pass, const char *at, const char *format, ...) G_GNUC_PRINTF (3, 4);

static gboolean
fail (Pass *pass, const char *at, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (pass->error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT, "%s:%" G_GSIZE_FORMAT ": %s", pass->table->name,
               qrx_delimited_line_of (pass->table, (gsize) (at - pass->data)), message);
  return FALSE;
}

gsize
qrx_delimited_line_of (QrxDelimited *self, gsize offset)
{
  const char *p = self->data, *end = self->data + offset;
  gsize line = 1;

  while (p < end && (p = memchr (p, '\n', (gsize) (end - p))) != NULL)
    {
      line++;
      p++;
    }
  return line;
}

/* Eight bytes at a time where there is nothing but ASCII; a line at a time where there is more. */
static gboolean
check_encoding (Pass *pass)
{
  const guint64 highs = ONES << 7;
  const char *p = pass->data, *bad = NULL;

  while (p < pass->end)
    {
      const char *line_end;
      guint64 word = 0;

      if (pass->end - p >= 8)
        {
          memcpy (&word, p, 8);
          if ((((word - ONES) | word) & highs) == 0) /* no byte is 0 or above 127 */
            {
              p += 8;
              continue;
            }
        }
      line_end = memchr (p, '\n', (gsize) (pass->end - p));
      line_end = line_end != NULL ? line_end + 1 : pass->end;
      if (!g_utf8_validate_len (p, (gsize) (line_end - p), &bad))
        return *bad == '\0' ? fail (pass, bad, "found a NUL character, expected text")
                            : fail (pass, bad, "found the byte 0x%02X, expected UTF-8", (guint) (guchar) *bad);
      p = line_end;
    }
  return TRUE;
}

static char
sniff_delimiter (const char *p, const char *end)
{
  static const char candidates[] = { ',', '\t', ';' };
  gsize counts[3] = { 0 };
  gboolean quoted = FALSE;
  guint best = 0;

  for (; p < end && (quoted || *p != '\n'); p++)
    {
      quoted ^= *p == '"';
      for (guint i = 0; i < 3; i++)
        counts[i] += !quoted && *p == candidates[i];
    }
  for (guint i = 1; i < 3; i++)
    if (counts[i] > counts[best])
      best = i;
  return candidates[best];
}

/* The field between quotes that begins at start: doubled quotes stand for one, and are rare enough to be copied. */
static const char *
skip_quoted (Pass *pass, const char *start)
{
  const char *p = start + 1;
  gboolean doubled = FALSE;

  for (;;)
    {
      p = memchr (p, '"', (gsize) (pass->end - p));
      if (p == NULL)
        {
          fail (pass, start, "found a quoted field without an end, expected a closing quote");
          return NULL;
        }
      if (p + 1 == pass->end || p[1] != '"')
        break;
      doubled = TRUE;
      p += 2;
    }
  if (doubled)
    {
      g_autoptr (GString) text = g_string_new_len (start + 1, p - start - 1);

      g_string_replace (text, "\"\"", "\"", 0);
      g_hash_table_insert (pass->table->doubled, (gpointer) start, g_string_free (g_steal_pointer (&text), FALSE));
    }
  p++;
  if (p < pass->end && !pass->stops[(guchar) *p])
    {
      fail (pass, p, "found text behind a closing quote, expected the end of the field");
      return NULL;
    }
  return p;
}

static void
note_stride (Pass *pass, const char *row, const char *field)
{
  guint32 offset = (guint32) (field - row);

  g_array_append_val (pass->table->strides, offset);
}

/* Moves *next behind a row that begins at start; TRUE with the number of fields. */
static gboolean
scan_row (Pass *pass, const char *start, gboolean header, const char **next, gsize *n_fields)
{
  const gboolean *stops = pass->stops;
  const char *p = start, *end = pass->end;
  gsize field = 0;

  for (;;)
    {
      if (p < end && *p == '"')
        {
          p = skip_quoted (pass, p);
          if (p == NULL)
            return FALSE;
        }
      while (p < end && !stops[(guchar) *p])
        p++;
      field++;
      if (p == end || *p == '\n')
        break;
      if (*p == '\r')
        {
          if (p + 1 < end && p[1] != '\n')
            return fail (pass, p, "found a carriage return without a line feed, expected the end of a line");
          p++;
          break;
        }
      p++;
      if (field % QRX_DELIMITED_STRIDE == 0 && !header)
        {
          if ((gsize) (p - start) > G_MAXUINT32)
            return fail (pass, start, "found a line of more than 4 GiB, expected a shorter one");
          note_stride (pass, start, p);
        }
    }
  *next = p < end ? p + 1 : end;
  *n_fields = field;
  return TRUE;
}

/* Behind the last byte that is no line end: blank lines at the end are no rows. */
static const char *
strip_line_ends (const char *p, const char *end)
{
  while (end > p && (end[-1] == '\n' || end[-1] == '\r'))
    end--;
  return end;
}

/* The same for a row without quotes, eight bytes at a time; FALSE, with nothing done, where there is more to look at. */
static gboolean
scan_plain_row (Pass *pass, const char *start, const char **next, gsize *n_fields)
{
  const guint64 pattern = ONES * (guchar) pass->table->delimiter, lows = ONES * 0x7f;
  const char *p = start, *end = memchr (start, '\n', (gsize) (pass->end - start));
  gsize n = 0;

  *next = end != NULL ? end + 1 : pass->end;
  end = end != NULL ? end : pass->end;
  if (end > start && end[-1] == '\r')
    end--;
  if ((gsize) (end - start) > G_MAXUINT32 || memchr (start, '"', (gsize) (end - start)) != NULL ||
      memchr (start, '\r', (gsize) (end - start)) != NULL)
    return FALSE;
  for (; end - p >= 8; p += 8)
    {
      guint64 word, marks;
      gsize here;

      memcpy (&word, p, 8);
      word = GUINT64_FROM_LE (word) ^ pattern;
      marks = ~(((word & lows) + lows) | word | lows) >> 7; /* 1 in each byte that is a delimiter */
      here = (gsize) ((marks * ONES) >> 56);
      if (n % QRX_DELIMITED_STRIDE + here < QRX_DELIMITED_STRIDE)
        n += here;
      else
        for (guint i = 0; i < 8; i++)
          if ((marks >> (8 * i) & 1) != 0 && ++n % QRX_DELIMITED_STRIDE == 0)
            note_stride (pass, start, p + i + 1);
    }
  for (; p < end; p++)
    if (*p == pass->table->delimiter && ++n % QRX_DELIMITED_STRIDE == 0)
      note_stride (pass, start, p + 1);
  *n_fields = n + 1;
  return TRUE;
}

static gboolean
index_header (Pass *pass, const char **next)
{
  QrxDelimited *self = pass->table;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *p = pass->data;

  if (!scan_row (pass, p, TRUE, next, &self->n_columns))
    return FALSE;
  for (gsize i = 0; i < self->n_columns; i++)
    {
      gsize length;
      const char *text = qrx_delimited_field_text (self, p, &length);

      g_ptr_array_add (names, g_strndup (text, length));
      p = qrx_delimited_field_end (self, p) + 1;
    }
  g_ptr_array_add (names, NULL);
  self->names = (char **) g_ptr_array_steal (names, NULL);
  return TRUE;
}

static gboolean
index_rows (Pass *pass, const char *p)
{
  QrxDelimited *self = pass->table;
  const char *last = strip_line_ends (p, pass->end);
  guint64 offset;

  while (p < last)
    {
      const char *next;
      gsize n_fields;

      offset = (guint64) (p - pass->data);
      if (!scan_plain_row (pass, p, &next, &n_fields) && !scan_row (pass, p, FALSE, &next, &n_fields))
        return FALSE;
      if (n_fields != self->n_columns)
        return fail (pass, p, "found %" G_GSIZE_FORMAT " field%s, expected %" G_GSIZE_FORMAT " as in the header", n_fields,
                     n_fields == 1 ? "" : "s", self->n_columns);
      g_array_append_val (self->starts, offset);
      p = next;
    }
  self->n_rows = self->starts->len;
  offset = (guint64) (p - pass->data);
  g_array_append_val (self->starts, offset);
  return TRUE;
}

gboolean
qrx_delimited_index (QrxDelimited *self, QrxDelimitedFlags flags, GError **error)
{
  Pass pass = { .table = self, .data = self->data, .end = self->data + self->size, .error = error };
  const char *p;

  if (strip_line_ends (pass.data, pass.end) == pass.data)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY, "%s: found an empty file, expected a header and rows",
                   self->name);
      return FALSE;
    }
  if (!check_encoding (&pass))
    return FALSE;
  self->delimiter = flags & QRX_DELIMITED_COMMA       ? ','
                    : flags & QRX_DELIMITED_TAB       ? '\t'
                    : flags & QRX_DELIMITED_SEMICOLON ? ';'
                                                      : sniff_delimiter (pass.data, pass.end);
  pass.stops[(guchar) self->delimiter] = pass.stops['\n'] = pass.stops['\r'] = TRUE;
  if (!index_header (&pass, &p) || !index_rows (&pass, p))
    return FALSE;
  if (self->n_rows == 0)
    g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY, "%s: found a header and no rows, expected at least one row",
                 self->name);
  return self->n_rows > 0;
}

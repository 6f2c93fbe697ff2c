/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One pass over a table of text: is it UTF-8, has every row as many fields as the header, where do rows begin. Knows
 * RFC 4180, not what fields mean. */
#include "base/qrx-delimited-private.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* The bytes that may end a field without quotes, and a pass through the rows. */
typedef struct {
  QrxDelimited *table;
  const char *data;
  const char *end;
  gboolean stops[256];
  GArray *starts, *strides;
  const char *checked; /* up to here it is UTF-8 */
  GError **error;
} Pass;

static gboolean fail (Pass *pass, const char *at, const char *format, ...) G_GNUC_PRINTF (3, 4);

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

/* One bit for each of 32 bytes that is @c. */
static inline guint32
find_byte (const char *p, char c)
{
#ifdef __SSE2__
  __m128i wanted = _mm_set1_epi8 (c), low = _mm_loadu_si128 ((const __m128i *) p);
  __m128i high = _mm_loadu_si128 ((const __m128i *) (p + 16));

  return (guint32) _mm_movemask_epi8 (_mm_cmpeq_epi8 (low, wanted)) |
         (guint32) _mm_movemask_epi8 (_mm_cmpeq_epi8 (high, wanted)) << 16;
#else
  guint32 found = 0;

  for (guint i = 0; i < 32; i++)
    found |= (guint32) (p[i] == c) << i;
  return found;
#endif
}

/* Whether none of 32 bytes is 0 or above 127. */
static inline gboolean
is_ascii (const char *p)
{
#ifdef __SSE2__
  __m128i low = _mm_loadu_si128 ((const __m128i *) p), high = _mm_loadu_si128 ((const __m128i *) (p + 16));

  /* As signed numbers, those bytes are below 1. */
  return _mm_movemask_epi8 (_mm_and_si128 (_mm_cmpgt_epi8 (low, _mm_setzero_si128 ()),
                                           _mm_cmpgt_epi8 (high, _mm_setzero_si128 ()))) == 0xffff;
#else
  for (guint i = 0; i < 32; i++)
    if ((signed char) p[i] <= 0)
      return FALSE;
  return TRUE;
#endif
}

/* Checks the next window, up to the end of a line: many bytes at a time where there is nothing but ASCII, a line at a time
 * where there is more. Rows are indexed right behind, so that the file's pages are gone through once. */
static gboolean
check_encoding (Pass *pass)
{
  const char *p = pass->checked, *bad = NULL;
  const char *end = pass->end - p > QRX_DELIMITED_WINDOW ? p + QRX_DELIMITED_WINDOW : pass->end;

  while (p < end)
    {
      const char *line_end;

      if (end - p >= 32 && is_ascii (p))
        {
          p += 32;
          continue;
        }
      line_end = memchr (p, '\n', (gsize) (pass->end - p));
      line_end = line_end != NULL ? line_end + 1 : pass->end;
      if (!g_utf8_validate_len (p, (gsize) (line_end - p), &bad))
        return *bad == '\0' ? fail (pass, bad, "found a NUL character, expected text")
                            : fail (pass, bad, "found the byte 0x%02X, expected UTF-8", (guint) (guchar) *bad);
      p = line_end;
    }
  pass->checked = p;
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

void
qrx_delimited_note_doubled (QrxDelimited *self, const char *field, const char *end)
{
  g_autoptr (GString) text = g_string_new_len (field + 1, end - field - 2);

  g_string_replace (text, "\"\"", "\"", 0);
  g_hash_table_insert (self->doubled, (gpointer) field, g_string_free (g_steal_pointer (&text), FALSE));
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
    qrx_delimited_note_doubled (pass->table, start, p + 1);
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

  g_array_append_val (pass->strides, offset);
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

/* The same for a row without quotes, 32 bytes at a time; FALSE, with nothing done, where there is more to look at. */
static gboolean
scan_plain_row (Pass *pass, const char *start, const char **next, gsize *n_fields)
{
  const char delimiter = pass->table->delimiter;
  const char *p = start, *end = memchr (start, '\n', (gsize) (pass->end - start));
  gsize n = 0;

  *next = end != NULL ? end + 1 : pass->end;
  end = end != NULL ? end : pass->end;
  if (end > start && end[-1] == '\r')
    end--;
  if ((gsize) (end - start) > G_MAXUINT32 || memchr (start, '"', (gsize) (end - start)) != NULL ||
      memchr (start, '\r', (gsize) (end - start)) != NULL)
    return FALSE;
  for (; end - p >= 32; p += 32)
    {
      guint32 marks = find_byte (p, delimiter);
      gsize here = (gsize) __builtin_popcount (marks);

      if (n % QRX_DELIMITED_STRIDE + here < QRX_DELIMITED_STRIDE)
        n += here;
      else
        for (; marks != 0; marks &= marks - 1)
          if (++n % QRX_DELIMITED_STRIDE == 0)
            note_stride (pass, start, p + __builtin_ctz (marks) + 1);
    }
  for (; p < end; p++)
    if (*p == delimiter && ++n % QRX_DELIMITED_STRIDE == 0)
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
  const char *last = strip_line_ends (p, pass->end), *known = p;
  guint64 offset;

  while (p < last)
    {
      const char *next;
      gsize n_fields = 0;

      if (p >= pass->checked && !check_encoding (pass))
        return FALSE;
      offset = (guint64) (p - pass->data);
      if (!scan_plain_row (pass, p, &next, &n_fields) && !scan_row (pass, p, FALSE, &next, &n_fields))
        return FALSE;
      if (n_fields != self->n_columns)
        return fail (pass, p, "found %" G_GSIZE_FORMAT " field%s, expected %" G_GSIZE_FORMAT " as in the header",
                     n_fields, n_fields == 1 ? "" : "s", self->n_columns);
      g_array_append_val (pass->starts, offset);
      p = next;
      if (p - known > QRX_DELIMITED_WINDOW)
        {
          qrx_delimited_forget (self, known, p);
          known = p;
        }
    }
  while (pass->checked < pass->end)
    if (!check_encoding (pass))
      return FALSE;
  self->n_rows = pass->starts->len;
  offset = (guint64) (p - pass->data);
  g_array_append_val (pass->starts, offset);
  return TRUE;
}

static void
set_stops (Pass *pass)
{
  pass->stops[(guchar) pass->table->delimiter] = pass->stops['\n'] = pass->stops['\r'] = TRUE;
}

gboolean
qrx_delimited_index_header (QrxDelimited *self, GError **error)
{
  Pass pass = { .table = self, .data = self->data, .end = self->data + self->size, .error = error };
  const char *p;

  set_stops (&pass);
  return index_header (&pass, &p);
}

static GBytes *
take_array (GArray **array)
{
  gsize size = (*array)->len * g_array_get_element_size (*array);
  gpointer data = g_array_steal (*array, NULL);

  return g_bytes_new_take (data, size);
}

static gboolean
index_all (Pass *pass, QrxDelimitedFlags flags)
{
  QrxDelimited *self = pass->table;
  const char *p;

  if (!check_encoding (pass))
    return FALSE;
  self->delimiter = flags & QRX_DELIMITED_COMMA       ? ','
                    : flags & QRX_DELIMITED_TAB       ? '\t'
                    : flags & QRX_DELIMITED_SEMICOLON ? ';'
                                                      : sniff_delimiter (pass->data, pass->end);
  set_stops (pass);
  if (!index_header (pass, &p) || !index_rows (pass, p))
    return FALSE;
  self->index[0] = take_array (&pass->starts);
  self->index[1] = take_array (&pass->strides);
  self->starts = g_bytes_get_data (self->index[0], NULL);
  self->strides = g_bytes_get_data (self->index[1], NULL);
  if (self->n_rows == 0)
    g_set_error (pass->error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY,
                 "%s: found a header and no rows, expected at least one row", self->name);
  return self->n_rows > 0;
}

gboolean
qrx_delimited_index (QrxDelimited *self, QrxDelimitedFlags flags, GError **error)
{
  Pass pass = {
    .table = self, .data = self->data, .end = self->data + self->size, .checked = self->data, .error = error
  };
  gboolean done;

  if (strip_line_ends (pass.data, pass.end) == pass.data)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY, "%s: found an empty file, expected a header and rows",
                   self->name);
      return FALSE;
    }
  pass.starts = g_array_new (FALSE, FALSE, sizeof (guint64));
  pass.strides = g_array_new (FALSE, FALSE, sizeof (guint32));
  done = index_all (&pass, flags);
  g_clear_pointer (&pass.starts, g_array_unref);
  g_clear_pointer (&pass.strides, g_array_unref);
  return done;
}

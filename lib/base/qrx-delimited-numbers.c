/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole columns of numbers out of a table of text, at the speed of memory where they are plain. */
#include "base/qrx-delimited-private.h"

#include <math.h>
#include <qrx/qrx-number.h>
#include <stdlib.h>

static gboolean
is_missing (const char *text, gsize length)
{
  return length == 0 || (length == 2 && g_ascii_strncasecmp (text, "na", 2) == 0) ||
         (length == 3 && g_ascii_strncasecmp (text, "nan", 3) == 0) ||
         (length == 4 && g_ascii_strncasecmp (text, "null", 4) == 0);
}

/* Blanks around a number are no part of it. */
static const char *
trim (const char *text, gsize *length)
{
  while (*length > 0 && (text[0] == ' ' || text[0] == '\t'))
    {
      text++;
      (*length)--;
    }
  while (*length > 0 && (text[*length - 1] == ' ' || text[*length - 1] == '\t'))
    (*length)--;
  return text;
}

/* The number of a field's text; FALSE with nothing said where it is none. */
static gboolean
parse_text (const char *text, gsize length, QrxMissing missing, double *value)
{
  text = trim (text, &length);
  if (is_missing (text, length))
    {
      *value = NAN;
      return missing == QRX_MISSING_NAN;
    }
  return qrx_number_parse (text, length, value) && isfinite (*value);
}

void
qrx_delimited_set_number_error (QrxDelimited *self, gsize row, gsize column, GError **error)
{
  gsize length;
  const char *text = qrx_delimited_peek (self, row, column, &length);

  text = trim (text, &length);
  if (length == 0)
    qrx_delimited_set_error (self, row, column, QRX_DATA_ERROR_VALUE, error, "found an empty field, expected a number");
  else
    qrx_delimited_set_error (self, row, column, QRX_DATA_ERROR_VALUE, error, "found \"%.*s\", expected a finite number",
                             (int) MIN (length, 40), text);
}

/**
 * qrx_delimited_is_missing: (skip)
 * @self: a table
 * @row: a row
 * @column: a column
 *
 * Returns: whether the field is empty, NA, NaN or null
 */
gboolean
qrx_delimited_is_missing (QrxDelimited *self, gsize row, gsize column)
{
  gsize length;
  const char *text = qrx_delimited_peek (self, row, column, &length);

  text = trim (text, &length);
  return is_missing (text, length);
}

/**
 * qrx_delimited_get_number: (skip)
 * @self: a table
 * @row: a row
 * @column: a column
 * @missing: what to do with a missing number
 * @value: (out): the number, finite or NaN if missing
 * @error: return location for an error
 *
 * Reads one number; fails with %QRX_DATA_ERROR_VALUE, naming file, line, column and text.
 *
 * Returns: whether @value was set
 */
gboolean
qrx_delimited_get_number (QrxDelimited *self, gsize row, gsize column, QrxMissing missing, double *value,
                          GError **error)
{
  gsize length;
  const char *text = qrx_delimited_peek (self, row, column, &length);

  if (parse_text (text, length, missing, value))
    return TRUE;
  qrx_delimited_set_number_error (self, row, column, error);
  return FALSE;
}

static int
compare_wanted (gconstpointer a, gconstpointer b)
{
  const QrxWanted *x = a, *y = b;

  return x->column < y->column ? -1 : x->column > y->column;
}

/* The number that is all of the field at p; NULL where the field needs a closer look. */
static inline const char *
parse_plain (const char *p, const char *end, char delimiter, double *value)
{
  p = qrx_number_scan (p, end, value);
  if (p == NULL || (p < end && *p != delimiter && *p != '\n' && *p != '\r') || !isfinite (*value))
    return NULL;
  return p;
}

gboolean
qrx_delimited_read_row (QrxDelimited *self, gsize row, const QrxWanted *wanted, gsize n_wanted, QrxMissing missing,
                        double *values, gsize *bad)
{
  const char *p = NULL, *end = self->data + self->size;
  gsize column = 0;

  for (gsize i = 0; i < n_wanted; i++)
    {
      double *value = &values[wanted[i].place];
      const char *next;

      if (p == NULL || wanted[i].column - column > QRX_DELIMITED_STRIDE)
        {
          column = wanted[i].column;
          p = qrx_delimited_field (self, row, column);
        }
      for (; column < wanted[i].column; column++)
        p = qrx_delimited_field_end (self, p) + 1;
      next = parse_plain (p, end, self->delimiter, value);
      if (next == NULL)
        {
          gsize length;
          const char *text = qrx_delimited_field_text (self, p, &length);

          *bad = column;
          if (!parse_text (text, length, missing, value))
            return FALSE;
          next = qrx_delimited_field_end (self, p);
        }
      p = next + 1;
      column++;
    }
  return TRUE;
}

/* A finite double may be too large for a float. */
static gboolean
narrow (const double *values, float *out, gsize n, gsize *bad)
{
  for (gsize i = 0; i < n; i++)
    {
      out[i] = (float) values[i];
      if (isinf (out[i]))
        {
          *bad = i;
          return FALSE;
        }
    }
  return TRUE;
}

QrxWanted *
qrx_delimited_sort_columns (const gsize *columns, gsize n_columns)
{
  QrxWanted *wanted = g_new (QrxWanted, n_columns);

  for (gsize i = 0; i < n_columns; i++)
    wanted[i] = (QrxWanted){ columns[i], i };
  qsort (wanted, n_columns, sizeof *wanted, compare_wanted);
  return wanted;
}

/**
 * qrx_delimited_read_numbers: (skip)
 * @self: a table
 * @columns: (array length=n_columns): which columns, in the order wanted
 * @n_columns: how many
 * @missing: what to do with a missing number
 * @out: a tensor of shape (rows, @n_columns), of either element type
 * @error: return location for an error
 *
 * Reads whole columns of numbers; each is the element nearest to the decimal.
 * Fails with %QRX_DATA_ERROR_VALUE, naming file, line, column and text, at what is no finite number.
 *
 * Returns: whether @out was filled
 */
gboolean
qrx_delimited_read_numbers (QrxDelimited *self, const gsize *columns, gsize n_columns, QrxMissing missing,
                            QrxTensor *out, GError **error)
{
  g_autofree QrxWanted *wanted = NULL;
  g_autofree double *values = NULL;
  gboolean wide = qrx_tensor_get_dtype (out) == QRX_DTYPE_F64;
  gsize bad = 0;

  g_return_val_if_fail (n_columns > 0 && !qrx_tensor_is_read_only (out), FALSE);
  g_return_val_if_fail (qrx_tensor_get_rows (out) == self->n_rows && qrx_tensor_get_columns (out) == n_columns, FALSE);

  for (gsize i = 0; i < n_columns; i++)
    g_return_val_if_fail (columns[i] < self->n_columns, FALSE);
  wanted = qrx_delimited_sort_columns (columns, n_columns);
  values = g_new (double, n_columns);
  for (gsize row = 0; row < self->n_rows; row++)
    {
      double *into = wide ? qrx_tensor_peek_f64 (out) + row * n_columns : values;

      if (!qrx_delimited_read_row (self, row, wanted, n_columns, missing, into, &bad))
        {
          qrx_delimited_set_number_error (self, row, bad, error);
          return FALSE;
        }
      if (!wide && !narrow (values, qrx_tensor_peek_f32 (out) + row * n_columns, n_columns, &bad))
        {
          qrx_delimited_set_number_error (self, row, columns[bad], error);
          return FALSE;
        }
    }
  return TRUE;
}

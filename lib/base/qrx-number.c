/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decimal numbers to doubles and back: the one place that decides what a number looks like in a file.
 * Fast where 53 bits and an exact power of ten suffice, the C library's exact conversion elsewhere. */
#include <qrx/qrx-number.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FAST_DIGITS 19
#define MAX_EXACT_POWER 22

/* The powers of ten that a double holds exactly. */
static const double powers[MAX_EXACT_POWER + 1] = {
  1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

typedef struct {
  guint64 digits;      /* the first significant digits as an integer */
  guint n_significant; /* how many there were, leading zeros not counted */
  gint64 exponent;     /* of ten */
  gboolean negative;
} Decimal;

static const char *
scan_digits (const char *p, const char *end, Decimal *decimal)
{
  for (; p < end && g_ascii_isdigit (*p); p++)
    {
      if (decimal->n_significant > 0 || *p != '0')
        decimal->n_significant++;
      if (decimal->n_significant <= MAX_FAST_DIGITS)
        decimal->digits = decimal->digits * 10 + (guint64) (*p - '0');
    }
  return p;
}

static const char *
scan_exponent (const char *p, const char *end, gint64 *exponent)
{
  gboolean negative = p < end && *p == '-';
  const char *start;
  gint64 e = 0;

  if (p < end && (*p == '-' || *p == '+'))
    p++;
  for (start = p; p < end && g_ascii_isdigit (*p); p++)
    if (e < 100000)
      e = e * 10 + (*p - '0');
  *exponent += negative ? -e : e;
  return p > start ? p : NULL;
}

/* [+-] digits [. digits] [e [+-] digits] with at least one digit in the significand, and nothing else. */
static gboolean
scan_decimal (const char *p, const char *end, Decimal *decimal)
{
  const char *start, *point;
  gsize n_digits;

  if (p < end && (*p == '-' || *p == '+'))
    decimal->negative = *p++ == '-';
  start = p;
  p = scan_digits (p, end, decimal);
  n_digits = (gsize) (p - start);
  if (p < end && *p == '.')
    {
      point = ++p;
      p = scan_digits (p, end, decimal);
      n_digits += (gsize) (p - point);
      decimal->exponent -= p - point;
    }
  if (n_digits == 0)
    return FALSE;
  if (p < end && (*p == 'e' || *p == 'E'))
    p = scan_exponent (p + 1, end, &decimal->exponent);
  return p == end;
}

static double
parse_exactly (const char *text, gsize length)
{
  char small[128];
  g_autofree char *large = NULL;
  char *copy = small;

  if (length >= sizeof small)
    copy = large = g_malloc (length + 1);
  memcpy (copy, text, length);
  copy[length] = '\0';
  return g_ascii_strtod (copy, NULL);
}

/**
 * qrx_number_parse: (skip)
 * @text: the characters of a number; no NUL is needed behind them
 * @length: how many
 * @value: (out): the double nearest to the decimal, ties to even; infinite if it overflows
 *
 * Reads a decimal number that fills @text entirely: no blanks, no hexadecimal, no "inf" or "nan".
 *
 * A significand below 2^53 and a power of ten up to 22 are exact doubles, so one operation rounds correctly:
 * W. D. Clinger, How to read floating point numbers accurately, doi:10.1145/93542.93557.
 *
 * Returns: whether @text is a number
 */
gboolean
qrx_number_parse (const char *text, gsize length, double *value)
{
  Decimal decimal = { 0 };
  double magnitude;

  if (!scan_decimal (text, text + length, &decimal))
    return FALSE;
  if (decimal.n_significant <= MAX_FAST_DIGITS && decimal.digits <= G_GUINT64_CONSTANT (1) << 53 &&
      decimal.exponent >= -MAX_EXACT_POWER && decimal.exponent <= MAX_EXACT_POWER)
    {
      magnitude = (double) decimal.digits;
      magnitude = decimal.exponent < 0 ? magnitude / powers[-decimal.exponent] : magnitude * powers[decimal.exponent];
      *value = decimal.negative ? -magnitude : magnitude;
    }
  else
    *value = parse_exactly (text, length);
  return TRUE;
}

/**
 * qrx_number_format: (skip)
 * @value: a number
 * @buffer: room for %QRX_NUMBER_BUFFER_SIZE characters
 *
 * Writes a number with the fewest of 15, 16 or 17 digits that read back the same bits.
 * A whole number keeps a ".0"; what is not finite becomes "NaN", "inf" or "-inf".
 *
 * Returns: @buffer
 */
const char *
qrx_number_format (double value, char *buffer)
{
  static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };
  double again = 0;

  if (!isfinite (value))
    {
      g_strlcpy (buffer, isnan (value) ? "NaN" : value > 0 ? "inf" : "-inf", QRX_NUMBER_BUFFER_SIZE);
      return buffer;
    }
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_ascii_formatd (buffer, QRX_NUMBER_BUFFER_SIZE, formats[i], value);
      if (qrx_number_parse (buffer, strlen (buffer), &again) && again == value)
        break;
    }
  if (strpbrk (buffer, ".e") == NULL)
    g_strlcat (buffer, ".0", QRX_NUMBER_BUFFER_SIZE);
  return buffer;
}

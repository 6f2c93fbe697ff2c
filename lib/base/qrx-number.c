/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decimal numbers to doubles and back: the one place that decides what a number looks like in a file.
 * Fast where one or two machine words suffice, the C library's exact conversion elsewhere. */
#include <qrx/qrx-number.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DIGITS 19 /* that a guint64 always holds */
#define MAX_DOUBLE_POWER 22
#define MAX_WORD_POWER 27

/* The powers of ten that a double holds exactly. */
static const double tens[MAX_DOUBLE_POWER + 1] = {
  1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

/* Wraps where there are more than MAX_DIGITS, which callers count. */
static inline const char *
scan_digits (const char *p, const char *end, guint64 *digits)
{
  guint64 value = *digits;

  for (; p < end; p++)
    {
      guint digit = (guint) (guchar) *p - '0';

      if (digit > 9)
        break;
      value = value * 10 + digit;
    }
  *digits = value;
  return p;
}

/* Behind an exponent, or at its e if no digit follows. */
static const char *
scan_exponent (const char *e, const char *end, gint64 *exponent)
{
  const char *p = e + 1, *start;
  gboolean negative = p < end && *p == '-';
  gint64 value = 0;

  if (p < end && (*p == '-' || *p == '+'))
    p++;
  for (start = p; p < end && g_ascii_isdigit (*p); p++)
    if (value < 100000)
      value = value * 10 + (*p - '0');
  if (p == start)
    return e;
  *exponent += negative ? -value : value;
  return p;
}

#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 Wide;

static double
power_of_two (int exponent)
{
  guint64 bits = (guint64) (exponent + 1023) << 52;
  double value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

/* digits × 10^exponent for digits > 0 and |exponent| up to MAX_WORD_POWER, where 10^e = 5^e 2^e: 128 bits hold the
 * product, or a quotient that has more bits than a double besides a remainder. Rounds once, ties to even. */
static double
scale_exactly (guint64 digits, int exponent)
{
  guint64 five = 1, mantissa;
  Wide value, rest, half;
  int binary = exponent, shift, leading;
  gboolean remainder = FALSE;

  for (int i = 0; i < ABS (exponent); i++)
    five *= 5;
  if (exponent >= 0)
    value = (Wide) digits * five;
  else
    {
      leading = __builtin_clzll (digits);
      value = (Wide) (digits << leading) << 64;
      remainder = value % five != 0;
      value /= five;
      binary -= leading + 64;
    }
  leading = value >> 64 != 0 ? __builtin_clzll ((guint64) (value >> 64)) : 64 + __builtin_clzll ((guint64) value);
  shift = 128 - leading - 53;
  if (shift <= 0)
    return (double) (guint64) value * power_of_two (binary);
  mantissa = (guint64) (value >> shift);
  half = (Wide) 1 << (shift - 1);
  rest = value & ((half << 1) - 1);
  if (rest > half || (rest == half && (remainder || (mantissa & 1))))
    mantissa++;
  return (double) mantissa * power_of_two (binary + shift);
}
#endif

static double
convert_exactly (const char *text, gsize length)
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
 * qrx_number_scan: (skip)
 * @text: where a number may begin
 * @end: behind the last character that may be read
 * @value: (out): the double nearest to the decimal, ties to even; infinite if it overflows
 *
 * Reads a decimal number from the beginning of a text: no blanks, no hexadecimal, no "inf" or "nan".
 *
 * A significand up to 2^53 and a power of ten up to 22 are exact doubles, so one operation rounds correctly:
 * W. D. Clinger, How to read floating point numbers accurately, doi:10.1145/93542.93557.
 *
 * Returns: (nullable): behind the number, or %NULL if @text does not begin with one
 */
const char *
qrx_number_scan (const char *text, const char *end, double *value)
{
  const char *p = text, *start;
  gboolean negative = p < end && *p == '-';
  guint64 digits = 0;
  gint64 exponent = 0;
  gsize n_digits;
  double magnitude;

  if (p < end && (*p == '-' || *p == '+'))
    p++;
  start = p;
  p = scan_digits (p, end, &digits);
  n_digits = (gsize) (p - start);
  if (p < end && *p == '.')
    {
      start = ++p;
      p = scan_digits (p, end, &digits);
      n_digits += (gsize) (p - start);
      exponent = start - p;
    }
  if (n_digits == 0)
    return NULL;
  if (p < end && (*p == 'e' || *p == 'E'))
    p = scan_exponent (p, end, &exponent);
  if (n_digits <= MAX_DIGITS && digits <= G_GUINT64_CONSTANT (1) << 53 && exponent >= -MAX_DOUBLE_POWER &&
      exponent <= MAX_DOUBLE_POWER)
    magnitude = exponent < 0 ? (double) digits / tens[-exponent] : (double) digits * tens[exponent];
#ifdef __SIZEOF_INT128__
  else if (n_digits <= MAX_DIGITS && digits != 0 && exponent >= -MAX_WORD_POWER && exponent <= MAX_WORD_POWER)
    magnitude = scale_exactly (digits, (int) exponent);
#endif
  else
    {
      *value = convert_exactly (text, (gsize) (p - text));
      return p;
    }
  *value = negative ? -magnitude : magnitude;
  return p;
}

/**
 * qrx_number_parse: (skip)
 * @text: the characters of a number; no NUL is needed behind them
 * @length: how many
 * @value: (out): the double nearest to the decimal, ties to even; infinite if it overflows
 *
 * Reads a decimal number that fills @text entirely; see qrx_number_scan().
 *
 * Returns: whether @text is a number
 */
gboolean
qrx_number_parse (const char *text, gsize length, double *value)
{
  double found;

  if (length == 0 || qrx_number_scan (text, text + length, &found) != text + length)
    return FALSE;
  *value = found;
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

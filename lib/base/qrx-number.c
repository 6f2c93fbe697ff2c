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
#define EACH_BYTE(x) (G_GUINT64_CONSTANT (0x0101010101010101) * (x))
#define EACH_PAIR(x) (G_GUINT64_CONSTANT (0x0001000100010001) * (x))

/* The powers of ten that a double holds exactly. */
static const double tens[MAX_DOUBLE_POWER + 1] = {
  1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

/* The digits at the beginning of eight characters, without a branch on how many there are: what is none is shifted out,
 * and pairs, fours and all are added side by side in a word. Returns how many. */
static inline guint
scan_eight (const char *p, guint64 *value)
{
  static const guint64 scales[9] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000 };
  guint64 word, others;
  guint n;

  memcpy (&word, p, sizeof word);
  word = GUINT64_FROM_LE (word) ^ EACH_BYTE (0x30);
  others = (((word & EACH_BYTE (0x7f)) + EACH_BYTE (0x76)) | word) & EACH_BYTE (0x80); /* bytes above 9 */
  n = others != 0 ? (guint) __builtin_ctzll (others) / 8 : 8;
  word = n > 0 ? word << (64 - 8 * n) : 0;
  word = (word * (10 << 8 | 1) >> 8) & EACH_PAIR (0xff);
  word = (word * (100 << 16 | 1) >> 16) & G_GUINT64_CONSTANT (0x0000ffff0000ffff);
  word = word * ((guint64) 10000 << 32 | 1) >> 32;
  *value = *value * scales[n] + word;
  return n;
}

/* Wraps where there are more than MAX_DIGITS, which callers count. */
static inline const char *
scan_digits (const char *p, const char *end, guint64 *digits)
{
  guint64 value = *digits;

  while (end - p >= 8)
    {
      guint n = scan_eight (p, &value);

      p += n;
      if (n < 8)
        {
          *digits = value;
          return p;
        }
    }
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

/* 2^b / 5^k rounded down, b such that the highest of 64 bits is set. */
static const guint64 fifths[MAX_WORD_POWER + 1] = {
  0x8000000000000000, 0xcccccccccccccccc, 0xa3d70a3d70a3d70a, 0x83126e978d4fdf3b, 0xd1b71758e219652b,
  0xa7c5ac471b478423, 0x8637bd05af6c69b5, 0xd6bf94d5e57a42bc, 0xabcc77118461cefc, 0x89705f4136b4a597,
  0xdbe6fecebdedd5be, 0xafebff0bcb24aafe, 0x8cbccc096f5088cb, 0xe12e13424bb40e13, 0xb424dc35095cd80f,
  0x901d7cf73ab0acd9, 0xe69594bec44de15b, 0xb877aa3236a4b449, 0x9392ee8e921d5d07, 0xec1e4a7db69561a5,
  0xbce5086492111aea, 0x971da05074da7bee, 0xf1c90080baf72cb1, 0xc16d9a0095928a27, 0x9abe14cd44753b52,
  0xf79687aed3eec551, 0xc612062576589dda, 0x9e74d1b791e07e48,
};

/* digits / 10^power for digits > 0 and power from 1, where one product of words decides: it is less than two units of
 * its upper word below the truth. FALSE where half a unit of the double's last place is that near. As in D. Lemire,
 * Number parsing at a gigabyte per second, doi:10.1002/spe.2984. */
static inline gboolean
divide_quickly (guint64 digits, int power, double *value)
{
  guint64 fifth = fifths[power], high, rest, half, mantissa;
  int leading = __builtin_clzll (digits), shift, fives = (power * 152170 >> 16) + 1; /* the bits of 5^power */

  high = (guint64) ((Wide) (digits << leading) * fifth >> 64);
  shift = 11 - (high >> 63 == 0);
  rest = high & ((G_GUINT64_CONSTANT (1) << shift) - 1);
  half = G_GUINT64_CONSTANT (1) << (shift - 1);
  if (rest + 1 == half || rest == half)
    return FALSE;
  mantissa = (high >> shift) + (rest > half);
  *value = (double) mantissa * power_of_two (1 - leading - power - fives + shift);
  return TRUE;
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
  else if (n_digits <= MAX_DIGITS && digits != 0 && exponent < 0 && exponent >= -MAX_WORD_POWER &&
           divide_quickly (digits, (int) -exponent, &magnitude))
    ;
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

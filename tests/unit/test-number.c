/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qrx/qrx-number.h>

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Bits, not values: −0 and 0 differ. */
static void
assert_same_bits (const char *text, double found, double expected)
{
  if (memcmp (&found, &expected, sizeof found) != 0)
    g_error ("%s was read as %a, expected %a", text, found, expected);
}

static double
parse (const char *text)
{
  double value = NAN;

  if (!qrx_number_parse (text, strlen (text), &value))
    g_error ("%s was not read as a number", text);
  return value;
}

static void
assert_as_strtod (const char *text)
{
  assert_same_bits (text, parse (text), g_ascii_strtod (text, NULL));
}

/* Ties, limits of the fast path, subnormals, the largest finite, more digits than 64 bits hold. */
static void
test_hard_cases_round_like_the_c_library (void)
{
  static const char *const cases[] = {
    "0", "-0", "+1", "0.0e5", "1", "123456789012345678", "9007199254740993", "9007199254740992", "9007199254740991e22",
    "9007199254740993e22", "1e22", "1e23", "8.5e-23", "1e-22", "3e-23", "0.1", ".5", "5.", "7.632023171",
    "2.2250738585072011e-308", "2.2250738585072014e-308", "4.9e-324", "2.4703282292062327e-324",
    "2.4703282292062328e-324", "1.7976931348623157e308", "1.7976931348623158e308", "1e-400",
    "6.631236846766476e-316", "3.237883913302901e-319", "1.00000005960464477539062499", "9007199254740992.5",
    "9007199254740993.0000000000000000000000000000000000001", "0.000000000000000000000000000000000000000000000001",
    "100000000000000000000000000000000000000000000000e-47", "18446744073709551615", "18446744073709551616",
    "99999999999999999999", "0.3000000000000000166", "1e00000000000000000000000001",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_as_strtod (cases[i]);
}

static void
test_random_decimals_round_like_the_c_library (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261122);

  for (guint i = 0; i < 200000; i++)
    {
      guint64 digits = ((guint64) g_rand_int (rand) << 32 | g_rand_int (rand)) >> g_rand_int_range (rand, 0, 60);
      g_autofree char *text = NULL;

      text = g_strdup_printf ("%s%" G_GUINT64_FORMAT "e%d", i % 2 ? "-" : "", digits, g_rand_int_range (rand, -40, 40));
      assert_as_strtod (text);
    }
}

/* Halfway between two doubles, and one unit beside it: where a single wrong bit shows. */
static void
test_ties_round_to_even (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);

  for (guint i = 0; i < 100000; i++)
    {
      guint64 mantissa = (G_GUINT64_CONSTANT (1) << 53) | ((guint64) g_rand_int (rand) << 21) |
                         g_rand_int_range (rand, 0, 1 << 21);

      for (int beside = -1; beside <= 1; beside++)
        {
          g_autofree char *integer = g_strdup_printf ("%" G_GUINT64_FORMAT "e%d", 2 * mantissa + (guint64) (1 + beside),
                                                      g_rand_int_range (rand, -27, 28));

          assert_as_strtod (integer);
        }
    }
}

static void
test_overflow_is_infinite_so_that_callers_can_refuse_it (void)
{
  g_assert_true (isinf (parse ("1e309")) && isinf (parse ("-1e99999999999999999999")));
  g_assert_cmpfloat (parse ("1e-99999999999999999999"), ==, 0);
  g_assert_cmpfloat (parse ("0e99999999999999999999"), ==, 0);
}

static void
test_what_is_no_number_is_refused (void)
{
  static const char *const cases[] = { "", "-", "+", ".", "-.", "e5", "1e", "1e+", "1 ", " 1", "0x10", "inf", "nan", "1,5",
                                       "1.2.3", "--1", "1e5.0", "1f", "١" };
  double value = 42;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    if (qrx_number_parse (cases[i], strlen (cases[i]), &value))
      g_error ("\"%s\" was read as a number", cases[i]);
  g_assert_cmpfloat (value, ==, 42);
}

static void
test_nothing_behind_the_length_is_read (void)
{
  double value = 0;

  g_assert_true (qrx_number_parse ("12345", 2, &value));
  g_assert_cmpfloat (value, ==, 12);
}

static void
test_format_reads_back_the_same_bits (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  char buffer[QRX_NUMBER_BUFFER_SIZE];

  for (guint i = 0; i < 100000; i++)
    {
      guint64 bits = (guint64) g_rand_int (rand) << 32 | g_rand_int (rand);
      double value;

      memcpy (&value, &bits, sizeof value);
      if (isfinite (value))
        assert_same_bits (buffer, parse (qrx_number_format (value, buffer)), value);
    }
}

static void
test_format_is_short_and_shows_that_it_is_no_integer (void)
{
  static const struct {
    double value;
    const char *text;
  } cases[] = {
    { 0.1, "0.1" }, { 1, "1.0" }, { -0.0, "-0.0" }, { 1e22, "1e+22" }, { 0.1 + 0.2, "0.30000000000000004" },
    { -1.7976931348623157e308, "-1.7976931348623157e+308" }, { 123456789, "123456789.0" }, { 1e-7, "1e-07" },
    { INFINITY, "inf" }, { -INFINITY, "-inf" }, { NAN, "NaN" },
  };
  char buffer[QRX_NUMBER_BUFFER_SIZE];

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (qrx_number_format (cases[i].value, buffer), ==, cases[i].text);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "de_DE.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/number/hard-cases", test_hard_cases_round_like_the_c_library);
  g_test_add_func ("/number/random", test_random_decimals_round_like_the_c_library);
  g_test_add_func ("/number/ties", test_ties_round_to_even);
  g_test_add_func ("/number/overflow", test_overflow_is_infinite_so_that_callers_can_refuse_it);
  g_test_add_func ("/number/refused", test_what_is_no_number_is_refused);
  g_test_add_func ("/number/length", test_nothing_behind_the_length_is_read);
  g_test_add_func ("/number/format-bits", test_format_reads_back_the_same_bits);
  g_test_add_func ("/number/format-short", test_format_is_short_and_shows_that_it_is_no_integer);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qrx/qrx-expression.h>

#include <math.h>
#include <string.h>

static void
test_expressions_mean_what_they_say (void)
{
  static const struct {
    const char *text;
    double value;
  } cases[] = {
    { "pi/2", G_PI / 2 }, { "2*pi", 2 * G_PI }, { "-pi/4", -G_PI / 4 }, { "1e-3", 1e-3 }, { " 1 + 2 * 3 ", 7 },
    { "(1+2)*3", 9 }, { "10-4-3", 3 }, { "16/4/2", 2 }, { "-2^2", -4 }, { "2^-1", 0.5 }, { "2^3^2", 512 },
    { "(-2)^2", 4 }, { "--1", 1 }, { "+pi", G_PI }, { "sqrt(2)/2", 0.70710678118654757 }, { "sqrt ( 4 )", 2 },
    { "1e2e", NAN }, { "3*-2", -6 }, { ".5", 0.5 }, { "1E+2", 100 }, { "0.1", 0.1 },
  };
  double value;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean ok = qrx_expression_evaluate (cases[i].text, &value, &error);

      if (isnan (cases[i].value))
        g_assert_false (ok);
      else
        {
          g_assert_no_error (error);
          g_assert_cmpfloat (value, ==, cases[i].value);
        }
    }
}

static void
test_faults_name_the_column (void)
{
  static const struct {
    const char *text, *message;
  } cases[] = {
    { "", "\"\", column 1: found the end, expected a number, pi, sqrt or (" },
    { "2*pj", "\"2*pj\", column 3: found \"pj\", expected a number, pi, sqrt or (" },
    { "2*", "\"2*\", column 3: found the end, expected a number, pi, sqrt or (" },
    { "(1+2", "\"(1+2\", column 5: found the end, expected an operator or )" },
    { "1)", "\"1)\", column 2: found \")\", expected an operator or the end" },
    { "2pi", "\"2pi\", column 1: found \"2pi\", expected a number" },
    { "pi 2", "\"pi 2\", column 4: found \"2\", expected an operator or the end" },
    { "1/0", "\"1/0\", column 2: found an infinite value, expected a finite number" },
    { "1/(1/0)", "\"1/(1/0)\", column 5: found an infinite value, expected a finite number" },
    { "0/0", "\"0/0\", column 2: found what is not a number, expected a finite number" },
    { "1e999", "\"1e999\", column 1: found an infinite value, expected a finite number" },
    { "10^999", "\"10^999\", column 3: found an infinite value, expected a finite number" },
    { "(-8)^0.5", "\"(-8)^0.5\", column 5: found what is not a number, expected a finite number" },
    { "sqrt(-1)", "\"sqrt(-1)\", column 1: found what is not a number, expected a finite number" },
    { "sqrt 2", "\"sqrt 2\", column 6: found \"2\", expected ( after sqrt" },
    { "inf", "\"inf\", column 1: found \"inf\", expected a number, pi, sqrt or (" },
    { "1+π", "\"1+π\", column 3: found \"π\", expected a number, pi, sqrt or (" },
    { "0x10", "\"0x10\", column 1: found \"0x10\", expected a number" },
    { "1.2.3", "\"1.2.3\", column 1: found \"1.2.3\", expected a number" },
  };
  double value = 42;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (qrx_expression_evaluate (cases[i].text, &value, &error));
      g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE);
      g_assert_cmpstr (error->message, ==, cases[i].message);
    }
  g_assert_cmpfloat (value, ==, 42);
}

static void
test_deep_nesting_is_refused_not_died_of (void)
{
  static const char openers[] = "(-+";
  double value;

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *text = g_strnfill (1000000, openers[i]);
      g_autoptr (GError) error = NULL;

      g_assert_false (qrx_expression_evaluate (text, &value, &error));
      g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE);
      g_assert_nonnull (strstr (error->message, "nested more than 64 deep"));
    }
}

static void
test_bytes_that_are_no_text_are_refused (void)
{
  g_autoptr (GError) error = NULL;
  double value;

  g_assert_false (qrx_expression_evaluate ("1\xff", &value, &error));
  g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/expression/values", test_expressions_mean_what_they_say);
  g_test_add_func ("/expression/faults", test_faults_name_the_column);
  g_test_add_func ("/expression/deep", test_deep_nesting_is_refused_not_died_of);
  g_test_add_func ("/expression/bytes", test_bytes_that_are_no_text_are_refused);
  return g_test_run ();
}

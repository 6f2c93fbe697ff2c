/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Constant expressions, so that a file can say pi/2 and mean the nearest double to it. Knows numbers only. */
#include <qrx/qrx-expression.h>
#include <qrx/qrx-number.h>

#include <math.h>
#include <string.h>

#define MAX_DEPTH 64

typedef struct {
  const char *text;
  const char *p;
  guint depth;
  GError **error;
} Parser;

static gboolean parse_sum (Parser *parser, double *value);

static void fail (Parser *parser, const char *at, const char *format, ...) G_GNUC_PRINTF (3, 4);

static void
fail (Parser *parser, const char *at, const char *format, ...)
{
  g_autofree char *message = NULL;
  g_autofree char *shown = g_utf8_substring (parser->text, 0, MIN (g_utf8_strlen (parser->text, -1), 60));
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (parser->error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, "\"%s\", column %ld: %s", shown,
               g_utf8_pointer_to_offset (parser->text, at) + 1, message);
}

static void
fail_expected (Parser *parser, const char *expected)
{
  const char *q = parser->p;

  if (*q == '\0')
    {
      fail (parser, q, "found the end, expected %s", expected);
      return;
    }
  while (q - parser->p < 24 && (g_ascii_isalnum (*q) || *q == '_' || *q == '.'))
    q++;
  if (q == parser->p)
    q = g_utf8_next_char (q);
  fail (parser, parser->p, "found \"%.*s\", expected %s", (int) (q - parser->p), parser->p, expected);
}

static char
next (Parser *parser)
{
  while (*parser->p == ' ' || *parser->p == '\t')
    parser->p++;
  return *parser->p;
}

/* Every step must be finite: 1/(1/0) is no zero. */
static gboolean
check (Parser *parser, const char *at, double value)
{
  if (isfinite (value))
    return TRUE;
  fail (parser, at, "found %s, expected a finite number", isnan (value) ? "what is not a number" : "an infinite value");
  return FALSE;
}

static gboolean
parse_number (Parser *parser, double *value)
{
  const char *start = parser->p, *q = start;

  while (g_ascii_isdigit (*q) || *q == '.')
    q++;
  if (*q == 'e' || *q == 'E')
    {
      q++;
      if (*q == '+' || *q == '-')
        q++;
    }
  while (g_ascii_isalnum (*q) || *q == '.' || *q == '_')
    q++;
  if (!qrx_number_parse (start, (gsize) (q - start), value))
    {
      fail (parser, start, "found \"%.*s\", expected a number", (int) MIN (q - start, 24), start);
      return FALSE;
    }
  parser->p = q;
  return check (parser, start, *value);
}

/* What follows an opening parenthesis. */
static gboolean
parse_rest_of_group (Parser *parser, double *value)
{
  parser->p++;
  if (!parse_sum (parser, value))
    return FALSE;
  if (next (parser) != ')')
    {
      fail_expected (parser, "an operator or )");
      return FALSE;
    }
  parser->p++;
  return TRUE;
}

static gboolean
parse_atom (Parser *parser, double *value)
{
  const char *start, *q;

  if (g_ascii_isdigit (next (parser)) || *parser->p == '.')
    return parse_number (parser, value);
  if (*parser->p == '(')
    return parse_rest_of_group (parser, value);
  for (start = q = parser->p; g_ascii_isalnum (*q) || *q == '_';)
    q++;
  if (q - start == 2 && strncmp (start, "pi", 2) == 0)
    {
      *value = G_PI;
      parser->p = q;
      return TRUE;
    }
  if (q - start == 4 && strncmp (start, "sqrt", 4) == 0)
    {
      parser->p = q;
      if (next (parser) != '(')
        {
          fail_expected (parser, "( after sqrt");
          return FALSE;
        }
      if (!parse_rest_of_group (parser, value))
        return FALSE;
      *value = sqrt (*value);
      return check (parser, start, *value);
    }
  fail_expected (parser, "a number, pi, sqrt or (");
  return FALSE;
}

/* Signs bind less than powers, and powers group from the right: -2^2 is -4, 2^-1 a half, 2^3^2 is 512. */
static gboolean
parse_factor (Parser *parser, double *value)
{
  double exponent;
  const char *at;
  char sign = next (parser);
  gboolean ok;

  if (++parser->depth > MAX_DEPTH)
    {
      fail (parser, parser->p, "found an expression nested more than %d deep, expected a simpler one", MAX_DEPTH);
      return FALSE;
    }
  if (sign == '-' || sign == '+')
    {
      parser->p++;
      ok = parse_factor (parser, value);
      *value = ok && sign == '-' ? -*value : *value;
    }
  else
    {
      ok = parse_atom (parser, value);
      if (ok && next (parser) == '^')
        {
          at = parser->p++;
          ok = parse_factor (parser, &exponent);
          if (ok)
            {
              *value = pow (*value, exponent);
              ok = check (parser, at, *value);
            }
        }
    }
  parser->depth--;
  return ok;
}

static gboolean
parse_product (Parser *parser, double *value)
{
  double factor;

  if (!parse_factor (parser, value))
    return FALSE;
  while (next (parser) == '*' || *parser->p == '/')
    {
      const char *at = parser->p++;

      if (!parse_factor (parser, &factor))
        return FALSE;
      *value = *at == '*' ? *value * factor : *value / factor;
      if (!check (parser, at, *value))
        return FALSE;
    }
  return TRUE;
}

static gboolean
parse_sum (Parser *parser, double *value)
{
  double term;

  if (!parse_product (parser, value))
    return FALSE;
  while (next (parser) == '+' || *parser->p == '-')
    {
      const char *at = parser->p++;

      if (!parse_product (parser, &term))
        return FALSE;
      *value = *at == '+' ? *value + term : *value - term;
      if (!check (parser, at, *value))
        return FALSE;
    }
  return TRUE;
}

/**
 * qrx_expression_evaluate:
 * @text: a constant expression of numbers, pi, + - * / ^, parentheses and sqrt, such as "-pi/4"
 * @value: (out): its value, finite
 * @error: return location for an error
 *
 * Evaluates a constant expression in double precision.
 * Fails with %QRX_PIPELINE_ERROR_VALUE, which names the column, where @text is none or where a step is not finite.
 *
 * Returns: whether @value was set
 */
gboolean
qrx_expression_evaluate (const char *text, double *value, GError **error)
{
  Parser parser = { .text = text, .p = text, .error = error };
  double result = 0;

  g_return_val_if_fail (text != NULL && value != NULL, FALSE);

  if (!g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                   "found bytes that are not UTF-8, expected a number or an expression such as pi/2");
      return FALSE;
    }
  if (!parse_sum (&parser, &result))
    return FALSE;
  if (next (&parser) != '\0')
    {
      fail_expected (&parser, "an operator or the end");
      return FALSE;
    }
  *value = result;
  return TRUE;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of strict RFC 8259: strings whose escapes mean one thing, numbers that fit. Knows no structure. */
#include "base/qrx-json-lexer-private.h"

#include <errno.h>
#include <math.h>
#include <string.h>

QrxPosition
qrx_json_lexer_locate (QrxJsonLexer *lexer, const char *at)
{
  for (; lexer->marked < at; lexer->marked++)
    {
      if (*lexer->marked == '\n')
        {
          lexer->position.line++;
          lexer->position.column = 1;
        }
      else if (((guchar) *lexer->marked & 0xc0) != 0x80)
        lexer->position.column++;
    }
  return lexer->position;
}

void
qrx_json_lexer_fail (QrxJsonLexer *lexer, const char *at, const char *format, ...)
{
  g_autofree char *message = NULL;
  QrxPosition position;
  va_list args;

  if (at < lexer->marked)
    {
      lexer->marked = lexer->start;
      lexer->position = (QrxPosition){ 1, 1 };
    }
  position = qrx_json_lexer_locate (lexer, at);
  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (lexer->error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_SYNTAX, "%s%s%u:%u: %s",
               lexer->name != NULL ? lexer->name : "", lexer->name != NULL ? ":" : "", position.line, position.column,
               message);
}

void
qrx_json_lexer_fail_expected (QrxJsonLexer *lexer, const char *expected)
{
  const char *p = lexer->p, *q = p;

  while (q < lexer->end && q - p < 24 && (g_ascii_isalnum (*q) || *q == '_'))
    q++;
  if (p == lexer->end)
    qrx_json_lexer_fail (lexer, p, "found the end of the text, expected %s", expected);
  else if (q > p)
    qrx_json_lexer_fail (lexer, p, "found \"%.*s\", expected %s", (int) (q - p), p, expected);
  else if ((guchar) *p < 0x20 || *p == 0x7f)
    qrx_json_lexer_fail (lexer, p, "found the control character U+%04X, expected %s", (guint) (guchar) *p, expected);
  else
    qrx_json_lexer_fail (lexer, p, "found \"%.*s\", expected %s", (int) (g_utf8_next_char (p) - p), p, expected);
}

void
qrx_json_lexer_skip_blanks (QrxJsonLexer *lexer)
{
  while (lexer->p < lexer->end && (*lexer->p == ' ' || *lexer->p == '\n' || *lexer->p == '\t' || *lexer->p == '\r'))
    lexer->p++;
}

gboolean
qrx_json_lexer_at (QrxJsonLexer *lexer, char c)
{
  return lexer->p < lexer->end && *lexer->p == c;
}

/* Four hexadecimal digits, or −1. */
static int
scan_hex (QrxJsonLexer *lexer)
{
  int value = 0;

  if (lexer->end - lexer->p < 4)
    return -1;
  for (int i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (lexer->p[i]);

      if (digit < 0)
        return -1;
      value = value * 16 + digit;
    }
  lexer->p += 4;
  return value;
}

/* What follows a backslash and a u. */
static gboolean
scan_unicode_escape (QrxJsonLexer *lexer, GString *out)
{
  const char *start = lexer->p - 2;
  int high = scan_hex (lexer), low;

  if (high < 0)
    {
      qrx_json_lexer_fail (lexer, start, "found an incomplete \\u escape, expected four hexadecimal digits");
      return FALSE;
    }
  if (high == 0)
    {
      qrx_json_lexer_fail (lexer, start, "found the escaped character U+0000, expected a text without it");
      return FALSE;
    }
  if (high >= 0xd800 && high < 0xe000)
    {
      gboolean paired = high < 0xdc00 && lexer->end - lexer->p >= 6 && lexer->p[0] == '\\' && lexer->p[1] == 'u';

      lexer->p += paired ? 2 : 0;
      low = paired ? scan_hex (lexer) : -1;
      if (low < 0xdc00 || low >= 0xe000)
        {
          qrx_json_lexer_fail (lexer, start, "found the lone surrogate \\u%04x, expected a pair of surrogates", (guint) high);
          return FALSE;
        }
      high = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
    }
  g_string_append_unichar (out, (gunichar) high);
  return TRUE;
}

static gboolean
scan_escape (QrxJsonLexer *lexer, GString *out)
{
  static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
  const char *found;

  lexer->p++;
  if (qrx_json_lexer_at (lexer, 'u'))
    {
      lexer->p++;
      return scan_unicode_escape (lexer, out);
    }
  found = lexer->p < lexer->end && *lexer->p != '\0' ? strchr (from, *lexer->p) : NULL;
  if (found == NULL)
    {
      qrx_json_lexer_fail_expected (lexer, "one of \" \\ / b f n r t u after the backslash");
      return FALSE;
    }
  g_string_append_c (out, to[found - from]);
  lexer->p++;
  return TRUE;
}

char *
qrx_json_lexer_read_string (QrxJsonLexer *lexer)
{
  const char *start = lexer->p++, *run = lexer->p;
  g_autoptr (GString) out = NULL;

  for (;;)
    {
      while (lexer->p < lexer->end && *lexer->p != '"' && *lexer->p != '\\' && (guchar) *lexer->p >= 0x20)
        lexer->p++;
      if (lexer->p == lexer->end)
        {
          qrx_json_lexer_fail (lexer, start, "found a string without an end, expected a closing quote");
          return NULL;
        }
      if (*lexer->p == '"' && out == NULL)
        return g_strndup (run, (gsize) (lexer->p++ - run));
      if (out == NULL)
        out = g_string_new (NULL);
      g_string_append_len (out, run, lexer->p - run);
      if (*lexer->p == '"')
        {
          lexer->p++;
          return g_string_free (g_steal_pointer (&out), FALSE);
        }
      if (*lexer->p != '\\')
        {
          qrx_json_lexer_fail_expected (lexer, "a closing quote, or the character as an escape");
          return NULL;
        }
      if (!scan_escape (lexer, out))
        return NULL;
      run = lexer->p;
    }
}

static gsize
skip_digits (QrxJsonLexer *lexer)
{
  const char *start = lexer->p;

  while (lexer->p < lexer->end && g_ascii_isdigit (*lexer->p))
    lexer->p++;
  return (gsize) (lexer->p - start);
}

/* Moves over a number by JSON's grammar; FALSE at what breaks it. */
static gboolean
skip_number (QrxJsonLexer *lexer, gboolean *whole)
{
  gboolean zero;

  lexer->p += *lexer->p == '-';
  zero = qrx_json_lexer_at (lexer, '0');
  if (zero)
    lexer->p++;
  else if (skip_digits (lexer) == 0)
    return FALSE;
  if (zero && lexer->p < lexer->end && g_ascii_isdigit (*lexer->p))
    return FALSE;
  *whole = TRUE;
  if (qrx_json_lexer_at (lexer, '.'))
    {
      *whole = FALSE;
      lexer->p++;
      if (skip_digits (lexer) == 0)
        return FALSE;
    }
  if (qrx_json_lexer_at (lexer, 'e') || qrx_json_lexer_at (lexer, 'E'))
    {
      *whole = FALSE;
      lexer->p++;
      if (qrx_json_lexer_at (lexer, '-') || qrx_json_lexer_at (lexer, '+'))
        lexer->p++;
      return skip_digits (lexer) > 0;
    }
  return TRUE;
}

static gboolean
parse_integer (const char *text, gsize length, gint64 *value)
{
  char copy[32];

  if (length >= sizeof copy)
    return FALSE;
  memcpy (copy, text, length);
  copy[length] = '\0';
  errno = 0;
  *value = g_ascii_strtoll (copy, NULL, 10);
  return errno == 0;
}

JsonNode *
qrx_json_lexer_read_number (QrxJsonLexer *lexer)
{
  const char *start = lexer->p;
  gboolean whole = FALSE;
  double number = 0;
  gint64 integer;
  gsize length;

  if (!skip_number (lexer, &whole))
    {
      qrx_json_lexer_fail_expected (lexer, *start == '0' || (*start == '-' && lexer->p - start > 1 && start[1] == '0')
                             ? "a number without a leading zero" : "a digit");
      return NULL;
    }
  length = (gsize) (lexer->p - start);
  if (whole && !(length == 2 && start[0] == '-' && start[1] == '0')) /* −0 has a sign that no integer keeps */
    {
      if (parse_integer (start, length, &integer))
        return json_node_init_int (json_node_alloc (), integer);
      qrx_json_lexer_fail (lexer, start, "found the integer %.*s, expected one from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
            (int) MIN (length, 40), start, G_MININT64, G_MAXINT64);
      return NULL;
    }
  if (!qrx_number_parse (start, length, &number) || !isfinite (number))
    {
      qrx_json_lexer_fail (lexer, start, "found the number %.*s, expected one that fits into a double",
                           (int) MIN (length, 40), start);
      return NULL;
    }
  return json_node_init_double (json_node_alloc (), number);
}

gboolean
qrx_json_lexer_read_word (QrxJsonLexer *lexer, const char *word)
{
  gsize length = strlen (word);

  if ((gsize) (lexer->end - lexer->p) < length || memcmp (lexer->p, word, length) != 0 ||
      (lexer->p + length < lexer->end && (g_ascii_isalnum (lexer->p[length]) || lexer->p[length] == '_')))
    return FALSE;
  lexer->p += length;
  return TRUE;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* OpenQASM's text as tokens with their places. Knows no statement. */
#include "quantum/qrx-qasm-private.h"

#include <math.h>
#include <qrx/qrx-number.h>
#include <string.h>

typedef struct {
  QrxQasmSource *source;
  const char *p, *end;
  guint line, column;  /* of counted */
  const char *counted; /* places are asked for in their order */
  GError **error;
} Lexer;

void
qrx_qasm_source_free (QrxQasmSource *self)
{
  g_clear_pointer (&self->tokens, g_array_unref);
  g_clear_pointer (&self->strings, g_string_chunk_free);
  g_clear_pointer (&self->nodes, g_ptr_array_unref);
  g_clear_pointer (&self->lists, g_ptr_array_unref);
  g_clear_pointer (&self->arrays, g_ptr_array_unref);
  g_free (self);
}

gboolean
qrx_qasm_fail (const QrxQasmSource *source, const QrxQasmToken *token, int code, GError **error, const char *format,
               ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, QRX_PIPELINE_ERROR, code, "%s:%u:%u: %s", source->name, token->line, token->column, text);
  return FALSE;
}

char *
qrx_qasm_token_describe (const QrxQasmToken *token)
{
  if (token->kind == QRX_QASM_END)
    return g_strdup ("the end of the text");
  if (token->kind == QRX_QASM_PRAGMA)
    return g_strdup_printf ("`// qrx:%s`", token->text);
  if (token->kind == QRX_QASM_STRING)
    return g_strdup_printf ("\"%s\"", token->text);
  return g_strdup_printf ("`%s`", token->text);
}

gboolean
qrx_qasm_token_is (const QrxQasmToken *token, const char *text)
{
  return (token->kind == QRX_QASM_IDENTIFIER || token->kind == QRX_QASM_SIGN) && g_str_equal (token->text, text);
}

static QrxQasmToken
token_here (Lexer *lexer, QrxQasmTokenKind kind, const char *start)
{
  lexer->column += (guint) g_utf8_strlen (lexer->counted, start - lexer->counted);
  lexer->counted = start;
  return (QrxQasmToken){ kind, lexer->line, lexer->column, NULL, 0 };
}

static gboolean
fail (Lexer *lexer, const char *at, const char *what)
{
  QrxQasmToken token = token_here (lexer, QRX_QASM_END, at);

  return qrx_qasm_fail (lexer->source, &token, QRX_PIPELINE_ERROR_SYNTAX, lexer->error, "%s", what);
}

static void
add_token (Lexer *lexer, QrxQasmTokenKind kind, const char *start, const char *text, gsize length, double number)
{
  QrxQasmToken token = token_here (lexer, kind, start);

  token.text = g_string_chunk_insert_len (lexer->source->strings, text, (gssize) length);
  token.number = number;
  g_array_append_val (lexer->source->tokens, token);
}

static void
pass_newline (Lexer *lexer)
{
  lexer->p++;
  lexer->line++;
  lexer->column = 1;
  lexer->counted = lexer->p;
}

static gboolean
read_comment (Lexer *lexer)
{
  static const char mark[] = "qrx:";
  const char *start = lexer->p, *text = lexer->p + 2;

  if (lexer->p[1] == '*')
    {
      for (lexer->p += 2; lexer->end - lexer->p >= 2;)
        if (lexer->p[0] == '*' && lexer->p[1] == '/')
          {
            lexer->p += 2;
            return TRUE;
          }
        else if (*lexer->p == '\n')
          pass_newline (lexer);
        else
          lexer->p++;
      return fail (lexer, MAX (start, lexer->counted), "found a comment without end, expected `*/`");
    }
  while (lexer->p < lexer->end && *lexer->p != '\n' && *lexer->p != '\r')
    lexer->p++;
  while (text < lexer->p && (*text == ' ' || *text == '\t'))
    text++;
  if (lexer->p - text >= 4 && strncmp (text, mark, 4) == 0)
    add_token (lexer, QRX_QASM_PRAGMA, start, text + 4, (gsize) (lexer->p - text) - 4, 0);
  return TRUE;
}

static gboolean
is_letter (const char *p)
{
  return *p == '_' || g_unichar_isalpha (g_utf8_get_char (p));
}

static gboolean
is_digit (char c)
{
  return c >= '0' && c <= '9';
}

static void
read_identifier (Lexer *lexer)
{
  const char *start = lexer->p;

  while (lexer->p < lexer->end && (is_letter (lexer->p) || is_digit (*lexer->p)))
    lexer->p = g_utf8_next_char (lexer->p);
  add_token (lexer, QRX_QASM_IDENTIFIER, start, start, (gsize) (lexer->p - start), 0);
}

/* 0x, 0o and 0b; underscores part digits. */
static gboolean
read_based (Lexer *lexer, guint base)
{
  const char *start = lexer->p;
  double value = 0;
  gboolean any = FALSE;

  for (lexer->p += 2; lexer->p < lexer->end; lexer->p++)
    {
      int digit = g_ascii_xdigit_value (*lexer->p);

      if (*lexer->p == '_' && any)
        continue;
      if (digit < 0 || (guint) digit >= base)
        break;
      value = value * base + digit;
      any = TRUE;
    }
  if (!any || (lexer->p < lexer->end && (is_letter (lexer->p) || is_digit (*lexer->p))) || value > 0x1p53)
    return fail (lexer, start, "found a number that cannot be read, expected digits of its base, at most 2^53");
  add_token (lexer, QRX_QASM_INTEGER, start, start, (gsize) (lexer->p - start), value);
  return TRUE;
}

static gboolean
read_number (Lexer *lexer)
{
  const char *start = lexer->p;
  g_autoptr (GString) digits = g_string_new (NULL);
  gboolean real = FALSE;
  const char *rest;
  double value;

  for (; lexer->p < lexer->end; lexer->p++)
    {
      char c = *lexer->p, last = digits->len > 0 ? digits->str[digits->len - 1] : '\0';

      if (c == '_' && is_digit (last) && lexer->p + 1 < lexer->end && is_digit (lexer->p[1]))
        continue;
      if (!is_digit (c) && c != '.' && c != 'e' && c != 'E' && !((c == '+' || c == '-') && (last == 'e' || last == 'E')))
        break;
      real |= !is_digit (c);
      g_string_append_c (digits, c);
    }
  if (lexer->p < lexer->end && (is_letter (lexer->p) || *lexer->p == '.'))
    return fail (lexer, start, "found a number that runs into letters, expected a number without a unit");
  rest = qrx_number_scan (digits->str, digits->str + digits->len, &value);
  if (rest == NULL || *rest != '\0')
    return fail (lexer, start, "found a number that cannot be read, expected one such as 3, 0.5 or 1e-3");
  if (!isfinite (value) || (!real && value > 0x1p53))
    return fail (lexer, start, "found a number that is too large, expected a whole one up to 2^53, or a real one up to 1e308");
  add_token (lexer, real ? QRX_QASM_REAL : QRX_QASM_INTEGER, start, start, (gsize) (lexer->p - start), value);
  return TRUE;
}

static gboolean
read_string (Lexer *lexer)
{
  const char *start = lexer->p, quote = *lexer->p;

  for (lexer->p++; lexer->p < lexer->end && *lexer->p != '\n'; lexer->p++)
    if (*lexer->p == quote)
      {
        add_token (lexer, QRX_QASM_STRING, start, start + 1, (gsize) (lexer->p - start) - 1, 0);
        lexer->p++;
        return TRUE;
      }
  return fail (lexer, start, "found a string without end, expected a closing quote in the same line");
}

static gboolean
read_sign (Lexer *lexer)
{
  static const char *const pairs[] = { "**", "->", "==", "!=", "<=", ">=", "&&", "||", "<<", ">>", "++" };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (lexer->end - lexer->p >= 2 && memcmp (lexer->p, pairs[i], 2) == 0)
      {
        add_token (lexer, QRX_QASM_SIGN, lexer->p, lexer->p, 2, 0);
        lexer->p += 2;
        return TRUE;
      }
  if (strchr ("()[]{},;:=+-*/%^@<>~!&|$#.", *lexer->p) == NULL)
    {
      g_autofree char *shown = g_strdup_printf ("found the character U+%04X, which means nothing in OpenQASM",
                                                g_utf8_get_char (lexer->p));

      return fail (lexer, lexer->p, shown);
    }
  add_token (lexer, QRX_QASM_SIGN, lexer->p, lexer->p, 1, 0);
  lexer->p++;
  return TRUE;
}

static gboolean
read_token (Lexer *lexer)
{
  char c = *lexer->p, next = lexer->p + 1 < lexer->end ? lexer->p[1] : '\0';

  if (c == '/' && (next == '/' || next == '*'))
    return read_comment (lexer);
  if (c == '0' && (next == 'x' || next == 'X'))
    return read_based (lexer, 16);
  if (c == '0' && (next == 'o' || next == 'b' || next == 'B'))
    return read_based (lexer, next == 'o' ? 8 : 2);
  if (is_digit (c) || (c == '.' && is_digit (next)))
    return read_number (lexer);
  if (c == '"' || c == '\'')
    return read_string (lexer);
  if (!is_letter (lexer->p))
    return read_sign (lexer);
  read_identifier (lexer);
  return TRUE;
}

QrxQasmSource *
qrx_qasm_source_new (const char *text, gsize length, const char *name, GError **error)
{
  g_autoptr (QrxQasmSource) self = g_new0 (QrxQasmSource, 1);
  Lexer lexer = { self, text, text + length, 1, 1, text, error };
  const char *bad;

  self->name = name;
  self->tokens = g_array_new (FALSE, FALSE, sizeof (QrxQasmToken));
  self->strings = g_string_chunk_new (4096);
  self->nodes = g_ptr_array_new_with_free_func (g_free);
  self->arrays = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  self->lists = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  if (!g_utf8_validate_len (text, length, &bad))
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_SYNTAX,
                   "%s: found bytes that are not UTF-8 at offset %" G_GSIZE_FORMAT, name, (gsize) (bad - text));
      return NULL;
    }
  while (lexer.p < lexer.end)
    if (*lexer.p == '\n')
      pass_newline (&lexer);
    else if (*lexer.p == ' ' || *lexer.p == '\t' || *lexer.p == '\r')
      lexer.p++;
    else if (!read_token (&lexer))
      return NULL;
  add_token (&lexer, QRX_QASM_END, lexer.p, "", 0, 0);
  return g_steal_pointer (&self);
}

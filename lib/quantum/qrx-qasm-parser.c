/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* OpenQASM's tokens as statements: gates, calls, loops, and what this subset lacks. Knows no gate by name. */
#include "quantum/qrx-qasm-private.h"

#include <string.h>

/* What the language has and this subset has not, so that messages can say so. */
static const char *const absent[] = {
  "if",     "else",   "while",  "switch", "def",     "return",  "break",    "continue", "end",     "extern", "cal",
  "defcal", "box",    "delay",  "let",    "output",  "opaque",  "stretch",  "duration", "complex", "bool",   "pragma",
  "array",  "int",    "uint",   "float",  "angle",   "mutable", "readonly", "nop",      "durationof",
  "defcalgrammar",
};

static QrxQasmStatement *parse_statement (QrxQasmParser *self, gboolean in_gate, gboolean outermost);

static gboolean
parse_block (QrxQasmParser *self, GPtrArray *body, gboolean in_gate)
{
  if (!qrx_qasm_parser_enter (self))
    return FALSE;
  while (!qrx_qasm_token_is (self->at, "}"))
    {
      QrxQasmStatement *statement;

      if (self->at->kind == QRX_QASM_END)
        return qrx_qasm_parser_expect_other (self, "`}`");
      statement = parse_statement (self, in_gate, FALSE);
      if (statement == NULL)
        return FALSE;
      g_ptr_array_add (body, statement);
    }
  self->at++;
  self->depth--;
  return TRUE;
}

static gboolean
parse_names (QrxQasmParser *self, GPtrArray *names, const char *what)
{
  do
    {
      const QrxQasmToken *name = qrx_qasm_parser_take_name (self, what);

      if (name == NULL)
        return FALSE;
      g_ptr_array_add (names, (gpointer) name);
    }
  while (qrx_qasm_parser_accept (self, ","));
  return TRUE;
}

static QrxQasmStatement *
parse_gate (QrxQasmParser *self)
{
  QrxQasmStatement *statement = qrx_qasm_parser_new_statement (self, QRX_QASM_GATE);

  self->at++;
  statement->parameters = qrx_qasm_parser_list (self);
  statement->qubits = qrx_qasm_parser_list (self);
  statement->body = qrx_qasm_parser_list (self);
  statement->name = qrx_qasm_parser_take_name (self, "the name of a gate");
  if (statement->name == NULL)
    return NULL;
  if (qrx_qasm_parser_accept (self, "(") && !qrx_qasm_parser_accept (self, ")") &&
      (!parse_names (self, statement->parameters, "the name of a parameter") || !qrx_qasm_parser_take (self, ")")))
    return NULL;
  if (!parse_names (self, statement->qubits, "the name of a qubit") || !qrx_qasm_parser_take (self, "{") ||
      !parse_block (self, statement->body, TRUE))
    return NULL;
  return statement;
}

static QrxQasmStatement *
parse_for (QrxQasmParser *self, gboolean in_gate)
{
  QrxQasmStatement *statement = qrx_qasm_parser_new_statement (self, QRX_QASM_FOR), *inner;

  self->at++;
  statement->body = qrx_qasm_parser_list (self);
  if (!qrx_qasm_token_is (self->at, "int") && !qrx_qasm_token_is (self->at, "uint"))
    {
      qrx_qasm_parser_expect_other (self, "`int` or `uint`, the type of the loop's variable");
      return NULL;
    }
  self->at++;
  if (qrx_qasm_parser_accept (self, "[") &&
      (qrx_qasm_parse_expression (self) == NULL || !qrx_qasm_parser_take (self, "]")))
    return NULL;
  statement->name = qrx_qasm_parser_take_name (self, "the loop's variable");
  if (statement->name == NULL || !qrx_qasm_parser_take (self, "in"))
    return NULL;
  if (!qrx_qasm_token_is (self->at, "{") && !qrx_qasm_parser_take (self, "["))
    return NULL;
  if (qrx_qasm_token_is (self->at, "{"))
    statement->range = qrx_qasm_parse_range (self, FALSE);
  else
    {
      statement->range = qrx_qasm_parse_range (self, FALSE);
      if (statement->range != NULL && !qrx_qasm_parser_take (self, "]"))
        return NULL;
    }
  if (statement->range == NULL)
    return NULL;
  if (qrx_qasm_parser_accept (self, "{"))
    return parse_block (self, statement->body, in_gate) ? statement : NULL;
  if (!qrx_qasm_parser_enter (self) || (inner = parse_statement (self, in_gate, FALSE)) == NULL)
    return NULL;
  self->depth--;
  g_ptr_array_add (statement->body, inner);
  return statement;
}

static gboolean
is_modifier (const QrxQasmToken *token)
{
  return qrx_qasm_token_is (token, "ctrl") || qrx_qasm_token_is (token, "negctrl") || qrx_qasm_token_is (token, "inv") ||
         qrx_qasm_token_is (token, "pow");
}

static gboolean
parse_modifiers (QrxQasmParser *self, QrxQasmStatement *statement)
{
  while (self->version == 3 && is_modifier (self->at))
    {
      QrxQasmModifier modifier = { self->at++, NULL };

      if (!qrx_qasm_token_is (modifier.token, "inv") && qrx_qasm_parser_accept (self, "(") &&
          ((modifier.argument = qrx_qasm_parse_expression (self)) == NULL || !qrx_qasm_parser_take (self, ")")))
        return FALSE;
      if (modifier.argument == NULL && qrx_qasm_token_is (modifier.token, "pow"))
        return qrx_qasm_parser_expect_other (self, "`(` and the power");
      if (!qrx_qasm_parser_take (self, "@"))
        return FALSE;
      if (statement->modifiers == NULL)
        {
          statement->modifiers = g_array_new (FALSE, FALSE, sizeof (QrxQasmModifier));
          g_ptr_array_add (self->source->arrays, statement->modifiers);
        }
      g_array_append_val (statement->modifiers, modifier);
    }
  return TRUE;
}

static QrxQasmStatement *
parse_apply (QrxQasmParser *self)
{
  QrxQasmStatement *statement = qrx_qasm_parser_new_statement (self, QRX_QASM_APPLY);

  statement->arguments = qrx_qasm_parser_list (self);
  if (!parse_modifiers (self, statement))
    return NULL;
  statement->name = qrx_qasm_parser_take_name (self, "a statement or the name of a gate");
  if (statement->name == NULL)
    return NULL;
  if (qrx_qasm_parser_accept (self, "(") && !qrx_qasm_parser_accept (self, ")"))
    {
      do
        {
          QrxQasmExpression *argument = qrx_qasm_parse_expression (self);

          if (argument == NULL)
            return NULL;
          g_ptr_array_add (statement->arguments, argument);
        }
      while (qrx_qasm_parser_accept (self, ","));
      if (!qrx_qasm_parser_take (self, ")"))
        return NULL;
    }
  if (qrx_qasm_token_is (statement->name, "gphase") && qrx_qasm_parser_accept (self, ";"))
    return statement;
  do
    if (!qrx_qasm_parse_operand (self, statement))
      return NULL;
  while (qrx_qasm_parser_accept (self, ","));
  return qrx_qasm_parser_take (self, ";") ? statement : NULL;
}

/* barrier q; barrier; reset q; */
static QrxQasmStatement *
parse_plain (QrxQasmParser *self, QrxQasmStatementKind kind)
{
  QrxQasmStatement *statement = qrx_qasm_parser_new_statement (self, kind);

  self->at++;
  if (kind == QRX_QASM_BARRIER && qrx_qasm_parser_accept (self, ";"))
    return statement;
  do
    if (!qrx_qasm_parse_operand (self, statement))
      return NULL;
  while (qrx_qasm_parser_accept (self, ","));
  return qrx_qasm_parser_take (self, ";") ? statement : NULL;
}

static gboolean
refuse_absent (QrxQasmParser *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (absent); i++)
    if (qrx_qasm_token_is (self->at, absent[i]))
      {
        qrx_qasm_fail (self->source, self->at, QRX_PIPELINE_ERROR_SYNTAX, self->error,
                       "found `%s`, a statement that this subset of OpenQASM does not have; it has include, registers, "
                       "input, const, gate, for over constants, calls of gates, barrier, reset at the start, and measure "
                       "at the end",
                       absent[i]);
        return TRUE;
      }
  return FALSE;
}

static QrxQasmStatement *
parse_statement (QrxQasmParser *self, gboolean in_gate, gboolean outermost)
{
  const QrxQasmToken *start = self->at;
  QrxQasmStatement *statement;
  gboolean known = FALSE;

  if (self->at->kind == QRX_QASM_PRAGMA && outermost)
    return qrx_qasm_parse_pragma (self);
  if (self->version == 3 && qrx_qasm_token_is (self->at, "for"))
    return parse_for (self, in_gate);
  if (qrx_qasm_token_is (self->at, "barrier"))
    return parse_plain (self, QRX_QASM_BARRIER);
  if (qrx_qasm_token_is (self->at, "gate") && outermost)
    return parse_gate (self);
  if (qrx_qasm_token_is (self->at, "reset") && !in_gate)
    return parse_plain (self, QRX_QASM_RESET);
  statement = qrx_qasm_parse_declaration (self, &known);
  if (!known)
    return refuse_absent (self) ? NULL : parse_apply (self);
  if (statement == NULL || outermost || (statement->kind == QRX_QASM_MEASURE && !in_gate) ||
      (statement->kind == QRX_QASM_CONST && !in_gate))
    return statement;
  self->at = start;
  qrx_qasm_parser_expect_other (self, in_gate ? "calls of gates, barriers and loops alone within a gate"
                                              : "no declaration within a loop");
  return NULL;
}

/* OPENQASM 3.0; which every program begins with here, so that it can be told from others. */
static gboolean
parse_version (QrxQasmParser *self, guint *version)
{
  const char *text;

  while (self->at->kind == QRX_QASM_PRAGMA)
    self->at++;
  if (!qrx_qasm_parser_take (self, "OPENQASM"))
    return FALSE;
  text = self->at->text;
  if (g_str_equal (text, "2.0") || g_str_equal (text, "2"))
    *version = 2;
  else if (g_str_equal (text, "3.0") || g_str_equal (text, "3.1") || g_str_equal (text, "3"))
    *version = 3;
  else
    return qrx_qasm_parser_expect_other (self, "the version 2.0, 3.0 or 3.1");
  self->at++;
  return qrx_qasm_parser_take (self, ";");
}

GPtrArray *
qrx_qasm_parse (QrxQasmSource *source, guint *version, GError **error)
{
  const QrxQasmToken *first = &g_array_index (source->tokens, QrxQasmToken, 0), *body;
  QrxQasmParser self = { source, first, 3, 0, error };
  GPtrArray *statements = qrx_qasm_parser_list (&self);

  if (!parse_version (&self, version))
    return NULL;
  self.version = *version;
  body = self.at;
  for (self.at = first; self.at < body;) /* comments of ours may stand before */
    if (self.at->kind == QRX_QASM_PRAGMA)
      {
        QrxQasmStatement *pragma = qrx_qasm_parse_pragma (&self);

        if (pragma == NULL)
          return NULL;
        g_ptr_array_add (statements, pragma);
      }
    else
      self.at++;
  while (self.at->kind != QRX_QASM_END)
    {
      QrxQasmStatement *statement = parse_statement (&self, FALSE, TRUE);

      if (statement == NULL)
        return NULL;
      g_ptr_array_add (statements, statement);
    }
  return statements;
}

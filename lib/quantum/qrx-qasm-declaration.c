/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The statements of OpenQASM that stand outside of gates: declarations, includes, measurements, and our own comments. */
#include "quantum/qrx-qasm-private.h"

#include <string.h>

QrxQasmStatement *
qrx_qasm_parser_new_statement (QrxQasmParser *self, QrxQasmStatementKind kind)
{
  QrxQasmStatement *statement = qrx_qasm_parser_alloc (self, sizeof *statement);

  statement->kind = kind;
  statement->token = self->at;
  return statement;
}

/* A name, and which of its elements. */
gboolean
qrx_qasm_parse_operand (QrxQasmParser *self, QrxQasmStatement *statement)
{
  QrxQasmOperand operand = { NULL, NULL };

  if (qrx_qasm_token_is (self->at, "$"))
    return qrx_qasm_parser_expect_other (self, "a qubit of a register: this subset has no physical qubits");
  operand.token = qrx_qasm_parser_take_name (self, "the name of a qubit or register");
  if (operand.token == NULL)
    return FALSE;
  if (qrx_qasm_parser_accept (self, "[") &&
      ((operand.range = qrx_qasm_parse_range (self, TRUE)) == NULL || !qrx_qasm_parser_take (self, "]")))
    return FALSE;
  if (statement->operands == NULL)
    {
      statement->operands = g_array_new (FALSE, FALSE, sizeof (QrxQasmOperand));
      g_ptr_array_add (self->source->arrays, statement->operands);
    }
  g_array_append_val (statement->operands, operand);
  return TRUE;
}

/* The size in brackets, where there is one. */
static gboolean
parse_size (QrxQasmParser *self, QrxQasmStatement *statement)
{
  if (!qrx_qasm_parser_accept (self, "["))
    return TRUE;
  statement->value = qrx_qasm_parse_expression (self);
  return statement->value != NULL && qrx_qasm_parser_take (self, "]");
}

static gboolean
parse_declared_name (QrxQasmParser *self, QrxQasmStatement *statement)
{
  statement->name = qrx_qasm_parser_take_name (self, "a name");
  return statement->name != NULL;
}

/* qubit q; qubit[n] q; qreg q[n]; and the same for bits, which may be measured into at once. */
static gboolean
parse_register (QrxQasmParser *self, QrxQasmStatement *statement, gboolean old)
{
  self->at++;
  if (!old && !parse_size (self, statement))
    return FALSE;
  if (!parse_declared_name (self, statement) || (old && !parse_size (self, statement)))
    return FALSE;
  if (statement->kind == QRX_QASM_BITS && self->version == 3 && qrx_qasm_parser_accept (self, "="))
    {
      const QrxQasmOperand bits = { statement->name, NULL };

      if (!qrx_qasm_parser_take (self, "measure") || !qrx_qasm_parse_operand (self, statement))
        return FALSE;
      g_array_append_val (statement->operands, bits);
    }
  return qrx_qasm_parser_take (self, ";");
}

/* float, angle, int or uint, with a width in bits that is of no account here. */
static gboolean
parse_type (QrxQasmParser *self, gboolean *is_integer)
{
  *is_integer = qrx_qasm_token_is (self->at, "int") || qrx_qasm_token_is (self->at, "uint");
  if (!*is_integer && !qrx_qasm_token_is (self->at, "float") && !qrx_qasm_token_is (self->at, "angle"))
    return qrx_qasm_parser_expect_other (self, "one of the types `float`, `angle`, `int`, `uint`");
  self->at++;
  return !qrx_qasm_parser_accept (self, "[") ||
         (qrx_qasm_parse_expression (self) != NULL && qrx_qasm_parser_take (self, "]"));
}

static gboolean
parse_input_type (QrxQasmParser *self)
{
  const QrxQasmToken *type = self->at;
  gboolean is_integer;

  if (!parse_type (self, &is_integer))
    return FALSE;
  if (!is_integer)
    return TRUE;
  self->at = type;
  return qrx_qasm_parser_expect_other (self, "an input of type `float` or `angle`");
}

/* input float x; input array[float, n] x; */
static gboolean
parse_input (QrxQasmParser *self, QrxQasmStatement *statement)
{
  self->at++;
  if (!qrx_qasm_parser_accept (self, "array"))
    return parse_input_type (self) && parse_declared_name (self, statement) && qrx_qasm_parser_take (self, ";");
  if (!qrx_qasm_parser_take (self, "[") || !parse_input_type (self) || !qrx_qasm_parser_take (self, ",") ||
      (statement->value = qrx_qasm_parse_expression (self)) == NULL)
    return FALSE;
  return qrx_qasm_parser_take (self, "]") && parse_declared_name (self, statement) && qrx_qasm_parser_take (self, ";");
}

static gboolean
parse_const (QrxQasmParser *self, QrxQasmStatement *statement)
{
  self->at++;
  if (!parse_type (self, &statement->is_integer) || !parse_declared_name (self, statement) ||
      !qrx_qasm_parser_take (self, "=") || (statement->value = qrx_qasm_parse_expression (self)) == NULL)
    return FALSE;
  return qrx_qasm_parser_take (self, ";");
}

static gboolean
parse_include (QrxQasmParser *self, QrxQasmStatement *statement)
{
  self->at++;
  if (self->at->kind != QRX_QASM_STRING)
    return qrx_qasm_parser_expect_other (self, "the name of a file in quotes");
  statement->name = self->at++;
  return qrx_qasm_parser_take (self, ";");
}

/* measure q -> c; or measure q; the bits are of no account, but the name is checked. */
static gboolean
parse_measure (QrxQasmParser *self, QrxQasmStatement *statement)
{
  self->at++;
  if (!qrx_qasm_parse_operand (self, statement))
    return FALSE;
  if ((self->version == 2 || qrx_qasm_token_is (self->at, "->")) &&
      (!qrx_qasm_parser_take (self, "->") || !qrx_qasm_parse_operand (self, statement)))
    return FALSE;
  return qrx_qasm_parser_take (self, ";");
}

/* c[0] = measure q[0]; a name and perhaps an index were seen to come before a sign of assignment. */
static gboolean
parse_assignment (QrxQasmParser *self, QrxQasmStatement *statement)
{
  QrxQasmOperand bits;

  if (!qrx_qasm_parse_operand (self, statement) || !qrx_qasm_parser_take (self, "=") ||
      !qrx_qasm_parser_take (self, "measure") || !qrx_qasm_parse_operand (self, statement))
    return FALSE;
  bits = g_array_index (statement->operands, QrxQasmOperand, 0);
  g_array_remove_index (statement->operands, 0);
  g_array_append_val (statement->operands, bits);
  return qrx_qasm_parser_take (self, ";");
}

static gboolean
is_assignment (const QrxQasmToken *at)
{
  if (at->kind != QRX_QASM_IDENTIFIER)
    return FALSE;
  at++;
  if (qrx_qasm_token_is (at, "["))
    while (at->kind != QRX_QASM_END && !qrx_qasm_token_is (at++, "]"))
      ;
  return qrx_qasm_token_is (at, "=");
}

QrxQasmStatement *
qrx_qasm_parse_declaration (QrxQasmParser *self, gboolean *known)
{
  static const struct {
    const char *keyword;
    QrxQasmStatementKind kind;
    gboolean (*parse) (QrxQasmParser *self, QrxQasmStatement *statement);
    guint first_version;
  } declarations[] = {
    { "include", QRX_QASM_INCLUDE, parse_include, 2 }, { "input", QRX_QASM_INPUT, parse_input, 3 },
    { "const", QRX_QASM_CONST, parse_const, 3 },       { "measure", QRX_QASM_MEASURE, parse_measure, 2 },
  };
  static const char *const registers[] = { "qreg", "creg", "qubit", "bit" };
  QrxQasmStatement *statement;

  *known = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (declarations); i++)
    if (self->version >= declarations[i].first_version && qrx_qasm_token_is (self->at, declarations[i].keyword))
      {
        statement = qrx_qasm_parser_new_statement (self, declarations[i].kind);
        return declarations[i].parse (self, statement) ? statement : NULL;
      }
  for (gsize i = 0; i < (self->version == 2 ? 2 : G_N_ELEMENTS (registers)); i++)
    if (qrx_qasm_token_is (self->at, registers[i]))
      {
        statement = qrx_qasm_parser_new_statement (self, i % 2 == 0 ? QRX_QASM_QUBITS : QRX_QASM_BITS);
        return parse_register (self, statement, i < 2) ? statement : NULL;
      }
  if (self->version == 3 && is_assignment (self->at))
    {
      statement = qrx_qasm_parser_new_statement (self, QRX_QASM_MEASURE);
      return parse_assignment (self, statement) ? statement : NULL;
    }
  *known = FALSE;
  return NULL;
}

/* "observable …" or "input …" behind "// qrx:". */
QrxQasmStatement *
qrx_qasm_parse_pragma (QrxQasmParser *self)
{
  QrxQasmStatement *statement = qrx_qasm_parser_new_statement (self, QRX_QASM_OBSERVABLE);
  const char *text = self->at->text;

  while (*text == ' ' || *text == '\t')
    text++;
  if (g_str_has_prefix (text, "input "))
    statement->kind = QRX_QASM_ROLE;
  else if (!g_str_has_prefix (text, "observable "))
    {
      qrx_qasm_parser_expect_other (self, "`// qrx: observable …` or `// qrx: input …`");
      return NULL;
    }
  statement->name = self->at++;
  return statement;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Expressions and index ranges of OpenQASM, and what every part of the parser needs. Gives them no value. */
#include "quantum/qrx-qasm-private.h"

#include <string.h>

gpointer
qrx_qasm_parser_alloc (QrxQasmParser *self, gsize size)
{
  gpointer node = g_malloc0 (size);

  g_ptr_array_add (self->source->nodes, node);
  return node;
}

GPtrArray *
qrx_qasm_parser_list (QrxQasmParser *self)
{
  GPtrArray *list = g_ptr_array_new ();

  g_ptr_array_add (self->source->lists, list);
  return list;
}

gboolean
qrx_qasm_parser_expect_other (QrxQasmParser *self, const char *expected)
{
  g_autofree char *found = qrx_qasm_token_describe (self->at);

  return qrx_qasm_fail (self->source, self->at, QRX_PIPELINE_ERROR_SYNTAX, self->error, "found %s, expected %s", found,
                        expected);
}

gboolean
qrx_qasm_parser_accept (QrxQasmParser *self, const char *text)
{
  if (!qrx_qasm_token_is (self->at, text))
    return FALSE;
  self->at++;
  return TRUE;
}

gboolean
qrx_qasm_parser_take (QrxQasmParser *self, const char *text)
{
  g_autofree char *expected = NULL;

  if (qrx_qasm_parser_accept (self, text))
    return TRUE;
  expected = g_strdup_printf ("`%s`", text);
  return qrx_qasm_parser_expect_other (self, expected);
}

const QrxQasmToken *
qrx_qasm_parser_take_name (QrxQasmParser *self, const char *what)
{
  if (self->at->kind == QRX_QASM_IDENTIFIER)
    return self->at++;
  qrx_qasm_parser_expect_other (self, what);
  return NULL;
}

gboolean
qrx_qasm_parser_enter (QrxQasmParser *self)
{
  if (++self->depth <= QRX_QASM_MAX_DEPTH)
    return TRUE;
  return qrx_qasm_fail (self->source, self->at, QRX_PIPELINE_ERROR_SYNTAX, self->error,
                        "found brackets, operators or blocks within each other more than %d deep, expected fewer",
                        QRX_QASM_MAX_DEPTH);
}

/* A node over its operands; NULL where it would be too deep. */
static QrxQasmExpression *
new_node (QrxQasmParser *self, QrxQasmExpressionKind kind, const QrxQasmToken *token, QrxQasmExpression *first,
          QrxQasmExpression *second)
{
  QrxQasmExpression *node = qrx_qasm_parser_alloc (self, sizeof *node);

  node->kind = kind;
  node->token = token;
  node->first = first;
  node->second = second;
  node->depth = 1 + MAX (first != NULL ? first->depth : 0, second != NULL ? second->depth : 0);
  if (node->depth <= 10 * QRX_QASM_MAX_DEPTH)
    return node;
  qrx_qasm_fail (self->source, token, QRX_PIPELINE_ERROR_SYNTAX, self->error,
                 "found an expression of more than %d operators in a row, expected fewer", 10 * QRX_QASM_MAX_DEPTH);
  return NULL;
}

static QrxQasmExpression *
parse_name (QrxQasmParser *self)
{
  const QrxQasmToken *name = self->at++;
  QrxQasmExpression *first, *second = NULL;
  gboolean call = qrx_qasm_token_is (self->at, "(");

  if (!call && !qrx_qasm_token_is (self->at, "["))
    return new_node (self, QRX_QASM_NAME, name, NULL, NULL);
  self->at++;
  first = qrx_qasm_parse_expression (self);
  if (first == NULL)
    return NULL;
  if (call && qrx_qasm_parser_accept (self, ",") && (second = qrx_qasm_parse_expression (self)) == NULL)
    return NULL;
  if (!qrx_qasm_parser_take (self, call ? ")" : "]"))
    return NULL;
  return new_node (self, call ? QRX_QASM_CALL : QRX_QASM_ELEMENT, name, first, second);
}

static QrxQasmExpression *
parse_primary (QrxQasmParser *self)
{
  QrxQasmExpression *inner;

  if (self->at->kind == QRX_QASM_INTEGER || self->at->kind == QRX_QASM_REAL)
    return new_node (self, QRX_QASM_NUMBER, self->at++, NULL, NULL);
  if (self->at->kind == QRX_QASM_IDENTIFIER)
    return parse_name (self);
  if (!qrx_qasm_parser_accept (self, "("))
    {
      qrx_qasm_parser_expect_other (self, "a number, a name or `(`");
      return NULL;
    }
  inner = qrx_qasm_parse_expression (self);
  return inner != NULL && qrx_qasm_parser_take (self, ")") ? inner : NULL;
}

static QrxQasmExpression *parse_unary (QrxQasmParser *self);

/* Powers bind to the right, and stronger than a sign before them: -2**2 is -4. */
static QrxQasmExpression *
parse_power (QrxQasmParser *self)
{
  QrxQasmExpression *base = parse_primary (self), *exponent;
  const QrxQasmToken *sign = self->at;

  if (base == NULL || !qrx_qasm_parser_accept (self, self->version == 2 ? "^" : "**"))
    return base;
  if (!qrx_qasm_parser_enter (self))
    return NULL;
  exponent = parse_unary (self);
  self->depth--;
  return exponent != NULL ? new_node (self, QRX_QASM_OPERATE, sign, base, exponent) : NULL;
}

static QrxQasmExpression *
parse_unary (QrxQasmParser *self)
{
  const QrxQasmToken *sign = self->at;
  QrxQasmExpression *operand = NULL;

  if (!qrx_qasm_token_is (sign, "-") && !qrx_qasm_token_is (sign, "+"))
    return parse_power (self);
  if (!qrx_qasm_parser_enter (self))
    return NULL;
  self->at++;
  operand = parse_unary (self);
  self->depth--;
  if (operand == NULL || qrx_qasm_token_is (sign, "+"))
    return operand;
  return new_node (self, QRX_QASM_NEGATE, sign, operand, NULL);
}

static QrxQasmExpression *
parse_product (QrxQasmParser *self)
{
  QrxQasmExpression *left = parse_unary (self), *right;

  while (left != NULL && (qrx_qasm_token_is (self->at, "*") || qrx_qasm_token_is (self->at, "/") ||
                          (self->version == 3 && qrx_qasm_token_is (self->at, "%"))))
    {
      const QrxQasmToken *sign = self->at++;

      right = parse_unary (self);
      left = right != NULL ? new_node (self, QRX_QASM_OPERATE, sign, left, right) : NULL;
    }
  return left;
}

/* NULL after an error. */
QrxQasmExpression *
qrx_qasm_parse_expression (QrxQasmParser *self)
{
  QrxQasmExpression *left, *right;

  if (!qrx_qasm_parser_enter (self))
    return NULL;
  left = parse_product (self);
  while (left != NULL && (qrx_qasm_token_is (self->at, "+") || qrx_qasm_token_is (self->at, "-")))
    {
      const QrxQasmToken *sign = self->at++;

      right = parse_product (self);
      left = right != NULL ? new_node (self, QRX_QASM_OPERATE, sign, left, right) : NULL;
    }
  self->depth--;
  return left;
}

static gboolean
parse_list (QrxQasmParser *self, QrxQasmRange *range)
{
  range->list = qrx_qasm_parser_list (self);
  do
    {
      QrxQasmExpression *element = qrx_qasm_parse_expression (self);

      if (element == NULL)
        return FALSE;
      g_ptr_array_add (range->list, element);
    }
  while (qrx_qasm_parser_accept (self, ","));
  return qrx_qasm_parser_take (self, "}");
}

/* What stands in brackets behind a register, or after `in`: a list in braces, two or three numbers with colons, or a
 * single one where that is allowed. Without the brackets; NULL after an error. */
QrxQasmRange *
qrx_qasm_parse_range (QrxQasmParser *self, gboolean single)
{
  QrxQasmRange *range = qrx_qasm_parser_alloc (self, sizeof *range);

  if (qrx_qasm_parser_accept (self, "{"))
    return parse_list (self, range) ? range : NULL;
  range->first = qrx_qasm_parse_expression (self);
  if (range->first == NULL)
    return NULL;
  if (single && !qrx_qasm_token_is (self->at, ":"))
    return range;
  if (!qrx_qasm_parser_take (self, ":") || (range->last = qrx_qasm_parse_expression (self)) == NULL)
    return NULL;
  if (!qrx_qasm_parser_accept (self, ":"))
    return range;
  range->step = range->last;
  range->last = qrx_qasm_parse_expression (self);
  return range->last != NULL ? range : NULL;
}

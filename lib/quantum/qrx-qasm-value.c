/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values of expressions: numbers, and sums of inputs and weights with factors. Nothing else can be an angle. */
#include "quantum/qrx-qasm-meaning-private.h"

#include <math.h>
#include <qrx/qrx-suggest.h>

#define MAX_INTEGER 0x1p53

static QrxQasmValue
new_number (double number, gboolean is_integer)
{
  QrxQasmValue value = { 0 };

  value.constant = number;
  value.is_integer = is_integer;
  return value;
}

QrxQasmValue
qrx_qasm_value_scale (const QrxQasmValue *value, double factor)
{
  QrxQasmValue scaled = *value;

  scaled.constant *= factor;
  scaled.is_integer = FALSE;
  for (guint i = 0; i < scaled.n_terms; i++)
    scaled.terms[i].scale *= factor;
  return scaled;
}

static gboolean
add_term (const QrxQasmContext *context, const QrxQasmToken *token, QrxQasmValue *value, QrxAngleSource source,
          guint index, double scale)
{
  for (guint i = 0; i < value->n_terms; i++)
    if (value->terms[i].source == source && value->terms[i].index == index)
      {
        value->terms[i].scale += scale;
        return TRUE;
      }
  if (value->n_terms == QRX_QASM_MAX_TERMS)
    return qrx_qasm_fail (context->source, token, QRX_PIPELINE_ERROR_VALUE, context->error,
                          "found a sum of more than %d inputs, expected fewer", QRX_QASM_MAX_TERMS);
  value->terms[value->n_terms].source = source;
  value->terms[value->n_terms].index = index;
  value->terms[value->n_terms].scale = scale;
  value->n_terms++;
  return TRUE;
}

/* What a computation gave must be a number. */
static gboolean
check (const QrxQasmContext *context, const QrxQasmToken *token, const QrxQasmValue *value)
{
  gboolean finite = isfinite (value->constant);

  for (guint i = 0; i < value->n_terms; i++)
    finite &= isfinite (value->terms[i].scale) != 0;
  if (!finite)
    return qrx_qasm_fail (context->source, token, QRX_PIPELINE_ERROR_VALUE, context->error,
                          "found a result that is infinite or no number at `%s`, expected a finite one", token->text);
  if (value->is_integer && fabs (value->constant) > MAX_INTEGER)
    return qrx_qasm_fail (context->source, token, QRX_PIPELINE_ERROR_VALUE, context->error,
                          "found a whole number beyond 2^53 at `%s`, expected a smaller one", token->text);
  return TRUE;
}

static gboolean
evaluate_name (const QrxQasmContext *context, const QrxQasmToken *token, const QrxQasmExpression *element,
               QrxQasmValue *value)
{
  static const struct {
    const char *name;
    double value;
    guint first_version;
  } constants[] = { { "pi", G_PI, 2 },      { "π", G_PI, 3 },   { "tau", 2 * G_PI, 3 },
                    { "τ", 2 * G_PI, 3 },   { "euler", G_E, 3 }, { "ℇ", G_E, 3 } };
  QrxQasmSymbol *symbol = qrx_qasm_scope_find (context->scope, token->text);
  g_autofree char *hint = NULL;
  gint64 index = 0;

  for (gsize i = 0; symbol == NULL && element == NULL && i < G_N_ELEMENTS (constants); i++)
    if (context->version >= constants[i].first_version && g_str_equal (token->text, constants[i].name))
      {
        *value = new_number (constants[i].value, FALSE);
        return TRUE;
      }
  if (symbol == NULL)
    {
      hint = qrx_qasm_scope_suggest (context->scope, token->text, QRX_QASM_SYMBOL_VALUE);
      return qrx_qasm_fail (context->source, token, QRX_PIPELINE_ERROR_UNKNOWN, context->error,
                            "there is no value `%s` here%s", token->text, hint);
    }
  if (symbol->kind == QRX_QASM_SYMBOL_VALUE && element == NULL)
    {
      *value = symbol->value;
      return TRUE;
    }
  if (symbol->kind != QRX_QASM_SYMBOL_INPUT || symbol->single == (element != NULL))
    return qrx_qasm_fail (context->source, token, QRX_PIPELINE_ERROR_VALUE, context->error,
                          "found `%s`%s, expected a value%s", token->text, element != NULL ? " with an index" : "",
                          symbol->kind == QRX_QASM_SYMBOL_INPUT && element == NULL
                            ? ": an element such as `[0]` of this array"
                            : "");
  if (element != NULL)
    {
      if (!qrx_qasm_evaluate_integer (context, element, "an index", &index))
        return FALSE;
      if (index < -(gint64) symbol->size || index >= symbol->size)
        return qrx_qasm_fail (context->source, element->token, QRX_PIPELINE_ERROR_VALUE, context->error,
                              "found the index %" G_GINT64_FORMAT " of `%s`, expected 0 to %u", index, token->text,
                              symbol->size - 1);
      index += index < 0 ? symbol->size : 0;
    }
  *value = new_number (0, FALSE);
  return add_term (context, token, value, symbol->role, symbol->first + (guint) index, 1);
}

static gboolean
add (const QrxQasmContext *context, const QrxQasmToken *token, const QrxQasmValue *a, const QrxQasmValue *b, double sign,
     QrxQasmValue *value)
{
  *value = *a;
  value->constant += sign * b->constant;
  value->is_integer = a->is_integer && b->is_integer;
  for (guint i = 0; i < b->n_terms; i++)
    if (!add_term (context, token, value, b->terms[i].source, b->terms[i].index, sign * b->terms[i].scale))
      return FALSE;
  return TRUE;
}

static gboolean
refuse_nonlinear (const QrxQasmContext *context, const QrxQasmToken *token)
{
  return qrx_qasm_fail (context->source, token, QRX_PIPELINE_ERROR_VALUE, context->error,
                        "found `%s` of inputs, expected a sum of inputs with constant factors: an angle is linear in them",
                        token->text);
}

static gboolean
divide (const QrxQasmContext *context, const QrxQasmToken *token, const QrxQasmValue *a, const QrxQasmValue *b,
        QrxQasmValue *value)
{
  if (b->constant == 0)
    return qrx_qasm_fail (context->source, token, QRX_PIPELINE_ERROR_VALUE, context->error,
                          "found a division by zero, expected another divisor");
  *value = *a;
  value->constant = a->constant / b->constant;
  value->is_integer = context->version == 3 && a->is_integer && b->is_integer;
  for (guint i = 0; i < a->n_terms; i++)
    value->terms[i].scale /= b->constant;
  if (!value->is_integer || fmod (a->constant, b->constant) == 0)
    return TRUE;
  return qrx_qasm_fail (context->source, token, QRX_PIPELINE_ERROR_VALUE, context->error,
                        "found %.0f / %.0f, a division of whole numbers with a remainder, expected %.0f.0 / %.0f for a "
                        "real number",
                        a->constant, b->constant, a->constant, b->constant);
}

static gboolean
operate (const QrxQasmContext *context, const QrxQasmToken *token, const QrxQasmValue *a, const QrxQasmValue *b,
         QrxQasmValue *value)
{
  gboolean whole = a->is_integer && b->is_integer;

  if (token->text[0] == '+' || token->text[0] == '-')
    return add (context, token, a, b, token->text[0] == '+' ? 1 : -1, value) && check (context, token, value);
  if (g_str_equal (token->text, "*"))
    {
      if (a->n_terms > 0 && b->n_terms > 0)
        return refuse_nonlinear (context, token);
      *value = a->n_terms > 0 ? qrx_qasm_value_scale (a, b->constant) : qrx_qasm_value_scale (b, a->constant);
      value->is_integer = whole;
      return check (context, token, value);
    }
  if (b->n_terms > 0)
    return refuse_nonlinear (context, token);
  if (g_str_equal (token->text, "/"))
    return divide (context, token, a, b, value) && check (context, token, value);
  if (a->n_terms > 0)
    return refuse_nonlinear (context, token);
  if (g_str_equal (token->text, "%"))
    *value = new_number (fmod (a->constant, b->constant), whole);
  else
    *value = new_number (pow (a->constant, b->constant), whole && b->constant >= 0);
  return check (context, token, value);
}

static double
logarithm (double x)
{
  return log (x);
}

static gboolean
call (const QrxQasmContext *context, const QrxQasmExpression *expression, QrxQasmValue *value)
{
  static const struct {
    const char *name;
    double (*function) (double);
    guint first_version, last_version;
  } functions[] = {
    { "sin", sin, 2, 3 },     { "cos", cos, 2, 3 },     { "tan", tan, 2, 3 },     { "exp", exp, 2, 3 },
    { "sqrt", sqrt, 2, 3 },   { "ln", logarithm, 2, 2 }, { "log", logarithm, 3, 3 }, { "arcsin", asin, 3, 3 },
    { "arccos", acos, 3, 3 }, { "arctan", atan, 3, 3 }, { "floor", floor, 3, 3 }, { "ceiling", ceil, 3, 3 },
  };
  const QrxQasmToken *token = expression->token;
  QrxQasmValue second = { 0 };

  if (!qrx_qasm_evaluate (context, expression->first, value) ||
      (expression->second != NULL && !qrx_qasm_evaluate (context, expression->second, &second)))
    return FALSE;
  if (value->n_terms > 0 || second.n_terms > 0)
    return refuse_nonlinear (context, token);
  if (expression->second != NULL && context->version == 3 && g_str_equal (token->text, "pow"))
    {
      *value = new_number (pow (value->constant, second.constant), FALSE);
      return check (context, token, value);
    }
  for (gsize i = 0; expression->second == NULL && i < G_N_ELEMENTS (functions); i++)
    if (context->version >= functions[i].first_version && context->version <= functions[i].last_version &&
        g_str_equal (token->text, functions[i].name))
      {
        *value = new_number (functions[i].function (value->constant), FALSE);
        return check (context, token, value);
      }
  return qrx_qasm_fail (context->source, token, QRX_PIPELINE_ERROR_UNKNOWN, context->error,
                        "there is no function `%s` of %s; there are sin, cos, tan, exp, sqrt, %s", token->text,
                        expression->second != NULL ? "two arguments" : "one argument",
                        context->version == 2 ? "ln" : "log, arcsin, arccos, arctan, floor, ceiling, and pow of two");
}

gboolean
qrx_qasm_evaluate (const QrxQasmContext *context, const QrxQasmExpression *expression, QrxQasmValue *value)
{
  QrxQasmValue first, second;

  switch (expression->kind)
    {
    case QRX_QASM_NUMBER:
      *value = new_number (expression->token->number, expression->token->kind == QRX_QASM_INTEGER);
      return TRUE;
    case QRX_QASM_NAME:
    case QRX_QASM_ELEMENT:
      return evaluate_name (context, expression->token, expression->first, value);
    case QRX_QASM_NEGATE:
      if (!qrx_qasm_evaluate (context, expression->first, &first))
        return FALSE;
      *value = qrx_qasm_value_scale (&first, -1);
      value->is_integer = first.is_integer;
      return TRUE;
    case QRX_QASM_OPERATE:
      return qrx_qasm_evaluate (context, expression->first, &first) &&
             qrx_qasm_evaluate (context, expression->second, &second) &&
             operate (context, expression->token, &first, &second, value);
    case QRX_QASM_CALL:
    default:
      return call (context, expression, value);
    }
}

gboolean
qrx_qasm_evaluate_integer (const QrxQasmContext *context, const QrxQasmExpression *expression, const char *what,
                           gint64 *value)
{
  QrxQasmValue found;

  if (!qrx_qasm_evaluate (context, expression, &found))
    return FALSE;
  if (found.n_terms > 0 || !found.is_integer)
    return qrx_qasm_fail (context->source, expression->token, QRX_PIPELINE_ERROR_VALUE, context->error,
                          "found %s, expected a whole number for %s",
                          found.n_terms > 0 ? "a value that depends on inputs" : "a real number", what);
  *value = (gint64) found.constant;
  return TRUE;
}

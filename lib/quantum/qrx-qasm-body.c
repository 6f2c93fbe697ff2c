/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bodies: runs those of loops and gates, and checks those of gates when they are defined. */
#include "quantum/qrx-qasm-meaning-private.h"

static gboolean
run_loop (QrxQasmMachine *self, const QrxQasmStatement *statement, const QrxQasmControls *controls, gboolean inverse)
{
  g_autoptr (GArray) values = qrx_qasm_evaluate_range (&self->context, statement->token, statement->range, -1);
  QrxQasmScope *outer = self->context.scope;

  if (values == NULL)
    return FALSE;
  for (guint i = 0; i < values->len; i++)
    {
      g_autoptr (QrxQasmScope) scope = qrx_qasm_scope_new (outer, FALSE);
      QrxQasmSymbol *variable = qrx_qasm_scope_add (scope, statement->name->text, QRX_QASM_SYMBOL_VALUE);
      gboolean done;

      if (++self->emitter.n_calls > QRX_QASM_MAX_CALLS)
        return qrx_qasm_fail (self->context.source, statement->token, QRX_PIPELINE_ERROR_VALUE, self->context.error,
                              "found a program of more than %d calls and operations, expected fewer", QRX_QASM_MAX_CALLS);
      variable->value.is_integer = TRUE;
      variable->value.constant = (double) g_array_index (values, gint64, inverse ? values->len - 1 - i : i);
      self->context.scope = scope;
      done = qrx_qasm_run_body (self, statement->body, controls, inverse);
      self->context.scope = outer;
      if (!done)
        return FALSE;
    }
  return TRUE;
}

/* A barrier means nothing here, but what it names must be there. */
static gboolean
check_barrier (QrxQasmMachine *self, const QrxQasmStatement *statement)
{
  gboolean single;

  for (guint i = 0; statement->operands != NULL && i < statement->operands->len; i++)
    {
      g_autoptr (GArray) qubits =
        qrx_qasm_find_qubits (self, &g_array_index (statement->operands, QrxQasmOperand, i), &single);

      if (qubits == NULL)
        return FALSE;
    }
  return TRUE;
}

gboolean
qrx_qasm_run_body (QrxQasmMachine *self, GPtrArray *body, const QrxQasmControls *controls, gboolean inverse)
{
  for (guint i = 0; i < body->len; i++)
    {
      const QrxQasmStatement *statement = body->pdata[inverse ? body->len - 1 - i : i];
      gboolean done;

      if (statement->kind == QRX_QASM_FOR)
        done = run_loop (self, statement, controls, inverse);
      else if (statement->kind == QRX_QASM_BARRIER)
        done = check_barrier (self, statement);
      else if (statement->kind == QRX_QASM_APPLY)
        done = qrx_qasm_apply (self, statement, controls, inverse);
      else
        done = qrx_qasm_run_statement (self, statement);
      if (!done)
        return FALSE;
    }
  return TRUE;
}

static gboolean check_body (QrxQasmMachine *self, GPtrArray *body);

static gboolean
check_expression (QrxQasmMachine *self, const QrxQasmExpression *expression)
{
  QrxQasmValue value;

  if (expression == NULL)
    return TRUE;
  if (expression->kind == QRX_QASM_NAME || expression->kind == QRX_QASM_ELEMENT)
    return qrx_qasm_evaluate (&self->context, expression, &value);
  return check_expression (self, expression->first) && check_expression (self, expression->second);
}

/* What can be said of a call before its values are known. */
static gboolean
check_call (QrxQasmMachine *self, const QrxQasmStatement *statement)
{
  gboolean phase = self->context.version == 3 && qrx_qasm_token_is (statement->name, "gphase"), single;
  QrxQasmSymbol *symbol = qrx_qasm_scope_find (self->context.scope, statement->name->text);
  guint n = phase ? 1 : 0;

  if (!phase && (symbol == NULL || symbol->kind != QRX_QASM_SYMBOL_GATE))
    {
      g_autofree char *hint = qrx_qasm_scope_suggest (self->context.scope, statement->name->text, QRX_QASM_SYMBOL_GATE);

      return qrx_qasm_fail (self->context.source, statement->name, QRX_PIPELINE_ERROR_UNKNOWN, self->context.error,
                            "there is no gate `%s` that was defined before%s", statement->name->text, hint);
    }
  if (!phase)
    n = qrx_qasm_gate_get_n_parameters (&symbol->gate);
  if (statement->arguments->len != n)
    return qrx_qasm_fail (self->context.source, statement->name, QRX_PIPELINE_ERROR_VALUE, self->context.error,
                          "found %u parameters of `%s`, expected %u", statement->arguments->len, statement->name->text, n);
  for (guint i = 0; i < statement->arguments->len; i++)
    if (!check_expression (self, statement->arguments->pdata[i]))
      return FALSE;
  for (guint i = 0; statement->operands != NULL && i < statement->operands->len; i++)
    {
      g_autoptr (GArray) qubits =
        qrx_qasm_find_qubits (self, &g_array_index (statement->operands, QrxQasmOperand, i), &single);

      if (qubits == NULL)
        return FALSE;
    }
  n = phase ? 0 : qrx_qasm_gate_get_n_wires (&symbol->gate);
  if (statement->modifiers == NULL && (statement->operands != NULL ? statement->operands->len : 0) != n)
    return qrx_qasm_fail (self->context.source, statement->name, QRX_PIPELINE_ERROR_VALUE, self->context.error,
                          "found %u operands of `%s`, expected %u",
                          statement->operands != NULL ? statement->operands->len : 0, statement->name->text, n);
  return TRUE;
}

static gboolean
check_loop (QrxQasmMachine *self, const QrxQasmStatement *statement)
{
  QrxQasmScope *outer = self->context.scope;
  g_autoptr (QrxQasmScope) scope = qrx_qasm_scope_new (outer, FALSE);
  gboolean done;

  qrx_qasm_scope_add (scope, statement->name->text, QRX_QASM_SYMBOL_VALUE)->value.is_integer = TRUE;
  if (!check_expression (self, statement->range->first) || !check_expression (self, statement->range->step) ||
      !check_expression (self, statement->range->last))
    return FALSE;
  self->context.scope = scope;
  done = check_body (self, statement->body);
  self->context.scope = outer;
  return done;
}

static gboolean
check_body (QrxQasmMachine *self, GPtrArray *body)
{
  for (guint i = 0; i < body->len; i++)
    {
      const QrxQasmStatement *statement = body->pdata[i];
      gboolean done = statement->kind == QRX_QASM_FOR       ? check_loop (self, statement)
                      : statement->kind == QRX_QASM_BARRIER ? check_barrier (self, statement)
                                                            : check_call (self, statement);

      if (!done)
        return FALSE;
    }
  return TRUE;
}

/* Names of parameters and qubits, each once, as a call would bind them. */
static gboolean
declare_names (QrxQasmMachine *self, const QrxQasmStatement *statement, QrxQasmScope *scope)
{
  GPtrArray *lists[] = { statement->parameters, statement->qubits };

  if (statement->parameters->len > QRX_QASM_MAX_PARAMETERS || statement->qubits->len > QRX_QASM_MAX_WIRES)
    return qrx_qasm_fail (self->context.source, statement->name, QRX_PIPELINE_ERROR_VALUE, self->context.error,
                          "found a gate of %u parameters and %u qubits, expected %d and %d at most",
                          statement->parameters->len, statement->qubits->len, QRX_QASM_MAX_PARAMETERS,
                          QRX_QASM_MAX_WIRES);
  for (guint l = 0; l < 2; l++)
    for (guint i = 0; i < lists[l]->len; i++)
      {
        const QrxQasmToken *name = lists[l]->pdata[i];
        QrxQasmSymbol *symbol;

        if (g_hash_table_contains (scope->symbols, name->text))
          return qrx_qasm_fail (self->context.source, name, QRX_PIPELINE_ERROR_VALUE, self->context.error,
                                "found the name `%s` twice, expected different ones", name->text);
        symbol = qrx_qasm_scope_add (scope, name->text, l == 0 ? QRX_QASM_SYMBOL_VALUE : QRX_QASM_SYMBOL_QUBITS);
        symbol->single = TRUE;
        symbol->size = 1;
      }
  return TRUE;
}

gboolean
qrx_qasm_check_new (QrxQasmMachine *self, const QrxQasmToken *name)
{
  QrxQasmSymbol *old = qrx_qasm_scope_find (self->context.scope, name->text);

  if (old == NULL)
    return TRUE;
  if (old->token == NULL)
    return qrx_qasm_fail (self->context.source, name, QRX_PIPELINE_ERROR_VALUE, self->context.error,
                          "found the name `%s`, which a gate of the library has, expected another", name->text);
  return qrx_qasm_fail (self->context.source, name, QRX_PIPELINE_ERROR_VALUE, self->context.error,
                        "found the name `%s` again, which line %u declares, expected another", name->text,
                        old->token->line);
}

/* A library's gate may be defined again where it is the same; in version 2, whose library was never fixed, otherwise too. */
static gboolean
may_define (QrxQasmMachine *self, const QrxQasmGate *gate)
{
  const QrxQasmToken *name = gate->statement->name;
  QrxQasmSymbol *old = g_hash_table_lookup (self->library->symbols, name->text);

  if (old != NULL && (self->context.version == 2 || (gate->native != NULL && old->gate.native == gate->native)))
    return !g_hash_table_contains (self->globals->symbols, name->text) || qrx_qasm_check_new (self, name);
  return qrx_qasm_check_new (self, name);
}

gboolean
qrx_qasm_define_gate (QrxQasmMachine *self, const QrxQasmStatement *statement)
{
  gboolean internal = self->context.source->internal;
  QrxQasmScope *outer = internal ? self->library : self->globals;
  g_autoptr (QrxQasmScope) scope = qrx_qasm_scope_new (outer, TRUE);
  QrxQasmGate gate = { self->context.source, statement, NULL, FALSE };
  QrxQasmSymbol *symbol;
  gboolean done;

  self->context.scope = scope;
  done = declare_names (self, statement, scope) && check_body (self, statement->body);
  self->context.scope = outer;
  if (!done)
    return FALSE;
  if (!internal)
    gate.native = qrx_qasm_find_native (self, &gate, statement->name->text);
  if (!internal && !may_define (self, &gate))
    return FALSE;
  symbol = qrx_qasm_scope_add (outer, statement->name->text, QRX_QASM_SYMBOL_GATE);
  symbol->token = internal ? NULL : statement->name;
  symbol->gate = gate;
  return TRUE;
}

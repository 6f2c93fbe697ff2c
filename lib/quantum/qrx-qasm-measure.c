/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The plain statements of OpenQASM: constants, measurements, resets, and comments of ours that name observables. */
#include <string.h>

#include "quantum/qrx-qasm-meaning-private.h"

static gboolean
declare_constant (QrxQasmMachine *self, const QrxQasmStatement *statement)
{
  QrxQasmSymbol *symbol;
  QrxQasmValue value;

  if (!qrx_qasm_evaluate (&self->context, statement->value, &value))
    return FALSE;
  if (value.n_terms > 0)
    return qrx_qasm_fail (self->context.source, statement->value->token, QRX_PIPELINE_ERROR_VALUE, self->context.error,
                          "found a constant that depends on inputs, expected a number");
  if (statement->is_integer && !value.is_integer)
    return qrx_qasm_fail (self->context.source, statement->value->token, QRX_PIPELINE_ERROR_VALUE, self->context.error,
                          "found a real number, expected a whole one for `%s`", statement->name->text);
  if (!qrx_qasm_check_new (self, statement->name))
    return FALSE;
  symbol = qrx_qasm_scope_add (self->context.scope, statement->name->text, QRX_QASM_SYMBOL_VALUE);
  symbol->token = statement->name;
  symbol->value = value;
  symbol->value.is_integer = statement->is_integer;
  symbol->constant = TRUE;
  return TRUE;
}

/* Bits are checked, then forgotten: what is measured are expectations. */
static gboolean
check_bits (QrxQasmMachine *self, const QrxQasmOperand *operand, guint n_qubits)
{
  QrxQasmSymbol *symbol = qrx_qasm_scope_find (self->context.scope, operand->token->text);
  g_autoptr (GArray) indices = NULL;
  guint n;

  if (symbol == NULL || symbol->kind != QRX_QASM_SYMBOL_BITS)
    return qrx_qasm_fail (self->context.source, operand->token, QRX_PIPELINE_ERROR_UNKNOWN, self->context.error,
                          "there are no bits `%s` here", operand->token->text);
  if (operand->range != NULL)
    {
      indices = qrx_qasm_evaluate_range (&self->context, operand->token, operand->range, symbol->size);
      if (indices == NULL)
        return FALSE;
    }
  n = indices != NULL ? indices->len : symbol->size;
  if (n == n_qubits)
    return TRUE;
  return qrx_qasm_fail (self->context.source, operand->token, QRX_PIPELINE_ERROR_VALUE, self->context.error,
                        "found %u bits for %u qubits, expected as many", n, n_qubits);
}

static gboolean
measure (QrxQasmMachine *self, const QrxQasmStatement *statement)
{
  const QrxQasmOperand *operands = (const QrxQasmOperand *) (gpointer) statement->operands->data;
  gboolean single;
  g_autoptr (GArray) qubits = qrx_qasm_find_qubits (self, &operands[0], &single);

  if (qubits == NULL || (statement->operands->len == 2 && !check_bits (self, &operands[1], qubits->len)))
    return FALSE;
  for (guint i = 0; i < qubits->len; i++)
    {
      guint64 bit = (guint64) 1 << g_array_index (qubits, guint, i);

      if ((self->measured & bit) != 0)
        return qrx_qasm_fail (self->context.source, operands[0].token, QRX_PIPELINE_ERROR_VALUE, self->context.error,
                              "found a qubit measured again, expected each measured once");
      self->measured |= bit;
      g_array_append_val (self->measurements, g_array_index (qubits, guint, i));
    }
  return TRUE;
}

static gboolean
reset (QrxQasmMachine *self, const QrxQasmStatement *statement)
{
  for (guint i = 0; i < statement->operands->len; i++)
    {
      const QrxQasmOperand *operand = &g_array_index (statement->operands, QrxQasmOperand, i);
      gboolean single;
      g_autoptr (GArray) qubits = qrx_qasm_find_qubits (self, operand, &single);

      if (qubits == NULL)
        return FALSE;
      for (guint j = 0; j < qubits->len; j++)
        if (((self->touched | self->measured) >> g_array_index (qubits, guint, j) & 1) != 0)
          return qrx_qasm_fail (self->context.source, operand->token, QRX_PIPELINE_ERROR_VALUE, self->context.error,
                                "found a reset of `%s` after a gate or measurement, expected resets at the start alone",
                                operand->token->text);
    }
  return TRUE;
}

gboolean
qrx_qasm_run_statement (QrxQasmMachine *self, const QrxQasmStatement *statement)
{
  switch (statement->kind)
    {
    case QRX_QASM_CONST:
      return declare_constant (self, statement);
    case QRX_QASM_BITS:
    case QRX_QASM_MEASURE:
      return measure (self, statement);
    case QRX_QASM_RESET:
    default:
      return reset (self, statement);
    }
}

gboolean
qrx_qasm_add_observable (QrxQasmMachine *self, const QrxQasmStatement *statement)
{
  g_autofree char *text = g_strstrip (g_strdup (statement->name->text));
  g_autofree char *observable = g_strchug (g_strdup (text + strlen ("observable")));
  g_autoptr (GError) reason = NULL;

  if (g_str_equal (observable, "none") || qrx_circuit_add_observable_text (self->emitter.circuit, observable, &reason))
    return TRUE;
  return qrx_qasm_fail (self->context.source, statement->name, reason->code, self->context.error, "%s",
                        reason->message);
}

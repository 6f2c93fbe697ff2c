/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Applies gates: modifiers, registers as operands, bodies of definitions, loops. Declares nothing. */
#include "quantum/qrx-qasm-meaning-private.h"

#include <string.h>

/* What the modifiers before a gate make of it. */
typedef struct {
  gint64 power;
  guint n_controls;
  gboolean negative[QRX_QASM_MAX_CONTROLS];
} Modification;

/* One application: what is the same for all qubits of a register. */
typedef struct {
  const QrxQasmStatement *statement;
  const QrxQasmGate *gate; /* NULL: gphase */
  QrxQasmValue values[QRX_QASM_MAX_PARAMETERS];
  Modification modification;
  guint n_wires;
} Application;

static gboolean
fail_at (QrxQasmMachine *self, const QrxQasmToken *token, int code, const char *text)
{
  return qrx_qasm_fail (self->context.source, token, code, self->context.error, "%s", text);
}

guint
qrx_qasm_gate_get_n_wires (const QrxQasmGate *gate)
{
  return gate->statement != NULL ? gate->statement->qubits->len : gate->native->n_wires;
}

guint
qrx_qasm_gate_get_n_parameters (const QrxQasmGate *gate)
{
  return gate->statement != NULL ? gate->statement->parameters->len : gate->native->n_parameters;
}

static gboolean
fail_size (QrxQasmMachine *self, const QrxQasmToken *token)
{
  return qrx_qasm_fail (self->context.source, token, QRX_PIPELINE_ERROR_VALUE, self->context.error,
                        "found a program of more than %d calls and operations, expected fewer", QRX_QASM_MAX_CALLS);
}

static gboolean
read_modifier (QrxQasmMachine *self, const QrxQasmModifier *modifier, Modification *modification)
{
  gint64 n = 1;

  if (modifier->argument != NULL &&
      !qrx_qasm_evaluate_integer (&self->context, modifier->argument,
                                  qrx_qasm_token_is (modifier->token, "pow") ? "a power" : "a number of controls", &n))
    return FALSE;
  if (qrx_qasm_token_is (modifier->token, "inv"))
    modification->power = -modification->power;
  else if (qrx_qasm_token_is (modifier->token, "pow"))
    {
      if (ABS (n) > QRX_QASM_MAX_CALLS || ABS (n * modification->power) > QRX_QASM_MAX_CALLS)
        return fail_size (self, modifier->token);
      modification->power *= n;
    }
  else if (n < 1 || modification->n_controls + n > QRX_QASM_MAX_CONTROLS)
    return qrx_qasm_fail (self->context.source, modifier->token, QRX_PIPELINE_ERROR_VALUE, self->context.error,
                          "found %" G_GINT64_FORMAT " controls, expected 1 to %d for a gate", n, QRX_QASM_MAX_CONTROLS);
  else
    for (; n > 0; n--)
      modification->negative[modification->n_controls++] = qrx_qasm_token_is (modifier->token, "negctrl");
  return TRUE;
}

static gboolean
find_gate (QrxQasmMachine *self, Application *application)
{
  const QrxQasmToken *name = application->statement->name;
  QrxQasmSymbol *symbol = qrx_qasm_scope_find (self->context.scope, name->text);
  g_autofree char *hint = NULL;

  application->n_wires = application->modification.n_controls;
  if (self->context.version == 3 && qrx_qasm_token_is (name, "gphase"))
    return TRUE;
  if (symbol == NULL || symbol->kind != QRX_QASM_SYMBOL_GATE)
    {
      if (qrx_gate_find (name->text) != NULL && g_hash_table_contains (self->library->symbols, "x"))
        hint = g_strdup ("; the library has none of this name, define it with `gate`");
      else if (qrx_gate_find (name->text) != NULL)
        hint = g_strdup_printf ("; is `include \"%s\";` missing?",
                                self->context.version == 3 ? "stdgates.inc" : "qelib1.inc");
      else
        hint = qrx_qasm_scope_suggest (self->context.scope, name->text, QRX_QASM_SYMBOL_GATE);
      return qrx_qasm_fail (self->context.source, name, QRX_PIPELINE_ERROR_UNKNOWN, self->context.error,
                            "there is no gate `%s`%s", name->text, hint);
    }
  application->gate = &symbol->gate;
  application->n_wires += qrx_qasm_gate_get_n_wires (application->gate);
  return TRUE;
}

static gboolean
read_values (QrxQasmMachine *self, Application *application)
{
  const QrxQasmStatement *statement = application->statement;
  guint n = application->gate != NULL ? qrx_qasm_gate_get_n_parameters (application->gate) : 1;

  if (statement->arguments->len != n)
    return qrx_qasm_fail (self->context.source, statement->name, QRX_PIPELINE_ERROR_VALUE, self->context.error,
                          "found %u parameters of `%s`, expected %u", statement->arguments->len, statement->name->text, n);
  for (guint i = 0; i < n; i++)
    if (!qrx_qasm_evaluate (&self->context, statement->arguments->pdata[i], &application->values[i]))
      return FALSE;
  return TRUE;
}

GArray *
qrx_qasm_find_qubits (QrxQasmMachine *self, const QrxQasmOperand *operand, gboolean *single)
{
  QrxQasmSymbol *symbol = qrx_qasm_scope_find (self->context.scope, operand->token->text);
  g_autoptr (GArray) indices = NULL;
  GArray *wires;

  if (symbol == NULL || symbol->kind != QRX_QASM_SYMBOL_QUBITS)
    {
      g_autofree char *hint = qrx_qasm_scope_suggest (self->context.scope, operand->token->text, QRX_QASM_SYMBOL_QUBITS);

      qrx_qasm_fail (self->context.source, operand->token, QRX_PIPELINE_ERROR_UNKNOWN, self->context.error,
                     "there are no qubits `%s` here%s", operand->token->text, hint);
      return NULL;
    }
  if (symbol->single && operand->range != NULL)
    {
      qrx_qasm_fail (self->context.source, operand->token, QRX_PIPELINE_ERROR_VALUE, self->context.error,
                     "found an index of `%s`, which is one qubit and has none", operand->token->text);
      return NULL;
    }
  *single = operand->range == NULL ? symbol->single : operand->range->list == NULL && operand->range->last == NULL;
  if (operand->range != NULL)
    {
      indices = qrx_qasm_evaluate_range (&self->context, operand->token, operand->range, symbol->size);
      if (indices == NULL)
        return NULL;
    }
  wires = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < (indices != NULL ? indices->len : symbol->size); i++)
    {
      guint wire = symbol->first + (indices != NULL ? (guint) g_array_index (indices, gint64, i) : i);

      g_array_append_val (wires, wire);
    }
  return wires;
}

static gboolean
check_wires (QrxQasmMachine *self, const Application *application, const guint *wires)
{
  guint64 seen = 0;

  for (guint i = 0; i < application->n_wires; i++)
    {
      guint64 bit = (guint64) 1 << wires[i];
      const QrxQasmOperand *operand = &g_array_index (application->statement->operands, QrxQasmOperand, i);

      if ((seen & bit) != 0)
        return qrx_qasm_fail (self->context.source, operand->token, QRX_PIPELINE_ERROR_VALUE, self->context.error,
                              "found a qubit of `%s` twice as operands of `%s`, expected different ones",
                              operand->token->text, application->statement->name->text);
      if ((self->measured & bit) != 0)
        return fail_at (self, operand->token, QRX_PIPELINE_ERROR_VALUE,
                        "found a gate after the measurement of its qubit, expected measurements at the end");
      seen |= bit;
    }
  self->touched |= seen;
  return TRUE;
}

gboolean
qrx_qasm_call_gate (QrxQasmMachine *self, const QrxQasmGate *gate, const QrxQasmValue *values, const guint *wires,
                    const QrxQasmControls *controls, gboolean inverse)
{
  QrxQasmContext outer = self->context;
  g_autoptr (QrxQasmScope) scope = NULL;
  QrxQasmValue half;
  gboolean done;

  if (gate->native != NULL)
    {
      half = gate->turned ? qrx_qasm_value_scale (&values[0], 0.5) : (QrxQasmValue){ 0 };
      return qrx_qasm_emit (&self->emitter, gate->native, values, wires, controls, inverse) &&
             (!gate->turned || qrx_qasm_emit_phase (&self->emitter, &half, controls, inverse));
    }
  if (self->depth == QRX_QASM_MAX_CALL_DEPTH)
    return fail_at (self, gate->statement->name, QRX_PIPELINE_ERROR_VALUE,
                    "found gates of gates more than " G_STRINGIFY (QRX_QASM_MAX_CALL_DEPTH) " deep, expected fewer");
  scope = qrx_qasm_scope_new (gate->source->internal ? self->library : self->globals, TRUE);
  for (guint i = 0; i < gate->statement->parameters->len; i++)
    {
      const QrxQasmToken *name = gate->statement->parameters->pdata[i];

      qrx_qasm_scope_add (scope, name->text, QRX_QASM_SYMBOL_VALUE)->value = values[i];
    }
  for (guint i = 0; i < gate->statement->qubits->len; i++)
    {
      const QrxQasmToken *name = gate->statement->qubits->pdata[i];
      QrxQasmSymbol *symbol = qrx_qasm_scope_add (scope, name->text, QRX_QASM_SYMBOL_QUBITS);

      symbol->single = TRUE;
      symbol->size = 1;
      symbol->first = wires[i];
    }
  self->context.source = gate->source;
  self->context.scope = scope;
  self->context.version = gate->source->internal ? 3 : outer.version;
  self->depth++;
  done = qrx_qasm_run_body (self, gate->statement->body, controls, inverse);
  self->depth--;
  self->context = outer;
  return done;
}

/* The gate under its own controls too, as often as its power says. */
static gboolean
apply_once (QrxQasmMachine *self, const Application *application, const guint *wires, const QrxQasmControls *outer,
            gboolean inverse)
{
  const Modification *modification = &application->modification;
  static const QrxQasmControls none = { 0 };
  QrxQasmControls controls = *outer;
  gint64 power = ABS (modification->power);
  gboolean done = TRUE;

  if (!check_wires (self, application, wires))
    return FALSE;
  if (controls.n + modification->n_controls > QRX_QASM_MAX_CONTROLS)
    return qrx_qasm_fail (self->context.source, application->statement->name, QRX_PIPELINE_ERROR_VALUE,
                          self->context.error, "found more than %d controls of a gate, expected fewer",
                          QRX_QASM_MAX_CONTROLS);
  for (guint i = 0; i < modification->n_controls; i++)
    {
      controls.wires[controls.n++] = wires[i];
      if (done && modification->negative[i])
        done = qrx_qasm_emit (&self->emitter, qrx_gate_find ("x"), NULL, &wires[i], &none, FALSE);
    }
  inverse ^= modification->power < 0;
  for (; done && power > 0; power--)
    {
      if (++self->emitter.n_calls > QRX_QASM_MAX_CALLS)
        return fail_size (self, application->statement->name);
      done = application->gate == NULL
               ? qrx_qasm_emit_phase (&self->emitter, application->values, &controls, inverse)
               : qrx_qasm_call_gate (self, application->gate, application->values, wires + modification->n_controls,
                                     &controls, inverse);
    }
  for (guint i = 0; done && i < modification->n_controls; i++)
    if (modification->negative[i])
      done = qrx_qasm_emit (&self->emitter, qrx_gate_find ("x"), NULL, &wires[i], &none, FALSE);
  if (!done && *self->context.error == NULL)
    fail_size (self, application->statement->name);
  return done;
}

/* Registers as operands: one application for each of their qubits, single qubits along with each. */
static gboolean
broadcast (QrxQasmMachine *self, const Application *application, GPtrArray *operands, guint64 singles,
           const QrxQasmControls *controls, gboolean inverse)
{
  guint size = 1, wires[QRX_QASM_MAX_WIRES + QRX_QASM_MAX_CONTROLS];
  gboolean settled = FALSE;

  for (guint i = 0; i < operands->len; i++)
    {
      const GArray *qubits = operands->pdata[i];
      const QrxQasmOperand *operand = &g_array_index (application->statement->operands, QrxQasmOperand, i);

      if ((singles >> i & 1) != 0)
        continue;
      if (settled && qubits->len != size)
        return qrx_qasm_fail (self->context.source, operand->token, QRX_PIPELINE_ERROR_VALUE, self->context.error,
                              "found `%s` with %u qubits beside operands of %u, expected as many", operand->token->text,
                              qubits->len, size);
      settled = TRUE;
      size = qubits->len;
    }
  for (guint at = 0; at < size; at++)
    {
      guint place = inverse ? size - 1 - at : at;

      for (guint i = 0; i < operands->len; i++)
        wires[i] = g_array_index ((GArray *) operands->pdata[i], guint, (singles >> i & 1) != 0 ? 0 : place);
      if (!apply_once (self, application, wires, controls, inverse))
        return FALSE;
    }
  return TRUE;
}

gboolean
qrx_qasm_apply (QrxQasmMachine *self, const QrxQasmStatement *statement, const QrxQasmControls *controls,
                gboolean inverse)
{
  Application application = { statement, NULL, { { 0 } }, { 1, 0, { FALSE } }, 0 };
  g_autoptr (GPtrArray) operands = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  guint n_operands = statement->operands != NULL ? statement->operands->len : 0;
  guint64 singles = 0;

  for (guint i = 0; statement->modifiers != NULL && i < statement->modifiers->len; i++)
    if (!read_modifier (self, &g_array_index (statement->modifiers, QrxQasmModifier, i), &application.modification))
      return FALSE;
  if (!find_gate (self, &application) || !read_values (self, &application))
    return FALSE;
  if (n_operands != application.n_wires)
    return qrx_qasm_fail (self->context.source, statement->name, QRX_PIPELINE_ERROR_VALUE, self->context.error,
                          "found %u operands of `%s`, expected %u", n_operands, statement->name->text,
                          application.n_wires);
  for (guint i = 0; i < n_operands; i++)
    {
      gboolean single = FALSE;
      GArray *qubits =
        qrx_qasm_find_qubits (self, &g_array_index (statement->operands, QrxQasmOperand, i), &single);

      if (qubits == NULL)
        return FALSE;
      singles |= (guint64) single << i;
      g_ptr_array_add (operands, qubits);
    }
  return broadcast (self, &application, operands, singles, controls, inverse);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads a program of OpenQASM as a circuit: what it declares, includes and measures. */
#include "quantum/qrx-qasm-meaning-private.h"

#include <string.h>

typedef struct {
  QrxQasmMachine machine;
  GHashTable *roles; /* names that a comment declares as inputs */
  guint n_inputs, n_weights;
  GPtrArray *sources; /* of libraries */
} Reader;

static gboolean
fail (Reader *self, const QrxQasmToken *token, int code, const char *text)
{
  return qrx_qasm_fail (self->machine.context.source, token, code, self->machine.context.error, "%s", text);
}

static QrxQasmSymbol *
declare (Reader *self, const QrxQasmStatement *statement, QrxQasmSymbolKind kind)
{
  QrxQasmSymbol *symbol;

  if (!qrx_qasm_check_new (&self->machine, statement->name))
    return NULL;
  symbol = qrx_qasm_scope_add (self->machine.context.scope, statement->name->text, kind);
  symbol->token = statement->name;
  return symbol;
}

/* The size of a register or array, 1 to limit. */
static gboolean
read_size (Reader *self, const QrxQasmStatement *statement, gint64 limit, QrxQasmSymbol *symbol)
{
  gint64 size = 1;

  if (statement->value != NULL &&
      !qrx_qasm_evaluate_integer (&self->machine.context, statement->value, "a size", &size))
    return FALSE;
  if (size < 1 || size > limit)
    return qrx_qasm_fail (self->machine.context.source, statement->name, QRX_PIPELINE_ERROR_VALUE,
                          self->machine.context.error,
                          "found the size %" G_GINT64_FORMAT " of `%s`, expected 1 to %" G_GINT64_FORMAT, size,
                          statement->name->text, limit);
  symbol->size = (guint) size;
  symbol->single = statement->value == NULL;
  return TRUE;
}

static gboolean
declare_qubits (Reader *self, const QrxQasmStatement *statement)
{
  QrxCircuit *circuit = self->machine.emitter.circuit;
  QrxQasmSymbol *symbol = declare (self, statement, QRX_QASM_SYMBOL_QUBITS);
  gint64 left = QRX_CIRCUIT_MAX_QUBITS - circuit->n_qubits;

  if (symbol == NULL)
    return FALSE;
  if (left == 0)
    return fail (self, statement->name, QRX_PIPELINE_ERROR_VALUE,
                 "found more qubits, expected " G_STRINGIFY (QRX_CIRCUIT_MAX_QUBITS) " at most");
  if (!read_size (self, statement, left, symbol))
    return FALSE;
  symbol->first = circuit->n_qubits;
  circuit->n_qubits += symbol->size;
  return TRUE;
}

/* x0, x_0 and inputs, and what a comment says; everything else is a weight. */
static QrxAngleSource
find_role (Reader *self, const char *name)
{
  const char *rest = name + 1;

  if (g_hash_table_contains (self->roles, name) || g_str_equal (name, "inputs"))
    return QRX_ANGLE_SOURCE_INPUT;
  if (name[0] != 'x')
    return QRX_ANGLE_SOURCE_WEIGHT;
  rest += *rest == '_';
  rest += strspn (rest, "0123456789");
  rest += *rest == '_';
  return *rest == '\0' ? QRX_ANGLE_SOURCE_INPUT : QRX_ANGLE_SOURCE_WEIGHT;
}

static gboolean
declare_input (Reader *self, const QrxQasmStatement *statement)
{
  QrxQasmSymbol *symbol = declare (self, statement, QRX_QASM_SYMBOL_INPUT);
  guint *n;

  if (symbol == NULL)
    return FALSE;
  symbol->role = find_role (self, statement->name->text);
  n = symbol->role == QRX_ANGLE_SOURCE_INPUT ? &self->n_inputs : &self->n_weights;
  if (*n > QRX_ANGLE_MAX_INDEX)
    return fail (self, statement->name, QRX_PIPELINE_ERROR_VALUE, "found more inputs than a circuit can have");
  if (!read_size (self, statement, QRX_ANGLE_MAX_INDEX + 1 - (gint64) *n, symbol))
    return FALSE;
  symbol->first = *n;
  *n += symbol->size;
  return TRUE;
}

static void
add_native (Reader *self, const char *name, const char *gate, gboolean turned)
{
  QrxQasmSymbol *symbol = qrx_qasm_scope_add (self->machine.library, name, QRX_QASM_SYMBOL_GATE);

  symbol->gate.native = qrx_gate_find (gate);
  symbol->gate.turned = turned;
}

/* A library that is built in, whose text holds no faults. */
static gboolean
include_library (Reader *self, const char *text)
{
  QrxQasmContext outer = self->machine.context;
  QrxQasmSource *source = qrx_qasm_source_new (text, strlen (text), "library", outer.error);
  GPtrArray *statements;
  gboolean done = TRUE;
  guint version;

  if (source == NULL)
    return FALSE;
  source->internal = TRUE;
  g_ptr_array_add (self->sources, source);
  for (const char *const *name = qrx_qasm_library_list_natives (outer.version); *name != NULL; name++)
    add_native (self, *name, *name, FALSE);
  statements = qrx_qasm_parse (source, &version, outer.error);
  self->machine.context =
    (QrxQasmContext){ source, 3, self->machine.library, outer.error };
  for (guint i = 0; done && statements != NULL && i < statements->len; i++)
    done = qrx_qasm_define_gate (&self->machine, statements->pdata[i]);
  self->machine.context = outer;
  return done && statements != NULL;
}

static gboolean
include (Reader *self, const QrxQasmStatement *statement)
{
  guint version = self->machine.context.version;
  const char *text = qrx_qasm_library_get_text (statement->name->text, version);
  GHashTableIter iter;
  gpointer name, symbol;

  if (text == NULL)
    return qrx_qasm_fail (self->machine.context.source, statement->name, QRX_PIPELINE_ERROR_VALUE,
                          self->machine.context.error, "found \"%s\", expected \"%s\", the one file to include here",
                          statement->name->text, version == 3 ? "stdgates.inc" : "qelib1.inc");
  if (self->sources->len > 0)
    return fail (self, statement->name, QRX_PIPELINE_ERROR_VALUE, "found the library again, expected it included once");
  g_hash_table_iter_init (&iter, self->machine.globals->symbols);
  if (!include_library (self, text))
    return FALSE;
  while (g_hash_table_iter_next (&iter, &name, &symbol))
    if (version == 3 && g_hash_table_contains (self->machine.library->symbols, name))
      return qrx_qasm_fail (self->machine.context.source, statement->token, QRX_PIPELINE_ERROR_VALUE,
                            self->machine.context.error,
                            "found `%s` declared before the library that has a gate of this name, expected the library "
                            "first",
                            (const char *) name);
  return TRUE;
}

static gboolean
run (Reader *self, const QrxQasmStatement *statement)
{
  static const QrxQasmControls none = { 0 };
  QrxQasmSymbol *symbol;
  g_autoptr (GPtrArray) body = NULL;

  switch (statement->kind)
    {
    case QRX_QASM_INCLUDE:
      return include (self, statement);
    case QRX_QASM_QUBITS:
      return declare_qubits (self, statement);
    case QRX_QASM_BITS:
      symbol = declare (self, statement, QRX_QASM_SYMBOL_BITS);
      return symbol != NULL && read_size (self, statement, QRX_ANGLE_MAX_INDEX, symbol) &&
             (statement->operands == NULL || qrx_qasm_run_statement (&self->machine, statement));
    case QRX_QASM_INPUT:
      return declare_input (self, statement);
    case QRX_QASM_GATE:
      return qrx_qasm_define_gate (&self->machine, statement);
    case QRX_QASM_ROLE:
    case QRX_QASM_OBSERVABLE:
      return TRUE; /* read before and after */
    case QRX_QASM_CONST:
    case QRX_QASM_APPLY:
    case QRX_QASM_FOR:
    case QRX_QASM_MEASURE:
    case QRX_QASM_BARRIER:
    case QRX_QASM_RESET:
    default:
      body = g_ptr_array_new ();
      g_ptr_array_add (body, (gpointer) statement);
      return qrx_qasm_run_body (&self->machine, body, &none, FALSE);
    }
}

/* The names behind "// qrx: input". */
static void
read_roles (Reader *self, GPtrArray *statements)
{
  for (guint i = 0; i < statements->len; i++)
    {
      const QrxQasmStatement *statement = statements->pdata[i];
      g_auto (GStrv) names = NULL;

      if (statement->kind != QRX_QASM_ROLE)
        continue;
      names = g_strsplit_set (statement->name->text, " \t,", -1);
      for (guint j = 0; names[j] != NULL; j++)
        if (*names[j] != '\0' && !g_str_equal (names[j], "input"))
          g_hash_table_add (self->roles, g_strdup (names[j]));
    }
}

/* What comments say, or Z on what was measured, or Z on each qubit. */
static gboolean
read_observables (Reader *self, GPtrArray *statements)
{
  QrxCircuit *circuit = self->machine.emitter.circuit;
  GArray *measured = self->machine.measurements;
  gboolean observed = FALSE;

  for (guint i = 0; i < statements->len; i++)
    {
      const QrxQasmStatement *statement = statements->pdata[i];

      if (statement->kind != QRX_QASM_OBSERVABLE)
        continue;
      observed = TRUE;
      if (!qrx_qasm_add_observable (&self->machine, statement))
        return FALSE;
    }
  if (observed)
    return TRUE;
  if (measured->len == 0)
    qrx_circuit_measure_each_qubit (circuit);
  for (guint i = 0; i < measured->len; i++)
    {
      g_autofree char *pauli = g_strnfill (circuit->n_qubits, 'I');

      pauli[g_array_index (measured, guint, i)] = 'Z';
      if (!qrx_circuit_add_observable (circuit, pauli, 1, self->machine.context.error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_program (Reader *self, GPtrArray *statements)
{
  add_native (self, "U", "u3", TRUE);
  if (self->machine.context.version == 2)
    add_native (self, "CX", "cx", FALSE);
  read_roles (self, statements);
  for (guint i = 0; i < statements->len; i++)
    if (!run (self, statements->pdata[i]))
      return FALSE;
  if (self->machine.emitter.circuit->n_qubits == 0)
    {
      g_set_error (self->machine.context.error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                   "%s: found no qubits, expected a declaration such as `%s`", self->machine.context.source->name,
                   self->machine.context.version == 3 ? "qubit[2] q;" : "qreg q[2];");
      return FALSE;
    }
  return qrx_circuit_reserve (self->machine.emitter.circuit, self->n_inputs, self->n_weights,
                              self->machine.context.error) &&
         read_observables (self, statements);
}

static void
reader_clear (Reader *self)
{
  g_clear_pointer (&self->machine.globals, qrx_qasm_scope_free);
  g_clear_pointer (&self->machine.library, qrx_qasm_scope_free);
  g_clear_pointer (&self->roles, g_hash_table_unref);
  g_clear_pointer (&self->machine.measurements, g_array_unref);
  g_clear_pointer (&self->sources, g_ptr_array_unref);
  g_clear_object (&self->machine.emitter.circuit);
}

QrxCircuit *
qrx_qasm_read (const char *text, gsize length, const char *name, GError **error)
{
  g_autoptr (QrxQasmSource) source = NULL;
  g_autoptr (GError) local = NULL;
  Reader reader = { 0 };
  QrxCircuit *circuit = NULL;
  GPtrArray *statements;
  guint version;

  source = qrx_qasm_source_new (text, length, name, &local);
  statements = source != NULL ? qrx_qasm_parse (source, &version, &local) : NULL;
  if (statements != NULL)
    {
      reader.machine.library = qrx_qasm_scope_new (NULL, FALSE);
      reader.machine.globals = qrx_qasm_scope_new (reader.machine.library, FALSE);
      reader.machine.context = (QrxQasmContext){ source, version, reader.machine.globals, &local };
      reader.machine.emitter.circuit = qrx_circuit_new (1);
      reader.machine.emitter.circuit->n_qubits = 0;
      reader.roles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      reader.machine.measurements = g_array_new (FALSE, FALSE, sizeof (guint));
      reader.sources = g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_qasm_source_free);
      if (read_program (&reader, statements))
        circuit = g_object_ref (reader.machine.emitter.circuit);
      reader_clear (&reader);
    }
  if (circuit == NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return circuit;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes circuits as OpenQASM, such that they read back the same. */
#include <qrx/qrx-number.h>

#include "quantum/qrx-qasm-meaning-private.h"

/* Gates that a version's library lacks, in terms of those it has. */
static const struct {
  const char *name;
  const char *definition;
  gboolean in_qelib1;
} definitions[] = {
  { "rxx", "gate rxx(a) q, r { h q; h r; cx q, r; rz(a) r; cx q, r; h q; h r; }", TRUE },
  { "ryy", "gate ryy(a) q, r { sdg q; sdg r; h q; h r; cx q, r; rz(a) r; cx q, r; h q; h r; s q; s r; }", FALSE },
  { "rzz", "gate rzz(a) q, r { cx q, r; rz(a) r; cx q, r; }", TRUE },
};

static void
append_number (GString *text, double number)
{
  char buffer[QRX_NUMBER_BUFFER_SIZE];

  g_string_append (text, qrx_number_format (number, buffer));
}

static void
append_angle (GString *text, const QrxAngle *angle)
{
  if (angle->source == QRX_ANGLE_SOURCE_CONSTANT)
    {
      append_number (text, angle->offset);
      return;
    }
  if (angle->scale != 1)
    {
      append_number (text, angle->scale);
      g_string_append_c (text, '*');
    }
  g_string_append_printf (text, "%c%u", angle->source == QRX_ANGLE_SOURCE_INPUT ? 'x' : 'w', angle->index);
  if (angle->offset != 0)
    {
      g_string_append (text, angle->offset < 0 ? " - " : " + ");
      append_number (text, angle->offset < 0 ? -angle->offset : angle->offset);
    }
}

static void
append_operation (GString *text, const QrxOperation *operation)
{
  g_string_append (text, operation->gate->name);
  for (guint i = 0; i < operation->gate->n_parameters; i++)
    {
      g_string_append (text, i == 0 ? "(" : ", ");
      append_angle (text, &operation->angles[i]);
    }
  g_string_append (text, operation->gate->n_parameters > 0 ? ")" : "");
  for (guint i = 0; i < operation->gate->n_wires; i++)
    g_string_append_printf (text, "%s q[%u]", i > 0 ? "," : "", operation->wires[i]);
  g_string_append (text, ";\n");
}

static gboolean
uses (QrxCircuit *self, const char *gate)
{
  for (guint i = 0; i < self->operations->len; i++)
    if (g_str_equal (g_array_index (self->operations, QrxOperation, i).gate->name, gate))
      return TRUE;
  return FALSE;
}

static gboolean
measures_each_qubit (QrxCircuit *self)
{
  for (guint i = 0; i < self->terms->len; i++)
    {
      const QrxObservableTerm *term = &g_array_index (self->terms, QrxObservableTerm, i);

      if (term->observable != i || term->coefficient != 1 || term->x != 0 || i >= self->n_qubits ||
          term->z != (guint32) 1 << (self->n_qubits - 1 - i))
        return FALSE;
    }
  return self->terms->len == self->n_qubits && self->n_observables == self->n_qubits;
}

static void
append_header (QrxCircuit *self, guint version, GString *text)
{
  g_string_append (text, version == 3 ? "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"
                                      : "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n");
  for (gsize i = 0; i < G_N_ELEMENTS (definitions); i++)
    if ((version == 3 || !definitions[i].in_qelib1) && uses (self, definitions[i].name))
      g_string_append_printf (text, "%s\n", definitions[i].definition);
  for (guint i = 0; version == 3 && i < self->n_inputs; i++)
    g_string_append_printf (text, "input float[64] x%u;\n", i);
  for (guint i = 0; version == 3 && i < self->n_weights; i++)
    g_string_append_printf (text, "input float[64] w%u;\n", i);
  g_string_append_printf (text, version == 3 ? "qubit[%u] q;\n" : "qreg q[%u];\n", self->n_qubits);
}

static gboolean
check_parameters (QrxCircuit *self, GError **error)
{
  for (guint i = 0; i < self->operations->len; i++)
    {
      const QrxOperation *operation = &g_array_index (self->operations, QrxOperation, i);

      for (guint j = 0; j < operation->gate->n_parameters; j++)
        if (operation->angles[j].source != QRX_ANGLE_SOURCE_CONSTANT)
          {
            g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                         "operation %u (%s): parameter %s depends on %s %u, and OpenQASM 2 has no inputs; expected "
                         "constant angles (bind the circuit to values), or OpenQASM 3",
                         i, operation->gate->name, operation->gate->parameters[j].name,
                         operation->angles[j].source == QRX_ANGLE_SOURCE_INPUT ? "input" : "weight",
                         operation->angles[j].index);
            return FALSE;
          }
    }
  if (self->n_inputs == 0 && self->n_weights == 0)
    return TRUE;
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
               "the circuit has %u inputs and %u weights, and OpenQASM 2 has none; expected none (bind the circuit to "
               "values), or OpenQASM 3",
               self->n_inputs, self->n_weights);
  return FALSE;
}

/**
 * qrx_circuit_to_qasm:
 * @self: a circuit
 * @version: of OpenQASM, 2 or 3
 * @error: return location for an error
 *
 * Writes a circuit as OpenQASM. Inputs are `x0`, `x1`, …, weights `w0`, `w1`, …, and observables other than Z on each
 * qubit stand in comments, `// qrx: observable 0.5 ZZ + -1 XI`. It reads back the same, every number included. Fails
 * with %QRX_PIPELINE_ERROR_VALUE for version 2 if the circuit has inputs or weights, see [method@Circuit.bind].
 *
 * Returns: (transfer full): the text
 */
char *
qrx_circuit_to_qasm (QrxCircuit *self, guint version, GError **error)
{
  g_autoptr (GString) text = NULL;

  g_return_val_if_fail (QRX_IS_CIRCUIT (self) && (version == 2 || version == 3), NULL);
  if (version == 2 && !check_parameters (self, error))
    return NULL;
  text = g_string_new (NULL);
  append_header (self, version, text);
  for (guint i = 0; i < self->operations->len; i++)
    append_operation (text, &g_array_index (self->operations, QrxOperation, i));
  if (measures_each_qubit (self))
    return g_string_free (g_steal_pointer (&text), FALSE);
  if (self->n_observables == 0)
    g_string_append (text, "// qrx: observable none\n");
  for (guint i = 0; i < self->n_observables; i++)
    {
      g_autofree char *observable = qrx_circuit_dup_observable (self, i);

      g_string_append_printf (text, "// qrx: observable %s\n", observable);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

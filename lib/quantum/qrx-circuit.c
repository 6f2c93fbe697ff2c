/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The circuit as people write it, checked once at this door: what is behind it assumes clean operations. */
#include "quantum/qrx-circuit-private.h"

#include <math.h>
#include <qrx/qrx-suggest.h>
#include <string.h>

G_DEFINE_FINAL_TYPE (QrxCircuit, qrx_circuit, QRX_TYPE_VALUE)

static void
qrx_circuit_finalize (GObject *object)
{
  QrxCircuit *self = QRX_CIRCUIT (object);

  g_array_unref (self->operations);
  g_array_unref (self->terms);
  G_OBJECT_CLASS (qrx_circuit_parent_class)->finalize (object);
}

static char *
qrx_circuit_describe (QrxValue *value)
{
  QrxCircuit *self = QRX_CIRCUIT (value);

  return g_strdup_printf ("circuit of %u qubits: %u operations, %u inputs, %u weights, %u observables", self->n_qubits,
                          self->operations->len, self->n_inputs, self->n_weights, self->n_observables);
}

static void
qrx_circuit_class_init (QrxCircuitClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_circuit_finalize;
  QRX_VALUE_CLASS (klass)->kind = "circuit";
  QRX_VALUE_CLASS (klass)->describe = qrx_circuit_describe;
}

static void
qrx_circuit_init (QrxCircuit *self)
{
  self->operations = g_array_new (FALSE, TRUE, sizeof (QrxOperation));
  self->terms = g_array_new (FALSE, TRUE, sizeof (QrxObservableTerm));
}

/**
 * qrx_circuit_list_gates:
 *
 * Lists the names of all gates. Rotations are exp(-i t P / 2), `p` is diag(1, exp(i t)), `u3` takes theta, phi, lambda
 * as in OpenQASM 2, and the first wires of a controlled gate are the controls.
 *
 * Returns: (transfer none) (array zero-terminated=1): the names
 */
const char *const *
qrx_circuit_list_gates (void)
{
  return qrx_gate_list_names ();
}

/**
 * qrx_circuit_new:
 * @n_qubits: the number of qubits, 1 to 30
 *
 * Makes a circuit without operations and observables; all qubits start in |0⟩.
 *
 * Returns: (transfer full): the circuit
 */
QrxCircuit *
qrx_circuit_new (guint n_qubits)
{
  QrxCircuit *self;

  g_return_val_if_fail (n_qubits >= 1 && n_qubits <= QRX_CIRCUIT_MAX_QUBITS, NULL);
  self = g_object_new (QRX_TYPE_CIRCUIT, NULL);
  self->n_qubits = n_qubits;
  return self;
}

/**
 * qrx_circuit_dup:
 * @self: a circuit
 *
 * Copies a circuit; the copy is not frozen.
 *
 * Returns: (transfer full): the copy
 */
QrxCircuit *
qrx_circuit_dup (QrxCircuit *self)
{
  QrxCircuit *copy;

  g_return_val_if_fail (QRX_IS_CIRCUIT (self), NULL);
  copy = qrx_circuit_new (self->n_qubits);
  copy->n_inputs = self->n_inputs;
  copy->n_weights = self->n_weights;
  copy->n_observables = self->n_observables;
  g_array_append_vals (copy->operations, self->operations->data, self->operations->len);
  g_array_append_vals (copy->terms, self->terms->data, self->terms->len);
  return copy;
}

static gboolean
check_wires (QrxCircuit *self, const QrxGate *gate, const guint *wires, gsize n_wires, GError **error)
{
  guint index = self->operations->len;

  if (n_wires != gate->n_wires)
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                   "operation %u (%s): %" G_GSIZE_FORMAT " wires given, %u needed", index, gate->name, n_wires,
                   gate->n_wires);
      return FALSE;
    }
  for (gsize i = 0; i < n_wires; i++)
    {
      if (wires[i] >= self->n_qubits)
        {
          g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                       "operation %u (%s): wire %u is out of range; the circuit has wires 0 to %u", index, gate->name,
                       wires[i], self->n_qubits - 1);
          return FALSE;
        }
      for (gsize j = 0; j < i; j++)
        if (wires[i] == wires[j])
          {
            g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                         "operation %u (%s): wire %u is named twice; its wires must differ", index, gate->name,
                         wires[i]);
            return FALSE;
          }
    }
  return TRUE;
}

static gboolean
check_angles (QrxCircuit *self, const QrxGate *gate, const QrxAngle *angles, gsize n_angles, GError **error)
{
  guint index = self->operations->len;

  if (n_angles != gate->n_parameters)
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                   "operation %u (%s): %" G_GSIZE_FORMAT " parameters given, %u needed", index, gate->name, n_angles,
                   gate->n_parameters);
      return FALSE;
    }
  for (gsize i = 0; i < n_angles; i++)
    {
      if (!isfinite (angles[i].scale) || !isfinite (angles[i].offset))
        {
          g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                       "operation %u (%s): parameter %s is not finite", index, gate->name, gate->parameters[i].name);
          return FALSE;
        }
      if (angles[i].index > QRX_ANGLE_MAX_INDEX)
        {
          g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                       "operation %u (%s): parameter %s has index %u; the largest is %d", index, gate->name,
                       gate->parameters[i].name, angles[i].index, QRX_ANGLE_MAX_INDEX);
          return FALSE;
        }
    }
  return TRUE;
}

gboolean
qrx_circuit_append_angles (QrxCircuit *self, const char *gate, const guint *wires, gsize n_wires,
                           const QrxAngle *angles, gsize n_angles, GError **error)
{
  QrxOperation operation = { qrx_gate_find (gate), { 0 }, { { 0, 0, 0, 0 } } };

  if (operation.gate == NULL)
    {
      g_autofree char *hint = qrx_suggest_text (gate, qrx_gate_list_names ());

      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_UNKNOWN, "operation %u: there is no gate \"%s\"%s",
                   self->operations->len, gate, hint);
      return FALSE;
    }
  if (!check_wires (self, operation.gate, wires, n_wires, error) ||
      !check_angles (self, operation.gate, angles, n_angles, error))
    return FALSE;

  memcpy (operation.wires, wires, n_wires * sizeof *wires);
  for (gsize i = 0; i < n_angles; i++)
    {
      operation.angles[i] = angles[i];
      if (angles[i].source == QRX_ANGLE_SOURCE_INPUT)
        self->n_inputs = MAX (self->n_inputs, angles[i].index + 1);
      else if (angles[i].source == QRX_ANGLE_SOURCE_WEIGHT)
        self->n_weights = MAX (self->n_weights, angles[i].index + 1);
    }
  g_array_append_val (self->operations, operation);
  return TRUE;
}

/**
 * qrx_circuit_append:
 * @self: a circuit that is not frozen
 * @gate: the name of a gate, see [func@Circuit.list_gates]
 * @wires: (array length=n_wires): the qubits it acts on, controls first
 * @n_wires: how many
 * @angle: (nullable): the gate's parameter; %NULL if it has none
 * @error: return location for an error
 *
 * Appends an operation of at most one parameter. Fails with %QRX_PIPELINE_ERROR_UNKNOWN or %QRX_PIPELINE_ERROR_VALUE,
 * naming the operation's index, its gate and wire.
 *
 * Returns: whether the operation was appended
 */
gboolean
qrx_circuit_append (QrxCircuit *self, const char *gate, const guint *wires, gsize n_wires, const QrxAngle *angle,
                    GError **error)
{
  g_return_val_if_fail (QRX_IS_CIRCUIT (self) && !qrx_value_is_frozen (QRX_VALUE (self)), FALSE);
  g_return_val_if_fail (gate != NULL && (wires != NULL || n_wires == 0), FALSE);
  return qrx_circuit_append_angles (self, gate, wires, n_wires, angle, angle != NULL ? 1 : 0, error);
}

/**
 * qrx_circuit_append_u3:
 * @self: a circuit that is not frozen
 * @wire: the qubit it acts on
 * @theta: the angle about Y
 * @phi: the angle about Z after it
 * @lambda: the angle about Z before it
 * @error: return location for an error
 *
 * Appends the gate `u3`, the only one of three parameters. Fails with %QRX_PIPELINE_ERROR_VALUE.
 *
 * Returns: whether the operation was appended
 */
gboolean
qrx_circuit_append_u3 (QrxCircuit *self, guint wire, const QrxAngle *theta, const QrxAngle *phi,
                       const QrxAngle *lambda, GError **error)
{
  g_return_val_if_fail (QRX_IS_CIRCUIT (self) && !qrx_value_is_frozen (QRX_VALUE (self)), FALSE);
  g_return_val_if_fail (theta != NULL && phi != NULL && lambda != NULL, FALSE);
  return qrx_circuit_append_angles (self, "u3", &wire, 1, (const QrxAngle[]){ *theta, *phi, *lambda }, 3, error);
}

static gboolean
append_term (QrxCircuit *self, guint observable, const char *pauli, double coefficient, GError **error)
{
  QrxObservableTerm term = { observable, coefficient, 0, 0 };
  guint at;

  if (!qrx_pauli_parse (pauli, self->n_qubits, &term.x, &term.z))
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                   "observable %u: \"%s\" is not a Pauli string of %u letters I, X, Y, Z, one for each qubit",
                   observable, pauli, self->n_qubits);
      return FALSE;
    }
  if (!isfinite (coefficient))
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                   "observable %u: the coefficient of \"%s\" is not finite", observable, pauli);
      return FALSE;
    }
  for (at = self->terms->len; at > 0; at--)
    if (g_array_index (self->terms, QrxObservableTerm, at - 1).observable <= observable)
      break;
  g_array_insert_val (self->terms, at, term);
  return TRUE;
}

/**
 * qrx_circuit_add_observable:
 * @self: a circuit that is not frozen
 * @pauli: a Pauli string such as "ZIX", wire 0 first, one letter for each qubit
 * @coefficient: what multiplies it, usually 1
 * @error: return location for an error
 *
 * Adds an observable that is one weighted Pauli string. Fails with %QRX_PIPELINE_ERROR_VALUE.
 *
 * Returns: whether it was added
 */
gboolean
qrx_circuit_add_observable (QrxCircuit *self, const char *pauli, double coefficient, GError **error)
{
  g_return_val_if_fail (QRX_IS_CIRCUIT (self) && !qrx_value_is_frozen (QRX_VALUE (self)), FALSE);
  g_return_val_if_fail (pauli != NULL, FALSE);

  if (!append_term (self, self->n_observables, pauli, coefficient, error))
    return FALSE;
  self->n_observables++;
  return TRUE;
}

/**
 * qrx_circuit_add_observable_term:
 * @self: a circuit that is not frozen
 * @observable: the index of an observable that was added
 * @pauli: a Pauli string, wire 0 first, one letter for each qubit
 * @coefficient: what multiplies it
 * @error: return location for an error
 *
 * Adds a weighted Pauli string to an observable. Fails with %QRX_PIPELINE_ERROR_VALUE.
 *
 * Returns: whether it was added
 */
gboolean
qrx_circuit_add_observable_term (QrxCircuit *self, guint observable, const char *pauli, double coefficient,
                                 GError **error)
{
  g_return_val_if_fail (QRX_IS_CIRCUIT (self) && !qrx_value_is_frozen (QRX_VALUE (self)), FALSE);
  g_return_val_if_fail (pauli != NULL && observable < self->n_observables, FALSE);
  return append_term (self, observable, pauli, coefficient, error);
}

/**
 * qrx_circuit_measure_each_qubit:
 * @self: a circuit that is not frozen
 *
 * Adds the observable Z for each qubit, in their order.
 */
void
qrx_circuit_measure_each_qubit (QrxCircuit *self)
{
  g_return_if_fail (QRX_IS_CIRCUIT (self) && !qrx_value_is_frozen (QRX_VALUE (self)));
  for (guint i = 0; i < self->n_qubits; i++)
    {
      QrxObservableTerm term = { self->n_observables++, 1, 0, (guint32) 1 << (self->n_qubits - 1 - i) };

      g_array_append_val (self->terms, term);
    }
}

/**
 * qrx_circuit_clear_observables:
 * @self: a circuit that is not frozen
 *
 * Removes all observables, so that others can be measured.
 */
void
qrx_circuit_clear_observables (QrxCircuit *self)
{
  g_return_if_fail (QRX_IS_CIRCUIT (self) && !qrx_value_is_frozen (QRX_VALUE (self)));
  g_array_set_size (self->terms, 0);
  self->n_observables = 0;
}

/**
 * qrx_circuit_reserve:
 * @self: a circuit that is not frozen
 * @n_inputs: the number of inputs
 * @n_weights: the number of weights
 * @error: return location for an error
 *
 * Declares inputs and weights beyond the last one that an operation uses; their gradients are zero.
 * Fails with %QRX_PIPELINE_ERROR_VALUE if an operation uses more.
 *
 * Returns: whether the numbers fit
 */
gboolean
qrx_circuit_reserve (QrxCircuit *self, guint n_inputs, guint n_weights, GError **error)
{
  g_return_val_if_fail (QRX_IS_CIRCUIT (self) && !qrx_value_is_frozen (QRX_VALUE (self)), FALSE);

  if (n_inputs < self->n_inputs || n_weights < self->n_weights)
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                   "the circuit uses %u inputs and %u weights; %u and %u were given", self->n_inputs, self->n_weights,
                   n_inputs, n_weights);
      return FALSE;
    }
  if (MAX (n_inputs, n_weights) > QRX_ANGLE_MAX_INDEX + 1u)
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                   "%u inputs and %u weights; there can be %u at most of each", n_inputs, n_weights,
                   QRX_ANGLE_MAX_INDEX + 1u);
      return FALSE;
    }
  self->n_inputs = n_inputs;
  self->n_weights = n_weights;
  return TRUE;
}

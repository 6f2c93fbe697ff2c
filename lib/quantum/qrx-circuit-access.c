/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading a circuit. Changes nothing. */
#include "quantum/qrx-circuit-private.h"

/**
 * qrx_circuit_get_n_qubits:
 * @self: a circuit
 *
 * Returns: the number of qubits
 */
guint
qrx_circuit_get_n_qubits (QrxCircuit *self)
{
  g_return_val_if_fail (QRX_IS_CIRCUIT (self), 0);
  return self->n_qubits;
}

/**
 * qrx_circuit_get_n_operations:
 * @self: a circuit
 *
 * Returns: the number of operations
 */
guint
qrx_circuit_get_n_operations (QrxCircuit *self)
{
  g_return_val_if_fail (QRX_IS_CIRCUIT (self), 0);
  return self->operations->len;
}

/**
 * qrx_circuit_get_n_observables:
 * @self: a circuit
 *
 * Returns: the number of observables
 */
guint
qrx_circuit_get_n_observables (QrxCircuit *self)
{
  g_return_val_if_fail (QRX_IS_CIRCUIT (self), 0);
  return self->n_observables;
}

/**
 * qrx_circuit_get_n_inputs:
 * @self: a circuit
 *
 * Returns: the number of inputs: the largest index that an angle uses plus one, or what was reserved
 */
guint
qrx_circuit_get_n_inputs (QrxCircuit *self)
{
  g_return_val_if_fail (QRX_IS_CIRCUIT (self), 0);
  return self->n_inputs;
}

/**
 * qrx_circuit_get_n_weights:
 * @self: a circuit
 *
 * Returns: the number of weights: the largest index that an angle uses plus one, or what was reserved
 */
guint
qrx_circuit_get_n_weights (QrxCircuit *self)
{
  g_return_val_if_fail (QRX_IS_CIRCUIT (self), 0);
  return self->n_weights;
}

/**
 * qrx_circuit_get_gate:
 * @self: a circuit
 * @operation: the index of an operation
 *
 * Returns: the name of its gate
 */
const char *
qrx_circuit_get_gate (QrxCircuit *self, guint operation)
{
  g_return_val_if_fail (QRX_IS_CIRCUIT (self) && operation < self->operations->len, NULL);
  return g_array_index (self->operations, QrxOperation, operation).gate->name;
}

/**
 * qrx_circuit_get_wires:
 * @self: a circuit
 * @operation: the index of an operation
 * @n_wires: (out): how many wires
 *
 * Returns: (transfer none) (array length=n_wires): the qubits it acts on
 */
const guint *
qrx_circuit_get_wires (QrxCircuit *self, guint operation, gsize *n_wires)
{
  const QrxOperation *at;

  g_return_val_if_fail (QRX_IS_CIRCUIT (self) && operation < self->operations->len, NULL);
  at = &g_array_index (self->operations, QrxOperation, operation);
  *n_wires = at->gate->n_wires;
  return at->wires;
}

/**
 * qrx_circuit_get_n_angles:
 * @self: a circuit
 * @operation: the index of an operation
 *
 * Returns: the number of its parameters
 */
guint
qrx_circuit_get_n_angles (QrxCircuit *self, guint operation)
{
  g_return_val_if_fail (QRX_IS_CIRCUIT (self) && operation < self->operations->len, 0);
  return g_array_index (self->operations, QrxOperation, operation).gate->n_parameters;
}

/**
 * qrx_circuit_get_angle:
 * @self: a circuit
 * @operation: the index of an operation
 * @parameter: the index of one of its parameters
 *
 * Returns: (transfer none): the parameter
 */
const QrxAngle *
qrx_circuit_get_angle (QrxCircuit *self, guint operation, guint parameter)
{
  const QrxOperation *at;

  g_return_val_if_fail (QRX_IS_CIRCUIT (self) && operation < self->operations->len, NULL);
  at = &g_array_index (self->operations, QrxOperation, operation);
  g_return_val_if_fail (parameter < at->gate->n_parameters, NULL);
  return &at->angles[parameter];
}

const QrxOperation *
qrx_circuit_peek_operations (QrxCircuit *self)
{
  return (const QrxOperation *) (gpointer) self->operations->data;
}

const QrxObservableTerm *
qrx_circuit_peek_terms (QrxCircuit *self, guint *n_terms)
{
  *n_terms = self->terms->len;
  return (const QrxObservableTerm *) (gpointer) self->terms->data;
}

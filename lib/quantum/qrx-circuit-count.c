/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How large a circuit is. */
#include "quantum/qrx-circuit-private.h"

/**
 * qrx_circuit_count_gates:
 * @self: a circuit
 * @gate: (nullable): the name of a gate; %NULL counts all
 * @n_wires: how many qubits a gate acts on at least
 *
 * Counts operations.
 *
 * Returns: the number of operations
 */
guint
qrx_circuit_count_gates (QrxCircuit *self, const char *gate, guint n_wires)
{
  guint n = 0;

  g_return_val_if_fail (QRX_IS_CIRCUIT (self), 0);
  for (guint i = 0; i < self->operations->len; i++)
    {
      const QrxGate *found = g_array_index (self->operations, QrxOperation, i).gate;

      n += found->n_wires >= n_wires && (gate == NULL || g_str_equal (found->name, gate));
    }
  return n;
}

/**
 * qrx_circuit_get_depth:
 * @self: a circuit
 * @n_wires: how many qubits a gate acts on at least; others take no time
 *
 * Gets the length of the longest chain of operations of which each waits for the one before.
 *
 * Returns: the depth
 */
guint
qrx_circuit_get_depth (QrxCircuit *self, guint n_wires)
{
  guint ends[QRX_CIRCUIT_MAX_QUBITS] = { 0 }, depth = 0;

  g_return_val_if_fail (QRX_IS_CIRCUIT (self), 0);
  for (guint i = 0; i < self->operations->len; i++)
    {
      const QrxOperation *operation = &g_array_index (self->operations, QrxOperation, i);
      guint end = 0;

      for (guint j = 0; j < operation->gate->n_wires; j++)
        end = MAX (end, ends[operation->wires[j]]);
      end += operation->gate->n_wires >= n_wires;
      for (guint j = 0; j < operation->gate->n_wires; j++)
        ends[operation->wires[j]] = end;
      depth = MAX (depth, end);
    }
  return depth;
}

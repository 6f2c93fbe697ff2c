/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Many settings of a circuit's weights as the rows of one batch. */
#include <qrx/qrx-circuit-opened.h>

#include "quantum/qrx-circuit-private.h"

/**
 * qrx_circuit_with_weights_as_inputs:
 * @self: a circuit
 *
 * Copies a circuit with an input in place of each weight, after the inputs that it has: a batch's rows may then differ
 * in their weights, too, and have a gradient by them each.
 *
 * Returns: (transfer full): the copy, not frozen, without weights
 */
QrxCircuit *
qrx_circuit_with_weights_as_inputs (QrxCircuit *self)
{
  QrxCircuit *opened;

  g_return_val_if_fail (QRX_IS_CIRCUIT (self), NULL);
  opened = qrx_circuit_dup (self);
  for (guint i = 0; i < opened->operations->len; i++)
    {
      QrxOperation *operation = &g_array_index (opened->operations, QrxOperation, i);

      for (guint j = 0; j < operation->gate->n_parameters; j++)
        if (operation->angles[j].source == QRX_ANGLE_SOURCE_WEIGHT)
          {
            operation->angles[j].source = QRX_ANGLE_SOURCE_INPUT;
            operation->angles[j].index += self->n_inputs;
          }
    }
  opened->n_inputs = self->n_inputs + self->n_weights;
  opened->n_weights = 0;
  return opened;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A circuit with numbers in place of its inputs or weights: for formats and programs that have none. */
#include "quantum/qrx-circuit-private.h"

#include <math.h>

static gboolean
check_values (const char *what, QrxTensor *values, guint n, GError **error)
{
  if (values == NULL)
    return TRUE;
  if (qrx_tensor_get_n_elements (values) != n)
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                   "found %" G_GSIZE_FORMAT " %s, expected %u, as many as the circuit has",
                   qrx_tensor_get_n_elements (values), what, n);
      return FALSE;
    }
  for (guint i = 0; i < n; i++)
    if (!isfinite (qrx_tensor_get (values, i)))
      {
        g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                     "%s: number %u is not finite, expected finite numbers", what, i);
        return FALSE;
      }
  return TRUE;
}

static gboolean
bind_angle (QrxAngle *angle, QrxTensor *inputs, QrxTensor *weights)
{
  QrxTensor *values = angle->source == QRX_ANGLE_SOURCE_INPUT    ? inputs
                      : angle->source == QRX_ANGLE_SOURCE_WEIGHT ? weights
                                                                 : NULL;

  if (values != NULL)
    *angle = (QrxAngle){ QRX_ANGLE_SOURCE_CONSTANT, 0, 0,
                         angle->scale * qrx_tensor_get (values, angle->index) + angle->offset };
  return isfinite (angle->offset);
}

/**
 * qrx_circuit_bind:
 * @self: a circuit
 * @inputs: (nullable): as many numbers as the circuit has inputs, in radians; %NULL leaves them as they are
 * @weights: (nullable): as many numbers as the circuit has weights, in radians; %NULL leaves them as they are
 * @error: return location for an error
 *
 * Copies a circuit with numbers in place of inputs, weights or both. Fails with %QRX_PIPELINE_ERROR_VALUE.
 *
 * Returns: (transfer full): the copy, not frozen
 */
QrxCircuit *
qrx_circuit_bind (QrxCircuit *self, QrxTensor *inputs, QrxTensor *weights, GError **error)
{
  g_autoptr (QrxCircuit) bound = NULL;

  g_return_val_if_fail (QRX_IS_CIRCUIT (self), NULL);
  if (!check_values ("inputs", inputs, self->n_inputs, error) || !check_values ("weights", weights, self->n_weights, error))
    return NULL;
  bound = qrx_circuit_dup (self);
  for (guint i = 0; i < bound->operations->len; i++)
    {
      QrxOperation *operation = &g_array_index (bound->operations, QrxOperation, i);

      for (guint j = 0; j < operation->gate->n_parameters; j++)
        if (!bind_angle (&operation->angles[j], inputs, weights))
          {
            g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                         "operation %u (%s): its angle is too large for these values", i, operation->gate->name);
            return NULL;
          }
    }
  bound->n_inputs = inputs != NULL ? 0 : bound->n_inputs;
  bound->n_weights = weights != NULL ? 0 : bound->n_weights;
  return g_steal_pointer (&bound);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The states themselves, a row at a time and gate by gate: the kernels keep theirs in a frame from which the
 * circuit's Clifford gates, and all that no observable sees, are gone. */
#include "quantum/qrx-statevector-states-private.h"

#include <string.h>

#include "quantum/qrx-circuit-private.h"

typedef struct {
  QrxCircuit *circuit;
  QrxTensor *inputs, *weights, *states;
} Work;

static double
angle_of (const Work *work, gsize row, const QrxAngle *angle)
{
  gsize first = row * work->circuit->n_inputs;

  if (angle->source == QRX_ANGLE_SOURCE_INPUT)
    return angle->scale * qrx_tensor_get (work->inputs, first + angle->index) + angle->offset;
  if (angle->source == QRX_ANGLE_SOURCE_WEIGHT)
    return angle->scale * qrx_tensor_get (work->weights, angle->index) + angle->offset;
  return angle->offset;
}

/* A gate's matrix times the amplitudes that its wires alone tell apart, for all settings of the others. */
static void
apply (const double complex *matrix, const gsize *places, gsize n_inner, gsize size, double complex *state)
{
  for (gsize i = 0; i < size; i++)
    {
      double complex old[1 << QRX_GATE_MAX_WIRES];

      if ((i & places[n_inner - 1]) != 0)
        continue;
      for (gsize k = 0; k < n_inner; k++)
        old[k] = state[i | places[k]];
      for (gsize k = 0; k < n_inner; k++)
        {
          double complex sum = 0;

          for (gsize j = 0; j < n_inner; j++)
            sum += matrix[k * n_inner + j] * old[j];
          state[i | places[k]] = sum;
        }
    }
}

static void
run_row (gsize row, gpointer data)
{
  const Work *work = data;
  guint n_qubits = work->circuit->n_qubits;
  gsize size = (gsize) 1 << n_qubits;
  double complex *state = (double complex *) (gpointer) (qrx_tensor_peek_f64 (work->states) + 2 * row * size);

  memset (state, 0, size * sizeof *state);
  state[0] = 1;
  for (guint i = 0; i < work->circuit->operations->len; i++)
    {
      const QrxOperation *operation = &g_array_index (work->circuit->operations, QrxOperation, i);
      double parameters[QRX_GATE_MAX_PARAMETERS] = { 0 };
      double complex matrix[1 << (2 * QRX_GATE_MAX_WIRES)];
      guint n_wires = operation->gate->n_wires;
      gsize places[1 << QRX_GATE_MAX_WIRES] = { 0 };

      for (guint p = 0; p < operation->gate->n_parameters; p++)
        parameters[p] = angle_of (work, row, &operation->angles[p]);
      qrx_gate_get_matrix (operation->gate, parameters, matrix);
      for (gsize k = 0; k < (gsize) 1 << n_wires; k++)
        for (guint w = 0; w < n_wires; w++)
          if (k >> (n_wires - 1 - w) & 1)
            places[k] |= (gsize) 1 << (n_qubits - 1 - operation->wires[w]);
      apply (matrix, places, (gsize) 1 << n_wires, size, state);
    }
}

gboolean
qrx_statevector_states (QrxBackend *backend G_GNUC_UNUSED, QrxProgram *program, QrxTensor *inputs, QrxTensor *weights,
                        QrxTensor *states, QrxPool *pool, GError **error G_GNUC_UNUSED)
{
  Work work = { qrx_program_get_circuit (program), inputs, weights, states };

  qrx_pool_run (pool, qrx_tensor_get_rows (inputs), run_row, &work);
  return TRUE;
}

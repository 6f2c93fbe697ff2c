/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tells whether a gate that a program defines is the one of the table with its name, by comparing their matrices: so that
 * rxx is read as rxx, in whichever terms it was written. */
#include <complex.h>
#include <math.h>
#include <string.h>

#include "quantum/qrx-qasm-meaning-private.h"

#define MAX_SIZE (1 << QRX_GATE_MAX_WIRES)
/* Rounding of some dozen operations; two different gates differ by far more at one of the parameters. */
#define TOLERANCE 1e-12
/* A body with more than this is no definition of a gate of the table. */
#define MAX_OPERATIONS 200

/* Multiplies by an operation from the left. Wire 0 is the highest bit. */
static void
multiply (const QrxOperation *operation, guint n_wires, double complex *matrix)
{
  guint size = 1u << n_wires, n = operation->gate->n_wires;
  double parameters[QRX_GATE_MAX_PARAMETERS] = { 0 };
  double complex gate[MAX_SIZE * MAX_SIZE], column[MAX_SIZE];

  for (guint i = 0; i < operation->gate->n_parameters; i++)
    parameters[i] = operation->angles[i].offset;
  qrx_gate_get_matrix (operation->gate, parameters, gate);
  for (guint c = 0; c < size; c++)
    {
      memset (column, 0, sizeof column);
      for (guint r = 0; r < size; r++)
        {
          guint from = 0;

          for (guint w = 0; w < n; w++)
            from |= (r >> (n_wires - 1 - operation->wires[w]) & 1) << (n - 1 - w);
          for (guint to = 0; to < 1u << n; to++)
            {
              guint row = r;

              for (guint w = 0; w < n; w++)
                {
                  guint bit = n_wires - 1 - operation->wires[w];

                  row = (row & ~(1u << bit)) | (to >> (n - 1 - w) & 1) << bit;
                }
              column[row] += gate[to * (1u << n) + from] * matrix[r * size + c];
            }
        }
      for (guint r = 0; r < size; r++)
        matrix[r * size + c] = column[r];
    }
}

static gboolean
compare (const double complex *a, const double complex *b, guint n, gboolean up_to_phase)
{
  double complex phase = 1;
  double largest = 0;

  for (guint i = 0; up_to_phase && i < n; i++)
    if (cabs (b[i]) > largest)
      {
        largest = cabs (b[i]);
        phase = a[i] / b[i];
      }
  if (!(fabs (cabs (phase) - 1) <= TOLERANCE))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!(cabs (a[i] - phase * b[i]) <= TOLERANCE))
      return FALSE;
  return TRUE;
}

static gboolean
agrees_at (QrxQasmMachine *self, const QrxQasmGate *gate, const QrxGate *native, const double *parameters)
{
  static const QrxQasmControls none = { 0 };
  static const guint wires[QRX_GATE_MAX_WIRES] = { 0, 1, 2 };
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new (native->n_wires);
  g_autoptr (GError) error = NULL;
  QrxQasmMachine machine = *self;
  QrxQasmValue values[QRX_GATE_MAX_PARAMETERS] = { 0 };
  double complex found[MAX_SIZE * MAX_SIZE] = { 0 }, expected[MAX_SIZE * MAX_SIZE];
  guint size = 1u << native->n_wires;

  machine.emitter = (QrxQasmEmitter){ circuit, QRX_QASM_MAX_CALLS - MAX_OPERATIONS, 0 };
  machine.context.error = &error;
  machine.measured = 0;
  for (guint i = 0; i < native->n_parameters; i++)
    values[i].constant = parameters[i];
  if (!qrx_qasm_call_gate (&machine, gate, values, wires, &none, FALSE))
    return FALSE;
  for (guint i = 0; i < size; i++)
    found[i * size + i] = cexp (I * machine.emitter.phase);
  for (guint i = 0; i < circuit->operations->len; i++)
    multiply (&g_array_index (circuit->operations, QrxOperation, i), native->n_wires, found);
  qrx_gate_get_matrix (native, parameters, expected);
  return compare (found, expected, size * size, self->context.version == 2);
}

const QrxGate *
qrx_qasm_find_native (QrxQasmMachine *self, const QrxQasmGate *gate, const char *name)
{
  static const double parameters[][QRX_GATE_MAX_PARAMETERS] = { { 0.7, -1.9, 2.6 }, { 4.1, 0.3, -5.2 } };
  const QrxGate *native = qrx_gate_find (name);

  if (native == NULL || native->n_wires != gate->statement->qubits->len ||
      native->n_parameters != gate->statement->parameters->len)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (parameters); i++)
    if (!agrees_at (self, gate, native, parameters[i]))
      return NULL;
  return native;
}

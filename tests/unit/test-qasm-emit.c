/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every gate of the table under up to three further controls, and inverted, against its matrix in a block of the
 * identity; phases included, since a control makes them visible. */
#include <complex.h>
#include <math.h>
#include <string.h>

#include "quantum/qrx-qasm-meaning-private.h"

#define MAX_SIZE 64
/* Rounding of some thousand operations. */
#define TOLERANCE 1e-12

typedef struct {
  guint size;
  double complex entries[MAX_SIZE * MAX_SIZE];
} Matrix;

/* The gate on these wires of n, times what there is; wire 0 is the highest bit. */
static void
multiply (Matrix *self, guint n, const double complex *gate, const guint *wires, guint n_wires)
{
  g_autofree Matrix *from = g_memdup2 (self, sizeof *self);

  memset (self->entries, 0, sizeof self->entries);
  for (guint r = 0; r < self->size; r++)
    for (guint inner = 0; inner < 1u << n_wires; inner++)
      {
        guint row = r, outer = 0;

        for (guint w = 0; w < n_wires; w++)
          {
            guint bit = n - 1 - wires[w];

            outer = outer << 1 | (r >> bit & 1);
            row = (row & ~(1u << bit)) | (inner >> (n_wires - 1 - w) & 1) << bit;
          }
        for (guint c = 0; c < self->size; c++)
          self->entries[r * self->size + c] += gate[outer * (1u << n_wires) + inner] * from->entries[row * self->size + c];
      }
}

static void
assert_matrix (const QrxGate *gate, guint n_controls, gboolean inverse)
{
  static const double parameters[QRX_GATE_MAX_PARAMETERS] = { 0.7, -1.9, 2.6 };
  guint n = gate->n_wires + n_controls, size = 1u << gate->n_wires, first;
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new (n);
  QrxQasmEmitter emitter = { circuit, 0, 0 };
  QrxQasmControls controls = { n_controls, { 0 } };
  QrxQasmValue values[QRX_GATE_MAX_PARAMETERS] = { 0 };
  g_autofree Matrix *found = g_new0 (Matrix, 1);
  double complex expected[64], actual[64];
  guint wires[QRX_GATE_MAX_WIRES];
  gboolean done;

  /* The last wires are the controls, so that no order of wires is taken for granted. */
  for (guint i = 0; i < gate->n_wires; i++)
    wires[i] = i;
  for (guint i = 0; i < n_controls; i++)
    controls.wires[i] = n - 1 - i;
  for (guint i = 0; i < gate->n_parameters; i++)
    values[i].constant = parameters[i];
  done = qrx_qasm_emit (&emitter, gate, values, wires, &controls, inverse);
  g_assert_true (done);

  found->size = 1u << n;
  for (guint i = 0; i < found->size; i++)
    found->entries[i * found->size + i] = cexp (I * emitter.phase);
  for (guint i = 0; i < qrx_circuit_get_n_operations (circuit); i++)
    {
      const QrxOperation *operation = qrx_circuit_peek_operations (circuit) + i;
      double offsets[QRX_GATE_MAX_PARAMETERS];

      for (guint j = 0; j < QRX_GATE_MAX_PARAMETERS; j++)
        offsets[j] = operation->angles[j].offset;
      qrx_gate_get_matrix (operation->gate, offsets, actual);
      multiply (found, n, actual, operation->wires, operation->gate->n_wires);
    }
  qrx_gate_get_matrix (gate, parameters, expected);
  first = (1u << n_controls) - 1;
  for (guint r = 0; r < found->size; r++)
    for (guint c = 0; c < found->size; c++)
      {
        guint row = r >> n_controls, column = c >> n_controls;
        double complex wanted = r == c;

        if ((r & first) == first && (c & first) == first)
          wanted = inverse ? conj (expected[column * size + row]) : expected[row * size + column];
        else if ((r & first) != (c & first))
          wanted = 0;
        if (!(cabs (found->entries[r * found->size + c] - wanted) <= TOLERANCE))
          g_error ("%s, %u controls, inverse %d: entry %u, %u is off by %g", gate->name, n_controls, inverse, r, c,
                   cabs (found->entries[r * found->size + c] - wanted));
      }
}

static void
test_gates_under_controls_are_blocks_of_the_identity (void)
{
  for (const char *const *name = qrx_gate_list_names (); *name != NULL; name++)
    for (guint n_controls = 0; n_controls <= 3; n_controls++)
      for (guint inverse = 0; inverse <= 1; inverse++)
        assert_matrix (qrx_gate_find (*name), n_controls, inverse != 0);
}

static void
test_a_phase_under_controls_is_one_of_all_ones (void)
{
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new (3);
  QrxQasmEmitter emitter = { circuit, 0, 0 };
  const QrxQasmControls none = { 0, { 0 } }, one = { 1, { 2 } };
  QrxQasmValue value = { 0 };

  value.constant = 0.4;
  g_assert_true (qrx_qasm_emit_phase (&emitter, &value, &none, FALSE));
  g_assert_cmpfloat (emitter.phase, ==, 0.4);
  g_assert_true (qrx_qasm_emit_phase (&emitter, &value, &none, TRUE));
  g_assert_cmpfloat (emitter.phase, ==, 0);
  g_assert_cmpuint (qrx_circuit_get_n_operations (circuit), ==, 0);
  g_assert_true (qrx_qasm_emit_phase (&emitter, &value, &one, TRUE));
  g_assert_cmpstr (qrx_circuit_get_gate (circuit, 0), ==, "p");
  g_assert_cmpfloat (qrx_angle_get_offset (qrx_circuit_get_angle (circuit, 0, 0)), ==, -0.4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/qasm-emit/controls", test_gates_under_controls_are_blocks_of_the_identity);
  g_test_add_func ("/qasm-emit/phase", test_a_phase_under_controls_is_one_of_all_ones);
  return g_test_run ();
}

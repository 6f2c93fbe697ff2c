/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small states and halves of states, which sweeps go through together: each row as if it were alone, whatever the size of the
 * batch. */
#include <qrx/qrx-statevector-backend.h>

#include "quantum/qrx-program-private.h"
#include "circuit-batch.h"
#include "random-circuit.h"

static void
append_rotation (QrxCircuit *circuit, GRand *rand, QrxAngle angle)
{
  const char *const names[] = { "rx", "ry", "rz" };
  guint wire = (guint) g_rand_int_range (rand, 0, (gint) qrx_circuit_get_n_qubits (circuit));
  gboolean done = qrx_circuit_append_angles (circuit, names[g_rand_int_range (rand, 0, 3)], &wire, 1, &angle, 1, NULL);

  g_assert_true (done);
}

/* Rotations about any axes, those by inputs among the others in any order; then entanglers without inputs. */
static QrxCircuit *
random_chains (GRand *rand, guint n_qubits)
{
  QrxCircuit *circuit = qrx_circuit_new (n_qubits);

  for (guint i = 0; i < 5 * n_qubits; i++)
    append_rotation (circuit, rand, random_angle (rand, n_qubits));
  for (guint i = 0; i < 3 * n_qubits; i++)
    {
      guint wires[] = { i % n_qubits, (i + 1) % n_qubits };

      if (n_qubits > 1)
        g_assert_true (qrx_circuit_append_angles (circuit, i % 2 == 0 ? "cx" : "cz", wires, 2, NULL, 0, NULL));
      append_rotation (circuit, rand,
                       (QrxAngle){ QRX_ANGLE_SOURCE_WEIGHT, (guint) g_rand_int_range (rand, 0, 8), 1, 0 });
    }
  add_random_observables (circuit, rand);
  g_assert_true (qrx_circuit_reserve (circuit, n_qubits, 9, NULL));
  return circuit;
}

/* A circuit whose inputs come before its entanglers, as teams ask for, or any; its observables each qubit's Z, or any. */
static QrxCircuit *
choose_circuit (GRand *rand, guint i)
{
  const char *const *layouts = qrx_layout_list_names (), *encodings[] = { "rx", "ry", "ry-rz" };
  guint n_qubits = 1 + i % 7, layout = i / 7 % g_strv_length ((char **) layouts);
  QrxCircuit *circuit;

  if (i % 2 == 0)
    {
      circuit =
          qrx_circuit_new_from_layout_full (encodings[i / 2 % 3], layouts[layout], "layout", n_qubits, 2, 0, NULL);
      g_assert_nonnull (circuit);
      return circuit;
    }
  if (i % 5 < 3)
    return random_chains (rand, n_qubits);
  return i % 5 == 3 ? random_layers (rand, n_qubits) : random_circuit (rand, n_qubits, 30);
}

static void
copy_row (QrxTensor *to, gsize to_row, QrxTensor *from, gsize from_row)
{
  for (gsize c = 0, n = qrx_tensor_get_columns (to); c < n; c++)
    qrx_tensor_set (to, to_row * n + c, qrx_tensor_get (from, from_row * n + c));
}

/* Row by row; bits are the same, and only the sum over rows is rounded otherwise. */
static void
run_alone (QrxBackend *backend, QrxProgram *program, Batch *batch, QrxCircuit *circuit, GRand *rand)
{
  Batch one;

  qrx_tensor_fill (batch->grad_weights, 0);
  batch_init (&one, circuit, rand, 1);
  qrx_tensor_copy_from (one.weights, batch->weights);
  for (gsize r = 0; r < qrx_tensor_get_rows (batch->inputs); r++)
    {
      copy_row (one.inputs, 0, batch->inputs, r);
      copy_row (one.cotangents, 0, batch->cotangents, r);
      run (backend, program, &one, NULL);
      copy_row (batch->expectations, r, one.expectations, 0);
      copy_row (batch->grad_inputs, r, one.grad_inputs, 0);
      for (gsize i = 0; i < qrx_tensor_get_n_elements (one.grad_weights); i++)
        qrx_tensor_set (batch->grad_weights, i,
                        qrx_tensor_get (batch->grad_weights, i) + qrx_tensor_get (one.grad_weights, i));
    }
  batch_clear (&one);
}

static void
test_rows_are_what_they_are_alone (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (83);
  const char *const *levels = qrx_statevector_backend_list_kernel_levels ();
  guint n_cut = 0;

  for (guint i = 0; i < count_circuits (420); i++)
    {
      g_autoptr (QrxCircuit) circuit = choose_circuit (rand, i);
      QrxPasses passes = (QrxPasses[]){ QRX_PASS_ALL, 0, QRX_PASS_ALL | QRX_PASS_HALVES_SOON }[i % 3];
      g_autoptr (QrxProgram) program = qrx_program_compile_with (circuit, passes, NULL);
      g_autoptr (QrxBackend) backend =
          qrx_statevector_backend_new_for_level (levels[i % g_strv_length ((char **) levels)], NULL);
      gsize n_rows = (gsize) g_rand_int_range (rand, 1, 70),
            room = i % 2 == 0 ? 0 : (gsize) g_rand_int_range (rand, 0, 40);
      Batch alone, together;

      n_cut += program->seam != NULL;
      batch_init (&alone, circuit, rand, n_rows);
      if (i % 4 == 3) /* an angle whose sine takes a way of its own, and no other row's with it */
        qrx_tensor_set (alone.inputs, (gsize) g_rand_int_range (rand, 0, (gint) qrx_tensor_get_n_elements (alone.inputs)),
                        3e6);
      batch_dup (&together, &alone);
      run_alone (backend, program, &alone, circuit, rand);
      run_with_room (backend, program, n_rows + room, &together, NULL);
      g_assert_cmpfloat (distance (alone.expectations, together.expectations), ==, 0);
      g_assert_cmpfloat (distance (alone.grad_inputs, together.grad_inputs), ==, 0);
      g_assert_cmpfloat (distance (alone.grad_weights, together.grad_weights), <=, 1000 * TOLERANCE);
      batch_clear (&alone);
      batch_clear (&together);
    }
  g_assert_cmpuint (n_cut, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/teams/rows-are-what-they-are-alone", test_rows_are_what_they_are_alone);
  return g_test_run ();
}

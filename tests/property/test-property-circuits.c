/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Random circuits of all gates: the compiled program on the fast kernels against plain dense algebra. */
#include <math.h>
#include <qrx/qrx-reference-backend.h>
#include <qrx/qrx-statevector-backend.h>
#include <string.h>

#include "quantum/qrx-program-private.h"
#include "circuit-levels.h"
#include "random-circuit.h"

static void
test_statevector_agrees_with_dense_algebra (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261123);
  g_autoptr (QrxBackend) reference = qrx_reference_backend_new ();

  for (guint i = 0; i < count_circuits (USUAL_CIRCUITS); i++)
    {
      guint n_qubits = 1 + i % 8;
      g_autoptr (QrxCircuit) circuit = i / 8 % 4 == 3
                                         ? random_layers (rand, n_qubits)
                                         : random_circuit (rand, n_qubits, (guint) g_rand_int_range (rand, 0, 40));
      g_autoptr (QrxProgram) program = qrx_program_compile (circuit, NULL);
      Batch expected;

      batch_init (&expected, circuit, rand, n_qubits < 4 ? N_ROWS : n_qubits < 7 ? 2 : 1);
      run (reference, program, &expected, NULL);
      assert_levels_near (program, &expected, TOLERANCE);
      batch_clear (&expected);
    }
}

/* Each pass alone off, each alone on, none. */
static void
test_passes_change_nothing (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (31);
  g_autoptr (QrxBackend) backend = qrx_statevector_backend_new ();

  for (guint i = 0; i < count_circuits (60); i++)
    {
      g_autoptr (QrxCircuit) circuit = random_circuit (rand, 1 + i % 8, (guint) g_rand_int_range (rand, 5, 50));
      g_autoptr (QrxProgram) all = qrx_program_compile (circuit, NULL);
      Batch expected;

      batch_init (&expected, circuit, rand, N_ROWS);
      run (backend, all, &expected, NULL);
      for (guint p = 0; p <= 2 * QRX_N_PASSES; p++)
        {
          guint one = 1u << p % QRX_N_PASSES;
          QrxPasses passes = (QrxPasses) (p == 2 * QRX_N_PASSES ? 0 : p < QRX_N_PASSES ? QRX_PASS_ALL ^ one : one);
          g_autoptr (QrxProgram) program = qrx_program_compile_with (circuit, passes, NULL);
          Batch found;

          batch_dup (&found, &expected);
          run (backend, program, &found, NULL);
          assert_near (&found, &expected, TOLERANCE);
          batch_clear (&found);
        }
      batch_clear (&expected);
    }
}

/* States that the first cache does not hold: sweeps on shared blocks and scattered places against rotations one by one. */
static void
test_blocks_of_large_states_agree_with_single_rotations (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (43);
  guint n_joined = 0;

  for (guint i = 0; i < count_circuits (30); i++)
    {
      guint n_qubits = 9 + i % 5;
      g_autoptr (QrxCircuit) circuit = i % 2 == 0 ? random_layers (rand, n_qubits)
                                                  : random_circuit (rand, n_qubits, (guint) g_rand_int_range (rand, 50, 200));
      g_autoptr (QrxProgram) blocks = qrx_program_compile (circuit, NULL);
      g_autoptr (QrxProgram) single = qrx_program_compile_with (circuit, 0, NULL);
      g_autoptr (QrxBackend) first = qrx_statevector_backend_new ();
      Batch expected;

      for (guint s = 0; s < blocks->sweeps->len; s++)
        n_joined += g_array_index (blocks->sweeps, QrxSweep, s).joins ? 1 : 0;
      batch_init (&expected, circuit, rand, N_ROWS);
      run (first, single, &expected, NULL);
      assert_levels_near (blocks, &expected, 10 * TOLERANCE); /* longer circuits than elsewhere */
      batch_clear (&expected);
    }
  g_assert_cmpuint (n_joined, >, 0);
}

/* Few qubits, so that many rotations lie within the lanes, and each level divides amplitudes between lanes and cells
 * in its own way. */
static void
test_amplitudes_in_lanes_agree_with_rows_in_lanes (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (41);

  for (guint i = 0; i < 90; i++)
    {
      guint n_qubits = i < 84 ? 5 + i % 4 : 12;
      g_autoptr (QrxCircuit) circuit = random_circuit (rand, n_qubits, (guint) g_rand_int_range (rand, 5, 50));
      QrxPasses others = i % 3 == 2 ? 0 : QRX_PASS_ALL & ~QRX_PASS_LANES;
      g_autoptr (QrxProgram) rows = qrx_program_compile_with (circuit, others, NULL);
      g_autoptr (QrxProgram) amplitudes =
        qrx_program_compile_with (circuit, others | QRX_PASS_LANES | QRX_PASS_LANES_SOON, NULL);
      g_autoptr (QrxBackend) first = qrx_statevector_backend_new ();
      Batch expected;

      g_assert_cmpuint (amplitudes->n_lane_bits, ==, amplitudes->n_qubits > QRX_LANE_BITS ? QRX_LANE_BITS : 0);
      batch_init (&expected, circuit, rand, N_ROWS);
      run (first, rows, &expected, NULL);
      assert_levels_near (amplitudes, &expected, 10 * TOLERANCE); /* twice as many qubits as elsewhere */
      batch_clear (&expected);
    }
}

/* Long enough that scales of left-out cosines must be taken up on the way, forward and back. */
static void
test_long_circuits_keep_their_scale (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (77);
  g_autoptr (QrxBackend) backend = qrx_statevector_backend_new (), reference = qrx_reference_backend_new ();

  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (QrxCircuit) circuit = random_circuit (rand, 2 + i % 3, 600);
      g_autoptr (QrxProgram) program = qrx_program_compile (circuit, NULL);
      Batch expected, found;

      batch_init (&expected, circuit, rand, N_ROWS);
      batch_dup (&found, &expected);
      run (reference, program, &expected, NULL);
      run (backend, program, &found, NULL);
      assert_near (&found, &expected, 10 * TOLERANCE); /* ten times as many operations */
      batch_clear (&expected);
      batch_clear (&found);
    }
}

static void
assert_same_bits (QrxTensor *a, QrxTensor *b)
{
  g_assert_cmpmem (qrx_tensor_peek (a), qrx_tensor_get_n_elements (a) * sizeof (double), qrx_tensor_peek (b),
                   qrx_tensor_get_n_elements (b) * sizeof (double));
}

static void
test_bits_do_not_depend_on_threads (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  g_autoptr (QrxBackend) backend = qrx_statevector_backend_new ();
  g_autoptr (QrxPool) pool = qrx_pool_new (2);

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (QrxCircuit) circuit = random_circuit (rand, 5, 40);
      QrxPasses passes = QRX_PASS_ALL | (QrxPasses[]){ 0, QRX_PASS_LANES_SOON, QRX_PASS_HALVES_SOON }[i % 3];
      g_autoptr (QrxProgram) program = qrx_program_compile_with (circuit, passes, NULL);
      Batch one, two;

      batch_init (&one, circuit, rand, 101);
      batch_dup (&two, &one);
      run (backend, program, &one, NULL);
      run (backend, program, &two, pool);
      assert_same_bits (one.expectations, two.expectations);
      assert_same_bits (one.grad_inputs, two.grad_inputs);
      assert_same_bits (one.grad_weights, two.grad_weights);
      batch_clear (&one);
      batch_clear (&two);
    }
}

/* Fewer rows than threads, or some left over: all threads then work on a row. */
static void
test_threads_divide_rows_of_large_registers (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (15);
  g_autoptr (QrxPool) two = qrx_pool_new (2), three = qrx_pool_new (3);
  QrxPool *pools[] = { two, three };

  for (guint i = 0; i < 8; i++)
    {
      g_autoptr (QrxBackend) backend =
        i < 4 ? qrx_statevector_backend_new () : qrx_statevector_backend_new_for_level ("baseline", NULL);
      g_autoptr (QrxCircuit) circuit = random_circuit (rand, 14 + i % 4, 120);
      g_autoptr (QrxProgram) program = qrx_program_compile (circuit, NULL);
      Batch one, many;

      g_assert_cmpuint (program->n_lane_bits, >, 0);
      batch_init (&one, circuit, rand, i / 2 % 2 == 0 ? 1 : 7);
      batch_dup (&many, &one);
      run (backend, program, &one, NULL);
      for (guint p = 0; p < G_N_ELEMENTS (pools); p++)
        {
          run (backend, program, &many, pools[p]);
          assert_same_bits (one.expectations, many.expectations);
          assert_same_bits (one.grad_inputs, many.grad_inputs);
          assert_same_bits (one.grad_weights, many.grad_weights);
        }
      batch_clear (&one);
      batch_clear (&many);
    }
}

static void
copy_row (QrxTensor *to, gsize to_row, QrxTensor *from, gsize from_row)
{
  gsize n = qrx_tensor_get_columns (to);

  memcpy (qrx_tensor_peek_f64 (to) + to_row * n, qrx_tensor_peek_f64 (from) + from_row * n, n * sizeof (double));
}

static void
assert_same_row (QrxTensor *a, gsize a_row, QrxTensor *b, gsize b_row)
{
  gsize size = qrx_tensor_get_columns (a) * sizeof (double);

  g_assert_cmpmem ((char *) qrx_tensor_peek (a) + a_row * size, size, (char *) qrx_tensor_peek (b) + b_row * size, size);
}

/* Rows of a large batch against the same rows at other places of a small one. */
static void
test_rows_do_not_see_each_other (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (6);
  g_autoptr (QrxBackend) backend = qrx_statevector_backend_new ();

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (QrxCircuit) circuit = random_circuit (rand, 4 + i % 2, 30);
      QrxPasses passes = QRX_PASS_ALL | (QrxPasses[]){ 0, QRX_PASS_LANES_SOON, QRX_PASS_HALVES_SOON }[i % 3];
      g_autoptr (QrxProgram) program = qrx_program_compile_with (circuit, passes, NULL);
      Batch large, small;

      batch_init (&large, circuit, rand, 21);
      batch_init (&small, circuit, rand, 3);
      qrx_tensor_copy_from (small.weights, large.weights);
      for (gsize r = 0; r < 3; r++)
        {
          copy_row (small.inputs, r, large.inputs, 20 - 9 * r);
          copy_row (small.cotangents, r, large.cotangents, 20 - 9 * r);
        }
      run (backend, program, &large, NULL);
      run (backend, program, &small, NULL);
      for (gsize r = 0; r < 3; r++)
        {
          assert_same_row (small.expectations, r, large.expectations, 20 - 9 * r);
          assert_same_row (small.grad_inputs, r, large.grad_inputs, 20 - 9 * r);
        }
      batch_clear (&large);
      batch_clear (&small);
    }
}

/* For a pure state the squares of the expectations of all 4^n strings sum to 2^n: norm and purity. */
static void
test_norm_is_kept (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (8);
  g_autoptr (QrxBackend) backend = qrx_statevector_backend_new ();

  for (guint i = 0; i < count_circuits (40); i++)
    {
      guint n = 1 + i % 4;
      g_autoptr (QrxCircuit) circuit = random_circuit (rand, n, 60);
      g_autoptr (QrxProgram) program = NULL;
      Batch batch;

      qrx_circuit_clear_observables (circuit);
      for (guint32 s = 0; s < (guint32) 1 << (2 * n); s++)
        {
          g_autofree char *pauli = qrx_pauli_to_string (s >> n, s & (((guint32) 1 << n) - 1), n);

          g_assert_true (qrx_circuit_add_observable (circuit, pauli, 1, NULL));
        }
      program = qrx_program_compile (circuit, NULL);
      batch_init (&batch, circuit, rand, 2);
      run (backend, program, &batch, NULL);
      for (gsize r = 0; r < 2; r++)
        {
          double sum = 0;

          for (gsize s = 0; s < (gsize) 1 << (2 * n); s++)
            sum += pow (qrx_tensor_get (batch.expectations, (r << (2 * n)) + s), 2);
          g_assert_cmpfloat_with_epsilon (sum, (double) (1 << n), 16 * TOLERANCE);
        }
      batch_clear (&batch);
    }
}

/* Forty strings whose letters X and Y have one of two patterns, which Clifford gates would change: many are signed sums of one
 * field. */
static void
test_strings_read_together_agree_with_dense_algebra (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (17);
  g_autoptr (QrxBackend) reference = qrx_reference_backend_new ();
  g_autoptr (QrxBackend) backend = qrx_statevector_backend_new ();

  for (guint i = 0; i < count_circuits (20); i++)
    {
      guint n = 4 + i % 3;
      g_autoptr (QrxCircuit) circuit = random_circuit (rand, n, 30);
      QrxPasses passes = (QRX_PASS_ALL & ~QRX_PASS_CLIFFORDS) | (i % 2 == 0 ? 0 : QRX_PASS_LANES_SOON);
      g_autoptr (QrxProgram) program = NULL;
      Batch expected, found;
      guint n_shared = 0;

      qrx_circuit_clear_observables (circuit);
      for (guint s = 0; s < 40; s++)
        {
          guint32 z = (guint32) g_rand_int_range (rand, 0, 1 << n);
          g_autofree char *pauli = qrx_pauli_to_string (s % 2 == 0 ? 3 : (guint32) 5 << (n - 4), z, n);

          g_assert_true (qrx_circuit_add_observable (circuit, pauli, 1, NULL));
        }
      program = qrx_program_compile_with (circuit, passes, NULL);
      for (guint g = 1; g < program->groups->len; g++)
        n_shared += g_array_index (program->groups, QrxReadoutGroup, g).n_trees > 0;
      g_assert_cmpuint (n_shared, >, 0);
      batch_init (&expected, circuit, rand, 2);
      batch_dup (&found, &expected);
      run (reference, program, &expected, NULL);
      run (backend, program, &found, NULL);
      assert_near (&found, &expected, TOLERANCE);
      batch_clear (&found);
      batch_clear (&expected);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/circuits/statevector-agrees-with-dense-algebra", test_statevector_agrees_with_dense_algebra);
  g_test_add_func ("/circuits/passes-change-nothing", test_passes_change_nothing);
  g_test_add_func ("/circuits/blocks-of-large-states-agree-with-single-rotations",
                   test_blocks_of_large_states_agree_with_single_rotations);
  g_test_add_func ("/circuits/amplitudes-in-lanes-agree-with-rows-in-lanes",
                   test_amplitudes_in_lanes_agree_with_rows_in_lanes);
  g_test_add_func ("/circuits/long-circuits-keep-their-scale", test_long_circuits_keep_their_scale);
  g_test_add_func ("/circuits/bits-do-not-depend-on-threads", test_bits_do_not_depend_on_threads);
  g_test_add_func ("/circuits/threads-divide-rows-of-large-registers", test_threads_divide_rows_of_large_registers);
  g_test_add_func ("/circuits/rows-do-not-see-each-other", test_rows_do_not_see_each_other);
  g_test_add_func ("/circuits/norm-is-kept", test_norm_is_kept);
  g_test_add_func ("/circuits/strings-read-together-agree-with-dense-algebra",
                   test_strings_read_together_agree_with_dense_algebra);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* States of random circuits by the fast backend against dense algebra, and circuits whose weights have become inputs
 * against those that they were. */
#include "quantum/qrx-circuit-private.h"

#include <qrx/qrx-circuit-opened.h>
#include <qrx/qrx-reference-backend.h>
#include <qrx/qrx-statevector-backend.h>

#include "random-circuit.h"

#define N_CIRCUITS 200
#define N_ROWS 3

typedef struct {
  QrxCircuit *circuit;
  QrxProgram *program;
  QrxTensor *inputs, *weights;
} Case;

static void
draw (QrxTensor *tensor, GRand *rand)
{
  for (gsize i = 0; i < qrx_tensor_get_n_elements (tensor); i++)
    qrx_tensor_set (tensor, i, g_rand_double_range (rand, -4, 4));
}

static void
case_init (Case *self, GRand *rand)
{
  gsize n_weights;

  self->circuit = random_circuit (rand, (guint) g_rand_int_range (rand, 1, 6), 12);
  self->program = qrx_program_compile (self->circuit, NULL);
  g_assert_nonnull (self->program);
  n_weights = qrx_circuit_get_n_weights (self->circuit);
  self->inputs = qrx_tensor_new_matrix (QRX_DTYPE_F64, N_ROWS, qrx_circuit_get_n_inputs (self->circuit));
  self->weights = qrx_tensor_new (QRX_DTYPE_F64, &n_weights, 1);
  draw (self->inputs, rand);
  draw (self->weights, rand);
}

static void
case_clear (Case *self)
{
  g_object_unref (self->circuit);
  g_object_unref (self->program);
  g_object_unref (self->inputs);
  g_object_unref (self->weights);
}

static QrxTensor *
make_states (QrxBackend *backend, QrxProgram *program, QrxTensor *inputs, QrxTensor *weights)
{
  guint n_qubits = qrx_circuit_get_n_qubits (qrx_program_get_circuit (program));
  QrxTensor *states = qrx_tensor_new_matrix (QRX_DTYPE_F64, qrx_tensor_get_rows (inputs), (gsize) 2 << n_qubits);
  g_autoptr (GError) error = NULL;

  qrx_backend_states (backend, program, inputs, weights, states, NULL, &error);
  g_assert_no_error (error);
  return states;
}

static void
assert_equal (QrxTensor *a, QrxTensor *b)
{
  g_assert_cmpuint (qrx_tensor_get_n_elements (a), ==, qrx_tensor_get_n_elements (b));
  for (gsize i = 0; i < qrx_tensor_get_n_elements (a); i++) /* a dozen gates of a few roundings each */
    g_assert_cmpfloat_with_epsilon (qrx_tensor_get (a, i), qrx_tensor_get (b, i), 1e-13);
}

static void
test_states_agree_with_dense_algebra (void)
{
  g_autoptr (QrxBackend) fast = qrx_statevector_backend_new (), slow = qrx_reference_backend_new ();
  GRand *rand = g_rand_new_with_seed (20);

  for (guint i = 0; i < N_CIRCUITS; i++)
    {
      g_autoptr (QrxTensor) a = NULL, b = NULL;
      Case c;

      case_init (&c, rand);
      a = make_states (fast, c.program, c.inputs, c.weights);
      b = make_states (slow, c.program, c.inputs, c.weights);
      assert_equal (a, b);
      case_clear (&c);
    }
  g_rand_free (rand);
}

/* Inputs and, behind them, the weights, the same in each row. */
static QrxTensor *
join (QrxTensor *inputs, QrxTensor *weights)
{
  gsize n = qrx_tensor_get_columns (inputs), width = n + qrx_tensor_get_n_elements (weights);
  QrxTensor *rows = qrx_tensor_new_matrix (QRX_DTYPE_F64, N_ROWS, width);

  for (gsize row = 0; row < N_ROWS; row++)
    for (gsize i = 0; i < width; i++)
      qrx_tensor_set (rows, row * width + i,
                      i < n ? qrx_tensor_get (inputs, row * n + i) : qrx_tensor_get (weights, i - n));
  return rows;
}

static void
test_weights_that_have_become_inputs_do_the_same (void)
{
  g_autoptr (QrxBackend) backend = qrx_statevector_backend_new ();
  const gsize none = 0;
  g_autoptr (QrxTensor) no_weights = qrx_tensor_new (QRX_DTYPE_F64, &none, 1);
  GRand *rand = g_rand_new_with_seed (21);

  for (guint i = 0; i < N_CIRCUITS; i++)
    {
      g_autoptr (QrxCircuit) opened = NULL;
      g_autoptr (QrxProgram) program = NULL;
      g_autoptr (QrxTensor) rows = NULL, a = NULL, b = NULL;
      Case c;

      case_init (&c, rand);
      opened = qrx_circuit_with_weights_as_inputs (c.circuit);
      g_assert_cmpuint (qrx_circuit_get_n_weights (opened), ==, 0);
      program = qrx_program_compile (opened, NULL);
      rows = join (c.inputs, c.weights);
      a = make_states (backend, c.program, c.inputs, c.weights);
      b = make_states (backend, program, rows, no_weights);
      assert_equal (a, b);
      case_clear (&c);
    }
  g_rand_free (rand);
}

static void
test_wrong_shapes_and_large_registers_are_refused (void)
{
  g_autoptr (QrxBackend) fast = qrx_statevector_backend_new (), slow = qrx_reference_backend_new ();
  g_autoptr (QrxCircuit) large = qrx_circuit_new (QRX_REFERENCE_BACKEND_MAX_QUBITS + 1);
  g_autoptr (QrxProgram) program = NULL;
  const gsize none = 0;
  g_autoptr (QrxTensor) inputs = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 0);
  g_autoptr (QrxTensor) weights = qrx_tensor_new (QRX_DTYPE_F64, &none, 1);
  g_autoptr (QrxTensor) states =
      qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, (gsize) 4 << QRX_REFERENCE_BACKEND_MAX_QUBITS);
  g_autoptr (QrxTensor) narrow = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 4);
  g_autoptr (GError) shape = NULL, size = NULL;

  qrx_circuit_measure_each_qubit (large);
  program = qrx_program_compile (large, NULL);
  g_assert_false (qrx_backend_states (fast, program, inputs, weights, narrow, NULL, &shape));
  g_assert_error (shape, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
  g_assert_false (qrx_backend_states (slow, program, inputs, weights, states, NULL, &size));
  g_assert_error (size, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES);
  g_assert_true (qrx_backend_states (fast, program, inputs, weights, states, NULL, NULL));
  g_assert_cmpfloat (qrx_tensor_get (states, 0), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/property/states/dense", test_states_agree_with_dense_algebra);
  g_test_add_func ("/property/states/opened", test_weights_that_have_become_inputs_do_the_same);
  g_test_add_func ("/property/states/faults", test_wrong_shapes_and_large_registers_are_refused);
  return g_test_run ();
}

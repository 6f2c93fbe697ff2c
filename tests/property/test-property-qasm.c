/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What goes out as OpenQASM comes back the same, number for number. */
#include <math.h>
#include <string.h>

#include "quantum/qrx-circuit-private.h"

#define N_CIRCUITS 2000

static double
random_number (GRand *rand)
{
  switch (g_rand_int_range (rand, 0, 5))
    {
    case 0:
      return g_rand_int_range (rand, -5, 6);
    case 1:
      return G_PI / g_rand_int_range (rand, 1, 9);
    case 2:
      return ldexp (g_rand_double_range (rand, -1, 1), g_rand_int_range (rand, -900, 900));
    default:
      return g_rand_double_range (rand, -7, 7);
    }
}

static QrxAngle
random_angle (GRand *rand, gboolean constant)
{
  guint index = (guint) g_rand_int_range (rand, 0, 12);

  switch (constant ? 0 : g_rand_int_range (rand, 0, 4))
    {
    case 0:
      return (QrxAngle){ QRX_ANGLE_SOURCE_CONSTANT, 0, 0, random_number (rand) };
    case 1:
      return (QrxAngle){ QRX_ANGLE_SOURCE_INPUT, index, 1, 0 };
    case 2:
      return (QrxAngle){ QRX_ANGLE_SOURCE_INPUT, index, random_number (rand), random_number (rand) };
    default:
      return (QrxAngle){ QRX_ANGLE_SOURCE_WEIGHT, index, random_number (rand), g_rand_boolean (rand) ? 0 : random_number (rand) };
    }
}

static void
append_random (QrxCircuit *circuit, GRand *rand, gboolean constant)
{
  const char *const *names = qrx_gate_list_names ();
  const QrxGate *gate = qrx_gate_find (names[g_rand_int_range (rand, 0, (gint) g_strv_length ((char **) names))]);
  guint wires[QRX_GATE_MAX_WIRES] = { 0 }, taken = 0;
  QrxAngle angles[QRX_GATE_MAX_PARAMETERS];

  if (gate->n_wires > circuit->n_qubits)
    return;
  for (guint i = 0; i < gate->n_wires;)
    {
      wires[i] = (guint) g_rand_int_range (rand, 0, (gint) circuit->n_qubits);
      if ((taken >> wires[i] & 1) == 0)
        taken |= 1u << wires[i++];
    }
  for (guint i = 0; i < gate->n_parameters; i++)
    angles[i] = random_angle (rand, constant);
  g_assert_true (
    qrx_circuit_append_angles (circuit, gate->name, wires, gate->n_wires, angles, gate->n_parameters, NULL));
}

static QrxCircuit *
random_circuit (GRand *rand, gboolean constant)
{
  QrxCircuit *circuit = qrx_circuit_new ((guint) g_rand_int_range (rand, 1, 7));
  char pauli[8] = { 0 };

  for (gint n = g_rand_int_range (rand, 0, 25); n > 0; n--)
    append_random (circuit, rand, constant);
  if (!constant && g_rand_boolean (rand))
    g_assert_true (qrx_circuit_reserve (circuit, 13, 12, NULL));
  if (g_rand_boolean (rand))
    qrx_circuit_measure_each_qubit (circuit);
  for (gint n = g_rand_int_range (rand, 0, 3); n > 0; n--)
    for (gint m = g_rand_int_range (rand, 1, 4), first = m; m > 0; m--)
      {
        double coefficient = g_rand_boolean (rand) ? 1 : random_number (rand);

        for (guint q = 0; q < circuit->n_qubits; q++)
          pauli[q] = "IXYZ"[g_rand_int_range (rand, 0, 4)];
        g_assert_true (m == first
                         ? qrx_circuit_add_observable (circuit, pauli, coefficient, NULL)
                         : qrx_circuit_add_observable_term (circuit, circuit->n_observables - 1, pauli, coefficient, NULL));
      }
  return circuit;
}

static void
assert_same (QrxCircuit *a, QrxCircuit *b, const char *text)
{
  guint n_terms, n_other;
  const QrxObservableTerm *terms = qrx_circuit_peek_terms (a, &n_terms), *others = qrx_circuit_peek_terms (b, &n_other);

  g_assert_cmpuint (a->n_qubits, ==, b->n_qubits);
  g_assert_cmpuint (a->n_inputs, ==, b->n_inputs);
  g_assert_cmpuint (a->n_weights, ==, b->n_weights);
  g_assert_cmpuint (a->n_observables, ==, b->n_observables);
  g_assert_cmpuint (n_terms, ==, n_other);
  g_assert_cmpuint (a->operations->len, ==, b->operations->len);
  for (guint i = 0; i < n_terms; i++)
    g_assert_true (terms[i].observable == others[i].observable && terms[i].coefficient == others[i].coefficient &&
                   terms[i].x == others[i].x && terms[i].z == others[i].z);
  for (guint i = 0; i < a->operations->len; i++)
    {
      const QrxOperation *p = qrx_circuit_peek_operations (a) + i, *q = qrx_circuit_peek_operations (b) + i;

      g_assert_true (p->gate == q->gate);
      for (guint w = 0; w < p->gate->n_wires; w++)
        g_assert_cmpuint (p->wires[w], ==, q->wires[w]);
      for (guint k = 0; k < p->gate->n_parameters; k++)
        if (p->angles[k].source != q->angles[k].source || p->angles[k].index != q->angles[k].index ||
            p->angles[k].scale != q->angles[k].scale || p->angles[k].offset != q->angles[k].offset)
          g_error ("operation %u differs after a round trip:\n%s", i, text);
    }
}

static void
test_version_3_comes_back_the_same (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);

  for (guint i = 0; i < N_CIRCUITS; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (QrxCircuit) circuit = random_circuit (rand, FALSE);
      g_autofree char *text = qrx_circuit_to_qasm (circuit, 3, &error), *twice = NULL;
      g_autoptr (QrxCircuit) again = qrx_circuit_new_from_text (text, -1, &error);

      g_assert_no_error (error);
      assert_same (circuit, again, text);
      twice = qrx_circuit_to_qasm (again, 3, NULL);
      g_assert_cmpstr (text, ==, twice);
    }
}

static void
test_version_2_comes_back_the_same (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);

  for (guint i = 0; i < N_CIRCUITS; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (QrxCircuit) circuit = random_circuit (rand, TRUE);
      g_autofree char *text = qrx_circuit_to_qasm (circuit, 2, &error);
      g_autoptr (QrxCircuit) again = qrx_circuit_new_from_text (text, -1, &error);

      g_assert_no_error (error);
      assert_same (circuit, again, text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/property/qasm/version-3", test_version_3_comes_back_the_same);
  g_test_add_func ("/property/qasm/version-2", test_version_2_comes_back_the_same);
  return g_test_run ();
}

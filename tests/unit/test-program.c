/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qrx/qrx-layout.h>

#include <string.h>

#include "quantum/qrx-program-private.h"

static QrxProgram *
compile (const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_json (json, -1, &error);
  QrxProgram *program;

  g_assert_no_error (error);
  program = qrx_program_compile (circuit, &error);
  g_assert_no_error (error);
  return program;
}

static void
test_clifford_gates_cost_nothing (void)
{
  g_autoptr (QrxProgram) program =
    compile ("{\"qubits\": 3, \"ops\": [{\"gate\": \"h\", \"wires\": [0]}, {\"gate\": \"cx\", \"wires\": [0, 1]},"
             "{\"gate\": \"sx\", \"wires\": [2]}, {\"gate\": \"swap\", \"wires\": [1, 2]}, {\"gate\": \"cy\", \"wires\": [2, 0]},"
             "{\"gate\": \"rx\", \"wires\": [1], \"params\": [{\"value\": 4.71238898038469}]}],"
             "\"observables\": [\"XYZ\"]}");

  g_assert_cmpuint (program->rotations->len, ==, 0);
  g_assert_cmpuint (program->layers->len, ==, 0);
}

/* The second layer's RZs after RY commute with Z on each qubit and through the ring. */
static void
test_rotations_that_no_observable_sees_are_dropped (void)
{
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_layout ("ry", "ring-entangling", 4, 2, FALSE, NULL);
  g_autoptr (QrxProgram) program = qrx_program_compile (circuit, NULL);
  g_autoptr (QrxProgram) whole = qrx_program_compile_with (circuit, QRX_PASS_ALL & ~QRX_PASS_LIGHT_CONE, NULL);

  g_assert_cmpuint (whole->terms->len, ==, 4 + 24);
  g_assert_cmpuint (program->terms->len, ==, 4 + 24 - 4);
}

static void
test_what_precedes_entanglers_stays_a_product (void)
{
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_layout ("ry", "ring-entangling", 5, 3, FALSE, NULL);
  g_autoptr (QrxProgram) program = qrx_program_compile (circuit, NULL);

  g_assert_cmpuint (program->chain[5], ==, 5 * 4); /* RY, then RZ RY RZ */
  g_assert_cmpuint (program->layers->len, ==, 2 * 2); /* five rotations take two sweeps */
  for (guint q = 0; q < 5; q++)
    g_assert_cmpuint (program->chain[q + 1] - program->chain[q], ==, 4);
}

static void
test_turns_around_one_string_are_merged (void)
{
  g_autoptr (QrxProgram) program =
    compile ("{\"qubits\": 2, \"ops\": ["
             "{\"gate\": \"rxx\", \"wires\": [0, 1], \"params\": [{\"weight\": 0}]},"
             "{\"gate\": \"ryy\", \"wires\": [0, 1], \"params\": [{\"weight\": 1}]},"
             "{\"gate\": \"rxx\", \"wires\": [1, 0], \"params\": [{\"weight\": 2, \"offset\": 1}]}],"
             "\"observables\": [\"ZI\"]}");
  const QrxRotation *first = &g_array_index (program->rotations, QrxRotation, 0);

  g_assert_cmpuint (program->rotations->len, ==, 2);
  g_assert_cmpuint (program->layers->len, ==, 2); /* both turn around the same pairs, so not in one sweep */
  g_assert_cmpuint (first->n_terms, ==, 2);
  g_assert_cmpfloat (first->offset, ==, 1);
}

static void
test_layers_commute (void)
{
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_layout ("rz", "hardware-efficient", 6, 5, TRUE, NULL);
  g_autoptr (QrxProgram) program = qrx_program_compile (circuit, NULL);

  g_assert_cmpuint (program->layers->len, >, 0);
  for (guint l = 0; l < program->layers->len; l++)
    {
      const QrxLayer *layer = &g_array_index (program->layers, QrxLayer, l);
      const QrxRotation *rotations = &g_array_index (program->rotations, QrxRotation, layer->first_rotation);

      for (guint i = 0; i < layer->n_rotations; i++)
        for (guint j = 0; j < i; j++)
          g_assert_true (qrx_pauli_commutes (rotations[i].x, rotations[i].z, rotations[j].x, rotations[j].z));
    }
}

/* In a tree's coordinates, bit j of y is the parity of k with mask j, and every k has one y. */
static void
test_trees_straighten_their_masks (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);

  for (guint n = 1; n <= 9; n++)
    {
      g_autoptr (QrxCircuit) circuit = qrx_circuit_new (n);
      g_autoptr (QrxProgram) program = qrx_program_compile (circuit, NULL);
      guint32 masks[40];
      guint members[40], n_members = 0;

      for (guint i = 0; i < 40; i++)
        {
          masks[i] = 1 + (guint32) g_rand_int_range (rand, 0, (1 << n) - 1);
          members[i] = i;
        }
      qrx_pass_add_trees (program, masks, members, 40);
      for (guint t = 0; t < program->trees->len; t++)
        {
          const QrxTree *tree = &g_array_index (program->trees, QrxTree, t);
          g_autofree gboolean *seen = g_new0 (gboolean, (gsize) 1 << n);

          n_members += tree->n_members;
          for (guint32 y = 0; y < (guint32) 1 << n; y++)
            {
              guint32 k = tree->low[y & (((guint32) 1 << tree->n_low) - 1)] ^ tree->high[y >> tree->n_low];

              g_assert_false (seen[k]);
              seen[k] = TRUE;
              for (guint j = 0; j < tree->n_members; j++)
                g_assert_cmpuint (qrx_parity (k & masks[tree->members[j]]), ==, y >> j & 1);
            }
        }
      g_assert_cmpuint (n_members, ==, 40);
    }
}

static void
test_compiling_takes_linear_time (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);
  static const char *const gates[] = { "rx", "ry", "rz", "h", "t", "cx", "cz", "crx" };
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new (20);
  g_autoptr (QrxProgram) program = NULL;
  g_autoptr (QrxAngle) angle = qrx_angle_new_weight (3, 1, 0.1);
  gint64 start;

  for (guint i = 0; i < 100000; i++)
    {
      const char *gate = gates[g_rand_int_range (rand, 0, G_N_ELEMENTS (gates))];
      guint first = (guint) g_rand_int_range (rand, 0, 20), wires[2] = { first, (first + 7) % 20 };

      g_assert_true (qrx_circuit_append (circuit, gate, wires, gate[0] == 'c' ? 2 : 1,
                                         strchr (gate, 'r') != NULL ? angle : NULL, NULL));
    }
  qrx_circuit_measure_each_qubit (circuit);
  start = g_get_monotonic_time ();
  program = qrx_program_compile (circuit, NULL);
  g_test_message ("%.3f s", (double) (g_get_monotonic_time () - start) * 1e-6);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 20 * G_USEC_PER_SEC); /* far from what is quadratic, on any machine */
  g_assert_cmpuint (program->rotations->len, >, 10000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/program/clifford-gates-cost-nothing", test_clifford_gates_cost_nothing);
  g_test_add_func ("/program/rotations-that-no-observable-sees-are-dropped",
                   test_rotations_that_no_observable_sees_are_dropped);
  g_test_add_func ("/program/what-precedes-entanglers-stays-a-product", test_what_precedes_entanglers_stays_a_product);
  g_test_add_func ("/program/turns-around-one-string-are-merged", test_turns_around_one_string_are_merged);
  g_test_add_func ("/program/layers-commute", test_layers_commute);
  g_test_add_func ("/program/trees-straighten-their-masks", test_trees_straighten_their_masks);
  g_test_add_func ("/program/compiling-takes-linear-time", test_compiling_takes_linear_time);
  return g_test_run ();
}

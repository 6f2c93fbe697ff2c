/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qrx/qrx-layout.h>

#include "quantum/qrx-program-private.h"

static guint
count_rotations_in_layers (const QrxProgram *program)
{
  guint n = program->stem != NULL ? count_rotations_in_layers (program->stem) : 0;

  for (guint l = 0; l < program->layers->len; l++)
    n += g_array_index (program->layers, QrxLayer, l).n_rotations;
  return n;
}

/* A ring that is cut in two is cut at two of its links, a line at one; each link that is cut has its qubit 0 or 1. The halves
 * take the second layer's rotations, before the next entangler, and all of the third layer's but those along links that are cut.
 * A ring's see the parity of the other half then, a line's upper half that of the lower one; what comes before that is a stem.
 * Small states have none. */
static void
test_halves_take_what_comes_first (void)
{
  static const struct {
    const char *layout;
    guint n_qubits;
    guint n_branch_bits;
    guint n_seen_bits[2];
    guint n_left; /* rotations */
  } cases[] = {
    { "ring-entangling", 10, 2, { 1, 1 }, 2 }, { "ring-entangling", 12, 2, { 1, 1 }, 2 },
    { "ring-entangling", 16, 2, { 1, 1 }, 2 }, { "sim-2", 10, 1, { 0, 0 }, 1 },
    { "hardware-efficient", 10, 1, { 0, 1 }, 1 },
  };
  g_autoptr (QrxCircuit) small = qrx_circuit_new_from_layout ("ry", "ring-entangling", 4, 3, FALSE, NULL);
  g_autoptr (QrxProgram) plain = qrx_program_compile (small, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint n = cases[i].n_qubits;
      g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_layout ("ry", cases[i].layout, n, 3, FALSE, NULL);
      g_autoptr (QrxProgram) program = qrx_program_compile (circuit, NULL);
      g_autoptr (QrxProgram) whole = qrx_program_compile_with (circuit, QRX_PASS_ALL & ~QRX_PASS_HALVES, NULL);
      guint n_taken = 0;

      g_assert_null (whole->seam);
      g_assert_nonnull (program->seam);
      g_assert_cmpuint (program->seam->n_branch_bits, ==, cases[i].n_branch_bits);
      for (guint h = 0; h < 2; h++)
        {
          g_assert_cmpuint (program->seam->n_bits[h], ==, n / 2);
          g_assert_cmpuint (program->seam->n_seen_bits[h], ==, cases[i].n_seen_bits[h]);
          g_assert_cmpuint (program->seam->halves[h]->n_qubits, ==, n / 2 + cases[i].n_branch_bits + cases[i].n_seen_bits[h]);
          g_assert_cmpuint (program->seam->halves[h]->n_lane_bits, ==, program->n_lane_bits);
          g_assert_cmpint (program->seam->halves[h]->stem != NULL, ==, cases[i].n_seen_bits[h] > 0);
          if (program->seam->halves[h]->stem != NULL)
            {
              g_assert_cmpuint (program->seam->halves[h]->stem->n_lane_bits, ==, program->n_lane_bits);
              g_assert_cmpuint (program->seam->halves[h]->stem->n_qubits, ==, n / 2 + cases[i].n_branch_bits);
              g_assert_cmpuint (program->seam->halves[h]->chain[program->seam->halves[h]->n_qubits], ==, 0);
            }
          n_taken += count_rotations_in_layers (program->seam->halves[h]);
        }
      g_assert_cmpuint (count_rotations_in_layers (program), ==, cases[i].n_left);
      g_assert_cmpuint (n_taken, ==, count_rotations_in_layers (whole) - cases[i].n_left);
      g_assert_cmpuint (program->chain[n], ==, 0);
    }
  g_assert_null (plain->seam);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/halves/take-what-comes-first", test_halves_take_what_comes_first);
  return g_test_run ();
}

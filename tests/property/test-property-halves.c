/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* States that begin as halves against states that do not. */
#include "quantum/qrx-program-private.h"
#include "circuit-levels.h"
#include "random-circuit.h"

/* Whether CZs across the cut make signs. */
static gboolean
is_linked (const QrxSeam *seam)
{
  for (guint h = 0; h < 2; h++)
    for (gsize i = 0; seam->signs[h] != NULL && i < (gsize) 1 << seam->halves[h]->n_qubits; i++)
      if (seam->signs[h][i] < 0)
        return TRUE;
  return FALSE;
}

static guint
count_seeing (const QrxSeam *seam)
{
  return seam->n_seen_bits[0] + seam->n_seen_bits[1];
}

/* Wherever a state can be cut, whatever it costs: cuts of all numbers of branches, halves of all sizes, that see each other
 * or not. */
static void
test_halves_agree_with_whole_states (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (47);
  guint n_cut[3] = { 0 }, n_seeing[3] = { 0 }, n_turned = 0, n_linked = 0, n_in_lanes = 0, n_seeing_in_lanes = 0;
  guint n_stems_turned = 0;

  for (guint i = 0; i < count_circuits (200); i++)
    {
      guint n_qubits = i % 10 == 9 ? 10 + i % 4 / 2 : 2 + i % 7;
      g_autoptr (QrxCircuit) circuit = i % 2 == 0 ? random_layers (rand, n_qubits)
                                                  : random_circuit (rand, n_qubits, (guint) g_rand_int_range (rand, 5, 50));
      QrxPasses others = i % 3 == 2 ? 0 : QRX_PASS_ALL & ~QRX_PASS_HALVES;
      QrxPasses lanes = i % 20 == 9 ? QRX_PASS_LANES | QRX_PASS_LANES_SOON : 0;
      g_autoptr (QrxProgram) whole = qrx_program_compile_with (circuit, others, NULL);
      g_autoptr (QrxProgram) cut =
        qrx_program_compile_with (circuit, others | QRX_PASS_HALVES | QRX_PASS_HALVES_SOON | lanes, NULL);
      g_autoptr (QrxBackend) first = qrx_statevector_backend_new ();
      Batch expected;

      if (cut->seam != NULL)
        {
          n_cut[cut->seam->n_branch_bits]++;
          n_in_lanes += cut->n_lane_bits > 0;
          n_linked += is_linked (cut->seam);
          n_seeing[count_seeing (cut->seam)]++;
          n_seeing_in_lanes += cut->n_lane_bits > 0 && count_seeing (cut->seam) > 0;
          n_turned += cut->seam->halves[0]->layers->len > 0 || cut->seam->halves[1]->layers->len > 0;
          for (guint h = 0; h < 2; h++)
            n_stems_turned += cut->seam->halves[h]->stem != NULL && cut->seam->halves[h]->stem->layers->len > 0;
        }
      batch_init (&expected, circuit, rand, N_ROWS);
      run (first, whole, &expected, NULL);
      assert_levels_near (cut, &expected, 10 * TOLERANCE);
      batch_clear (&expected);
    }
  for (guint n = 0; n < G_N_ELEMENTS (n_cut); n++)
    g_assert_cmpuint (n_cut[n], >, 0);
  for (guint n = 0; n < G_N_ELEMENTS (n_seeing); n++)
    g_assert_cmpuint (n_seeing[n], >, 0);
  g_assert_cmpuint (n_turned, >, 0);
  g_assert_cmpuint (n_in_lanes, >, 0);
  g_assert_cmpuint (n_linked, >, 0);
  g_assert_cmpuint (n_seeing_in_lanes, >, 0);
  g_assert_cmpuint (n_stems_turned, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/halves/agree-with-whole-states", test_halves_agree_with_whole_states);
  return g_test_run ();
}

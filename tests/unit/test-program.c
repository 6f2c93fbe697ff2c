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
               "{\"gate\": \"sx\", \"wires\": [2]}, {\"gate\": \"swap\", \"wires\": [1, 2]}, {\"gate\": \"cy\", "
               "\"wires\": [2, 0]},"
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

  g_assert_cmpuint (whole->input_terms->len, ==, 4);
  g_assert_cmpuint (whole->weight_terms->len, ==, 24);
  g_assert_cmpuint (program->input_terms->len, ==, 4);
  g_assert_cmpuint (program->weight_terms->len, ==, 24 - 4);
}

/* Z on one end of a line of CZs, behind two layers: two neighbours on the way, whatever the length. */
static void
test_qubits_that_no_observable_sees_are_dropped (void)
{
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_layout ("ry", "hardware-efficient", 20, 2, FALSE, NULL);
  g_autoptr (QrxCircuit) short_one = qrx_circuit_new_from_layout ("ry", "hardware-efficient", 4, 2, FALSE, NULL);
  g_autoptr (QrxProgram) program = NULL, short_program = NULL;

  qrx_circuit_clear_observables (circuit);
  qrx_circuit_clear_observables (short_one);
  g_assert_true (qrx_circuit_add_observable (circuit, "ZIIIIIIIIIIIIIIIIIII", 1, NULL));
  g_assert_true (qrx_circuit_add_observable (short_one, "ZIII", 1, NULL));
  program = qrx_program_compile (circuit, NULL);
  short_program = qrx_program_compile (short_one, NULL);
  g_assert_cmpuint (program->n_qubits, <=, 3);
  g_assert_cmpuint (program->n_qubits, ==, short_program->n_qubits);
  g_assert_cmpuint (program->rotations->len, ==, short_program->rotations->len);
}

/* A controlled gate whose control stays |0⟩ does nothing, and what is measured there is certain. */
static void
test_qubits_that_stay_zero_are_dropped (void)
{
  g_autoptr (QrxProgram) program =
      compile ("{\"qubits\": 3, \"ops\": [{\"gate\": \"crx\", \"wires\": [0, 2], \"params\": [{\"weight\": 0}]},"
               "{\"gate\": \"rx\", \"wires\": [1], \"params\": [{\"weight\": 1}]}], \"observables\": [\"ZZI\"]}");

  g_assert_cmpuint (program->n_qubits, ==, 1);
  g_assert_cmpuint (program->rotations->len, ==, 1);
}

typedef struct {
  QrxPasses off;
  const char *what;
  const char *circuit;
  guint (*measure) (const QrxProgram *program);
} PassCase;

static guint
count_rotations (const QrxProgram *program)
{
  return program->rotations->len;
}

static guint
count_qubits (const QrxProgram *program)
{
  return program->n_qubits;
}

static guint
count_in_layers (const QrxProgram *program)
{
  return program->rotations->len - program->chain[program->n_qubits];
}

static guint
count_sweeps (const QrxProgram *program)
{
  return program->sweeps->len;
}

static guint
count_tables (const QrxProgram *program)
{
  return program->n_tables;
}

#define H(wire) "{\"gate\": \"h\", \"wires\": [" wire "]}"
#define RX(wire) "{\"gate\": \"rx\", \"wires\": [" wire "], \"params\": [{\"weight\": 0}]}"
#define RZ(wire) "{\"gate\": \"rz\", \"wires\": [" wire "], \"params\": [{\"weight\": 1}]}"
#define RXX "{\"gate\": \"rxx\", \"wires\": [0, 1], \"params\": [{\"weight\": 2}]}"
#define RZZ "{\"gate\": \"rzz\", \"wires\": [0, 1], \"params\": [{\"weight\": 2}]}"
#define CX "{\"gate\": \"cx\", \"wires\": [0, 1]}"
#define PAIR(operations, observable) "{\"qubits\": 2, \"ops\": [" operations "], \"observables\": [\"" observable "\"]}"

/* Every pass on its own, switched off, leaves more to do of what it is there for. */
static void
test_every_pass_saves_something (void)
{
  static const PassCase cases[] = {
    { QRX_PASS_CLIFFORDS, "CNOTs relabel, and the last ones go into the readout", PAIR (RX ("0") "," CX, "ZZ"),
      count_rotations },
    { QRX_PASS_LIGHT_CONE, "a diagonal before the readout of Z is not seen", PAIR (RX ("0") "," RXX "," RZ ("0"), "ZI"),
      count_rotations },
    { QRX_PASS_LIGHT_CONE, "a qubit that is not seen", PAIR (RX ("0") "," RX ("1"), "ZI"), count_qubits },
    { QRX_PASS_PRODUCT, "rotations before the first entangler", PAIR (RX ("0") "," RX ("1") "," RZZ, "YX"),
      count_in_layers },
    { QRX_PASS_SCHEDULE, "rotations around one string merge", PAIR (RXX "," RXX "," RZ ("0") "," RXX, "YI"),
      count_rotations },
    { QRX_PASS_SCHEDULE, "diagonals that commute share a table",
      PAIR (RXX "," RZZ "," RZ ("0") "," RZ ("1") "," RXX, "YI"), count_tables },
    { QRX_PASS_GROUP, "rotations of different pairs share a sweep",
      PAIR (RX ("0") "," RX ("1") "," RZZ "," RX ("0") "," RX ("1"), "YY"), count_sweeps },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (QrxProgram) all = compile (cases[i].circuit);
      g_autoptr (QrxProgram) without =
          qrx_program_compile_with (qrx_program_get_circuit (all), QRX_PASS_ALL & ~cases[i].off, NULL);

      g_test_message ("%s: %u, and %u without", cases[i].what, cases[i].measure (all), cases[i].measure (without));
      g_assert_cmpuint (cases[i].measure (all), <, cases[i].measure (without));
    }
}

/* What all rows share is worked out once; an input makes a rotation of every row. */
static void
test_rotations_by_weights_are_shared_by_all_rows (void)
{
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_layout ("ry", "sim-14", 4, 2, FALSE, NULL);
  g_autoptr (QrxProgram) program = qrx_program_compile (circuit, NULL);

  g_assert_cmpuint (program->n_row_rotations, ==, 4);
  g_assert_cmpuint (program->n_shared_rotations, ==, program->rotations->len - 4);
}

/* Sixteen amplitudes in the lanes: rotations within them would be shuffles, so the lanes take directions of few. */
static void
test_lanes_take_directions_of_few_rotations (void)
{
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_layout ("ry", "ring-entangling", 14, 3, FALSE, NULL);
  g_autoptr (QrxProgram) program = qrx_program_compile (circuit, NULL);
  guint n_within = 0;

  g_assert_cmpuint (program->n_lane_bits, ==, QRX_LANE_BITS);
  for (guint i = 0; i < program->sweeps->len; i++)
    n_within += g_array_index (program->sweeps, QrxSweep, i).within_lanes;
  g_assert_cmpuint (n_within, <=, program->sweeps->len / 4);
}

static void
test_what_precedes_entanglers_stays_a_product (void)
{
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_layout ("ry", "ring-entangling", 5, 3, FALSE, NULL);
  g_autoptr (QrxProgram) program = qrx_program_compile (circuit, NULL);

  g_assert_cmpuint (program->chain[5], ==, 5 * 4);    /* RY, then RZ RY RZ */
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

/* Marks the cells of a block's cosets, each of which must be new. */
static void
check_block (const QrxSweep *sweep, guint32 place, gboolean *seen)
{
  for (guint row = 0; row < sweep->n_rows; row++)
    for (guint32 i = 0, k = place ^ sweep->rows[row]; i < 1u << sweep->n_steps; i++)
      {
        for (guint c = 0; c < 1u << sweep->n; c++)
          {
            g_assert_false (seen[k ^ sweep->offsets[c]]);
            seen[k ^ sweep->offsets[c]] = TRUE;
          }
        g_assert_cmpuint (qrx_sweep_find_signs (sweep, k), ==, qrx_sweep_find_signs (sweep, place) ^ sweep->row_signs[row]);
        if (i + 1 < 1u << sweep->n_steps)
          k ^= sweep->steps[__builtin_ctz (i + 1)];
      }
}

/* Block by block, row by row and by Gray's code, a sweep comes to each cell once, and in a row no sign changes. Sweeps that
 * go together have the same blocks. */
static void
test_blocks_cover_the_state (void)
{
  for (guint n = 4; n <= 12; n++)
    {
      g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_layout ("ry", "ring-entangling", n, 3, FALSE, NULL);
      g_autoptr (QrxProgram) program = qrx_program_compile_with (circuit, QRX_PASS_ALL & ~QRX_PASS_HALVES, NULL);
      guint n_joined = 0;

      g_assert_cmpuint (program->sweeps->len, >, 0);
      for (guint s = 0; s < program->sweeps->len; s++)
        {
          const QrxSweep *sweep = &g_array_index (program->sweeps, QrxSweep, s);
          g_autofree gboolean *seen = g_new0 (gboolean, (gsize) 1 << n);
          guint n_cells = 0;

          for (guint32 place = 0; place < 1u << n; place++)
            if ((place & sweep->block_pivots) == 0)
              check_block (sweep, place, seen);
          for (guint32 k = 0; k < 1u << n; k++)
            n_cells += seen[k] ? 1 : 0;
          g_assert_cmpuint (n_cells, ==, 1u << n);
          n_joined += sweep->joins ? 1 : 0;
          if (sweep->joins)
            g_assert_cmpuint (sweep[1].block_pivots, ==, sweep->block_pivots);
        }
      g_assert_cmpint (n_joined > 0, ==, n == 6 || n >= 8); /* where two sweeps span the state, or it is large */
    }
}

/* The cells of a block lie on different sets of a cache of 64, whatever bits rotations pair. */
static void
test_places_scatter_over_a_cache (void)
{
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_layout ("ry", "ring-entangling", 12, 3, FALSE, NULL);
  g_autoptr (QrxProgram) scattered = qrx_program_compile_with (circuit, QRX_PASS_ALL & ~QRX_PASS_HALVES, NULL);
  g_autoptr (QrxProgram) plain = qrx_program_compile_with (circuit, QRX_PASS_ALL & ~(QRX_PASS_HALVES | QRX_PASS_SCATTER), NULL);
  guint least[2] = { 64, 64 };

  for (guint p = 0; p < 2; p++)
    for (guint s = 0; s < scattered->sweeps->len; s++)
      {
        const QrxSweep *sweep = &g_array_index (p == 0 ? scattered->sweeps : plain->sweeps, QrxSweep, s);
        gboolean seen[64] = { FALSE };
        guint n_sets = 0;

        for (guint c = 0; c < 1u << sweep->n; c++)
          {
            n_sets += seen[sweep->offsets[c] & 63] ? 0 : 1;
            seen[sweep->offsets[c] & 63] = TRUE;
          }
        least[p] = MIN (least[p], n_sets);
      }
  g_assert_cmpuint (least[0], ==, 8);
  g_assert_cmpuint (least[1], <, 8);
}

/* In a tree's coordinates, bit j of y is the parity of k with mask j, and every k has one y. */
static void
test_trees_straighten_their_masks (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);

  for (guint n = 1; n <= 9; n++)
    {
      g_autoptr (QrxCircuit) circuit = qrx_circuit_new (n);
      g_autoptr (QrxProgram) program = qrx_program_compile_with (circuit, 0, NULL); /* keeps all qubits */
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/program/clifford-gates-cost-nothing", test_clifford_gates_cost_nothing);
  g_test_add_func ("/program/rotations-that-no-observable-sees-are-dropped",
                   test_rotations_that_no_observable_sees_are_dropped);
  g_test_add_func ("/program/qubits-that-no-observable-sees-are-dropped",
                   test_qubits_that_no_observable_sees_are_dropped);
  g_test_add_func ("/program/qubits-that-stay-zero-are-dropped", test_qubits_that_stay_zero_are_dropped);
  g_test_add_func ("/program/every-pass-saves-something", test_every_pass_saves_something);
  g_test_add_func ("/program/rotations-by-weights-are-shared-by-all-rows",
                   test_rotations_by_weights_are_shared_by_all_rows);
  g_test_add_func ("/program/lanes-take-directions-of-few-rotations", test_lanes_take_directions_of_few_rotations);
  g_test_add_func ("/program/what-precedes-entanglers-stays-a-product", test_what_precedes_entanglers_stays_a_product);
  g_test_add_func ("/program/turns-around-one-string-are-merged", test_turns_around_one_string_are_merged);
  g_test_add_func ("/program/layers-commute", test_layers_commute);
  g_test_add_func ("/program/blocks-cover-the-state", test_blocks_cover_the_state);
  g_test_add_func ("/program/places-scatter", test_places_scatter_over_a_cache);
  g_test_add_func ("/program/trees-straighten-their-masks", test_trees_straighten_their_masks);
  return g_test_run ();
}

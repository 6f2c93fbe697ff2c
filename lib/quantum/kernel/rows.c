/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sweeps with rows in the lanes: one function for each of what they can be, and which of them runs. */
#include "quantum/kernel/rows.h"

#define NEAR_BYTES (1 << 14) /* a state that, with others, the first cache nearly holds */

/* What a sweep of rotations of one kind can be, for each number of them and either kind. */
#define ACTIONS(DO, n, variant) \
  DO (n, variant, rotate, FALSE, FALSE, FALSE, FALSE) \
  DO (n, variant, rotate_table, FALSE, TRUE, FALSE, FALSE) \
  DO (n, variant, undo, TRUE, FALSE, FALSE, FALSE) \
  DO (n, variant, undo_first, TRUE, FALSE, TRUE, FALSE) \
  DO (n, variant, undo_weighs, TRUE, FALSE, FALSE, TRUE) \
  DO (n, variant, undo_first_weighs, TRUE, FALSE, TRUE, TRUE) \
  DO (n, variant, undo_table, TRUE, TRUE, FALSE, FALSE) \
  DO (n, variant, undo_first_table, TRUE, TRUE, TRUE, FALSE) \
  DO (n, variant, undo_weighs_table, TRUE, TRUE, FALSE, TRUE) \
  DO (n, variant, undo_first_weighs_table, TRUE, TRUE, TRUE, TRUE)
#define ALL_ACTIONS(DO) \
  ACTIONS (DO, 1, ALL_REAL) ACTIONS (DO, 2, ALL_REAL) ACTIONS (DO, 3, ALL_REAL) \
  ACTIONS (DO, 1, ALL_IMAGINARY) ACTIONS (DO, 2, ALL_IMAGINARY) ACTIONS (DO, 3, ALL_IMAGINARY)

#define DEFINE(n, variant, name, derivatives, table, first, weighs) \
  static void name##_##variant##_##n (RowsPass *pass) \
  { \
    run_classes ((RowsMode){ n, variant, table, first, weighs }, derivatives, pass); \
  }
ALL_ACTIONS (DEFINE)

/* Of rotations of any kinds, which choose as they go. */
#define DEFINE_MIXED(n) \
  static void rotate_mixed_##n (RowsPass *pass) \
  { \
    run_classes ((RowsMode){ n, MIXED, pass->table != NULL, FALSE, FALSE }, FALSE, pass); \
  } \
  static void undo_mixed_##n (RowsPass *pass) \
  { \
    run_classes ((RowsMode){ n, MIXED, pass->table != NULL, pass->first, pass->weights != NULL }, TRUE, pass); \
  }
DEFINE_MIXED (1)
DEFINE_MIXED (2)
DEFINE_MIXED (3)

/* The same in tables. */
typedef void (*SweepFunc) (RowsPass *pass);
#define ENTRY(n, variant, name, derivatives, table, first, weighs) \
  [derivatives][variant][n - 1][table][first][weighs] = name##_##variant##_##n,
static const SweepFunc functions[2][MIXED][GROUP_MAX][2][2][2] = { ALL_ACTIONS (ENTRY) };
static const SweepFunc mixed[2][GROUP_MAX] = { { rotate_mixed_1, rotate_mixed_2, rotate_mixed_3 },
                                               { undo_mixed_1, undo_mixed_2, undo_mixed_3 } };

static void
pass_init (RowsPass *pass, const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer,
           gboolean adjoint)
{
  const QrxSweep *sweep = &g_array_index (evaluation->program->sweeps, QrxSweep, layer->sweep);
  const QrxRotation *rotations = &g_array_index (evaluation->program->rotations, QrxRotation, sweep->first);

  pass->sweep = sweep;
  pass->turned = adjoint ? (1u << sweep->n) - 1 : 0;
  pass->field = block->field;
  pass->is_large = count_cells (evaluation) * sizeof (Cell) > NEAR_BYTES;
  for (guint r = 0; r < sweep->n; r++)
    {
      pass->factors[r] = factors_of (evaluation, block, &rotations[r]) + 1;
      pass->hops[r] = (gsize) sweep->offsets[1u << r] << PLACE_SHIFT;
      pass->sums[r] = splat (0);
    }
}

static void
run (RowsPass *pass, gboolean derivatives)
{
  Variant variant = (Variant) pass->sweep->sort;
  guint n = pass->sweep->n;

  if (variant == MIXED)
    mixed[derivatives][n - 1](pass);
  else
    functions[derivatives][variant][n - 1][pass->table != NULL][pass->first][derivatives && pass->weights != NULL](pass);
}

void
KERNEL (rotate_rows) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer,
                      gboolean adjoint, gconstpointer table, Cell *to, const Cell *from)
{
  RowsPass pass;

  pass_init (&pass, evaluation, block, layer, adjoint);
  pass.table = table;
  pass.to = parts_of (to);
  pass.from = parts_of (from);
  pass.first = FALSE;
  run (&pass, FALSE);
}

void
KERNEL (differentiate_rows) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer,
                             gconstpointer table, const Adjoint *adjoint, gboolean first)
{
  Vector *gradients = (Vector *) block->gradients + layer->first_rotation;
  RowsPass pass;

  pass_init (&pass, evaluation, block, layer, TRUE);
  pass.table = table;
  pass.to = pass.from = parts_of (adjoint->bra);
  pass.end = parts_of (adjoint->bra_end != NULL ? adjoint->bra_end : adjoint->ket_end);
  pass.weights = adjoint->bra_end == NULL ? block->field : NULL;
  pass.ket = parts_of (adjoint->ket_end);
  pass.ket_before = parts_of (adjoint->ket_before);
  pass.first = first;
  run (&pass, TRUE);
  for (guint r = 0; r < layer->n_rotations; r++)
    gradients[r] = pass.sums[r];
}

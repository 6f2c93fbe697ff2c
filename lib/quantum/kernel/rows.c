/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sweeps with rows in the lanes: one function for each of what they can be, which of them runs, and on which blocks. */
#include "quantum/kernel/rows.h"

#define MAX_JOINED 2 /* sweeps */
#define NEAR_BYTES (1 << 14) /* a state that, with others, the first cache nearly holds */

/* The cosets of one block. */
INLINE void
run_block (RowsMode mode, gboolean derivatives, RowsPass *pass, const RowsBlock *block)
{
  for (guint row = 0; row < pass->sweep->n_rows; row++)
    run_row (mode, derivatives, pass, block, row);
}

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
  static void name##_##variant##_##n (RowsPass *pass, const RowsBlock *block) \
  { \
    run_block ((RowsMode){ n, variant, table, first, weighs }, derivatives, pass, block); \
  }
ALL_ACTIONS (DEFINE)

/* Of rotations of any kinds, which choose as they go. */
#define DEFINE_MIXED(n) \
  static void rotate_mixed_##n (RowsPass *pass, const RowsBlock *block) \
  { \
    run_block ((RowsMode){ n, MIXED, pass->table != NULL, FALSE, FALSE }, FALSE, pass, block); \
  } \
  static void undo_mixed_##n (RowsPass *pass, const RowsBlock *block) \
  { \
    run_block ((RowsMode){ n, MIXED, pass->table != NULL, pass->first, pass->weights != NULL }, TRUE, pass, block); \
  }
DEFINE_MIXED (1)
DEFINE_MIXED (2)
DEFINE_MIXED (3)

/* The same in tables. */
typedef void (*SweepFunc) (RowsPass *pass, const RowsBlock *block);
#define ENTRY(n, variant, name, derivatives, table, first, weighs) \
  [derivatives][variant][n - 1][table][first][weighs] = name##_##variant##_##n,
static const SweepFunc functions[2][MIXED][GROUP_MAX][2][2][2] = { ALL_ACTIONS (ENTRY) };
static const SweepFunc mixed[2][GROUP_MAX] = { { rotate_mixed_1, rotate_mixed_2, rotate_mixed_3 },
                                               { undo_mixed_1, undo_mixed_2, undo_mixed_3 } };

/* Blocks of a team follow each other as if they were places. */
static void
set_steps (RowsPass *pass, gsize n_cells, gsize n_blocks)
{
  const QrxSweep *sweep = pass->sweep;
  guint n = 0;

  for (; n < sweep->n_steps; n++)
    pass->steps[n] = (gsize) sweep->steps[n] << PLACE_SHIFT;
  for (gsize step = 1; step < n_blocks; step *= 2)
    pass->steps[n++] = (step * n_cells) << PLACE_SHIFT;
  pass->steps[n] = 0;
  pass->n_steps = n;
}

/* For so many blocks of a team at once. */
static void
pass_init (RowsPass *pass, const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize n_together,
           const QrxLayer *layer, gboolean adjoint)
{
  const QrxSweep *sweep = &g_array_index (evaluation->program->sweeps, QrxSweep, layer->sweep);
  const QrxRotation *rotations = &g_array_index (evaluation->program->rotations, QrxRotation, sweep->first);

  pass->sweep = sweep;
  set_steps (pass, count_cells (evaluation), n_together);
  pass->turned = adjoint ? (1u << sweep->n) - 1 : 0;
  pass->field = block->field;
  pass->is_far = FALSE;
  pass->table = NULL;
  pass->weights = NULL;
  pass->first = FALSE;
  for (guint r = 0; r < sweep->n; r++)
    {
      pass->factors[r] = factors_of (evaluation, block, &rotations[r]) + 1;
      pass->hops[r] = (gsize) sweep->offsets[1u << r] << PLACE_SHIFT;
      pass->sums[r] = splat (0);
    }
}

static SweepFunc
find_function (const RowsPass *pass, gboolean derivatives)
{
  Variant variant = (Variant) pass->sweep->sort;
  guint n = pass->sweep->n;

  if (variant == MIXED)
    return mixed[derivatives][n - 1];
  return functions[derivatives][variant][n - 1][pass->table != NULL][pass->first][derivatives && pass->weights != NULL];
}

/* Two layers share their blocks: then a team's states come one by one. */
static gsize
count_together (const QrxBlockMemory *block, guint n_layers)
{
  return n_layers > 1 ? 1 : block->n_blocks;
}

/* The sweeps of one layer, or of two that share their blocks, in turns; over so many states, one after the other. */
static void
run (const QrxEvaluation *evaluation, RowsPass *passes, guint n_passes, gsize n_states, gboolean derivatives)
{
  gsize n_cells = count_cells (evaluation);
  guint32 free = (guint32) (n_states * n_cells - 1) & ~passes[0].sweep->block_pivots;
  RowsBlock block = { 0, 0 };
  SweepFunc funcs[MAX_JOINED];

  passes[0].is_far = n_cells * sizeof (Cell) > NEAR_BYTES;
  for (guint p = 0; p < n_passes; p++)
    funcs[p] = find_function (&passes[p], derivatives);
  do
    {
      for (guint p = 0; p < n_passes; p++)
        {
          if (block.place != 0)
            block.signs = qrx_sweep_find_signs (passes[p].sweep, block.place);
          funcs[p](&passes[p], &block);
        }
      block.place = (block.place - free) & free;
    }
  while (block.place != 0);
}

void
KERNEL (rotate_rows) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layers, guint n_layers,
                      gboolean adjoint, gconstpointer table, Cell *to, const Cell *from)
{
  RowsPass passes[MAX_JOINED];

  for (guint i = 0; i < n_layers; i++)
    {
      pass_init (&passes[i], evaluation, block, count_together (block, n_layers), &layers[i], adjoint);
      passes[i].from = parts_of (i == 0 ? from : to);
      passes[i].to = parts_of (to);
    }
  passes[0].table = table;
  run (evaluation, passes, n_layers, block->n_blocks / count_together (block, n_layers), FALSE);
}

void
KERNEL (differentiate_rows) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layers,
                             guint n_layers, gconstpointer table, const Adjoint *adjoint, gboolean first)
{
  Vector *gradients = block->gradients;
  RowsPass passes[MAX_JOINED];

  for (guint i = 0; i < n_layers; i++)
    {
      RowsPass *pass = &passes[i];

      pass_init (pass, evaluation, block, count_together (block, n_layers), &layers[n_layers - 1 - i], TRUE);
      pass->to = pass->from = parts_of (adjoint->bra);
      pass->end = parts_of (adjoint->bra_end);
      pass->weights = adjoint->bra_end == NULL ? block->field : NULL;
      pass->ket = parts_of (adjoint->ket_end);
      pass->ket_before = parts_of (adjoint->ket_before);
      pass->first = first && i == 0;
    }
  passes[n_layers - 1].table = table;
  run (evaluation, passes, n_layers, block->n_blocks / count_together (block, n_layers), TRUE);
  for (guint i = 0; i < n_layers; i++)
    for (guint r = 0; r < passes[i].sweep->n; r++)
      gradients[layers[n_layers - 1 - i].first_rotation + r] = passes[i].sums[r];
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A stage forward, back, and its derivatives: which passes its diagonal and its rotations take, and in what order. */
#include "quantum/kernel/template.h"

static gboolean
has_diagonal (const QrxLayer *layer)
{
  return layer->n_shared_diagonals + layer->n_row_diagonals > 0;
}

static gboolean
is_within_lanes (const QrxProgram *program, const QrxLayer *layer)
{
  return g_array_index (program->sweeps, QrxSweep, layer->sweep).within_lanes;
}

static const QrxLayer *
get_layer (const QrxEvaluation *evaluation, const QrxStage *stage, guint i)
{
  return &g_array_index (evaluation->program->layers, QrxLayer, stage->first_layer + i);
}

/* How many layers go together from this one on. */
static guint
count_joined (const QrxEvaluation *evaluation, const QrxLayer *layer)
{
  return layer->n_rotations > 0 && g_array_index (evaluation->program->sweeps, QrxSweep, layer->sweep).joins ? 2 : 1;
}

/* The first layer of those that end before layer i and go together. */
static guint
step_back (const QrxEvaluation *evaluation, const QrxStage *stage, guint i)
{
  return i >= 2 && count_joined (evaluation, get_layer (evaluation, stage, i - 2)) == 2 ? i - 2 : i - 1;
}

/* The layer's diagonal, if it can go along with its sweep: all of it is in a table. */
static gconstpointer
find_table (const QrxEvaluation *evaluation, const QrxLayer *layer)
{
  if (layer->n_rotations > 0 && layer->n_shared_diagonals > 0 && layer->n_row_diagonals == 0 &&
      !is_within_lanes (evaluation->program, layer))
    return table_of (evaluation, layer);
  return NULL;
}

/* The rotations of layers that go together, or their adjoints. */
static void
rotate (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer, guint n_layers,
        gboolean adjoint, gconstpointer table, Cell *to, const Cell *from)
{
  if (evaluation->lane_bits == 0)
    KERNEL (rotate_rows) (evaluation, block, layer, n_layers, adjoint, table, to, from);
  else if (is_within_lanes (evaluation->program, layer))
    KERNEL (rotate_within)
    (evaluation, block, &g_array_index (evaluation->program->sweeps, QrxSweep, layer->sweep), adjoint, to, from);
  else
    KERNEL (rotate_sweep) (evaluation, block, layer, adjoint, table, to, from);
}

/* A block of a team after the one where a state is. */
INLINE Cell *
move_on (const QrxEvaluation *evaluation, const Cell *state, gsize n_blocks)
{
  return state == NULL ? NULL : (Cell *) state + n_blocks * count_cells (evaluation);
}

/* A diagonal by itself, of each block of a team. */
static void
multiply_diagonal (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer, gboolean adjoint,
                   Cell *to, const Cell *from, const Cell *ket)
{
  for (gsize b = 0; b < block->n_blocks; b++)
    KERNEL (apply_diagonal)
    (evaluation, &block[b], layer, adjoint, move_on (evaluation, to, b), move_on (evaluation, from, b),
     move_on (evaluation, ket, b));
}

void
KERNEL (apply_stage) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxStage *stage, Cell *to,
                      const Cell *from)
{
  for (guint i = 0, n; i < stage->n_layers; i += n)
    {
      const QrxLayer *layer = get_layer (evaluation, stage, i);
      gconstpointer table = find_table (evaluation, layer);

      n = count_joined (evaluation, layer);
      if (has_diagonal (layer) && table == NULL)
        {
          multiply_diagonal (evaluation, block, layer, FALSE, to, from, NULL);
          from = to;
        }
      if (layer->n_rotations > 0)
        {
          rotate (evaluation, block, layer, n, FALSE, table, to, from);
          from = to;
        }
    }
}

void
KERNEL (undo_stage) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxStage *stage, Cell *to,
                     const Cell *from)
{
  for (guint end = stage->n_layers, begin; end > 0; end = begin)
    {
      const QrxLayer *layer;

      begin = step_back (evaluation, stage, end);
      layer = get_layer (evaluation, stage, begin);

      if (layer->n_rotations > 0)
        {
          rotate (evaluation, block, layer, end - begin, TRUE, NULL, to, from);
          from = to;
        }
      if (has_diagonal (layer))
        {
          multiply_diagonal (evaluation, block, layer, TRUE, to, from, NULL);
          from = to;
        }
    }
}

void
KERNEL (differentiate_stage) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxStage *stage,
                              const Adjoint *adjoint)
{
  const Cell *from = adjoint->bra_end;
  gboolean first = TRUE;

  for (guint end = stage->n_layers, begin; end > 0; end = begin)
    {
      const QrxLayer *layer;
      gconstpointer table;

      begin = step_back (evaluation, stage, end);
      layer = get_layer (evaluation, stage, begin);
      table = find_table (evaluation, layer);

      if (layer->n_rotations > 0)
        {
          KERNEL (differentiate_rows) (evaluation, block, layer, end - begin, table, adjoint, first);
          from = adjoint->bra;
          first = FALSE;
        }
      if (has_diagonal (layer) && table == NULL)
        multiply_diagonal (evaluation, block, layer, TRUE, adjoint->bra, from, adjoint->ket_before);
    }
}

/* Derivatives by the rotations, and bra and ket back before them; with a table, before the diagonal. */
static void
differentiate (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer, gconstpointer table,
               gboolean weighs, Cell *bra, Cell *ket)
{
  const QrxSweep *sweep = &g_array_index (evaluation->program->sweeps, QrxSweep, layer->sweep);

  if (layer->n_rotations == 0)
    return;
  if (!is_within_lanes (evaluation->program, layer))
    {
      KERNEL (differentiate_sweep) (evaluation, block, layer, table, weighs, bra, ket);
      return;
    }
  KERNEL (differentiate_within) (evaluation, block, sweep, bra, ket);
  KERNEL (rotate_within) (evaluation, block, sweep, TRUE, bra, bra);
  KERNEL (rotate_within) (evaluation, block, sweep, TRUE, ket, ket);
}

void
KERNEL (differentiate_layer) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer,
                              gboolean weighs, Cell *bra, Cell *ket)
{
  gconstpointer table = find_table (evaluation, layer);

  differentiate (evaluation, block, layer, table, weighs, bra, ket);
  if (!has_diagonal (layer) || table != NULL)
    return;
  KERNEL (apply_diagonal) (evaluation, block, layer, TRUE, ket, ket, NULL);
  KERNEL (apply_diagonal) (evaluation, block, layer, TRUE, bra, bra, ket);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A diagonal and the rotations after it: which passes they take, and in what order these are undone. */
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

/* The layer's diagonal, if it can go along with its sweep: all of it is in a table. */
static gconstpointer
find_table (const QrxEvaluation *evaluation, const QrxLayer *layer)
{
  if (layer->n_rotations > 0 && layer->n_shared_diagonals > 0 && layer->n_row_diagonals == 0 &&
      !is_within_lanes (evaluation->program, layer))
    return table_of (evaluation, layer);
  return NULL;
}

/* Up to a table, the layer's rotations: to and from may be the same state. */
static void
rotate (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer, gconstpointer table,
        Cell *to, const Cell *from)
{
  if (layer->n_rotations == 0)
    return;
  if (is_within_lanes (evaluation->program, layer))
    KERNEL (rotate_within)
    (evaluation, block, &g_array_index (evaluation->program->sweeps, QrxSweep, layer->sweep), FALSE, to, from);
  else
    KERNEL (rotate_sweep) (evaluation, block, layer, FALSE, table, to, from);
}

void
KERNEL (apply_layer) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer, Cell *state)
{
  gconstpointer table = find_table (evaluation, layer);

  if (has_diagonal (layer) && table == NULL)
    KERNEL (apply_diagonal) (evaluation, block, layer, FALSE, state, state, NULL);
  rotate (evaluation, block, layer, table, state, state);
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

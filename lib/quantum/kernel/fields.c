/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Derivatives by the angles of diagonals that all rows share, with rows in the lanes: what a block's rows add to them is
 * kept place by place, and signed sums are taken once, over all blocks. */
#include "quantum/kernel/lanes.h"

#include <string.h>

static Real *
fields_of (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer)
{
  return (Real *) block->fields + ((gsize) layer->table << evaluation->program->n_qubits);
}

/* Of so many places of a team's blocks' fields, to those of the first block. */
INLINE void
add_places (gsize n, gsize size, gsize n_blocks, Vector *field)
{
  Vector sums[4];

#pragma GCC unroll 4
  for (gsize i = 0; i < n; i++)
    sums[i] = field[i];
  for (gsize b = 1; b < n_blocks; b++)
#pragma GCC unroll 4
    for (gsize i = 0; i < n; i++)
      sums[i] += field[b * size + i];
#pragma GCC unroll 4
  for (gsize i = 0; i < n; i++)
    field[i] = sums[i];
}

/* The fields of a team's blocks, to that of the first. */
static void
add_blocks (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  gsize size = (gsize) 1 << evaluation->program->n_qubits;
  Vector *field = block->field;

  if (size < 4)
    for (gsize k = 0; k < size; k++)
      add_places (1, size, block->n_blocks, field + k);
  else
    for (gsize k = 0; k < size; k += 4)
      add_places (4, size, block->n_blocks, field + k);
}

/* A layer's field, row by row, into one for all rows. */
void
KERNEL (collect) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer)
{
  const Vector *field = block->field;
  Real *to = fields_of (evaluation, block, layer);
  gsize size = (gsize) 1 << evaluation->program->n_qubits;

  add_blocks (evaluation, block);
  if (size < LANES)
    for (gsize k = 0; k < size; k++)
      to[k] = (Real) sum_lanes (field[k]);
  else
    for (gsize k = 0; k < size; k += LANES)
      *(Vector *) (to + k) = sum_each (field + k);
}

void
KERNEL (sum_fields) (const QrxEvaluation *evaluation, const QrxBlockMemory *blocks, gsize n_blocks, double *sums)
{
  QrxProgram *program = evaluation->program;
  const QrxRotation *rotations = &g_array_index (program->rotations, QrxRotation, 0);
  gsize size = (gsize) 1 << program->n_qubits;
  double *totals = evaluation->angles + 3 * program->rotations->len;

  for (guint l = 0; l < program->layers->len; l++)
    {
      const QrxLayer *layer = &g_array_index (program->layers, QrxLayer, l);

      if (layer->n_shared_diagonals == 0)
        continue;
      memset (totals, 0, size * sizeof *totals);
      for (gsize b = 0; b < n_blocks; b += program->seam != NULL ? 1 : qrx_evaluation_count_team (evaluation, b, n_blocks))
        {
          const Real *from = fields_of (evaluation, &blocks[b], layer);

          for (gsize k = 0; k < size; k++)
            totals[k] += (double) from[k];
        }
      KERNEL (hadamard) (totals, size);
      for (guint r = layer->first_diagonal; r < layer->first_diagonal + layer->n_shared_diagonals; r++)
        sums[r] = totals[rotations[r].z];
    }
}

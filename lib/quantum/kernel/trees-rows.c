/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Signed sums over all cells by trees of masks, and cells' weights from such sums' coefficients, with rows in the lanes:
 * of up to four blocks of a team together. */
#include "quantum/kernel/trees.h"

INLINE void
fold_blocks (gsize together, gboolean squares, const QrxEvaluation *evaluation, const QrxBlockMemory *block,
             const Cell *kets, const QrxTree *tree, Vector *const *outs)
{
  const Values values = { squares, block->field, kets, count_cells (evaluation), 0 };
  Vector *work = block->work, upper_sums[4 * QRX_CIRCUIT_MAX_QUBITS];

  fold_bits (together, tree, evaluation->program->n_qubits, &values, 0, work, upper_sums);
  for (guint i = 0; i < tree->n_members + tree->n_whole; i++)
#pragma GCC unroll 4
    for (gsize b = 0; b < together; b++)
      outs[b][tree->members[i]] = i < tree->n_members ? work[b] - 2 * upper_sums[i * together + b] : work[b];
}

INLINE void
fold_team (gboolean squares, const QrxEvaluation *evaluation, const QrxBlockMemory *block, const Cell *kets,
           const QrxTree *tree, Vector *const *outs)
{
  if (block->n_blocks == 1)
    fold_blocks (1, squares, evaluation, block, kets, tree, outs);
  else if (block->n_blocks == 2)
    fold_blocks (2, squares, evaluation, block, kets, tree, outs);
  else
    for (gsize b = 0; b < block->n_blocks; b += 4)
      fold_blocks (4, squares, evaluation, &block[b], squares ? kets + b * count_cells (evaluation) : NULL, tree, &outs[b]);
}

void
KERNEL (fold_rows) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxTree *tree,
                    Vector *const *outs)
{
  fold_team (FALSE, evaluation, block, NULL, tree, outs);
}

void
KERNEL (fold_squares) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const Cell *kets, const QrxTree *tree,
                       Vector *const *outs)
{
  fold_team (TRUE, evaluation, block, kets, tree, outs);
}

/* Sums of ±c over n members from first on (those that there are), for all choices of signs, on top of the first sums. */
INLINE void
unfold (gsize together, const QrxBlockMemory *block, const QrxTree *tree, guint first, guint n, Vector *sums)
{
  for (guint j = 0; j < n; j++)
    {
      gsize half = together << j;
      Vector c[4];

#pragma GCC unroll 4
      for (gsize b = 0; b < together; b++)
        c[b] = first + j < tree->n_members ? ((const Vector *) block[b].strings)[tree->members[first + j]] : splat (0);
      for (gsize y = 0; y < half; y += together)
#pragma GCC unroll 4
        for (gsize b = 0; b < together; b++)
          {
            sums[half + y + b] = sums[y + b] - c[b];
            sums[y + b] += c[b];
          }
    }
}

/* The weights that a tree's members give to cells: a sum over its lower coordinates and one over its upper ones. */
INLINE void
weigh_by_tree (gsize together, const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxTree *tree,
               gboolean first)
{
  guint n = evaluation->program->n_qubits;
  gsize n_lower = (gsize) 1 << tree->n_low, n_upper = (gsize) 1 << (n - tree->n_low), stride = count_cells (evaluation);
  Vector *lower_sums = block->work, *upper_sums = lower_sums + n_lower * together;

#pragma GCC unroll 4
  for (gsize b = 0; b < together; b++)
    {
      lower_sums[b] = upper_sums[b] = splat (0);
      for (guint j = tree->n_members; j < tree->n_members + tree->n_whole; j++)
        lower_sums[b] += ((const Vector *) block[b].strings)[tree->members[j]];
    }
  unfold (together, block, tree, 0, tree->n_low, lower_sums);
  unfold (together, block, tree, tree->n_low, n - tree->n_low, upper_sums);
  for (gsize upper = 0; upper < n_upper; upper++)
    {
      gsize high = tree->high[upper];
      Vector sums[4];

#pragma GCC unroll 4
      for (gsize b = 0; b < together; b++)
        sums[b] = upper_sums[upper * together + b];
#pragma GCC unroll 4
      for (gsize lower = 0; lower < n_lower; lower++)
        {
          Vector *weight = (Vector *) block->field + (high ^ tree->low[lower]);

#pragma GCC unroll 4
          for (gsize b = 0; b < together; b++)
            {
              Vector sum = sums[b] + lower_sums[lower * together + b];

              weight[b * stride] = first ? sum : weight[b * stride] + sum;
            }
        }
    }
}

INLINE void
weigh_blocks (gsize together, const QrxEvaluation *evaluation, const QrxBlockMemory *block,
              const QrxReadoutGroup *group)
{
  const QrxTree *trees = &g_array_index (evaluation->program->trees, QrxTree, group->first_tree);

  for (guint i = 0; i < group->n_trees; i++)
    if (i == 0)
      weigh_by_tree (together, evaluation, block, &trees[i], TRUE);
    else
      weigh_by_tree (together, evaluation, block, &trees[i], FALSE);
}

void
KERNEL (weigh_rows) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxReadoutGroup *group)
{
  if (block->n_blocks == 1)
    weigh_blocks (1, evaluation, block, group);
  else if (block->n_blocks == 2)
    weigh_blocks (2, evaluation, block, group);
  else
    for (gsize b = 0; b < block->n_blocks; b += 4)
      weigh_blocks (4, evaluation, &block[b], group);
}

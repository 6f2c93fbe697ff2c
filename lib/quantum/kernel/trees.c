/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Signed sums over all cells by trees of masks, and cells' weights from such sums' coefficients, with amplitudes in the
 * lanes. */
#include "quantum/kernel/trees.h"

#define MAX_MEMBERS 32 /* of a tree: independent masks, or distinct ones of lane bits, twice where rows have their own */

typedef struct {
  const QrxEvaluation *evaluation;
  const QrxTree *tree;
  const Vector *field;
  Vector *work;
  guint n_bits; /* of a part */
  Vector sums[QRX_KERNEL_MAX_PARTS][MAX_MEMBERS];
} Fold;

static void
fold_part (gsize part, gpointer data)
{
  Fold *fold = data;
  const QrxTree *tree = fold->tree;
  guint minor_bits = count_minor_bits (fold->evaluation), n_members = tree->n_members + tree->n_whole;
  gsize y = part << fold->n_bits, begin = index_of (tree, y);
  Vector upper_sums[QRX_CIRCUIT_MAX_QUBITS], *work = fold->work + y, *sums = fold->sums[part];

  for (guint32 minor = 0; minor < (guint32) 1 << minor_bits; minor++)
    {
      const Values values = { FALSE, fold->field + minor, NULL, 0, minor_bits };
      Vector total;

      fold_bits (1, tree, fold->n_bits, &values, begin, work, upper_sums);
      total = work[0];

      for (guint i = 0; i < n_members; i++)
        {
          gboolean is_folded = i < MIN (tree->n_members, fold->n_bits);
          Vector sum = is_folded ? total - 2 * upper_sums[i] : total;
          gboolean negative = qrx_parity (minor << fold->evaluation->lane_bits & tree->lanes[i]);

          if (!is_folded && i < tree->n_members)
            negative ^= y >> i & 1;
          if (negative)
            sum = -sum;
          sums[i] = minor == 0 ? sum : sums[i] + sum;
        }
    }
}

void
KERNEL (fold_lanes) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxTree *tree, Vector *out)
{
  guint n_bits = evaluation->program->n_qubits - evaluation->program->n_lane_bits;
  gsize n_parts = count_parts (evaluation, (gsize) 1 << n_bits, 32);
  Fold fold;

  fold.evaluation = evaluation;
  fold.tree = tree;
  fold.field = block->field;
  fold.work = block->work;
  fold.n_bits = n_bits - (guint) __builtin_ctzl (n_parts);
  qrx_pool_run (evaluation->pool, n_parts, fold_part, &fold);
  for (guint i = 0; i < tree->n_members + tree->n_whole; i++)
    {
      Vector *to = &out[tree->members[i]];

      *to = fold.sums[0][i];
      for (gsize p = 1; p < n_parts; p++)
        *to += fold.sums[p][i];
    }
}

#define MINORS ((1 << QRX_LANE_BITS) / LANES) /* vectors that differ in lane bits alone */

/* Sums of ±c over n members from first on (those that there are), for all choices of signs, on top of the first sum. */
INLINE void
unfold (const QrxTree *tree, const Vector *coefficients, guint32 lanes, guint first, guint n, Vector *sums)
{
  for (guint j = 0; j < n; j++)
    {
      Vector c = first + j < tree->n_members ? coefficients[tree->members[first + j]] : splat (0);
      gsize half = (gsize) 1 << j;

      if (first + j < tree->n_members && qrx_parity (lanes & tree->lanes[first + j]) != 0)
        c = -c;
      for (gsize y = 0; y < half; y++)
        {
          sums[(half + y) * MINORS] = sums[y * MINORS] - c;
          sums[y * MINORS] += c;
        }
    }
}

/* The weights that one tree's members give to cells: a sum over its lower coordinates and one over its upper ones. */
typedef struct {
  const QrxTree *tree;
  const Vector *lower_sums;
  const Vector *upper_sums;
  gsize part_size; /* in upper coordinates */
  Vector *weights;
} Spread;

INLINE void
spread (gboolean first, const Spread *self, gsize begin, gsize end)
{
  gsize n_lower = (gsize) 1 << self->tree->n_low;

  for (gsize upper = begin; upper < end; upper++)
    {
      gsize high = self->tree->high[upper];
      const Vector *upper_sums = self->upper_sums + upper * MINORS;

      for (gsize lower = 0; lower < n_lower; lower++)
        {
          Vector *weights = self->weights + (high ^ self->tree->low[lower]) * MINORS;
          const Vector *lower_sums = self->lower_sums + lower * MINORS;

#pragma GCC unroll 8
          for (gsize minor = 0; minor < MINORS; minor++)
            {
              Vector weight = upper_sums[minor] + lower_sums[minor];

              weights[minor] = first ? weight : weights[minor] + weight;
            }
        }
    }
}

static void
spread_first_part (gsize part, gpointer data)
{
  const Spread *self = data;

  spread (TRUE, self, part * self->part_size, (part + 1) * self->part_size);
}

static void
spread_part (gsize part, gpointer data)
{
  const Spread *self = data;

  spread (FALSE, self, part * self->part_size, (part + 1) * self->part_size);
}

static void
weigh_by_tree (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint t, gboolean first)
{
  const QrxTree *tree = &g_array_index (evaluation->program->trees, QrxTree, t);
  guint n = evaluation->program->n_qubits - evaluation->program->n_lane_bits;
  gsize n_lower = (gsize) 1 << tree->n_low, n_upper = (gsize) 1 << (n - tree->n_low);
  gsize n_parts = count_parts (evaluation, n_upper, 8);
  const Vector *coefficients = block->strings;
  Vector *lower_sums = block->work, *upper_sums = lower_sums + n_lower * MINORS;
  Spread self = { tree, lower_sums, upper_sums, n_upper / n_parts, block->field };

  for (guint32 minor = 0; minor < MINORS; minor++)
    {
      guint32 lanes = minor << evaluation->lane_bits; /* masks of lane bits make signs of these */
      Vector whole = splat (0);

      for (guint j = tree->n_members; j < tree->n_members + tree->n_whole; j++)
        whole += (Real) (qrx_parity (lanes & tree->lanes[j]) != 0 ? -1 : 1) * coefficients[tree->members[j]];
      lower_sums[minor] = whole;
      upper_sums[minor] = splat (0);
      unfold (tree, coefficients, lanes, 0, tree->n_low, lower_sums + minor);
      unfold (tree, coefficients, lanes, tree->n_low, n - tree->n_low, upper_sums + minor);
    }
  qrx_pool_run (evaluation->pool, n_parts, first ? spread_first_part : spread_part, &self);
}

void
KERNEL (weigh_lanes) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxReadoutGroup *group)
{
  for (guint i = 0; i < group->n_trees; i++)
    weigh_by_tree (evaluation, block, group->first_tree + i, i == 0);
}

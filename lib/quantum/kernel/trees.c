/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Signed sums over all cells by trees of masks, and cells' weights from such sums' coefficients, with amplitudes in the
 * lanes. */
#include "quantum/kernel/trees.h"

#define MAX_MEMBERS                                                                                                    \
  32 /* of a tree: independent masks, or distinct masks of lane bits, twice where rows have their own */

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

/* Sums of ±c over n members from first on (those that there are), for all choices of signs, on top of the first sum. */
INLINE void
unfold (const QrxTree *tree, const Vector *coefficients, guint32 minor, guint first, guint n, Vector *sums)
{
  for (guint j = 0; j < n; j++)
    {
      Vector c = first + j < tree->n_members ? coefficients[tree->members[first + j]] : splat (0);
      gsize half = (gsize) 1 << j;

      if (first + j < tree->n_members && qrx_parity (minor & tree->lanes[first + j]) != 0)
        c = -c;
      for (gsize y = 0; y < half; y++)
        {
          sums[half + y] = sums[y] - c;
          sums[y] += c;
        }
    }
}

/* The weights that one tree's members give to the cells with the same minor bits: a sum over its lower coordinates and one
 * over its upper ones. */
typedef struct {
  const QrxTree *tree;
  guint shift;
  const Vector *lower_sums;
  const Vector *upper_sums;
  gboolean first;
  gsize part_size; /* in upper coordinates */
  Vector *weights;
} Spread;

static void
spread_part (gsize part, gpointer data)
{
  const Spread *self = data;
  const QrxTree *tree = self->tree;
  gsize n_lower = (gsize) 1 << tree->n_low;

  for (gsize upper = part * self->part_size; upper < (part + 1) * self->part_size; upper++)
    {
      gsize high = tree->high[upper];
      Vector sum = self->upper_sums[upper];

      for (gsize lower = 0; lower < n_lower; lower++)
        {
          Vector *weight = &self->weights[(high ^ tree->low[lower]) << self->shift];

          *weight = self->first ? sum + self->lower_sums[lower] : *weight + (sum + self->lower_sums[lower]);
        }
    }
}

/* lanes: the minor bits at their place, of which masks of lane bits make signs. */
static void
weigh_by_tree (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint t, gboolean first, guint32 lanes)
{
  const QrxTree *tree = &g_array_index (evaluation->program->trees, QrxTree, t);
  guint n = evaluation->program->n_qubits - evaluation->program->n_lane_bits;
  gsize n_lower = (gsize) 1 << tree->n_low, n_upper = (gsize) 1 << (n - tree->n_low);
  gsize n_parts = count_parts (evaluation, n_upper, 8);
  const Vector *coefficients = block->strings;
  Vector *lower_sums = block->work, *upper_sums = lower_sums + n_lower;
  Spread self = { tree,
                  count_minor_bits (evaluation),
                  lower_sums,
                  upper_sums,
                  first,
                  n_upper / n_parts,
                  (Vector *) block->field + (lanes >> evaluation->lane_bits) };

  lower_sums[0] = upper_sums[0] = splat (0);
  for (guint j = tree->n_members; j < tree->n_members + tree->n_whole; j++)
    lower_sums[0] += (Real) (qrx_parity (lanes & tree->lanes[j]) != 0 ? -1 : 1) * coefficients[tree->members[j]];
  unfold (tree, coefficients, lanes, 0, tree->n_low, lower_sums);
  unfold (tree, coefficients, lanes, tree->n_low, n - tree->n_low, upper_sums);
  qrx_pool_run (evaluation->pool, n_parts, spread_part, &self);
}

void
KERNEL (weigh_lanes) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxReadoutGroup *group)
{
  for (guint i = 0; i < group->n_trees; i++)
    for (guint32 minor = 0; minor < (guint32) 1 << count_minor_bits (evaluation); minor++)
      weigh_by_tree (evaluation, block, group->first_tree + i, i == 0, minor << evaluation->lane_bits);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Signed sums over all cells by trees of masks, and cells' weights from such sums' coefficients. With rows in the lanes,
 * there is code without what amplitudes there ask for. */
#include "quantum/kernel/template.h"

#include <string.h>

/* Adds the upper half to the lower and returns what was added, in as many sums as step says. */
INLINE Vector
fold_half (Vector *work, gsize half, gsize step)
{
  Vector sums[4] = { splat (0), splat (0), splat (0), splat (0) };

  for (gsize y = 0; y < half; y += step)
#pragma GCC unroll 4
    for (gsize i = 0; i < step; i++)
      {
        Vector upper = work[half + y + i];

        sums[i] += upper;
        work[y + i] += upper;
      }
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

/* As fold_half(), from the field in the tree's order, its places changed by exclusive or. */
INLINE Vector
gather_half (const QrxTree *tree, const Vector *field, guint shift, gsize begin, Vector *work, gsize half, gsize step)
{
  gsize n_lower = MIN (half, (gsize) 1 << tree->n_low), column = index_of (tree, half);
  Vector sums[2] = { splat (0), splat (0) };

  for (gsize first = 0; first < half; first += n_lower)
    {
      gsize high = begin ^ tree->high[first >> tree->n_low];

      for (gsize y = 0; y < n_lower; y += step)
#pragma GCC unroll 2
        for (gsize i = 0; i < step; i++)
          {
            gsize k = high ^ tree->low[y + i];
            Vector upper = field[(k ^ column) << shift];

            sums[i] += upper;
            work[first + y + i] = field[k << shift] + upper;
          }
    }
  return sums[0] + sums[1];
}

/* Of the n lower bits of a tree's coordinates, with the upper ones and the minor bits fixed: the total, and the sum of
 * where each bit is set. */
INLINE Vector
fold_bits (const QrxTree *tree, guint n, const Vector *field, guint shift, gsize begin, Vector *work, Vector *upper_sums)
{
  if (n == 0)
    return field[begin << shift];
  if (n == 1)
    upper_sums[0] = gather_half (tree, field, shift, begin, work, 1, 1);
  else
    {
      upper_sums[n - 1] = gather_half (tree, field, shift, begin, work, (gsize) 1 << (n - 1), 2);
      for (guint bit = n - 1; bit-- > 2;)
        upper_sums[bit] = fold_half (work, (gsize) 1 << bit, 4);
      if (n > 2)
        upper_sums[1] = fold_half (work, 2, 2);
      upper_sums[0] = fold_half (work, 1, 1);
    }
  return work[0];
}

/* With rows in the lanes. */
static void
fold_rows (const QrxTree *tree, guint n, const Vector *field, Vector *work, Vector *out)
{
  Vector upper_sums[QRX_CIRCUIT_MAX_QUBITS], total = fold_bits (tree, n, field, 0, 0, work, upper_sums);

  for (guint i = 0; i < tree->n_members; i++)
    out[tree->members[i]] = total - 2 * upper_sums[i];
  for (guint i = tree->n_members; i < tree->n_members + tree->n_whole; i++)
    out[tree->members[i]] = total;
}

#define MAX_MEMBERS 32 /* of a tree: independent masks, or distinct masks of lane bits, twice where rows have their own */

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
      Vector total = fold_bits (tree, fold->n_bits, fold->field + minor, minor_bits, begin, work, upper_sums);

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
KERNEL (fold) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxTree *tree, Vector *out)
{
  guint n_bits = evaluation->program->n_qubits - evaluation->program->n_lane_bits;
  gsize n_parts = count_parts (evaluation, (gsize) 1 << n_bits, 32);
  Fold fold;

  if (evaluation->lane_bits == 0)
    {
      fold_rows (tree, n_bits, block->field, block->work, out);
      return;
    }
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

INLINE void
spread (const Spread *self, gboolean first, guint shift, gsize part)
{
  const QrxTree *tree = self->tree;
  gsize n_lower = (gsize) 1 << tree->n_low;

  for (gsize upper = part * self->part_size; upper < (part + 1) * self->part_size; upper++)
    {
      gsize high = tree->high[upper];
      Vector sum = self->upper_sums[upper];

      for (gsize lower = 0; lower < n_lower; lower++)
        {
          Vector *weight = &self->weights[(high ^ tree->low[lower]) << shift];

          *weight = first ? sum + self->lower_sums[lower] : *weight + (sum + self->lower_sums[lower]);
        }
    }
}

static void
spread_part (gsize part, gpointer data)
{
  const Spread *self = data;

  spread (self, self->first, self->shift, part);
}

/* lanes: the minor bits at their place, of which masks of lane bits make signs. */
INLINE void
weigh_by_tree (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint t, gboolean first, guint32 lanes,
               guint shift)
{
  const QrxTree *tree = &g_array_index (evaluation->program->trees, QrxTree, t);
  guint n = evaluation->program->n_qubits - evaluation->program->n_lane_bits;
  gsize n_lower = (gsize) 1 << tree->n_low, n_upper = (gsize) 1 << (n - tree->n_low);
  gsize n_parts = count_parts (evaluation, n_upper, 8);
  const Vector *coefficients = block->strings;
  Vector *lower_sums = block->work, *upper_sums = lower_sums + n_lower;
  Spread self = { tree, shift, lower_sums, upper_sums, first, n_upper / n_parts,
                  (Vector *) block->field + (lanes >> evaluation->lane_bits) };

  lower_sums[0] = upper_sums[0] = splat (0);
  for (guint j = tree->n_members; j < tree->n_members + tree->n_whole; j++)
    lower_sums[0] += (Real) (qrx_parity (lanes & tree->lanes[j]) != 0 ? -1 : 1) * coefficients[tree->members[j]];
  unfold (tree, coefficients, lanes, 0, tree->n_low, lower_sums);
  unfold (tree, coefficients, lanes, tree->n_low, n - tree->n_low, upper_sums);
  if (shift == 0 && n_parts == 1)
    spread (&self, self.first, 0, 0);
  else
    qrx_pool_run (evaluation->pool, n_parts, spread_part, &self);
}

void
KERNEL (weigh_cells) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint group)
{
  const QrxReadoutGroup *weighed = &g_array_index (evaluation->program->groups, QrxReadoutGroup, group);
  guint shift = count_minor_bits (evaluation);

  if (weighed->n_trees == 0)
    memset (block->field, 0, count_cells (evaluation) * sizeof (Vector));
  for (guint i = 0; i < weighed->n_trees; i++)
    if (shift == 0)
      weigh_by_tree (evaluation, block, weighed->first_tree + i, i == 0, 0, 0);
    else
      for (guint32 minor = 0; minor < (guint32) 1 << shift; minor++)
        weigh_by_tree (evaluation, block, weighed->first_tree + i, i == 0, minor << evaluation->lane_bits, shift);
}

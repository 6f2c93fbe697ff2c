/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Signed sums over cells by a tree of masks, of one block or of some blocks of a team together: then what is of one cell comes
 * block by block, and so do sums. */
#pragma once

#include "quantum/kernel/template.h"

/* What is summed up: fields, or the squares of kets' cells; cell k is at k << shift, and blocks follow each other. */
typedef struct {
  gboolean are_squares; /* known to the compiler */
  const Vector *fields;
  const Cell *kets;
  gsize stride;
  guint shift;
} Values;

INLINE Vector
value_at (const Values *values, gsize k, gsize b)
{
  gsize at = (k << values->shift) + b * values->stride;

  return values->are_squares ? dot (get (&values->kets[at]), get (&values->kets[at])) : values->fields[at];
}

/* Adds the upper half to the lower and sums up what was added. Of each block there are as many sums as step says, whatever the
 * number of blocks: a row's bits do not depend on other rows. */
INLINE void
fold_half (gsize together, gsize step, gsize half, Vector *work, Vector *upper_sums)
{
  Vector sums[8];

#pragma GCC unroll 8
  for (gsize i = 0; i < step * together; i++)
    sums[i] = splat (0);
  for (gsize y = 0; y < half * together; y += step * together)
#pragma GCC unroll 8
    for (gsize i = 0; i < step * together; i++)
      {
        Vector upper = work[half * together + y + i];

        sums[i] += upper;
        work[y + i] += upper;
      }
#pragma GCC unroll 4
  for (gsize b = 0; b < together; b++)
    upper_sums[b] = step == 1 ? sums[b] : sums[b] + sums[together + b];
}

/* As fold_half(), from values in the tree's order, their places changed by exclusive or. */
INLINE void
gather_half (gsize together, gsize step, const QrxTree *tree, const Values *values, gsize begin, gsize half,
             Vector *work, Vector *upper_sums)
{
  gsize n_lower = MIN (half, (gsize) 1 << tree->n_low), column = index_of (tree, half);
  Vector sums[8];

#pragma GCC unroll 8
  for (gsize i = 0; i < step * together; i++)
    sums[i] = splat (0);
  for (gsize first = 0; first < half; first += n_lower)
    {
      gsize high = begin ^ tree->high[first >> tree->n_low];

      for (gsize y = 0; y < n_lower; y += step)
#pragma GCC unroll 2
        for (gsize i = 0; i < step; i++)
          {
            gsize k = high ^ tree->low[y + i];

#pragma GCC unroll 4
            for (gsize b = 0; b < together; b++)
              {
                Vector upper = value_at (values, k ^ column, b);

                sums[i * together + b] += upper;
                work[(first + y + i) * together + b] = value_at (values, k, b) + upper;
              }
          }
    }
#pragma GCC unroll 4
  for (gsize b = 0; b < together; b++)
    upper_sums[b] = step == 1 ? sums[b] : sums[b] + sums[together + b];
}

/* Of the n lower bits of a tree's coordinates, with the upper ones and the minor bits fixed: the totals, to where the work
 * begins, and the sums of where each bit is set. together: a number of blocks that are so far apart, up to 4. */
INLINE void
fold_bits (gsize together, const QrxTree *tree, guint n, const Values *values, gsize begin, Vector *work,
           Vector *upper_sums)
{
  if (n == 0)
#pragma GCC unroll 4
    for (gsize b = 0; b < together; b++)
      work[b] = value_at (values, begin, b);
  else if (n == 1)
    gather_half (together, 1, tree, values, begin, 1, work, upper_sums);
  else
    {
      gather_half (together, 2, tree, values, begin, (gsize) 1 << (n - 1), work, upper_sums + (n - 1) * together);
      for (guint bit = n - 1; bit-- > 1;)
        fold_half (together, 2, (gsize) 1 << bit, work, upper_sums + bit * together);
      fold_half (together, 1, 1, work, upper_sums);
    }
}

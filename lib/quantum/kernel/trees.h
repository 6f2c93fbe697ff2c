/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Signed sums over cells by a tree of masks, of one block or of some blocks of a team together: then what is of one cell comes
 * block by block, and so do sums. */
#pragma once

#include "quantum/kernel/template.h"

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

/* As fold_half(), from the fields in the tree's order, their places changed by exclusive or. */
INLINE void
gather_half (gsize together, gsize step, const QrxTree *tree, const Vector *field, gsize stride, guint shift,
             gsize begin, gsize half, Vector *work, Vector *upper_sums)
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
                Vector upper = field[((k ^ column) << shift) + b * stride];

                sums[i * together + b] += upper;
                work[(first + y + i) * together + b] = field[(k << shift) + b * stride] + upper;
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
fold_bits (gsize together, const QrxTree *tree, guint n, const Vector *field, gsize stride, guint shift, gsize begin,
           Vector *work, Vector *upper_sums)
{
  if (n == 0)
#pragma GCC unroll 4
    for (gsize b = 0; b < together; b++)
      work[b] = field[(begin << shift) + b * stride];
  else if (n == 1)
    gather_half (together, 1, tree, field, stride, shift, begin, 1, work, upper_sums);
  else
    {
      gather_half (together, 2, tree, field, stride, shift, begin, (gsize) 1 << (n - 1), work,
                   upper_sums + (n - 1) * together);
      for (guint bit = n - 1; bit-- > 1;)
        fold_half (together, 2, (gsize) 1 << bit, work, upper_sums + bit * together);
      fold_half (together, 1, 1, work, upper_sums);
    }
}

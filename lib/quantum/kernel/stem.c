/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where states begin as two copies of their stems' last ones, as a bit has two values that nothing before told apart. */
#include "quantum/kernel/template.h"

void
KERNEL (stem_forward) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const Cell *ends, Cell *states)
{
  gsize size = count_cells (evaluation->parts[0]);
  Vector gain = splat ((Real) evaluation->gains[0]);

  for (gsize b = 0; b < block->n_blocks; b++, ends += size, states += 2 * size)
    for (gsize i = 0; i < size; i++)
      {
        Cell cell = get (&ends[i]);

        cell = (Cell){ gain * cell.re, gain * cell.im };
        put (&states[i], cell);
        put (&states[size + i], cell);
      }
}

void
KERNEL (stem_backward) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const Cell *bras)
{
  gsize size = count_cells (evaluation->parts[0]);
  Cell *to = block->parts[0]->bra;
  Vector gain = splat ((Real) evaluation->gains[0]);

  for (gsize b = 0; b < block->n_blocks; b++, bras += 2 * size, to += size)
    for (gsize i = 0; i < size; i++)
      {
        Cell first = get (&bras[i]), second = get (&bras[size + i]);

        put (&to[i], (Cell){ gain * (first.re + second.re), gain * (first.im + second.im) });
      }
}

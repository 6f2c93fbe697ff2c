/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a state's halves meet: the state is the sum, over branches, of one half's amplitudes times the other's. */
#include "quantum/kernel/template.h"

#define MAX_BRANCHES 4

/* A half's amplitudes, place by place, branches innermost. */
static void
gather_half (const QrxSeam *seam, guint h, const Cell *state, Cell *to)
{
  Vector gain = splat ((Real) seam->gains[h]);

  for (gsize i = 0; i < (gsize) 1 << (seam->n_bits[h] + seam->n_branch_bits); i++)
    {
      Cell cell = get (&state[seam->cells[h][i]]);

      put (&to[i], (Cell){ gain * cell.re, gain * cell.im });
    }
}

/* The sums over branches for n upper places, with all lower ones two at a time, or one. */
INLINE void
join_places (gsize n_branches, gsize n, gsize n_lower, const QrxSeam *seam, gsize upper, const Cell *lowers, const Cell *uppers,
             Cell *state)
{
  for (gsize lower = 0; lower < (gsize) 1 << seam->n_bits[0]; lower += n_lower)
    {
      Cell sums[2][2];

#pragma GCC unroll 4
      for (gsize b = 0; b < n_branches; b++)
#pragma GCC unroll 2
        for (gsize i = 0; i < n_lower; i++)
#pragma GCC unroll 2
          for (gsize j = 0; j < n; j++)
            {
              Cell l = get (&lowers[(lower + i) * n_branches + b]), u = get (&uppers[(upper + j) * n_branches + b]);

              if (b == 0)
                put (&sums[i][j], multiply (l, u));
              else
                {
                  sums[i][j].re += l.re * u.re;
                  sums[i][j].im += l.re * u.im;
                  sums[i][j].re -= l.im * u.im;
                  sums[i][j].im += l.im * u.re;
                }
            }
#pragma GCC unroll 2
      for (gsize i = 0; i < n_lower; i++)
#pragma GCC unroll 2
        for (gsize j = 0; j < n; j++)
          put (&state[seam->places[0][lower + i] ^ seam->places[1][upper + j]], get (&sums[i][j]));
    }
}

INLINE void
join (gsize n_branches, const QrxSeam *seam, const Cell *lowers, const Cell *uppers, Cell *state)
{
  gsize n_upper = (gsize) 1 << seam->n_bits[1];

  if (seam->n_bits[0] > 0 && seam->n_bits[1] > 0)
    for (gsize upper = 0; upper < n_upper; upper += 2)
      join_places (n_branches, 2, 2, seam, upper, lowers, uppers, state);
  else
    for (gsize upper = 0; upper < n_upper; upper++)
      join_places (n_branches, 1, 1, seam, upper, lowers, uppers, state);
}

/* The bra of one half: the state's against the other half. */
INLINE void
contract (gsize n_branches, const QrxSeam *seam, guint h, const Cell *bra, const Cell *others, Cell *to)
{
  Vector gain = splat ((Real) seam->gains[h]);
  gsize n_others = (gsize) 1 << seam->n_bits[1 - h];

  for (gsize place = 0; place < (gsize) 1 << seam->n_bits[h]; place++)
    {
      gsize begin = seam->places[h][place];
      Cell sums[MAX_BRANCHES];

#pragma GCC unroll 4
      for (gsize b = 0; b < n_branches; b++)
        put (&sums[b], (Cell){ splat (0), splat (0) });
      for (gsize other = 0; other < n_others; other++)
        {
          Cell cell = get (&bra[begin ^ seam->places[1 - h][other]]);

#pragma GCC unroll 4
          for (gsize b = 0; b < n_branches; b++)
            {
              Cell factor = get (&others[other * n_branches + b]);

              sums[b].re += cell.re * factor.re;
              sums[b].im += cell.im * factor.re;
              sums[b].re += cell.im * factor.im;
              sums[b].im -= cell.re * factor.im;
            }
        }
#pragma GCC unroll 4
      for (gsize b = 0; b < n_branches; b++)
        put (&to[seam->cells[h][place * n_branches + b]], (Cell){ gain * sums[b].re, gain * sums[b].im });
    }
}

void
KERNEL (seam_forward) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gpointer const ends[2])
{
  const QrxSeam *seam = evaluation->program->seam;

  for (guint h = 0; h < 2; h++)
    gather_half (seam, h, ends[h], block->seam[h]);
  switch (seam->n_branch_bits)
    {
    case 0:
      join (1, seam, block->seam[0], block->seam[1], block->state);
      break;
    case 1:
      join (2, seam, block->seam[0], block->seam[1], block->state);
      break;
    default:
      join (4, seam, block->seam[0], block->seam[1], block->state);
      break;
    }
}

void
KERNEL (seam_backward) (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  const QrxSeam *seam = evaluation->program->seam;

  for (guint h = 0; h < 2; h++)
    switch (seam->n_branch_bits)
      {
      case 0:
        contract (1, seam, h, block->bra, block->seam[1 - h], block->halves[h]->bra);
        break;
      case 1:
        contract (2, seam, h, block->bra, block->seam[1 - h], block->halves[h]->bra);
        break;
      default:
        contract (4, seam, h, block->bra, block->seam[1 - h], block->halves[h]->bra);
        break;
      }
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a state's halves meet: the state is the sum, over branches, of one half's amplitudes times the other's. */
#include "quantum/kernel/template.h"

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

/* Two places of either half: what registers hold the sums of. */
INLINE void
join_tile (gsize n_branches, const QrxSeam *seam, gsize lower, gsize upper, const Cell *lowers, const Cell *uppers, Cell *state)
{
  Cell sums[2][2];

#pragma GCC unroll 4
  for (gsize b = 0; b < n_branches; b++)
#pragma GCC unroll 2
    for (gsize i = 0; i < 2; i++)
#pragma GCC unroll 2
      for (gsize j = 0; j < 2; j++)
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
  for (gsize i = 0; i < 2; i++)
#pragma GCC unroll 2
    for (gsize j = 0; j < 2; j++)
      put (&state[seam->places[0][lower + i] ^ seam->places[1][upper + j]], get (&sums[i][j]));
}

/* Either half has at least two places. */
INLINE void
join (gsize n_branches, const QrxSeam *seam, const Cell *lowers, const Cell *uppers, Cell *state)
{
  for (gsize upper = 0; upper < (gsize) 1 << seam->n_bits[1]; upper += 2)
    for (gsize lower = 0; lower < (gsize) 1 << seam->n_bits[0]; lower += 2)
      join_tile (n_branches, seam, lower, upper, lowers, uppers, state);
}

/* Some places of one half, and some branches of each: what registers hold the sums of. */
#define TILE_PLACES 2
#define TILE_BRANCHES 2

/* The state's bra against the other half, leaving some of this one's. */
INLINE void
contract_tile (gsize n_branches, gsize n, gsize n_tile, const QrxSeam *seam, guint h, gsize place, gsize branch, const Cell *bra,
               const Cell *others, Cell *to)
{
  Vector gain = splat ((Real) seam->gains[h]);
  const guint32 *places = seam->places[h] + place, *other_places = seam->places[1 - h];
  gsize n_others = (gsize) 1 << seam->n_bits[1 - h];
  Cell sums[TILE_PLACES][TILE_BRANCHES];

#pragma GCC unroll 2
  for (gsize i = 0; i < n; i++)
#pragma GCC unroll 2
    for (gsize b = 0; b < n_tile; b++)
      put (&sums[i][b], (Cell){ splat (0), splat (0) });
  for (gsize other = 0; other < n_others; other++)
    {
      const Cell *factors = &others[other * n_branches + branch];

#pragma GCC unroll 2
      for (gsize i = 0; i < n; i++)
        {
          Cell cell = get (&bra[places[i] ^ other_places[other]]);

#pragma GCC unroll 2
          for (gsize b = 0; b < n_tile; b++)
            {
              Cell factor = get (&factors[b]);

              sums[i][b].re += cell.re * factor.re;
              sums[i][b].im += cell.im * factor.re;
              sums[i][b].re += cell.im * factor.im;
              sums[i][b].im -= cell.re * factor.im;
            }
        }
    }
#pragma GCC unroll 2
  for (gsize i = 0; i < n; i++)
#pragma GCC unroll 2
    for (gsize b = 0; b < n_tile; b++)
      put (&to[seam->cells[h][(place + i) * n_branches + branch + b]], (Cell){ gain * sums[i][b].re, gain * sums[i][b].im });
}

INLINE void
contract (gsize n_branches, const QrxSeam *seam, guint h, const Cell *bra, const Cell *others, Cell *to)
{
  gsize n_places = (gsize) 1 << seam->n_bits[h], n_tile = MIN (n_branches, TILE_BRANCHES);

  for (gsize place = 0; place < n_places; place += TILE_PLACES)
    for (gsize branch = 0; branch < n_branches; branch += n_tile)
      contract_tile (n_branches, TILE_PLACES, n_tile, seam, h, place, branch, bra, others, to);
}

void
KERNEL (seam_forward) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gpointer const ends[2])
{
  const QrxSeam *seam = evaluation->program->seam;

  if (evaluation->lane_bits > 0)
    {
      KERNEL (seam_forward_in_lanes) (evaluation, block, ends);
      return;
    }
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

  if (evaluation->lane_bits > 0)
    {
      KERNEL (seam_backward_in_lanes) (evaluation, block);
      return;
    }
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

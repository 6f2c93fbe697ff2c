/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a state's halves meet: the state is the sum, over branches, of one half's amplitudes times the other's. */
#include "quantum/kernel/seam.h"

/* A half's amplitudes, place by place, branches innermost. */
static void
gather_half (const QrxSeam *seam, guint h, const Cell *state, Cell *to)
{
  for (gsize i = 0; i < (gsize) 1 << (seam->n_bits[h] + seam->n_branch_bits); i++)
    {
      Cell cell = get (&state[seam->cells[h][i]]);
      Vector gain = splat ((Real) seam->gains[h][i]);

      put (&to[i], (Cell){ gain * cell.re, gain * cell.im });
    }
}

INLINE void
contract (gboolean in_order, gsize n_branches, const QrxSeam *seam, guint h, const Cell *bra, const Cell *others, Cell *to)
{
  gsize n_places = (gsize) 1 << seam->n_bits[h], n_others = (gsize) 1 << seam->n_bits[1 - h];
  gsize n_tile = MIN (n_branches, TILE_BRANCHES);
  const Line line = { in_order, h == 0 ? n_places : 1, seam->places[1 - h] };

  for (gsize place = 0; place < n_places; place += TILE_PLACES)
    for (gsize branch = 0; branch < n_branches; branch += n_tile)
      {
        Cell sums[TILE_PLACES][TILE_BRANCHES];

        contract_tile (FALSE, n_branches, n_tile, &line, n_others, seam->places[h] + place, bra, others + branch, sums);
#pragma GCC unroll 2
        for (gsize i = 0; i < TILE_PLACES; i++)
#pragma GCC unroll 2
          for (gsize b = 0; b < n_tile; b++)
            {
              gsize at = (place + i) * n_branches + branch + b;
              Vector gain = splat ((Real) seam->gains[h][at]);

              put (&to[seam->cells[h][at]], (Cell){ gain * sums[i][b].re, gain * sums[i][b].im });
            }
      }
}

/* Either half has at least two places. */
INLINE void
join (gboolean in_order, gsize n_branches, const QrxSeam *seam, const Cell *lowers, const Cell *uppers, Cell *state)
{
  const Line line = { in_order, 1, seam->places[0] };

  for (gsize upper = 0; upper < (gsize) 1 << seam->n_bits[1]; upper += 2)
    for (gsize lower = 0; lower < (gsize) 1 << seam->n_bits[0]; lower += 2)
      {
        Cell sums[TILE_PLACES][TILE_PLACES];

        join_tile (FALSE, n_branches, lowers + lower * n_branches, uppers + upper * n_branches, sums);
#pragma GCC unroll 2
        for (gsize i = 0; i < 2; i++)
#pragma GCC unroll 2
          for (gsize j = 0; j < 2; j++)
            put (&state[find_cell (&line, seam->places[1][upper + j], lower + i)], get (&sums[i][j]));
      }
}

/* Code without choices for each number of branches, in order or not. */
typedef void (*JoinFunc) (const QrxSeam *seam, const Cell *lowers, const Cell *uppers, Cell *state);
typedef void (*ContractFunc) (const QrxSeam *seam, guint h, const Cell *bra, const Cell *others, Cell *to);

#define DEFINE(n, order, in_order) \
  static void join_##n##_##order (const QrxSeam *seam, const Cell *lowers, const Cell *uppers, Cell *state) \
  { \
    join (in_order, n, seam, lowers, uppers, state); \
  } \
  static void contract_##n##_##order (const QrxSeam *seam, guint h, const Cell *bra, const Cell *others, Cell *to) \
  { \
    contract (in_order, n, seam, h, bra, others, to); \
  }
DEFINE (1, scattered, FALSE)
DEFINE (1, ordered, TRUE)
DEFINE (2, scattered, FALSE)
DEFINE (2, ordered, TRUE)
DEFINE (4, scattered, FALSE)
DEFINE (4, ordered, TRUE)

static const JoinFunc joins[][2] = { { join_1_scattered, join_1_ordered },
                                     { join_2_scattered, join_2_ordered },
                                     { join_4_scattered, join_4_ordered } };
static const ContractFunc contracts[][2] = { { contract_1_scattered, contract_1_ordered },
                                             { contract_2_scattered, contract_2_ordered },
                                             { contract_4_scattered, contract_4_ordered } };

void
KERNEL (seam_forward) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gpointer const ends[2])
{
  const QrxSeam *seam = evaluation->program->seam;
  guint in_order = evaluation->program->is_scattered ? 0 : 1;

  if (evaluation->lane_bits > 0)
    {
      KERNEL (seam_forward_in_lanes) (evaluation, block, ends);
      return;
    }
  for (guint h = 0; h < 2; h++)
    gather_half (seam, h, ends[h], block->seam[h]);
  joins[seam->n_branch_bits][in_order](seam, block->seam[0], block->seam[1], block->state);
}

void
KERNEL (seam_backward) (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  const QrxSeam *seam = evaluation->program->seam;
  guint in_order = evaluation->program->is_scattered ? 0 : 1;

  if (evaluation->lane_bits > 0)
    {
      KERNEL (seam_backward_in_lanes) (evaluation, block);
      return;
    }
  for (guint h = 0; h < 2; h++)
    contracts[seam->n_branch_bits][in_order](seam, h, block->bra, block->seam[1 - h], block->halves[h]->bra);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a state's halves meet: the state is the sum, over branches, of one half's amplitudes times the other's. */
#include "quantum/kernel/seam.h"

/* Place by place, branches innermost, what it sees outermost. */
void
KERNEL (seam_gather) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint h, const Cell *end)
{
  const QrxSeam *seam = evaluation->program->seam;
  gsize turned = find_turned (evaluation, h);
  Real gain_of_all = find_gain (evaluation, h);
  Cell *to = block->seam[h];

  if (evaluation->lane_bits > 0)
    {
      KERNEL (seam_gather_in_lanes) (evaluation, block, h, end);
      return;
    }
  for (gsize i = 0; i < (gsize) 1 << seam->halves[h]->n_qubits; i++)
    {
      Cell cell = get (&end[seam->cells[h][i ^ turned]]);
      Vector gain = splat (gain_of_all * find_sign (seam, h, i));

      put (&to[i], (Cell){ gain * cell.re, gain * cell.im });
    }
}

INLINE void
put_tile (const QrxEvaluation *evaluation, guint h, gsize n_branches, gsize n_tile, gsize at,
          const Cell sums[TILE_PLACES][TILE_BRANCHES], Cell *to)
{
  const QrxSeam *seam = evaluation->program->seam;
  gsize turned = find_turned (evaluation, h);
  Real gain_of_all = find_gain (evaluation, h);

#pragma GCC unroll 2
  for (gsize i = 0; i < TILE_PLACES; i++)
#pragma GCC unroll 2
    for (gsize b = 0; b < n_tile; b++)
      {
        gsize from = at + i * n_branches + b;
        Vector gain = splat (gain_of_all * find_sign (seam, h, from));

        put (&to[seam->cells[h][from ^ turned]], (Cell){ gain * sums[i][b].re, gain * sums[i][b].im });
      }
}

INLINE void
contract (gsize n_branches, const QrxEvaluation *evaluation, guint h, const Cell *bra, const Cell *others, Cell *to)
{
  const QrxSeam *seam = evaluation->program->seam;
  gsize n_places = (gsize) 1 << seam->n_bits[h], n_others = (gsize) 1 << seam->n_bits[1 - h];
  gsize n_tile = MIN (n_branches, TILE_BRANCHES), step = h == 0 ? n_places : 1, place_step = h == 0 ? 1 : n_others;
  guint unseen = count_unseen_bits (seam, h), unseen_here = count_unseen_bits (seam, 1 - h);

  for (gsize place = 0; place < n_places; place += TILE_PLACES)
    for (gsize seen = 0; seen < (gsize) 1 << seam->n_seen_bits[h]; seen++)
      for (gsize branch = 0; branch < n_branches; branch += n_tile)
        {
          const Line line = { seen << unseen, (seen + 1) << unseen, step, place_step };
          const Cell *factors = others + (place >> unseen_here) * n_others * n_branches + branch;
          Cell sums[TILE_PLACES][TILE_BRANCHES];

          contract_tile (FALSE, n_branches, n_tile, &line, bra + place * place_step, factors, sums);
          put_tile (evaluation, h, n_branches, n_tile, (seen * n_places + place) * n_branches + branch, sums, to);
        }
}

/* Either half has at least two places that the other cannot tell apart. */
INLINE void
join (gsize n_branches, const QrxSeam *seam, const Cell *lowers, const Cell *uppers, Cell *state)
{
  gsize n_lower = (gsize) 1 << seam->n_bits[0], n_upper = (gsize) 1 << seam->n_bits[1];

  for (gsize upper = 0; upper < n_upper; upper += TILE_PLACES)
    for (gsize lower = 0; lower < n_lower; lower += TILE_PLACES)
      {
        const Cell *l = lowers + ((upper >> count_unseen_bits (seam, 0)) * n_lower + lower) * n_branches;
        const Cell *u = uppers + ((lower >> count_unseen_bits (seam, 1)) * n_upper + upper) * n_branches;
        Cell sums[TILE_PLACES][TILE_PLACES];

        join_tile (FALSE, n_branches, l, u, sums);
#pragma GCC unroll 2
        for (gsize i = 0; i < TILE_PLACES; i++)
#pragma GCC unroll 2
          for (gsize j = 0; j < TILE_PLACES; j++)
            put (&state[(upper + j) * n_lower + lower + i], get (&sums[i][j]));
      }
}

/* Code without choices for each number of branches. */
typedef void (*JoinFunc) (const QrxSeam *seam, const Cell *lowers, const Cell *uppers, Cell *state);
typedef void (*ContractFunc) (const QrxEvaluation *evaluation, guint h, const Cell *bra, const Cell *others, Cell *to);

#define DEFINE(n) \
  static void join_##n (const QrxSeam *seam, const Cell *lowers, const Cell *uppers, Cell *state) \
  { \
    join (n, seam, lowers, uppers, state); \
  } \
  static void contract_##n (const QrxEvaluation *evaluation, guint h, const Cell *bra, const Cell *others, Cell *to) \
  { \
    contract (n, evaluation, h, bra, others, to); \
  }
DEFINE (1)
DEFINE (2)
DEFINE (4)

static const JoinFunc joins[] = { join_1, join_2, join_4 };
static const ContractFunc contracts[] = { contract_1, contract_2, contract_4 };

void
KERNEL (seam_forward) (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  const QrxSeam *seam = evaluation->program->seam;

  if (evaluation->lane_bits > 0)
    KERNEL (seam_forward_in_lanes) (evaluation, block);
  else
    joins[seam->n_branch_bits](seam, block->seam[0], block->seam[1], block->state);
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
    contracts[seam->n_branch_bits](evaluation, h, block->bra, block->seam[1 - h], block->parts[h]->bra);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a state's halves meet: the state is the sum, over branches, of one half's amplitudes times the other's. */
#include "quantum/kernel/seam.h"

/* A half's amplitudes, place by place, branches innermost, what it sees outermost. */
static void
gather_half (const QrxEvaluation *evaluation, guint h, const Cell *state, Cell *to)
{
  const QrxSeam *seam = evaluation->program->seam;
  gsize turned = find_turned (evaluation, h);

  for (gsize i = 0; i < (gsize) 1 << seam->halves[h]->n_qubits; i++)
    {
      Cell cell = get (&state[seam->cells[h][i ^ turned]]);
      Vector gain = splat (find_gain (evaluation, h, i));

      put (&to[i], (Cell){ gain * cell.re, gain * cell.im });
    }
}

INLINE void
put_tile (const QrxEvaluation *evaluation, guint h, gsize n_branches, gsize n_tile, gsize at,
          const Cell sums[TILE_PLACES][TILE_BRANCHES], Cell *to)
{
  const guint32 *cells = evaluation->program->seam->cells[h];
  gsize turned = find_turned (evaluation, h);

#pragma GCC unroll 2
  for (gsize i = 0; i < TILE_PLACES; i++)
#pragma GCC unroll 2
    for (gsize b = 0; b < n_tile; b++)
      {
        gsize from = at + i * n_branches + b;
        Vector gain = splat (find_gain (evaluation, h, from));

        put (&to[cells[from ^ turned]], (Cell){ gain * sums[i][b].re, gain * sums[i][b].im });
      }
}

INLINE void
contract (gboolean in_order, gsize n_branches, const QrxEvaluation *evaluation, guint h, const Cell *bra,
          const Cell *others, Cell *to)
{
  const QrxSeam *seam = evaluation->program->seam;
  gsize n_places = (gsize) 1 << seam->n_bits[h], n_others = (gsize) 1 << seam->n_bits[1 - h];
  gsize n_tile = MIN (n_branches, TILE_BRANCHES);
  guint unseen = count_unseen_bits (seam, h), unseen_here = count_unseen_bits (seam, 1 - h);
  const Line line = { in_order, h == 0 ? n_places : 1, seam->places[1 - h] };

  for (gsize place = 0; place < n_places; place += TILE_PLACES)
    for (gsize seen = 0; seen < (gsize) 1 << seam->n_seen_bits[h]; seen++)
      for (gsize branch = 0; branch < n_branches; branch += n_tile)
        {
          const Cell *factors = others + (place >> unseen_here) * n_others * n_branches + branch;
          Cell sums[TILE_PLACES][TILE_BRANCHES];

          contract_tile (FALSE, n_branches, n_tile, &line, seen << unseen, (seen + 1) << unseen, seam->places[h] + place,
                         bra, factors, sums);
          put_tile (evaluation, h, n_branches, n_tile, (seen * n_places + place) * n_branches + branch, sums, to);
        }
}

/* Either half has at least two places that the other cannot tell apart. */
INLINE void
join (gboolean in_order, gsize n_branches, const QrxSeam *seam, const Cell *lowers, const Cell *uppers, Cell *state)
{
  const Line line = { in_order, 1, seam->places[0] };
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
            put (&state[find_cell (&line, seam->places[1][upper + j], lower + i)], get (&sums[i][j]));
      }
}

/* Code without choices for each number of branches, in order or not. */
typedef void (*JoinFunc) (const QrxSeam *seam, const Cell *lowers, const Cell *uppers, Cell *state);
typedef void (*ContractFunc) (const QrxEvaluation *evaluation, guint h, const Cell *bra, const Cell *others, Cell *to);

#define DEFINE(n, order, in_order) \
  static void join_##n##_##order (const QrxSeam *seam, const Cell *lowers, const Cell *uppers, Cell *state) \
  { \
    join (in_order, n, seam, lowers, uppers, state); \
  } \
  static void contract_##n##_##order (const QrxEvaluation *evaluation, guint h, const Cell *bra, const Cell *others, Cell *to) \
  { \
    contract (in_order, n, evaluation, h, bra, others, to); \
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
    gather_half (evaluation, h, ends[h], block->seam[h]);
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
    contracts[seam->n_branch_bits][in_order](evaluation, h, block->bra, block->seam[1 - h], block->halves[h]->bra);
}

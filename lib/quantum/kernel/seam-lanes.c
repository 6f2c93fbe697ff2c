/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where halves meet in a state with amplitudes in the lanes. Of a half's state only the first lane is the row's; the lower half
 * goes into the lanes, the upper one's amplitudes stay numbers. */
#include "quantum/kernel/seam.h"

/* A pass over one half's cells or places, in parts. */
typedef struct {
  const QrxSeam *seam;
  gsize n_branches;
  gsize n_lower; /* cells */
  gsize n_upper; /* places */
  gsize part_size;
  Cell *lowers;
  Amplitude *uppers;
  Cell *state; /* or the bra */
  Cell *halves[2]; /* their bras */
} Work;

static Work
work_init (const QrxEvaluation *evaluation, const QrxBlockMemory *block, Cell *state)
{
  const QrxSeam *seam = evaluation->program->seam;

  return (Work){ .seam = seam,
                 .n_branches = (gsize) 1 << seam->n_branch_bits,
                 .n_lower = (gsize) 1 << (seam->n_bits[0] - evaluation->lane_bits),
                 .n_upper = (gsize) 1 << seam->n_bits[1],
                 .lowers = block->seam[0],
                 .uppers = block->seam[1],
                 .state = state };
}

static void
gather_halves (const Work *self, gpointer const ends[2])
{
  const QrxSeam *seam = self->seam;
  const Cell *lower = ends[0], *upper = ends[1];

  for (gsize place = 0; place < (gsize) 1 << seam->n_bits[0]; place++)
    for (gsize b = 0; b < self->n_branches; b++)
      {
        gsize i = place * self->n_branches + b;
        const Cell *from = &lower[seam->cells[0][i]];
        Cell *to = &self->lowers[seam->places[0][place] / LANES * self->n_branches + b];

        to->re[seam->places[0][place] % LANES] = (Real) seam->gains[0][i] * from->re[0];
        to->im[seam->places[0][place] % LANES] = (Real) seam->gains[0][i] * from->im[0];
      }
  for (gsize i = 0; i < self->n_upper * self->n_branches; i++)
    {
      const Cell *from = &upper[seam->cells[1][i]];

      self->uppers[i] = (Amplitude){ (Real) seam->gains[1][i] * from->re[0], (Real) seam->gains[1][i] * from->im[0] };
    }
}

INLINE void
join (const Work *self, gsize n_branches, gsize begin, gsize end)
{
  for (gsize upper = begin; upper < end; upper += TILE_PLACES)
    for (gsize lower = 0; lower < self->n_lower; lower += TILE_PLACES)
      {
        Cell sums[TILE_PLACES][TILE_PLACES];

        join_tile (TRUE, n_branches, self->lowers + lower * n_branches, self->uppers + upper * n_branches, sums);
#pragma GCC unroll 2
        for (gsize j = 0; j < TILE_PLACES; j++)
#pragma GCC unroll 2
          for (gsize i = 0; i < TILE_PLACES; i++)
            put (&self->state[(upper + j) * self->n_lower + lower + i], get (&sums[i][j]));
      }
}

/* The bra against the upper half, at some cells, takes the place of the lower half's. */
INLINE void
contract_upper (const Work *self, gsize n_branches, gsize n_tile, guint32 lower, gsize branch)
{
  const Line line = { TRUE, self->n_lower, NULL };
  Cell sums[TILE_PLACES][TILE_BRANCHES];

  contract_tile (TRUE, n_branches, n_tile, &line, self->n_upper, (guint32[]){ lower, lower + 1 }, self->state,
                 self->uppers + branch, sums);
  for (gsize i = 0; i < TILE_PLACES; i++)
    for (gsize b = 0; b < n_tile; b++)
      put (&self->lowers[(lower + i) * n_branches + branch + b], get (&sums[i][b]));
}

/* And against the lower half, at some places, to the first lanes of the upper half's bra. */
INLINE void
contract_lower (const Work *self, gsize n_branches, gsize n_tile, guint32 upper, gsize branch)
{
  const QrxSeam *seam = self->seam;
  const guint32 begins[TILE_PLACES] = { upper * (guint32) self->n_lower, (upper + 1) * (guint32) self->n_lower };
  const Line line = { TRUE, 1, NULL };
  Cell sums[TILE_PLACES][TILE_BRANCHES];

  contract_tile (FALSE, n_branches, n_tile, &line, self->n_lower, begins, self->state, self->lowers + branch, sums);
  for (gsize i = 0; i < TILE_PLACES; i++)
    for (gsize b = 0; b < n_tile; b++)
      {
        gsize at = (upper + i) * n_branches + branch + b;
        Cell *to = &self->halves[1][seam->cells[1][at]];

        put (to, (Cell){ splat (0), splat (0) });
        to->re[0] = (Real) (seam->gains[1][at] * sum_lanes (sums[i][b].re));
        to->im[0] = (Real) (seam->gains[1][at] * sum_lanes (sums[i][b].im));
      }
}

typedef enum { JOIN, CONTRACT_LOWER, CONTRACT_UPPER } Action;

INLINE void
run (Action action, const Work *self, gsize n_branches, gsize begin, gsize end)
{
  gsize n_tile = MIN (n_branches, TILE_BRANCHES);

  if (action == JOIN)
    {
      join (self, n_branches, begin, end);
      return;
    }
  for (gsize i = begin; i < end; i += TILE_PLACES)
    for (gsize branch = 0; branch < n_branches; branch += n_tile)
      if (action == CONTRACT_LOWER)
        contract_lower (self, n_branches, n_tile, (guint32) i, branch);
      else
        contract_upper (self, n_branches, n_tile, (guint32) i, branch);
}

#define DEFINE(name, action) \
  static void name (gsize part, gpointer data) \
  { \
    const Work *self = data; \
    gsize begin = part * self->part_size, end = begin + self->part_size; \
\
    if (self->n_branches == 1) \
      run (action, self, 1, begin, end); \
    else if (self->n_branches == 2) \
      run (action, self, 2, begin, end); \
    else \
      run (action, self, 4, begin, end); \
  }
DEFINE (join_part, JOIN)
DEFINE (contract_lower_part, CONTRACT_LOWER)
DEFINE (contract_upper_part, CONTRACT_UPPER)

static void
run_parts (const QrxEvaluation *evaluation, Work *work, gsize n, QrxPoolFunc func)
{
  gsize n_parts = count_parts (evaluation, n, 8);

  work->part_size = n / n_parts;
  qrx_pool_run (evaluation->pool, n_parts, func, work);
}

void
KERNEL (seam_forward_in_lanes) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gpointer const ends[2])
{
  Work work = work_init (evaluation, block, block->state);

  gather_halves (&work, ends);
  run_parts (evaluation, &work, work.n_upper, join_part);
}

/* The lower half's cells are no longer needed when its bra takes their place. */
void
KERNEL (seam_backward_in_lanes) (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  Work work = work_init (evaluation, block, block->bra);
  const QrxSeam *seam = work.seam;

  for (guint h = 0; h < 2; h++)
    work.halves[h] = block->halves[h]->bra;
  run_parts (evaluation, &work, work.n_upper, contract_lower_part);
  run_parts (evaluation, &work, work.n_lower, contract_upper_part);
  for (gsize place = 0; place < (gsize) 1 << seam->n_bits[0]; place++)
    for (gsize b = 0; b < work.n_branches; b++)
      {
        const Cell *from = &work.lowers[seam->places[0][place] / LANES * work.n_branches + b];
        gsize i = place * work.n_branches + b;
        Cell *to = &work.halves[0][seam->cells[0][i]];

        put (to, (Cell){ splat (0), splat (0) });
        to->re[0] = (Real) seam->gains[0][i] * from->re[seam->places[0][place] % LANES];
        to->im[0] = (Real) seam->gains[0][i] * from->im[seam->places[0][place] % LANES];
      }
}

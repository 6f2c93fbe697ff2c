/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where halves meet in a state with amplitudes in the lanes. Of a half's state only the first lane is the row's; the lower half
 * goes into the lanes, the upper one's amplitudes stay numbers. */
#include "quantum/kernel/template.h"

typedef struct {
  Real re;
  Real im;
} Amplitude;

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

/* Two cells at two upper places: what registers hold the sums of. */
INLINE void
join_tile (const Work *self, gsize n_branches, gsize lower, gsize upper)
{
  Cell sums[2][2];

#pragma GCC unroll 4
  for (gsize b = 0; b < n_branches; b++)
#pragma GCC unroll 2
    for (gsize i = 0; i < 2; i++)
#pragma GCC unroll 2
      for (gsize j = 0; j < 2; j++)
        {
          const Amplitude *amplitude = &self->uppers[(upper + j) * n_branches + b];
          Cell l = get (&self->lowers[(lower + i) * n_branches + b]), u = { splat (amplitude->re), splat (amplitude->im) };

          put (&sums[i][j], b == 0 ? multiply (l, u) : multiply_add (get (&sums[i][j]), l, u));
        }
#pragma GCC unroll 2
  for (gsize j = 0; j < 2; j++)
#pragma GCC unroll 2
    for (gsize i = 0; i < 2; i++)
      put (&self->state[(upper + j) * self->n_lower + lower + i], get (&sums[i][j]));
}

INLINE void
join (const Work *self, gsize n_branches, gsize begin, gsize end)
{
  for (gsize upper = begin; upper < end; upper += 2)
    for (gsize lower = 0; lower < self->n_lower; lower += 2)
      join_tile (self, n_branches, lower, upper);
}

/* The bra against the upper half, at two cells, of up to two branches. */
INLINE void
contract_upper (const Work *self, gsize n_branches, gsize n_tile, gsize lower, gsize branch)
{
  Cell sums[2][2] = { { { splat (0), splat (0) } } };

  for (gsize upper = 0; upper < self->n_upper; upper++)
#pragma GCC unroll 2
    for (gsize i = 0; i < 2; i++)
      {
        Cell cell = get (&self->state[upper * self->n_lower + lower + i]);

#pragma GCC unroll 2
        for (gsize b = 0; b < n_tile; b++)
          {
            const Amplitude *amplitude = &self->uppers[upper * n_branches + branch + b];
            Cell factor = { splat (amplitude->re), splat (amplitude->im) };

            put (&sums[i][b], multiply_conjugate_add (get (&sums[i][b]), cell, factor));
          }
      }
  for (gsize i = 0; i < 2; i++)
    for (gsize b = 0; b < n_tile; b++)
      put (&self->lowers[(lower + i) * n_branches + branch + b], get (&sums[i][b]));
}

/* And against the lower half, at two places, to the first lanes of its bra. */
INLINE void
contract_lower (const Work *self, gsize n_branches, gsize n_tile, gsize upper, gsize branch)
{
  const QrxSeam *seam = self->seam;
  const Cell *factors = self->lowers + branch;
  Cell sums[2][2] = { { { splat (0), splat (0) } } };

  for (gsize lower = 0; lower < self->n_lower; lower++, factors += n_branches)
#pragma GCC unroll 2
    for (gsize i = 0; i < 2; i++)
      {
        Cell cell = get (&self->state[(upper + i) * self->n_lower + lower]);

#pragma GCC unroll 2
        for (gsize b = 0; b < n_tile; b++)
          put (&sums[i][b], multiply_conjugate_add (get (&sums[i][b]), cell, get (&factors[b])));
      }
  for (gsize i = 0; i < 2; i++)
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
  gsize n_tile = MIN (n_branches, 2);

  if (action == JOIN)
    {
      join (self, n_branches, begin, end);
      return;
    }
  for (gsize i = begin; i < end; i += 2)
    for (gsize branch = 0; branch < n_branches; branch += n_tile)
      if (action == CONTRACT_LOWER)
        contract_lower (self, n_branches, n_tile, i, branch);
      else
        contract_upper (self, n_branches, n_tile, i, branch);
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

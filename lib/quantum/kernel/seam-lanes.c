/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where halves meet in a state with amplitudes in the lanes, as theirs are, too, in orders of their own. The lower half goes into
 * the lanes of the state, the upper one's amplitudes become numbers. */
#include "quantum/kernel/seam.h"

/* A pass over one half's cells or places, in parts. */
typedef struct {
  const QrxEvaluation *evaluation;
  const QrxSeam *seam;
  gsize turned[2]; /* as a half's cells are, by what it sees */
  gsize n_branches;
  gsize n_lower; /* cells */
  gsize n_upper; /* places */
  gsize part_size;
  Cell *lowers;
  Amplitude *uppers;
  Cell *state; /* or the bra */
  Cell *upper_bra;
} Work;

static Work
work_init (const QrxEvaluation *evaluation, const QrxBlockMemory *block, Cell *state)
{
  const QrxSeam *seam = evaluation->program->seam;

  return (Work){ .evaluation = evaluation,
                 .seam = seam,
                 .turned = { find_turned (evaluation, 0), find_turned (evaluation, 1) },
                 .n_branches = (gsize) 1 << seam->n_branch_bits,
                 .n_lower = (gsize) 1 << (seam->n_bits[0] - evaluation->lane_bits),
                 .n_upper = (gsize) 1 << seam->n_bits[1],
                 .lowers = block->seam[0],
                 .uppers = block->seam[1],
                 .state = state };
}

static gsize
count_amplitudes (const QrxSeam *seam, guint h)
{
  return (gsize) 1 << seam->halves[h]->n_qubits;
}

INLINE Amplitude
get_amplitude (const Cell *state, gsize place)
{
  return (Amplitude){ state[place / LANES].re[place % LANES], state[place / LANES].im[place % LANES] };
}

INLINE void
put_amplitude (Cell *state, gsize place, Amplitude amplitude)
{
  state[place / LANES].re[place % LANES] = amplitude.re;
  state[place / LANES].im[place % LANES] = amplitude.im;
}

/* The lane of one of the lower half's amplitudes, and its cell among those that are kept. */
static gsize
find_lane (const Work *self, gsize i, gsize *cell)
{
  const QrxSeam *seam = self->seam;
  gsize branch = i % self->n_branches, place = i >> seam->n_branch_bits, seen = place >> seam->n_bits[0];
  guint32 at = seam->places[0][place - (seen << seam->n_bits[0])];

  *cell = (seen * self->n_lower + at / LANES) * self->n_branches + branch;
  return at % LANES;
}

static void
gather_lower (const Work *self, const Cell *end)
{
  const QrxSeam *seam = self->seam;
  Real gain_of_all = find_gain (self->evaluation, 0);

  for (gsize i = 0; i < count_amplitudes (seam, 0); i++)
    {
      gsize cell, lane = find_lane (self, i, &cell);
      Amplitude from = get_amplitude (end, seam->cells[0][i ^ self->turned[0]]);
      Real gain = gain_of_all * find_sign (seam, 0, i);

      self->lowers[cell].re[lane] = gain * from.re;
      self->lowers[cell].im[lane] = gain * from.im;
    }
}

static void
gather_upper (const Work *self, const Cell *end)
{
  const QrxSeam *seam = self->seam;
  Real gain_of_all = find_gain (self->evaluation, 1);

  for (gsize i = 0; i < count_amplitudes (seam, 1); i++)
    {
      Amplitude from = get_amplitude (end, seam->cells[1][i ^ self->turned[1]]);
      Real gain = gain_of_all * find_sign (seam, 1, i);

      self->uppers[i] = (Amplitude){ gain * from.re, gain * from.im };
    }
}

/* Of a half's kept amplitudes, those that see a place of the other half, or a cell of the lower one's. */
INLINE Cell *
find_lowers (const Work *self, gsize upper)
{
  return self->lowers + (upper >> count_unseen_bits (self->seam, 0)) * self->n_lower * self->n_branches;
}

INLINE Amplitude *
find_uppers (const Work *self, gsize lower)
{
  return self->uppers + (lower * LANES >> count_unseen_bits (self->seam, 1)) * self->n_upper * self->n_branches;
}

INLINE void
join (const Work *self, gsize n_branches, gsize begin, gsize end)
{
  for (gsize upper = begin; upper < end; upper += TILE_PLACES)
    for (gsize lower = 0; lower < self->n_lower; lower += TILE_PLACES)
      {
        Cell sums[TILE_PLACES][TILE_PLACES];

        join_tile (TRUE, n_branches, find_lowers (self, upper) + lower * n_branches,
                   find_uppers (self, lower) + upper * n_branches, sums);
#pragma GCC unroll 2
        for (gsize j = 0; j < TILE_PLACES; j++)
#pragma GCC unroll 2
          for (gsize i = 0; i < TILE_PLACES; i++)
            put (&self->state[(upper + j) * self->n_lower + lower + i], get (&sums[i][j]));
      }
}

/* The bra against the upper half, at some cells, takes the place of the lower half's. */
INLINE void
contract_upper (const Work *self, gsize n_branches, gsize n_tile, gsize lower, gsize branch)
{
  guint unseen = count_unseen_bits (self->seam, 0);

  for (gsize seen = 0; seen < self->n_upper >> unseen; seen++)
    {
      const Line line = { seen << unseen, (seen + 1) << unseen, self->n_lower, 1 };
      Cell *to = self->lowers + (seen * self->n_lower + lower) * n_branches + branch;
      Cell sums[TILE_PLACES][TILE_BRANCHES];

      contract_tile (TRUE, n_branches, n_tile, &line, self->state + lower, find_uppers (self, lower) + branch, sums);
      for (gsize i = 0; i < TILE_PLACES; i++)
        for (gsize b = 0; b < n_tile; b++)
          put (&to[i * n_branches + b], get (&sums[i][b]));
    }
}

/* And against the lower half, at some places, to the upper half's bra. */
INLINE void
contract_lower (const Work *self, gsize n_branches, gsize n_tile, gsize upper, gsize branch)
{
  const QrxSeam *seam = self->seam;
  gsize n_alike = self->n_lower >> seam->n_seen_bits[1];

  for (gsize seen = 0; seen < (gsize) 1 << seam->n_seen_bits[1]; seen++)
    {
      const Line line = { seen * n_alike, (seen + 1) * n_alike, 1, self->n_lower };
      Cell sums[TILE_PLACES][TILE_BRANCHES];

      contract_tile (FALSE, n_branches, n_tile, &line, self->state + upper * self->n_lower,
                     find_lowers (self, upper) + branch, sums);
      for (gsize i = 0; i < TILE_PLACES; i++)
        for (gsize b = 0; b < n_tile; b++)
          {
            gsize at = (seen * self->n_upper + upper + i) * n_branches + branch + b;
            Real gain = find_gain (self->evaluation, 1) * find_sign (seam, 1, at);

            put_amplitude (self->upper_bra, seam->cells[1][at ^ self->turned[1]],
                           (Amplitude){ (Real) (gain * sum_lanes (sums[i][b].re)), (Real) (gain * sum_lanes (sums[i][b].im)) });
          }
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
KERNEL (seam_gather_in_lanes) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint h, const Cell *end)
{
  const Work work = work_init (evaluation, block, NULL);

  if (h == 0)
    gather_lower (&work, end);
  else
    gather_upper (&work, end);
}

void
KERNEL (seam_forward_in_lanes) (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  Work work = work_init (evaluation, block, block->state);

  run_parts (evaluation, &work, work.n_upper, join_part);
}

/* The lower half's amplitudes are no longer needed when its bra takes their place. */
void
KERNEL (seam_backward_in_lanes) (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  Work work = work_init (evaluation, block, block->bra);

  work.upper_bra = block->parts[1]->bra;
  run_parts (evaluation, &work, work.n_upper, contract_lower_part);
  run_parts (evaluation, &work, work.n_lower, contract_upper_part);
}

void
KERNEL (seam_scatter_in_lanes) (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  const Work work = work_init (evaluation, block, NULL);
  const QrxSeam *seam = work.seam;
  Cell *bra = block->parts[0]->bra;
  Real gain_of_all = find_gain (evaluation, 0);

  for (gsize i = 0; i < count_amplitudes (seam, 0); i++)
    {
      gsize cell, lane = find_lane (&work, i, &cell);
      Real gain = gain_of_all * find_sign (seam, 0, i);

      put_amplitude (bra, seam->cells[0][i ^ work.turned[0]],
                     (Amplitude){ gain * work.lowers[cell].re[lane], gain * work.lowers[cell].im[lane] });
    }
}

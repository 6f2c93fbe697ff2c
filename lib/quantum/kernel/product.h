/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What putting a product state together and taking the bra apart have in common. With rows in the lanes, there is code without
 * what amplitudes there ask for. */
#pragma once

#include "quantum/kernel/template.h"

#define SMALL 4 /* qubits: so many have code of their own */
#define TOGETHER 4 /* of the upper half's places, which share what is loaded of the lower half */

/* Which lane bits are not in a vector's lanes, by their number: a part of the state. */
typedef struct {
  guint lane_bits; /* of the evaluation */
  guint minor_bits;
  guint32 minor;
} Part;

/* Of one half of a place's bits: where they begin, their number, and for each number of them, from its power of two on,
 * the products. */
typedef struct {
  guint first;
  guint n;
  Cell *products;
} Half;

/* Products of so many bits, from one on, and what follows them. */
INLINE Cell *
lay_halves (guint first, guint n_lower, guint n_upper, Cell *products, Half halves[2])
{
  halves[0] = (Half){ first, n_lower, products };
  halves[1] = (Half){ first + n_lower, n_upper, products + ((gsize) 2 << n_lower) };
  return halves[1].products + ((gsize) 2 << n_upper);
}

/* With amplitudes in the lanes, for some of the minor bits, whose products are a factor of the lower half's. */
INLINE void
split (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint32 minor, Half halves[2])
{
  const QrxProgram *program = evaluation->program;
  guint n = program->n_qubits - program->n_lane_bits, n_lower = n / 2, n_upper = n - n_lower;
  gsize size = ((gsize) 2 << n_lower) + ((gsize) 2 << n_upper);

  lay_halves (program->n_lane_bits, n_lower, n_upper, (Cell *) block->products + minor * size, halves);
}

/* There, after the products of all minor bits: sums for the upper half, and for each part of it sums for the lower one. */
INLINE Cell *
get_sums (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  Half halves[2];

  split (evaluation, block, (guint32) 1 << count_minor_bits (evaluation), halves);
  return halves[0].products;
}

/* A qubit's factors where the bit of a place is 0 and 1: with amplitudes in the lanes, lane bits may change it. */
INLINE void
spread_pair (const QrxEvaluation *evaluation, const QrxBlockMemory *block, Part part, guint bit, Cell factors[2])
{
  const Cell *pair = (const Cell *) block->chains + 2 * bit;
  guint32 mask = evaluation->program->parities[bit], lanes = part.minor << part.lane_bits;

  put (&factors[0], get (&pair[0]));
  put (&factors[1], get (&pair[1]));
  if (part.lane_bits == 0)
    return;
  mask &= ((guint32) 1 << evaluation->program->n_lane_bits) - 1;
  for (guint32 i = 0; i < LANES; i++)
    if (qrx_parity ((lanes | i) & mask) != 0)
      for (guint h = 0; h < 2; h++)
        {
          factors[h].re[i] = pair[1 - h].re[i];
          factors[h].im[i] = pair[1 - h].im[i];
        }
}
/* Some of the upper half's places with all of the lower one: where each one's cells begin, and what turns them, in bytes. */
typedef struct {
  char *begin[TOGETHER];
  gsize turn[TOGETHER];
} Strip;

INLINE Cell *
cell_of (const Strip *strip, gsize i, gsize lower)
{
  return (Cell *) (strip->begin[i] + (lower ^ strip->turn[i]));
}

INLINE Strip
lay_strip (gsize n, gboolean scattered, const Half halves[2], guint shift, gsize upper, Cell *cells)
{
  Strip strip;

#pragma GCC unroll 4
  for (gsize i = 0; i < n; i++)
    {
      gsize begin = (upper + i) << halves[0].n, turn = begin >> QRX_SCATTER_BITS & ((1u << QRX_SCATTER_BITS) - 1);

      strip.begin[i] = (char *) &cells[begin << shift];
      strip.turn[i] = scattered ? turn * sizeof (Cell) << shift : 0;
    }
  return strip;
}

/* What is done with rows in the lanes, to a team's states or bras; small states and scattered ones have code of their own. */
typedef void (*RowsFunc) (gboolean scattered, guint n_lower, guint n_upper, const QrxEvaluation *evaluation,
                          const QrxBlockMemory *block, Cell *cells);

INLINE void
run_rows (RowsFunc func, const QrxEvaluation *evaluation, const QrxBlockMemory *block, Cell *cells)
{
  guint n = evaluation->program->n_qubits;

  if (n == SMALL)
    func (FALSE, SMALL / 2, SMALL / 2, evaluation, block, cells);
  else if (evaluation->program->is_scattered)
    func (TRUE, n / 2, n - n / 2, evaluation, block, cells);
  else
    func (FALSE, n / 2, n - n / 2, evaluation, block, cells);
}

/* A pass over the upper half's places, in so many at once. */
typedef struct {
  Half halves[2];
  guint shift;
  gsize size;
  Cell *state;   /* or the bra */
  Cell *sums[2]; /* of the lower half's, those of each piece */
} Work;

INLINE gsize
run_pieces (const QrxEvaluation *evaluation, QrxPoolFunc func, Work *work)
{
  gsize upper_size = (gsize) 1 << work->halves[1].n, n = count_parts (evaluation, upper_size, 8);

  work->size = upper_size / n;
  qrx_pool_run (evaluation->pool, n, func, work);
  return n;
}

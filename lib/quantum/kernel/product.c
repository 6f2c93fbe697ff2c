/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The product state before the first entangler: pairs of amplitudes, one for each qubit, multiplied together. */
#include "quantum/kernel/product.h"

static Cell
multiply_lanes (const QrxEvaluation *evaluation, const QrxBlockMemory *block, Part part)
{
  Cell product = { splat (1), splat (0) }, factors[2];

  for (guint i = 0; i < evaluation->program->n_lane_bits; i++)
    {
      spread_pair (evaluation, block, part, evaluation->program->bits[i], factors);
      product = multiply (product, factors[0]);
    }
  return product;
}

/* Each product begins with what lies in the lanes, or, without that, as 1. */
INLINE void
multiply_half (const QrxEvaluation *evaluation, const QrxBlockMemory *block, Part part, const Half *half, const Cell *lanes)
{
  Cell *products = half->products, factors[2];
  guint n_done = lanes == NULL && half->n > 0 ? 1 : 0;

  put (&products[1], lanes != NULL ? get (lanes) : (Cell){ splat (1), splat (0) });
  if (n_done > 0)
    {
      spread_pair (evaluation, block, part, evaluation->program->bits[half->first], factors);
      put (&products[2], get (&factors[0]));
      put (&products[3], get (&factors[1]));
    }
  for (guint q = n_done; q < half->n; q++)
    {
      gsize size = (gsize) 1 << q;

      spread_pair (evaluation, block, part, evaluation->program->bits[half->first + q], factors);
      for (gsize k = 0; k < size; k++)
        {
          put (&products[2 * size + k], multiply (get (&products[size + k]), get (&factors[0])));
          put (&products[3 * size + k], multiply (get (&products[size + k]), get (&factors[1])));
        }
    }
}

/* n of the upper half's places. */
INLINE void
put_strip (gsize n, gboolean scattered, const Half halves[2], guint shift, gsize upper, Cell *state)
{
  gsize lower_size = (gsize) 1 << halves[0].n;
  const Cell *lower_products = halves[0].products + lower_size;
  const Cell *upper_products = halves[1].products + ((gsize) 1 << halves[1].n) + upper;
  Strip strip = lay_strip (n, scattered, halves, shift, upper, state);
  Cell factors[TOGETHER];

#pragma GCC unroll 4
  for (gsize i = 0; i < n; i++)
    put (&factors[i], get (&upper_products[i]));
  for (gsize lower = 0; lower < lower_size; lower++)
    {
      Cell product = get (&lower_products[lower]);

#pragma GCC unroll 4
      for (gsize i = 0; i < n; i++)
        put (cell_of (&strip, i, lower * sizeof (Cell) << shift), multiply (product, get (&factors[i])));
    }
}

/* Places of the upper half, from first to end. */
INLINE void
put_range (gboolean scattered, const Half halves[2], guint shift, gsize first, gsize end, Cell *state)
{
  if (end - first < TOGETHER)
    for (gsize upper = first; upper < end; upper++)
      put_strip (1, scattered, halves, shift, upper, state);
  else
    for (gsize upper = first; upper < end; upper += TOGETHER)
      put_strip (TOGETHER, scattered, halves, shift, upper, state);
}

static void
put_piece (gsize number, gpointer data)
{
  const Work *work = data;

  put_range (FALSE, work->halves, work->shift, number * work->size, (number + 1) * work->size, work->state);
}

/* With rows in the lanes: a team's blocks. */
INLINE void
put_rows (gboolean scattered, guint n_lower, guint n_upper, const QrxEvaluation *evaluation, const QrxBlockMemory *block,
          Cell *states)
{
  const Part all = { 0, 0, 0 };

  for (gsize b = 0; b < block->n_blocks; b++, states += (gsize) 1 << (n_lower + n_upper))
    {
      Half halves[2];

      lay_halves (0, n_lower, n_upper, block[b].products, halves);
      multiply_half (evaluation, &block[b], all, &halves[0], NULL);
      multiply_half (evaluation, &block[b], all, &halves[1], NULL);
      put_range (scattered, halves, 0, 0, (gsize) 1 << n_upper, states);
    }
}

/* With amplitudes there. */
static void
put_part (const QrxEvaluation *evaluation, const QrxBlockMemory *block, Part part, Cell *state)
{
  Work work = { .shift = part.minor_bits, .state = state + part.minor };
  Cell lanes;

  split (evaluation, block, part.minor, work.halves);
  put (&lanes, multiply_lanes (evaluation, block, part));
  multiply_half (evaluation, block, part, &work.halves[0], &lanes);
  multiply_half (evaluation, block, part, &work.halves[1], NULL);
  run_pieces (evaluation, put_piece, &work);
}

void
KERNEL (product_forward) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, Cell *states)
{
  guint lane_bits = evaluation->lane_bits, minor_bits = count_minor_bits (evaluation);

  KERNEL (make_pairs) (evaluation, block);
  if (lane_bits == 0)
    run_rows (put_rows, evaluation, block, states);
  else
    for (guint32 minor = 0; minor < (guint32) 1 << minor_bits; minor++)
      put_part (evaluation, block, (Part){ lane_bits, minor_bits, minor }, states);
}

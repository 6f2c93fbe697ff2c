/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bra of the product state before the first entangler, taken apart qubit by qubit. */
#include "quantum/kernel/product.h"

#include <string.h>

/* The bra against the products of either half, leaving the other, for n of the upper half's places; first: before others. */
INLINE void
contract_strip (gsize n, gboolean first, gboolean scattered, const Half halves[2], guint shift, gsize upper, Cell *bra,
                Cell *const sums[2])
{
  gsize lower_size = (gsize) 1 << halves[0].n;
  const Cell *lower_products = halves[0].products + lower_size;
  const Cell *factors = halves[1].products + ((gsize) 1 << halves[1].n) + upper;
  Strip strip = lay_strip (n, scattered, halves, shift, upper, bra);
  const Cell zero = { splat (0), splat (0) };
  Cell uppers[TOGETHER];

#pragma GCC unroll 4
  for (gsize i = 0; i < n; i++)
    put (&uppers[i], zero);
  for (gsize lower = 0; lower < lower_size; lower++)
    {
      Cell product = get (&lower_products[lower]), left = first ? zero : get (&sums[0][lower]);

#pragma GCC unroll 4
      for (gsize i = 0; i < n; i++)
        {
          Cell b = get (cell_of (&strip, i, lower * sizeof (Cell) << shift)), factor = get (&factors[i]);

          put (&uppers[i], multiply_conjugate_add (get (&uppers[i]), b, product));
          left = multiply_conjugate_add (left, b, factor);
        }
      put (&sums[0][lower], left);
    }
#pragma GCC unroll 4
  for (gsize i = 0; i < n; i++)
    put (&sums[1][upper + i], get (&uppers[i]));
}

INLINE void
contract_strips (gsize n, gboolean scattered, Cell *bra, guint shift, const Half halves[2], gsize first, gsize end,
                 Cell *const sums[2])
{
  contract_strip (n, TRUE, scattered, halves, shift, first, bra, sums);
  for (gsize upper = first + n; upper < end; upper += n)
    contract_strip (n, FALSE, scattered, halves, shift, upper, bra, sums);
}

INLINE void
contract_range (gboolean scattered, Cell *bra, guint shift, const Half halves[2], gsize first, gsize end,
                Cell *const sums[2])
{
  if (end - first < TOGETHER)
    contract_strips (1, scattered, bra, shift, halves, first, end, sums);
  else
    contract_strips (TOGETHER, scattered, bra, shift, halves, first, end, sums);
}

static void
contract_piece (gsize number, gpointer data)
{
  const Work *work = data;
  Cell *const sums[2] = { work->sums[0] + (number << work->halves[0].n), work->sums[1] };

  contract_range (FALSE, work->state, work->shift, work->halves, number * work->size, (number + 1) * work->size, sums);
}

static void
contract_pieces (const QrxEvaluation *evaluation, Work *work)
{
  gsize lower_size = (gsize) 1 << work->halves[0].n, n = run_pieces (evaluation, contract_piece, work);
  Cell *sums = work->sums[0];

  for (gsize i = lower_size; i < n * lower_size; i++)
    {
      Cell *to = &sums[i & (lower_size - 1)];

      put (to, (Cell){ to->re + sums[i].re, to->im + sums[i].im });
    }
}

/* Adds all lanes, each to the amplitude that it belongs to, into the first lane. */
static void
add_lanes (Part part, guint32 mask, const Cell from[2], Cell to[2])
{
  guint32 lanes = part.minor << part.lane_bits;

  for (guint32 i = 0; i < LANES; i++)
    for (guint h = 0; h < 2; h++)
      {
        guint at = h ^ qrx_parity ((lanes | i) & mask);

        to[at].re[0] += from[h].re[i];
        to[at].im[0] += from[h].im[i];
      }
}

/* Takes one half's sums apart, and returns what is left of them for the lanes. */
INLINE Cell
take_half_apart (const QrxEvaluation *evaluation, const QrxBlockMemory *block, Part part, const Half *half, Cell *sums,
                 Cell (*inner)[2])
{
  const QrxProgram *program = evaluation->program;

  for (guint q = half->n; q-- > 0;)
    {
      gsize size = (gsize) 1 << q;
      guint bit = program->bits[half->first + q];
      Cell parts[2] = { { splat (0), splat (0) }, { splat (0), splat (0) } }, factors[2];

      if (q == 0 && part.lane_bits == 0) /* the only product is 1 */
        {
          put (&inner[bit][0], get (&sums[0]));
          put (&inner[bit][1], get (&sums[1]));
          break;
        }
      spread_pair (evaluation, block, part, bit, factors);
      for (gsize k = 0; k < size; k++)
        {
          Cell b0 = get (&sums[k]), b1 = get (&sums[k + size]), product = get (&half->products[size + k]);

          put (&parts[0], multiply_conjugate_add (get (&parts[0]), b0, product));
          put (&parts[1], multiply_conjugate_add (get (&parts[1]), b1, product));
          put (&sums[k], multiply_conjugate_add (multiply_conjugate (b0, factors[0]), b1, factors[1]));
        }
      if (part.lane_bits == 0)
        for (guint h = 0; h < 2; h++)
          put (&inner[bit][h], get (&parts[h]));
      else
        add_lanes (part, program->parities[bit] & (((guint32) 1 << program->n_lane_bits) - 1), parts, inner[bit]);
    }
  return get (&sums[0]);
}

/* The qubits that lie in the lanes, from what the others left there. */
static void
take_lanes_apart (const QrxEvaluation *evaluation, const QrxBlockMemory *block, Part part, Cell left, Cell (*inner)[2])
{
  const QrxProgram *program = evaluation->program;

  for (guint i = 0; i < program->n_lane_bits; i++)
    {
      Cell parts[2] = { left, { splat (0), splat (0) } }, factors[2];

      for (guint j = 0; j < program->n_lane_bits; j++)
        if (j != i)
          {
            spread_pair (evaluation, block, part, program->bits[j], factors);
            parts[0] = multiply_conjugate (parts[0], factors[0]);
          }
      add_lanes (part, (guint32) 1 << i, parts, inner[program->bits[i]]);
    }
}

/* With rows in the lanes: a team's blocks. */
INLINE void
take_rows (gboolean scattered, guint n_lower, guint n_upper, const QrxEvaluation *evaluation, const QrxBlockMemory *block,
           Cell *bras)
{
  const Part all = { 0, 0, 0 };

  for (gsize b = 0; b < block->n_blocks; b++, bras += (gsize) 1 << (n_lower + n_upper))
    {
      Half halves[2];
      Cell *upper_sums = lay_halves (0, n_lower, n_upper, block[b].products, halves);
      Cell *const sums[2] = { upper_sums + ((gsize) 1 << n_upper), upper_sums };

      contract_range (scattered, bras, 0, halves, 0, (gsize) 1 << n_upper, sums);
      take_half_apart (evaluation, &block[b], all, &halves[0], sums[0], block[b].pairs);
      take_half_apart (evaluation, &block[b], all, &halves[1], sums[1], block[b].pairs);
    }
}

/* With amplitudes there. */
static void
take_part (const QrxEvaluation *evaluation, const QrxBlockMemory *block, Part part, Cell *bra)
{
  Work work = { .shift = part.minor_bits, .state = bra + part.minor };
  Cell left;

  work.sums[1] = get_sums (evaluation, block);
  split (evaluation, block, part.minor, work.halves);
  work.sums[0] = work.sums[1] + ((gsize) 1 << work.halves[1].n);
  contract_pieces (evaluation, &work);
  left = take_half_apart (evaluation, block, part, &work.halves[0], work.sums[0], block->pairs);
  take_half_apart (evaluation, block, part, &work.halves[1], work.sums[1], block->pairs);
  take_lanes_apart (evaluation, block, part, left, block->pairs);
}

/* Takes bras apart as kets were put together. */
void
KERNEL (product_backward) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, Cell *bras)
{
  guint lane_bits = evaluation->lane_bits, minor_bits = count_minor_bits (evaluation);

  if (lane_bits == 0)
    run_rows (take_rows, evaluation, block, bras);
  else
    {
      memset (block->pairs, 0, evaluation->program->n_qubits * 2 * sizeof (Cell));
      for (guint32 minor = 0; minor < (guint32) 1 << minor_bits; minor++)
        take_part (evaluation, block, (Part){ lane_bits, minor_bits, minor }, bras);
    }
  KERNEL (differentiate_pairs) (evaluation, block);
}

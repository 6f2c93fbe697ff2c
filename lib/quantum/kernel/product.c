/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The product state before the first entangler: single qubits are turned one by one and multiplied together once. */
#include "quantum/kernel/template.h"

#include <string.h>

typedef enum { X, Y, Z } Axis;

INLINE Axis
axis_of (const QrxRotation *rotation)
{
  return rotation->x == 0 ? Z : rotation->z != 0 ? Y : X;
}

/* What a chain of rotations makes of a qubit that is |0⟩. */
static void
make_pair (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint bit)
{
  const QrxProgram *program = evaluation->program;
  Cell *pair = (Cell *) block->chains + 2 * bit, a = { splat (1), splat (0) }, b = { splat (0), splat (0) };

  for (guint i = program->chain[bit]; i < program->chain[bit + 1]; i++)
    {
      const QrxRotation *rotation = &g_array_index (program->rotations, QrxRotation, i);
      const Vector *factors = factors_of (evaluation, block, rotation);
      Vector c = factors[0], s = factors[1];
      Cell u = a, v = b;

      switch (axis_of (rotation))
        {
        case Z:
          a = (Cell){ c * u.re + s * u.im, c * u.im - s * u.re };
          b = (Cell){ c * v.re - s * v.im, c * v.im + s * v.re };
          break;
        case Y:
          a = (Cell){ c * u.re - s * v.re, c * u.im - s * v.im };
          b = (Cell){ c * v.re + s * u.re, c * v.im + s * u.im };
          break;
        case X:
        default:
          a = (Cell){ c * u.re + s * v.im, c * u.im - s * v.re };
          b = (Cell){ c * v.re + s * u.im, c * v.im - s * u.re };
          break;
        }
    }
  put (&pair[0], a);
  put (&pair[1], b);
}

/* What Im <bra| P |ket> was for two of X, Y and Z before a rotation around the third. */
INLINE void
turn_back (const Vector *factors, Vector *one, Vector *other)
{
  Vector twice = 2 * factors[1], s = twice * factors[0], c = 1 - twice * factors[1], u = *one, v = *other;

  *one = c * u + s * v;
  *other = c * v - s * u;
}

/* Im <bra| P |ket> for each rotation of a chain, from those for X, Y and Z after it. */
static void
differentiate_chain (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint bit, const Cell bra[2])
{
  const QrxProgram *program = evaluation->program;
  const Cell *ket = (const Cell *) block->chains + 2 * bit;
  Cell b0 = get (&bra[0]), b1 = get (&bra[1]), k0 = get (&ket[0]), k1 = get (&ket[1]);
  Vector x = b0.re * k1.im - b0.im * k1.re + b1.re * k0.im - b1.im * k0.re;
  Vector y = b1.re * k0.re + b1.im * k0.im - b0.re * k1.re - b0.im * k1.im;
  Vector z = b0.re * k0.im - b0.im * k0.re - b1.re * k1.im + b1.im * k1.re;

  for (guint i = program->chain[bit + 1]; i-- > program->chain[bit];)
    {
      const QrxRotation *rotation = &g_array_index (program->rotations, QrxRotation, i);
      const Vector *factors = factors_of (evaluation, block, rotation);
      Vector *gradient = (Vector *) block->gradients + i;

      switch (axis_of (rotation))
        {
        case Z:
          *gradient = z;
          turn_back (factors, &x, &y);
          break;
        case Y:
          *gradient = y;
          turn_back (factors, &z, &x);
          break;
        case X:
        default:
          *gradient = x;
          turn_back (factors, &y, &z);
          break;
        }
    }
}

/* Of one half of a place's bits: where they begin, their number, and for each number of them, from its power of two on,
 * the products. */
typedef struct {
  guint first;
  guint n;
  Cell *products;
} Half;

/* The lower half's products have what lies in the lanes as a factor. */
static void
split (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint32 minor, Half halves[2])
{
  const QrxProgram *program = evaluation->program;
  guint n = program->n_qubits - program->n_lane_bits, n_lower = n / 2, n_upper = n - n_lower;
  gsize lower_size = (gsize) 2 << n_lower, upper_size = (gsize) 2 << n_upper;
  Cell *products = (Cell *) block->products + minor * (lower_size + upper_size);

  halves[0] = (Half){ program->n_lane_bits, n_lower, products };
  halves[1] = (Half){ program->n_lane_bits + n_lower, n_upper, products + lower_size };
}

/* After the products of all minor bits: a vector of sums for each half. */
static Cell *
get_sums (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  Half halves[2];

  split (evaluation, block, (guint32) 1 << count_minor_bits (evaluation), halves);
  return halves[0].products;
}

/* A qubit's factors where the bit of a place is 0 and 1: with amplitudes in the lanes, lane bits may change it. */
INLINE void
spread_pair (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint bit, guint32 minor, Cell factors[2])
{
  const Cell *pair = (const Cell *) block->chains + 2 * bit;
  guint32 mask = evaluation->program->parities[bit], lanes = minor << evaluation->lane_bits;

  put (&factors[0], get (&pair[0]));
  put (&factors[1], get (&pair[1]));
  if (evaluation->lane_bits == 0)
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

static Cell
multiply_lanes (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint32 minor)
{
  Cell product = { splat (1), splat (0) }, factors[2];

  for (guint i = 0; i < evaluation->program->n_lane_bits; i++)
    {
      spread_pair (evaluation, block, evaluation->program->bits[i], minor, factors);
      product = multiply (product, factors[0]);
    }
  return product;
}

static void
multiply_half (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint32 minor, const Half *half)
{
  Cell *products = half->products, factors[2];

  for (guint q = 0; q < half->n; q++)
    {
      gsize size = (gsize) 1 << q;

      spread_pair (evaluation, block, evaluation->program->bits[half->first + q], minor, factors);
      for (gsize k = 0; k < size; k++)
        {
          put (&products[2 * size + k], multiply (get (&products[size + k]), get (&factors[0])));
          put (&products[3 * size + k], multiply (get (&products[size + k]), get (&factors[1])));
        }
    }
}

void
KERNEL (product_forward) (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  QrxProgram *program = evaluation->program;
  guint minor_bits = count_minor_bits (evaluation);
  Cell *state = block->state;

  for (guint bit = 0; bit < program->n_qubits; bit++)
    make_pair (evaluation, block, bit);
  for (guint32 minor = 0; minor < (guint32) 1 << minor_bits; minor++)
    {
      Half halves[2];
      gsize sizes[2];

      split (evaluation, block, minor, halves);
      halves[0].products[1] = multiply_lanes (evaluation, block, minor);
      halves[1].products[1] = (Cell){ splat (1), splat (0) };
      for (guint h = 0; h < 2; h++)
        {
          multiply_half (evaluation, block, minor, &halves[h]);
          sizes[h] = (gsize) 1 << halves[h].n;
        }
      for (gsize upper = 0; upper < sizes[1]; upper++)
        {
          Cell factor = get (&halves[1].products[sizes[1] + upper]);
          Cell *to = state + ((upper * sizes[0]) << minor_bits) + minor;

          for (gsize lower = 0; lower < sizes[0]; lower++)
            put (&to[lower << minor_bits], multiply (get (&halves[0].products[sizes[0] + lower]), factor));
        }
    }
}

/* The bra against the products of either half, leaving the other; for each upper place and the next. */
INLINE void
contract_two (gsize n, const Cell *bra, guint shift, gsize lower_size, const Cell *lower_products,
              const Cell *upper_products, Cell *lower_sums, Cell *upper_sums)
{
  Cell sums[2] = { { splat (0), splat (0) }, { splat (0), splat (0) } };

  for (gsize lower = 0; lower < lower_size; lower++)
    {
      Cell product = get (&lower_products[lower]), left = get (&lower_sums[lower]);

#pragma GCC unroll 2
      for (gsize i = 0; i < n; i++)
        {
          Cell b = get (&bra[(i * lower_size + lower) << shift]), factor = get (&upper_products[i]);

          sums[i].re += b.re * product.re;
          sums[i].re += b.im * product.im;
          sums[i].im += b.im * product.re;
          sums[i].im -= b.re * product.im;
          left.re += b.re * factor.re;
          left.re += b.im * factor.im;
          left.im += b.im * factor.re;
          left.im -= b.re * factor.im;
        }
      put (&lower_sums[lower], left);
    }
  for (gsize i = 0; i < n; i++)
    put (&upper_sums[i], get (&sums[i]));
}

static void
contract (const Cell *bra, guint shift, const Half halves[2], Cell *const sums[2])
{
  gsize lower_size = (gsize) 1 << halves[0].n, upper_size = (gsize) 1 << halves[1].n;
  const Cell *lower_products = halves[0].products + lower_size, *upper_products = halves[1].products + upper_size;

  for (gsize lower = 0; lower < lower_size; lower++)
    put (&sums[0][lower], (Cell){ splat (0), splat (0) });
  if (upper_size == 1)
    contract_two (1, bra, shift, lower_size, lower_products, upper_products, sums[0], sums[1]);
  for (gsize upper = 0; upper_size > 1 && upper < upper_size; upper += 2)
    contract_two (2, bra + ((upper * lower_size) << shift), shift, lower_size, lower_products, upper_products + upper,
                  sums[0], sums[1] + upper);
}

/* What multiplies the two amplitudes of each qubit: a row in each lane, or one in the first lane. */
typedef struct {
  Cell pairs[QRX_CIRCUIT_MAX_QUBITS][2];
} Inner;

/* Adds all lanes, each to the amplitude that it belongs to, into the first lane. */
static void
add_lanes (const QrxEvaluation *evaluation, guint32 mask, guint32 minor, const Cell from[2], Cell to[2])
{
  guint32 lanes = minor << evaluation->lane_bits;

  for (guint32 i = 0; i < LANES; i++)
    for (guint h = 0; h < 2; h++)
      {
        guint at = h ^ qrx_parity ((lanes | i) & mask);

        to[at].re[0] += from[h].re[i];
        to[at].im[0] += from[h].im[i];
      }
}

/* Takes one half's sums apart, and returns what is left of them. */
static Cell
take_apart (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint32 minor, const Half *half, Cell *sums,
            Inner *inner)
{
  const QrxProgram *program = evaluation->program;

  for (guint q = half->n; q-- > 0;)
    {
      gsize size = (gsize) 1 << q;
      guint bit = program->bits[half->first + q];
      Cell parts[2] = { { splat (0), splat (0) }, { splat (0), splat (0) } }, factors[2];

      spread_pair (evaluation, block, bit, minor, factors);
      for (gsize k = 0; k < size; k++)
        {
          Cell b0 = get (&sums[k]), b1 = get (&sums[k + size]), product = get (&half->products[size + k]);
          Cell p0 = multiply_conjugate (b0, product), p1 = multiply_conjugate (b1, product);
          Cell m0 = multiply_conjugate (b0, factors[0]), m1 = multiply_conjugate (b1, factors[1]);

          parts[0] = (Cell){ parts[0].re + p0.re, parts[0].im + p0.im };
          parts[1] = (Cell){ parts[1].re + p1.re, parts[1].im + p1.im };
          put (&sums[k], (Cell){ m0.re + m1.re, m0.im + m1.im });
        }
      if (evaluation->lane_bits == 0)
        memcpy (inner->pairs[bit], parts, sizeof parts);
      else
        add_lanes (evaluation, program->parities[bit] & (((guint32) 1 << program->n_lane_bits) - 1), minor, parts,
                   inner->pairs[bit]);
    }
  return get (&sums[0]);
}

/* The qubits that lie in the lanes, from what the others left there. */
static void
take_lanes_apart (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint32 minor, Cell left, Inner *inner)
{
  const QrxProgram *program = evaluation->program;

  for (guint i = 0; i < program->n_lane_bits; i++)
    {
      Cell parts[2] = { left, { splat (0), splat (0) } }, factors[2];

      for (guint j = 0; j < program->n_lane_bits; j++)
        if (j != i)
          {
            spread_pair (evaluation, block, program->bits[j], minor, factors);
            parts[0] = multiply_conjugate (parts[0], factors[0]);
          }
      add_lanes (evaluation, (guint32) 1 << i, minor, parts, inner->pairs[program->bits[i]]);
    }
}

/* Takes the bra apart as the ket was put together. */
void
KERNEL (product_backward) (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  QrxProgram *program = evaluation->program;
  guint minor_bits = count_minor_bits (evaluation);
  const Cell *bra = block->bra;
  Inner inner;
  Half halves[2];

  if (evaluation->lane_bits > 0)
    memset (&inner, 0, sizeof inner);
  for (guint32 minor = 0; minor < (guint32) 1 << minor_bits; minor++)
    {
      Cell *sums[2], left;

      split (evaluation, block, minor, halves);
      sums[0] = get_sums (evaluation, block);
      sums[1] = sums[0] + ((gsize) 1 << halves[0].n);
      contract (bra + minor, minor_bits, halves, sums);
      left = take_apart (evaluation, block, minor, &halves[0], sums[0], &inner);
      take_apart (evaluation, block, minor, &halves[1], sums[1], &inner);
      take_lanes_apart (evaluation, block, minor, left, &inner);
    }
  for (guint bit = 0; bit < program->n_qubits; bit++)
    differentiate_chain (evaluation, block, bit, inner.pairs[bit]);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Up to three rotations on a group of cells in registers, and their derivatives: what sweeps are made of. Everything is
 * inlined, so that there is code without choices for what is common. */
#pragma once

#include "quantum/kernel/template.h"

#define GROUP_MAX 3
#define GROUP_MAX_CELLS (1 << GROUP_MAX)

typedef enum { IMAGINARY, REAL, UNITARY_IMAGINARY, UNITARY_REAL } Kind;

/* Cells of a coset and where they are: in the state, or in order in the buffer. */
typedef struct {
  Cell *cells;
  const gsize *hops;    /* for each of the coset, exclusive or with its beginning, in bytes; NULL for a buffer */
  gboolean crosses;     /* its cells change lanes */
} Side;

/* What a pass' rotations have in common, so that there is code without choices for most. */
typedef enum {
  ALL_REAL,      /* in tangent form, signs uniform */
  ALL_IMAGINARY, /* likewise */
  MIXED,
  N_VARIANTS
} Variant;

typedef struct {
  const QrxEvaluation *evaluation;
  const QrxSweep *sweep;
  gsize hops[QRX_SWEEP_MAX_CELLS];
  guint32 lanes[QRX_SWEEP_MAX_CELLS]; /* of each, exclusive or with the number of a lane */
  Places places[LANES];               /* for each of these numbers */
  const Vector *factors[QRX_SWEEP_MAX]; /* positive, negative; before them the cosine */
  Kind kinds[QRX_SWEEP_MAX];
  guint negative;                       /* 1 for the adjoint */
  guint signs[QRX_SWEEP_MAX];           /* of the coset at hand */
  gconstpointer table;                  /* of a diagonal on the way in; of its adjoint on the way out if there is a ket */
  const Cell *ket;
  Vector *field;
  Vector sums[QRX_SWEEP_MAX];
} Pass;

/* Cell c of the coset that begins k bytes into the state. */
INLINE Cell *
cell_of (const Side *side, gsize k, guint c)
{
  return side->hops != NULL ? (Cell *) ((char *) side->cells + (k ^ side->hops[c])) : &side->cells[c];
}

/* exp(-i a P) on a pair, up to a scale; s carries the sign of the pair's first cell. */
INLINE void
turn (Kind kind, Vector c, Vector s, Cell *a, Cell *b)
{
  Cell u = *a, v = *b;

  switch (kind)
    {
    case REAL:
      *a = (Cell){ u.re - s * v.re, u.im - s * v.im };
      *b = (Cell){ v.re + s * u.re, v.im + s * u.im };
      break;
    case IMAGINARY:
      *a = (Cell){ u.re + s * v.im, u.im - s * v.re };
      *b = (Cell){ v.re + s * u.im, v.im - s * u.re };
      break;
    case UNITARY_REAL:
      *a = (Cell){ c * u.re - s * v.re, c * u.im - s * v.im };
      *b = (Cell){ c * v.re + s * u.re, c * v.im + s * u.im };
      break;
    case UNITARY_IMAGINARY:
    default:
      *a = (Cell){ c * u.re + s * v.im, c * u.im - s * v.re };
      *b = (Cell){ c * v.re + s * u.im, c * v.im - s * u.re };
      break;
    }
}

/* One rotation on a group; bits tell the signs of its pairs. */
INLINE void
turn_group (Kind kind, guint n, guint r, gboolean uniform, const Vector *factors, guint negative, guint64 bits,
            guint stride, Cell *cells)
{
  Vector c = factors[-1], s = factors[negative];

#pragma GCC unroll 8
  for (guint i = 0; i < 1u << n; i++)
    if ((i >> r & 1) == 0)
      turn (kind, c, uniform ? s : factors[negative ^ (guint) (bits >> i * stride & 1)], &cells[i], &cells[i | 1u << r]);
}

/* The rotations first … first + n - 1 of the sweep; from and stride say which of the coset's cells the group has. */
INLINE void
rotate_group (guint n, Variant variant, const Pass *pass, guint first, guint from, guint stride, Cell *cells)
{
#pragma GCC unroll 3
  for (guint r = 0; r < n; r++)
    {
      const Vector *factors = pass->factors[first + r];
      guint negative = pass->signs[first + r] ^ pass->negative;
      guint64 bits = variant != MIXED ? 0 : pass->sweep->signs[first + r] >> from;

      if (variant == ALL_REAL)
        turn_group (REAL, n, r, TRUE, factors, negative, 0, stride, cells);
      else if (variant == ALL_IMAGINARY)
        turn_group (IMAGINARY, n, r, TRUE, factors, negative, 0, stride, cells);
      else if (pass->kinds[first + r] == REAL)
        turn_group (REAL, n, r, FALSE, factors, negative, bits, stride, cells);
      else if (pass->kinds[first + r] == IMAGINARY)
        turn_group (IMAGINARY, n, r, FALSE, factors, negative, bits, stride, cells);
      else if (pass->kinds[first + r] == UNITARY_REAL)
        turn_group (UNITARY_REAL, n, r, FALSE, factors, negative, bits, stride, cells);
      else
        turn_group (UNITARY_IMAGINARY, n, r, FALSE, factors, negative, bits, stride, cells);
    }
}

INLINE Cell
change_lanes (const Pass *pass, guint c, Cell cell)
{
  Places places = pass->places[pass->lanes[c]];

  return (Cell){ permute (cell.re, places), permute (cell.im, places) };
}

INLINE void
load_group (guint n, const Pass *pass, const Side *side, gsize k, guint from, guint stride, gboolean with_table,
            Cell *cells)
{
#pragma GCC unroll 8
  for (guint i = 0; i < 1u << n; i++)
    cells[i] = *cell_of (side, k, from + i * stride);
  if (with_table && side->hops != NULL)
    {
#pragma GCC unroll 8
      for (guint i = 0; i < 1u << n; i++)
        cells[i] = multiply (cells[i], phase_at (pass->evaluation, pass->table,
                                                 (k ^ side->hops[from + i * stride]) / sizeof (Cell)));
    }
  if (side->crosses)
    {
#pragma GCC unroll 8
      for (guint i = 0; i < 1u << n; i++)
        cells[i] = change_lanes (pass, from + i * stride, cells[i]);
    }
}

INLINE void
store_group (guint n, const Pass *pass, const Side *side, gsize k, guint from, guint stride, gboolean with_table,
             Cell *cells)
{
  if (side->crosses)
    {
#pragma GCC unroll 8
      for (guint i = 0; i < 1u << n; i++)
        cells[i] = change_lanes (pass, from + i * stride, cells[i]);
    }
  if (with_table && side->hops != NULL)
    {
#pragma GCC unroll 8
      for (guint i = 0; i < 1u << n; i++)
        {
          gsize at = (k ^ side->hops[from + i * stride]) / sizeof (Cell);

          cells[i] = multiply_conjugate (cells[i], phase_at (pass->evaluation, pass->table, at));
          pass->field[at] = cells[i].re * pass->ket[at].im - cells[i].im * pass->ket[at].re;
        }
    }
#pragma GCC unroll 8
  for (guint i = 0; i < 1u << n; i++)
    *cell_of (side, k, from + i * stride) = cells[i];
}

static const Real one_or_minus_one[2] = { 1, -1 };

/* The pair's part of Im <bra| P |ket>, without the sign of its first cell. */
INLINE Vector
overlap (gboolean real, const Cell *bra_a, const Cell *bra_b, const Cell *ket_a, const Cell *ket_b)
{
  if (real)
    return bra_b->re * ket_a->re + bra_b->im * ket_a->im - bra_a->re * ket_b->re - bra_a->im * ket_b->im;
  return bra_a->re * ket_b->im - bra_a->im * ket_b->re + bra_b->re * ket_a->im - bra_b->im * ket_a->re;
}

INLINE Vector
overlap_group (gboolean real, guint n, guint r, gboolean uniform, guint64 bits, guint stride, const Cell *bra,
               const Cell *const *ket)
{
  Vector parts[2];
  guint started = 0;

#pragma GCC unroll 8
  for (guint i = 0; i < 1u << n; i++)
    if ((i >> r & 1) == 0)
      {
        Vector part = overlap (real, &bra[i], &bra[i | 1u << r], ket[i], ket[i | 1u << r]);

        guint chain = i >> (r == 0 ? 1 : 0) & 1;

        if (!uniform)
          part *= one_or_minus_one[bits >> i * stride & 1];
        parts[chain] = started >> chain & 1 ? parts[chain] + part : part; /* 0 + part is not part, if that is -0 */
        started |= 1u << chain;
      }
  return n > 1 ? parts[0] + parts[1] : parts[0];
}

INLINE void
differentiate_group (guint n, Variant variant, Pass *pass, guint first, guint from, guint stride, const Cell *bra,
                     const Cell *const *ket)
{
#pragma GCC unroll 3
  for (guint r = 0; r < n; r++)
    {
      guint64 bits = variant != MIXED ? 0 : pass->sweep->signs[first + r] >> from;
      Vector part;

      if (variant == ALL_REAL)
        part = overlap_group (TRUE, n, r, TRUE, 0, stride, bra, ket);
      else if (variant == ALL_IMAGINARY)
        part = overlap_group (FALSE, n, r, TRUE, 0, stride, bra, ket);
      else if ((pass->kinds[first + r] & 1) != 0)
        part = overlap_group (TRUE, n, r, FALSE, bits, stride, bra, ket);
      else
        part = overlap_group (FALSE, n, r, FALSE, bits, stride, bra, ket);
      pass->sums[first + r] += one_or_minus_one[pass->signs[first + r]] * part;
    }
}

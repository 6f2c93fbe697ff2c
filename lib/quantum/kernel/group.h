/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Up to three rotations on a group of cells in registers, and their derivatives: what sweeps are made of. Everything is
 * inlined, so that there is code without choices for what is common. */
#pragma once

#include "quantum/kernel/template.h"

#define GROUP_MAX QRX_SMALL_SWEEP_MAX
#define GROUP_MAX_CELLS (1 << GROUP_MAX)
#define CELL_SHIFT __builtin_ctzl (sizeof (Cell))

typedef enum { IMAGINARY, REAL, UNITARY_IMAGINARY, UNITARY_REAL } Kind;

/* Cells: a state's, of which a coset's lie where it begins, exclusive or with hops, in bytes; or a buffer's, in order. */
typedef struct {
  char *cells;
  const gsize *hops; /* NULL in a buffer, which holds one coset */
} Side;

/* A coset's signs, one for each rotation of a group. */
typedef struct {
  gsize signs[GROUP_MAX];
} Signs;

/* Some of a coset's cells, each in a register: a sweep's rotations from first on turn them. */
typedef struct {
  guint n; /* rotations */
  guint first;
  guint from;   /* the first of the cells */
  guint stride; /* to the next */
} Group;

/* What a pass' rotations have in common, so that there is code without choices for most. */
typedef enum {
  ALL_REAL = QRX_SWEEP_REAL,
  ALL_IMAGINARY = QRX_SWEEP_IMAGINARY,
  MIXED = QRX_SWEEP_MIXED,
  N_VARIANTS
} Variant;

typedef struct {
  const QrxEvaluation *evaluation;
  const QrxSweep *sweep;
  gsize hops[QRX_SWEEP_MAX_CELLS];      /* in a state */
  Shuffle lanes[QRX_SWEEP_MAX_CELLS];   /* of each, exclusive or with the number of a lane */
  const Vector *factors[QRX_SWEEP_MAX]; /* for a positive and a negative sign; before them the cosine */
  gsize z[QRX_SWEEP_MAX]; /* masks of bytes into the state */
  gsize pivots;           /* likewise, the lower bits of a cell's place included */
  gsize negative;         /* 1 for the adjoint */
  const char *table;      /* of a diagonal, on the way in; of its adjoint on the way back */
  char *field;
} Pass;

/* exp(-i a P) on a pair, up to a scale; s carries the sign of the pair's first cell. */
INLINE void
turn (Kind kind, Vector c, Vector s, Cell *a, Cell *b)
{
  Cell u = get (a), v = get (b);

  switch (kind)
    {
    case REAL:
      put (a, (Cell){ u.re - s * v.re, u.im - s * v.im });
      put (b, (Cell){ v.re + s * u.re, v.im + s * u.im });
      break;
    case IMAGINARY:
      put (a, (Cell){ u.re + s * v.im, u.im - s * v.re });
      put (b, (Cell){ v.re + s * u.im, v.im - s * u.re });
      break;
    case UNITARY_REAL:
      put (a, (Cell){ c * u.re - s * v.re, c * u.im - s * v.im });
      put (b, (Cell){ c * v.re + s * u.re, c * v.im + s * u.im });
      break;
    case UNITARY_IMAGINARY:
    default:
      put (a, (Cell){ c * u.re + s * v.im, c * u.im - s * v.re });
      put (b, (Cell){ c * v.re + s * u.im, c * v.im - s * u.re });
      break;
    }
}

static const Real one_or_minus_one[2] = { 1, -1 };

/* The same for all of a group's pairs, whose signs are those of their coset. */
INLINE Vector
factor_of (const Pass *pass, const Signs *signs, const Group *group, guint r)
{
  return pass->factors[group->first + r][signs->signs[r] ^ pass->negative];
}

/* Where a group's cells are, in bytes. */
INLINE void
find_places (gboolean buffer, const Side *side, const Group *group, gsize k, gsize *places)
{
#pragma GCC unroll 8
  for (guint i = 0; i < 1u << group->n; i++)
    {
      gsize cell = group->from + i * group->stride;

      places[i] = buffer ? cell * sizeof (Cell) : k ^ side->hops[cell];
    }
}

INLINE Vector *
real_at (const Side *side, gsize place, guint which)
{
  return (Vector *) (side->cells + place) + which;
}

/* With amplitudes in the lanes, a cell's lanes change between a state and a buffer. */
INLINE Vector
change_lanes (const Pass *pass, gboolean changes, const Group *group, guint i, Vector real)
{
  if (!changes)
    return real;
  return permute (real, pass->lanes[group->from + i * group->stride]);
}

INLINE Cell
load_cell (const Pass *pass, gboolean changes, const Side *side, const Group *group, guint i, gsize place)
{
  return (Cell){ change_lanes (pass, changes, group, i, *real_at (side, place, 0)),
                 change_lanes (pass, changes, group, i, *real_at (side, place, 1)) };
}

INLINE void
store_cell (const Pass *pass, gboolean changes, const Side *side, const Group *group, guint i, gsize place, Cell cell)
{
  *real_at (side, place, 0) = change_lanes (pass, changes, group, i, cell.re);
  *real_at (side, place, 1) = change_lanes (pass, changes, group, i, cell.im);
}

/* A diagonal's entry for the cell at a place. */
INLINE Cell
table_entry (const Pass *pass, gsize place)
{
  return get ((const Cell *) (pass->table + place));
}

INLINE Cell
load_with_table (const Pass *pass, gboolean changes, const Side *side, const Group *group, guint i, gsize place)
{
  Cell cell = multiply ((Cell){ *real_at (side, place, 0), *real_at (side, place, 1) },
                        table_entry (pass, place));

  return (Cell){ change_lanes (pass, changes, group, i, cell.re), change_lanes (pass, changes, group, i, cell.im) };
}

/* One rotation on a group; bits tell the signs of its pairs. */
INLINE void
turn_group (Kind kind, guint n, guint r, const Vector *factors, gsize negative, guint64 bits, guint stride, Cell *cells)
{
#pragma GCC unroll 8
  for (guint i = 0; i < 1u << n; i++)
    if ((i >> r & 1) == 0)
      turn (kind, factors[-1], factors[negative ^ (bits >> i * stride & 1)], &cells[i], &cells[i | 1u << r]);
}

/* Any rotations, cell by cell. */
INLINE void
rotate_cells (const Group *group, const Pass *pass, const Signs *signs, Cell *cells)
{
#pragma GCC unroll 3
  for (guint r = 0; r < group->n; r++)
    {
      guint at = group->first + r;
      const Vector *factors = pass->factors[at];
      gsize negative = signs->signs[r] ^ pass->negative;
      guint64 bits = pass->sweep->signs[at] >> group->from;
      Kind kind = (Kind) pass->sweep->kinds[at];

      if (kind == REAL)
        turn_group (REAL, group->n, r, factors, negative, bits, group->stride, cells);
      else if (kind == IMAGINARY)
        turn_group (IMAGINARY, group->n, r, factors, negative, bits, group->stride, cells);
      else if (kind == UNITARY_REAL)
        turn_group (UNITARY_REAL, group->n, r, factors, negative, bits, group->stride, cells);
      else
        turn_group (UNITARY_IMAGINARY, group->n, r, factors, negative, bits, group->stride, cells);
    }
}

/* The pair's part of Im <bra| P |ket>, without the sign of its first cell. */
INLINE Vector
overlap (gboolean real, const Cell *bra_a, const Cell *bra_b, const Vector *ket_a, const Vector *ket_b)
{
  if (real)
    return bra_b->re * ket_a[0] + bra_b->im * ket_a[1] - bra_a->re * ket_b[0] - bra_a->im * ket_b[1];
  return bra_a->re * ket_b[1] - bra_a->im * ket_b[0] + bra_b->re * ket_a[1] - bra_b->im * ket_a[0];
}

INLINE Vector
overlap_one (gboolean real, guint n, guint r, guint64 bits, guint stride, const Cell *bra, const Side *ket,
             const gsize *places)
{
  Vector parts[2];
  guint started = 0;

#pragma GCC unroll 8
  for (guint i = 0; i < 1u << n; i++)
    if ((i >> r & 1) == 0)
      {
        Vector pair = overlap (real, &bra[i], &bra[i | 1u << r], real_at (ket, places[i], 0),
                               real_at (ket, places[i | 1u << r], 0)) *
                      one_or_minus_one[bits >> i * stride & 1];
        guint chain = i >> (r == 0 ? 1 : 0) & 1;

        parts[chain] = started >> chain & 1 ? parts[chain] + pair : pair; /* 0 + x is not x, if that is -0 */
        started |= 1u << chain;
      }
  return n > 1 ? parts[0] + parts[1] : parts[0];
}

INLINE void
overlap_cells (const Group *group, const Pass *pass, const Signs *signs, const Cell *bra, const Side *ket,
               const gsize *places, Vector *totals)
{
#pragma GCC unroll 3
  for (guint r = 0; r < group->n; r++)
    {
      guint at = group->first + r;
      guint64 bits = pass->sweep->signs[at] >> group->from;
      Vector sum = (pass->sweep->kinds[at] & 1) != 0
                     ? overlap_one (TRUE, group->n, r, bits, group->stride, bra, ket, places)
                     : overlap_one (FALSE, group->n, r, bits, group->stride, bra, ket, places);

      totals[at] += one_or_minus_one[signs->signs[r]] * sum;
    }
}

/* Rotations of one kind in tangent form split a group's reals into two planes that do not mix: the real and the imaginary
 * parts, or, for an imaginary kind, either in turns. A plane of eight fits AVX2's sixteen registers beside its factors,
 * cells do not. */
INLINE guint
part_of (Variant variant, guint i, guint plane)
{
  return variant == ALL_IMAGINARY ? plane ^ ((guint) __builtin_popcount (i) & 1) : plane;
}

/* Whether the pair that begins with cell i is turned by u + s v, v - s u; else by u - s v, v + s u. */
INLINE gboolean
adds (Variant variant, guint i, guint plane)
{
  return variant == ALL_IMAGINARY && part_of (variant, i, plane) == 0;
}

/* n rotations on one plane, by their factors. What is stored soon after takes from some processors (Zen 3) half of what they
 * multiply and add at once; so half of the last rotation does either by itself. */
INLINE void
turn_plane (Variant variant, guint plane, guint n, const Vector *factors, Vector *reals)
{
#pragma GCC unroll 3
  for (guint r = 0; r < n; r++)
#pragma GCC unroll 8
    for (guint i = 0; i < 1u << n; i++)
      if ((i >> r & 1) == 0)
        {
          Vector u = reals[i], v = reals[i | 1u << r], s = factors[r];
          Vector product = r == n - 1 ? multiply_apart (s, v) : s * v;

          reals[i] = adds (variant, i, plane) ? u + product : u - product;
          reals[i | 1u << r] = adds (variant, i, plane) ? v - s * u : v + s * u;
        }
}

INLINE void
rotate_plane (Variant variant, guint plane, const Group *group, const Pass *pass, const Signs *signs, Vector *reals)
{
  Vector factors[GROUP_MAX];

#pragma GCC unroll 3
  for (guint r = 0; r < group->n; r++)
    factors[r] = factor_of (pass, signs, group, r);
  turn_plane (variant, plane, group->n, factors, reals);
}

/* The plane's part of Im <bra| P |ket> for each rotation, without the coset's signs; that of plane 1 is added. */
INLINE void
overlap_plane (Variant variant, guint plane, const Group *group, const Vector *bra, const Side *ket,
               const gsize *places, Vector sums[GROUP_MAX])
{
#pragma GCC unroll 3
  for (guint r = 0; r < group->n; r++)
    {
      Side again = *ket;
      Vector sum;

      __asm__ ("" : "+r"(again.cells)); /* the ket is read for each rotation: registers do not hold it beside the bra */
#pragma GCC unroll 8
      for (guint i = 0; i < 1u << group->n; i++)
        if ((i >> r & 1) == 0)
          {
            guint j = i | 1u << r;
            Vector one = bra[i] * *real_at (&again, places[j], part_of (variant, j, plane));
            Vector other = bra[j] * *real_at (&again, places[i], part_of (variant, i, plane));

            if (i == 0) /* 0 + x is not x, if that is -0 */
              sum = adds (variant, i, plane) ? one - other : other - one;
            else
              sum = adds (variant, i, plane) ? sum + one - other : sum + other - one;
          }
      sums[r] = plane == 0 ? sum : sums[r] + sum;
    }
}

INLINE void
add_overlaps (const Group *group, const Signs *signs, const Vector sums[GROUP_MAX], Vector *totals)
{
#pragma GCC unroll 3
  for (guint r = 0; r < group->n; r++)
    totals[group->first + r] += one_or_minus_one[signs->signs[r]] * sums[r];
}

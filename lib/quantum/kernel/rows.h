/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sweeps with rows in the lanes: up to three rotations at once on a coset of cells in registers. Cosets come class by
 * class, in each of which signs do not change, one cell's place from the last by Gray's code. Everything is inlined, so
 * that there is code without choices for what is common. */
#pragma once

#include "quantum/kernel/group.h"

/* What a sweep's function does; each mode is compiled by itself. */
typedef struct {
  guint n; /* rotations */
  Variant variant;
  gboolean table;  /* of a diagonal that is on the way */
  gboolean first;  /* the bra comes from where derivatives are taken; else it has been on its way back already */
  gboolean weighs; /* there, the bra is the ket, each cell times its weight in the field */
} RowsMode;

/* Places are in eighths of a cell: bytes are 8 times that in a state and 4 times in a field, which instructions multiply by
 * themselves. The compiler has them do so for a pointer to one part of cells that is only read from or only written to. */
#define PLACE_SHIFT (CELL_SHIFT - 3)

/* Where cells begin, and where their imaginary parts do. */
typedef struct {
  char *parts[2];
} Parts;

/* A sweep over one state, or back over the bra. */
typedef struct {
  const QrxSweep *sweep;
  gsize hops[GROUP_MAX]; /* to the cell that a rotation pairs with one */
  const Vector *factors[GROUP_MAX]; /* for a positive and a negative sign; before them the cosine */
  guint32 turned; /* the signs' bits that the adjoint changes: all or none */
  const char *table;
  char *field;
  const char *weights; /* the field on the way in */
  gboolean first; /* as in the mode */
  gboolean is_large; /* the state */
  Parts from;
  Parts to; /* may be from */
  Parts end;        /* the bra where derivatives are taken, or, with weights, the ket */
  Parts ket;        /* there */
  Parts ket_before; /* before the diagonal */
  Vector sums[GROUP_MAX];
} RowsPass;

/* What the cosets of a class have in common. */
typedef struct {
  gsize negative[GROUP_MAX]; /* 1 for the second factor */
  Vector factors[GROUP_MAX];
  Vector sums[GROUP_MAX];
} RowsClass;

INLINE Parts
parts_of (const Cell *cells)
{
  return (Parts){ { (char *) cells, (char *) cells + sizeof (Vector) } };
}

INLINE Vector *
part_at (const Parts *cells, gsize place, guint part)
{
  return (Vector *) (cells->parts[part] + 8 * place);
}

INLINE Cell
cell_at (const Parts *cells, gsize place)
{
  return (Cell){ *part_at (cells, place, 0), *part_at (cells, place, 1) };
}

INLINE void
put_at (const Parts *cells, gsize place, Cell cell)
{
  *part_at (cells, place, 0) = cell.re;
  *part_at (cells, place, 1) = cell.im;
}

/* A diagonal's entry, which all rows share. */
INLINE Cell
entry_at (const char *table, gsize place)
{
  const Real *entry = (const Real *) (table + (LANES > 8 ? place / 2 : place * (8 / LANES)));

  return (Cell){ splat (entry[0]), splat (entry[1]) };
}

/* Where a coset's cells are. */
INLINE void
find_cells (RowsMode mode, const RowsPass *pass, gsize k, gsize *at)
{
  at[0] = k;
#pragma GCC unroll 3
  for (guint r = 0; r < mode.n; r++)
#pragma GCC unroll 4
    for (guint i = 0; i < 1u << r; i++)
      at[i | 1u << r] = at[i] ^ pass->hops[r];
}

/* Rotations of one kind in tangent form, on one plane of a coset. */
INLINE void
turn_plane (RowsMode mode, guint plane, const RowsClass *class, Vector *reals)
{
#pragma GCC unroll 3
  for (guint r = 0; r < mode.n; r++)
#pragma GCC unroll 8
    for (guint i = 0; i < 1u << mode.n; i++)
      if ((i >> r & 1) == 0)
        {
          Vector u = reals[i], v = reals[i | 1u << r], s = class->factors[r];

          reals[i] = adds (mode.variant, i, plane) ? u + s * v : u - s * v;
          reals[i | 1u << r] = adds (mode.variant, i, plane) ? v - s * u : v + s * u;
        }
}

/* Rotations of any kinds, on cells. */
INLINE void
turn_cells (RowsMode mode, const RowsPass *pass, const RowsClass *class, Cell *cells)
{
#pragma GCC unroll 3
  for (guint r = 0; r < mode.n; r++)
    {
      gsize negative = class->negative[r];
      guint64 bits = pass->sweep->signs[r];
      Kind kind = (Kind) pass->sweep->kinds[r];

      if (kind == REAL)
        turn_group (REAL, mode.n, r, pass->factors[r], negative, bits, 1, cells);
      else if (kind == IMAGINARY)
        turn_group (IMAGINARY, mode.n, r, pass->factors[r], negative, bits, 1, cells);
      else if (kind == UNITARY_REAL)
        turn_group (UNITARY_REAL, mode.n, r, pass->factors[r], negative, bits, 1, cells);
      else
        turn_group (UNITARY_IMAGINARY, mode.n, r, pass->factors[r], negative, bits, 1, cells);
    }
}

INLINE void
rotate_coset (RowsMode mode, const RowsPass *pass, const RowsClass *class, gsize k)
{
  gsize at[GROUP_MAX_CELLS];
  Vector reals[2][GROUP_MAX_CELLS];
  Cell cells[GROUP_MAX_CELLS];

  find_cells (mode, pass, k, at);
#pragma GCC unroll 8
  for (guint i = 0; i < 1u << mode.n; i++)
    {
      Cell cell = cell_at (&pass->from, at[i]);

      if (mode.table)
        cell = multiply (cell, entry_at (pass->table, at[i]));
      put (&cells[i], cell);
      reals[part_of (mode.variant, i, 0)][i] = cell.re;
      reals[part_of (mode.variant, i, 1)][i] = cell.im;
    }
  if (mode.variant == MIXED)
    {
      turn_cells (mode, pass, class, cells);
#pragma GCC unroll 8
      for (guint i = 0; i < 1u << mode.n; i++)
        put_at (&pass->to, at[i], get (&cells[i]));
      return;
    }
#pragma GCC unroll 2
  for (guint plane = 0; plane < 2; plane++)
    {
      if (!mode.table)
#pragma GCC unroll 8
        for (guint i = 0; i < 1u << mode.n; i++)
          reals[plane][i] = *part_at (&pass->from, at[i], part_of (mode.variant, i, plane));
      turn_plane (mode, plane, class, reals[plane]);
#pragma GCC unroll 8
      for (guint i = 0; i < 1u << mode.n; i++)
        *part_at (&pass->to, at[i], part_of (mode.variant, i, plane)) = reals[plane][i];
    }
}

/* The bra where derivatives are taken. */
INLINE Vector
end_at (RowsMode mode, const RowsPass *pass, gsize place, guint part)
{
  if (mode.weighs)
    return *(const Vector *) (pass->weights + 4 * place) * *part_at (&pass->end, place, part);
  return *part_at (&pass->end, place, part);
}

/* A plane's part of Im <bra| P |ket> for each rotation, without the class' signs. */
INLINE void
weigh_plane (RowsMode mode, guint plane, const RowsPass *pass, const gsize *at, const Vector *bra, Vector *sums)
{
#pragma GCC unroll 3
  for (guint r = 0; r < mode.n; r++)
    {
      Parts ket = pass->ket;
      Vector sum;

      __asm__ ("" : "+r"(ket.parts[plane])); /* the ket is read for each rotation: registers do not hold it beside the bra */
      if (mode.variant == ALL_IMAGINARY)
        __asm__ ("" : "+r"(ket.parts[1 - plane]));
#pragma GCC unroll 8
      for (guint i = 0; i < 1u << mode.n; i++)
        if ((i >> r & 1) == 0)
          {
            guint j = i | 1u << r;
            Vector one = bra[i] * *part_at (&ket, at[j], part_of (mode.variant, j, plane));
            Vector other = bra[j] * *part_at (&ket, at[i], part_of (mode.variant, i, plane));

            if (i == 0) /* 0 + x is not x, if that is -0 */
              sum = adds (mode.variant, i, plane) ? one - other : other - one;
            else
              sum = adds (mode.variant, i, plane) ? sum + one - other : sum + other - one;
          }
      sums[r] += sum;
    }
}

/* Of any rotations, the cells' signs included. */
INLINE void
weigh_cells (RowsMode mode, const RowsPass *pass, const gsize *at, const Cell *bra, Vector *sums)
{
#pragma GCC unroll 3
  for (guint r = 0; r < mode.n; r++)
#pragma GCC unroll 8
    for (guint i = 0; i < 1u << mode.n; i++)
      if ((i >> r & 1) == 0)
        {
          guint j = i | 1u << r;

          sums[r] += overlap ((pass->sweep->kinds[r] & 1) != 0, &bra[i], &bra[j], part_at (&pass->ket, at[i], 0),
                              part_at (&pass->ket, at[j], 0)) *
                     one_or_minus_one[pass->sweep->signs[r] >> i & 1];
        }
}

/* The bra to where it belongs; with a table, before the diagonal, and to the field what derivatives by it are sums of. */
INLINE void
put_bra (RowsMode mode, const RowsPass *pass, gsize at, Cell bra)
{
  if (mode.table)
    {
      Cell ket = cell_at (&pass->ket_before, at);

      bra = multiply_conjugate (bra, entry_at (pass->table, at));
      *(Vector *) (pass->field + 4 * at) = bra.re * ket.im - bra.im * ket.re;
    }
  put_at (&pass->to, at, bra);
}

INLINE void
differentiate_cells (RowsMode mode, const RowsPass *pass, RowsClass *class, const gsize *at)
{
  Cell bra[GROUP_MAX_CELLS];

#pragma GCC unroll 8
  for (guint i = 0; i < 1u << mode.n; i++)
    put (&bra[i], (Cell){ end_at (mode, pass, at[i], 0), end_at (mode, pass, at[i], 1) });
  weigh_cells (mode, pass, at, bra, class->sums);
  if (!mode.first)
#pragma GCC unroll 8
    for (guint i = 0; i < 1u << mode.n; i++)
      put (&bra[i], cell_at (&pass->from, at[i]));
  turn_cells (mode, pass, class, bra);
#pragma GCC unroll 8
  for (guint i = 0; i < 1u << mode.n; i++)
    put_bra (mode, pass, at[i], get (&bra[i]));
}

/* Derivatives by a coset's rotations, and the bra back before these. What waits for a diagonal does so in the stack: the
 * cells of a coset are often a multiple of 4096 bytes apart, and processors take a store to one for a store to another. */
INLINE void
differentiate_coset (RowsMode mode, const RowsPass *pass, RowsClass *class, gsize k)
{
  gsize at[GROUP_MAX_CELLS];
  Vector bra[2][GROUP_MAX_CELLS];

  find_cells (mode, pass, k, at);
  if (mode.variant == MIXED)
    {
      differentiate_cells (mode, pass, class, at);
      return;
    }
#pragma GCC unroll 2
  for (guint plane = 0; plane < 2; plane++)
    {
#pragma GCC unroll 8
      for (guint i = 0; i < 1u << mode.n; i++)
        bra[plane][i] = end_at (mode, pass, at[i], part_of (mode.variant, i, plane));
      weigh_plane (mode, plane, pass, at, bra[plane], class->sums);
      if (!mode.first)
#pragma GCC unroll 8
        for (guint i = 0; i < 1u << mode.n; i++)
          bra[plane][i] = *part_at (&pass->from, at[i], part_of (mode.variant, i, plane));
      turn_plane (mode, plane, class, bra[plane]);
      if (!mode.table)
#pragma GCC unroll 8
        for (guint i = 0; i < 1u << mode.n; i++)
          *part_at (&pass->to, at[i], part_of (mode.variant, i, plane)) = bra[plane][i];
    }
  if (mode.table)
#pragma GCC unroll 8
    for (guint i = 0; i < 1u << mode.n; i++)
      put_bra (mode, pass, at[i],
               (Cell){ bra[part_of (mode.variant, i, 0)][i], bra[part_of (mode.variant, i, 1)][i] });
}

/* A large state's cells come from far, in an order that processors do not foresee. */
INLINE void
prefetch_coset (RowsMode mode, gboolean derivatives, const RowsPass *pass, gsize k)
{
  gsize at[GROUP_MAX_CELLS];

  find_cells (mode, pass, k, at);
#pragma GCC unroll 8
  for (guint i = 0; i < 1u << mode.n; i++)
    {
      __builtin_prefetch (part_at (&pass->to, at[i], 0), 1);
      if (derivatives)
        __builtin_prefetch (part_at (&pass->ket, at[i], 0), 0);
      if (derivatives && !mode.weighs)
        __builtin_prefetch (part_at (&pass->end, at[i], 0), 0);
      if (derivatives && mode.table)
        __builtin_prefetch (part_at (&pass->ket_before, at[i], 0), 0);
      if (!derivatives && mode.table)
        __builtin_prefetch (part_at (&pass->from, at[i], 0), 0);
    }
}

/* The cosets of one class. */
INLINE void
run_class (RowsMode mode, gboolean derivatives, RowsPass *pass, guint c)
{
  const QrxSweep *sweep = pass->sweep;
  RowsClass class;
  gsize k = (gsize) sweep->classes[c] << PLACE_SHIFT;

#pragma GCC unroll 3
  for (guint r = 0; r < mode.n; r++)
    {
      class.negative[r] = (sweep->class_signs[c] ^ pass->turned) >> r & 1;
      class.factors[r] = pass->factors[r][class.negative[r]];
      class.sums[r] = splat (0);
    }
  for (gsize i = 1; i <= (gsize) 1 << sweep->n_steps; i++)
    {
      gsize next = k ^ (gsize) sweep->steps[__builtin_ctzl (i)] << PLACE_SHIFT;

      if (pass->is_large)
        prefetch_coset (mode, derivatives, pass, next);
      if (derivatives)
        differentiate_coset (mode, pass, &class, k);
      else
        rotate_coset (mode, pass, &class, k);
      k = next;
    }
  if (derivatives)
#pragma GCC unroll 3
    for (guint r = 0; r < mode.n; r++)
      pass->sums[r] += one_or_minus_one[sweep->class_signs[c] >> r & 1] * class.sums[r];
}

INLINE void
run_classes (RowsMode mode, gboolean derivatives, RowsPass *pass)
{
  for (guint c = 0; c < pass->sweep->n_classes; c++)
    run_class (mode, derivatives, pass, c);
}

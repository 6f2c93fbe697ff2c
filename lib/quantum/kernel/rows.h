/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sweeps with rows in the lanes: up to three rotations at once on a coset of cells in registers, block by block and row by
 * row, one coset from the last by Gray's code. Everything is inlined, so that there is code without choices for what is
 * common. */
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

/* A sweep over the states of a team's blocks, or back over their bras. */
typedef struct {
  const QrxSweep *sweep;
  guint n_steps; /* in a row: the sweep's, and from block to block */
  gsize steps[QRX_BLOCK_MAX_BITS + QRX_TEAM_MAX_BITS + 1]; /* a zero after them */
  gsize hops[GROUP_MAX]; /* to the cell that a rotation pairs with one */
  const Vector *factors[GROUP_MAX]; /* for a positive and a negative sign; before them the cosine */
  guint32 turned; /* the signs' bits that the adjoint changes: all or none */
  const char *table;
  char *field;
  const char *weights; /* the field on the way in */
  gboolean first; /* as in the mode */
  gboolean is_far; /* the state, on which this is the first sweep of a block */
  Parts from;
  Parts to; /* may be from */
  Parts end;        /* the bra where derivatives are taken */
  Parts ket;        /* there */
  Parts ket_before; /* before the diagonal */
  Vector sums[GROUP_MAX];
} RowsPass;

/* Where a block begins, and the signs of a sweep's rotations there. */
typedef struct {
  guint32 place;
  guint32 signs;
} RowsBlock;

/* What cosets in a row have in common, and what comes of one. */
typedef struct {
  guint32 signs;
  Vector factors[GROUP_MAX];
  Vector sums[GROUP_MAX];
} RowsCoset;

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

/* Rotations of any kinds, on cells. */
INLINE void
turn_cells (RowsMode mode, const RowsPass *pass, const RowsCoset *coset, Cell *cells)
{
#pragma GCC unroll 3
  for (guint r = 0; r < mode.n; r++)
    {
      gsize negative = (coset->signs ^ pass->turned) >> r & 1;
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
rotate_coset (RowsMode mode, const RowsPass *pass, const RowsCoset *coset, gsize k)
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
      turn_cells (mode, pass, coset, cells);
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
      turn_plane (mode.variant, plane, mode.n, coset->factors, reals[plane]);
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
    return *(const Vector *) (pass->weights + 4 * place) * *part_at (&pass->ket, place, part);
  return *part_at (&pass->end, place, part);
}

/* A plane's part of Im <bra| P |ket> for each rotation, without the coset's signs; the ket's reals one by one. */
INLINE void
weigh_plane (RowsMode mode, guint plane, const RowsPass *pass, const gsize *at, const Vector *bra, Vector *sums)
{
  gboolean begins = !adds (mode.variant, 0, plane); /* with a product that is added */
  Vector parts[GROUP_MAX];

#pragma GCC unroll 8
  for (guint j = 0; j < 1u << mode.n; j++)
    {
      Vector ket = *part_at (&pass->ket, at[j], part_of (mode.variant, j, plane));

#pragma GCC unroll 3
      for (guint r = 0; r < mode.n; r++)
        {
          guint i = j ^ 1u << r;
          Vector product = bra[i] * ket;

          if (j == 0) /* 0 + x is not x, if that is -0 */
            parts[r] = product;
          else
            parts[r] += (adds (mode.variant, MIN (i, j), plane) == (i < j)) == begins ? product : -product;
        }
    }
#pragma GCC unroll 3
  for (guint r = 0; r < mode.n; r++)
    if (plane == 0)
      sums[r] = begins ? parts[r] : -parts[r];
    else
      sums[r] = begins ? sums[r] + parts[r] : sums[r] - parts[r];
}

/* Of both planes, where the bra is the ket times weights: from differences of weights. Registers hold half of the ket. */
INLINE void
weigh_pairs (RowsMode mode, const RowsPass *pass, const gsize *at, Vector *sums)
{
  guint half = 1u << (mode.n - 1);

#pragma GCC unroll 2
  for (guint h = 0; h < 2; h++)
    {
      Parts cells = pass->ket;
      Cell ket[GROUP_MAX_CELLS / 2];

      __asm__ ("" : "+r"(cells.parts[0]), "+r"(cells.parts[1])); /* or the compiler reads both halves first */
#pragma GCC unroll 4
      for (guint i = 0; i < half; i++)
        put (&ket[i], cell_at (&cells, at[h * half + i]));
#pragma GCC unroll 3
      for (guint r = 0; r < mode.n; r++)
#pragma GCC unroll 4
        for (guint i = 0; i < half; i++)
          {
            guint cell = h * half + i, other = cell | 1u << r;
            Cell u, v;
            Vector difference;

            if (cell == other)
              continue;
            u = get (&ket[i]);
            v = r == mode.n - 1 ? cell_at (&cells, at[other]) : get (&ket[i | 1u << r]);
            difference = *(const Vector *) (pass->weights + 4 * at[other]) - *(const Vector *) (pass->weights + 4 * at[cell]);
            u.re = mode.variant == ALL_IMAGINARY ? u.im * v.re - u.re * v.im : u.re * v.re + u.im * v.im;
            sums[r] = cell == 0 ? difference * u.re : sums[r] + difference * u.re;
          }
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
      *(Vector *) (pass->field + 4 * at) = cross (bra, ket);
    }
  put_at (&pass->to, at, bra);
}

INLINE void
differentiate_cells (RowsMode mode, const RowsPass *pass, RowsCoset *coset, const gsize *at)
{
  Cell bra[GROUP_MAX_CELLS];

#pragma GCC unroll 8
  for (guint i = 0; i < 1u << mode.n; i++)
    put (&bra[i], (Cell){ end_at (mode, pass, at[i], 0), end_at (mode, pass, at[i], 1) });
#pragma GCC unroll 3
  for (guint r = 0; r < mode.n; r++)
    coset->sums[r] = splat (0);
  weigh_cells (mode, pass, at, bra, coset->sums);
  if (!mode.first)
#pragma GCC unroll 8
    for (guint i = 0; i < 1u << mode.n; i++)
      put (&bra[i], cell_at (&pass->from, at[i]));
  turn_cells (mode, pass, coset, bra);
#pragma GCC unroll 8
  for (guint i = 0; i < 1u << mode.n; i++)
    put_bra (mode, pass, at[i], get (&bra[i]));
}

/* Derivatives by a coset's rotations, and the bra back before these. What waits for a diagonal does so in the stack: the
 * cells of a coset are often a multiple of 4096 bytes apart, and processors take a store to one for a store to another. */
INLINE void
differentiate_coset (RowsMode mode, const RowsPass *pass, RowsCoset *coset, gsize k)
{
  gsize at[GROUP_MAX_CELLS];
  Vector bra[2][GROUP_MAX_CELLS];

  find_cells (mode, pass, k, at);
  if (mode.variant == MIXED)
    {
      differentiate_cells (mode, pass, coset, at);
      return;
    }
  if (mode.weighs && !mode.first)
    weigh_pairs (mode, pass, at, coset->sums);
#pragma GCC unroll 2
  for (guint plane = 0; plane < 2; plane++)
    {
      if (mode.first || !mode.weighs)
        {
#pragma GCC unroll 8
          for (guint i = 0; i < 1u << mode.n; i++)
            bra[plane][i] = end_at (mode, pass, at[i], part_of (mode.variant, i, plane));
          weigh_plane (mode, plane, pass, at, bra[plane], coset->sums);
        }
      if (!mode.first)
#pragma GCC unroll 8
        for (guint i = 0; i < 1u << mode.n; i++)
          bra[plane][i] = *part_at (&pass->from, at[i], part_of (mode.variant, i, plane));
      turn_plane (mode.variant, plane, mode.n, coset->factors, bra[plane]);
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

/* Cosets in a row that have the same signs. */
INLINE void
run_row (RowsMode mode, gboolean derivatives, RowsPass *pass, const RowsBlock *block, guint row)
{
  const QrxSweep *sweep = pass->sweep;
  guint32 signs = block->signs ^ sweep->row_signs[row];
  gsize k = (gsize) (block->place ^ sweep->rows[row]) << PLACE_SHIFT;
  Vector sums[GROUP_MAX];
  RowsCoset coset;

  coset.signs = signs;
#pragma GCC unroll 3
  for (guint r = 0; r < mode.n; r++)
    {
      coset.factors[r] = pass->factors[r][(signs ^ pass->turned) >> r & 1];
      sums[r] = splat (0);
    }
  for (gsize i = 1; i <= (gsize) 1 << pass->n_steps; i++)
    {
      gsize next = k ^ pass->steps[__builtin_ctzl (i)];

      if (pass->is_far)
        prefetch_coset (mode, derivatives, pass, next);
      if (derivatives)
        differentiate_coset (mode, pass, &coset, k);
      else
        rotate_coset (mode, pass, &coset, k);
      if (derivatives)
#pragma GCC unroll 3
        for (guint r = 0; r < mode.n; r++)
          sums[r] += coset.sums[r];
      k = next;
    }
  if (derivatives)
#pragma GCC unroll 3
    for (guint r = 0; r < mode.n; r++)
      pass->sums[r] += one_or_minus_one[signs >> r & 1] * sums[r];
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a sweep consists of: groups of cells from a state or a buffer through registers to a state or a buffer. */
#pragma once

#include "quantum/kernel/group.h"

/* What steps do to cells: how they are loaded and stored. */
typedef struct {
  gboolean alone; /* a coset is one group, at the same places on either side */
  guint n;        /* rotations of a group */
  Variant variant;
  gboolean changes_in; /* amplitudes in the lanes come from a state */
  gboolean changes_out;
  gboolean table_in;
  gboolean table_out;
  gboolean weighs; /* the bra is the ket, each cell times its weight in the field */
} Mode;

/* A pass over a sweep's cosets, or a part of it on one of them. */
typedef struct {
  guint first;
  guint n_groups;
  guint group_step;
  gsize k; /* where the coset begins */
  gsize next; /* and the one after it */
  gsize n_cosets; /* of a pass */
  Side in;
  Side out;
  Side ket;
  Side ket_out;
  Vector *sums; /* of overlaps */
} Step;

/* A part of a bra's cell as it comes in. */
INLINE Vector
bra_at (Mode mode, const Pass *pass, const Step *step, gsize place, guint which)
{
  if (mode.weighs)
    return *(const Vector *) (pass->field + place / 2) * *real_at (&step->ket, place, which);
  return *real_at (&step->in, place, which);
}

INLINE Cell
load_bra (Mode mode, const Pass *pass, const Step *step, const Group *group, guint i, gsize place)
{
  return (Cell){ change_lanes (pass, mode.changes_in, group, i, bra_at (mode, pass, step, place, 0)),
                 change_lanes (pass, mode.changes_in, group, i, bra_at (mode, pass, step, place, 1)) };
}

INLINE void
store_plane (Mode mode, guint plane, const Group *group, const Pass *pass, const Side *out, const gsize *to,
             const Vector *reals)
{
#pragma GCC unroll 8
  for (guint i = 0; i < 1u << mode.n; i++)
    *real_at (out, to[i], part_of (mode.variant, i, plane)) = change_lanes (pass, mode.changes_out, group, i, reals[i]);
}

/* A group's cells in, turned, and out, cell by cell. */
INLINE void
rotate_group_of_cells (Mode mode, const Group *group, const Pass *pass, const Signs *signs, const Step *step,
                       const gsize *at, const gsize *to)
{
  Cell cells[GROUP_MAX_CELLS];

#pragma GCC unroll 8
  for (guint i = 0; i < 1u << mode.n; i++)
    put (&cells[i], mode.table_in ? load_with_table (pass, mode.changes_in, &step->in, group, i, at[i])
                                  : load_cell (pass, mode.changes_in, &step->in, group, i, at[i]));
  rotate_cells (group, pass, signs, cells);
#pragma GCC unroll 8
  for (guint i = 0; i < 1u << mode.n; i++)
    store_cell (pass, mode.changes_out, &step->out, group, i, to[i], get (&cells[i]));
}

/* Or, of one kind of rotations, plane by plane. */
INLINE void
rotate_group_of_planes (Mode mode, const Group *group, const Pass *pass, const Signs *signs, const Step *step,
                        const gsize *at, const gsize *to)
{
  Vector reals[2][GROUP_MAX_CELLS];

  if (mode.table_in)
    {
#pragma GCC unroll 8
      for (guint i = 0; i < 1u << mode.n; i++)
        {
          Cell cell = load_with_table (pass, mode.changes_in, &step->in, group, i, at[i]);

          reals[part_of (mode.variant, i, 0)][i] = cell.re;
          reals[part_of (mode.variant, i, 1)][i] = cell.im;
        }
    }
#pragma GCC unroll 2
  for (guint plane = 0; plane < 2; plane++)
    {
      if (!mode.table_in)
        {
#pragma GCC unroll 8
          for (guint i = 0; i < 1u << mode.n; i++)
            reals[plane][i] = change_lanes (pass, mode.changes_in, group, i,
                                            *real_at (&step->in, at[i], part_of (mode.variant, i, plane)));
        }
      rotate_plane (mode.variant, plane, group, pass, signs, reals[plane]);
      store_plane (mode, plane, group, pass, &step->out, to, reals[plane]);
    }
}

INLINE void
rotate_group (Mode mode, const Group *group, const Pass *pass, const Signs *signs, const Step *step)
{
  gsize at[GROUP_MAX_CELLS], to[GROUP_MAX_CELLS];

  find_places (!mode.alone && !mode.changes_in, &step->in, group, step->k, at);
  if (!mode.alone)
    find_places (!mode.changes_out, &step->out, group, step->k, to);
  if (mode.variant == MIXED)
    rotate_group_of_cells (mode, group, pass, signs, step, at, mode.alone ? at : to);
  else
    rotate_group_of_planes (mode, group, pass, signs, step, at, mode.alone ? at : to);
}

/* Derivatives by a group's rotations; bra and ket go to buffers. */
INLINE void
overlap_group (Mode mode, const Group *group, const Pass *pass, const Signs *signs, const Step *step)
{
  const Side *ket = &step->ket, *bra_out = &step->out, *ket_out = &step->ket_out;
  gsize at[GROUP_MAX_CELLS], to[GROUP_MAX_CELLS];
  Cell cells[GROUP_MAX_CELLS];
  Vector sums[GROUP_MAX];

  find_places (FALSE, &step->in, group, step->k, at);
  find_places (TRUE, bra_out, group, step->k, to);
#pragma GCC unroll 8
  for (guint i = 0; i < 1u << mode.n; i++)
    store_cell (pass, FALSE, ket_out, group, i, to[i], load_cell (pass, mode.changes_in, ket, group, i, at[i]));
  if (mode.variant == MIXED)
    {
#pragma GCC unroll 8
      for (guint i = 0; i < 1u << mode.n; i++)
        {
          put (&cells[i], load_bra (mode, pass, step, group, i, at[i]));
          store_cell (pass, FALSE, bra_out, group, i, to[i], get (&cells[i]));
        }
      overlap_cells (group, pass, signs, cells, ket_out, to, step->sums);
      return;
    }
#pragma GCC unroll 2
  for (guint plane = 0; plane < 2; plane++)
    {
      Vector reals[GROUP_MAX_CELLS];

#pragma GCC unroll 8
      for (guint i = 0; i < 1u << mode.n; i++)
        {
          guint which = part_of (mode.variant, i, plane);

          reals[i] = change_lanes (pass, mode.changes_in, group, i, bra_at (mode, pass, step, at[i], which));
          *real_at (bra_out, to[i], which) = reals[i];
        }
      overlap_plane (mode.variant, plane, group, reals, ket_out, to, sums);
    }
  add_overlaps (group, signs, sums, step->sums);
}

/* What a diagonal's derivatives are summed from, and bra and ket back before it. */
INLINE void
store_before_diagonal (Mode mode, const Group *group, const Pass *pass, const Step *step, guint i, gsize to, Cell bra,
                       Cell ket)
{
  Cell entry = table_entry (pass, to);
  Cell b = { change_lanes (pass, mode.changes_out, group, i, bra.re),
             change_lanes (pass, mode.changes_out, group, i, bra.im) };
  Cell k = { change_lanes (pass, mode.changes_out, group, i, ket.re),
             change_lanes (pass, mode.changes_out, group, i, ket.im) };

  b = multiply_conjugate (b, entry);
  k = multiply_conjugate (k, entry);
  *(Vector *) (pass->field + to / 2) = b.re * k.im - b.im * k.re;
  put ((Cell *) (step->out.cells + to), b);
  put ((Cell *) (step->ket_out.cells + to), k);
}

/* Derivatives by a group's rotations, if asked for, and bra and ket back before these. */
INLINE void
undo_group_of_cells (Mode mode, gboolean overlaps, const Group *group, const Pass *pass, const Signs *signs, const Step *step,
                     const gsize *at, const gsize *to)
{
  Cell bra[GROUP_MAX_CELLS], ket[GROUP_MAX_CELLS];

#pragma GCC unroll 8
  for (guint i = 0; i < 1u << mode.n; i++)
    {
      put (&bra[i], load_cell (pass, FALSE, &step->in, group, i, at[i]));
      put (&ket[i], load_cell (pass, FALSE, &step->ket, group, i, at[i]));
    }
  if (overlaps)
    overlap_cells (group, pass, signs, bra, &step->ket, at, step->sums);
  rotate_cells (group, pass, signs, bra);
  rotate_cells (group, pass, signs, ket);
#pragma GCC unroll 8
  for (guint i = 0; i < 1u << mode.n; i++)
    if (mode.table_out)
      store_before_diagonal (mode, group, pass, step, i, to[i], get (&bra[i]), get (&ket[i]));
    else
      {
        store_cell (pass, mode.changes_out, &step->out, group, i, to[i], get (&bra[i]));
        store_cell (pass, mode.changes_out, &step->ket_out, group, i, to[i], get (&ket[i]));
      }
}

INLINE void
load_plane (Mode mode, guint plane, const Side *side, const gsize *at, Vector *reals)
{
#pragma GCC unroll 8
  for (guint i = 0; i < 1u << mode.n; i++)
    reals[i] = *real_at (side, at[i], part_of (mode.variant, i, plane));
}

INLINE void
undo_group (Mode mode, gboolean overlaps, const Group *group, const Pass *pass, const Signs *signs, const Step *step)
{
  gsize at[GROUP_MAX_CELLS], to[GROUP_MAX_CELLS];
  Vector bra[2][GROUP_MAX_CELLS], ket[2][GROUP_MAX_CELLS], sums[GROUP_MAX];

  find_places (TRUE, &step->in, group, step->k, at);
  find_places (!mode.changes_out, &step->out, group, step->k, to);
  if (mode.variant == MIXED)
    {
      undo_group_of_cells (mode, overlaps, group, pass, signs, step, at, to);
      return;
    }
#pragma GCC unroll 2
  for (guint plane = 0; plane < 2; plane++)
    {
#pragma GCC unroll 8
      for (guint i = 0; i < 1u << mode.n; i++)
        bra[plane][i] = *real_at (&step->in, at[i], part_of (mode.variant, i, plane));
      if (overlaps)
        overlap_plane (mode.variant, plane, group, bra[plane], &step->ket, at, sums);
      rotate_plane (mode.variant, plane, group, pass, signs, bra[plane]);
      if (!mode.table_out)
        store_plane (mode, plane, group, pass, &step->out, to, bra[plane]);
      load_plane (mode, plane, &step->ket, at, ket[plane]);
      rotate_plane (mode.variant, plane, group, pass, signs, ket[plane]);
      if (!mode.table_out)
        store_plane (mode, plane, group, pass, &step->ket_out, to, ket[plane]);
    }
  if (overlaps)
    add_overlaps (group, signs, sums, step->sums);
  if (mode.table_out)
    {
#pragma GCC unroll 8
      for (guint i = 0; i < 1u << mode.n; i++)
        {
          guint re = part_of (mode.variant, i, 0), im = part_of (mode.variant, i, 1);

          store_before_diagonal (mode, group, pass, step, i, to[i], (Cell){ bra[re][i], bra[im][i] },
                                 (Cell){ ket[re][i], ket[im][i] });
        }
    }
}

typedef enum { ROTATE, OVERLAP, UNDO, UNWIND } Action;

/* What the next coset needs from a state, and this one in the end: their places follow no order that the processor
 * foresees. */
INLINE void
fetch (Action action, Mode mode, const Group *group, const Pass *pass, const Step *step)
{
#pragma GCC unroll 8
  for (guint i = 0; i < 1u << mode.n; i++)
    {
      gsize hop = step->in.hops[group->from + i * group->stride], next = step->next ^ hop, place = step->k ^ hop;

      if (mode.weighs)
        __builtin_prefetch (pass->field + next / 2, 1);
      else
        __builtin_prefetch (step->in.cells + next, 1);
      if (action == OVERLAP)
        __builtin_prefetch (step->ket.cells + next, 1);
      if (mode.table_in)
        __builtin_prefetch (pass->table + next);
      if (action == OVERLAP && pass->table != NULL)
        {
          __builtin_prefetch (pass->table + place);
          __builtin_prefetch (pass->field + place / 2, 1);
        }
    }
}

INLINE void
run_group (Action action, Mode mode, const Group *group, const Pass *pass, const Step *step)
{
  Signs signs;

  if (!mode.alone && mode.changes_in)
    fetch (action, mode, group, pass, step);
#pragma GCC unroll 3
  for (guint r = 0; r < mode.n; r++)
    signs.signs[r] = (gsize) __builtin_parityll (step->k & pass->z[group->first + r]);
  if (action == ROTATE)
    rotate_group (mode, group, pass, &signs, step);
  else if (action == OVERLAP)
    overlap_group (mode, group, pass, &signs, step);
  else
    undo_group (mode, action == UNDO, group, pass, &signs, step);
}

/* All cosets, each of them one group; or one coset's groups. */
INLINE void
run_step (Action action, Mode mode, const Pass *pass, const Step *constant)
{
  Step step = *constant;
  Group group = { mode.n, 0, 0, 1 };

  if (mode.alone)
    {
      gsize hops[GROUP_MAX_CELLS];

      for (guint i = 0; i < 1u << mode.n; i++)
        hops[i] = pass->hops[i];
      step.in.hops = step.out.hops = hops;
      for (gsize left = step.n_cosets; left > 0; left--)
        {
          run_group (action, mode, &group, pass, &step);
          step.k = ((step.k | pass->pivots) + 1) & ~pass->pivots;
        }
      return;
    }
  group.first = step.first;
  group.stride = action == UNDO || (action == ROTATE && mode.changes_in) ? 1 : 1u << step.first;
  for (guint i = 0; i < step.n_groups; i++, group.from += step.group_step)
    run_group (action, mode, &group, pass, &step);
}

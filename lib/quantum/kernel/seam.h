/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tiles of the seam between halves: what registers hold the sums of. Everything is inlined, so that there is code without choices
 * for each number of branches. */
#pragma once

#include "quantum/kernel/template.h"

/* An amplitude that all lanes share. */
typedef struct {
  Real re;
  Real im;
} Amplitude;

/* One of cells, or of amplitudes that are spread over the lanes. */
INLINE Cell
factor_at (gboolean spread, gconstpointer factors, gsize i)
{
  const Amplitude *amplitude = (const Amplitude *) factors + i;

  return spread ? (Cell){ splat (amplitude->re), splat (amplitude->im) } : get ((const Cell *) factors + i);
}

/* Some places of one half, and some branches of each: what registers hold the sums of. */
#define TILE_PLACES 2
#define TILE_BRANCHES 2

/* What a half sees of the other one's places is their highest bit, or nothing: how many bits it does not see. */
INLINE guint
count_unseen_bits (const QrxSeam *seam, guint h)
{
  return seam->n_bits[1 - h] - seam->n_seen_bits[h];
}

/* Where cells are of a half that sees the other one as it would be without the half turns that were left out. */
INLINE gsize
find_turned (const QrxEvaluation *evaluation, guint h)
{
  const QrxSeam *seam = evaluation->program->seam;

  return (gsize) evaluation->turned[h] << (seam->n_bits[h] + seam->n_branch_bits);
}

/* What multiplies a half's amplitudes, but for signs. */
INLINE Real
find_gain (const QrxEvaluation *evaluation, guint h)
{
  return (Real) (evaluation->gains[h] * evaluation->program->seam->gains[h]);
}

INLINE Real
find_sign (const QrxSeam *seam, guint h, gsize i)
{
  return seam->signs[h] != NULL ? seam->signs[h][i] : 1;
}

/* Cells of which a tile has one for each of its places: their number, and the steps between them and between the places. */
typedef struct {
  gsize first;
  gsize end;
  gsize step;
  gsize place_step;
} Line;

/* The state's bra, from where a tile begins on, against places of the other half. */
INLINE void
contract_tile (gboolean spread, gsize n_branches, gsize n_tile, const Line *line, const Cell *bra, gconstpointer factors,
               Cell sums[TILE_PLACES][TILE_BRANCHES])
{
#pragma GCC unroll 2
  for (gsize i = 0; i < TILE_PLACES; i++)
#pragma GCC unroll 2
    for (gsize b = 0; b < n_tile; b++)
      put (&sums[i][b], (Cell){ splat (0), splat (0) });
  for (gsize other = line->first; other < line->end; other++)
#pragma GCC unroll 2
    for (gsize i = 0; i < TILE_PLACES; i++)
      {
        Cell cell = get (&bra[other * line->step + i * line->place_step]);

#pragma GCC unroll 2
        for (gsize b = 0; b < n_tile; b++)
          {
            Cell factor = factor_at (spread, factors, other * n_branches + b);

            put (&sums[i][b], multiply_conjugate_add (get (&sums[i][b]), cell, factor));
          }
      }
}

/* Two places of either half: what registers hold the sums of. */
INLINE void
join_tile (gboolean spread, gsize n_branches, const Cell *lowers, gconstpointer uppers, Cell sums[TILE_PLACES][TILE_PLACES])
{
#pragma GCC unroll 4
  for (gsize b = 0; b < n_branches; b++)
#pragma GCC unroll 2
    for (gsize i = 0; i < TILE_PLACES; i++)
#pragma GCC unroll 2
      for (gsize j = 0; j < TILE_PLACES; j++)
        {
          Cell l = get (&lowers[i * n_branches + b]), u = factor_at (spread, uppers, j * n_branches + b);

          put (&sums[i][j], b == 0 ? multiply (l, u) : multiply_add (get (&sums[i][j]), l, u));
        }
}

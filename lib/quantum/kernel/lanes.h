/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sums over lanes, as many vectors at once as there are lanes. */
#pragma once

#include "quantum/kernel/template.h"

/* Where bit h of a lane's number is zero, a's lane or that at a distance h; else b's. */
INLINE Places
choose_lanes (gsize h, gboolean far)
{
  Places places;

  for (gsize i = 0; i < LANES; i++)
    places[i] = (Place) (((i & h) == 0 ? 0 : LANES) + ((i & ~h) | (far ? h : 0)));
  return places;
}

/* Vector i and i + h become one, for i a multiple of 2 h. */
INLINE void
add_neighbours (gsize h, Vector *sums)
{
#pragma GCC unroll 8
  for (gsize i = 0; i + h < LANES; i += 2 * h)
    sums[i] = __builtin_shuffle (sums[i], sums[i + h], choose_lanes (h, FALSE)) +
              __builtin_shuffle (sums[i], sums[i + h], choose_lanes (h, TRUE));
}

/* The sum of each vector's lanes, in the lane of its number. */
INLINE Vector
sum_each (const Vector *from)
{
  Vector sums[LANES];

#pragma GCC unroll 16
  for (gsize i = 0; i < LANES; i++)
    sums[i] = from[i];
  add_neighbours (1, sums);
  add_neighbours (2, sums);
  add_neighbours (4, sums);
  add_neighbours (8, sums);
  return sums[0];
}

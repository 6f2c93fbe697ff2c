/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sines and cosines, a vector at a time. */
#pragma once

#include "quantum/kernel/template.h"

#include <math.h>

/* Beyond this the reduction below loses digits. */
#define LARGEST_ANGLE 1e5
/* pi/2 in three parts, the first two of 33 bits, so that multiples up to 2^20 are exact. */
#define HALF_PI_1 0x1.921fb544p+0
#define HALF_PI_2 0x1.0b4611a6p-34
#define HALF_PI_3 0x1.3198a2e037073p-69
#define ROUND_TO_INTEGER 0x1.8p52

#define STEP (sizeof (Doubles) / sizeof (double))

/* Taylor's series on [-pi/4, pi/4]: the first term left out is below 1e-17. */
INLINE void
sincos_vector (Doubles x, Doubles *sines, Doubles *cosines)
{
  Doubles shifted = x * M_2_PI + ROUND_TO_INTEGER, n = shifted - ROUND_TO_INTEGER;
  Doubles r = ((x - n * HALF_PI_1) - n * HALF_PI_2) - n * HALF_PI_3, r2 = r * r, s, c;
  Integers quadrant = (Integers) shifted, odd = -(quadrant & 1), is, ic;

  s = r2 * (1 / 355687428096000.0) - 1 / 1307674368000.0;
  s = r2 * s + 1 / 6227020800.0;
  s = r2 * s - 1 / 39916800.0;
  s = r2 * s + 1 / 362880.0;
  s = r2 * s - 1 / 5040.0;
  s = r2 * s + 1 / 120.0;
  s = r2 * s - 1 / 6.0;
  s = r + r * r2 * s;
  c = r2 * (1 / 20922789888000.0) - 1 / 87178291200.0;
  c = r2 * c + 1 / 479001600.0;
  c = r2 * c - 1 / 3628800.0;
  c = r2 * c + 1 / 40320.0;
  c = r2 * c - 1 / 720.0;
  c = r2 * c + 1 / 24.0;
  c = 1 - (r2 * 0.5 - r2 * r2 * c);
  is = ((Integers) s & ~odd) | ((Integers) c & odd);
  ic = ((Integers) c & ~odd) | ((Integers) s & odd);
  *sines = (Doubles) (is ^ ((quadrant & 2) << 62));
  *cosines = (Doubles) (ic ^ (((quadrant + 1) & 2) << 62));
}

INLINE gboolean
is_any (Integers mask)
{
  gint64 any = 0;

  for (gsize i = 0; i < STEP; i++)
    any |= mask[i];
  return any != 0;
}

/* Apart from what is inlined: where it is, the compiler calls a function for all lanes beforehand. */
static G_GNUC_NO_INLINE Doubles
replace_lanes (Integers mask, Doubles values, double (*function) (double), Doubles x)
{
  for (gsize i = 0; i < STEP; i++)
    if (mask[i])
      values[i] = function (x[i]);
  return values;
}

INLINE void
sincos_any (Doubles x, Doubles *sines, Doubles *cosines)
{
  Integers large = (x > LARGEST_ANGLE) | (x < -LARGEST_ANGLE);

  sincos_vector (x, sines, cosines);
  if (is_any (large))
    {
      *sines = replace_lanes (large, *sines, sin, x);
      *cosines = replace_lanes (large, *cosines, cos, x);
    }
}

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

/* By polynomials that Remez's exchange finds on [-pi/4, pi/4]: sin x to 4e-18 of itself, cos x to 5e-20. Returns which lanes are
 * too large for that. */
INLINE Integers
sincos_vector (Doubles x, Doubles *sines, Doubles *cosines)
{
  Doubles shifted = x * M_2_PI + ROUND_TO_INTEGER, n = shifted - ROUND_TO_INTEGER;
  Doubles r = ((x - n * HALF_PI_1) - n * HALF_PI_2) - n * HALF_PI_3, r2 = r * r, s, c;
  Integers quadrant = (Integers) shifted, odd = -(quadrant & 1), change;

  s = r2 * 0x1.5d92bb3538f8ep-33 - 0x1.ae5e6551e13e7p-26;
  c = r2 * -0x1.8fae5000d444dp-37 + 0x1.1ee9eb5aa2bbdp-29;
  s = r2 * s + 0x1.71de35769858cp-19;
  c = r2 * c - 0x1.27e4f80926e1fp-22;
  s = r2 * s - 0x1.a01a019c105cdp-13;
  c = r2 * c + 0x1.a01a019cb0b22p-16;
  s = r2 * s + 0x1.111111110f871p-7;
  c = r2 * c - 0x1.6c16c16c15173p-10;
  s = r2 * s - 0x1.5555555555549p-3;
  c = r2 * c + 0x1.555555555554cp-5;
  s = r + r * r2 * s;
  c = 1 + r2 * (r2 * c - 0.5);
  change = ((Integers) s ^ (Integers) c) & odd;
  *sines = (Doubles) ((Integers) s ^ change ^ ((quadrant & 2) << 62));
  *cosines = (Doubles) ((Integers) c ^ change ^ (((quadrant + 1) & 2) << 62));
  return x * x > LARGEST_ANGLE * LARGEST_ANGLE;
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
  Integers large = sincos_vector (x, sines, cosines);

  if (is_any (large))
    {
      *sines = replace_lanes (large, *sines, sin, x);
      *cosines = replace_lanes (large, *cosines, cos, x);
    }
}

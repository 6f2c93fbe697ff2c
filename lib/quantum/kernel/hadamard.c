/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The Walsh-Hadamard transform: Σ_k (-1)^|k & z| f(k) for all z at once, in place. */
#include "quantum/kernel/template.h"

#define NEAR_SIZE 2048 /* doubles that stay in the first cache */

typedef double LooseDoubles __attribute__ ((vector_size (QRX_KERNEL_BYTES), aligned (8), may_alias));

#define STEP (QRX_KERNEL_BYTES / sizeof (double))

static void
transform_small (double *values, gsize size)
{
  for (gsize half = 1; half < size; half *= 2)
    for (gsize i = 0; i < size; i += 2 * half)
      for (gsize j = i; j < i + half; j++)
        {
          double a = values[j], b = values[j + half];

          values[j] = a + b;
          values[j + half] = a - b;
        }
}

/* One bit of a vector's places. */
INLINE LooseDoubles
transform_bit (LooseDoubles v, gsize h)
{
  Integers places;
  LooseDoubles signs;

  if (h >= STEP)
    return v;
  for (gsize i = 0; i < STEP; i++)
    {
      places[i] = (gint64) (i ^ h);
      signs[i] = (i & h) != 0 ? -1 : 1;
    }
  return (LooseDoubles) __builtin_shuffle ((Doubles) v, places) + signs * v;
}

/* Of two halves, each of which has been transformed; half is a multiple of STEP. */
static void
join_two (double *values, gsize half)
{
  for (gsize j = 0; j < half; j += STEP)
    {
      LooseDoubles *a = (LooseDoubles *) (values + j), *b = (LooseDoubles *) (values + half + j);
      LooseDoubles sum = *a + *b, difference = *a - *b;

      *a = sum;
      *b = difference;
    }
}

static void
join_four (double *values, gsize quarter)
{
  for (gsize j = 0; j < quarter; j += STEP)
    {
      LooseDoubles *a = (LooseDoubles *) (values + j), *b = (LooseDoubles *) (values + quarter + j);
      LooseDoubles *c = (LooseDoubles *) (values + 2 * quarter + j), *d = (LooseDoubles *) (values + 3 * quarter + j);
      LooseDoubles ab = *a + *b, a_b = *a - *b, cd = *c + *d, c_d = *c - *d;

      *a = ab + cd;
      *b = a_b + c_d;
      *c = ab - cd;
      *d = a_b - c_d;
    }
}

static void
transform_near (double *values, gsize size)
{
  gsize done = STEP;

  if (size < STEP)
    {
      transform_small (values, size);
      return;
    }
  for (gsize i = 0; i < size; i += STEP)
    {
      LooseDoubles *v = (LooseDoubles *) (values + i);

      *v = transform_bit (transform_bit (transform_bit (*v, 1), 2), 4);
    }
  for (; done * 4 <= size; done *= 4)
    for (gsize i = 0; i < size; i += 4 * done)
      join_four (values + i, done);
  for (; done < size; done *= 2)
    for (gsize i = 0; i < size; i += 2 * done)
      join_two (values + i, done);
}

void
KERNEL (hadamard) (double *values, gsize size)
{
  if (size <= NEAR_SIZE)
    {
      transform_near (values, size);
      return;
    }
  for (gsize i = 0; i < size; i += size / 4)
    KERNEL (hadamard) (values + i, size / 4);
  join_four (values, size / 4);
}

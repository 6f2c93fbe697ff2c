/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sobol sequences with the direction numbers of Joe & Kuo 2008, doi:10.1137/070709359 (file new-joe-kuo-6, its first
 * dimensions). A digital shift, the same for all points, makes the sequence random without losing its evenness: each
 * power of two of points still has one in each of as many equal intervals. */
#include "study/qrx-sampler-private.h"

#include <qrx/qrx-random.h>

#define BITS 32

/* A primitive polynomial of degree s with inner coefficients a, and the first s direction numbers. */
typedef struct {
  guint8 s, a;
  guint8 m[7];
} Direction;

/* Of dimension 2 and on; the first is the van der Corput sequence. */
static const Direction directions[QRX_SOBOL_MAX - 1] = {
  { 1, 0, { 1 } },
  { 2, 1, { 1, 3 } },
  { 3, 1, { 1, 3, 1 } },
  { 3, 2, { 1, 1, 1 } },
  { 4, 1, { 1, 1, 3, 3 } },
  { 4, 4, { 1, 3, 5, 13 } },
  { 5, 2, { 1, 1, 5, 5, 17 } },
  { 5, 4, { 1, 1, 5, 5, 5 } },
  { 5, 7, { 1, 1, 7, 11, 19 } },
  { 5, 11, { 1, 1, 5, 1, 1 } },
  { 5, 13, { 1, 1, 1, 3, 11 } },
  { 5, 14, { 1, 3, 5, 5, 31 } },
  { 6, 1, { 1, 3, 3, 9, 7, 49 } },
  { 6, 13, { 1, 1, 1, 15, 21, 21 } },
  { 6, 16, { 1, 3, 1, 13, 27, 49 } },
  { 6, 19, { 1, 1, 1, 15, 7, 5 } },
  { 6, 22, { 1, 3, 1, 15, 13, 25 } },
  { 6, 25, { 1, 1, 5, 5, 19, 61 } },
  { 7, 1, { 1, 3, 7, 11, 23, 15, 103 } },
  { 7, 4, { 1, 3, 7, 13, 13, 15, 69 } },
};

/* The direction numbers of a dimension as binary fractions. */
static void
make_numbers (guint dimension, guint32 *v)
{
  const Direction *direction = dimension > 0 ? &directions[dimension - 1] : NULL;
  guint s = direction != NULL ? direction->s : BITS;

  for (guint i = 0; i < MIN (s, BITS); i++)
    v[i] = (direction != NULL ? direction->m[i] : 1u) << (BITS - 1 - i);
  for (guint i = s; i < BITS; i++)
    {
      v[i] = v[i - s] ^ (v[i - s] >> s);
      for (guint k = 1; k < s; k++)
        if ((direction->a >> (s - 1 - k)) & 1)
          v[i] ^= v[i - k];
    }
}

void
qrx_sobol_point (guint64 seed, guint k, guint n, double *fractions)
{
  QrxRandom random;

  qrx_random_init (&random, seed, "sampler", "sobol", 0);
  for (guint i = 0; i < n; i++)
    {
      guint32 v[BITS], word = (guint32) (qrx_random_next_u64 (&random) >> 32);

      make_numbers (i, v);
      for (guint bit = 0, gray = k ^ (k >> 1); gray != 0; bit++, gray >>= 1)
        if (gray & 1)
          word ^= v[bit];
      fractions[i] = word / 4294967296.0;
    }
}

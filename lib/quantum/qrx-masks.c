/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bases of masks, their inverses and their spans, by Gaussian elimination. */
#include "quantum/qrx-masks-private.h"

#include <string.h>

#include "quantum/qrx-circuit-private.h"

gboolean
qrx_masks_reduce (guint32 *rows, guint n, guint32 mask)
{
  for (guint i = 0; i < n; i++)
    if ((mask ^ rows[i]) < mask) /* rows[i]'s leading bit is set in mask */
      mask ^= rows[i];
  rows[n] = mask;
  return mask != 0;
}

void
qrx_masks_complete (guint32 *masks, guint n, guint n_bits)
{
  guint32 basis[QRX_CIRCUIT_MAX_QUBITS + 1];

  for (guint i = 0; i < n; i++)
    qrx_masks_reduce (basis, i, masks[i]);
  for (guint bit = 0; bit < n_bits && n < n_bits; bit++)
    if (qrx_masks_reduce (basis, n, (guint32) 1 << bit))
      masks[n++] = (guint32) 1 << bit;
}

void
qrx_masks_invert (const guint32 *masks, guint n, guint32 *columns)
{
  guint32 rows[QRX_CIRCUIT_MAX_QUBITS], inverse[QRX_CIRCUIT_MAX_QUBITS];

  memcpy (rows, masks, n * sizeof *masks);
  for (guint i = 0; i < n; i++)
    inverse[i] = (guint32) 1 << i; /* bit i: row i takes part */
  for (guint q = 0; q < n; q++)
    {
      guint pivot = q;
      guint32 swap;

      while ((rows[pivot] >> q & 1) == 0)
        pivot++;
      swap = rows[q], rows[q] = rows[pivot], rows[pivot] = swap;
      swap = inverse[q], inverse[q] = inverse[pivot], inverse[pivot] = swap;
      for (guint i = 0; i < n; i++)
        if (i != q && (rows[i] >> q & 1) != 0)
          {
            rows[i] ^= rows[q];
            inverse[i] ^= inverse[q];
          }
    }
  /* Row q of the inverse says which masks' coordinates bit q of k is the sum of. */
  for (guint j = 0; j < n; j++)
    {
      columns[j] = 0;
      for (guint q = 0; q < n; q++)
        columns[j] |= (inverse[q] >> j & 1) << q;
    }
}

guint32
qrx_masks_combine (const guint32 *vectors, guint32 mask)
{
  guint32 sum = 0;

  for (; mask != 0; mask &= mask - 1)
    sum ^= vectors[__builtin_ctz (mask)];
  return sum;
}

guint32 *
qrx_masks_span (const guint32 *vectors, guint n)
{
  guint32 *sums = g_new (guint32, (gsize) 1 << n);

  sums[0] = 0;
  for (guint j = 0; j < n; j++)
    for (gsize i = 0; i < (gsize) 1 << j; i++)
      sums[((gsize) 1 << j) + i] = sums[i] ^ vectors[j];
  return sums;
}

guint32
qrx_masks_multiply (const guint32 *vectors, guint n, guint32 mask)
{
  guint32 parities = 0;

  for (guint i = 0; i < n; i++)
    parities |= (guint32) __builtin_parity (vectors[i] & mask) << i;
  return parities;
}

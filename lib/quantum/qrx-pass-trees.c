/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Signed sums over all indices, Σ_k (-1)^|k & z_j| f(k), for many masks z_j at once: in coordinates in which each mask
 * is one bit, folding the array in halves gives them all for two additions an entry. */
#include <string.h>

#include "quantum/qrx-program-private.h"

#define LOOK_AHEAD 128 /* masks that are tried for a tree, so that planting trees stays linear */

/* Row-reduces the masks; pivots has a bit for each. FALSE if mask depends on the n before it. */
static gboolean
reduce (guint32 *rows, guint n, guint32 mask)
{
  for (guint i = 0; i < n; i++)
    if ((mask ^ rows[i]) < mask) /* rows[i]'s leading bit is set in mask */
      mask ^= rows[i];
  rows[n] = mask;
  return mask != 0;
}

/* Columns of the inverse of the matrix whose rows are the masks, completed by units: parity(columns[i] & rows[j])
 * is 1 where i = j, else 0. */
static void
invert (const guint32 *masks, guint n_masks, guint n_qubits, guint32 *columns)
{
  guint32 rows[QRX_CIRCUIT_MAX_QUBITS], inverse[QRX_CIRCUIT_MAX_QUBITS], basis[QRX_CIRCUIT_MAX_QUBITS + 1];
  guint n = n_masks;

  memcpy (rows, masks, n_masks * sizeof *masks);
  for (guint i = 0; i < n_masks; i++)
    reduce (basis, i, masks[i]);
  for (guint q = 0; q < n_qubits && n < n_qubits; q++)
    if (reduce (basis, n, (guint32) 1 << q))
      rows[n++] = (guint32) 1 << q;

  for (guint i = 0; i < n_qubits; i++)
    inverse[i] = (guint32) 1 << i; /* bit i: row i takes part */
  for (guint q = 0; q < n_qubits; q++)
    {
      guint pivot = q;
      guint32 swap;

      while ((rows[pivot] >> q & 1) == 0)
        pivot++;
      swap = rows[q], rows[q] = rows[pivot], rows[pivot] = swap;
      swap = inverse[q], inverse[q] = inverse[pivot], inverse[pivot] = swap;
      for (guint i = 0; i < n_qubits; i++)
        if (i != q && (rows[i] >> q & 1) != 0)
          {
            rows[i] ^= rows[q];
            inverse[i] ^= inverse[q];
          }
    }
  /* Row q of the inverse says which masks' coordinates bit q of k is the sum of. */
  for (guint j = 0; j < n_qubits; j++)
    {
      columns[j] = 0;
      for (guint q = 0; q < n_qubits; q++)
        columns[j] |= (inverse[q] >> j & 1) << q;
    }
}

static guint32 *
sums_of (const guint32 *columns, guint n)
{
  guint32 *sums = g_new (guint32, (gsize) 1 << n);

  sums[0] = 0;
  for (guint j = 0; j < n; j++)
    for (gsize i = 0; i < (gsize) 1 << j; i++)
      sums[((gsize) 1 << j) + i] = sums[i] ^ columns[j];
  return sums;
}

/* Of n members, the last n_whole have masks of lane bits only. */
static void
append_tree (QrxProgram *self, const guint32 *masks, const guint *members, guint n, guint n_whole)
{
  guint n_bits = self->n_qubits - self->n_lane_bits;
  guint32 columns[QRX_CIRCUIT_MAX_QUBITS], upper[QRX_CIRCUIT_MAX_QUBITS];
  QrxTree tree = { n - n_whole, n_whole, g_memdup2 (members, n * sizeof *members), g_new (guint32, n), n_bits / 2,
                   NULL, NULL };

  for (guint i = 0; i < n; i++)
    tree.lanes[i] = masks[i] & (((guint32) 1 << self->n_lane_bits) - 1);
  for (guint i = 0; i < tree.n_members; i++)
    upper[i] = masks[i] >> self->n_lane_bits;
  invert (upper, tree.n_members, n_bits, columns);
  tree.low = sums_of (columns, tree.n_low);
  tree.high = sums_of (columns + tree.n_low, n_bits - tree.n_low);
  g_array_append_val (self->trees, tree);
}

/* Moves what has nothing but lane bits to the end and returns how many those are. */
static guint
part_whole (QrxProgram *self, guint32 *masks, guint *members, guint n)
{
  guint n_upper = n;

  for (guint i = n; i-- > 0;)
    if (masks[i] >> self->n_lane_bits == 0)
      {
        guint32 mask = masks[i];
        guint member = members[i];

        n_upper--;
        masks[i] = masks[n_upper], masks[n_upper] = mask;
        members[i] = members[n_upper], members[n_upper] = member;
      }
  return n - n_upper;
}

/* Moves to the front what is independent among the next ones, at most n_bits of them, and returns how many these are. */
static guint
part_independent (QrxProgram *self, guint32 *masks, guint *members, guint n)
{
  guint n_bits = self->n_qubits - self->n_lane_bits, n_taken = 0;
  guint32 basis[QRX_CIRCUIT_MAX_QUBITS + 1];

  for (guint i = 0; i < MIN (n, LOOK_AHEAD) && n_taken < n_bits; i++)
    {
      guint32 mask = masks[i];
      guint member = members[i];

      if (!reduce (basis, n_taken, mask >> self->n_lane_bits))
        continue;
      for (guint j = i; j > n_taken; j--) /* what was passed over moves up one place */
        {
          masks[j] = masks[j - 1];
          members[j] = members[j - 1];
        }
      masks[n_taken] = mask;
      members[n_taken++] = member;
    }
  return n_taken;
}

/* Appends trees that together hold all the masks: each takes what is independent. */
void
qrx_pass_add_trees (QrxProgram *self, const guint32 *masks, const guint *members, guint n)
{
  g_autofree guint32 *left = g_memdup2 (masks, n * sizeof *masks);
  g_autofree guint *left_members = g_memdup2 (members, n * sizeof *members);
  guint n_whole = part_whole (self, left, left_members, n);

  if (n_whole > 0)
    append_tree (self, left + n - n_whole, left_members + n - n_whole, n_whole, n_whole);
  n -= n_whole;
  for (guint first = 0, n_taken; first < n; first += n_taken)
    {
      n_taken = part_independent (self, left + first, left_members + first, n - first);
      append_tree (self, left + first, left_members + first, n_taken, 0);
    }
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Signed sums over all indices, Σ_k (-1)^|k & z_j| f(k), for many masks z_j at once: in coordinates in which each mask
 * is one bit, folding the array in halves gives them all for two additions an entry. */
#include "quantum/qrx-masks-private.h"
#include "quantum/qrx-program-private.h"

#define LOOK_AHEAD 128 /* masks that are tried for a tree, so that planting trees stays linear */

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
  qrx_masks_complete (upper, tree.n_members, n_bits);
  qrx_masks_invert (upper, n_bits, columns);
  tree.low = qrx_masks_span (columns, tree.n_low);
  tree.high = qrx_masks_span (columns + tree.n_low, n_bits - tree.n_low);
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

      if (!qrx_masks_reduce (basis, n_taken, mask >> self->n_lane_bits))
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

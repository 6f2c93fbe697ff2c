/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looks for a cut of a state into halves: coordinates of places along the directions of its first rotations, and a division of
 * them between two halves across which the product state has few parities. */
#include "quantum/qrx-cut-private.h"

#include "quantum/qrx-masks-private.h"

static guint32
all_bits (guint n)
{
  return (guint32) (((guint64) 1 << n) - 1);
}

guint32
qrx_cut_link (const QrxCut *self, guint32 x)
{
  return (qrx_masks_combine (self->links, x & self->lower) & ~self->lower) |
         (qrx_masks_combine (self->links, x & ~self->lower) & self->lower);
}

/* By each link between two coordinates that are both turned. */
gboolean
qrx_cut_link_negates (const QrxCut *self, guint32 x)
{
  return qrx_parity (qrx_masks_combine (self->links, x & self->lower) & ~self->lower & x) != 0;
}

/* Turns that can come before all others: rotations that commute with each other, and diagonals before them. */
static GArray *
select_first (GArray *turns)
{
  GArray *selected = g_array_new (FALSE, FALSE, sizeof (guint));
  QrxPauliSpan rotations = { { 0 }, 0 }, others = { { 0 }, 0 };

  for (guint i = 0; i < turns->len; i++)
    {
      const QrxTurn *turn = &g_array_index (turns, QrxTurn, i);

      if (!qrx_pauli_span_commutes (&others, turn->x, turn->z) || !qrx_pauli_span_commutes (&rotations, turn->x, turn->z))
        {
          qrx_pauli_span_add (&others, turn->x, turn->z);
          continue;
        }
      if (turn->x != 0)
        qrx_pauli_span_add (&rotations, turn->x, turn->z);
      g_array_append_val (selected, i);
    }
  return selected;
}

static void
add_links (QrxCut *self, guint coordinate, guint32 others)
{
  self->links[coordinate] |= others;
  for (; others != 0; others &= others - 1)
    self->links[__builtin_ctz (others)] |= (guint32) 1 << coordinate;
}

/* Coordinates along the directions of the rotations, and what these link. A rotation along several of them is taken where these
 * happen to be in one half. */
static void
lay_frame (QrxCut *self, const QrxProgram *program, GArray *turns, GArray *selected)
{
  guint32 rows[QRX_CIRCUIT_MAX_QUBITS + 1];
  guint n = 0;

  self->n = program->n_qubits;
  for (guint i = 0; i < selected->len && n < self->n; i++)
    {
      guint32 x = g_array_index (turns, QrxTurn, g_array_index (selected, guint, i)).x;

      if (x != 0 && qrx_masks_reduce (rows, n, x))
        self->directions[n++] = x;
    }
  qrx_masks_complete (self->directions, n, self->n);
  qrx_masks_invert (self->directions, self->n, self->duals);
  for (guint q = 0; q < self->n; q++)
    {
      self->qubits[q] = qrx_masks_multiply (self->directions, self->n, program->parities[q]);
      self->links[q] = 0;
    }
  for (guint i = 0; i < selected->len; i++)
    {
      const QrxTurn *turn = &g_array_index (turns, QrxTurn, g_array_index (selected, guint, i));
      guint32 x = qrx_masks_multiply (self->duals, self->n, turn->x);
      guint32 z = qrx_masks_multiply (self->directions, self->n, turn->z);

      if (x != 0 && (x & (x - 1)) == 0)
        add_links (self, (guint) __builtin_ctz (x), z & ~x);
    }
}

/* The independent parities that qubits and links across a cut have on one side. */
static guint
count_parities (const QrxCut *self, guint32 lower, guint32 side)
{
  guint32 rows[QRX_CIRCUIT_MAX_QUBITS + 1];
  guint n = 0;

  for (guint q = 0; q < self->n; q++)
    if ((self->qubits[q] & lower) != 0 && (self->qubits[q] & ~lower) != 0)
      n += qrx_masks_reduce (rows, n, self->qubits[q] & side);
  for (guint j = 0; j < self->n; j++)
    if ((side >> j & 1) == 0)
      n += qrx_masks_reduce (rows, n, self->links[j] & side);
  return n;
}

static guint
count_branch_bits (const QrxCut *self, guint32 lower)
{
  return MIN (count_parities (self, lower, lower), count_parities (self, lower, all_bits (self->n) & ~lower));
}

/* Half of the coordinates in their order; then pairs change sides as long as that takes branches away. */
static void
divide (QrxCut *self)
{
  guint best;
  gboolean changed = TRUE;

  self->lower = all_bits (self->n / 2);
  best = count_branch_bits (self, self->lower);
  while (changed && best > 1)
    {
      changed = FALSE;
      for (guint a = 0; a < self->n; a++)
        for (guint b = 0; b < self->n; b++)
          {
            guint32 swapped = self->lower ^ (guint32) 1 << a ^ (guint32) 1 << b;

            if ((self->lower >> a & 1) == 0 || (self->lower >> b & 1) != 0 || count_branch_bits (self, swapped) >= best)
              continue;
            self->lower = swapped;
            best = count_branch_bits (self, swapped);
            changed = TRUE;
          }
    }
}

/* Whether there are two halves, of few branches, neither of them large. */
static gboolean
is_cut (const QrxCut *self)
{
  guint n_lower = (guint) __builtin_popcount (self->lower), n_branch_bits = count_branch_bits (self, self->lower);

  return n_lower > 0 && n_lower < self->n && n_branch_bits <= QRX_CUT_MAX_BRANCH_BITS &&
         MAX (n_lower, self->n - n_lower) + n_branch_bits <= QRX_CUT_MAX_BITS;
}

gboolean
qrx_cut_find (QrxCut *self, const QrxProgram *program, GArray *turns)
{
  g_autoptr (GArray) selected = select_first (turns);

  lay_frame (self, program, turns, selected);
  self->seen[0] = self->seen[1] = 0;
  divide (self);
  return is_cut (self);
}

guint
qrx_cut_count_ties (const QrxCut *self, guint32 side)
{
  return count_parities (self, self->lower, side);
}

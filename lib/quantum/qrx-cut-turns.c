/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which turns act on a half of a state that is cut, and what they have to see of the other one. A rotation along coordinates of
 * one half may have the Z of others across the cut: if nothing changes their parity any more, each value of it has a state of the
 * half of its own. */
#include "quantum/qrx-cut-private.h"

#include "quantum/qrx-masks-private.h"

#define MAX_CANDIDATES 16

/* Of the other half's coordinates, those of which turns would see the parity. */
typedef struct {
  guint32 mask;
  gint gain; /* turns that see it, less those after the first of these that change it */
} Candidate;

typedef struct {
  Candidate list[MAX_CANDIDATES];
  guint n;
} Candidates;

/* In a cut's coordinates, links across it aside. */
static QrxString
find_string (const QrxCut *self, const QrxTurn *turn)
{
  guint32 x = qrx_masks_multiply (self->duals, self->n, turn->x);

  return (QrxString){ x, qrx_masks_multiply (self->directions, self->n, turn->z) ^ qrx_cut_link (self, x) };
}

static void
count_seen (Candidates *self, guint32 mask)
{
  guint i = 0;

  while (i < self->n && self->list[i].mask != mask)
    i++;
  if (i == MAX_CANDIDATES)
    return;
  if (i == self->n)
    self->list[self->n++] = (Candidate){ mask, 0 };
  self->list[i].gain++;
}

static void
count_changed (Candidates *self, guint32 x)
{
  for (guint i = 0; i < self->n; i++)
    self->list[i].gain -= (gint) qrx_parity (x & self->list[i].mask);
}

/* As if each turn that changes one half alone could have what it wants to see. */
static void
count_wishes (const QrxCut *self, GArray *turns, Candidates candidates[2])
{
  QrxPauliSpan others = { { 0 }, 0 };

  for (guint i = 0; i < turns->len; i++)
    {
      const QrxTurn *turn = &g_array_index (turns, QrxTurn, i);
      QrxString string = find_string (self, turn);

      if (!qrx_pauli_span_commutes (&others, turn->x, turn->z) ||
          ((string.x & self->lower) != 0 && (string.x & ~self->lower) != 0))
        {
          qrx_pauli_span_add (&others, turn->x, turn->z);
          continue;
        }
      for (guint h = 0; h < 2; h++)
        {
          guint32 side = qrx_cut_get_side (self, h);

          if ((string.x & ~side) != 0 || ((string.x | string.z) & side) == 0)
            continue;
          if ((string.z & ~side) != 0)
            count_seen (&candidates[h], string.z & ~side);
          count_changed (&candidates[1 - h], string.x);
        }
    }
}

static guint32
find_best (const Candidates *self)
{
  Candidate best = { 0, 0 };

  for (guint i = 0; i < self->n; i++)
    if (self->list[i].gain > best.gain)
      best = self->list[i];
  return best.mask;
}

/* The highest of some coordinates becomes the parity of all of them. */
static void
turn_coordinates (QrxCut *self, guint32 mask)
{
  guint pivot = 31 - (guint) __builtin_clz (mask);
  guint32 rest = mask ^ (guint32) 1 << pivot;

  for (guint i = 0; i < self->n; i++)
    {
      if ((self->qubits[i] >> pivot & 1) != 0)
        self->qubits[i] ^= rest;
      if ((self->links[i] >> pivot & 1) != 0)
        self->links[i] ^= rest;
    }
  for (guint i = 0; i < self->n; i++)
    if ((rest >> i & 1) != 0)
      {
        self->directions[i] ^= self->directions[pivot];
        self->links[i] ^= self->links[pivot];
        self->duals[pivot] ^= self->duals[i];
      }
}

/* A half that sees has a bit more, and is seen pair by pair of places. */
static gboolean
has_room (const QrxCut *self, guint h, guint least_lower)
{
  guint n_branch_bits = MIN (qrx_cut_count_ties (self, self->lower), qrx_cut_count_ties (self, ~self->lower));
  guint n = (guint) __builtin_popcount (qrx_cut_get_side (self, h)), n_others = self->n - n;

  return n + n_branch_bits < QRX_CUT_MAX_BITS && n_others >= (h == 1 ? MAX (2, least_lower) : 2);
}

void
qrx_cut_look_across (const QrxCut *self, GArray *turns, guint least_lower, guint32 parities[2])
{
  Candidates candidates[2] = { { .n = 0 }, { .n = 0 } };

  count_wishes (self, turns, candidates);
  for (guint h = 0; h < 2; h++)
    parities[h] = has_room (self, h, least_lower) ? find_best (&candidates[h]) : 0;
}

void
qrx_cut_see (QrxCut *self, guint half, guint32 parity)
{
  turn_coordinates (self, parity);
  self->seen[half] = (guint32) 1 << (31 - __builtin_clz (parity));
}

/* The half that a turn acts on, whatever that one has to see if it may; 2 if it is neither. */
static guint
find_half (const QrxCut *self, QrxString string, gboolean may_see)
{
  guint h = 0;

  for (; h < 2; h++)
    {
      guint32 rest = ~qrx_cut_get_side (self, h);

      if ((string.x & rest) == 0 && ((string.z & rest) == 0 || (may_see && (string.z & rest) == self->seen[h])))
        break;
    }
  return h;
}

/* Whether any turn that is not selected is a diagonal. */
static gboolean
leaves_diagonals (GArray *turns, GArray *selected)
{
  for (guint i = 0, next = 0; i < turns->len; i++)
    if (next < selected->len && g_array_index (selected, QrxCutTurn, next).turn == i)
      next++;
    else if (g_array_index (turns, QrxTurn, i).x == 0)
      return TRUE;
  return FALSE;
}

/* Leaves diagonals that no selected turn has to wait for where others are anyway: they share a table there. */
static void
leave_last_diagonals (GArray *turns, GArray *selected)
{
  QrxPauliSpan after = { { 0 }, 0 };
  guint begin = selected->len;

  if (!leaves_diagonals (turns, selected))
    return;
  for (guint i = selected->len; i-- > 0;)
    {
      QrxCutTurn cut_turn = g_array_index (selected, QrxCutTurn, i);
      const QrxTurn *turn = &g_array_index (turns, QrxTurn, cut_turn.turn);

      if (turn->x == 0 && qrx_pauli_span_commutes (&after, turn->x, turn->z))
        continue;
      qrx_pauli_span_add (&after, turn->x, turn->z);
      g_array_index (selected, QrxCutTurn, --begin) = cut_turn;
    }
  if (begin > 0)
    g_array_remove_range (selected, 0, begin);
}

GArray *
qrx_cut_select_turns (const QrxCut *self, GArray *turns)
{
  GArray *selected = g_array_new (FALSE, FALSE, sizeof (QrxCutTurn));
  QrxPauliSpan others = { { 0 }, 0 };
  guint32 seen[2] = { 0, 0 }; /* by turns so far */

  for (guint i = 0; i < turns->len; i++)
    {
      const QrxTurn *turn = &g_array_index (turns, QrxTurn, i);
      QrxString string = find_string (self, turn);
      QrxCutTurn cut_turn = { i, find_half (self, string, FALSE), FALSE };

      if (cut_turn.half == 2)
        cut_turn = (QrxCutTurn){ i, find_half (self, string, TRUE), TRUE };
      if (!qrx_pauli_span_commutes (&others, turn->x, turn->z) || cut_turn.half == 2 ||
          qrx_parity (string.x & seen[1 - cut_turn.half]) != 0)
        {
          qrx_pauli_span_add (&others, turn->x, turn->z);
          continue;
        }
      seen[cut_turn.half] |= cut_turn.sees ? self->seen[cut_turn.half] : 0;
      g_array_append_val (selected, cut_turn);
    }
  leave_last_diagonals (turns, selected);
  return selected;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What comes before a bit is of any use: as long as no turn has its Z, the state is the same for both its values, and one copy is
 * simulated. */
#include "quantum/qrx-program-private.h"

static guint
count_rotations (GArray *turns)
{
  guint n = 0;

  for (guint i = 0; i < turns->len; i++)
    n += g_array_index (turns, QrxTurn, i).x != 0 ? 1 : 0;
  return n;
}

/* Which of the first turns, diagonals or rotations, could as well come with the others after them: no turn that stays has to wait
 * for them. Both the last one first. */
static void
divide (GArray *first, gboolean diagonals, GArray *kept, GArray *given)
{
  QrxPauliSpan after = { { 0 }, 0 };

  for (guint i = first->len; i-- > 0;)
    {
      QrxTurn turn = g_array_index (first, QrxTurn, i);
      gboolean goes = (turn.x == 0) == diagonals && qrx_pauli_span_commutes (&after, turn.x, turn.z);

      g_array_append_val (goes ? given : kept, turn);
      if (!goes || !diagonals) /* of rotations, those of one stage */
        qrx_pauli_span_add (&after, turn.x, turn.z);
    }
}

/* Diagonals go if the others have any, with which they share a table; rotations if they take no further pass there. */
static gboolean
is_worthwhile (GArray *others, gboolean diagonals, guint n)
{
  guint n_rotations = count_rotations (others);

  if (diagonals)
    return n_rotations < others->len;
  return n_rotations > 0 && qrx_count_small_sweeps (n_rotations + n) == qrx_count_small_sweeps (n_rotations);
}

static void
give (GArray *first, GArray *others, gboolean diagonals)
{
  g_autoptr (GArray) kept = g_array_new (FALSE, FALSE, sizeof (QrxTurn)), given = g_array_new (FALSE, FALSE, sizeof (QrxTurn));

  divide (first, diagonals, kept, given);
  if (!is_worthwhile (others, diagonals, given->len))
    return;
  g_array_set_size (first, kept->len);
  for (guint i = 0; i < kept->len; i++)
    g_array_index (first, QrxTurn, i) = g_array_index (kept, QrxTurn, kept->len - 1 - i);
  g_array_prepend_vals (others, given->data, given->len); /* in any order: they commute */
}

/* A bit less halves the first turns' states, but a pass more over the others' costs as much. */
GArray *
qrx_pass_split_stem (GArray *turns, guint32 bit)
{
  GArray *first = g_array_new (FALSE, FALSE, sizeof (QrxTurn));
  QrxPauliSpan others = { { 0 }, 0 };
  guint kept = 0;

  for (guint i = 0; i < turns->len; i++)
    {
      QrxTurn turn = g_array_index (turns, QrxTurn, i);

      if ((turn.z & bit) == 0 && qrx_pauli_span_commutes (&others, turn.x, turn.z))
        {
          g_array_append_val (first, turn);
          continue;
        }
      qrx_pauli_span_add (&others, turn.x, turn.z);
      g_array_index (turns, QrxTurn, kept++) = turn;
    }
  g_array_set_size (turns, kept);
  give (first, turns, FALSE);
  give (first, turns, TRUE);
  return first;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Passes that make the list of turns shorter: what no observable sees, and what acts on a product state. */
#include "quantum/qrx-program-private.h"

/* The bits of a mask that are in another, moved together. */
static guint32
gather (guint32 mask, guint32 kept)
{
  guint32 gathered = 0;

  for (guint n = 0; kept != 0; kept &= kept - 1, n++)
    gathered |= (mask >> __builtin_ctz (kept) & 1) << n;
  return gathered;
}

/* A qubit that no turn and no observable flips stays |0⟩: Z does nothing to it, and the state can do without it. */
static void
drop_qubits (QrxProgram *self, GArray *turns)
{
  guint32 flipped = 0;
  guint kept = 0;

  for (guint i = 0; i < turns->len; i++)
    flipped |= g_array_index (turns, QrxTurn, i).x;
  for (guint i = 0; i < self->strings->len; i++)
    flipped |= g_array_index (self->strings, QrxString, i).x;
  for (guint i = 0; i < turns->len; i++)
    {
      QrxTurn turn = g_array_index (turns, QrxTurn, i);

      turn.x = gather (turn.x, flipped);
      turn.z = gather (turn.z, flipped);
      if ((turn.x | turn.z) != 0)
        g_array_index (turns, QrxTurn, kept++) = turn;
    }
  g_array_set_size (turns, kept);
  for (guint i = 0; i < self->strings->len; i++)
    {
      QrxString *string = &g_array_index (self->strings, QrxString, i);

      *string = (QrxString){ gather (string->x, flipped), gather (string->z, flipped) };
    }
  self->n_qubits = MAX ((guint) __builtin_popcount (flipped), 1);
}

/* Going back from the readout: a turn that commutes with every observable and with every later turn that was kept
 * moves through them all and cancels. What commutes with a basis commutes with everything it generates. */
void
qrx_pass_drop_unseen (QrxProgram *self, GArray *turns)
{
  QrxPauliSpan span = { { 0 }, 0 };
  guint kept = turns->len;

  for (guint i = 0; i < self->strings->len; i++)
    {
      const QrxString *string = &g_array_index (self->strings, QrxString, i);

      qrx_pauli_span_add (&span, string->x, string->z);
    }
  for (guint i = turns->len; i > 0; i--)
    {
      QrxTurn turn = g_array_index (turns, QrxTurn, i - 1);

      if (qrx_pauli_span_commutes (&span, turn.x, turn.z))
        continue;
      qrx_pauli_span_add (&span, turn.x, turn.z);
      g_array_index (turns, QrxTurn, --kept) = turn;
    }
  g_array_remove_range (turns, 0, kept);
  drop_qubits (self, turns);
}

/* Moves turns of single qubits that no wider turn has touched yet into product. On a qubit that is still |0⟩, Z does
 * nothing, so it is struck from the strings. */
void
qrx_pass_split_product (QrxProgram *self, GArray *turns, GArray *product)
{
  guint32 all = (guint32) (((guint64) 1 << self->n_qubits) - 1);
  guint32 entangled = 0, turned = 0;
  guint kept = 0;

  for (guint i = 0; i < turns->len; i++)
    {
      QrxTurn turn = g_array_index (turns, QrxTurn, i);
      guint32 untouched = all & ~(entangled | turned), support;

      turn.z &= ~(untouched & ~turn.x);
      support = turn.x | turn.z;
      if (support == 0)
        continue;
      if ((support & (support - 1)) == 0 && (support & entangled) == 0)
        {
          turned |= support;
          g_array_append_val (product, turn);
          continue;
        }
      entangled |= support;
      g_array_index (turns, QrxTurn, kept++) = turn;
    }
  g_array_set_size (turns, kept);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pauli strings as text, and spans of them: what commutes with a basis commutes with all it generates. */
#include "quantum/qrx-pauli-private.h"

#include <string.h>

guint
qrx_pauli_hash (gconstpointer key)
{
  return (guint) (*(const guint64 *) key * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) >> 32); /* Fibonacci hashing */
}

/* Reads letters I, X, Y, Z, wire 0 first; FALSE if there are others, or not one for each qubit. */
gboolean
qrx_pauli_parse (const char *text, guint n_qubits, guint32 *x, guint32 *z)
{
  *x = *z = 0;
  for (guint i = 0; i < n_qubits; i++)
    {
      guint32 bit = (guint32) 1 << (n_qubits - 1 - i);

      if (text[i] == '\0' || strchr ("IXYZ", text[i]) == NULL)
        return FALSE;
      if (text[i] == 'X' || text[i] == 'Y')
        *x |= bit;
      if (text[i] == 'Z' || text[i] == 'Y')
        *z |= bit;
    }
  return text[n_qubits] == '\0';
}

char *
qrx_pauli_to_string (guint32 x, guint32 z, guint n_qubits)
{
  char *text = g_new (char, n_qubits + 1);

  for (guint i = 0; i < n_qubits; i++)
    {
      guint bit = n_qubits - 1 - i;

      text[i] = "IXZY"[(x >> bit & 1) | (z >> bit & 1) << 1];
    }
  text[n_qubits] = '\0';
  return text;
}

/* Adds a string; FALSE if it was in the span already. */
gboolean
qrx_pauli_span_add (QrxPauliSpan *self, guint32 x, guint32 z)
{
  guint64 v = (guint64) x << 32 | z;

  while (v != 0)
    {
      guint lead = 63 - (guint) __builtin_clzll (v);

      if ((self->leads >> lead & 1) == 0)
        {
          self->vectors[lead] = v;
          self->leads |= (guint64) 1 << lead;
          return TRUE;
        }
      v ^= self->vectors[lead];
    }
  return FALSE;
}

gboolean
qrx_pauli_span_commutes (const QrxPauliSpan *self, guint32 x, guint32 z)
{
  for (guint64 left = self->leads; left != 0; left &= left - 1)
    {
      guint64 v = self->vectors[__builtin_ctzll (left)];

      if (!qrx_pauli_commutes ((guint32) (v >> 32), (guint32) v, x, z))
        return FALSE;
    }
  return TRUE;
}

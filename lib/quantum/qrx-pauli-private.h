/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pauli strings as bit masks: i^phase X^x Z^z, and sets of them as linear spaces over two elements.
 * Bit n - 1 - w of a mask is wire w, so that wire 0 is the most significant bit of a state's index. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint32 x;
  guint32 z;
  guint phase; /* mod 4 */
} QrxPauli;

/* A linear basis of at most 64 vectors over (x, z), reduced by their leading bits. */
typedef struct {
  guint64 vectors[64];
  guint64 leads; /* bit i: vectors[i] is there and has i as its highest bit */
} QrxPauliSpan;

static inline guint
qrx_parity (guint32 mask)
{
  return (guint) __builtin_parity (mask);
}

static inline gboolean
qrx_pauli_commutes (guint32 x1, guint32 z1, guint32 x2, guint32 z2)
{
  return qrx_parity ((x1 & z2) ^ (z1 & x2)) == 0;
}

static inline QrxPauli
qrx_pauli_multiply (QrxPauli a, QrxPauli b)
{
  return (QrxPauli){ a.x ^ b.x, a.z ^ b.z, (a.phase + b.phase + 2 * qrx_parity (a.z & b.x)) & 3 };
}

/* The Hermitian string with these masks: a Y has its i. */
static inline QrxPauli
qrx_pauli_from_masks (guint32 x, guint32 z)
{
  return (QrxPauli){ x, z, (guint) __builtin_popcount (x & z) & 3 };
}

/* +1 or -1: the sign of a Hermitian string against qrx_pauli_from_masks(). */
static inline int
qrx_pauli_get_sign (QrxPauli p)
{
  return ((p.phase - (guint) __builtin_popcount (p.x & p.z)) & 3) == 0 ? 1 : -1;
}

/* For tables by a #gint64 of x and z: g_int64_hash() is the lower one alone, so that all strings of X would have the
 * same. */
guint qrx_pauli_hash (gconstpointer key);
gboolean qrx_pauli_parse (const char *text, guint n_qubits, guint32 *x, guint32 *z);
char *qrx_pauli_to_string (guint32 x, guint32 z, guint n_qubits);
gboolean qrx_pauli_span_add (QrxPauliSpan *self, guint32 x, guint32 z);
gboolean qrx_pauli_span_commutes (const QrxPauliSpan *self, guint32 x, guint32 z);

G_END_DECLS

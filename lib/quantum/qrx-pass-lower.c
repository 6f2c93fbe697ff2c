/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From gates to turns around Pauli strings. A constant quarter turn is a Clifford operation: it is not simulated, it
 * changes the strings of all that follows, observables included (the stabilizer formalism, Aaronson & Gottesman 2004,
 * arXiv quant-ph/0406196). Knows the gate table, not what comes of the turns. */
#include <math.h>
#include <string.h>

#include "quantum/qrx-program-private.h"

/* What C^-1 X_q C and C^-1 Z_q C are, C being all quarter turns so far. */
typedef struct {
  QrxPauli x[QRX_CIRCUIT_MAX_QUBITS];
  QrxPauli z[QRX_CIRCUIT_MAX_QUBITS];
} Frame;

static void
frame_init (Frame *self, guint n_qubits)
{
  for (guint q = 0; q < n_qubits; q++)
    {
      self->x[q] = (QrxPauli){ (guint32) 1 << q, 0, 0 };
      self->z[q] = (QrxPauli){ 0, (guint32) 1 << q, 0 };
    }
}

static QrxPauli
frame_image (const Frame *self, guint32 x, guint32 z)
{
  QrxPauli image = { 0, 0, qrx_pauli_from_masks (x, z).phase };

  for (guint32 left = x; left != 0; left &= left - 1)
    image = qrx_pauli_multiply (image, self->x[__builtin_ctz (left)]);
  for (guint32 left = z; left != 0; left &= left - 1)
    image = qrx_pauli_multiply (image, self->z[__builtin_ctz (left)]);
  return image;
}

/* G = exp(-i pi/4 n P) after C. What anticommutes with P is multiplied by exp(-i pi/2 n P) = -iP, -1, iP. */
static void
frame_turn (Frame *self, guint32 x, guint32 z, guint n_quarters)
{
  QrxPauli factor = frame_image (self, x, z);

  if (n_quarters == 2)
    factor = (QrxPauli){ 0, 0, 2 };
  else
    factor.phase = (factor.phase + (n_quarters == 1 ? 3 : 1)) & 3;
  for (guint32 left = z; left != 0; left &= left - 1)
    self->x[__builtin_ctz (left)] = qrx_pauli_multiply (self->x[__builtin_ctz (left)], factor);
  for (guint32 left = x; left != 0; left &= left - 1)
    self->z[__builtin_ctz (left)] = qrx_pauli_multiply (self->z[__builtin_ctz (left)], factor);
}

/* Whether an angle is a whole number of quarter turns, to rounding. */
static gboolean
count_quarters (double angle, guint *n_quarters)
{
  double n = rint (angle / G_PI_2);

  if (fabs (angle) > 1e6 || fabs (angle - n * G_PI_2) > 4e-16 * MAX (1, fabs (angle)))
    return FALSE;
  *n_quarters = (guint) ((gint64) n & 3);
  return TRUE;
}

/* The sign of a string against its kernel form. */
static double
kernel_sign (QrxPauli p)
{
  return ((guint) __builtin_popcount (p.x & p.z) & 2) == 0 ? qrx_pauli_get_sign (p) : -qrx_pauli_get_sign (p);
}

/* The masks over the circuit's qubits of a string over a gate's wires. */
static void
place (const QrxOperation *operation, const char *pauli, guint n_qubits, guint32 *x, guint32 *z)
{
  *x = *z = 0;
  for (guint i = 0; i < operation->gate->n_wires; i++)
    {
      guint32 bit = (guint32) 1 << (n_qubits - 1 - operation->wires[i]);

      if (pauli[i] == 'X' || pauli[i] == 'Y')
        *x |= bit;
      if (pauli[i] == 'Z' || pauli[i] == 'Y')
        *z |= bit;
    }
}

static void
lower_rotation (QrxProgram *self, Frame *frame, const QrxOperation *operation, const QrxGateRotation *rotation,
                GArray *turns)
{
  QrxTurn turn = { 0, 0, QRX_ANGLE_SOURCE_CONSTANT, 0, 0, rotation->factor * G_PI_2 };
  guint32 x, z;
  guint n_quarters;
  QrxPauli image;
  double sign;

  place (operation, rotation->pauli, self->n_qubits, &x, &z);
  if (rotation->parameter >= 0)
    {
      const QrxAngle *angle = &operation->angles[rotation->parameter];

      turn.source = angle->scale != 0 ? angle->source : QRX_ANGLE_SOURCE_CONSTANT;
      turn.index = angle->index;
      turn.scale = rotation->factor * angle->scale;
      turn.offset = rotation->factor * angle->offset;
    }
  if (turn.source == QRX_ANGLE_SOURCE_CONSTANT && (self->passes & QRX_PASS_CLIFFORDS) != 0 &&
      count_quarters (turn.offset, &n_quarters))
    {
      if (n_quarters != 0)
        frame_turn (frame, x, z, n_quarters);
      return;
    }
  image = frame_image (frame, x, z);
  sign = kernel_sign (image);
  turn.x = image.x;
  turn.z = image.z;
  turn.scale *= sign;
  turn.offset *= sign;
  g_array_append_val (turns, turn);
}

static void
lower_observables (QrxProgram *self, const Frame *frame)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (qrx_pauli_hash, g_int64_equal, g_free, NULL);
  guint n_terms;
  const QrxObservableTerm *terms = qrx_circuit_peek_terms (self->circuit, &n_terms);

  for (guint i = 0; i < n_terms; i++)
    {
      QrxPauli image = frame_image (frame, terms[i].x, terms[i].z);
      QrxReadoutTerm term = { terms[i].observable, self->strings->len, terms[i].coefficient * kernel_sign (image) };
      gint64 key = (gint64) ((guint64) image.x << 32 | image.z);
      gpointer found;

      if (g_hash_table_lookup_extended (seen, &key, NULL, &found))
        term.string = GPOINTER_TO_UINT (found);
      else
        {
          QrxString string = { image.x, image.z };

          g_array_append_val (self->strings, string);
          g_hash_table_insert (seen, g_memdup2 (&key, sizeof key), GUINT_TO_POINTER (term.string));
        }
      g_array_append_val (self->readout, term);
    }
}

/* Fills the program's strings and readout; the turns are in the order of time. */
GArray *
qrx_pass_lower (QrxProgram *self)
{
  GArray *turns = g_array_new (FALSE, FALSE, sizeof (QrxTurn));
  const QrxOperation *operations = qrx_circuit_peek_operations (self->circuit);
  guint n_operations = qrx_circuit_get_n_operations (self->circuit);
  Frame frame;

  frame_init (&frame, self->n_qubits);
  for (guint i = 0; i < n_operations; i++)
    for (guint j = 0; j < operations[i].gate->n_rotations; j++)
      lower_rotation (self, &frame, &operations[i], &operations[i].gate->rotations[j], turns);
  lower_observables (self, &frame);
  return turns;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Groups a layer's rotations into passes over the state: fewer passes move less memory, and cells in registers can take
 * several rotations at once. */
#include "quantum/qrx-program-private.h"

#define LOOK_AHEAD 16 /* rotations that are tried for a sweep, so that grouping stays linear */

static const QrxRotation *
rotation_at (QrxProgram *self, guint index)
{
  return &g_array_index (self->rotations, QrxRotation, index);
}

/* Whether x is independent of those of the sweep's rotations; and, if asked for, whether signs stay uniform. */
static gboolean
fits (QrxProgram *self, const QrxSweep *sweep, const QrxRotation *rotation, gboolean uniform)
{
  QrxPauliSpan span = { { 0 }, 0 };

  for (guint i = 0; i < sweep->n; i++)
    {
      const QrxRotation *other = rotation_at (self, sweep->rotations[i]);

      if (uniform && (qrx_parity (other->x & rotation->z) != 0 || qrx_parity (rotation->x & other->z) != 0))
        return FALSE;
      qrx_pauli_span_add (&span, other->x, 0);
    }
  return qrx_pauli_span_add (&span, rotation->x, 0);
}

/* Takes from what is left up to largest rotations for one sweep, the first one always. */
static void
fill (QrxProgram *self, GArray *left, guint first, guint largest, QrxSweep *sweep)
{
  gboolean tangent = rotation_at (self, g_array_index (left, guint, first))->form == QRX_FORM_TANGENT;

  sweep->rotations[sweep->n++] = g_array_index (left, guint, first);
  for (guint uniform = 2; tangent && uniform-- > 0;)
    for (guint i = first + sweep->n; i < MIN (left->len, first + LOOK_AHEAD) && sweep->n < largest; i++)
      {
        guint index = g_array_index (left, guint, i);
        const QrxRotation *rotation = rotation_at (self, index);

        if (rotation->form != QRX_FORM_TANGENT || !fits (self, sweep, rotation, uniform != 0))
          continue;
        for (guint j = i; j > first + sweep->n; j--) /* what was passed over moves up one place */
          g_array_index (left, guint, j) = g_array_index (left, guint, j - 1);
        g_array_index (left, guint, first + sweep->n) = index;
        sweep->rotations[sweep->n++] = index;
      }
}

/* Real rotations to the front; they commute. */
static void
order (QrxProgram *self, QrxSweep *sweep)
{
  guint sorted[QRX_SWEEP_MAX], n = 0;

  for (guint real = 2; real-- > 0;)
    {
      for (guint i = 0; i < sweep->n; i++)
        {
          const QrxRotation *rotation = rotation_at (self, sweep->rotations[i]);

          if (qrx_pauli_is_real (rotation->x, rotation->z) == (gboolean) real)
            sorted[n++] = sweep->rotations[i];
        }
      if (real == 1)
        sweep->n_real = n;
    }
  for (guint i = 0; i < n; i++)
    sweep->rotations[i] = sorted[i];
}

/* The highest bit. */
static guint32
pivot_of (guint32 x)
{
  return (guint32) 1 << (31 - __builtin_clz (x));
}

static void
lay_out (QrxProgram *self, QrxSweep *sweep)
{
  guint32 basis[QRX_SWEEP_MAX];

  for (guint r = 0; r < sweep->n; r++)
    {
      const QrxRotation *rotation = rotation_at (self, sweep->rotations[r]);

      basis[r] = rotation->x;
      for (guint i = 0; i < r; i++)
        if ((basis[r] & pivot_of (basis[i])) != 0)
          basis[r] ^= basis[i];
      sweep->pivots |= pivot_of (basis[r]);
      sweep->z[r] = rotation->z;
      for (guint c = 0; c < 1u << r; c++)
        sweep->offsets[c | 1u << r] = sweep->offsets[c] ^ rotation->x;
    }
  sweep->uniform = TRUE;
  for (guint r = 0; r < sweep->n; r++)
    for (guint c = 0; c < 1u << sweep->n; c++)
      if ((c >> r & 1) == 0 && qrx_parity ((guint32) sweep->offsets[c] & sweep->z[r]) != 0)
        {
          sweep->signs[r] |= 1u << c;
          sweep->uniform = FALSE;
        }
}

/* Fills the layer's sweeps from its rotations. */
void
qrx_pass_add_sweeps (QrxProgram *self, QrxLayer *layer)
{
  guint largest = (self->passes & QRX_PASS_GROUP) != 0 ? QRX_SWEEP_MAX : 1;
  g_autoptr (GArray) left = g_array_new (FALSE, FALSE, sizeof (guint));

  layer->first_sweep = self->sweeps->len;
  for (guint real = 2; real-- > 0;)
    for (guint i = layer->first_rotation; i < layer->first_rotation + layer->n_rotations; i++)
      if (qrx_pauli_is_real (rotation_at (self, i)->x, rotation_at (self, i)->z) == (gboolean) real)
        g_array_append_val (left, i);
  for (guint first = 0; first < left->len;)
    {
      QrxSweep sweep = { 0 };

      fill (self, left, first, largest, &sweep);
      first += sweep.n;
      order (self, &sweep);
      lay_out (self, &sweep);
      g_array_append_val (self->sweeps, sweep);
    }
  layer->n_sweeps = self->sweeps->len - layer->first_sweep;
}

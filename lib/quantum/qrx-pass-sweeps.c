/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Groups rotations that commute into passes over the state: fewer passes move less memory, and a coset of cells that
 * stays in the first cache takes several rotations at once. */
#include "quantum/qrx-program-private.h"

#define LOOK_AHEAD 24 /* rotations that are tried for a sweep, so that grouping stays linear */

/* Whether x, lane bits aside, is independent of those of a sweep; and, if asked for, whether signs stay uniform. */
static gboolean
fits (QrxProgram *self, const QrxString *masks, const guint *taken, guint n_taken, guint candidate, gboolean uniform)
{
  QrxPauliSpan span = { { 0 }, 0 };
  const QrxString *mask = &masks[candidate];

  for (guint i = 0; i < n_taken; i++)
    {
      const QrxString *other = &masks[taken[i]];

      if (uniform && (qrx_parity (other->x & mask->z) != 0 || qrx_parity (mask->x & other->z) != 0))
        return FALSE;
      qrx_pauli_span_add (&span, other->x >> self->n_lane_bits, 0);
    }
  return qrx_pauli_span_add (&span, mask->x >> self->n_lane_bits, 0);
}

/* With rows in the lanes the smallest of a stage's sweeps comes first, as the diagonal goes along with it. */
guint
qrx_pass_select_sweep (QrxProgram *self, const QrxString *masks, GArray *order, guint first)
{
  guint *left = &g_array_index (order, guint, first), n_left = order->len - first, n = 1;
  guint most = self->n_lane_bits > 0 ? QRX_SWEEP_MAX : QRX_SMALL_SWEEP_MAX, n_sweeps = (n_left + most - 1) / most;
  guint largest = self->n_lane_bits > 0 ? (n_left + n_sweeps - 1) / n_sweeps : n_left / n_sweeps;

  if ((self->passes & QRX_PASS_GROUP) == 0)
    largest = 1;
  if (masks[left[0]].x >> self->n_lane_bits == 0)
    return 1;
  for (guint uniform = 2; uniform-- > 0;)
    for (guint i = n; i < MIN (n_left, LOOK_AHEAD) && n < largest; i++)
      {
        guint candidate = left[i];

        if (!fits (self, masks, left, n, candidate, uniform != 0))
          continue;
        for (guint j = i; j > n; j--) /* what was passed over moves up one place */
          left[j] = left[j - 1];
        left[n++] = candidate;
      }
  return n;
}

/* The highest bit. */
static guint32
pivot_of (guint32 x)
{
  return (guint32) 1 << (31 - __builtin_clz (x));
}

/* The parity of a place with each rotation's mask. */
static guint32
parities_of (const QrxSweep *sweep, guint32 place)
{
  guint32 parities = 0;

  for (guint r = 0; r < sweep->n; r++)
    parities |= (guint32) qrx_parity (place & sweep->z[r]) << r;
  return parities;
}

/* From the highest bit down, a bit that changes parities as no bits above it do begins classes; any other one, with those
 * above that undo its change, is a step, so that steps stay near. */
static void
classify_cosets (QrxProgram *self, QrxSweep *sweep)
{
  guint32 places[QRX_SMALL_SWEEP_MAX], changes[QRX_SMALL_SWEEP_MAX];
  guint n = 0;

  for (guint bit = self->n_qubits; bit-- > 0;)
    {
      guint32 place = (guint32) 1 << bit, change = parities_of (sweep, place);

      if ((sweep->pivots & place) != 0)
        continue;
      for (guint i = 0; i < n; i++)
        if ((change ^ changes[i]) < change)
          {
            change ^= changes[i];
            place ^= places[i];
          }
      if (change == 0)
        sweep->steps[sweep->n_steps++] = place;
      else
        {
          places[n] = place;
          changes[n++] = change;
        }
    }
  for (guint i = 0; i < sweep->n_steps / 2; i++) /* the lowest first, as Gray's code changes it most often */
    {
      guint32 step = sweep->steps[i];

      sweep->steps[i] = sweep->steps[sweep->n_steps - 1 - i];
      sweep->steps[sweep->n_steps - 1 - i] = step;
    }
  sweep->n_classes = 1u << n;
  for (guint i = 0; i < n; i++)
    for (guint c = 0; c < 1u << i; c++)
      sweep->classes[c | 1u << i] = sweep->classes[c] ^ places[i];
  for (guint c = 0; c < sweep->n_classes; c++)
    sweep->class_signs[c] = parities_of (sweep, sweep->classes[c]);
}

static QrxSweepSort
sort_of (const QrxSweep *sweep)
{
  for (guint r = 0; r < sweep->n; r++)
    if (sweep->signs[r] != 0 || sweep->kinds[r] != sweep->kinds[0] || (sweep->kinds[r] & 2) != 0)
      return QRX_SWEEP_MIXED;
  return (sweep->kinds[0] & 1) != 0 ? QRX_SWEEP_REAL : QRX_SWEEP_IMAGINARY;
}

void
qrx_pass_add_sweep (QrxProgram *self, guint first, guint n)
{
  const QrxRotation *rotations = &g_array_index (self->rotations, QrxRotation, first);
  guint32 basis[QRX_SWEEP_MAX], lanes = ((guint32) 1 << self->n_lane_bits) - 1;
  QrxSweep sweep = { .n = n, .first = first };

  sweep.within_lanes = (rotations[0].x & ~lanes) == 0;
  for (guint r = 0; r < n; r++)
    {
      basis[r] = rotations[r].x;
      for (guint i = 0; i < r; i++)
        if ((basis[r] & pivot_of (basis[i])) != 0)
          basis[r] ^= basis[i];
      sweep.pivots |= pivot_of (basis[r]);
      sweep.z[r] = rotations[r].z;
      sweep.kinds[r] = (qrx_pauli_is_real (rotations[r].x, rotations[r].z) ? 1 : 0) +
                       (rotations[r].form == QRX_FORM_UNITARY ? 2 : 0);
      for (guint c = 0; c < 1u << r; c++)
        sweep.offsets[c | 1u << r] = sweep.offsets[c] ^ rotations[r].x;
    }
  for (guint r = 0; r < n; r++)
    for (guint c = 0; c < 1u << n; c++)
      if ((c >> r & 1) == 0 && qrx_parity (sweep.offsets[c] & sweep.z[r]) != 0)
        sweep.signs[r] |= (guint64) 1 << c;
  sweep.sort = sort_of (&sweep);
  if (self->n_lane_bits == 0)
    classify_cosets (self, &sweep);
  g_array_append_val (self->sweeps, sweep);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Groups rotations that commute into passes over the state: fewer passes move less memory, and a coset of cells that
 * stays in the first cache takes several rotations at once. */
#include "quantum/qrx-program-private.h"

#define LOOK_AHEAD 24 /* rotations that are tried for a sweep, so that grouping stays linear */
#define LEAST_JOINED 8 /* qubits, from which on the first cache does not hold what a block of rows' stage works on */

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

/* The pivots of masks; zero if they depend on each other. */
static guint32
find_pivots (const guint32 *masks, guint n)
{
  guint32 basis[2 * QRX_SMALL_SWEEP_MAX], pivots = 0;

  for (guint i = 0; i < n; i++)
    {
      basis[i] = masks[i];
      for (guint j = 0; j < i; j++)
        if ((basis[i] & pivot_of (basis[j])) != 0)
          basis[i] ^= basis[j];
      if (basis[i] == 0)
        return 0;
      pivots |= pivot_of (basis[i]);
    }
  return pivots;
}

/* The cosets of a block are those at all sums of directions beside the sweep's own: first of those that change no signs, the
 * earlier ones first, so that steps are as near as directions are. */
static void
lay_block (QrxSweep *sweep, const guint32 *directions, guint n, guint32 pivots)
{
  guint32 steady[QRX_BLOCK_MAX_BITS], changing[QRX_BLOCK_MAX_BITS], changes[QRX_BLOCK_MAX_BITS];
  guint n_steady = 0, n_changing = 0;

  for (guint d = n; d-- > 0;)
    {
      guint32 direction = directions[d], change = qrx_sweep_find_signs (sweep, direction);

      for (guint i = 0; i < n_changing; i++)
        if ((change ^ changes[i]) < change)
          {
            change ^= changes[i];
            direction ^= changing[i];
          }
      if (change == 0)
        steady[n_steady++] = direction;
      else
        {
          changing[n_changing] = direction;
          changes[n_changing++] = change;
        }
    }
  sweep->block_pivots = pivots;
  sweep->n_rows = 1u << n_changing;
  sweep->n_steps = n_steady;
  for (guint i = 0; i < n_steady; i++)
    sweep->steps[i] = steady[n_steady - 1 - i];
  for (guint i = 0; i < n_changing; i++)
    for (guint row = 0; row < 1u << i; row++)
      sweep->rows[row | 1u << i] = sweep->rows[row] ^ changing[i];
  for (guint row = 0; row < sweep->n_rows; row++)
    sweep->row_signs[row] = qrx_sweep_find_signs (sweep, sweep->rows[row]);
}

/* The lowest bits that no pivots are, as directions of a block; returns the pivots with them. */
static guint32
add_directions (QrxProgram *self, guint32 pivots, guint32 *directions, guint n)
{
  for (guint bit = 0, found = 0; bit < self->n_qubits && found < n; bit++)
    if ((pivots >> bit & 1) == 0)
      {
        directions[found++] = (guint32) 1 << bit;
        pivots |= (guint32) 1 << bit;
      }
  return pivots;
}

/* A sweep by itself takes cosets near each other. */
static void
lay_alone (QrxProgram *self, QrxSweep *sweep)
{
  guint n = MIN (QRX_BLOCK_MAX_BITS, self->n_qubits - sweep->n);
  guint32 directions[QRX_BLOCK_MAX_BITS], pivots = add_directions (self, sweep->pivots, directions, n);

  lay_block (sweep, directions, n, pivots);
}

/* Where states are large, or where a block is a whole one: then those of a team are turned one by one. */
static gboolean
is_worth_joining (const QrxProgram *self, guint n_rotations)
{
  return self->n_qubits >= LEAST_JOINED || (self->n_qubits == n_rotations && n_rotations == 2 * QRX_SMALL_SWEEP_MAX);
}

/* Whether two sweeps can share blocks, each of which is a coset of all their rotations; lays them then. */
static gboolean
join (QrxProgram *self, QrxSweep *one, QrxSweep *other)
{
  guint32 masks[3 * QRX_SMALL_SWEEP_MAX], pivots;
  guint n = MIN (QRX_SMALL_SWEEP_MAX - MAX (one->n, other->n), self->n_qubits - MIN (self->n_qubits, one->n + other->n));

  for (guint r = 0; r < one->n; r++)
    masks[r] = one->offsets[1u << r];
  for (guint r = 0; r < other->n; r++)
    masks[one->n + r] = other->offsets[1u << r];
  pivots = is_worth_joining (self, one->n + other->n) ? find_pivots (masks, one->n + other->n) : 0;
  if ((self->passes & QRX_PASS_GROUP) == 0 || pivots == 0)
    return FALSE;
  pivots = add_directions (self, pivots, masks + one->n + other->n, n);
  lay_block (one, masks + one->n, other->n + n, pivots);
  for (guint r = 0; r < one->n; r++)
    masks[one->n + other->n + n + r] = masks[r];
  lay_block (other, masks + one->n + other->n, n + one->n, pivots);
  one->joins = TRUE;
  return TRUE;
}

void
qrx_pass_lay_blocks (QrxProgram *self, guint first)
{
  for (guint end = self->sweeps->len; end > first;)
    {
      QrxSweep *last = &g_array_index (self->sweeps, QrxSweep, end - 1);

      if (end - first >= 2 && join (self, last - 1, last))
        end -= 2;
      else
        {
          lay_alone (self, last);
          end--;
        }
    }
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
  g_array_append_val (self->sweeps, sweep);
}

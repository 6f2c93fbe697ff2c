/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rotations whose pairs of amplitudes lie within one vector, or next to it. Places are chosen so that there are hardly
 * any; these take them one amplitude at a time. */
#include "quantum/kernel/template.h"

INLINE Real *
amplitude (const QrxEvaluation *evaluation, const Cell *state, gsize place)
{
  return (Real *) &state[place >> evaluation->lane_bits] + (place & (LANES - 1));
}

void
KERNEL (rotate_within) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxSweep *sweep,
                        gboolean adjoint, Cell *to, const Cell *from)
{
  const QrxRotation *rotation = &g_array_index (evaluation->program->rotations, QrxRotation, sweep->first);
  const Vector *factors = factors_of (evaluation, block, rotation);
  gboolean real = qrx_pauli_is_real (rotation->x, rotation->z);
  guint32 upper = rotation->z & ~lane_mask (evaluation, rotation->z);

  for (gsize k = 0; k < (gsize) 1 << evaluation->program->n_qubits; k++)
    if (k < (k ^ rotation->x))
      {
        guint negative = qrx_parity ((guint32) k & upper) ^ (adjoint ? 1 : 0);
        Real c = factors[0][0], s = factors[1 + negative][k & (LANES - 1)]; /* the lanes have their signs */
        const Real *u = amplitude (evaluation, from, k), *v = amplitude (evaluation, from, k ^ rotation->x);
        Real *a = amplitude (evaluation, to, k), *b = amplitude (evaluation, to, k ^ rotation->x);
        Real u_re = u[0], u_im = u[LANES], v_re = v[0], v_im = v[LANES];

        a[0] = real ? c * u_re - s * v_re : c * u_re + s * v_im;
        a[LANES] = real ? c * u_im - s * v_im : c * u_im - s * v_re;
        b[0] = real ? c * v_re + s * u_re : c * v_re + s * u_im;
        b[LANES] = real ? c * v_im + s * u_im : c * v_im - s * u_re;
      }
}

/* The derivative goes to the first lane; that lane's sign is positive in every mask. */
void
KERNEL (differentiate_within) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxSweep *sweep,
                               const Cell *bra, const Cell *ket)
{
  const QrxRotation *rotation = &g_array_index (evaluation->program->rotations, QrxRotation, sweep->first);
  gboolean real = qrx_pauli_is_real (rotation->x, rotation->z);
  Vector *gradient = (Vector *) block->gradients + sweep->first;
  double sum = 0;

  for (gsize k = 0; k < (gsize) 1 << evaluation->program->n_qubits; k++)
    if (k < (k ^ rotation->x))
      {
        const Real *ba = amplitude (evaluation, bra, k), *bb = amplitude (evaluation, bra, k ^ rotation->x);
        const Real *ka = amplitude (evaluation, ket, k), *kb = amplitude (evaluation, ket, k ^ rotation->x);
        double part = real ? bb[0] * ka[0] + bb[LANES] * ka[LANES] - ba[0] * kb[0] - ba[LANES] * kb[LANES]
                           : ba[0] * kb[LANES] - ba[LANES] * kb[0] + bb[0] * ka[LANES] - bb[LANES] * ka[0];

        sum += qrx_parity ((guint32) k & rotation->z) ? -part : part;
      }
  *gradient = splat (0);
  (*gradient)[0] = (Real) sum;
}

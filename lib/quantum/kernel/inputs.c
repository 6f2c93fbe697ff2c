/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a block's rows of inputs to the numbers that their rotations multiply by. */
#include "quantum/kernel/sincos.h"

#include <string.h>

INLINE Doubles
gather (const Real *from, const gsize *places)
{
  Doubles v;

  for (gsize i = 0; i < STEP; i++)
    v[i] = (double) from[places[i]];
  return v;
}

/* A lane's sine and cosine may change their sign with the lane. */
INLINE void
store_lanes (const double *sines, const double *cosines, guint32 lanes, Vector *factors)
{
  Vector sine, cosine;

  for (gsize i = 0; i < LANES; i++)
    {
      sine[i] = (Real) sines[i];
      cosine[i] = (Real) cosines[i];
    }
  if (lanes != 0)
    sine *= signs_of (lanes);
  factors[0] = cosine;
  factors[1] = sine;
  factors[2] = -sine;
}

/* A rotation's factors in one block. */
INLINE void
prepare_rotation (const QrxEvaluation *evaluation, guint r, guint32 lanes, const Real *inputs, const gsize *rows,
                  Vector *factors)
{
  QrxProgram *program = evaluation->program;
  const QrxAngleTerm *terms = &g_array_index (program->terms, QrxAngleTerm, 0);
  const QrxRotation *rotation = &g_array_index (program->rotations, QrxRotation, r);
  double sines[LANES], cosines[LANES];

  for (gsize first = 0; first < LANES; first += STEP)
    {
      Doubles x = (evaluation->flips[r] * evaluation->angles[r]) - (Doubles){ 0 }, s, c;

      for (guint t = rotation->first_term; t < rotation->first_term + rotation->n_terms; t++)
        if (terms[t].source == QRX_ANGLE_SOURCE_INPUT)
          x += evaluation->flips[r] / 2 * terms[t].scale * gather (inputs + terms[t].index, rows + first);
      sincos_any (x, &s, &c);
      memcpy (sines + first, &s, sizeof s);
      memcpy (cosines + first, &c, sizeof c);
    }
  store_lanes (sines, cosines, lanes, factors);
}

/* The factors of rotations that follow inputs; lanes beyond the batch follow its last row. */
void
KERNEL (prepare_rows) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row)
{
  QrxProgram *program = evaluation->program;
  const Real *inputs = (const Real *) evaluation->inputs + first_row * evaluation->n_inputs;
  guint n_chained = program->chain[program->n_qubits];
  gsize n_last = count_rows (evaluation, first_row + (block->n_blocks - 1) * LANES), rows[2][LANES];

  for (gsize i = 0, place = 0; i < LANES; i++, place += evaluation->n_inputs)
    {
      rows[0][i] = place;
      rows[1][i] = i < n_last ? place : rows[1][i - 1];
    }
  for (guint slot = 0; slot < program->row_rotations->len; slot++)
    {
      guint r = g_array_index (program->row_rotations, guint, slot);
      guint32 z = g_array_index (program->rotations, QrxRotation, r).z, lanes = r < n_chained ? 0 : lane_mask (evaluation, z);

      for (gsize b = 0; b < block->n_blocks; b++)
        prepare_rotation (evaluation, r, lanes, inputs + b * LANES * evaluation->n_inputs,
                          rows[b == block->n_blocks - 1],
                          (Vector *) block[b].factors + (gsize) QRX_KERNEL_FACTORS * slot);
    }
}

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

/* Of all lanes, and in the kernel's precision. */
INLINE Vector
convert (const Doubles *parts)
{
  Vector v;

  if (LANES == STEP)
    memcpy (&v, parts, sizeof v);
  else
    for (gsize i = 0; i < LANES; i++)
      v[i] = (Real) parts[i / STEP][i % STEP];
  return v;
}

/* A rotation that follows inputs: what all rows share, and where the others' terms are. */
typedef struct {
  double angle; /* half of it, as all these */
  double half;
  guint n_terms;
  const QrxAngleTerm *terms;
  guint32 lanes; /* whose sines change their sign */
} RowRotation;

INLINE void
prepare_rotation (const RowRotation *rotation, const Real *inputs, const gsize *rows, Vector *factors)
{
  Doubles sines[LANES / STEP], cosines[LANES / STEP];
  Vector sine;

#pragma GCC unroll 2
  for (gsize part = 0; part < LANES / STEP; part++)
    {
      Doubles x = rotation->angle - (Doubles){ 0 };

      for (guint t = 0; t < rotation->n_terms; t++)
        if (rotation->terms[t].source == QRX_ANGLE_SOURCE_INPUT)
          x += rotation->half * rotation->terms[t].scale *
               gather (inputs + rotation->terms[t].index, rows + part * STEP);
      sincos_any (x, &sines[part], &cosines[part]);
    }
  factors[0] = convert (cosines);
  sine = convert (sines);
  if (rotation->lanes != 0)
    sine *= signs_of (rotation->lanes);
  factors[1] = sine;
  factors[2] = -sine;
}

static RowRotation
get_rotation (const QrxEvaluation *evaluation, guint slot)
{
  const QrxProgram *program = evaluation->program;
  guint r = g_array_index (program->row_rotations, guint, slot);
  const QrxRotation *rotation = &g_array_index (program->rotations, QrxRotation, r);
  const QrxAngleTerm *terms = &g_array_index (program->terms, QrxAngleTerm, rotation->first_term);

  return (RowRotation){ evaluation->flips[r] * evaluation->angles[r], evaluation->flips[r] / 2, rotation->n_terms,
                        terms, r < program->chain[program->n_qubits] ? 0 : lane_mask (evaluation, rotation->z) };
}

/* The factors of rotations that follow inputs; lanes beyond the batch follow its last row. */
void
KERNEL (prepare_rows) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row)
{
  const gsize stride = evaluation->n_inputs, last = block->n_blocks - 1;
  const Real *inputs = (const Real *) evaluation->inputs + first_row * stride;
  gsize n_last = count_rows (evaluation, first_row + last * LANES), rows[2][LANES];

  for (gsize i = 0; i < LANES; i++)
    {
      rows[0][i] = i * stride;
      rows[1][i] = MIN (i, n_last - 1) * stride;
    }
  for (guint slot = 0; slot < evaluation->program->row_rotations->len; slot++)
    {
      const RowRotation rotation = get_rotation (evaluation, slot);

      for (gsize b = 0; b <= last; b++)
        prepare_rotation (&rotation, inputs + b * LANES * stride, rows[b == last],
                          (Vector *) block[b].factors + (gsize) QRX_KERNEL_FACTORS * slot);
    }
}

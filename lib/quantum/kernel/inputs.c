/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a block's rows of inputs to the numbers that their rotations multiply by. */
#include "quantum/kernel/sincos.h"

#include <string.h>

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

/* A rotation that follows inputs: what all rows share, and the others' terms. */
typedef struct {
  double angle; /* half of it, as all these */
  double half;
  const QrxAngleTerm *terms;
  guint n_terms;
  guint32 lanes; /* whose sines change their sign */
} RowRotation;

/* Rows of inputs, one for each lane, or fewer: then lanes beyond them follow the last. */
typedef struct {
  const Real *inputs;
  gsize stride;
  gsize n;
} Rows;

INLINE Doubles
gather (gboolean full, const Rows *rows, gsize part, guint index)
{
  Doubles v;

  for (gsize i = 0; i < STEP; i++)
    {
      gsize row = part * STEP + i;

      v[i] = (double) rows->inputs[(full ? row : MIN (row, rows->n - 1)) * rows->stride + index];
    }
  return v;
}

INLINE Doubles
add_angles (gboolean full, const RowRotation *rotation, const Rows *rows, gsize part)
{
  const QrxAngleTerm *terms = rotation->terms;
  Doubles x = rotation->angle + rotation->half * terms[0].scale * gather (full, rows, part, terms[0].index);

  for (guint t = 1; t < rotation->n_terms; t++)
    x += rotation->half * terms[t].scale * gather (full, rows, part, terms[t].index);
  return x;
}

INLINE void
write_factors (const RowRotation *rotation, const Doubles *sines, const Doubles *cosines, Vector *factors)
{
  Vector sine = convert (sines);

  if (rotation->lanes != 0)
    sine *= signs_of (rotation->lanes);
  factors[0] = convert (cosines);
  factors[1] = sine;
  factors[2] = -sine;
}

/* Returns where angles are too large for that: then prepare_exactly() does it again. */
INLINE Integers
prepare_rotation (gboolean full, const RowRotation *rotation, const Rows *rows, Vector *factors)
{
  Doubles sines[LANES / STEP], cosines[LANES / STEP];
  Integers large = { 0 };

#pragma GCC unroll 2
  for (gsize part = 0; part < LANES / STEP; part++)
    large |= sincos_vector (add_angles (full, rotation, rows, part), &sines[part], &cosines[part]);
  write_factors (rotation, sines, cosines, factors);
  return large;
}

static void
prepare_exactly (const RowRotation *rotation, const Rows *rows, Vector *factors)
{
  Doubles sines[LANES / STEP], cosines[LANES / STEP];

  for (gsize part = 0; part < LANES / STEP; part++)
    sincos_any (add_angles (FALSE, rotation, rows, part), &sines[part], &cosines[part]);
  write_factors (rotation, sines, cosines, factors);
}

/* The rotation whose terms begin at one. */
static RowRotation
get_rotation (const QrxEvaluation *evaluation, guint first)
{
  const QrxProgram *program = evaluation->program;
  const QrxAngleTerm *terms = &g_array_index (program->input_terms, QrxAngleTerm, 0);
  guint r = terms[first].rotation, end = first + 1, z = g_array_index (program->rotations, QrxRotation, r).z;

  while (end < program->input_terms->len && terms[end].rotation == r)
    end++;
  return (RowRotation){ evaluation->flips[r] * evaluation->angles[r], evaluation->flips[r] / 2, terms + first, end - first,
                        r < program->chain[program->n_qubits] ? 0 : lane_mask (evaluation, z) };
}

static Rows
get_rows (const QrxEvaluation *evaluation, gsize first_row)
{
  return (Rows){ (const Real *) evaluation->inputs + first_row * evaluation->n_inputs, evaluation->n_inputs,
                 count_rows (evaluation, first_row) };
}

/* The factors of rotations that follow inputs. */
void
KERNEL (prepare_rows) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row)
{
  const gsize last = block->n_blocks - 1, step = LANES * evaluation->n_inputs;
  const Rows last_rows = get_rows (evaluation, first_row + last * LANES);

  for (guint slot = 0, term = 0; slot < evaluation->program->n_row_rotations; slot++)
    {
      const RowRotation rotation = get_rotation (evaluation, term);
      const gsize at = (gsize) QRX_KERNEL_FACTORS * slot;
      Rows rows = get_rows (evaluation, first_row);
      Integers large = { 0 };

      term += rotation.n_terms;
      for (gsize b = 0; b < last; b++, rows.inputs += step)
        large |= prepare_rotation (TRUE, &rotation, &rows, (Vector *) block[b].factors + at);
      if (last_rows.n == LANES)
        large |= prepare_rotation (TRUE, &rotation, &last_rows, (Vector *) block[last].factors + at);
      else
        large |= prepare_rotation (FALSE, &rotation, &last_rows, (Vector *) block[last].factors + at);
      for (gsize b = 0; b <= last && is_any (large); b++)
        {
          rows = get_rows (evaluation, first_row + b * LANES);
          prepare_exactly (&rotation, &rows, (Vector *) block[b].factors + at);
        }
    }
}

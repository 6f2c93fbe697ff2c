/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between a batch's tensors, row by row, and vectors with rows in the lanes: of each block of a team. */
#include "quantum/kernel/template.h"

#include <string.h>

/* One number of each row; rows beyond the batch have zero. */
INLINE Vector
gather_column (const Real *from, gsize stride, gsize rows)
{
  Vector v = splat (0);

  if (rows == LANES)
    for (gsize i = 0; i < LANES; i++)
      v[i] = from[i * stride];
  else
    for (gsize i = 0; i < rows; i++)
      v[i] = from[i * stride];
  return v;
}

/* One number of each row, back to where it is. */
INLINE void
store_column (Vector v, Real *to, gsize stride, gsize rows)
{
  if (rows == LANES)
    for (gsize i = 0; i < LANES; i++)
      to[i * stride] = v[i];
  else
    for (gsize i = 0; i < rows; i++)
      to[i * stride] = v[i];
}

/* The rows of the last block of a team. */
static gsize
count_last (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row)
{
  return count_rows (evaluation, first_row + (block->n_blocks - 1) * LANES);
}

/* Those of any: the others have one for each lane. */
INLINE gsize
count_block (const QrxBlockMemory *block, gsize b, gsize n_last)
{
  return b + 1 == block->n_blocks ? n_last : LANES;
}

/* The observables of each row, from the strings that they are made of. */
void
KERNEL (write_expectations) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row,
                             gpointer expectations)
{
  const QrxReadoutTerm *terms = &g_array_index (evaluation->program->readout, QrxReadoutTerm, 0);
  guint n_terms = evaluation->program->readout->len, first = 0, end;
  gsize stride = evaluation->n_observables, n_last = count_last (evaluation, block, first_row);

  for (guint observable = 0; observable < stride; observable++, first = end)
    {
      Real *out = (Real *) expectations + first_row * stride + observable;

      for (end = first; end < n_terms && terms[end].observable == observable;)
        end++;
      for (gsize b = 0; b < block->n_blocks; b++, out += LANES * stride)
        {
          const Vector *values = block[b].strings;
          Vector sum = splat (0);

          for (guint t = first; t < end; t++)
            sum += (Real) terms[t].coefficient * values[terms[t].string];
          store_column (sum, out, stride, count_block (block, b, n_last));
        }
    }
}

/* What multiplies each string, from the cotangents of the observables; rows beyond the batch have none. */
void
KERNEL (weigh_strings) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row,
                        gconstpointer cotangents)
{
  QrxProgram *program = evaluation->program;
  gsize stride = evaluation->n_observables, n_last = count_last (evaluation, block, first_row);
  Vector *first = block->strings;

  for (gsize b = 0; b < block->n_blocks; b++)
    for (guint i = 0; i < program->strings->len; i++)
      ((Vector *) block[b].strings)[i] = splat (0);
  for (guint t = 0; t < program->readout->len; t++)
    {
      const QrxReadoutTerm *term = &g_array_index (program->readout, QrxReadoutTerm, t);
      const Real *in = (const Real *) cotangents + first_row * stride + term->observable;
      Real factor = (Real) (term->coefficient * evaluation->string_scales[term->string]);

      for (gsize b = 0; b < block->n_blocks; b++)
        ((Vector *) block[b].strings)[term->string] +=
            factor * gather_column (in + b * LANES * stride, stride, count_block (block, b, n_last));
    }
  for (guint i = 0; evaluation->lane_bits > 0 && i < program->strings->len; i++)
    first[i] =
        splat (first[i][0]) * signs_of (lane_mask (evaluation, g_array_index (program->strings, QrxString, i).z));
}

/* From overlaps to the inputs' gradient, parts' included; rows are counted for all. */
static void
add_gradients (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize n_last, Real *out)
{
  const QrxProgram *program = evaluation->program;
  gsize stride = evaluation->n_inputs;

  for (guint t = 0; t < program->input_terms->len; t++)
    {
      const QrxAngleTerm *term = &g_array_index (program->input_terms, QrxAngleTerm, t);
      Real scale = (Real) (evaluation->scales[term->rotation] * term->scale), *column = out + term->index;

      for (gsize b = 0; b < block->n_blocks; b++, column += LANES * stride)
        {
          gsize rows = count_block (block, b, n_last);
          Vector overlap = ((const Vector *) block[b].gradients)[term->rotation];

          store_column (gather_column (column, stride, rows) + scale * overlap, column, stride, rows);
        }
    }
  for (guint i = 0; i < qrx_program_count_parts (program); i++)
    add_gradients (evaluation->parts[i], block->parts[i], n_last, out);
}

void
KERNEL (write_gradients) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row,
                          gpointer grad_inputs)
{
  gsize n_last = count_last (evaluation, block, first_row), rows = (block->n_blocks - 1) * LANES + n_last;
  Real *out = (Real *) grad_inputs + first_row * evaluation->n_inputs;

  memset (out, 0, rows * evaluation->n_inputs * sizeof *out);
  add_gradients (evaluation, block, n_last, out);
}

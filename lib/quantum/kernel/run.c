/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One block of rows forward through the whole circuit, and backward by the adjoint method (Jones & Gacon 2020,
 * arXiv 2009.02823): the bra of all observables, weighted by the cotangents, is taken back layer by layer, and the ket
 * beside it, so that no state but the last need be kept. */
#include "quantum/kernel/template.h"

static void
forward (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row, gpointer expectations)
{
  QrxProgram *program = evaluation->program;
  gsize rows = count_rows (evaluation, first_row);
  Real *out = (Real *) expectations + first_row * evaluation->n_observables;
  const Vector *values = block->strings;

  KERNEL (prepare_rows) (evaluation, block, first_row);
  KERNEL (product_forward) (evaluation, block);
  for (guint l = 0; l < program->layers->len; l++)
    KERNEL (apply_layer) (evaluation, block, &g_array_index (program->layers, QrxLayer, l), block->state);
  KERNEL (read_strings) (evaluation, block);
  for (gsize i = 0; i < rows * evaluation->n_observables; i++)
    out[i] = 0;
  for (guint t = 0; t < program->readout->len; t++)
    {
      const QrxReadoutTerm *term = &g_array_index (program->readout, QrxReadoutTerm, t);

      for (gsize i = 0; i < rows; i++)
        out[i * evaluation->n_observables + term->observable] += (Real) term->coefficient * values[term->string][i];
    }
}

/* What multiplies each string, from the cotangents of the observables; rows beyond the batch have none. */
static void
weigh_strings (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row, gconstpointer cotangents)
{
  QrxProgram *program = evaluation->program;
  gsize rows = count_rows (evaluation, first_row);
  const Real *in = (const Real *) cotangents + first_row * evaluation->n_observables;
  Vector *coefficients = block->strings;

  for (guint i = 0; i < program->strings->len; i++)
    coefficients[i] = splat (0);
  for (guint t = 0; t < program->readout->len; t++)
    {
      const QrxReadoutTerm *term = &g_array_index (program->readout, QrxReadoutTerm, t);
      Real factor = (Real) (term->coefficient * evaluation->string_flips[term->string] * evaluation->norm);

      for (gsize i = 0; i < rows; i++)
        coefficients[term->string][i] += factor * in[i * evaluation->n_observables + term->observable];
    }
  for (guint i = 0; evaluation->lane_bits > 0 && i < program->strings->len; i++)
    coefficients[i] = splat (coefficients[i][0]) *
                      signs_of (lane_mask (evaluation, g_array_index (program->strings, QrxString, i).z));
}

static void
scale_gradients (const QrxBlockMemory *block, guint first, guint n, double scale)
{
  Vector *gradients = block->gradients;

  if (scale != 1)
    for (guint i = first; i < first + n; i++)
      gradients[i] *= (Real) scale;
}

static void
backward_layer (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint l)
{
  QrxProgram *program = evaluation->program;
  const QrxLayer *layer = &g_array_index (program->layers, QrxLayer, l);
  guint n_diagonals = layer->n_shared_diagonals + layer->n_row_diagonals;

  KERNEL (differentiate_layer) (evaluation, block, layer, block->bra, block->state);
  scale_gradients (block, layer->first_rotation, layer->n_rotations, evaluation->undone_scales[2 * l]);
  for (guint i = layer->first_tree; i < layer->first_tree + layer->n_trees; i++)
    KERNEL (fold) (evaluation, block, &g_array_index (program->trees, QrxTree, i), block->gradients);
  scale_gradients (block, layer->first_diagonal, n_diagonals, evaluation->undone_scales[2 * l + 1]);
}

/* A derivative whose parts are in the lanes, into the first of them. */
static void
gather_gradients (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  QrxProgram *program = evaluation->program;
  Vector *gradients = block->gradients;

  for (guint r = program->chain[program->n_qubits]; r < program->rotations->len; r++)
    {
      guint32 mask = lane_mask (evaluation, g_array_index (program->rotations, QrxRotation, r).z);
      double sum = sum_signed (gradients[r], mask);

      gradients[r] = splat (0);
      gradients[r][0] = (Real) sum;
    }
}

/* From derivatives by rotations to the inputs' gradient, row by row, and to sums over the block for the weights'. */
static void
write_gradients (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row, gpointer grad_inputs,
                 double *sums)
{
  QrxProgram *program = evaluation->program;
  gsize rows = count_rows (evaluation, first_row);
  Real *out = grad_inputs != NULL ? (Real *) grad_inputs + first_row * evaluation->n_inputs : NULL;
  const Vector *gradients = block->gradients;

  for (gsize i = 0; out != NULL && i < rows * evaluation->n_inputs; i++)
    out[i] = 0;
  for (guint r = 0; r < program->rotations->len; r++)
    {
      const QrxRotation *rotation = &g_array_index (program->rotations, QrxRotation, r);

      if (rotation->n_terms == 0)
        continue;
      sums[r] = evaluation->flips[r] * sum_lanes (gradients[r]);
      for (guint t = rotation->first_term; out != NULL && rotation->per_row && t < rotation->first_term + rotation->n_terms; t++)
        {
          const QrxAngleTerm *term = &g_array_index (program->terms, QrxAngleTerm, t);
          Real factor = (Real) (evaluation->flips[r] * term->scale);

          if (term->source != QRX_ANGLE_SOURCE_INPUT)
            continue;
          for (gsize i = 0; i < rows; i++)
            out[i * evaluation->n_inputs + term->index] += factor * gradients[r][i];
        }
    }
}

static void
backward (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row, gconstpointer cotangents,
          gpointer grad_inputs, double *sums)
{
  weigh_strings (evaluation, block, first_row, cotangents);
  KERNEL (make_bra) (evaluation, block);
  for (guint l = evaluation->program->layers->len; l-- > 0;)
    backward_layer (evaluation, block, l);
  KERNEL (product_backward) (evaluation, block);
  if (evaluation->lane_bits > 0)
    gather_gradients (evaluation, block);
  write_gradients (evaluation, block, first_row, grad_inputs, sums);
}

#define STRINGIFY_(name) #name
#define STRINGIFY(name) STRINGIFY_ (name)

extern const QrxKernel KERNEL (table);
const QrxKernel KERNEL (table) = {
  STRINGIFY (QRX_KERNEL_LEVEL), QRX_KERNEL_BITS == 64 ? QRX_DTYPE_F64 : QRX_DTYPE_F32, LANES, KERNEL (prepare),
  forward, backward,
};

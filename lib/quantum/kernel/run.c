/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One block of rows forward through the whole circuit, and backward by the adjoint method (Jones & Gacon 2020,
 * arXiv 2009.02823): the bra of all observables, weighted by the cotangents, is taken back layer by layer, and the ket
 * beside it, so that no state but the last need be kept. */
#include "quantum/kernel/lanes.h"

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

      coefficients[term->string] += factor * gather_column (in + term->observable, evaluation->n_observables, rows);
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
backward_layer (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint l, gboolean weighs)
{
  QrxProgram *program = evaluation->program;
  const QrxLayer *layer = &g_array_index (program->layers, QrxLayer, l);
  guint n_diagonals = layer->n_shared_diagonals + layer->n_row_diagonals;

  KERNEL (differentiate_layer) (evaluation, block, layer, weighs, block->bra, block->state);
  scale_gradients (block, layer->first_rotation, layer->n_rotations, evaluation->undone_scales[2 * l]);
  for (guint i = layer->first_tree; i < layer->first_tree + layer->n_trees; i++)
    KERNEL (fold) (evaluation, block, &g_array_index (program->trees, QrxTree, i), block->gradients);
  if (layer->n_shared_diagonals > 0 && evaluation->lane_bits == 0)
    {
      KERNEL (collect) (evaluation, block, layer);
      for (guint i = 0; i < layer->n_shared_diagonals; i++)
        ((Vector *) block->gradients)[layer->first_diagonal + i] = splat (0);
    }
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

/* Derivatives by rotations, summed over the block's rows. A constant has none. */
static void
sum_rows (const QrxEvaluation *evaluation, const QrxBlockMemory *block, double *sums)
{
  const QrxRotation *rotations = &g_array_index (evaluation->program->rotations, QrxRotation, 0);
  const Vector *gradients = block->gradients;
  guint n = evaluation->program->rotations->len, first = 0;

  for (; first + LANES <= n; first += LANES)
    {
      Vector each = sum_each (gradients + first);

      for (guint i = 0; i < LANES; i++)
        if (rotations[first + i].n_terms > 0)
          sums[first + i] = evaluation->flips[first + i] * (double) each[i];
    }
  for (; first < n; first++)
    if (rotations[first].n_terms > 0)
      sums[first] = evaluation->flips[first] * sum_lanes (gradients[first]);
}

/* From derivatives by rotations to the inputs' gradient, row by row. */
static void
write_gradients (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row, gpointer grad_inputs)
{
  QrxProgram *program = evaluation->program;
  gsize rows = count_rows (evaluation, first_row);
  Real *out = (Real *) grad_inputs + first_row * evaluation->n_inputs;
  const Vector *gradients = block->gradients;

  for (gsize i = 0; i < rows * evaluation->n_inputs; i++)
    out[i] = 0;
  for (guint r = 0; r < program->rotations->len; r++)
    {
      const QrxRotation *rotation = &g_array_index (program->rotations, QrxRotation, r);

      for (guint t = rotation->first_term; rotation->per_row && t < rotation->first_term + rotation->n_terms; t++)
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

/* Whether the first pass of the gradient can make the bra from weights of the ket. */
static gboolean
begins_with_sweep (const QrxProgram *program)
{
  const QrxLayer *last;

  if (program->layers->len == 0 || !program->readout_is_diagonal)
    return FALSE;
  last = &g_array_index (program->layers, QrxLayer, program->layers->len - 1);
  return last->n_rotations > 0 && !g_array_index (program->sweeps, QrxSweep, last->sweep).within_lanes;
}

static void
backward (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row, gconstpointer cotangents,
          gpointer grad_inputs, double *sums)
{
  guint n_layers = evaluation->program->layers->len;
  gboolean weighs = begins_with_sweep (evaluation->program);

  weigh_strings (evaluation, block, first_row, cotangents);
  if (weighs)
    KERNEL (weigh_cells) (evaluation, block);
  else
    KERNEL (make_bra) (evaluation, block);
  for (guint l = n_layers; l-- > 0;)
    backward_layer (evaluation, block, l, weighs && l == n_layers - 1);
  KERNEL (product_backward) (evaluation, block);
  if (evaluation->lane_bits > 0)
    gather_gradients (evaluation, block);
  sum_rows (evaluation, block, sums);
  if (grad_inputs != NULL)
    write_gradients (evaluation, block, first_row, grad_inputs);
}

#define STRINGIFY_(name) #name
#define STRINGIFY(name) STRINGIFY_ (name)

extern const QrxKernel KERNEL (table);
const QrxKernel KERNEL (table) = {
  STRINGIFY (QRX_KERNEL_LEVEL), QRX_KERNEL_BITS == 64 ? QRX_DTYPE_F64 : QRX_DTYPE_F32, LANES, KERNEL (prepare),
  forward, backward, KERNEL (reduce),
};

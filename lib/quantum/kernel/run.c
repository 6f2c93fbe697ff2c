/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One block of rows forward through the whole circuit, and backward by the adjoint method (Jones & Gacon 2020,
 * arXiv 2009.02823): the bra of all observables, weighted by the cotangents, is taken back layer by layer, and the ket
 * beside it, so that no state but the last need be kept. */
#include "quantum/kernel/lanes.h"

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

/* The observables of each row, from the strings that they are made of. */
static void
write_expectations (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row, gpointer expectations)
{
  const GArray *readout = evaluation->program->readout;
  gsize rows = count_rows (evaluation, first_row);
  Real *out = (Real *) expectations + first_row * evaluation->n_observables;
  const Vector *values = block->strings;
  guint t = 0;

  for (guint observable = 0; observable < evaluation->n_observables; observable++)
    {
      Vector sum = splat (0);

      for (; t < readout->len && g_array_index (readout, QrxReadoutTerm, t).observable == observable; t++)
        sum += (Real) g_array_index (readout, QrxReadoutTerm, t).coefficient *
               values[g_array_index (readout, QrxReadoutTerm, t).string];
      store_column (sum, out + observable, evaluation->n_observables, rows);
    }
}

static void
forward (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row, gpointer expectations)
{
  QrxProgram *program = evaluation->program;

  KERNEL (prepare_rows) (evaluation, block, first_row);
  KERNEL (product_forward) (evaluation, block);
  for (guint l = 0; l < program->layers->len; l++)
    KERNEL (apply_layer) (evaluation, block, &g_array_index (program->layers, QrxLayer, l), block->state);
  KERNEL (read_strings) (evaluation, block);
  write_expectations (evaluation, block, first_row, expectations);
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
      Real factor = (Real) (term->coefficient * evaluation->string_scales[term->string]);

      coefficients[term->string] += factor * gather_column (in + term->observable, evaluation->n_observables, rows);
    }
  for (guint i = 0; evaluation->lane_bits > 0 && i < program->strings->len; i++)
    coefficients[i] = splat (coefficients[i][0]) *
                      signs_of (lane_mask (evaluation, g_array_index (program->strings, QrxString, i).z));
}

static void
backward_layer (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint l, gboolean weighs)
{
  QrxProgram *program = evaluation->program;
  const QrxLayer *layer = &g_array_index (program->layers, QrxLayer, l);

  KERNEL (differentiate_layer) (evaluation, block, layer, weighs, block->bra, block->state);
  for (guint i = layer->first_tree; i < layer->first_tree + layer->n_trees; i++)
    KERNEL (fold) (evaluation, block, &g_array_index (program->trees, QrxTree, i), block->gradients);
  if (layer->n_shared_diagonals > 0 && evaluation->lane_bits == 0)
    KERNEL (collect) (evaluation, block, layer);
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

/* Overlaps, summed over the block's rows. */
static void
sum_rows (const QrxEvaluation *evaluation, const QrxBlockMemory *block, double *sums)
{
  const Vector *gradients = block->gradients;

  for (gsize first = 0; first < evaluation->n_sums; first += LANES)
    {
      Vector each = sum_each (gradients + first);

      for (guint i = 0; i < LANES; i++)
        sums[first + i] = (double) each[i];
    }
}

/* From overlaps to the inputs' gradient, row by row. */
static void
write_gradients (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row, gpointer grad_inputs)
{
  QrxProgram *program = evaluation->program;
  const QrxAngleTerm *terms = &g_array_index (program->terms, QrxAngleTerm, 0);
  gsize rows = count_rows (evaluation, first_row);
  Real *out = (Real *) grad_inputs + first_row * evaluation->n_inputs;
  const Vector *gradients = block->gradients;

  for (gsize i = 0; i < rows * evaluation->n_inputs; i++)
    out[i] = 0;
  for (guint slot = 0; slot < program->row_rotations->len; slot++)
    {
      guint r = g_array_index (program->row_rotations, guint, slot);
      const QrxRotation *rotation = &g_array_index (program->rotations, QrxRotation, r);

      for (guint t = rotation->first_term; t < rotation->first_term + rotation->n_terms; t++)
        if (terms[t].source == QRX_ANGLE_SOURCE_INPUT)
          {
            Real *column = out + terms[t].index;

            store_column (gather_column (column, evaluation->n_inputs, rows) +
                            (Real) (evaluation->scales[r] * terms[t].scale) * gradients[r],
                          column, evaluation->n_inputs, rows);
          }
    }
}

/* Adds blocks in their order, and makes derivatives of their sums. */
static void
reduce (const QrxEvaluation *evaluation, const QrxBlockMemory *blocks, gsize n_blocks, double *sums)
{
  for (gsize b = 1; b < n_blocks; b++)
    for (gsize r = 0; r < evaluation->n_sums; r++)
      sums[r] += sums[b * evaluation->n_sums + r];
  KERNEL (sum_ends) (evaluation, sums);
  if (evaluation->lane_bits == 0)
    KERNEL (sum_fields) (evaluation, blocks, n_blocks, sums);
  for (guint r = 0; r < evaluation->program->rotations->len; r++)
    sums[r] *= evaluation->scales[r];
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
  forward, backward, reduce,
};

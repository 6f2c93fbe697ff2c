/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One team of blocks of rows forward through the whole circuit, and backward by the adjoint method (Jones & Gacon 2020,
 * arXiv 2009.02823): the bra of all observables, weighted by the cotangents, is taken back layer by layer. The kets that
 * it meets there were kept on the way forward, as far as the program has room for them; the others are taken back, too. */
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

/* The state before a stage, or after the last. */
static gpointer
find_state (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint stage)
{
  return (char *) block->state + evaluation->state_stride * (stage % evaluation->program->n_kept);
}

/* Both halves of a block, side by side where threads share a row. */
typedef struct {
  const QrxEvaluation *evaluation;
  const QrxBlockMemory *block;
  gsize first_row;
  gpointer ends[2]; /* their last states */
} Halves;

static void run_half (gsize half, gpointer data);

/* The first state: of a product, or of halves. */
static void
make_state (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row)
{
  QrxBlockMemory here = *block;

  KERNEL (prepare_rows) (evaluation, block, first_row);
  here.state = find_state (evaluation, block, 0);
  if (evaluation->halves != NULL)
    {
      Halves halves = { evaluation, block, first_row, { NULL, NULL } };

      qrx_pool_run (evaluation->pool, 2, run_half, &halves);
      KERNEL (seam_forward) (evaluation, &here, halves.ends);
    }
  else
    KERNEL (product_forward) (evaluation, &here);
}

/* A team through all stages. Returns its first block's state after the last. */
static gpointer
run_stages (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row)
{
  QrxProgram *program = evaluation->program;
  Cell *state = find_state (evaluation, block, 0);

  for (gsize b = 0; b < block->n_blocks; b++)
    make_state (evaluation, &block[b], first_row + b * LANES);
  for (guint s = 0; s < program->stages->len; s++)
    {
      const Cell *from = state;

      state = find_state (evaluation, block, s + 1);
      KERNEL (apply_stage) (evaluation, block, &g_array_index (program->stages, QrxStage, s), state, from);
    }
  return state;
}

static void
run_half (gsize half, gpointer data)
{
  Halves *self = data;

  self->ends[half] = run_stages (&self->evaluation->halves[half], self->block->halves[half], self->first_row);
}

static void
forward (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row, gpointer expectations)
{
  Cell *state = run_stages (evaluation, block, first_row);

  for (gsize b = 0; b < block->n_blocks; b++)
    {
      QrxBlockMemory here = block[b];

      here.state = state + b * count_cells (evaluation);
      KERNEL (read_strings) (evaluation, &here);
      write_expectations (evaluation, &here, first_row + b * LANES, expectations);
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
      Real factor = (Real) (term->coefficient * evaluation->string_scales[term->string]);

      coefficients[term->string] += factor * gather_column (in + term->observable, evaluation->n_observables, rows);
    }
  for (guint i = 0; evaluation->lane_bits > 0 && i < program->strings->len; i++)
    coefficients[i] = splat (coefficients[i][0]) *
                      signs_of (lane_mask (evaluation, g_array_index (program->strings, QrxString, i).z));
}

/* What a layer's field holds, summed. */
static void
finish_layer (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint l)
{
  QrxProgram *program = evaluation->program;
  const QrxLayer *layer = &g_array_index (program->layers, QrxLayer, l);

  for (guint i = layer->first_tree; i < layer->first_tree + layer->n_trees; i++)
    KERNEL (fold) (evaluation, block, &g_array_index (program->trees, QrxTree, i), block->gradients);
  if (layer->n_shared_diagonals > 0 && evaluation->lane_bits == 0)
    KERNEL (collect) (evaluation, block, layer);
}

/* With amplitudes in the lanes, layer by layer, bra and ket in place. */
static void
backward_layers (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gboolean weighs)
{
  const QrxLayer *layers = &g_array_index (evaluation->program->layers, QrxLayer, 0);
  guint n_layers = evaluation->program->layers->len;

  for (guint l = n_layers; l-- > 0;)
    {
      KERNEL (differentiate_layer) (evaluation, block, &layers[l], weighs && l == n_layers - 1, block->bra, block->state);
      finish_layer (evaluation, block, l);
    }
}

/* With rows in the lanes, stage by stage: the bra goes from one buffer to the other, and a ket that was not kept comes
 * from the one after it. Returns where the bra is in the end. */
static gpointer
backward_stages (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gboolean weighs)
{
  QrxProgram *program = evaluation->program;
  Adjoint adjoint = { block->bra_before, weighs ? NULL : block->bra, NULL, NULL };

  if (weighs)
    adjoint.bra = block->bra;
  for (guint s = program->stages->len; s-- > 0;)
    {
      const QrxStage *stage = &g_array_index (program->stages, QrxStage, s);
      gpointer before = find_state (evaluation, block, s);

      adjoint.ket_end = find_state (evaluation, block, s + 1);
      adjoint.ket_before = before;
      if (s + program->n_kept <= program->stages->len)
        KERNEL (undo_stage) (evaluation, block, stage, before, adjoint.ket_end);
      KERNEL (differentiate_stage) (evaluation, block, stage, &adjoint);
      for (guint l = stage->first_layer; l < stage->first_layer + stage->n_layers; l++)
        finish_layer (evaluation, block, l);
      adjoint.bra_end = adjoint.bra;
      adjoint.bra = adjoint.bra == block->bra ? block->bra_before : block->bra;
    }
  return (gpointer) adjoint.bra_end;
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
sum_rows (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  const Vector *gradients = block->gradients;
  double *sums = block->sums;

  for (gsize first = 0; first < evaluation->n_sums; first += LANES)
    {
      Vector each = sum_each (gradients + first);

      for (guint i = 0; i < LANES; i++)
        sums[first + i] = (double) each[i];
    }
}

/* From overlaps to the inputs' gradient, row by row. */
static void
add_gradients (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize rows, Real *out)
{
  QrxProgram *program = evaluation->program;
  const QrxAngleTerm *terms = &g_array_index (program->terms, QrxAngleTerm, 0);
  const Vector *gradients = block->gradients;

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

static void
write_gradients (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row, gpointer grad_inputs)
{
  gsize rows = count_rows (evaluation, first_row);
  Real *out = (Real *) grad_inputs + first_row * evaluation->n_inputs;

  for (gsize i = 0; i < rows * evaluation->n_inputs; i++)
    out[i] = 0;
  add_gradients (evaluation, block, rows, out);
  for (guint h = 0; h < 2 && evaluation->halves != NULL; h++)
    add_gradients (&evaluation->halves[h], block->halves[h], rows, out);
}

/* Adds teams in their order, and makes derivatives of their sums. */
static void
reduce (const QrxEvaluation *evaluation, const QrxBlockMemory *blocks, gsize n_blocks)
{
  double *sums = blocks[0].sums;

  for (gsize b = 0; (b += qrx_evaluation_count_team (evaluation, b, n_blocks)) < n_blocks;)
    for (gsize r = 0; r < evaluation->n_sums; r++)
      sums[r] += blocks[b].sums[r];
  if (evaluation->halves == NULL)
    KERNEL (sum_ends) (evaluation, sums);
  for (guint h = 0; h < 2 && evaluation->halves != NULL; h++)
    reduce (&evaluation->halves[h], blocks[0].halves[h], n_blocks);
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

/* A half's derivatives, from the bra at its end. */
static void
differentiate_half (gsize half, gpointer data)
{
  const Halves *self = data;
  const QrxEvaluation *evaluation = &self->evaluation->halves[half];
  const QrxBlockMemory *block = self->block->halves[half];
  QrxBlockMemory here = *block;

  here.bra = backward_stages (evaluation, block, FALSE);
  KERNEL (product_backward) (evaluation, &here);
  sum_rows (evaluation, block);
}

/* The bra of all observables at the end, or what makes it of the ket. */
static void
make_end (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row, gconstpointer cotangents,
          gboolean weighs)
{
  QrxBlockMemory here = *block;

  here.state = find_state (evaluation, block, evaluation->program->stages->len);
  weigh_strings (evaluation, block, first_row, cotangents);
  if (weighs)
    KERNEL (weigh_cells) (evaluation, block, 0);
  else
    KERNEL (make_bra) (evaluation, &here);
}

/* The derivatives of what made the first state, from the bra there. */
static void
take_apart (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gpointer bra)
{
  QrxBlockMemory here = *block;

  here.bra = bra;
  if (evaluation->halves != NULL)
    {
      Halves halves = { evaluation, block, 0, { NULL, NULL } };

      KERNEL (seam_backward) (evaluation, &here);
      qrx_pool_run (evaluation->pool, 2, differentiate_half, &halves);
    }
  else
    KERNEL (product_backward) (evaluation, &here);
}

/* What a block has of its own, to what the first of its team has summed. */
static void
add_block (const QrxEvaluation *evaluation, const QrxBlockMemory *first, const QrxBlockMemory *block)
{
  const QrxProgram *program = evaluation->program;
  const Vector *from = block->gradients;
  Vector *to = first->gradients;

  for (guint r = 0; r < program->chain[program->n_qubits]; r++)
    to[r] += from[r];
  for (gsize i = program->rotations->len; i < evaluation->n_sums; i++)
    to[i] += from[i];
}

static void
backward (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row, gconstpointer cotangents,
          gpointer grad_inputs)
{
  gboolean weighs = begins_with_sweep (evaluation->program);
  Cell *bra = block->bra;

  for (gsize b = 0; b < block->n_blocks; b++)
    make_end (evaluation, &block[b], first_row + b * LANES, cotangents, weighs);
  if (evaluation->lane_bits > 0)
    backward_layers (evaluation, block, weighs);
  else
    bra = backward_stages (evaluation, block, weighs);
  for (gsize b = 0; b < block->n_blocks; b++)
    {
      take_apart (evaluation, &block[b], bra + b * count_cells (evaluation));
      if (evaluation->lane_bits > 0)
        gather_gradients (evaluation, block);
      if (grad_inputs != NULL)
        write_gradients (evaluation, &block[b], first_row + b * LANES, grad_inputs);
      if (b > 0)
        add_block (evaluation, block, &block[b]);
    }
  sum_rows (evaluation, block);
}

#define STRINGIFY_(name) #name
#define STRINGIFY(name) STRINGIFY_ (name)

extern const QrxKernel KERNEL (table);
const QrxKernel KERNEL (table) = {
  STRINGIFY (QRX_KERNEL_LEVEL), QRX_KERNEL_BITS == 64 ? QRX_DTYPE_F64 : QRX_DTYPE_F32, LANES, KERNEL (prepare),
  forward, backward, reduce,
};

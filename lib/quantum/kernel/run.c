/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One team of blocks of rows forward through the whole circuit, and backward by the adjoint method (Jones & Gacon 2020,
 * arXiv 2009.02823): the bra of all observables, weighted by the cotangents, is taken back layer by layer. The kets that
 * it meets there were kept on the way forward, as far as the program has room for them; the others are taken back, too. */
#include "quantum/kernel/lanes.h"

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

/* The first states of a team: of products, or of halves. */
static void
make_states (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row)
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
    KERNEL (product_forward) (evaluation, block, here.state);
}

/* A team through all stages. Returns its first block's state after the last. */
static gpointer
run_stages (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row)
{
  QrxProgram *program = evaluation->program;
  Cell *state = find_state (evaluation, block, 0);

  make_states (evaluation, block, first_row);
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
  KERNEL (read_strings) (evaluation, block, run_stages (evaluation, block, first_row));
  KERNEL (write_expectations) (evaluation, block, first_row, expectations);
}

/* What a layer's field holds, summed. */
static void
finish_layer (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint l)
{
  QrxProgram *program = evaluation->program;
  const QrxLayer *layer = &g_array_index (program->layers, QrxLayer, l);

  for (guint i = layer->first_tree; i < layer->first_tree + layer->n_trees; i++)
    {
      const QrxTree *tree = &g_array_index (program->trees, QrxTree, i);

      if (evaluation->lane_bits > 0)
        KERNEL (fold_lanes) (evaluation, block, tree, block->gradients);
      else
        KERNEL (fold_rows) (evaluation, block, tree, (Vector *const[]){ block->gradients });
    }
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

  KERNEL (product_backward) (evaluation, block, backward_stages (evaluation, block, FALSE));
  sum_rows (evaluation, block);
}

/* The derivatives of what made the first states, from the bras there. */
static void
take_apart (const QrxEvaluation *evaluation, const QrxBlockMemory *block, Cell *bras)
{
  QrxBlockMemory here = *block;

  here.bra = bras;
  if (evaluation->halves != NULL)
    {
      Halves halves = { evaluation, block, 0, { NULL, NULL } };

      KERNEL (seam_backward) (evaluation, &here);
      qrx_pool_run (evaluation->pool, 2, differentiate_half, &halves);
    }
  else
    KERNEL (product_backward) (evaluation, block, bras);
}

/* What each block of a team has of its own, to what the first has for all. */
static void
add_blocks (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  const QrxProgram *program = evaluation->program;
  Vector *to = block->gradients;

  for (gsize b = 1; b < block->n_blocks; b++)
    for (guint r = 0; r < program->chain[program->n_qubits]; r++)
      to[r] += ((const Vector *) block[b].gradients)[r];
}

static void
backward (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row, gconstpointer cotangents,
          gpointer grad_inputs)
{
  gboolean weighs = begins_with_sweep (evaluation->program);
  Cell *bra = block->bra;

  KERNEL (weigh_strings) (evaluation, block, first_row, cotangents);
  if (weighs)
    KERNEL (weigh_cells) (evaluation, block, 0);
  else
    KERNEL (make_bra) (evaluation, block, find_state (evaluation, block, evaluation->program->stages->len));
  if (evaluation->lane_bits > 0)
    backward_layers (evaluation, block, weighs);
  else
    bra = backward_stages (evaluation, block, weighs);
  take_apart (evaluation, block, bra);
  if (evaluation->lane_bits > 0)
    gather_gradients (evaluation, block);
  if (grad_inputs != NULL)
    KERNEL (write_gradients) (evaluation, block, first_row, grad_inputs);
  add_blocks (evaluation, block);
  sum_rows (evaluation, block);
}

#define STRINGIFY_(name) #name
#define STRINGIFY(name) STRINGIFY_ (name)

extern const QrxKernel KERNEL (table);
const QrxKernel KERNEL (table) = {
  STRINGIFY (QRX_KERNEL_LEVEL), QRX_KERNEL_BITS == 64 ? QRX_DTYPE_F64 : QRX_DTYPE_F32, LANES, KERNEL (prepare),
  forward, backward, reduce,
};

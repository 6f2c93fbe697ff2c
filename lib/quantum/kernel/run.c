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

/* A team through all stages, from its first block's state on. Returns that after the last. */
static Cell *
apply_stages (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  QrxProgram *program = evaluation->program;
  Cell *state = find_state (evaluation, block, 0);

  for (guint s = 0; s < program->stages->len; s++)
    {
      const Cell *from = state;

      state = find_state (evaluation, block, s + 1);
      KERNEL (apply_stage) (evaluation, block, &g_array_index (program->stages, QrxStage, s), state, from);
    }
  return state;
}

/* A team from its products or its stem to the end. */
static Cell *
run_team (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row)
{
  KERNEL (prepare_rows) (evaluation, block, first_row);
  if (evaluation->program->stem != NULL)
    KERNEL (stem_forward)
    (evaluation, block, run_team (evaluation->parts[0], block->parts[0], first_row), find_state (evaluation, block, 0));
  else
    KERNEL (product_forward) (evaluation, block, find_state (evaluation, block, 0));
  return apply_stages (evaluation, block);
}

/* Both halves of a team, side by side where threads share a row. */
typedef struct {
  const QrxEvaluation *evaluation;
  const QrxBlockMemory *block;
  gsize first_row;
} Halves;

static void
run_half (gsize half, gpointer data)
{
  const Halves *self = data;
  const QrxEvaluation *evaluation = self->evaluation->parts[half];
  const Cell *ends = run_team (evaluation, self->block->parts[half], self->first_row);

  for (gsize b = 0; b < self->block->n_blocks; b++)
    KERNEL (seam_gather) (self->evaluation, &self->block[b], (guint) half, ends + b * count_cells (evaluation));
}

/* One of a team by itself, with the same scratch for all. */
static QrxBlockMemory
get_single (const QrxBlockMemory *block, gsize b)
{
  QrxBlockMemory one = block[b];

  one.n_blocks = 1;
  one.bra = block->bra;
  one.bra_before = block->bra_before;
  one.field = block->field;
  one.work = block->work;
  return one;
}

/* Halves go together, and what is joined of them, which is larger, by itself. */
static void
run_halves (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row)
{
  Halves halves = { evaluation, block, first_row };

  KERNEL (prepare_rows) (evaluation, block, first_row);
  qrx_pool_run (evaluation->pool, 2, run_half, &halves);
  for (gsize b = 0; b < block->n_blocks; b++)
    {
      QrxBlockMemory here = get_single (block, b);

      here.state = find_state (evaluation, &here, 0);
      KERNEL (seam_forward) (evaluation, &here);
      here.state = block[b].state;
      KERNEL (read_strings) (evaluation, &here, apply_stages (evaluation, &here));
    }
}

static void
forward (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row, gpointer expectations)
{
  if (evaluation->program->seam != NULL)
    run_halves (evaluation, block, first_row);
  else
    KERNEL (read_strings) (evaluation, block, run_team (evaluation, block, first_row));
  KERNEL (write_expectations) (evaluation, block, first_row, expectations);
}

/* What a layer's field holds, summed. */
static void
finish_layer (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint l)
{
  QrxProgram *program = evaluation->program;
  const QrxLayer *layer = &g_array_index (program->layers, QrxLayer, l);

  for (guint i = layer->first_tree; i < layer->first_tree + layer->n_trees; i++)
    fold (evaluation, block, &g_array_index (program->trees, QrxTree, i), (Vector *const[]){ block->gradients });
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

/* Derivatives by a team's layers; returns the bra before them. */
static Cell *
go_back (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gboolean weighs)
{
  if (evaluation->lane_bits == 0)
    return backward_stages (evaluation, block, weighs);
  backward_layers (evaluation, block, weighs);
  return block->bra;
}

/* Derivatives of which each lane has some, into the first lanes. */
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
  for (guint i = 0; i < qrx_program_count_parts (program); i++)
    gather_gradients (evaluation->parts[i], block->parts[i]);
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

/* A program's blocks, whose sums are to be added. */
typedef struct {
  const QrxEvaluation *evaluation;
  const QrxBlockMemory *blocks;
  gsize n_blocks;
} Sums;

static void reduce (const QrxEvaluation *evaluation, const QrxBlockMemory *blocks, gsize n_blocks);

static void
reduce_part (gsize part, gpointer data)
{
  const Sums *self = data;

  reduce (self->evaluation->parts[part], self->blocks->parts[part], self->n_blocks);
}

/* Adds teams in their order, and makes derivatives of their sums; those of parts side by side. */
static void
reduce (const QrxEvaluation *evaluation, const QrxBlockMemory *blocks, gsize n_blocks)
{
  Sums parts = { evaluation, blocks, n_blocks };
  double *sums = blocks[0].sums;

  for (gsize b = 0; (b += qrx_evaluation_count_team (evaluation, b, n_blocks)) < n_blocks;)
    for (gsize r = 0; r < evaluation->n_sums; r++)
      sums[r] += blocks[b].sums[r];
  if (qrx_program_count_parts (evaluation->program) == 0)
    KERNEL (sum_ends) (evaluation, sums);
  qrx_pool_run (evaluation->pool, qrx_program_count_parts (evaluation->program), reduce_part, &parts);
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

/* The first states' bras, from observables' cotangents. */
static Cell *
take_back (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  gboolean weighs = begins_with_sweep (evaluation->program);

  if (weighs)
    KERNEL (weigh_cells) (evaluation, block, 0);
  else
    KERNEL (make_bra) (evaluation, block, find_state (evaluation, block, evaluation->program->stages->len));
  return go_back (evaluation, block, weighs);
}

/* Derivatives by what a team's states begin as, from their bras there. */
static void
differentiate_beginning (const QrxEvaluation *evaluation, const QrxBlockMemory *block, Cell *bras)
{
  if (evaluation->program->stem == NULL)
    {
      KERNEL (product_backward) (evaluation, block, bras);
      return;
    }
  KERNEL (stem_backward) (evaluation, block, bras);
  differentiate_beginning (evaluation->parts[0], block->parts[0],
                           go_back (evaluation->parts[0], block->parts[0], FALSE));
}

/* A half's derivatives, from the bra at its end. */
static void
differentiate_half (gsize half, gpointer data)
{
  const Halves *self = data;
  const QrxEvaluation *evaluation = self->evaluation->parts[half];
  const QrxBlockMemory *block = self->block->parts[half];

  if (half == 0 && self->evaluation->lane_bits > 0)
    KERNEL (seam_scatter_in_lanes) (self->evaluation, self->block);
  differentiate_beginning (evaluation, block, go_back (evaluation, block, FALSE));
}

static void
differentiate_halves (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  Halves halves = { evaluation, block, 0 };

  for (gsize b = 0; b < block->n_blocks; b++)
    {
      QrxBlockMemory here = get_single (block, b);

      here.bra = take_back (evaluation, &here);
      KERNEL (seam_backward) (evaluation, &here);
    }
  qrx_pool_run (evaluation->pool, 2, differentiate_half, &halves);
}

/* What blocks of a team have of their own, the n first overlaps, to the first block's, and all of that summed over rows. */
static void
sum_blocks (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint n)
{
  Vector *to = block->gradients;

  for (guint r = 0; r < n; r++)
    {
      Vector sum = to[r];

      for (gsize b = 1; b < block->n_blocks; b++)
        sum += ((const Vector *) block[b].gradients)[r];
      to[r] = sum;
    }
  sum_rows (evaluation, block);
}

/* Sweeps that go through a team together have summed up already; those through single blocks have not. */
static void
sum_team (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  const QrxProgram *program = evaluation->program;

  sum_blocks (evaluation, block, program->seam != NULL ? program->rotations->len : program->chain[program->n_qubits]);
  for (guint i = 0; i < qrx_program_count_parts (program); i++)
    sum_team (evaluation->parts[i], block->parts[i]);
}

static void
backward (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row, gconstpointer cotangents,
          gpointer grad_inputs)
{
  KERNEL (weigh_strings) (evaluation, block, first_row, cotangents);
  if (evaluation->program->seam != NULL)
    differentiate_halves (evaluation, block);
  else
    differentiate_beginning (evaluation, block, take_back (evaluation, block));
  if (evaluation->lane_bits > 0)
    gather_gradients (evaluation, block);
  if (grad_inputs != NULL)
    KERNEL (write_gradients) (evaluation, block, first_row, grad_inputs);
  sum_team (evaluation, block);
}

#define STRINGIFY_(name) #name
#define STRINGIFY(name) STRINGIFY_ (name)

extern const QrxKernel KERNEL (table);
const QrxKernel KERNEL (table) = {
  STRINGIFY (QRX_KERNEL_LEVEL), QRX_KERNEL_BITS == 64 ? QRX_DTYPE_F64 : QRX_DTYPE_F32, LANES, KERNEL (prepare),
  forward, backward, reduce,
};

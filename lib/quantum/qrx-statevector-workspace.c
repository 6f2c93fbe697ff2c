/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The memory of a batch, and who works on which of it: scratch is there for as many threads as can run. */
#include "quantum/qrx-statevector-workspace-private.h"

#include <stdlib.h>

#include <qrx/qrx-memory.h>
#include "quantum/qrx-backend-private.h"
#include "quantum/qrx-statevector-memory-private.h"

G_DEFINE_FINAL_TYPE (QrxStatevectorWorkspace, qrx_statevector_workspace, QRX_TYPE_WORKSPACE)

static void
qrx_statevector_workspace_finalize (GObject *object)
{
  QrxStatevectorWorkspace *self = QRX_STATEVECTOR_WORKSPACE (object);

  g_free (self->blocks);
  g_free (self->scratches);
  for (guint h = 0; h < 2; h++)
    {
      g_free (self->half_blocks[h]);
      g_free (self->half_scratches[h]);
    }
  g_free (self->taken);
  free (self->memory);
  G_OBJECT_CLASS (qrx_statevector_workspace_parent_class)->finalize (object);
}

static void
qrx_statevector_workspace_class_init (QrxStatevectorWorkspaceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_statevector_workspace_finalize;
}

static void
qrx_statevector_workspace_init (QrxStatevectorWorkspace *self G_GNUC_UNUSED)
{
}

/* The rows of a block: one for each lane, unless amplitudes are there. */
static gsize
count_block_rows (QrxProgram *program, const QrxKernel *kernel)
{
  return program->n_lane_bits > 0 ? 1 : kernel->lanes;
}

static void
lay_out (QrxStatevectorWorkspace *self, QrxProgram *program, gsize n_blocks, QrxArena *arena)
{
  const QrxPiece whole = { program, self->kernel, &self->evaluation, self->blocks, self->scratches };

  self->totals = qrx_arena_take (arena, sizeof (double) * (double) qrx_circuit_get_n_weights (program->circuit));
  qrx_piece_lay_out (&whole, self->n_scratches, n_blocks, arena);
  for (guint h = 0; h < 2 && program->seam != NULL; h++)
    {
      const QrxPiece half = { program->seam->halves[h], self->kernel, &self->halves[h], self->half_blocks[h],
                              self->half_scratches[h] };

      qrx_piece_lay_out (&half, self->n_scratches, n_blocks, arena);
    }
}

static void
allocate_blocks (QrxStatevectorWorkspace *self, QrxProgram *program, gsize n_blocks)
{
  self->blocks = g_new0 (QrxBlockMemory, n_blocks);
  for (guint h = 0; h < 2 && program->seam != NULL; h++)
    {
      self->half_blocks[h] = g_new0 (QrxBlockMemory, n_blocks);
      for (gsize b = 0; b < n_blocks; b++)
        self->blocks[b].halves[h] = &self->half_blocks[h][b];
    }
}

static void
allocate_scratches (QrxStatevectorWorkspace *self, QrxProgram *program)
{
  gsize n = self->n_scratches << self->evaluation.team_bits;

  self->scratches = g_new0 (QrxBlockMemory, n);
  self->taken = g_new0 (_Atomic gboolean, self->n_scratches);
  for (guint h = 0; h < 2 && program->seam != NULL; h++)
    {
      self->half_scratches[h] = g_new0 (QrxBlockMemory, n);
      for (gsize i = 0; i < n; i++)
        self->scratches[i].halves[h] = &self->half_scratches[h][i];
    }
}

QrxWorkspace *
qrx_statevector_workspace_new (const QrxKernel *kernel, QrxProgram *program, guint64 max_rows, QrxDtype dtype,
                               GError **error)
{
  g_autoptr (QrxStatevectorWorkspace) workspace = g_object_new (QRX_TYPE_STATEVECTOR_WORKSPACE, "program", program,
                                                                "max-rows", max_rows, "dtype", (int) dtype, NULL);
  gsize n_blocks = (max_rows - 1) / count_block_rows (program, kernel) + 1, n_teams;
  g_autofree char *what = NULL;
  QrxArena arena = { NULL, 0 };

  workspace->kernel = kernel;
  qrx_evaluation_init (&workspace->evaluation, program, kernel, qrx_evaluation_choose_team (program, kernel, n_blocks));
  for (guint h = 0; h < 2 && program->seam != NULL; h++)
    qrx_evaluation_init (&workspace->halves[h], program->seam->halves[h], kernel, workspace->evaluation.team_bits);
  workspace->evaluation.halves = program->seam != NULL ? workspace->halves : NULL;
  n_teams = ((n_blocks - 1) >> workspace->evaluation.team_bits) + 1;
  workspace->n_scratches = MIN (n_teams, g_get_num_processors ());
  allocate_scratches (workspace, program);
  lay_out (workspace, program, n_blocks, &arena);
  what = g_strdup_printf ("simulating %u qubits for batches of %" G_GUINT64_FORMAT " rows in %s", program->n_qubits,
                          max_rows, qrx_dtype_get_name (dtype));
  if (!qrx_memory_check (arena.used, what, error))
    return NULL;
  workspace->memory = qrx_backend_allocate ((gsize) arena.used, error);
  if (workspace->memory == NULL)
    return NULL;
  allocate_blocks (workspace, program, n_blocks);
  qrx_workspace_set_size (QRX_WORKSPACE (workspace), (guint64) arena.used);
  arena = (QrxArena){ workspace->memory, 0 };
  lay_out (workspace, program, n_blocks, &arena);
  return QRX_WORKSPACE (g_steal_pointer (&workspace));
}

/* A scratch that no other thread uses; there is one for each processor. */
static gsize
take_scratch (QrxStatevectorWorkspace *self)
{
  for (;;)
    {
      for (gsize i = 0; i < self->n_scratches; i++)
        if (!atomic_exchange (&self->taken[i], TRUE))
          return i;
      g_thread_yield ();
    }
}

/* What a block keeps, beside scratch. */
static void
set_block (QrxBlockMemory *memory, const QrxBlockMemory *block)
{
  memory->sums = block->sums;
  memory->factors = block->factors;
  memory->chains = block->chains;
  memory->products = block->products;
  memory->state = block->state;
  memory->seam[0] = block->seam[0];
  memory->seam[1] = block->seam[1];
  memory->fields = block->fields;
}

/* The first block of a team: after full ones come smaller and smaller ones. */
static gsize
find_team (QrxStatevectorWorkspace *self, gsize team)
{
  const QrxEvaluation *evaluation = &self->evaluation;
  gsize n_blocks = qrx_statevector_workspace_count_blocks (self), n_full = n_blocks >> evaluation->team_bits;
  gsize block = MIN (team, n_full) << evaluation->team_bits;

  for (gsize t = n_full; t < team; t++)
    block += qrx_evaluation_count_team (evaluation, block, n_blocks);
  return block;
}

const QrxBlockMemory *
qrx_statevector_workspace_take (QrxStatevectorWorkspace *self, gsize team, gsize *first_row, gsize *scratch)
{
  gsize first = find_team (self, team);
  QrxBlockMemory *memories;

  *first_row = first * count_block_rows (self->evaluation.program, self->kernel);
  *scratch = take_scratch (self);
  memories = &self->scratches[*scratch << self->evaluation.team_bits];
  memories->n_blocks =
      qrx_evaluation_count_team (&self->evaluation, first, qrx_statevector_workspace_count_blocks (self));
  for (guint h = 0; h < 2 && memories->halves[h] != NULL; h++)
    memories->halves[h]->n_blocks = memories->n_blocks;
  for (gsize b = 0; b < memories->n_blocks; b++)
    {
      set_block (&memories[b], &self->blocks[first + b]);
      for (guint h = 0; h < 2 && memories[b].halves[h] != NULL; h++)
        set_block (memories[b].halves[h], self->blocks[first + b].halves[h]);
    }
  return memories;
}

/* Halves have the same rows, which are the same block's. */
void
qrx_statevector_workspace_set_batch (QrxStatevectorWorkspace *self, gconstpointer inputs, gconstpointer weights,
                                     gsize n_rows)
{
  QrxEvaluation *const evaluations[] = { &self->evaluation, &self->halves[0], &self->halves[1] };

  for (guint i = 0; i < G_N_ELEMENTS (evaluations); i++)
    {
      evaluations[i]->inputs = inputs;
      evaluations[i]->weights = weights;
      evaluations[i]->n_rows = n_rows;
    }
}

void
qrx_statevector_workspace_give_back (QrxStatevectorWorkspace *self, gsize scratch)
{
  atomic_store (&self->taken[scratch], FALSE);
}

gsize
qrx_statevector_workspace_count_blocks (QrxStatevectorWorkspace *self)
{
  gsize rows = count_block_rows (self->evaluation.program, self->kernel);

  return (self->evaluation.n_rows + rows - 1) / rows;
}

gsize
qrx_statevector_workspace_count_teams (QrxStatevectorWorkspace *self)
{
  gsize n_blocks = qrx_statevector_workspace_count_blocks (self), team = (gsize) 1 << self->evaluation.team_bits;

  return n_blocks / team + (gsize) __builtin_popcountl (n_blocks % team);
}

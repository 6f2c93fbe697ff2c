/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The memory of a batch, and who works on which of it: scratch is there for as many threads as can run. */
#include "quantum/qrx-statevector-workspace-private.h"

#include <stdlib.h>

#include <qrx/qrx-memory.h>
#include "quantum/qrx-backend-private.h"

G_DEFINE_FINAL_TYPE (QrxStatevectorWorkspace, qrx_statevector_workspace, QRX_TYPE_WORKSPACE)

static void
qrx_statevector_workspace_finalize (GObject *object)
{
  QrxStatevectorWorkspace *self = QRX_STATEVECTOR_WORKSPACE (object);

  for (guint p = 0; p < self->n_pieces; p++)
    {
      g_free (self->pieces[p].blocks);
      g_free (self->pieces[p].scratches);
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

/* A program's piece, then those of its parts. */
static guint
add_piece (QrxStatevectorWorkspace *self, QrxProgram *program, guint team_bits)
{
  guint index = self->n_pieces++;
  QrxPiece *piece = &self->pieces[index];

  qrx_evaluation_init (&piece->evaluation, program, self->kernel, team_bits);
  for (guint i = 0; i < qrx_program_count_parts (program); i++)
    {
      piece->parts[i] = add_piece (self, qrx_program_get_part (program, i), team_bits);
      piece->evaluation.parts[i] = &self->pieces[piece->parts[i]].evaluation;
    }
  return index;
}

static void
lay_out (QrxStatevectorWorkspace *self, gsize n_blocks, QrxArena *arena)
{
  QrxProgram *program = self->pieces[0].evaluation.program;

  self->totals = qrx_arena_take (arena, sizeof (double) * (double) qrx_circuit_get_n_weights (program->circuit));
  for (guint p = 0; p < self->n_pieces; p++)
    qrx_piece_lay_out (&self->pieces[p], self->kernel, self->n_scratches, n_blocks, arena);
}

/* Each block's with the same block's of the parts. */
static QrxBlockMemory *
new_memories (const QrxPiece *piece, QrxBlockMemory *const parts[2], gsize n)
{
  QrxBlockMemory *memories = g_new0 (QrxBlockMemory, n);

  for (gsize i = 0; i < n; i++)
    for (guint j = 0; j < qrx_program_count_parts (piece->evaluation.program); j++)
      memories[i].parts[j] = &parts[j][i];
  return memories;
}

static void
allocate_blocks (QrxStatevectorWorkspace *self, gsize n_blocks)
{
  for (guint p = self->n_pieces; p-- > 0;)
    {
      QrxPiece *piece = &self->pieces[p];
      QrxBlockMemory *const parts[2] = { self->pieces[piece->parts[0]].blocks, self->pieces[piece->parts[1]].blocks };

      piece->blocks = new_memories (piece, parts, n_blocks);
    }
}

static void
allocate_scratches (QrxStatevectorWorkspace *self)
{
  self->taken = g_new0 (_Atomic gboolean, self->n_scratches);
  for (guint p = self->n_pieces; p-- > 0;)
    {
      QrxPiece *piece = &self->pieces[p];
      QrxBlockMemory *const parts[2] = { self->pieces[piece->parts[0]].scratches, self->pieces[piece->parts[1]].scratches };

      piece->scratches = new_memories (piece, parts, self->n_scratches << piece->evaluation.team_bits);
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
  guint team_bits;

  workspace->kernel = kernel;
  team_bits = qrx_evaluation_choose_team (program, kernel, n_blocks);
  add_piece (workspace, program, team_bits);
  n_teams = ((n_blocks - 1) >> team_bits) + 1;
  workspace->n_scratches = MIN (n_teams, g_get_num_processors ());
  allocate_scratches (workspace);
  lay_out (workspace, n_blocks, &arena);
  what = g_strdup_printf ("simulating %u qubits for batches of %" G_GUINT64_FORMAT " rows in %s", program->n_qubits,
                          max_rows, qrx_dtype_get_name (dtype));
  if (!qrx_memory_check (arena.used, what, error))
    return NULL;
  workspace->memory = qrx_backend_allocate ((gsize) arena.used, error);
  if (workspace->memory == NULL)
    return NULL;
  allocate_blocks (workspace, n_blocks);
  qrx_workspace_set_size (QRX_WORKSPACE (workspace), (guint64) arena.used);
  arena = (QrxArena){ workspace->memory, 0 };
  lay_out (workspace, n_blocks, &arena);
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
  const QrxEvaluation *evaluation = &self->pieces[0].evaluation;
  gsize n_blocks = qrx_statevector_workspace_count_blocks (self), n_full = n_blocks >> evaluation->team_bits;
  gsize block = MIN (team, n_full) << evaluation->team_bits;

  for (gsize t = n_full; t < team; t++)
    block += qrx_evaluation_count_team (evaluation, block, n_blocks);
  return block;
}

const QrxBlockMemory *
qrx_statevector_workspace_take (QrxStatevectorWorkspace *self, gsize team, gsize *first_row, gsize *scratch)
{
  const QrxEvaluation *evaluation = &self->pieces[0].evaluation;
  gsize first = find_team (self, team);
  gsize n = qrx_evaluation_count_team (evaluation, first, qrx_statevector_workspace_count_blocks (self));

  *first_row = first * count_block_rows (evaluation->program, self->kernel);
  *scratch = take_scratch (self);
  for (guint p = 0; p < self->n_pieces; p++)
    {
      QrxBlockMemory *memories = &self->pieces[p].scratches[*scratch << evaluation->team_bits];

      memories->n_blocks = n;
      for (gsize b = 0; b < n; b++)
        set_block (&memories[b], &self->pieces[p].blocks[first + b]);
    }
  return &self->pieces[0].scratches[*scratch << evaluation->team_bits];
}

/* Parts have the same rows. */
void
qrx_statevector_workspace_set_batch (QrxStatevectorWorkspace *self, gconstpointer inputs, gconstpointer weights,
                                     gsize n_rows)
{
  for (guint p = 0; p < self->n_pieces; p++)
    {
      self->pieces[p].evaluation.inputs = inputs;
      self->pieces[p].evaluation.weights = weights;
      self->pieces[p].evaluation.n_rows = n_rows;
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
  const QrxEvaluation *evaluation = &self->pieces[0].evaluation;
  gsize rows = count_block_rows (evaluation->program, self->kernel);

  return (evaluation->n_rows + rows - 1) / rows;
}

gsize
qrx_statevector_workspace_count_teams (QrxStatevectorWorkspace *self)
{
  gsize n_blocks = qrx_statevector_workspace_count_blocks (self), team = (gsize) 1 << self->pieces[0].evaluation.team_bits;

  return n_blocks / team + (gsize) __builtin_popcountl (n_blocks % team);
}

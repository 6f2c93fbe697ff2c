/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lays out the memory of a batch: what all rows share, what each block of rows keeps between expectations and gradient, and
 * scratch for as many threads as can run. */
#include "quantum/qrx-statevector-workspace-private.h"

#include <stdlib.h>

#include <qrx/qrx-memory.h>
#include "quantum/qrx-backend-private.h"

/* Between arrays, so that their equal indices do not fall on the same cache sets. */
#define STAGGER 320
/* Blocks whose states are small make teams, of which one state of each is about so large: what a sweep does once is done
 * for more rows, and the first cache still holds what it works on. */
#define TEAM_BYTES (1 << 14)

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

/* Hands out pieces of one allocation; before there is one, it measures. Sizes are doubles, for they may overflow. */
typedef struct {
  char *memory;
  double used;
} Arena;

static gpointer
take (Arena *arena, double n_bytes)
{
  gpointer piece = arena->memory != NULL ? arena->memory + (gsize) arena->used : NULL;

  arena->used += (double) (((guint64) MIN (n_bytes, 0x1p62) + 63) / 64 * 64) + STAGGER;
  return piece;
}

/* The rows of a block: one for each lane, unless amplitudes are there. */
static gsize
count_block_rows (QrxProgram *program, const QrxKernel *kernel)
{
  return program->n_lane_bits > 0 ? 1 : kernel->lanes;
}

/* The vectors of a state's amplitudes, real or imaginary. */
static double
count_vectors (QrxProgram *program, const QrxKernel *kernel)
{
  return (double) ((gsize) 1 << program->n_qubits) / (program->n_lane_bits > 0 ? (double) kernel->lanes : 1);
}

static double
get_vector_size (const QrxKernel *kernel)
{
  return (double) (kernel->lanes * qrx_dtype_get_size (kernel->dtype));
}

/* Rotations and three for the end of each qubit's chain, rounded up to whole vectors. */
static gsize
count_sums (QrxProgram *program, const QrxKernel *kernel)
{
  gsize n_ends = program->seam == NULL ? 3 * program->n_qubits : 0;

  return (program->rotations->len + n_ends + kernel->lanes - 1) / kernel->lanes * kernel->lanes;
}

static double
measure_state (QrxProgram *program, const QrxKernel *kernel)
{
  return 2 * get_vector_size (kernel) * count_vectors (program, kernel);
}

/* The blocks of a team, to the power of two. Those that have rotations of their own among the sweeps, or halves, are
 * alone. */
static guint
choose_team (QrxProgram *program, const QrxKernel *kernel, gsize n_blocks)
{
  const QrxRotation *rotations = &g_array_index (program->rotations, QrxRotation, 0);
  guint bits = 0;

  if (program->n_lane_bits > 0 || program->seam != NULL)
    return 0;
  for (guint r = program->chain[program->n_qubits]; r < program->rotations->len; r++)
    if (rotations[r].per_row)
      return 0;
  while (bits < QRX_TEAM_MAX_BITS && (gsize) 2 << bits <= n_blocks &&
         measure_state (program, kernel) * (double) (2 << bits) <= TEAM_BYTES)
    bits++;
  return bits;
}

/* What one program works on: all of it, or a half. */
typedef struct {
  QrxProgram *program;
  const QrxKernel *kernel;
  QrxEvaluation *evaluation;
  QrxBlockMemory *blocks; /* NULL while measuring */
  QrxBlockMemory *scratches;
} Piece;

/* From one state that is kept to the next, of a team: their equal places do not fall on the same cache sets either. */
static double
measure_kept (const Piece *piece)
{
  return measure_state (piece->program, piece->kernel) * (1 << piece->evaluation->team_bits) + STAGGER;
}

static void
lay_out_block (const Piece *piece, Arena *arena, QrxBlockMemory *block)
{
  QrxProgram *program = piece->program;
  guint n_upper = program->n_qubits - program->n_lane_bits, lower_half = n_upper / 2, upper_half = n_upper - lower_half;
  gsize lanes = piece->kernel->lanes,
        minors = program->n_lane_bits > 0 ? ((gsize) 1 << program->n_lane_bits) / lanes : 1;
  double lower = 1u << lower_half, upper = 1u << upper_half, vector = get_vector_size (piece->kernel);
  double n_parts = program->n_lane_bits > 0 ? QRX_KERNEL_MAX_PARTS : 1;

  block->sums = take (arena, sizeof (double) * (double) count_sums (program, piece->kernel));
  block->factors = take (arena, vector * QRX_KERNEL_FACTORS * program->row_rotations->len);
  block->chains = take (arena, 4 * vector * program->n_qubits);
  block->products = take (arena, 2 * vector * (2 * (double) minors * (lower + upper) + n_parts * lower + upper));
  block->fields = program->n_lane_bits > 0
                      ? NULL
                      : take (arena, (double) qrx_dtype_get_size (piece->kernel->dtype) *
                                         (double) ((gsize) 1 << program->n_qubits) * program->n_tables);
  for (guint h = 0; h < 2 && program->seam != NULL; h++)
    block->seam[h] = take (arena, 2 * vector * (double) ((gsize) 1 << program->seam->halves[h]->n_qubits));
}

/* A team's n blocks, of which each state follows the last. */
static void
lay_out_team (const Piece *piece, Arena *arena, QrxBlockMemory *blocks, gsize n)
{
  char *states = take (arena, (double) piece->program->n_kept * measure_kept (piece));

  for (gsize b = 0; b < n; b++)
    {
      lay_out_block (piece, arena, &blocks[b]);
      blocks[b].state = states + b * (gsize) measure_state (piece->program, piece->kernel);
    }
}

/* As many for each thread. */
static void
lay_out_scratch (const Piece *piece, Arena *arena, QrxBlockMemory *scratches)
{
  QrxProgram *program = piece->program;
  double vector = get_vector_size (piece->kernel), size = count_vectors (program, piece->kernel);
  gsize n = (gsize) 1 << piece->evaluation->team_bits, state = (gsize) measure_state (program, piece->kernel);
  char *bra = take (arena, measure_state (program, piece->kernel) * (double) n);
  char *before = program->n_lane_bits > 0 ? NULL : take (arena, measure_state (program, piece->kernel) * (double) n);
  char *field = take (arena, vector * size * (double) n), *work = take (arena, vector * (size + 1) * (double) n);

  for (gsize b = 0; b < n; b++)
    {
      scratches[b].strings = take (arena, vector * program->strings->len);
      scratches[b].gradients = take (arena, vector * (double) count_sums (program, piece->kernel));
      scratches[b].bra = bra + b * state;
      scratches[b].bra_before = before != NULL ? before + b * state : NULL;
      scratches[b].field = field + b * state / 2;
      scratches[b].work = work + b * (state / 2 + (gsize) vector);
    }
}

static void
lay_out_piece (const Piece *piece, gsize n_threads, gsize n_blocks, Arena *arena)
{
  QrxProgram *program = piece->program;
  QrxEvaluation *evaluation = piece->evaluation;
  double vector = get_vector_size (piece->kernel), real = (double) qrx_dtype_get_size (piece->kernel->dtype);
  double size = (double) ((gsize) 1 << program->n_qubits), n_rotations = program->rotations->len;
  gsize team = (gsize) 1 << evaluation->team_bits, n_teams = (n_blocks + team - 1) / team;
  gboolean lanes = program->n_lane_bits > 0;
  QrxBlockMemory measured[1 << QRX_TEAM_MAX_BITS];
  double before;

  evaluation->factors = take (arena, vector * QRX_KERNEL_FACTORS * program->n_shared_rotations);
  evaluation->ends = take (arena, vector * QRX_KERNEL_END * program->n_qubits);
  evaluation->tables = take (arena, 2 * real * size * (double) team * program->n_tables);
  evaluation->phases =
      take (arena, lanes && program->n_tables > 0 ? 2 * vector * QRX_KERNEL_PHASES * QRX_KERNEL_WORD_CHUNKS : 0);
  evaluation->angles = take (arena, sizeof (double) * (3 * n_rotations + (!lanes && program->n_tables > 0 ? size : 0)));
  evaluation->flips = take (arena, sizeof (double) * n_rotations);
  evaluation->scales = take (arena, sizeof (double) * n_rotations);
  evaluation->string_scales = take (arena, sizeof (double) * program->strings->len);
  for (gsize i = 0; i < n_threads; i++)
    lay_out_scratch (piece, arena, &piece->scratches[i * team]);
  if (arena->memory != NULL)
    {
      for (gsize b = 0; b < n_blocks; b += team)
        lay_out_team (piece, arena, &piece->blocks[b], MIN (team, n_blocks - b));
      return;
    }
  before = arena->used;
  lay_out_team (piece, arena, measured, team);
  arena->used = before + (arena->used - before) * (double) n_teams;
}

static void
lay_out (QrxStatevectorWorkspace *self, QrxProgram *program, gsize n_blocks, Arena *arena)
{
  const Piece whole = { program, self->kernel, &self->evaluation, self->blocks, self->scratches };

  self->totals = take (arena, sizeof (double) * (double) qrx_circuit_get_n_weights (program->circuit));
  lay_out_piece (&whole, self->n_scratches, n_blocks, arena);
  for (guint h = 0; h < 2 && program->seam != NULL; h++)
    {
      const Piece half = { program->seam->halves[h], self->kernel, &self->halves[h], self->half_blocks[h],
                           self->half_scratches[h] };

      lay_out_piece (&half, self->n_scratches, n_blocks, arena);
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
  self->scratches = g_new0 (QrxBlockMemory, self->n_scratches << self->evaluation.team_bits);
  self->taken = g_new0 (_Atomic gboolean, self->n_scratches);
  for (guint h = 0; h < 2 && program->seam != NULL; h++)
    {
      self->half_scratches[h] = g_new0 (QrxBlockMemory, self->n_scratches);
      for (gsize i = 0; i < self->n_scratches; i++)
        {
          self->half_scratches[h][i].n_blocks = 1;
          self->scratches[i].halves[h] = &self->half_scratches[h][i];
        }
    }
}

static void
evaluation_init (QrxEvaluation *self, QrxProgram *program, const QrxKernel *kernel, guint team_bits)
{
  self->program = program;
  self->lane_bits = program->n_lane_bits > 0 ? (guint) __builtin_ctzl (kernel->lanes) : 0;
  self->team_bits = team_bits;
  self->n_sums = count_sums (program, kernel);
  self->n_inputs = qrx_circuit_get_n_inputs (program->circuit);
  self->n_observables = qrx_circuit_get_n_observables (program->circuit);
  self->state_stride = (gsize) measure_kept (&(Piece){ program, kernel, self, NULL, NULL });
}

QrxWorkspace *
qrx_statevector_workspace_new (const QrxKernel *kernel, QrxProgram *program, guint64 max_rows, QrxDtype dtype,
                               GError **error)
{
  g_autoptr (QrxStatevectorWorkspace) workspace = g_object_new (QRX_TYPE_STATEVECTOR_WORKSPACE, "program", program,
                                                                "max-rows", max_rows, "dtype", (int) dtype, NULL);
  gsize n_blocks = (max_rows - 1) / count_block_rows (program, kernel) + 1, n_teams;
  g_autofree char *what = NULL;
  Arena arena = { NULL, 0 };

  workspace->kernel = kernel;
  evaluation_init (&workspace->evaluation, program, kernel, choose_team (program, kernel, n_blocks));
  for (guint h = 0; h < 2 && program->seam != NULL; h++)
    evaluation_init (&workspace->halves[h], program->seam->halves[h], kernel, 0);
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
  arena = (Arena){ workspace->memory, 0 };
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
  for (gsize b = 0; b < memories->n_blocks; b++)
    set_block (&memories[b], &self->blocks[first + b]);
  for (guint h = 0; h < 2 && memories->halves[h] != NULL; h++)
    set_block (memories->halves[h], self->blocks[first].halves[h]);
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

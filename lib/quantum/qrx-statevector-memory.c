/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lays out the memory of a batch: what all rows share, what each block of rows keeps between expectations and gradient, and
 * scratch for each thread. */
#include "quantum/qrx-statevector-memory-private.h"

/* Between arrays, so that their equal indices do not fall on the same cache sets. */
#define STAGGER 320
/* Blocks whose states are small make teams, of which one state of each is about so large: what a sweep does once is done
 * for more rows, and the first cache still holds what it works on. */
#define TEAM_BYTES (1 << 14)
/* Twice as many where sweeps take turns block by block. */
#define TURNS_GAIN 2
/* Of halves, which are smaller than what is joined of them, as many go together as if that were so much smaller. */
#define HALVES_GAIN 8

gpointer
qrx_arena_take (QrxArena *arena, double n_bytes)
{
  gpointer piece = arena->memory != NULL ? arena->memory + (gsize) arena->used : NULL;

  arena->used += (double) (((guint64) MIN (n_bytes, 0x1p62) + 63) / 64 * 64) + STAGGER;
  return piece;
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
  gsize n_ends = qrx_program_count_parts (program) == 0 ? 3 * program->n_qubits : 0;

  return (program->rotations->len + n_ends + kernel->lanes - 1) / kernel->lanes * kernel->lanes;
}

static double
measure_state (QrxProgram *program, const QrxKernel *kernel)
{
  return 2 * get_vector_size (kernel) * count_vectors (program, kernel);
}

/* Whether all blocks' sweeps are the same: those have no rotations of a row's own. */
static gboolean
is_shared (const QrxProgram *program)
{
  for (guint r = program->chain[program->n_qubits]; r < program->rotations->len; r++)
    if (g_array_index (program->rotations, QrxRotation, r).per_row)
      return FALSE;
  return program->stem == NULL || is_shared (program->stem);
}

static gboolean
has_turns (const QrxProgram *program)
{
  for (guint s = 0; s < program->sweeps->len; s++)
    if (g_array_index (program->sweeps, QrxSweep, s).joins)
      return TRUE;
  return FALSE;
}

/* Where there are halves, at least four teams, for as many threads: that takes long enough to share. */
guint
qrx_evaluation_choose_team (QrxProgram *program, const QrxKernel *kernel, gsize n_blocks)
{
  gsize least = 1;
  double size = measure_state (program, kernel);
  guint bits = 0;

  if (program->n_lane_bits > 0 || (program->seam == NULL && !is_shared (program)))
    return 0;
  if (program->seam == NULL && has_turns (program))
    size /= TURNS_GAIN;
  if (program->seam != NULL)
    {
      if (!is_shared (program->seam->halves[0]) || !is_shared (program->seam->halves[1]))
        return 0;
      size /= HALVES_GAIN;
      least = 4;
    }
  while (bits < QRX_TEAM_MAX_BITS && least << (bits + 1) <= n_blocks && size * (double) (2 << bits) <= TEAM_BYTES)
    bits++;
  return bits;
}

/* From one state that is kept to the next, of a team: their equal places do not fall on the same cache sets either. */
static double
measure_kept (QrxProgram *program, const QrxKernel *kernel, guint team_bits)
{
  return measure_state (program, kernel) * (1 << team_bits) + STAGGER;
}

static void
lay_out_block (QrxProgram *program, const QrxKernel *kernel, QrxArena *arena, QrxBlockMemory *block)
{
  guint n_upper = program->n_qubits - program->n_lane_bits, lower_half = n_upper / 2, upper_half = n_upper - lower_half;
  gsize lanes = kernel->lanes,
        minors = program->n_lane_bits > 0 ? ((gsize) 1 << program->n_lane_bits) / lanes : 1;
  double lower = 1u << lower_half, upper = 1u << upper_half, vector = get_vector_size (kernel);
  double n_parts = program->n_lane_bits > 0 ? QRX_KERNEL_MAX_PARTS : 1;

  block->sums = qrx_arena_take (arena, sizeof (double) * (double) count_sums (program, kernel));
  block->factors = qrx_arena_take (arena, vector * QRX_KERNEL_FACTORS * program->n_row_rotations);
  block->chains = qrx_arena_take (arena, 4 * vector * program->n_qubits);
  block->products =
      qrx_arena_take (arena, 2 * vector * (2 * (double) minors * (lower + upper) + n_parts * lower + upper));
  block->fields = program->n_lane_bits > 0
                      ? NULL
                      : qrx_arena_take (arena, (double) qrx_dtype_get_size (kernel->dtype) *
                                                   (double) ((gsize) 1 << program->n_qubits) * program->n_tables);
  for (guint h = 0; h < 2 && program->seam != NULL; h++)
    block->seam[h] = qrx_arena_take (arena, 2 * vector * (double) ((gsize) 1 << program->seam->halves[h]->n_qubits));
}

/* A team's n blocks, of which each state follows the last. */
static void
lay_out_team (const QrxEvaluation *evaluation, const QrxKernel *kernel, QrxArena *arena, QrxBlockMemory *blocks, gsize n)
{
  QrxProgram *program = evaluation->program;
  char *states = qrx_arena_take (arena, (double) program->n_kept * (double) evaluation->state_stride);

  for (gsize b = 0; b < n; b++)
    {
      lay_out_block (program, kernel, arena, &blocks[b]);
      blocks[b].state = states + b * (gsize) measure_state (program, kernel);
    }
}

/* As many for each thread. */
static void
lay_out_scratch (const QrxEvaluation *evaluation, const QrxKernel *kernel, QrxArena *arena, QrxBlockMemory *scratches)
{
  QrxProgram *program = evaluation->program;
  gsize n = (gsize) 1 << evaluation->team_bits, state = (gsize) measure_state (program, kernel);
  double vector = get_vector_size (kernel), states = measure_state (program, kernel) * (double) n;
  char *bra = qrx_arena_take (arena, states);
  char *before = program->n_lane_bits > 0 ? NULL : qrx_arena_take (arena, states);
  char *field = qrx_arena_take (arena, states / 2);
  char *work = qrx_arena_take (arena, states / 2 + vector * (double) (n + (1 << QRX_LANE_BITS)));

  for (gsize b = 0; b < n; b++)
    {
      scratches[b].strings = qrx_arena_take (arena, vector * program->strings->len);
      scratches[b].pairs = qrx_arena_take (arena, 4 * vector * program->n_qubits);
      scratches[b].gradients = qrx_arena_take (arena, vector * (double) count_sums (program, kernel));
      scratches[b].bra = bra + b * state;
      scratches[b].bra_before = before != NULL ? before + b * state : NULL;
      scratches[b].field = field + b * state / 2;
      scratches[b].work = work + b * (state / 2 + (gsize) vector);
    }
}

void
qrx_piece_lay_out (QrxPiece *piece, const QrxKernel *kernel, gsize n_threads, gsize n_blocks, QrxArena *arena)
{
  QrxEvaluation *evaluation = &piece->evaluation;
  QrxProgram *program = evaluation->program;
  double vector = get_vector_size (kernel), real = (double) qrx_dtype_get_size (kernel->dtype);
  double size = (double) ((gsize) 1 << program->n_qubits), n_rotations = program->rotations->len;
  gsize team = (gsize) 1 << evaluation->team_bits, n_teams = (n_blocks + team - 1) / team;
  gboolean lanes = program->n_lane_bits > 0;
  QrxBlockMemory measured[1 << QRX_TEAM_MAX_BITS];
  double before;

  evaluation->factors = qrx_arena_take (arena, vector * QRX_KERNEL_FACTORS * program->n_shared_rotations);
  evaluation->ends = qrx_arena_take (arena, vector * QRX_KERNEL_END * program->n_qubits);
  evaluation->tables = qrx_arena_take (arena, 2 * real * size * (double) team * program->n_tables);
  evaluation->phases = qrx_arena_take (
      arena, lanes && program->n_tables > 0 ? 2 * vector * QRX_KERNEL_PHASES * QRX_KERNEL_WORD_CHUNKS : 0);
  evaluation->angles =
      qrx_arena_take (arena, sizeof (double) * (3 * n_rotations + (!lanes && program->n_tables > 0 ? size : 0)));
  evaluation->flips = qrx_arena_take (arena, sizeof (double) * n_rotations);
  evaluation->scales = qrx_arena_take (arena, sizeof (double) * n_rotations);
  evaluation->string_scales = qrx_arena_take (arena, sizeof (double) * program->strings->len);
  for (gsize i = 0; i < n_threads; i++)
    lay_out_scratch (evaluation, kernel, arena, &piece->scratches[i * team]);
  if (arena->memory != NULL)
    {
      for (gsize b = 0; b < n_blocks; b += team)
        lay_out_team (evaluation, kernel, arena, &piece->blocks[b], MIN (team, n_blocks - b));
      return;
    }
  before = arena->used;
  lay_out_team (evaluation, kernel, arena, measured, team);
  arena->used = before + (arena->used - before) * (double) n_teams;
}

void
qrx_evaluation_init (QrxEvaluation *self, QrxProgram *program, const QrxKernel *kernel, guint team_bits)
{
  self->program = program;
  self->lane_bits = program->n_lane_bits > 0 ? (guint) __builtin_ctzl (kernel->lanes) : 0;
  self->team_bits = team_bits;
  self->n_sums = count_sums (program, kernel);
  self->n_inputs = qrx_circuit_get_n_inputs (program->circuit);
  self->n_observables = qrx_circuit_get_n_observables (program->circuit);
  self->state_stride = (gsize) measure_kept (program, kernel, team_bits);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Expectations of strings in a state, and the bra Σ c P |ket> that the gradient starts from. */
#include "quantum/kernel/template.h"

#include <string.h>

/* <ket| P |ket> for a string that is not diagonal; pairs k, k ^ x conjugate each other. */
static Vector
read_string (const QrxString *string, gsize size, const Cell *ket)
{
  gsize pivot = (gsize) 1 << (31 - __builtin_clz (string->x));
  gboolean real = qrx_pauli_is_real (string->x, string->z);
  Vector sum = splat (0);

  for (gsize i = 0, k = 0; i < size / 2; i++, k = ((k | pivot) + 1) & ~pivot)
    {
      const Cell *a = &ket[k], *b = &ket[k ^ string->x];
      Vector part = real ? cross (*a, *b) : dot (*a, *b);

      sum = qrx_parity ((guint32) k & string->z) ? sum - part : sum + part;
    }
  return 2 * sum;
}

/* A pass over cells, in parts. */
typedef struct {
  const QrxEvaluation *evaluation;
  const QrxString *string;
  Vector coefficient;
  const Cell *ket;
  Cell *bra;
  Vector *field;
  gsize n_blocks; /* of a team: as if they were one state */
  gsize part_size;
  Vector sums[QRX_KERNEL_MAX_PARTS];
} Work;

static Vector
run_parts (Work *work, QrxPoolFunc func)
{
  gsize size = count_cells (work->evaluation) * work->n_blocks, n_parts = count_parts (work->evaluation, size, 64);
  Vector sum;

  work->part_size = size / n_parts;
  work->sums[0] = splat (0);
  qrx_pool_run (work->evaluation->pool, n_parts, func, work);
  sum = work->sums[0];
  for (gsize p = 1; p < n_parts; p++)
    sum += work->sums[p];
  return sum;
}

/* As read_string(), with amplitudes in the lanes; the lanes' signs are left out. */
static void
read_string_in_lanes (gsize part, gpointer data)
{
  Work *work = data;
  const QrxString *string = work->string;
  guint lane_bits = work->evaluation->lane_bits;
  gboolean real = qrx_pauli_is_real (string->x, string->z);
  Shuffle shuffle = shuffle_of (string->x & (LANES - 1));
  Vector sum = splat (0);

  for (gsize k = part * work->part_size; k < (part + 1) * work->part_size; k++)
    {
      const Cell *a = &work->ket[k], *other = &work->ket[k ^ string->x >> lane_bits];
      Cell b = { permute (other->re, shuffle), permute (other->im, shuffle) };
      Vector part_sum = real ? cross (*a, b) : dot (*a, b);

      sum = qrx_parity ((guint32) (k << lane_bits) & string->z) ? sum - part_sum : sum + part_sum;
    }
  work->sums[part] = sum;
}

static void
square_cells (gsize part, gpointer data)
{
  const Work *work = data;
  const Cell *ket = work->ket;

#pragma GCC unroll 4
  for (gsize k = part * work->part_size; k < (part + 1) * work->part_size; k++)
    work->field[k] = dot (ket[k], ket[k]);
}

/* The cell that a string pairs with one. */
INLINE Cell
partner_of (const Work *work, Shuffle shuffle, gsize k)
{
  const Cell *other = &work->ket[k ^ work->string->x >> work->evaluation->lane_bits];

  if (work->evaluation->lane_bits == 0)
    return get (other);
  return (Cell){ permute (other->re, shuffle), permute (other->im, shuffle) };
}

static void
multiply_pairs (gsize part, gpointer data)
{
  const Work *work = data;
  gboolean real = qrx_pauli_is_real (work->string->x, work->string->z);
  Shuffle shuffle = shuffle_of (lane_mask (work->evaluation, work->string->x));

  for (gsize k = part * work->part_size; k < (part + 1) * work->part_size; k++)
    {
      const Cell *a = &work->ket[k];
      Cell b = partner_of (work, shuffle, k);

      work->field[k] = real ? cross (*a, b) : dot (*a, b);
    }
}

/* A group's sums, without signs and scales: of all its strings, or of one. */
static void
read_group (Work *work, const QrxBlockMemory *block, const QrxReadoutGroup *group)
{
  const QrxProgram *program = work->evaluation->program;
  gsize n_cells = count_cells (work->evaluation);
  Vector *values[1 << QRX_TEAM_MAX_BITS];
  gboolean squares;

  for (gsize b = 0; b < block->n_blocks; b++)
    values[b] = block[b].strings;
  work->string = &g_array_index (program->strings, QrxString, group->string);
  squares = work->string->x == 0 && work->evaluation->lane_bits == 0;
  if (group->n_trees > 0 && !squares)
    run_parts (work, work->string->x == 0 ? square_cells : multiply_pairs);
  for (guint i = group->first_tree; i < group->first_tree + group->n_trees; i++)
    if (squares)
      KERNEL (fold_squares) (work->evaluation, block, work->ket, &g_array_index (program->trees, QrxTree, i), values);
    else
      fold (work->evaluation, block, &g_array_index (program->trees, QrxTree, i), values);
  for (gsize b = 0; b < block->n_blocks && group->n_trees == 0; b++)
    values[b][group->string] = work->evaluation->lane_bits > 0
                                 ? run_parts (work, read_string_in_lanes)
                                 : read_string (work->string, n_cells, work->ket + b * n_cells);
}

/* From sums to expectations. */
static void
scale_strings (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  for (guint i = 0; i < evaluation->program->strings->len; i++)
    {
      const QrxString *string = &g_array_index (evaluation->program->strings, QrxString, i);
      Real scale = (Real) evaluation->string_scales[i];
      Vector *first = (Vector *) block->strings + i;

      if (string->x == 0 && string->z == 0)
        for (gsize b = 0; b < block->n_blocks; b++)
          ((Vector *) block[b].strings)[i] = splat (1);
      else if (evaluation->lane_bits > 0)
        *first = scale * splat ((Real) sum_signed (*first, lane_mask (evaluation, string->z)));
      else
        for (gsize b = 0; b < block->n_blocks; b++)
          ((Vector *) block[b].strings)[i] *= scale;
    }
}

void
KERNEL (read_strings) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const Cell *kets)
{
  QrxProgram *program = evaluation->program;
  Work work = { .evaluation = evaluation, .ket = kets, .field = block->field, .n_blocks = block->n_blocks };

  for (guint g = 0; g < program->groups->len; g++)
    if (g > 0 || g_array_index (program->groups, QrxReadoutGroup, 0).n_trees > 0)
      read_group (&work, block, &g_array_index (program->groups, QrxReadoutGroup, g));
  scale_strings (evaluation, block);
}

/* Adds a pair's other cell, times a coefficient, as a string of either kind turns it. */
INLINE void
add_partner (const Work *work, gboolean real, Vector c, Cell other, gsize k)
{
  Cell *bra = &work->bra[k];

  if (real)
    put (bra, (Cell){ bra->re + c * other.im, bra->im - c * other.re });
  else
    put (bra, (Cell){ bra->re + c * other.re, bra->im + c * other.im });
}

static void
add_string (gsize part, gpointer data)
{
  const Work *work = data;
  const QrxString *string = work->string;
  const Vector signed_coefficients[2] = { work->coefficient, -work->coefficient };
  gboolean real = qrx_pauli_is_real (string->x, string->z);
  guint lane_bits = work->evaluation->lane_bits;
  Shuffle shuffle = shuffle_of (lane_mask (work->evaluation, string->x));

  for (gsize k = part * work->part_size; k < (part + 1) * work->part_size; k++)
    add_partner (work, real, signed_coefficients[qrx_parity ((guint32) (k << lane_bits) & string->z)],
                 partner_of (work, shuffle, k), k);
}

static void
add_weighed_pairs (gsize part, gpointer data)
{
  const Work *work = data;
  gboolean real = qrx_pauli_is_real (work->string->x, work->string->z);
  Shuffle shuffle = shuffle_of (lane_mask (work->evaluation, work->string->x));

  for (gsize k = part * work->part_size; k < (part + 1) * work->part_size; k++)
    add_partner (work, real, work->field[k], partner_of (work, shuffle, k), k);
}

static void
multiply_by_weights (gsize part, gpointer data)
{
  const Work *work = data;

  for (gsize k = part * work->part_size; k < (part + 1) * work->part_size; k++)
    put (&work->bra[k], (Cell){ work->field[k] * work->ket[k].re, work->field[k] * work->ket[k].im });
}

void
KERNEL (weigh_cells) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint group)
{
  const QrxReadoutGroup *weighed = &g_array_index (evaluation->program->groups, QrxReadoutGroup, group);

  if (weighed->n_trees == 0)
    memset (block->field, 0, block->n_blocks * count_cells (evaluation) * sizeof (Vector));
  else if (evaluation->lane_bits > 0)
    KERNEL (weigh_lanes) (evaluation, block, weighed);
  else
    KERNEL (weigh_rows) (evaluation, block, weighed);
}

/* Of one string, block by block, as each has a coefficient of its own. */
static void
add_string_to_all (Work *work, const QrxBlockMemory *block, guint string)
{
  gsize n_cells = count_cells (work->evaluation);

  for (gsize b = 0; b < block->n_blocks; b++)
    {
      Work one = *work;

      one.ket += b * n_cells;
      one.bra += b * n_cells;
      one.n_blocks = 1;
      one.coefficient = ((const Vector *) block[b].strings)[string];
      run_parts (&one, add_string);
    }
}

/* The strings' vectors hold the coefficients. An identity moves no gradient. */
void
KERNEL (make_bra) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const Cell *kets)
{
  QrxProgram *program = evaluation->program;
  Work work = { .evaluation = evaluation, .ket = kets, .bra = block->bra, .field = block->field,
                .n_blocks = block->n_blocks };

  KERNEL (weigh_cells) (evaluation, block, 0);
  run_parts (&work, multiply_by_weights);
  for (guint g = 1; g < program->groups->len; g++)
    {
      const QrxReadoutGroup *group = &g_array_index (program->groups, QrxReadoutGroup, g);

      work.string = &g_array_index (program->strings, QrxString, group->string);
      if (group->n_trees > 0)
        {
          KERNEL (weigh_cells) (evaluation, block, g);
          run_parts (&work, add_weighed_pairs);
        }
      else
        add_string_to_all (&work, block, group->string);
    }
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Passes over the whole state that rotate it. A sweep takes one coset of cells after the other: half of its rotations
 * on the way into a small buffer, the other half on the way out, up to three of them on cells in registers. With
 * amplitudes in the lanes, cells change their lanes on the way in, so that rotations meet their partners lane by lane. */
#include <string.h>

#include "quantum/kernel/group.h"

/* The n rotations from first on, on a coset of a sweep of n_all. */
INLINE void
rotate_half (guint n, guint n_all, guint first, Variant variant, const Pass *pass, const Side *in, gsize k_in,
             gboolean table_in, const Side *out, gsize k_out, gboolean table_out)
{
  for (guint other = 0; other < 1u << (n_all - n); other++)
    {
      guint from = first == 0 ? other << n : other, stride = 1u << first;
      Cell cells[GROUP_MAX_CELLS];

      load_group (n, pass, in, k_in, from, stride, table_in, cells);
      rotate_group (n, variant, pass, first, from, stride, cells);
      store_group (n, pass, out, k_out, from, stride, table_out, cells);
    }
}

/* Takes derivatives, and keeps bra and ket in order for what follows. */
INLINE void
differentiate_half (guint n, guint n_all, guint first, Variant variant, Pass *pass, const Side *bra, const Side *ket,
                    gsize k, const Side *bra_out, const Side *ket_out)
{
  for (guint other = 0; other < 1u << (n_all - n); other++)
    {
      guint from = first == 0 ? other << n : other, stride = 1u << first;
      Cell cells[GROUP_MAX_CELLS];
      const Cell *kets[GROUP_MAX_CELLS];

#pragma GCC unroll 8
      for (guint i = 0; i < 1u << n; i++)
        {
          Cell cell = *cell_of (ket, k, from + i * stride);

          kets[i] = &ket_out->cells[from + i * stride];
          ket_out->cells[from + i * stride] = ket->crosses ? change_lanes (pass, from + i * stride, cell) : cell;
        }
      load_group (n, pass, bra, k, from, stride, FALSE, cells);
      store_group (n, pass, bra_out, 0, from, stride, FALSE, cells);
      differentiate_group (n, variant, pass, first, from, stride, cells, kets);
    }
}

/* Takes derivatives and undoes the rotations. */
INLINE void
undo_half (guint n, guint n_all, guint first, Variant variant, Pass *pass, const Side *in, const Side *ket, gsize k_in,
           const Side *out, gsize k_out, gboolean table_out)
{
  for (guint other = 0; other < 1u << (n_all - n); other++)
    {
      guint from = first == 0 ? other << n : other, stride = 1u << first;
      Cell cells[GROUP_MAX_CELLS], changed[GROUP_MAX_CELLS];
      const Cell *kets[GROUP_MAX_CELLS];

#pragma GCC unroll 8
      for (guint i = 0; i < 1u << n; i++)
        {
          kets[i] = cell_of (ket, k_in, from + i * stride);
          if (ket->crosses)
            {
              changed[i] = change_lanes (pass, from + i * stride, *kets[i]);
              kets[i] = &changed[i];
            }
        }
      load_group (n, pass, in, k_in, from, stride, FALSE, cells);
      differentiate_group (n, variant, pass, first, from, stride, cells, kets);
      rotate_group (n, variant, pass, first, from, stride, cells);
      store_group (n, pass, out, k_out, from, stride, table_out, cells);
    }
}

/* Signs of the coset that begins k bytes into the state. */
INLINE void
begin_coset (guint n, Pass *pass, gsize k)
{
#pragma GCC unroll 6
  for (guint r = 0; r < n; r++)
    pass->signs[r] = qrx_parity ((guint32) (k / sizeof (Cell) << pass->evaluation->lane_bits) & pass->sweep->z[r]);
}

/* Runs for each coset's beginning, in bytes. */
#define FOR_COSETS(pass, n, k) \
  for (gsize k = 0, \
             pivots_ = ((gsize) (pass)->sweep->pivots >> (pass)->evaluation->lane_bits) * sizeof (Cell) + \
                       (sizeof (Cell) - 1), \
             left_ = count_cells ((pass)->evaluation) >> (n); \
       left_ > 0; left_--, k = ((k | pivots_) + 1) & ~pivots_)

INLINE void
rotate_state (guint n, Variant variant, gboolean crosses, Pass *pass, Cell *buffer, Cell *to, const Cell *from)
{
  guint n_first = n <= GROUP_MAX ? n : (n + 1) / 2;
  gboolean with_table = pass->table != NULL;
  const Side in = { (Cell *) from, pass->hops, crosses }, out = { to, pass->hops, crosses };
  const Side middle = { buffer, NULL, FALSE };

  FOR_COSETS (pass, n, k)
    {
      begin_coset (n, pass, k);
      rotate_half (n_first, n, 0, variant, pass, &in, k, with_table, n > n_first ? &middle : &out, n > n_first ? 0 : k,
                   FALSE);
      if (n > n_first)
        rotate_half (n - n_first, n, n_first, variant, pass, &middle, 0, FALSE, &out, k, FALSE);
    }
}

INLINE void
differentiate_state (guint n, Variant variant, gboolean crosses, Pass *pass, Cell *buffers, Cell *bra_cells,
                     const Cell *ket_cells)
{
  guint n_first = n <= GROUP_MAX ? n : (n + 1) / 2;
  gboolean with_table = pass->table != NULL;
  const Side bra = { bra_cells, pass->hops, crosses }, ket = { (Cell *) ket_cells, pass->hops, crosses };
  const Side middle_bra = { buffers, NULL, FALSE }, middle_ket = { buffers + QRX_SWEEP_MAX_CELLS, NULL, FALSE };

  FOR_COSETS (pass, n, k)
    {
      begin_coset (n, pass, k);
      if (n == n_first)
        undo_half (n, n, 0, variant, pass, &bra, &ket, k, &bra, k, with_table);
      else
        {
          differentiate_half (n - n_first, n, n_first, variant, pass, &bra, &ket, k, &middle_bra, &middle_ket);
          undo_half (n_first, n, 0, variant, pass, &middle_bra, &middle_ket, 0, &middle_bra, 0, FALSE);
          rotate_half (n - n_first, n, n_first, variant, pass, &middle_bra, 0, FALSE, &bra, k, with_table);
        }
    }
}

/* An instance of both for each number of rotations, each variant, and whether cells change lanes. */
#define DEFINE(n, variant, crosses) \
  static void rotate_##n##_##variant##_##crosses (Pass *pass, Cell *buffer, Cell *to, const Cell *from) \
  { \
    rotate_state (n, variant, crosses, pass, buffer, to, from); \
  } \
  static void differentiate_##n##_##variant##_##crosses (Pass *pass, Cell *buffers, Cell *bra, const Cell *ket) \
  { \
    differentiate_state (n, variant, crosses, pass, buffers, bra, ket); \
  }
#define DEFINE_VARIANTS(n) \
  DEFINE (n, ALL_REAL, 0) \
  DEFINE (n, ALL_REAL, 1) \
  DEFINE (n, ALL_IMAGINARY, 0) \
  DEFINE (n, ALL_IMAGINARY, 1) \
  DEFINE (n, MIXED, 0) \
  DEFINE (n, MIXED, 1)

DEFINE_VARIANTS (1)
DEFINE_VARIANTS (2)
DEFINE_VARIANTS (3)
DEFINE_VARIANTS (4)
DEFINE_VARIANTS (5)
DEFINE_VARIANTS (6)

#define NAMES(what, n) \
  { \
    { what##_##n##_ALL_REAL_0, what##_##n##_ALL_REAL_1 }, { what##_##n##_ALL_IMAGINARY_0, what##_##n##_ALL_IMAGINARY_1 }, \
      { what##_##n##_MIXED_0, what##_##n##_MIXED_1 }, \
  }
#define ALL_NAMES(what) \
  { \
    NAMES (what, 1), NAMES (what, 2), NAMES (what, 3), NAMES (what, 4), NAMES (what, 5), NAMES (what, 6) \
  }

typedef void (*Function) (Pass *pass, Cell *buffers, Cell *to, const Cell *from);
static const Function rotations_of[QRX_SWEEP_MAX][N_VARIANTS][2] = ALL_NAMES (rotate);
static const Function derivatives_of[QRX_SWEEP_MAX][N_VARIANTS][2] = ALL_NAMES (differentiate);

static Function
choose (const Function functions[QRX_SWEEP_MAX][N_VARIANTS][2], const Pass *pass)
{
  const QrxSweep *sweep = pass->sweep;
  Variant variant = pass->kinds[0] == REAL ? ALL_REAL : ALL_IMAGINARY;

  for (guint r = 0; r < sweep->n; r++)
    if (!sweep->uniform || pass->kinds[r] != (variant == ALL_REAL ? REAL : IMAGINARY))
      variant = MIXED;
  return functions[sweep->n - 1][variant][sweep->crosses_lanes && pass->evaluation->lane_bits > 0 ? 1 : 0];
}

static void
pass_init (Pass *pass, const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer,
           gboolean adjoint)
{
  const QrxSweep *sweep = &g_array_index (evaluation->program->sweeps, QrxSweep, layer->sweep);
  const QrxRotation *rotations = &g_array_index (evaluation->program->rotations, QrxRotation, sweep->first);
  Places place = places_of (0);

  pass->evaluation = evaluation;
  pass->sweep = sweep;
  pass->negative = adjoint ? 1 : 0;
  pass->table = NULL;
  pass->ket = NULL;
  pass->field = block->field;
  for (guint c = 0; c < 1u << sweep->n; c++)
    {
      pass->hops[c] = ((gsize) sweep->offsets[c] >> evaluation->lane_bits) * sizeof (Cell);
      pass->lanes[c] = lane_mask (evaluation, sweep->offsets[c]);
    }
  for (gsize i = 0; i < LANES; i++)
    pass->places[i] = place ^ (Place) i;
  for (guint r = 0; r < sweep->n; r++)
    {
      pass->factors[r] = factors_of (evaluation, block, &rotations[r]) + 1;
      pass->kinds[r] = (qrx_pauli_is_real (rotations[r].x, rotations[r].z) ? REAL : IMAGINARY) +
                       (rotations[r].form == QRX_FORM_UNITARY ? UNITARY_IMAGINARY : IMAGINARY);
      pass->sums[r] = splat (0);
    }
}

static gboolean
has_diagonal (const QrxLayer *layer)
{
  return layer->n_shared_diagonals + layer->n_row_diagonals > 0;
}

/* Whether the layer's diagonal can go along with its sweep: all of it is in a table. */
static gboolean
takes_diagonal (const QrxProgram *program, const QrxLayer *layer)
{
  return layer->n_rotations > 0 && layer->n_shared_diagonals > 0 && layer->n_row_diagonals == 0 &&
         !g_array_index (program->sweeps, QrxSweep, layer->sweep).within_lanes;
}

static void
run_sweep (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer, gboolean adjoint,
           gconstpointer table, Cell *to, const Cell *from)
{
  const QrxSweep *sweep = &g_array_index (evaluation->program->sweeps, QrxSweep, layer->sweep);
  Pass pass;

  if (sweep->within_lanes)
    {
      KERNEL (rotate_within) (evaluation, block, sweep, adjoint, to, from);
      return;
    }
  pass_init (&pass, evaluation, block, layer, adjoint);
  pass.table = table;
  choose (rotations_of, &pass) (&pass, block->coset, to, from);
}

void
KERNEL (apply_layer) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer, Cell *to,
                      const Cell *from)
{
  gboolean along = takes_diagonal (evaluation->program, layer);

  if (has_diagonal (layer) && !along)
    {
      KERNEL (apply_diagonal) (evaluation, block, layer, FALSE, to, from, NULL);
      from = to;
    }
  if (layer->n_rotations > 0)
    run_sweep (evaluation, block, layer, FALSE, along ? table_of (evaluation, layer) : NULL, to, from);
}

void
KERNEL (unapply_layer) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer,
                        Cell *state)
{
  if (layer->n_rotations > 0)
    run_sweep (evaluation, block, layer, TRUE, NULL, state, state);
  if (has_diagonal (layer))
    KERNEL (apply_diagonal) (evaluation, block, layer, TRUE, state, state, NULL);
}

void
KERNEL (differentiate_layer) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer,
                              Cell *bra, Cell *after, const Cell *before)
{
  gboolean along = takes_diagonal (evaluation->program, layer) && after != before;
  const QrxSweep *sweep = &g_array_index (evaluation->program->sweeps, QrxSweep, layer->sweep);
  Pass pass;

  if (layer->n_rotations > 0 && sweep->within_lanes)
    {
      KERNEL (differentiate_within) (evaluation, block, sweep, bra, after);
      KERNEL (rotate_within) (evaluation, block, sweep, TRUE, bra, bra);
    }
  else if (layer->n_rotations > 0)
    {
      pass_init (&pass, evaluation, block, layer, TRUE);
      pass.table = along ? table_of (evaluation, layer) : NULL;
      pass.ket = before;
      choose (derivatives_of, &pass) (&pass, block->coset, bra, after);
      memcpy ((Vector *) block->gradients + sweep->first, pass.sums, sweep->n * sizeof (Vector));
    }
  if (after == before)
    KERNEL (unapply_layer) (evaluation, block, layer, after);
  if (has_diagonal (layer) && !along)
    KERNEL (apply_diagonal) (evaluation, block, layer, TRUE, bra, bra, before);
}

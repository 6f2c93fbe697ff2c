/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Passes over the whole state that rotate it: up to three rotations at a time, their cells held in registers, a
 * diagonal taken along where it stands at an end. Cells are read at k ^ x: with the batch in the lanes, no order of
 * the amplitudes is better than another. */
#include "quantum/kernel/template.h"

/* What is done beside the rotations. */
typedef enum {
  ALONE,
  DIAGONAL_FIRST, /* multiply by the table on the way in */
  DIAGONAL_LAST,  /* multiply by its conjugate on the way out, and write the field */
} Beside;

typedef struct {
  const Vector *factors[QRX_SWEEP_MAX]; /* positive, negative */
  guint negative;                       /* 1 for the adjoint */
  gsize size;
  const Cell *from;
  Cell *to;
  const Real *table;
  const Cell *ket;
  Vector *field;
} Pass;

/* The first index of the next group. */
INLINE gsize
next_of (const QrxSweep *sweep, gsize k)
{
  return ((k | sweep->pivots) + 1) & ~sweep->pivots;
}

/* (1 - i t P) on cells at k and k ^ x, t carrying the sign s(k). */
INLINE void
turn (gboolean real, Vector t, Cell *a, Cell *b)
{
  Cell u = *a, v = *b;

  if (real)
    {
      *a = (Cell){ u.re - t * v.re, u.im - t * v.im };
      *b = (Cell){ v.re + t * u.re, v.im + t * u.im };
    }
  else
    {
      *a = (Cell){ u.re + t * v.im, u.im - t * v.re };
      *b = (Cell){ v.re + t * u.im, v.im - t * u.re };
    }
}

INLINE Cell
phase_at (const Real *table, gsize k)
{
  return (Cell){ splat (table[2 * k]), splat (table[2 * k + 1]) };
}

INLINE void
rotate_group (guint n, guint n_real, gboolean uniform, Beside beside, const QrxSweep *sweep, const Pass *pass)
{
  const gsize size = pass->size, pivots = sweep->pivots;
  const Cell *from = pass->from;
  Cell *to = pass->to;

  for (gsize i = 0, k = 0; i < size >> n; i++, k = ((k | pivots) + 1) & ~pivots)
    {
      Cell cells[QRX_SWEEP_MAX_CELLS];

#pragma GCC unroll 8
      for (guint c = 0; c < 1u << n; c++)
        {
          gsize at = k ^ sweep->offsets[c];

          cells[c] = from[at];
          if (beside == DIAGONAL_FIRST)
            cells[c] = multiply (cells[c], phase_at (pass->table, at));
        }
#pragma GCC unroll 3
      for (guint r = 0; r < n; r++)
        {
          guint negative = qrx_parity ((guint32) k & sweep->z[r]) ^ pass->negative;
          guint signs = sweep->signs[r] ^ -negative;
          Vector t = pass->factors[r][negative];

#pragma GCC unroll 8
          for (guint c = 0; c < 1u << n; c++)
            if ((c >> r & 1) == 0)
              turn (r < n_real, uniform ? t : pass->factors[r][signs >> c & 1], &cells[c], &cells[c | 1u << r]);
        }
#pragma GCC unroll 8
      for (guint c = 0; c < 1u << n; c++)
        {
          gsize at = k ^ sweep->offsets[c];

          if (beside == DIAGONAL_LAST)
            {
              cells[c] = multiply_conjugate (cells[c], phase_at (pass->table, at));
              pass->field[at] = cells[c].re * pass->ket[at].im - cells[c].im * pass->ket[at].re;
            }
          to[at] = cells[c];
        }
    }
}

/* A rotation by cosine and sine, alone in its sweep. */
INLINE void
rotate_unitary (gboolean real, const QrxSweep *sweep, const Pass *pass)
{
  Vector c = pass->factors[0][-1];

  for (gsize i = 0, k = 0; i < pass->size / 2; i++, k = next_of (sweep, k))
    {
      gsize at = k ^ sweep->offsets[1];
      Vector s = pass->factors[0][qrx_parity ((guint32) k & sweep->z[0]) ^ pass->negative];
      Cell u = pass->from[k], v = pass->from[at];

      if (real)
        {
          pass->to[k] = (Cell){ c * u.re - s * v.re, c * u.im - s * v.im };
          pass->to[at] = (Cell){ c * v.re + s * u.re, c * v.im + s * u.im };
        }
      else
        {
          pass->to[k] = (Cell){ c * u.re + s * v.im, c * u.im - s * v.re };
          pass->to[at] = (Cell){ c * v.re + s * u.im, c * v.im - s * u.re };
        }
    }
}

/* Calls an inlined function, so that there is one instance for each number of rotations, of real ones among them, and
 * for uniform signs; what is rare or small takes the general instance. */
#define DISPATCH(sweep, function, ...) \
  switch ((sweep)->n << 3 | (sweep)->n_real << 1 | ((sweep)->uniform ? 1 : 0)) \
    { \
    case 1 << 3 | 0 << 1 | 1: \
      function (1, 0, TRUE, __VA_ARGS__); \
      break; \
    case 1 << 3 | 1 << 1 | 1: \
      function (1, 1, TRUE, __VA_ARGS__); \
      break; \
    case 2 << 3 | 0 << 1 | 1: \
      function (2, 0, TRUE, __VA_ARGS__); \
      break; \
    case 2 << 3 | 0 << 1 | 0: \
      function (2, 0, FALSE, __VA_ARGS__); \
      break; \
    case 2 << 3 | 1 << 1 | 1: \
    case 2 << 3 | 1 << 1 | 0: \
      function (2, 1, FALSE, __VA_ARGS__); \
      break; \
    case 2 << 3 | 2 << 1 | 1: \
      function (2, 2, TRUE, __VA_ARGS__); \
      break; \
    case 2 << 3 | 2 << 1 | 0: \
      function (2, 2, FALSE, __VA_ARGS__); \
      break; \
    case 3 << 3 | 0 << 1 | 1: \
      function (3, 0, TRUE, __VA_ARGS__); \
      break; \
    case 3 << 3 | 0 << 1 | 0: \
      function (3, 0, FALSE, __VA_ARGS__); \
      break; \
    case 3 << 3 | 1 << 1 | 1: \
    case 3 << 3 | 1 << 1 | 0: \
      function (3, 1, FALSE, __VA_ARGS__); \
      break; \
    case 3 << 3 | 2 << 1 | 1: \
    case 3 << 3 | 2 << 1 | 0: \
      function (3, 2, FALSE, __VA_ARGS__); \
      break; \
    case 3 << 3 | 3 << 1 | 1: \
      function (3, 3, TRUE, __VA_ARGS__); \
      break; \
    default: \
      function (3, 3, FALSE, __VA_ARGS__); \
      break; \
    }

static void
run_sweep (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint index, Beside beside, Pass *pass)
{
  const QrxProgram *program = evaluation->program;
  const QrxSweep *sweep = &g_array_index (program->sweeps, QrxSweep, index);
  const QrxRotation *rotations = &g_array_index (program->rotations, QrxRotation, 0);

  for (guint r = 0; r < sweep->n; r++)
    pass->factors[r] = factors_of (evaluation, block, &rotations[sweep->rotations[r]]) + 1;
  if (rotations[sweep->rotations[0]].form == QRX_FORM_UNITARY)
    {
      if (sweep->n_real > 0)
        rotate_unitary (TRUE, sweep, pass);
      else
        rotate_unitary (FALSE, sweep, pass);
    }
  else if (beside == ALONE)
    DISPATCH (sweep, rotate_group, ALONE, sweep, pass)
  else if (beside == DIAGONAL_FIRST)
    DISPATCH (sweep, rotate_group, DIAGONAL_FIRST, sweep, pass)
  else
    DISPATCH (sweep, rotate_group, DIAGONAL_LAST, sweep, pass)
}

/* Whether the layer's diagonal can go along with one of its sweeps: all of it is in a table, and the sweep has room. */
static gboolean
takes_diagonal (const QrxProgram *program, const QrxLayer *layer, guint sweep)
{
  const QrxSweep *at = &g_array_index (program->sweeps, QrxSweep, sweep);

  return layer->n_shared_diagonals > 0 && layer->n_row_diagonals == 0 &&
         g_array_index (program->rotations, QrxRotation, at->rotations[0]).form == QRX_FORM_TANGENT;
}

static const Real *
table_of (const QrxEvaluation *evaluation, const QrxLayer *layer)
{
  return (const Real *) evaluation->tables + (((gsize) 2 * layer->table) << evaluation->program->n_qubits);
}

void
KERNEL (apply_layer) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer, Cell *to,
                      const Cell *from)
{
  QrxProgram *program = evaluation->program;
  Pass pass = { { NULL }, 0, (gsize) 1 << program->n_qubits, from, to, NULL, NULL, NULL };
  guint first = layer->first_sweep, end = first + layer->n_sweeps;

  if (layer->n_shared_diagonals + layer->n_row_diagonals > 0)
    {
      if (first < end && takes_diagonal (program, layer, first))
        {
          pass.table = table_of (evaluation, layer);
          run_sweep (evaluation, block, first++, DIAGONAL_FIRST, &pass);
        }
      else
        KERNEL (apply_diagonal) (evaluation, block, layer, FALSE, to, from, NULL);
      pass.from = to;
    }
  for (; first < end; first++, pass.from = to)
    run_sweep (evaluation, block, first, ALONE, &pass);
}

/* In place. With a ket, the state after the layer before, the field receives Im(conj(state) ket) of each cell. */
void
KERNEL (unapply_layer) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer,
                        Cell *state, const Cell *ket)
{
  QrxProgram *program = evaluation->program;
  Pass pass = { { NULL }, 1, (gsize) 1 << program->n_qubits, state, state, NULL, ket, block->field };
  guint first = layer->first_sweep, end = first + layer->n_sweeps;
  gboolean along = ket != NULL && first < end && takes_diagonal (program, layer, end - 1);

  for (; first < end - (along ? 1 : 0); first++)
    run_sweep (evaluation, block, first, ALONE, &pass);
  if (along)
    {
      pass.table = table_of (evaluation, layer);
      run_sweep (evaluation, block, first, DIAGONAL_LAST, &pass);
    }
  else if (layer->n_shared_diagonals + layer->n_row_diagonals > 0)
    KERNEL (apply_diagonal) (evaluation, block, layer, TRUE, state, state, ket);
}

static const Real one_or_minus_one[2] = { 1, -1 };

/* The pair's part of Im <bra| P |ket>, without the sign s(k). */
INLINE Vector
overlap (gboolean real, const Cell *bra_a, const Cell *bra_b, const Cell *ket_a, const Cell *ket_b)
{
  if (real)
    return bra_b->re * ket_a->re + bra_b->im * ket_a->im - bra_a->re * ket_b->re - bra_a->im * ket_b->im;
  return bra_a->re * ket_b->im - bra_a->im * ket_b->re + bra_b->re * ket_a->im - bra_b->im * ket_a->re;
}

INLINE void
differentiate_group (guint n, guint n_real, gboolean uniform, const QrxSweep *sweep, gsize size, const Cell *bra,
                     const Cell *ket, Vector *derivatives)
{
  const gsize pivots = sweep->pivots;
  Vector sums[QRX_SWEEP_MAX] = { splat (0), splat (0), splat (0) };

  for (gsize i = 0, k = 0; i < size >> n; i++, k = ((k | pivots) + 1) & ~pivots)
    {
#pragma GCC unroll 3
      for (guint r = 0; r < n; r++)
        {
          guint negative = qrx_parity ((guint32) k & sweep->z[r]);
          guint signs = sweep->signs[r] ^ -negative;
          Vector parts[2] = { splat (0), splat (0) };

#pragma GCC unroll 8
          for (guint c = 0; c < 1u << n; c++)
            if ((c >> r & 1) == 0)
              {
                gsize a = k ^ sweep->offsets[c], b = k ^ sweep->offsets[c | 1u << r];
                Vector part = overlap (r < n_real, &bra[a], &bra[b], &ket[a], &ket[b]);

                parts[c >> (r == 0 ? 1 : 0) & 1] += uniform ? part : one_or_minus_one[signs >> c & 1] * part;
              }
          sums[r] += uniform ? one_or_minus_one[negative] * (parts[0] + parts[1]) : parts[0] + parts[1];
        }
    }
#pragma GCC unroll 3
  for (guint r = 0; r < n; r++)
    derivatives[r] = sums[r];
}

void
KERNEL (differentiate) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxSweep *sweep,
                        const Cell *bra, const Cell *ket)
{
  gsize size = (gsize) 1 << evaluation->program->n_qubits;
  Vector derivatives[QRX_SWEEP_MAX];

  DISPATCH (sweep, differentiate_group, sweep, size, bra, ket, derivatives)
  for (guint r = 0; r < sweep->n; r++)
    ((Vector *) block->gradients)[sweep->rotations[r]] = derivatives[r];
}

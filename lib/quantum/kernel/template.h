/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The types and names of one compilation of the kernels: QRX_KERNEL_LEVEL, _BITS (of a real), _BYTES (of a vector) and
 * _INLINE (an attribute). Plain GCC vector extensions: the compiler's flags make the level. */
#pragma once

#include "quantum/qrx-kernel-private.h"

#define QRX_KERNEL_JOIN_(a, b, c) qrx_kernel_##a##_##b##_##c
#define QRX_KERNEL_JOIN(a, b, c) QRX_KERNEL_JOIN_ (a, b, c)
#define KERNEL(name) QRX_KERNEL_JOIN (name, QRX_KERNEL_LEVEL, QRX_KERNEL_BITS)

#if QRX_KERNEL_BITS == 64
typedef double Real;
typedef gint64 Place;
#else
typedef float Real;
typedef gint32 Place;
#endif
typedef Real Vector __attribute__ ((vector_size (QRX_KERNEL_BYTES)));
typedef Place Places __attribute__ ((vector_size (QRX_KERNEL_BYTES)));
typedef double Doubles __attribute__ ((vector_size (QRX_KERNEL_BYTES)));
typedef gint64 Integers __attribute__ ((vector_size (QRX_KERNEL_BYTES)));

#define LANES (QRX_KERNEL_BYTES / sizeof (Real))
#define INLINE static inline __attribute__ ((QRX_KERNEL_INLINE))

typedef struct {
  Vector re;
  Vector im;
} Cell;

/* Cells are moved part by part: a structure that is copied whole goes through memory in halves of a vector, from where a
 * vector is read back late. */
INLINE Cell
get (const Cell *from)
{
  return (Cell){ from->re, from->im };
}

INLINE void
put (Cell *to, Cell cell)
{
  to->re = cell.re;
  to->im = cell.im;
}

/* x - 0 is x, a negative zero included, so the compiler need not add. */
INLINE Vector
splat (Real x)
{
  return x - (Vector){ 0 };
}

/* Which piece of a vector goes where: AVX2 knows pieces of 32 bits only, of which it would else make reals each time. */
#if QRX_KERNEL_BYTES > 16
typedef gint32 Piece;
#else
typedef Place Piece;
#endif
typedef Piece Shuffle __attribute__ ((vector_size (QRX_KERNEL_BYTES)));

#define PIECES (sizeof (Real) / sizeof (Piece)) /* in a real */

/* With the lanes' numbers changed by exclusive or. */
INLINE Vector
permute (Vector v, Shuffle shuffle)
{
  return (Vector) __builtin_shuffle ((Shuffle) v, shuffle);
}

INLINE Shuffle
shuffle_of (guint change)
{
  Shuffle shuffle;

  for (gsize i = 0; i < LANES * PIECES; i++)
    shuffle[i] = (Piece) (i ^ change * PIECES);
  return shuffle;
}

INLINE double
sum_lanes (Vector v)
{
  double sum = 0;

  for (gsize i = 0; i < LANES; i++)
    sum += (double) v[i];
  return sum;
}

/* The sum of what the lanes hold, their signs being those of a mask. */
INLINE double
sum_signed (Vector v, guint32 mask)
{
  double sum = 0;

  for (guint32 i = 0; i < LANES; i++)
    sum += qrx_parity (i & mask) ? -(double) v[i] : (double) v[i];
  return sum;
}

/* Ones and minus ones in the lanes, by their parity with a mask. */
INLINE Vector
signs_of (guint32 mask)
{
  Vector signs;

  for (guint32 i = 0; i < LANES; i++)
    signs[i] = qrx_parity (i & mask) ? -1 : 1;
  return signs;
}

#ifdef __has_builtin
#if __has_builtin(__builtin_assoc_barrier)
#define APART(product) __builtin_assoc_barrier (product)
#endif
#endif
#ifndef APART
#define APART(product) (product)
#endif

/* A product that does not become one instruction with the sum that it is in. */
INLINE Vector
multiply_apart (Vector a, Vector b)
{
  return APART (a * b);
}

/* a b + c d and a b - c d. Only a sum's first product becomes part of it: left to the compiler, that may be either in one copy
 * of the code and the other in the next, and a row's bits depend on which one runs. */
INLINE Vector
add_products (Vector a, Vector b, Vector c, Vector d)
{
  return a * b + multiply_apart (c, d);
}

INLINE Vector
subtract_products (Vector a, Vector b, Vector c, Vector d)
{
  return a * b - multiply_apart (c, d);
}

/* a b */
INLINE Cell
multiply (Cell a, Cell b)
{
  return (Cell){ subtract_products (a.re, b.re, a.im, b.im), add_products (a.re, b.im, a.im, b.re) };
}

/* a conj(b) */
INLINE Cell
multiply_conjugate (Cell a, Cell b)
{
  return (Cell){ add_products (a.re, b.re, a.im, b.im), subtract_products (a.im, b.re, a.re, b.im) };
}

/* Re conj(a) b and Im conj(a) b */
INLINE Vector
dot (Cell a, Cell b)
{
  return add_products (a.re, b.re, a.im, b.im);
}

INLINE Vector
cross (Cell a, Cell b)
{
  return subtract_products (a.re, b.im, a.im, b.re);
}

/* sum + a b */
INLINE Cell
multiply_add (Cell sum, Cell a, Cell b)
{
  sum.re += a.re * b.re;
  sum.im += a.re * b.im;
  sum.re -= a.im * b.im;
  sum.im += a.im * b.re;
  return sum;
}

/* sum + a conj(b) */
INLINE Cell
multiply_conjugate_add (Cell sum, Cell a, Cell b)
{
  sum.re += a.re * b.re;
  sum.im += a.im * b.re;
  sum.re += a.im * b.im;
  sum.im -= a.re * b.im;
  return sum;
}

/* A stage's derivatives on their way back: the bra goes before the stage, where it may not be what it is after it. */
typedef struct {
  Cell *bra;
  const Cell *bra_end;    /* or NULL: the ket, each cell times its weight in the field */
  const Cell *ket_end;
  const Cell *ket_before; /* the diagonal */
} Adjoint;

INLINE const Vector *
factors_of (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxRotation *rotation)
{
  const Vector *factors = rotation->per_row ? block->factors : evaluation->factors;

  return factors + (gsize) QRX_KERNEL_FACTORS * rotation->slot;
}

/* An index without its lane bits. */
INLINE gsize
index_of (const QrxTree *tree, gsize y)
{
  return tree->low[y & (((gsize) 1 << tree->n_low) - 1)] ^ tree->high[y >> tree->n_low];
}

/* The cells of a state: amplitudes, or as many amplitudes of each of LANES rows. */
INLINE gsize
count_cells (const QrxEvaluation *evaluation)
{
  return (gsize) 1 << (evaluation->program->n_qubits - evaluation->lane_bits);
}

/* Lane bits that are not in a vector's lanes, but the lowest of a cell's number. */
INLINE guint
count_minor_bits (const QrxEvaluation *evaluation)
{
  return evaluation->program->n_lane_bits - evaluation->lane_bits;
}

INLINE gsize
count_rows (const QrxEvaluation *evaluation, gsize first_row)
{
  return MIN (evaluation->lane_bits > 0 ? 1 : LANES, evaluation->n_rows - first_row);
}

/* The part of a mask that makes the signs of lanes. */
INLINE guint32
lane_mask (const QrxEvaluation *evaluation, guint32 z)
{
  return z & (((guint32) 1 << evaluation->lane_bits) - 1);
}

/* A pass over a single row is cut into parts, each of least or more of its n pieces, both powers of two: into how many
 * depends on nothing else, so that sums over parts, taken in their order, do not depend on threads. Rows in the lanes
 * are shared out block by block instead. */
INLINE gsize
count_parts (const QrxEvaluation *evaluation, gsize n, gsize least)
{
  return evaluation->lane_bits > 0 ? CLAMP (n / least, 1, QRX_KERNEL_MAX_PARTS) : 1;
}

INLINE Cell
phase_at (const QrxEvaluation *evaluation, gconstpointer table, gsize cell)
{
  const Real *reals = table;

  if (evaluation->lane_bits > 0)
    return get (&((const Cell *) table)[cell]);
  return (Cell){ splat (reals[2 * cell]), splat (reals[2 * cell + 1]) };
}

INLINE gconstpointer
table_of (const QrxEvaluation *evaluation, const QrxLayer *layer)
{
  return (const Real *) evaluation->tables +
         (((gsize) 2 * layer->table) << (evaluation->program->n_qubits + evaluation->team_bits));
}

/* Signed sums of values over all places, in place; size is a power of two. */
void KERNEL (hadamard) (double *values, gsize size);
void KERNEL (prepare) (QrxEvaluation *evaluation);
/* exp(-i angle) times a scale, to cells: their real parts, then their imaginary ones. */
void KERNEL (fill_phases) (const QrxEvaluation *evaluation, const double *angles, gsize n, double scale, Real *phases);
/* With amplitudes in the lanes, a layer's shared diagonal. */
void KERNEL (prepare_table) (const QrxEvaluation *evaluation, const QrxLayer *layer, double scale);
/* For a team, which the next take one by one or altogether. */
void KERNEL (prepare_rows) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row);
void KERNEL (write_expectations) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row,
                                  gpointer expectations);
void KERNEL (weigh_strings) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row,
                             gconstpointer cotangents);
void KERNEL (write_gradients) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row,
                               gpointer grad_inputs);

/* What all rows share of the chains of single qubits. */
void KERNEL (prepare_ends) (QrxEvaluation *evaluation);
void KERNEL (make_pairs) (const QrxEvaluation *evaluation, const QrxBlockMemory *block);
/* From what multiplies each qubit's amplitudes, to the gradients; those of ends go to a team's first block, summed. */
void KERNEL (differentiate_pairs) (const QrxEvaluation *evaluation, const QrxBlockMemory *block);
/* From the sums of ends, those of their rotations. */
void KERNEL (sum_ends) (const QrxEvaluation *evaluation, double *sums);
/* The product states of a team, from the first one's on, and from their bras the gradients. */
void KERNEL (product_forward) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, Cell *states);
void KERNEL (product_backward) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, Cell *bras);

/* A team's states from their stems' last ones, and the stems' bras from theirs. */
void KERNEL (stem_forward) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const Cell *ends, Cell *states);
void KERNEL (stem_backward) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const Cell *bras);

/* A half's amplitudes, from its last state, to where the seam keeps them; the state from both halves'; and halves' bras from the
 * state's. */
void KERNEL (seam_gather) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint h, const Cell *end);
void KERNEL (seam_forward) (const QrxEvaluation *evaluation, const QrxBlockMemory *block);
void KERNEL (seam_backward) (const QrxEvaluation *evaluation, const QrxBlockMemory *block);
/* The same with amplitudes in the lanes: there, the lower half's bra is among what the seam keeps and is scattered from there. */
void KERNEL (seam_gather_in_lanes) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint h, const Cell *end);
void KERNEL (seam_forward_in_lanes) (const QrxEvaluation *evaluation, const QrxBlockMemory *block);
void KERNEL (seam_backward_in_lanes) (const QrxEvaluation *evaluation, const QrxBlockMemory *block);
void KERNEL (seam_scatter_in_lanes) (const QrxEvaluation *evaluation, const QrxBlockMemory *block);

void KERNEL (apply_stage) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxStage *stage,
                           Cell *to, const Cell *from);
void KERNEL (undo_stage) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxStage *stage,
                          Cell *to, const Cell *from);
/* Derivatives by the stage's rotations go to the gradients; of its diagonal, the field receives Im(conj(bra) ket). */
void KERNEL (differentiate_stage) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxStage *stage,
                                   const Adjoint *adjoint);
/* Takes bra and ket back through a layer. If it weighs, the bra is the ket, each cell times the field's. Derivatives by
 * its rotations go to the gradients; of its diagonal, the field receives Im(conj(bra) ket). */
void KERNEL (differentiate_layer) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer,
                                   gboolean weighs, Cell *bra, Cell *ket);

/* With rows in the lanes: a layer's rotations, or their adjoints, with a table's diagonal before them; and derivatives by
 * them, the bra before them and the table's diagonal. first: it has not been before other layers of the stage yet. */
void KERNEL (rotate_rows) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layers,
                           guint n_layers, gboolean adjoint, gconstpointer table, Cell *to, const Cell *from);
void KERNEL (differentiate_rows) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layers,
                                  guint n_layers, gconstpointer table, const Adjoint *adjoint, gboolean first);

/* With amplitudes there: a layer's rotations, or their adjoints; a table's diagonal goes before them. to and from may be the same
 * state. */
void KERNEL (rotate_sweep) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer,
                            gboolean adjoint, gconstpointer table, Cell *to, const Cell *from);
/* Derivatives by a layer's rotations, and bra and ket back before them and a table's diagonal. */
void KERNEL (differentiate_sweep) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer,
                                   gconstpointer table, gboolean weighs, Cell *bra, Cell *ket);
/* With a ket, the field receives Im(conj(to) ket). */
void KERNEL (apply_diagonal) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer,
                              gboolean adjoint, Cell *to, const Cell *from, const Cell *ket);
void KERNEL (rotate_within) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxSweep *sweep,
                             gboolean adjoint, Cell *to, const Cell *from);
void KERNEL (differentiate_within) (const QrxEvaluation *evaluation, const QrxBlockMemory *block,
                                    const QrxSweep *sweep, const Cell *bra, const Cell *ket);

/* Signed sums of the field, one for each member of the tree, to out[member], for each block of a team or with amplitudes in
 * the lanes. */
void KERNEL (fold_rows) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxTree *tree,
                         Vector *const *outs);
/* Of the squares of kets' cells, a team's or a block's, instead of the field. */
void KERNEL (fold_squares) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const Cell *kets,
                            const QrxTree *tree, Vector *const *outs);
void KERNEL (fold_lanes) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxTree *tree, Vector *out);

INLINE void
fold (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxTree *tree, Vector *const *outs)
{
  if (evaluation->lane_bits > 0)
    KERNEL (fold_lanes) (evaluation, block, tree, outs[0]);
  else
    KERNEL (fold_rows) (evaluation, block, tree, outs);
}

/* What a group's strings multiply each cell's pair by to make the bra, to the field; of a group that has trees. */
void KERNEL (weigh_rows) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxReadoutGroup *group);
void KERNEL (weigh_lanes) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxReadoutGroup *group);
/* The field of a layer whose diagonal all rows share, summed over the block's rows, to the block's fields. */
void KERNEL (collect) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer);
/* Adds blocks in their order, and writes to sums the overlaps of diagonals that all rows share. */
void KERNEL (sum_fields) (const QrxEvaluation *evaluation, const QrxBlockMemory *blocks, gsize n_blocks, double *sums);
/* Strings' expectations, from a team's states, one after the other. */
void KERNEL (read_strings) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const Cell *kets);
/* From strings' coefficients, what the diagonal ones multiply each cell by to make the bra, to the field; and the bra. */
void KERNEL (weigh_cells) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint group);
void KERNEL (make_bra) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const Cell *kets);

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The types and names of one compilation of the kernels, from QRX_KERNEL_LEVEL, QRX_KERNEL_BITS (of a real) and
 * QRX_KERNEL_BYTES (of a vector). Plain GCC vector extensions: the compiler's flags make the level. */
#pragma once

#include "quantum/qrx-kernel-private.h"

#define QRX_KERNEL_JOIN_(a, b, c) qrx_kernel_##a##_##b##_##c
#define QRX_KERNEL_JOIN(a, b, c) QRX_KERNEL_JOIN_ (a, b, c)
#define KERNEL(name) QRX_KERNEL_JOIN (name, QRX_KERNEL_LEVEL, QRX_KERNEL_BITS)

#if QRX_KERNEL_BITS == 64
typedef double Real;
#else
typedef float Real;
#endif
typedef Real Vector __attribute__ ((vector_size (QRX_KERNEL_BYTES)));
typedef double Doubles __attribute__ ((vector_size (QRX_KERNEL_BYTES)));
typedef gint64 Integers __attribute__ ((vector_size (QRX_KERNEL_BYTES)));

#define LANES (QRX_KERNEL_BYTES / sizeof (Real))
#define INLINE static inline __attribute__ ((always_inline))

typedef struct {
  Vector re;
  Vector im;
} Cell;

/* x - 0 is x, a negative zero included, so the compiler need not add. */
INLINE Vector
splat (Real x)
{
  return x - (Vector){ 0 };
}

INLINE double
sum_lanes (Vector v)
{
  double sum = 0;

  for (gsize i = 0; i < LANES; i++)
    sum += (double) v[i];
  return sum;
}

/* a b */
INLINE Cell
multiply (Cell a, Cell b)
{
  return (Cell){ a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re };
}

/* a conj(b) */
INLINE Cell
multiply_conjugate (Cell a, Cell b)
{
  return (Cell){ a.re * b.re + a.im * b.im, a.im * b.re - a.re * b.im };
}

INLINE const Vector *
factors_of (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxRotation *rotation)
{
  const Vector *factors = rotation->per_row ? block->factors : evaluation->factors;

  return factors + (gsize) QRX_KERNEL_FACTORS * rotation->slot;
}

INLINE gsize
index_of (const QrxTree *tree, gsize y)
{
  return tree->low[y & (((gsize) 1 << tree->n_low) - 1)] ^ tree->high[y >> tree->n_low];
}

void KERNEL (sincos) (const double *angles, double *sines, double *cosines, gsize n);
void KERNEL (prepare) (QrxEvaluation *evaluation);
void KERNEL (prepare_rows) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row);

void KERNEL (product_forward) (const QrxEvaluation *evaluation, const QrxBlockMemory *block);
void KERNEL (product_backward) (const QrxEvaluation *evaluation, const QrxBlockMemory *block);

/* to and from may be the same state. */
void KERNEL (apply_layer) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer, Cell *to,
                           const Cell *from);
/* With a ket, the state after the layer before, the field receives Im(conj(state) ket) if there is a diagonal. */
void KERNEL (unapply_layer) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer,
                             Cell *state, const Cell *ket);
void KERNEL (differentiate) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxSweep *sweep,
                             const Cell *bra, const Cell *ket);
/* With a ket, the field receives Im(conj(to) ket). */
void KERNEL (apply_diagonal) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer,
                              gboolean adjoint, Cell *to, const Cell *from, const Cell *ket);

/* Signed sums of the field, one for each member of the tree, to out[member]. */
void KERNEL (fold) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxTree *tree, Vector *out);
void KERNEL (read_strings) (const QrxEvaluation *evaluation, const QrxBlockMemory *block);
void KERNEL (make_bra) (const QrxEvaluation *evaluation, const QrxBlockMemory *block);

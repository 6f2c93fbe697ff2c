/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Passes over the whole state: rotations, one or two at a time, diagonals, and their derivatives. Cells are read at
 * k ^ x: with the batch in the lanes, no order of the amplitudes is better than another. */
#include "quantum/kernel/template.h"

/* The next index that has zeros at both pivots. */
#define NEXT(k, pivots) ((((k) | (pivots)) + 1) & ~(gsize) (pivots))

/* (1 - i t s P) on cells at k and k ^ x, t carrying the sign s(k). */
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

/* The pair's part of Im <bra| P |ket>, without the sign s(k). */
INLINE Vector
overlap (gboolean real, const Cell *bra_a, const Cell *bra_b, const Cell *ket_a, const Cell *ket_b)
{
  if (real)
    return bra_b->re * ket_a->re + bra_b->im * ket_a->im - bra_a->re * ket_b->re - bra_a->im * ket_b->im;
  return bra_a->re * ket_b->im - bra_a->im * ket_b->re + bra_b->re * ket_a->im - bra_b->im * ket_a->re;
}

/* The highest bit. */
static guint32
pivot_of (guint32 x)
{
  return (guint32) 1 << (31 - __builtin_clz (x));
}

/* Two commuting rotations with different x: four cells, a square whose sides are the rotations' pairs. */
typedef struct {
  gsize x1, x2;
  guint32 z1, z2;
  guint cross; /* the sign that x2 makes for z1, and x1 for z2: the same, as they commute */
  gsize pivots;
} Square;

static Square
square_of (const QrxRotation *first, const QrxRotation *second)
{
  guint32 pivot = pivot_of (first->x);
  guint32 reduced = (second->x & pivot) != 0 ? second->x ^ first->x : second->x;

  return (Square){ first->x, second->x, first->z, second->z, qrx_parity (second->x & first->z),
                   pivot | pivot_of (reduced) };
}

INLINE void
rotate_two (gboolean real1, gboolean real2, Square square, const Vector *t1, const Vector *t2, guint negative,
            gsize size, Cell *to, const Cell *from)
{
  guint cross1 = square.cross, cross2 = qrx_parity ((guint32) square.x1 & square.z2);

  for (gsize i = 0, k = 0; i < size / 4; i++, k = NEXT (k, square.pivots))
    {
      gsize k1 = k ^ square.x1, k2 = k ^ square.x2, k3 = k1 ^ square.x2;
      guint s1 = qrx_parity ((guint32) k & square.z1) ^ negative, s2 = qrx_parity ((guint32) k & square.z2) ^ negative;
      Cell a = from[k], b = from[k1], c = from[k2], d = from[k3];

      turn (real1, t1[s1], &a, &b);
      turn (real1, t1[s1 ^ cross1], &c, &d);
      turn (real2, t2[s2], &a, &c);
      turn (real2, t2[s2 ^ cross2], &b, &d);
      to[k] = a;
      to[k1] = b;
      to[k2] = c;
      to[k3] = d;
    }
}

INLINE void
rotate_one (gboolean real, gboolean unitary, const QrxRotation *rotation, const Vector *factors, guint negative,
            gsize size, Cell *to, const Cell *from)
{
  gsize pivot = pivot_of (rotation->x);

  for (gsize i = 0, k = 0; i < size / 2; i++, k = NEXT (k, pivot))
    {
      gsize k1 = k ^ rotation->x;
      Vector t = factors[1 + (qrx_parity ((guint32) k & rotation->z) ^ negative)];
      Cell a = from[k], b = from[k1], u = a, v = b;

      if (unitary)
        {
          Vector c = factors[0];

          a = (Cell){ c * u.re, c * u.im };
          b = (Cell){ c * v.re, c * v.im };
          if (real)
            {
              a = (Cell){ a.re - t * v.re, a.im - t * v.im };
              b = (Cell){ b.re + t * u.re, b.im + t * u.im };
            }
          else
            {
              a = (Cell){ a.re + t * v.im, a.im - t * v.re };
              b = (Cell){ b.re + t * u.im, b.im - t * u.re };
            }
        }
      else
        turn (real, t, &a, &b);
      to[k] = a;
      to[k1] = b;
    }
}

void
KERNEL (rotate) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxSweep *sweep, gboolean adjoint,
                 Cell *to, const Cell *from)
{
  const QrxRotation *rotations = &g_array_index (evaluation->program->rotations, QrxRotation, 0);
  const QrxRotation *first = &rotations[sweep->rotations[0]], *second = &rotations[sweep->rotations[1]];
  const Vector *f1 = factors_of (evaluation, block, first), *f2 = factors_of (evaluation, block, second);
  gsize size = (gsize) 1 << evaluation->program->n_qubits;
  gboolean real1 = qrx_pauli_is_real (first->x, first->z), real2 = qrx_pauli_is_real (second->x, second->z);
  guint negative = adjoint ? 1 : 0;

  if (sweep->n == 2)
    {
      Square square = square_of (first, second);

      if (real1 && real2)
        rotate_two (TRUE, TRUE, square, f1 + 1, f2 + 1, negative, size, to, from);
      else if (real1)
        rotate_two (TRUE, FALSE, square, f1 + 1, f2 + 1, negative, size, to, from);
      else if (real2)
        rotate_two (FALSE, TRUE, square, f1 + 1, f2 + 1, negative, size, to, from);
      else
        rotate_two (FALSE, FALSE, square, f1 + 1, f2 + 1, negative, size, to, from);
    }
  else if (first->form == QRX_FORM_TANGENT)
    {
      if (real1)
        rotate_one (TRUE, FALSE, first, f1, negative, size, to, from);
      else
        rotate_one (FALSE, FALSE, first, f1, negative, size, to, from);
    }
  else if (real1)
    rotate_one (TRUE, TRUE, first, f1, negative, size, to, from);
  else
    rotate_one (FALSE, TRUE, first, f1, negative, size, to, from);
}

static const Real signs[2] = { 1, -1 };

INLINE void
differentiate_two (gboolean real1, gboolean real2, Square square, gsize size, const Cell *bra, const Cell *ket,
                   Vector *g1, Vector *g2)
{
  guint cross1 = square.cross, cross2 = qrx_parity ((guint32) square.x1 & square.z2);
  Vector sum1 = splat (0), sum2 = splat (0), sum3 = splat (0), sum4 = splat (0);

  for (gsize i = 0, k = 0; i < size / 4; i++, k = NEXT (k, square.pivots))
    {
      gsize k1 = k ^ square.x1, k2 = k ^ square.x2, k3 = k1 ^ square.x2;
      guint s1 = qrx_parity ((guint32) k & square.z1), s2 = qrx_parity ((guint32) k & square.z2);
      Cell a = bra[k], b = bra[k1], c = bra[k2], d = bra[k3];
      Cell p = ket[k], q = ket[k1], r = ket[k2], s = ket[k3];

      sum1 += signs[s1] * overlap (real1, &a, &b, &p, &q);
      sum2 += signs[s1 ^ cross1] * overlap (real1, &c, &d, &r, &s);
      sum3 += signs[s2] * overlap (real2, &a, &c, &p, &r);
      sum4 += signs[s2 ^ cross2] * overlap (real2, &b, &d, &q, &s);
    }
  *g1 = sum1 + sum2;
  *g2 = sum3 + sum4;
}

INLINE void
differentiate_one (gboolean real, const QrxRotation *rotation, gsize size, const Cell *bra, const Cell *ket, Vector *g)
{
  gsize pivot = pivot_of (rotation->x);
  Vector sum = splat (0);

  for (gsize i = 0, k = 0; i < size / 2; i++, k = NEXT (k, pivot))
    {
      gsize k1 = k ^ rotation->x;

      sum += signs[qrx_parity ((guint32) k & rotation->z)] * overlap (real, &bra[k], &bra[k1], &ket[k], &ket[k1]);
    }
  *g = sum;
}

void
KERNEL (differentiate) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxSweep *sweep,
                        const Cell *bra, const Cell *ket)
{
  const QrxRotation *rotations = &g_array_index (evaluation->program->rotations, QrxRotation, 0);
  const QrxRotation *first = &rotations[sweep->rotations[0]], *second = &rotations[sweep->rotations[1]];
  Vector *g1 = (Vector *) block->gradients + sweep->rotations[0];
  Vector *g2 = (Vector *) block->gradients + sweep->rotations[1];
  gsize size = (gsize) 1 << evaluation->program->n_qubits;
  gboolean real1 = qrx_pauli_is_real (first->x, first->z), real2 = qrx_pauli_is_real (second->x, second->z);

  if (sweep->n == 2)
    {
      Square square = square_of (first, second);

      if (real1 && real2)
        differentiate_two (TRUE, TRUE, square, size, bra, ket, g1, g2);
      else if (real1)
        differentiate_two (TRUE, FALSE, square, size, bra, ket, g1, g2);
      else if (real2)
        differentiate_two (FALSE, TRUE, square, size, bra, ket, g1, g2);
      else
        differentiate_two (FALSE, FALSE, square, size, bra, ket, g1, g2);
    }
  else if (real1)
    differentiate_one (TRUE, first, size, bra, ket, g1);
  else
    differentiate_one (FALSE, first, size, bra, ket, g1);
}

INLINE void
diagonal (gboolean adjoint, gboolean with_field, const Real *table, const QrxRotation *rows, guint n_rows,
          const Vector *const *factors, gsize size, Cell *to, const Cell *from, const Cell *ket, Vector *field)
{
  for (gsize k = 0; k < size; k++)
    {
      Cell cell = from[k];

      if (table != NULL)
        {
          Cell phase = { splat (table[2 * k]), splat (table[2 * k + 1]) };

          cell = adjoint ? multiply_conjugate (cell, phase) : multiply (cell, phase);
        }
      for (guint i = 0; i < n_rows; i++)
        {
          Vector c = factors[i][0];
          Vector s = factors[i][1 + (qrx_parity ((guint32) k & rows[i].z) ^ (adjoint ? 1 : 0))];

          cell = (Cell){ c * cell.re + s * cell.im, c * cell.im - s * cell.re };
        }
      to[k] = cell;
      if (with_field)
        field[k] = cell.re * ket[k].im - cell.im * ket[k].re;
    }
}

void
KERNEL (apply_diagonal) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer,
                         gboolean adjoint, Cell *to, const Cell *from, const Cell *ket)
{
  const QrxRotation *rows = &g_array_index (evaluation->program->rotations, QrxRotation, 0);
  gsize size = (gsize) 1 << evaluation->program->n_qubits;
  const Real *table = layer->n_shared_diagonals > 0 ? (const Real *) evaluation->tables + 2 * size * layer->table : NULL;
  g_autofree const Vector **factors = layer->n_row_diagonals > 0 ? g_new (const Vector *, layer->n_row_diagonals) : NULL;

  rows += layer->first_diagonal + layer->n_shared_diagonals;
  for (guint i = 0; i < layer->n_row_diagonals; i++)
    factors[i] = factors_of (evaluation, block, &rows[i]);
  if (!adjoint)
    diagonal (FALSE, FALSE, table, rows, layer->n_row_diagonals, factors, size, to, from, NULL, NULL);
  else if (ket == NULL)
    diagonal (TRUE, FALSE, table, rows, layer->n_row_diagonals, factors, size, to, from, NULL, NULL);
  else
    diagonal (TRUE, TRUE, table, rows, layer->n_row_diagonals, factors, size, to, from, ket, block->field);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The product state before the first entangler: single qubits are turned one by one and multiplied together once. */
#include "quantum/kernel/template.h"

/* The rotation on one bit's two cells. */
static void
turn_pair (const QrxRotation *rotation, const Vector *factors, gboolean adjoint, const Cell *from, Cell *to)
{
  Vector c = factors[0], s = factors[adjoint ? 2 : 1];
  Cell a = from[0], b = from[1];

  if (rotation->x == 0)
    {
      to[0] = (Cell){ c * a.re + s * a.im, c * a.im - s * a.re };
      to[1] = (Cell){ c * b.re - s * b.im, c * b.im + s * b.re };
    }
  else if (rotation->z != 0)
    {
      to[0] = (Cell){ c * a.re - s * b.re, c * a.im - s * b.im };
      to[1] = (Cell){ c * b.re + s * a.re, c * b.im + s * a.im };
    }
  else
    {
      to[0] = (Cell){ c * a.re + s * b.im, c * a.im - s * b.re };
      to[1] = (Cell){ c * b.re + s * a.im, c * b.im - s * a.re };
    }
}

/* Im <bra| P |ket> */
static Vector
differentiate_pair (const QrxRotation *rotation, const Cell *bra, const Cell *ket)
{
  if (rotation->x == 0)
    return bra[0].re * ket[0].im - bra[0].im * ket[0].re - (bra[1].re * ket[1].im - bra[1].im * ket[1].re);
  if (rotation->z != 0)
    return bra[1].re * ket[0].re + bra[1].im * ket[0].im - (bra[0].re * ket[1].re + bra[0].im * ket[1].im);
  return bra[0].re * ket[1].im - bra[0].im * ket[1].re + (bra[1].re * ket[0].im - bra[1].im * ket[0].re);
}

void
KERNEL (product_forward) (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  QrxProgram *program = evaluation->program;
  const QrxRotation *rotations = &g_array_index (program->rotations, QrxRotation, 0);
  Cell *products = block->products, *pair = block->chains;

  products[1] = (Cell){ splat (1), splat (0) };
  for (guint q = 0; q < program->n_qubits; q++)
    {
      gsize size = (gsize) 1 << q;
      const Cell *from = products + size;
      Cell *to = q + 1 < program->n_qubits ? products + 2 * size : block->states[0];

      pair[0] = (Cell){ splat (1), splat (0) };
      pair[1] = (Cell){ splat (0), splat (0) };
      for (guint i = program->chain[q]; i < program->chain[q + 1]; i++, pair += 2)
        turn_pair (&rotations[i], factors_of (evaluation, block, &rotations[i]), FALSE, pair, pair + 2);
      for (gsize k = 0; k < size; k++)
        {
          Cell cell = from[k];

          to[k] = multiply (cell, pair[0]);
          to[k + size] = multiply (cell, pair[1]);
        }
      pair += 2;
    }
}

/* Takes the bra apart as the ket was put together, and leaves it spent. */
void
KERNEL (product_backward) (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  QrxProgram *program = evaluation->program;
  const QrxRotation *rotations = &g_array_index (program->rotations, QrxRotation, 0);
  const Cell *products = block->products;
  const Cell *pair = (const Cell *) block->chains + 2 * (program->chain[program->n_qubits] + program->n_qubits);
  Vector *gradients = block->gradients;
  Cell *bra = block->bra;

  for (guint q = program->n_qubits; q-- > 0;)
    {
      gsize size = (gsize) 1 << q;
      Cell inner[2] = { { splat (0), splat (0) }, { splat (0), splat (0) } }, v0, v1;

      pair -= 2;
      v0 = pair[0];
      v1 = pair[1];
      for (gsize k = 0; k < size; k++)
        {
          Cell b0 = bra[k], b1 = bra[k + size], product = products[size + k];
          Cell p0 = multiply_conjugate (b0, product), p1 = multiply_conjugate (b1, product);
          Cell m0 = multiply_conjugate (b0, v0), m1 = multiply_conjugate (b1, v1);

          inner[0] = (Cell){ inner[0].re + p0.re, inner[0].im + p0.im };
          inner[1] = (Cell){ inner[1].re + p1.re, inner[1].im + p1.im };
          bra[k] = (Cell){ m0.re + m1.re, m0.im + m1.im };
        }
      for (guint i = program->chain[q + 1]; i-- > program->chain[q]; pair -= 2)
        {
          gradients[i] = differentiate_pair (&rotations[i], inner, pair);
          turn_pair (&rotations[i], factors_of (evaluation, block, &rotations[i]), TRUE, inner, inner);
        }
    }
}

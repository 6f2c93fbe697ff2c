/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rotations of single qubits before the first entangler, a chain for each. Those that end a chain and follow no input
 * are the same for all rows: they are one unitary, and one turn of Im <bra| P |ket> for P = X, Y and Z. */
#include "quantum/kernel/template.h"

typedef enum { X, Y, Z } Axis;

typedef struct {
  Cell a, b;           /* the unitary: a and -conj b, b and conj a */
  Vector before[3][3]; /* the overlaps before it are this times those after it */
} End;

G_STATIC_ASSERT (sizeof (End) == QRX_KERNEL_END * sizeof (Vector));

INLINE Axis
axis_of (const QrxRotation *rotation)
{
  return rotation->x == 0 ? Z : rotation->z != 0 ? Y : X;
}

/* A qubit's amplitudes after the rotations from first up to last. */
INLINE void
turn_pair (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint first, guint last, Cell pair[2])
{
  Cell a = get (&pair[0]), b = get (&pair[1]);

  for (guint i = first; i < last; i++)
    {
      const QrxRotation *rotation = &g_array_index (evaluation->program->rotations, QrxRotation, i);
      const Vector *factors = factors_of (evaluation, block, rotation);
      Vector c = factors[0], s = factors[1];
      Cell u = a, v = b;

      switch (axis_of (rotation))
        {
        case Z:
          a = (Cell){ c * u.re + s * u.im, c * u.im - s * u.re };
          b = (Cell){ c * v.re - s * v.im, c * v.im + s * v.re };
          break;
        case Y:
          a = (Cell){ c * u.re - s * v.re, c * u.im - s * v.im };
          b = (Cell){ c * v.re + s * u.re, c * v.im + s * u.im };
          break;
        case X:
        default:
          a = (Cell){ c * u.re + s * v.im, c * u.im - s * v.re };
          b = (Cell){ c * v.re + s * u.im, c * v.im - s * u.re };
          break;
        }
    }
  put (&pair[0], a);
  put (&pair[1], b);
}

/* A unitary w - i (x X + y Y + z Z) turns Pauli matrices as a quaternion turns vectors. */
static void
prepare_end (End *end)
{
  Vector w = end->a.re, x = -end->b.im, y = end->b.re, z = -end->a.im, two = splat (2);

  end->before[X][X] = 1 - two * (y * y + z * z);
  end->before[X][Y] = two * (x * y + w * z);
  end->before[X][Z] = two * (x * z - w * y);
  end->before[Y][X] = two * (x * y - w * z);
  end->before[Y][Y] = 1 - two * (x * x + z * z);
  end->before[Y][Z] = two * (y * z + w * x);
  end->before[Z][X] = two * (x * z + w * y);
  end->before[Z][Y] = two * (y * z - w * x);
  end->before[Z][Z] = 1 - two * (x * x + y * y);
}

void
KERNEL (prepare_ends) (QrxEvaluation *evaluation)
{
  const QrxProgram *program = evaluation->program;
  const QrxBlockMemory no_block = { NULL };
  End *ends = evaluation->ends;

  for (guint bit = 0; bit < program->n_qubits; bit++)
    {
      Cell pair[2] = { { splat (1), splat (0) }, { splat (0), splat (0) } };

      turn_pair (evaluation, &no_block, program->chain_ends[bit], program->chain[bit + 1], pair);
      put (&ends[bit].a, pair[0]);
      put (&ends[bit].b, pair[1]);
      prepare_end (&ends[bit]);
    }
}

void
KERNEL (make_pairs) (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  const QrxProgram *program = evaluation->program;
  const End *end = evaluation->ends;
  Cell *pairs = block->chains;

  for (guint bit = 0; bit < program->n_qubits; bit++, end++, pairs += 2)
    {
      Cell pair[2] = { { splat (1), splat (0) }, { splat (0), splat (0) } }, a = get (&end->a), b = get (&end->b);
      Cell from_a, from_b;

      turn_pair (evaluation, block, program->chain[bit], program->chain_ends[bit], pair);
      from_a = multiply (pair[0], a);
      from_b = multiply_conjugate (pair[1], b);
      put (&pairs[0], (Cell){ from_a.re - from_b.re, from_a.im - from_b.im });
      from_a = multiply (pair[0], b);
      from_b = multiply_conjugate (pair[1], a);
      put (&pairs[1], (Cell){ from_a.re + from_b.re, from_a.im + from_b.im });
    }
}

/* What two overlaps were before a rotation around the third's axis. */
INLINE void
turn_back (const Vector *factors, Vector *one, Vector *other)
{
  Vector twice = 2 * factors[1], s = twice * factors[0], c = 1 - twice * factors[1], u = *one, v = *other;

  *one = c * u + s * v;
  *other = c * v - s * u;
}

/* The overlap with each rotation's P, from those after the last. */
INLINE void
differentiate_chain (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint first, guint last, Vector x,
                     Vector y, Vector z)
{
  for (guint i = last; i-- > first;)
    {
      const QrxRotation *rotation = &g_array_index (evaluation->program->rotations, QrxRotation, i);
      const Vector *factors = factors_of (evaluation, block, rotation);
      Vector *gradient = (Vector *) block->gradients + i;

      switch (axis_of (rotation))
        {
        case Z:
          *gradient = z;
          turn_back (factors, &x, &y);
          break;
        case Y:
          *gradient = y;
          turn_back (factors, &z, &x);
          break;
        case X:
        default:
          *gradient = x;
          turn_back (factors, &y, &z);
          break;
        }
    }
}

void
KERNEL (differentiate_pairs) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const Cell (*bras)[2])
{
  const QrxProgram *program = evaluation->program;
  const Cell *ket = block->chains;
  Vector *overlaps = (Vector *) block->gradients + program->rotations->len;

  for (guint bit = 0; bit < program->n_qubits; bit++, ket += 2, overlaps += 3)
    {
      const Vector (*before)[3] = ((const End *) evaluation->ends)[bit].before;
      Cell b0 = get (&bras[bit][0]), b1 = get (&bras[bit][1]), k0 = get (&ket[0]), k1 = get (&ket[1]);
      Vector x = b0.re * k1.im - b0.im * k1.re + b1.re * k0.im - b1.im * k0.re;
      Vector y = b1.re * k0.re + b1.im * k0.im - b0.re * k1.re - b0.im * k1.im;
      Vector z = b0.re * k0.im - b0.im * k0.re - b1.re * k1.im + b1.im * k1.re;

      overlaps[X] = x;
      overlaps[Y] = y;
      overlaps[Z] = z;
      differentiate_chain (evaluation, block, program->chain[bit], program->chain_ends[bit],
                           before[X][X] * x + before[X][Y] * y + before[X][Z] * z,
                           before[Y][X] * x + before[Y][Y] * y + before[Y][Z] * z,
                           before[Z][X] * x + before[Z][Y] * y + before[Z][Z] * z);
    }
}

void
KERNEL (sum_ends) (const QrxEvaluation *evaluation, double *sums)
{
  const QrxProgram *program = evaluation->program;
  const double *sines = evaluation->angles + program->rotations->len, *cosines = sines + program->rotations->len;
  double *overlaps = sums + program->rotations->len;

  for (guint bit = 0; bit < program->n_qubits; bit++, overlaps += 3)
    for (guint i = program->chain[bit + 1]; i-- > program->chain_ends[bit];)
      {
        Axis axis = axis_of (&g_array_index (program->rotations, QrxRotation, i));
        double *one = &overlaps[(axis + 1) % 3], *other = &overlaps[(axis + 2) % 3], u = *one, v = *other;
        double s = 2 * sines[i] * cosines[i], c = 1 - 2 * sines[i] * sines[i];

        sums[i] = overlaps[axis];
        *one = c * u + s * v;
        *other = c * v - s * u;
      }
}

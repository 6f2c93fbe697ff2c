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

/* A rotation on a qubit's amplitudes. */
INLINE void
turn_pair (Axis axis, const Vector *factors, Cell pair[2])
{
  Vector c = factors[0], s = factors[1];
  Cell u = get (&pair[0]), v = get (&pair[1]);

  switch (axis)
    {
    case Z:
      put (&pair[0], (Cell){ add_products (c, u.re, s, u.im), subtract_products (c, u.im, s, u.re) });
      put (&pair[1], (Cell){ subtract_products (c, v.re, s, v.im), add_products (c, v.im, s, v.re) });
      break;
    case Y:
      put (&pair[0], (Cell){ subtract_products (c, u.re, s, v.re), subtract_products (c, u.im, s, v.im) });
      put (&pair[1], (Cell){ add_products (c, v.re, s, u.re), add_products (c, v.im, s, u.im) });
      break;
    case X:
    default:
      put (&pair[0], (Cell){ add_products (c, u.re, s, v.im), subtract_products (c, u.im, s, v.re) });
      put (&pair[1], (Cell){ add_products (c, v.re, s, u.im), subtract_products (c, v.im, s, u.re) });
      break;
    }
}

/* The same in each block of a team. */
INLINE void
turn_pairs (Axis axis, const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxRotation *rotation,
            Cell (*pairs)[2])
{
  for (gsize b = 0; b < block->n_blocks; b++)
    turn_pair (axis, factors_of (evaluation, &block[b], rotation), pairs[b]);
}

/* |0⟩ in each block of a team, after a rotation. */
INLINE void
begin_pairs (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxRotation *rotation, Cell (*pairs)[2])
{
  Axis axis = axis_of (rotation);
  guint turned = 3 - axis, sine = axis == Y ? 1 : 2; /* of a pair's four reals; a rotation's factors are c, s and -s */

  for (gsize b = 0; b < block->n_blocks; b++)
    {
      const Vector *factors = factors_of (evaluation, &block[b], rotation);
      Vector *reals = (Vector *) pairs[b];

      reals[1] = reals[2] = reals[3] = splat (0);
      reals[0] = factors[0];
      reals[turned] = factors[sine];
    }
}

/* A qubit's amplitudes in each block of a team: |0⟩ after the rotations from first up to last. */
INLINE void
turn_all (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint first, guint last, Cell (*pairs)[2])
{
  const QrxRotation *rotations = &g_array_index (evaluation->program->rotations, QrxRotation, 0);

  if (first < last)
    begin_pairs (evaluation, block, &rotations[first], pairs);
  else
    for (gsize b = 0; b < block->n_blocks; b++)
      {
        put (&pairs[b][0], (Cell){ splat (1), splat (0) });
        put (&pairs[b][1], (Cell){ splat (0), splat (0) });
      }
  for (guint i = first + 1; i < last; i++)
    switch (axis_of (&rotations[i]))
      {
      case Z:
        turn_pairs (Z, evaluation, block, &rotations[i], pairs);
        break;
      case Y:
        turn_pairs (Y, evaluation, block, &rotations[i], pairs);
        break;
      case X:
      default:
        turn_pairs (X, evaluation, block, &rotations[i], pairs);
        break;
      }
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
  const QrxBlockMemory shared = { .n_blocks = 1 };
  End *ends = evaluation->ends;

  for (guint bit = 0; bit < program->n_qubits; bit++)
    {
      Cell pair[1][2];

      turn_all (evaluation, &shared, program->chain_ends[bit], program->chain[bit + 1], pair);
      put (&ends[bit].a, get (&pair[0][0]));
      put (&ends[bit].b, get (&pair[0][1]));
      prepare_end (&ends[bit]);
    }
}

void
KERNEL (make_pairs) (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  const QrxProgram *program = evaluation->program;
  const End *end = evaluation->ends;
  Cell pairs[1 << QRX_TEAM_MAX_BITS][2];

  for (guint bit = 0; bit < program->n_qubits; bit++, end++)
    {
      Cell a = get (&end->a), b = get (&end->b);

      turn_all (evaluation, block, program->chain[bit], program->chain_ends[bit], pairs);
      for (gsize i = 0; i < block->n_blocks; i++)
        {
          Cell *to = (Cell *) block[i].chains + 2 * bit, u = get (&pairs[i][0]), v = get (&pairs[i][1]);

          put (&to[0], multiply_conjugate_add (multiply (u, a), (Cell){ -v.re, -v.im }, b));
          put (&to[1], multiply_conjugate_add (multiply (u, b), v, a));
        }
    }
}

/* Overlaps with X, Y and Z, in each block of a team. */
typedef struct {
  Vector of[3][1 << QRX_TEAM_MAX_BITS];
} Overlaps;

/* The overlap with a rotation's P, and what the other two were before it. */
INLINE void
turn_back (Axis axis, const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint r, Overlaps *overlaps)
{
  const QrxRotation *rotation = &g_array_index (evaluation->program->rotations, QrxRotation, r);
  Vector *one = overlaps->of[(axis + 1) % 3], *other = overlaps->of[(axis + 2) % 3];

  for (gsize b = 0; b < block->n_blocks; b++)
    {
      const Vector *factors = factors_of (evaluation, &block[b], rotation);
      Vector twice = 2 * factors[1], s = twice * factors[0], c = 1 - twice * factors[1], u = one[b], v = other[b];

      ((Vector *) block[b].gradients)[r] = overlaps->of[axis][b];
      one[b] = add_products (c, u, s, v);
      other[b] = subtract_products (c, v, s, u);
    }
}

/* The overlap with each rotation's P, from those after the last. */
INLINE void
differentiate_chain (const QrxEvaluation *evaluation, const QrxBlockMemory *block, guint first, guint last,
                     Overlaps *overlaps)
{
  const QrxRotation *rotations = &g_array_index (evaluation->program->rotations, QrxRotation, 0);

  for (guint i = last; i-- > first + 1;)
    switch (axis_of (&rotations[i]))
      {
      case Z:
        turn_back (Z, evaluation, block, i, overlaps);
        break;
      case Y:
        turn_back (Y, evaluation, block, i, overlaps);
        break;
      case X:
      default:
        turn_back (X, evaluation, block, i, overlaps);
        break;
      }
  for (gsize b = 0; b < block->n_blocks && first < last; b++)
    ((Vector *) block[b].gradients)[first] = overlaps->of[axis_of (&rotations[first])][b];
}

void
KERNEL (differentiate_pairs) (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  const QrxProgram *program = evaluation->program;
  Vector *ends = (Vector *) block->gradients + program->rotations->len;
  Overlaps overlaps;

  for (guint bit = 0; bit < program->n_qubits; bit++, ends += 3)
    {
      const Vector (*before)[3] = ((const End *) evaluation->ends)[bit].before;
      Vector sums[3] = { splat (0), splat (0), splat (0) };

      for (gsize b = 0; b < block->n_blocks; b++)
        {
          const Cell *bra = (const Cell *) block[b].pairs + 2 * bit, *ket = (const Cell *) block[b].chains + 2 * bit;
          Cell b0 = get (&bra[0]), b1 = get (&bra[1]), k0 = get (&ket[0]), k1 = get (&ket[1]);
          Vector x = cross (b0, k1) + b1.re * k0.im - b1.im * k0.re;
          Vector y = dot (b1, k0) - b0.re * k1.re - b0.im * k1.im;
          Vector z = cross (b0, k0) - b1.re * k1.im + b1.im * k1.re;

          sums[X] += x;
          sums[Y] += y;
          sums[Z] += z;
#pragma GCC unroll 3
          for (guint axis = 0; axis < 3; axis++)
            overlaps.of[axis][b] = add_products (before[axis][X], x, before[axis][Y], y) + before[axis][Z] * z;
        }
      for (guint axis = 0; axis < 3; axis++)
        ends[axis] = sums[axis];
      differentiate_chain (evaluation, block, program->chain[bit], program->chain_ends[bit], &overlaps);
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

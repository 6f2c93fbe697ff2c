/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Expectations of strings in a state, and the bra Σ c P |ket> that the gradient starts from. */
#include "quantum/kernel/template.h"

/* Adds the upper half to the lower and returns what was added. */
INLINE Vector
fold_half (Vector *work, gsize half)
{
  Vector sums[4] = { splat (0), splat (0), splat (0), splat (0) };
  gsize y = 0;

  for (; y + 4 <= half; y += 4)
    for (gsize i = 0; i < 4; i++)
      {
        Vector upper = work[half + y + i];

        sums[i] += upper;
        work[y + i] += upper;
      }
  for (; y < half; y++)
    {
      sums[0] += work[half + y];
      work[y] += work[half + y];
    }
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

/* As fold_half(), from the field in the tree's order. */
INLINE Vector
gather_half (const QrxTree *tree, const Vector *field, Vector *work, gsize half, gsize column)
{
  Vector sums[2] = { splat (0), splat (0) };

  for (gsize y = 0; y < half; y++)
    {
      gsize k = index_of (tree, y);
      Vector upper = field[k ^ column];

      sums[y & 1] += upper;
      work[y] = field[k] + upper;
    }
  return sums[0] + sums[1];
}

void
KERNEL (fold) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxTree *tree, Vector *out)
{
  guint n = evaluation->program->n_qubits;
  Vector *work = block->work;

  for (guint bit = n; bit-- > 0;)
    {
      gsize half = (gsize) 1 << bit;
      Vector upper = bit + 1 == n ? gather_half (tree, block->field, work, half, index_of (tree, half))
                                  : fold_half (work, half);

      if (bit < tree->n_members)
        out[tree->members[bit]] = upper;
    }
  for (guint i = 0; i < tree->n_members; i++)
    out[tree->members[i]] = work[0] - 2 * out[tree->members[i]];
}

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
      Vector part = real ? a->re * b->im - a->im * b->re : a->re * b->re + a->im * b->im;

      sum = qrx_parity ((guint32) k & string->z) ? sum - part : sum + part;
    }
  return 2 * sum;
}

void
KERNEL (read_strings) (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  QrxProgram *program = evaluation->program;
  gsize size = (gsize) 1 << program->n_qubits;
  const Cell *ket = block->states[program->layers->len];
  Vector *field = block->field, *values = block->strings;

  if (program->first_readout_tree < program->trees->len)
    for (gsize k = 0; k < size; k++)
      field[k] = ket[k].re * ket[k].re + ket[k].im * ket[k].im;
  for (guint i = program->first_readout_tree; i < program->trees->len; i++)
    KERNEL (fold) (evaluation, block, &g_array_index (program->trees, QrxTree, i), values);
  for (guint i = 0; i < program->strings->len; i++)
    {
      const QrxString *string = &g_array_index (program->strings, QrxString, i);

      if (string->x != 0)
        values[i] = read_string (string, size, ket);
      if (string->x == 0 && string->z == 0)
        values[i] = splat (1);
      else
        values[i] *= (Real) (evaluation->string_flips[i] * evaluation->norm);
    }
}

/* Writes or adds the diagonal strings' part of the bra. */
static void
add_tree (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxTree *tree, gboolean first)
{
  QrxProgram *program = evaluation->program;
  gsize size = (gsize) 1 << program->n_qubits, mask = ((gsize) 1 << tree->n_members) - 1;
  const Cell *ket = block->states[program->layers->len];
  const Vector *coefficients = block->strings;
  Vector *work = block->work;
  Cell *bra = block->bra;

  work[0] = splat (0);
  for (guint j = 0; j < tree->n_members; j++)
    work[0] += coefficients[tree->members[j]];
  for (guint j = 0; j < tree->n_members; j++)
    for (gsize y = 0; y < (gsize) 1 << j; y++)
      work[((gsize) 1 << j) + y] = work[y] - 2 * coefficients[tree->members[j]];
  for (gsize y = 0; y < size; y++)
    {
      gsize k = index_of (tree, y);
      Vector f = work[y & mask];

      if (first)
        bra[k] = (Cell){ f * ket[k].re, f * ket[k].im };
      else
        bra[k] = (Cell){ bra[k].re + f * ket[k].re, bra[k].im + f * ket[k].im };
    }
}

static void
add_string (const QrxString *string, Vector coefficient, gsize size, const Cell *ket, Cell *bra)
{
  const Vector signed_coefficients[2] = { coefficient, -coefficient };
  gboolean real = qrx_pauli_is_real (string->x, string->z);

  for (gsize k = 0; k < size; k++)
    {
      const Cell *other = &ket[k ^ string->x];
      Vector c = signed_coefficients[qrx_parity ((guint32) k & string->z)];

      if (real)
        bra[k] = (Cell){ bra[k].re + c * other->im, bra[k].im - c * other->re };
      else
        bra[k] = (Cell){ bra[k].re + c * other->re, bra[k].im + c * other->im };
    }
}

/* The strings' vectors hold the coefficients. An identity moves no gradient. */
void
KERNEL (make_bra) (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  QrxProgram *program = evaluation->program;
  gsize size = (gsize) 1 << program->n_qubits;
  const Vector *coefficients = block->strings;
  Cell *bra = block->bra;

  if (program->first_readout_tree == program->trees->len)
    for (gsize k = 0; k < size; k++)
      bra[k] = (Cell){ splat (0), splat (0) };
  for (guint i = program->first_readout_tree; i < program->trees->len; i++)
    add_tree (evaluation, block, &g_array_index (program->trees, QrxTree, i), i == program->first_readout_tree);
  for (guint i = 0; i < program->strings->len; i++)
    {
      const QrxString *string = &g_array_index (program->strings, QrxString, i);

      if (string->x != 0)
        add_string (string, coefficients[i], size, block->states[program->layers->len], bra);
    }
}

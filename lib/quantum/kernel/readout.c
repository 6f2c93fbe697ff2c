/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Expectations of strings in a state, and the bra Σ c P |ket> that the gradient starts from. */
#include "quantum/kernel/template.h"

/* Adds the upper half to the lower and returns what was added, in as many sums as step says. */
INLINE Vector
fold_half (Vector *work, gsize half, gsize step)
{
  Vector sums[4] = { splat (0), splat (0), splat (0), splat (0) };

  for (gsize y = 0; y < half; y += step)
#pragma GCC unroll 4
    for (gsize i = 0; i < step; i++)
      {
        Vector upper = work[half + y + i];

        sums[i] += upper;
        work[y + i] += upper;
      }
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

/* As fold_half(), from the field in the tree's order. */
INLINE Vector
gather_half (const QrxTree *tree, const Vector *field, guint shift, Vector *work, gsize half, gsize step)
{
  gsize n_lower = MIN (half, (gsize) 1 << tree->n_low), column = index_of (tree, half);
  Vector sums[2] = { splat (0), splat (0) };

  for (gsize first = 0; first < half; first += n_lower)
    {
      gsize high = tree->high[first >> tree->n_low];

      for (gsize y = 0; y < n_lower; y += step)
#pragma GCC unroll 2
        for (gsize i = 0; i < step; i++)
          {
            gsize k = high ^ tree->low[y + i];
            Vector upper = field[(k ^ column) << shift];

            sums[i] += upper;
            work[first + y + i] = field[k << shift] + upper;
          }
    }
  return sums[0] + sums[1];
}

/* Of a tree, with the minor bits fixed: the sums go to work, the total to its first entry. */
INLINE void
fold_part (const QrxTree *tree, guint n, const Vector *field, guint shift, Vector *work, Vector *upper_sums)
{
  if (n == 0)
    work[0] = field[0];
  else if (n == 1)
    upper_sums[0] = gather_half (tree, field, shift, work, 1, 1);
  else
    {
      upper_sums[n - 1] = gather_half (tree, field, shift, work, (gsize) 1 << (n - 1), 2);
      for (guint bit = n - 1; bit-- > 2;)
        upper_sums[bit] = fold_half (work, (gsize) 1 << bit, 4);
      if (n > 2)
        upper_sums[1] = fold_half (work, 2, 2);
      upper_sums[0] = fold_half (work, 1, 1);
    }
}

/* What the cells with the same minor bits, whose number makes signs in lanes, give to a tree's members. */
INLINE void
fold_minor (const QrxTree *tree, guint n, const Vector *field, guint shift, guint32 lanes, Vector *work, Vector *out)
{
  Vector upper_sums[QRX_CIRCUIT_MAX_QUBITS];

  fold_part (tree, n, field, shift, work, upper_sums);
  for (guint i = 0; i < tree->n_members + tree->n_whole; i++)
    {
      Vector sum = i < tree->n_members ? work[0] - 2 * upper_sums[i] : work[0];
      Vector *to = &out[tree->members[i]];

      if (qrx_parity (lanes & tree->lanes[i]) != 0)
        sum = -sum;
      *to = lanes == 0 ? sum : *to + sum;
    }
}

void
KERNEL (fold) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxTree *tree, Vector *out)
{
  guint shift = count_minor_bits (evaluation), n = evaluation->program->n_qubits - evaluation->program->n_lane_bits;
  const Vector *field = block->field;

  if (shift == 0)
    fold_minor (tree, n, field, 0, 0, block->work, out);
  else
    for (guint32 minor = 0; minor < (guint32) 1 << shift; minor++)
      fold_minor (tree, n, field + minor, shift, minor << evaluation->lane_bits, block->work, out);
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

/* As read_string(), with amplitudes in the lanes; the lanes' signs are left out. */
static Vector
read_string_in_lanes (const QrxString *string, guint lane_bits, gsize size, const Cell *ket)
{
  gboolean real = qrx_pauli_is_real (string->x, string->z);
  Places places = places_of (string->x & (LANES - 1));
  Vector sum = splat (0);

  for (gsize k = 0; k < size; k++)
    {
      const Cell *a = &ket[k], *other = &ket[k ^ string->x >> lane_bits];
      Cell b = { permute (other->re, places), permute (other->im, places) };
      Vector part = real ? a->re * b.im - a->im * b.re : a->re * b.re + a->im * b.im;

      sum = qrx_parity ((guint32) (k << lane_bits) & string->z) ? sum - part : sum + part;
    }
  return sum;
}

void
KERNEL (read_strings) (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  QrxProgram *program = evaluation->program;
  gsize size = count_cells (evaluation);
  const Cell *ket = block->state;
  Vector *field = block->field, *values = block->strings;

  if (program->first_readout_tree < program->trees->len)
#pragma GCC unroll 4
    for (gsize k = 0; k < size; k++)
      field[k] = ket[k].re * ket[k].re + ket[k].im * ket[k].im;
  for (guint i = program->first_readout_tree; i < program->trees->len; i++)
    KERNEL (fold) (evaluation, block, &g_array_index (program->trees, QrxTree, i), values);
  for (guint i = 0; i < program->strings->len; i++)
    {
      const QrxString *string = &g_array_index (program->strings, QrxString, i);

      if (string->x == 0 && string->z == 0)
        {
          values[i] = splat (1);
          continue;
        }
      if (string->x != 0)
        values[i] = evaluation->lane_bits > 0 ? read_string_in_lanes (string, evaluation->lane_bits, size, ket)
                                              : read_string (string, size, ket);
      if (evaluation->lane_bits > 0)
        values[i] = splat ((Real) sum_signed (values[i], lane_mask (evaluation, string->z)));
      values[i] *= (Real) evaluation->string_scales[i];
    }
}

/* Sums of ±c over n members from first on (those that there are), for all choices of signs, on top of the first sum. */
INLINE void
unfold (const QrxTree *tree, const Vector *coefficients, guint32 minor, guint first, guint n, Vector *sums)
{
  for (guint j = 0; j < n; j++)
    {
      Vector c = first + j < tree->n_members ? coefficients[tree->members[first + j]] : splat (0);
      gsize half = (gsize) 1 << j;

      if (first + j < tree->n_members && qrx_parity (minor & tree->lanes[first + j]) != 0)
        c = -c;
      for (gsize y = 0; y < half; y++)
        {
          sums[half + y] = sums[y] - c;
          sums[y] += c;
        }
    }
}

/* The weights that one tree's members give to the cells with the same minor bits: a sum over its lower coordinates and one
 * over its upper ones. */
INLINE void
weigh_by_tree (const QrxTree *tree, const Vector *coefficients, gboolean first, guint32 minor, guint n, guint shift,
               Vector *lower_sums, Vector *weights)
{
  gsize n_lower = (gsize) 1 << tree->n_low, n_upper = (gsize) 1 << (n - tree->n_low);
  Vector *upper_sums = lower_sums + n_lower;

  lower_sums[0] = upper_sums[0] = splat (0);
  for (guint j = tree->n_members; j < tree->n_members + tree->n_whole; j++)
    lower_sums[0] += (Real) (qrx_parity (minor & tree->lanes[j]) != 0 ? -1 : 1) * coefficients[tree->members[j]];
  unfold (tree, coefficients, minor, 0, tree->n_low, lower_sums);
  unfold (tree, coefficients, minor, tree->n_low, n - tree->n_low, upper_sums);
  for (gsize upper = 0; upper < n_upper; upper++)
    {
      gsize high = tree->high[upper];
      Vector sum = upper_sums[upper];

      for (gsize lower = 0; lower < n_lower; lower++)
        {
          Vector *weight = &weights[(high ^ tree->low[lower]) << shift];

          *weight = first ? sum + lower_sums[lower] : *weight + (sum + lower_sums[lower]);
        }
    }
}

void
KERNEL (weigh_cells) (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  QrxProgram *program = evaluation->program;
  guint shift = count_minor_bits (evaluation), n = program->n_qubits - program->n_lane_bits;
  Vector *weights = block->field;

  if (program->first_readout_tree == program->trees->len)
    for (gsize k = 0; k < count_cells (evaluation); k++)
      weights[k] = splat (0);
  for (guint i = program->first_readout_tree; i < program->trees->len; i++)
    for (guint32 minor = 0; minor < (guint32) 1 << shift; minor++)
      {
        const QrxTree *tree = &g_array_index (program->trees, QrxTree, i);
        guint32 lanes = minor << evaluation->lane_bits;

        if (shift == 0)
          weigh_by_tree (tree, block->strings, i == program->first_readout_tree, 0, n, 0, block->work, weights);
        else
          weigh_by_tree (tree, block->strings, i == program->first_readout_tree, lanes, n, shift, block->work,
                         weights + minor);
      }
}

static void
add_string (const QrxEvaluation *evaluation, const QrxString *string, Vector coefficient, const Cell *ket, Cell *bra)
{
  const Vector signed_coefficients[2] = { coefficient, -coefficient };
  gboolean real = qrx_pauli_is_real (string->x, string->z);
  guint lane_bits = evaluation->lane_bits;
  Places places = places_of (lane_mask (evaluation, string->x));

  for (gsize k = 0; k < count_cells (evaluation); k++)
    {
      Cell other = get (&ket[k ^ string->x >> lane_bits]);
      Vector c = signed_coefficients[qrx_parity ((guint32) (k << lane_bits) & string->z)];

      if (lane_bits > 0)
        other = (Cell){ permute (other.re, places), permute (other.im, places) };
      if (real)
        put (&bra[k], (Cell){ bra[k].re + c * other.im, bra[k].im - c * other.re });
      else
        put (&bra[k], (Cell){ bra[k].re + c * other.re, bra[k].im + c * other.im });
    }
}

/* The strings' vectors hold the coefficients. An identity moves no gradient. */
void
KERNEL (make_bra) (const QrxEvaluation *evaluation, const QrxBlockMemory *block)
{
  QrxProgram *program = evaluation->program;
  const Vector *coefficients = block->strings, *weights = block->field;
  const Cell *ket = block->state;
  Cell *bra = block->bra;

  KERNEL (weigh_cells) (evaluation, block);
  for (gsize k = 0; k < count_cells (evaluation); k++)
    put (&bra[k], (Cell){ weights[k] * ket[k].re, weights[k] * ket[k].im });
  for (guint i = 0; i < program->strings->len; i++)
    {
      const QrxString *string = &g_array_index (program->strings, QrxString, i);

      if (string->x != 0)
        add_string (evaluation, string, coefficients[i], ket, bra);
    }
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A layer's diagonal in a pass of its own: the table that all rows share, and the rotations of each row's inputs. */
#include "quantum/kernel/template.h"

INLINE void
multiply_cells (const QrxEvaluation *evaluation, gboolean adjoint, gboolean with_field, gconstpointer table,
                const QrxRotation *rows, guint n_rows, const Vector *const *factors, Cell *to, const Cell *from,
                const Cell *ket, Vector *field)
{
  const gsize size = count_cells (evaluation);
  const guint lane_bits = evaluation->lane_bits;

  for (gsize k = 0; k < size; k++)
    {
      Cell cell = get (&from[k]);

      if (table != NULL)
        {
          Cell phase = phase_at (evaluation, table, k);

          cell = adjoint ? multiply_conjugate (cell, phase) : multiply (cell, phase);
        }
      for (guint i = 0; i < n_rows; i++)
        {
          Vector c = factors[i][0];
          Vector s = factors[i][1 + (qrx_parity ((guint32) (k << lane_bits) & rows[i].z) ^ (adjoint ? 1 : 0))];

          cell = (Cell){ c * cell.re + s * cell.im, c * cell.im - s * cell.re };
        }
      put (&to[k], cell);
      if (with_field)
        field[k] = cell.re * ket[k].im - cell.im * ket[k].re;
    }
}

void
KERNEL (apply_diagonal) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer,
                         gboolean adjoint, Cell *to, const Cell *from, const Cell *ket)
{
  const QrxRotation *rows = &g_array_index (evaluation->program->rotations, QrxRotation, 0);
  gconstpointer table = layer->n_shared_diagonals > 0 ? table_of (evaluation, layer) : NULL;
  g_autofree const Vector **factors = layer->n_row_diagonals > 0 ? g_new (const Vector *, layer->n_row_diagonals) : NULL;
  guint n = layer->n_row_diagonals;

  rows += layer->first_diagonal + layer->n_shared_diagonals;
  for (guint i = 0; i < n; i++)
    factors[i] = factors_of (evaluation, block, &rows[i]);
  if (!adjoint)
    multiply_cells (evaluation, FALSE, FALSE, table, rows, n, factors, to, from, NULL, NULL);
  else if (ket == NULL)
    multiply_cells (evaluation, TRUE, FALSE, table, rows, n, factors, to, from, NULL, NULL);
  else
    multiply_cells (evaluation, TRUE, TRUE, table, rows, n, factors, to, from, ket, block->field);
}

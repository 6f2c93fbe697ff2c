/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A layer's diagonal in a pass of its own: the table that all rows share, and the rotations of each row's inputs. */
#include "quantum/kernel/template.h"

INLINE void
multiply_cells (gboolean adjoint, gboolean with_field, const Real *table, const QrxRotation *rows, guint n_rows,
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
    multiply_cells (FALSE, FALSE, table, rows, layer->n_row_diagonals, factors, size, to, from, NULL, NULL);
  else if (ket == NULL)
    multiply_cells (TRUE, FALSE, table, rows, layer->n_row_diagonals, factors, size, to, from, NULL, NULL);
  else
    multiply_cells (TRUE, TRUE, table, rows, layer->n_row_diagonals, factors, size, to, from, ket, block->field);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A layer's diagonal in a pass of its own: the table that all rows share, and the rotations of each row's inputs. */
#include "quantum/kernel/template.h"

INLINE void
multiply_cells (const QrxEvaluation *evaluation, gboolean adjoint, gboolean with_field, gconstpointer table,
                const QrxRotation *rows, guint n_rows, const Vector *const *factors, Cell *to, const Cell *from,
                const Cell *ket, Vector *field, gsize first, gsize end)
{
  const guint lane_bits = evaluation->lane_bits;

  for (gsize k = first; k < end; k++)
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

          cell = (Cell){ add_products (c, cell.re, s, cell.im), subtract_products (c, cell.im, s, cell.re) };
        }
      put (&to[k], cell);
      if (with_field)
        field[k] = cross (cell, ket[k]);
    }
}

typedef struct {
  const QrxEvaluation *evaluation;
  const QrxRotation *rows;
  guint n_rows;
  const Vector **factors;
  gconstpointer table;
  gboolean adjoint;
  Cell *to;
  const Cell *from;
  const Cell *ket;
  Vector *field;
  gsize part_size;
} Work;

static void
multiply_part (gsize part, gpointer data)
{
  const Work *work = data;
  gsize first = part * work->part_size, end = first + work->part_size;

  if (!work->adjoint)
    multiply_cells (work->evaluation, FALSE, FALSE, work->table, work->rows, work->n_rows, work->factors, work->to,
                    work->from, NULL, NULL, first, end);
  else if (work->ket == NULL)
    multiply_cells (work->evaluation, TRUE, FALSE, work->table, work->rows, work->n_rows, work->factors, work->to,
                    work->from, NULL, NULL, first, end);
  else
    multiply_cells (work->evaluation, TRUE, TRUE, work->table, work->rows, work->n_rows, work->factors, work->to,
                    work->from, work->ket, work->field, first, end);
}

void
KERNEL (apply_diagonal) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer,
                         gboolean adjoint, Cell *to, const Cell *from, const Cell *ket)
{
  const QrxRotation *rotations = &g_array_index (evaluation->program->rotations, QrxRotation, 0);
  gconstpointer table = layer->n_shared_diagonals > 0 ? table_of (evaluation, layer) : NULL;
  guint n = layer->n_row_diagonals;
  g_autofree const Vector **factors = n > 0 ? g_new (const Vector *, n) : NULL;
  gsize n_cells = count_cells (evaluation), n_parts = count_parts (evaluation, n_cells, 64);
  Work work = { evaluation, rotations + layer->first_diagonal + layer->n_shared_diagonals, n, factors, table, adjoint, to,
                from, ket, block->field, n_cells / n_parts };

  for (guint i = 0; i < n; i++)
    factors[i] = factors_of (evaluation, block, &work.rows[i]);
  qrx_pool_run (evaluation->pool, n_parts, multiply_part, &work);
}

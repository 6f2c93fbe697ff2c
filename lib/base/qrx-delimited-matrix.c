/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A matrix of numbers out of a table of text: parsed once, straight into where it stays. */
#include "base/qrx-delimited-private.h"

#include "base/qrx-cache-private.h"
#include "base/qrx-input-private.h"

/* Rows of numbers on their way into a matrix. */
typedef struct {
  QrxDelimited *table;
  const QrxDelimitedSelection *selection;
  QrxMissing missing;
  QrxWanted *wanted;
  gsize n_rows;
  double *out;
} Matrix;

/* A cache line of rows at a time, so that a transposed matrix is written by lines. */
#define ROWS_AT_ONCE 16

static gsize
row_at (const Matrix *self, gsize i)
{
  return self->selection->rows != NULL ? self->selection->rows[i] : i;
}

static gboolean
read_rows (const Matrix *self, gsize first, gsize n, double *values, GError **error)
{
  gsize n_columns = self->selection->n_columns, bad = 0;

  for (gsize i = 0; i < n; i++)
    if (!qrx_delimited_read_row (self->table, row_at (self, first + i), self->wanted, n_columns, self->missing,
                                 values + i * n_columns, &bad))
      {
        qrx_delimited_set_number_error (self->table, row_at (self, first + i), bad, error);
        return FALSE;
      }
  return TRUE;
}

static void
scatter (const Matrix *self, gsize first, gsize n, const double *values)
{
  gsize n_columns = self->selection->n_columns;

  for (gsize column = 0; column < n_columns; column++)
    for (gsize i = 0; i < n; i++)
      self->out[column * self->n_rows + first + i] = values[i * n_columns + column];
}

/* Lets what was read go, where rows come in the order of the file. */
static void
forget_rows (const Matrix *self, gsize end, gsize *known)
{
  QrxDelimited *table = self->table;
  gsize from = table->starts[row_at (self, *known)], to = table->starts[row_at (self, end - 1)];

  if (to < from + QRX_DELIMITED_WINDOW)
    return;
  qrx_delimited_forget (table, table->data + from, table->data + to);
  *known = end - 1;
}

static gboolean
fill_matrix (const Matrix *self, GError **error)
{
  gsize n_columns = self->selection->n_columns, known = 0;
  g_autofree double *values = self->selection->transposed ? g_new (double, ROWS_AT_ONCE *n_columns) : NULL;

  for (gsize first = 0; first < self->n_rows; first += ROWS_AT_ONCE)
    {
      gsize n = MIN (ROWS_AT_ONCE, self->n_rows - first);

      if (!read_rows (self, first, n, values != NULL ? values : self->out + first * n_columns, error))
        return FALSE;
      if (values != NULL)
        scatter (self, first, n, values);
      forget_rows (self, first + n, &known);
    }
  return TRUE;
}

/* What a matrix is kept as: what it is made of, and how. */
static char *
dup_matrix_name (const Matrix *self)
{
  const QrxDelimitedSelection *selection = self->selection;
  g_autoptr (GByteArray) key = g_byte_array_new ();
  g_autofree char *digest = NULL;
  const guint64 head[] = { selection->n_columns, selection->rows != NULL ? selection->n_rows : G_MAXUINT64,
                           selection->transposed, self->missing };

  g_byte_array_append (key, (const guint8 *) head, sizeof head);
  g_byte_array_append (key, (const guint8 *) selection->columns, (guint) (selection->n_columns * sizeof (gsize)));
  if (selection->rows != NULL)
    g_byte_array_append (key, (const guint8 *) selection->rows, (guint) (selection->n_rows * sizeof (gsize)));
  digest = qrx_input_digest_data (key->data, key->len);
  return g_strdup_printf ("%s-%.32s.numbers", self->table->digest, digest);
}

/* In an entry of the cache, which is the matrix's memory from the beginning. */
static GBytes *
fill_entry (Matrix *self, const char *name, gsize size, gboolean *failed, GError **error)
{
  QrxCacheEntry *entry = qrx_cache_begin (name, size);

  if (entry == NULL)
    return NULL;
  self->out = qrx_cache_entry_peek (entry);
  if (fill_matrix (self, error))
    return qrx_cache_commit (entry);
  *failed = TRUE;
  qrx_cache_abandon (entry);
  return NULL;
}

static QrxTensor *
take_matrix (Matrix *self, const gsize *dims, GError **error)
{
  g_autofree char *name = self->table->digest != NULL ? dup_matrix_name (self) : NULL;
  g_autoptr (GBytes) bytes = name != NULL ? qrx_cache_find (name) : NULL;
  g_autoptr (QrxTensor) matrix = NULL;
  gsize size = dims[0] * dims[1] * sizeof (double);
  gboolean failed = FALSE;

  if (bytes != NULL && g_bytes_get_size (bytes) != size)
    g_clear_pointer (&bytes, g_bytes_unref);
  if (bytes == NULL && name != NULL)
    bytes = fill_entry (self, name, size, &failed, error);
  if (bytes != NULL)
    return qrx_tensor_new_from_bytes (QRX_DTYPE_F64, dims, 2, bytes, error);
  if (failed)
    return NULL;
  matrix = qrx_tensor_new (QRX_DTYPE_F64, dims, 2);
  self->out = qrx_tensor_peek_f64 (matrix);
  if (!fill_matrix (self, error))
    return NULL;
  qrx_tensor_set_read_only (matrix);
  return g_steal_pointer (&matrix);
}

/**
 * qrx_delimited_read_matrix: (skip)
 * @self: a table
 * @selection: which rows and columns, and whether columns become rows
 * @missing: what to do with a missing number
 * @error: return location for an error
 *
 * Reads numbers in double precision, each nearest to its decimal. Those of a large file are kept in the cache: the next
 * time they are mapped, and all processes and threads that read them share their memory. Fails as
 * qrx_delimited_read_numbers() does.
 *
 * Returns: (transfer full): a tensor that may not be written, of shape (rows, columns), or (columns, rows) if
 * transposed
 */
QrxTensor *
qrx_delimited_read_matrix (QrxDelimited *self, const QrxDelimitedSelection *selection, QrxMissing missing,
                           GError **error)
{
  g_autofree QrxWanted *wanted = NULL;
  Matrix matrix = { .table = self, .selection = selection, .missing = missing };
  gsize dims[2];

  g_return_val_if_fail (selection->n_columns > 0 && (selection->rows == NULL || selection->n_rows > 0), NULL);
  for (gsize i = 0; i < selection->n_columns; i++)
    g_return_val_if_fail (selection->columns[i] < self->n_columns, NULL);
  for (gsize i = 0; selection->rows != NULL && i < selection->n_rows; i++)
    g_return_val_if_fail (selection->rows[i] < self->n_rows, NULL);

  wanted = qrx_delimited_sort_columns (selection->columns, selection->n_columns);
  matrix.wanted = wanted;
  matrix.n_rows = selection->rows != NULL ? selection->n_rows : self->n_rows;
  dims[0] = selection->transposed ? selection->n_columns : matrix.n_rows;
  dims[1] = selection->transposed ? matrix.n_rows : selection->n_columns;
  return take_matrix (&matrix, dims, error);
}

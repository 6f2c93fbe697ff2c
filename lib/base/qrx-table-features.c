/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The features of a table: blocks, the rows of theirs that the table's rows point to, and reading across them. */
#include "base/qrx-table-private.h"

#include <math.h>
#include <string.h>

#define BATCH 65536 /* numbers of a block that are looked through at once, few enough for the second cache */

static QrxTableBlock *
nth_block (QrxTable *self, gsize i)
{
  return &g_array_index (self->blocks, QrxTableBlock, i);
}

/* The column names of @block are new to the table, each once and none empty. */
static gboolean
check_columns (QrxTable *self, QrxBlock *block, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  const char *name = qrx_block_get_name (block);
  const char *const *columns = qrx_block_get_columns (block);

  for (guint i = 0; i + 1 < self->feature_names->len; i++)
    g_hash_table_add (seen, self->feature_names->pdata[i]);
  for (gsize i = 0; columns[i] != NULL; i++)
    if (columns[i][0] == '\0')
      {
        g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
                     "Block \"%s\": column %" G_GSIZE_FORMAT " (counted from 1) has no name", name, i + 1);
        return FALSE;
      }
    else if (!g_hash_table_add (seen, (gpointer) columns[i]))
      {
        g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
                     "Block \"%s\": the table already has a column \"%s\"; names must differ over all blocks", name,
                     columns[i]);
        return FALSE;
      }
  return TRUE;
}

static gboolean
check_block_name (QrxTable *self, const char *name, GError **error)
{
  if (name == NULL || name[0] == '\0')
    {
      g_set_error_literal (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN, "A block needs a name");
      return FALSE;
    }
  for (guint i = 0; i < self->blocks->len; i++)
    if (g_str_equal (qrx_block_get_name (nth_block (self, i)->block), name))
      {
        g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN, "The table already has a block \"%s\"", name);
        return FALSE;
      }
  return TRUE;
}

/* Every row of the table points to a row that the block has. */
static gboolean
check_rows (QrxTable *self, QrxBlock *block, QrxIndex *rows, GError **error)
{
  gsize n_rows = rows != NULL ? qrx_index_get_length (rows) : qrx_block_get_n_rows (block);
  const guint *numbers = rows != NULL ? qrx_index_peek (rows) : NULL;

  if (n_rows != self->ids->n)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                   "Block \"%s\" has %s%" G_GSIZE_FORMAT " rows, but the table has %" G_GSIZE_FORMAT,
                   qrx_block_get_name (block), rows != NULL ? "an index of " : "", n_rows, self->ids->n);
      return FALSE;
    }
  for (gsize i = 0; numbers != NULL && i < n_rows; i++)
    if (numbers[i] >= qrx_block_get_n_rows (block))
      {
        g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                     "Block \"%s\": row \"%s\" of the table points to its row %u, but it has %" G_GSIZE_FORMAT " rows",
                     qrx_block_get_name (block), self->ids->items[i], numbers[i], qrx_block_get_n_rows (block));
        return FALSE;
      }
  return TRUE;
}

/* The rows of a block that a table of n rows points to, each once. */
static QrxIndex *
list_used (QrxBlock *block, const guint *numbers, gsize n)
{
  gsize n_rows = qrx_block_get_n_rows (block), n_used = 0;
  g_autofree guint8 *is_used = g_new0 (guint8, n_rows + 1);
  g_autofree guint *used = g_new (guint, MIN (n, n_rows) + 1);

  for (gsize i = 0; i < n; i++)
    if (!is_used[numbers[i]])
      {
        is_used[numbers[i]] = TRUE;
        used[n_used++] = numbers[i];
      }
  return qrx_index_new (used, n_used);
}

static void
refuse_value (QrxTable *self, QrxBlock *block, QrxIndex *rows, guint block_row, gsize column, double value,
              GError **error)
{
  gsize row = 0;

  while (qrx_index_get (rows, row) != block_row)
    row++;
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
               "Block \"%s\": column \"%s\" of row \"%s\" is %s; features must be finite: leave the row or the column "
               "out, for a value filled in from all rows would let test rows speak to training rows",
               qrx_block_get_name (block), qrx_block_get_columns (block)[column], self->ids->items[row],
               isnan (value) ? "missing (NaN)" : "infinite");
}

/* The first number that is not finite; n if there is none. */
static gsize
find_unusable (const double *x, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += x[i] - x[i]; /* NaN if x is NaN or infinite */
  for (gsize i = 0; sum != 0 && i < n; i++)
    if (!isfinite (x[i]))
      return i;
  return n;
}

/* No model can do anything with a feature that is not finite, and some would turn it into a number that is wrong. */
static gboolean
check_finite (QrxTable *self, QrxBlock *block, QrxIndex *rows, GError **error)
{
  g_autoptr (QrxIndex) used = list_used (block, qrx_index_peek (rows), qrx_index_get_length (rows));
  gsize n_columns = qrx_block_get_n_columns (block), n_used = qrx_index_get_length (used);
  gsize n_batch = MIN (MAX (BATCH / MAX (n_columns, 1), 1), n_used);
  g_autoptr (QrxTensor) values = NULL;

  for (gsize first = 0; first < n_used && n_columns > 0; first += n_batch)
    {
      gsize n = MIN (n_batch, n_used - first), found;
      g_autoptr (QrxIndex) batch = qrx_index_new (qrx_index_peek (used) + first, n);

      if (values == NULL || qrx_tensor_get_rows (values) != n)
        {
          g_clear_object (&values);
          values = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, n_columns);
        }
      if (!qrx_block_read (block, batch, values, error))
        return FALSE;
      found = find_unusable (qrx_tensor_peek_f64 (values), n * n_columns);
      if (found < n * n_columns)
        {
          refuse_value (self, block, rows, qrx_index_get (batch, found / n_columns), found % n_columns,
                        qrx_tensor_peek_f64 (values)[found], error);
          return FALSE;
        }
    }
  return TRUE;
}

/* Adds what has been checked. */
void
qrx_table_take_block (QrxTable *self, QrxBlock *block, QrxIndex *rows)
{
  QrxTableBlock entry = { g_object_ref (block), g_object_ref (rows) };

  g_array_append_val (self->blocks, entry);
}

/* Other tables may share the names, so they are replaced. */
static void
append_names (QrxTable *self, QrxBlock *block)
{
  gsize n_columns = qrx_block_get_n_columns (block);
  GPtrArray *names = g_ptr_array_sized_new (self->feature_names->len + (guint) n_columns);

  for (guint i = 0; i + 1 < self->feature_names->len; i++)
    g_ptr_array_add (names, self->feature_names->pdata[i]);
  for (gsize i = 0; i < n_columns; i++)
    g_ptr_array_add (names, (gpointer) qrx_block_get_columns (block)[i]);
  g_ptr_array_add (names, NULL);
  g_ptr_array_unref (self->feature_names);
  self->feature_names = names;
}

/**
 * qrx_table_add_block:
 * @self: a table that is not yet published
 * @block: the block; its name and the names of its columns are new to the table
 * @rows: (nullable): for each row of the table the row of the block that holds its features; %NULL if row i is row i
 * @error: return location for an error
 *
 * Adds the columns of a block to the features of a table. The block is shared, not copied.
 *
 * Fails with %QRX_DATA_ERROR_COLUMN if a name is missing or taken, with %QRX_DATA_ERROR_SHAPE if the rows do not fit, and
 * with %QRX_DATA_ERROR_VALUE if a row that the table points to has a value that is missing or infinite.
 *
 * Returns: whether the block was added
 */
gboolean
qrx_table_add_block (QrxTable *self, QrxBlock *block, QrxIndex *rows, GError **error)
{
  g_autoptr (QrxIndex) all = NULL;

  g_return_val_if_fail (QRX_IS_TABLE (self) && QRX_IS_BLOCK (block), FALSE);
  g_return_val_if_fail (rows == NULL || QRX_IS_INDEX (rows), FALSE);
  g_return_val_if_fail (!qrx_value_is_frozen (QRX_VALUE (self)), FALSE);

  if (!check_block_name (self, qrx_block_get_name (block), error) || !check_rows (self, block, rows, error) ||
      !check_columns (self, block, error))
    return FALSE;
  if (rows == NULL)
    rows = all = qrx_index_new_range (0, self->ids->n);
  if (!check_finite (self, block, rows, error))
    return FALSE;
  qrx_table_take_block (self, block, rows);
  append_names (self, block);
  return TRUE;
}

/**
 * qrx_table_get_n_blocks:
 * @self: a table
 *
 * Gets the number of blocks of a table.
 *
 * Returns: how many blocks
 */
gsize
qrx_table_get_n_blocks (QrxTable *self)
{
  g_return_val_if_fail (QRX_IS_TABLE (self), 0);
  return self->blocks->len;
}

/**
 * qrx_table_get_block:
 * @self: a table
 * @i: a number, less than the number of blocks
 *
 * Gets a block of a table, in the order in which they were added.
 *
 * Returns: (transfer none): the block
 */
QrxBlock *
qrx_table_get_block (QrxTable *self, gsize i)
{
  g_return_val_if_fail (QRX_IS_TABLE (self), NULL);
  g_return_val_if_fail (i < self->blocks->len, NULL);
  return nth_block (self, i)->block;
}

/**
 * qrx_table_get_block_rows:
 * @self: a table
 * @i: a number, less than the number of blocks
 *
 * Gets which row of a block belongs to each row of the table.
 *
 * Returns: (transfer none): for each row of the table the row of the block
 */
QrxIndex *
qrx_table_get_block_rows (QrxTable *self, gsize i)
{
  g_return_val_if_fail (QRX_IS_TABLE (self), NULL);
  g_return_val_if_fail (i < self->blocks->len, NULL);
  return nth_block (self, i)->rows;
}

/**
 * qrx_table_get_n_features:
 * @self: a table
 *
 * Gets the number of columns of all blocks.
 *
 * Returns: how many features a row has
 */
gsize
qrx_table_get_n_features (QrxTable *self)
{
  g_return_val_if_fail (QRX_IS_TABLE (self), 0);
  return self->feature_names->len - 1;
}

/**
 * qrx_table_get_feature_names:
 * @self: a table
 *
 * Gets the names of the columns of all blocks.
 *
 * Returns: (transfer none) (array zero-terminated=1): the names, in the order in which features are read
 */
const char *const *
qrx_table_get_feature_names (QrxTable *self)
{
  g_return_val_if_fail (QRX_IS_TABLE (self), NULL);
  return (const char *const *) self->feature_names->pdata;
}

static gboolean
check_request (QrxTable *self, QrxIndex *rows, QrxTensor *out, GError **error)
{
  gsize n = qrx_index_get_length (rows), n_features = qrx_table_get_n_features (self);
  const guint *numbers = qrx_index_peek (rows);

  if (qrx_tensor_get_rank (out) != 2 || qrx_tensor_get_rows (out) != n || qrx_tensor_get_columns (out) != n_features)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                   "%" G_GSIZE_FORMAT " rows of %" G_GSIZE_FORMAT " features need a matrix of that shape, not a tensor of rank "
                   "%u with %" G_GSIZE_FORMAT " rows of %" G_GSIZE_FORMAT " elements",
                   n, n_features, qrx_tensor_get_rank (out), qrx_tensor_get_rows (out), qrx_tensor_get_columns (out));
      return FALSE;
    }
  if (qrx_tensor_is_read_only (out))
    {
      g_set_error_literal (error, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED,
                           "The tensor to fill with features is read-only; a writable one is needed");
      return FALSE;
    }
  for (gsize i = 0; i < n; i++)
    if (numbers[i] >= self->ids->n)
      {
        g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                     "Row %u was asked for, but the table has %" G_GSIZE_FORMAT " rows", numbers[i], self->ids->n);
        return FALSE;
      }
  return TRUE;
}

/* Copies a narrower matrix of the same element type into the columns of @out that start at @first. */
static void
copy_columns (QrxTensor *out, gsize first, QrxTensor *part)
{
  gsize size = qrx_dtype_get_size (qrx_tensor_get_dtype (out));
  gsize to_stride = qrx_tensor_get_columns (out) * size, from_stride = qrx_tensor_get_columns (part) * size;
  char *to = (char *) qrx_tensor_peek (out) + first * size;
  const char *from = qrx_tensor_peek (part);

  for (gsize i = 0; i < qrx_tensor_get_rows (out); i++)
    memcpy (to + i * to_stride, from + i * from_stride, from_stride);
}

/**
 * qrx_table_read_features:
 * @self: a table
 * @rows: rows of the table, in any order, repeated or not
 * @out: a writable tensor of shape (length of @rows, features) and either element type
 * @error: return location for an error
 *
 * Fills a tensor with the features of some rows, all blocks side by side.
 *
 * Fails with %QRX_DATA_ERROR_SHAPE if @out has another shape or a row does not exist, and with the error of a block that
 * cannot be read.
 *
 * Returns: whether @out was filled
 */
gboolean
qrx_table_read_features (QrxTable *self, QrxIndex *rows, QrxTensor *out, GError **error)
{
  gsize first = 0;

  g_return_val_if_fail (QRX_IS_TABLE (self), FALSE);
  g_return_val_if_fail (QRX_IS_INDEX (rows) && QRX_IS_TENSOR (out), FALSE);

  if (!check_request (self, rows, out, error))
    return FALSE;
  for (guint i = 0; i < self->blocks->len; i++)
    {
      QrxTableBlock *entry = nth_block (self, i);
      gsize n_columns = qrx_block_get_n_columns (entry->block);
      g_autoptr (QrxIndex) block_rows = qrx_index_select (entry->rows, rows);
      g_autoptr (QrxTensor) part = NULL;

      if (self->blocks->len == 1)
        return qrx_block_read (entry->block, block_rows, out, error);
      part = qrx_tensor_new_matrix (qrx_tensor_get_dtype (out), qrx_index_get_length (rows), n_columns);
      if (!qrx_block_read (entry->block, block_rows, part, error))
        return FALSE;
      copy_columns (out, first, part);
      first += n_columns;
    }
  return TRUE;
}

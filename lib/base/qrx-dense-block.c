/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The block whose numbers lie in memory, as one matrix. */
#include <qrx/qrx-dense-block.h>

#include <string.h>

struct _QrxDenseBlock {
  QrxBlock parent_instance;
  QrxTensor *values;
};

G_DEFINE_FINAL_TYPE (QrxDenseBlock, qrx_dense_block, QRX_TYPE_BLOCK)

static void
copy_row (gpointer to, QrxDtype to_type, gconstpointer from, QrxDtype from_type, gsize n)
{
  if (to_type == from_type)
    memcpy (to, from, n * qrx_dtype_get_size (to_type));
  else if (to_type == QRX_DTYPE_F64)
    for (gsize i = 0; i < n; i++)
      ((double *) to)[i] = (double) ((const float *) from)[i];
  else
    for (gsize i = 0; i < n; i++)
      ((float *) to)[i] = (float) ((const double *) from)[i];
}

static gboolean
qrx_dense_block_read (QrxBlock *block, QrxIndex *rows, QrxTensor *out, GError **error G_GNUC_UNUSED)
{
  QrxTensor *values = QRX_DENSE_BLOCK (block)->values;
  const guint *numbers = qrx_index_peek (rows);
  gsize n_columns = qrx_tensor_get_columns (values);
  QrxDtype from_type = qrx_tensor_get_dtype (values), to_type = qrx_tensor_get_dtype (out);
  gsize from_stride = n_columns * qrx_dtype_get_size (from_type), to_stride = n_columns * qrx_dtype_get_size (to_type);
  const char *from = qrx_tensor_peek (values);
  char *to = qrx_tensor_peek (out);

  for (gsize i = 0; i < qrx_index_get_length (rows); i++)
    copy_row (to + i * to_stride, to_type, from + numbers[i] * from_stride, from_type, n_columns);
  return TRUE;
}

static void
qrx_dense_block_dispose (GObject *object)
{
  g_clear_object (&QRX_DENSE_BLOCK (object)->values);
  G_OBJECT_CLASS (qrx_dense_block_parent_class)->dispose (object);
}

static void
qrx_dense_block_class_init (QrxDenseBlockClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = qrx_dense_block_dispose;
  QRX_BLOCK_CLASS (klass)->read = qrx_dense_block_read;
}

static void
qrx_dense_block_init (QrxDenseBlock *self G_GNUC_UNUSED)
{
}

static gboolean
check_columns (const char *name, const char *const *columns, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (gsize i = 0; columns[i] != NULL; i++)
    if (columns[i][0] == '\0')
      {
        g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
                     "Block \"%s\": column %" G_GSIZE_FORMAT " (counted from 1) has no name", name, i + 1);
        return FALSE;
      }
    else if (!g_hash_table_add (seen, (gpointer) columns[i]))
      {
        g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN, "Block \"%s\": column \"%s\" appears more than once",
                     name, columns[i]);
        return FALSE;
      }
  return TRUE;
}

/**
 * qrx_dense_block_new:
 * @name: the name of the block, such as "expression"
 * @columns: (array zero-terminated=1): the names of the columns, each once and none empty
 * @values: the numbers, of shape (rows, columns) and either element type; they become read-only
 * @error: return location for an error
 *
 * Makes a block over a matrix in memory, without copying it.
 *
 * Fails with %QRX_DATA_ERROR_COLUMN if a column name is empty or repeated, and with %QRX_DATA_ERROR_SHAPE if @values has
 * another shape than the names need.
 *
 * Returns: (transfer full): the block
 */
QrxBlock *
qrx_dense_block_new (const char *name, const char *const *columns, QrxTensor *values, GError **error)
{
  QrxDenseBlock *self;
  gsize n_columns;

  g_return_val_if_fail (name != NULL && columns != NULL && QRX_IS_TENSOR (values), NULL);

  n_columns = g_strv_length ((char **) columns);
  if (qrx_tensor_get_rank (values) != 2 || qrx_tensor_get_columns (values) != n_columns ||
      qrx_tensor_get_rows (values) > G_MAXUINT)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                   "Block \"%s\": %" G_GSIZE_FORMAT " column names need a matrix of that many columns, not a tensor of rank %u"
                   " with %" G_GSIZE_FORMAT " rows of %" G_GSIZE_FORMAT " elements",
                   name, n_columns, qrx_tensor_get_rank (values), qrx_tensor_get_rows (values),
                   qrx_tensor_get_columns (values));
      return NULL;
    }
  if (!check_columns (name, columns, error))
    return NULL;
  self = g_object_new (QRX_TYPE_DENSE_BLOCK, "name", name, "columns", columns, "n-rows",
                       (guint64) qrx_tensor_get_rows (values), NULL);
  qrx_tensor_set_read_only (values);
  self->values = g_object_ref (values);
  return QRX_BLOCK (self);
}

/**
 * qrx_dense_block_get_values:
 * @self: a dense block
 *
 * Gets the numbers of a dense block.
 *
 * Returns: (transfer none): the read-only matrix of shape (rows, columns)
 */
QrxTensor *
qrx_dense_block_get_values (QrxDenseBlock *self)
{
  g_return_val_if_fail (QRX_IS_DENSE_BLOCK (self), NULL);
  return self->values;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The door to feature blocks: all that an implementation of read() may rely on is checked here, and nothing it returns is
 * trusted. Knows nothing of where the numbers lie. */
#include <qrx/qrx-block.h>

typedef struct {
  char *name;
  char **columns;
  gsize n_columns;
  guint64 n_rows;
} QrxBlockPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (QrxBlock, qrx_block, G_TYPE_OBJECT)

enum {
  PROP_NAME = 1,
  PROP_COLUMNS,
  PROP_N_ROWS,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static void
qrx_block_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QrxBlockPrivate *priv = qrx_block_get_instance_private (QRX_BLOCK (object));

  switch (id)
    {
    case PROP_NAME:
      priv->name = g_value_dup_string (value);
      break;
    case PROP_COLUMNS:
      priv->columns = g_value_dup_boxed (value);
      if (priv->columns == NULL)
        priv->columns = g_new0 (char *, 1);
      priv->n_columns = g_strv_length (priv->columns);
      break;
    case PROP_N_ROWS:
      priv->n_rows = g_value_get_uint64 (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qrx_block_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QrxBlockPrivate *priv = qrx_block_get_instance_private (QRX_BLOCK (object));

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, priv->name);
      break;
    case PROP_COLUMNS:
      g_value_set_boxed (value, priv->columns);
      break;
    case PROP_N_ROWS:
      g_value_set_uint64 (value, priv->n_rows);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qrx_block_finalize (GObject *object)
{
  QrxBlockPrivate *priv = qrx_block_get_instance_private (QRX_BLOCK (object));

  g_free (priv->name);
  g_strfreev (priv->columns);
  G_OBJECT_CLASS (qrx_block_parent_class)->finalize (object);
}

static void
qrx_block_class_init (QrxBlockClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->set_property = qrx_block_set_property;
  object_class->get_property = qrx_block_get_property;
  object_class->finalize = qrx_block_finalize;

  /**
   * QrxBlock:name:
   *
   * The name of the block, such as "expression".
   */
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, "", flags);
  /**
   * QrxBlock:columns:
   *
   * The names of the columns, in order.
   */
  properties[PROP_COLUMNS] = g_param_spec_boxed ("columns", NULL, NULL, G_TYPE_STRV, flags);
  /**
   * QrxBlock:n-rows:
   *
   * The number of rows of the block, which need not be that of a table that points into it.
   */
  properties[PROP_N_ROWS] = g_param_spec_uint64 ("n-rows", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
qrx_block_init (QrxBlock *self G_GNUC_UNUSED)
{
}

/**
 * qrx_block_get_name:
 * @self: a block
 *
 * Gets the name of a block.
 *
 * Returns: the name, such as "expression"
 */
const char *
qrx_block_get_name (QrxBlock *self)
{
  QrxBlockPrivate *priv = qrx_block_get_instance_private (self);

  g_return_val_if_fail (QRX_IS_BLOCK (self), NULL);
  return priv->name;
}

/**
 * qrx_block_get_n_rows:
 * @self: a block
 *
 * Gets the number of rows of a block.
 *
 * Returns: how many rows
 */
gsize
qrx_block_get_n_rows (QrxBlock *self)
{
  QrxBlockPrivate *priv = qrx_block_get_instance_private (self);

  g_return_val_if_fail (QRX_IS_BLOCK (self), 0);
  return (gsize) priv->n_rows;
}

/**
 * qrx_block_get_n_columns:
 * @self: a block
 *
 * Gets the number of columns of a block.
 *
 * Returns: how many columns
 */
gsize
qrx_block_get_n_columns (QrxBlock *self)
{
  QrxBlockPrivate *priv = qrx_block_get_instance_private (self);

  g_return_val_if_fail (QRX_IS_BLOCK (self), 0);
  return priv->n_columns;
}

/**
 * qrx_block_get_columns:
 * @self: a block
 *
 * Gets the names of a block's columns.
 *
 * Returns: (transfer none) (array zero-terminated=1): the names, in order
 */
const char *const *
qrx_block_get_columns (QrxBlock *self)
{
  QrxBlockPrivate *priv = qrx_block_get_instance_private (self);

  g_return_val_if_fail (QRX_IS_BLOCK (self), NULL);
  return (const char *const *) priv->columns;
}

/* What read() may rely on: a writable matrix of the right shape, and rows that exist. */
static gboolean
check_request (QrxBlockPrivate *priv, QrxIndex *rows, QrxTensor *out, GError **error)
{
  gsize n = qrx_index_get_length (rows);
  const guint *numbers = qrx_index_peek (rows);

  if (qrx_tensor_get_rank (out) != 2 || qrx_tensor_get_rows (out) != n || qrx_tensor_get_columns (out) != priv->n_columns)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                   "Block \"%s\": %" G_GSIZE_FORMAT " rows of %" G_GSIZE_FORMAT
                   " columns need a matrix of that shape, not a tensor of rank %u with %" G_GSIZE_FORMAT
                   " rows of %" G_GSIZE_FORMAT " elements",
                   priv->name, n, priv->n_columns, qrx_tensor_get_rank (out), qrx_tensor_get_rows (out),
                   qrx_tensor_get_columns (out));
      return FALSE;
    }
  if (qrx_tensor_is_read_only (out))
    {
      g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED,
                   "Block \"%s\": the tensor to fill is read-only; a writable one is needed", priv->name);
      return FALSE;
    }
  for (gsize i = 0; i < n; i++)
    if (numbers[i] >= priv->n_rows)
      {
        g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                     "Block \"%s\": row %u was asked for, but it has %" G_GUINT64_FORMAT " rows", priv->name, numbers[i],
                     priv->n_rows);
        return FALSE;
      }
  return TRUE;
}

/**
 * qrx_block_read:
 * @self: a block
 * @rows: row numbers of the block, in any order, repeated or not
 * @out: a writable tensor of shape (length of @rows, columns) and either element type
 * @error: return location for an error
 *
 * Fills a tensor with rows of a block.
 *
 * Fails with %QRX_DATA_ERROR_SHAPE if @out has another shape or a row does not exist, with %QRX_RUN_ERROR_FAILED if the
 * block fails without an error of its own, and with whatever error the block sets.
 *
 * Returns: whether @out was filled
 */
gboolean
qrx_block_read (QrxBlock *self, QrxIndex *rows, QrxTensor *out, GError **error)
{
  QrxBlockPrivate *priv = qrx_block_get_instance_private (self);
  g_autoptr (GError) local_error = NULL;
  gboolean done;

  g_return_val_if_fail (QRX_IS_BLOCK (self), FALSE);
  g_return_val_if_fail (QRX_IS_INDEX (rows) && QRX_IS_TENSOR (out), FALSE);

  if (!check_request (priv, rows, out, error))
    return FALSE;
  if (QRX_BLOCK_GET_CLASS (self)->read == NULL)
    {
      g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED, "Block \"%s\": its type %s has no read()", priv->name,
                   G_OBJECT_TYPE_NAME (self));
      return FALSE;
    }
  done = QRX_BLOCK_GET_CLASS (self)->read (self, rows, out, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (!done)
    g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED, "Block \"%s\" failed without saying why", priv->name);
  return done;
}

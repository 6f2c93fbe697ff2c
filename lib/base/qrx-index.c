/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Row numbers as an object, so that bindings can pass and keep them. Knows nothing of what the rows belong to. */
#include <qrx/qrx-index.h>

#include <string.h>

struct _QrxIndex {
  GObject parent_instance;
  gsize n_rows;
  guint *rows;
};

G_DEFINE_FINAL_TYPE (QrxIndex, qrx_index, G_TYPE_OBJECT)

static void
qrx_index_finalize (GObject *object)
{
  g_free (QRX_INDEX (object)->rows);
  G_OBJECT_CLASS (qrx_index_parent_class)->finalize (object);
}

static void
qrx_index_class_init (QrxIndexClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_index_finalize;
}

static void
qrx_index_init (QrxIndex *self G_GNUC_UNUSED)
{
}

static QrxIndex *
new_uninitialized (gsize n_rows)
{
  QrxIndex *self = g_object_new (QRX_TYPE_INDEX, NULL);

  self->n_rows = n_rows;
  self->rows = g_new (guint, MAX (n_rows, 1));
  return self;
}

/**
 * qrx_index_new:
 * @rows: (array length=n_rows): the row numbers, in any order, repeated or not; they are copied
 * @n_rows: how many
 *
 * Makes a list of row numbers.
 *
 * Returns: (transfer full): the index
 */
QrxIndex *
qrx_index_new (const guint *rows, gsize n_rows)
{
  QrxIndex *self;

  g_return_val_if_fail (rows != NULL || n_rows == 0, NULL);

  self = new_uninitialized (n_rows);
  if (n_rows > 0)
    memcpy (self->rows, rows, n_rows * sizeof *rows);
  return self;
}

/**
 * qrx_index_new_range:
 * @first: the first row number
 * @n_rows: how many
 *
 * Makes the list of the @n_rows consecutive row numbers that start at @first.
 *
 * Returns: (transfer full): the index
 */
QrxIndex *
qrx_index_new_range (guint first, gsize n_rows)
{
  QrxIndex *self;

  g_return_val_if_fail (n_rows == 0 || n_rows - 1 <= G_MAXUINT - first, NULL);

  self = new_uninitialized (n_rows);
  for (gsize i = 0; i < n_rows; i++)
    self->rows[i] = first + (guint) i;
  return self;
}

/**
 * qrx_index_get_length:
 * @self: an index
 *
 * Gets the number of rows in an index.
 *
 * Returns: how many row numbers there are
 */
gsize
qrx_index_get_length (QrxIndex *self)
{
  g_return_val_if_fail (QRX_IS_INDEX (self), 0);
  return self->n_rows;
}

/**
 * qrx_index_get:
 * @self: an index
 * @position: a position, less than the length
 *
 * Gets one row number.
 *
 * Returns: the row number at @position
 */
guint
qrx_index_get (QrxIndex *self, gsize position)
{
  g_return_val_if_fail (QRX_IS_INDEX (self), 0);
  g_return_val_if_fail (position < self->n_rows, 0);
  return self->rows[position];
}

/**
 * qrx_index_select:
 * @self: an index
 * @selection: positions in @self, each less than its length
 *
 * Takes the rows of @self that @selection names, in its order: result[i] = self[selection[i]].
 *
 * Returns: (transfer full): the index, as long as @selection
 */
QrxIndex *
qrx_index_select (QrxIndex *self, QrxIndex *selection)
{
  g_autoptr (QrxIndex) selected = NULL;

  g_return_val_if_fail (QRX_IS_INDEX (self) && QRX_IS_INDEX (selection), NULL);

  selected = new_uninitialized (selection->n_rows);
  for (gsize i = 0; i < selection->n_rows; i++)
    {
      g_return_val_if_fail (selection->rows[i] < self->n_rows, NULL);
      selected->rows[i] = self->rows[selection->rows[i]];
    }
  return g_steal_pointer (&selected);
}

/**
 * qrx_index_peek: (skip)
 * @self: an index
 *
 * Returns: the row numbers; valid while @self lives
 */
const guint *
qrx_index_peek (QrxIndex *self)
{
  g_return_val_if_fail (QRX_IS_INDEX (self), NULL);
  return self->rows;
}

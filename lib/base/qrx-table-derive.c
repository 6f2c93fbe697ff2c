/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables made from a table: some of its rows, or its rows with roles. Blocks are shared, never copied. */
#include "base/qrx-table-private.h"

static GBytes *
select_roles (GBytes *roles, QrxIndex *rows)
{
  const guint8 *from = g_bytes_get_data (roles, NULL);
  gsize n = qrx_index_get_length (rows);
  guint8 *to = g_malloc (MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    to[i] = from[qrx_index_get (rows, i)];
  return g_bytes_new_take (to, n);
}

static QrxTensor *
select_values (QrxTensor *values, QrxIndex *rows)
{
  gsize n = qrx_index_get_length (rows);
  QrxTensor *selected = qrx_tensor_new (QRX_DTYPE_F64, &n, 1);
  const double *from = qrx_tensor_peek_f64 (values);
  double *to = qrx_tensor_peek_f64 (selected);

  for (gsize i = 0; i < n; i++)
    to[i] = from[qrx_index_get (rows, i)];
  return selected;
}

/* The rows of @self that @rows names, all of them if it is %NULL; without roles. */
static QrxTable *
derive (QrxTable *self, QrxIndex *rows)
{
  QrxTable *derived = g_object_new (QRX_TYPE_TABLE, NULL);

  derived->unseen = self->unseen;
  derived->ids = rows != NULL ? qrx_strings_select (self->ids, rows) : qrx_strings_ref (self->ids);
  g_ptr_array_unref (derived->feature_names);
  derived->feature_names = g_ptr_array_ref (self->feature_names);
  for (guint i = 0; i < self->blocks->len; i++)
    {
      QrxTableBlock *entry = &g_array_index (self->blocks, QrxTableBlock, i);
      g_autoptr (QrxIndex) selected = rows != NULL ? qrx_index_select (entry->rows, rows) : g_object_ref (entry->rows);

      qrx_table_take_block (derived, entry->block, selected);
    }
  for (guint i = 0; i < self->annotations->len; i++)
    {
      QrxTableAnnotation *entry = &g_array_index (self->annotations, QrxTableAnnotation, i);

      qrx_table_take_annotation (derived, entry->name,
                                 rows != NULL ? qrx_strings_select (entry->values, rows) : qrx_strings_ref (entry->values));
    }
  for (guint i = 0; i < self->targets->len; i++)
    {
      QrxTableTarget *entry = &g_array_index (self->targets, QrxTableTarget, i);
      g_autoptr (QrxTensor) selected = rows != NULL ? select_values (entry->values, rows) : g_object_ref (entry->values);

      qrx_table_take_target (derived, entry->name, entry->unit, entry->orientation, selected);
    }
  for (guint i = 0; i + 1 < self->note_keys->len; i++)
    qrx_table_set_note (derived, self->note_keys->pdata[i], qrx_table_get_note (self, self->note_keys->pdata[i]));
  return derived;
}

/* Every row exists, and none is taken twice, for ids are unique. */
static gboolean
is_subset (QrxIndex *rows, gsize n_rows)
{
  g_autofree guint8 *taken = g_malloc0 (MAX (n_rows, 1));

  for (gsize i = 0; i < qrx_index_get_length (rows); i++)
    {
      guint row = qrx_index_get (rows, i);

      if (row >= n_rows || taken[row])
        return FALSE;
      taken[row] = TRUE;
    }
  return TRUE;
}

/**
 * qrx_table_select_rows:
 * @self: a table
 * @rows: rows of the table, in any order, each at most once
 *
 * Makes the table of some rows, with their features, annotations, targets and roles. Blocks are shared, not copied.
 *
 * Returns: (transfer full): the table, not yet published
 */
QrxTable *
qrx_table_select_rows (QrxTable *self, QrxIndex *rows)
{
  QrxTable *derived;

  g_return_val_if_fail (QRX_IS_TABLE (self) && QRX_IS_INDEX (rows), NULL);
  g_return_val_if_fail (is_subset (rows, self->ids->n), NULL);

  derived = derive (self, rows);
  if (self->roles != NULL)
    derived->roles = select_roles (self->roles, rows);
  return derived;
}

/**
 * qrx_table_with_targets_of:
 * @self: a table
 * @rows: as many rows as the table has; row i receives the targets of row @rows[i]
 *
 * Makes the table of the same rows with each other's targets, as a permutation test needs it. Roles are kept.
 *
 * Returns: (transfer full): the table, not yet published
 */
QrxTable *
qrx_table_with_targets_of (QrxTable *self, QrxIndex *rows)
{
  QrxTable *derived;

  g_return_val_if_fail (QRX_IS_TABLE (self) && QRX_IS_INDEX (rows), NULL);
  g_return_val_if_fail (qrx_index_get_length (rows) == self->ids->n, NULL);

  derived = derive (self, NULL);
  for (guint i = 0; i < derived->targets->len; i++)
    {
      QrxTableTarget *target = &g_array_index (derived->targets, QrxTableTarget, i);
      QrxTensor *values = select_values (target->values, rows);

      g_object_unref (target->values);
      target->values = values;
    }
  if (self->roles != NULL)
    derived->roles = g_bytes_ref (self->roles);
  return derived;
}

static gboolean
check_roles (QrxTable *self, GBytes *roles, GError **error)
{
  gsize n;
  const guint8 *data = g_bytes_get_data (roles, &n);

  if (n != self->ids->n)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                   "There are %" G_GSIZE_FORMAT " roles, but the table has %" G_GSIZE_FORMAT " rows", n, self->ids->n);
      return FALSE;
    }
  for (gsize i = 0; i < n; i++)
    if (data[i] == QRX_ROLE_NONE || data[i] >= QRX_N_ROLES)
      {
        g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                     "Row \"%s\" is given the role %u; a split table needs train (%d), validation (%d), test (%d), "
                     "external (%d) or calibration (%d)", self->ids->items[i], data[i], QRX_ROLE_TRAIN,
                     QRX_ROLE_VALIDATION, QRX_ROLE_TEST, QRX_ROLE_EXTERNAL, QRX_ROLE_CALIBRATION);
        return FALSE;
      }
  return TRUE;
}

/**
 * qrx_table_set_unseen:
 * @self: a table that is not published
 * @unseen: what is new in the rows that are held back
 *
 * Says what the roles of a table keep apart, by which models later tell whether a row is new to them.
 */
void
qrx_table_set_unseen (QrxTable *self, QrxUnseen unseen)
{
  g_return_if_fail (QRX_IS_TABLE (self));
  g_return_if_fail (!qrx_value_is_frozen (QRX_VALUE (self)));
  self->unseen = unseen;
}

/**
 * qrx_table_get_unseen:
 * @self: a table
 *
 * Returns: what the roles keep apart
 */
QrxUnseen
qrx_table_get_unseen (QrxTable *self)
{
  g_return_val_if_fail (QRX_IS_TABLE (self), QRX_UNSEEN_LINES);
  return self->unseen;
}

/**
 * qrx_table_with_roles:
 * @self: a table
 * @roles: one byte a row, each a #QrxRole other than %QRX_ROLE_NONE
 * @error: return location for an error
 *
 * Makes the table of the same rows with roles, in place of those that it may have had.
 *
 * Fails with %QRX_DATA_ERROR_SHAPE if there is not one role a row and with %QRX_DATA_ERROR_VALUE if one is not a role.
 *
 * Returns: (transfer full): the split table, not yet published
 */
QrxTable *
qrx_table_with_roles (QrxTable *self, GBytes *roles, GError **error)
{
  QrxTable *derived;

  g_return_val_if_fail (QRX_IS_TABLE (self) && roles != NULL, NULL);

  if (!check_roles (self, roles, error))
    return NULL;
  derived = derive (self, NULL);
  derived->roles = g_bytes_ref (roles);
  return derived;
}

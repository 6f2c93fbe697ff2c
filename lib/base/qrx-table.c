/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table itself: its rows, their ids and roles, and the notes on where it came from. Its features, annotations and
 * targets, and what derives a table from another, are in the qrx-table-*.c beside this file. */
#include "base/qrx-table-private.h"

G_DEFINE_FINAL_TYPE (QrxTable, qrx_table, QRX_TYPE_VALUE)

static void
clear_block (gpointer data)
{
  QrxTableBlock *block = data;

  g_clear_object (&block->block);
  g_clear_object (&block->rows);
}

static void
clear_annotation (gpointer data)
{
  QrxTableAnnotation *annotation = data;

  g_clear_pointer (&annotation->name, g_free);
  g_clear_pointer (&annotation->values, qrx_strings_unref);
}

static void
clear_target (gpointer data)
{
  QrxTableTarget *target = data;

  g_clear_pointer (&target->name, g_free);
  g_clear_pointer (&target->unit, g_free);
  g_clear_object (&target->values);
}

static void
qrx_table_finalize (GObject *object)
{
  QrxTable *self = QRX_TABLE (object);

  g_clear_pointer (&self->ids, qrx_strings_unref);
  g_clear_pointer (&self->roles, g_bytes_unref);
  g_ptr_array_unref (self->feature_names);
  g_array_unref (self->blocks);
  g_ptr_array_unref (self->annotation_names);
  g_array_unref (self->annotations);
  g_array_unref (self->targets);
  g_ptr_array_unref (self->note_keys);
  g_hash_table_unref (self->notes);
  G_OBJECT_CLASS (qrx_table_parent_class)->finalize (object);
}

static char *
qrx_table_describe (QrxValue *value)
{
  QrxTable *self = QRX_TABLE (value);

  return g_strdup_printf ("%s[%" G_GSIZE_FORMAT " rows, %" G_GSIZE_FORMAT " features]",
                          self->roles != NULL ? "table:split" : "table", self->ids->n, qrx_table_get_n_features (self));
}

/* A split table carries the quantity that "table:split" asks for. */
static const char *
qrx_table_get_quantity (QrxValue *value)
{
  return QRX_TABLE (value)->roles != NULL ? "split" : NULL;
}

static gint64
qrx_table_get_dim (QrxValue *value, guint axis)
{
  QrxTable *self = QRX_TABLE (value);

  return axis == 0 ? (gint64) self->ids->n : axis == 1 ? (gint64) qrx_table_get_n_features (self) : -1;
}

static void
qrx_table_class_init (QrxTableClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_table_finalize;
  QRX_VALUE_CLASS (klass)->kind = "table";
  QRX_VALUE_CLASS (klass)->describe = qrx_table_describe;
  QRX_VALUE_CLASS (klass)->get_quantity = qrx_table_get_quantity;
  QRX_VALUE_CLASS (klass)->get_dim = qrx_table_get_dim;
}

static GPtrArray *
new_names (GDestroyNotify free_func)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (free_func);

  g_ptr_array_add (names, NULL);
  return names;
}

static void
qrx_table_init (QrxTable *self)
{
  self->blocks = g_array_new (FALSE, TRUE, sizeof (QrxTableBlock));
  g_array_set_clear_func (self->blocks, clear_block);
  self->annotations = g_array_new (FALSE, TRUE, sizeof (QrxTableAnnotation));
  g_array_set_clear_func (self->annotations, clear_annotation);
  self->targets = g_array_new (FALSE, TRUE, sizeof (QrxTableTarget));
  g_array_set_clear_func (self->targets, clear_target);
  self->feature_names = new_names (NULL);
  self->annotation_names = new_names (NULL);
  self->note_keys = new_names (NULL);
  self->notes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * qrx_role_get_name:
 * @role: a role
 *
 * Gets the name of a role as metrics and files write it.
 *
 * Returns: "none", "train", "validation", "test", "external" or "calibration"
 */
const char *
qrx_role_get_name (QrxRole role)
{
  static const char *const names[QRX_N_ROLES] = { "none", "train", "validation", "test", "external", "calibration" };

  g_return_val_if_fail ((guint) role < QRX_N_ROLES, NULL);
  return names[role];
}

/**
 * qrx_orientation_get_name:
 * @orientation: an orientation
 *
 * Gets the name of an orientation as metrics and files write it.
 *
 * Returns: "none", "low-is-sensitive" or "high-is-sensitive"
 */
const char *
qrx_orientation_get_name (QrxOrientation orientation)
{
  static const char *const names[] = { "none", "low-is-sensitive", "high-is-sensitive" };

  g_return_val_if_fail ((guint) orientation < G_N_ELEMENTS (names), NULL);
  return names[orientation];
}

static gboolean
check_ids (const char *const *ids, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  if (ids[0] == NULL)
    {
      g_set_error_literal (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY, "A table needs at least one row");
      return FALSE;
    }
  for (gsize i = 0; ids[i] != NULL; i++)
    if (ids[i][0] == '\0')
      {
        g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                     "The id of row %" G_GSIZE_FORMAT " (counted from 1) is empty; every row needs one of its own", i + 1);
        return FALSE;
      }
    else if (!g_hash_table_add (seen, (gpointer) ids[i]))
      {
        g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                     "The row id \"%s\" appears more than once; every row needs one of its own", ids[i]);
        return FALSE;
      }
  return TRUE;
}

/**
 * qrx_table_new:
 * @ids: (array zero-terminated=1): the ids of the rows, each once and none empty
 * @error: return location for an error
 *
 * Makes a table of rows without features, annotations or targets, to which they are then added until it is published.
 *
 * Fails with %QRX_DATA_ERROR_EMPTY if there are no rows and with %QRX_DATA_ERROR_VALUE if an id is empty or repeated.
 *
 * Returns: (transfer full): the table
 */
QrxTable *
qrx_table_new (const char *const *ids, GError **error)
{
  QrxTable *self;

  g_return_val_if_fail (ids != NULL, NULL);

  if (!check_ids (ids, error))
    return NULL;
  self = g_object_new (QRX_TYPE_TABLE, NULL);
  self->ids = qrx_strings_new (ids, g_strv_length ((char **) ids));
  return self;
}

/**
 * qrx_table_get_n_rows:
 * @self: a table
 *
 * Gets the number of rows of a table.
 *
 * Returns: how many rows
 */
gsize
qrx_table_get_n_rows (QrxTable *self)
{
  g_return_val_if_fail (QRX_IS_TABLE (self), 0);
  return self->ids->n;
}

/**
 * qrx_table_get_id:
 * @self: a table
 * @row: a row, less than the number of rows
 *
 * Gets the id of a row.
 *
 * Returns: the id
 */
const char *
qrx_table_get_id (QrxTable *self, gsize row)
{
  g_return_val_if_fail (QRX_IS_TABLE (self), NULL);
  g_return_val_if_fail (row < self->ids->n, NULL);
  return self->ids->items[row];
}

/**
 * qrx_table_get_ids:
 * @self: a table
 *
 * Gets the ids of all rows.
 *
 * Returns: (transfer none) (array zero-terminated=1): the ids, in the order of the rows
 */
const char *const *
qrx_table_get_ids (QrxTable *self)
{
  g_return_val_if_fail (QRX_IS_TABLE (self), NULL);
  return (const char *const *) self->ids->items;
}

/**
 * qrx_table_is_split:
 * @self: a table
 *
 * Tells whether the rows of a table have roles, which makes it a `table:split`.
 *
 * Returns: whether the rows have roles
 */
gboolean
qrx_table_is_split (QrxTable *self)
{
  g_return_val_if_fail (QRX_IS_TABLE (self), FALSE);
  return self->roles != NULL;
}

static const guint8 *
peek_roles (QrxTable *self)
{
  return self->roles != NULL ? g_bytes_get_data (self->roles, NULL) : NULL;
}

/**
 * qrx_table_get_role:
 * @self: a table
 * @row: a row, less than the number of rows
 *
 * Gets the role of a row.
 *
 * Returns: the role; %QRX_ROLE_NONE if the table is not split
 */
QrxRole
qrx_table_get_role (QrxTable *self, gsize row)
{
  const guint8 *roles;

  g_return_val_if_fail (QRX_IS_TABLE (self), QRX_ROLE_NONE);
  g_return_val_if_fail (row < self->ids->n, QRX_ROLE_NONE);
  roles = peek_roles (self);
  return roles != NULL ? (QrxRole) roles[row] : QRX_ROLE_NONE;
}

/**
 * qrx_table_rows_of_role:
 * @self: a table
 * @role: a role
 *
 * Lists the rows that have a role, in the order of the table.
 *
 * Returns: (transfer full): the row numbers; of a table that is not split, all for %QRX_ROLE_NONE and none else
 */
QrxIndex *
qrx_table_rows_of_role (QrxTable *self, QrxRole role)
{
  const guint8 *roles;
  g_autofree guint *rows = NULL;
  gsize n = 0;

  g_return_val_if_fail (QRX_IS_TABLE (self), NULL);
  roles = peek_roles (self);
  rows = g_new (guint, MAX (self->ids->n, 1));
  for (gsize i = 0; i < self->ids->n; i++)
    if ((roles != NULL ? (QrxRole) roles[i] : QRX_ROLE_NONE) == role)
      rows[n++] = (guint) i;
  return qrx_index_new (rows, n);
}

/**
 * qrx_table_set_note:
 * @self: a table that is not yet published
 * @key: what the note is of, such as "expression.sha256"
 * @text: the note
 *
 * Notes where the table came from; notes are carried into resolved files, models and reports. A key has one text, the
 * last one set.
 */
void
qrx_table_set_note (QrxTable *self, const char *key, const char *text)
{
  char *own_key;

  g_return_if_fail (QRX_IS_TABLE (self) && key != NULL && text != NULL);
  g_return_if_fail (!qrx_value_is_frozen (QRX_VALUE (self)));

  if (g_hash_table_contains (self->notes, key))
    {
      g_hash_table_insert (self->notes, g_strdup (key), g_strdup (text)); /* keeps the key it has */
      return;
    }
  own_key = g_strdup (key);
  g_hash_table_insert (self->notes, own_key, g_strdup (text));
  g_ptr_array_insert (self->note_keys, (int) self->note_keys->len - 1, own_key);
}

/**
 * qrx_table_get_note_keys:
 * @self: a table
 *
 * Lists the keys of the notes.
 *
 * Returns: (transfer none) (array zero-terminated=1): the keys, in the order in which they were first set
 */
const char *const *
qrx_table_get_note_keys (QrxTable *self)
{
  g_return_val_if_fail (QRX_IS_TABLE (self), NULL);
  return (const char *const *) self->note_keys->pdata;
}

/**
 * qrx_table_get_note:
 * @self: a table
 * @key: a key
 *
 * Gets the text of a note.
 *
 * Returns: (nullable): the text, %NULL if there is none of that key
 */
const char *
qrx_table_get_note (QrxTable *self, const char *key)
{
  g_return_val_if_fail (QRX_IS_TABLE (self) && key != NULL, NULL);
  return g_hash_table_lookup (self->notes, key);
}

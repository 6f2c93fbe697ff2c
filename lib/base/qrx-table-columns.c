/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a table says of its rows beside features: annotations, which are text, and targets, which are measured. */
#include "base/qrx-table-private.h"

#include <qrx/qrx-suggest.h>

#include <math.h>

static QrxTableAnnotation *
find_annotation (QrxTable *self, const char *name)
{
  for (guint i = 0; i < self->annotations->len; i++)
    {
      QrxTableAnnotation *annotation = &g_array_index (self->annotations, QrxTableAnnotation, i);

      if (g_str_equal (annotation->name, name))
        return annotation;
    }
  return NULL;
}

/* Adds what has been checked; takes @values. */
void
qrx_table_take_annotation (QrxTable *self, const char *name, QrxStrings *values)
{
  QrxTableAnnotation entry = { g_strdup (name), values };

  g_array_append_val (self->annotations, entry);
  g_ptr_array_insert (self->annotation_names, (int) self->annotation_names->len - 1, entry.name);
}

/**
 * qrx_table_add_annotation:
 * @self: a table that is not yet published
 * @name: the name of the annotation, such as %QRX_ANNOTATION_TISSUE, new to the table
 * @values: (array zero-terminated=1): one text for each row; "" where it is unknown
 * @error: return location for an error
 *
 * Adds an annotation to the rows of a table.
 *
 * Fails with %QRX_DATA_ERROR_COLUMN if @name is empty or taken and with %QRX_DATA_ERROR_SHAPE if there are more or fewer
 * values than rows.
 *
 * Returns: whether the annotation was added
 */
gboolean
qrx_table_add_annotation (QrxTable *self, const char *name, const char *const *values, GError **error)
{
  gsize n_values;

  g_return_val_if_fail (QRX_IS_TABLE (self) && name != NULL && values != NULL, FALSE);
  g_return_val_if_fail (!qrx_value_is_frozen (QRX_VALUE (self)), FALSE);

  if (name[0] == '\0' || find_annotation (self, name) != NULL)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
                   "The annotation name \"%s\" is %s; it must be new to the table", name,
                   name[0] == '\0' ? "empty" : "taken");
      return FALSE;
    }
  n_values = g_strv_length ((char **) values);
  if (n_values != self->ids->n)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                   "Annotation \"%s\" has %" G_GSIZE_FORMAT " values, but the table has %" G_GSIZE_FORMAT " rows", name,
                   n_values, self->ids->n);
      return FALSE;
    }
  qrx_table_take_annotation (self, name, qrx_strings_new_unknown_as_null (values, n_values));
  return TRUE;
}

/**
 * qrx_table_get_annotation_names:
 * @self: a table
 *
 * Lists the annotations of a table.
 *
 * Returns: (transfer none) (array zero-terminated=1): the names, in the order in which they were added
 */
const char *const *
qrx_table_get_annotation_names (QrxTable *self)
{
  g_return_val_if_fail (QRX_IS_TABLE (self), NULL);
  return (const char *const *) self->annotation_names->pdata;
}

/**
 * qrx_table_has_annotation:
 * @self: a table
 * @name: a name
 *
 * Tells whether the rows of a table have an annotation.
 *
 * Returns: whether there is an annotation of that name
 */
gboolean
qrx_table_has_annotation (QrxTable *self, const char *name)
{
  g_return_val_if_fail (QRX_IS_TABLE (self) && name != NULL, FALSE);
  return find_annotation (self, name) != NULL;
}

/**
 * qrx_table_get_annotation:
 * @self: a table
 * @name: a name
 * @row: a row, less than the number of rows
 *
 * Gets the text of an annotation.
 *
 * Returns: (nullable): the text; %NULL if it is unknown for this row, or if there is no annotation of that name
 */
const char *
qrx_table_get_annotation (QrxTable *self, const char *name, gsize row)
{
  QrxTableAnnotation *annotation;

  g_return_val_if_fail (QRX_IS_TABLE (self) && name != NULL, NULL);
  g_return_val_if_fail (row < self->ids->n, NULL);
  annotation = find_annotation (self, name);
  return annotation != NULL ? annotation->values->items[row] : NULL;
}

/* Adds what has been checked. */
void
qrx_table_take_target (QrxTable *self, const char *name, const char *unit, QrxOrientation orientation, QrxTensor *values)
{
  QrxTableTarget entry = { g_strdup (name), g_strdup (unit), orientation, g_object_ref (values) };

  qrx_tensor_set_read_only (values);
  g_array_append_val (self->targets, entry);
}

static gboolean
check_target (QrxTable *self, const char *name, QrxTensor *values, GError **error)
{
  gsize n = qrx_tensor_get_n_elements (values);

  if (name[0] == '\0' || qrx_table_find_target (self, name) >= 0)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
                   "The target name \"%s\" is %s; it must be new to the table", name,
                   name[0] == '\0' ? "empty" : "taken");
      return FALSE;
    }
  if (qrx_tensor_get_dtype (values) != QRX_DTYPE_F64 || n != self->ids->n || qrx_tensor_get_rows (values) != n)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                   "Target \"%s\" needs %" G_GSIZE_FORMAT " values of float64, one a row, not %" G_GSIZE_FORMAT " rows of %"
                   G_GSIZE_FORMAT " values of %s", name, self->ids->n, qrx_tensor_get_rows (values),
                   qrx_tensor_get_columns (values), qrx_dtype_get_name (qrx_tensor_get_dtype (values)));
      return FALSE;
    }
  for (gsize i = 0; i < n; i++)
    if (isinf (qrx_tensor_peek_f64 (values)[i]))
      {
        g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                     "Target \"%s\" is infinite for row \"%s\"; a finite value is needed, or NaN where it is missing", name,
                     self->ids->items[i]);
        return FALSE;
      }
  return TRUE;
}

/**
 * qrx_table_add_target:
 * @self: a table that is not yet published
 * @name: the name of the target, such as "ln-ic50", new to the table
 * @unit: its unit, such as "ln µM"; "" if it has none
 * @orientation: which end means sensitive
 * @values: float64, of shape (rows) or (rows, 1), in the unit; NaN where it was not measured. They become read-only
 * @error: return location for an error
 *
 * Adds a measured response to the rows of a table.
 *
 * Fails with %QRX_DATA_ERROR_COLUMN if @name is empty or taken, with %QRX_DATA_ERROR_SHAPE if there is not one float64
 * value a row, and with %QRX_DATA_ERROR_VALUE if a value is infinite.
 *
 * Returns: whether the target was added
 */
gboolean
qrx_table_add_target (QrxTable *self, const char *name, const char *unit, QrxOrientation orientation, QrxTensor *values,
                      GError **error)
{
  g_return_val_if_fail (QRX_IS_TABLE (self) && name != NULL && unit != NULL && QRX_IS_TENSOR (values), FALSE);
  g_return_val_if_fail (!qrx_value_is_frozen (QRX_VALUE (self)), FALSE);

  if (!check_target (self, name, values, error))
    return FALSE;
  qrx_table_take_target (self, name, unit, orientation, values);
  return TRUE;
}

/**
 * qrx_table_get_n_targets:
 * @self: a table
 *
 * Gets the number of targets of a table.
 *
 * Returns: how many targets
 */
gsize
qrx_table_get_n_targets (QrxTable *self)
{
  g_return_val_if_fail (QRX_IS_TABLE (self), 0);
  return self->targets->len;
}

static QrxTableTarget *
nth_target (QrxTable *self, gsize target)
{
  g_return_val_if_fail (QRX_IS_TABLE (self), NULL);
  g_return_val_if_fail (target < self->targets->len, NULL);
  return &g_array_index (self->targets, QrxTableTarget, target);
}

/**
 * qrx_table_get_target_name:
 * @self: a table
 * @target: a number, less than the number of targets
 *
 * Gets the name of a target.
 *
 * Returns: the name
 */
const char *
qrx_table_get_target_name (QrxTable *self, gsize target)
{
  QrxTableTarget *entry = nth_target (self, target);

  return entry != NULL ? entry->name : NULL;
}

/**
 * qrx_table_get_target_unit:
 * @self: a table
 * @target: a number, less than the number of targets
 *
 * Gets the unit of a target.
 *
 * Returns: the unit; "" if it has none
 */
const char *
qrx_table_get_target_unit (QrxTable *self, gsize target)
{
  QrxTableTarget *entry = nth_target (self, target);

  return entry != NULL ? entry->unit : NULL;
}

/**
 * qrx_table_get_target_orientation:
 * @self: a table
 * @target: a number, less than the number of targets
 *
 * Gets which end of a target means that cells respond.
 *
 * Returns: the orientation
 */
QrxOrientation
qrx_table_get_target_orientation (QrxTable *self, gsize target)
{
  QrxTableTarget *entry = nth_target (self, target);

  return entry != NULL ? entry->orientation : QRX_ORIENTATION_NONE;
}

/**
 * qrx_table_get_target_values:
 * @self: a table
 * @target: a number, less than the number of targets
 *
 * Gets the values of a target.
 *
 * Returns: (transfer none): read-only float64 values, one a row, NaN where they are missing
 */
QrxTensor *
qrx_table_get_target_values (QrxTable *self, gsize target)
{
  QrxTableTarget *entry = nth_target (self, target);

  return entry != NULL ? entry->values : NULL;
}

/**
 * qrx_table_find_target:
 * @self: a table
 * @name: a name
 *
 * Finds a target by its name.
 *
 * Returns: its number, −1 where there is none of that name
 */
int
qrx_table_find_target (QrxTable *self, const char *name)
{
  g_return_val_if_fail (QRX_IS_TABLE (self) && name != NULL, -1);
  for (guint i = 0; i < self->targets->len; i++)
    if (g_str_equal (g_array_index (self->targets, QrxTableTarget, i).name, name))
      return (int) i;
  return -1;
}

static void
set_target_error (QrxTable *self, const char *name, GError **error)
{
  gsize n = self->targets->len;
  g_autofree const char **names = g_new0 (const char *, n + 1);
  g_autofree char *known = NULL;
  g_autofree char *hint = NULL;

  for (gsize i = 0; i < n; i++)
    names[i] = g_array_index (self->targets, QrxTableTarget, i).name;
  if (n == 0)
    {
      g_set_error_literal (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN, "The table has no target");
      return;
    }
  if (name != NULL)
    {
      hint = qrx_suggest_text (name, names);
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN, "The table has no target \"%s\"%s", name, hint);
      return;
    }
  known = g_strjoinv ("\", \"", (char **) names);
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
               "The table has %" G_GSIZE_FORMAT " targets, \"%s\"; name one of them in \"target\"", n, known);
}

/**
 * qrx_table_choose_target:
 * @self: a table
 * @name: (nullable): the name of a target; %NULL or empty for the only one
 * @target: (out): its number
 * @error: return location for an error
 *
 * Finds the target that a node is to learn or to score, by a name that may be left out where there is no choice.
 *
 * Fails with %QRX_DATA_ERROR_COLUMN if there is none of that name, or no name and not just one target.
 *
 * Returns: whether there is one
 */
gboolean
qrx_table_choose_target (QrxTable *self, const char *name, gsize *target, GError **error)
{
  int found;

  g_return_val_if_fail (QRX_IS_TABLE (self) && target != NULL, FALSE);

  if (name != NULL && name[0] == '\0')
    name = NULL;
  found = name != NULL ? qrx_table_find_target (self, name) : self->targets->len == 1 ? 0 : -1;
  if (found < 0)
    {
      set_target_error (self, name, error);
      return FALSE;
    }
  *target = (gsize) found;
  return TRUE;
}

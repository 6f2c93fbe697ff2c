/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Deals the columns of a wide table to their uses; each has one use only. */
#include "wide-columns.h"

#include <qrx/qrx-number.h>
#include <qrx/qrx-table.h>
#include <string.h>

void
wide_columns_free (WideColumns *self)
{
  g_array_unref (self->targets);
  g_array_unref (self->annotations);
  g_ptr_array_unref (self->annotation_names);
  g_array_unref (self->features);
  g_ptr_array_unref (self->text_columns);
  g_free (self);
}

static WideColumns *
wide_columns_alloc (void)
{
  WideColumns *self = g_new0 (WideColumns, 1);

  self->targets = g_array_new (FALSE, FALSE, sizeof (gsize));
  self->annotations = g_array_new (FALSE, FALSE, sizeof (gsize));
  self->annotation_names = g_ptr_array_new_with_free_func (g_free);
  self->features = g_array_new (FALSE, FALSE, sizeof (gsize));
  self->text_columns = g_ptr_array_new_with_free_func (g_free);
  return self;
}

static const char *
name_use (guint8 use)
{
  static const char *const names[] = { "ignored", "the row id", "a target", "an annotation", "a feature" };

  return names[use];
}

/* Finds a column and gives it a use that it has not had before. */
static gssize
claim (QrxDelimited *file, const char *name, WideUse use, guint8 *uses, GError **error)
{
  gssize column = qrx_delimited_require_column (file, name, error);

  if (column < 0)
    return -1;
  if (uses[column] == WIDE_UNUSED || (uses[column] == use && use == WIDE_ANNOTATION))
    {
      uses[column] = (guint8) use;
      return column;
    }
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN, "%s:1: the column \"%s\" cannot be both %s and %s",
               qrx_delimited_get_name (file), name, name_use (uses[column]), name_use ((guint8) use));
  return -1;
}

static gboolean
claim_list (QrxDelimited *file, const char *const *names, WideUse use, guint8 *uses, GArray *columns /* nullable */,
            GError **error)
{
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      gssize column = claim (file, names[i], use, uses, error);
      gsize found = (gsize) column;

      if (column < 0)
        return FALSE;
      if (columns != NULL)
        g_array_append_val (columns, found);
    }
  return TRUE;
}

static gboolean
claim_annotation (WideColumns *self, QrxDelimited *file, const char *name, const char *column_name, guint8 *uses,
                  GError **error)
{
  gssize column;
  gsize found;

  if (column_name == NULL)
    return TRUE;
  column = claim (file, column_name, WIDE_ANNOTATION, uses, error);
  if (column < 0)
    return FALSE;
  found = (gsize) column;
  g_array_append_val (self->annotations, found);
  g_ptr_array_add (self->annotation_names, g_strdup (name));
  return TRUE;
}

static gboolean
claim_annotations (WideColumns *self, QrxDelimited *file, const WideQuery *query, guint8 *uses, GError **error)
{
  if (!claim_annotation (self, file, QRX_ANNOTATION_TISSUE, query->tissue, uses, error) ||
      !claim_annotation (self, file, QRX_ANNOTATION_DONOR, query->donor, uses, error) ||
      !claim_annotation (self, file, QRX_ANNOTATION_LINE, query->line, uses, error) ||
      !claim_annotation (self, file, QRX_ANNOTATION_DRUG, query->drug, uses, error))
    return FALSE;
  for (guint i = 0; query->annotations != NULL && query->annotations[i] != NULL; i++)
    if (!claim_annotation (self, file, query->annotations[i], query->annotations[i], uses, error))
      return FALSE;
  return TRUE;
}

/* A column is numbers if one of its first fields is, of those that are not missing; a text beside it is a fault of the file,
 * not a reason to leave the column out. */
static gboolean
holds_numbers (QrxDelimited *file, gsize column)
{
  guint n_seen = 0;

  for (gsize row = 0; row < qrx_delimited_get_n_rows (file) && n_seen < 5; row++)
    {
      gsize length;
      const char *text;
      double value;

      if (qrx_delimited_is_missing (file, row, column))
        continue;
      text = qrx_delimited_peek (file, row, column, &length);
      if (qrx_number_parse (text, length, &value))
        return TRUE;
      n_seen++;
    }
  return FALSE;
}

/* Columns of features are found again by their names. */
static gboolean
check_names (const WideColumns *self, QrxDelimited *file, GError **error)
{
  for (guint i = 0; i < self->features->len; i++)
    {
      gsize column = g_array_index (self->features, gsize, i);

      if (*qrx_delimited_get_column_name (file, column) != '\0')
        continue;
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
                   "%s:1: column %" G_GSIZE_FORMAT " has no name, expected one for a feature", qrx_delimited_get_name (file),
                   column + 1);
      return FALSE;
    }
  return TRUE;
}

/* A decimal comma, or spaces around it, make a text of a number; its column would be left out without anyone noticing. */
static gboolean
check_text (QrxDelimited *file, gsize column, GError **error)
{
  gsize row = 0;
  g_autofree char *text = NULL, *number = NULL;
  double value;

  while (row < qrx_delimited_get_n_rows (file) && qrx_delimited_is_missing (file, row, column))
    row++;
  if (row == qrx_delimited_get_n_rows (file))
    return TRUE;
  text = qrx_delimited_dup (file, row, column);
  number = g_strstrip (g_strdup (text));
  if (strchr (number, ',') != NULL)
    *strchr (number, ',') = '.';
  if (!qrx_number_parse (number, strlen (number), &value))
    return TRUE;
  qrx_delimited_set_error (file, row, column, QRX_DATA_ERROR_VALUE, error,
                           "found \"%s\", expected a number with a decimal point and no spaces", text);
  return FALSE;
}

static gboolean
take_rest (WideColumns *self, QrxDelimited *file, const guint8 *uses, const gboolean *is_ignored, GError **error)
{
  for (gsize column = 0; column < qrx_delimited_get_n_columns (file); column++)
    if (uses[column] != WIDE_UNUSED || is_ignored[column])
      continue;
    else if (holds_numbers (file, column))
      g_array_append_val (self->features, column);
    else if (check_text (file, column, error))
      g_ptr_array_add (self->text_columns, g_strdup (qrx_delimited_get_column_name (file, column)));
    else
      return FALSE;
  return TRUE;
}

static gboolean
find_ignored (QrxDelimited *file, const char *const *names, gboolean *is_ignored, GError **error)
{
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      gssize column = qrx_delimited_require_column (file, names[i], error);

      if (column < 0)
        return FALSE;
      is_ignored[column] = TRUE;
    }
  return TRUE;
}

WideColumns *
wide_columns_new (QrxDelimited *file, const WideQuery *query, GError **error)
{
  gsize n = qrx_delimited_get_n_columns (file);
  g_autoptr (WideColumns) self = wide_columns_alloc ();
  g_autofree guint8 *uses = g_malloc0 (n);
  g_autofree gboolean *is_ignored = g_new0 (gboolean, n);
  gssize id = 0;

  if (query->id_column != NULL)
    id = qrx_delimited_require_column (file, query->id_column, error);
  if (id < 0)
    return NULL;
  self->id = (gsize) id;
  uses[id] = WIDE_ID;
  if (!claim_list (file, query->targets, WIDE_TARGET, uses, self->targets, error) ||
      !claim_annotations (self, file, query, uses, error) || !find_ignored (file, query->ignore, is_ignored, error))
    return NULL;
  if (query->features == NULL || query->features[0] == NULL
        ? !take_rest (self, file, uses, is_ignored, error)
        : !claim_list (file, query->features, WIDE_FEATURE, uses, self->features, error))
    return NULL;
  if (self->features->len > 0)
    return check_names (self, file, error) ? g_steal_pointer (&self) : NULL;
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY, "%s: found no column of numbers that could be a feature",
               qrx_delimited_get_name (file));
  return NULL;
}

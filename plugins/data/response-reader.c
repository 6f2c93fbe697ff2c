/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Picks the rows of one drug and one data set out of a long response file, and says what the names could have been
 * where they are not found or not enough. */
#include "response-reader.h"

#include <math.h>
#include <string.h>

#include "column-texts.h"
#include "drug-names.h"
#include "response-columns.h"

void
response_free (Response *self)
{
  g_clear_pointer (&self->ids, line_ids_free);
  g_clear_pointer (&self->tissues, g_ptr_array_unref);
  g_clear_pointer (&self->cancers, g_ptr_array_unref);
  g_clear_pointer (&self->drug_ids, g_ptr_array_unref);
  g_clear_pointer (&self->all_drug_ids, g_ptr_array_unref);
  g_free (self->values);
  g_free (self->maximum);
  g_free (self->drug);
  g_free (self->drug_column);
  g_free (self->dataset);
  g_free (self->target);
  g_free (self->column);
  g_free (self->unit);
  g_free (self);
}

struct _ResponseFile {
  QrxDelimited *file;
  ColumnTexts *drugs; /* NULL without a column of drugs */
};

static gboolean
is_number (const char *text)
{
  return text[0] != '\0' && text[strspn (text, "0123456789")] == '\0';
}

/* The name in the file that is meant by @asked: as it is written, spelt alike, or a synonym, in this order. */
static const char *
match_drug (const ColumnTexts *drugs, const char *asked, gboolean *is_synonym)
{
  DrugMatch best = DRUG_MATCH_NONE;
  const char *name = NULL;

  for (guint i = 0; i < column_texts_get_length (drugs); i++)
    {
      DrugMatch match = drug_names_match (asked, drugs->texts->pdata[i]);

      if (match > best)
        {
          best = match;
          name = drugs->texts->pdata[i];
        }
    }
  *is_synonym = best == DRUG_MATCH_SYNONYM;
  return name;
}

ResponseFile *
response_file_open (const char *path, GError **error)
{
  g_autoptr (QrxDelimited) file = qrx_delimited_read (path, QRX_DELIMITED_DEFAULT, error);
  ResponseFile *self;
  gssize column;

  if (file == NULL)
    return NULL;
  self = g_new0 (ResponseFile, 1);
  self->file = g_steal_pointer (&file);
  column = response_columns_find (self->file, response_drug_columns);
  if (column >= 0)
    self->drugs = column_texts_new (self->file, (gsize) column, NULL);
  return self;
}

void
response_file_free (ResponseFile *self)
{
  qrx_delimited_free (self->file);
  g_clear_pointer (&self->drugs, column_texts_free);
  g_free (self);
}

static gboolean
check_drug_column (ResponseFile *self, GError **error)
{
  if (self->drugs != NULL)
    return TRUE;
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
               "%s:1: found no column of drugs; expected DRUG_NAME, drug or Compound",
               qrx_delimited_get_name (self->file));
  return FALSE;
}

/* The rows of the drug asked for: a number is an id, unless it is a name. */
static GArray *
find_drug (Response *self, ResponseFile *source, const char *asked, GError **error)
{
  QrxDelimited *file = source->file;
  const ColumnTexts *drugs = source->drugs;
  gssize column = response_columns_find (file, response_drug_columns);
  gssize id_column = response_columns_find (file, response_drug_id_columns);
  const char *name;

  if (!check_drug_column (source, error))
    return NULL;
  self->drug_column = g_strdup (qrx_delimited_get_column_name (file, (gsize) column));
  if (asked != NULL && is_number (asked) && id_column >= 0)
    {
      g_autoptr (GArray) rows = column_texts_select (file, (gsize) id_column, asked, NULL);
      g_autoptr (ColumnTexts) ids = NULL;

      if (rows->len > 0)
        {
          self->drug = qrx_delimited_dup (file, g_array_index (rows, gsize, 0), (gsize) column);
          return g_steal_pointer (&rows);
        }
      ids = column_texts_new (file, (gsize) id_column, NULL);
      column_texts_set_unknown (ids, file, (gsize) id_column, "drug id", asked, error);
      return NULL;
    }
  if (asked == NULL && column_texts_get_length (drugs) > 1)
    {
      g_autofree char *known = column_texts_describe (drugs);

      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                   "%s holds %u drugs; choose one with \"drug\", or several with \"drugs\": %s",
                   qrx_delimited_get_name (file), column_texts_get_length (drugs), known);
      return NULL;
    }
  name = asked != NULL ? match_drug (drugs, asked, &self->is_synonym) : drugs->texts->pdata[0];
  if (name == NULL)
    {
      column_texts_set_unknown (drugs, file, (gsize) column, "drug", asked, error);
      return NULL;
    }
  self->drug = g_strdup (name);
  return column_texts_select (file, (gsize) column, name, NULL);
}

/* "GDSC2" is GDSC2_8.2 too, but not GDSC20. */
static gboolean
is_dataset (const char *asked, const char *found)
{
  gsize length = strlen (asked);

  return g_ascii_strncasecmp (asked, found, length) == 0 && !g_ascii_isalnum (found[length]);
}

char **
response_file_dup_drugs (ResponseFile *self, const char *dataset, GError **error)
{
  gssize column = response_columns_find (self->file, response_drug_columns);
  gssize dataset_column = response_columns_find (self->file, response_dataset_columns);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autoptr (ColumnTexts) drugs = NULL;

  if (!check_drug_column (self, error))
    return NULL;
  if (dataset == NULL || dataset_column < 0)
    return g_strdupv ((char **) self->drugs->texts->pdata);
  for (gsize row = 0; row < qrx_delimited_get_n_rows (self->file); row++)
    {
      g_autofree char *found = qrx_delimited_dup (self->file, row, (gsize) dataset_column);

      if (is_dataset (dataset, found))
        g_array_append_val (rows, row);
    }
  drugs = column_texts_new (self->file, (gsize) column, rows);
  return g_strdupv ((char **) drugs->texts->pdata);
}

static const char *
match_dataset (QrxDelimited *file, gsize column, const ColumnTexts *datasets, const char *asked, GError **error)
{
  g_autofree char *known = column_texts_describe (datasets);
  const char *name = NULL;
  guint n = 0;

  for (guint i = 0; i < column_texts_get_length (datasets); i++)
    {
      const char *found = datasets->texts->pdata[i];

      if (asked != NULL && g_str_equal (asked, found))
        return found;
      if (asked == NULL || is_dataset (asked, found))
        {
          name = found;
          n++;
        }
    }
  if (n == 1)
    return name;
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
               "%s, column \"%s\": the drug has the data sets %s; \"dataset\" is %s%s%s, expected a name or a "
               "beginning that only "
               "one has",
               qrx_delimited_get_name (file), qrx_delimited_get_column_name (file, column), known,
               asked != NULL ? "\"" : "", asked != NULL ? asked : "not set", asked != NULL ? "\"" : "");
  return NULL;
}

static GArray *
find_dataset (Response *self, QrxDelimited *file, const GArray *rows, const char *asked, GError **error)
{
  gssize column = response_columns_find (file, response_dataset_columns);
  g_autoptr (ColumnTexts) datasets = NULL;
  const char *name;

  if (column < 0 && asked == NULL)
    return g_array_copy ((GArray *) rows);
  if (column < 0)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
                   "%s:1: found no column DATASET or dataset, but \"dataset\" asks for \"%s\"",
                   qrx_delimited_get_name (file), asked);
      return NULL;
    }
  datasets = column_texts_new (file, (gsize) column, rows);
  name = match_dataset (file, (gsize) column, datasets, asked, error);
  if (name == NULL)
    return NULL;
  self->dataset = g_strdup (name);
  return column_texts_select (file, (gsize) column, name, rows);
}

static GPtrArray *
read_texts (QrxDelimited *file, gssize column, const GArray *rows)
{
  GPtrArray *texts;

  if (column < 0)
    return NULL;
  texts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < rows->len; i++)
    {
      gsize row = g_array_index (rows, gsize, i);

      g_ptr_array_add (texts, qrx_delimited_is_missing (file, row, (gsize) column)
                                  ? NULL
                                  : qrx_delimited_dup (file, row, (gsize) column));
    }
  return texts;
}

static gboolean
read_values (Response *self, QrxDelimited *file, const GArray *rows, const char *asked, GError **error)
{
  const ResponseMeasure *measure;
  gssize column = response_columns_find_target (file, asked, &measure, error);
  gboolean has_maximum = FALSE;

  if (column < 0)
    return FALSE;
  self->column = g_strdup (qrx_delimited_get_column_name (file, (gsize) column));
  self->target = g_strdup (measure != NULL ? measure->target : self->column);
  self->unit = g_strdup (measure != NULL ? measure->unit : "");
  self->orientation = measure != NULL ? measure->orientation : QRX_ORIENTATION_NONE;
  self->is_dose = measure != NULL && measure->scale != RESPONSE_SCALE_OTHER;
  self->is_capped = response_columns_are_capped (file);
  self->values = g_new (double, rows->len);
  self->maximum = g_new (double, rows->len);
  for (guint i = 0; i < rows->len; i++)
    {
      gsize row = g_array_index (rows, gsize, i);

      if (!qrx_delimited_get_number (file, row, (gsize) column, QRX_MISSING_NAN, &self->values[i], error))
        return FALSE;
      self->maximum[i] = NAN;
      if (self->is_dose)
        self->maximum[i] = response_columns_get_maximum_dose (file, row);
      if (self->is_dose && measure->scale == RESPONSE_SCALE_LN_MICROMOLAR)
        self->maximum[i] = log (self->maximum[i]);
      has_maximum |= isfinite (self->maximum[i]);
    }
  if (!has_maximum)
    g_clear_pointer (&self->maximum, g_free);
  return TRUE;
}

static gssize
find_id_column (QrxDelimited *file)
{
  static const char *const names[] = { "cell_line_id", NULL };

  return response_columns_find (file, names);
}

Response *
response_read (ResponseFile *source, const ResponseQuery *query, GError **error)
{
  static const char *const tissues[] = { "tissue", NULL }, *const cancers[] = { "TCGA_DESC", NULL };
  QrxDelimited *file = source->file;
  g_autoptr (Response) self = NULL;
  g_autoptr (GArray) of_drug = NULL;
  g_autoptr (GArray) rows = NULL;
  gssize id_column;

  self = g_new0 (Response, 1);
  of_drug = find_drug (self, source, query->drug, error);
  if (of_drug == NULL)
    return NULL;
  rows = find_dataset (self, file, of_drug, query->dataset, error);
  if (rows == NULL || !read_values (self, file, rows, query->target, error))
    return NULL;
  self->n = rows->len;
  self->ids = line_ids_read (file, rows, find_id_column (file));
  self->tissues = read_texts (file, response_columns_find (file, tissues), rows);
  self->cancers = read_texts (file, response_columns_find (file, cancers), rows);
  id_column = response_columns_find (file, response_drug_id_columns);
  self->drug_ids = read_texts (file, id_column, rows);
  if (id_column >= 0)
    {
      g_autoptr (ColumnTexts) ids = column_texts_new (file, (gsize) id_column, rows);

      g_ptr_array_set_size (ids->texts, (gint) column_texts_get_length (ids));
      self->all_drug_ids = g_ptr_array_ref (ids->texts);
    }
  return g_steal_pointer (&self);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Recognizes the layout of an expression file and reads it whole. What matches what is not known here. */
#include "expression-reader.h"

#include <string.h>

/* Columns of wide files that are neither genes nor ids. */
static const char *const other_columns[] = {
  "",
  "V1",
  "Unnamed: 0", /* a first column only */
  "cell_line_id",
  "tissue",
  "SequencingID",
  "ProfileID",
  "ModelConditionID",
  "IsDefaultEntryForMC",
  "IsDefaultEntryForModel",
};

static Expression *
expression_new (void)
{
  Expression *self = g_new0 (Expression, 1);

  self->names = g_ptr_array_new_with_free_func (g_free);
  self->genes = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
expression_free (Expression *self)
{
  g_ptr_array_unref (self->names);
  g_ptr_array_unref (self->genes);
  g_clear_pointer (&self->ids, line_ids_free);
  g_clear_pointer (&self->tissues, g_ptr_array_unref);
  g_clear_object (&self->values);
  g_free (self);
}

gsize
expression_get_n_genes (const Expression *self)
{
  return self->genes->len - 1;
}

char *
expression_clean_gene (const char *text)
{
  g_autofree char *gene = g_strstrip (g_strdup (text));
  char *open = strrchr (gene, '(');
  gsize length = open != NULL ? strspn (open + 1, "0123456789") : 0;

  if (open != NULL && open > gene && g_str_has_prefix (open, "(ENSG"))
    length = 4 + strspn (open + 5, "0123456789.");
  if (length > 0 && open > gene && g_str_equal (open + 1 + length, ")"))
    {
      *open = '\0';
      g_strchomp (gene);
    }
  return g_steal_pointer (&gene);
}

/* Takes a gene unless it has no name or one that another has; says whether it did. */
static gboolean
take_gene (Expression *self, const char *text, GHashTable *seen)
{
  g_autofree char *gene = expression_clean_gene (text);

  if (gene[0] == '\0')
    self->n_unnamed_genes++;
  else if (g_hash_table_contains (seen, gene))
    self->n_repeated_genes++;
  else
    {
      g_hash_table_add (seen, gene);
      g_ptr_array_add (self->genes, g_steal_pointer (&gene));
      return TRUE;
    }
  return FALSE;
}

static gboolean
finish_genes (Expression *self, QrxDelimited *file, GError **error)
{
  if (self->genes->len == 0)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY, "%s: found no gene; expected %s",
                   qrx_delimited_get_name (file),
                   self->is_transposed ? "gene symbols in the first column" : "a column for each gene");
      return FALSE;
    }
  g_ptr_array_add (self->genes, NULL);
  return TRUE;
}

static void
count_repeated_lines (Expression *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->names->len; i++)
    if (!g_hash_table_add (seen, self->names->pdata[i]))
      self->n_repeated_lines++;
}

/* The columns DATA.<COSMIC> of Cell_line_RMA_proc_basalExp, and their ids; a repeat is DATA.<COSMIC>.1. */
static GArray *
find_profiles (Expression *self, QrxDelimited *file, GError **error)
{
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (gsize));

  for (gsize column = 1; column < qrx_delimited_get_n_columns (file); column++)
    {
      const char *header = qrx_delimited_get_column_name (file, column);
      g_autofree char *id = NULL;

      if (g_str_equal (header, "GENE_title"))
        continue;
      if (g_str_has_prefix (header, "DATA."))
        id = line_key_normalize (LINE_KEY_COSMIC, header + strlen ("DATA."));
      if (id == NULL)
        {
          g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
                       "%s:1: found the column \"%s\", expected DATA. and a COSMIC id, such as DATA.906826",
                       qrx_delimited_get_name (file), header);
          return NULL;
        }
      g_array_append_val (columns, column);
      g_ptr_array_add (self->names, g_steal_pointer (&id));
    }
  if (columns->len == 0)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY, "%s: found no column DATA.<COSMIC id>",
                   qrx_delimited_get_name (file));
      return NULL;
    }
  return g_steal_pointer (&columns);
}

static gboolean
read_values (Expression *self, QrxDelimited *file, const GArray *columns, const GArray *rows, GError **error)
{
  const QrxDelimitedSelection selection = { .columns = (const gsize *) columns->data,
                                            .n_columns = columns->len,
                                            .rows = (const gsize *) rows->data,
                                            .n_rows = rows->len,
                                            .transposed = self->is_transposed };

  self->values = qrx_delimited_read_matrix (file, &selection, QRX_MISSING_NAN, error);
  return self->values != NULL;
}

static gboolean
read_transposed (Expression *self, QrxDelimited *file, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autoptr (GArray) columns = NULL;

  self->is_transposed = TRUE;
  columns = find_profiles (self, file, error);
  if (columns == NULL)
    return FALSE;
  for (gsize row = 0; row < qrx_delimited_get_n_rows (file); row++)
    {
      g_autofree char *symbol = qrx_delimited_dup (file, row, 0);

      if (take_gene (self, symbol, seen))
        g_array_append_val (rows, row);
    }
  if (!finish_genes (self, file, error))
    return FALSE;
  if (!read_values (self, file, columns, rows, error))
    return FALSE;
  self->n_profiles = columns->len;
  self->ids = line_ids_new (columns->len);
  for (gsize i = 0; i < columns->len; i++)
    line_ids_set (self->ids, LINE_KEY_COSMIC, i, g_strdup (self->names->pdata[i]));
  return TRUE;
}

/* The column that names the lines: the one asked for, cell_line_id, one whose header says so, or the first. */
static gssize
find_id_column (QrxDelimited *file, const char *id_column, GError **error)
{
  if (id_column != NULL)
    return qrx_delimited_require_column (file, id_column, error);
  if (qrx_delimited_find_column (file, "cell_line_id") >= 0)
    return qrx_delimited_find_column (file, "cell_line_id");
  for (gsize column = 0; column < qrx_delimited_get_n_columns (file); column++)
    if (line_key_from_header (qrx_delimited_get_column_name (file, column)) >= 0)
      return (gssize) column;
  return 0;
}

/* Rows that are a line's profile: all, or those that DepMap marks as the model's default. */
static GArray *
find_rows (Expression *self, QrxDelimited *file, GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gsize));
  gssize column = qrx_delimited_find_column (file, "IsDefaultEntryForModel");

  for (gsize row = 0; row < qrx_delimited_get_n_rows (file); row++)
    {
      g_autofree char *mark = column >= 0 ? qrx_delimited_dup (file, row, (gsize) column) : NULL;

      if (mark == NULL || g_ascii_strcasecmp (mark, "yes") == 0 || g_ascii_strcasecmp (mark, "true") == 0 ||
          g_str_equal (mark, "1"))
        g_array_append_val (rows, row);
      else if (g_ascii_strcasecmp (mark, "no") == 0 || g_ascii_strcasecmp (mark, "false") == 0 ||
               g_str_equal (mark, "0"))
        self->n_not_default++;
      else
        {
          qrx_delimited_set_error (file, row, (gsize) column, QRX_DATA_ERROR_VALUE, error,
                                   "found \"%s\", expected Yes or No", mark);
          return NULL;
        }
    }
  if (rows->len == 0)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY,
                   "%s: IsDefaultEntryForModel is Yes in no row, so no profile is left", qrx_delimited_get_name (file));
      return NULL;
    }
  return g_steal_pointer (&rows);
}

static GArray *
find_genes (Expression *self, QrxDelimited *file, gsize id_column)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GArray *columns = g_array_new (FALSE, FALSE, sizeof (gsize));

  for (gsize column = 0; column < qrx_delimited_get_n_columns (file); column++)
    {
      const char *header = qrx_delimited_get_column_name (file, column);
      gboolean is_other = column == id_column || line_key_from_header (header) >= 0;

      for (gsize i = column == 0 ? 0 : 3; !is_other && i < G_N_ELEMENTS (other_columns); i++)
        is_other = g_str_equal (header, other_columns[i]);
      if (!is_other && take_gene (self, header, seen))
        g_array_append_val (columns, column);
    }
  return columns;
}

static gboolean
read_names (Expression *self, QrxDelimited *file, const GArray *rows, gsize id_column, GError **error)
{
  int key = line_key_from_header (qrx_delimited_get_column_name (file, id_column));
  gssize tissue = qrx_delimited_find_column (file, "tissue");

  if (key < 0)
    key = (int) line_key_guess (file, id_column);
  if (tissue >= 0)
    self->tissues = g_ptr_array_new_with_free_func (g_free);
  for (gsize i = 0; i < rows->len; i++)
    {
      gsize row = g_array_index (rows, gsize, i);
      g_autofree char *text = qrx_delimited_dup (file, row, id_column);
      g_autofree char *name = line_key_normalize ((LineKey) key, text);

      if (name == NULL)
        {
          qrx_delimited_set_error (file, row, id_column, QRX_DATA_ERROR_VALUE, error,
                                   "found \"%s\", expected the %s id of a cell line", text,
                                   line_key_get_name ((LineKey) key));
          return FALSE;
        }
      g_ptr_array_add (self->names, g_steal_pointer (&name));
      if (tissue >= 0)
        g_ptr_array_add (self->tissues, qrx_delimited_dup (file, row, (gsize) tissue));
    }
  self->ids = line_ids_read (file, rows, (gssize) id_column);
  return TRUE;
}

static gboolean
read_wide (Expression *self, QrxDelimited *file, const char *id_name, GError **error)
{
  gssize id_column = find_id_column (file, id_name, error);
  g_autoptr (GArray) rows = NULL;
  g_autoptr (GArray) columns = NULL;

  if (id_column < 0)
    return FALSE;
  rows = find_rows (self, file, error);
  if (rows == NULL || !read_names (self, file, rows, (gsize) id_column, error))
    return FALSE;
  columns = find_genes (self, file, (gsize) id_column);
  if (!finish_genes (self, file, error))
    return FALSE;
  self->n_profiles = qrx_delimited_get_n_rows (file);
  return read_values (self, file, columns, rows, error);
}

Expression *
expression_read (const char *path, const char *id_column, GError **error)
{
  g_autoptr (QrxDelimited) file = qrx_delimited_read (path, QRX_DELIMITED_ALLOW_REPEATED_NAMES, error);
  g_autoptr (Expression) self = NULL;
  gboolean is_read;

  if (file == NULL)
    return NULL;
  self = expression_new ();
  if (g_str_equal (qrx_delimited_get_column_name (file, 0), "GENE_SYMBOLS"))
    is_read = read_transposed (self, file, error);
  else
    is_read = read_wide (self, file, id_column, error);
  if (!is_read)
    return NULL;
  count_repeated_lines (self);
  return g_steal_pointer (&self);
}

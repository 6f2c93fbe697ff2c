/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ids and annotations of a cohort's rows. A line is known by DepMap's id where there is one, so that cohorts from
 * different providers agree on it; its donor is DepMap's patient, else the line itself. */
#include "cohort-table.h"

#include <string.h>

typedef struct {
  GPtrArray *ids; /* all of texts, "" where unknown, ending with NULL */
  GPtrArray *lines;
  GPtrArray *donors;
  GPtrArray *names;
  GPtrArray *tissues;
  GPtrArray *drugs;
} Columns;

/* One screen and what all of them share. */
typedef struct {
  const Expression *expression;
  const ModelList *models;
  const Response *response;
  const GArray *rows;
  const char *row_id;
  gboolean is_one_of_many;
} Part;

static GPtrArray *
new_column (void)
{
  return g_ptr_array_new_with_free_func (g_free);
}

static Columns *
columns_new (void)
{
  Columns *columns = g_new (Columns, 1);

  columns->ids = new_column ();
  columns->lines = new_column ();
  columns->donors = new_column ();
  columns->names = new_column ();
  columns->tissues = new_column ();
  columns->drugs = new_column ();
  return columns;
}

static void
columns_free (Columns *columns)
{
  g_ptr_array_unref (columns->ids);
  g_ptr_array_unref (columns->lines);
  g_ptr_array_unref (columns->donors);
  g_ptr_array_unref (columns->names);
  g_ptr_array_unref (columns->tissues);
  g_ptr_array_unref (columns->drugs);
  g_free (columns);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Columns, columns_free)

/* What either file knows of a row's line. */
static const char *
get_id (const Part *parts, const CohortRow *row, LineKey key)
{
  const char *id = line_ids_get (parts->response->ids, key, row->response);

  return id != NULL ? id : line_ids_get (parts->expression->ids, key, row->line);
}

static const char *
get_line (const Part *parts, const CohortRow *row)
{
  static const LineKey order[] = { LINE_KEY_DEPMAP, LINE_KEY_COSMIC, LINE_KEY_SANGER, LINE_KEY_NAME };

  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    if (get_id (parts, row, order[i]) != NULL)
      return get_id (parts, row, order[i]);
  return parts->expression->names->pdata[row->line];
}

static gssize
find_model (const Part *parts, const CohortRow *row)
{
  gssize model;

  if (parts->models == NULL)
    return -1;
  model = model_list_find (parts->models, parts->response->ids, row->response);
  return model >= 0 ? model : model_list_find (parts->models, parts->expression->ids, row->line);
}

static const char *
get_text (const GPtrArray *texts, gsize i)
{
  return texts != NULL ? texts->pdata[i] : NULL;
}

/* The tissue as the response has it, as the expression has it, as DepMap has it, or GDSC's cancer type. */
static const char *
get_tissue (const Part *parts, const CohortRow *row, gssize model)
{
  const char *tissue = get_text (parts->response->tissues, row->response);

  if (tissue == NULL)
    tissue = get_text (parts->expression->tissues, row->line);
  if (tissue == NULL && model >= 0)
    tissue = model_list_get_tissue (parts->models, (gsize) model);
  return tissue != NULL ? tissue : get_text (parts->response->cancers, row->response);
}

/* Of several drugs, ids end with the drug.
 * Ids of replicates end with the drug's id, or with a count where that does not tell them apart. */
static char *
make_row_id (const Part *parts, const CohortRow *row, const char *id, gboolean has_replicates, GHashTable *seen)
{
  const char *drug_id = get_text (parts->response->drug_ids, row->response);
  gboolean has_ids = parts->response->all_drug_ids != NULL && parts->response->all_drug_ids->len > 1;
  g_autofree char *of_drug =
      parts->is_one_of_many ? g_strdup_printf ("%s/%s", id, parts->response->drug) : g_strdup (id);
  g_autofree char *made =
      has_replicates && has_ids && drug_id != NULL ? g_strdup_printf ("%s/%s", of_drug, drug_id) : g_strdup (of_drug);
  g_autofree char *unique = g_strdup (made);

  for (guint n = 2; has_replicates && g_hash_table_contains (seen, unique); n++)
    {
      g_free (unique);
      unique = g_strdup_printf ("%s#%u", made, n);
    }
  return g_steal_pointer (&unique);
}

static gboolean
add_id (Columns *columns, const Part *parts, const CohortRow *row, gboolean has_replicates, GHashTable *seen,
        GError **error)
{
  int key = line_key_from_name (parts->row_id);
  const char *name = parts->expression->names->pdata[row->line];
  const char *id = key >= 0 ? get_id (parts, row, (LineKey) key) : name;

  if (id == NULL)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                   "\"row-id\" is \"%s\", but line \"%s\" has no such id in either file; expected \"expression\", or "
                   "\"models\" that "
                   "knows it",
                   parts->row_id, name);
      return FALSE;
    }
  g_ptr_array_add (columns->ids, make_row_id (parts, row, id, has_replicates, seen));
  g_hash_table_add (seen, columns->ids->pdata[columns->ids->len - 1]);
  return TRUE;
}

typedef struct {
  guint unlisted;
  guint without_tissue;
  guint all;
} Counts;

static gboolean
add_rows (Columns *columns, const Part *part, GHashTable *seen, Counts *counts, GError **error)
{
  gboolean has_replicates = FALSE;

  for (guint i = 0; i < part->rows->len; i++)
    has_replicates |= g_array_index (part->rows, CohortRow, i).repeat > 0;
  for (guint i = 0; i < part->rows->len; i++)
    {
      const CohortRow *row = &g_array_index (part->rows, CohortRow, i);
      gssize model = find_model (part, row);
      const char *line = get_line (part, row), *name = get_id (part, row, LINE_KEY_NAME);
      const char *donor = model >= 0 ? model_list_get_donor (part->models, (gsize) model) : NULL;
      const char *tissue = get_tissue (part, row, model);

      if (!add_id (columns, part, row, has_replicates, seen, error))
        return FALSE;
      counts->unlisted += part->models != NULL && donor == NULL;
      counts->without_tissue += tissue == NULL;
      counts->all++;
      g_ptr_array_add (columns->lines, g_strdup (line));
      g_ptr_array_add (columns->donors, g_strdup (donor != NULL ? donor : line));
      g_ptr_array_add (columns->names, g_strdup (name != NULL ? name : line));
      g_ptr_array_add (columns->tissues, g_strdup (tissue != NULL ? tissue : ""));
      g_ptr_array_add (columns->drugs, g_strdup (part->response->drug));
    }
  return TRUE;
}

static Columns *
make_columns (const CohortParts *parts, Report *report, GError **error)
{
  g_autoptr (Columns) columns = columns_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  Counts counts = { 0 };

  for (guint i = 0; i < parts->screens->len; i++)
    {
      const DrugScreen *screen = parts->screens->pdata[i];
      const Part part = { parts->expression, parts->models, screen->response,
                          screen->rows,      parts->row_id, parts->screens->len > 1 };

      if (!add_rows (columns, &part, seen, &counts, error))
        return NULL;
    }
  if (counts.unlisted > 0)
    report_say (report, "models.unlisted", "%u rows have no donor in the models file: their line stands for it",
                counts.unlisted);
  if (counts.without_tissue > 0 && counts.without_tissue < counts.all)
    report_say (report, "tissue.missing", "%u rows have no tissue", counts.without_tissue);
  if (counts.without_tissue == counts.all)
    g_ptr_array_set_size (columns->tissues, 0);
  return g_steal_pointer (&columns);
}

static gboolean
add_annotation (QrxTable *table, const char *name, GPtrArray *values, GError **error)
{
  if (values->len == 0)
    return TRUE;
  g_ptr_array_add (values, NULL);
  return qrx_table_add_annotation (table, name, (const char *const *) values->pdata, error);
}

static gboolean
add_target (QrxTable *table, const CohortParts *parts, GError **error)
{
  const DrugScreen *first = parts->screens->pdata[0];
  gsize n = qrx_table_get_n_rows (table), at = 0;
  g_autoptr (QrxTensor) values = qrx_tensor_new (QRX_DTYPE_F64, &n, 1);

  for (guint i = 0; i < parts->screens->len; i++)
    {
      const GArray *rows = ((const DrugScreen *) parts->screens->pdata[i])->rows;

      for (guint k = 0; k < rows->len; k++)
        qrx_tensor_set (values, at++, g_array_index (rows, CohortRow, k).value);
    }
  return qrx_table_add_target (table, first->response->target, parts->unit, parts->orientation, values, error);
}

static void
report_donors (const Columns *columns, Report *report)
{
  g_autoptr (GHashTable) line_of = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) shared = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i + 1 < columns->donors->len; i++)
    {
      const char *line = g_hash_table_lookup (line_of, columns->donors->pdata[i]);

      if (line == NULL)
        g_hash_table_insert (line_of, columns->donors->pdata[i], columns->lines->pdata[i]);
      else if (strcmp (line, columns->lines->pdata[i]) != 0)
        g_hash_table_add (shared, columns->donors->pdata[i]);
    }
  report_say (report, "donors", "%u donors; %u of them gave several lines", g_hash_table_size (line_of),
              g_hash_table_size (shared));
}

QrxTable *
cohort_table_new (const CohortParts *parts, QrxBlock *block, QrxIndex *block_rows, Report *report, GError **error)
{
  g_autoptr (Columns) columns = make_columns (parts, report, error);
  g_autoptr (QrxTable) table = NULL;

  if (columns == NULL)
    return NULL;
  g_ptr_array_add (columns->ids, NULL);
  table = qrx_table_new ((const char *const *) columns->ids->pdata, error);
  if (table == NULL || !qrx_table_add_block (table, block, block_rows, error) ||
      !add_annotation (table, QRX_ANNOTATION_TISSUE, columns->tissues, error) ||
      !add_annotation (table, QRX_ANNOTATION_DONOR, columns->donors, error) ||
      !add_annotation (table, QRX_ANNOTATION_LINE, columns->lines, error) ||
      !add_annotation (table, QRX_ANNOTATION_DRUG, columns->drugs, error) ||
      !add_annotation (table, "name", columns->names, error) || !add_target (table, parts, error))
    return NULL;
  if (parts->models != NULL)
    report_donors (columns, report);
  return g_steal_pointer (&table);
}

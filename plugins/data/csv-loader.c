/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `csv-loader`: any wide table of text, a row for each sample, as a table of features, targets and annotations. */
#include <math.h>
#include <qrx/qrx-dense-block.h>
#include <qrx/qrx-node.h>
#include <qrx/qrx-table.h>

#include "report.h"
#include "wide-columns.h"

#define QRX_TYPE_CSV_LOADER (qrx_csv_loader_get_type ())
G_DECLARE_FINAL_TYPE (QrxCsvLoader, qrx_csv_loader, QRX, CSV_LOADER, QrxNode)

struct _QrxCsvLoader {
  QrxNode parent_instance;
  char *file;
  char *id_column;
  char **targets;
  char *positive;
  char *unit;
  char *orientation;
  char *tissue;
  char *donor;
  char *line;
  char *drug;
  char **annotations;
  char **features;
  char **ignore;
  char *missing;
};

G_DEFINE_FINAL_TYPE (QrxCsvLoader, qrx_csv_loader, QRX_TYPE_NODE)

static gboolean
qrx_csv_loader_resolve (QrxNode *node, QrxShapeScope *scope G_GNUC_UNUSED, GError **error)
{
  if (QRX_CSV_LOADER (node)->file != NULL)
    return TRUE;
  g_set_error_literal (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                       "property \"file\": found none, expected the name of a file");
  return FALSE;
}

/* Which rows and features are kept: those without a missing value, where the policy drops its kind. */
static gboolean
apply_missing (QrxCsvLoader *self, QrxDelimited *file, QrxTensor *values, const GArray *columns, GArray *rows,
               GArray *features, Report *report, GError **error)
{
  gsize n_rows = qrx_tensor_get_rows (values), n_columns = qrx_tensor_get_columns (values);
  const double *data = qrx_tensor_peek_f64 (values);
  gboolean by_row = g_str_equal (self->missing, "drop-row");
  g_autofree guint8 *row_lacks = g_malloc0 (n_rows), *column_lacks = g_malloc0 (n_columns);
  gsize n_dropped;

  for (gsize row = 0; row < n_rows; row++)
    for (gsize column = 0; column < n_columns; column++)
      if (isnan (data[row * n_columns + column]))
        {
          row_lacks[row] = column_lacks[column] = TRUE;
          if (!g_str_equal (self->missing, "error"))
            continue;
          qrx_delimited_set_error (
              file, row, g_array_index (columns, gsize, column), QRX_DATA_ERROR_VALUE, error,
              "found no value, expected a number; or set \"missing\" to \"drop-row\" or \"drop-column\"");
          return FALSE;
        }
  for (gsize row = 0; row < n_rows; row++)
    if (!by_row || !row_lacks[row])
      g_array_append_val (rows, row);
  for (gsize column = 0; column < n_columns; column++)
    if (by_row || !column_lacks[column])
      g_array_append_val (features, column);
  if (rows->len == 0 || features->len == 0)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY,
                   "%s: every %s lacks a value, so \"missing\" = \"%s\" leaves none", qrx_delimited_get_name (file),
                   by_row ? "row" : "feature", self->missing);
      return FALSE;
    }
  n_dropped = by_row ? n_rows - rows->len : n_columns - features->len;
  if (n_dropped > 0)
    report_say (report, "missing", "%" G_GSIZE_FORMAT " %s lack a value: dropped", n_dropped,
                by_row ? "rows" : "features");
  return TRUE;
}

/* The values of some rows and features; the matrix itself where that is all. */
static QrxTensor *
keep (QrxTensor *values, const GArray *rows, const GArray *features)
{
  gsize n_columns = qrx_tensor_get_columns (values);
  const double *from = qrx_tensor_peek_f64 (values);
  QrxTensor *kept;
  double *to;

  if (rows->len == qrx_tensor_get_rows (values) && features->len == n_columns)
    return g_object_ref (values);
  kept = qrx_tensor_new_matrix (QRX_DTYPE_F64, rows->len, features->len);
  to = qrx_tensor_peek_f64 (kept);
  for (guint i = 0; i < rows->len; i++)
    for (guint j = 0; j < features->len; j++)
      *to++ = from[g_array_index (rows, gsize, i) * n_columns + g_array_index (features, gsize, j)];
  return kept;
}

static QrxBlock *
make_block (QrxDelimited *file, QrxTensor *values, const GArray *columns, const GArray *rows, const GArray *features,
            GError **error)
{
  g_autoptr (QrxTensor) kept = keep (values, rows, features);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint j = 0; j < features->len; j++)
    g_ptr_array_add (names, (gpointer) qrx_delimited_get_column_name (
                                file, g_array_index (columns, gsize, g_array_index (features, gsize, j))));
  g_ptr_array_add (names, NULL);
  return qrx_dense_block_new ("features", (const char *const *) names->pdata, kept, error);
}

static GPtrArray *
read_texts (QrxDelimited *file, gsize column, const GArray *rows)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (texts, qrx_delimited_dup (file, g_array_index (rows, gsize, i), column));
  g_ptr_array_add (texts, NULL);
  return texts;
}

/* 1 for the class that counts as positive, 0 for every other, NaN for none. */
static gboolean
read_classes (QrxCsvLoader *self, QrxDelimited *file, gsize column, const GArray *rows, QrxTensor *values,
              GError **error)
{
  gboolean is_found = FALSE;

  for (guint i = 0; i < rows->len; i++)
    {
      gsize row = g_array_index (rows, gsize, i);
      g_autofree char *text = qrx_delimited_dup (file, row, column);
      gboolean is_positive = g_str_equal (text, self->positive);

      is_found |= is_positive;
      qrx_tensor_set (values, i, qrx_delimited_is_missing (file, row, column) ? NAN : is_positive);
    }
  if (!is_found)
    qrx_delimited_set_error (file, g_array_index (rows, gsize, 0), column, QRX_DATA_ERROR_VALUE, error,
                             "found no row of the class \"%s\", which \"positive\" asks for", self->positive);
  return is_found;
}

static gboolean
add_targets (QrxCsvLoader *self, QrxTable *table, QrxDelimited *file, const WideColumns *columns, const GArray *rows,
             Report *report, GError **error)
{
  QrxOrientation orientation = g_str_equal (self->orientation, "low")    ? QRX_ORIENTATION_LOW_IS_SENSITIVE
                               : g_str_equal (self->orientation, "high") ? QRX_ORIENTATION_HIGH_IS_SENSITIVE
                                                                         : QRX_ORIENTATION_NONE;
  gsize n = rows->len;

  for (guint t = 0; t < columns->targets->len; t++)
    {
      gsize column = g_array_index (columns->targets, gsize, t), n_missing = 0;
      const char *name = qrx_delimited_get_column_name (file, column);
      g_autoptr (QrxTensor) values = qrx_tensor_new (QRX_DTYPE_F64, &n, 1);
      double *data = qrx_tensor_peek_f64 (values);

      if (self->positive != NULL && !read_classes (self, file, column, rows, values, error))
        return FALSE;
      for (gsize i = 0; i < n; i++)
        {
          if (self->positive == NULL && !qrx_delimited_get_number (file, g_array_index (rows, gsize, i), column,
                                                                   QRX_MISSING_NAN, &data[i], error))
            return FALSE;
          n_missing += isnan (data[i]) != 0;
        }
      if (n_missing > 0)
        report_say (report, "target.missing",
                    "%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " rows have no %s: kept without a target", n_missing, n,
                    name);
      if (!qrx_table_add_target (table, name, self->unit != NULL ? self->unit : "", orientation, values, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_annotations (QrxTable *table, QrxDelimited *file, const WideColumns *columns, const GArray *rows, GError **error)
{
  for (guint i = 0; i < columns->annotations->len; i++)
    {
      g_autoptr (GPtrArray) texts = read_texts (file, g_array_index (columns->annotations, gsize, i), rows);

      if (!qrx_table_add_annotation (table, columns->annotation_names->pdata[i], (const char *const *) texts->pdata,
                                     error))
        return FALSE;
    }
  return TRUE;
}

static void
report_columns (const WideColumns *columns, const GArray *rows, const GArray *features, Report *report)
{
  if (columns->text_columns->len > 0)
    {
      g_autoptr (GString) names = g_string_new (NULL);

      for (guint i = 0; i < columns->text_columns->len && i < 10; i++)
        g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", (char *) columns->text_columns->pdata[i]);
      report_say (report, "text-columns", "%u columns hold text and have no use: left out (%s%s)",
                  columns->text_columns->len, names->str, columns->text_columns->len > 10 ? ", …" : "");
    }
  report_say (report, "rows", "%u rows, %u features, %u targets, %u annotations", rows->len, features->len,
              columns->targets->len, columns->annotations->len);
}

/* The numbers of the features; where they were not named, a column that is not all numbers may have been taken for one.
 */
static QrxTensor *
read_features (QrxCsvLoader *self, QrxDelimited *file, const WideColumns *columns, GError **error)
{
  const QrxDelimitedSelection selection = { .columns = (const gsize *) columns->features->data,
                                            .n_columns = columns->features->len };
  gboolean chosen = self->features != NULL && self->features[0] != NULL;
  g_autoptr (GError) fault = NULL;
  QrxTensor *values;

  values = qrx_delimited_read_matrix (file, &selection, QRX_MISSING_NAN, &fault);
  if (values != NULL)
    return values;
  g_set_error (error, fault->domain, fault->code, "%s%s", fault->message,
               chosen ? "" : "; a column that is no feature is named in \"ignore\" or \"annotations\"");
  return NULL;
}

static QrxTable *
make_table (QrxCsvLoader *self, QrxDelimited *file, const WideColumns *columns, Report *report, GError **error)
{
  g_autoptr (QrxTensor) values = read_features (self, file, columns, error);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autoptr (GArray) features = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autoptr (GPtrArray) ids = NULL;
  g_autoptr (QrxBlock) block = NULL;
  g_autoptr (QrxTable) table = NULL;

  if (values == NULL || !apply_missing (self, file, values, columns->features, rows, features, report, error))
    return NULL;
  ids = read_texts (file, columns->id, rows);
  block = make_block (file, values, columns->features, rows, features, error);
  if (block == NULL)
    return NULL;
  table = qrx_table_new ((const char *const *) ids->pdata, error);
  if (table == NULL)
    {
      g_prefix_error (error, "%s, column \"%s\": ", qrx_delimited_get_name (file),
                      qrx_delimited_get_column_name (file, columns->id));
      return NULL;
    }
  if (!qrx_table_add_block (table, block, NULL, error) || !add_annotations (table, file, columns, rows, error) ||
      !add_targets (self, table, file, columns, rows, report, error))
    return NULL;
  report_columns (columns, rows, features, report);
  return g_steal_pointer (&table);
}

static gboolean
qrx_csv_loader_run (QrxNode *node, QrxBundle *in G_GNUC_UNUSED, QrxBundle *out, QrxContext *context,
                    GCancellable *cancellable G_GNUC_UNUSED, GError **error)
{
  QrxCsvLoader *self = QRX_CSV_LOADER (node);
  WideQuery query = { .id_column = self->id_column,
                      .targets = (const char *const *) self->targets,
                      .tissue = self->tissue,
                      .donor = self->donor,
                      .line = self->line,
                      .drug = self->drug,
                      .annotations = (const char *const *) self->annotations,
                      .features = (const char *const *) self->features,
                      .ignore = (const char *const *) self->ignore };
  g_autofree char *path = qrx_context_find_file (context, self->file, error);
  g_autoptr (QrxDelimited) file = path != NULL ? qrx_delimited_read (path, QRX_DELIMITED_DEFAULT, error) : NULL;
  g_autoptr (WideColumns) columns = file != NULL ? wide_columns_new (file, &query, error) : NULL;
  g_autoptr (Report) report = NULL;
  g_autoptr (QrxTable) table = NULL;

  if (columns == NULL)
    return FALSE;
  report = report_new ();
  report_file (report, context, "file", self->file, path);
  table = make_table (self, file, columns, report, error);
  if (table == NULL)
    return FALSE;
  report_publish (report, node, context, table);
  qrx_bundle_set (out, "out", QRX_VALUE (table));
  return TRUE;
}

static void
declare_columns (QrxNodeClass *klass)
{
  qrx_node_class_add_string (klass, "id-column", G_STRUCT_OFFSET (QrxCsvLoader, id_column), NULL,
                             "Column of the row ids, which are unique; without it, the first");
  qrx_node_class_add_strings (klass, "targets", G_STRUCT_OFFSET (QrxCsvLoader, targets), "Columns to predict");
  qrx_node_class_add_string (klass, "tissue", G_STRUCT_OFFSET (QrxCsvLoader, tissue), NULL, "Column of the tissue");
  qrx_node_class_add_string (klass, "donor", G_STRUCT_OFFSET (QrxCsvLoader, donor), NULL,
                             "Column of the donor, whose rows a split keeps together");
  qrx_node_class_add_string (klass, "line", G_STRUCT_OFFSET (QrxCsvLoader, line), NULL,
                             "Column of the cell line, whose replicates a split keeps together");
  qrx_node_class_add_string (klass, "drug", G_STRUCT_OFFSET (QrxCsvLoader, drug), NULL, "Column of the drug");
  qrx_node_class_add_strings (klass, "annotations", G_STRUCT_OFFSET (QrxCsvLoader, annotations),
                              "Further columns of text to keep, under their own names");
  qrx_node_class_add_strings (klass, "features", G_STRUCT_OFFSET (QrxCsvLoader, features),
                              "Columns of features; without it, every column of numbers that has no other use");
  qrx_node_class_add_strings (klass, "ignore", G_STRUCT_OFFSET (QrxCsvLoader, ignore), "Columns that are no features");
}

static void
qrx_csv_loader_class_init (QrxCsvLoaderClass *class)
{
  QrxNodeClass *klass = QRX_NODE_CLASS (class);

  klass->resolve = qrx_csv_loader_resolve;
  klass->run = qrx_csv_loader_run;
  qrx_node_class_set_name (klass, "csv-loader");
  qrx_node_class_set_category (klass, "data");
  qrx_node_class_set_summary (
      klass, "Loads any wide table of text, CSV or TSV, gzip or not: a row for each sample, a column for each "
             "feature, target or annotation.");
  qrx_node_class_add_output (klass, "out", "table", "The rows of the file");
  qrx_node_class_add_file (klass, "file", G_STRUCT_OFFSET (QrxCsvLoader, file), "The table, with a header");
  declare_columns (klass);
  qrx_node_class_add_string (klass, "positive", G_STRUCT_OFFSET (QrxCsvLoader, positive), NULL,
                             "Where targets are classes of text: the one that counts as 1; every other is 0");
  qrx_node_class_add_string (klass, "unit", G_STRUCT_OFFSET (QrxCsvLoader, unit), NULL, "Unit of the targets");
  qrx_node_class_add_choice (klass, "orientation", G_STRUCT_OFFSET (QrxCsvLoader, orientation), "none|low|high",
                             "Which end of the targets means sensitive, or positive");
  qrx_node_class_add_choice (klass, "missing", G_STRUCT_OFFSET (QrxCsvLoader, missing), "error|drop-row|drop-column",
                             "What to do where a feature has no value");
  qrx_node_class_set_example (
      klass, "{ \"files\": { \"table.csv\": \"sample,class,size,weight\\na,yes,1,2\\nb,no,3,4\\nc,yes,5,6\\n\" },"
             "  \"properties\": { \"file\": \"table.csv\", \"targets\": [\"class\"], \"positive\": \"yes\","
             "                    \"orientation\": \"high\" },"
             "  \"expect\": { \"rows\": 3, \"features\": 2, \"ids\": [\"a\", \"b\", \"c\"],"
             "                \"target\": [1, 0, 1], \"orientation\": \"high-is-sensitive\" } }");
}

static void
qrx_csv_loader_init (QrxCsvLoader *self G_GNUC_UNUSED)
{
}

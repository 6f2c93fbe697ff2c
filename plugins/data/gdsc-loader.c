/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `gdsc-loader`: expression and the response to one drug or several, joined by cell line, from the files of GDSC, DepMap and CCLE
 * as they are. It says what it found, dropped and changed. */
#include <qrx/qrx-node.h>

#include "cohort-features.h"
#include "cohort-table.h"
#include "gdsc-findings.h"

#define QRX_TYPE_GDSC_LOADER (qrx_gdsc_loader_get_type ())
G_DECLARE_FINAL_TYPE (QrxGdscLoader, qrx_gdsc_loader, QRX, GDSC_LOADER, QrxNode)

struct _QrxGdscLoader {
  QrxNode parent_instance;
  char *expression;
  char *response;
  char *models;
  char *drug;
  GStrv drugs;
  char *dataset;
  char *target;
  char *orientation;
  char *unit;
  char *replicates;
  char *join;
  char *id_column;
  char *row_id;
  char *missing;
  char *missing_response;
  char *capped;
};

G_DEFINE_FINAL_TYPE (QrxGdscLoader, qrx_gdsc_loader, QRX_TYPE_NODE)

static gboolean
qrx_gdsc_loader_resolve (QrxNode *node, QrxShapeScope *scope G_GNUC_UNUSED, GError **error)
{
  QrxGdscLoader *self = QRX_GDSC_LOADER (node);
  const char *lacking = self->expression == NULL ? "expression" : self->response == NULL ? "response" : NULL;

  if (lacking == NULL)
    return TRUE;
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
               "property \"%s\": found none, expected the name of a file", lacking);
  return FALSE;
}

static Expression *
read_expression (QrxGdscLoader *self, QrxContext *context, Report *report, GError **error)
{
  g_autofree char *path = qrx_context_find_file (context, self->expression, error);
  g_autoptr (Expression) expression = path != NULL ? expression_read (path, self->id_column, error) : NULL;

  if (expression == NULL)
    return NULL;
  report_file (report, context, "expression.file", self->expression, path);
  gdsc_findings_say_expression (expression, report);
  return g_steal_pointer (&expression);
}

static Response *
read_response (QrxGdscLoader *self, ResponseFile *file, const char *drug, Report *report, GError **error)
{
  const char *dataset = self->dataset != NULL && *self->dataset != '\0' ? self->dataset : NULL;
  ResponseQuery query = { .drug = drug, .dataset = dataset, .target = self->target };
  g_autoptr (Response) response = response_read (file, &query, error);

  if (response == NULL)
    return NULL;
  gdsc_findings_say_response (response, drug, report);
  return g_steal_pointer (&response);
}

/* The models file, and how many lines of the expression it knows. */
static gboolean
read_models (QrxGdscLoader *self, QrxContext *context, Expression *expression, Report *report, ModelList **models,
             gsize *n_known, GError **error)
{
  g_autofree char *path = NULL;

  if (self->models == NULL)
    return TRUE;
  path = qrx_context_find_file (context, self->models, error);
  *models = path != NULL ? model_list_read (path, error) : NULL;
  if (*models == NULL)
    return FALSE;
  report_file (report, context, "models.file", self->models, path);
  *n_known = model_list_complete (*models, expression->ids);
  return TRUE;
}

static LineMatching *
match_lines (QrxGdscLoader *self, const Expression *expression, const Response *response, Report *report,
             GError **error)
{
  g_autoptr (LineMatching) matching =
      line_matching_new (expression->ids, response->ids, line_key_from_name (self->join), error);

  if (matching == NULL)
    return NULL;
  gdsc_findings_say_matching (matching, expression, report);
  return g_steal_pointer (&matching);
}

/* Without the rows whose line lacks a gene, if that is what the property says. */
static gboolean
drop_incomplete (QrxGdscLoader *self, const Expression *expression, GArray *rows, Report *report, GError **error)
{
  guint n = rows->len, n_kept = 0;

  for (guint i = 0; i < n && g_str_equal (self->missing, "drop-line"); i++)
    if (!cohort_features_is_incomplete (expression, g_array_index (rows, CohortRow, i).line))
      g_array_index (rows, CohortRow, n_kept++) = g_array_index (rows, CohortRow, i);
  if (!g_str_equal (self->missing, "drop-line") || n_kept == n)
    return TRUE;
  report_say (report, "expression.missing", "%u rows belong to lines that lack a gene: dropped", n - n_kept);
  g_array_set_size (rows, n_kept);
  if (n_kept > 0)
    return TRUE;
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY,
               "Every matched line lacks the expression of some gene, so \"missing\" "
               "= \"drop-line\" leaves none; expected \"drop-gene\"");
  return FALSE;
}

static QrxOrientation
get_orientation (QrxGdscLoader *self, const Response *response, GError **error)
{
  if (g_str_equal (self->orientation, "low"))
    return QRX_ORIENTATION_LOW_IS_SENSITIVE;
  if (g_str_equal (self->orientation, "high"))
    return QRX_ORIENTATION_HIGH_IS_SENSITIVE;
  if (response->orientation == QRX_ORIENTATION_NONE)
    g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                 "It is not known which end of \"%s\" means sensitive; set \"orientation\" to \"low\" or \"high\"",
                 response->column);
  return response->orientation;
}

/* Matches the rows of one drug to lines of the expression. */
static DrugScreen *
read_screen (QrxGdscLoader *self, ResponseFile *file, const char *drug, const Expression *expression, ModelList *models,
             gsize *n_known, Report *report, GError **error)
{
  const CohortPolicy policy = { self->missing_response, self->capped, self->replicates };
  DrugScreen *screen = g_new0 (DrugScreen, 1);

  screen->response = read_response (self, file, drug, report, error);
  if (screen->response != NULL)
    {
      *n_known += models != NULL ? model_list_complete (models, screen->response->ids) : 0;
      screen->matching = match_lines (self, expression, screen->response, report, error);
    }
  if (screen->matching != NULL)
    screen->rows = cohort_rows_new (screen->response, screen->matching, expression->names, &policy, report, error);
  if (screen->rows != NULL && drop_incomplete (self, expression, screen->rows, report, error))
    return screen;
  drug_screen_free (screen);
  return NULL;
}

/* The drugs asked for; of none, the one of the file. */
static char **
list_drugs (QrxGdscLoader *self, ResponseFile *file, GError **error)
{
  const char *dataset = self->dataset != NULL && *self->dataset != '\0' ? self->dataset : NULL;

  if (self->drugs == NULL || self->drugs[0] == NULL)
    return g_strdupv ((char *[]){ self->drug != NULL ? self->drug : (char *) "", NULL });
  if (g_str_equal (self->drugs[0], "*") && self->drugs[1] == NULL)
    return response_file_dup_drugs (file, dataset, error);
  return g_strdupv (self->drugs);
}

/* Of several drugs the counts of all, for what is said of each would fill pages. */
static GPtrArray *
read_screens (QrxGdscLoader *self, ResponseFile *file, const Expression *expression, ModelList *models, gsize *n_known,
              Report *report, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) screens = g_ptr_array_new_with_free_func (drug_screen_free);
  g_auto (GStrv) drugs = list_drugs (self, file, error);
  gsize n_found = 0, n_kept = 0;

  for (guint i = 0; drugs != NULL && drugs[i] != NULL; i++)
    {
      g_autoptr (Report) own = report_new ();
      DrugScreen *screen = read_screen (self, file, *drugs[i] != '\0' ? drugs[i] : NULL, expression, models, n_known,
                                        drugs[1] == NULL ? report : own, error);

      if (screen == NULL)
        return NULL;
      g_ptr_array_add (screens, screen);
      n_found += screen->response->n;
      n_kept += screen->rows->len;
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
    }
  if (drugs == NULL || !drug_screens_check (screens, error))
    return NULL;
  if (screens->len > 1)
    report_say (
        report, "response.found",
        "response: %u drugs, %" G_GSIZE_FORMAT " rows, of which %" G_GSIZE_FORMAT
        " have a line with expression and are kept, each drug by itself as \"missing-response\", \"capped\" and "
        "\"replicates\" say",
        screens->len, n_found, n_kept);
  return g_steal_pointer (&screens);
}

static QrxTable *
make_table (QrxGdscLoader *self, CohortParts *parts, Report *report, GError **error)
{
  const Response *first = ((DrugScreen *) parts->screens->pdata[0])->response;
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autoptr (QrxIndex) block_rows = NULL;
  g_autoptr (QrxBlock) block = NULL;

  parts->unit = self->unit != NULL ? self->unit : first->unit;
  parts->orientation = get_orientation (self, first, error);
  if (parts->orientation == QRX_ORIENTATION_NONE)
    return NULL;
  for (guint i = 0; i < parts->screens->len; i++)
    {
      const GArray *rows = ((DrugScreen *) parts->screens->pdata[i])->rows;

      for (guint k = 0; k < rows->len; k++)
        g_array_append_val (lines, g_array_index (rows, CohortRow, k).line);
    }
  block = cohort_features_new (parts->expression, lines, self->missing, report, &block_rows, error);
  if (block == NULL)
    return NULL;
  report_say (report, "rows", "%u rows, target %s", lines->len, first->target);
  return cohort_table_new (parts, block, block_rows, report, error);
}

static gboolean
qrx_gdsc_loader_run (QrxNode *node, QrxBundle *in G_GNUC_UNUSED, QrxBundle *out, QrxContext *context,
                     GCancellable *cancellable, GError **error)
{
  QrxGdscLoader *self = QRX_GDSC_LOADER (node);
  g_autoptr (Report) report = report_new ();
  g_autoptr (Expression) expression = read_expression (self, context, report, error);
  g_autofree char *path = expression != NULL ? qrx_context_find_file (context, self->response, error) : NULL;
  g_autoptr (ResponseFile) file = path != NULL ? response_file_open (path, error) : NULL;
  g_autoptr (ModelList) models = NULL;
  g_autoptr (GPtrArray) screens = NULL;
  g_autoptr (QrxTable) table = NULL;
  gsize n_known[2] = { 0 }; /* lines of the expression, rows of the response */

  if (file == NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  report_file (report, context, "response.file", self->response, path);
  if (!read_models (self, context, expression, report, &models, &n_known[0], error))
    return FALSE;
  screens = read_screens (self, file, expression, models, &n_known[1], report, cancellable, error);
  if (screens == NULL)
    return FALSE;
  if (models != NULL)
    gdsc_findings_say_models (models, expression, screens, n_known, report);
  table = make_table (
      self, &(CohortParts){ .expression = expression, .models = models, .screens = screens, .row_id = self->row_id },
      report, error);
  if (table == NULL)
    return FALSE;
  report_publish (report, node, context, table);
  qrx_bundle_set (out, "out", QRX_VALUE (table));
  return TRUE;
}

static void
declare_files (QrxNodeClass *klass)
{
  qrx_node_class_add_file (
      klass, "expression", G_STRUCT_OFFSET (QrxGdscLoader, expression),
      "Expression, CSV or TSV, gzip or not: rows are lines and columns genes (DepMap's files as they are), or "
      "Cell_line_RMA_proc_basalExp, whose columns are lines");
  qrx_node_class_add_file (
      klass, "response", G_STRUCT_OFFSET (QrxGdscLoader, response),
      "Responses, a row for each line and drug: GDSC's fitted dose responses or CCLE's drug data as they are, "
      "or columns drug, drug_id, dataset, cell_line_id, depmap_id, cell_line_name, tissue, ln_ic50");
  qrx_node_class_add_file (klass, "models", G_STRUCT_OFFSET (QrxGdscLoader, models),
                           "DepMap's Model.csv: donors, tissues, and ids of lines under other providers' names");
}

static void
declare_choices (QrxNodeClass *klass)
{
  qrx_node_class_add_string (klass, "drug", G_STRUCT_OFFSET (QrxGdscLoader, drug), NULL,
                             "Name, synonym or numeric id of the drug; not needed where the file has one drug");
  qrx_node_class_add_strings (klass, "drugs", G_STRUCT_OFFSET (QrxGdscLoader, drugs),
                              "Several drugs, for a row for each line and drug; [\"*\"] takes all of the data set");
  qrx_node_class_add_exclusion (klass, "drug", "drugs");
  qrx_node_class_add_string (klass, "dataset", G_STRUCT_OFFSET (QrxGdscLoader, dataset), NULL,
                             "Data set, such as GDSC2, which GDSC2_8.2 is too; not needed where the drug has one");
  qrx_node_class_add_string (
      klass, "target", G_STRUCT_OFFSET (QrxGdscLoader, target), NULL,
      "Column to predict: ln_ic50 (LN_IC50) where there is one, auc (AUC), act_area (ActArea), or any other");
  qrx_node_class_add_choice (klass, "orientation", G_STRUCT_OFFSET (QrxGdscLoader, orientation), "auto|low|high",
                             "Which end of the target means sensitive; known for GDSC's and CCLE's columns");
  qrx_node_class_add_string (klass, "unit", G_STRUCT_OFFSET (QrxGdscLoader, unit), NULL,
                             "Unit of the target; known for GDSC's and CCLE's columns");
  qrx_node_class_add_choice (klass, "replicates", G_STRUCT_OFFSET (QrxGdscLoader, replicates), "error|mean|first|keep",
                             "What to do with several rows of one line, as of a drug with several ids");
  qrx_node_class_add_choice (klass, "join", G_STRUCT_OFFSET (QrxGdscLoader, join), "auto|cosmic|depmap|sanger|name",
                             "The kind of id that joins the files; auto takes the one that matches most rows");
  qrx_node_class_add_string (klass, "id-column", G_STRUCT_OFFSET (QrxGdscLoader, id_column), NULL,
                             "Column of a wide expression file that names the lines, where its header does not tell");
  qrx_node_class_add_choice (klass, "row-id", G_STRUCT_OFFSET (QrxGdscLoader, row_id),
                             "expression|cosmic|depmap|sanger|name",
                             "What rows are called: as the expression file names lines, or by one kind of id");
  qrx_node_class_add_choice (klass, "missing", G_STRUCT_OFFSET (QrxGdscLoader, missing), "error|drop-gene|drop-line",
                             "What to do where a matched line lacks the expression of a gene");
  qrx_node_class_add_choice (klass, "missing-response", G_STRUCT_OFFSET (QrxGdscLoader, missing_response), "drop|keep",
                             "What to do with matched rows that have no value of the target");
  qrx_node_class_add_choice (klass, "capped", G_STRUCT_OFFSET (QrxGdscLoader, capped), "keep|clip|drop",
                             "What to do with IC50s beyond the highest dose tested, where the file tells it");
}

static void
qrx_gdsc_loader_class_init (QrxGdscLoaderClass *class)
{
  QrxNodeClass *klass = QRX_NODE_CLASS (class);

  klass->resolve = qrx_gdsc_loader_resolve;
  klass->run = qrx_gdsc_loader_run;
  qrx_node_class_set_name (klass, "gdsc-loader");
  qrx_node_class_set_category (klass, "data");
  qrx_node_class_set_summary (
      klass,
      "Loads gene expression and the response to one drug or several from the files of GDSC, DepMap or CCLE, and "
      "joins them by cell line.");
  qrx_node_class_add_citation (
      klass, "Iorio et al. 2016, A landscape of pharmacogenomic interactions in cancer, Cell 166:740, "
             "doi:10.1016/j.cell.2016.06.017");
  qrx_node_class_add_citation (
      klass, "Yang et al. 2013, Genomics of Drug Sensitivity in Cancer, Nucleic Acids Research 41:D955, "
             "doi:10.1093/nar/gks1111");
  qrx_node_class_add_citation (klass, "Barretina et al. 2012, The Cancer Cell Line Encyclopedia, Nature 483:603, "
                                      "doi:10.1038/nature11003");
  qrx_node_class_add_output (klass, "out", "table",
                             "A row for each line (or replicate): expression, tissue, donor, line, drug, "
                             "name, and the response");
  declare_files (klass);
  declare_choices (klass);
  qrx_node_class_set_example (
      klass,
      "{ \"files\": { \"expression.csv\": \"cell_line_id,TP53,EGFR\\n905936,1.5,2\\n905939,0.5,3\\n905947,2.5,1\\n\","
      "             \"response.csv\": \"COSMIC_ID,DRUG_NAME,DRUG_ID,DATASET,MAX_CONC,LN_IC50\\n"
      "905936,Docetaxel,1007,GDSC2,0.1,-4.5\\n905947,Docetaxel,1007,GDSC2,0.1,-1.5\\n683665,Docetaxel,1007,GDSC2,0.1,-"
      "2\\n\" },"
      "  \"properties\": { \"expression\": \"expression.csv\", \"response\": \"response.csv\", \"drug\": \"Taxotere\" "
      "},"
      "  \"expect\": { \"rows\": 2, \"features\": 2, \"ids\": [\"905936\", \"905947\"], \"target\": [-4.5, -1.5],"
      "                \"unit\": \"ln µM\", \"orientation\": \"low-is-sensitive\" } }");
}

static void
qrx_gdsc_loader_init (QrxGdscLoader *self G_GNUC_UNUSED)
{
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the folder that `qrx run` wrote, as a study of one trial: each evaluator is an arm, and each drug, of several, a task. */
#include "study/qrx-summary-private.h"

#include "base/qrx-json-private.h"

#include <math.h>
#include <qrx/qrx-delimited.h>
#include <string.h>

/* The columns of predictions; −1 for what is not told. */
typedef struct {
  gssize id, role, target, prediction, tissue, drug;
} Columns;

typedef struct {
  QrxSummary *summary;
  QrxPipeline *pipeline;
  const char *folder;
  gboolean by_drug;    /* tasks are drugs, whose rows and scores are told apart */
  char *read;          /* whose predictions were read last: their drugs share them */
  QrxDelimited *table; /* NULL where none were recorded */
  Columns columns;
  GHashTable *chosen; /* task → GArray of gsize: its rows of the shown role */
} Reader;

static JsonObject *
load_object (const char *folder, const char *name, const char *const members[], QrxJsonDocument **document,
             GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  JsonNode *root;

  *document = qrx_json_document_load (path, error);
  if (*document == NULL)
    return NULL;
  root = qrx_json_document_get_root (*document);
  for (; *members != NULL; members++)
    if (!JSON_NODE_HOLDS_OBJECT (root) || !json_object_has_member (json_node_get_object (root), *members))
      {
        g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT,
                     "%s: has no member \"%s\", expected what `qrx run` writes", path, *members);
        return NULL;
      }
  return json_node_get_object (root);
}

static gboolean
find_columns (QrxDelimited *table, Columns *columns, GError **error)
{
  columns->tissue = qrx_delimited_find_column (table, "tissue");
  columns->drug = qrx_delimited_find_column (table, "drug");
  return (columns->id = qrx_delimited_require_column (table, "id", error)) >= 0 &&
         (columns->role = qrx_delimited_require_column (table, "role", error)) >= 0 &&
         (columns->target = qrx_delimited_require_column (table, "target", error)) >= 0 &&
         (columns->prediction = qrx_delimited_require_column (table, "prediction", error)) >= 0;
}

/* The rows of the shown role, by drug where tasks are drugs. */
static GHashTable *
choose_rows (const Reader *reader)
{
  const Columns *columns = &reader->columns;
  GHashTable *chosen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);

  for (gsize row = 0; row < qrx_delimited_get_n_rows (reader->table); row++)
    {
      g_autofree char *role = qrx_delimited_dup (reader->table, row, (gsize) columns->role);
      g_autofree char *task = NULL;
      GArray *rows;

      if (!g_str_equal (role, reader->summary->role) ||
          qrx_delimited_is_missing (reader->table, row, (gsize) columns->target))
        continue;
      task = reader->by_drug && columns->drug >= 0 ? qrx_delimited_dup (reader->table, row, (gsize) columns->drug)
                                                   : g_strdup ("");
      rows = g_hash_table_lookup (chosen, task);
      if (rows == NULL)
        g_hash_table_insert (chosen, g_steal_pointer (&task), rows = g_array_new (FALSE, FALSE, sizeof (gsize)));
      g_array_append_val (rows, row);
    }
  return chosen;
}

/* Reads what a node predicted, once for all drugs. */
static gboolean
open_predictions (Reader *reader, const char *predictor, GError **error)
{
  g_autofree char *name = g_strconcat (predictor, ".predictions.csv", NULL);
  g_autofree char *path = g_build_filename (reader->folder, name, NULL);

  if (g_strcmp0 (reader->read, path) == 0)
    return TRUE;
  g_clear_pointer (&reader->table, qrx_delimited_free);
  g_clear_pointer (&reader->chosen, g_hash_table_unref);
  g_free (reader->read);
  reader->read = g_steal_pointer (&path);
  if (!g_file_test (reader->read, G_FILE_TEST_EXISTS))
    return TRUE; /* a node that predicts without being recorded: its scores stand alone */
  reader->table = qrx_delimited_read (reader->read, QRX_DELIMITED_COMMA, error);
  if (reader->table == NULL || !find_columns (reader->table, &reader->columns, error))
    return FALSE;
  reader->chosen = choose_rows (reader);
  return TRUE;
}

static gboolean
take_row (Reader *reader, QrxSummaryRows *rows, gsize k, gsize row, GError **error)
{
  const Columns *columns = &reader->columns;
  g_autofree char *id = qrx_delimited_dup (reader->table, row, (gsize) columns->id);

  rows->ids[k] = g_string_chunk_insert_const (reader->summary->strings, id);
  rows->units[k] = rows->ids[k];
  if (columns->tissue >= 0)
    {
      g_autofree char *tissue = qrx_delimited_dup (reader->table, row, (gsize) columns->tissue);

      rows->tissues[k] = g_string_chunk_insert_const (reader->summary->strings, tissue);
    }
  return qrx_delimited_get_number (reader->table, row, (gsize) columns->target, QRX_MISSING_REFUSE, &rows->targets[k],
                                   error) &&
         qrx_delimited_get_number (reader->table, row, (gsize) columns->prediction, QRX_MISSING_REFUSE,
                                   &rows->predictions[k], error);
}

/* The predictions that the evaluator of a result scored, those of the shown role. */
static gboolean
read_rows (Reader *reader, QrxSummaryResult *result, const char *predictor, GError **error)
{
  JsonObject *scores = qrx_summary_get_scores (reader->summary, result);
  const GArray *chosen;
  gsize n;

  if (!open_predictions (reader, predictor, error))
    return FALSE;
  if (reader->table == NULL)
    return TRUE;
  chosen = g_hash_table_lookup (reader->chosen, reader->summary->tasks->pdata[result->task]);
  n = chosen != NULL ? chosen->len : 0;
  result->rows = qrx_summary_rows_new (n, reader->columns.tissue >= 0);
  /* Only probabilities have a Brier score. */
  result->rows->probability = scores != NULL && json_object_has_member (scores, "brier");
  for (gsize k = 0; k < n; k++)
    if (!take_row (reader, result->rows, k, g_array_index (chosen, gsize, k), error))
      return FALSE;
  return TRUE;
}

static gboolean
read_history (Reader *reader, guint arm, const char *predictor, GError **error)
{
  g_autofree char *name = g_strconcat (predictor, ".history.csv", NULL);
  g_autofree char *path = g_build_filename (reader->folder, name, NULL);
  g_autoptr (QrxDelimited) table = NULL;
  g_autofree double *values = NULL;
  gsize n;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  table = qrx_delimited_read (path, QRX_DELIMITED_COMMA, error);
  if (table == NULL)
    return FALSE;
  n = qrx_delimited_get_n_rows (table);
  values = g_new (double, n);
  for (gsize c = 1; c < qrx_delimited_get_n_columns (table); c++)
    {
      for (gsize i = 0; i < n; i++)
        if (!qrx_delimited_get_number (table, i, c, QRX_MISSING_NAN, &values[i], error))
          return FALSE;
      qrx_summary_add_curve (reader->summary, arm, 0, qrx_delimited_get_column_name (table, c), values, n);
    }
  return TRUE;
}

static gboolean
read_files (Reader *reader, GError **error)
{
  for (guint i = 0; i < reader->summary->results->len; i++)
    {
      QrxSummaryResult *result = reader->summary->results->pdata[i];
      QrxSummaryArm *arm = reader->summary->arms->pdata[result->arm];
      gboolean is_first = i == 0 || ((QrxSummaryResult *) reader->summary->results->pdata[i - 1])->arm != result->arm;

      if (arm->predictor != NULL && (!read_rows (reader, result, arm->predictor, error) ||
                                     (is_first && !read_history (reader, result->arm, arm->predictor, error))))
        return FALSE;
    }
  return TRUE;
}

/* Other nodes put out scores beside what they are there for, and are no way to predict. */
static gboolean
is_evaluator (QrxPipeline *pipeline, const char *id)
{
  QrxNode *node = qrx_pipeline_find_node (pipeline, id);
  QrxPort *port = node != NULL ? qrx_node_class_find_port (QRX_NODE_GET_CLASS (node), NULL, TRUE) : NULL;

  return port == NULL || g_str_equal (qrx_port_spec_get_kind (qrx_port_get_spec (port)), "metrics");
}

/* The drugs of an evaluator become tasks; without any, all of its rows are one. */
static void
take_evaluator (Reader *reader, const char *evaluator, JsonObject *roles, const char *seed)
{
  QrxSummary *summary = reader->summary;
  guint arm = qrx_summary_add_arm (summary, evaluator, evaluator, qrx_summary_find_predictor (reader->pipeline, evaluator), 0);
  guint fit = qrx_summary_add_fit (summary, "");
  g_autoptr (GPtrArray) drugs = qrx_summary_list_drugs (roles);
  JsonNode *node;

  reader->by_drug = reader->by_drug || drugs->len > 0;
  for (guint i = 0; i < drugs->len; i++)
    qrx_summary_add_result (summary, arm, qrx_summary_add_task (summary, drugs->pdata[i], drugs->pdata[i], fit), "", seed,
                            qrx_summary_pick_drug (roles, drugs->pdata[i]));
  if (drugs->len > 0)
    return;
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, roles);
  qrx_summary_add_result (summary, arm, qrx_summary_add_task (summary, "", "", fit), "", seed, node);
}

static gboolean
read_scores (Reader *reader, GError **error)
{
  static const char *const members[] = { "scores", NULL };
  g_autoptr (QrxJsonDocument) document = NULL;
  JsonObject *metrics = load_object (reader->folder, "metrics.json", members, &document, error);
  g_autofree char *seed = g_strdup_printf ("%" G_GUINT64_FORMAT, qrx_pipeline_get_seed (reader->pipeline));
  JsonObjectIter iter;
  const char *evaluator;
  JsonNode *roles;

  if (metrics == NULL)
    return FALSE;
  json_object_iter_init_ordered (&iter, json_object_get_object_member (metrics, "scores"));
  while (json_object_iter_next_ordered (&iter, &evaluator, &roles))
    if (is_evaluator (reader->pipeline, evaluator))
      take_evaluator (reader, evaluator, json_node_get_object (roles), seed);
  if (reader->summary->tasks->len == 0)
    qrx_summary_add_task (reader->summary, "", "", qrx_summary_add_fit (reader->summary, ""));
  reader->summary->role = g_strdup (qrx_summary_choose_role (reader->summary));
  return TRUE;
}

/* The resolved pipeline, and what it met: versions, kernels, checksums of files. */
static gboolean
read_pipeline (Reader *reader, QrxRegistry *registry, GError **error)
{
  static const char *const members[] = { "nodes", "resolved", NULL };
  g_autofree char *path = g_build_filename (reader->folder, "pipeline.resolved.json", NULL);
  g_autoptr (QrxJsonDocument) document = NULL;
  JsonObject *root;

  if (g_file_test (reader->folder, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_NOT_FOUND,
                   "%s: found no pipeline.resolved.json in it, expected a folder that `qrx run` wrote", reader->folder);
      return FALSE;
    }
  root = load_object (reader->folder, "pipeline.resolved.json", members, &document, error);
  if (root == NULL)
    return FALSE;
  reader->pipeline = qrx_pipeline_load (registry, path, NULL, NULL, error);
  if (reader->pipeline == NULL)
    return FALSE;
  reader->summary->title = g_strdup (json_object_get_string_member_with_default (root, "title", reader->folder));
  json_object_set_member (reader->summary->facts, "versions",
                          json_node_copy (json_object_get_member (root, "resolved")));
  if (json_object_has_member (json_object_get_object_member (root, "resolved"), "warnings"))
    json_object_set_member (
        reader->summary->facts, "warnings",
        json_node_copy (json_object_get_member (json_object_get_object_member (root, "resolved"), "warnings")));
  qrx_summary_add_pipeline (reader->summary, reader->pipeline);
  return TRUE;
}

QrxSummary *
qrx_summary_read_run (QrxRegistry *registry, const char *folder, GError **error)
{
  g_autoptr (QrxSummary) summary = qrx_summary_new ("run", folder);
  Reader reader = { .summary = summary, .folder = folder };
  gboolean success;

  success = read_pipeline (&reader, registry, error) && read_scores (&reader, error) && read_files (&reader, error);
  g_clear_object (&reader.pipeline);
  g_clear_pointer (&reader.table, qrx_delimited_free);
  g_clear_pointer (&reader.chosen, g_hash_table_unref);
  g_free (reader.read);
  return success ? g_steal_pointer (&summary) : NULL;
}

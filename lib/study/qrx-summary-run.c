/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the folder that `qrx run` wrote, as a study of one trial: each evaluator is an arm. */
#include "study/qrx-summary-private.h"

#include "base/qrx-json-private.h"

#include <math.h>
#include <qrx/qrx-delimited.h>

typedef struct {
  QrxSummary *summary;
  QrxPipeline *pipeline;
  const char *folder;
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

/* The predictions that the evaluator of a result scored, those of the shown role. */
static gboolean
read_rows (Reader *reader, QrxSummaryResult *result, const char *predictor, GError **error)
{
  g_autofree char *name = g_strconcat (predictor, ".predictions.csv", NULL);
  g_autofree char *path = g_build_filename (reader->folder, name, NULL);
  g_autoptr (QrxDelimited) table = NULL;
  g_autofree gsize *chosen = NULL;
  JsonObject *scores = qrx_summary_get_scores (reader->summary, result);
  gssize id, role, target, prediction, tissue;
  gsize n = 0;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE; /* a node that predicts without being recorded: its scores stand alone */
  table = qrx_delimited_read (path, QRX_DELIMITED_COMMA, error);
  if (table == NULL || (id = qrx_delimited_require_column (table, "id", error)) < 0 ||
      (role = qrx_delimited_require_column (table, "role", error)) < 0 ||
      (target = qrx_delimited_require_column (table, "target", error)) < 0 ||
      (prediction = qrx_delimited_require_column (table, "prediction", error)) < 0)
    return FALSE;
  tissue = qrx_delimited_find_column (table, "tissue");
  chosen = g_new (gsize, qrx_delimited_get_n_rows (table));
  for (gsize i = 0; i < qrx_delimited_get_n_rows (table); i++)
    {
      g_autofree char *text = qrx_delimited_dup (table, i, (gsize) role);

      if (g_str_equal (text, reader->summary->role) && !qrx_delimited_is_missing (table, i, (gsize) target))
        chosen[n++] = i;
    }
  result->rows = qrx_summary_rows_new (n, tissue >= 0);
  /* Only probabilities have a Brier score. */
  result->rows->probability = scores != NULL && json_object_has_member (scores, "brier");
  for (gsize k = 0; k < n; k++)
    {
      g_autofree char *text = qrx_delimited_dup (table, chosen[k], (gsize) id);
      g_autofree char *place = tissue >= 0 ? qrx_delimited_dup (table, chosen[k], (gsize) tissue) : NULL;

      result->rows->ids[k] = g_string_chunk_insert_const (reader->summary->strings, text);
      result->rows->units[k] = result->rows->ids[k];
      if (place != NULL)
        result->rows->tissues[k] = g_string_chunk_insert_const (reader->summary->strings, place);
      if (!qrx_delimited_get_number (table, chosen[k], (gsize) target, QRX_MISSING_REFUSE, &result->rows->targets[k],
                                     error) ||
          !qrx_delimited_get_number (table, chosen[k], (gsize) prediction, QRX_MISSING_REFUSE,
                                     &result->rows->predictions[k], error))
        return FALSE;
    }
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

      if (arm->predictor != NULL && (!read_rows (reader, result, arm->predictor, error) ||
                                     !read_history (reader, result->arm, arm->predictor, error)))
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
    {
      const char *predictor = qrx_summary_find_predictor (reader->pipeline, evaluator);
      guint arm;

      if (!is_evaluator (reader->pipeline, evaluator))
        continue;
      arm = qrx_summary_add_arm (reader->summary, evaluator, evaluator, predictor, 0);
      qrx_summary_add_result (reader->summary, arm, 0, "", seed, json_node_copy (roles));
    }
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
  Reader reader = { summary, NULL, folder };
  gboolean success;

  qrx_summary_add_task (summary, "");
  success = read_pipeline (&reader, registry, error) && read_scores (&reader, error) && read_files (&reader, error);
  g_clear_object (&reader.pipeline);
  return success ? g_steal_pointer (&summary) : NULL;
}

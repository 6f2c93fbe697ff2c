/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes the document that a page draws. docs/report.md describes its members. */
#include "study/qrx-comparison-private.h"
#include "study/qrx-summary-private.h"

#include "base/qrx-json-private.h"

#include <qrx/qrx-summary.h>

#define FORMAT 1
#define MEASURES 128 /* of circuits, more than a report has */
#define MAX_RESULTS 1500 /* whose scores of all roles are kept */

static void
add_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, name, text);
  else
    json_object_set_null_member (object, name);
}

JsonNode *
qrx_summary_write_arms (QrxSummary *self)
{
  JsonArray *arms = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (guint i = 0; i < self->arms->len; i++)
    {
      const QrxSummaryArm *arm = self->arms->pdata[i];
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "id", arm->id);
      json_object_set_string_member (object, "evaluator", arm->evaluator);
      add_text (object, "predictor", arm->predictor);
      json_object_set_int_member (object, "pipeline", arm->pipeline);
      if (arm->settings != NULL)
        json_object_set_object_member (object, "settings", json_object_ref (arm->settings));
      if (arm->tuned->len > 0)
        json_object_set_array_member (object, "tuned", qrx_comparison_list_names (arm->tuned));
      json_array_add_object_element (arms, object);
    }
  json_node_take_array (node, arms);
  return node;
}

/* [{"name": "", "tasks": [0, 1]}, …] */
static JsonArray *
write_fits (QrxSummary *self)
{
  JsonArray *fits = json_array_new ();

  for (guint i = 0; i < self->fits->len; i++)
    {
      const QrxSummaryFit *fit = self->fits->pdata[i];
      JsonObject *object = json_object_new ();
      JsonArray *tasks = json_array_new ();

      for (guint k = 0; k < fit->tasks->len; k++)
        json_array_add_int_element (tasks, g_array_index (fit->tasks, guint, k));
      json_object_set_string_member (object, "name", fit->name);
      json_object_set_array_member (object, "tasks", tasks);
      json_array_add_object_element (fits, object);
    }
  return fits;
}

static gboolean
is_table (JsonNode *score)
{
  return JSON_NODE_HOLDS_ARRAY (score) && json_array_get_length (json_node_get_array (score)) > 0 &&
         JSON_NODE_HOLDS_OBJECT (json_array_get_element (json_node_get_array (score), 0));
}

/* Scores by role, of the shown role alone or of all. Lists of records have parts of the document of their own. */
static JsonNode *
copy_scores (QrxSummary *self, const QrxSummaryResult *result, gboolean shown_alone)
{
  JsonObject *roles = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT), *scores, *score;
  JsonObjectIter iter, inner;
  const char *role, *name;

  json_object_iter_init_ordered (&iter, json_node_get_object (result->scores));
  while (json_object_iter_next_ordered (&iter, &role, &scores))
    {
      JsonObject *copy = json_object_new ();

      json_object_iter_init_ordered (&inner, json_node_get_object (scores));
      while (json_object_iter_next_ordered (&inner, &name, &score))
        if (!is_table (score))
          json_object_set_member (copy, name, json_node_copy (score));
      if (!shown_alone || g_strcmp0 (role, self->role) == 0)
        json_object_set_object_member (roles, role, copy);
      else
        json_object_unref (copy);
    }
  json_node_take_object (node, roles);
  return node;
}

static JsonArray *
write_results (QrxSummary *self, JsonArray *omitted)
{
  gboolean many = self->results->len > MAX_RESULTS;
  JsonArray *results = json_array_new ();

  for (guint i = 0; i < self->results->len; i++)
    {
      const QrxSummaryResult *result = self->results->pdata[i];
      JsonObject *object = json_object_new ();

      json_object_set_int_member (object, "arm", result->arm);
      json_object_set_int_member (object, "task", result->task);
      json_object_set_string_member (object, "resample", result->resample);
      json_object_set_string_member (object, "replicate", result->replicate);
      json_object_set_member (object, "scores", copy_scores (self, result, many));
      json_array_add_object_element (results, object);
    }
  if (many)
    json_array_add_string_element (omitted,
                                   "Scores of other roles than the one shown; `qrx study export csv` has all.");
  return results;
}

static char *
write_document (QrxSummary *self, QrxRegistry *registry, QrxRunCache *cache)
{
  g_autoptr (QrxRunCache) measured = cache != NULL ? g_object_ref (cache) : qrx_run_cache_new (MEASURES);
  JsonObject *object = json_object_new ();
  JsonArray *omitted = json_array_new (), *pipelines = json_array_new ();
  JsonNode *circuits, *value;
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  JsonObjectIter iter;
  const char *name;

  for (guint i = 0; i < self->pipelines->len; i++)
    json_array_add_element (pipelines, json_node_copy (self->pipelines->pdata[i]));
  json_object_set_int_member (object, "qrx-report", FORMAT);
  json_object_set_string_member (object, "kind", self->kind);
  json_object_set_string_member (object, "title", self->title);
  json_object_set_string_member (object, "source", self->source);
  add_text (object, "role", self->role);
  json_object_set_member (object, "arms", qrx_summary_write_arms (self));
  json_object_set_array_member (object, "tasks", qrx_comparison_list_names (self->tasks));
  json_object_set_array_member (object, "fits", write_fits (self));
  json_object_set_array_member (object, "results", write_results (self, omitted));
  json_object_set_member (object, "comparison", qrx_summary_compare (self));
  json_object_set_member (object, "roc", qrx_summary_write_roc (self));
  json_object_set_member (object, "rows", qrx_summary_write_rows (self, omitted));
  json_object_set_member (object, "reliability", qrx_summary_write_reliability (self));
  json_object_set_member (object, "curves", qrx_summary_write_curves (self, omitted));
  json_object_set_array_member (object, "pipelines", pipelines);
  json_object_set_member (object, "normalizers", qrx_summary_write_normalizers (self));
  circuits = qrx_summary_write_circuits (self, registry, measured);
  if (circuits != NULL)
    json_object_set_member (object, "circuits", circuits);
  json_object_set_array_member (object, "omitted", omitted);
  json_object_iter_init_ordered (&iter, self->facts);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    json_object_set_member (object, name, json_node_copy (value));
  json_node_take_object (root, object);
  return qrx_json_to_compact_string (root);
}

/**
 * qrx_summary_of_run:
 * @registry: the node types that there are
 * @folder: what `qrx run` wrote: metrics.json, pipeline.resolved.json, predictions and histories
 * @error: return location for an error
 *
 * Gathers what a report of one run shows: scores with intervals, comparisons on the same test rows, predictions, what
 * was recorded while fitting, the graph, and where all of it came from. docs/report.md describes the members.
 *
 * Returns: (transfer full): the document, JSON
 */
char *
qrx_summary_of_run (QrxRegistry *registry, const char *folder, GError **error)
{
  g_autoptr (QrxSummary) summary = NULL;

  g_return_val_if_fail (QRX_IS_REGISTRY (registry) && folder != NULL, NULL);

  summary = qrx_summary_read_run (registry, folder, error);
  if (summary == NULL)
    return NULL;
  return write_document (summary, registry, NULL);
}

/**
 * qrx_summary_of_study:
 * @registry: the node types that there are
 * @path: a store of `qrx study run`
 * @cache: (nullable): what was measured for a report before this one, and what this one adds for the next
 * @error: return location for an error
 *
 * Gathers what a report of a study shows from its store alone, which others may be writing: of the trials that are done,
 * those that are to be compared. docs/report.md describes the members.
 *
 * Returns: (transfer full): the document, JSON
 */
char *
qrx_summary_of_study (QrxRegistry *registry, const char *path, QrxRunCache *cache, GError **error)
{
  g_autoptr (QrxSummary) summary = NULL;

  g_return_val_if_fail (QRX_IS_REGISTRY (registry) && path != NULL && (cache == NULL || QRX_IS_RUN_CACHE (cache)), NULL);

  summary = qrx_summary_read_store (registry, path, error);
  if (summary == NULL)
    return NULL;
  return write_document (summary, registry, cache);
}

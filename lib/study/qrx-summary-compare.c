/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hands a summary's scores and rankings to the comparison, which says what they support. Every arm is a reference in its
 * turn, so that a page can set any against any. */
#include "study/qrx-summary-private.h"

#include "study/qrx-comparison-private.h"

#include <math.h>

#define LEVEL 0.95
#define CHANCE 0.5 /* the area under the curve of what knows nothing */
#define TUNING "validation"
#define MAX_REFERENCES 24 /* beside the baselines */

static const struct {
  const char *name;
  gboolean higher_is_better;
} score_order[] = { { "auc", TRUE }, { "pearson", TRUE }, { "r2", TRUE }, { "rmse", FALSE } };

/* A score of one role; NaN where it is missing or undefined. */
static double
get_number (JsonObject *scores, const char *name)
{
  JsonNode *node = scores != NULL ? json_object_get_member (scores, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : NAN;
}

static gsize
count_rows (const QrxSummaryResult *result, const char *role)
{
  JsonObject *roles = json_node_get_object (result->scores);
  double n = json_object_has_member (roles, role) ? get_number (json_object_get_object_member (roles, role), "n") : 0;

  return n > 0 ? (gsize) n : 0;
}

/* The first score that any result has. */
static guint
choose_score (QrxSummary *self)
{
  for (guint k = 0; k < G_N_ELEMENTS (score_order); k++)
    for (guint i = 0; i < self->results->len; i++)
      if (isfinite (get_number (qrx_summary_get_scores (self, self->results->pdata[i]), score_order[k].name)))
        return k;
  return 0;
}

gboolean
qrx_summary_read_classes (QrxSummary *self, const QrxSummaryResult *result, double *scores, guint8 *sensitive)
{
  JsonObject *said = qrx_summary_get_scores (self, result);
  double threshold = get_number (said, "threshold"), sign;
  const char *orientation = said != NULL ? json_object_get_string_member_with_default (said, "orientation", "") : "";

  if (isnan (threshold) || (!g_str_has_prefix (orientation, "low") && !g_str_has_prefix (orientation, "high")))
    return FALSE;
  sign = g_str_has_prefix (orientation, "low") ? -1 : 1;
  for (gsize i = 0; i < result->rows->n; i++)
    {
      scores[i] = result->rows->probability ? result->rows->predictions[i] : sign * result->rows->predictions[i];
      sensitive[i] = sign * result->rows->targets[i] > sign * threshold;
    }
  return TRUE;
}

static void
add_ranking (QrxSummary *self, QrxComparison *comparison, const QrxSummaryResult *result, const char *arm,
             const char *task)
{
  gsize n = result->rows != NULL ? result->rows->n : 0;
  g_autofree double *scores = g_new (double, n);
  g_autofree guint8 *sensitive = g_new (guint8, n);

  if (n > 0 && qrx_summary_read_classes (self, result, scores, sensitive))
    qrx_comparison_add_ranking (comparison, arm, task, result->resample, result->replicate, result->rows->units, scores,
                                sensitive, n);
}

/* The result of an arm on a task, if it is the only one. */
static const QrxSummaryResult *
find_only (QrxSummary *self, const char *arm, const char *task)
{
  const QrxSummaryResult *found = NULL;

  for (guint i = 0; i < self->results->len; i++)
    {
      const QrxSummaryResult *result = self->results->pdata[i];

      if (!g_str_equal (((QrxSummaryArm *) self->arms->pdata[result->arm])->id, arm) ||
          !g_str_equal (self->tasks->pdata[result->task], task))
        continue;
      if (found != NULL)
        return NULL;
      found = result;
    }
  return found;
}

/* One fixed model on one test set has DeLong's interval, which its evaluator gave: the page says what the run said. */
static void
take_intervals (QrxSummary *self, JsonArray *estimates)
{
  for (guint i = 0; i < json_array_get_length (estimates); i++)
    {
      JsonObject *estimate = json_array_get_object_element (estimates, i);
      const QrxSummaryResult *only = find_only (self, json_object_get_string_member (estimate, "arm"),
                                                json_object_get_string_member (estimate, "task"));
      JsonObject *scores = only != NULL ? qrx_summary_get_scores (self, only) : NULL;
      JsonNode *interval = scores != NULL ? json_object_get_member (scores, "auc_ci95") : NULL;

      if (interval == NULL || !JSON_NODE_HOLDS_ARRAY (interval))
        continue;
      json_object_set_member (estimate, "interval", json_node_copy (interval));
      json_object_set_string_member (estimate, "method", "delong");
      json_object_remove_member (estimate, "reason");
    }
}

typedef struct {
  const char *id;
  double merit; /* high is good; −∞ without a score */
} Candidate;

static int
compare_candidates (gconstpointer a, gconstpointer b)
{
  double x = ((const Candidate *) a)->merit, y = ((const Candidate *) b)->merit;

  return x > y ? -1 : x < y;
}

static double
rate (QrxSummary *self, guint arm, guint score)
{
  double sum = 0;
  guint n = 0;

  for (guint i = 0; i < self->results->len; i++)
    {
      const QrxSummaryResult *result = self->results->pdata[i];
      double value = get_number (qrx_summary_get_scores (self, result), score_order[score].name);

      if (result->arm == arm && isfinite (value))
        {
          sum += value;
          n++;
        }
    }
  if (n == 0)
    return -INFINITY;
  return score_order[score].higher_is_better ? sum / n : -sum / n;
}

static gboolean
is_baseline (QrxSummary *self, const QrxSummaryArm *arm)
{
  QrxPipeline *pipeline = self->loaded->pdata[arm->pipeline];
  QrxNode *node = pipeline != NULL && arm->predictor != NULL ? qrx_pipeline_find_node (pipeline, arm->predictor) : NULL;

  return node != NULL && g_strcmp0 (qrx_node_class_get_category (QRX_NODE_GET_CLASS (node)), "baseline") == 0;
}

/* All arms; of many, the baselines and the best, for the pairs grow with the square. Ends with NULL. */
static void
choose_references (QrxSummary *self, guint score, GPtrArray *references)
{
  g_autoptr (GArray) others = g_array_new (FALSE, FALSE, sizeof (Candidate));

  for (guint i = 0; i < self->arms->len; i++)
    {
      const QrxSummaryArm *arm = self->arms->pdata[i];
      Candidate candidate = { arm->id, 0 };

      if (is_baseline (self, arm))
        g_ptr_array_add (references, arm->id);
      else
        {
          candidate.merit = self->arms->len > MAX_REFERENCES ? rate (self, i, score) : -(double) i;
          g_array_append_val (others, candidate);
        }
    }
  g_array_sort (others, compare_candidates);
  for (guint i = 0; i < MIN (others->len, MAX_REFERENCES); i++)
    g_ptr_array_add (references, (gpointer) g_array_index (others, Candidate, i).id);
  g_ptr_array_add (references, NULL);
}

/* Whether a pipeline makes its data so that nothing can be learned: a node of the category "control" says so. */
static gboolean
has_control (QrxPipeline *pipeline)
{
  for (guint i = 0; i < qrx_pipeline_get_n_nodes (pipeline); i++)
    if (g_strcmp0 (qrx_node_class_get_category (QRX_NODE_GET_CLASS (qrx_pipeline_get_node (pipeline, i))), "control") == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_control (QrxSummary *self)
{
  for (guint i = 0; i < self->loaded->len; i++)
    if (self->loaded->pdata[i] == NULL || !has_control (self->loaded->pdata[i]))
      return FALSE;
  return self->loaded->len > 0 && self->tasks->len > 1;
}

/* What the settings that are best on the validation rows of one task score on another; NULL where that cannot be said. */
static JsonNode *
compare_transfer (QrxSummary *self, guint score)
{
  gboolean higher = score_order[score].higher_is_better;
  g_autoptr (QrxComparison) tuning = qrx_comparison_new (higher, LEVEL);
  g_autoptr (QrxComparison) shown = qrx_comparison_new (higher, LEVEL);
  guint n_tuned = 0, last = G_MAXUINT;

  if (self->tasks->len < 2 || g_strcmp0 (self->role, TUNING) == 0)
    return NULL;
  for (guint i = 0; i < self->results->len; i++)
    {
      const QrxSummaryResult *result = self->results->pdata[i];
      const QrxSummaryArm *arm = self->arms->pdata[result->arm];
      const char *task = self->tasks->pdata[result->task], *name = score_order[score].name;
      JsonObject *roles = json_node_get_object (result->scores);

      if (is_baseline (self, arm) || !json_object_has_member (roles, TUNING))
        continue;
      n_tuned += result->arm != last;
      last = result->arm;
      qrx_comparison_add (tuning, arm->id, task, result->resample, result->replicate,
                          get_number (json_object_get_object_member (roles, TUNING), name), 0, 0);
      qrx_comparison_add (shown, arm->id, task, result->resample, result->replicate,
                          get_number (qrx_summary_get_scores (self, result), name), 0, 0);
    }
  return n_tuned > 1 ? qrx_transfer_to_json_node (tuning, shown) : NULL;
}

/* What only some studies support. */
static void
add_special_parts (QrxSummary *self, QrxComparison *comparison, guint score, JsonObject *object)
{
  JsonNode *transfer;

  if (g_str_equal (score_order[score].name, "auc") && is_control (self))
    {
      json_object_set_member (object, "control", qrx_comparison_control_node (comparison, object, CHANCE));
      return;
    }
  transfer = compare_transfer (self, score);
  if (transfer != NULL)
    json_object_set_member (object, "transfer", transfer);
}

JsonNode *
qrx_summary_compare (QrxSummary *self)
{
  guint score = choose_score (self);
  gboolean ranked = g_str_equal (score_order[score].name, "auc");
  g_autoptr (QrxComparison) comparison = qrx_comparison_new (score_order[score].higher_is_better, LEVEL);
  g_autoptr (GPtrArray) references = g_ptr_array_new ();
  JsonNode *node;

  for (guint i = 0; i < self->results->len; i++)
    {
      const QrxSummaryResult *result = self->results->pdata[i];
      const char *arm = ((QrxSummaryArm *) self->arms->pdata[result->arm])->id,
                 *task = self->tasks->pdata[result->task];
      double value = get_number (qrx_summary_get_scores (self, result), score_order[score].name);

      qrx_comparison_add (comparison, arm, task, result->resample, result->replicate, value,
                          count_rows (result, "train"), self->role != NULL ? count_rows (result, self->role) : 0);
      if (ranked)
        add_ranking (self, comparison, result, arm, task);
    }
  for (guint task = 0; task < self->tasks->len; task++)
    qrx_comparison_set_subject (comparison, self->tasks->pdata[task], self->subjects->pdata[task]);
  choose_references (self, score, references);
  node = qrx_comparison_to_json_node (comparison, (const char *const *) references->pdata);
  if (ranked)
    take_intervals (self, json_object_get_array_member (json_node_get_object (node), "estimates"));
  json_object_set_string_member (json_node_get_object (node), "score", score_order[score].name);
  add_special_parts (self, comparison, score, json_node_get_object (node));
  return node;
}

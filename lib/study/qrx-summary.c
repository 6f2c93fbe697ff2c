/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gathers what a report shows, whatever it was read from. Knows neither files nor stores. */
#include "study/qrx-summary-private.h"

#include "base/qrx-json-private.h"

#include <math.h>
#include <string.h>
#include <qrx/qrx-expression.h>

/* Rows that a model has not seen say most. */
static const char *const role_order[] = { "test", "external", "calibration", "validation", "train" };

static void
arm_free (gpointer data)
{
  QrxSummaryArm *arm = data;

  g_free (arm->id);
  g_free (arm->evaluator);
  g_free (arm->predictor);
  g_clear_pointer (&arm->settings, json_object_unref);
  g_ptr_array_unref (arm->tuned);
  g_free (arm);
}

static void
rows_free (QrxSummaryRows *rows)
{
  if (rows == NULL)
    return;
  g_free (rows->ids);
  g_free (rows->tissues);
  g_free (rows->units);
  g_free (rows->targets);
  g_free (rows->predictions);
  g_free (rows);
}

static void
result_free (gpointer data)
{
  QrxSummaryResult *result = data;

  json_node_unref (result->scores);
  rows_free (result->rows);
  g_free (result);
}

static void
curve_free (gpointer data)
{
  QrxSummaryCurve *curve = data;

  g_free (curve->name);
  g_array_unref (curve->epochs);
  g_free (curve);
}

static void
fit_free (gpointer data)
{
  QrxSummaryFit *fit = data;

  g_free (fit->name);
  g_array_unref (fit->tasks);
  g_free (fit);
}

static void
unref_pipeline (gpointer data)
{
  if (data != NULL)
    g_object_unref (data);
}

QrxSummary *
qrx_summary_new (const char *kind, const char *source)
{
  QrxSummary *self = g_new0 (QrxSummary, 1);

  self->kind = g_strdup (kind);
  self->source = g_strdup (source);
  self->arms = g_ptr_array_new_with_free_func (arm_free);
  self->tasks = g_ptr_array_new_with_free_func (g_free);
  self->subjects = g_ptr_array_new_with_free_func (g_free);
  self->fits = g_ptr_array_new_with_free_func (fit_free);
  self->results = g_ptr_array_new_with_free_func (result_free);
  self->curves = g_ptr_array_new_with_free_func (curve_free);
  self->by_place = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->pipelines = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  self->loaded = g_ptr_array_new_with_free_func (unref_pipeline);
  self->facts = json_object_new ();
  self->strings = g_string_chunk_new (4096);
  return self;
}

void
qrx_summary_free (QrxSummary *self)
{
  g_free (self->kind);
  g_free (self->title);
  g_free (self->source);
  g_free (self->role);
  g_ptr_array_unref (self->arms);
  g_ptr_array_unref (self->tasks);
  g_ptr_array_unref (self->subjects);
  g_ptr_array_unref (self->fits);
  g_ptr_array_unref (self->results);
  g_ptr_array_unref (self->curves);
  g_hash_table_unref (self->by_place);
  g_ptr_array_unref (self->pipelines);
  g_ptr_array_unref (self->loaded);
  json_object_unref (self->facts);
  g_string_chunk_free (self->strings);
  g_free (self);
}

guint
qrx_summary_add_arm (QrxSummary *self, const char *id, const char *evaluator, const char *predictor, guint pipeline)
{
  QrxSummaryArm *arm;

  for (guint i = 0; i < self->arms->len; i++)
    if (g_str_equal (((QrxSummaryArm *) self->arms->pdata[i])->id, id))
      return i;
  arm = g_new0 (QrxSummaryArm, 1);
  arm->id = g_strdup (id);
  arm->evaluator = g_strdup (evaluator);
  arm->predictor = g_strdup (predictor);
  arm->pipeline = pipeline;
  arm->tuned = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->arms, arm);
  return self->arms->len - 1;
}

guint
qrx_summary_add_fit (QrxSummary *self, const char *name)
{
  QrxSummaryFit *fit;

  for (guint i = 0; i < self->fits->len; i++)
    if (g_str_equal (((QrxSummaryFit *) self->fits->pdata[i])->name, name))
      return i;
  fit = g_new (QrxSummaryFit, 1);
  fit->name = g_strdup (name);
  fit->tasks = g_array_new (FALSE, FALSE, sizeof (guint));
  g_ptr_array_add (self->fits, fit);
  return self->fits->len - 1;
}

guint
qrx_summary_add_task (QrxSummary *self, const char *name, const char *subject, guint fit)
{
  GArray *tasks = ((QrxSummaryFit *) self->fits->pdata[fit])->tasks;
  guint task;

  if (!g_ptr_array_find_with_equal_func (self->tasks, name, g_str_equal, &task))
    {
      task = self->tasks->len;
      g_ptr_array_add (self->tasks, g_strdup (name));
      g_ptr_array_add (self->subjects, g_strdup (subject));
    }
  for (guint i = 0; i < tasks->len; i++)
    if (g_array_index (tasks, guint, i) == task)
      return task;
  g_array_append_val (tasks, task);
  return task;
}

/* Takes the node of scores. */
QrxSummaryResult *
qrx_summary_add_result (QrxSummary *self, guint arm, guint task, const char *resample, const char *replicate,
                        JsonNode *scores)
{
  QrxSummaryResult *result = g_new0 (QrxSummaryResult, 1);

  result->arm = arm;
  result->task = task;
  result->resample = g_string_chunk_insert_const (self->strings, resample);
  result->replicate = g_string_chunk_insert_const (self->strings, replicate);
  result->scores = scores;
  g_ptr_array_add (self->results, result);
  return result;
}

static QrxSummaryCurve *
find_curve (QrxSummary *self, guint arm, guint fit, const char *name)
{
  g_autofree char *key = g_strdup_printf ("%u %u %s", arm, fit, name);
  QrxSummaryCurve *curve = g_hash_table_lookup (self->by_place, key);

  if (curve != NULL)
    return curve;
  curve = g_new0 (QrxSummaryCurve, 1);
  curve->arm = arm;
  curve->fit = fit;
  curve->name = g_strdup (name);
  curve->epochs = g_array_new (FALSE, TRUE, sizeof (QrxSummaryEpoch));
  g_ptr_array_add (self->curves, curve);
  g_hash_table_insert (self->by_place, g_steal_pointer (&key), curve);
  return curve;
}

/* Welford's running mean and sum of squares. */
static void
take_in (QrxSummaryEpoch *epoch, double value)
{
  double deviation = value - epoch->mean;

  epoch->n++;
  epoch->mean += deviation / epoch->n;
  epoch->squares += deviation * (value - epoch->mean);
  epoch->low = epoch->n == 1 ? value : MIN (epoch->low, value);
  epoch->high = epoch->n == 1 ? value : MAX (epoch->high, value);
}

void
qrx_summary_add_curve (QrxSummary *self, guint arm, guint fit, const char *name, const double *values, gsize n)
{
  QrxSummaryCurve *curve = find_curve (self, arm, fit, name);

  if (n > curve->epochs->len)
    g_array_set_size (curve->epochs, (guint) n);
  curve->n_fits++;
  for (gsize i = 0; i < n; i++)
    if (isfinite (values[i]))
      take_in (&g_array_index (curve->epochs, QrxSummaryEpoch, i), values[i]);
}

QrxSummaryRows *
qrx_summary_rows_new (gsize n, gboolean with_tissues)
{
  QrxSummaryRows *rows = g_new0 (QrxSummaryRows, 1);

  rows->n = n;
  rows->ids = g_new0 (const char *, n);
  rows->units = g_new0 (const char *, n);
  rows->tissues = with_tissues ? g_new0 (const char *, n) : NULL;
  rows->targets = g_new0 (double, n);
  rows->predictions = g_new0 (double, n);
  return rows;
}

/* A number that a file writes in words, such as "pi/2", is one on an axis too. */
static JsonNode *
copy_setting (JsonNode *value)
{
  double number;

  if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING &&
      qrx_expression_evaluate (json_node_get_string (value), &number, NULL))
    return json_node_init_double (json_node_alloc (), number);
  return json_node_copy (value);
}

static void
copy_members (const char *text, JsonObject *object)
{
  g_autoptr (JsonNode) node = qrx_json_scan (text, strlen (text), NULL, NULL, NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    json_object_set_member (object, name, copy_setting (value));
}

JsonObject *
qrx_summary_merge_settings (const char *fixed, const char *configuration)
{
  JsonObject *settings = json_object_new ();

  copy_members (fixed, settings);
  copy_members (configuration, settings);
  return settings;
}

void
qrx_summary_keep_common (JsonObject *settings, JsonObject *other, GPtrArray *dropped)
{
  g_autoptr (GList) paths = json_object_get_members (settings);

  for (GList *l = paths; l != NULL; l = l->next)
    {
      const char *path = l->data;

      if (json_object_has_member (other, path) &&
          json_node_equal (json_object_get_member (settings, path), json_object_get_member (other, path)))
        continue;
      if (dropped != NULL)
        g_ptr_array_add (dropped, g_strdup (path));
      json_object_remove_member (settings, path);
    }
}

void
qrx_summary_add_versions (QrxSummary *self, JsonObject *versions)
{
  JsonObject *known, *inputs;
  JsonObjectIter iter;
  const char *path;
  JsonNode *digest;

  if (!json_object_has_member (self->facts, "versions"))
    {
      JsonNode *node = json_node_init_object (json_node_alloc (), versions);

      json_object_set_member (self->facts, "versions", json_node_copy (node));
      json_node_unref (node);
    }
  known = json_object_get_object_member (json_object_get_object_member (self->facts, "versions"), "inputs");
  inputs = json_object_get_object_member (versions, "inputs");
  json_object_iter_init_ordered (&iter, inputs);
  while (json_object_iter_next_ordered (&iter, &path, &digest))
    json_object_set_member (known, path, json_node_copy (digest));
}

const char *
qrx_summary_choose_role (QrxSummary *self)
{
  for (gsize k = 0; k < G_N_ELEMENTS (role_order); k++)
    for (guint i = 0; i < self->results->len; i++)
      {
        QrxSummaryResult *result = self->results->pdata[i];

        if (json_object_has_member (json_node_get_object (result->scores), role_order[k]))
          return role_order[k];
      }
  return NULL;
}

JsonObject *
qrx_summary_get_scores (QrxSummary *self, const QrxSummaryResult *result)
{
  JsonObject *roles = json_node_get_object (result->scores);

  return self->role != NULL && json_object_has_member (roles, self->role)
             ? json_object_get_object_member (roles, self->role)
             : NULL;
}

void
qrx_summary_add_rounded (JsonArray *array, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (isfinite (value))
    json_array_add_double_element (array, g_ascii_strtod (g_ascii_formatd (text, sizeof text, "%.7g", value), NULL));
  else
    json_array_add_null_element (array);
}

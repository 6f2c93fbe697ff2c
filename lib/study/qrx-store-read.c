/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A store as JSON, for scripts and the program: what there is, one trial whole, and the best. */
#include "study/qrx-store-private.h"

#include <math.h>

static void
set_text (JsonObject *object, const char *name, QrxStatement *row, int column)
{
  if (sqlite3_column_type (row, column) == SQLITE_NULL)
    json_object_set_null_member (object, name);
  else
    json_object_set_string_member (object, name, qrx_statement_text (row, column));
}

static void
set_number (JsonObject *object, const char *name, QrxStatement *row, int column)
{
  if (sqlite3_column_type (row, column) == SQLITE_NULL)
    json_object_set_null_member (object, name);
  else if (sqlite3_column_type (row, column) == SQLITE_INTEGER)
    json_object_set_int_member (object, name, sqlite3_column_int64 (row, column));
  else
    json_object_set_double_member (object, name, sqlite3_column_double (row, column));
}

static void
set_json (JsonObject *object, const char *name, QrxStatement *row, int column)
{
  const char *text = qrx_statement_text (row, column);
  JsonNode *node = *text != '\0' ? qrx_json_scan (text, strlen (text), NULL, NULL, NULL) : NULL;

  json_object_set_member (object, name, node != NULL ? node : json_node_init_null (json_node_alloc ()));
}

typedef struct {
  const char *name;
  void (*set) (JsonObject *, const char *, QrxStatement *, int);
} Column;

/* Appends an object for each row, with a member for each column. */
static gboolean
read_rows (QrxStore *self, QrxStatement *rows, const Column *columns, JsonArray *array, GError **error)
{
  int found = -1;

  while (rows != NULL && (found = qrx_store_step (self, rows, error)) > 0)
    {
      JsonObject *object = json_object_new ();

      for (int i = 0; columns[i].name != NULL; i++)
        columns[i].set (object, columns[i].name, rows, i);
      json_array_add_object_element (array, object);
    }
  return found == 0;
}

static char *
finish (QrxStore *self, JsonObject *root, gboolean success)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), root);

  json_object_unref (root);
  g_mutex_unlock (&self->mutex);
  return success ? qrx_json_to_string (node) : NULL;
}

#define TRIAL_COLUMNS                                                                                                  \
  "id, arm, configuration, task, resample, replicate, stage, budget, state, objective, seconds, error"

static const Column trial_columns[] = {
  { "id", set_number },     { "arm", set_text },         { "configuration", set_json }, { "task", set_json },
  { "resample", set_json }, { "replicate", set_json },   { "stage", set_text },         { "budget", set_number },
  { "state", set_text },    { "objective", set_number }, { "seconds", set_number },     { "error", set_text },
  { NULL, NULL },
};

static gboolean
add_rows (QrxStore *self, JsonObject *root, const char *name, const Column *columns, const char *sql, gint64 id,
          GError **error)
{
  g_autoptr (QrxStatement) rows = qrx_store_prepare (self, error, sql, id >= 0 ? "i" : "", id);
  JsonArray *array = json_array_new ();

  json_object_set_array_member (root, name, array);
  return read_rows (self, rows, columns, array, error);
}

static gboolean
add_study (QrxStore *self, JsonObject *root, GError **error)
{
  static const Column columns[] = { { "title", set_text },     { "file", set_text },       { "digest", set_text },
                                    { "direction", set_text }, { "design", set_json },     { "sampler", set_text },
                                    { "trials", set_number },  { "adaptive", set_number }, { "nested", set_number },
                                    { NULL, NULL } };
  g_autoptr (QrxStatement) row = qrx_store_prepare (
      self, error, "SELECT title, file, digest, direction, design, sampler, n_trials, adaptive, nested FROM study", "");

  if (row == NULL || qrx_store_step (self, row, error) <= 0)
    return FALSE;
  for (int i = 0; columns[i].name != NULL; i++)
    columns[i].set (root, columns[i].name, row, i);
  return TRUE;
}

/* The scores that arms are ranked by, "evaluator.role.score", each once. */
static gboolean
add_objectives (QrxStore *self, JsonObject *root, GError **error)
{
  g_autoptr (QrxStatement) rows = qrx_store_prepare (
      self, error, "SELECT objective FROM arm GROUP BY objective ORDER BY min (position)", "");
  JsonArray *objectives = json_array_new ();
  int found = -1;

  json_object_set_array_member (root, "objectives", objectives);
  while (rows != NULL && (found = qrx_store_step (self, rows, error)) > 0)
    json_array_add_string_element (objectives, qrx_statement_text (rows, 0));
  return found == 0;
}

/**
 * qrx_store_list_to_json:
 * @self: a store
 * @error: return location for an error
 *
 * Lists all trials: `{"title", "file", "digest", "direction", "design", "sampler", "trials", "adaptive", "nested",
 * "list": [{"id", "arm", "configuration", "task", "resample", "replicate", "stage", "budget", "state",
 * "objective", "seconds", "error"}, …]}`.
 *
 * Returns: (transfer full): the text
 */
char *
qrx_store_list_to_json (QrxStore *self, GError **error)
{
  JsonObject *root;
  gboolean success;

  g_return_val_if_fail (QRX_IS_STORE (self), NULL);
  root = json_object_new ();
  g_mutex_lock (&self->mutex);
  success = add_study (self, root, error) &&
            add_rows (self, root, "list", trial_columns, "SELECT " TRIAL_COLUMNS " FROM trial ORDER BY id", -1, error);
  return finish (self, root, success);
}

/**
 * qrx_store_show_to_json:
 * @self: a store
 * @trial: a trial's id
 * @error: return location for an error
 *
 * Shows one trial: what the list has of it, "resolved", "version", "kernel", "blas", "checksum", "scores"
 * (with "evaluator", "role", "name", "value", "low", "high", "text", "reason") and "messages" (with "node"
 * and "text"). Fails with %QRX_STORE_ERROR_UNKNOWN if there is none of that id.
 *
 * Returns: (transfer full): the text
 */
char *
qrx_store_show_to_json (QrxStore *self, gint64 trial, GError **error)
{
  static const Column details[] = { { "resolved", set_json },
                                    { "version", set_text },
                                    { "kernel", set_text },
                                    { "blas", set_text },
                                    { "checksum", set_text } };
  static const Column scores[] = { { "evaluator", set_text }, { "role", set_text },   { "name", set_text },
                                   { "value", set_number },   { "low", set_number },  { "high", set_number },
                                   { "text", set_text },      { "reason", set_text }, { NULL, NULL } };
  static const Column messages[] = { { "node", set_text }, { "kind", set_text }, { "text", set_text }, { NULL, NULL } };
  g_autoptr (QrxStatement) row = NULL;
  JsonObject *root;
  int found, column = 0;

  g_return_val_if_fail (QRX_IS_STORE (self), NULL);
  root = json_object_new ();
  g_mutex_lock (&self->mutex);
  row = qrx_store_prepare (
      self, error, "SELECT " TRIAL_COLUMNS ", resolved, version, kernel, blas, checksum FROM trial WHERE id = ?", "i",
      trial);
  found = row != NULL ? qrx_store_step (self, row, error) : -1;
  if (found == 0)
    g_set_error (error, QRX_STORE_ERROR, QRX_STORE_ERROR_UNKNOWN, "%s: there is no trial %" G_GINT64_FORMAT, self->path,
                 trial);
  for (; found > 0 && trial_columns[column].name != NULL; column++)
    trial_columns[column].set (root, trial_columns[column].name, row, column);
  for (gsize i = 0; found > 0 && i < G_N_ELEMENTS (details); i++)
    details[i].set (root, details[i].name, row, column + (int) i);
  found = found > 0 &&
          add_rows (self, root, "scores", scores,
                    "SELECT evaluator, role, name, value, low, high, text, reason FROM score "
                    "WHERE trial = ? ORDER BY evaluator, role, name",
                    trial, error) &&
          add_rows (self, root, "messages", messages,
                    "SELECT node, kind, text FROM message WHERE trial = ? ORDER BY position", trial, error);
  g_clear_pointer (&row, qrx_statement_free);
  return finish (self, root, found);
}

/* A mean of two levels: replicates within a resample first, for a fold with more seeds that ended weighs no more. In a nested
 * study each fold has a configuration of its own, and the tuned arm is ranked as one. */
#define BEST_SQL                                                                                                       \
  "WITH ended AS (SELECT t.arm, t.task, t.resample, t.budget, t.objective, "                                           \
  "  CASE WHEN s.nested > 0 THEN '{}' ELSE t.configuration END AS configuration "                                      \
  "  FROM trial t, study s WHERE t.state = 'done' AND t.objective IS NOT NULL "                                        \
  "  AND t.stage = CASE WHEN s.nested > 0 THEN 'final' ELSE 'search' END),"                                            \
  " fold AS (SELECT arm, configuration, task, resample, max (budget) AS budget, avg (objective) AS "                   \
  "objective, count (*) AS n FROM "                                                                                    \
  "  ended GROUP BY arm, configuration, task, resample),"                                                              \
  " mean AS (SELECT task, arm, configuration, max (budget) AS budget, avg (objective) AS objective, sum "              \
  "(n) AS n FROM fold GROUP BY "                                                                                       \
  "  task, arm, configuration) "                                                                                       \
  "SELECT task, arm, configuration, budget, objective, n FROM mean ORDER BY task, "                                    \
  "CASE (SELECT direction FROM study) WHEN 'minimize' THEN objective ELSE -objective END, arm, "                       \
  "configuration"

/**
 * qrx_store_best_to_json:
 * @self: a store
 * @error: return location for an error
 *
 * Ranks what was tried by its mean objective (seeds averaged within folds), best first within each task; of a nested study
 * (its "nested", the inner folds, is not 0) the tuned arms, whose configuration, empty here, each fold has chosen for itself:
 * `{"title", …, "objectives": ["evaluator.role.score", …], "best":
 * [{"task", "arm", "configuration", "budget", "objective", "trials"}, …]}`, the study's members as in the
 * list.
 *
 * Returns: (transfer full): the text
 */
char *
qrx_store_best_to_json (QrxStore *self, GError **error)
{
  static const Column columns[] = { { "task", set_json },
                                    { "arm", set_text },
                                    { "configuration", set_json },
                                    { "budget", set_number },
                                    { "objective", set_number },
                                    { "trials", set_number },
                                    { NULL, NULL } };
  JsonObject *root;
  gboolean success;

  g_return_val_if_fail (QRX_IS_STORE (self), NULL);
  root = json_object_new ();
  g_mutex_lock (&self->mutex);
  success = add_study (self, root, error) && add_objectives (self, root, error) &&
            add_rows (self, root, "best", columns, BEST_SQL, -1, error);
  return finish (self, root, success);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads a store into what a report shows: which trials are compared, and what each left behind. */
#include "study/qrx-summary-private.h"

#include "study/qrx-stability-private.h"
#include "study/qrx-store-attributions-private.h"
#include "study/qrx-store-chains-private.h"
#include "study/qrx-store-facts-private.h"
#include "study/qrx-store-predictions-private.h"
#include "study/qrx-store-private.h"

#include <string.h>

typedef struct {
  QrxStore *store;
  QrxRegistry *registry;
  QrxSummary *summary;
  GHashTable *pipelines;  /* arm → index + 1 */
  QrxStoreChains *chains; /* NULL where each arm has one evaluator, so that the name of an arm says all */
  GHashTable *taken;      /* where models that several arms share have a result: "<arm> <fit> <resample> <replicate>" */
  GPtrArray *pending;     /* of Pending: predictions are read when the role to show is known */
} Reader;

typedef struct {
  gint64 trial;
  QrxSummaryResult *result;
  char *predictor;
  char *drug; /* NULL for all rows */
} Pending;

static void
pending_free (gpointer data)
{
  Pending *pending = data;

  g_free (pending->predictor);
  g_free (pending->drug);
  g_free (pending);
}

static char *
describe_value (JsonNode *value)
{
  if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (value));
  return qrx_json_to_compact_string (value);
}

typedef enum {
  VALUES,           /* {"cohort.drug": "Cisplatin", "split.train-fraction": 1} as "Cisplatin, 1" */
  NAMES_AND_VALUES, /* {"split.fold": 0, "split.repeat": 1} as "fold 0, repeat 1" */
  SUBJECT,          /* of a task the drug and the target, without what else tells tasks apart */
} Naming;

static char *
name_place (const char *text, Naming naming)
{
  g_autoptr (JsonObject) object = qrx_store_parse_object (text);
  g_autoptr (GString) name = g_string_new (NULL);
  JsonObjectIter iter;
  const char *path;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &path, &value))
    {
      g_autofree char *shown = describe_value (value);
      const char *dot = strrchr (path, '.'), *last = dot != NULL ? dot + 1 : path;

      if (naming == SUBJECT && !g_str_equal (last, "drug") && !g_str_equal (last, "target"))
        continue;
      if (name->len > 0)
        g_string_append (name, ", ");
      if (naming == NAMES_AND_VALUES)
        g_string_append_printf (name, "%s ", last);
      g_string_append (name, shown);
    }
  return g_string_free (g_steal_pointer (&name), FALSE);
}

/* A text, or a list of records. */
static JsonNode *
read_text (const char *text)
{
  JsonNode *records = g_str_has_prefix (text, "[{") ? qrx_json_scan (text, strlen (text), NULL, NULL, NULL) : NULL;

  return records != NULL ? records : json_node_init_string (json_node_alloc (), text);
}

/* Puts a row of the table of scores where it belongs, as metrics.json has it. */
static void
add_score (GHashTable *evaluators, QrxStatement *row)
{
  const char *evaluator = qrx_statement_text (row, 0), *role = qrx_statement_text (row, 1),
             *name = qrx_statement_text (row, 2);
  JsonObject *roles = g_hash_table_lookup (evaluators, evaluator), *scores;

  if (roles == NULL)
    g_hash_table_insert (evaluators, g_strdup (evaluator), roles = json_object_new ());
  if (!json_object_has_member (roles, role))
    json_object_set_object_member (roles, role, json_object_new ());
  scores = json_object_get_object_member (roles, role);
  if (sqlite3_column_type (row, 3) != SQLITE_NULL)
    json_object_set_double_member (scores, name, sqlite3_column_double (row, 3));
  else if (sqlite3_column_type (row, 4) != SQLITE_NULL)
    {
      JsonArray *interval = json_array_new ();

      json_array_add_double_element (interval, sqlite3_column_double (row, 4));
      json_array_add_double_element (interval, sqlite3_column_double (row, 5));
      json_object_set_array_member (scores, name, interval);
    }
  else if (sqlite3_column_type (row, 6) != SQLITE_NULL)
    json_object_set_member (scores, name, read_text (qrx_statement_text (row, 6)));
  else
    {
      if (!json_object_has_member (scores, "reasons"))
        json_object_set_object_member (scores, "reasons", json_object_new ());
      json_object_set_null_member (scores, name);
      json_object_set_string_member (json_object_get_object_member (scores, "reasons"), name,
                                     qrx_statement_text (row, 7));
    }
}

/* Fills {"<role>": {"<score>": …}} of each evaluator of a trial. */
static gboolean
read_scores (Reader *reader, gint64 trial, GHashTable *evaluators, GError **error)
{
  g_autoptr (QrxStatement) rows = qrx_store_prepare (
      reader->store, error, "SELECT evaluator, role, name, value, low, high, text, reason FROM score WHERE trial = ?",
      "i", trial);
  int found = -1;

  while (rows != NULL && (found = qrx_store_step (reader->store, rows, error)) > 0)
    add_score (evaluators, rows);
  return found == 0;
}

static gboolean
read_curves (Reader *reader, gint64 trial, const char *node, guint arm, guint fit, GError **error)
{
  g_autoptr (QrxStatement) rows = qrx_store_prepare (
      reader->store, error, "SELECT name, epochs FROM curve WHERE trial = ? AND node = ? ORDER BY position", "is",
      trial, node);
  int found = -1;

  while (rows != NULL && (found = qrx_store_step (reader->store, rows, error)) > 0)
    {
      gsize n = (gsize) sqlite3_column_bytes (rows, 1) / sizeof (double);

      if (n > 0)
        qrx_summary_add_curve (reader->summary, arm, fit, qrx_statement_text (rows, 0), sqlite3_column_blob (rows, 1),
                               n);
    }
  return found == 0;
}

/* The pipeline of an arm as its first trial resolved it. */
static guint
find_pipeline (Reader *reader, const char *arm, const char *resolved)
{
  guint index = GPOINTER_TO_UINT (g_hash_table_lookup (reader->pipelines, arm));
  g_autoptr (QrxPipeline) pipeline = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) root = NULL;

  if (index > 0)
    return index - 1;
  pipeline = qrx_pipeline_parse (reader->registry, resolved, arm, NULL, NULL, NULL, &error);
  root = qrx_store_parse_object (resolved);
  if (json_object_has_member (root, "resolved"))
    qrx_summary_add_versions (reader->summary, json_object_get_object_member (root, "resolved"));
  /* A node type that is gone leaves the arm's numbers as they are, without a picture. */
  index = qrx_summary_add_pipeline (reader->summary, pipeline);
  g_hash_table_insert (reader->pipelines, g_strdup (arm), GUINT_TO_POINTER (index + 1));
  return index;
}

typedef struct {
  gint64 id;
  const char *arm;
  const char *settings; /* of the configuration and what the arm fixes, JSON */
  const char *fixed;
  const char *evaluators;
  const char *resolved;
  char *task, *subject, *resample, *replicate;
} Trial;

/* What an arm is told to be: what is true of all its fits. Of what is not, each fit has chosen its own, unless arms share it. */
static void
add_settings (Reader *reader, const Trial *trial, guint arm, gboolean shared)
{
  QrxSummaryArm *known = reader->summary->arms->pdata[arm];
  g_autoptr (JsonObject) settings = qrx_summary_merge_settings (trial->fixed, trial->settings);

  if (known->settings == NULL)
    known->settings = g_steal_pointer (&settings);
  else
    qrx_summary_keep_common (known->settings, settings, shared ? NULL : known->tuned);
}

/* Whether another arm's trial has scored the same model on the same fold with the same seed. */
static gboolean
is_there (Reader *reader, const Trial *trial, guint arm, guint fit)
{
  g_autofree char *place = g_strdup_printf ("%u\n%u\n%s\n%s", arm, fit, trial->resample, trial->replicate);

  return !g_hash_table_add (reader->taken, g_steal_pointer (&place));
}

/* Takes the scores. */
static void
add_result (Reader *reader, const Trial *trial, guint arm, guint task, const char *drug, JsonNode *scores)
{
  QrxSummaryArm *known = reader->summary->arms->pdata[arm];
  Pending *pending = g_new (Pending, 1);

  pending->trial = trial->id;
  pending->predictor = g_strdup (known->predictor);
  pending->drug = g_strdup (drug);
  pending->result = qrx_summary_add_result (reader->summary, arm, task, trial->resample, trial->replicate, scores);
  g_ptr_array_add (reader->pending, pending);
}

/* A task for each drug that the trial's models were fitted to, by the drug's name where nothing else tells trials apart. */
static void
add_results (Reader *reader, const Trial *trial, guint arm, guint fit, JsonNode *scores)
{
  JsonObject *roles = json_node_get_object (scores);
  g_autoptr (GPtrArray) drugs = qrx_summary_list_drugs (roles);

  for (guint i = 0; i < drugs->len; i++)
    {
      const char *drug = drugs->pdata[i];
      g_autofree char *name = g_strdup_printf ("%s%s%s", trial->task, *trial->task != '\0' ? ", " : "", drug);

      add_result (reader, trial, arm, qrx_summary_add_task (reader->summary, name, drug, fit), drug,
                  qrx_summary_pick_drug (roles, drug));
    }
  if (drugs->len == 0)
    add_result (reader, trial, arm, qrx_summary_add_task (reader->summary, trial->task, trial->subject, fit), NULL,
                json_node_ref (scores));
}

static gboolean
take_evaluator (Reader *reader, const Trial *trial, const char *evaluator, const char *predictor, JsonNode *scores,
                GError **error)
{
  gboolean shared = FALSE;
  g_autofree char *id = reader->chains != NULL ? qrx_store_chains_name (reader->chains, trial->arm, evaluator, &shared)
                                               : g_strdup (trial->arm);
  guint pipeline = find_pipeline (reader, trial->arm, trial->resolved);
  guint fit = qrx_summary_add_fit (reader->summary, trial->task);
  guint arm = qrx_summary_add_arm (reader->summary, id, evaluator, predictor, pipeline);

  add_settings (reader, trial, arm, shared);
  if (shared && is_there (reader, trial, arm, fit))
    return TRUE;
  add_results (reader, trial, arm, fit, scores);
  return read_curves (reader, trial->id, predictor, arm, fit, error);
}

static gboolean
take_trial (Reader *reader, const Trial *trial, GError **error)
{
  g_autoptr (JsonObject) evaluators = qrx_store_parse_object (trial->evaluators);
  g_autoptr (GHashTable) scores =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_object_unref);
  JsonObjectIter iter;
  const char *evaluator;
  JsonNode *predictor;

  if (!read_scores (reader, trial->id, scores, error))
    return FALSE;
  json_object_iter_init_ordered (&iter, evaluators);
  while (json_object_iter_next_ordered (&iter, &evaluator, &predictor))
    {
      JsonObject *roles = g_hash_table_lookup (scores, evaluator);

      g_autoptr (JsonNode) node = roles != NULL ? json_node_init_object (json_node_alloc (), roles) : NULL;

      if (node != NULL && !take_evaluator (reader, trial, evaluator, json_node_get_string (predictor), node, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_trials (Reader *reader, GError **error)
{
  g_autoptr (QrxStatement) rows = qrx_store_prepare (
      reader->store, error,
      "SELECT trial.id, trial.arm, configuration, task, resample, replicate, fixed, evaluators, resolved " QRX_STORE_COMPARED
      " ORDER BY arm.position, trial.id",
      "");
  int found = -1;

  while (rows != NULL && (found = qrx_store_step (reader->store, rows, error)) > 0)
    {
      g_autofree char *task = name_place (qrx_statement_text (rows, 3), VALUES);
      g_autofree char *subject = name_place (qrx_statement_text (rows, 3), SUBJECT);
      g_autofree char *resample = name_place (qrx_statement_text (rows, 4), NAMES_AND_VALUES);
      g_autofree char *replicate = name_place (qrx_statement_text (rows, 5), VALUES);
      Trial trial = { .id = sqlite3_column_int64 (rows, 0),
                      .arm = qrx_statement_text (rows, 1),
                      .settings = qrx_statement_text (rows, 2),
                      .fixed = qrx_statement_text (rows, 6),
                      .evaluators = qrx_statement_text (rows, 7),
                      .resolved = qrx_statement_text (rows, 8),
                      .task = task,
                      .subject = *subject != '\0' ? subject : task,
                      .resample = resample,
                      .replicate = replicate };

      if (!take_trial (reader, &trial, error))
        return FALSE;
    }
  return found == 0;
}

/* Where some arm has several evaluators, what each of them scores. */
static gboolean
read_evaluators (Reader *reader, GError **error)
{
  gboolean several = FALSE;
  g_autoptr (QrxStatement) rows = qrx_store_prepare (reader->store, error, "SELECT evaluators FROM arm", "");
  int found = -1;

  while (rows != NULL && (found = qrx_store_step (reader->store, rows, error)) > 0)
    {
      g_autoptr (JsonObject) evaluators = qrx_store_parse_object (qrx_statement_text (rows, 0));

      several = several || json_object_get_size (evaluators) > 1;
    }
  if (found == 0 && several)
    reader->chains = qrx_store_chains_read (
        reader->store, json_object_get_object_member (reader->summary->facts, "design"), error);
  return found == 0 && (!several || reader->chains != NULL);
}

static gboolean
read_pending (Reader *reader, GError **error)
{
  static const char *const roles[] = { "", "train", "validation", "test", "external", "calibration" };
  g_autoptr (QrxPredictionReader) predictions = qrx_prediction_reader_new (reader->store, reader->summary->strings);
  guint8 role = 0;

  reader->summary->role = g_strdup (qrx_summary_choose_role (reader->summary));
  for (guint8 i = 1; i < G_N_ELEMENTS (roles); i++)
    if (g_strcmp0 (roles[i], reader->summary->role) == 0)
      role = i;
  for (guint i = 0; i < reader->pending->len; i++)
    {
      const Pending *pending = reader->pending->pdata[i];

      if (!qrx_prediction_reader_read (predictions, pending->trial, pending->predictor, role, pending->drug,
                                       &pending->result->rows, error))
        return FALSE;
    }
  return TRUE;
}

/* How alike rankings of genes are, each task by the name that the report gives it. */
static gboolean
read_stability (Reader *reader, GError **error)
{
  JsonArray *places = qrx_store_read_stability (reader->store, QRX_STABILITY_TOP, error);

  if (places == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (places); i++)
    {
      JsonObject *place = json_array_get_object_element (places, i);
      g_autofree char *task = name_place (json_object_get_string_member (place, "task"), VALUES);

      json_object_set_string_member (place, "task", task);
    }
  json_object_set_array_member (reader->summary->facts, "stability", places);
  return TRUE;
}

QrxSummary *
qrx_summary_read_store (QrxRegistry *registry, const char *path, GError **error)
{
  g_autoptr (QrxStore) store = qrx_store_open (path, error);
  g_autoptr (QrxSummary) summary = NULL;
  g_autoptr (GHashTable) pipelines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) pending = g_ptr_array_new_with_free_func (pending_free);
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Reader reader = { store, registry, NULL, pipelines, NULL, taken, pending };
  gboolean success;

  if (store == NULL)
    return NULL;
  summary = reader.summary = qrx_summary_new ("study", path);
  /* One state of a store that others may be writing. */
  g_mutex_lock (&store->mutex);
  success = qrx_store_execute (store, "BEGIN", error);
  success = success && qrx_store_read_facts (store, summary, error) &&
            read_evaluators (&reader, error) && read_trials (&reader, error) && read_pending (&reader, error) &&
            read_stability (&reader, error);
  qrx_store_execute (store, "ROLLBACK", NULL);
  g_mutex_unlock (&store->mutex);
  g_clear_pointer (&reader.chains, qrx_store_chains_free);
  return success ? g_steal_pointer (&summary) : NULL;
}

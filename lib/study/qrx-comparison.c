/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sorts scores by arm, task, resample and seed, and puts what the other parts make of them into one document. Knows no
 * store and no pipeline. */
#include "study/qrx-comparison-private.h"

#include "base/qrx-json-private.h"

#include <math.h>

G_DEFINE_FINAL_TYPE (QrxComparison, qrx_comparison, G_TYPE_OBJECT)

static void
ranking_free (QrxRanking *ranking)
{
  if (ranking == NULL)
    return;
  g_strfreev (ranking->units);
  g_free (ranking->scores);
  g_free (ranking->positives);
  g_free (ranking);
}

static void
observation_clear (gpointer data)
{
  ranking_free (((QrxObservation *) data)->ranking);
}

static void
qrx_comparison_finalize (GObject *object)
{
  QrxComparison *self = QRX_COMPARISON (object);

  g_ptr_array_unref (self->arms);
  g_ptr_array_unref (self->tasks);
  g_ptr_array_unref (self->subjects);
  g_array_unref (self->subject_of);
  g_ptr_array_unref (self->resamples);
  g_ptr_array_unref (self->replicates);
  g_hash_table_unref (self->names);
  g_hash_table_unref (self->cells);
  G_OBJECT_CLASS (qrx_comparison_parent_class)->finalize (object);
}

static void
qrx_comparison_class_init (QrxComparisonClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_comparison_finalize;
}

static void
qrx_comparison_init (QrxComparison *self)
{
  self->arms = g_ptr_array_new_with_free_func (g_free);
  self->tasks = g_ptr_array_new_with_free_func (g_free);
  self->subjects = g_ptr_array_new_with_free_func (g_free);
  self->subject_of = g_array_new (FALSE, FALSE, sizeof (guint));
  self->resamples = g_ptr_array_new_with_free_func (g_free);
  self->replicates = g_ptr_array_new_with_free_func (g_free);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->cells = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) g_array_unref);
}

/**
 * qrx_comparison_new:
 * @higher_is_better: whether higher scores are better, as of an AUC, or lower ones, as of an RMSE
 * @level: the confidence of intervals and tests, such as 0.95
 *
 * Makes a comparison without scores.
 *
 * Returns: (transfer full): the comparison
 */
QrxComparison *
qrx_comparison_new (gboolean higher_is_better, double level)
{
  QrxComparison *self;

  g_return_val_if_fail (level > 0 && level < 1, NULL);
  self = g_object_new (QRX_TYPE_COMPARISON, NULL);
  self->higher_is_better = higher_is_better;
  self->level = level;
  return self;
}

/* The index of a name among its kind; it is taken in if it is new. */
static guint
intern (QrxComparison *self, GPtrArray *kind, char letter, const char *name)
{
  g_autofree char *key = g_strdup_printf ("%c%s", letter, name);
  guint found = GPOINTER_TO_UINT (g_hash_table_lookup (self->names, key));

  if (found > 0)
    return found - 1;
  g_ptr_array_add (kind, g_strdup (name));
  g_hash_table_insert (self->names, g_steal_pointer (&key), GUINT_TO_POINTER (kind->len));
  return kind->len - 1;
}

static gint64
cell_key (guint arm, guint task)
{
  return (gint64) (((guint64) arm << 32) | task);
}

GArray *
qrx_comparison_find_cell (QrxComparison *self, guint arm, guint task)
{
  gint64 key = cell_key (arm, task);

  return g_hash_table_lookup (self->cells, &key);
}

/* A task's index; a new one is a subject by itself. */
static guint
intern_task (QrxComparison *self, const char *name)
{
  guint task = intern (self, self->tasks, 't', name);

  if (task == self->subject_of->len)
    {
      guint subject = intern (self, self->subjects, 'u', name);

      g_array_append_val (self->subject_of, subject);
    }
  return task;
}

/**
 * qrx_comparison_set_subject:
 * @self: a comparison
 * @task: a task
 * @subject: what it is a task of, such as a drug
 *
 * Tells that tasks have something in common, as those of one drug with training sets of several sizes do. Tests over tasks take
 * what is independent: the tasks of one subject are one, of the mean of theirs.
 */
void
qrx_comparison_set_subject (QrxComparison *self, const char *task, const char *subject)
{
  guint at;

  g_return_if_fail (QRX_IS_COMPARISON (self));
  g_return_if_fail (task != NULL && subject != NULL);
  at = intern_task (self, task);
  g_array_index (self->subject_of, guint, at) = intern (self, self->subjects, 'u', subject);
}

/* The observation at a place, made if there is none. */
static QrxObservation *
find_place (QrxComparison *self, const char *arm, const char *task, const char *resample, const char *replicate)
{
  gint64 key = cell_key (intern (self, self->arms, 'a', arm), intern_task (self, task));
  GArray *cell = g_hash_table_lookup (self->cells, &key);
  QrxObservation added = { .resample = intern (self, self->resamples, 'f', resample),
                           .replicate = intern (self, self->replicates, 's', replicate),
                           .score = NAN };

  if (cell == NULL)
    {
      cell = g_array_new (FALSE, TRUE, sizeof (QrxObservation));
      g_array_set_clear_func (cell, observation_clear);
      g_hash_table_insert (self->cells, g_memdup2 (&key, sizeof key), cell);
    }
  for (guint i = 0; i < cell->len; i++)
    {
      QrxObservation *observation = &g_array_index (cell, QrxObservation, i);

      if (observation->resample == added.resample && observation->replicate == added.replicate)
        return observation;
    }
  g_array_append_val (cell, added);
  return &g_array_index (cell, QrxObservation, cell->len - 1);
}

/**
 * qrx_comparison_add:
 * @self: a comparison
 * @arm: what is compared, such as a model
 * @task: what it is tried on, such as a drug
 * @resample: the fold and repeat, the same for all arms that share them
 * @replicate: the seed of initialization
 * @score: its score on the test rows; NaN where it is not defined
 * @n_train: how many rows it was fitted to
 * @n_test: how many rows it was scored on
 *
 * Adds the score of one fitted model. A second one at the same place takes the place of the first.
 */
void
qrx_comparison_add (QrxComparison *self, const char *arm, const char *task, const char *resample, const char *replicate,
                    double score, guint64 n_train, guint64 n_test)
{
  QrxObservation *observation;

  g_return_if_fail (QRX_IS_COMPARISON (self));
  g_return_if_fail (arm != NULL && task != NULL && resample != NULL && replicate != NULL);

  observation = find_place (self, arm, task, resample, replicate);
  observation->score = score;
  observation->n_train = (double) n_train;
  observation->n_test = (double) n_test;
}

/**
 * qrx_comparison_add_ranking: (skip)
 * @self: a comparison
 * @arm: what is compared
 * @task: what it is tried on
 * @resample: the fold and repeat
 * @replicate: the seed
 * @units: (array length=n): what each test row belongs to that is sampled independently: its line, or donor
 * @scores: (array length=n): the predictions, such that sensitive rows should score high
 * @positives: (array length=n): nonzero for sensitive rows
 * @n: how many test rows
 *
 * Adds how the model of a score ranked its test rows. Where all of an arm's scores on a task are areas under the ROC
 * curve and have rankings, their interval comes from the influence of each unit.
 */
void
qrx_comparison_add_ranking (QrxComparison *self, const char *arm, const char *task, const char *resample,
                            const char *replicate, const char *const *units, const double *scores,
                            const guint8 *positives, gsize n)
{
  QrxObservation *observation;
  QrxRanking *ranking;

  g_return_if_fail (QRX_IS_COMPARISON (self));

  ranking = g_new0 (QrxRanking, 1);
  ranking->units = g_new0 (char *, n + 1);
  for (gsize i = 0; i < n; i++)
    ranking->units[i] = g_strdup (units[i]);
  ranking->scores = g_memdup2 (scores, n * sizeof *scores);
  ranking->positives = g_memdup2 (positives, n);
  ranking->n = n;
  observation = find_place (self, arm, task, resample, replicate);
  ranking_free (observation->ranking);
  observation->ranking = ranking;
}

/* The mean over the seeds of a resample; FALSE if it has none. */
static gboolean
average_seeds (GArray *cell, guint resample, QrxResampleScore *out)
{
  double n, squares = 0;

  *out = (QrxResampleScore){ .resample = resample, .deviation = NAN };
  for (guint i = 0; i < cell->len; i++)
    {
      const QrxObservation *observation = &g_array_index (cell, QrxObservation, i);

      if (observation->resample != resample)
        continue;
      out->mean += observation->score;
      out->n_train += observation->n_train;
      out->n_test += observation->n_test;
      out->n_replicates++;
    }
  if (out->n_replicates == 0)
    return FALSE;
  n = out->n_replicates;
  out->mean /= n;
  out->n_train /= n;
  out->n_test /= n;
  for (guint i = 0; i < cell->len; i++)
    {
      const QrxObservation *observation = &g_array_index (cell, QrxObservation, i);

      if (observation->resample == resample)
        squares += (observation->score - out->mean) * (observation->score - out->mean);
    }
  if (n > 1)
    out->deviation = sqrt (squares / (n - 1));
  return TRUE;
}

GArray *
qrx_comparison_collect (QrxComparison *self, guint arm, guint task)
{
  GArray *found = g_array_new (FALSE, TRUE, sizeof (QrxResampleScore));
  GArray *cell = qrx_comparison_find_cell (self, arm, task);

  for (guint r = 0; cell != NULL && r < self->resamples->len; r++)
    {
      QrxResampleScore score;

      if (average_seeds (cell, r, &score))
        g_array_append_val (found, score);
    }
  return found;
}

gboolean
qrx_comparison_average (GArray *resamples, double *mean, const char **reason)
{
  double sum = 0;

  for (guint i = 0; i < resamples->len; i++)
    sum += g_array_index (resamples, QrxResampleScore, i).mean;
  if (resamples->len == 0)
    *reason = "there are no scores";
  else if (!isfinite (sum))
    *reason = "a fold's score is not defined";
  else
    {
      *mean = sum / resamples->len;
      return TRUE;
    }
  return FALSE;
}

const QrxObservation *
qrx_comparison_find_ranking (QrxComparison *self, guint arm, guint task, guint resample)
{
  GArray *cell = qrx_comparison_find_cell (self, arm, task);
  const QrxObservation *found = NULL;

  for (guint i = 0; cell != NULL && i < cell->len; i++)
    {
      const QrxObservation *observation = &g_array_index (cell, QrxObservation, i);

      if (observation->resample != resample)
        continue;
      if (found != NULL || observation->ranking == NULL)
        return NULL;
      found = observation;
    }
  return found;
}

void
qrx_comparison_set_number (JsonObject *object, const char *name, double value)
{
  if (isfinite (value))
    json_object_set_double_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}

void
qrx_comparison_set_interval (JsonObject *object, const double interval[2])
{
  JsonArray *ends = json_array_new ();

  json_array_add_double_element (ends, interval[0]);
  json_array_add_double_element (ends, interval[1]);
  json_object_set_array_member (object, "interval", ends);
}

JsonArray *
qrx_comparison_list_names (GPtrArray *names)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < names->len; i++)
    json_array_add_string_element (array, names->pdata[i]);
  return array;
}

JsonNode *
qrx_comparison_to_json_node (QrxComparison *self, const char *const *references)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *root = json_object_new ();
  JsonArray *against = json_array_new ();

  json_object_set_double_member (root, "level", self->level);
  json_object_set_boolean_member (root, "higher-is-better", self->higher_is_better);
  json_object_set_array_member (root, "arms", qrx_comparison_list_names (self->arms));
  json_object_set_array_member (root, "tasks", qrx_comparison_list_names (self->tasks));
  json_object_set_member (root, "estimates", qrx_comparison_estimate (self));
  for (gsize i = 0; references != NULL && references[i] != NULL; i++)
    {
      guint index;

      if (g_ptr_array_find_with_equal_func (self->arms, references[i], g_str_equal, &index))
        json_array_add_element (against, qrx_comparison_compare (self, index));
    }
  json_object_set_array_member (root, "against", against);
  json_object_set_member (root, "ranks", qrx_comparison_rank (self));
  json_node_take_object (node, root);
  return node;
}

/**
 * qrx_comparison_to_json:
 * @self: a comparison
 * @references: (array zero-terminated=1) (nullable): arms that each other arm is compared with; unknown ones are passed
 * over
 *
 * Writes what the scores support as JSON: "estimates", each arm's mean on each task with its interval; "against", for
 * each reference the differences by task with the corrected resampled t test and, over the tasks, Wilcoxon's; "ranks",
 * mean ranks over the tasks with Friedman's test and the critical difference. What the design does not support is null,
 * with a "reason" beside it.
 *
 * Seeds are averaged within a fold before anything else: they are no replicates. p values against one reference are
 * adjusted for their number by Holm's method.
 *
 * Returns: (transfer full): the text
 */
char *
qrx_comparison_to_json (QrxComparison *self, const char *const *references)
{
  g_autoptr (JsonNode) node = NULL;

  g_return_val_if_fail (QRX_IS_COMPARISON (self), NULL);
  node = qrx_comparison_to_json_node (self, references);
  return qrx_json_to_string (node);
}

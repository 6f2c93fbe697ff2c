/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a worker does: claims a trial, runs its pipeline, writes down what came of it, and asks for the next.
 */
#include "study/qrx-study-runner-private.h"

#include <math.h>

#define IDLE_MICROSECONDS (G_USEC_PER_SEC / 4) /* between two looks at what other processes did */

void
qrx_trial_event_free (QrxTrialEvent *self)
{
  g_free (self->arm);
  g_free (self->error);
  g_free (self);
}

static void
take_outcome (gint64 id, double objective, gpointer data)
{
  g_hash_table_insert (data, g_memdup2 (&id, sizeof id), g_memdup2 (&objective, sizeof objective));
}

gboolean
qrx_study_runner_advance (QrxStudyRunner *self, GError **error)
{
  gboolean success = TRUE, again = TRUE;

  /* What is taken over may be what a search waits for. */
  while (success && again)
    {
      g_autoptr (GHashTable) ended = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
      g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_trial_free);

      again = FALSE;
      if (!qrx_store_foreach_ended (self->store, take_outcome, ended, error))
        return FALSE;
      for (guint i = 0; i < self->states->len; i++)
        qrx_search_state_advance (self->states->pdata[i], ended, trials);
      success = qrx_store_add_trials (self->store, trials, error);
      for (guint i = 0; i < trials->len && success && self->earlier != NULL; i++)
        {
          gboolean taken;

          success = qrx_study_runner_take_earlier (self, trials->pdata[i], &taken, error);
          again = again || taken;
        }
    }
  return success;
}

QrxTrial *
qrx_study_runner_find_trial (QrxStudyRunner *self, gint64 id)
{
  QrxTrial *trial = NULL;

  for (guint i = 0; i < self->states->len && trial == NULL; i++)
    trial = qrx_search_state_find (self->states->pdata[i], id);
  return trial;
}

static QrxPipeline *
make_pipeline (QrxStudyRunner *self, const QrxTrial *trial, GError **error)
{
  const QrxArm *arm = ((QrxSearch *) self->study->searches->pdata[trial->search])->arm;
  g_autoptr (JsonNode) settings = qrx_json_scan (trial->settings, strlen (trial->settings), NULL, NULL, error);
  g_auto (GStrv) overrides = NULL;

  if (settings == NULL)
    return NULL;
  overrides = qrx_arm_dup_overrides (arm, json_node_get_object (settings));
  return qrx_pipeline_parse (self->study->registry, arm->text, arm->path, arm->base_directory,
                             (const char *const *) overrides, NULL, error);
}

QrxRunner *
qrx_study_runner_make_runner (QrxStudyRunner *self, const QrxTrial *trial, GError **error)
{
  const QrxArm *arm = ((QrxSearch *) self->study->searches->pdata[trial->search])->arm;
  g_autoptr (QrxPipeline) pipeline = make_pipeline (self, trial, error);
  g_autoptr (QrxContext) context = NULL;

  if (pipeline == NULL)
    return NULL;
  context = qrx_context_new (qrx_pipeline_get_seed (pipeline), 1, arm->base_directory, self->data_directory);
  return g_object_new (QRX_TYPE_RUNNER, "pipeline", pipeline, "context", context, "cache", self->cache, NULL);
}

QrxResult *
qrx_study_runner_run_pipeline (QrxStudyRunner *self, const QrxTrial *trial, GError **error)
{
  const QrxArm *arm = ((QrxSearch *) self->study->searches->pdata[trial->search])->arm;
  g_autoptr (QrxRunner) runner = qrx_study_runner_make_runner (self, trial, error);
  g_autoptr (QrxResult) result = NULL;

  if (runner == NULL)
    return NULL;
  result = qrx_result_new ();
  qrx_result_follow (result, runner);
  if (!qrx_runner_run (runner, self->cancellable, error) || !qrx_result_finish (result, runner, arm->objective, error))
    return NULL;
  return g_steal_pointer (&result);
}

static void
tell (QrxStudyRunner *self, const QrxTrial *trial, const QrxResult *result, const GError *error, double seconds)
{
  QrxTrialEvent *event = g_new (QrxTrialEvent, 1);

  *event = (QrxTrialEvent){ .id = trial->id,
                            .finished = TRUE,
                            .arm = g_strdup (trial->arm),
                            .objective = result != NULL ? result->objective : NAN,
                            .error = error != NULL ? g_strdup (error->message) : NULL,
                            .seconds = seconds };
  g_async_queue_push (self->events, event);
}

gboolean
qrx_study_runner_run_one (QrxStudyRunner *self, const QrxTrial *trial, GError **error)
{
  gint64 start = g_get_monotonic_time ();
  QrxTrialEvent *started = g_new0 (QrxTrialEvent, 1);
  g_autoptr (GError) failure = NULL;
  g_autoptr (QrxResult) result = NULL;
  double seconds;

  started->id = trial->id;
  g_async_queue_push (self->events, started);
  result = qrx_study_runner_run_pipeline (self, trial, &failure);
  seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  if (g_cancellable_is_cancelled (self->cancellable))
    return TRUE; /* waits again when all have stopped */
  if (result != NULL)
    {
      result->seconds = seconds;
      if (!qrx_store_finish (self->store, trial->id, result, error))
        return FALSE;
    }
  else if (!qrx_store_fail (self->store, trial->id, failure->message, error))
    return FALSE;
  tell (self, trial, result, failure, seconds);
  return TRUE;
}

/* A trial that this process now holds, or NULL: without an error there is none, now or at all. */
static QrxTrial *
claim (QrxStudyRunner *self, GError **error)
{
  QrxTrial *trial;
  gint64 id;

  if (!qrx_store_claim (self->store, -1, &id, error))
    return NULL;
  if (id < 0 && (!qrx_study_runner_advance (self, error) || !qrx_store_claim (self->store, -1, &id, error)))
    return NULL;
  if (id < 0)
    return NULL;
  trial = qrx_study_runner_find_trial (self, id);
  if (trial == NULL && !qrx_study_runner_advance (self, error)) /* another process proposed it */
    return NULL;
  if (trial == NULL)
    trial = qrx_study_runner_find_trial (self, id);
  if (trial == NULL)
    g_set_error (error, QRX_STORE_ERROR, QRX_STORE_ERROR_MISMATCH,
                 "%s: trial %" G_GINT64_FORMAT " is not of this study", qrx_store_get_path (self->store), id);
  return trial;
}

static gboolean
all_finished (QrxStudyRunner *self)
{
  for (guint i = 0; i < self->states->len; i++)
    if (!qrx_search_state_is_finished (self->states->pdata[i]))
      return FALSE;
  return TRUE;
}

/* The next trial of a worker, with the mutex held; waits where results of others are needed first. */
static QrxTrial *
next_trial (QrxStudyRunner *self)
{
  while (self->failure == NULL && !g_cancellable_is_cancelled (self->cancellable))
    {
      QrxTrial *trial = claim (self, &self->failure);
      gint64 until = g_get_monotonic_time () + IDLE_MICROSECONDS;

      if (trial != NULL || self->failure != NULL)
        return trial;
      if (self->n_busy == 0 && !qrx_store_release_dead (self->store, &self->failure))
        return NULL;
      if (qrx_store_count (self->store, "waiting") == 0 && qrx_store_count (self->store, "running") == 0 &&
          all_finished (self))
        return NULL;
      g_cond_wait_until (&self->ended, &self->mutex, until);
    }
  return NULL;
}

gpointer
qrx_study_runner_work (gpointer data)
{
  QrxStudyRunner *self = data;
  QrxTrial *trial;

  g_mutex_lock (&self->mutex);
  while ((trial = next_trial (self)) != NULL)
    {
      g_autoptr (GError) error = NULL;

      self->n_busy++;
      g_mutex_unlock (&self->mutex);
      qrx_study_runner_run_one (self, trial, &error);
      qrx_trial_free (trial);
      g_mutex_lock (&self->mutex);
      self->n_busy--;
      if (error != NULL && self->failure == NULL)
        self->failure = g_steal_pointer (&error);
      g_cond_broadcast (&self->ended);
    }
  g_mutex_unlock (&self->mutex);
  {
    QrxTrialEvent *last = g_new0 (QrxTrialEvent, 1);

    last->id = -1;
    g_async_queue_push (self->events, last);
  }
  return NULL;
}

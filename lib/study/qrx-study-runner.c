/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trials in threads of one process, and any number of processes on one store. A trial has one thread: trials
 * are many, and cores are better spent on several than on the small matrices of one. What is to be done is
 * asked of the store each time, so that it does not matter who else works there. */
#include "study/qrx-study-runner-private.h"

#define HEARTBEAT_SECONDS 60

#define CACHED_NODES 64 /* of a few pipelines; a loaded cohort may be some megabytes */

enum {
  PROP_0,
  PROP_STUDY,
  PROP_STORE,
  PROP_N_THREADS,
  PROP_DATA_DIRECTORY,
  N_PROPERTIES,
};

enum {
  TRIAL_STARTED,
  TRIAL_FINISHED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (QrxStudyRunner, qrx_study_runner, G_TYPE_OBJECT)

static void
qrx_study_runner_constructed (GObject *object)
{
  QrxStudyRunner *self = QRX_STUDY_RUNNER (object);

  G_OBJECT_CLASS (qrx_study_runner_parent_class)->constructed (object);
  if (self->n_threads == 0)
    self->n_threads = g_get_num_processors ();
  for (guint i = 0; i < self->study->searches->len; i++)
    g_ptr_array_add (self->states, qrx_search_state_new (self->study, self->study->searches->pdata[i]));
}

static void
qrx_study_runner_finalize (GObject *object)
{
  QrxStudyRunner *self = QRX_STUDY_RUNNER (object);

  g_ptr_array_unref (self->states);
  g_clear_pointer (&self->earlier, qrx_earlier_free);
  g_clear_object (&self->study);
  g_clear_object (&self->store);
  g_clear_object (&self->cache);
  g_free (self->data_directory);
  g_async_queue_unref (self->events);
  g_clear_error (&self->failure);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->ended);
  G_OBJECT_CLASS (qrx_study_runner_parent_class)->finalize (object);
}

static void
qrx_study_runner_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QrxStudyRunner *self = QRX_STUDY_RUNNER (object);

  switch (id)
    {
    case PROP_STUDY:
      g_value_set_object (value, self->study);
      break;
    case PROP_STORE:
      g_value_set_object (value, self->store);
      break;
    case PROP_N_THREADS:
      g_value_set_uint (value, self->n_threads);
      break;
    case PROP_DATA_DIRECTORY:
      g_value_set_string (value, self->data_directory);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qrx_study_runner_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QrxStudyRunner *self = QRX_STUDY_RUNNER (object);

  switch (id)
    {
    case PROP_STUDY:
      self->study = g_value_dup_object (value);
      break;
    case PROP_STORE:
      self->store = g_value_dup_object (value);
      break;
    case PROP_N_THREADS:
      self->n_threads = g_value_get_uint (value);
      break;
    case PROP_DATA_DIRECTORY:
      self->data_directory = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qrx_study_runner_class_init (QrxStudyRunnerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = qrx_study_runner_constructed;
  object_class->finalize = qrx_study_runner_finalize;
  object_class->get_property = qrx_study_runner_get_property;
  object_class->set_property = qrx_study_runner_set_property;
  /**
   * QrxStudyRunner:study:
   *
   * What is run.
   */
  properties[PROP_STUDY] = g_param_spec_object ("study", NULL, NULL, QRX_TYPE_STUDY, flags);
  /**
   * QrxStudyRunner:store:
   *
   * Where results go.
   */
  properties[PROP_STORE] = g_param_spec_object ("store", NULL, NULL, QRX_TYPE_STORE, flags);
  /**
   * QrxStudyRunner:n-threads:
   *
   * How many trials run at once; if it is constructed as 0, as many as there are processors.
   */
  properties[PROP_N_THREADS] = g_param_spec_uint ("n-threads", NULL, NULL, 0, G_MAXUINT16, 0, flags);
  /**
   * QrxStudyRunner:data-directory:
   *
   * Where data files are looked for that are not beside a pipeline.
   */
  properties[PROP_DATA_DIRECTORY] = g_param_spec_string ("data-directory", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  /**
   * QrxStudyRunner::trial-started:
   * @self: the runner
   * @trial: the trial's id
   *
   * Emitted when a trial begins.
   */
  signals[TRIAL_STARTED] = g_signal_new ("trial-started", QRX_TYPE_STUDY_RUNNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_INT64);
  /**
   * QrxStudyRunner::trial-finished:
   * @self: the runner
   * @trial: the trial's id
   * @arm: what is compared
   * @objective: its objective; NaN where that is undefined
   * @error: (nullable): why it failed
   * @seconds: how long it took
   *
   * Emitted when a trial is in the store.
   */
  signals[TRIAL_FINISHED] =
      g_signal_new ("trial-finished", QRX_TYPE_STUDY_RUNNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 5,
                    G_TYPE_INT64, G_TYPE_STRING, G_TYPE_DOUBLE, G_TYPE_STRING, G_TYPE_DOUBLE);
}

static void
qrx_study_runner_init (QrxStudyRunner *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->ended);
  self->states = g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_search_state_free);
  self->cache = qrx_run_cache_new (CACHED_NODES);
  self->events = g_async_queue_new_full ((GDestroyNotify) qrx_trial_event_free);
}

/**
 * qrx_study_runner_new:
 * @study: what to run
 * @store: where results go, opened for this study
 * @n_threads: how many trials run at once; 0 for as many as there are processors
 * @data_directory: (nullable) (type filename): where data files are looked for that are not beside a pipeline
 *
 * Makes a runner.
 *
 * Returns: (transfer full): the runner
 */
QrxStudyRunner *
qrx_study_runner_new (QrxStudy *study, QrxStore *store, guint n_threads, const char *data_directory)
{
  g_return_val_if_fail (QRX_IS_STUDY (study) && QRX_IS_STORE (store), NULL);
  return g_object_new (QRX_TYPE_STUDY_RUNNER, "study", study, "store", store, "n-threads", n_threads, "data-directory",
                       data_directory, NULL);
}

/**
 * qrx_study_runner_get_n_threads:
 * @self: a runner
 *
 * Returns: how many trials run at once
 */
guint
qrx_study_runner_get_n_threads (QrxStudyRunner *self)
{
  g_return_val_if_fail (QRX_IS_STUDY_RUNNER (self), 1);
  return self->n_threads;
}

static void
deliver (QrxStudyRunner *self, const QrxTrialEvent *event)
{
  if (event->finished)
    g_signal_emit (self, signals[TRIAL_FINISHED], 0, event->id, event->arm, event->objective, event->error,
                   event->seconds);
  else
    g_signal_emit (self, signals[TRIAL_STARTED], 0, event->id);
}

/* Passes on what workers tell until each is at its end. */
static void
listen (QrxStudyRunner *self, guint n_workers)
{
  gint64 alive_at = g_get_monotonic_time ();

  while (n_workers > 0)
    {
      g_autoptr (QrxTrialEvent) event = g_async_queue_timeout_pop (self->events, G_USEC_PER_SEC);

      if (event != NULL && event->id >= 0)
        deliver (self, event);
      else if (event != NULL)
        n_workers--;
      if (g_get_monotonic_time () - alive_at > HEARTBEAT_SECONDS * G_USEC_PER_SEC)
        {
          qrx_store_heartbeat (self->store, NULL); /* a store that fails is met by the workers, too */
          alive_at = g_get_monotonic_time ();
        }
    }
}

static gboolean
settle (QrxStudyRunner *self, GError **error)
{
  if (self->failure != NULL)
    g_propagate_error (error, g_steal_pointer (&self->failure));
  else
    return qrx_store_release_own (self->store, error) &&
           !g_cancellable_set_error_if_cancelled (self->cancellable, error);
  return FALSE;
}

/**
 * qrx_study_runner_run:
 * @self: a runner
 * @cancellable: (nullable): to stop from elsewhere; the trials under way are given up
 * @error: return location for an error
 *
 * Runs all trials that are not in the store yet. Returns when all are, whoever ran them; signals are emitted
 * in the thread of the caller. A trial that fails is kept as such, with its reason, and is no error here.
 * Fails with a #QrxStoreError and with %G_IO_ERROR_CANCELLED.
 *
 * Returns: whether all trials have ended
 */
gboolean
qrx_study_runner_run (QrxStudyRunner *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) threads = g_ptr_array_new ();
  gboolean success;

  g_return_val_if_fail (QRX_IS_STUDY_RUNNER (self) && self->cancellable == NULL, FALSE);
  if (!qrx_store_release_dead (self->store, error) || !qrx_study_runner_advance (self, error))
    return FALSE;
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : g_cancellable_new ();
  for (guint i = 0; i < self->n_threads; i++)
    g_ptr_array_add (threads, g_thread_new ("trial", qrx_study_runner_work, self));
  listen (self, threads->len);
  for (guint i = 0; i < threads->len; i++)
    g_thread_join (threads->pdata[i]);
  success = settle (self, error);
  g_clear_object (&self->cancellable);
  return success;
}

static gboolean
check_alone (QrxStudyRunner *self, gint64 id, GError **error)
{
  if (id < 0 || id >= self->study->n_trials)
    g_set_error (error, QRX_STORE_ERROR, QRX_STORE_ERROR_UNKNOWN,
                 "there is no trial %" G_GINT64_FORMAT ", expected a number from 0 to %" G_GINT64_FORMAT, id,
                 self->study->n_trials - 1);
  else if (qrx_study_is_adaptive (self->study))
    g_set_error (error, QRX_STORE_ERROR, QRX_STORE_ERROR_UNKNOWN,
                 "trial %" G_GINT64_FORMAT
                 " cannot be run alone: this study chooses trials by the results of others; run several "
                 "`qrx study run` on one store instead",
                 id);
  else
    return TRUE;
  return FALSE;
}

/**
 * qrx_study_runner_run_trial:
 * @self: a runner
 * @trial: the number of a trial, from 0
 * @cancellable: (nullable): to stop from elsewhere
 * @error: return location for an error
 *
 * Runs one trial of a study that is not adaptive, unless it is in the store already. Stores of which each has
 * some trials become one by qrx_store_merge(). Fails with %QRX_STORE_ERROR_UNKNOWN if there is no such trial.
 *
 * Returns: whether the trial has ended
 */
gboolean
qrx_study_runner_run_trial (QrxStudyRunner *self, gint64 trial, GCancellable *cancellable, GError **error)
{
  g_autoptr (QrxTrial) one = NULL;
  g_autoptr (QrxTrialEvent) event = NULL;
  gint64 id;
  gboolean success = TRUE;

  g_return_val_if_fail (QRX_IS_STUDY_RUNNER (self) && self->cancellable == NULL, FALSE);
  if (!check_alone (self, trial, error) || !qrx_store_release_dead (self->store, error) ||
      !qrx_study_runner_advance (self, error) || !qrx_store_claim (self->store, trial, &id, error))
    return FALSE;
  if (id < 0)
    return TRUE; /* done, or under way elsewhere */
  one = qrx_study_runner_find_trial (self, trial);
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : g_cancellable_new ();
  success = qrx_study_runner_run_one (self, one, error) && settle (self, error);
  while ((event = g_async_queue_try_pop (self->events)) != NULL)
    {
      deliver (self, event);
      g_clear_pointer (&event, qrx_trial_event_free);
    }
  g_clear_object (&self->cancellable);
  return success;
}

/**
 * qrx_study_runner_retry:
 * @self: a runner
 * @error: return location for an error
 *
 * Lets the trials that failed wait again, so that the next run tries them once more.
 *
 * Returns: whether the store could be written
 */
gboolean
qrx_study_runner_retry (QrxStudyRunner *self, GError **error)
{
  g_return_val_if_fail (QRX_IS_STUDY_RUNNER (self), FALSE);
  return qrx_store_retry (self->store, error);
}

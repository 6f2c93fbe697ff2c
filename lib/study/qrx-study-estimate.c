/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How long a study will take, before it runs: by a trial of each arm, of which nothing is kept. */
#include "study/qrx-study-runner-private.h"

/* How long a search's first trial takes, in seconds; negative where it fails. */
static double
time_trial (QrxStudyRunner *self, const QrxSearch *search, GError **error)
{
  g_autoptr (GHashTable) ended = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_trial_free);
  QrxSearchState *state = qrx_search_state_new (self->study, search);
  gint64 start = g_get_monotonic_time ();
  g_autoptr (QrxResult) result = NULL;

  qrx_search_state_advance (state, ended, trials);
  qrx_search_state_free (state);
  result = qrx_study_runner_run_pipeline (self, trials->pdata[0], error);
  return result != NULL ? (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC : -1;
}

/**
 * qrx_study_runner_estimate:
 * @study: a study
 * @data_directory: (nullable) (type filename): where data files are looked for that are not beside a pipeline
 * @cancellable: (nullable): to stop from elsewhere
 * @error: return location for an error
 *
 * Estimates how long all trials of a study take on one thread, from the first trial of each arm, which is run for this and
 * not kept; that of the first arm twice, as the first run waits for data. Later trials of a fit that ends early may take
 * longer or shorter.
 *
 * Returns: the time in seconds; negative on failure
 */
double
qrx_study_runner_estimate (QrxStudy *study, const char *data_directory, GCancellable *cancellable, GError **error)
{
  g_autoptr (QrxStudyRunner) self = NULL;
  g_autoptr (GHashTable) known = g_hash_table_new_full (NULL, NULL, NULL, g_free); /* arm → seconds of a trial */
  double total = 0, each = 0;

  g_return_val_if_fail (QRX_IS_STUDY (study), -1);
  self = g_object_new (QRX_TYPE_STUDY_RUNNER, "study", study, "n-threads", 1, "data-directory", data_directory, NULL);
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : g_cancellable_new ();
  for (guint i = 0; i < study->searches->len && each >= 0; i++)
    {
      const QrxSearch *search = study->searches->pdata[i];
      const double *found = g_hash_table_lookup (known, search->arm);

      if (i == 0)
        each = time_trial (self, search, error);
      if (found != NULL)
        each = *found;
      else if (each >= 0)
        {
          each = time_trial (self, search, error);
          g_hash_table_insert (known, search->arm, g_memdup2 (&each, sizeof each));
        }
      total += each * ((double) search->n_proposals * search->n_cells + search->n_finals);
    }
  g_clear_object (&self->cancellable);
  return each >= 0 ? total : -1;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qrx study run, index and validate: what reads a study file. */
#include "qrx-cli-study.h"

#include "qrx-cli-interrupt.h"
#include "qrx-cli-json.h"
#include "qrx-cli-study-progress.h"
#include "qrx-cli-study-table.h"

#include <errno.h>
#include <stdio.h>

static char **overrides;
static char *store_path;
static char *data_directory;
static int n_threads;
static gboolean as_json;
static gboolean quiet;
static gboolean retry;
static char **earlier;
static gboolean timed;

#define SHARED_ENTRIES                                                                                                  \
  { "store", 0, 0, G_OPTION_ARG_FILENAME, &store_path, "Where results are; default: results/ and the study's name",     \
    "FILE" },                                                                                                           \
      { "data", 0, 0, G_OPTION_ARG_FILENAME, &data_directory, "Look here for data that are not beside a pipeline file", \
        "DIR" },                                                                                                        \
      QRX_CLI_SET_OPTION (overrides),                                                                                   \
      { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "Print nothing on stderr but errors", NULL },                       \
      QRX_CLI_PLUGIN_OPTION,                                                                                            \
  {                                                                                                                     \
    "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print JSON instead of a table; of an invalid file its faults", NULL     \
  }

static const GOptionEntry run_entries[] = {
  SHARED_ENTRIES,
  { "threads", 0, 0, G_OPTION_ARG_INT, &n_threads,
    "How many trials run at once; results do not depend on it. Default: as many as processors", "N" },
  { "retry", 0, 0, G_OPTION_ARG_NONE, &retry, "Run those again that failed", NULL },
  { "reuse", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &earlier,
    "Take the results of the same trials from here, a store of another study or of this one before it changed; may be repeated",
    "FILE" },
  G_OPTION_ENTRY_NULL,
};

static const GOptionEntry index_entries[] = { SHARED_ENTRIES, G_OPTION_ENTRY_NULL };

static const GOptionEntry validate_entries[] = {
  { "time", 0, 0, G_OPTION_ARG_NONE, &timed, "Run one trial of each arm, keep nothing, and tell how long all will take", NULL },
  { "data", 0, 0, G_OPTION_ARG_FILENAME, &data_directory, "With --time, look here for data that are not beside a pipeline file",
    "DIR" },
  { "threads", 0, 0, G_OPTION_ARG_INT, &n_threads,
    "With --time, how many trials would run at once. Default: as many as processors", "N" },
  QRX_CLI_SET_OPTION (overrides),
  QRX_CLI_PLUGIN_OPTION,
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print the faults, or that there are none, as JSON", NULL },
  G_OPTION_ENTRY_NULL,
};

static gboolean
check_options (void)
{
  if (n_threads < 0 || n_threads > QRX_CLI_MAX_THREADS)
    qrx_cli_say ("--threads: found %d, expected an integer from 1 to %d, or 0 for all processors", n_threads,
                 QRX_CLI_MAX_THREADS);
  else if (data_directory != NULL && !g_file_test (data_directory, G_FILE_TEST_IS_DIR))
    qrx_cli_say ("--data: found \"%s\", which is no folder", data_directory);
  else
    return TRUE;
  return FALSE;
}

static QrxStore *
open_store (const char *path, QrxStudy *study)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;
  QrxStore *store;

  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      qrx_cli_say ("--store: cannot make the folder \"%s\": %s", folder, g_strerror (errno));
      return NULL;
    }
  store = qrx_store_open_for_study (path, study, &error);
  if (store == NULL)
    qrx_cli_complain (error);
  return store;
}

static void
announce (QrxStudy *study, gint64 n_known)
{
  fprintf (stderr, "%s%" G_GINT64_FORMAT " trials", qrx_study_is_adaptive (study) ? "at most " : "",
           qrx_study_get_n_trials (study));
  if (qrx_study_get_n_arms (study) > 1)
    fprintf (stderr, " in %u arms", qrx_study_get_n_arms (study));
  if (n_known > 0)
    fprintf (stderr, ", %" G_GINT64_FORMAT " of them in the store", n_known);
  fputc ('\n', stderr);
}

/* The ranking, and how many trials there are of each kind. */
static int
print_results (QrxStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = qrx_store_best_to_json (store, &error);
  gint64 n_failed = qrx_store_count (store, "failed");

  if (text == NULL)
    {
      qrx_cli_complain (error);
      return QRX_EXIT_FAILED;
    }
  if (as_json)
    puts (text);
  else
    {
      qrx_cli_print_best (text, qrx_store_get_path (store), stdout);
      printf ("written to %s\n", qrx_store_get_path (store));
    }
  if (n_failed == 0)
    return QRX_EXIT_OK;
  qrx_cli_say ("%" G_GINT64_FORMAT " trial%s failed; `qrx study list --store %s` tells why, `--retry` runs them again",
               n_failed, n_failed == 1 ? "" : "s", qrx_store_get_path (store));
  return QRX_EXIT_FAILED;
}

/* Lets those that failed wait again, and takes what other stores know. */
static gboolean
prepare (QrxStudyRunner *runner)
{
  g_autoptr (GError) error = NULL;
  gboolean success = !retry || qrx_study_runner_retry (runner, &error);

  for (gsize i = 0; earlier != NULL && earlier[i] != NULL && success; i++)
    {
      g_autoptr (QrxStore) other = qrx_store_open (earlier[i], &error);

      success = other != NULL && qrx_study_runner_reuse (runner, other, &error);
    }
  if (!success)
    qrx_cli_complain (error);
  return success;
}

static gboolean
run (QrxStudyRunner *runner, QrxStudy *study, gint64 n_known, gint64 trial, GError **error)
{
  g_autoptr (GCancellable) cancellable = qrx_cli_interrupt_watch ();
  g_autoptr (QrxCliStudyProgress) progress = quiet ? NULL : qrx_cli_study_progress_new (runner, study, n_known);

  if (trial >= 0)
    return qrx_study_runner_run_trial (runner, trial, cancellable, error);
  return qrx_study_runner_run (runner, cancellable, error);
}

/* All trials of a study, or, where @trial is not −1, one. */
static int
run_study (const char *path, gint64 trial)
{
  g_autoptr (QrxRegistry) registry = qrx_cli_open_registry ();
  g_autofree char *chosen = qrx_cli_choose_store (path, store_path);
  g_autoptr (QrxStudy) study = NULL;
  g_autoptr (QrxStore) store = NULL;
  g_autoptr (QrxStudyRunner) runner = NULL;
  g_autoptr (GError) error = NULL;
  gint64 n_known;

  if (registry == NULL)
    return QRX_EXIT_FAILED;
  study = qrx_cli_load_study (registry, path, overrides, as_json);
  if (study == NULL)
    return QRX_EXIT_INVALID;
  store = open_store (chosen, study);
  if (store == NULL)
    return QRX_EXIT_FAILED;
  runner = qrx_study_runner_new (study, store, (guint) n_threads, data_directory);
  if (!prepare (runner))
    return QRX_EXIT_FAILED;
  n_known = qrx_store_count (store, "done") + qrx_store_count (store, "failed");
  if (!quiet && trial < 0)
    announce (study, n_known);
  if (run (runner, study, n_known, trial, &error))
    return trial < 0 ? print_results (store) : qrx_store_count (store, "failed") == 0 ? QRX_EXIT_OK : QRX_EXIT_FAILED;
  if (qrx_cli_interrupt_get_signal () != 0)
    {
      qrx_cli_say ("%" G_GINT64_FORMAT " trials are in %s; the same command goes on", qrx_store_count (store, "done"),
                   qrx_store_get_path (store));
      return qrx_cli_interrupt_status ();
    }
  qrx_cli_complain (error);
  return QRX_EXIT_FAILED;
}

int
qrx_cli_study_run (int argc, char **argv)
{
  if (!qrx_cli_parse (&argc, &argv, run_entries, "study run", 1, 1) || !check_options ())
    return QRX_EXIT_INVALID;
  return run_study (argv[1], -1);
}

int
qrx_cli_study_index (int argc, char **argv)
{
  guint64 trial;

  if (!qrx_cli_parse (&argc, &argv, index_entries, "study index", 2, 2) || !check_options ())
    return QRX_EXIT_INVALID;
  if (!g_ascii_string_to_unsigned (argv[1], 10, 0, G_MAXINT32, &trial, NULL))
    {
      qrx_cli_say ("study index: found \"%s\", expected the number of a trial, from 0", argv[1]);
      return QRX_EXIT_INVALID;
    }
  return run_study (argv[2], (gint64) trial);
}

/* How long all trials take on the threads asked for, in seconds; negative, having said why, where that cannot be told. */
static double
estimate (QrxStudy *study, guint threads)
{
  g_autoptr (GCancellable) cancellable = qrx_cli_interrupt_watch ();
  g_autoptr (GError) error = NULL;
  double seconds = qrx_study_runner_estimate (study, data_directory, cancellable, &error);

  if (seconds < 0 && qrx_cli_interrupt_get_signal () == 0)
    qrx_cli_complain (error);
  return seconds / threads;
}

static void
print_valid (QrxStudy *study, const char *path, double seconds, guint threads)
{
  g_autofree char *duration = qrx_cli_format_duration (seconds);

  if (as_json)
    {
      printf ("{\n  \"valid\" : true,\n  \"diagnostics\" : []");
      if (timed)
        printf (",\n  \"seconds\" : %.3g,\n  \"threads\" : %u", seconds, threads);
      puts ("\n}");
      return;
    }
  printf ("%s is valid: %s%" G_GINT64_FORMAT " trials\n", path, qrx_study_is_adaptive (study) ? "at most " : "",
          qrx_study_get_n_trials (study));
  if (timed)
    printf ("about %s on %u thread%s, if all trials take as long as the first of their arm\n", duration, threads,
            threads == 1 ? "" : "s");
}

int
qrx_cli_study_validate (int argc, char **argv)
{
  g_autoptr (QrxRegistry) registry = NULL;
  g_autoptr (QrxStudy) study = NULL;
  guint threads;
  double seconds = 0;

  if (!qrx_cli_parse (&argc, &argv, validate_entries, "study validate", 1, 1) || !check_options ())
    return QRX_EXIT_INVALID;
  registry = qrx_cli_open_registry ();
  if (registry == NULL)
    return QRX_EXIT_FAILED;
  study = qrx_cli_load_study (registry, argv[1], overrides, as_json);
  if (study == NULL)
    return QRX_EXIT_INVALID;
  threads = n_threads > 0 ? (guint) n_threads : g_get_num_processors ();
  if (timed)
    seconds = estimate (study, threads);
  if (seconds < 0)
    return qrx_cli_interrupt_get_signal () != 0 ? qrx_cli_interrupt_status () : QRX_EXIT_FAILED;
  print_valid (study, argv[1], seconds, threads);
  return QRX_EXIT_OK;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qrx run: runs a pipeline file and writes down what it produced. */
#include "qrx-cli.h"

#include "qrx-cli-interrupt.h"
#include "qrx-cli-progress.h"
#include "qrx-cli-scores.h"

#include <stdio.h>
#include <string.h>

static char **overrides;
static char *data_directory;
static char *output_directory;
static char *seed;
static int n_threads;
static gboolean as_json;
static gboolean quiet;
static gboolean no_cache;

static const GOptionEntry entries[] = {
  { "data", 0, 0, G_OPTION_ARG_FILENAME, &data_directory, "Look here for data that are not beside the pipeline file",
    "DIR" },
  QRX_CLI_SET_OPTION (overrides),
  { "seed", 0, 0, G_OPTION_ARG_FILENAME, &seed, "Seed of all random streams, instead of the file's", "N" },
  { "threads", 0, 0, G_OPTION_ARG_INT, &n_threads,
    "Threads at most; results do not depend on them. Default: all processors", "N" },
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output_directory, "Where to write; default: results/ and the file's name",
    "DIR" },
  { "no-cache", 0, 0, G_OPTION_ARG_NONE, &no_cache,
    "Read tables from their files, and keep nothing of them for the next run", NULL },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print metrics.json instead of a table; of an invalid file its faults",
    NULL },
  { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "Print nothing on stderr but errors", NULL },
  QRX_CLI_PLUGIN_OPTION,
  G_OPTION_ENTRY_NULL,
};

/* What can be known to be wrong before anything is read. */
static gboolean
check_options (void)
{
  guint64 number;

  if (seed != NULL && !g_ascii_string_to_unsigned (seed, 10, 0, G_MAXINT64, &number, NULL))
    qrx_cli_say ("--seed: found \"%s\", expected an integer from 0 to %" G_GINT64_FORMAT, seed, G_MAXINT64);
  else if (n_threads < 0 || n_threads > QRX_CLI_MAX_THREADS)
    qrx_cli_say ("--threads: found %d, expected an integer from 1 to %d, or 0 for all processors", n_threads,
                 QRX_CLI_MAX_THREADS);
  else if (data_directory != NULL && !g_file_test (data_directory, G_FILE_TEST_IS_DIR))
    qrx_cli_say ("--data: found \"%s\", which is no folder", data_directory);
  else
    return TRUE;
  return FALSE;
}

static char **
collect_overrides (void)
{
  g_autoptr (GStrvBuilder) all = g_strv_builder_new ();

  if (overrides != NULL)
    g_strv_builder_addv (all, (const char **) overrides);
  if (seed != NULL)
    {
      g_autofree char *text = g_strconcat ("seed=", seed, NULL);

      g_strv_builder_add (all, text);
    }
  return g_strv_builder_end (all);
}

static char *
choose_output (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);

  if (output_directory != NULL)
    return g_strdup (output_directory);
  if (g_str_has_suffix (name, ".json") && !g_str_equal (name, ".json"))
    name[strlen (name) - strlen (".json")] = '\0';
  return g_build_filename ("results", name, NULL);
}

static QrxRunner *
make_runner (QrxPipeline *pipeline, const char *output)
{
  g_autoptr (QrxContext) context = g_object_new (
      QRX_TYPE_CONTEXT, "seed", qrx_pipeline_get_seed (pipeline), "n-threads", (guint) n_threads, "base-directory",
      qrx_pipeline_get_base_directory (pipeline), "data-directory", data_directory, "output-directory", output, NULL);

  return qrx_runner_new (pipeline, context);
}

static gboolean
run (QrxRunner *runner, GCancellable *cancellable, GError **error)
{
  g_autoptr (QrxCliProgress) progress = quiet ? NULL : qrx_cli_progress_new (runner);

  return qrx_runner_run (runner, cancellable, error);
}

static void
print_results (QrxRecorder *recorder, QrxPipeline *pipeline)
{
  if (as_json)
    {
      g_autofree char *text = qrx_recorder_dup_metrics (recorder);

      puts (text);
      return;
    }
  qrx_cli_print_scores (recorder, pipeline, stdout);
  printf ("written to %s\n", qrx_recorder_get_directory (recorder));
}

int
qrx_cli_run (int argc, char **argv)
{
  g_autoptr (QrxRegistry) registry = NULL;
  g_autoptr (QrxPipeline) pipeline = NULL;
  g_autoptr (QrxRunner) runner = NULL;
  g_autoptr (QrxRecorder) recorder = NULL;
  g_autoptr (GCancellable) cancellable = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) changes = NULL;
  g_autofree char *output = NULL;
  gboolean success;

  if (!qrx_cli_parse (&argc, &argv, entries, "run", 1, 1) || !check_options ())
    return QRX_EXIT_INVALID;
  if (no_cache)
    g_setenv ("QRX_CACHE", "off", TRUE);
  cancellable = qrx_cli_interrupt_watch ();
  registry = qrx_cli_open_registry ();
  if (registry == NULL)
    return QRX_EXIT_FAILED;
  changes = collect_overrides ();
  pipeline = qrx_cli_load_pipeline (registry, argv[1], changes, as_json);
  if (pipeline == NULL)
    return QRX_EXIT_INVALID;
  output = choose_output (argv[1]);
  if (!qrx_recorder_check (pipeline, output, &error))
    {
      qrx_cli_complain (error);
      return QRX_EXIT_INVALID;
    }
  runner = make_runner (pipeline, output);
  recorder = qrx_recorder_new (runner, output);
  success = run (runner, cancellable, &error) && !g_cancellable_is_cancelled (cancellable) &&
            qrx_recorder_finish (recorder, &error);
  if (qrx_cli_interrupt_get_signal () != 0 && !success)
    return qrx_cli_interrupt_status ();
  if (!success)
    {
      qrx_cli_complain (error);
      return QRX_EXIT_FAILED;
    }
  print_results (recorder, pipeline);
  return QRX_EXIT_OK;
}

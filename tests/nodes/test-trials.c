/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole pipelines in several threads of one process, as a study runs them: one registry and one file of data for all, and
 * the files that each writes are those that it writes alone, bit for bit. */
#include <qrx/qrx.h>

#include <glib/gstdio.h>
#include <string.h>

#define N_TRIALS 8
#define N_THREADS 2

/* A layer or a baseline of each kind that has state, over a table that is large enough for the cache. */
static const char pipeline_text[] =
    "{\"qrx\": \"1\", \"nodes\": {"
    " \"cohort\": {\"type\": \"csv-loader\", \"file\": \"table.csv\", \"targets\": [\"y\"], \"orientation\": \"low\","
    "              \"tissue\": \"tissue\"},"
    " \"split\": {\"type\": \"split\", \"from\": \"cohort\", \"by\": \"sample\", \"test\": 0.25, \"validation\": 0.15},"
    " \"genes\": {\"type\": \"select-genes\", \"from\": \"split\", \"n\": 60},"
    " \"scale\": {\"type\": \"standardize\", \"from\": \"genes\"},"
    " \"encode\": {\"type\": \"mlp-encoder\", \"from\": \"scale\", \"hidden\": [40, 16], \"width\": 4, \"dropout\": "
    "0.1},"
    " \"angles\": {\"type\": \"moderated-tanh\", \"from\": \"encode\", \"a\": {\"value\": 20, \"train\": "
    "\"per-qubit\"}},"
    " \"circuit\": {\"type\": \"quantum-layer\", \"from\": \"angles\", \"layers\": 2},"
    " \"head\": {\"type\": \"linear\", \"from\": \"circuit\", \"width\": 1, \"quantity\": \"prediction\"},"
    " \"crowding\": {\"type\": \"crowding\", \"from\": \"angles\"},"
    " \"fit\": {\"type\": \"trainer\", \"from\": {\"in\": \"head\", \"monitors\": [\"crowding\"]}, \"epochs\": 6},"
    " \"hybrid\": {\"type\": \"evaluator\", \"from\": \"fit\"},"
    " \"reduce\": {\"type\": \"pca\", \"from\": \"scale\", \"components\": 8},"
    " \"ridge\": {\"type\": \"ridge\", \"from\": \"reduce\"},"
    " \"score\": {\"type\": \"evaluator\", \"from\": \"ridge\"}}}";

typedef struct {
  QrxRegistry *registry;
  char *directory;
  const char *name; /* of the folder below, in which each trial has its own */
  int next;         /* trial; atomic */
} Batch;

static void
write_cohort (const char *directory)
{
  g_autoptr (GString) text = g_string_new ("id,tissue,y");
  g_autofree char *path = g_build_filename (directory, "table.csv", NULL);
  QrxRandom random;

  qrx_random_init (&random, 1, "trials", "table", 0);
  for (guint j = 0; j < 220; j++)
    g_string_append_printf (text, ",gene%u", j);
  for (guint i = 0; i < 240; i++)
    {
      g_string_append_printf (text, "\nrow%u,tissue%u,%.6f", i, i % 3, qrx_random_normal (&random));
      for (guint j = 0; j < 220; j++)
        g_string_append_printf (text, ",%.12f", qrx_random_normal (&random) + (i % 3 == j % 3));
    }
  g_assert_cmpuint (text->len, >, 512 << 10); /* so that the cache is met, too */
  g_assert_true (g_file_set_contents (path, text->str, (gssize) text->len, NULL));
}

static char *
trial_folder (const Batch *batch, int trial)
{
  g_autofree char *name = g_strdup_printf ("%s%d", batch->name, trial);

  return g_build_filename (batch->directory, name, NULL);
}

static void
run_trial (Batch *batch, int trial)
{
  g_autofree char *folder = trial_folder (batch, trial);
  g_autoptr (GPtrArray) diagnostics = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxPipeline) pipeline =
      qrx_pipeline_parse (batch->registry, pipeline_text, "trial", batch->directory, NULL, diagnostics, &error);
  g_autoptr (QrxContext) context = NULL;
  g_autoptr (QrxRunner) runner = NULL;
  g_autoptr (QrxRecorder) recorder = NULL;

  g_assert_no_error (error);
  qrx_pipeline_set_seed (pipeline, (guint64) trial);
  context = g_object_new (QRX_TYPE_CONTEXT, "seed", (guint64) trial, "n-threads", 1, "base-directory", batch->directory,
                          "output-directory", folder, NULL);
  runner = qrx_runner_new (pipeline, context);
  recorder = qrx_recorder_new (runner, folder);
  qrx_runner_run (runner, NULL, &error);
  g_assert_no_error (error);
  qrx_recorder_finish (recorder, &error);
  g_assert_no_error (error);
}

static gpointer
take_trials (gpointer data)
{
  Batch *batch = data;
  int trial;

  while ((trial = g_atomic_int_add (&batch->next, 1)) < N_TRIALS)
    run_trial (batch, trial);
  return NULL;
}

/* Every file but the resolved pipeline, which names its folder. */
static guint
compare_folders (const char *one, const char *other)
{
  g_autoptr (GDir) dir = g_dir_open (one, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *first = g_build_filename (one, name, NULL), *second = g_build_filename (other, name, NULL);
      g_autofree char *a = NULL, *b = NULL;
      gsize n_a, n_b;

      if (g_str_equal (name, "pipeline.resolved.json"))
        continue;
      g_assert_true (g_file_get_contents (first, &a, &n_a, NULL));
      g_assert_true (g_file_get_contents (second, &b, &n_b, NULL));
      if (n_a != n_b || memcmp (a, b, n_a) != 0)
        g_error ("%s and %s differ", first, second);
      n++;
    }
  return n;
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static void
test_trials_in_threads_write_what_they_write_alone (void)
{
  g_autoptr (QrxRegistry) registry = qrx_registry_new ();
  g_autofree char *directory = g_dir_make_tmp ("qrx-trials-XXXXXX", NULL);
  Batch together = { registry, directory, "together", 0 }, alone = { registry, directory, "alone", 0 };
  GThread *threads[N_THREADS];
  g_autoptr (GError) error = NULL;

  qrx_registry_load_plugins (registry, NULL, &error);
  g_assert_no_error (error);
  write_cohort (directory);
  /* Threads first, so that what is made once in a process is made by two of them at once. */
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("trials", take_trials, &together);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  take_trials (&alone);
  for (int trial = 0; trial < N_TRIALS; trial++)
    {
      g_autofree char *one = trial_folder (&together, trial), *other = trial_folder (&alone, trial);

      g_assert_cmpuint (compare_folders (one, other), >=, 6);
    }
  remove_folder (directory);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trials/threads", test_trials_in_threads_write_what_they_write_alone);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much faster two threads run trials of one process than one does, beside what two spinning threads get on the same
 * machine at the same time.
 *
 * usage: bench-trials PIPELINE [DATA [TRIALS]]
 *
 * Each trial is the whole pipeline, with a seed of its own and one thread. $QRX_PLUGIN_PATH names the plugins. */
#include <qrx/qrx.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define N_THREADS 2
#define N_ROUNDS 3

typedef struct {
  QrxRegistry *registry;
  const char *path, *data;
  int n_trials;
  int next; /* atomic */
} Batch;

static void
run_trial (const Batch *batch, guint64 seed)
{
  g_autoptr (GPtrArray) diagnostics = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxPipeline) pipeline = qrx_pipeline_load (batch->registry, batch->path, NULL, diagnostics, &error);
  g_autoptr (QrxContext) context = NULL;
  g_autoptr (QrxRunner) runner = NULL;

  if (pipeline != NULL)
    {
      qrx_pipeline_set_seed (pipeline, seed);
      context = qrx_context_new (seed, 1, qrx_pipeline_get_base_directory (pipeline), batch->data);
      runner = qrx_runner_new (pipeline, context);
    }
  if (pipeline == NULL || !qrx_runner_run (runner, NULL, &error))
    {
      fprintf (stderr, "%s\n", error->message);
      exit (1);
    }
}

static gpointer
take_trials (gpointer data)
{
  Batch *batch = data;
  int trial;

  while ((trial = g_atomic_int_add (&batch->next, 1)) < batch->n_trials)
    run_trial (batch, (guint64) trial);
  return NULL;
}

static gpointer
spin (gpointer data)
{
  Batch *batch = data;
  volatile double x = 0;

  while (g_atomic_int_add (&batch->next, 1) < batch->n_trials)
    for (guint i = 0; i < 200000000; i++)
      x = x + 1;
  return NULL;
}

static double
now (clockid_t clock)
{
  struct timespec time;

  clock_gettime (clock, &time);
  return (double) time.tv_sec + 1e-9 * (double) time.tv_nsec;
}

/* Seconds that some threads take for a batch, and those of the processors, which contention raises whatever else runs. */
static double
measure (GThreadFunc func, Batch *batch, guint n_threads, double *processor)
{
  double start = now (CLOCK_MONOTONIC), start_processor = now (CLOCK_PROCESS_CPUTIME_ID);
  GThread *threads[N_THREADS];

  batch->next = 0;
  for (guint i = 0; i < n_threads; i++)
    threads[i] = g_thread_new ("trials", func, batch);
  for (guint i = 0; i < n_threads; i++)
    g_thread_join (threads[i]);
  *processor = now (CLOCK_PROCESS_CPUTIME_ID) - start_processor;
  return now (CLOCK_MONOTONIC) - start;
}

int
main (int argc, char **argv)
{
  g_autoptr (QrxRegistry) registry = qrx_registry_new ();
  g_autoptr (GError) error = NULL;
  Batch batch = { registry, argc > 1 ? argv[1] : NULL, argc > 2 ? argv[2] : NULL, argc > 3 ? atoi (argv[3]) : 8, 0 };
  double least[4] = { 1e9, 1e9, 1e9, 1e9 }, least_processor[4] = { 1e9, 1e9, 1e9, 1e9 };

  if (batch.path == NULL || !qrx_registry_load_plugins (registry, NULL, &error))
    {
      fprintf (stderr, "%s\n", error != NULL ? error->message : "usage: bench-trials PIPELINE [DATA [TRIALS]]");
      return 2;
    }
  for (guint round = 0; round < N_ROUNDS; round++)
    for (guint i = 0; i < 4; i++)
      {
        double processor, seconds = measure (i < 2 ? take_trials : spin, &batch, 1 + i % 2, &processor);

        least[i] = MIN (least[i], seconds);
        least_processor[i] = MIN (least_processor[i], processor);
      }
  printf (
      "%d trials: %.2f s in one thread, %.2f s in two: %.2f times as fast; two spinning threads: %.2f times; %.0f %%\n",
      batch.n_trials, least[0], least[1], least[0] / least[1], least[2] / least[3],
      100 * least[0] / least[1] / (least[2] / least[3]));
  printf ("of the processors: %.2f s in one thread, %.2f s in two; spinning: %.2f s, %.2f s\n", least_processor[0],
          least_processor[1], least_processor[2], least_processor[3]);
  return 0;
}

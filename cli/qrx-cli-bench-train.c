/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qrx bench train: times the steps of a whole fit, as a trainer makes them, of a hybrid network on one minibatch. Data
 * and starting values are formulas, so that tests/bench/train-reference can make the same in PyTorch and compare the
 * losses. */
#include "qrx-cli-bench.h"
#include "qrx-cli.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <glib/gstdio.h>

#define CHECKED_STEP 10 /* whose loss is printed beside the first's */

double
qrx_bench_now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return (double) time.tv_sec * 1e6 + (double) time.tv_nsec * 1e-3;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

void
qrx_bench_sort (double *times, guint n)
{
  qsort (times, n, sizeof *times, compare);
}

/* The i-th of a sequence that looks random and that any program can make: in [−1, 1), squares modulo a prime. */
static double
draw (guint64 i, guint64 seed)
{
  return 2.0 * (double) ((31 * (i * i % 65537) + 7919 * i + seed) % 65537) / 65537.0 - 1;
}

static QrxTable *
make_table (const QrxBenchTrain *settings, GError **error)
{
  gsize rows = settings->batch;
  g_auto (GStrv) ids = g_new0 (char *, rows + 1), genes = g_new0 (char *, settings->n_genes + 1);
  g_autoptr (QrxTensor) values = qrx_tensor_new_matrix (settings->dtype, rows, settings->n_genes);
  g_autoptr (QrxTensor) targets = qrx_tensor_new (QRX_DTYPE_F64, &rows, 1);
  g_autoptr (QrxBlock) block = NULL;
  g_autoptr (QrxTable) table = NULL;
  g_autoptr (GBytes) roles = NULL;
  g_autofree guint8 *role = g_new (guint8, rows);

  for (gsize i = 0; i < rows; i++)
    {
      ids[i] = g_strdup_printf ("row%" G_GSIZE_FORMAT, i);
      role[i] = QRX_ROLE_TRAIN;
      qrx_tensor_set (targets, i, 2 * draw (i, 17));
    }
  for (gsize j = 0; j < settings->n_genes; j++)
    genes[j] = g_strdup_printf ("gene%" G_GSIZE_FORMAT, j);
  for (gsize k = 0; k < rows * settings->n_genes; k++)
    qrx_tensor_set (values, k, 1.75 * draw (k, 3));
  block = qrx_dense_block_new ("expression", (const char *const *) genes, values, error);
  table = block != NULL ? qrx_table_new ((const char *const *) ids, error) : NULL;
  if (table == NULL || !qrx_table_add_block (table, block, NULL, error) ||
      !qrx_table_add_target (table, "response", "", QRX_ORIENTATION_NONE, targets, error))
    return NULL;
  roles = g_bytes_new (role, rows);
  return qrx_table_with_roles (table, roles, error);
}

static QrxFlow *
append (QrxRegistry *registry, QrxFlow *flow, const char *type, const char *properties, GError **error)
{
  g_autoptr (QrxFlow) input = flow;
  g_autoptr (QrxNode) node = qrx_registry_create (registry, type, type, properties, error);
  g_autoptr (QrxBundle) in = qrx_bundle_new ();

  if (node == NULL)
    return NULL;
  qrx_bundle_set (in, "in", QRX_VALUE (input));
  return qrx_flow_compose (QRX_LAYER (node), in, error);
}

/* genes → 512 → 128 → n, moderated tanh, circuit, one number. */
static QrxFlow *
make_flow (const QrxBenchTrain *settings, QrxTable *table, GError **error)
{
  g_autoptr (QrxRegistry) registry = qrx_cli_open_registry ();
  g_autofree char *encoder = g_strdup_printf ("{\"width\": %u}", settings->n_qubits);
  g_autofree char *circuit = g_strdup_printf ("{\"layout\": \"ring-entangling\", \"layers\": %u}", settings->n_layers);
  const char *const layers[][2] = { { "mlp-encoder", encoder },
                                    { "moderated-tanh", "{\"a\": 20, \"r\": \"pi/2\"}" },
                                    { "quantum-layer", circuit },
                                    { "linear", "{\"width\": 1, \"quantity\": \"prediction\"}" } };
  QrxFlow *flow = registry != NULL ? qrx_flow_new_source (table) : NULL;

  if (registry == NULL)
    g_set_error_literal (error, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED, "the node types of `train` are missing");
  for (gsize i = 0; flow != NULL && i < G_N_ELEMENTS (layers); i++)
    flow = append (registry, flow, layers[i][0], layers[i][1], error);
  return flow;
}

/* Gains are 1, shifts 0; the rest is drawn, weights within ±1/√inputs. */
static void
start_parameter (QrxTensor *values, const char *name, guint64 ordinal)
{
  gboolean is_gain = strstr (name, ".gain") != NULL, is_shift = strstr (name, ".shift") != NULL;
  double bound = 1 / sqrt ((double) qrx_tensor_get_columns (values));

  for (gsize k = 0; k < qrx_tensor_get_n_elements (values); k++)
    if (is_gain || is_shift)
      qrx_tensor_set (values, k, is_gain);
    else if (g_str_has_prefix (name, "quantum-layer"))
      qrx_tensor_set (values, k, 2.5 * cos (0.61 * (double) k + 0.2));
    else
      qrx_tensor_set (values, k, bound * draw (k, 101 * (ordinal + 1)));
}

/* Writes the starting values where the fit finds them. */
static char *
write_initial (const QrxBenchTrain *settings, QrxFlow *flow, GError **error)
{
  g_autoptr (QrxModel) model = qrx_model_new (flow, 0, settings->dtype, 0, error);
  g_autoptr (QrxSafetensorsWriter) writer = qrx_safetensors_writer_new ();
  g_auto (GStrv) names = model != NULL ? qrx_model_dup_parameter_names (model) : NULL;
  g_autofree char *path = NULL;
  guint64 ordinal = 0;
  int fd;

  if (model == NULL)
    return NULL;
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (QrxTensor) found = qrx_model_get_parameter (model, names[i]);
      g_autoptr (QrxTensor) values = qrx_tensor_dup_as (found, settings->dtype);

      if (g_str_has_prefix (names[i], "moderated-tanh")) /* a property's value */
        continue;
      start_parameter (values, names[i], ordinal++);
      qrx_safetensors_writer_add (writer, names[i], values);
    }
  fd = g_file_open_tmp ("qrx-bench-XXXXXX", &path, error);
  if (fd < 0)
    return NULL;
  g_close (fd, NULL);
  if (qrx_safetensors_writer_write (writer, path, error))
    return g_steal_pointer (&path);
  g_unlink (path);
  return NULL;
}

/* When each step ended. */
typedef struct {
  double ends[QRX_BENCH_MOST_RUNS + 1];
  guint n;
  GCancellable *cancellable;
} Clock;

static void
note_step (QrxContext *context G_GNUC_UNUSED, const char *node G_GNUC_UNUSED, double fraction G_GNUC_UNUSED,
           const char *text G_GNUC_UNUSED, Clock *clock)
{
  double now = qrx_bench_now ();

  clock->ends[clock->n++] = now;
  if (clock->n > CHECKED_STEP && now - clock->ends[0] > QRX_BENCH_SECONDS * 1e6)
    g_cancellable_cancel (clock->cancellable);
}

static void
print (const QrxBenchTrain *settings, QrxHistory *history, Clock *clock)
{
  guint n_runs = clock->n - 1; /* the first step makes what the others find made */
  double first = qrx_history_get (history, 0, "train-loss"),
         last = qrx_history_get (history, CHECKED_STEP, "train-loss");
  double *times = clock->ends;

  for (guint i = 0; i < n_runs; i++)
    times[i] = clock->ends[i + 1] - clock->ends[i];
  qrx_bench_sort (times, n_runs);
  if (settings->as_json)
    printf ("{\"what\": \"train\", \"qubits\": %u, \"batch\": %u, \"layers\": %u, \"precision\": \"%s\", "
            "\"median_us\": %.3f, \"min_us\": %.3f, \"runs\": %u, \"genes\": %u, \"checksum_loss\": %.15g, "
            "\"checksum_loss_%d\": %.15g, \"threads\": %u, \"level\": \"%s\"}\n",
            settings->n_qubits, settings->batch, settings->n_layers, qrx_dtype_get_name (settings->dtype),
            times[n_runs / 2], times[0], n_runs, settings->n_genes, first, CHECKED_STEP, last, settings->n_threads,
            qrx_linalg_get_kernel ());
  else
    printf (
        "a step of %u genes, %u qubits, %u rows, %u layers, %s, %u threads, %s kernels: %.1f µs (least %.1f, %u runs); "
        "loss %.6g, after %d steps %.6g\n",
        settings->n_genes, settings->n_qubits, settings->batch, settings->n_layers,
        qrx_dtype_get_name (settings->dtype), settings->n_threads, qrx_linalg_get_kernel (), times[n_runs / 2],
        times[0], n_runs, first, CHECKED_STEP, last);
}

static gboolean
fit (const QrxBenchTrain *settings, QrxFlow *flow, const char *initial, GError **error)
{
  const QrxFitOptions options = { .loss = "mse",
                                  .huber_delta = 1,
                                  .optimizer = "adam",
                                  .learning_rate = 1e-3,
                                  .beta1 = 0.9,
                                  .beta2 = 0.999,
                                  .epsilon = 1e-8,
                                  .momentum = 0.9,
                                  .schedule = "constant",
                                  .step_epochs = 1,
                                  .decay = 1,
                                  .epochs = QRX_BENCH_MOST_RUNS,
                                  .batch_size = settings->batch,
                                  .dtype = settings->dtype,
                                  .node = "train",
                                  .initial = initial };
  g_autoptr (QrxContext) context = qrx_context_new (0, settings->n_threads, NULL, NULL);
  g_autoptr (QrxHistory) history = qrx_history_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) fault = NULL;
  g_autofree Clock *clock = g_new0 (Clock, 1);
  g_autoptr (QrxModel) model = NULL;

  clock->cancellable = cancellable;
  g_signal_connect (context, "progress", G_CALLBACK (note_step), clock);
  model = qrx_fit (flow, 0, &options, NULL, history, context, cancellable, &fault);
  if (model == NULL && !g_error_matches (fault, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&fault));
      return FALSE;
    }
  print (settings, history, clock);
  return TRUE;
}

gboolean
qrx_cli_bench_train (const QrxBenchTrain *settings, GError **error)
{
  g_autoptr (QrxTable) table = make_table (settings, error);
  g_autoptr (QrxFlow) flow = table != NULL ? make_flow (settings, table, error) : NULL;
  g_autofree char *initial = flow != NULL ? write_initial (settings, flow, error) : NULL;
  gboolean done = initial != NULL && fit (settings, flow, initial, error);

  if (initial != NULL)
    g_unlink (initial);
  return done;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qrx bench: times fixed workloads, with inputs and weights that anyone can make anew, and prints checksums of what
 * came out, so that other programs' times can be compared. */
#include "qrx-cli-bench.h"
#include "qrx-cli.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int n_qubits = 8, batch = 32, n_layers = 3, n_threads = 1, n_genes = 1000;
static char *precision, *level, *circuit_file;
static gboolean as_json;

static const GOptionEntry entries[] = {
  { "qubits", 0, 0, G_OPTION_ARG_INT, &n_qubits, "Qubits of the circuit (8)", "N" },
  { "batch", 0, 0, G_OPTION_ARG_INT, &batch, "Rows of the batch (32)", "B" },
  { "layers", 0, 0, G_OPTION_ARG_INT, &n_layers, "Layers of the circuit (3)", "L" },
  { "circuit", 0, 0, G_OPTION_ARG_FILENAME, &circuit_file, "Another circuit for quantum, from a file", "FILE" },
  { "genes", 0, 0, G_OPTION_ARG_INT, &n_genes, "Columns of the table of train (1000)", "G" },
  { "precision", 0, 0, G_OPTION_ARG_STRING, &precision,
    "\"double\" (the default of quantum) or \"single\" (the default of train)", "PRECISION" },
  { "threads", 0, 0, G_OPTION_ARG_INT, &n_threads, "Threads (1)", "T" },
  { "kernel", 0, 0, G_OPTION_ARG_STRING, &level, "The kernels' level (the best that this processor has)", "LEVEL" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print an object", NULL },
  QRX_CLI_PLUGIN_OPTION,
  G_OPTION_ENTRY_NULL,
};

typedef struct {
  QrxBackend *backend;
  QrxProgram *program;
  QrxWorkspace *workspace;
  QrxPool *pool;
  QrxTensor *inputs, *weights, *expectations, *cotangents, *grad_inputs, *grad_weights;
} Bench;

static void
bench_clear (Bench *bench)
{
  g_clear_object (&bench->backend);
  g_clear_object (&bench->program);
  g_clear_object (&bench->workspace);
  g_clear_pointer (&bench->pool, qrx_pool_unref);
  g_clear_object (&bench->inputs);
  g_clear_object (&bench->weights);
  g_clear_object (&bench->expectations);
  g_clear_object (&bench->cotangents);
  g_clear_object (&bench->grad_inputs);
  g_clear_object (&bench->grad_weights);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bench, bench_clear)

static double
sum_of (QrxTensor *tensor)
{
  double sum = 0;

  for (gsize i = 0; i < qrx_tensor_get_n_elements (tensor); i++)
    sum += qrx_tensor_get (tensor, i);
  return sum;
}

static gboolean
bench_init (Bench *bench, QrxDtype dtype, GError **error)
{
  gsize rows = (gsize) batch, n_in, n_out, n_weights;
  g_autoptr (QrxCircuit) circuit =
      circuit_file != NULL ? qrx_circuit_new_from_file (circuit_file, error)
                           : qrx_circuit_new_from_layout ("ry", "ring-entangling", (guint) n_qubits, (guint) n_layers,
                                                          FALSE, error);

  bench->backend =
      level != NULL ? qrx_statevector_backend_new_for_level (level, error) : qrx_statevector_backend_new ();
  if (circuit == NULL || bench->backend == NULL || (bench->program = qrx_program_compile (circuit, error)) == NULL ||
      (bench->workspace = qrx_backend_create_workspace (bench->backend, bench->program, rows, dtype, error)) == NULL)
    return FALSE;
  n_qubits = (int) qrx_circuit_get_n_qubits (circuit);
  n_in = qrx_circuit_get_n_inputs (circuit);
  n_out = qrx_circuit_get_n_observables (circuit);
  n_weights = qrx_circuit_get_n_weights (circuit);
  bench->pool = qrx_pool_new ((guint) n_threads);
  bench->inputs = qrx_tensor_new_matrix (dtype, rows, n_in);
  bench->expectations = qrx_tensor_new_matrix (dtype, rows, n_out);
  bench->cotangents = qrx_tensor_new_matrix (dtype, rows, n_out);
  bench->grad_inputs = qrx_tensor_new_matrix (dtype, rows, n_in);
  bench->weights = qrx_tensor_new (dtype, &n_weights, 1);
  bench->grad_weights = qrx_tensor_new (dtype, &n_weights, 1);
  for (gsize i = 0; i < rows * n_in; i++)
    qrx_tensor_set (bench->inputs, i, 1.5 * sin (0.37 * (double) (i / n_in) + 1.1 * (double) (i % n_in) + 0.3));
  for (gsize i = 0; i < rows * n_out; i++)
    qrx_tensor_set (bench->cotangents, i, cos (0.53 * (double) (i / n_out) + 0.29 * (double) (i % n_out) + 0.7));
  for (gsize i = 0; i < n_weights; i++)
    qrx_tensor_set (bench->weights, i, 2.5 * cos (0.61 * (double) i + 0.2));
  return TRUE;
}

static gboolean
step (Bench *bench, double *microseconds, GError **error)
{
  double start = qrx_bench_now ();

  if (!qrx_backend_expectations (bench->backend, bench->program, bench->inputs, bench->weights, bench->workspace,
                                 bench->expectations, bench->pool, error) ||
      !qrx_backend_vjp (bench->backend, bench->program, bench->workspace, bench->cotangents, bench->grad_inputs,
                        bench->grad_weights, bench->pool, error))
    return FALSE;
  *microseconds = qrx_bench_now () - start;
  return TRUE;
}

static void
print (Bench *bench, QrxDtype dtype, double *times, guint n_runs)
{
  const char *kernels = qrx_statevector_backend_get_kernel_level (QRX_STATEVECTOR_BACKEND (bench->backend));

  qrx_bench_sort (times, n_runs);
  if (!as_json)
    {
      g_autofree char *what = circuit_file != NULL ? g_path_get_basename (circuit_file)
                                                   : g_strdup_printf ("%d layers", n_layers);

      printf ("%d qubits, %d rows, %s, %s, %d threads, %s kernels: %.1f µs (least %.1f, %u runs)\n", n_qubits, batch,
              what, qrx_dtype_get_name (dtype), n_threads, kernels, times[n_runs / 2], times[0], n_runs);
      return;
    }
  printf ("{\"what\": \"quantum\", \"qubits\": %d, \"batch\": %d, \"layers\": %d, \"precision\": \"%s\", "
          "\"median_us\": %.3f, \"min_us\": %.3f, \"runs\": %u, \"checksum_z\": %.15g, \"checksum_dx\": %.15g, "
          "\"checksum_dtheta\": %.15g, \"threads\": %d, \"level\": \"%s\", \"workspace_bytes\": %" G_GUINT64_FORMAT
          "}\n",
          n_qubits, batch, n_layers, qrx_dtype_get_name (dtype), times[n_runs / 2], times[0], n_runs,
          sum_of (bench->expectations), sum_of (bench->grad_inputs), sum_of (bench->grad_weights), n_threads, kernels,
          qrx_workspace_get_size (bench->workspace));
}

static gboolean
run_quantum (QrxDtype dtype, GError **error)
{
  g_auto (Bench) bench = { NULL };
  g_autofree double *times = g_new (double, QRX_BENCH_MOST_RUNS);
  double start;
  guint n_runs = 0;

  if (!bench_init (&bench, dtype, error) || !step (&bench, &times[0], error))
    return FALSE;
  start = qrx_bench_now ();
  while (n_runs < 7 || (n_runs < QRX_BENCH_MOST_RUNS && qrx_bench_now () - start < QRX_BENCH_SECONDS * 1e6))
    if (!step (&bench, &times[n_runs++], error))
      return FALSE;
  print (&bench, dtype, times, n_runs);
  return TRUE;
}

static gboolean
check_options (const char *what)
{
  const struct {
    const char *name;
    int value, most;
  } numbers[] = { { "qubits", n_qubits, 30 },
                  { "batch", batch, 1 << 24 },
                  { "layers", n_layers, 10000 },
                  { "threads", n_threads, QRX_CLI_MAX_THREADS },
                  { "genes", n_genes, 1 << 24 } };

  if (strcmp (what, "quantum") != 0 && strcmp (what, "train") != 0)
    {
      qrx_cli_say ("unknown workload `%s`; there are `quantum` and `train`", what);
      return FALSE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (numbers[i].value < 1 || numbers[i].value > numbers[i].most)
      {
        qrx_cli_say ("--%s is %d; expected 1 to %d", numbers[i].name, numbers[i].value, numbers[i].most);
        return FALSE;
      }
  if (strcmp (what, "train") == 0 && batch < 2)
    {
      qrx_cli_say ("--batch is 1; `train` normalizes over the batch and needs 2 rows");
      return FALSE;
    }
  if (precision != NULL && strcmp (precision, "double") != 0 && strcmp (precision, "single") != 0)
    {
      qrx_cli_say ("--precision is `%s`; expected `double` or `single`", precision);
      return FALSE;
    }
  if (level != NULL && !g_strv_contains (qrx_statevector_backend_list_kernel_levels (), level))
    {
      g_autofree char *known = g_strjoinv ("`, `", (char **) qrx_statevector_backend_list_kernel_levels ());

      qrx_cli_say ("--kernel is `%s`; this processor has `%s`", level, known);
      return FALSE;
    }
  return TRUE;
}

static gboolean
run_train (QrxDtype dtype, GError **error)
{
  const QrxBenchTrain settings = { .n_genes = (guint) n_genes,
                                   .n_qubits = (guint) n_qubits,
                                   .batch = (guint) batch,
                                   .n_layers = (guint) n_layers,
                                   .n_threads = (guint) n_threads,
                                   .dtype = dtype,
                                   .as_json = as_json };

  return qrx_cli_bench_train (&settings, error);
}

int
qrx_cli_bench (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  gboolean trains, single;

  if (!qrx_cli_parse (&argc, &argv, entries, "bench", 1, 1) || !check_options (argv[1]))
    return QRX_EXIT_INVALID;
  trains = strcmp (argv[1], "train") == 0;
  single = precision != NULL ? strcmp (precision, "single") == 0 : trains;
  if ((trains ? run_train : run_quantum) (single ? QRX_DTYPE_F32 : QRX_DTYPE_F64, &error))
    return QRX_EXIT_OK;
  qrx_cli_complain (error);
  return qrx_cli_status_of (error);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Times expectations and gradient of ring-entangling circuits, or of another layout's, on one thread, with the inputs and
 * weights that other simulators are timed with, and prints checksums so that anyone can compare. Times are the processor's,
 * which other programs hardly disturb. Asserts nothing.
 * usage: bench-quantum [layers [float32|float64 [level [qubits batch [steps [layout]]]]]]; no steps: as many as 3 s take */
#include <math.h>
#include <qrx/qrx.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
  QrxBackend *backend;
  QrxProgram *program;
  QrxWorkspace *workspace;
  QrxTensor *inputs, *weights, *expectations, *cotangents, *grad_inputs, *grad_weights;
} Bench;

#define LEAST_SAMPLE 500 /* microseconds: asking for the time takes one itself */

static double
now (void)
{
  struct timespec t;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double) t.tv_sec * 1e6 + (double) t.tv_nsec * 1e-3;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
sum (QrxTensor *tensor)
{
  double total = 0;

  for (gsize i = 0; i < qrx_tensor_get_n_elements (tensor); i++)
    total += qrx_tensor_get (tensor, i);
  return total;
}

static void
fill (Bench *bench, guint n, guint batch, guint n_weights, QrxDtype dtype)
{
  bench->inputs = qrx_tensor_new_matrix (dtype, batch, n);
  bench->expectations = qrx_tensor_new_matrix (dtype, batch, n);
  bench->cotangents = qrx_tensor_new_matrix (dtype, batch, n);
  bench->grad_inputs = qrx_tensor_new_matrix (dtype, batch, n);
  bench->weights = qrx_tensor_new (dtype, (gsize[]){ n_weights }, 1);
  bench->grad_weights = qrx_tensor_new (dtype, (gsize[]){ n_weights }, 1);
  for (guint i = 0; i < batch * n; i++)
    {
      qrx_tensor_set (bench->inputs, i, 1.5 * sin (0.37 * (i / n) + 1.1 * (i % n) + 0.3));
      qrx_tensor_set (bench->cotangents, i, cos (0.53 * (i / n) + 0.29 * (i % n) + 0.7));
    }
  for (guint i = 0; i < n_weights; i++)
    qrx_tensor_set (bench->weights, i, 2.5 * cos (0.61 * i + 0.2));
}

/* The mean of n steps. */
static gboolean
time_steps (Bench *bench, guint n, double *microseconds, GError **error)
{
  double start = now ();

  for (guint i = 0; i < n; i++)
    if (!qrx_backend_expectations (bench->backend, bench->program, bench->inputs, bench->weights, bench->workspace,
                                   bench->expectations, NULL, error) ||
        !qrx_backend_vjp (bench->backend, bench->program, bench->workspace, bench->cotangents, bench->grad_inputs,
                          bench->grad_weights, NULL, error))
      return FALSE;
  *microseconds = (now () - start) / n;
  return TRUE;
}

static gboolean
run (QrxBackend *backend, const char *layout, guint n, guint batch, guint layers, QrxDtype dtype, guint steps, GError **error)
{
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_layout ("ry", layout, n, layers, FALSE, error);
  Bench bench = { .backend = backend };
  double times[20000], start = now ();
  guint runs = 0, n_steps = 1;

  if (circuit == NULL || (bench.program = qrx_program_compile (circuit, error)) == NULL ||
      (bench.workspace = qrx_backend_create_workspace (backend, bench.program, batch, dtype, error)) == NULL)
    return FALSE;
  fill (&bench, n, batch, qrx_circuit_get_n_weights (circuit), dtype);
  if (steps == 0)
    {
      for (guint i = 0; i < 3; i++)
        if (!time_steps (&bench, 1, &times[0], error))
          return FALSE;
      n_steps = 1 + (guint) (LEAST_SAMPLE / times[0]);
    }
  while (steps > 0 ? runs < steps : runs < 7 || (runs < G_N_ELEMENTS (times) && now () - start < 3e6))
    if (!time_steps (&bench, n_steps, &times[runs++], error))
      return FALSE;
  qsort (times, runs, sizeof (double), compare);
  printf ("{\"qubits\": %u, \"batch\": %u, \"layers\": %u, \"precision\": \"%s\", \"median_us\": %.2f, \"min_us\": %.2f, "
          "\"runs\": %u, \"workspace_bytes\": %" G_GUINT64_FORMAT ", "
          "\"checksum_z\": %.12g, \"checksum_dx\": %.12g, \"checksum_dtheta\": %.12g}\n",
          n, batch, layers, qrx_dtype_get_name (dtype), times[runs / 2], times[0], runs,
          qrx_workspace_get_size (bench.workspace), sum (bench.expectations), sum (bench.grad_inputs),
          sum (bench.grad_weights));
  fflush (stdout);
  return TRUE;
}

int
main (int argc, char **argv)
{
  guint layers = argc > 1 ? (guint) atoi (argv[1]) : 3;
  QrxDtype dtype = argc > 2 && strcmp (argv[2], "float32") == 0 ? QRX_DTYPE_F32 : QRX_DTYPE_F64;
  const char *layout = "ring-entangling";
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxBackend) backend =
    argc > 3 ? qrx_statevector_backend_new_for_level (argv[3], &error) : qrx_statevector_backend_new ();
  static const guint shapes[][2] = { { 4, 32 }, { 6, 32 }, { 8, 32 }, { 10, 32 }, { 12, 32 }, { 16, 1 }, { 20, 1 } };

  if (backend != NULL)
    fprintf (stderr, "kernel level %s\n",
             qrx_statevector_backend_get_kernel_level (QRX_STATEVECTOR_BACKEND (backend)));
  if (backend != NULL && argc > 5)
    run (backend, argc > 7 ? argv[7] : layout, (guint) atoi (argv[4]), (guint) atoi (argv[5]), layers, dtype,
         argc > 6 ? (guint) CLAMP (atoi (argv[6]), 0, 20000) : 0, &error);
  for (gsize i = 0; backend != NULL && argc <= 5 && i < G_N_ELEMENTS (shapes); i++)
    if (!run (backend, layout, shapes[i][0], shapes[i][1], layers, dtype, 0, &error))
      break;
  if (error != NULL)
    fprintf (stderr, "%s\n", error->message);
  return error != NULL;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Times expectations and gradient of ring-entangling circuits on one thread, with the inputs and weights that other
 * simulators are timed with, and prints checksums so that anyone can compare. Asserts nothing.
 * usage: bench-quantum [layers [float32|float64 [level [qubits batch [steps]]]]] */
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

static double
now (void)
{
  struct timespec t;

  clock_gettime (CLOCK_MONOTONIC, &t);
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
fill (Bench *bench, guint n, guint batch, guint layers, QrxDtype dtype)
{
  bench->inputs = qrx_tensor_new_matrix (dtype, batch, n);
  bench->expectations = qrx_tensor_new_matrix (dtype, batch, n);
  bench->cotangents = qrx_tensor_new_matrix (dtype, batch, n);
  bench->grad_inputs = qrx_tensor_new_matrix (dtype, batch, n);
  bench->weights = qrx_tensor_new (dtype, (gsize[]){ 3 * n * layers }, 1);
  bench->grad_weights = qrx_tensor_new (dtype, (gsize[]){ 3 * n * layers }, 1);
  for (guint i = 0; i < batch * n; i++)
    {
      qrx_tensor_set (bench->inputs, i, 1.5 * sin (0.37 * (i / n) + 1.1 * (i % n) + 0.3));
      qrx_tensor_set (bench->cotangents, i, cos (0.53 * (i / n) + 0.29 * (i % n) + 0.7));
    }
  for (guint i = 0; i < 3 * n * layers; i++)
    qrx_tensor_set (bench->weights, i, 2.5 * cos (0.61 * i + 0.2));
}

static gboolean
step (Bench *bench, double *forward, double *total, GError **error)
{
  double start = now ();

  if (!qrx_backend_expectations (bench->backend, bench->program, bench->inputs, bench->weights, bench->workspace,
                                 bench->expectations, NULL, error))
    return FALSE;
  *forward = now () - start;
  if (!qrx_backend_vjp (bench->backend, bench->program, bench->workspace, bench->cotangents, bench->grad_inputs,
                        bench->grad_weights, NULL, error))
    return FALSE;
  *total = now () - start;
  return TRUE;
}

static gboolean
run (QrxBackend *backend, guint n, guint batch, guint layers, QrxDtype dtype, guint steps, GError **error)
{
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_layout ("ry", "ring-entangling", n, layers, FALSE, error);
  Bench bench = { .backend = backend };
  double forward[20000], total[20000], start = now ();
  guint runs = 0;

  if (circuit == NULL || (bench.program = qrx_program_compile (circuit, error)) == NULL ||
      (bench.workspace = qrx_backend_create_workspace (backend, bench.program, batch, dtype, error)) == NULL)
    return FALSE;
  fill (&bench, n, batch, layers, dtype);
  for (guint i = 0; steps == 0 && i < 3; i++)
    if (!step (&bench, &forward[0], &total[0], error))
      return FALSE;
  while (steps > 0 ? runs < steps : runs < 7 || (runs < G_N_ELEMENTS (total) && now () - start < 3e6))
    {
      if (!step (&bench, &forward[runs], &total[runs], error))
        return FALSE;
      runs++;
    }
  qsort (forward, runs, sizeof (double), compare);
  qsort (total, runs, sizeof (double), compare);
  printf ("{\"qubits\": %u, \"batch\": %u, \"layers\": %u, \"precision\": \"%s\", \"median_us\": %.1f, \"min_us\": %.1f, "
          "\"forward_median_us\": %.1f, \"runs\": %u, \"workspace_bytes\": %" G_GUINT64_FORMAT ", "
          "\"checksum_z\": %.12g, \"checksum_dx\": %.12g, \"checksum_dtheta\": %.12g}\n",
          n, batch, layers, qrx_dtype_get_name (dtype), total[runs / 2], total[0], forward[runs / 2], runs,
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
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxBackend) backend =
    argc > 3 ? qrx_statevector_backend_new_for_level (argv[3], &error) : qrx_statevector_backend_new ();
  static const guint shapes[][2] = { { 4, 32 }, { 6, 32 }, { 8, 32 }, { 10, 32 }, { 12, 32 }, { 16, 1 } };

  if (backend != NULL)
    fprintf (stderr, "kernel level %s\n",
             qrx_statevector_backend_get_kernel_level (QRX_STATEVECTOR_BACKEND (backend)));
  if (backend != NULL && argc > 5)
    run (backend, (guint) atoi (argv[4]), (guint) atoi (argv[5]), layers, dtype,
         argc > 6 ? (guint) CLAMP (atoi (argv[6]), 1, 20000) : 0, &error);
  for (gsize i = 0; backend != NULL && argc <= 5 && i < G_N_ELEMENTS (shapes); i++)
    if (!run (backend, shapes[i][0], shapes[i][1], layers, dtype, 0, &error))
      break;
  if (error != NULL)
    fprintf (stderr, "%s\n", error->message);
  return error != NULL;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qrx circuit run: circuits from a file of cases, so that anyone can compare them with another simulator. */
#include "qrx-cli-circuit.h"

#include <stdio.h>
#include <string.h>

#define STEP 1e-3 /* as in quantum-layer */

static gboolean gradients;
static char *method;
static double step = STEP;
static int averages = 1;
static gint64 seed;
static char *precision;
static char *level;
static int n_threads = 1;
static gboolean as_json;

static const GOptionEntry entries[] = {
  { "gradients", 0, 0, G_OPTION_ARG_NONE, &gradients, "Differentiate too: the sum of cotangent times expectation", NULL },
  { "method", 0, 0, G_OPTION_ARG_STRING, &method,
    "How gradients are taken: adjoint (the default), parameter-shift, finite-difference or spsa", "METHOD" },
  { "step", 0, 0, G_OPTION_ARG_DOUBLE, &step, "How far finite-difference and spsa move angles, in radians (0.001)", "RADIANS" },
  { "averages", 0, 0, G_OPTION_ARG_INT, &averages, "How many directions spsa draws for each gradient (1)", "N" },
  { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "The seed of these directions (0)", "N" },
  { "precision", 0, 0, G_OPTION_ARG_STRING, &precision, "double (the default) or single", "double|single" },
  { "kernel", 0, 0, G_OPTION_ARG_STRING, &level, "A kernel level of this processor, instead of the best", "LEVEL" },
  { "threads", 0, 0, G_OPTION_ARG_INT, &n_threads, "Threads; results do not depend on them", "N" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Accepted as everywhere: the results are JSON anyway", NULL },
  G_OPTION_ENTRY_NULL,
};

/* The simulator, or what takes gradients by its expectations. */
static QrxBackend *
make_backend (GError **error)
{
  g_autoptr (QrxBackend) simulator =
    level != NULL ? qrx_statevector_backend_new_for_level (level, error) : qrx_statevector_backend_new ();

  if (simulator == NULL)
    return NULL;
  return qrx_backend_with_gradient (simulator, method != NULL ? method : "adjoint", step,
                                    averages > 0 ? (guint) averages : 0, (guint64) seed, error);
}

static int
run (const char *path, QrxDtype dtype)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxBackend) backend = make_backend (&error);
  g_autoptr (QrxPool) pool = n_threads > 1 ? qrx_pool_new ((guint) n_threads) : NULL;
  g_autofree char *text = NULL;

  if (backend == NULL)
    {
      qrx_cli_complain (error);
      return QRX_EXIT_INVALID;
    }
  text = qrx_backend_evaluate_cases (backend, path, gradients || method != NULL, dtype, pool, &error);
  if (text == NULL)
    {
      qrx_cli_complain (error);
      return qrx_cli_status_of (error);
    }
  if (puts (text) < 0 || fflush (stdout) != 0)
    {
      qrx_cli_say ("circuit: the results could not be written");
      return QRX_EXIT_FAILED;
    }
  return QRX_EXIT_OK;
}

int
qrx_cli_circuit_run (int argc, char **argv)
{
  QrxDtype dtype = QRX_DTYPE_F64;

  if (!qrx_cli_parse (&argc, &argv, entries, "circuit run", 1, 1))
    return QRX_EXIT_INVALID;
  if (precision != NULL && strcmp (precision, "single") == 0)
    dtype = QRX_DTYPE_F32;
  else if (precision != NULL && strcmp (precision, "double") != 0)
    {
      qrx_cli_say ("circuit: --precision is `%s`; expected `double` or `single`", precision);
      return QRX_EXIT_INVALID;
    }
  if (n_threads < 1 || n_threads > QRX_CLI_MAX_THREADS)
    {
      qrx_cli_say ("circuit: --threads is %d; expected 1 to %d", n_threads, QRX_CLI_MAX_THREADS);
      return QRX_EXIT_INVALID;
    }
  if (seed < 0)
    {
      qrx_cli_say ("circuit: --seed is %" G_GINT64_FORMAT "; expected 0 to %" G_GINT64_FORMAT, seed, G_MAXINT64);
      return QRX_EXIT_INVALID;
    }
  return qrx_cli_find_files (argv + 1) ? run (argv[1], dtype) : QRX_EXIT_INVALID;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qrx circuit: finds the action and hands over. */
#include "qrx-cli-circuit.h"

#include <string.h>

static gboolean as_json;

static const GOptionEntry entries[] = {
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print JSON: see `qrx circuit ACTION --help`", NULL },
  G_OPTION_ENTRY_NULL,
};

const QrxVerb qrx_circuit_actions[] = {
  { "circuit run", "CASES", "evaluate the circuits of a file of cases, and their gradients", qrx_cli_circuit_run },
  { "circuit draw", "FILE", "draw a circuit as text, or as a picture into a file", qrx_cli_circuit_draw },
  { "circuit stats", "FILE", "count a circuit's gates and parameters, and measure its depth", qrx_cli_circuit_stats },
  { "circuit convert", "IN OUT", "write a circuit in another format", qrx_cli_circuit_convert },
  { NULL, NULL, NULL, NULL },
};

QrxCircuit *
qrx_cli_load_circuit (const char *path, int *status)
{
  g_autoptr (GError) error = NULL;
  char *paths[] = { (char *) path, NULL };
  QrxCircuit *circuit;

  *status = QRX_EXIT_INVALID;
  if (!qrx_cli_find_files (paths))
    return NULL;
  circuit = qrx_circuit_new_from_file (path, &error);
  if (circuit == NULL)
    {
      qrx_cli_complain (error);
      *status = qrx_cli_status_of (error);
    }
  return circuit;
}

int
qrx_cli_circuit (int argc, char **argv)
{
  const char *names[G_N_ELEMENTS (qrx_circuit_actions)] = { NULL };
  g_autofree char *hint = NULL;

  for (guint i = 0; qrx_circuit_actions[i].name != NULL; i++)
    {
      names[i] = qrx_circuit_actions[i].name + strlen ("circuit ");
      if (argc > 1 && strcmp (argv[1], names[i]) == 0)
        {
          g_autofree char *program = g_strconcat ("qrx ", qrx_circuit_actions[i].name, NULL);

          g_set_prgname (program);
          return qrx_circuit_actions[i].main (argc - 1, argv + 1);
        }
    }
  if (!qrx_cli_parse (&argc, &argv, entries, "circuit", 1, G_MAXINT))
    return QRX_EXIT_INVALID;
  hint = qrx_suggest_text (argv[1], names);
  qrx_cli_say ("circuit: there is no action \"%s\"%s", argv[1], hint);
  return QRX_EXIT_INVALID;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qrx graph: a pipeline as DOT, or drawn by Graphviz. */
#include "qrx-cli.h"

#include "qrx-cli-json.h"

#include <stdio.h>
#include <string.h>

static char **overrides;
static char *output;
static gboolean as_json;

static const GOptionEntry entries[] = {
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Draw into a file: .svg, .png or .pdf by Graphviz, or .dot", "FILE" },
  QRX_CLI_SET_OPTION (overrides),
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print nodes and links as JSON", NULL },
  QRX_CLI_PLUGIN_OPTION,
  G_OPTION_ENTRY_NULL,
};

/* Graphviz's output arrives whole and is written whole. */
static gboolean
draw (const char *dot, const char *path, GError **error)
{
  const char *ending = strrchr (path, '.');
  g_autofree char *format = g_strconcat ("-T", ending != NULL ? ending + 1 : "svg", NULL);
  g_autoptr (GBytes) in = g_bytes_new_static (dot, strlen (dot));
  g_autoptr (GBytes) out = NULL;
  g_autoptr (GSubprocess) process = NULL;

  if (ending != NULL && g_str_equal (ending, ".dot"))
    return qrx_output_write (path, dot, -1, error);
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, error, "dot", format, NULL);
  if (process == NULL)
    {
      g_prefix_error (error, "drawing needs Graphviz (Debian: graphviz): ");
      return FALSE;
    }
  if (!g_subprocess_communicate (process, in, NULL, &out, NULL, error) || !g_subprocess_wait_check (process, NULL, error))
    return FALSE;
  return qrx_output_write (path, g_bytes_get_data (out, NULL), (gssize) g_bytes_get_size (out), error);
}

static gboolean
check_ending (void)
{
  static const char *const known[] = { ".svg", ".png", ".pdf", ".dot", NULL };
  const char *ending = output != NULL ? strrchr (output, '.') : NULL;

  if (ending == NULL || strchr (ending, G_DIR_SEPARATOR) != NULL || g_strv_contains (known, ending))
    return TRUE;
  qrx_cli_say ("--output: found \"%s\", expected a file that ends in .svg, .png, .pdf or .dot", output);
  return FALSE;
}

int
qrx_cli_graph (int argc, char **argv)
{
  g_autoptr (QrxRegistry) registry = NULL;
  g_autoptr (QrxPipeline) pipeline = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *dot = NULL;

  if (!qrx_cli_parse (&argc, &argv, entries, "graph", 1, 1) || !check_ending ())
    return QRX_EXIT_INVALID;
  registry = qrx_cli_open_registry ();
  if (registry == NULL)
    return QRX_EXIT_FAILED;
  pipeline = qrx_cli_load_pipeline (registry, argv[1], overrides, as_json);
  if (pipeline == NULL)
    return QRX_EXIT_INVALID;
  dot = qrx_pipeline_to_dot (pipeline);
  if (as_json)
    qrx_cli_print_json (qrx_cli_pipeline_to_json (pipeline));
  else if (output == NULL)
    fputs (dot, stdout);
  if (output != NULL && !draw (dot, output, &error))
    {
      qrx_cli_complain (error);
      return QRX_EXIT_FAILED;
    }
  return QRX_EXIT_OK;
}

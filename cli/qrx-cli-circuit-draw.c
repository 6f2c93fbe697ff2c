/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qrx circuit draw: a circuit as text, or as a picture. */
#include "qrx-cli-circuit.h"
#include "qrx-cli-json.h"

#include <stdio.h>

#define WIDTH 120 /* of a line, as in the other verbs */

static char *output;
static int width = WIDTH;
static gboolean as_json;

static const GOptionEntry entries[] = {
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Draw into a file: .svg, or text", "FILE" },
  { "width", 0, 0, G_OPTION_ARG_INT, &width, "How many characters a line of text may have (120); 0 is any number", "N" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print the circuit as JSON, as `convert` writes it", NULL },
  G_OPTION_ENTRY_NULL,
};

int
qrx_cli_circuit_draw (int argc, char **argv)
{
  g_autoptr (QrxCircuit) circuit = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  int status = QRX_EXIT_OK;

  if (!qrx_cli_parse (&argc, &argv, entries, "circuit draw", 1, 1))
    return QRX_EXIT_INVALID;
  if (width < 0)
    {
      qrx_cli_say ("circuit draw: --width is %d; expected at least 0", width);
      return QRX_EXIT_INVALID;
    }
  circuit = qrx_cli_load_circuit (argv[1], &status);
  if (circuit == NULL)
    return status;
  if (as_json)
    {
      g_autofree char *json = qrx_circuit_to_json (circuit);

      puts (json);
    }
  if (output != NULL && g_str_has_suffix (output, ".svg"))
    text = qrx_circuit_to_svg (circuit);
  else
    text = qrx_circuit_to_diagram (circuit, (guint) width);
  if (output == NULL && !as_json)
    fputs (text, stdout);
  if (output == NULL || qrx_output_write (output, text, -1, &error))
    return QRX_EXIT_OK;
  qrx_cli_complain (error);
  return QRX_EXIT_FAILED;
}

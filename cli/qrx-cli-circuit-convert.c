/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qrx circuit convert: a circuit in another format, with numbers for its parameters if they are given. */
#include "qrx-cli-circuit.h"
#include "qrx-cli-json.h"

#include <stdio.h>
#include <string.h>

static char *format;
static char *inputs;
static char *weights;
static gboolean as_json;

static const GOptionEntry entries[] = {
  { "to", 0, 0, G_OPTION_ARG_STRING, &format, "json, qasm2 or qasm3; by default as OUT ends: .json, or .qasm for qasm3",
    "FORMAT" },
  { "inputs", 0, 0, G_OPTION_ARG_STRING, &inputs, "Put numbers in place of the inputs", "NUMBER,…" },
  { "weights", 0, 0, G_OPTION_ARG_STRING, &weights, "Put numbers in place of the weights", "NUMBER,…" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "The same as --to=json", NULL },
  G_OPTION_ENTRY_NULL,
};

/* FALSE after saying what is wrong; no tensor where the option is not given. */
static gboolean
read_numbers (const char *option, const char *text, QrxTensor **values)
{
  g_auto (GStrv) parts = NULL;

  if (text == NULL)
    return TRUE;
  parts = g_strsplit (*text != '\0' ? text : ",", *text != '\0' ? "," : ",,", -1);
  *values = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, *text != '\0' ? g_strv_length (parts) : 0);
  for (gsize i = 0; i < qrx_tensor_get_n_elements (*values); i++)
    {
      double value;

      if (!qrx_number_parse (g_strstrip (parts[i]), strlen (parts[i]), &value))
        {
          qrx_cli_say ("circuit convert: %s: found \"%s\", expected numbers parted by commas", option, parts[i]);
          return FALSE;
        }
      qrx_tensor_set (*values, i, value);
    }
  return TRUE;
}

static const char *
find_format (const char *path)
{
  if (as_json && (format == NULL || strcmp (format, "json") == 0))
    return "json";
  if (format != NULL)
    return as_json ? NULL : format;
  return g_str_has_suffix (path, ".json") ? "json" : g_str_has_suffix (path, ".qasm") ? "qasm3" : NULL;
}

static char *
write_circuit (QrxCircuit *circuit, const char *to, GError **error)
{
  g_autofree char *json = NULL;

  if (strcmp (to, "json") != 0)
    return qrx_circuit_to_qasm (circuit, strcmp (to, "qasm2") == 0 ? 2 : 3, error);
  json = qrx_circuit_to_json (circuit);
  return g_strconcat (json, "\n", NULL);
}

int
qrx_cli_circuit_convert (int argc, char **argv)
{
  static const char *const formats[] = { "json", "qasm2", "qasm3", NULL };
  g_autoptr (QrxCircuit) circuit = NULL, bound = NULL;
  g_autoptr (QrxTensor) input_values = NULL;
  g_autoptr (QrxTensor) weight_values = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  const char *to;
  int status = QRX_EXIT_OK;

  if (!qrx_cli_parse (&argc, &argv, entries, "circuit convert", 2, 2))
    return QRX_EXIT_INVALID;
  to = find_format (argv[2]);
  if (to == NULL || !g_strv_contains (formats, to))
    {
      qrx_cli_say ("circuit convert: found \"%s\", expected one format with --to: json, qasm2 or qasm3",
                   format != NULL ? format : argv[2]);
      return QRX_EXIT_INVALID;
    }
  if (!read_numbers ("--inputs", inputs, &input_values) || !read_numbers ("--weights", weights, &weight_values))
    return QRX_EXIT_INVALID;
  circuit = qrx_cli_load_circuit (argv[1], &status);
  if (circuit == NULL)
    return status;
  bound = qrx_circuit_bind (circuit, input_values, weight_values, &error);
  text = bound != NULL ? write_circuit (bound, to, &error) : NULL;
  if (text != NULL && strcmp (argv[2], "-") == 0)
    fputs (text, stdout);
  else if (text != NULL)
    qrx_output_write (argv[2], text, -1, &error);
  if (error == NULL)
    return QRX_EXIT_OK;
  qrx_cli_complain (error);
  return qrx_cli_status_of (error);
}

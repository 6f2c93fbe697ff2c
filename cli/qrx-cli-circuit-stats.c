/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qrx circuit stats: how large a circuit is. */
#include "qrx-cli-circuit.h"
#include "qrx-cli-json.h"
#include "qrx-cli-text.h"

#include <stdio.h>

static gboolean as_json;

static const GOptionEntry entries[] = {
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print JSON", NULL },
  G_OPTION_ENTRY_NULL,
};

typedef struct {
  const char *key;
  const char *text;
  guint value;
} Count;

static JsonNode *
to_json (QrxCircuit *circuit, const Count *counts, guint n_counts, char **bases)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  for (guint i = 0; i < n_counts; i++)
    qrx_cli_add_count (builder, counts[i].key, counts[i].value);
  json_builder_set_member_name (builder, "gates_by_kind");
  json_builder_begin_object (builder);
  for (const char *const *gate = qrx_circuit_list_gates (); *gate != NULL; gate++)
    if (qrx_circuit_count_gates (circuit, *gate, 1) > 0)
      qrx_cli_add_count (builder, *gate, qrx_circuit_count_gates (circuit, *gate, 1));
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "bases");
  json_builder_begin_array (builder);
  for (; *bases != NULL; bases++)
    json_builder_add_string_value (builder, *bases);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static void
print (QrxCircuit *circuit, const Count *counts, guint n_counts)
{
  g_autoptr (QrxCliGrid) grid = qrx_cli_grid_new ("lr");

  for (guint i = 0; i < n_counts; i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", counts[i].value);

      qrx_cli_grid_add (grid, (const char *[]){ counts[i].text, number });
    }
  for (const char *const *gate = qrx_circuit_list_gates (); *gate != NULL; gate++)
    {
      g_autofree char *name = g_strconcat ("  ", *gate, NULL);
      g_autofree char *number = g_strdup_printf ("%u", qrx_circuit_count_gates (circuit, *gate, 1));

      if (!g_str_equal (number, "0"))
        qrx_cli_grid_add (grid, (const char *[]){ name, number });
    }
  qrx_cli_grid_print (grid, stdout, 0, 0);
}

int
qrx_cli_circuit_stats (int argc, char **argv)
{
  g_autoptr (QrxCircuit) circuit = NULL;
  g_auto (GStrv) bases = NULL;
  int status = QRX_EXIT_OK;

  if (!qrx_cli_parse (&argc, &argv, entries, "circuit stats", 1, 1))
    return QRX_EXIT_INVALID;
  circuit = qrx_cli_load_circuit (argv[1], &status);
  if (circuit == NULL)
    return status;
  bases = qrx_circuit_list_bases (circuit);

  const Count counts[] = {
    { "qubits", "qubits", qrx_circuit_get_n_qubits (circuit) },
    { "inputs", "inputs", qrx_circuit_get_n_inputs (circuit) },
    { "weights", "weights", qrx_circuit_get_n_weights (circuit) },
    { "observables", "observables", qrx_circuit_get_n_observables (circuit) },
    { "measurement_bases", "bases that measure all of them", g_strv_length (bases) },
    { "depth", "depth", qrx_circuit_get_depth (circuit, 1) },
    { "entangling_depth", "depth in gates of two qubits and more", qrx_circuit_get_depth (circuit, 2) },
    { "entangling_gates", "gates of two qubits and more",
      qrx_circuit_count_gates (circuit, NULL, 2) },
    { "two_qubit_gates", "gates of two qubits",
      qrx_circuit_count_gates (circuit, NULL, 2) - qrx_circuit_count_gates (circuit, NULL, 3) },
    { "gates", "gates", qrx_circuit_count_gates (circuit, NULL, 1) },
  };

  if (as_json)
    qrx_cli_print_json (to_json (circuit, counts, G_N_ELEMENTS (counts), bases));
  else
    print (circuit, counts, G_N_ELEMENTS (counts));
  return QRX_EXIT_OK;
}

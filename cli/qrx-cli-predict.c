/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qrx predict: a saved model meets new rows. */
#include "qrx-cli.h"

#include "qrx-cli-interrupt.h"
#include "qrx-cli-json.h"
#include "qrx-cli-rows.h"

#include <stdio.h>

static char *id_column;
static char *output;
static gboolean as_json;

static const GOptionEntry entries[] = {
  { "id-column", 0, 0, G_OPTION_ARG_FILENAME, &id_column, "The column that names the rows; default: the first", "NAME" },
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Write here instead of to stdout", "FILE" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print JSON instead of CSV", NULL },
  QRX_CLI_PLUGIN_OPTION,
  G_OPTION_ENTRY_NULL,
};

static char *
write_csv (QrxPredictor *predictor, QrxTable *table, QrxTensor *values)
{
  GString *text = g_string_new ("id,");
  g_autofree char *title = qrx_delimited_quote (qrx_predictor_get_target_name (predictor), ',');

  g_string_append_printf (text, "%s\n", title);
  for (gsize row = 0; row < qrx_table_get_n_rows (table); row++)
    {
      g_autofree char *id = qrx_delimited_quote (qrx_table_get_id (table, row), ',');
      char number[QRX_NUMBER_BUFFER_SIZE];

      g_string_append_printf (text, "%s,%s\n", id, qrx_number_format (qrx_tensor_get (values, row), number));
    }
  return g_string_free (text, FALSE);
}

static char *
write_json (QrxPredictor *predictor, QrxTable *table, QrxTensor *values)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  qrx_cli_add_text (builder, "model", qrx_predictor_get_producer (predictor));
  qrx_cli_add_text (builder, "target", qrx_predictor_get_target_name (predictor));
  qrx_cli_add_text (builder, "unit", qrx_predictor_get_target_unit (predictor));
  qrx_cli_add_text (builder, "orientation", qrx_orientation_get_name (qrx_predictor_get_orientation (predictor)));
  json_builder_set_member_name (builder, "predictions");
  json_builder_begin_array (builder);
  for (gsize row = 0; row < qrx_table_get_n_rows (table); row++)
    {
      json_builder_begin_object (builder);
      qrx_cli_add_text (builder, "id", qrx_table_get_id (table, row));
      json_builder_set_member_name (builder, "prediction");
      json_builder_add_double_value (builder, qrx_tensor_get (values, row));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = qrx_cli_write_json (root, TRUE);
  return g_strconcat (text, "\n", NULL);
}

static gboolean
predict (const char *model, const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (QrxRegistry) registry = qrx_registry_new ();
  g_autoptr (QrxContext) context = qrx_context_new (0, 0, NULL, NULL);
  g_autoptr (QrxPredictor) predictor = NULL;
  g_autoptr (QrxTable) table = NULL;
  g_autoptr (QrxTensor) values = NULL;
  g_autofree char *text = NULL;

  if (!qrx_registry_load_plugins (registry, qrx_cli_plugin_path, error))
    return FALSE;
  predictor = qrx_predictor_load (registry, model, error);
  if (predictor == NULL)
    return FALSE;
  table = qrx_cli_rows_read (path, id_column, predictor, error);
  if (table == NULL)
    return FALSE;
  values = qrx_predictor_predict_values (predictor, table, context, cancellable, error);
  if (values == NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  text = as_json ? write_json (predictor, table, values) : write_csv (predictor, table, values);
  if (output != NULL)
    return qrx_output_write (output, text, -1, error);
  fputs (text, stdout);
  return TRUE;
}

int
qrx_cli_predict (int argc, char **argv)
{
  g_autoptr (GCancellable) cancellable = NULL;
  g_autoptr (GError) error = NULL;

  if (!qrx_cli_parse (&argc, &argv, entries, "predict", 2, 2) || !qrx_cli_find_files (argv + 1))
    return QRX_EXIT_INVALID;
  cancellable = qrx_cli_interrupt_watch ();
  if (predict (argv[1], argv[2], cancellable, &error))
    return QRX_EXIT_OK;
  if (qrx_cli_interrupt_get_signal () != 0)
    return qrx_cli_interrupt_status ();
  qrx_cli_complain (error);
  return QRX_EXIT_FAILED;
}

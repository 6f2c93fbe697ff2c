/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qrx validate: everything that can be known before running. */
#include "qrx-cli.h"

#include <stdio.h>

static char **overrides;
static gboolean as_json;

static const GOptionEntry entries[] = {
  QRX_CLI_SET_OPTION (overrides),
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print the faults as JSON", NULL },
  QRX_CLI_PLUGIN_OPTION,
  G_OPTION_ENTRY_NULL,
};

int
qrx_cli_validate (int argc, char **argv)
{
  g_autoptr (QrxRegistry) registry = NULL;
  g_autoptr (QrxPipeline) pipeline = NULL;

  if (!qrx_cli_parse (&argc, &argv, entries, "validate", 1, 1))
    return QRX_EXIT_INVALID;
  registry = qrx_cli_open_registry ();
  if (registry == NULL)
    return QRX_EXIT_FAILED;
  pipeline = qrx_cli_load_pipeline (registry, argv[1], overrides, as_json);
  if (pipeline == NULL)
    return QRX_EXIT_INVALID;
  if (as_json)
    puts ("{\n  \"valid\" : true,\n  \"diagnostics\" : []\n}");
  else
    printf ("%s is valid: %u nodes\n", argv[1], qrx_pipeline_get_n_nodes (pipeline));
  return QRX_EXIT_OK;
}

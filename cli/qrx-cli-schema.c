/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qrx schema: what editors need to help with pipeline files. */
#include "qrx-cli.h"

#include <stdio.h>

static gboolean as_json;

static const GOptionEntry entries[] = {
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Accepted as everywhere: a schema is JSON anyway", NULL },
  QRX_CLI_PLUGIN_OPTION,
  G_OPTION_ENTRY_NULL,
};

int
qrx_cli_schema (int argc, char **argv)
{
  g_autoptr (QrxRegistry) registry = NULL;
  g_autofree char *schema = NULL;

  if (!qrx_cli_parse (&argc, &argv, entries, "schema", 0, 0))
    return QRX_EXIT_INVALID;
  registry = qrx_cli_open_registry ();
  if (registry == NULL)
    return QRX_EXIT_FAILED;
  schema = qrx_registry_schema (registry);
  puts (schema);
  return QRX_EXIT_OK;
}

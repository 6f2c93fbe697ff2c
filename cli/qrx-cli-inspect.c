/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qrx inspect: which node types there are, what one of them is, or what a file holds. */
#include "qrx-cli-inspect.h"

#include "qrx-cli-json.h"
#include "qrx-cli-text.h"
#include "qrx-cli.h"

#include <stdio.h>
#include <string.h>

#define WIDTH 120 /* of a line of the list; `qrx inspect TYPE` tells all */

static char **overrides;
static gboolean as_json;

static const GOptionEntry entries[] = {
  QRX_CLI_SET_OPTION (overrides),
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print JSON", NULL },
  QRX_CLI_PLUGIN_OPTION,
  G_OPTION_ENTRY_NULL,
};

static JsonNode *
describe (QrxRegistry *registry, const char *name)
{
  g_autofree char *text = qrx_registry_describe (registry, name, NULL);

  return qrx_cli_read_json (text);
}

static void
print_list_as_json (QrxRegistry *registry, char **names)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "types");
  json_builder_begin_array (builder);
  for (guint i = 0; names[i] != NULL; i++)
    json_builder_add_value (builder, describe (registry, names[i]));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  qrx_cli_print_json (json_builder_get_root (builder));
}

static void
add_presets (QrxCliGrid *grid, JsonObject *type)
{
  JsonArray *presets = json_object_get_array_member (type, "presets");

  for (guint i = 0; i < json_array_get_length (presets); i++)
    {
      JsonObject *preset = json_array_get_object_element (presets, i);
      g_autofree char *name = g_strconcat ("  ", json_object_get_string_member (preset, "name"), NULL);

      qrx_cli_grid_add (grid, (const char *[]){ name, json_object_get_string_member_with_default (preset, "summary", "") });
    }
}

static void
print_list (QrxRegistry *registry, char **names)
{
  g_autoptr (QrxCliGrid) grid = qrx_cli_grid_new ("ll");
  g_autofree char *last = NULL;

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (JsonNode) node = describe (registry, names[i]);
      JsonObject *type = json_node_get_object (node);
      const char *category = json_object_get_string_member_with_default (type, "category", "other");
      g_autofree char *name = g_strconcat ("  ", names[i], NULL);

      if (g_strcmp0 (last, category) != 0)
        {
          if (last != NULL)
            qrx_cli_grid_add (grid, (const char *[]){ "", "" });
          qrx_cli_grid_add (grid, (const char *[]){ category, "" });
          g_free (last);
          last = g_strdup (category);
        }
      qrx_cli_grid_add (grid, (const char *[]){ name, json_object_get_string_member (type, "summary") });
      add_presets (grid, type);
    }
  qrx_cli_grid_print (grid, stdout, 0, WIDTH);
}

/* What names a file rather than a type. */
static gboolean
is_file (QrxRegistry *registry, const char *name)
{
  if (strchr (name, '/') != NULL || g_str_has_suffix (name, ".json"))
    return TRUE;
  return qrx_registry_lookup (registry, name, NULL) == G_TYPE_INVALID && g_file_test (name, G_FILE_TEST_IS_REGULAR);
}

int
qrx_cli_inspect (int argc, char **argv)
{
  g_autoptr (QrxRegistry) registry = NULL;
  g_autoptr (QrxPipeline) pipeline = NULL;
  g_auto (GStrv) names = NULL;

  if (!qrx_cli_parse (&argc, &argv, entries, "inspect", 0, 1))
    return QRX_EXIT_INVALID;
  registry = qrx_cli_open_registry ();
  if (registry == NULL)
    return QRX_EXIT_FAILED;
  if (argc == 2 && is_file (registry, argv[1]))
    {
      pipeline = qrx_cli_load_pipeline (registry, argv[1], overrides, as_json);
      if (pipeline == NULL)
        return QRX_EXIT_INVALID;
      qrx_cli_inspect_file (pipeline, as_json);
      return QRX_EXIT_OK;
    }
  if (overrides != NULL)
    {
      qrx_cli_say ("inspect: --set changes a pipeline file, and none is given");
      return QRX_EXIT_INVALID;
    }
  if (argc == 2)
    return qrx_cli_inspect_type (registry, argv[1], as_json);
  names = qrx_registry_dup_names (registry, FALSE);
  if (as_json)
    print_list_as_json (registry, names);
  else
    print_list (registry, names);
  return QRX_EXIT_OK;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pipeline file as people read it: every node with what comes in and how it is set, defaults included. */
#include "qrx-cli-inspect.h"

#include "qrx-cli-json.h"
#include "qrx-cli-text.h"

#include <stdio.h>

#define WIDTH 120

static void
print_links (QrxPipeline *pipeline, QrxNode *node)
{
  for (guint i = 0; i < qrx_pipeline_get_n_links (pipeline, node); i++)
    {
      const QrxLink *link = qrx_pipeline_get_link (pipeline, node, i);

      printf ("  %s.%s -> %s  %s\n", qrx_node_get_id (link->from), link->from_port, link->to_port,
              link->type != NULL ? link->type : "");
    }
}

static void
print_properties (JsonObject *properties)
{
  g_autoptr (QrxCliGrid) grid = qrx_cli_grid_new ("ll");
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, properties);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      g_autofree char *text = qrx_cli_write_json (value, FALSE);

      qrx_cli_grid_add (grid, (const char *[]){ name, text });
    }
  qrx_cli_grid_print (grid, stdout, 4, WIDTH);
}

void
qrx_cli_inspect_file (QrxPipeline *pipeline, gboolean json)
{
  if (json)
    {
      qrx_cli_print_json (qrx_cli_pipeline_to_json (pipeline));
      return;
    }
  printf ("%s: %u nodes, seed %" G_GUINT64_FORMAT "\n", qrx_pipeline_get_name (pipeline),
          qrx_pipeline_get_n_nodes (pipeline), qrx_pipeline_get_seed (pipeline));
  for (guint i = 0; i < qrx_pipeline_get_n_nodes (pipeline); i++)
    {
      QrxNode *node = qrx_pipeline_get_node (pipeline, i);
      g_autoptr (JsonObject) properties = qrx_node_properties_to_json (node);

      printf ("\n%s: %s\n", qrx_node_get_id (node), qrx_node_get_type_name (node));
      print_links (pipeline, node);
      print_properties (properties);
    }
}

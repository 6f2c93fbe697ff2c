/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Several drugs of one fit, which an evaluator scores by themselves: what stands under "test/Cisplatin" is a task's. */
#include "study/qrx-summary-private.h"

#include <string.h>

GPtrArray *
qrx_summary_list_drugs (JsonObject *roles)
{
  GPtrArray *drugs = g_ptr_array_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  JsonObjectIter iter;
  const char *name;

  json_object_iter_init_ordered (&iter, roles);
  while (json_object_iter_next_ordered (&iter, &name, NULL))
    {
      const char *slash = strchr (name, '/');

      if (slash != NULL && g_hash_table_add (seen, (gpointer) (slash + 1)))
        g_ptr_array_add (drugs, (gpointer) (slash + 1));
    }
  return drugs;
}

JsonNode *
qrx_summary_pick_drug (JsonObject *roles, const char *drug)
{
  JsonObject *picked = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObjectIter iter;
  const char *name;
  JsonNode *scores;

  json_object_iter_init_ordered (&iter, roles);
  while (json_object_iter_next_ordered (&iter, &name, &scores))
    {
      const char *slash = strchr (name, '/');
      g_autofree char *role = slash != NULL ? g_strndup (name, (gsize) (slash - name)) : NULL;

      if (slash != NULL && g_str_equal (slash + 1, drug))
        json_object_set_member (picked, role, json_node_copy (scores));
    }
  json_node_take_object (node, picked);
  return node;
}

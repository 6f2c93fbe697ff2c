/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a run takes from runs before it: by which key a node's values are known, and what comes with them. */
#include "runner/qrx-runner-private.h"

#include "base/qrx-context-private.h"

char *
qrx_runner_make_cache_key (QrxRunner *self, QrxNode *node)
{
  g_autoptr (GString) inputs = g_string_new (NULL);

  if (self->cache == NULL || qrx_node_class_find_port (QRX_NODE_GET_CLASS (node), NULL, TRUE) == NULL)
    return NULL;
  for (guint i = 0; i < qrx_pipeline_get_n_links (self->pipeline, node); i++)
    {
      const QrxLink *link = qrx_pipeline_get_link (self->pipeline, node, i);
      const char *key = g_hash_table_lookup (self->keys, qrx_node_get_id (link->from));

      g_string_append_printf (inputs, "%s %s.%s\n", link->to_port, key, link->from_port);
    }
  return qrx_run_cache_make_key (node, inputs->str, self->context);
}

QrxBundle *
qrx_runner_take_from_cache (QrxRunner *self, char **key)
{
  g_autoptr (QrxRunCacheEntry) entry = *key != NULL ? qrx_run_cache_find (self->cache, key, self->context) : NULL;

  if (entry == NULL)
    return NULL;
  qrx_run_cache_entry_add_inputs (entry, self->context);
  for (guint i = 0; i < qrx_run_cache_entry_get_messages (entry)->len; i++)
    {
      const QrxRunMessage *message = qrx_run_cache_entry_get_messages (entry)->pdata[i];

      qrx_reports_take (self->reports, message->node, message->kind, 0, message->text);
    }
  return g_object_ref (qrx_run_cache_entry_get_outputs (entry));
}

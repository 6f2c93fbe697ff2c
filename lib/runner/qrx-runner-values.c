/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The values on the links of a run: who brings them, and who still waits for them. */
#include "runner/qrx-runner-private.h"

static char *
make_key (const QrxLink *link)
{
  return g_strconcat (qrx_node_get_id (link->from), ".", link->from_port, NULL);
}

QrxBundle *
qrx_runner_collect_inputs (QrxRunner *self, QrxNode *node)
{
  QrxBundle *in = qrx_bundle_new ();

  for (guint i = 0; i < qrx_pipeline_get_n_links (self->pipeline, node); i++)
    {
      const QrxLink *link = qrx_pipeline_get_link (self->pipeline, node, i);

      qrx_bundle_append (in, link->to_port, qrx_runner_get_value (self, qrx_node_get_id (link->from), link->from_port));
    }
  return in;
}

void
qrx_runner_count_links (QrxRunner *self)
{
  g_hash_table_remove_all (self->pending);
  for (guint i = 0; i < qrx_pipeline_get_n_nodes (self->pipeline); i++)
    {
      QrxNode *node = qrx_pipeline_get_node (self->pipeline, i);

      for (guint k = 0; k < qrx_pipeline_get_n_links (self->pipeline, node); k++)
        {
          char *key = make_key (qrx_pipeline_get_link (self->pipeline, node, k));
          guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->pending, key));

          g_hash_table_replace (self->pending, key, GUINT_TO_POINTER (n + 1));
        }
    }
}

void
qrx_runner_release_inputs (QrxRunner *self, QrxNode *node)
{
  for (guint k = 0; k < qrx_pipeline_get_n_links (self->pipeline, node) && !self->keep_values; k++)
    {
      g_autofree char *key = make_key (qrx_pipeline_get_link (self->pipeline, node, k));
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->pending, key));

      if (n == 1)
        g_hash_table_remove (self->values, key);
      g_hash_table_replace (self->pending, g_steal_pointer (&key), GUINT_TO_POINTER (n - 1));
    }
}

void
qrx_runner_keep_outputs (QrxRunner *self, QrxNode *node, QrxBundle *out)
{
  g_auto (GStrv) ports = qrx_bundle_dup_ports (out);

  for (guint i = 0; ports[i] != NULL; i++)
    g_hash_table_replace (self->values, g_strconcat (qrx_node_get_id (node), ".", ports[i], NULL),
                          g_object_ref (qrx_bundle_get (out, ports[i])));
}

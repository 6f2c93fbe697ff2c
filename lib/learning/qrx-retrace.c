/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A model file says how wide its layers are and how they are joined. Kernels assume that it is true, so it is found out anew. */
#include "learning/qrx-retrace-private.h"

#include <qrx/qrx-dense-block.h>

QrxFlow *
qrx_retrace_source (const char *const *columns, GError **error)
{
  const char *const ids[] = { "row", NULL };
  gsize n = g_strv_length ((char **) columns);
  g_autoptr (QrxTable) table = NULL;
  g_autoptr (QrxTensor) values = NULL;
  g_autoptr (QrxBlock) block = NULL;

  if (n == 0)
    {
      g_set_error_literal (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT, "`columns` is empty, expected the names of features");
      return NULL;
    }
  values = qrx_tensor_new_matrix (QRX_DTYPE_F32, 1, n);
  block = qrx_dense_block_new ("columns", columns, values, error);
  table = block != NULL ? qrx_table_new (ids, error) : NULL;
  if (table == NULL || !qrx_table_add_block (table, block, NULL, error))
    return NULL;
  return qrx_flow_new_source (table);
}

/* What flows in, at the ports of the class. */
static QrxBundle *
distribute (QrxLayer *layer, GPtrArray *inputs, GError **error)
{
  QrxNodeClass *klass = QRX_NODE_GET_CLASS (layer);
  QrxBundle *in = qrx_bundle_new ();
  guint next = 0;

  for (guint i = 0; i < qrx_node_class_get_n_ports (klass); i++)
    {
      QrxPort *port = qrx_node_class_get_port (klass, i);
      QrxPortSpec *spec = qrx_port_get_spec (port);
      guint n = qrx_port_spec_is_list (spec) ? inputs->len : next + 1;

      if (!qrx_port_is_output (port) && g_str_equal (qrx_port_spec_get_kind (spec), "flow"))
        for (; next < MIN (n, inputs->len); next++)
          qrx_bundle_append (in, qrx_port_get_name (port), inputs->pdata[next]);
    }
  if (next == inputs->len)
    return in;
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT, "the layer `%s` has %u inputs in `from`, expected %u",
               qrx_node_get_id (QRX_NODE (layer)), inputs->len, next);
  g_object_unref (in);
  return NULL;
}

QrxFlow *
qrx_retrace_layer (QrxLayer *layer, GPtrArray *inputs, const char *quantity, gsize width, GError **error)
{
  g_autoptr (QrxBundle) in = distribute (layer, inputs, error);
  g_autoptr (QrxFlow) flow = in != NULL ? qrx_flow_compose (layer, in, error) : NULL;

  if (flow == NULL)
    return NULL;
  if (flow->width == width && g_str_equal (flow->quantity, quantity))
    return g_steal_pointer (&flow);
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT,
               "the layer `%s` is said to give %s[%" G_GSIZE_FORMAT "], but it gives %s[%" G_GSIZE_FORMAT "]",
               qrx_node_get_id (QRX_NODE (layer)), quantity, width, flow->quantity, flow->width);
  return NULL;
}

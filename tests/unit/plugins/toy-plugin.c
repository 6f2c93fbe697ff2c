/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A plugin as others write it: public headers only, one node type. */
#include <qrx/qrx-registry.h>

typedef struct {
  QrxNode parent_instance;
  double factor;
} PluginNode;

typedef struct {
  QrxNodeClass parent_class;
} PluginNodeClass;

GType plugin_node_get_type (void);
QRX_API gboolean qrx_plugin_register (QrxRegistry *registry, GError **error);

G_DEFINE_TYPE (PluginNode, plugin_node, QRX_TYPE_NODE)

static void
plugin_node_class_init (PluginNodeClass *node_class)
{
  QrxNodeClass *klass = QRX_NODE_CLASS (node_class);

  qrx_node_class_set_name (klass, "from-plugin");
  qrx_node_class_set_summary (klass, "Comes from a module.");
  qrx_node_class_add_double (klass, "factor", G_STRUCT_OFFSET (PluginNode, factor), 0, 1, 0.5, NULL, "a factor");
}

static void
plugin_node_init (PluginNode *self G_GNUC_UNUSED)
{
}

gboolean
qrx_plugin_register (QrxRegistry *registry, GError **error)
{
  return qrx_registry_add (registry, plugin_node_get_type (), error);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The node that gives a table which was made outside of the graph. A port's kind belongs to a class, so there are two:
 * one for tables, one for split tables. */
#include <qrx/qrx-table-source.h>

typedef struct {
  QrxTable *table;
} QrxTableSourcePrivate;

G_DEFINE_TYPE_WITH_PRIVATE (QrxTableSource, qrx_table_source, QRX_TYPE_NODE)

typedef QrxTableSource QrxSplitTableSource;
typedef QrxTableSourceClass QrxSplitTableSourceClass;
static GType qrx_split_table_source_get_type (void);
G_DEFINE_TYPE (QrxSplitTableSource, qrx_split_table_source, QRX_TYPE_TABLE_SOURCE)

static void
qrx_table_source_dispose (GObject *object)
{
  QrxTableSourcePrivate *priv = qrx_table_source_get_instance_private (QRX_TABLE_SOURCE (object));

  g_clear_object (&priv->table);
  G_OBJECT_CLASS (qrx_table_source_parent_class)->dispose (object);
}

static gboolean
qrx_table_source_run (QrxNode *node, QrxBundle *in G_GNUC_UNUSED, QrxBundle *out, QrxContext *context G_GNUC_UNUSED,
                      GCancellable *cancellable G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  qrx_bundle_set (out, "out", QRX_VALUE (qrx_table_source_get_table (QRX_TABLE_SOURCE (node))));
  return TRUE;
}

static void
qrx_table_source_class_init (QrxTableSourceClass *klass)
{
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qrx_table_source_dispose;
  node_class->run = qrx_table_source_run;
  qrx_node_class_set_name (node_class, "table");
  qrx_node_class_set_category (node_class, "data");
  qrx_node_class_set_summary (node_class, "Gives a table that a program made.");
  qrx_node_class_add_output (node_class, "out", "table", "The table.");
}

static void
qrx_table_source_init (QrxTableSource *self G_GNUC_UNUSED)
{
}

static void
qrx_split_table_source_class_init (QrxSplitTableSourceClass *klass)
{
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  qrx_node_class_set_name (node_class, "split-table");
  qrx_node_class_set_summary (node_class, "Gives a split table that a program made.");
  qrx_node_class_add_output (node_class, "out", "table:split", "The table.");
}

static void
qrx_split_table_source_init (QrxSplitTableSource *self G_GNUC_UNUSED)
{
}

/**
 * qrx_table_source_new:
 * @id: the node's id
 * @table: a table, split or not; it is published by the run
 *
 * Makes a node that gives a table, for graphs that are built in code.
 *
 * Returns: (transfer full): the node
 */
QrxNode *
qrx_table_source_new (const char *id, QrxTable *table)
{
  QrxTableSource *self;

  g_return_val_if_fail (id != NULL && QRX_IS_TABLE (table), NULL);
  self = g_object_new (qrx_table_is_split (table) ? qrx_split_table_source_get_type () : QRX_TYPE_TABLE_SOURCE, "id", id, NULL);
  ((QrxTableSourcePrivate *) qrx_table_source_get_instance_private (self))->table = g_object_ref (table);
  return QRX_NODE (self);
}

/**
 * qrx_table_source_get_table:
 * @self: a node that gives a table
 *
 * Returns: (transfer none): the table
 */
QrxTable *
qrx_table_source_get_table (QrxTableSource *self)
{
  QrxTableSourcePrivate *priv = qrx_table_source_get_instance_private (self);

  g_return_val_if_fail (QRX_IS_TABLE_SOURCE (self), NULL);
  return priv->table;
}

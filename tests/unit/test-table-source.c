/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qrx/qrx-table-source.h>

static QrxTable *
new_table (gboolean split)
{
  const char *ids[] = { "a", "b", NULL };
  g_autoptr (QrxTable) table = qrx_table_new (ids, NULL);
  g_autoptr (GBytes) roles = g_bytes_new ((guint8[]){ QRX_ROLE_TRAIN, QRX_ROLE_TEST }, 2);

  return split ? qrx_table_with_roles (table, roles, NULL) : g_steal_pointer (&table);
}

static void
test_gives_its_table_with_the_kind_that_it_has (gconstpointer data)
{
  gboolean split = GPOINTER_TO_INT (data);
  g_autoptr (QrxTable) table = new_table (split);
  g_autoptr (QrxNode) node = qrx_table_source_new ("cohort", table);
  g_autoptr (QrxBundle) in = qrx_bundle_new ();
  g_autoptr (QrxBundle) out = qrx_bundle_new ();
  g_autoptr (QrxContext) context = qrx_context_new (1, 1, NULL, NULL);
  g_autoptr (GError) error = NULL;
  QrxPort *port = qrx_node_class_find_port (QRX_NODE_GET_CLASS (node), NULL, TRUE);

  g_assert_cmpstr (qrx_node_get_id (node), ==, "cohort");
  g_assert_cmpstr (qrx_port_spec_get_text (qrx_port_get_spec (port)), ==, split ? "table:split" : "table");
  g_assert_true (qrx_table_source_get_table (QRX_TABLE_SOURCE (node)) == table);
  g_assert_true (qrx_node_run (node, in, out, context, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (qrx_bundle_get (out, "out") == QRX_VALUE (table));
  g_assert_true (qrx_value_is_frozen (QRX_VALUE (table)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/table-source/table", GINT_TO_POINTER (FALSE), test_gives_its_table_with_the_kind_that_it_has);
  g_test_add_data_func ("/table-source/split-table", GINT_TO_POINTER (TRUE), test_gives_its_table_with_the_kind_that_it_has);
  return g_test_run ();
}

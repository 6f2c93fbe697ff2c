/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs the example of every node type that makes a table; docs/writing-nodes.md says how such an example is written. */
#include "example-values.h"

#include <math.h>

static void
check_ids (QrxTable *table, JsonArray *ids)
{
  g_assert_cmpuint (qrx_table_get_n_rows (table), ==, json_array_get_length (ids));
  for (guint i = 0; i < json_array_get_length (ids); i++)
    g_assert_cmpstr (qrx_table_get_id (table, i), ==, json_array_get_string_element (ids, i));
}

static void
check_target (QrxTable *table, JsonArray *target)
{
  g_assert_cmpuint (qrx_table_get_n_targets (table), >, 0);
  g_assert_cmpuint (qrx_table_get_n_rows (table), ==, json_array_get_length (target));
  for (guint i = 0; i < json_array_get_length (target); i++)
    {
      double found = qrx_tensor_get (qrx_table_get_target_values (table, 0), i), expected = example_get_number (target, i);

      g_assert_true (isnan (expected) ? isnan (found) : found == expected);
    }
}

static void
check_roles (QrxTable *table, JsonObject *roles)
{
  for (guint role = QRX_ROLE_NONE; role < QRX_N_ROLES; role++)
    {
      g_autoptr (QrxIndex) rows = qrx_table_rows_of_role (table, (QrxRole) role);
      gint64 expected = json_object_get_int_member_with_default (roles, qrx_role_get_name ((QrxRole) role), 0);

      g_assert_cmpint ((gint64) qrx_index_get_length (rows), ==, expected);
    }
}

/* Every key is known and holds; returns how many there are. */
static guint
check_table (QrxTable *table, JsonObject *expect)
{
  g_autoptr (GList) keys = json_object_get_members (expect);

  for (GList *member = keys; member != NULL; member = member->next)
    {
      const char *key = member->data;

      if (g_str_equal (key, "rows"))
        g_assert_cmpint ((gint64) qrx_table_get_n_rows (table), ==, json_object_get_int_member (expect, key));
      else if (g_str_equal (key, "features"))
        g_assert_cmpint ((gint64) qrx_table_get_n_features (table), ==, json_object_get_int_member (expect, key));
      else if (g_str_equal (key, "ids"))
        check_ids (table, json_object_get_array_member (expect, key));
      else if (g_str_equal (key, "target"))
        check_target (table, json_object_get_array_member (expect, key));
      else if (g_str_equal (key, "unit"))
        g_assert_cmpstr (qrx_table_get_target_unit (table, 0), ==, json_object_get_string_member (expect, key));
      else if (g_str_equal (key, "orientation"))
        g_assert_cmpstr (qrx_orientation_get_name (qrx_table_get_target_orientation (table, 0)), ==,
                         json_object_get_string_member (expect, key));
      else if (g_str_equal (key, "roles"))
        check_roles (table, json_object_get_object_member (expect, key));
      else
        g_error ("the example expects \"%s\", which is not known of a table", key);
    }
  return g_list_length (keys);
}

static void
run_example (NodeFixture *fixture, const char *type, QrxNodeClass *klass)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *properties = NULL;
  g_autoptr (QrxTable) in = NULL, out = NULL;
  JsonObject *example;

  if (qrx_node_class_get_example (klass) == NULL)
    g_error ("%s makes a table, but has no example", type);
  example = example_parse (qrx_node_class_get_example (klass), parser);
  if (json_object_has_member (example, "files"))
    example_write_files (fixture, json_object_get_object_member (example, "files"));
  if (json_object_has_member (example, "input"))
    in = example_read_table (json_object_get_object_member (json_object_get_object_member (example, "input"), "table"));
  properties = example_dup_properties (example);
  out = node_fixture_make (fixture, type, properties, in);
  g_assert_cmpuint (check_table (out, json_object_get_object_member (example, "expect")), >, 0);
}

static gboolean
makes_a_table (QrxNodeClass *klass)
{
  QrxPort *port = qrx_node_class_find_port (klass, NULL, TRUE);

  return port != NULL && g_str_equal (qrx_port_spec_get_kind (qrx_port_get_spec (port)), "table");
}

static void
test_every_example_holds (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_auto (GStrv) names = qrx_registry_dup_names (fixture->registry, FALSE);
  guint n = 0;

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (GTypeClass) klass = g_type_class_ref (qrx_registry_lookup (fixture->registry, names[i], NULL));

      if (!makes_a_table (QRX_NODE_CLASS (klass)))
        continue;
      g_test_message ("%s", names[i]);
      run_example (fixture, names[i], QRX_NODE_CLASS (klass));
      n++;
    }
  g_assert_cmpuint (n, >=, 4); /* three loaders and the split */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  NODE_TEST ("/table-examples/every-example-holds", test_every_example_holds);
  return g_test_run ();
}

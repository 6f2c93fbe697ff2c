/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs the example of every node type that makes a table; docs/writing-nodes.md says how such an example is written. */
#include "node-fixture.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <qrx/qrx-dense-block.h>

static JsonObject *
parse_object (const char *text, JsonParser *parser)
{
  g_autoptr (GError) error = NULL;

  json_parser_load_from_data (parser, text, -1, &error);
  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)));
  return json_node_get_object (json_parser_get_root (parser));
}

static char **
read_strings (JsonArray *array)
{
  GPtrArray *texts = g_ptr_array_new ();

  for (guint i = 0; i < json_array_get_length (array); i++)
    g_ptr_array_add (texts, g_strdup (json_array_get_string_element (array, i)));
  g_ptr_array_add (texts, NULL);
  return (char **) g_ptr_array_free (texts, FALSE);
}

static double
get_number (JsonArray *array, guint i)
{
  return json_array_get_null_element (array, i) ? NAN : json_array_get_double_element (array, i);
}

static void
add_features (QrxTable *table, JsonObject *features)
{
  g_autoptr (GList) names = json_object_get_members (features);
  g_autoptr (GPtrArray) columns = g_ptr_array_new ();
  gsize n = qrx_table_get_n_rows (table), n_columns = g_list_length (names), column = 0;
  g_autoptr (QrxTensor) values = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, n_columns);
  g_autoptr (QrxBlock) block = NULL;

  for (GList *name = names; name != NULL; name = name->next, column++)
    {
      g_ptr_array_add (columns, name->data);
      for (gsize row = 0; row < n; row++)
        qrx_tensor_set (values, row * n_columns + column,
                        get_number (json_object_get_array_member (features, name->data), (guint) row));
    }
  g_ptr_array_add (columns, NULL);
  block = qrx_dense_block_new ("features", (const char *const *) columns->pdata, values, NULL);
  g_assert_true (qrx_table_add_block (table, block, NULL, NULL));
}

static void
add_annotations (QrxTable *table, JsonObject *annotations)
{
  g_autoptr (GList) names = json_object_get_members (annotations);

  for (GList *name = names; name != NULL; name = name->next)
    {
      g_auto (GStrv) values = read_strings (json_object_get_array_member (annotations, name->data));

      g_assert_true (qrx_table_add_annotation (table, name->data, (const char *const *) values, NULL));
    }
}

static QrxOrientation
read_orientation (const char *name)
{
  for (int i = QRX_ORIENTATION_NONE; i <= QRX_ORIENTATION_HIGH_IS_SENSITIVE; i++)
    if (g_strcmp0 (qrx_orientation_get_name ((QrxOrientation) i), name) == 0)
      return (QrxOrientation) i;
  return QRX_ORIENTATION_NONE;
}

static void
add_target (QrxTable *table, JsonObject *object)
{
  gsize n = qrx_table_get_n_rows (table);
  g_autoptr (QrxTensor) values = qrx_tensor_new (QRX_DTYPE_F64, &n, 1);

  for (guint i = 0; i < n; i++)
    qrx_tensor_set (values, i, get_number (json_object_get_array_member (object, "target"), i));
  g_assert_true (qrx_table_add_target (
      table, "target", json_object_get_string_member_with_default (object, "unit", ""),
      read_orientation (json_object_get_string_member_with_default (object, "orientation", "none")), values, NULL));
}

static QrxTable *
read_table (JsonObject *object)
{
  g_auto (GStrv) ids = read_strings (json_object_get_array_member (object, "ids"));
  QrxTable *table = qrx_table_new ((const char *const *) ids, NULL);

  g_assert_nonnull (table);
  if (json_object_has_member (object, "features"))
    add_features (table, json_object_get_object_member (object, "features"));
  if (json_object_has_member (object, "annotations"))
    add_annotations (table, json_object_get_object_member (object, "annotations"));
  if (json_object_has_member (object, "target"))
    add_target (table, object);
  return table;
}

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
      double found = qrx_tensor_get (qrx_table_get_target_values (table, 0), i), expected = get_number (target, i);

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
write_files (NodeFixture *fixture, JsonObject *files)
{
  g_autoptr (GList) names = json_object_get_members (files);

  for (GList *name = names; name != NULL; name = name->next)
    node_fixture_write (fixture, name->data, json_object_get_string_member (files, name->data));
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
  example = parse_object (qrx_node_class_get_example (klass), parser);
  if (json_object_has_member (example, "files"))
    write_files (fixture, json_object_get_object_member (example, "files"));
  if (json_object_has_member (example, "input"))
    in = read_table (json_object_get_object_member (json_object_get_object_member (example, "input"), "table"));
  properties = json_object_has_member (example, "properties")
                   ? json_to_string (json_object_get_member (example, "properties"), FALSE)
                   : g_strdup ("{}");
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

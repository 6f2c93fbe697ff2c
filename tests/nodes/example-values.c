/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "example-values.h"

#include <math.h>
#include <qrx/qrx-dense-block.h>

JsonObject *
example_parse (const char *text, JsonParser *parser)
{
  g_autoptr (GError) error = NULL;

  json_parser_load_from_data (parser, text, -1, &error);
  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)));
  return json_node_get_object (json_parser_get_root (parser));
}

char **
example_read_strings (JsonArray *array)
{
  GPtrArray *texts = g_ptr_array_new ();

  for (guint i = 0; i < json_array_get_length (array); i++)
    g_ptr_array_add (texts, g_strdup (json_array_get_string_element (array, i)));
  g_ptr_array_add (texts, NULL);
  return (char **) g_ptr_array_free (texts, FALSE);
}

double
example_get_number (JsonArray *array, guint i)
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
                        example_get_number (json_object_get_array_member (features, name->data), (guint) row));
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
      g_auto (GStrv) values = example_read_strings (json_object_get_array_member (annotations, name->data));

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
    qrx_tensor_set (values, i, example_get_number (json_object_get_array_member (object, "target"), i));
  g_assert_true (qrx_table_add_target (
      table, "target", json_object_get_string_member_with_default (object, "unit", ""),
      read_orientation (json_object_get_string_member_with_default (object, "orientation", "none")), values, NULL));
}

static GBytes *
read_roles (JsonArray *array)
{
  guint n = json_array_get_length (array);
  guint8 *roles = g_malloc0 (n);

  for (guint i = 0; i < n; i++)
    for (guint role = QRX_ROLE_TRAIN; role < QRX_N_ROLES; role++)
      if (g_str_equal (json_array_get_string_element (array, i), qrx_role_get_name ((QrxRole) role)))
        roles[i] = (guint8) role;
  return g_bytes_new_take (roles, n);
}

QrxTable *
example_read_table (JsonObject *object)
{
  g_auto (GStrv) ids = example_read_strings (json_object_get_array_member (object, "ids"));
  g_autoptr (QrxTable) table = qrx_table_new ((const char *const *) ids, NULL);
  g_autoptr (GBytes) roles = NULL;
  QrxTable *split;

  g_assert_nonnull (table);
  if (json_object_has_member (object, "features"))
    add_features (table, json_object_get_object_member (object, "features"));
  if (json_object_has_member (object, "annotations"))
    add_annotations (table, json_object_get_object_member (object, "annotations"));
  if (json_object_has_member (object, "target"))
    add_target (table, object);
  if (!json_object_has_member (object, "roles"))
    return g_steal_pointer (&table);
  roles = read_roles (json_object_get_array_member (object, "roles"));
  split = qrx_table_with_roles (table, roles, NULL);
  g_assert_nonnull (split);
  return split;
}

void
example_write_files (NodeFixture *fixture, JsonObject *files)
{
  g_autoptr (GList) names = json_object_get_members (files);

  for (GList *name = names; name != NULL; name = name->next)
    node_fixture_write (fixture, name->data, json_object_get_string_member (files, name->data));
}

char *
example_dup_properties (JsonObject *example)
{
  if (!json_object_has_member (example, "properties"))
    return g_strdup ("{}");
  return json_to_string (json_object_get_member (example, "properties"), FALSE);
}

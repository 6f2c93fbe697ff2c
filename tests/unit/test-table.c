/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <qrx/qrx-dense-block.h>
#include <qrx/qrx-table.h>
#include <string.h>

/* Three (line, drug) rows over two lines: block "expression" has a row a line, block "dose" a row a row. */
static const char *const ids[] = { "A:x", "A:y", "B:x", NULL };
static const char *const genes[] = { "g1", "g2", NULL };
static const char *const doses[] = { "dose", NULL };

static QrxBlock *
new_block (const char *name, const char *const *columns, gsize n_rows, QrxDtype dtype, double first)
{
  gsize n_columns = g_strv_length ((char **) columns);
  g_autoptr (QrxTensor) values = qrx_tensor_new_matrix (dtype, n_rows, n_columns);
  g_autoptr (GError) error = NULL;
  QrxBlock *block;

  for (gsize i = 0; i < n_rows * n_columns; i++)
    qrx_tensor_set (values, i, first + (double) i);
  block = qrx_dense_block_new (name, columns, values, &error);
  g_assert_no_error (error);
  return block;
}

static QrxTable *
new_table (void)
{
  const guint lines[] = { 0, 0, 1 };
  const char *const tissues[] = { "lung", "", "skin", NULL };
  const double ln_ic50[] = { 1.5, NAN, -2.5 };
  g_autoptr (QrxBlock) expression = new_block ("expression", genes, 2, QRX_DTYPE_F32, 0);
  g_autoptr (QrxBlock) dose = new_block ("dose", doses, 3, QRX_DTYPE_F64, 100);
  g_autoptr (QrxIndex) rows = qrx_index_new (lines, 3);
  g_autoptr (QrxTensor) target = qrx_tensor_new_matrix (QRX_DTYPE_F64, 3, 1);
  g_autoptr (GError) error = NULL;
  QrxTable *table = qrx_table_new (ids, &error);

  g_assert_no_error (error);
  memcpy (qrx_tensor_peek (target), ln_ic50, sizeof ln_ic50);
  g_assert_true (qrx_table_add_block (table, expression, rows, &error));
  g_assert_true (qrx_table_add_block (table, dose, NULL, &error));
  g_assert_true (qrx_table_add_annotation (table, QRX_ANNOTATION_TISSUE, tissues, &error));
  g_assert_true (qrx_table_add_target (table, "ln-ic50", "ln µM", QRX_ORIENTATION_LOW_IS_SENSITIVE, target, &error));
  g_assert_no_error (error);
  qrx_table_set_note (table, "source", "a test");
  return table;
}

static QrxTable *
split (QrxTable *table, const guint8 *roles, gsize n, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (roles, n);

  return qrx_table_with_roles (table, bytes, error);
}

static void
assert_features (QrxTable *table, QrxIndex *rows, QrxDtype dtype, const double *expected)
{
  gsize n = qrx_index_get_length (rows) * qrx_table_get_n_features (table);
  g_autoptr (QrxTensor) out = qrx_tensor_new_matrix (dtype, qrx_index_get_length (rows), qrx_table_get_n_features (table));
  g_autoptr (GError) error = NULL;

  g_assert_true (qrx_table_read_features (table, rows, out, &error));
  g_assert_no_error (error);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat (qrx_tensor_get (out, i), ==, expected[i]);
}

static void
test_blocks_are_read_side_by_side (void)
{
  const guint numbers[] = { 2, 0, 2 };
  const double expected[] = { 2, 3, 102, 0, 1, 100, 2, 3, 102 };
  g_autoptr (QrxTable) table = new_table ();
  g_autoptr (QrxIndex) rows = qrx_index_new (numbers, 3);
  const char *const names[] = { "g1", "g2", "dose", NULL };

  g_assert_cmpstrv (qrx_table_get_feature_names (table), names);
  assert_features (table, rows, QRX_DTYPE_F64, expected);
  assert_features (table, rows, QRX_DTYPE_F32, expected);
}

static void
test_a_single_block_is_read_through_its_index (void)
{
  const guint lines[] = { 1, 0, 1 };
  const double expected[] = { 7, 8, 5, 6, 7, 8 };
  g_autoptr (QrxTable) table = qrx_table_new (ids, NULL);
  g_autoptr (QrxBlock) block = new_block ("expression", genes, 2, QRX_DTYPE_F64, 5);
  g_autoptr (QrxIndex) rows = qrx_index_new (lines, 3);
  g_autoptr (QrxIndex) all = qrx_index_new_range (0, 3);

  g_assert_true (qrx_table_add_block (table, block, rows, NULL));
  assert_features (table, all, QRX_DTYPE_F32, expected);
}

static void
test_selection_keeps_every_part_of_a_row_and_shares_blocks (void)
{
  const guint first[] = { 2, 1 }, second[] = { 1, 0 };
  const guint8 roles[] = { QRX_ROLE_TRAIN, QRX_ROLE_VALIDATION, QRX_ROLE_TEST };
  const double expected[] = { 0, 1, 101, 2, 3, 102 };
  g_autoptr (QrxTable) table = new_table ();
  g_autoptr (QrxTable) with_roles = split (table, roles, 3, NULL);
  g_autoptr (QrxIndex) one = qrx_index_new (first, 2);
  g_autoptr (QrxIndex) two = qrx_index_new (second, 2);
  g_autoptr (QrxTable) half = qrx_table_select_rows (with_roles, one);
  g_autoptr (QrxTable) swapped = qrx_table_select_rows (half, two);
  g_autoptr (QrxIndex) all = qrx_index_new_range (0, 2);

  g_clear_object (&table); /* what is derived stands on its own */
  g_clear_object (&with_roles);
  g_assert_cmpstrv (qrx_table_get_ids (swapped), ((const char *const[]){ "A:y", "B:x", NULL }));
  g_assert_cmpint (qrx_table_get_role (swapped, 0), ==, QRX_ROLE_VALIDATION);
  g_assert_cmpint (qrx_table_get_role (swapped, 1), ==, QRX_ROLE_TEST);
  g_assert_null (qrx_table_get_annotation (swapped, "tissue", 0));
  g_assert_cmpstr (qrx_table_get_annotation (swapped, "tissue", 1), ==, "skin");
  g_assert_true (isnan (qrx_tensor_get (qrx_table_get_target_values (swapped, 0), 0)));
  g_assert_cmpfloat (qrx_tensor_get (qrx_table_get_target_values (swapped, 0), 1), ==, -2.5);
  g_assert_cmpstr (qrx_table_get_target_unit (swapped, 0), ==, "ln µM");
  g_assert_cmpint (qrx_table_get_target_orientation (swapped, 0), ==, QRX_ORIENTATION_LOW_IS_SENSITIVE);
  g_assert_cmpstr (qrx_table_get_note (swapped, "source"), ==, "a test");
  assert_features (swapped, all, QRX_DTYPE_F64, expected);
  g_assert_true (qrx_table_get_block (half, 0) == qrx_table_get_block (swapped, 0));
}

static void
test_an_addition_to_a_derived_table_stays_there (void)
{
  const char *const extra[] = { "cnv", NULL };
  g_autoptr (QrxTable) table = new_table ();
  g_autoptr (QrxIndex) all = qrx_index_new_range (0, 3);
  g_autoptr (QrxTable) derived = qrx_table_select_rows (table, all);
  g_autoptr (QrxBlock) block = new_block ("copy-number", extra, 3, QRX_DTYPE_F64, 0);

  g_assert_true (qrx_table_add_block (derived, block, NULL, NULL));
  g_assert_true (qrx_table_add_annotation (derived, "drug", ids, NULL));
  qrx_table_set_note (derived, "more", "text");
  g_assert_cmpuint (qrx_table_get_n_features (derived), ==, 4);
  g_assert_cmpuint (qrx_table_get_n_features (table), ==, 3);
  g_assert_cmpuint (qrx_table_get_n_blocks (table), ==, 2);
  g_assert_false (qrx_table_has_annotation (table, "drug"));
  g_assert_null (qrx_table_get_note (table, "more"));
}

static void
test_roles_make_a_split_table (void)
{
  const guint8 roles[] = { QRX_ROLE_TEST, QRX_ROLE_TRAIN, QRX_ROLE_TEST };
  g_autoptr (QrxTable) table = new_table ();
  g_autoptr (QrxTable) with_roles = split (table, roles, 3, NULL);
  g_autoptr (QrxIndex) tests = qrx_table_rows_of_role (with_roles, QRX_ROLE_TEST);
  g_autoptr (QrxIndex) none = qrx_table_rows_of_role (with_roles, QRX_ROLE_NONE);
  g_autoptr (QrxIndex) unsplit = qrx_table_rows_of_role (table, QRX_ROLE_NONE);
  g_autofree char *before = qrx_value_describe (QRX_VALUE (table));
  g_autofree char *after = qrx_value_describe (QRX_VALUE (with_roles));

  g_assert_false (qrx_table_is_split (table));
  g_assert_true (qrx_table_is_split (with_roles));
  g_assert_null (qrx_value_get_quantity (QRX_VALUE (table)));
  g_assert_cmpstr (qrx_value_get_quantity (QRX_VALUE (with_roles)), ==, "split"); /* what the port spec table:split asks for */
  g_assert_cmpint (qrx_value_get_dim (QRX_VALUE (with_roles), 0), ==, (gint64) qrx_table_get_n_rows (table));
  g_assert_cmpstr (qrx_value_get_kind (QRX_VALUE (with_roles)), ==, "table");
  g_assert_cmpstr (before, ==, "table[3 rows, 3 features]");
  g_assert_cmpstr (after, ==, "table:split[3 rows, 3 features]");
  g_assert_cmpmem (qrx_index_peek (tests), 2 * sizeof (guint), ((guint[]){ 0, 2 }), 2 * sizeof (guint));
  g_assert_cmpuint (qrx_index_get_length (none), ==, 0);
  g_assert_cmpuint (qrx_index_get_length (unsplit), ==, 3);
}

static void
test_bad_roles_name_the_row (void)
{
  const guint8 none[] = { QRX_ROLE_TEST, QRX_ROLE_NONE, QRX_ROLE_TEST }, unknown[] = { 1, 1, QRX_N_ROLES };
  g_autoptr (QrxTable) table = new_table ();
  g_autoptr (GError) first = NULL;
  g_autoptr (GError) second = NULL;
  g_autoptr (GError) third = NULL;

  g_assert_null (split (table, none, 3, &first));
  g_assert_error (first, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE);
  g_assert_nonnull (strstr (first->message, "\"A:y\""));
  g_assert_null (split (table, unknown, 3, &second));
  g_assert_error (second, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE);
  g_assert_nonnull (strstr (second->message, "\"B:x\""));
  g_assert_null (split (table, none, 2, &third));
  g_assert_error (third, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
}

static void
test_bad_ids_are_named (void)
{
  const char *const twice[] = { "A", "B", "A", NULL }, *const empty[] = { "A", "", NULL }, *const none[] = { NULL };
  g_autoptr (GError) first = NULL;
  g_autoptr (GError) second = NULL;
  g_autoptr (GError) third = NULL;

  g_assert_null (qrx_table_new (twice, &first));
  g_assert_error (first, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE);
  g_assert_nonnull (strstr (first->message, "\"A\""));
  g_assert_null (qrx_table_new (empty, &second));
  g_assert_error (second, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE);
  g_assert_null (qrx_table_new (none, &third));
  g_assert_error (third, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY);
}

static void
test_a_column_of_two_blocks_is_named (void)
{
  const char *const columns[] = { "new", "g2", NULL };
  g_autoptr (QrxTable) table = new_table ();
  g_autoptr (QrxBlock) block = new_block ("mutation", columns, 3, QRX_DTYPE_F64, 0);
  g_autoptr (QrxBlock) same = new_block ("expression", doses, 3, QRX_DTYPE_F64, 0);
  g_autoptr (GError) column = NULL;
  g_autoptr (GError) name = NULL;

  g_assert_false (qrx_table_add_block (table, block, NULL, &column));
  g_assert_error (column, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN);
  g_assert_nonnull (strstr (column->message, "\"mutation\""));
  g_assert_nonnull (strstr (column->message, "\"g2\""));
  g_assert_false (qrx_table_add_block (table, same, NULL, &name));
  g_assert_error (name, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN);
  g_assert_cmpuint (qrx_table_get_n_features (table), ==, 3);
}

static void
test_an_index_into_a_block_must_fit_both (void)
{
  const guint beyond[] = { 0, 1, 2 };
  g_autoptr (QrxTable) table = qrx_table_new (ids, NULL);
  g_autoptr (QrxBlock) block = new_block ("expression", genes, 2, QRX_DTYPE_F64, 0);
  g_autoptr (QrxIndex) rows = qrx_index_new (beyond, 3);
  g_autoptr (QrxIndex) few = qrx_index_new (beyond, 2);
  g_autoptr (GError) first = NULL;
  g_autoptr (GError) second = NULL;
  g_autoptr (GError) third = NULL;

  g_assert_false (qrx_table_add_block (table, block, rows, &first));
  g_assert_error (first, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
  g_assert_nonnull (strstr (first->message, "\"B:x\""));
  g_assert_false (qrx_table_add_block (table, block, few, &second));
  g_assert_error (second, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
  g_assert_false (qrx_table_add_block (table, block, NULL, &third));
  g_assert_error (third, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
  g_assert_cmpuint (qrx_table_get_n_blocks (table), ==, 0);
}

static void
test_columns_of_another_length_are_refused (void)
{
  g_autoptr (QrxTable) table = new_table ();
  g_autoptr (QrxTensor) few = qrx_tensor_new (QRX_DTYPE_F64, (gsize[]){ 2 }, 1);
  g_autoptr (QrxTensor) wide = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 3);
  g_autoptr (QrxTensor) single = qrx_tensor_new (QRX_DTYPE_F32, (gsize[]){ 3 }, 1);
  QrxTensor *const bad[] = { few, wide, single };
  g_autoptr (GError) annotation = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (qrx_table_add_target (table, "auc", "", QRX_ORIENTATION_NONE, bad[i], &error));
      g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
    }
  g_assert_false (qrx_table_add_annotation (table, "line", genes, &annotation));
  g_assert_error (annotation, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
  g_assert_nonnull (strstr (annotation->message, "2 values"));
  g_assert_cmpint (qrx_table_find_target (table, "auc"), ==, -1);
}

static void
test_an_infinite_target_names_the_row (void)
{
  g_autoptr (QrxTable) table = new_table ();
  g_autoptr (QrxTensor) values = qrx_tensor_new (QRX_DTYPE_F64, (gsize[]){ 3 }, 1);
  g_autoptr (GError) error = NULL;

  qrx_tensor_set (values, 1, -INFINITY);
  g_assert_false (qrx_table_add_target (table, "auc", "", QRX_ORIENTATION_NONE, values, &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE);
  g_assert_nonnull (strstr (error->message, "\"A:y\""));
}

static void
test_names_are_taken_once (void)
{
  g_autoptr (QrxTable) table = new_table ();
  g_autoptr (QrxTensor) values = qrx_tensor_new (QRX_DTYPE_F64, (gsize[]){ 3 }, 1);
  g_autoptr (GError) annotation = NULL;
  g_autoptr (GError) target = NULL;

  g_assert_false (qrx_table_add_annotation (table, "tissue", ids, &annotation));
  g_assert_error (annotation, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN);
  g_assert_false (qrx_table_add_target (table, "ln-ic50", "", QRX_ORIENTATION_NONE, values, &target));
  g_assert_error (target, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN);
}

static void
test_a_note_has_its_last_text_at_its_first_place (void)
{
  g_autoptr (QrxTable) table = new_table ();

  qrx_table_set_note (table, "dropped", "3 lines");
  qrx_table_set_note (table, "source", "another test");
  g_assert_cmpstrv (qrx_table_get_note_keys (table), ((const char *const[]){ "source", "dropped", NULL }));
  g_assert_cmpstr (qrx_table_get_note (table, "source"), ==, "another test");
}

static void
test_a_published_table_does_not_change (void)
{
  g_autoptr (QrxTable) table = new_table ();

  qrx_value_freeze (QRX_VALUE (table));
  g_test_expect_message ("Qrx", G_LOG_LEVEL_CRITICAL, "*frozen*");
  g_assert_false (qrx_table_add_annotation (table, "line", ids, NULL));
  g_test_expect_message ("Qrx", G_LOG_LEVEL_CRITICAL, "*frozen*");
  qrx_table_set_note (table, "late", "text");
  g_test_assert_expected_messages ();
  g_assert_false (qrx_table_has_annotation (table, "line"));
  g_assert_null (qrx_table_get_note (table, "late"));
}

static void
test_a_row_is_selected_at_most_once (void)
{
  g_autoptr (QrxTable) table = new_table ();
  g_autoptr (QrxIndex) twice = qrx_index_new ((guint[]){ 1, 1 }, 2);

  g_test_expect_message ("Qrx", G_LOG_LEVEL_CRITICAL, "*is_subset*");
  g_assert_null (qrx_table_select_rows (table, twice));
  g_test_assert_expected_messages ();
}

static void
test_reading_beyond_the_table_is_refused (void)
{
  g_autoptr (QrxTable) table = new_table ();
  g_autoptr (QrxIndex) beyond = qrx_index_new_range (3, 1);
  g_autoptr (QrxTensor) out = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 3);
  g_autoptr (QrxTensor) narrow = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 2);
  g_autoptr (GError) row = NULL;
  g_autoptr (GError) shape = NULL;

  g_assert_false (qrx_table_read_features (table, beyond, out, &row));
  g_assert_error (row, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
  g_assert_nonnull (strstr (row->message, "Row 3"));
  g_assert_false (qrx_table_read_features (table, beyond, narrow, &shape));
  g_assert_error (shape, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
}

static void
assert_no_target (QrxTable *table, const char *name, const char *message)
{
  g_autoptr (GError) error = NULL;
  gsize target = 42;

  g_assert_false (qrx_table_choose_target (table, name, &target, &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN);
  g_assert_cmpstr (error->message, ==, message);
  g_assert_cmpuint (target, ==, 42);
}

static void
test_a_target_is_named_unless_there_is_no_choice (void)
{
  g_autoptr (QrxTable) table = qrx_table_new ((const char *const[]){ "A", NULL }, NULL);
  g_autoptr (QrxTensor) values = qrx_tensor_new (QRX_DTYPE_F64, (gsize[]){ 1 }, 1);
  gsize target = 42;

  assert_no_target (table, NULL, "The table has no target");
  g_assert_true (qrx_table_add_target (table, "ln-ic50", "ln µM", QRX_ORIENTATION_NONE, values, NULL));
  g_assert_true (qrx_table_choose_target (table, NULL, &target, NULL));
  g_assert_cmpuint (target, ==, 0);
  assert_no_target (table, "ln-ic5", "The table has no target \"ln-ic5\"; did you mean \"ln-ic50\"?");
  g_assert_true (qrx_table_add_target (table, "auc", "1", QRX_ORIENTATION_NONE, values, NULL));
  g_assert_true (qrx_table_choose_target (table, "auc", &target, NULL));
  g_assert_cmpuint (target, ==, 1);
  assert_no_target (table, "", "The table has 2 targets, \"ln-ic50\", \"auc\"; name one of them in \"target\"");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/blocks-side-by-side", test_blocks_are_read_side_by_side);
  g_test_add_func ("/table/single-block", test_a_single_block_is_read_through_its_index);
  g_test_add_func ("/table/selection", test_selection_keeps_every_part_of_a_row_and_shares_blocks);
  g_test_add_func ("/table/derived-additions", test_an_addition_to_a_derived_table_stays_there);
  g_test_add_func ("/table/roles", test_roles_make_a_split_table);
  g_test_add_func ("/table/bad-roles", test_bad_roles_name_the_row);
  g_test_add_func ("/table/bad-ids", test_bad_ids_are_named);
  g_test_add_func ("/table/column-of-two-blocks", test_a_column_of_two_blocks_is_named);
  g_test_add_func ("/table/block-index-fits", test_an_index_into_a_block_must_fit_both);
  g_test_add_func ("/table/lengths", test_columns_of_another_length_are_refused);
  g_test_add_func ("/table/infinite-target", test_an_infinite_target_names_the_row);
  g_test_add_func ("/table/names-taken-once", test_names_are_taken_once);
  g_test_add_func ("/table/notes", test_a_note_has_its_last_text_at_its_first_place);
  g_test_add_func ("/table/published", test_a_published_table_does_not_change);
  g_test_add_func ("/table/selected-once", test_a_row_is_selected_at_most_once);
  g_test_add_func ("/table/read-beyond", test_reading_beyond_the_table_is_refused);
  g_test_add_func ("/table/choose-target", test_a_target_is_named_unless_there_is_no_choice);
  return g_test_run ();
}

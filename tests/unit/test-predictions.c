/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <qrx/qrx-predictions.h>
#include <string.h>

static const char *const ids[] = { "A", "B", NULL };

static QrxTable *
new_table (gboolean with_roles)
{
  const guint8 roles[] = { QRX_ROLE_TRAIN, QRX_ROLE_TEST };
  g_autoptr (GBytes) bytes = g_bytes_new (roles, 2);
  g_autoptr (QrxTable) table = qrx_table_new (ids, NULL);
  g_autoptr (QrxTensor) values = qrx_tensor_new (QRX_DTYPE_F64, (gsize[]){ 2 }, 1);

  g_assert_true (qrx_table_add_target (table, "ln-ic50", "ln µM", QRX_ORIENTATION_LOW_IS_SENSITIVE, values, NULL));
  return with_roles ? qrx_table_with_roles (table, bytes, NULL) : g_steal_pointer (&table);
}

static void
test_predictions_hold_what_an_evaluator_needs (void)
{
  g_autoptr (QrxTable) table = new_table (TRUE);
  g_autoptr (QrxTensor) values = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxPredictions) predictions = qrx_predictions_new (table, 0, values, "fit", 1.25, &error);
  g_autofree char *description = NULL;

  g_assert_no_error (error);
  description = qrx_value_describe (QRX_VALUE (predictions));
  g_assert_true (qrx_predictions_get_table (predictions) == table);
  g_assert_true (qrx_predictions_get_values (predictions) == values);
  g_assert_true (qrx_tensor_is_read_only (values));
  g_assert_cmpuint (qrx_predictions_get_target (predictions), ==, 0);
  g_assert_cmpstr (qrx_predictions_get_producer (predictions), ==, "fit");
  g_assert_cmpfloat (qrx_predictions_get_threshold (predictions), ==, 1.25);
  g_assert_cmpstr (qrx_value_get_kind (QRX_VALUE (predictions)), ==, "predictions");
  g_assert_cmpstr (description, ==, "predictions[2 rows of ln-ic50 by fit]");
}

static void
assert_refused (QrxTable *table, gsize target, QrxTensor *values, GQuark domain, int code, const char *fragment)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (qrx_predictions_new (table, target, values, "fit", NAN, &error));
  g_assert_error (error, domain, code);
  g_assert_nonnull (strstr (error->message, fragment));
  g_assert_nonnull (strstr (error->message, "\"fit\""));
}

static void
test_what_does_not_fit_is_refused (void)
{
  g_autoptr (QrxTable) table = new_table (TRUE);
  g_autoptr (QrxTable) unsplit = new_table (FALSE);
  g_autoptr (QrxTensor) values = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 1);
  g_autoptr (QrxTensor) wide = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 2);
  g_autoptr (QrxTensor) single = qrx_tensor_new_matrix (QRX_DTYPE_F32, 2, 1);
  g_autoptr (QrxTensor) nan = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 1);

  qrx_tensor_set (nan, 1, NAN);
  assert_refused (unsplit, 0, values, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE, "roles");
  assert_refused (table, 1, values, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN, "target 1");
  assert_refused (table, 0, wide, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE, "1 rows of 2");
  assert_refused (table, 0, single, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE, "float32");
  assert_refused (table, 0, nan, QRX_RUN_ERROR, QRX_RUN_ERROR_NOT_FINITE, "\"B\"");
}

static void
test_the_leakage_mark_is_fixed_once_published (void)
{
  g_autoptr (QrxTable) table = new_table (TRUE);
  g_autoptr (QrxTensor) values = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 1);
  g_autoptr (QrxPredictions) predictions = qrx_predictions_new (table, 0, values, "fit", NAN, NULL);

  g_assert_false (qrx_predictions_is_leaking (predictions));
  qrx_predictions_set_leaking (predictions, TRUE);
  qrx_value_freeze (QRX_VALUE (predictions));
  g_assert_true (qrx_value_is_frozen (QRX_VALUE (table)));
  g_test_expect_message ("Qrx", G_LOG_LEVEL_CRITICAL, "*frozen*");
  qrx_predictions_set_leaking (predictions, FALSE);
  g_test_assert_expected_messages ();
  g_assert_true (qrx_predictions_is_leaking (predictions));
}

static void
test_probabilities_are_marked_until_published (void)
{
  g_autoptr (QrxTable) table = new_table (TRUE);
  g_autoptr (QrxTensor) values = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 1);
  g_autoptr (QrxPredictions) predictions = qrx_predictions_new (table, 0, values, "fit", NAN, NULL);

  g_assert_false (qrx_predictions_is_probability (predictions));
  qrx_predictions_set_probability (predictions, TRUE);
  qrx_value_freeze (QRX_VALUE (predictions));
  g_test_expect_message ("Qrx", G_LOG_LEVEL_CRITICAL, "*frozen*");
  qrx_predictions_set_probability (predictions, FALSE);
  g_test_assert_expected_messages ();
  g_assert_true (qrx_predictions_is_probability (predictions));
}

static void
test_csv_keeps_awkward_names_missing_targets_and_every_bit (void)
{
  const char *const awkward[] = { "Hs 578T, \"clone\"", "two\nlines", "C", NULL };
  const char *const tissues[] = { "breast", "", "head, neck", NULL };
  const guint8 roles[] = { QRX_ROLE_TRAIN, QRX_ROLE_VALIDATION, QRX_ROLE_TEST };
  g_autoptr (GBytes) bytes = g_bytes_new (roles, 3);
  g_autoptr (QrxTable) plain = qrx_table_new (awkward, NULL);
  g_autoptr (QrxTensor) target = qrx_tensor_new (QRX_DTYPE_F64, (gsize[]){ 3 }, 1);
  g_autoptr (QrxTensor) values = qrx_tensor_new_matrix (QRX_DTYPE_F64, 3, 1);
  g_autoptr (QrxTable) table = NULL;
  g_autoptr (QrxPredictions) predictions = NULL;
  g_autofree char *csv = NULL;

  qrx_tensor_set (target, 0, 0.1);
  qrx_tensor_set (target, 1, NAN);
  qrx_tensor_set (target, 2, -2.5);
  qrx_tensor_set (values, 0, 1.0 / 3);
  qrx_tensor_set (values, 1, 0.1 + 0.2);
  qrx_tensor_set (values, 2, 1e300);
  g_assert_true (qrx_table_add_annotation (plain, "tissue", tissues, NULL));
  g_assert_true (qrx_table_add_target (plain, "y", "1", QRX_ORIENTATION_NONE, target, NULL));
  table = qrx_table_with_roles (plain, bytes, NULL);
  predictions = qrx_predictions_new (table, 0, values, "fit", NAN, NULL);
  csv = qrx_predictions_to_csv (predictions);
  g_assert_cmpstr (csv, ==,
                   "id,role,tissue,target,prediction\n"
                   "\"Hs 578T, \"\"clone\"\"\",train,breast,0.1,0.3333333333333333\n"
                   "\"two\nlines\",validation,,,0.30000000000000004\n"
                   "C,test,\"head, neck\",-2.5,1e+300\n");
}

static void
test_intervals_go_into_the_file (void)
{
  g_autoptr (QrxTable) table = new_table (TRUE);
  g_autoptr (QrxTensor) values = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 1);
  g_autoptr (QrxTensor) lower = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 1), upper = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 1);
  g_autoptr (QrxTensor) short_one = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 1);
  g_autoptr (QrxPredictions) predictions = qrx_predictions_new (table, 0, values, "fit", NAN, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *csv = NULL;

  qrx_tensor_set (lower, 0, -1.5);
  qrx_tensor_set (upper, 0, 0.1 + 0.2);
  g_assert_true (isnan (qrx_predictions_get_level (predictions)));
  g_assert_false (qrx_predictions_set_interval (predictions, short_one, upper, 0.9, &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
  g_assert_null (qrx_predictions_get_lower (predictions));
  g_assert_true (qrx_predictions_set_interval (predictions, lower, upper, 0.9, NULL));
  g_assert_true (qrx_predictions_get_lower (predictions) == lower && qrx_predictions_get_upper (predictions) == upper);
  g_assert_cmpfloat (qrx_predictions_get_level (predictions), ==, 0.9);
  csv = qrx_predictions_to_csv (predictions);
  g_assert_cmpstr (csv, ==,
                   "id,role,target,prediction,lower,upper\n"
                   "A,train,0.0,0.0,-1.5,0.30000000000000004\n"
                   "B,test,0.0,0.0,0.0,0.0\n");
}

static void
test_rows_that_made_the_model_are_known (void)
{
  g_autoptr (QrxTable) table = new_table (TRUE);
  g_autoptr (QrxTensor) values = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 1);
  g_autoptr (QrxPredictions) predictions = qrx_predictions_new (table, 0, values, "fit", NAN, NULL);

  g_assert_true (qrx_predictions_is_known (predictions, 0)); /* a training row */
  g_assert_false (qrx_predictions_is_known (predictions, 1));
  qrx_predictions_set_known (predictions, 1, TRUE);
  g_assert_true (qrx_predictions_is_known (predictions, 1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/predictions/hold", test_predictions_hold_what_an_evaluator_needs);
  g_test_add_func ("/predictions/refused", test_what_does_not_fit_is_refused);
  g_test_add_func ("/predictions/leaking", test_the_leakage_mark_is_fixed_once_published);
  g_test_add_func ("/predictions/probability", test_probabilities_are_marked_until_published);
  g_test_add_func ("/predictions/intervals", test_intervals_go_into_the_file);
  g_test_add_func ("/predictions/known", test_rows_that_made_the_model_are_known);
  g_test_add_func ("/predictions/csv", test_csv_keeps_awkward_names_missing_targets_and_every_bit);
  return g_test_run ();
}

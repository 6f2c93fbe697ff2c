/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "node-fixture.h"

#include <math.h>

#define TABLE \
  "sample,site,patient,cells,dose,y,note\n" \
  "s1,Lung,p1,l1,1.5,-1,good\n" \
  "s2,Skin,p2,l2,2.5,NA,bad\n" \
  "s3,Lung,p1,l3,3.5,2,\"so, so\"\n"

static void
test_columns_get_their_uses (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) table = NULL;
  QrxTensor *y;

  node_fixture_write (fixture, "t.csv", TABLE);
  table = node_fixture_make (
      fixture, "csv-loader",
      "{ 'file': 't.csv', 'targets': ['y'], 'unit': 'ln µM', 'orientation': 'low', 'tissue': 'site', "
      "'donor': 'patient', 'line': 'cells', 'annotations': ['note'] }",
      NULL);
  g_assert_cmpuint (qrx_table_get_n_rows (table), ==, 3);
  g_assert_cmpuint (qrx_table_get_n_features (table), ==, 1);
  g_assert_cmpstr (qrx_table_get_feature_names (table)[0], ==, "dose");
  g_assert_cmpstr (qrx_table_get_id (table, 2), ==, "s3");
  g_assert_cmpstr (qrx_table_get_annotation (table, "tissue", 1), ==, "Skin");
  g_assert_cmpstr (qrx_table_get_annotation (table, "donor", 2), ==, "p1");
  g_assert_cmpstr (qrx_table_get_annotation (table, "line", 2), ==, "l3");
  g_assert_cmpstr (qrx_table_get_annotation (table, "note", 2), ==, "so, so");
  g_assert_cmpstr (qrx_table_get_target_unit (table, 0), ==, "ln µM");
  g_assert_cmpint (qrx_table_get_target_orientation (table, 0), ==, QRX_ORIENTATION_LOW_IS_SENSITIVE);
  y = qrx_table_get_target_values (table, 0);
  g_assert_cmpfloat (qrx_tensor_get (y, 0), ==, -1);
  g_assert_true (isnan (qrx_tensor_get (y, 1)));
  node_fixture_assert_said (fixture, "1 of 3 rows have no y: kept without a target");
}

static void
test_what_has_no_use_is_told (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) table = NULL;

  node_fixture_write (fixture, "t.csv", TABLE);
  table = node_fixture_make (fixture, "csv-loader", "{ 'file': 't.csv', 'id-column': 'cells', 'ignore': ['y'] }", NULL);
  g_assert_cmpstr (qrx_table_get_id (table, 0), ==, "l1");
  g_assert_cmpuint (qrx_table_get_n_features (table), ==, 1);
  g_assert_cmpuint (qrx_table_get_n_targets (table), ==, 0);
  node_fixture_assert_said (fixture, "left out (sample, site, patient, note)");
}

static void
test_missing_features_follow_the_policy (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) by_row = NULL, by_column = NULL;

  node_fixture_write (fixture, "t.tsv", "id\ta\tb\nr1\t1\t2\nr2\t\t4\nr3\t5\t6\n");
  node_fixture_refuse (fixture, "csv-loader", "{ 'file': 't.tsv' }", NULL, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                       "t.tsv:3|column \"a\"|found no value|\"drop-row\"");
  by_row = node_fixture_make (fixture, "csv-loader", "{ 'file': 't.tsv', 'missing': 'drop-row' }", NULL);
  g_assert_cmpuint (qrx_table_get_n_rows (by_row), ==, 2);
  g_assert_cmpstr (qrx_table_get_id (by_row, 1), ==, "r3");
  by_column = node_fixture_make (fixture, "csv-loader", "{ 'file': 't.tsv', 'missing': 'drop-column' }", NULL);
  g_assert_cmpuint (qrx_table_get_n_rows (by_column), ==, 3);
  g_assert_cmpstr (qrx_table_get_feature_names (by_column)[0], ==, "b");
  g_assert_cmpuint (qrx_table_get_n_features (by_column), ==, 1);
}

static void
test_bad_tables_are_refused (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  node_fixture_write (fixture, "t.csv", TABLE);
  node_fixture_write (fixture, "text.csv", "id,a\nr1,x\nr2,y\n");
  node_fixture_write (fixture, "twice.csv", "id,a\nr1,1\nr1,2\n");
  node_fixture_write (fixture, "late.csv", "id,a\nr1,1\nr2,2\nr3,3\nr4,4\nr5,5\nr6,x\n");
  node_fixture_refuse (fixture, "csv-loader", "{}", NULL, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, "\"file\"");
  node_fixture_refuse (fixture, "csv-loader", "{ 'file': 'none.csv' }", NULL, QRX_DATA_ERROR, QRX_DATA_ERROR_NOT_FOUND,
                       "none.csv");
  node_fixture_refuse (fixture, "csv-loader", "{ 'file': 't.csv', 'targets': ['dos'] }", NULL, QRX_DATA_ERROR,
                       QRX_DATA_ERROR_COLUMN, "\"dos\"|did you mean \"dose\"?");
  node_fixture_refuse (fixture, "csv-loader", "{ 'file': 't.csv', 'targets': ['y'], 'features': ['y'] }", NULL,
                       QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN, "\"y\"|both a target and a feature");
  node_fixture_refuse (fixture, "csv-loader", "{ 'file': 't.csv', 'targets': ['note'], 'ignore': ['y'] }", NULL,
                       QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE, "t.csv:2|\"note\"|\"good\"|number");
  node_fixture_refuse (fixture, "csv-loader",
                       "{ 'file': 't.csv', 'targets': ['note'], 'positive': 'fine', 'ignore': ['y'] }", NULL,
                       QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE, "\"note\"|no row of the class \"fine\"");
  node_fixture_refuse (fixture, "csv-loader", "{ 'file': 'text.csv' }", NULL, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY,
                       "no column of numbers");
  node_fixture_refuse (fixture, "csv-loader", "{ 'file': 'twice.csv' }", NULL, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                       "twice.csv|\"id\"|\"r1\"");
  node_fixture_refuse (fixture, "csv-loader", "{ 'file': 'late.csv' }", NULL, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                       "late.csv:7|\"a\"|\"x\"");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  NODE_TEST ("/csv-loader/columns-get-their-uses", test_columns_get_their_uses);
  NODE_TEST ("/csv-loader/what-has-no-use-is-told", test_what_has_no_use_is_told);
  NODE_TEST ("/csv-loader/missing-features-follow-the-policy", test_missing_features_follow_the_policy);
  NODE_TEST ("/csv-loader/bad-tables-are-refused", test_bad_tables_are_refused);
  return g_test_run ();
}

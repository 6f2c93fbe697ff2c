/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "node-fixture.h"

#include <math.h>
#include <string.h>

#define N_ROWS 60
#define N_TISSUES 6

/* 60 rows: 50 lines of 45 donors; ten lines have two replicates. Row order and whether donors are known vary. */
static QrxTable *
make_cohort (gboolean reversed, gboolean with_donors)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free), lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) donors = g_ptr_array_new_with_free_func (g_free),
                        tissues = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  gsize n = N_ROWS;
  g_autoptr (QrxTensor) values = qrx_tensor_new (QRX_DTYPE_F64, &n, 1);
  QrxTable *table;

  for (guint i = 0; i < N_ROWS; i++)
    {
      guint row = reversed ? N_ROWS - 1 - i : i, line = row % 50, donor = line < 45 ? line : line - 45;

      g_ptr_array_add (ids, g_strdup_printf ("row-%02u", row));
      g_ptr_array_add (lines, g_strdup_printf ("line-%02u", line));
      g_ptr_array_add (donors, g_strdup_printf ("donor-%02u", donor));
      g_ptr_array_add (tissues, g_strdup_printf ("tissue-%u", donor % N_TISSUES));
      qrx_tensor_set (values, i, (double) ((row * 37) % 60));
    }
  g_ptr_array_add (ids, NULL);
  g_ptr_array_add (lines, NULL);
  g_ptr_array_add (donors, NULL);
  g_ptr_array_add (tissues, NULL);
  table = qrx_table_new ((const char *const *) ids->pdata, &error);
  g_assert_no_error (error);
  qrx_table_add_annotation (table, "line", (const char *const *) lines->pdata, &error);
  g_assert_no_error (error);
  if (with_donors)
    qrx_table_add_annotation (table, "donor", (const char *const *) donors->pdata, &error);
  g_assert_no_error (error);
  qrx_table_add_annotation (table, "tissue", (const char *const *) tissues->pdata, &error);
  g_assert_no_error (error);
  qrx_table_add_target (table, "y", "ln µM", QRX_ORIENTATION_LOW_IS_SENSITIVE, values, &error);
  g_assert_no_error (error);
  return table;
}

static QrxRole
role_of (QrxTable *table, const char *id)
{
  for (gsize i = 0; i < qrx_table_get_n_rows (table); i++)
    if (g_str_equal (qrx_table_get_id (table, i), id))
      return qrx_table_get_role (table, i);
  g_assert_not_reached ();
}

static guint
count_role (QrxTable *table, QrxRole role)
{
  guint n = 0;

  for (gsize i = 0; i < qrx_table_get_n_rows (table); i++)
    n += qrx_table_get_role (table, i) == role;
  return n;
}

static void
assert_together (QrxTable *table, const char *annotation)
{
  for (gsize i = 0; i < qrx_table_get_n_rows (table); i++)
    for (gsize j = 0; j < i; j++)
      if (g_str_equal (qrx_table_get_annotation (table, annotation, i),
                       qrx_table_get_annotation (table, annotation, j)))
        g_assert_cmpint (qrx_table_get_role (table, i), ==, qrx_table_get_role (table, j));
}

static void
assert_same_roles (QrxTable *a, QrxTable *b)
{
  for (gsize i = 0; i < qrx_table_get_n_rows (a); i++)
    g_assert_cmpint (qrx_table_get_role (a, i), ==, role_of (b, qrx_table_get_id (a, i)));
}

static guint
count_different (QrxTable *a, QrxTable *b)
{
  guint n = 0;

  for (gsize i = 0; i < qrx_table_get_n_rows (a); i++)
    n += qrx_table_get_role (a, i) != role_of (b, qrx_table_get_id (a, i));
  return n;
}

static void
test_fractions_are_kept_and_groups_stay_together (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) cohort = make_cohort (FALSE, TRUE);
  g_autoptr (QrxTable) split = node_fixture_make (fixture, "split", "{ 'test': 0.2, 'validation': 0.1 }", cohort);

  g_assert_true (qrx_table_is_split (split));
  /* Groups have up to four rows, so counts are within two rows of 12 and 6. */
  g_assert_cmpint (ABS ((int) count_role (split, QRX_ROLE_TEST) - 12), <=, 2);
  g_assert_cmpint (ABS ((int) count_role (split, QRX_ROLE_VALIDATION) - 6), <=, 2);
  assert_together (split, "line");
  assert_together (split, "donor");
  node_fixture_assert_said (fixture, "60 rows in 45 groups (10 of several rows, kept together)");
}

static void
test_row_order_and_knowing_donors_change_nothing (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const plans[] = { "{}", "{ 'folds': 5, 'fold': 2 }",
                                       "{ 'by': 'tissue', 'folds': 3, 'validation': 0.2 }",
                                       "{ 'stratify': true, 'bins': 4 }" };

  for (gsize i = 0; i < G_N_ELEMENTS (plans); i++)
    {
      g_autoptr (QrxTable) cohort = make_cohort (FALSE, TRUE), reversed = make_cohort (TRUE, TRUE);
      g_autoptr (QrxTable) a = node_fixture_make (fixture, "split", plans[i], cohort);
      g_autoptr (QrxTable) b = node_fixture_make (fixture, "split", plans[i], reversed);

      assert_same_roles (a, b);
    }
}

static void
test_folds_part_the_rows_once_each (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) cohort = make_cohort (FALSE, TRUE);
  guint tested[N_ROWS] = { 0 };

  for (guint fold = 0; fold < 5; fold++)
    {
      g_autofree char *plan = g_strdup_printf ("{ 'folds': 5, 'fold': %u, 'validation': 0.1 }", fold);
      g_autoptr (QrxTable) split = node_fixture_make (fixture, "split", plan, cohort);

      assert_together (split, "donor");
      g_assert_cmpint (ABS ((int) count_role (split, QRX_ROLE_TEST) - 12), <=, 3);
      g_assert_cmpuint (count_role (split, QRX_ROLE_VALIDATION), >, 0);
      for (guint i = 0; i < N_ROWS; i++)
        tested[i] += qrx_table_get_role (split, i) == QRX_ROLE_TEST;
    }
  for (guint i = 0; i < N_ROWS; i++)
    g_assert_cmpuint (tested[i], ==, 1);
}

static void
test_repeats_and_seeds_deal_anew (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) cohort = make_cohort (FALSE, TRUE);
  g_autoptr (QrxTable) first = node_fixture_make (fixture, "split", "{ 'folds': 5 }", cohort);
  g_autoptr (QrxTable) again = node_fixture_make (fixture, "split", "{ 'folds': 5, 'repeat': 0, 'seed': 1 }", cohort);
  g_autoptr (QrxTable) repeat = node_fixture_make (fixture, "split", "{ 'folds': 5, 'repeat': 1 }", cohort);
  g_autoptr (QrxTable) seed = node_fixture_make (fixture, "split", "{ 'folds': 5, 'seed': 2 }", cohort);

  g_assert_cmpuint (count_different (first, again), ==, 0);
  g_assert_cmpuint (count_different (first, repeat), >, 5);
  g_assert_cmpuint (count_different (first, seed), >, 5);
}

static void
test_tissues_are_left_out_whole (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) cohort = make_cohort (FALSE, TRUE);
  g_autoptr (GHashTable) tested = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint fold = 0; fold < N_TISSUES; fold++)
    {
      g_autofree char *plan =
          g_strdup_printf ("{ 'by': 'tissue', 'folds': %u, 'fold': %u, 'validation': 0 }", N_TISSUES, fold);
      g_autoptr (QrxTable) split = node_fixture_make (fixture, "split", plan, cohort);
      const char *tissue = NULL;

      assert_together (split, "tissue");
      for (guint i = 0; i < N_ROWS; i++)
        if (qrx_table_get_role (split, i) == QRX_ROLE_TEST)
          {
            g_assert_true (tissue == NULL || g_str_equal (tissue, qrx_table_get_annotation (split, "tissue", i)));
            tissue = qrx_table_get_annotation (cohort, "tissue", i);
          }
      g_hash_table_add (tested, (gpointer) tissue);
    }
  g_assert_cmpuint (g_hash_table_size (tested), ==, N_TISSUES);
}

static void
test_stratification_balances_the_response (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) cohort = make_cohort (FALSE, FALSE);
  g_autoptr (QrxTensor) values = g_object_ref (qrx_table_get_target_values (cohort, 0));

  for (guint repeat = 0; repeat < 5; repeat++)
    {
      g_autofree char *plan = g_strdup_printf ("{ 'folds': 5, 'stratify': true, 'bins': 2, 'repeat': %u }", repeat);
      g_autoptr (QrxTable) split = node_fixture_make (fixture, "split", plan, cohort);
      int high = 0, low = 0;

      for (guint i = 0; i < N_ROWS; i++)
        if (qrx_table_get_role (split, i) == QRX_ROLE_TEST)
          {
            high += qrx_tensor_get (values, i) >= 30;
            low += qrx_tensor_get (values, i) < 30;
          }
      /* Twelve rows in two halves of six; replicates come in pairs, and their mean may lie in the other half. */
      g_assert_cmpint (ABS (high - low), <=, 6);
      g_assert_cmpint (MIN (high, low), >=, 3);
    }
}

static void
test_rows_without_a_target_train (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const ids[] = { "a", "b", "c", "d", "e", NULL };
  gsize n = 5;
  g_autoptr (QrxTensor) values = qrx_tensor_new (QRX_DTYPE_F64, &n, 1);
  g_autoptr (QrxTable) table = qrx_table_new (ids, NULL), split = NULL;

  qrx_tensor_fill (values, NAN);
  qrx_tensor_set (values, 1, 1);
  qrx_tensor_set (values, 3, 2);
  qrx_table_add_target (table, "y", "", QRX_ORIENTATION_NONE, values, NULL);
  split = node_fixture_make (fixture, "split", "{ 'test': 0.5, 'validation': 0 }", table);
  g_assert_cmpuint (count_role (split, QRX_ROLE_TEST), ==, 1);
  g_assert_cmpint (role_of (split, "a"), ==, QRX_ROLE_TRAIN);
  g_assert_cmpint (role_of (split, "b") + role_of (split, "d"), ==, QRX_ROLE_TRAIN + QRX_ROLE_TEST);
}

/* Calibration is taken from training alone, by fractions and in folds, and keeps groups together. */
static void
test_calibration_leaves_test_and_validation_alone (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const plans[][2] = {
    { "{ 'test': 0.2, 'validation': 0.1 }", "{ 'test': 0.2, 'validation': 0.1, 'calibration': 0.25 }" },
    { "{ 'folds': 4, 'fold': 1 }", "{ 'folds': 4, 'fold': 1, 'calibration': 0.25 }" },
    { "{ 'folds': 4, 'inner-folds': 3 }", "{ 'folds': 4, 'inner-folds': 3, 'calibration': 0.25 }" },
    { "{ 'stratify': true, 'bins': 3 }", "{ 'stratify': true, 'bins': 3, 'calibration': 0.25 }" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (plans); i++)
    {
      g_autoptr (QrxTable) cohort = make_cohort (FALSE, TRUE), reversed = make_cohort (TRUE, TRUE);
      g_autoptr (QrxTable) plain = node_fixture_make (fixture, "split", plans[i][0], cohort);
      g_autoptr (QrxTable) calibrated = node_fixture_make (fixture, "split", plans[i][1], cohort);
      g_autoptr (QrxTable) again = node_fixture_make (fixture, "split", plans[i][1], reversed);

      assert_same_roles (calibrated, again);
      assert_together (calibrated, "donor");
      g_assert_cmpint (ABS ((int) count_role (calibrated, QRX_ROLE_CALIBRATION) - 15), <=, 2);
      for (gsize row = 0; row < qrx_table_get_n_rows (plain); row++)
        if (qrx_table_get_role (calibrated, row) == QRX_ROLE_CALIBRATION)
          g_assert_cmpint (qrx_table_get_role (plain, row), ==, QRX_ROLE_TRAIN);
        else
          g_assert_cmpint (qrx_table_get_role (plain, row), ==, qrx_table_get_role (calibrated, row));
    }
  node_fixture_assert_said (fixture, "calibration");
}

static void
test_a_split_that_leaves_nothing_is_refused (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const ids[] = { "a", "b", NULL };
  g_autoptr (QrxTable) cohort = make_cohort (FALSE, TRUE), small = qrx_table_new (ids, NULL);

  node_fixture_refuse (fixture, "split", "{ 'test': 0.6, 'validation': 0.4 }", cohort, QRX_PIPELINE_ERROR,
                       QRX_PIPELINE_ERROR_VALUE, "node|0.6 to test|0.4 to validate|below 1");
  node_fixture_refuse (fixture, "split", "{ 'test': 0.5, 'validation': 0.2, 'calibration': 0.3 }", cohort,
                       QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, "\"calibration\"|found 0.3|below 1");
  node_fixture_refuse (fixture, "split", "{ 'folds': 2, 'validation': 0.5 }", cohort, QRX_PIPELINE_ERROR,
                       QRX_PIPELINE_ERROR_VALUE, "one fold");
  node_fixture_refuse (fixture, "split", "{ 'folds': 5, 'fold': 5 }", cohort, QRX_PIPELINE_ERROR,
                       QRX_PIPELINE_ERROR_VALUE, "\"fold\"|found 5|which is 5");
  node_fixture_refuse (fixture, "split", "{ 'folds': 1 }", cohort, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                       "at least 2");
  node_fixture_refuse (fixture, "split", "{}", small, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY, "2 groups|at least 3");
  node_fixture_refuse (fixture, "split", "{ 'by': 'tissue', 'folds': 7, 'validation': 0 }", cohort, QRX_DATA_ERROR,
                       QRX_DATA_ERROR_EMPTY, "6 groups|at least 7");
  node_fixture_refuse (fixture, "split", "{ 'by': 'tissue' }", small, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
                       "no annotation \"tissue\"|it has: none");
  node_fixture_refuse (fixture, "split", "{ 'target': 'x' }", cohort, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
                       "no target \"x\"");
  node_fixture_refuse (fixture, "split", "{ 'test': 0.2, 'folds': 5 }", cohort, QRX_PIPELINE_ERROR,
                       QRX_PIPELINE_ERROR_VALUE, "test|folds");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  NODE_TEST ("/split/fractions-are-kept-and-groups-stay-together", test_fractions_are_kept_and_groups_stay_together);
  NODE_TEST ("/split/row-order-changes-nothing", test_row_order_and_knowing_donors_change_nothing);
  NODE_TEST ("/split/folds-part-the-rows-once-each", test_folds_part_the_rows_once_each);
  NODE_TEST ("/split/repeats-and-seeds-deal-anew", test_repeats_and_seeds_deal_anew);
  NODE_TEST ("/split/tissues-are-left-out-whole", test_tissues_are_left_out_whole);
  NODE_TEST ("/split/stratification-balances-the-response", test_stratification_balances_the_response);
  NODE_TEST ("/split/rows-without-a-target-train", test_rows_without_a_target_train);
  NODE_TEST ("/split/calibration-leaves-test-and-validation-alone", test_calibration_leaves_test_and_validation_alone);
  NODE_TEST ("/split/a-split-that-leaves-nothing-is-refused", test_a_split_that_leaves_nothing_is_refused);
  return g_test_run ();
}

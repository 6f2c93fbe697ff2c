/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each split holds back of lines × drugs, inner folds, and training sets that grow. */
#include "node-fixture.h"

#include <math.h>
#include <qrx/qrx-predictor.h>

#define N_LINES 24
#define N_DRUGS 5
#define N_ROWS (N_LINES * N_DRUGS + N_LINES) /* the first drug was measured twice */

static void
add (QrxTable *table, const char *name, GStrvBuilder *values)
{
  g_auto (GStrv) list = g_strv_builder_end (values);

  g_assert_true (qrx_table_add_annotation (table, name, (const char *const *) list, NULL));
}

/* Lines 0 and 1 are of one donor, and so are 2 and 3. */
static QrxTable *
make_cohort (gboolean reversed)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new (), lines = g_strv_builder_new (), donors = g_strv_builder_new (),
                           drugs = g_strv_builder_new ();
  const gsize n = N_ROWS;
  g_autoptr (QrxTensor) targets = qrx_tensor_new (QRX_DTYPE_F64, &n, 1);
  g_auto (GStrv) id_list = NULL;
  QrxTable *table;

  for (guint i = 0; i < N_ROWS; i++)
    {
      guint row = reversed ? N_ROWS - 1 - i : i, line = row % N_LINES, drug = row / N_LINES % N_DRUGS;
      g_autofree char *line_name = g_strdup_printf ("line-%02u", line), *drug_name = g_strdup_printf ("drug-%u", drug);
      g_autofree char *donor = g_strdup_printf ("donor-%02u", line < 4 ? line / 2 * 2 : line);
      g_autofree char *id = g_strdup_printf ("%s/%s/%u", line_name, drug_name, row / (N_LINES * N_DRUGS));

      g_strv_builder_add (ids, id);
      g_strv_builder_add (lines, line_name);
      g_strv_builder_add (donors, donor);
      g_strv_builder_add (drugs, drug_name);
      qrx_tensor_set (targets, i, line + 100.0 * drug);
    }
  id_list = g_strv_builder_end (ids);
  table = qrx_table_new ((const char *const *) id_list, NULL);
  add (table, "line", lines);
  add (table, "donor", donors);
  add (table, "drug", drugs);
  g_assert_true (qrx_table_add_target (table, "y", "ln µM", QRX_ORIENTATION_LOW_IS_SENSITIVE, targets, NULL));
  return table;
}

/* How many values of an annotation (of two, for pairs) occur in both train and test. */
static guint
count_shared (QrxTable *table, const char *name, const char *within)
{
  g_autoptr (GHashTable) roles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer found;
  guint n = 0;

  for (gsize i = 0; i < qrx_table_get_n_rows (table); i++)
    {
      char *key = g_strconcat (qrx_table_get_annotation (table, name, i), "|",
                               within != NULL ? qrx_table_get_annotation (table, within, i) : "", NULL);
      guint known = GPOINTER_TO_UINT (g_hash_table_lookup (roles, key));

      g_hash_table_insert (roles, key, GUINT_TO_POINTER (known | 1u << qrx_table_get_role (table, i)));
    }
  g_hash_table_iter_init (&iter, roles);
  while (g_hash_table_iter_next (&iter, NULL, &found))
    n += (GPOINTER_TO_UINT (found) & (1u << QRX_ROLE_TRAIN)) != 0 &&
         (GPOINTER_TO_UINT (found) & (1u << QRX_ROLE_TEST)) != 0;
  return n;
}

static QrxTable *
split (NodeFixture *fixture, QrxTable *cohort, const char *format, guint number)
{
  g_autofree char *properties = g_strdelimit (g_strdup (format), "#", (char) ('0' + number));

  return node_fixture_make (fixture, "split", properties, cohort);
}

static void
test_each_design_holds_back_what_it_says (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) cohort = make_cohort (FALSE);

  for (guint fold = 0; fold < 5; fold++)
    {
      g_autoptr (QrxTable) lines = split (fixture, cohort, "{'by': 'line', 'folds': 5, 'fold': #}", fold);
      g_autoptr (QrxTable) drugs =
          split (fixture, cohort, "{'by': 'drug', 'folds': 5, 'fold': #, 'validation': 0}", fold);
      g_autoptr (QrxTable) pairs = split (fixture, cohort, "{'by': 'pair', 'folds': 5, 'fold': #}", fold);

      g_assert_cmpuint (count_shared (lines, "line", NULL), ==, 0);
      g_assert_cmpuint (count_shared (lines, "donor", NULL), ==, 0);
      g_assert_cmpuint (count_shared (lines, "drug", NULL), ==, N_DRUGS);
      g_assert_cmpint (qrx_table_get_unseen (lines), ==, QRX_UNSEEN_LINES);
      g_assert_cmpuint (count_shared (drugs, "drug", NULL), ==, 0);
      g_assert_cmpuint (count_shared (drugs, "line", NULL), ==, N_LINES);
      g_assert_cmpint (qrx_table_get_unseen (drugs), ==, QRX_UNSEEN_DRUGS);
      g_assert_cmpuint (count_shared (pairs, "line", "drug"), ==, 0);
      g_assert_cmpuint (count_shared (pairs, "donor", "drug"), ==, 0);
      g_assert_cmpuint (count_shared (pairs, "line", NULL), >, N_LINES / 2);
      g_assert_cmpuint (count_shared (pairs, "drug", NULL), >=, N_DRUGS - 1); /* a fold may have none of one */
      g_assert_cmpint (qrx_table_get_unseen (pairs), ==, QRX_UNSEEN_PAIRS);
    }
}

static QrxBundle *
fit (NodeFixture *fixture, QrxTable *table)
{
  g_autoptr (QrxBundle) in = qrx_bundle_new ();
  g_autoptr (GError) error = NULL;
  QrxBundle *out;

  qrx_bundle_set (in, "in", QRX_VALUE (table));
  out = node_fixture_run_bundle (fixture, "mean-baseline", "{}", in, &error);
  g_assert_no_error (error);
  return out;
}

/* A model may be scored on lines that it knows where drugs are held back, and on no drug that it knows. */
static void
test_a_model_is_new_to_what_its_split_holds_back (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const designs[] = { "{'by': 'line', 'test': 0.3}", "{'by': 'drug', 'test': 0.4}",
                                         "{'by': 'pair', 'test': 0.3}" };
  g_autoptr (QrxTable) cohort = make_cohort (FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (designs); i++)
    {
      g_autoptr (QrxTable) table = node_fixture_make (fixture, "split", designs[i], cohort);
      g_autoptr (QrxBundle) out = fit (fixture, table);
      QrxPredictor *model = QRX_PREDICTOR (qrx_bundle_get (out, "model"));

      for (guint k = 0; k < G_N_ELEMENTS (designs); k++)
        {
          g_autoptr (QrxTable) other = node_fixture_make (fixture, "split", designs[k], cohort);
          guint n_known = 0, n = 0;

          for (gsize row = 0; row < N_ROWS; row++)
            if (qrx_table_get_role (other, row) == QRX_ROLE_TEST)
              {
                n++;
                n_known += qrx_predictor_was_fitted_on (model, other, row);
              }
          g_assert_true (i == k ? n_known == 0 : n_known > n / 4);
        }
    }
}

static void
test_inner_folds_part_what_is_not_tested (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) cohort = make_cohort (FALSE);
  g_autoptr (QrxTable) outer = split (fixture, cohort, "{'folds': 4, 'fold': #, 'validation': 0}", 2);
  guint n_validating[N_ROWS] = { 0 };

  for (guint inner = 0; inner < 3; inner++)
    {
      g_autoptr (QrxTable) table =
          split (fixture, cohort, "{'folds': 4, 'fold': 2, 'inner-folds': 3, 'inner-fold': #}", inner);

      g_assert_cmpuint (count_shared (table, "donor", NULL), ==, 0);
      for (gsize i = 0; i < N_ROWS; i++)
        {
          g_assert_true ((qrx_table_get_role (outer, i) == QRX_ROLE_TEST) ==
                         (qrx_table_get_role (table, i) == QRX_ROLE_TEST));
          n_validating[i] += qrx_table_get_role (table, i) == QRX_ROLE_VALIDATION;
        }
    }
  for (gsize i = 0; i < N_ROWS; i++)
    g_assert_cmpuint (n_validating[i], ==, qrx_table_get_role (outer, i) != QRX_ROLE_TEST);
}

static void
test_a_greater_training_set_holds_a_smaller_one (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) cohort = make_cohort (FALSE), reversed = make_cohort (TRUE);
  g_autoptr (QrxTable) whole = split (fixture, cohort, "{'folds': 4, 'fold': #}", 1);
  g_autoptr (GHashTable) kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (QrxIndex) all = qrx_table_rows_of_role (whole, QRX_ROLE_TRAIN);
  guint n_before = 0;

  for (guint tenths = 1; tenths < 10; tenths++)
    {
      g_autoptr (QrxTable) part = split (fixture, cohort, "{'folds': 4, 'fold': 1, 'train-fraction': 0.#}", tenths);
      g_autoptr (QrxTable) back = split (fixture, reversed, "{'folds': 4, 'fold': 1, 'train-fraction': 0.#}", tenths);
      g_autoptr (QrxIndex) train = qrx_table_rows_of_role (part, QRX_ROLE_TRAIN);
      g_autoptr (QrxIndex) train_back = qrx_table_rows_of_role (back, QRX_ROLE_TRAIN);
      g_autoptr (GHashTable) now = g_hash_table_new (g_str_hash, g_str_equal);
      guint n = (guint) qrx_index_get_length (train);
      GHashTableIter iter;
      gpointer id;

      /* Groups have six rows, or twelve. */
      g_assert_cmpfloat (fabs (n - tenths / 10.0 * (double) qrx_index_get_length (all)), <=, 6);
      g_assert_cmpuint (n, >=, n_before);
      g_assert_cmpuint (qrx_index_get_length (train_back), ==, n);
      for (guint i = 0; i < n; i++)
        g_hash_table_add (now, (gpointer) qrx_table_get_id (part, qrx_index_get (train, i)));
      for (guint i = 0; i < n; i++)
        g_assert_true (g_hash_table_contains (now, qrx_table_get_id (back, qrx_index_get (train_back, i))));
      g_hash_table_iter_init (&iter, kept);
      while (g_hash_table_iter_next (&iter, &id, NULL))
        g_assert_true (g_hash_table_contains (now, id));
      for (guint i = 0; i < n; i++)
        g_hash_table_add (kept, g_strdup (qrx_table_get_id (part, qrx_index_get (train, i))));
      n_before = n;
      for (guint role = QRX_ROLE_VALIDATION; role <= QRX_ROLE_TEST; role++)
        {
          g_autoptr (QrxIndex) of_whole = qrx_table_rows_of_role (whole, role),
                               of_part = qrx_table_rows_of_role (part, role);

          g_assert_cmpuint (qrx_index_get_length (of_whole), ==, qrx_index_get_length (of_part));
          for (gsize i = 0; i < qrx_index_get_length (of_whole); i++)
            g_assert_cmpstr (qrx_table_get_id (whole, qrx_index_get (of_whole, i)), ==,
                             qrx_table_get_id (part, qrx_index_get (of_part, i)));
        }
    }
  node_fixture_assert_said (fixture, "left out of training");
}

static void
test_what_cannot_be_held_back_is_refused (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const ids[] = { "a", "b", "c", "d", NULL };
  g_autoptr (QrxTable) cohort = make_cohort (FALSE), bare = qrx_table_new (ids, NULL);

  node_fixture_refuse (fixture, "split", "{'by': 'drug'}", bare, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
                       "drug|it has: none");
  node_fixture_refuse (fixture, "split", "{'by': 'pair'}", bare, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
                       "line|it has: none");
  node_fixture_refuse (fixture, "split", "{'by': 'drug', 'folds': 6}", cohort, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY,
                       "5 groups|at least 6");
  node_fixture_refuse (fixture, "split", "{'inner-folds': 1}", cohort, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                       "\"inner-folds\"|at least 2");
  node_fixture_refuse (fixture, "split", "{'inner-folds': 3, 'inner-fold': 3}", cohort, QRX_PIPELINE_ERROR,
                       QRX_PIPELINE_ERROR_VALUE, "\"inner-fold\"|found 3|which is 3");
  node_fixture_refuse (fixture, "split", "{'inner-folds': 3, 'validation': 0.1}", cohort, QRX_PIPELINE_ERROR,
                       QRX_PIPELINE_ERROR_VALUE, "inner-folds|validation");
  node_fixture_refuse (fixture, "split", "{'by': 'drug', 'test': 0.2, 'inner-folds': 5}", cohort, QRX_DATA_ERROR,
                       QRX_DATA_ERROR_EMPTY, "5 groups|at least 6");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  NODE_TEST ("/split-designs/hold-back", test_each_design_holds_back_what_it_says);
  NODE_TEST ("/split-designs/models", test_a_model_is_new_to_what_its_split_holds_back);
  NODE_TEST ("/split-designs/inner-folds", test_inner_folds_part_what_is_not_tested);
  NODE_TEST ("/split-designs/train-fraction", test_a_greater_training_set_holds_a_smaller_one);
  NODE_TEST ("/split-designs/refused", test_what_cannot_be_held_back_is_refused);
  return g_test_run ();
}

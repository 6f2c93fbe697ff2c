/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "node-fixture.h"

#include <math.h>

#define N_LINES 60

static QrxTable *
make_cohort (NodeFixture *fixture)
{
  return node_fixture_make (fixture, "synthetic-cohort", "{ 'lines': 60, 'genes': 5, 'tissues': 4, 'factors': 3 }",
                            NULL);
}

static double
get_response (QrxTable *table, const char *id)
{
  for (gsize i = 0; i < qrx_table_get_n_rows (table); i++)
    if (g_str_equal (qrx_table_get_id (table, i), id))
      return qrx_tensor_get (qrx_table_get_target_values (table, 0), i);
  g_assert_not_reached ();
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  return *(const double *) a < *(const double *) b ? -1 : *(const double *) a > *(const double *) b;
}

/* The responses of the rows of one tissue, or of all, in ascending order. */
static GArray *
collect (QrxTable *table, const char *tissue)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (double));

  for (gsize i = 0; i < qrx_table_get_n_rows (table); i++)
    {
      double value = qrx_tensor_get (qrx_table_get_target_values (table, 0), i);

      if (tissue == NULL || g_str_equal (qrx_table_get_annotation (table, "tissue", i), tissue))
        g_array_append_val (found, value);
    }
  g_array_sort (found, compare_numbers);
  return found;
}

static void
assert_same_responses (QrxTable *a, QrxTable *b, const char *tissue)
{
  g_autoptr (GArray) first = collect (a, tissue);
  g_autoptr (GArray) second = collect (b, tissue);

  g_assert_cmpmem (first->data, first->len * sizeof (double), second->data, second->len * sizeof (double));
}

static guint
count_moved (QrxTable *a, QrxTable *b)
{
  guint n = 0;

  for (gsize i = 0; i < N_LINES; i++)
    n += get_response (a, qrx_table_get_id (a, i)) != get_response (b, qrx_table_get_id (a, i));
  return n;
}

static void
test_responses_move_and_none_is_lost (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) cohort = make_cohort (fixture);
  g_autoptr (QrxTable) one = node_fixture_make (fixture, "permute-target", "{ 'seed': 1 }", cohort);
  g_autoptr (QrxTable) two = node_fixture_make (fixture, "permute-target", "{ 'seed': 2 }", cohort);

  assert_same_responses (cohort, one, NULL);
  g_assert_cmpuint (count_moved (cohort, one), >, N_LINES / 2);
  g_assert_cmpuint (count_moved (one, two), >, N_LINES / 2);
  node_fixture_assert_said (fixture, "null control");
}

static void
test_row_order_changes_nothing (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) cohort = make_cohort (fixture);
  g_autoptr (QrxTable) straight = node_fixture_make (fixture, "permute-target", "{}", cohort);
  guint backwards[N_LINES];
  g_autoptr (QrxIndex) index = NULL;
  g_autoptr (QrxTable) turned = NULL;
  g_autoptr (QrxTable) permuted = NULL;

  for (guint i = 0; i < N_LINES; i++)
    backwards[i] = N_LINES - 1 - i;
  index = qrx_index_new (backwards, N_LINES);
  turned = qrx_table_select_rows (cohort, index);
  permuted = node_fixture_make (fixture, "permute-target", "{}", turned);
  g_assert_cmpuint (count_moved (straight, permuted), ==, 0);
}

static void
test_responses_stay_within_their_tissue (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) cohort = make_cohort (fixture);
  g_autoptr (QrxTable) permuted = node_fixture_make (fixture, "permute-target", "{ 'within': 'tissue' }", cohort);

  for (gsize i = 0; i < N_LINES; i++)
    assert_same_responses (cohort, permuted, qrx_table_get_annotation (cohort, "tissue", i));
  g_assert_cmpuint (count_moved (cohort, permuted), >, N_LINES / 2);
}

static void
test_a_table_without_tissues_is_refused (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const char *const ids[] = { "a", "b", "c", NULL };
  g_autoptr (QrxTable) table = qrx_table_new (ids, NULL);

  node_fixture_refuse (fixture, "permute-target", "{ 'within': 'tissue' }", table, QRX_DATA_ERROR,
                       QRX_DATA_ERROR_COLUMN, "node|no annotation \"tissue\"");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  NODE_TEST ("/permute-target/responses-move", test_responses_move_and_none_is_lost);
  NODE_TEST ("/permute-target/row-order", test_row_order_changes_nothing);
  NODE_TEST ("/permute-target/tissue", test_responses_stay_within_their_tissue);
  NODE_TEST ("/permute-target/no-tissue", test_a_table_without_tissues_is_refused);
  return g_test_run ();
}

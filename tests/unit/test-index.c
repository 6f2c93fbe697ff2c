/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qrx/qrx-index.h>

static void
test_rows_are_copied_in_order (void)
{
  guint rows[] = { 4, 0, 4, G_MAXUINT };
  g_autoptr (QrxIndex) index = qrx_index_new (rows, G_N_ELEMENTS (rows));

  rows[0] = 9;
  g_assert_cmpuint (qrx_index_get_length (index), ==, 4);
  g_assert_cmpuint (qrx_index_get (index, 0), ==, 4);
  g_assert_cmpuint (qrx_index_get (index, 2), ==, 4);
  g_assert_cmpuint (qrx_index_peek (index)[3], ==, G_MAXUINT);
}

static void
test_range_counts_up_to_the_last_row_number (void)
{
  g_autoptr (QrxIndex) index = qrx_index_new_range (G_MAXUINT - 1, 2);
  g_autoptr (QrxIndex) empty = qrx_index_new_range (G_MAXUINT, 0);

  g_assert_cmpuint (qrx_index_get (index, 0), ==, G_MAXUINT - 1);
  g_assert_cmpuint (qrx_index_get (index, 1), ==, G_MAXUINT);
  g_assert_cmpuint (qrx_index_get_length (empty), ==, 0);
}

static void
test_selection_composes (void)
{
  const guint rows[] = { 10, 20, 30, 40 }, first[] = { 3, 1, 1 }, second[] = { 2, 0 };
  g_autoptr (QrxIndex) index = qrx_index_new (rows, 4);
  g_autoptr (QrxIndex) one = qrx_index_new (first, 3);
  g_autoptr (QrxIndex) two = qrx_index_new (second, 2);
  g_autoptr (QrxIndex) step = qrx_index_select (index, one);
  g_autoptr (QrxIndex) stepwise = qrx_index_select (step, two);
  g_autoptr (QrxIndex) composed = qrx_index_select (one, two);
  g_autoptr (QrxIndex) at_once = qrx_index_select (index, composed);

  g_assert_cmpmem (qrx_index_peek (step), 3 * sizeof (guint), ((guint[]){ 40, 20, 20 }), 3 * sizeof (guint));
  g_assert_cmpmem (qrx_index_peek (stepwise), 2 * sizeof (guint), ((guint[]){ 20, 40 }), 2 * sizeof (guint));
  g_assert_cmpmem (qrx_index_peek (stepwise), 2 * sizeof (guint), qrx_index_peek (at_once), 2 * sizeof (guint));
}

static void
test_a_selection_beyond_the_end_is_a_programmer_error (void)
{
  g_autoptr (QrxIndex) index = qrx_index_new_range (0, 3);
  g_autoptr (QrxIndex) beyond = qrx_index_new_range (1, 3);

  g_test_expect_message ("Qrx", G_LOG_LEVEL_CRITICAL, "*selection*n_rows*");
  g_assert_null (qrx_index_select (index, beyond));
  g_test_assert_expected_messages ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/index/copied-in-order", test_rows_are_copied_in_order);
  g_test_add_func ("/index/range", test_range_counts_up_to_the_last_row_number);
  g_test_add_func ("/index/selection-composes", test_selection_composes);
  g_test_add_func ("/index/selection-beyond-the-end", test_a_selection_beyond_the_end_is_a_programmer_error);
  return g_test_run ();
}

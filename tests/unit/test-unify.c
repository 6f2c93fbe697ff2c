/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/qrx-unify-private.h"

static void
test_a_size_reaches_all_that_are_joined_with_its_origin (void)
{
  g_autoptr (QrxUnify) sizes = qrx_unify_new ();
  guint a = qrx_unify_add (sizes), b = qrx_unify_add (sizes), c = qrx_unify_add (sizes);

  g_assert_true (qrx_unify_join (sizes, a, b));
  g_assert_true (qrx_unify_join (sizes, b, c));
  g_assert_cmpint (qrx_unify_get_size (sizes, a), ==, -1);
  g_assert_true (qrx_unify_settle (sizes, c, 8, "encode.width = 8"));
  g_assert_cmpint (qrx_unify_get_size (sizes, a), ==, 8);
  g_assert_cmpstr (qrx_unify_get_origin (sizes, b), ==, "encode.width = 8");
}

static void
test_different_sizes_are_not_joined_and_stay_as_they_were (void)
{
  g_autoptr (QrxUnify) sizes = qrx_unify_new ();
  guint a = qrx_unify_add (sizes), b = qrx_unify_add (sizes);

  qrx_unify_settle (sizes, a, 8, "first");
  qrx_unify_settle (sizes, b, 4, "second");
  g_assert_false (qrx_unify_join (sizes, a, b));
  g_assert_false (qrx_unify_settle (sizes, a, 9, "third"));
  g_assert_cmpint (qrx_unify_get_size (sizes, a), ==, 8);
  g_assert_cmpint (qrx_unify_get_size (sizes, b), ==, 4);
  g_assert_cmpstr (qrx_unify_get_origin (sizes, a), ==, "first");
}

static void
test_only_news_count_as_settled (void)
{
  g_autoptr (QrxUnify) sizes = qrx_unify_new ();
  guint a = qrx_unify_add (sizes), b = qrx_unify_add (sizes);
  guint n;

  qrx_unify_settle (sizes, a, 8, NULL);
  n = qrx_unify_get_n_settled (sizes);
  qrx_unify_settle (sizes, a, 8, NULL);
  g_assert_cmpuint (qrx_unify_get_n_settled (sizes), ==, n);
  qrx_unify_join (sizes, b, a);
  g_assert_cmpuint (qrx_unify_get_n_settled (sizes), >, n);
  g_assert_cmpint (qrx_unify_get_size (sizes, b), ==, 8);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unify/joined", test_a_size_reaches_all_that_are_joined_with_its_origin);
  g_test_add_func ("/unify/conflict", test_different_sizes_are_not_joined_and_stay_as_they_were);
  g_test_add_func ("/unify/news", test_only_news_count_as_settled);
  return g_test_run ();
}

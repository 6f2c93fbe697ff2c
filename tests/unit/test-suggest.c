/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qrx/qrx-suggest.h>

static const char *const types[] = { "standardize", "select-genes", "softmax-pi", "sigmoid-pi", "tanh-pi", "pca", NULL };

static void
test_one_slip_finds_the_name (void)
{
  g_assert_cmpstr (qrx_suggest ("standardise", types), ==, "standardize");
  g_assert_cmpstr (qrx_suggest ("sigmiod-pi", types), ==, "sigmoid-pi");
  g_assert_cmpstr (qrx_suggest ("Tanh-Pi", types), ==, "tanh-pi");
  g_assert_cmpstr (qrx_suggest ("pac", types), ==, "pca");
}

static void
test_the_nearest_wins (void)
{
  const char *const near[] = { "layers2", "layer", "layers", NULL };

  g_assert_cmpstr (qrx_suggest ("layrs", near), ==, "layers");
}

static void
test_a_stranger_finds_nothing (void)
{
  g_autofree char *longest = g_strnfill (1000, 'a');

  g_assert_null (qrx_suggest ("quantum-layer", types));
  g_assert_null (qrx_suggest ("xyz", types));
  g_assert_null (qrx_suggest ("", types));
  g_assert_null (qrx_suggest (longest, types));
}

static void
test_the_text_lists_what_is_known_when_nothing_is_near (void)
{
  const char *const two[] = { "mean", "first", NULL };
  const char *const none[] = { NULL };
  g_autofree char *near = qrx_suggest_text ("frist", two);
  g_autofree char *far = qrx_suggest_text ("quantum", two);
  g_autofree char *empty = qrx_suggest_text ("quantum", none);

  g_assert_cmpstr (near, ==, "; did you mean \"first\"?");
  g_assert_cmpstr (far, ==, "; known are \"mean\", \"first\"");
  g_assert_cmpstr (empty, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/suggest/slip", test_one_slip_finds_the_name);
  g_test_add_func ("/suggest/nearest", test_the_nearest_wins);
  g_test_add_func ("/suggest/stranger", test_a_stranger_finds_nothing);
  g_test_add_func ("/suggest/text", test_the_text_lists_what_is_known_when_nothing_is_near);
  return g_test_run ();
}

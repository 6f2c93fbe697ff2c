/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <json-glib/json-glib.h>
#include <math.h>
#include <qrx/qrx-transfer.h>

/* Settings a, b, c on drugs x, y, z; z orders them the other way round than x and y. */
static const char *const settings[] = { "a", "b", "c" };
static const char *const drugs[] = { "x", "y", "z" };
static const double tuning[3][3] = { { 0.9, 0.8, 0.7 }, { 0.8, 0.7, 0.6 }, { 0.5, 0.6, 0.7 } };
static const double test[3][3] = { { 0.85, 0.8, 0.6 }, { 0.7, 0.75, 0.6 }, { 0.4, 0.6, 0.65 } };

static QrxComparison *
make_scores (const double scores[3][3], gboolean higher_is_better)
{
  QrxComparison *self = qrx_comparison_new (higher_is_better, 0.95);

  for (guint task = 0; task < 3; task++)
    for (guint arm = 0; arm < 3; arm++)
      for (guint fold = 0; fold < 2; fold++)
        qrx_comparison_add (self, settings[arm], drugs[task], fold ? "1" : "0", "0",
                            (higher_is_better ? 1 : -1) * scores[task][arm] + (fold ? 0.01 : -0.01), 80, 20);
  return self;
}

static JsonObject *
find (JsonNode *root, const char *from, const char *to)
{
  JsonArray *pairs = json_node_get_array (root);

  for (guint i = 0; i < json_array_get_length (pairs); i++)
    {
      JsonObject *pair = json_array_get_object_element (pairs, i);

      if (g_str_equal (json_object_get_string_member (pair, "from"), from) &&
          g_str_equal (json_object_get_string_member (pair, "to"), to))
        return pair;
    }
  g_assert_not_reached ();
}

static void
assert_pair (JsonNode *root, const char *from, const char *to, const char *arm, double score, double loss, double rho)
{
  JsonObject *pair = find (root, from, to);

  g_assert_cmpstr (json_object_get_string_member (pair, "arm"), ==, arm);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (pair, "score"), score, 1e-12);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (pair, "loss"), loss, 1e-12);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (pair, "rank-correlation"), rho, 1e-12);
}

/* Chosen by the tuning scores, scored by the test's: on y, what x chooses is worse than b, which nobody could know. */
static void
test_the_best_setting_of_one_task_is_scored_on_another (void)
{
  for (guint higher = 0; higher < 2; higher++)
    {
      g_autoptr (QrxComparison) validation = make_scores (tuning, higher);
      g_autoptr (QrxComparison) held_out = make_scores (test, higher);
      g_autofree char *text = qrx_transfer_to_json (validation, held_out);
      g_autoptr (JsonNode) root = json_from_string (text, NULL);
      double sign = higher ? 1 : -1;

      g_assert_cmpuint (json_array_get_length (json_node_get_array (root)), ==, 9);
      assert_pair (root, "x", "x", "a", sign * 0.85, 0, 1);
      assert_pair (root, "x", "y", "a", sign * 0.7, 0, 1);
      assert_pair (root, "x", "z", "a", sign * 0.4, 0.25, -1);
      assert_pair (root, "z", "x", "c", sign * 0.6, 0.25, -1);
    }
}

static void
test_a_task_without_scores_has_nothing_to_carry (void)
{
  g_autoptr (QrxComparison) validation = make_scores (tuning, TRUE);
  g_autoptr (QrxComparison) held_out = make_scores (test, TRUE);
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) root = NULL;

  for (guint arm = 0; arm < 3; arm++)
    qrx_comparison_add (validation, settings[arm], "empty", "0", "0", NAN, 80, 20);
  text = qrx_transfer_to_json (validation, held_out);
  root = json_from_string (text, NULL);
  g_assert_true (json_object_get_null_member (find (root, "empty", "x"), "score"));
  g_assert_true (json_object_get_null_member (find (root, "x", "empty"), "score"));
  g_assert_true (json_object_get_null_member (find (root, "x", "empty"), "loss"));
  g_assert_nonnull (json_object_get_string_member (find (root, "x", "empty"), "reason"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/transfer/best-setting", test_the_best_setting_of_one_task_is_scored_on_another);
  g_test_add_func ("/transfer/nothing", test_a_task_without_scores_has_nothing_to_carry);
  return g_test_run ();
}

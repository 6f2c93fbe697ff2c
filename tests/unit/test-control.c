/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <json-glib/json-glib.h>
#include <qrx/qrx-comparison.h>

static void
add (QrxComparison *self, const char *arm, const char *task, guint fold, double score)
{
  g_autofree char *resample = g_strdup_printf ("fold %u", fold);

  qrx_comparison_add (self, arm, task, resample, "0", score, 400, 100);
}

/* Of 100 tasks, 4 have scores far from one half, and 6 a difference that all folds show. */
static QrxComparison *
make_scores (void)
{
  QrxComparison *self = qrx_comparison_new (TRUE, 0.95);
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);

  for (guint task = 0; task < 100; task++)
    {
      g_autofree char *name = g_strdup_printf ("draw %u", task);

      for (guint fold = 0; fold < 8; fold++)
        {
          double sign = fold % 2 == 0 ? 1 : -1, score = 0.5 + 0.05 * sign + (task < 4 ? 0.3 : 0);

          add (self, "a", name, fold, score);
          add (self, "b", name, fold, score + (task >= 94 ? 0.2 : 0) + g_rand_double_range (rand, 0.01, 0.02) * sign);
        }
      add (self, "once", name, 0, 0.5);
    }
  return self;
}

static JsonObject *
get (JsonNode *root, const char *part, guint i)
{
  return json_array_get_object_element (json_object_get_array_member (json_node_get_object (root), part), i);
}

static void
assert_tolerance (JsonObject *object, double low, double high)
{
  JsonArray *ends = json_object_get_array_member (object, "tolerance");

  g_assert_cmpfloat (json_array_get_double_element (ends, 0), ==, low);
  g_assert_cmpfloat (json_array_get_double_element (ends, 1), ==, high);
}

static void
test_errors_are_counted_over_tasks (void)
{
  g_autoptr (QrxComparison) self = make_scores ();
  g_autofree char *text = qrx_comparison_control_to_json (self, 0.5);
  g_autoptr (JsonNode) root = json_from_string (text, NULL);

  g_assert_cmpstr (json_object_get_string_member (get (root, "intervals", 0), "arm"), ==, "a");
  g_assert_cmpint (json_object_get_int_member (get (root, "intervals", 0), "tasks"), ==, 100);
  g_assert_cmpint (json_object_get_int_member (get (root, "intervals", 0), "covered"), ==, 96);
  assert_tolerance (get (root, "intervals", 0), 0.90, 0.99); /* scipy.stats.binom.ppf ([.025, .975], 100, .95) */
  g_assert_cmpstr (json_object_get_string_member (get (root, "tests", 0), "reference"), ==, "a");
  g_assert_cmpstr (json_object_get_string_member (get (root, "tests", 0), "arm"), ==, "b");
  g_assert_cmpstr (json_object_get_string_member (get (root, "tests", 0), "test"), ==, "corrected-resampled-t");
  g_assert_cmpint (json_object_get_int_member (get (root, "tests", 0), "rejected"), ==, 6);
  g_assert_cmpfloat (json_object_get_double_member (get (root, "tests", 0), "share"), ==, 0.06);
  assert_tolerance (get (root, "tests", 0), 0.01, 0.10);
}

static void
test_what_has_no_interval_does_not_count (void)
{
  g_autoptr (QrxComparison) self = make_scores ();
  g_autofree char *text = qrx_comparison_control_to_json (self, 0.5);
  g_autoptr (JsonNode) root = json_from_string (text, NULL);

  g_assert_cmpstr (json_object_get_string_member (get (root, "intervals", 2), "arm"), ==, "once");
  g_assert_cmpint (json_object_get_int_member (get (root, "intervals", 2), "tasks"), ==, 0);
  g_assert_true (json_object_get_null_member (get (root, "intervals", 2), "share"));
  g_assert_true (json_object_get_null_member (get (root, "intervals", 2), "tolerance"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/control/errors", test_errors_are_counted_over_tasks);
  g_test_add_func ("/control/nothing", test_what_has_no_interval_does_not_count);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "base/qrx-metrics-private.h"

static QrxMetrics *
new_metrics (void)
{
  QrxMetrics *metrics = qrx_metrics_new ();

  qrx_metrics_set_count (metrics, "test", "n", 121);
  qrx_metrics_set_number (metrics, "test", "auc", 0.1);
  qrx_metrics_set_interval (metrics, "test", "auc_ci95", -0.25, 1.5);
  qrx_metrics_set_text (metrics, "test", "orientation", "low-is-sensitive");
  qrx_metrics_set_undefined (metrics, "train", "pearson", "all predictions are the same");
  return metrics;
}

static void
test_scores_come_back_as_they_were_set (void)
{
  g_autoptr (QrxMetrics) metrics = new_metrics ();
  double value = 0, low = 0, high = 0;

  g_assert_true (qrx_metrics_get_number (metrics, "test", "n", &value));
  g_assert_cmpfloat (value, ==, 121);
  g_assert_true (qrx_metrics_get_number (metrics, "test", "auc", &value));
  g_assert_cmpfloat (value, ==, 0.1);
  g_assert_true (qrx_metrics_get_interval (metrics, "test", "auc_ci95", &low, &high));
  g_assert_cmpfloat (low, ==, -0.25);
  g_assert_cmpfloat (high, ==, 1.5);
  g_assert_cmpstr (qrx_metrics_get_text (metrics, "test", "orientation"), ==, "low-is-sensitive");
}

static void
test_the_order_is_that_of_setting (void)
{
  g_autoptr (QrxMetrics) metrics = new_metrics ();
  g_auto (GStrv) roles = NULL;
  g_auto (GStrv) names = NULL;

  qrx_metrics_set_number (metrics, "test", "auc", 0.7); /* again: keeps its place */
  roles = qrx_metrics_dup_roles (metrics);
  names = qrx_metrics_dup_names (metrics, "test");
  g_assert_cmpstrv (roles, ((const char *const[]){ "test", "train", NULL }));
  g_assert_cmpstrv (names, ((const char *const[]){ "n", "auc", "auc_ci95", "orientation", NULL }));
}

static void
test_an_undefined_score_has_a_reason_and_no_number (void)
{
  g_autoptr (QrxMetrics) metrics = new_metrics ();
  double value = 42;

  g_assert_false (qrx_metrics_get_number (metrics, "train", "pearson", &value));
  g_assert_false (qrx_metrics_get_number (metrics, "external", "pearson", &value));
  g_assert_false (qrx_metrics_get_number (metrics, "test", "orientation", &value));
  g_assert_cmpfloat (value, ==, 42);
  g_assert_cmpstr (qrx_metrics_get_reason (metrics, "train", "pearson"), ==, "all predictions are the same");
  g_assert_null (qrx_metrics_get_reason (metrics, "test", "auc"));
  g_assert_null (qrx_metrics_get_text (metrics, "train", "pearson"));
}

static void
test_what_is_not_finite_is_undefined (void)
{
  g_autoptr (QrxMetrics) metrics = new_metrics ();

  qrx_metrics_set_number (metrics, "test", "auc", NAN);
  qrx_metrics_set_interval (metrics, "test", "auc_ci95", 0, INFINITY);
  g_assert_false (qrx_metrics_get_number (metrics, "test", "auc", NULL));
  g_assert_nonnull (qrx_metrics_get_reason (metrics, "test", "auc"));
  g_assert_false (qrx_metrics_get_interval (metrics, "test", "auc_ci95", NULL, NULL));
  g_assert_nonnull (qrx_metrics_get_reason (metrics, "test", "auc_ci95"));
}

static void
test_json_has_the_documented_layout (void)
{
  g_autoptr (QrxMetrics) metrics = new_metrics ();
  g_autofree char *json = qrx_metrics_to_json (metrics);

  g_assert_cmpstr (json, ==,
                   "{\n"
                   "  \"test\": {\n"
                   "    \"n\": 121,\n"
                   "    \"auc\": 0.1,\n"
                   "    \"auc_ci95\": [-0.25, 1.5],\n"
                   "    \"orientation\": \"low-is-sensitive\"\n"
                   "  },\n"
                   "  \"train\": {\n"
                   "    \"pearson\": null,\n"
                   "    \"reasons\": {\n"
                   "      \"pearson\": \"all predictions are the same\"\n"
                   "    }\n"
                   "  }\n"
                   "}");
}

static void
test_metrics_of_several_nodes_are_told_apart_in_json (void)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_object_unref);
  const char *const producers[] = { "evaluate", NULL, "evaluate", NULL };
  g_autofree char *json = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (producers); i++)
    {
      QrxMetrics *metrics = qrx_metrics_new ();

      if (producers[i] != NULL)
        qrx_metrics_set_producer (metrics, producers[i]);
      g_assert_cmpstr (qrx_metrics_get_producer (metrics), ==, producers[i]);
      qrx_metrics_set_count (metrics, "test", "n", i);
      g_ptr_array_add (list, metrics);
    }
  json = qrx_metrics_list_to_json (list);
  g_assert_cmpstr (json, ==,
                   "{\n"
                   "  \"scores\": {\n"
                   "    \"evaluate\": {\n      \"test\": {\n        \"n\": 0\n      }\n    },\n"
                   "    \"metrics\": {\n      \"test\": {\n        \"n\": 1\n      }\n    },\n"
                   "    \"evaluate-2\": {\n      \"test\": {\n        \"n\": 2\n      }\n    },\n"
                   "    \"metrics-2\": {\n      \"test\": {\n        \"n\": 3\n      }\n    }\n"
                   "  }\n"
                   "}");
}

static void
test_records_are_written_as_objects (void)
{
  static const char *const columns[] = { "n", "width", NULL }, *const labels[] = { "Lung", "Skin, \"other\"", NULL };
  g_autoptr (QrxMetrics) metrics = qrx_metrics_new ();
  g_autoptr (QrxTensor) values = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 2);
  g_autofree char *json = NULL;

  qrx_tensor_set (values, 0, 3);
  qrx_tensor_set (values, 1, 0.1);
  qrx_tensor_set (values, 2, 4);
  qrx_tensor_set (values, 3, NAN);
  qrx_metrics_set_table (metrics, "test", "by_tissue", columns, values, "tissue", labels);
  qrx_metrics_set_table (metrics, "test", "plain", columns, values, NULL, NULL);
  g_assert_cmpstr (qrx_metrics_get_table (metrics, "test", "plain"), ==,
                   "[{\"n\":3,\"width\":0.1},{\"n\":4,\"width\":null}]");
  g_assert_null (qrx_metrics_get_table (metrics, "test", "absent"));
  g_assert_null (qrx_metrics_get_text (metrics, "test", "plain"));
  g_assert_false (qrx_metrics_get_number (metrics, "test", "plain", NULL));
  json = qrx_metrics_to_json (metrics);
  g_assert_nonnull (strstr (json, "\"tissue\": \"Skin, \\\"other\\\"\""));
  g_assert_nonnull (strstr (json, "\"n\": 3"));
  qrx_metrics_set_number (metrics, "test", "plain", 2); /* again, as something else */
  g_assert_null (qrx_metrics_get_table (metrics, "test", "plain"));
}

static void
test_published_metrics_do_not_change (void)
{
  g_autoptr (QrxMetrics) metrics = new_metrics ();

  qrx_value_freeze (QRX_VALUE (metrics));
  g_test_expect_message ("Qrx", G_LOG_LEVEL_CRITICAL, "*may_set*");
  qrx_metrics_set_number (metrics, "test", "late", 1);
  g_test_assert_expected_messages ();
  g_assert_false (qrx_metrics_get_number (metrics, "test", "late", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metrics/scores", test_scores_come_back_as_they_were_set);
  g_test_add_func ("/metrics/order", test_the_order_is_that_of_setting);
  g_test_add_func ("/metrics/undefined", test_an_undefined_score_has_a_reason_and_no_number);
  g_test_add_func ("/metrics/not-finite", test_what_is_not_finite_is_undefined);
  g_test_add_func ("/metrics/json", test_json_has_the_documented_layout);
  g_test_add_func ("/metrics/several", test_metrics_of_several_nodes_are_told_apart_in_json);
  g_test_add_func ("/metrics/records", test_records_are_written_as_objects);
  g_test_add_func ("/metrics/published", test_published_metrics_do_not_change);
  return g_test_run ();
}

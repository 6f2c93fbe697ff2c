/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "node-fixture.h"

#include <glib/gstdio.h>
#include <qrx/qrx-history.h>
#include <qrx/qrx-metrics.h>
#include <qrx/qrx-predictions.h>
#include <string.h>

static void
write_value (NodeFixture *fixture, const char *type, const char *properties, QrxValue *first, QrxValue *second, GError **error)
{
  g_autoptr (QrxBundle) in = qrx_bundle_new ();
  g_autoptr (QrxBundle) out = NULL;

  qrx_bundle_append (in, "in", first);
  if (second != NULL)
    qrx_bundle_append (in, "in", second);
  out = node_fixture_run_bundle (fixture, type, properties, in, error);
}

static void
assert_file (NodeFixture *fixture, const char *name, const char *expected)
{
  g_autofree char *path = g_build_filename (fixture->directory, name, NULL);
  g_autofree char *text = NULL;
  g_autofree char *said = g_strconcat ("writes ", path, NULL);
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
  node_fixture_assert_said (fixture, said);
}

static QrxPredictions *
make_predictions (void)
{
  const char *const ids[] = { "SK-OV-3", "Hs 578T, \"clone\"", NULL };
  const guint8 roles[] = { QRX_ROLE_TRAIN, QRX_ROLE_TEST };
  const gsize n = 2;
  g_autoptr (GBytes) bytes = g_bytes_new (roles, 2);
  g_autoptr (QrxTensor) targets = qrx_tensor_new (QRX_DTYPE_F64, &n, 1);
  g_autoptr (QrxTensor) values = qrx_tensor_new (QRX_DTYPE_F64, &n, 1);
  g_autoptr (QrxTable) plain = qrx_table_new (ids, NULL);
  g_autoptr (QrxTable) table = NULL;

  qrx_tensor_set (targets, 0, -1.5);
  qrx_tensor_set (targets, 1, 0.0 / 0.0);
  qrx_tensor_set (values, 0, 0.1);
  g_assert_true (qrx_table_add_target (plain, "y", "ln µM", QRX_ORIENTATION_LOW_IS_SENSITIVE, targets, NULL));
  table = qrx_table_with_roles (plain, bytes, NULL);
  return qrx_predictions_new (table, 0, values, "fit", 0, NULL);
}

static void
test_predictions_are_written_as_csv (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxPredictions) predictions = make_predictions ();
  g_autoptr (GError) error = NULL;

  write_value (fixture, "predictions-writer", "{'path': 'p.csv'}", QRX_VALUE (predictions), NULL, &error);
  g_assert_no_error (error);
  assert_file (fixture, "p.csv", "id,role,target,prediction\nSK-OV-3,train,-1.5,0.1\n\"Hs 578T, \"\"clone\"\"\",test,,0.0\n");
}

static void
test_a_history_is_written_as_csv (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxHistory) history = qrx_history_new ();
  g_autofree char *csv = NULL;
  g_autoptr (GError) error = NULL;

  qrx_history_set (history, 0, "train-loss", 1.5);
  qrx_history_set (history, 1, "train-loss", 0.25);
  csv = qrx_history_to_csv (history);
  write_value (fixture, "history-writer", "{'path': 'h.csv'}", QRX_VALUE (history), NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (csv, "0.25"));
  assert_file (fixture, "h.csv", csv);
}

static void
test_metrics_of_several_evaluators_share_a_file (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxMetrics) hybrid = qrx_metrics_new ();
  g_autoptr (QrxMetrics) ridge = qrx_metrics_new ();
  g_autoptr (GError) error = NULL;

  qrx_metrics_set_producer (hybrid, "score-hybrid");
  qrx_metrics_set_number (hybrid, "test", "auc", 0.75);
  qrx_metrics_set_producer (ridge, "score-ridge");
  qrx_metrics_set_undefined (ridge, "test", "auc", "one class");
  write_value (fixture, "metrics-writer", "{'path': 'm.json'}", QRX_VALUE (hybrid), QRX_VALUE (ridge), &error);
  g_assert_no_error (error);
  assert_file (fixture, "m.json",
               "{\n  \"scores\": {\n"
               "    \"score-hybrid\": {\n      \"test\": {\n        \"auc\": 0.75\n      }\n    },\n"
               "    \"score-ridge\": {\n      \"test\": {\n        \"auc\": null,\n"
               "        \"reasons\": {\n          \"auc\": \"one class\"\n        }\n      }\n    }\n"
               "  }\n}\n");
}

static void
assert_refused (NodeFixture *fixture, const char *properties, const char *part)
{
  g_autoptr (QrxPredictions) predictions = make_predictions ();
  g_autoptr (GError) error = NULL;

  write_value (fixture, "predictions-writer", properties, QRX_VALUE (predictions), NULL, &error);
  g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE);
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_a_path_that_names_no_file_is_refused (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  assert_refused (fixture, "{}", "property \"path\": found nothing");
  assert_refused (fixture, "{'path': ''}", "property \"path\": found \"\"");
  assert_refused (fixture, "{'path': 'runs/'}", "property \"path\": found \"runs/\"");
}

static void
test_a_file_that_cannot_be_written_is_an_error (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxPredictions) predictions = make_predictions ();
  g_autoptr (GError) error = NULL;

  node_fixture_write (fixture, "occupied", "a file");
  write_value (fixture, "predictions-writer", "{'path': 'occupied/p.csv'}", QRX_VALUE (predictions), NULL, &error);
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "occupied/p.csv"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  NODE_TEST ("/sinks/predictions", test_predictions_are_written_as_csv);
  NODE_TEST ("/sinks/history", test_a_history_is_written_as_csv);
  NODE_TEST ("/sinks/metrics", test_metrics_of_several_evaluators_share_a_file);
  NODE_TEST ("/sinks/no-path", test_a_path_that_names_no_file_is_refused);
  NODE_TEST ("/sinks/not-writable", test_a_file_that_cannot_be_written_is_an_error);
  return g_test_run ();
}

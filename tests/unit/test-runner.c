/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "runner-types.h"

static QrxPipeline *
parse (const char *nodes)
{
  g_autoptr (QrxRegistry) registry = qrx_registry_new ();
  g_autofree char *text = g_strdup_printf ("{\"qrx\": \"1\", \"seed\": 5, \"nodes\": {%s}}", nodes);
  g_autoptr (GString) quoted = g_string_new (text);
  g_autoptr (GError) error = NULL;
  QrxPipeline *pipeline;

  qrx_registry_add (registry, source_node_get_type (), &error);
  qrx_registry_add (registry, adder_node_get_type (), error != NULL ? NULL : &error);
  qrx_registry_add (registry, narrow_node_get_type (), error != NULL ? NULL : &error);
  qrx_registry_add (registry, fail_node_get_type (), error != NULL ? NULL : &error);
  qrx_registry_add (registry, forget_node_get_type (), error != NULL ? NULL : &error);
  qrx_registry_add (registry, stop_node_get_type (), error != NULL ? NULL : &error);
  qrx_registry_add (registry, thread_node_get_type (), error != NULL ? NULL : &error);
  g_assert_no_error (error);
  g_string_replace (quoted, "'", "\"", 0);
  pipeline = qrx_pipeline_parse (registry, quoted->str, "f.json", NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return pipeline;
}

static const char diamond[] = "'sum': {'type': 'adder', 'from': ['twice', 'a', 'b']}, 'b': {'type': 'source', 'value': 3},"
                              "'a': {'type': 'source', 'value': 2}, 'twice': {'type': 'adder', 'from': ['a', 'a']}";

static void
test_nodes_run_after_what_they_need_and_lists_keep_their_order (void)
{
  g_autoptr (QrxPipeline) pipeline = parse (diamond);
  g_autoptr (QrxRunner) runner = qrx_runner_new (pipeline, NULL);
  g_autoptr (GError) error = NULL;
  QrxValue *sum;

  g_assert_true (qrx_runner_run (runner, NULL, &error));
  g_assert_no_error (error);
  sum = qrx_runner_get_value (runner, "sum", "out");
  g_assert_nonnull (sum);
  g_assert_true (qrx_value_is_frozen (sum));
  g_assert_cmpfloat (TEST_NUMBER (sum)->value, ==, 2223); /* 22, 2, 3 as decimal places */
  g_assert_cmpuint (qrx_context_get_seed (qrx_runner_get_context (runner)), ==, 5);
}

static void
test_values_go_when_nobody_needs_them_any_more (void)
{
  g_autoptr (QrxPipeline) pipeline = parse (
      "'a': {'type': 'source'}, 'b': {'type': 'adder', 'from': 'a'}, 'c': {'type': 'adder', 'from': 'b'},"
      "'d': {'type': 'adder', 'from': 'c'}, 'e': {'type': 'adder', 'from': 'd'}, 'f': {'type': 'adder', 'from': 'e'}");
  g_autoptr (QrxRunner) runner = qrx_runner_new (pipeline, NULL);
  g_autoptr (QrxRunner) keeper = g_object_new (QRX_TYPE_RUNNER, "pipeline", pipeline, "keep-values", TRUE, NULL);

  n_alive = most_alive = 0;
  g_assert_true (qrx_runner_run (runner, NULL, NULL));
  g_assert_cmpuint (most_alive, ==, 2);
  g_assert_cmpuint (n_alive, ==, 1);
  g_assert_null (qrx_runner_get_value (runner, "a", "out"));
  g_assert_nonnull (qrx_runner_get_value (runner, "f", "out"));
  g_assert_true (qrx_runner_run (keeper, NULL, NULL));
  g_assert_cmpuint (n_alive, ==, 7);
  g_assert_nonnull (qrx_runner_get_value (keeper, "a", "out"));
  g_clear_object (&runner);
  g_clear_object (&keeper);
  g_assert_cmpuint (n_alive, ==, 0);
}

typedef struct {
  GString *log;
  GThread *thread;
} Ears;

static void
on_started (Ears *ears, QrxNode *node)
{
  g_string_append_printf (ears->log, "+%s ", qrx_node_get_id (node));
}

static void
on_finished (Ears *ears, QrxNode *node, QrxBundle *out)
{
  g_assert_cmpuint (qrx_bundle_get_length (out, "out"), ==, 1);
  g_string_append_printf (ears->log, "-%s ", qrx_node_get_id (node));
}

static void
on_message (Ears *ears, const char *node, const char *text)
{
  g_assert_true (g_thread_self () == ears->thread);
  g_string_append_printf (ears->log, "%s:%s ", node, text);
}

static void
on_progress (Ears *ears, const char *node, double fraction, double whole, const char *text)
{
  g_string_append_printf (ears->log, "%s:%g/%g:%s ", node, fraction, whole, text);
}

static char *
listen (QrxPipeline *pipeline)
{
  g_autoptr (QrxRunner) runner = qrx_runner_new (pipeline, NULL);
  Ears ears = { g_string_new (NULL), g_thread_self () };

  g_signal_connect_swapped (runner, "node-started", G_CALLBACK (on_started), &ears);
  g_signal_connect_swapped (runner, "node-finished", G_CALLBACK (on_finished), &ears);
  g_signal_connect_swapped (runner, "message", G_CALLBACK (on_message), &ears);
  g_signal_connect_swapped (runner, "progress", G_CALLBACK (on_progress), &ears);
  g_assert_true (qrx_runner_run (runner, NULL, NULL));
  return g_string_free (ears.log, FALSE);
}

static void
test_a_run_tells_what_it_does_in_order (void)
{
  g_autoptr (QrxPipeline) pipeline = parse ("'a': {'type': 'source'}, 'b': {'type': 'adder', 'from': 'a'}");
  g_autofree char *log = listen (pipeline);

  g_assert_cmpstr (log, ==, "+a a:0.5/0.25:half way -a +b b:adding -b ");
}

static void
test_what_another_thread_says_is_told_in_the_thread_of_the_run (void)
{
  g_autoptr (QrxPipeline) pipeline = parse ("'t': {'type': 'thread'}");
  g_autofree char *log = listen (pipeline);

  g_assert_cmpstr (log, ==, "+t t:from elsewhere t:from here -t ");
}

static void
assert_fails (const char *nodes, GCancellable *cancellable, GQuark domain, int code, const char *message)
{
  g_autoptr (QrxPipeline) pipeline = parse (nodes);
  g_autoptr (QrxRunner) runner = qrx_runner_new (pipeline, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (qrx_runner_run (runner, cancellable, &error));
  g_assert_error (error, domain, code);
  if (message != NULL)
    g_assert_cmpstr (error->message, ==, message);
}

static void
test_a_failing_node_ends_the_run_under_its_name (void)
{
  assert_fails ("'a': {'type': 'source'}, 'bad': {'type': 'fail', 'from': 'a'}", NULL, QRX_RUN_ERROR,
                QRX_RUN_ERROR_NOT_FINITE, "f.json:1:60: bad: found a loss that is not finite");
}

static void
test_a_forgotten_output_is_an_error (void)
{
  assert_fails ("'lazy': {'type': 'forget'}", NULL, QRX_RUN_ERROR, QRX_RUN_ERROR_OUTPUT,
                "f.json:1:35: lazy: output \"out\": found nothing, expected flow:feature[B, W] of quantity \"feature\"");
}

static void
test_a_width_that_only_data_know_is_checked_when_it_arrives (void)
{
  assert_fails ("'a': {'type': 'source', 'width': 8}, 'thin': {'type': 'narrow', 'from': 'a'}", NULL, QRX_DATA_ERROR,
                QRX_DATA_ERROR_SHAPE,
                "f.json:1:72: thin: a.out carries flow:feature[10, 8]; thin.in takes flow:feature[10, 4] (thin.takes = 4)");
  {
    g_autoptr (QrxPipeline) pipeline = parse ("'a': {'type': 'source', 'width': 4}, 'thin': {'type': 'narrow', 'from': 'a'}");
    g_autoptr (QrxRunner) runner = qrx_runner_new (pipeline, NULL);

    g_assert_true (qrx_runner_run (runner, NULL, NULL));
  }
}

static void
test_cancelling_stops_before_and_between_nodes (void)
{
  g_autoptr (GCancellable) before = g_cancellable_new (), between = g_cancellable_new ();

  g_cancellable_cancel (before);
  assert_fails ("'a': {'type': 'source'}", before, G_IO_ERROR, G_IO_ERROR_CANCELLED, NULL);
  assert_fails ("'a': {'type': 'stop'}, 'b': {'type': 'fail', 'from': 'a'}", between, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                NULL);
}

static void
test_a_node_on_its_own_is_inferred_from_values (void)
{
  g_autoptr (QrxNode) node = g_object_new (narrow_node_get_type (), "id", "thin", NULL);
  g_autoptr (QrxBundle) in = qrx_bundle_new (), wide = qrx_bundle_new (), none = qrx_bundle_new ();
  g_autoptr (QrxShapeScope) scope = NULL;
  g_autoptr (GError) error = NULL, missing = NULL, good = NULL;

  put (in, "in", 0, 4);
  put (wide, "in", 0, 8);
  scope = qrx_node_infer (node, in, &good);
  g_assert_no_error (good);
  g_assert_cmpint (qrx_shape_scope_get_output (scope, "out", 0), ==, 10);
  g_assert_cmpint (qrx_shape_scope_get_output (scope, "out", 1), ==, 4);
  g_assert_null (qrx_node_infer (node, wide, &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
  g_assert_cmpstr (error->message, ==,
                   "thin: thin.in is given flow:feature[10, 8]; it takes flow:feature[10, 4] (thin.takes = 4)");
  g_assert_null (qrx_node_infer (node, none, &missing));
  g_assert_error (missing, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/runner/order", test_nodes_run_after_what_they_need_and_lists_keep_their_order);
  g_test_add_func ("/runner/release", test_values_go_when_nobody_needs_them_any_more);
  g_test_add_func ("/runner/signals", test_a_run_tells_what_it_does_in_order);
  g_test_add_func ("/runner/threads", test_what_another_thread_says_is_told_in_the_thread_of_the_run);
  g_test_add_func ("/runner/failure", test_a_failing_node_ends_the_run_under_its_name);
  g_test_add_func ("/runner/forgotten-output", test_a_forgotten_output_is_an_error);
  g_test_add_func ("/runner/data-width", test_a_width_that_only_data_know_is_checked_when_it_arrives);
  g_test_add_func ("/runner/cancel", test_cancelling_stops_before_and_between_nodes);
  g_test_add_func ("/runner/infer", test_a_node_on_its_own_is_inferred_from_values);
  return g_test_run ();
}

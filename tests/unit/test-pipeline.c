/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph-types.h"

#include <stdio.h>
#include <string.h>

static const char hybrid[] =
    "{ \"qrx\": \"1\", \"title\": \"A \\\"hybrid\\\"\", \"seed\": 7, \"nodes\": {\n"
    "  \"fit\": { \"type\": \"trainer\", \"from\": { \"in\": \"head\", \"monitors\": [\"crowd\"] } },\n"
    "  \"cohort\": { \"type\": \"cohort\", \"file\": \"expr.csv.gz\" },\n"
    "  \"split\": { \"type\": \"split\", \"from\": \"cohort\" },\n"
    "  \"encode\": { \"type\": \"encoder\", \"from\": \"split\", \"hidden\": [512, 128], \"width\": 4 },\n"
    "  \"normalize\": { \"type\": \"tanh-plain\", \"from\": \"encode.out\" },\n"
    "  \"quantum\": { \"type\": \"quantum\", \"from\": \"normalize\" },\n"
    "  \"both\": { \"type\": \"concat\", \"from\": [\"quantum\", \"encode\"] },\n"
    "  \"head\": { \"type\": \"linear\", \"from\": \"both\", \"quantity\": \"prediction\" },\n"
    "  \"crowd\": { \"type\": \"crowding\", \"from\": \"normalize\" },\n"
    "  \"write\": { \"type\": \"writer\", \"from\": \"fit.model\" }\n"
    "} }\n";

static QrxPipeline *
parse (QrxRegistry *registry, const char *text)
{
  g_autoptr (GError) error = NULL;
  QrxPipeline *pipeline = qrx_pipeline_parse (registry, text, "hybrid.json", NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return pipeline;
}

static void
assert_link (QrxPipeline *pipeline, const char *to, guint i, const char *from, const char *from_port, const char *to_port,
             const char *type)
{
  const QrxLink *link = qrx_pipeline_get_link (pipeline, qrx_pipeline_find_node (pipeline, to), i);

  g_assert_cmpstr (qrx_node_get_id (link->from), ==, from);
  g_assert_cmpstr (link->from_port, ==, from_port);
  g_assert_cmpstr (link->to_port, ==, to_port);
  g_assert_cmpstr (link->type, ==, type);
}

static void
test_a_file_becomes_a_graph_in_topological_order_with_types (void)
{
  const char *order[] = { "cohort", "split", "encode", "normalize", "quantum", "both", "head", "crowd", "fit", "write" };
  g_autoptr (QrxRegistry) registry = new_registry ();
  g_autoptr (QrxPipeline) pipeline = parse (registry, hybrid);

  g_assert_cmpuint (qrx_pipeline_get_seed (pipeline), ==, 7);
  g_assert_cmpstr (qrx_pipeline_get_name (pipeline), ==, "hybrid.json");
  g_assert_true (qrx_pipeline_get_registry (pipeline) == registry);
  g_assert_cmpuint (qrx_pipeline_get_n_nodes (pipeline), ==, G_N_ELEMENTS (order));
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    g_assert_cmpstr (qrx_node_get_id (qrx_pipeline_get_node (pipeline, i)), ==, order[i]);
  g_assert_cmpstr (qrx_node_get_position (qrx_pipeline_find_node (pipeline, "quantum")), ==, "hybrid.json:7:3");
  g_assert_null (qrx_pipeline_find_node (pipeline, "nothing"));
  assert_link (pipeline, "split", 0, "cohort", "out", "in", "table");
  assert_link (pipeline, "encode", 0, "split", "out", "in", "table:split");
  assert_link (pipeline, "quantum", 0, "normalize", "out", "in", "flow:angle[B, 4]");
  assert_link (pipeline, "both", 1, "encode", "out", "in", "flow:activation[B, 4]");
  assert_link (pipeline, "head", 0, "both", "out", "in", "flow:expectation[B, 8]");
  assert_link (pipeline, "fit", 0, "head", "out", "in", "flow:prediction[B, 1]");
  assert_link (pipeline, "fit", 1, "crowd", "out", "monitors", "monitor");
  assert_link (pipeline, "write", 0, "fit", "model", "model", "model");
}

static void
test_the_resolved_file_is_complete_and_resolves_to_itself (void)
{
  g_autoptr (QrxRegistry) registry = new_registry ();
  g_autoptr (QrxPipeline) pipeline = parse (registry, hybrid), again = NULL;
  g_autofree char *text = qrx_pipeline_to_json (pipeline), *second = NULL;

  again = parse (registry, text);
  second = qrx_pipeline_to_json (again);
  g_assert_cmpstr (text, ==, second);
  g_assert_nonnull (strstr (text, "\"type\": \"tanh\"")); /* the preset, spelled out */
  g_assert_nonnull (strstr (text, "\"in\": \"encode.out\""));
  g_assert_nonnull (strstr (text, "\"monitors\": [\"crowd.out\"]"));
  g_assert_nonnull (strstr (text, "\"layers\": 3"));
  g_assert_nonnull (strstr (text, "\"seed\": 7"));
  g_assert_null (strstr (text, "dropped"));
  assert_link (again, "quantum", 0, "normalize", "out", "in", "flow:angle[B, 4]");
}

static void
test_the_drawing_has_every_node_and_link_with_types (void)
{
  g_autoptr (QrxRegistry) registry = new_registry ();
  g_autoptr (QrxPipeline) pipeline = parse (registry, hybrid);
  g_autofree char *dot = qrx_pipeline_to_dot (pipeline);

  g_assert_true (g_str_has_prefix (dot, "digraph \"A \\\"hybrid\\\"\" {\n"));
  g_assert_nonnull (strstr (dot, "\"quantum\" [label=\"quantum\nquantum\""));
  g_assert_nonnull (strstr (dot, "\"normalize\" -> \"quantum\" [label=\"  flow:angle[B, 4]  \"];"));
  g_assert_nonnull (strstr (dot, "\"fit\" -> \"write\" [label=\"  model → model  \nmodel\", style=dashed];"));
  g_assert_true (g_str_has_suffix (dot, "}\n"));
}

static QrxNode *
add (QrxPipeline *pipeline, const char *type, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxNode) node = qrx_registry_create (qrx_pipeline_get_registry (pipeline), type, id, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (qrx_pipeline_add (pipeline, node, NULL));
  return qrx_pipeline_find_node (pipeline, id);
}

static void
test_a_graph_is_built_in_code (void)
{
  g_autoptr (QrxRegistry) registry = new_registry ();
  g_autoptr (QrxPipeline) pipeline = qrx_pipeline_new (registry);
  g_autoptr (GError) error = NULL;

  add (pipeline, "tanh", "normalize");
  add (pipeline, "encoder", "encode");
  add (pipeline, "split", "split");
  add (pipeline, "cohort", "cohort");
  g_assert_true (qrx_pipeline_link (pipeline, "cohort", "split", &error));
  g_assert_true (qrx_pipeline_link (pipeline, "split.out", "encode.in", &error));
  g_assert_true (qrx_pipeline_link (pipeline, "encode", "normalize", &error));
  g_assert_true (qrx_pipeline_validate (pipeline, NULL, &error));
  g_assert_cmpstr (qrx_node_get_id (qrx_pipeline_get_node (pipeline, 0)), ==, "cohort");
  g_assert_cmpuint (qrx_pipeline_get_n_links (pipeline, qrx_pipeline_find_node (pipeline, "cohort")), ==, 0);
  assert_link (pipeline, "normalize", 0, "encode", "out", "in", "flow:activation[B, 8]");
}

static void
assert_link_fails (QrxPipeline *pipeline, const char *from, const char *to, int code, const char *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (qrx_pipeline_link (pipeline, from, to, &error));
  g_assert_error (error, QRX_PIPELINE_ERROR, code);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_bad_links_in_code_are_refused_at_once_and_leave_nothing (void)
{
  g_autoptr (QrxRegistry) registry = new_registry ();
  g_autoptr (QrxPipeline) pipeline = qrx_pipeline_new (registry);
  g_autoptr (QrxNode) twin = g_object_new (part_cohort_get_type (), "id", "cohort", NULL);
  g_autoptr (QrxNode) odd = g_object_new (part_cohort_get_type (), "id", "Not an id", NULL);
  g_autoptr (GError) taken = NULL, no_id = NULL;
  QrxNode *split;

  add (pipeline, "cohort", "cohort");
  split = add (pipeline, "split", "split");
  assert_link_fails (pipeline, "cohrot", "split", QRX_PIPELINE_ERROR_UNKNOWN,
                     "split: found a link from \"cohrot\", there is no such node; did you mean \"cohort\"?");
  assert_link_fails (pipeline, "cohort", "splt", QRX_PIPELINE_ERROR_UNKNOWN,
                     "found a link to \"splt\", there is no such node; did you mean \"split\"?");
  assert_link_fails (pipeline, "cohort.model", "split", QRX_PIPELINE_ERROR_UNKNOWN,
                     "split: found a link from \"cohort.model\", a node of type \"cohort\" has no output of that name; "
                     "known are \"out\"");
  assert_link_fails (pipeline, "cohort", "split.data", QRX_PIPELINE_ERROR_UNKNOWN,
                     "split: found the input \"data\", a node of type \"split\" has none of that name; known are \"in\"");
  assert_link_fails (pipeline, "split", "cohort", QRX_PIPELINE_ERROR_LINK,
                     "cohort: a node of type \"cohort\" has no inputs");
  g_assert_cmpuint (qrx_pipeline_get_n_links (pipeline, split), ==, 0);
  g_assert_true (qrx_pipeline_link (pipeline, "cohort", "split", NULL));
  assert_link_fails (pipeline, "cohort", "split", QRX_PIPELINE_ERROR_LINK,
                     "split: found a second link, from \"cohort\", to the input \"in\"; it takes one");
  g_assert_cmpuint (qrx_pipeline_get_n_links (pipeline, split), ==, 1);
  g_assert_false (qrx_pipeline_add (pipeline, twin, &taken));
  g_assert_error (taken, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE);
  g_assert_false (qrx_pipeline_add (pipeline, odd, &no_id));
  g_assert_error (no_id, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE);
}

static void
test_a_graph_built_in_code_gives_the_same_messages_without_places (void)
{
  g_autoptr (QrxRegistry) registry = new_registry ();
  g_autoptr (QrxPipeline) pipeline = qrx_pipeline_new (registry);
  g_autoptr (GPtrArray) diagnostics = g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_diagnostic_unref);
  g_autoptr (GError) error = NULL;

  add (pipeline, "encoder", "encode");
  add (pipeline, "quantum", "quantum");
  g_assert_true (qrx_pipeline_link (pipeline, "encode", "quantum", NULL));
  g_assert_false (qrx_pipeline_validate (pipeline, diagnostics, &error));
  g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_INVALID);
  g_assert_cmpstr (error->message, ==,
                   "encode: found no link to the input \"in\", expected one that carries flow:feature[B, G]\n"
                   "encode.out carries flow:activation[B, 8]; quantum.in takes flow:angle[B, Q]: "
                   "put a normalizer between, or `identity-angle` to do it on purpose");
  g_assert_cmpuint (diagnostics->len, ==, 2);
  g_assert_cmpuint (qrx_diagnostic_get_line (diagnostics->pdata[0]), ==, 0);
  g_assert_null (qrx_diagnostic_get_file (diagnostics->pdata[0]));
  g_assert_cmpstr (qrx_diagnostic_get_node (diagnostics->pdata[1]), ==, "quantum");
}

static void
test_a_size_that_is_known_late_reaches_nodes_that_asked_before (void)
{
  g_autoptr (QrxRegistry) registry = new_registry ();
  g_autoptr (QrxPipeline) pipeline = parse (
      registry, "{\"qrx\": \"1\", \"nodes\": {\"c\": {\"type\": \"cohort\"}, \"s\": {\"type\": \"split\", \"from\": \"c\"},"
                "\"a\": {\"type\": \"same\", \"from\": \"s\"}, \"j\": {\"type\": \"concat\", \"from\": [\"a\", \"a\"]},"
                "\"m\": {\"type\": \"crowding\", \"from\": \"j\"}, \"g\": {\"type\": \"gate\", \"from\": \"a\"}}}");

  g_assert_cmpstr (qrx_node_get_id (qrx_pipeline_get_node (pipeline, 5)), ==, "g"); /* last, and it knows */
  assert_link (pipeline, "j", 1, "a", "out", "in", "flow:feature[B, 3]");
  assert_link (pipeline, "m", 0, "j", "out", "in", "flow:feature[B, 6]");
}

static void
test_a_file_is_loaded_with_its_folder_as_base (void)
{
  g_autoptr (QrxRegistry) registry = new_registry ();
  g_autofree char *folder = g_dir_make_tmp ("qrx-pipeline-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "p.json", NULL), *missing = g_build_filename (folder, "q.json", NULL);
  g_autoptr (QrxPipeline) pipeline = NULL;
  g_autoptr (GError) error = NULL, not_found = NULL;

  g_assert_true (g_file_set_contents (path, hybrid, -1, NULL));
  pipeline = qrx_pipeline_load (registry, path, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (qrx_pipeline_get_base_directory (pipeline), ==, folder);
  g_assert_cmpstr (qrx_pipeline_get_name (pipeline), ==, path);
  g_assert_null (qrx_pipeline_load (registry, missing, NULL, NULL, &not_found));
  g_assert_error (not_found, QRX_DATA_ERROR, QRX_DATA_ERROR_NOT_FOUND);
  g_assert_cmpint (remove (path), ==, 0);
  g_assert_cmpint (remove (folder), ==, 0);
}

static void
test_a_node_that_is_removed_takes_its_links_along (void)
{
  g_autoptr (QrxRegistry) registry = new_registry ();
  g_autoptr (QrxPipeline) pipeline = parse (registry, hybrid);
  g_autoptr (GError) error = NULL;

  g_assert_true (qrx_pipeline_remove (pipeline, "encode"));
  g_assert_false (qrx_pipeline_remove (pipeline, "encode"));
  g_assert_null (qrx_pipeline_find_node (pipeline, "encode"));
  g_assert_cmpuint (qrx_pipeline_get_n_links (pipeline, qrx_pipeline_find_node (pipeline, "both")), ==, 1);
  g_assert_cmpuint (qrx_pipeline_get_n_links (pipeline, qrx_pipeline_find_node (pipeline, "normalize")), ==, 0);
  g_assert_false (qrx_pipeline_validate (pipeline, NULL, &error));
  g_assert_nonnull (strstr (error->message, "normalize: found no link to the input \"in\""));
  g_assert_true (qrx_pipeline_remove (pipeline, "normalize"));
  add (pipeline, "encoder", "encode");
  g_assert_true (qrx_pipeline_link (pipeline, "split", "encode", NULL));
}

static void
test_faults_are_told_as_json (void)
{
  const char *bad = "{\"qrx\": \"1\",\n\"nodes\": {\"a\": {\"type\": \"cohrt\"}}}";
  g_autoptr (QrxRegistry) registry = new_registry ();
  g_autoptr (QrxPipeline) pipeline = parse (registry, hybrid);
  g_autoptr (GError) error = NULL;
  g_autofree char *good = qrx_pipeline_diagnose (pipeline);
  g_autofree char *faults = qrx_pipeline_diagnose_text (registry, bad, "f.json", NULL, NULL);
  g_autofree char *missing = qrx_pipeline_diagnose_file (registry, "/no/such/file.json", NULL, &error);

  g_assert_cmpstr (good, ==, "{\n  \"valid\": true,\n  \"diagnostics\": []\n}");
  g_assert_nonnull (strstr (faults, "\"valid\": false"));
  g_assert_nonnull (strstr (faults, "\"file\": \"f.json\""));
  g_assert_nonnull (strstr (faults, "\"line\": 2"));
  g_assert_nonnull (strstr (faults, "\"pointer\": \"/nodes/a/type\""));
  g_assert_nonnull (strstr (faults, "\"suggestion\": \"cohort\""));
  g_assert_null (missing);
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pipeline/file", test_a_file_becomes_a_graph_in_topological_order_with_types);
  g_test_add_func ("/pipeline/resolved", test_the_resolved_file_is_complete_and_resolves_to_itself);
  g_test_add_func ("/pipeline/drawing", test_the_drawing_has_every_node_and_link_with_types);
  g_test_add_func ("/pipeline/code", test_a_graph_is_built_in_code);
  g_test_add_func ("/pipeline/bad-links", test_bad_links_in_code_are_refused_at_once_and_leave_nothing);
  g_test_add_func ("/pipeline/messages-in-code", test_a_graph_built_in_code_gives_the_same_messages_without_places);
  g_test_add_func ("/pipeline/late-size", test_a_size_that_is_known_late_reaches_nodes_that_asked_before);
  g_test_add_func ("/pipeline/base-directory", test_a_file_is_loaded_with_its_folder_as_base);
  g_test_add_func ("/pipeline/remove", test_a_node_that_is_removed_takes_its_links_along);
  g_test_add_func ("/pipeline/faults-as-json", test_faults_are_told_as_json);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What layers refuse before anything runs, and how widths travel through a pipeline: the message names the culprit, and
 * its place is the property at fault. */
#include <qrx/qrx-pipeline.h>

#include "layer-case.h"

#include <string.h>

static QrxRegistry *registry;

/* A table of 40 genes, split; then the nodes given, one a line from line 4 on. */
static QrxPipeline *
parse (const char *nodes, GError **error)
{
  g_autofree char *text =
    g_strdup_printf ("{\"qrx\": \"1\", \"nodes\": {\n"
                     "\"cohort\": {\"type\": \"synthetic-cohort\", \"genes\": 40},\n"
                     "\"split\": {\"type\": \"split\", \"from\": \"cohort\"},\n%s}}",
                     nodes);

  return qrx_pipeline_parse (registry, text, "test.json", NULL, NULL, NULL, error);
}

static void
assert_refused (const char *nodes, const char *line, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxPipeline) pipeline = parse (nodes, &error);

  g_assert_null (pipeline);
  g_assert_cmpint (error->domain, ==, QRX_PIPELINE_ERROR);
  if (!g_str_has_prefix (error->message, line) || strstr (error->message, message) == NULL)
    g_error ("found \"%s\", expected \"%s: … %s\"", error->message, line, message);
}

static void
test_bounds_in_the_wrong_order_are_refused (void)
{
  assert_refused ("\"n\": {\"type\": \"min-max\", \"from\": \"e\",\n\"hi\": 1,\n\"lo\": 2},\n"
                  "\"e\": {\"type\": \"mlp-encoder\", \"from\": \"split\"}\n",
                  "test.json:6:", "found 2, expected a number below \"hi\", which is 1");
}

static void
test_more_columns_than_there_are_are_refused (void)
{
  /* The synthetic table's width is known only when it runs, so widths come from a layer here. */
  static const char narrow[]
      = "\"w\": {\"type\": \"linear\", \"from\": \"split\", \"width\": 5, \"quantity\": \"feature\"},\n";
  g_autofree char *select
      = g_strconcat (narrow, "\"s\": {\"type\": \"select-genes\", \"from\": \"w\",\n\"n\": 6}\n", NULL);
  g_autofree char *pca
      = g_strconcat (narrow, "\"s\": {\"type\": \"pca\", \"from\": \"w\",\n\"components\": 6}\n", NULL);

  assert_refused (select, "test.json:6:", "found 6, expected at most 5");
  assert_refused (pca, "test.json:6:", "found 6, expected at most 5");
}

static void
test_a_name_twice_is_refused (void)
{
  assert_refused ("\"s\": {\"type\": \"select-genes\", \"from\": \"split\",\n\"names\": [\"A\", \"B\", \"A\"]}\n",
                  "test.json:5:", "found \"A\" twice");
}

#define ENCODED(width) \
  "\"e\": {\"type\": \"mlp-encoder\", \"from\": \"split\", \"width\": " width "},\n" \
  "\"n\": {\"type\": \"moderated-tanh\", \"from\": \"e\"},\n"

static void
test_circuits_that_do_not_fit_are_refused (void)
{
  assert_refused (ENCODED ("31") "\"q\": {\"type\": \"quantum-layer\", \"from\": \"n\"}\n", "test.json:6:",
                  "31 angles come in");
  assert_refused (ENCODED ("4") "\"q\": {\"type\": \"quantum-layer\", \"encoding\": \"zz\", \"from\": \"n\"}\n", "test.json:6:",
                  "4 angles come in, which fit no number of qubits: the encoding \"zz\" takes 3 angles for 2 qubits");
  assert_refused (ENCODED ("3") "\"q\": {\"type\": \"quantum-layer\", \"from\": \"n\",\n"
                                "\"initial-weights\": \"identity-blocks\"}\n",
                  "test.json:7:", "\"mirrored\": true");
  assert_refused (ENCODED ("3") "\"q\": {\"type\": \"quantum-layer\", \"from\": \"n\", \"layout\": \"sim-1\",\n"
                                "\"entanglement\": \"ring\"}\n",
                  "test.json:", "\"sim-1\" has a pattern of its own");
  assert_refused ("\"e\": {\"type\": \"mlp-encoder\", \"from\": \"split\", \"width\": 6},\n"
                  "\"n\": {\"type\": \"amplitude-angles\", \"from\": \"e\"}\n",
                  "test.json:5:", "expected a power of two");
  assert_refused (ENCODED ("3") "\"q\": {\"type\": \"quantum-layer\", \"from\": \"n\",\n\"observables\": [\"ZZ\"]}\n",
                  "test.json:7:", "\"ZZ\" is not a Pauli string of 3 letters");
  assert_refused (
      ENCODED ("3") "\"q\": {\"type\": \"quantum-layer\", \"from\": \"n\",\n\"circuit\": {\"qubits\": 2, \"ops\": "
                    "[{\"gate\": \"rx\", \"wires\": [0], \"params\": [{\"input\": 1}]}], \"observables\": [\"ZZ\"]}}\n",
      "test.json:6:", "inputs of the circuit: 2");
  assert_refused (
      ENCODED ("3") "\"q\": {\"type\": \"quantum-layer\", \"from\": \"n\",\n\"circuit\": {\"qubits\": 2, \"ops\": [],"
                    " \"observables\": [\"ZZ\"]}}\n",
      "test.json:7:", "found a circuit with 0 inputs");
}

static void
test_a_circuit_excludes_layout_and_layers (void)
{
  assert_refused (
      ENCODED ("2") "\"q\": {\"type\": \"quantum-layer\", \"from\": \"n\", \"layers\": 2, \"circuit\": {\"qubits\": 2,"
                    " \"ops\": [{\"gate\": \"rx\", \"wires\": [0], \"params\": [{\"input\": 1}]}],"
                    " \"observables\": [\"ZZ\"]}}\n",
      "test.json:6:", "expected only one of them");
}

static void
test_activations_are_no_angles (void)
{
  assert_refused ("\"e\": {\"type\": \"mlp-encoder\", \"from\": \"split\"},\n"
                  "\"q\": {\"type\": \"quantum-layer\",\n\"from\": \"e\"}\n",
                  "test.json:6:", "e.out carries flow:activation[B, 8]; q.in takes flow:angle[B, Q]");
}

static void
test_widths_add_up_in_a_concat (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxPipeline) pipeline =
    parse (ENCODED ("3") "\"q\": {\"type\": \"quantum-layer\", \"from\": \"n\", \"observables\": [\"ZZI\", \"XII\"]},\n"
                         "\"c\": {\"type\": \"concat\", \"from\": {\"in\": [\"q\", \"e\"]}},\n"
                         "\"h\": {\"type\": \"linear\", \"from\": \"c\"}\n",
           &error);
  g_autofree char *dot = NULL;

  g_assert_no_error (error);
  dot = qrx_pipeline_to_dot (pipeline);
  g_assert_nonnull (strstr (dot, "expectation[B, 2]"));
  g_assert_nonnull (strstr (dot, "expectation[B, 5]"));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  registry = layer_case_load_registry ();
  g_test_add_func ("/layers/faults/bounds", test_bounds_in_the_wrong_order_are_refused);
  g_test_add_func ("/layers/faults/too-many", test_more_columns_than_there_are_are_refused);
  g_test_add_func ("/layers/faults/twice", test_a_name_twice_is_refused);
  g_test_add_func ("/layers/faults/circuits", test_circuits_that_do_not_fit_are_refused);
  g_test_add_func ("/layers/faults/exclusion", test_a_circuit_excludes_layout_and_layers);
  g_test_add_func ("/layers/faults/quantity", test_activations_are_no_angles);
  g_test_add_func ("/layers/faults/concat", test_widths_add_up_in_a_concat);
  status = g_test_run ();
  g_object_unref (registry);
  return status;
}

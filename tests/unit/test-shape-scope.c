/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph-types.h"

#include "graph/qrx-shape-scope-private.h"

static QrxShapeScope *
new_scope (QrxNode *node, QrxUnify *sizes)
{
  return qrx_shape_scope_new (QRX_NODE_GET_CLASS (node), node, qrx_node_get_id (node), sizes);
}

static gboolean
link_scopes (QrxShapeScope *from, GType from_type, const char *output, QrxShapeScope *to, GType to_type, const char *input,
             GError **error)
{
  QrxSource source;

  qrx_shape_scope_get_source (from, qrx_node_class_find_port (g_type_class_peek (from_type), output, TRUE), &source);
  return qrx_shape_scope_connect (to, qrx_node_class_find_port (g_type_class_peek (to_type), input, FALSE), &source, NULL,
                                  error);
}

static void
test_a_symbol_bound_to_a_property_is_settled_from_the_start (void)
{
  g_autoptr (QrxUnify) sizes = qrx_unify_new ();
  g_autoptr (QrxNode) node = g_object_new (part_encoder_get_type (), "id", "encode", "width", (gint64) 5, NULL);
  g_autoptr (QrxShapeScope) scope = new_scope (node, sizes);

  g_assert_cmpint (qrx_shape_scope_get (scope, "W"), ==, 5);
  g_assert_cmpint (qrx_shape_scope_get (scope, "G"), ==, -1);
  g_assert_cmpint (qrx_shape_scope_get (scope, "nothing"), ==, -1);
  g_assert_cmpint (qrx_shape_scope_get_output (scope, "out", 1), ==, 5);
  g_assert_cmpint (qrx_shape_scope_get_output (scope, "out", 0), ==, -1);
  g_assert_cmpint (qrx_shape_scope_get_output (scope, "out", 2), ==, -1);
  g_assert_cmpstr (qrx_shape_scope_get_quantity (scope, "out"), ==, "activation");
}

static void
test_sizes_flow_both_ways_over_a_link (void)
{
  g_autoptr (QrxUnify) sizes = qrx_unify_new ();
  g_autoptr (QrxNode) first = g_object_new (part_same_get_type (), "id", "a", NULL);
  g_autoptr (QrxNode) second = g_object_new (part_same_get_type (), "id", "b", NULL);
  g_autoptr (QrxShapeScope) a = new_scope (first, sizes), b = new_scope (second, sizes);
  g_autoptr (GError) error = NULL;

  g_assert_true (link_scopes (a, part_same_get_type (), "out", b, part_same_get_type (), "in", &error));
  g_assert_true (qrx_shape_scope_set (b, "W", 7, "b says so", &error));
  g_assert_cmpint (qrx_shape_scope_get (a, "W"), ==, 7);
  g_assert_false (qrx_shape_scope_set (a, "W", 8, "a says so", &error));
  g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK);
  g_assert_cmpstr (error->message, ==, "\"W\" is 7 (b: b says so), expected 8 (a says so)");
}

static void
test_a_conflict_names_both_ends_and_who_said_so (void)
{
  g_autoptr (QrxUnify) sizes = qrx_unify_new ();
  g_autoptr (QrxNode) normalize = g_object_new (part_tanh_get_type (), "id", "normalize", NULL);
  g_autoptr (QrxNode) quantum = g_object_new (part_quantum_get_type (), "id", "quantum", NULL);
  g_autoptr (QrxShapeScope) a = new_scope (normalize, sizes), b = new_scope (quantum, sizes);
  g_autoptr (GError) late = NULL, early = NULL;

  g_assert_true (qrx_shape_scope_set (a, "Q", 8, "eight of them", NULL));
  g_assert_true (link_scopes (a, part_tanh_get_type (), "out", b, part_quantum_get_type (), "in", NULL));
  g_assert_false (qrx_shape_scope_set (b, "Q", 4, "the circuit has 4 inputs", &late));
  g_assert_cmpstr (late->message, ==,
                   "normalize.out carries flow:angle[B, 8]; quantum.in takes flow:angle[B, 4] (the circuit has 4 inputs)");
  g_assert_cmpint (qrx_shape_scope_get_blamed (b), ==, 0);

  g_clear_object (&b);
  b = new_scope (quantum, sizes);
  g_assert_true (qrx_shape_scope_set (b, "Q", 4, "the circuit has 4 inputs", NULL));
  g_assert_false (link_scopes (a, part_tanh_get_type (), "out", b, part_quantum_get_type (), "in", &early));
  g_assert_cmpstr (early->message, ==,
                   "normalize.out carries flow:angle[B, 8] (normalize: eight of them); "
                   "quantum.in takes flow:angle[B, 4] (quantum: the circuit has 4 inputs)");
}

static void
test_links_of_a_list_have_sizes_of_their_own_but_share_the_rows (void)
{
  const GType same = part_same_get_type (), concat = part_concat_get_type ();
  g_autoptr (QrxUnify) sizes = qrx_unify_new ();
  g_autoptr (QrxNode) first = g_object_new (same, "id", "a", NULL), second = g_object_new (same, "id", "b", NULL);
  g_autoptr (QrxNode) join = g_object_new (concat, "id", "join", NULL);
  g_autoptr (QrxShapeScope) a = new_scope (first, sizes), b = new_scope (second, sizes), c = new_scope (join, sizes);

  g_assert_true (link_scopes (a, same, "out", c, concat, "in", NULL));
  g_assert_true (link_scopes (b, same, "out", c, concat, "in", NULL));
  g_assert_true (qrx_shape_scope_set (a, "W", 3, "three", NULL));
  g_assert_true (qrx_shape_scope_set (b, "W", 5, "five", NULL));
  g_assert_true (qrx_shape_scope_set (a, "B", 604, "rows", NULL));
  g_assert_cmpuint (qrx_shape_scope_get_n_links (c, "in"), ==, 2);
  g_assert_cmpint (qrx_shape_scope_get_link (c, "in", 0, 1), ==, 3);
  g_assert_cmpint (qrx_shape_scope_get_link (c, "in", 1, 1), ==, 5);
  g_assert_cmpint (qrx_shape_scope_get_link (c, "in", 2, 1), ==, -1);
  g_assert_cmpint (qrx_shape_scope_get_link (c, "in", 0, 2), ==, -1);
  g_assert_cmpint (qrx_shape_scope_get (b, "B"), ==, 604);
  g_assert_cmpint (qrx_shape_scope_get_output (c, "out", 0), ==, 604);
  g_assert_cmpint (qrx_shape_scope_get (c, "V"), ==, -1);
}

static void
test_an_open_quantity_is_that_of_the_first_flow_or_of_a_property (void)
{
  const GType same = part_same_get_type (), tanh = part_tanh_get_type (), linear = part_linear_get_type ();
  g_autoptr (QrxUnify) sizes = qrx_unify_new ();
  g_autoptr (QrxNode) normalize = g_object_new (tanh, "id", "normalize", NULL);
  g_autoptr (QrxNode) pass = g_object_new (same, "id", "pass", NULL);
  g_autoptr (QrxNode) head = g_object_new (linear, "id", "head", "quantity", "prediction", NULL);
  g_autoptr (QrxShapeScope) a = new_scope (normalize, sizes), b = new_scope (pass, sizes), c = new_scope (head, sizes);

  g_assert_null (qrx_shape_scope_get_quantity (b, "out"));
  g_assert_true (link_scopes (a, tanh, "out", b, same, "in", NULL));
  g_assert_true (link_scopes (b, same, "out", c, linear, "in", NULL));
  g_assert_cmpstr (qrx_shape_scope_get_quantity (b, "in"), ==, "angle");
  g_assert_cmpstr (qrx_shape_scope_get_quantity (b, "out"), ==, "angle");
  g_assert_cmpstr (qrx_shape_scope_get_quantity (c, "in"), ==, "angle");
  g_assert_cmpstr (qrx_shape_scope_get_quantity (c, "out"), ==, "prediction");
}

static void
test_a_symbol_that_no_port_has_is_refused (void)
{
  g_autoptr (QrxUnify) sizes = qrx_unify_new ();
  g_autoptr (QrxNode) node = g_object_new (part_same_get_type (), "id", "a", NULL);
  g_autoptr (QrxShapeScope) scope = new_scope (node, sizes);
  g_autoptr (GError) error = NULL;

  g_assert_false (qrx_shape_scope_set (scope, "Z", 3, "why not", &error));
  g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK);
}

int
main (int argc, char **argv)
{
  g_autoptr (QrxRegistry) registry = NULL;

  g_test_init (&argc, &argv, NULL);
  registry = new_registry ();
  g_test_add_func ("/shape-scope/property", test_a_symbol_bound_to_a_property_is_settled_from_the_start);
  g_test_add_func ("/shape-scope/both-ways", test_sizes_flow_both_ways_over_a_link);
  g_test_add_func ("/shape-scope/conflict", test_a_conflict_names_both_ends_and_who_said_so);
  g_test_add_func ("/shape-scope/list", test_links_of_a_list_have_sizes_of_their_own_but_share_the_rows);
  g_test_add_func ("/shape-scope/quantity", test_an_open_quantity_is_that_of_the_first_flow_or_of_a_property);
  g_test_add_func ("/shape-scope/unknown-symbol", test_a_symbol_that_no_port_has_is_refused);
  return g_test_run ();
}

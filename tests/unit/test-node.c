/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "node-types.h"

/* A child that changes the description, and one that adds nothing. */
typedef ToyNode ChildNode;
typedef ToyNodeClass ChildNodeClass;
GType child_node_get_type (void);
G_DEFINE_TYPE (ChildNode, child_node, toy_node_get_type ())

static void
child_node_class_init (ChildNodeClass *child_class)
{
  QrxNodeClass *klass = QRX_NODE_CLASS (child_class);

  qrx_node_class_set_name (klass, "child");
  qrx_node_class_add_input (klass, "in", "flow:any[B, W]", "anything");
  qrx_node_class_add_input (klass, "noise", "noise?", NULL);
  qrx_node_class_add_citation (klass, "arXiv:2401.00001");
}

static void
child_node_init (ChildNode *self G_GNUC_UNUSED)
{
}

typedef ToyNode PlainNode;
typedef ToyNodeClass PlainNodeClass;
GType plain_node_get_type (void);
G_DEFINE_TYPE (PlainNode, plain_node, toy_node_get_type ())

static void
plain_node_class_init (PlainNodeClass *klass G_GNUC_UNUSED)
{
}

static void
plain_node_init (PlainNode *self G_GNUC_UNUSED)
{
}

static void
test_a_child_inherits_ports_and_leaves_its_parent_alone (void)
{
  g_autoptr (GTypeClass) parent = g_type_class_ref (toy_node_get_type ());
  g_autoptr (GTypeClass) child = g_type_class_ref (child_node_get_type ());
  QrxNodeClass *toy = QRX_NODE_CLASS (parent), *kid = QRX_NODE_CLASS (child);
  QrxPort *port;

  g_assert_cmpuint (qrx_node_class_get_n_ports (toy), ==, 4);
  g_assert_cmpuint (qrx_node_class_get_n_ports (kid), ==, 5);
  port = qrx_node_class_find_port (toy, NULL, FALSE);
  g_assert_cmpstr (qrx_port_spec_get_text (qrx_port_get_spec (port)), ==, "flow:activation[B, Q]");
  port = qrx_node_class_find_port (kid, NULL, FALSE);
  g_assert_cmpstr (qrx_port_get_name (port), ==, "in");
  g_assert_cmpstr (qrx_port_spec_get_text (qrx_port_get_spec (port)), ==, "flow:any[B, W]");
  g_assert_null (qrx_node_class_find_port (toy, "noise", FALSE));
  g_assert_null (qrx_node_class_find_port (kid, "noise", TRUE));
  g_assert_nonnull (qrx_node_class_find_port (kid, "noise", FALSE));
  g_assert_cmpuint (g_strv_length ((char **) qrx_node_class_get_citations (toy)), ==, 1);
  g_assert_cmpuint (g_strv_length ((char **) qrx_node_class_get_citations (kid)), ==, 2);
  g_assert_cmpstr (qrx_node_class_get_category (kid), ==, "test");
}

static void
test_a_name_is_not_inherited (void)
{
  g_autoptr (GTypeClass) plain = g_type_class_ref (plain_node_get_type ());
  g_autoptr (GTypeClass) child = g_type_class_ref (child_node_get_type ());
  g_autoptr (QrxNode) node = g_object_new (plain_node_get_type (), NULL);

  g_assert_null (qrx_node_class_get_name (QRX_NODE_CLASS (plain)));
  g_assert_null (qrx_node_class_get_summary (QRX_NODE_CLASS (plain)));
  g_assert_cmpuint (qrx_node_class_get_n_presets (QRX_NODE_CLASS (plain)), ==, 0);
  g_assert_cmpuint (qrx_node_class_get_n_ports (QRX_NODE_CLASS (plain)), ==, 4);
  g_assert_cmpstr (qrx_node_get_type_name (node), ==, "PlainNode");
  g_assert_null (qrx_node_class_get_example (QRX_NODE_CLASS (child)));
}

static void
test_properties_are_kept_at_their_offsets_with_their_defaults (void)
{
  g_autoptr (QrxNode) node = g_object_new (child_node_get_type (), "id", "n", "count", (gint64) 5, "label", "hi", NULL);
  ToyNode *toy = TOY_NODE (node);
  g_autoptr (GVariant) hidden = NULL;
  g_autofree char *label = NULL;

  g_assert_cmpfloat (toy->factor, ==, 1e-3);
  g_assert_cmpint (toy->count, ==, 5);
  g_assert_true (toy->on);
  g_assert_cmpstr (toy->label, ==, "hi");
  g_assert_cmpstr (toy->mode, ==, "ring");
  g_assert_null (toy->data);
  g_assert_cmpfloat (qrx_scalar_get_value (toy->a), ==, 20);
  g_assert_cmpuint (g_variant_n_children (toy->weights), ==, 0);
  g_assert_nonnull (toy->genes);
  g_assert_null (toy->genes[0]);
  g_assert_true (isnan (toy->limit));
  g_object_get (node, "hidden", &hidden, "label", &label, NULL);
  g_assert_cmpuint (g_variant_n_children (hidden), ==, 2);
  g_assert_cmpstr (label, ==, "hi");
  g_assert_true (qrx_node_validate_properties (node, NULL));
}

static void
check_refused (QrxNode *taken, const char *message)
{
  g_autoptr (QrxNode) node = taken;
  g_autoptr (GError) error = NULL;

  toy_behaviour = TOY_WORKS;
  g_assert_false (qrx_node_resolve (node, NULL, &error));
  g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_values_set_from_code_are_refused_by_name_when_out_of_range (void)
{
  const GType type = toy_node_get_type ();
  gint64 widths[] = { 8, 0 };
  double weights[] = { 1.0 };
  g_autoptr (QrxScalar) steep = qrx_scalar_new (101, QRX_SCALAR_FIXED, 1, QRX_PARAMETERIZATION_DIRECT);
  g_autoptr (QrxScalar) still = qrx_scalar_new (1, QRX_SCALAR_SHARED, 0, QRX_PARAMETERIZATION_DIRECT);

  check_refused (g_object_new (type, "id", "n", "factor", 0.0, NULL),
                 "n: property \"factor\": found 0.0, expected a number in (0, inf)");
  check_refused (g_object_new (type, "id", "n", "factor", NAN, NULL),
                 "n: property \"factor\": found NaN, expected a number in (0, inf)");
  check_refused (g_object_new (type, "id", "n", "factor", INFINITY, NULL),
                 "n: property \"factor\": found inf, expected a number in (0, inf)");
  check_refused (g_object_new (type, "id", "n", "limit", INFINITY, NULL),
                 "n: property \"limit\": found inf, expected a number in [-1, 1]");
  check_refused (g_object_new (type, "id", "n", "position", "f.json:2:3", "count", (gint64) 65, NULL),
                 "f.json:2:3: n: property \"count\": found 65, expected an integer in [1, 64]");
  check_refused (g_object_new (type, "id", "n", "label", "\xff", NULL),
                 "n: property \"label\": found text that is not UTF-8, expected a string");
  check_refused (g_object_new (type, "id", "n", "label", NULL, NULL),
                 "n: property \"label\": found nothing, expected a string");
  check_refused (g_object_new (type, "id", "n", "mode", "rong", NULL),
                 "n: property \"mode\": found \"rong\", expected one of \"ring\", \"chain\", \"product\"; "
                 "did you mean \"ring\"?");
  check_refused (g_object_new (type, "id", "n", "a", steep, NULL),
                 "n: property \"a\": found 101.0, expected a trainable number in (0, 100]");
  check_refused (g_object_new (type, "id", "n", "a", still, NULL),
                 "n: property \"a\": found the rate 0.0, expected a number in (0, inf)");
  check_refused (g_object_new (type, "id", "n", "hidden",
                               g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, widths, 2, sizeof (gint64)), NULL),
                 "n: property \"hidden\": found 0, expected a list of integers in [1, 4096]");
  check_refused (g_object_new (type, "id", "n", "weights",
                               g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, weights, 1, sizeof (double)), NULL),
                 "n: property \"weights\": found 1.0, expected a list of numbers in [0, 1)");
}

/* Runs a node; the message of the failure, or NULL. */
static char *
run_node (ToyBehaviour behaviour, QrxBundle *in, QrxBundle *out, GCancellable *cancellable, GQuark domain, int code)
{
  g_autoptr (QrxNode) node = g_object_new (toy_node_get_type (), "id", "n", "position", "f.json:2:3", NULL);
  g_autoptr (QrxContext) context = qrx_context_new (7, 1, NULL, NULL);
  g_autoptr (GError) error = NULL;

  toy_behaviour = behaviour;
  if (qrx_node_run (node, in, out, context, cancellable, &error))
    {
      g_assert_no_error (error);
      return NULL;
    }
  g_assert_error (error, domain, code);
  return g_strdup (error->message);
}

static QrxBundle *
new_input (const char *quantity)
{
  QrxBundle *in = qrx_bundle_new ();
  g_autoptr (QrxValue) value = toy_value_new (quantity);

  qrx_bundle_set (in, "in", value);
  return in;
}

static void
test_a_run_freezes_what_it_made (void)
{
  g_autoptr (QrxBundle) in = new_input ("activation");
  g_autoptr (QrxBundle) out = qrx_bundle_new ();

  g_assert_null (run_node (TOY_WORKS, in, out, NULL, 0, 0));
  g_assert_true (qrx_value_is_frozen (qrx_bundle_get (out, "out")));
}

static void
test_every_way_to_fail_is_an_error_with_id_and_position (void)
{
  const struct {
    ToyBehaviour behaviour;
    GQuark domain;
    int code;
    const char *message;
  } cases[] = {
    { TOY_FAILS, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY, "no rows are left" },
    { TOY_FAILS_SILENTLY, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED,
      "toy failed without saying why: if it is written in Python, its traceback is above" },
    { TOY_SUCCEEDS_WITH_ERROR, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY, "no rows are left" },
    { TOY_THROWS, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED, "x is not a function" },
    { TOY_SETS_NOTHING, QRX_RUN_ERROR, QRX_RUN_ERROR_OUTPUT,
      "output \"out\": found nothing, expected flow:angle[B, Q] of quantity \"angle\"" },
    { TOY_SETS_WRONG_QUANTITY, QRX_RUN_ERROR, QRX_RUN_ERROR_OUTPUT,
      "output \"out\": found flow, expected flow:angle[B, Q] of quantity \"angle\"" },
    { TOY_SETS_TOO_MUCH, QRX_RUN_ERROR, QRX_RUN_ERROR_OUTPUT,
      "found a value at the output \"more\", which toy does not have" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (QrxBundle) in = new_input ("activation");
      g_autoptr (QrxBundle) out = qrx_bundle_new ();
      g_autofree char *message = run_node (cases[i].behaviour, in, out, NULL, cases[i].domain, cases[i].code);
      g_autofree char *expected = g_strconcat ("f.json:2:3: n: ", cases[i].message, NULL);

      g_assert_cmpstr (message, ==, expected);
    }
}

static void
test_inputs_of_another_kind_are_refused (void)
{
  g_autoptr (QrxBundle) none = qrx_bundle_new ();
  g_autoptr (QrxBundle) wrong = new_input ("feature");
  g_autoptr (QrxBundle) more = new_input ("activation");
  g_autoptr (QrxBundle) out = qrx_bundle_new ();
  g_autoptr (QrxValue) value = toy_value_new ("activation");
  g_autofree char *message = NULL;

  message = run_node (TOY_WORKS, none, out, NULL, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK);
  g_assert_cmpstr (message, ==, "f.json:2:3: n: input \"in\": found nothing, expected flow:activation[B, Q]");
  g_free (message);
  message = run_node (TOY_WORKS, wrong, out, NULL, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK);
  g_assert_nonnull (strstr (message, "n.in carries flow; in takes flow:activation[B, Q]"));
  g_free (message);
  qrx_bundle_set (more, "inn", value);
  message = run_node (TOY_WORKS, more, out, NULL, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK);
  g_assert_cmpstr (message, ==, "f.json:2:3: n: found a value at the input \"inn\", which toy does not have");
}

static void
test_a_cancelled_run_does_not_begin (void)
{
  g_autoptr (QrxBundle) in = new_input ("activation");
  g_autoptr (QrxBundle) out = qrx_bundle_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *message = NULL;

  g_cancellable_cancel (cancellable);
  message = run_node (TOY_WORKS, in, out, cancellable, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (g_str_has_prefix (message, "f.json:2:3: n: "));
  g_assert_null (qrx_bundle_get (out, "out"));
}

static void
test_a_prefix_is_put_once (void)
{
  g_autoptr (QrxNode) node = g_object_new (toy_node_get_type (), "id", "n", "position", "f.json:2:3", NULL);
  const char *const messages[] = { "wrong", "n: wrong", "f.json:2:3: n: wrong" };

  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED, messages[i]);

      qrx_node_prefix_error (node, &error);
      g_assert_cmpstr (error->message, ==, "f.json:2:3: n: wrong");
      g_assert_cmpstr (qrx_node_strip_prefix (node, error->message), ==, "wrong");
    }
}

static void
test_what_excludes_another_is_not_written_beside_it (void)
{
  g_autoptr (QrxNode) plain = g_object_new (toy_node_get_type (), NULL);
  g_autoptr (QrxNode) given = g_object_new (toy_node_get_type (), "circuit", "{\"qubits\": 2}", NULL);
  g_autoptr (JsonObject) written = qrx_node_properties_to_json (plain);
  g_autoptr (JsonObject) other = qrx_node_properties_to_json (given);

  g_assert_true (json_object_has_member (written, "mode"));
  g_assert_false (json_object_has_member (written, "circuit"));
  g_assert_false (json_object_has_member (written, "limit"));
  g_assert_true (json_object_has_member (other, "circuit"));
  g_assert_false (json_object_has_member (other, "mode"));
  g_assert_false (json_object_has_member (other, "count"));
}

static void
test_a_sealed_class_is_not_declared_on (void)
{
  g_autoptr (GTypeClass) klass = g_type_class_ref (plain_node_get_type ());

  qrx_node_class_seal (QRX_NODE_CLASS (klass));
  qrx_node_class_seal (QRX_NODE_CLASS (klass));
  g_test_expect_message ("Qrx", G_LOG_LEVEL_CRITICAL, "*PlainNode is registered*");
  qrx_node_class_set_name (QRX_NODE_CLASS (klass), "late");
  g_test_assert_expected_messages ();
  g_assert_null (qrx_node_class_get_name (QRX_NODE_CLASS (klass)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/node/inherits", test_a_child_inherits_ports_and_leaves_its_parent_alone);
  g_test_add_func ("/node/name-own", test_a_name_is_not_inherited);
  g_test_add_func ("/node/properties", test_properties_are_kept_at_their_offsets_with_their_defaults);
  g_test_add_func ("/node/out-of-range", test_values_set_from_code_are_refused_by_name_when_out_of_range);
  g_test_add_func ("/node/freezes", test_a_run_freezes_what_it_made);
  g_test_add_func ("/node/failures", test_every_way_to_fail_is_an_error_with_id_and_position);
  g_test_add_func ("/node/inputs", test_inputs_of_another_kind_are_refused);
  g_test_add_func ("/node/cancelled", test_a_cancelled_run_does_not_begin);
  g_test_add_func ("/node/prefix-once", test_a_prefix_is_put_once);
  g_test_add_func ("/node/exclusion-written", test_what_excludes_another_is_not_written_beside_it);
  g_test_add_func ("/node/sealed", test_a_sealed_class_is_not_declared_on);
  return g_test_run ();
}

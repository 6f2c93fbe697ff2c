/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph-types.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static const char base[] = "{ \"qrx\": \"1\", \"seed\": 1, \"nodes\": {\n"
                           "  \"c\": { \"type\": \"cohort\", \"file\": \"a.csv\" },\n"
                           "  \"s\": { \"type\": \"split\", \"from\": \"c\" },\n"
                           "  \"e\": { \"type\": \"encoder\", \"from\": \"s\", \"hidden\": [16, 8], \"width\": 4 },\n"
                           "  \"n\": { \"type\": \"tanh\", \"from\": \"e\", \"a\": 3 },\n"
                           "  \"q\": { \"type\": \"quantum\", \"from\": \"n\", \"layers\": 5, \"layout\": \"chain\" }\n"
                           "} }\n";

static QrxPipeline *
load (const char *const *overrides, GError **error)
{
  g_autoptr (QrxRegistry) registry = new_registry ();

  return qrx_pipeline_parse (registry, base, "f.json", NULL, overrides, NULL, error);
}

static QrxPipeline *
load_well (const char *const *overrides)
{
  g_autoptr (GError) error = NULL;
  QrxPipeline *pipeline = load (overrides, &error);

  g_assert_no_error (error);
  return pipeline;
}

#define LOAD(...) load_well ((const char *const[]){ __VA_ARGS__, NULL })

static Part *
part (QrxPipeline *pipeline, const char *id)
{
  return (Part *) qrx_pipeline_find_node (pipeline, id);
}

static char *
dropped (QrxPipeline *pipeline)
{
  return g_strjoinv (" ", (char **) qrx_pipeline_get_dropped (pipeline));
}

static void
test_values_are_json_or_else_strings (void)
{
  g_autoptr (QrxPipeline) pipeline = LOAD ("e.width=6", "e.hidden=[5]", "q.layout=ring", "c.file=123", "n.a=pi/2", "seed=99");
  g_autoptr (GVariant) hidden = NULL;
  g_autofree char *none = dropped (pipeline);

  g_assert_cmpint (part (pipeline, "e")->width, ==, 6);
  hidden = g_variant_get_child_value (part (pipeline, "e")->hidden, 0);
  g_assert_cmpint (g_variant_get_int64 (hidden), ==, 5);
  g_assert_cmpstr (part (pipeline, "q")->layout, ==, "ring");
  g_assert_cmpstr (part (pipeline, "c")->file, ==, "123");
  g_assert_cmpfloat (qrx_scalar_get_value (part (pipeline, "n")->a), ==, G_PI_2);
  g_assert_cmpuint (qrx_pipeline_get_seed (pipeline), ==, 99);
  g_assert_cmpstr (none, ==, "");
}

static void
test_a_path_changes_part_of_a_value (void)
{
  g_autoptr (QrxPipeline) pipeline = LOAD ("n.a.train=yes", "n.a.rate=10", "e.hidden.1=7");
  g_autoptr (QrxPipeline) plain = LOAD ("n.type=tanh", "n.a.value=4");
  const QrxScalar *a = part (pipeline, "n")->a;
  g_autoptr (GVariant) second = g_variant_get_child_value (part (pipeline, "e")->hidden, 1);

  g_assert_cmpfloat (qrx_scalar_get_value (a), ==, 3);
  g_assert_cmpint (qrx_scalar_get_train (a), ==, QRX_SCALAR_SHARED);
  g_assert_cmpfloat (qrx_scalar_get_rate (a), ==, 10);
  g_assert_cmpint (g_variant_get_int64 (second), ==, 7);
  g_assert_cmpfloat (qrx_scalar_get_value (part (plain, "n")->a), ==, 4);
}

static void
test_a_type_drops_what_it_lacks_and_says_so (void)
{
  g_autoptr (QrxPipeline) pipeline = LOAD ("n.type=sigmoid");
  g_autofree char *gone = dropped (pipeline), *text = qrx_pipeline_to_json (pipeline);

  g_assert_cmpstr (qrx_node_get_type_name (qrx_pipeline_find_node (pipeline, "n")), ==, "sigmoid");
  g_assert_cmpstr (gone, ==, "n.a");
  g_assert_nonnull (strstr (text, "\"dropped\": [\"n.a\"]"));
}

static void
test_a_preset_drops_what_it_fixes (void)
{
  g_autoptr (QrxPipeline) pipeline = LOAD ("n.type=tanh-plain");
  g_autofree char *gone = dropped (pipeline);

  g_assert_cmpfloat (qrx_scalar_get_value (part (pipeline, "n")->a), ==, 1);
  g_assert_cmpstr (gone, ==, "n.a");
}

static void
test_what_is_asked_for_survives_a_type_in_any_order (void)
{
  g_autoptr (QrxPipeline) pipeline = LOAD ("n.a=9", "n.type=tanh");
  g_autoptr (QrxPipeline) swapped = LOAD ("e.width=2", "e.type=linear", "e.quantity=activation");
  g_autofree char *gone = dropped (pipeline), *hidden = dropped (swapped);

  g_assert_cmpfloat (qrx_scalar_get_value (part (pipeline, "n")->a), ==, 9);
  g_assert_cmpstr (gone, ==, "");
  g_assert_cmpint (part (swapped, "e")->width, ==, 2);
  g_assert_cmpstr (hidden, ==, "e.hidden");
}

static void
test_of_properties_that_exclude_each_other_the_last_one_wins (void)
{
  const char *const circuit = "q.circuit={\"qubits\": 4}";
  g_autoptr (QrxPipeline) first = LOAD (circuit), second = LOAD (circuit, "q.layers=2");
  g_autofree char *gone = dropped (first), *back = dropped (second);

  g_assert_cmpstr (gone, ==, "q.layers q.layout");
  g_assert_nonnull (part (first, "q")->circuit);
  g_assert_cmpstr (back, ==, "q.layers q.layout q.circuit");
  g_assert_null (part (second, "q")->circuit);
  g_assert_cmpint (part (second, "q")->layers, ==, 2);
}

static void
test_the_resolved_file_remembers_what_was_dropped (void)
{
  g_autoptr (QrxRegistry) registry = new_registry ();
  g_autoptr (QrxPipeline) pipeline = LOAD ("n.type=sigmoid", "q.circuit={\"qubits\": 4}"), again = NULL;
  g_autofree char *text = qrx_pipeline_to_json (pipeline), *second = NULL;
  g_autoptr (GError) error = NULL;

  again = qrx_pipeline_parse (registry, text, "f.json", NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  second = qrx_pipeline_to_json (again);
  g_assert_cmpstr (text, ==, second);
}

static void
test_a_file_is_looked_for_in_the_working_directory (void)
{
  g_autofree char *folder = g_dir_make_tmp ("qrx-overrides-XXXXXX", NULL), *before = g_get_current_dir ();
  g_autofree char *path = g_build_filename (folder, "here.csv", NULL);
  g_autoptr (QrxPipeline) there = NULL, elsewhere = NULL;

  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
  g_assert_cmpint (g_chdir (folder), ==, 0);
  there = LOAD ("c.file=here.csv");
  elsewhere = LOAD ("c.file=not-here.csv");
  g_assert_cmpint (g_chdir (before), ==, 0);
  g_assert_cmpstr (part (there, "c")->file, ==, path);
  g_assert_cmpstr (part (elsewhere, "c")->file, ==, "not-here.csv");
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_a_link_can_be_set (void)
{
  g_autoptr (QrxPipeline) pipeline = LOAD ("q.from={\"in\": \"n.out\"}");

  g_assert_cmpuint (qrx_pipeline_get_n_links (pipeline, qrx_pipeline_find_node (pipeline, "q")), ==, 1);
}

typedef struct {
  const char *name;
  const char *override;
  int code;
  const char *message;
} Case;

static const Case cases[] = {
  { "no-value", "e.width", QRX_PIPELINE_ERROR_VALUE, "expected \"node.property=value\" or \"seed=number\"" },
  { "no-property", "e=3", QRX_PIPELINE_ERROR_VALUE, "expected \"node.property=value\" or \"seed=number\"" },
  { "empty-part", "e..x=3", QRX_PIPELINE_ERROR_VALUE, "expected \"node.property=value\" or \"seed=number\"" },
  { "node", "x.width=3", QRX_PIPELINE_ERROR_UNKNOWN,
    "found \"x\", there is no such node; known are \"c\", \"s\", \"e\", \"n\", \"q\"" },
  { "property", "e.widht=3", QRX_PIPELINE_ERROR_UNKNOWN,
    "found \"widht\", there is no such property; did you mean \"width\"?" },
  { "position", "e.position=3", QRX_PIPELINE_ERROR_UNKNOWN,
    "found \"position\", there is no such property; known are \"width\", \"hidden\"" },
  { "type", "e.type=encodr", QRX_PIPELINE_ERROR_UNKNOWN,
    "e: found the unknown type \"encodr\"; did you mean \"encoder\"?" },
  { "range", "e.width=0", QRX_PIPELINE_ERROR_VALUE, "e: property \"width\": found 0, expected an integer in [1, 64]" },
  { "kind", "e.width=wide", QRX_PIPELINE_ERROR_VALUE,
    "e: property \"width\": \"wide\", column 1: found \"wide\", expected a number, pi, sqrt or (; expected an integer in "
    "[1, 64]" },
  { "seed", "seed=-1", QRX_PIPELINE_ERROR_VALUE, "found the seed -1, expected an integer from 0 to 9223372036854775807" },
  { "below-a-number", "e.width.x=1", QRX_PIPELINE_ERROR_UNKNOWN,
    "found an integer at \"width\", which has nothing of that name in it" },
  { "element", "e.hidden.9=1", QRX_PIPELINE_ERROR_UNKNOWN,
    "found an array at \"hidden\", which has nothing of that name in it" },
  { "link", "q.from=nn", QRX_PIPELINE_ERROR_UNKNOWN,
    "q: found a link from \"nn\", there is no such node; did you mean \"n\"?" },
  { "quantity", "q.from=e", QRX_PIPELINE_ERROR_LINK,
    "e.out carries flow:activation[B, 4]; q.in takes flow:angle[B, Q]: put a normalizer between, or `identity-angle` "
    "to do it on purpose" },
};

static void
test_a_bad_override_is_named (gconstpointer data)
{
  const Case *this = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *message = g_strdup_printf ("f.json: in the override \"%s\": %s", this->override, this->message);

  g_assert_null (load ((const char *const[]){ this->override, NULL }, &error));
  g_assert_cmpstr (error->message, ==, message);
  g_assert_error (error, QRX_PIPELINE_ERROR, this->code);
}

static void
test_a_fault_of_the_file_is_not_put_on_an_override (void)
{
  const char text[] = "{ \"qrx\": \"1\", \"nodes\": {\n \"c\": { \"type\": \"cohort\", \"fiel\": 3 } } }";
  const char *const overrides[] = { "c.file=b.csv", "c.type=cohort", NULL };
  g_autoptr (QrxRegistry) registry = new_registry ();
  g_autoptr (GError) error = NULL;

  g_assert_null (qrx_pipeline_parse (registry, text, "f.json", NULL, overrides, NULL, &error));
  g_assert_cmpstr (error->message, ==,
                   "f.json:2:27: c: cohort has no property \"fiel\"; did you mean \"file\"?");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/overrides/values", test_values_are_json_or_else_strings);
  g_test_add_func ("/overrides/path", test_a_path_changes_part_of_a_value);
  g_test_add_func ("/overrides/type", test_a_type_drops_what_it_lacks_and_says_so);
  g_test_add_func ("/overrides/preset", test_a_preset_drops_what_it_fixes);
  g_test_add_func ("/overrides/order", test_what_is_asked_for_survives_a_type_in_any_order);
  g_test_add_func ("/overrides/exclusion", test_of_properties_that_exclude_each_other_the_last_one_wins);
  g_test_add_func ("/overrides/resolved", test_the_resolved_file_remembers_what_was_dropped);
  g_test_add_func ("/overrides/file", test_a_file_is_looked_for_in_the_working_directory);
  g_test_add_func ("/overrides/link", test_a_link_can_be_set);
  g_test_add_func ("/overrides/not-blamed", test_a_fault_of_the_file_is_not_put_on_an_override);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/overrides/bad/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_a_bad_override_is_named);
    }
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/qrx-json-private.h"
#include "graph/qrx-registry-private.h"
#include "node-types.h"

#include <string.h>

/* Types that differ from the toy in one thing each; what is wrong with it is in class_data. */
typedef void (*Declare) (QrxNodeClass *klass);

static void
declare_bad_class (gpointer klass, gpointer data)
{
  Declare *declare = data;

  (*declare) (klass);
}

static GType
define_type (const char *name, Declare *declare)
{
  const GTypeInfo info = {
    .class_size = sizeof (ToyNodeClass),
    .class_init = declare_bad_class,
    .class_data = declare,
    .instance_size = sizeof (ToyNode),
  };

  return g_type_register_static (QRX_TYPE_NODE, name, &info, 0);
}

static void
declare_named (QrxNodeClass *klass)
{
  qrx_node_class_set_name (klass, "bad-node");
  qrx_node_class_set_summary (klass, "Is wrong.");
}

static void
declare_no_name (QrxNodeClass *klass)
{
  qrx_node_class_set_summary (klass, "Has no name.");
}

static void
declare_no_summary (QrxNodeClass *klass)
{
  qrx_node_class_set_name (klass, "bad-node");
}

static void
declare_camel_case (QrxNodeClass *klass)
{
  qrx_node_class_set_name (klass, "BadNode");
  qrx_node_class_set_summary (klass, "Has a bad name.");
}

static void
declare_bad_port (QrxNodeClass *klass)
{
  declare_named (klass);
  qrx_node_class_add_input (klass, "in", "flow:angle[B", NULL);
  qrx_node_class_add_output (klass, "out", "flow?", NULL);
}

static void
declare_port_twice (QrxNodeClass *klass)
{
  declare_named (klass);
  qrx_node_class_add_input (klass, "in", "table", NULL);
  qrx_node_class_add_input (klass, "in", "model", NULL);
}

static void
declare_unbound_symbol (QrxNodeClass *klass)
{
  declare_named (klass);
  qrx_node_class_add_output (klass, "out", "flow:angle[B, W=width]", NULL);
}

static void
declare_reserved (QrxNodeClass *klass)
{
  declare_named (klass);
  qrx_node_class_add_boolean (klass, "from", G_STRUCT_OFFSET (ToyNode, on), TRUE, "taken");
}

static void
declare_property_twice (QrxNodeClass *klass)
{
  declare_named (klass);
  qrx_node_class_add_boolean (klass, "on", G_STRUCT_OFFSET (ToyNode, on), TRUE, "first");
  qrx_node_class_add_boolean (klass, "on", G_STRUCT_OFFSET (ToyNode, on), TRUE, "second");
}

static void
declare_bad_preset (QrxNodeClass *klass)
{
  declare_named (klass);
  qrx_node_class_add_integer (klass, "count", G_STRUCT_OFFSET (ToyNode, count), 1, 9, 3, NULL, "how many");
  qrx_node_class_add_preset (klass, "many", "{\"count\": 10}", "Too many.");
}

static void
declare_unknown_in_preset (QrxNodeClass *klass)
{
  declare_named (klass);
  qrx_node_class_add_preset (klass, "many", "{\"count\": 10}", "Of nothing.");
}

static void
declare_preset_named_as_type (QrxNodeClass *klass)
{
  declare_named (klass);
  qrx_node_class_add_preset (klass, "bad-node", "{}", "The same name.");
}

static void
declare_unknown_exclusion (QrxNodeClass *klass)
{
  declare_named (klass);
  qrx_node_class_add_exclusion (klass, "count", "mode");
}

static void
declare_bad_example (QrxNodeClass *klass)
{
  declare_named (klass);
  qrx_node_class_set_example (klass, "{\"properties\": }");
}

static void
declare_taken_name (QrxNodeClass *klass)
{
  qrx_node_class_set_name (klass, "toy-pi");
  qrx_node_class_set_summary (klass, "Has a preset's name.");
}

static void
declare_described_only (QrxNodeClass *klass)
{
  declare_named (klass);
  qrx_node_class_describe_property (klass, "speed", "m/s", NULL);
}

static QrxRegistry *
new_registry (void)
{
  QrxRegistry *registry = qrx_registry_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (qrx_registry_add (registry, toy_node_get_type (), &error));
  g_assert_no_error (error);
  return registry;
}

static void
test_a_bad_description_is_refused_with_its_fault (void)
{
  static struct {
    Declare declare;
    const char *message;
  } cases[] = {
    { declare_no_name, "the type has no name" },
    { declare_no_summary, "the type \"bad-node\" has no summary" },
    { declare_camel_case, "the type's name is \"BadNode\", expected kebab-case" },
    { declare_bad_port, "input \"in\": port spec \"flow:angle[B\", character 13: found the end, expected \",\" or \"]\"; "
                        "output \"out\"" },
    { declare_port_twice, "input \"in\" is declared twice" },
    { declare_unbound_symbol, "names the property \"width\", which is not declared" },
    { declare_reserved, "property \"from\": the name is taken in every node" },
    { declare_property_twice, "property \"on\" is declared twice" },
    { declare_bad_preset, "preset \"many\": property \"count\": found 10, expected an integer in [1, 9]" },
    { declare_unknown_in_preset, "preset \"many\" names the property \"count\", which is not declared" },
    { declare_preset_named_as_type, "the name \"bad-node\" is declared twice" },
    { declare_unknown_exclusion, "an exclusion names the property \"count\", which is not declared" },
    { declare_bad_example, "the example: " },
    { declare_taken_name, "the name \"toy-pi\" is taken by a preset of ToyNode" },
    { declare_described_only, "property \"speed\" is described but not declared" },
  };
  g_autoptr (QrxRegistry) registry = new_registry ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("BadNode%u", i);
      g_autofree char *prefix = g_strdup_printf ("cannot register %s: ", name);
      g_autoptr (GError) error = NULL;

      g_assert_false (qrx_registry_add (registry, define_type (name, &cases[i].declare), &error));
      g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE);
      g_test_message ("%s", error->message);
      g_assert_true (g_str_has_prefix (error->message, prefix));
      g_assert_nonnull (strstr (error->message, cases[i].message));
      g_assert_cmpuint (qrx_registry_lookup (registry, "bad-node", NULL), ==, G_TYPE_INVALID);
    }
}

static void
test_types_that_are_no_nodes_are_refused (void)
{
  g_autoptr (QrxRegistry) registry = qrx_registry_new ();
  const GType types[] = { G_TYPE_INVALID, G_TYPE_OBJECT, QRX_TYPE_NODE, G_TYPE_STRING };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (qrx_registry_add (registry, types[i], &error));
      g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE);
    }
}

static void
test_types_and_presets_share_the_names (void)
{
  g_autoptr (QrxRegistry) registry = new_registry ();
  g_auto (GStrv) types = qrx_registry_dup_names (registry, FALSE);
  g_auto (GStrv) all = qrx_registry_dup_names (registry, TRUE);
  const char *preset;

  g_assert_cmpuint (g_strv_length (types), ==, 1);
  g_assert_cmpuint (g_strv_length (all), ==, 2);
  g_assert_cmpuint (qrx_registry_lookup (registry, "toy-pi", &preset), ==, toy_node_get_type ());
  g_assert_cmpstr (preset, ==, "{\"a\": \"pi\", \"count\": 1}");
  g_assert_cmpuint (qrx_registry_lookup (registry, "toy", &preset), ==, toy_node_get_type ());
  g_assert_null (preset);
  g_assert_cmpuint (qrx_registry_lookup (registry, "tory", NULL), ==, G_TYPE_INVALID);
  g_assert_cmpstr (qrx_registry_suggest (registry, "tory"), ==, "toy");
  g_assert_null (qrx_registry_suggest (registry, "quantum-layer"));
}

static void
test_a_type_may_be_in_two_registries (void)
{
  g_autoptr (QrxRegistry) first = new_registry ();
  g_autoptr (QrxRegistry) second = new_registry ();

  g_assert_true (qrx_registry_add (first, toy_node_get_type (), NULL));
  g_assert_nonnull (qrx_registry_peek_class (second, "toy"));
}

static void
test_a_node_is_created_from_its_properties (void)
{
  g_autoptr (QrxRegistry) registry = new_registry ();
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxNode) node = qrx_registry_create (registry, "toy", "n", "{\"factor\": \"pi\", \"hidden\": [4]}", &error);
  g_autoptr (QrxNode) preset = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (qrx_node_get_id (node), ==, "n");
  g_assert_cmpfloat (TOY_NODE (node)->factor, ==, G_PI);
  g_assert_cmpint (TOY_NODE (node)->count, ==, 3);
  preset = qrx_registry_create (registry, "toy-pi", NULL, "{\"factor\": 2}", &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (qrx_scalar_get_value (TOY_NODE (preset)->a), ==, G_PI);
  g_assert_cmpint (TOY_NODE (preset)->count, ==, 1);
  g_assert_cmpstr (qrx_node_get_id (preset), ==, "toy");
}

static void
check_not_created (const char *type, const char *properties, QrxPipelineError code, const char *message)
{
  g_autoptr (QrxRegistry) registry = new_registry ();
  g_autoptr (GError) error = NULL;

  g_assert_null (qrx_registry_create (registry, type, "n", properties, &error));
  g_assert_error (error, QRX_PIPELINE_ERROR, (int) code);
  g_test_message ("%s", error->message);
  g_assert_true (g_str_has_prefix (error->message, message));
}

static void
test_a_node_knows_the_registry_that_made_it (void)
{
  QrxRegistry *registry = qrx_registry_new ();
  g_autoptr (QrxNode) alone = g_object_new (toy_node_get_type (), NULL);
  g_autoptr (QrxNode) node = NULL;

  g_assert_true (qrx_registry_add (registry, toy_node_get_type (), NULL));
  node = qrx_registry_create (registry, "toy", "n", NULL, NULL);
  g_assert_null (qrx_node_get_registry (alone));
  g_assert_true (qrx_node_get_registry (node) == registry);
  g_object_unref (registry); /* the node holds it */
  g_assert_true (QRX_IS_REGISTRY (qrx_node_get_registry (node)));
}

static void
test_every_fault_of_a_node_is_told (void)
{
  check_not_created ("tory", NULL, QRX_PIPELINE_ERROR_UNKNOWN, "n: found the unknown type \"tory\"; did you mean \"toy\"?");
  check_not_created ("toy", "{\"factr\": 1}", QRX_PIPELINE_ERROR_UNKNOWN,
                     "n: toy has no property \"factr\"; did you mean \"factor\"?");
  check_not_created ("toy", "{\"id\": \"x\"}", QRX_PIPELINE_ERROR_UNKNOWN, "n: toy has no property \"id\"");
  check_not_created ("toy", "{\"from\": \"x\"}", QRX_PIPELINE_ERROR_UNKNOWN, "n: toy has no property \"from\"");
  check_not_created ("toy", "[]", QRX_PIPELINE_ERROR_VALUE, "found an array, expected an object of properties");
  check_not_created ("toy-pi", "{\"a\": 2}", QRX_PIPELINE_ERROR_VALUE,
                     "n: property \"a\" is fixed by the preset \"toy-pi\"; use the type \"toy\" to set it");
  check_not_created ("toy-pi", "{\"circuit\": {}}", QRX_PIPELINE_ERROR_VALUE,
                     "n: property \"circuit\": the preset \"toy-pi\" sets \"count\", and only one of them may be given");
  check_not_created ("toy", "{\"mode\": \"ring\", \"circuit\": {}}", QRX_PIPELINE_ERROR_VALUE,
                     "n: property \"circuit\": found beside \"mode\", expected only one of them");
  check_not_created ("toy", "{\"count\": 0, \"on\": 1}", QRX_PIPELINE_ERROR_INVALID,
                     "n: property \"count\": found 0, expected an integer in [1, 64]\n"
                     "property \"on\": found 1, expected a boolean");
}

static JsonObject *
get_member (JsonObject *object, const char *path)
{
  g_auto (GStrv) keys = g_strsplit (path, "/", -1);

  for (guint i = 0; keys[i] != NULL; i++)
    {
      g_assert_true (json_object_has_member (object, keys[i]));
      object = json_object_get_object_member (object, keys[i]);
    }
  return object;
}

static void
test_a_description_has_all_that_was_declared (void)
{
  g_autoptr (QrxRegistry) registry = new_registry ();
  g_autofree char *text = qrx_registry_describe (registry, "toy-pi", NULL);
  g_autoptr (JsonNode) root = qrx_json_scan (text, strlen (text), NULL, NULL, NULL);
  JsonObject *toy = json_node_get_object (root);
  JsonObject *factor = json_array_get_object_element (json_object_get_array_member (toy, "properties"), 0);
  JsonObject *in = json_array_get_object_element (json_object_get_array_member (toy, "inputs"), 0);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (json_object_get_string_member (toy, "name"), ==, "toy");
  g_assert_cmpstr (json_object_get_string_member (toy, "preset"), ==, "toy-pi");
  g_assert_cmpstr (json_object_get_string_member (toy, "category"), ==, "test");
  g_assert_cmpstr (json_object_get_string_member (factor, "name"), ==, "factor");
  g_assert_cmpstr (json_object_get_string_member (factor, "kind"), ==, "number");
  g_assert_cmpstr (json_object_get_string_member (factor, "unit"), ==, "µM");
  g_assert_cmpstr (json_object_get_string_member (in, "spec"), ==, "flow:activation[B, Q]");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (toy, "properties")), ==, 12);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (toy, "citations")), ==, 1);
  g_assert_true (json_object_has_member (toy, "example"));
  g_assert_null (qrx_registry_describe (registry, "tory", &error));
  g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_UNKNOWN);
}

static void
test_the_schema_knows_types_ports_and_presets (void)
{
  g_autoptr (QrxRegistry) registry = new_registry ();
  g_autofree char *text = qrx_registry_schema (registry);
  g_autoptr (JsonNode) root = qrx_json_scan (text, strlen (text), NULL, NULL, NULL);
  JsonObject *schema = json_node_get_object (root);
  JsonObject *toy = get_member (schema, "definitions/type-toy/properties");
  JsonObject *preset = get_member (schema, "definitions/type-toy-pi/properties");

  g_assert_true (json_object_has_member (toy, "a"));
  g_assert_true (json_object_has_member (toy, "from"));
  g_assert_true (json_object_has_member (preset, "factor"));
  g_assert_false (json_object_has_member (preset, "a"));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (get_member (schema, "definitions/type-toy"), "allOf")),
                    ==, 2);
}

static void
test_plugin_folders_that_do_not_exist_are_named (void)
{
  g_autoptr (QrxRegistry) registry = qrx_registry_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (qrx_registry_load_plugins (registry, "/nonexistent/plugins", &error));
  g_assert_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES);
  g_assert_nonnull (strstr (error->message, "/nonexistent/plugins"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/registry/bad-description", test_a_bad_description_is_refused_with_its_fault);
  g_test_add_func ("/registry/no-node", test_types_that_are_no_nodes_are_refused);
  g_test_add_func ("/registry/names", test_types_and_presets_share_the_names);
  g_test_add_func ("/registry/two", test_a_type_may_be_in_two_registries);
  g_test_add_func ("/registry/create", test_a_node_is_created_from_its_properties);
  g_test_add_func ("/registry/known", test_a_node_knows_the_registry_that_made_it);
  g_test_add_func ("/registry/faults", test_every_fault_of_a_node_is_told);
  g_test_add_func ("/registry/describe", test_a_description_has_all_that_was_declared);
  g_test_add_func ("/registry/schema", test_the_schema_knows_types_ports_and_presets);
  g_test_add_func ("/registry/no-folder", test_plugin_folders_that_do_not_exist_are_named);
  return g_test_run ();
}

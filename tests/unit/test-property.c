/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/qrx-json-private.h"
#include "node-types.h"

#include <glib/gstdio.h>
#include <string.h>

static GParamSpec *
get_pspec (const char *name)
{
  return qrx_node_class_find_property (g_type_class_ref (toy_node_get_type ()), name);
}

static JsonNode *
scan (const char *json)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = qrx_json_scan (json, strlen (json), NULL, NULL, &error);

  g_assert_no_error (error);
  return node;
}

/* What comes back when a value is read and written again. */
static void
check_round_trip (const char *property, const char *json, const char *written)
{
  GParamSpec *pspec = get_pspec (property);
  g_autoptr (JsonNode) node = scan (json), back = NULL;
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_true (qrx_property_from_json (pspec, node, NULL, &value, &error));
  g_assert_no_error (error);
  back = qrx_property_to_json (pspec, &value);
  text = qrx_json_to_compact_string (back);
  g_assert_cmpstr (text, ==, written);
}

static void
test_every_kind_is_read_and_written (void)
{
  check_round_trip ("factor", "2", "2.0");
  check_round_trip ("factor", "\"pi/2\"", "1.5707963267948966");
  check_round_trip ("count", "64", "64");
  check_round_trip ("count", "6.0", "6");
  check_round_trip ("count", "\"2*3\"", "6");
  check_round_trip ("on", "false", "false");
  check_round_trip ("label", "\"µ\"", "\"µ\"");
  check_round_trip ("mode", "\"chain\"", "\"chain\"");
  check_round_trip ("data", "\"a.csv\"", "\"a.csv\"");
  check_round_trip ("data", "null", "null");
  check_round_trip ("circuit", "{\"qubits\": 2}", "{\"qubits\":2}");
  check_round_trip ("circuit", "[1, 2]", "[1,2]");
  check_round_trip ("circuit", "{\"text\": \"OPENQASM 2.0;\"}", "{\"text\":\"OPENQASM 2.0;\"}");
  check_round_trip ("circuit", "null", "null");
  check_round_trip ("a", "3", "3.0");
  check_round_trip ("a", "\"pi\"", "3.141592653589793");
  check_round_trip ("a", "{\"train\": \"no\"}", "20.0");
  check_round_trip ("a", "{\"value\": \"pi\", \"train\": \"per-qubit\", \"rate\": 10, \"parameterization\": \"softplus\"}",
                    "{\"value\":3.141592653589793,\"train\":\"per-qubit\",\"rate\":10.0,\"parameterization\":\"softplus\"}");
  check_round_trip ("hidden", "[8, \"2^4\"]", "[8,16]");
  check_round_trip ("hidden", "[]", "[]");
  check_round_trip ("weights", "[0, \"1/4\"]", "[0.0,0.25]");
  check_round_trip ("genes", "[\"TP53\", \"EGFR\"]", "[\"TP53\",\"EGFR\"]");
  check_round_trip ("limit", "null", "null");
  check_round_trip ("limit", "-1", "-1.0");
}

static void
check_refused (const char *property, const char *json, const char *message)
{
  g_autoptr (JsonNode) node = scan (json);
  GValue value = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  g_assert_false (qrx_property_from_json (get_pspec (property), node, NULL, &value, &error));
  g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE);
  g_assert_false (G_IS_VALUE (&value));
  g_test_message ("%s", error->message);
  if (strstr (error->message, message) == NULL)
    g_assert_cmpstr (error->message, ==, message);
}

static void
test_wrong_types_are_refused (void)
{
  check_refused ("factor", "true", "property \"factor\": found true, expected a number in (0, inf)");
  check_refused ("factor", "null", "found null");
  check_refused ("factor", "\"fast\"", "property \"factor\": ");
  check_refused ("count", "true", "property \"count\": found true, expected an integer in [1, 64]");
  check_refused ("count", "2.5", "found 2.5, expected an integer");
  check_refused ("count", "\"pi\"", "found \"pi\", expected an integer");
  check_refused ("count", "1e300", "expected an integer");
  check_refused ("on", "1", "property \"on\": found 1, expected a boolean");
  check_refused ("on", "\"true\"", "found \"true\", expected a boolean");
  check_refused ("label", "3", "property \"label\": found 3, expected a string");
  check_refused ("mode", "[\"ring\"]", "found [\"ring\"], expected one of \"ring\"");
  check_refused ("data", "{}", "property \"data\": found {}, expected a file name");
  check_refused ("circuit", "3", "property \"circuit\": found 3, expected a file name or object");
  check_refused ("a", "[1]", "property \"a\": found [1], expected a trainable number in (0, 100]");
  check_refused ("a", "{\"value\": 1, \"tain\": \"yes\"}", "found the unknown key \"tain\"; did you mean \"train\"?");
  check_refused ("a", "{\"value\": 1, \"train\": true}", "property \"a\": found true as \"train\"");
  check_refused ("a", "{\"value\": 1, \"parameterization\": \"softpluss\"}", "did you mean \"softplus\"?");
  check_refused ("hidden", "8", "property \"hidden\": found 8, expected a list of integers in [1, 4096]");
  check_refused ("hidden", "[8, true]", "found true, expected a list of integers");
  check_refused ("weights", "{}", "expected a list of numbers in [0, 1)");
  check_refused ("genes", "[\"TP53\", 7]", "property \"genes\": found [\"TP53\",7], expected a list of strings");
}

static void
test_values_out_of_range_are_refused (void)
{
  check_refused ("factor", "0", "property \"factor\": found 0.0, expected a number in (0, inf)");
  check_refused ("factor", "-1e-9", "expected a number in (0, inf)");
  check_refused ("count", "0", "property \"count\": found 0, expected an integer in [1, 64]");
  check_refused ("count", "65", "found 65, expected");
  check_refused ("count", "-9223372036854775808", "found -9223372036854775808, expected");
  check_refused ("mode", "\"rings\"",
                 "found \"rings\", expected one of \"ring\", \"chain\", \"product\"; did you mean \"ring\"?");
  check_refused ("a", "100.5", "property \"a\": found 100.5, expected a trainable number in (0, 100]");
  check_refused ("a", "{\"value\": -1}", "found -1.0");
  check_refused ("a", "{\"value\": 1, \"rate\": 0}", "found the rate 0.0, expected a number in (0, inf)");
  check_refused ("hidden", "[8, 0]", "property \"hidden\": found 0, expected a list of integers in [1, 4096]");
  check_refused ("weights", "[1]", "property \"weights\": found 1.0, expected a list of numbers in [0, 1)");
  check_refused ("limit", "1.5", "property \"limit\": found 1.5, expected a number in [-1, 1]");
}

static void
test_a_document_is_loaded_beside_the_pipeline_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("qrx-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "my.qasm", NULL);
  g_autofree char *bad = g_build_filename (folder, "bad.qasm", NULL);
  g_autoptr (JsonNode) name = scan ("\"my.qasm\""), bad_name = scan ("\"bad.qasm\""), other = scan ("\"other.qasm\"");
  g_auto (GValue) value = G_VALUE_INIT;
  GValue none = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "OPENQASM 2.0;\n", -1, NULL));
  g_assert_true (g_file_set_contents (bad, "\xff\xfe", -1, NULL));
  g_assert_true (qrx_property_from_json (get_pspec ("circuit"), name, folder, &value, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (g_value_get_string (&value), ==, "OPENQASM 2.0;\n");
  g_assert_false (qrx_property_from_json (get_pspec ("circuit"), bad_name, folder, &none, &error));
  g_assert_nonnull (strstr (error->message, "not UTF-8"));
  g_clear_error (&error);
  g_assert_false (qrx_property_from_json (get_pspec ("circuit"), other, folder, &none, &error));
  g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE);
  g_assert_nonnull (strstr (error->message, "property \"circuit\": cannot read the file \"other.qasm\""));
  g_remove (path);
  g_remove (bad);
  g_rmdir (folder);
}

static void
test_types_are_described (void)
{
  const struct {
    const char *property;
    const char *text;
  } cases[] = {
    { "factor", "number in (0, inf), default 0.001, µM" },
    { "count", "integer in [1, 64], default 3" },
    { "on", "boolean, default true" },
    { "mode", "one of \"ring\", \"chain\", \"product\", default \"ring\"" },
    { "data", "file name" },
    { "a", "trainable number in (0, 100], default 20.0" },
    { "hidden", "list of integers in [1, 4096], default [512,128]" },
    { "weights", "list of numbers in [0, 1), default []" },
    { "limit", "number in [-1, 1]" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = qrx_property_describe_type (get_pspec (cases[i].property));

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
check_schema (const char *property, const char *expected)
{
  g_autoptr (JsonNode) schema = qrx_property_to_schema (get_pspec (property));
  g_autofree char *text = qrx_json_to_compact_string (schema);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_schemas_have_range_and_default (void)
{
  check_schema ("factor", "{\"anyOf\":[{\"type\":\"number\",\"exclusiveMinimum\":0.0},{\"type\":\"string\"}],"
                          "\"description\":\"a factor (µM)\",\"default\":0.001}");
  check_schema ("mode", "{\"enum\":[\"ring\",\"chain\",\"product\"],\"description\":\"a choice\",\"default\":\"ring\"}");
  check_schema ("data", "{\"type\":\"string\",\"description\":\"a data file\"}");
}

/* GObject properties as a script has them: with a range of their own, in narrower types. */
static void
test_properties_of_scripts_are_understood (void)
{
  g_autoptr (GParamSpec) narrow =
      g_param_spec_ref_sink (g_param_spec_int ("narrow", NULL, NULL, -5, 300, 0, G_PARAM_READWRITE));
  g_autoptr (GParamSpec) single =
      g_param_spec_ref_sink (g_param_spec_float ("single", NULL, NULL, 0, 2, 1, G_PARAM_READWRITE));
  g_autoptr (GParamSpec) object =
      g_param_spec_ref_sink (g_param_spec_object ("object", NULL, NULL, G_TYPE_OBJECT, G_PARAM_READWRITE));
  g_autoptr (JsonNode) wide = scan ("4294967296"), fits = scan ("299"), half = scan ("0.5");
  g_auto (GValue) value = G_VALUE_INIT, float_value = G_VALUE_INIT;
  GValue none = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  g_assert_false (qrx_property_from_json (narrow, wide, NULL, &none, &error));
  g_assert_cmpstr (error->message, ==, "property \"narrow\": found 4294967296, expected an integer in [-5, 300]");
  g_assert_true (qrx_property_from_json (narrow, fits, NULL, &value, NULL));
  g_assert_cmpint (g_value_get_int (&value), ==, 299);
  g_assert_true (qrx_property_from_json (single, half, NULL, &float_value, NULL));
  g_assert_cmpfloat (g_value_get_float (&float_value), ==, 0.5f);
  g_assert_cmpint (qrx_property_get_info (object)->kind, ==, QRX_PROPERTY_UNSUPPORTED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/property/round-trip", test_every_kind_is_read_and_written);
  g_test_add_func ("/property/wrong-type", test_wrong_types_are_refused);
  g_test_add_func ("/property/out-of-range", test_values_out_of_range_are_refused);
  g_test_add_func ("/property/document", test_a_document_is_loaded_beside_the_pipeline_file);
  g_test_add_func ("/property/described", test_types_are_described);
  g_test_add_func ("/property/schema", test_schemas_have_range_and_default);
  g_test_add_func ("/property/scripts", test_properties_of_scripts_are_understood);
  return g_test_run ();
}

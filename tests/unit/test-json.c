/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/qrx-json-private.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static QrxJsonDocument *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  QrxJsonDocument *document = qrx_json_document_parse (text, strlen (text), "p.json", &error);

  g_assert_no_error (error);
  return document;
}

static void
assert_refused (const char *text, gsize length, const char *where, const char *fragment)
{
  g_autoptr (GError) error = NULL;
  QrxJsonDocument *document = qrx_json_document_parse (text, length, "p.json", &error);

  g_assert_null (document);
  g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_SYNTAX);
  if (!g_str_has_prefix (error->message, where) || strstr (error->message, fragment) == NULL)
    g_error ("\"%s\" for %s, expected %s … %s", error->message, text, where, fragment);
}

static void
test_what_is_not_strict_json_is_refused_where_it_stands (void)
{
  static const struct {
    const char *text, *where, *fragment;
  } cases[] = {
    { "", "p.json:1:1: ", "found an empty text" },
    { "  \n ", "p.json:2:2: ", "found the end of the text, expected a JSON value" },
    { "\xef\xbb\xbf{}", "p.json:1:1: ", "byte order mark" },
    { "{\"a\": 1,}", "p.json:1:9: ", "found \"}\", expected a key" },
    { "{\"a\": 1 \"b\": 2}", "p.json:1:9: ", "expected a comma or }" },
    { "{\"a\" 1}", "p.json:1:6: ", "found \"1\", expected a colon" },
    { "{a: 1}", "p.json:1:2: ", "found \"a\", expected a key in double quotes" },
    { "{'a': 1}", "p.json:1:2: ", "found \"'\"" },
    { "[1,\n 2,\n]", "p.json:3:1: ", "found \"]\", expected a JSON value" },
    { "[1 2]", "p.json:1:4: ", "expected a comma or ]" },
    { "[1", "p.json:1:3: ", "found the end of the text" },
    { "{\"a\": 1", "p.json:1:8: ", "found the end of the text" },
    { "{\"a\":", "p.json:1:6: ", "found the end of the text" },
    { "{", "p.json:1:2: ", "found the end of the text" },
    { "1 2", "p.json:1:3: ", "expected the end of the text" },
    { "{} // x", "p.json:1:4: ", "found \"/\"" },
    { "True", "p.json:1:1: ", "found \"True\"" },
    { "NaN", "p.json:1:1: ", "found \"NaN\"" },
    { "-Infinity", "p.json:1:2: ", "found \"Infinity\", expected a digit" },
    { "nullx", "p.json:1:1: ", "found \"nullx\"" },
    { "01", "p.json:1:2: ", "without a leading zero" },
    { "-01", "p.json:1:3: ", "without a leading zero" },
    { "+1", "p.json:1:1: ", "found \"+\"" },
    { ".5", "p.json:1:1: ", "found \".\"" },
    { "1.", "p.json:1:3: ", "expected a digit" },
    { "1e", "p.json:1:3: ", "expected a digit" },
    { "[1e+]", "p.json:1:5: ", "found \"]\", expected a digit" },
    { "-", "p.json:1:2: ", "expected a digit" },
    { "1e999", "p.json:1:1: ", "found the number 1e999, expected one that fits into a double" },
    { "[0, -1e999]", "p.json:1:5: ", "found the number -1e999" },
    { "9223372036854775808", "p.json:1:1: ", "found the integer 9223372036854775808" },
    { "-9223372036854775809", "p.json:1:1: ", "found the integer" },
    { "100000000000000000000000000000000000000000000000000", "p.json:1:1: ", "found the integer" },
    { "{\"a\": 1, \"b\": 2,\n \"a\": 3}", "p.json:2:2: ", "found the key \"a\" again" },
    { "{\"a\": 1, \"\\u0061\": 3}", "p.json:1:10: ", "found the key \"a\" again" },
    { "\"abc", "p.json:1:1: ", "without an end" },
    { "\"abc\\", "p.json:1:6: ", "after the backslash" },
    { "\"a\nb\"", "p.json:1:3: ", "control character U+000A" },
    { "\"a\tb\"", "p.json:1:3: ", "control character U+0009" },
    { "\"\\x41\"", "p.json:1:3: ", "found \"x41\", expected one of" },
    { "\"\\u12\"", "p.json:1:2: ", "incomplete \\u escape" },
    { "\"\\u0000\"", "p.json:1:2: ", "U+0000" },
    { "\"\\ud800\"", "p.json:1:2: ", "lone surrogate \\ud800" },
    { "\"\\udc00\"", "p.json:1:2: ", "lone surrogate \\udc00" },
    { "\"\\ud800\\u0041\"", "p.json:1:2: ", "lone surrogate" },
    { "\"\\ud800\\ud800\"", "p.json:1:2: ", "lone surrogate" },
    { "[\"\xc3\xa9\xe2\x82\xac\", x]", "p.json:1:8: ", "found \"x\"" },
    { "\"\xff\"", "p.json:1:2: ", "found the byte 0xFF, expected UTF-8" },
    { "\"\xc0\xaf\"", "p.json:1:2: ", "found the byte 0xC0" },
    { "\"\xed\xa0\x80\"", "p.json:1:2: ", "found the byte 0xED" },
    { "\"\xe2\x82\"", "p.json:1:2: ", "found the byte 0xE2" },
    { "[\x01]", "p.json:1:2: ", "control character U+0001" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_refused (cases[i].text, strlen (cases[i].text), cases[i].where, cases[i].fragment);
  assert_refused ("[\"a\0b\"]", 7, "p.json:1:4: ", "NUL");
}

static void
test_deep_nesting_is_refused_not_died_of (void)
{
  g_autofree char *brackets = g_strnfill (1000000, '[');
  g_autoptr (GString) allowed = g_string_new (NULL);
  g_autoptr (QrxJsonDocument) document = NULL;

  assert_refused (brackets, 1000000, "p.json:1:65: ", "nested more than 64 deep");
  for (guint i = 0; i < QRX_JSON_MAX_DEPTH; i++)
    g_string_append_c (allowed, '[');
  for (guint i = 0; i < QRX_JSON_MAX_DEPTH; i++)
    g_string_append_c (allowed, ']');
  document = parse (allowed->str);
}

/* Siblings must not add up to depth. */
static void
test_depth_counts_only_what_is_open (void)
{
  g_autoptr (GString) text = g_string_new ("[[]");
  g_autoptr (QrxJsonDocument) document = NULL;

  for (guint i = 0; i < 100; i++)
    g_string_append (text, ",{},[1],{\"a\":{}}");
  g_string_append (text, "]");
  document = parse (text->str);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (qrx_json_document_get_root (document))), ==, 301);
}

static void
test_values_arrive_as_written (void)
{
  g_autoptr (QrxJsonDocument) document
    = parse ("{\"max\": 9223372036854775807, \"min\": -9223372036854775808, \"zero\": -0, \"half\": 5e-1, \"whole\": 1.0,"
             " \"text\": \"\\u00e9\\ud83d\\ude00\\n\\/\\\"\", \"yes\": true, \"none\": null, \"\": []}");
  JsonObject *root = json_node_get_object (qrx_json_document_get_root (document));

  g_assert_cmpint (json_object_get_int_member (root, "max"), ==, G_MAXINT64);
  g_assert_cmpint (json_object_get_int_member (root, "min"), ==, G_MININT64);
  g_assert_true (signbit (json_object_get_double_member (root, "zero")));
  g_assert_cmpfloat (json_object_get_double_member (root, "half"), ==, 0.5);
  g_assert_true (json_node_get_value_type (json_object_get_member (root, "whole")) == G_TYPE_DOUBLE);
  g_assert_true (json_node_get_value_type (json_object_get_member (root, "max")) == G_TYPE_INT64);
  g_assert_cmpstr (json_object_get_string_member (root, "text"), ==, "é😀\n/\"");
  g_assert_true (json_object_get_boolean_member (root, "yes"));
  g_assert_true (json_object_get_null_member (root, "none"));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (root, "")), ==, 0);
}

static void
assert_at (QrxJsonDocument *document, const char *pointer, gboolean key, guint line, guint column)
{
  QrxPosition position = { 0, 0 };

  g_assert_true (qrx_json_document_locate (document, pointer, key, &position));
  g_assert_cmpuint (position.line, ==, line);
  g_assert_cmpuint (position.column, ==, column);
}

static void
test_pointers_lead_to_positions_in_characters (void)
{
  g_autoptr (QrxJsonDocument) document
    = parse ("\n {\"é\": [1, {\"x\": 2}],\r\n  \"a/b~c\":\n   {\"\": true}, \"0\": 7}");
  QrxPosition position;

  assert_at (document, "", FALSE, 2, 2);
  assert_at (document, "", TRUE, 2, 2);
  assert_at (document, "/é", TRUE, 2, 3);
  assert_at (document, "/é", FALSE, 2, 8);
  assert_at (document, "/é/1/x", TRUE, 2, 13);
  assert_at (document, "/é/1/x", FALSE, 2, 18);
  assert_at (document, "/é/0", TRUE, 2, 9);
  assert_at (document, "/a~1b~0c", TRUE, 3, 3);
  assert_at (document, "/a~1b~0c", FALSE, 4, 4);
  assert_at (document, "/a~1b~0c/", FALSE, 4, 9);
  assert_at (document, "/0", FALSE, 4, 21);

  g_assert_false (qrx_json_document_locate (document, "/é/2", FALSE, &position));
  g_assert_cmpuint (position.column, ==, 8);
  g_assert_false (qrx_json_document_locate (document, "/é/01", FALSE, &position));
  g_assert_false (qrx_json_document_locate (document, "/é/-", FALSE, &position));
  g_assert_false (qrx_json_document_locate (document, "x", FALSE, &position));
  g_assert_null (qrx_json_document_find (document, "/é/0/y"));
}

static void
test_pointer_tokens_are_escaped (void)
{
  g_autofree char *pointer = qrx_json_pointer_append ("/nodes", "a/b~1");

  g_assert_cmpstr (pointer, ==, "/nodes/a~1b~01");
}

static void
test_unknown_members_are_named_with_a_suggestion (void)
{
  const char *const allowed[] = { "type", "from", "width", NULL };
  g_autoptr (QrxJsonDocument) document = parse ("{\"a\": {\"type\": \"x\",\n \"widht\": 8}, \"b\": {\"from\": 1}}");
  g_autoptr (GError) error = NULL;

  g_assert_true (qrx_json_check_members (document, "/b", allowed, &error));
  g_assert_no_error (error);
  g_assert_false (qrx_json_check_members (document, "/a", allowed, &error));
  g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_UNKNOWN);
  g_assert_cmpstr (error->message, ==, "p.json:2:2: found the unknown key \"widht\"; did you mean \"width\"?");
  g_clear_error (&error);
  g_assert_false (qrx_json_check_members (document, "/b/from", allowed, &error));
  g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE);
  g_assert_cmpstr (error->message, ==, "p.json:2:29: found an integer, expected an object");
}

static void
test_printing_keeps_order_and_bits (void)
{
  const char *text = "{\n"
                     "  \"zebra\": [1, 2.5, null, \"x\"],\n"
                     "  \"apple\": {\n"
                     "    \"empty\": {},\n"
                     "    \"none\": [],\n"
                     "    \"value\": 0.30000000000000004,\n"
                     "    \"whole\": 1.0\n"
                     "  },\n"
                     "  \"nested\": [\n"
                     "    [1, 2],\n"
                     "    {\n"
                     "      \"quote\\\"\\n\\u0001\": \"é\\\\\"\n"
                     "    }\n"
                     "  ]\n"
                     "}";
  g_autoptr (QrxJsonDocument) document = parse (text);
  g_autofree char *printed = qrx_json_to_string (qrx_json_document_get_root (document));
  g_autofree char *compact = qrx_json_to_compact_string (qrx_json_document_find (document, "/apple"));

  g_assert_cmpstr (printed, ==, text);
  g_assert_cmpstr (compact, ==, "{\"empty\":{},\"none\":[],\"value\":0.30000000000000004,\"whole\":1.0}");
}

static void
test_long_arrays_break_and_the_infinite_is_null (void)
{
  g_autoptr (JsonNode) node = json_node_init_array (json_node_alloc (), NULL);
  g_autoptr (JsonArray) array = json_array_new ();
  g_autofree char *printed = NULL;

  for (guint i = 0; i < 100; i++)
    json_array_add_double_element (array, i == 99 ? INFINITY : i);
  json_node_set_array (node, array);
  printed = qrx_json_to_string (node);
  g_assert_true (g_str_has_prefix (printed, "[\n  0.0,\n  1.0,\n"));
  g_assert_true (g_str_has_suffix (printed, "98.0,\n  null\n]"));
}

static void
test_large_documents_stay_linear (void)
{
  g_autoptr (GString) text = g_string_new ("[0");
  g_autoptr (QrxJsonDocument) document = NULL;
  g_autoptr (GTimer) timer = g_timer_new ();

  for (guint i = 1; i < 300000; i++)
    g_string_append_printf (text, ",%u", i);
  g_string_append (text, "]");
  document = parse (text->str);
  for (guint i = 0; i < 300000; i++)
    {
      g_autofree char *pointer = g_strdup_printf ("/%u", i);
      QrxPosition position;

      g_assert_true (qrx_json_document_locate (document, pointer, FALSE, &position));
    }
  /* Takes 0.3 s; a quadratic search takes minutes. */
  g_assert_cmpfloat (g_timer_elapsed (timer, NULL), <, 20);
}

static void
test_a_missing_file_is_not_found (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (qrx_json_document_load ("/nonexistent/p.json", &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "/nonexistent/p.json"));
  g_clear_error (&error);
  g_assert_null (qrx_json_document_load ("/", &error));
  g_assert_nonnull (error);
}

static void
test_a_file_is_named_in_its_faults (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL, *where = NULL;
  int fd = g_file_open_tmp ("qrx-XXXXXX.json", &path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, "{\n]", -1, NULL));
  g_assert_null (qrx_json_document_load (path, &error));
  where = g_strdup_printf ("%s:2:1: ", path);
  g_assert_true (g_str_has_prefix (error->message, where));
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/refused", test_what_is_not_strict_json_is_refused_where_it_stands);
  g_test_add_func ("/json/deep", test_deep_nesting_is_refused_not_died_of);
  g_test_add_func ("/json/depth-of-siblings", test_depth_counts_only_what_is_open);
  g_test_add_func ("/json/values", test_values_arrive_as_written);
  g_test_add_func ("/json/positions", test_pointers_lead_to_positions_in_characters);
  g_test_add_func ("/json/pointer-escapes", test_pointer_tokens_are_escaped);
  g_test_add_func ("/json/unknown-members", test_unknown_members_are_named_with_a_suggestion);
  g_test_add_func ("/json/print", test_printing_keeps_order_and_bits);
  g_test_add_func ("/json/print-long", test_long_arrays_break_and_the_infinite_is_null);
  g_test_add_func ("/json/linear", test_large_documents_stay_linear);
  g_test_add_func ("/json/load-missing", test_a_missing_file_is_not_found);
  g_test_add_func ("/json/load-faulty", test_a_file_is_named_in_its_faults);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Walks every registered type and preset by what it says of itself, and holds it to that: documented in full, cited where it
 * implements a method, and deaf to values that it does not declare. The tests of tables, layers, fits and monitors run the
 * examples. */
#include "node-fixture.h"

#include <json-glib/json-glib.h>
#include <math.h>

static const char *const categories[] = { "data",     "transform", "encoder",   "normalizer", "quantum", "training",
                                          "baseline", "evaluator", "sink",      "monitor",    "diagnostic", "control",
                                          NULL };
/* Categories whose types implement a method that somebody published. */
static const char *const cited[] = { "normalizer", "quantum", "training", "baseline", "monitor", "diagnostic", NULL };
/* What only passes on what is there. */
static const char *const uncited[] = { "identity-angle", "apply-model", "model-reader", "predictor", NULL };

typedef void (*Visit) (QrxRegistry *registry, const char *name, JsonObject *type);

static JsonNode *
describe (QrxRegistry *registry, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = qrx_registry_describe (registry, name, &error);
  JsonNode *node;

  g_assert_no_error (error);
  node = json_from_string (text, &error);
  g_assert_no_error (error);
  return node;
}

static void
visit_all (NodeFixture *fixture, gconstpointer data)
{
  Visit visit = (Visit) data;
  g_auto (GStrv) names = qrx_registry_dup_names (fixture->registry, TRUE);

  g_assert_cmpuint (g_strv_length (names), >=, 36); /* fewer mean that a plugin was not loaded */
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (JsonNode) node = describe (fixture->registry, names[i]);

      g_test_message ("%s", names[i]);
      visit (fixture->registry, names[i], json_node_get_object (node));
    }
}

static const char *
text_of (JsonObject *object, const char *key)
{
  return json_object_get_string_member_with_default (object, key, "");
}

static void
assert_kebab_case (const char *name)
{
  g_assert_true (g_regex_match_simple ("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", name, 0, 0));
}

static void
assert_documented (JsonObject *type, const char *member)
{
  JsonArray *array = json_object_get_array_member (type, member);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *entry = json_array_get_object_element (array, i);
      const char *description = text_of (entry, "description");

      assert_kebab_case (text_of (entry, "name"));
      if (*description == '\0' || g_str_has_suffix (description, "."))
        g_error ("%s.%s: \"%s\" is no description; expected one without a period, for a unit may follow", text_of (type, "name"),
                 text_of (entry, "name"), description);
    }
}

static void
check_words (QrxRegistry *registry G_GNUC_UNUSED, const char *name, JsonObject *type)
{
  JsonArray *presets = json_object_get_array_member (type, "presets");

  assert_kebab_case (name);
  if (!g_str_has_suffix (text_of (type, "summary"), "."))
    g_error ("%s: the summary \"%s\" is no sentence", name, text_of (type, "summary"));
  if (!g_strv_contains (categories, text_of (type, "category")))
    g_error ("%s: \"%s\" is no category", name, text_of (type, "category"));
  assert_documented (type, "inputs");
  assert_documented (type, "outputs");
  assert_documented (type, "properties");
  for (guint i = 0; i < json_array_get_length (presets); i++)
    g_assert_cmpstr (text_of (json_array_get_object_element (presets, i), "summary"), !=, "");
}

static void
check_example (QrxRegistry *registry G_GNUC_UNUSED, const char *name, JsonObject *type)
{
  JsonObject *example = json_object_has_member (type, "example") ? json_object_get_object_member (type, "example") : NULL;

  if (example == NULL || !json_object_has_member (example, "expect") ||
      json_object_get_size (json_object_get_object_member (example, "expect")) == 0)
    g_error ("%s: no example that expects anything", name);
}

static gboolean
is_source (const char *citation)
{
  return g_regex_match_simple ("(doi:10\\.|arXiv[: ](\\d{4}\\.\\d{4,5}|[a-z-]+/\\d{7})|\\d+:\\d+)", citation, 0, 0) &&
         g_regex_match_simple ("\\b(19|20)\\d\\d\\b", citation, 0, 0);
}

static void
check_citations (QrxRegistry *registry G_GNUC_UNUSED, const char *name, JsonObject *type)
{
  JsonArray *citations = json_object_get_array_member (type, "citations");
  gboolean needed = g_strv_contains (cited, text_of (type, "category")) && !g_strv_contains (uncited, text_of (type, "name"));

  if (needed && json_array_get_length (citations) == 0)
    g_error ("%s: a method of the category \"%s\" without a citation", name, text_of (type, "category"));
  for (guint i = 0; i < json_array_get_length (citations); i++)
    if (!is_source (json_array_get_string_element (citations, i)))
      g_error ("%s: the citation \"%s\" has no year, or neither a DOI, an arXiv number nor a volume", name,
               json_array_get_string_element (citations, i));
}

/* Refused as a value out of place, by name, and with what was found. */
static void
assert_refused (QrxRegistry *registry, const char *name, const char *property, const char *value)
{
  g_autofree char *json = g_strdup_printf ("{\"%s\": %s}", property, value);
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", property);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxNode) node = qrx_registry_create (registry, name, "node", json, &error);

  if (node != NULL)
    g_error ("%s takes %s", name, json);
  if (!g_error_matches (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE) || strstr (error->message, quoted) == NULL)
    g_error ("%s: %s is refused with \"%s\", expected a fault of the value that names the property", name, json, error->message);
}

/* A property of numbers, and what stands around one in its value. */
typedef struct {
  QrxRegistry *registry;
  const char *type;
  const char *property;
  const char *before;
  const char *after;
} Numbers;

static void
assert_number_refused (const Numbers *numbers, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *json = NULL;

  if (!isfinite (value)) /* no bound on this side */
    return;
  json = g_strconcat (numbers->before, g_ascii_dtostr (text, sizeof text, value), numbers->after, NULL);
  assert_refused (numbers->registry, numbers->type, numbers->property, json);
}

static gboolean
find_bound (JsonObject *range, const char *inclusive, const char *exclusive, gboolean *open, double *bound)
{
  *open = json_object_has_member (range, exclusive);
  if (!*open && !json_object_has_member (range, inclusive))
    return FALSE;
  *bound = json_object_get_double_member (range, *open ? exclusive : inclusive);
  return TRUE;
}

/* Just outside of both ends; @step is what lies beyond an end that belongs to the range. Returns whether there is an end. */
static gboolean
check_range (const Numbers *numbers, JsonObject *range, double step)
{
  gboolean low_open, high_open, has_low, has_high;
  double low = NAN, high = NAN;

  has_low = find_bound (range, "minimum", "exclusiveMinimum", &low_open, &low);
  has_high = find_bound (range, "maximum", "exclusiveMaximum", &high_open, &high);
  if (has_low)
    assert_number_refused (numbers, low_open ? low : low - step * fmax (1, fabs (low)));
  if (has_high)
    assert_number_refused (numbers, high_open ? high : high + step * fmax (1, fabs (high)));
  return has_low || has_high;
}

/* The alternative of a schema that is of a type, or NULL. */
static JsonObject *
find_schema (JsonObject *schema, const char *type)
{
  JsonArray *several = json_object_has_member (schema, "anyOf") ? json_object_get_array_member (schema, "anyOf") : NULL;

  if (several == NULL)
    return g_str_equal (text_of (schema, "type"), type) ? schema : NULL;
  for (guint i = 0; i < json_array_get_length (several); i++)
    if (g_str_equal (text_of (json_array_get_object_element (several, i), "type"), type))
      return json_array_get_object_element (several, i);
  return NULL;
}

/* Values of a wrong type, which no property of the kind takes. */
static const struct {
  const char *kind;
  const char *values; /* separated by blanks */
} misfits[] = {
  { "number", "\"many\" true null [1] {} \"1/0\"" },
  { "integer", "\"many\" true null [1] {} 0.5" },
  { "boolean", "\"yes\" 1 null []" },
  { "string", "5 true null []" },
  { "choice", "\"no-such-choice\" 5 null []" },
  { "file", "5 true null []" },
  { "document", "5 true null" },
  { "scalar", "\"many\" true null [1] {\"train\":\"perhaps\"} {\"size\":1} {\"value\":\"many\"}" },
  { "integers", "5 \"many\" null [0.5] [\"many\"] [null]" },
  { "numbers", "5 \"many\" null [\"many\"] [null]" },
  { "strings", "5 \"many\" null [5] [null]" },
};

static void
check_types (QrxRegistry *registry, const char *name, JsonObject *property, const char *kind)
{
  gboolean may_be_absent = !json_object_has_member (property, "default"), known = FALSE; /* null is its value then */

  for (guint i = 0; i < G_N_ELEMENTS (misfits); i++)
    if (g_str_equal (misfits[i].kind, kind))
      {
        g_auto (GStrv) values = g_strsplit (misfits[i].values, " ", -1);

        for (guint k = 0; values[k] != NULL; k++)
          if (!may_be_absent || !g_str_equal (values[k], "null"))
            assert_refused (registry, name, text_of (property, "name"), values[k]);
        known = TRUE;
      }
  if (!known)
    g_error ("%s.%s is of the kind \"%s\", of which nothing is known here", name, text_of (property, "name"), kind);
}

/* Numbers have a bound on one side at least, and are held to it. One without a default is a threshold in the target's unit. */
static void
check_numbers (QrxRegistry *registry, const char *name, JsonObject *property, const char *kind)
{
  JsonObject *schema = json_object_get_object_member (property, "schema");
  const Numbers one = { registry, name, text_of (property, "name"), "", "" };
  const Numbers listed = { registry, name, text_of (property, "name"), "[", "]" };
  const Numbers held = { registry, name, text_of (property, "name"), "{\"value\": ", "}" };
  gboolean bounded = TRUE;

  if (g_str_equal (kind, "integer"))
    bounded = check_range (&one, find_schema (schema, "integer"), 1);
  else if (g_str_equal (kind, "number") && json_object_has_member (property, "default"))
    bounded = check_range (&one, find_schema (schema, "number"), 1e-3);
  else if (g_str_equal (kind, "scalar"))
    bounded = check_range (&one, find_schema (schema, "number"), 1e-3) &&
              check_range (&held, find_schema (schema, "number"), 1e-3);
  else if (g_str_equal (kind, "integers"))
    bounded = check_range (&listed, find_schema (json_object_get_object_member (schema, "items"), "integer"), 1);
  else if (g_str_equal (kind, "numbers"))
    bounded = check_range (&listed, find_schema (json_object_get_object_member (schema, "items"), "number"), 1e-3);
  if (!bounded)
    g_error ("%s.%s: a number that may be anything", name, one.property);
}

static gboolean
is_fixed (JsonObject *type, const char *name, const char *property)
{
  JsonArray *presets = json_object_get_array_member (type, "presets");

  for (guint i = 0; i < json_array_get_length (presets); i++)
    {
      JsonObject *preset = json_array_get_object_element (presets, i);

      if (g_str_equal (text_of (preset, "name"), name))
        return json_object_has_member (json_object_get_object_member (preset, "properties"), property);
    }
  return FALSE;
}

static void
check_properties (QrxRegistry *registry, const char *name, JsonObject *type)
{
  JsonArray *properties = json_object_get_array_member (type, "properties");

  for (guint i = 0; i < json_array_get_length (properties); i++)
    {
      JsonObject *property = json_array_get_object_element (properties, i);
      const char *kind = text_of (property, "kind");

      if (is_fixed (type, name, text_of (property, "name")))
        {
          assert_refused (registry, name, text_of (property, "name"), "1");
          continue;
        }
      check_types (registry, name, property, kind);
      check_numbers (registry, name, property, kind);
    }
}

static void
check_unknown_property (QrxRegistry *registry, const char *name, JsonObject *type G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxNode) node = qrx_registry_create (registry, name, "node", "{\"no-such-property\": 1}", &error);

  g_assert_null (node);
  g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_UNKNOWN);
  g_assert_nonnull (strstr (error->message, "\"no-such-property\""));
}

/* Made with defaults, a type is there; what begins a graph and needs a property says which. */
static void
check_defaults (QrxRegistry *registry, const char *name, JsonObject *type)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxNode) node = qrx_registry_create (registry, name, "node", NULL, &error);
  g_autoptr (QrxBundle) nothing = qrx_bundle_new ();
  g_autoptr (QrxShapeScope) scope = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (qrx_node_get_type_name (node), ==, text_of (type, "name"));
  if (json_array_get_length (json_object_get_array_member (type, "inputs")) > 0)
    return;
  scope = qrx_node_infer (node, nothing, &error);
  if (scope != NULL)
    return;
  g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE);
  g_assert_nonnull (strstr (error->message, "property \""));
}

/* json-glib writes 1e-08 as "1e-08.0". */
static char *
dup_value (JsonNode *node)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_DOUBLE)
    return g_strdup (g_ascii_dtostr (number, sizeof number, json_node_get_double (node)));
  return json_to_string (node, FALSE);
}

/* What the description says the default is, the type takes. */
static void
check_stated_defaults (QrxRegistry *registry, const char *name, JsonObject *type)
{
  JsonArray *properties = json_object_get_array_member (type, "properties");

  for (guint i = 0; i < json_array_get_length (properties); i++)
    {
      JsonObject *property = json_array_get_object_element (properties, i);
      g_autofree char *value = NULL, *json = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (QrxNode) node = NULL;

      if (!json_object_has_member (property, "default") || is_fixed (type, name, text_of (property, "name")))
        continue;
      value = dup_value (json_object_get_member (property, "default"));
      json = g_strdup_printf ("{\"%s\": %s}", text_of (property, "name"), value);
      node = qrx_registry_create (registry, name, "node", json, &error);
      g_assert_no_error (error);
      g_assert_nonnull (node);
    }
}

static void
add (const char *path, Visit visit)
{
  g_test_add (path, NodeFixture, (gconstpointer) visit, node_fixture_set_up, visit_all, node_fixture_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/every-node/is-documented", check_words);
  add ("/every-node/has-an-example", check_example);
  add ("/every-node/names-its-sources", check_citations);
  add ("/every-node/can-be-made-with-defaults", check_defaults);
  add ("/every-node/takes-the-defaults-that-it-states", check_stated_defaults);
  add ("/every-node/refuses-values-that-it-does-not-declare", check_properties);
  add ("/every-node/refuses-properties-that-it-does-not-have", check_unknown_property);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All that a node type says about itself, as JSON: what listings, documentation and scripts show. */
#include "base/qrx-json-private.h"
#include "graph/qrx-property-private.h"
#include "graph/qrx-registry-private.h"

#include <string.h>

static void
set_text (JsonObject *object, const char *key, const char *text)
{
  if (text != NULL && *text != '\0')
    json_object_set_string_member (object, key, text);
}

static void
set_texts (JsonObject *object, const char *key, const char *const *texts)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; texts[i] != NULL; i++)
    json_array_add_string_element (array, texts[i]);
  json_object_set_array_member (object, key, array);
}

/* Text that was checked to be JSON when the type was registered. */
static void
set_json (JsonObject *object, const char *key, const char *text)
{
  if (text != NULL)
    json_object_set_member (object, key, qrx_json_scan (text, strlen (text), NULL, NULL, NULL));
}

static JsonObject *
describe_port (QrxPort *port)
{
  QrxPortSpec *spec = qrx_port_get_spec (port);
  JsonObject *object = json_object_new ();

  set_text (object, "name", qrx_port_get_name (port));
  set_text (object, "spec", qrx_port_spec_get_text (spec));
  set_text (object, "kind", qrx_port_spec_get_kind (spec));
  set_text (object, "quantity", qrx_port_spec_get_quantity (spec));
  json_object_set_boolean_member (object, "optional", qrx_port_spec_is_optional (spec));
  json_object_set_boolean_member (object, "list", qrx_port_spec_is_list (spec));
  set_text (object, "description", qrx_port_get_blurb (port));
  return object;
}

static JsonArray *
describe_ports (QrxNodeClass *klass, gboolean output)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < qrx_node_class_get_n_ports (klass); i++)
    if (qrx_port_is_output (qrx_node_class_get_port (klass, i)) == output)
      json_array_add_object_element (array, describe_port (qrx_node_class_get_port (klass, i)));
  return array;
}

static JsonObject *
describe_property (GParamSpec *pspec)
{
  const QrxPropertyInfo *info = qrx_property_get_info (pspec);
  g_autofree char *type = qrx_property_describe_type (pspec);
  JsonNode *standard = qrx_property_dup_default_json (pspec);
  JsonObject *object = json_object_new ();

  set_text (object, "name", pspec->name);
  set_text (object, "kind", qrx_property_kind_get_name (info->kind));
  set_text (object, "type", type);
  if (standard != NULL)
    json_object_set_member (object, "default", standard);
  set_text (object, "unit", info->unit);
  if (info->choices != NULL)
    set_texts (object, "choices", (const char *const *) info->choices);
  set_text (object, "description", g_param_spec_get_blurb (pspec));
  json_object_set_member (object, "schema", qrx_property_to_schema (pspec));
  return object;
}

static JsonArray *
describe_properties (QrxNodeClass *klass)
{
  JsonArray *array = json_array_new ();
  g_autofree GParamSpec **pspecs = NULL;
  guint n;

  pspecs = qrx_node_class_list_properties (klass, &n);
  for (guint i = 0; i < n; i++)
    json_array_add_object_element (array, describe_property (pspecs[i]));
  return array;
}

static JsonArray *
describe_presets (QrxNodeClass *klass)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < qrx_node_class_get_n_presets (klass); i++)
    {
      const QrxPreset *preset = qrx_node_class_get_preset (klass, i);
      JsonObject *object = json_object_new ();

      set_text (object, "name", preset->name);
      set_text (object, "summary", preset->summary);
      set_json (object, "properties", preset->properties);
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonArray *
describe_scores (QrxNodeClass *klass)
{
  static const char *const better[] = { "lower", "neither", "higher" };
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < qrx_node_class_get_n_scores (klass); i++)
    {
      const QrxScoreKind *score = qrx_node_class_get_score (klass, i);
      JsonObject *object = json_object_new ();

      set_text (object, "name", score->name);
      set_text (object, "better", better[score->better + 1]);
      set_text (object, "description", score->blurb);
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonArray *
describe_exclusions (QrxNodeClass *klass)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < qrx_node_class_get_n_exclusions (klass); i++)
    {
      const QrxExclusion *exclusion = qrx_node_class_get_exclusion (klass, i);
      JsonObject *object = json_object_new ();

      set_texts (object, "properties", (const char *const *) exclusion->properties);
      set_texts (object, "others", (const char *const *) exclusion->others);
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonNode *
describe_class (QrxNodeClass *klass, const char *name)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  set_text (object, "name", qrx_node_class_get_name (klass));
  if (!g_str_equal (name, qrx_node_class_get_name (klass)))
    set_text (object, "preset", name);
  set_text (object, "category", qrx_node_class_get_category (klass));
  set_text (object, "summary", qrx_node_class_get_summary (klass));
  set_texts (object, "citations", qrx_node_class_get_citations (klass));
  json_object_set_array_member (object, "inputs", describe_ports (klass, FALSE));
  json_object_set_array_member (object, "outputs", describe_ports (klass, TRUE));
  json_object_set_array_member (object, "properties", describe_properties (klass));
  json_object_set_array_member (object, "presets", describe_presets (klass));
  json_object_set_array_member (object, "scores", describe_scores (klass));
  json_object_set_array_member (object, "exclusions", describe_exclusions (klass));
  set_json (object, "example", qrx_node_class_get_example (klass));
  json_node_take_object (node, object);
  return node;
}

/**
 * qrx_registry_describe:
 * @self: a registry
 * @name: the name of a type or preset
 * @error: return location for an error
 *
 * Describes a node type as a JSON object: "name", "preset" where @name is one, "category", "summary", "citations",
 * "inputs", "outputs", "properties" (each with "kind", "type", "default", "unit", "choices", "schema"), "presets",
 * "scores" (each with what is "better": "higher", "lower" or "neither"), "exclusions" and "example".
 *
 * Fails with %QRX_PIPELINE_ERROR_UNKNOWN.
 *
 * Returns: (transfer full): the description
 */
char *
qrx_registry_describe (QrxRegistry *self, const char *name, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  QrxNodeClass *klass;

  g_return_val_if_fail (QRX_IS_REGISTRY (self) && name != NULL, NULL);

  klass = qrx_registry_peek_class (self, name);
  if (klass == NULL)
    {
      g_auto (GStrv) names = qrx_registry_dup_names (self, TRUE);
      g_autofree char *hint = qrx_suggest_text (name, (const char *const *) names);

      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_UNKNOWN, "found the unknown type \"%s\"%s", name,
                   *hint != '\0' ? hint : "; `qrx inspect` lists all");
      return NULL;
    }
  node = describe_class (klass, name);
  return qrx_json_to_string (node);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The JSON Schema of pipeline files, for editors: what the registry knows, said in draft 7, which most of them read. */
#include "base/qrx-json-private.h"
#include "graph/qrx-property-private.h"
#include "graph/qrx-registry-private.h"

#include <string.h>

#define ID_PATTERN "^[a-z][a-z0-9_-]*$"
#define END_PATTERN "^[a-z][a-z0-9_-]*(\\.[a-z][a-z0-9-]*)?$"

static JsonObject *
new_schema (const char *key, const char *value)
{
  JsonObject *schema = json_object_new ();

  json_object_set_string_member (schema, key, value);
  return schema;
}

static JsonObject *
new_reference (const char *definition)
{
  g_autofree char *path = g_strconcat ("#/definitions/", definition, NULL);

  return new_schema ("$ref", path);
}

static JsonObject *
new_list_of (JsonObject *items)
{
  JsonObject *schema = new_schema ("type", "array");

  json_object_set_object_member (schema, "items", items);
  return schema;
}

/* One end of a link or several. */
static JsonObject *
new_ends (void)
{
  JsonObject *schema = json_object_new ();
  JsonArray *any = json_array_new ();

  json_array_add_object_element (any, new_reference ("end"));
  json_array_add_object_element (any, new_list_of (new_reference ("end")));
  json_object_set_array_member (schema, "anyOf", any);
  return schema;
}

static JsonObject *
new_from (QrxNodeClass *klass, gboolean *required)
{
  JsonObject *schema = new_ends ();
  JsonObject *map = new_schema ("type", "object");
  JsonObject *ports = json_object_new ();

  for (guint i = 0; i < qrx_node_class_get_n_ports (klass); i++)
    {
      QrxPort *port = qrx_node_class_get_port (klass, i);
      QrxPortSpec *spec = qrx_port_get_spec (port);
      JsonObject *ends;

      if (qrx_port_is_output (port))
        continue;
      ends = qrx_port_spec_is_list (spec) ? new_ends () : new_reference ("end");
      if (!qrx_port_spec_is_list (spec) && !qrx_port_spec_is_optional (spec))
        *required = TRUE;
      json_object_set_object_member (ports, qrx_port_get_name (port), ends);
    }
  json_object_set_object_member (map, "properties", ports);
  json_object_set_boolean_member (map, "additionalProperties", FALSE);
  json_array_add_object_element (json_object_get_array_member (schema, "anyOf"), map);
  return schema;
}

static void
add_exclusion (JsonArray *all, const char *a, const char *b)
{
  JsonObject *schema = json_object_new ();
  JsonObject *both = json_object_new ();
  JsonArray *names = json_array_new ();

  json_array_add_string_element (names, a);
  json_array_add_string_element (names, b);
  json_object_set_array_member (both, "required", names);
  json_object_set_object_member (schema, "not", both);
  json_array_add_object_element (all, schema);
}

static void
add_exclusions (QrxNodeClass *klass, JsonObject *schema)
{
  JsonArray *all = json_array_new ();

  for (guint i = 0; i < qrx_node_class_get_n_exclusions (klass); i++)
    {
      const QrxExclusion *exclusion = qrx_node_class_get_exclusion (klass, i);

      for (guint a = 0; exclusion->properties[a] != NULL; a++)
        for (guint b = 0; exclusion->others[b] != NULL; b++)
          add_exclusion (all, exclusion->properties[a], exclusion->others[b]);
    }
  if (json_array_get_length (all) > 0)
    json_object_set_array_member (schema, "allOf", all);
  else
    json_array_unref (all);
}

static void
add_properties (QrxNodeClass *klass, JsonNode *fixed, JsonObject *members)
{
  g_autofree GParamSpec **pspecs = NULL;
  guint n;

  pspecs = qrx_node_class_list_properties (klass, &n);
  for (guint i = 0; i < n; i++)
    if (fixed == NULL || !json_object_has_member (json_node_get_object (fixed), pspecs[i]->name))
      json_object_set_member (members, pspecs[i]->name, qrx_property_to_schema (pspecs[i]));
}

static JsonObject *
new_type (QrxRegistry *registry, const char *name)
{
  QrxNodeClass *klass = qrx_registry_peek_class (registry, name);
  JsonObject *schema = new_schema ("description", qrx_node_class_get_summary (klass));
  JsonObject *members = json_object_new ();
  JsonObject *from;
  JsonArray *required = json_array_new ();
  g_autoptr (JsonNode) fixed = NULL;
  gboolean from_is_required = FALSE;
  const char *preset = NULL;

  qrx_registry_lookup (registry, name, &preset);
  if (preset != NULL)
    fixed = qrx_json_scan (preset, strlen (preset), NULL, NULL, NULL);
  json_object_set_object_member (members, "type", new_schema ("const", name));
  from = new_from (klass, &from_is_required);
  if (qrx_node_class_find_port (klass, NULL, FALSE) != NULL)
    json_object_set_object_member (members, "from", from);
  else
    json_object_unref (from);
  add_properties (klass, fixed, members);
  json_array_add_string_element (required, "type");
  if (from_is_required)
    json_array_add_string_element (required, "from");
  json_object_set_array_member (schema, "required", required);
  json_object_set_object_member (schema, "properties", members);
  json_object_set_boolean_member (schema, "additionalProperties", FALSE);
  add_exclusions (klass, schema);
  return schema;
}

/* A node whose type decides what else it may have. */
static JsonObject *
new_node (const char *const *names)
{
  JsonObject *schema = new_schema ("type", "object");
  JsonObject *members = json_object_new ();
  JsonObject *type = json_object_new ();
  JsonArray *known = json_array_new (), *required = json_array_new (), *all = json_array_new ();

  for (guint i = 0; names[i] != NULL; i++)
    {
      JsonObject *rule = json_object_new (), *test = json_object_new (), *tested = json_object_new ();
      g_autofree char *definition = g_strconcat ("type-", names[i], NULL);

      json_array_add_string_element (known, names[i]);
      json_object_set_object_member (tested, "type", new_schema ("const", names[i]));
      json_object_set_object_member (test, "properties", tested);
      json_object_set_object_member (rule, "if", test);
      json_object_set_object_member (rule, "then", new_reference (definition));
      json_array_add_object_element (all, rule);
    }
  json_array_add_string_element (required, "type");
  json_object_set_array_member (type, "enum", known);
  json_object_set_object_member (members, "type", type);
  json_object_set_array_member (schema, "required", required);
  json_object_set_object_member (schema, "properties", members);
  json_object_set_array_member (schema, "allOf", all);
  return schema;
}

static JsonObject *
new_nodes (void)
{
  JsonObject *schema = new_schema ("type", "object");
  JsonObject *patterns = json_object_new ();

  json_object_set_object_member (patterns, ID_PATTERN, new_reference ("node"));
  json_object_set_object_member (schema, "patternProperties", patterns);
  json_object_set_boolean_member (schema, "additionalProperties", FALSE);
  json_object_set_int_member (schema, "minProperties", 1);
  return schema;
}

static JsonObject *
new_top_level (void)
{
  JsonObject *members = json_object_new ();
  JsonObject *seed = new_schema ("type", "integer");

  json_object_set_int_member (seed, "minimum", 0);
  json_object_set_object_member (members, "qrx", new_schema ("const", "1"));
  json_object_set_object_member (members, "title", new_schema ("type", "string"));
  json_object_set_object_member (members, "description", new_schema ("type", "string"));
  json_object_set_object_member (members, "seed", seed);
  json_object_set_object_member (members, "nodes", new_nodes ());
  json_object_set_object_member (members, "dropped", new_list_of (new_schema ("type", "string")));
  json_object_set_object_member (members, "resolved", json_object_new ());
  return members;
}

static JsonObject *
new_definitions (QrxRegistry *registry)
{
  JsonObject *definitions = json_object_new ();
  JsonObject *end = new_schema ("type", "string");
  g_auto (GStrv) names = qrx_registry_dup_names (registry, TRUE);

  json_object_set_string_member (end, "pattern", END_PATTERN);
  json_object_set_object_member (definitions, "end", end);
  json_object_set_object_member (definitions, "node", new_node ((const char *const *) names));
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *definition = g_strconcat ("type-", names[i], NULL);

      json_object_set_object_member (definitions, definition, new_type (registry, names[i]));
    }
  return definitions;
}

/**
 * qrx_registry_schema:
 * @self: a registry
 *
 * Writes the JSON Schema (draft 7) of the pipeline files that can be written with the types that are known.
 *
 * Returns: (transfer full): the schema
 */
char *
qrx_registry_schema (QrxRegistry *self)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *schema;
  JsonArray *required;

  g_return_val_if_fail (QRX_IS_REGISTRY (self), NULL);

  schema = new_schema ("$schema", "http://json-schema.org/draft-07/schema#");
  required = json_array_new ();
  json_array_add_string_element (required, "qrx");
  json_array_add_string_element (required, "nodes");
  json_object_set_string_member (schema, "title", "Qrx pipeline");
  json_object_set_string_member (schema, "type", "object");
  json_object_set_array_member (schema, "required", required);
  json_object_set_object_member (schema, "properties", new_top_level ());
  json_object_set_boolean_member (schema, "additionalProperties", FALSE);
  json_object_set_object_member (schema, "definitions", new_definitions (self));
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, schema);
  return qrx_json_to_string (node);
}

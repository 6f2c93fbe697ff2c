/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Properties as JSON Schema, for editors. */
#include "graph/qrx-property-private.h"
#include "graph/qrx-scalar-private.h"

#include <math.h>

static JsonObject *
new_schema (const char *type)
{
  JsonObject *schema = json_object_new ();

  json_object_set_string_member (schema, "type", type);
  return schema;
}

static JsonObject *
new_number_schema (const QrxPropertyInfo *info)
{
  JsonObject *schema = new_schema ("number");
  double bound;

  if (!qrx_bound_is_open (info->minimum, -INFINITY, &bound))
    json_object_set_double_member (schema, "minimum", bound);
  else if (isfinite (bound))
    json_object_set_double_member (schema, "exclusiveMinimum", bound);
  if (!qrx_bound_is_open (info->maximum, INFINITY, &bound))
    json_object_set_double_member (schema, "maximum", bound);
  else if (isfinite (bound))
    json_object_set_double_member (schema, "exclusiveMaximum", bound);
  return schema;
}

static JsonObject *
new_integer_schema (const QrxPropertyInfo *info)
{
  JsonObject *schema = new_schema ("integer");

  if (info->integer_minimum > G_MININT32)
    json_object_set_int_member (schema, "minimum", info->integer_minimum);
  if (info->integer_maximum < G_MAXINT32)
    json_object_set_int_member (schema, "maximum", info->integer_maximum);
  return schema;
}

/* Takes both. */
static JsonObject *
new_any_of (JsonObject *first, JsonObject *second, JsonObject *third)
{
  JsonObject *schema = json_object_new ();
  JsonArray *list = json_array_new ();

  json_array_add_object_element (list, first);
  json_array_add_object_element (list, second);
  if (third != NULL)
    json_array_add_object_element (list, third);
  json_object_set_array_member (schema, "anyOf", list);
  return schema;
}

/* A number may be an expression, which a schema cannot check. */
static JsonObject *
or_expression (JsonObject *number)
{
  return new_any_of (number, new_schema ("string"), NULL);
}

static JsonObject *
new_list_schema (JsonObject *items)
{
  JsonObject *schema = new_schema ("array");

  json_object_set_object_member (schema, "items", items);
  return schema;
}

static JsonObject *
new_choice_schema (const char *const *choices)
{
  JsonObject *schema = json_object_new ();
  JsonArray *list = json_array_new ();

  for (guint i = 0; choices[i] != NULL; i++)
    json_array_add_string_element (list, choices[i]);
  json_object_set_array_member (schema, "enum", list);
  return schema;
}

static JsonObject *
new_scalar_schema (const QrxPropertyInfo *info)
{
  const QrxPropertyInfo rate = { .minimum = G_MINDOUBLE, .maximum = INFINITY };
  JsonObject *schema = new_schema ("object");
  JsonObject *members = json_object_new ();

  json_object_set_object_member (members, "value", or_expression (new_number_schema (info)));
  json_object_set_object_member (members, "train", new_choice_schema (qrx_scalar_train_names));
  json_object_set_object_member (members, "rate", or_expression (new_number_schema (&rate)));
  json_object_set_object_member (members, "parameterization", new_choice_schema (qrx_scalar_parameterization_names));
  json_object_set_object_member (schema, "properties", members);
  json_object_set_boolean_member (schema, "additionalProperties", FALSE);
  return new_any_of (new_number_schema (info), new_schema ("string"), schema);
}

static JsonObject *
new_kind_schema (const QrxPropertyInfo *info)
{
  switch (info->kind)
    {
    case QRX_PROPERTY_DOUBLE:
      return or_expression (new_number_schema (info));
    case QRX_PROPERTY_INTEGER:
      return or_expression (new_integer_schema (info));
    case QRX_PROPERTY_BOOLEAN:
      return new_schema ("boolean");
    case QRX_PROPERTY_CHOICE:
      return new_choice_schema ((const char *const *) info->choices);
    case QRX_PROPERTY_DOCUMENT:
      return new_any_of (new_schema ("string"), new_schema ("object"), new_schema ("array"));
    case QRX_PROPERTY_SCALAR:
      return new_scalar_schema (info);
    case QRX_PROPERTY_INTEGERS:
      return new_list_schema (or_expression (new_integer_schema (info)));
    case QRX_PROPERTY_DOUBLES:
      return new_list_schema (or_expression (new_number_schema (info)));
    case QRX_PROPERTY_STRINGS:
      return new_list_schema (new_schema ("string"));
    case QRX_PROPERTY_STRING:
    case QRX_PROPERTY_FILE:
    case QRX_PROPERTY_UNSUPPORTED:
    default:
      return new_schema ("string");
    }
}

JsonNode *
qrx_property_to_schema (GParamSpec *pspec)
{
  const QrxPropertyInfo *info = qrx_property_get_info (pspec);
  const char *blurb = g_param_spec_get_blurb (pspec);
  JsonNode *standard = qrx_property_dup_default_json (pspec);
  JsonObject *schema = new_kind_schema (info);
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  if (blurb != NULL && *blurb != '\0')
    {
      g_autofree char *text = info->unit != NULL ? g_strdup_printf ("%s (%s)", blurb, info->unit) : g_strdup (blurb);

      json_object_set_string_member (schema, "description", text);
    }
  if (standard != NULL)
    json_object_set_member (schema, "default", standard);
  json_node_take_object (node, schema);
  return node;
}

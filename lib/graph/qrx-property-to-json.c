/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Properties to JSON, such that qrx_property_from_json() reads back the same. */
#include "base/qrx-json-private.h"
#include "graph/qrx-property-private.h"
#include "graph/qrx-scalar-private.h"

#include <math.h>
#include <string.h>

gboolean
qrx_property_is_text_object (JsonNode *node)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  return object != NULL && json_object_get_size (object) == 1 && json_object_has_member (object, "text") &&
         json_node_get_value_type (json_object_get_member (object, "text")) == G_TYPE_STRING;
}

static JsonNode *
new_double (double number)
{
  JsonNode *node = json_node_new (isfinite (number) ? JSON_NODE_VALUE : JSON_NODE_NULL);

  if (isfinite (number))
    json_node_set_double (node, number);
  return node;
}

static JsonNode *
new_string (const char *text)
{
  JsonNode *node = json_node_new (text != NULL ? JSON_NODE_VALUE : JSON_NODE_NULL);

  if (text != NULL)
    json_node_set_string (node, text);
  return node;
}

static JsonNode *
new_scalar (const QrxScalar *scalar)
{
  JsonObject *object;
  JsonNode *node;

  if (scalar == NULL)
    return json_node_new (JSON_NODE_NULL);
  if (qrx_scalar_get_train (scalar) == QRX_SCALAR_FIXED && qrx_scalar_get_rate (scalar) == 1 &&
      qrx_scalar_get_parameterization (scalar) == QRX_PARAMETERIZATION_DIRECT)
    return new_double (qrx_scalar_get_value (scalar));
  object = json_object_new ();
  json_object_set_member (object, "value", new_double (qrx_scalar_get_value (scalar)));
  json_object_set_string_member (object, "train", qrx_scalar_train_names[qrx_scalar_get_train (scalar)]);
  json_object_set_member (object, "rate", new_double (qrx_scalar_get_rate (scalar)));
  json_object_set_string_member (object, "parameterization",
                                 qrx_scalar_parameterization_names[qrx_scalar_get_parameterization (scalar)]);
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  return node;
}

static JsonNode *
new_array (JsonArray *array)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, array);
  return node;
}

static JsonNode *
new_list (GVariant *list, gboolean integral)
{
  JsonArray *array = json_array_new ();
  gsize n = 0;
  gconstpointer items;

  if (list == NULL)
    return new_array (array);
  items = g_variant_get_fixed_array (list, &n, sizeof (gint64));
  for (gsize i = 0; i < n; i++)
    if (integral)
      json_array_add_int_element (array, ((const gint64 *) items)[i]);
    else
      json_array_add_element (array, new_double (((const double *) items)[i]));
  return new_array (array);
}

static JsonNode *
new_strings (const char *const *texts)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    json_array_add_string_element (array, texts[i]);
  return new_array (array);
}

static JsonNode *
new_document (const char *text)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;
  JsonNode *wrapped;

  if (text == NULL)
    return json_node_new (JSON_NODE_NULL);
  node = qrx_json_scan (text, strlen (text), NULL, NULL, NULL);
  if (node != NULL && (JSON_NODE_HOLDS_OBJECT (node) || JSON_NODE_HOLDS_ARRAY (node)) && !qrx_property_is_text_object (node))
    return g_steal_pointer (&node);
  object = json_object_new ();
  json_object_set_string_member (object, "text", text);
  wrapped = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (wrapped, object);
  return wrapped;
}

static JsonNode *
new_integer (const GValue *value)
{
  g_auto (GValue) wide = G_VALUE_INIT;
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  g_value_init (&wide, G_TYPE_INT64);
  g_value_transform (value, &wide);
  json_node_set_int (node, g_value_get_int64 (&wide));
  return node;
}

JsonNode *
qrx_property_to_json (GParamSpec *pspec, const GValue *value)
{
  JsonNode *node;

  switch (qrx_property_get_info (pspec)->kind)
    {
    case QRX_PROPERTY_DOUBLE:
      return new_double (G_VALUE_HOLDS_FLOAT (value) ? (double) g_value_get_float (value) : g_value_get_double (value));
    case QRX_PROPERTY_INTEGER:
      return new_integer (value);
    case QRX_PROPERTY_BOOLEAN:
      node = json_node_new (JSON_NODE_VALUE);
      json_node_set_boolean (node, g_value_get_boolean (value));
      return node;
    case QRX_PROPERTY_STRING:
    case QRX_PROPERTY_CHOICE:
    case QRX_PROPERTY_FILE:
      return new_string (g_value_get_string (value));
    case QRX_PROPERTY_DOCUMENT:
      return new_document (g_value_get_string (value));
    case QRX_PROPERTY_SCALAR:
      return new_scalar (g_value_get_boxed (value));
    case QRX_PROPERTY_INTEGERS:
    case QRX_PROPERTY_DOUBLES:
      return new_list (g_value_get_variant (value), qrx_property_get_info (pspec)->kind == QRX_PROPERTY_INTEGERS);
    case QRX_PROPERTY_STRINGS:
      return new_strings (g_value_get_boxed (value));
    case QRX_PROPERTY_UNSUPPORTED:
    default:
      return json_node_new (JSON_NODE_NULL);
    }
}

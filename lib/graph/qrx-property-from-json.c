/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Properties from JSON: strict about types, as a pipeline file that means something else than it says is worse
 * than one that is refused. */
#include "base/qrx-json-private.h"
#include "graph/qrx-property-private.h"
#include "graph/qrx-scalar-private.h"

#include <math.h>
#include <qrx/qrx-expression.h>
#include <string.h>

#define MAX_SHOWN 60
#define MAX_EXACT 9007199254740992.0 /* 2^53 */

/* A value in a message: itself if it is short, else what it is. */
static char *
show (JsonNode *node)
{
  g_autofree char *text = qrx_json_to_compact_string (node);

  return strlen (text) <= MAX_SHOWN ? g_steal_pointer (&text) : g_strdup (qrx_json_describe (node));
}

static gboolean
refuse (GParamSpec *pspec, JsonNode *node, GError **error)
{
  g_autofree char *found = show (node);
  g_autofree char *allowed = qrx_property_describe_allowed (pspec);

  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, "property \"%s\": found %s, expected %s", pspec->name,
               found, allowed);
  return FALSE;
}

static gboolean
is_string (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
}

/* A number, or a string that is a constant expression. */
static gboolean
read_number (GParamSpec *pspec, JsonNode *node, double *number, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autofree char *allowed = NULL;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64)
    *number = (double) json_node_get_int (node);
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_DOUBLE)
    *number = json_node_get_double (node);
  else if (!is_string (node))
    return refuse (pspec, node, error);
  else if (!qrx_expression_evaluate (json_node_get_string (node), number, &reason))
    {
      allowed = qrx_property_describe_allowed (pspec);
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, "property \"%s\": %s; expected %s", pspec->name,
                   reason->message, allowed);
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_integer (GParamSpec *pspec, JsonNode *node, gint64 *integer, GError **error)
{
  double number;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64)
    {
      *integer = json_node_get_int (node);
      return TRUE;
    }
  if (!read_number (pspec, node, &number, error))
    return FALSE;
  if (!(fabs (number) <= MAX_EXACT) || number != floor (number))
    return refuse (pspec, node, error);
  *integer = (gint64) number;
  return TRUE;
}

static gboolean
read_double_value (GParamSpec *pspec, JsonNode *node, GValue *value, GError **error)
{
  double number;

  if (!read_number (pspec, node, &number, error))
    return FALSE;
  if (G_VALUE_HOLDS_FLOAT (value))
    g_value_set_float (value, (float) number);
  else
    g_value_set_double (value, number);
  return TRUE;
}

/* The range is checked before the value goes into a narrower type. */
static gboolean
read_integer_value (GParamSpec *pspec, JsonNode *node, GValue *value, GError **error)
{
  const QrxPropertyInfo *info = qrx_property_get_info (pspec);
  g_auto (GValue) wide = G_VALUE_INIT;
  gint64 integer;

  if (!read_integer (pspec, node, &integer, error))
    return FALSE;
  if (integer < info->integer_minimum || integer > info->integer_maximum)
    return refuse (pspec, node, error);
  g_value_init (&wide, G_TYPE_INT64);
  g_value_set_int64 (&wide, integer);
  return g_value_transform (&wide, value);
}

static gboolean
read_name (GParamSpec *pspec, const char *key, JsonNode *node, const char *const *names, guint *index, GError **error)
{
  g_autofree char *found = show (node);
  g_autofree char *hint = NULL;

  for (guint i = 0; is_string (node) && names[i] != NULL; i++)
    if (g_str_equal (names[i], json_node_get_string (node)))
      {
        *index = i;
        return TRUE;
      }
  hint = qrx_suggest_text (is_string (node) ? json_node_get_string (node) : "", names);
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, "property \"%s\": found %s as \"%s\"%s", pspec->name,
               found, key, hint);
  return FALSE;
}

static gboolean
read_scalar_object (GParamSpec *pspec, JsonObject *object, double *number, guint *train, double *rate,
                    guint *parameterization, GError **error)
{
  const char *const keys[] = { "value", "train", "rate", "parameterization", NULL };
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *l = members; l != NULL; l = l->next)
    {
      const char *key = l->data;
      JsonNode *node = json_object_get_member (object, key);
      g_autofree char *hint = NULL;

      if (g_str_equal (key, "value") || g_str_equal (key, "rate"))
        {
          if (!read_number (pspec, node, *key == 'v' ? number : rate, error))
            return FALSE;
          continue;
        }
      if (g_str_equal (key, "train") || g_str_equal (key, "parameterization"))
        {
          if (*key == 't' ? !read_name (pspec, key, node, qrx_scalar_train_names, train, error)
                          : !read_name (pspec, key, node, qrx_scalar_parameterization_names, parameterization, error))
            return FALSE;
          continue;
        }
      hint = qrx_suggest_text (key, keys);
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, "property \"%s\": found the unknown key \"%s\"%s",
                   pspec->name, key, hint);
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_scalar_value (GParamSpec *pspec, JsonNode *node, GValue *value, GError **error)
{
  const QrxScalar *standard = qrx_property_get_info (pspec)->scalar;
  double number = standard != NULL ? qrx_scalar_get_value (standard) : NAN;
  double rate = 1;
  guint train = QRX_SCALAR_FIXED, parameterization = QRX_PARAMETERIZATION_DIRECT;

  if (JSON_NODE_HOLDS_OBJECT (node) ? !read_scalar_object (pspec, json_node_get_object (node), &number, &train, &rate,
                                                           &parameterization, error)
                                    : !read_number (pspec, node, &number, error))
    return FALSE;
  g_value_take_boxed (value, qrx_scalar_new (number, train, rate, parameterization));
  return TRUE;
}

static gboolean
read_list_value (GParamSpec *pspec, JsonNode *node, GValue *value, GError **error)
{
  gboolean integral = qrx_property_get_info (pspec)->kind == QRX_PROPERTY_INTEGERS;
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (integral ? G_VARIANT_TYPE ("ax") : G_VARIANT_TYPE ("ad"));
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return refuse (pspec, node, error);
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      gint64 integer = 0;
      double number = 0;

      if (integral ? !read_integer (pspec, json_array_get_element (array, i), &integer, error)
                   : !read_number (pspec, json_array_get_element (array, i), &number, error))
        return FALSE;
      if (integral)
        g_variant_builder_add (&builder, "x", integer);
      else
        g_variant_builder_add (&builder, "d", number);
    }
  g_value_set_variant (value, g_variant_builder_end (&builder));
  return TRUE;
}

static gboolean
read_strings_value (GParamSpec *pspec, JsonNode *node, GValue *value, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return refuse (pspec, node, error);
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (!is_string (json_array_get_element (array, i)))
        return refuse (pspec, node, error);
      g_strv_builder_add (builder, json_array_get_string_element (array, i));
    }
  g_value_take_boxed (value, g_strv_builder_end (builder));
  return TRUE;
}

static gboolean
load_document (GParamSpec *pspec, const char *name, const char *base_directory, GValue *value, GError **error)
{
  g_autofree char *path = g_path_is_absolute (name) || base_directory == NULL
                              ? g_strdup (name)
                              : g_build_filename (base_directory, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) reason = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, &reason))
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, "property \"%s\": cannot read the file \"%s\": %s",
                   pspec->name, name, reason->message);
      return FALSE;
    }
  if (!g_utf8_validate (text, (gssize) length, NULL))
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                   "property \"%s\": the file \"%s\" holds bytes that are not UTF-8 text", pspec->name, name);
      return FALSE;
    }
  g_value_set_string (value, text);
  return TRUE;
}

static gboolean
read_document_value (GParamSpec *pspec, JsonNode *node, const char *base_directory, GValue *value, GError **error)
{
  if (is_string (node))
    return load_document (pspec, json_node_get_string (node), base_directory, value, error);
  if (qrx_property_is_text_object (node))
    g_value_set_string (value, json_object_get_string_member (json_node_get_object (node), "text"));
  else if (JSON_NODE_HOLDS_OBJECT (node) || JSON_NODE_HOLDS_ARRAY (node))
    g_value_take_string (value, qrx_json_to_string (node));
  else
    return refuse (pspec, node, error);
  return TRUE;
}

static gboolean
read_value (GParamSpec *pspec, JsonNode *node, const char *base_directory, GValue *value, GError **error)
{
  switch (qrx_property_get_info (pspec)->kind)
    {
    case QRX_PROPERTY_DOUBLE:
      return read_double_value (pspec, node, value, error);
    case QRX_PROPERTY_INTEGER:
      return read_integer_value (pspec, node, value, error);
    case QRX_PROPERTY_BOOLEAN:
      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
        return refuse (pspec, node, error);
      g_value_set_boolean (value, json_node_get_boolean (node));
      return TRUE;
    case QRX_PROPERTY_STRING:
    case QRX_PROPERTY_CHOICE:
    case QRX_PROPERTY_FILE:
      if (!is_string (node))
        return refuse (pspec, node, error);
      g_value_set_string (value, json_node_get_string (node));
      return TRUE;
    case QRX_PROPERTY_DOCUMENT:
      return read_document_value (pspec, node, base_directory, value, error);
    case QRX_PROPERTY_SCALAR:
      return read_scalar_value (pspec, node, value, error);
    case QRX_PROPERTY_INTEGERS:
    case QRX_PROPERTY_DOUBLES:
      return read_list_value (pspec, node, value, error);
    case QRX_PROPERTY_STRINGS:
      return read_strings_value (pspec, node, value, error);
    case QRX_PROPERTY_UNSUPPORTED:
    default:
      return refuse (pspec, node, error);
    }
}

static gboolean
default_is_unset (GParamSpec *pspec)
{
  g_auto (GValue) standard = G_VALUE_INIT;
  g_autoptr (JsonNode) node = NULL;

  qrx_property_get_default (pspec, &standard);
  node = qrx_property_to_json (pspec, &standard);
  return json_node_is_null (node);
}

gboolean
qrx_property_from_json (GParamSpec *pspec, JsonNode *node, const char *base_directory, GValue *value, GError **error)
{
  g_return_val_if_fail (pspec != NULL && node != NULL, FALSE);

  if (json_node_is_null (node) && default_is_unset (pspec))
    {
      qrx_property_get_default (pspec, value);
      return TRUE;
    }
  g_value_init (value, pspec->value_type);
  if (read_value (pspec, node, base_directory, value, error) && qrx_property_validate (pspec, value, error))
    return TRUE;
  g_value_unset (value);
  return FALSE;
}

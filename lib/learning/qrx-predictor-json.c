/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a model file says of a predictor beside its tensors: target, columns, and who took part. */
#include "learning/qrx-predictor-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int
compare_strings (const void *a, const void *b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
add_strings (JsonBuilder *builder, const char *name, char **strings)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (; *strings != NULL; strings++)
    json_builder_add_string_value (builder, *strings);
  json_builder_end_array (builder);
}

JsonNode *
qrx_predictor_to_json_node (QrxPredictor *self)
{
  QrxPredictorPrivate *priv = qrx_predictor_peek (self);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree const char **fitted = (const char **) g_hash_table_get_keys_as_array (priv->fitted, NULL);

  qsort (fitted, g_hash_table_size (priv->fitted), sizeof *fitted, compare_strings);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "producer");
  json_builder_add_string_value (builder, priv->producer);
  json_builder_set_member_name (builder, "target");
  json_builder_add_string_value (builder, priv->target_name);
  json_builder_set_member_name (builder, "unit");
  json_builder_add_string_value (builder, priv->target_unit);
  json_builder_set_member_name (builder, "orientation");
  json_builder_add_string_value (builder, qrx_orientation_get_name (priv->orientation));
  json_builder_set_member_name (builder, "probability");
  json_builder_add_boolean_value (builder, priv->probability);
  json_builder_set_member_name (builder, "threshold");
  if (isnan (priv->threshold))
    json_builder_add_null_value (builder);
  else
    json_builder_add_double_value (builder, priv->threshold);
  add_strings (builder, "columns", priv->columns);
  if (priv->annotations->len > 1)
    add_strings (builder, "annotations", (char **) priv->annotations->pdata);
  add_strings (builder, "fitted-on", (char **) fitted);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/* The strings of an array member, or NULL with an error. */
static char **
read_strings (JsonObject *object, const char *name, GError **error)
{
  g_autoptr (GStrvBuilder) strings = g_strv_builder_new ();
  JsonNode *node = json_object_get_member (object, name);
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT, "`%s` is not an array of strings", name);
      return NULL;
    }
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *item = json_array_get_element (array, i);

      if (json_node_get_value_type (item) != G_TYPE_STRING)
        {
          g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT, "`%s` has an item that is not a string", name);
          return NULL;
        }
      g_strv_builder_add (strings, json_node_get_string (item));
    }
  return g_strv_builder_end (strings);
}

static char *
read_string (JsonObject *object, const char *name, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node != NULL && json_node_get_value_type (node) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (node));
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT, "`%s` is not a string", name);
  return NULL;
}

static gboolean
read_orientation (QrxPredictorPrivate *priv, JsonObject *object, GError **error)
{
  g_autofree char *name = read_string (object, "orientation", error);

  if (name == NULL)
    return FALSE;
  for (int i = QRX_ORIENTATION_NONE; i <= QRX_ORIENTATION_HIGH_IS_SENSITIVE; i++)
    if (g_str_equal (name, qrx_orientation_get_name (i)))
      {
        priv->orientation = i;
        return TRUE;
      }
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT, "`%s` is no orientation", name);
  return FALSE;
}

static gboolean
read_probability (QrxPredictorPrivate *priv, JsonObject *object, GError **error)
{
  JsonNode *node = json_object_get_member (object, "probability");

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    {
      g_set_error_literal (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT, "`probability` is not a boolean");
      return FALSE;
    }
  priv->probability = json_node_get_boolean (node);
  return TRUE;
}

/* Only what needs annotations says so. */
static gboolean
read_annotations (QrxPredictor *self, JsonObject *object, GError **error)
{
  g_auto (GStrv) names = NULL;

  if (!json_object_has_member (object, "annotations"))
    return TRUE;
  names = read_strings (object, "annotations", error);
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    qrx_predictor_add_annotation (self, names[i]);
  return names != NULL;
}

/* Null where it is not known. */
static gboolean
read_threshold (QrxPredictorPrivate *priv, JsonObject *object, GError **error)
{
  JsonNode *node = json_object_get_member (object, "threshold");
  GType type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;

  priv->threshold = NAN;
  if (node != NULL && JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (type != G_TYPE_DOUBLE && type != G_TYPE_INT64)
    {
      g_set_error_literal (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT, "`threshold` is not a number or null");
      return FALSE;
    }
  priv->threshold = json_node_get_double (node);
  return TRUE;
}

gboolean
qrx_predictor_read_json_node (QrxPredictor *self, JsonNode *node, GError **error)
{
  QrxPredictorPrivate *priv = qrx_predictor_peek (self);
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  g_auto (GStrv) fitted = NULL;

  if (object == NULL)
    {
      g_set_error_literal (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT, "the description of the model is not an object");
      return FALSE;
    }
  g_clear_pointer (&priv->producer, g_free);
  g_clear_pointer (&priv->target_name, g_free);
  g_clear_pointer (&priv->target_unit, g_free);
  g_clear_pointer (&priv->columns, g_strfreev);
  if ((priv->producer = read_string (object, "producer", error)) == NULL ||
      (priv->target_name = read_string (object, "target", error)) == NULL ||
      (priv->target_unit = read_string (object, "unit", error)) == NULL ||
      (priv->columns = read_strings (object, "columns", error)) == NULL ||
      (fitted = read_strings (object, "fitted-on", error)) == NULL || !read_orientation (priv, object, error) ||
      !read_annotations (self, object, error))
    return FALSE;
  for (guint i = 0; fitted[i] != NULL; i++)
    g_hash_table_add (priv->fitted, g_strdup (fitted[i]));
  return read_probability (priv, object, error) && read_threshold (priv, object, error);
}

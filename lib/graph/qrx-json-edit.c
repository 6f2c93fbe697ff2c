/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small edits of JSON values. Knows JSON only. */
#include "graph/qrx-json-edit-private.h"

char **
qrx_json_object_dup_names (JsonObject *object)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *l = members; l != NULL; l = l->next)
    g_strv_builder_add (names, l->data);
  return g_strv_builder_end (names);
}

JsonObject *
qrx_json_object_copy (JsonObject *object)
{
  JsonObject *copy = json_object_new ();
  g_auto (GStrv) names = qrx_json_object_dup_names (object);

  for (guint i = 0; names[i] != NULL; i++)
    json_object_set_member (copy, names[i], json_node_ref (json_object_get_member (object, names[i])));
  return copy;
}

JsonObject *
qrx_json_object_peek_object (JsonObject *object, const char *name)
{
  JsonNode *member = json_object_get_member (object, name);

  return member != NULL && JSON_NODE_HOLDS_OBJECT (member) ? json_node_get_object (member) : NULL;
}

const char *
qrx_json_object_peek_string (JsonObject *object, const char *name)
{
  JsonNode *member = json_object_get_member (object, name);

  if (member == NULL || !JSON_NODE_HOLDS_VALUE (member) || json_node_get_value_type (member) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (member);
}

JsonNode *
qrx_json_new_string (const char *text)
{
  return json_node_init_string (json_node_alloc (), text);
}

JsonNode *
qrx_json_new_object (JsonObject *object)
{
  return json_node_init_object (json_node_alloc (), object);
}

static JsonNode *
replace_member (JsonObject *object, char *const *path, JsonNode *value)
{
  JsonNode *member = qrx_json_replace (json_object_get_member (object, *path), path + 1, value);
  g_autoptr (JsonObject) copy = NULL;

  if (member == NULL)
    return NULL;
  copy = qrx_json_object_copy (object);
  json_object_set_member (copy, *path, member);
  return qrx_json_new_object (copy);
}

static JsonNode *
replace_element (JsonArray *array, char *const *path, JsonNode *value)
{
  guint length = json_array_get_length (array);
  g_autoptr (JsonArray) copy = NULL;
  JsonNode *element;
  guint64 index;

  if (length == 0 || !g_ascii_string_to_unsigned (*path, 10, 0, length - 1, &index, NULL))
    return NULL;
  element = qrx_json_replace (json_array_get_element (array, (guint) index), path + 1, value);
  if (element == NULL)
    return NULL;
  copy = json_array_new ();
  for (guint i = 0; i < length; i++)
    json_array_add_element (copy, i == index ? element : json_node_ref (json_array_get_element (array, i)));
  return json_node_init_array (json_node_alloc (), copy);
}

JsonNode *
qrx_json_replace (JsonNode *node, char *const *path, JsonNode *value)
{
  if (*path == NULL)
    return json_node_ref (value);
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return replace_member (json_node_get_object (node), path, value);
  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    return replace_element (json_node_get_array (node), path, value);
  return NULL;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A JSON text as a tree whose every value knows where it stood, for messages that people can act on. Knows pointers
 * (RFC 6901) and positions, nothing of what the members mean. */
#include "base/qrx-json-private.h"

#include <qrx/qrx-input.h>
#include <string.h>

struct _QrxJsonDocument {
  char *name;
  JsonNode *root;
  GArray *marks; /* of QrxJsonMark; by address of the node once sorted */
  gboolean sorted;
};

/* Without error messages' sake nobody locates, so sorting waits until then. */
static int
compare_marks (gconstpointer a, gconstpointer b)
{
  const QrxJsonMark *x = a, *y = b;

  return x->node < y->node ? -1 : x->node > y->node;
}

QrxJsonDocument *
qrx_json_document_parse (const char *text, gsize length, const char *name, GError **error)
{
  g_autoptr (QrxJsonDocument) self = g_new0 (QrxJsonDocument, 1);

  self->name = g_strdup (name);
  self->marks = g_array_new (FALSE, FALSE, sizeof (QrxJsonMark));
  self->root = qrx_json_scan (text, length, name, self->marks, error);
  return self->root != NULL ? g_steal_pointer (&self) : NULL;
}

QrxJsonDocument *
qrx_json_document_load (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  bytes = qrx_input_read (path, error);
  if (bytes == NULL)
    return NULL;
  return qrx_json_document_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), path, error);
}

void
qrx_json_document_free (QrxJsonDocument *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->root, json_node_unref);
  g_clear_pointer (&self->marks, g_array_unref);
  g_free (self->name);
  g_free (self);
}

JsonNode *
qrx_json_document_get_root (QrxJsonDocument *self)
{
  return self->root;
}

const char *
qrx_json_document_get_name (QrxJsonDocument *self)
{
  return self->name;
}

/* The member or element that one pointer token names, or NULL. */
static JsonNode *
step_into (JsonNode *node, const char *token, gsize length)
{
  g_autofree char *raw = g_strndup (token, length);
  g_autoptr (GString) name = g_string_new (raw);
  guint64 index;

  g_string_replace (name, "~1", "/", 0);
  g_string_replace (name, "~0", "~", 0);
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_object_get_member (json_node_get_object (node), name->str);
  if (!JSON_NODE_HOLDS_ARRAY (node) || (name->str[0] == '0' && name->len > 1) ||
      !g_ascii_string_to_unsigned (name->str, 10, 0, G_MAXUINT, &index, NULL) ||
      index >= json_array_get_length (json_node_get_array (node)))
    return NULL;
  return json_array_get_element (json_node_get_array (node), (guint) index);
}

/* As far as the pointer leads; *complete tells whether that is all the way. */
static JsonNode *
follow (JsonNode *node, const char *pointer, gboolean *complete)
{
  *complete = *pointer == '\0' || *pointer == '/';
  while (*complete && *pointer == '/')
    {
      const char *token = pointer + 1;
      gsize length = strcspn (token, "/");
      JsonNode *next = step_into (node, token, length);

      *complete = next != NULL;
      node = next != NULL ? next : node;
      pointer = token + length;
    }
  return node;
}

JsonNode *
qrx_json_document_find (QrxJsonDocument *self, const char *pointer)
{
  gboolean complete;
  JsonNode *node = follow (self->root, pointer, &complete);

  return complete ? node : NULL;
}

gboolean
qrx_json_document_locate_node (QrxJsonDocument *self, JsonNode *node, gboolean key, QrxPosition *out)
{
  QrxJsonMark wanted = { .node = node };
  guint index;

  if (!self->sorted)
    g_array_sort (self->marks, compare_marks);
  self->sorted = TRUE;
  if (!g_array_binary_search (self->marks, &wanted, compare_marks, &index))
    return FALSE;
  *out = key ? g_array_index (self->marks, QrxJsonMark, index).key
             : g_array_index (self->marks, QrxJsonMark, index).value;
  return TRUE;
}

gboolean
qrx_json_document_locate (QrxJsonDocument *self, const char *pointer, gboolean key, QrxPosition *out)
{
  gboolean complete;
  JsonNode *node = follow (self->root, pointer, &complete);

  return qrx_json_document_locate_node (self, node, key && complete, out) && complete;
}

void
qrx_json_document_set_error (QrxJsonDocument *self, const char *pointer, gboolean key, GQuark domain, int code,
                             GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  QrxPosition position = { 1, 1 };
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  qrx_json_document_locate (self, pointer, key, &position);
  g_set_error (error, domain, code, "%s%s%u:%u: %s", self->name != NULL ? self->name : "",
               self->name != NULL ? ":" : "", position.line, position.column, message);
}

gboolean
qrx_json_check_members (QrxJsonDocument *self, const char *pointer, const char *const *allowed, GError **error)
{
  JsonNode *node = qrx_json_document_find (self, pointer);
  g_autoptr (GList) members = NULL;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      qrx_json_document_set_error (self, pointer, FALSE, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, error,
                                   "found %s, expected an object", node != NULL ? qrx_json_describe (node) : "nothing");
      return FALSE;
    }
  members = json_object_get_members (json_node_get_object (node));
  for (GList *l = members; l != NULL; l = l->next)
    if (!g_strv_contains (allowed, l->data))
      {
        g_autofree char *hint = qrx_suggest_text (l->data, allowed);
        g_autofree char *where = qrx_json_pointer_append (pointer, l->data);

        qrx_json_document_set_error (self, where, TRUE, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_UNKNOWN, error,
                                     "found the unknown key \"%s\"%s", (const char *) l->data, hint);
        return FALSE;
      }
  return TRUE;
}

char *
qrx_json_pointer_append (const char *pointer, const char *token)
{
  g_autoptr (GString) escaped = g_string_new (token);

  g_string_replace (escaped, "~", "~0", 0);
  g_string_replace (escaped, "/", "~1", 0);
  return g_strconcat (pointer, "/", escaped->str, NULL);
}

const char *
qrx_json_describe (JsonNode *node)
{
  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      return "an object";
    case JSON_NODE_ARRAY:
      return "an array";
    case JSON_NODE_NULL:
      return "null";
    case JSON_NODE_VALUE:
      break;
    }
  switch (json_node_get_value_type (node))
    {
    case G_TYPE_STRING:
      return "a string";
    case G_TYPE_BOOLEAN:
      return json_node_get_boolean (node) ? "true" : "false";
    case G_TYPE_INT64:
      return "an integer";
    default:
      return "a number";
    }
}

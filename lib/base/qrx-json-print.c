/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trees to JSON text: the same bytes in every locale, numbers that read back the same. */
#include "base/qrx-json-private.h"

#include <math.h>

#define MAX_LINE 100 /* arrays of scalars that end before this column stay on one line */

static void print_node (GString *out, JsonNode *node, gboolean pretty, guint depth);

static void
print_string (GString *out, const char *text)
{
  g_autofree char *valid = g_utf8_validate (text, -1, NULL) ? NULL : g_utf8_make_valid (text, -1);

  g_string_append_c (out, '"');
  for (const char *p = valid != NULL ? valid : text; *p != '\0'; p++)
    switch (*p)
      {
      case '"':
      case '\\':
        g_string_append_c (out, '\\');
        g_string_append_c (out, *p);
        break;
      case '\n':
        g_string_append (out, "\\n");
        break;
      case '\t':
        g_string_append (out, "\\t");
        break;
      default:
        if ((guchar) *p < 0x20)
          g_string_append_printf (out, "\\u%04x", (guint) *p);
        else
          g_string_append_c (out, *p);
      }
  g_string_append_c (out, '"');
}

static void
print_scalar (GString *out, JsonNode *node)
{
  char buffer[QRX_NUMBER_BUFFER_SIZE];

  if (JSON_NODE_HOLDS_NULL (node))
    {
      g_string_append (out, "null");
      return;
    }
  switch (json_node_get_value_type (node))
    {
    case G_TYPE_STRING:
      print_string (out, json_node_get_string (node));
      break;
    case G_TYPE_BOOLEAN:
      g_string_append (out, json_node_get_boolean (node) ? "true" : "false");
      break;
    case G_TYPE_INT64:
      g_string_append_printf (out, "%" G_GINT64_FORMAT, json_node_get_int (node));
      break;
    default:
      g_string_append (out, isfinite (json_node_get_double (node))
                              ? qrx_number_format (json_node_get_double (node), buffer) : "null");
    }
}

static void
print_break (GString *out, gboolean pretty, guint depth)
{
  if (pretty)
    g_string_append_printf (out, "\n%*s", (int) (2 * depth), "");
}

/* Tries all elements on the current line; takes them back where one is no scalar or the line grows too long. */
static gboolean
print_short_array (GString *out, JsonArray *array)
{
  gsize start = out->len, line_start = start;
  guint n = json_array_get_length (array);

  while (line_start > 0 && start - line_start <= MAX_LINE && out->str[line_start - 1] != '\n')
    line_start--;
  g_string_append_c (out, '[');
  for (guint i = 0; i < n; i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_OBJECT (element) || JSON_NODE_HOLDS_ARRAY (element) || out->len - line_start > MAX_LINE)
        {
          g_string_truncate (out, start);
          return FALSE;
        }
      g_string_append (out, i > 0 ? ", " : "");
      print_scalar (out, element);
    }
  g_string_append_c (out, ']');
  if (n > 1 && out->len - line_start > MAX_LINE)
    {
      g_string_truncate (out, start);
      return FALSE;
    }
  return TRUE;
}

static void
print_array (GString *out, JsonArray *array, gboolean pretty, guint depth)
{
  guint n = json_array_get_length (array);

  if (pretty && print_short_array (out, array))
    return;
  g_string_append_c (out, '[');
  for (guint i = 0; i < n; i++)
    {
      g_string_append (out, i > 0 ? "," : "");
      print_break (out, pretty, depth + 1);
      print_node (out, json_array_get_element (array, i), pretty, depth + 1);
    }
  if (n > 0)
    print_break (out, pretty, depth);
  g_string_append_c (out, ']');
}

static void
print_object (GString *out, JsonObject *object, gboolean pretty, guint depth)
{
  g_autoptr (GList) members = json_object_get_members (object);

  g_string_append_c (out, '{');
  for (GList *l = members; l != NULL; l = l->next)
    {
      g_string_append (out, l != members ? "," : "");
      print_break (out, pretty, depth + 1);
      print_string (out, l->data);
      g_string_append (out, pretty ? ": " : ":");
      print_node (out, json_object_get_member (object, l->data), pretty, depth + 1);
    }
  if (members != NULL)
    print_break (out, pretty, depth);
  g_string_append_c (out, '}');
}

static void
print_node (GString *out, JsonNode *node, gboolean pretty, guint depth)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    print_object (out, json_node_get_object (node), pretty, depth);
  else if (JSON_NODE_HOLDS_ARRAY (node))
    print_array (out, json_node_get_array (node), pretty, depth);
  else
    print_scalar (out, node);
}

/**
 * qrx_json_to_string: (skip)
 * @node: a JSON value
 *
 * Prints JSON for people: indented by two, short arrays of scalars on one line. What is not finite becomes null.
 *
 * Returns: (transfer full): the text, without a newline at its end
 */
char *
qrx_json_to_string (JsonNode *node)
{
  g_autoptr (GString) out = g_string_new (NULL);

  g_return_val_if_fail (node != NULL, NULL);
  print_node (out, node, TRUE, 0);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/**
 * qrx_json_to_compact_string: (skip)
 * @node: a JSON value
 *
 * Prints JSON for programs: on one line, without blanks. What is not finite becomes null.
 *
 * Returns: (transfer full): the text
 */
char *
qrx_json_to_compact_string (JsonNode *node)
{
  g_autoptr (GString) out = g_string_new (NULL);

  g_return_val_if_fail (node != NULL, NULL);
  print_node (out, node, FALSE, 0);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

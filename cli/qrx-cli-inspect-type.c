/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A node type as people read it: all from its description, so that a new type is shown without a line here. A type that has a
 * property `layout` or `encoding` is shown with the circuits of these names. */
#include "qrx-cli-inspect.h"

#include "qrx-cli-json.h"
#include "qrx-cli-text.h"
#include "qrx-cli.h"

#include <stdio.h>

#define WIDTH 100

static const char *
get_text (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, "");
}

/* A name, what stands beside it, and below what there is to say. */
static void
print_entry (const char *name, gsize width, const char *beside, const char *below)
{
  printf ("  %s", name);
  if (*beside == '\0')
    {
      beside = below;
      below = "";
    }
  qrx_cli_text_print_paragraph (stdout, beside, 2 + qrx_cli_text_width (name), width + 4, WIDTH);
  if (*below != '\0')
    qrx_cli_text_print_paragraph (stdout, below, 0, width + 6, WIDTH);
}

static gsize
longest_name (JsonArray *array)
{
  gsize width = 0;

  for (guint i = 0; i < json_array_get_length (array); i++)
    width = MAX (width, qrx_cli_text_width (get_text (json_array_get_object_element (array, i), "name")));
  return width;
}

/* An array of objects with "name"; @column and "description" or "summary" are shown beside and below. */
static void
print_entries (JsonObject *type, const char *member, const char *title, const char *column)
{
  JsonArray *array = json_object_get_array_member (type, member);
  gsize width = longest_name (array);

  if (json_array_get_length (array) == 0)
    return;
  printf ("\n%s\n", title);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *entry = json_array_get_object_element (array, i);
      JsonNode *value = json_object_get_member (entry, column);
      g_autofree char *shown = value == NULL || !JSON_NODE_HOLDS_VALUE (value) ? NULL : g_strdup (json_node_get_string (value));
      const char *text = json_object_has_member (entry, "summary") ? "summary" : "description";

      if (shown == NULL && value != NULL)
        shown = qrx_cli_write_json (value, FALSE);
      print_entry (get_text (entry, "name"), width, shown != NULL ? shown : "", get_text (entry, text));
    }
}

static char *
join (JsonArray *array, const char *separator)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? separator : "", json_array_get_string_element (array, i));
  return g_strdup (text->str);
}

static void
print_exclusions (JsonObject *type)
{
  JsonArray *array = json_object_get_array_member (type, "exclusions");

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *exclusion = json_array_get_object_element (array, i);
      g_autofree char *properties = join (json_object_get_array_member (exclusion, "properties"), ", ");
      g_autofree char *others = join (json_object_get_array_member (exclusion, "others"), ", ");

      printf ("  %s: instead of %s\n", properties, others);
    }
}

static void
print_citations (JsonObject *type)
{
  JsonArray *array = json_object_get_array_member (type, "citations");

  if (json_array_get_length (array) > 0)
    printf ("\nSources\n");
  for (guint i = 0; i < json_array_get_length (array); i++)
    qrx_cli_text_print_paragraph (stdout, json_array_get_string_element (array, i), 0, 2, WIDTH);
}

static void
print_example (JsonObject *type)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!json_object_has_member (type, "example"))
    return;
  text = qrx_cli_write_json (json_object_get_member (type, "example"), TRUE);
  lines = g_strsplit (text, "\n", -1);
  printf ("\nExample, which a test runs\n");
  for (guint i = 0; lines[i] != NULL; i++)
    printf ("  %s\n", lines[i]);
}

static gboolean
has_property (JsonObject *type, const char *name)
{
  JsonArray *properties = json_object_get_array_member (type, "properties");

  for (guint i = 0; i < json_array_get_length (properties); i++)
    if (g_str_equal (get_text (json_array_get_object_element (properties, i), "name"), name))
      return TRUE;
  return FALSE;
}

static JsonArray *
list_circuits (const char *const *names, const char *(*get_summary) (const char *), const char *(*get_citation) (const char *))
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; names[i] != NULL; i++)
    {
      JsonObject *entry = json_object_new ();

      json_object_set_string_member (entry, "name", names[i]);
      json_object_set_string_member (entry, "summary", get_summary (names[i]));
      if (get_citation (names[i]) != NULL)
        json_object_set_string_member (entry, "citation", get_citation (names[i]));
      json_array_add_object_element (array, entry);
    }
  return array;
}

/* Adds what the type's layouts and encodings are. */
static void
add_circuits (JsonObject *type)
{
  if (has_property (type, "layout"))
    json_object_set_array_member (type, "layouts",
                                  list_circuits (qrx_layout_list_names (), qrx_layout_get_summary, qrx_layout_get_citation));
  if (has_property (type, "encoding"))
    json_object_set_array_member (type, "encodings",
                                  list_circuits (qrx_encoding_list_names (), qrx_encoding_get_summary,
                                                 qrx_encoding_get_citation));
}

static void
print_type (JsonObject *type)
{
  const char *preset = get_text (type, "preset");

  printf ("%s%s%s (%s)\n", preset, *preset != '\0' ? ", a preset of " : "", get_text (type, "name"),
          get_text (type, "category"));
  qrx_cli_text_print_paragraph (stdout, get_text (type, "summary"), 0, 2, WIDTH);
  print_entries (type, "inputs", "Inputs", "spec");
  print_entries (type, "outputs", "Outputs", "spec");
  print_entries (type, "properties", "Properties", "type");
  print_exclusions (type);
  print_entries (type, "presets", "Presets", "properties");
  print_entries (type, "scores", "Scores, and which is better", "better");
  if (json_object_has_member (type, "encodings"))
    print_entries (type, "encodings", "Encodings", "citation");
  if (json_object_has_member (type, "layouts"))
    print_entries (type, "layouts", "Layouts", "citation");
  print_citations (type);
  print_example (type);
}

int
qrx_cli_inspect_type (QrxRegistry *registry, const char *name, gboolean json)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = qrx_registry_describe (registry, name, &error);
  g_autoptr (JsonNode) node = NULL;

  if (text == NULL)
    {
      qrx_cli_complain (error);
      return QRX_EXIT_INVALID;
    }
  node = qrx_cli_read_json (text);
  add_circuits (json_node_get_object (node));
  if (json)
    qrx_cli_print_json (g_steal_pointer (&node));
  else
    print_type (json_node_get_object (node));
  return QRX_EXIT_OK;
}

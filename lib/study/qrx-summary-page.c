/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Puts a document into the page that draws it: one file that needs nothing else. */
#include <qrx/qrx-summary.h>

#include <gio/gio.h>
#include <string.h>

#define PAGE "/org/qrx/report/page.html"
#define MARK "@SUMMARY@"
#define LIVE "@LIVE@"

/* JSON that may stand in a script element: neither "</script" nor "<!--" can come up, and JavaScript's own line
 * separators are written as escapes. All of these occur only within JSON's strings. */
static char *
escape (const char *json)
{
  g_autoptr (GString) text = g_string_sized_new (strlen (json));

  for (const char *at = json; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c == '<' || c == '>' || c == '&' || c == 0x2028 || c == 0x2029)
        g_string_append_printf (text, "\\u%04x", c);
      else
        g_string_append_len (text, at, g_utf8_next_char (at) - at);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* @text with what stands for @mark put in its place. */
static char *
fill (const char *text, const char *mark, const char *content)
{
  const char *at = strstr (text, mark);

  g_return_val_if_fail (at != NULL, NULL);
  return g_strdup_printf ("%.*s%s%s", (int) (at - text), text, content, at + strlen (mark));
}

/**
 * qrx_summary_to_page:
 * @summary: the document of qrx_summary_of_run() or qrx_summary_of_study()
 * @live: (nullable): where the page may ask for the document again, as it goes on: a path on its own server
 * @error: return location for an error
 *
 * Puts a document into a page of HTML that holds its styles, its program and its numbers, and fetches nothing else.
 *
 * Returns: (transfer full): the page
 */
char *
qrx_summary_to_page (const char *summary, const char *live, GError **error)
{
  g_autoptr (GBytes) page = NULL;
  g_autofree char *data = NULL;
  g_autofree char *address = NULL;
  g_autofree char *lively = NULL;

  g_return_val_if_fail (summary != NULL && g_utf8_validate (summary, -1, NULL), NULL);

  page = g_resources_lookup_data (PAGE, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  if (page == NULL)
    return NULL;
  data = escape (summary);
  address = g_markup_escape_text (live != NULL ? live : "", -1);
  /* The compiler of resources ends texts with a zero. The document comes last: a mark in it is no mark. */
  lively = fill (g_bytes_get_data (page, NULL), LIVE, address);
  return fill (lively, MARK, data);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The structure of strict RFC 8259: text to json-glib's tree, refusing what other parsers read differently. Knows
 * nothing of what the tree means. */
#include "base/qrx-json-lexer-private.h"

#include <string.h>

static JsonNode *scan_value (QrxJsonLexer *lexer, QrxPosition *key);

static gboolean
enter (QrxJsonLexer *lexer)
{
  if (++lexer->depth > QRX_JSON_MAX_DEPTH)
    {
      qrx_json_lexer_fail (lexer, lexer->p, "found arrays and objects nested more than %d deep, expected fewer",
                           QRX_JSON_MAX_DEPTH);
      return FALSE;
    }
  lexer->p++;
  qrx_json_lexer_skip_blanks (lexer);
  return TRUE;
}

/* After an element: TRUE at a comma, FALSE at the end or at a fault (then lexer->p is NULL). */
static gboolean
another (QrxJsonLexer *lexer, char closing, const char *expected)
{
  qrx_json_lexer_skip_blanks (lexer);
  if (qrx_json_lexer_at (lexer, ','))
    {
      lexer->p++;
      qrx_json_lexer_skip_blanks (lexer);
      return TRUE;
    }
  if (qrx_json_lexer_at (lexer, closing))
    {
      lexer->p++;
      lexer->depth--;
      return FALSE;
    }
  qrx_json_lexer_fail_expected (lexer, expected);
  lexer->p = NULL;
  return FALSE;
}

static JsonNode *
scan_array (QrxJsonLexer *lexer)
{
  g_autoptr (JsonArray) array = json_array_new ();
  JsonNode *element;
  gboolean more;

  if (!enter (lexer))
    return NULL;
  more = !qrx_json_lexer_at (lexer, ']');
  if (!more)
    {
      lexer->p++;
      lexer->depth--;
    }
  while (more)
    {
      element = scan_value (lexer, NULL);
      if (element == NULL)
        return NULL;
      json_array_add_element (array, element);
      more = another (lexer, ']', "a comma or ]");
    }
  return lexer->p != NULL ? json_node_init_array (json_node_alloc (), array) : NULL;
}

static gboolean
scan_member (QrxJsonLexer *lexer, JsonObject *object)
{
  const char *start = lexer->p;
  g_autofree char *key = NULL;
  JsonNode *value;
  QrxPosition position;

  if (!qrx_json_lexer_at (lexer, '"'))
    {
      qrx_json_lexer_fail_expected (lexer, "a key in double quotes");
      return FALSE;
    }
  key = qrx_json_lexer_read_string (lexer);
  if (key == NULL)
    return FALSE;
  if (json_object_has_member (object, key))
    {
      g_autofree char *shortened = g_utf8_substring (key, 0, MIN (g_utf8_strlen (key, -1), 60));

      qrx_json_lexer_fail (lexer, start, "found the key \"%s\" again, expected it once in an object",
                           shortened);
      return FALSE;
    }
  qrx_json_lexer_skip_blanks (lexer);
  if (!qrx_json_lexer_at (lexer, ':'))
    {
      qrx_json_lexer_fail_expected (lexer, "a colon after the key");
      return FALSE;
    }
  lexer->p++;
  qrx_json_lexer_skip_blanks (lexer);
  position = qrx_json_lexer_locate (lexer, start);
  value = scan_value (lexer, &position);
  if (value != NULL)
    json_object_set_member (object, key, value);
  return value != NULL;
}

static JsonNode *
scan_object (QrxJsonLexer *lexer)
{
  g_autoptr (JsonObject) object = json_object_new ();
  gboolean more;

  if (!enter (lexer))
    return NULL;
  more = !qrx_json_lexer_at (lexer, '}');
  if (!more)
    {
      lexer->p++;
      lexer->depth--;
    }
  while (more)
    {
      if (!scan_member (lexer, object))
        return NULL;
      more = another (lexer, '}', "a comma or }");
    }
  return lexer->p != NULL ? json_node_init_object (json_node_alloc (), object) : NULL;
}

static JsonNode *
scan_scalar (QrxJsonLexer *lexer)
{
  g_autofree char *text = NULL;

  if (qrx_json_lexer_at (lexer, '"'))
    {
      text = qrx_json_lexer_read_string (lexer);
      return text != NULL ? json_node_init_string (json_node_alloc (), text) : NULL;
    }
  if (lexer->p < lexer->end && (g_ascii_isdigit (*lexer->p) || *lexer->p == '-'))
    return qrx_json_lexer_read_number (lexer);
  if (qrx_json_lexer_read_word (lexer, "true"))
    return json_node_init_boolean (json_node_alloc (), TRUE);
  if (qrx_json_lexer_read_word (lexer, "false"))
    return json_node_init_boolean (json_node_alloc (), FALSE);
  if (qrx_json_lexer_read_word (lexer, "null"))
    return json_node_init_null (json_node_alloc ());
  qrx_json_lexer_fail_expected (lexer, "a JSON value");
  return NULL;
}

static JsonNode *
scan_value (QrxJsonLexer *lexer, QrxPosition *key)
{
  QrxJsonMark mark = { NULL, { 0, 0 }, { 0, 0 } };
  guint index = 0;

  if (lexer->marks != NULL)
    {
      mark.value = qrx_json_lexer_locate (lexer, lexer->p);
      mark.key = key != NULL ? *key : mark.value;
      index = lexer->marks->len;
      g_array_append_val (lexer->marks, mark);
    }
  if (qrx_json_lexer_at (lexer, '{'))
    mark.node = scan_object (lexer);
  else if (qrx_json_lexer_at (lexer, '['))
    mark.node = scan_array (lexer);
  else
    mark.node = scan_scalar (lexer);
  if (lexer->marks != NULL)
    g_array_index (lexer->marks, QrxJsonMark, index).node = mark.node;
  return mark.node;
}

/* What no JSON text has anywhere. */
static gboolean
check_encoding (QrxJsonLexer *lexer)
{
  const char *bad = NULL;

  if (lexer->end - lexer->p >= 3 && memcmp (lexer->p, "\xef\xbb\xbf", 3) == 0)
    qrx_json_lexer_fail (lexer, lexer->p, "found a byte order mark, expected UTF-8 without one");
  else if (g_utf8_validate_len (lexer->p, (gsize) (lexer->end - lexer->p), &bad))
    return TRUE;
  else if (*bad == '\0')
    qrx_json_lexer_fail (lexer, bad, "found a NUL character, expected text");
  else
    qrx_json_lexer_fail (lexer, bad, "found the byte 0x%02X, expected UTF-8", (guint) (guchar) *bad);
  return FALSE;
}

JsonNode *
qrx_json_scan (const char *text, gsize length, const char *name, GArray *marks, GError **error)
{
  QrxJsonLexer lexer = { .start = text, .p = text, .end = text + length, .marked = text, .position = { 1, 1 },
                         .marks = marks, .name = name, .error = error };
  g_autoptr (JsonNode) root = NULL;

  g_return_val_if_fail (text != NULL || length == 0, NULL);

  if (length == 0)
    {
      qrx_json_lexer_fail (&lexer, text, "found an empty text, expected a JSON value");
      return NULL;
    }
  if (!check_encoding (&lexer))
    return NULL;
  qrx_json_lexer_skip_blanks (&lexer);
  root = scan_value (&lexer, NULL);
  if (root == NULL)
    return NULL;
  qrx_json_lexer_skip_blanks (&lexer);
  if (lexer.p < lexer.end)
    {
      qrx_json_lexer_fail_expected (&lexer, "the end of the text");
      return NULL;
    }
  return g_steal_pointer (&root);
}

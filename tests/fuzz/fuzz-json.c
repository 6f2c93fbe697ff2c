/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is accepted prints, reads back, and prints the same; every value of it has a position. */
#include "fuzz.h"

#include "base/qrx-json-private.h"

#include <string.h>

static void
locate_all (QrxJsonDocument *document, JsonNode *node)
{
  QrxPosition value, key;

  g_assert_true (qrx_json_document_locate_node (document, node, FALSE, &value));
  g_assert_true (qrx_json_document_locate_node (document, node, TRUE, &key));
  g_assert_true (key.line < value.line || (key.line == value.line && key.column <= value.column));
  if (JSON_NODE_HOLDS_ARRAY (node))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      locate_all (document, json_array_get_element (json_node_get_array (node), i));
  else if (JSON_NODE_HOLDS_OBJECT (node))
    {
      g_autoptr (GList) values = json_object_get_values (json_node_get_object (node));

      for (GList *l = values; l != NULL; l = l->next)
        locate_all (document, l->data);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxJsonDocument) document = qrx_json_document_parse ((const char *) data, size, "input", &error), again = NULL;
  g_autofree char *printed = NULL, *reprinted = NULL;

  if (document == NULL)
    {
      g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_SYNTAX);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  locate_all (document, qrx_json_document_get_root (document));
  printed = qrx_json_to_string (qrx_json_document_get_root (document));
  again = qrx_json_document_parse (printed, strlen (printed), NULL, &error);
  g_assert_no_error (error);
  reprinted = qrx_json_to_string (qrx_json_document_get_root (again));
  g_assert_cmpstr (printed, ==, reprinted);
  g_assert_true (json_node_equal (qrx_json_document_get_root (document), qrx_json_document_get_root (again)));
  return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A store as a table of text: a line for each score of each trial, what varies in columns of its own. */
#include "study/qrx-store-private.h"

#include <qrx/qrx-number.h>

static void
append_field (GString *out, const char *text)
{
  if (out->len > 0 && out->str[out->len - 1] != '\n')
    g_string_append_c (out, ',');
  if (strpbrk (text, ",\"\n\r") == NULL)
    {
      g_string_append (out, text);
      return;
    }
  g_string_append_c (out, '"');
  for (; *text != '\0'; text++)
    {
      g_string_append (out, *text == '"' ? "\"" : "");
      g_string_append_c (out, *text);
    }
  g_string_append_c (out, '"');
}

static void
append_number (GString *out, QrxStatement *row, int column)
{
  char buffer[QRX_NUMBER_BUFFER_SIZE];

  if (sqlite3_column_type (row, column) == SQLITE_FLOAT)
    append_field (out, qrx_number_format (sqlite3_column_double (row, column), buffer));
  else
    append_field (out, qrx_statement_text (row, column));
}

/* Every path that some trial sets, in the order of the trials. */
static GPtrArray *
list_paths (QrxStore *self, GError **error)
{
  g_autoptr (QrxStatement) rows =
      qrx_store_prepare (self, error,
                         "SELECT json_each.key FROM trial, json_each (settings) GROUP BY json_each.key ORDER BY min "
                         "(trial.id), min (json_each.id)",
                         "");
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  int found = -1;

  while (rows != NULL && (found = qrx_store_step (self, rows, error)) > 0)
    g_ptr_array_add (paths, g_strdup (qrx_statement_text (rows, 0)));
  return found == 0 ? g_steal_pointer (&paths) : NULL;
}

static void
append_settings (GString *out, const char *settings, GPtrArray *paths)
{
  g_autoptr (JsonNode) root = qrx_json_scan (settings, strlen (settings), NULL, NULL, NULL);

  for (guint i = 0; i < paths->len; i++)
    {
      JsonNode *value = root != NULL ? json_object_get_member (json_node_get_object (root), paths->pdata[i]) : NULL;
      gboolean is_text =
          value != NULL && JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING;
      g_autofree char *text = value == NULL ? g_strdup ("")
                              : is_text     ? json_node_dup_string (value)
                                            : qrx_json_to_compact_string (value);

      append_field (out, text);
    }
}

static gboolean
append_rows (QrxStore *self, GString *out, GPtrArray *paths, GError **error)
{
  g_autoptr (QrxStatement) rows =
      qrx_store_prepare (self, error,
                         "SELECT trial.id, arm, stage, ifnull (budget, ''), settings, evaluator, role, "
                         "name, value, low, high FROM trial "
                         "JOIN score ON score.trial = trial.id WHERE state = 'done' AND score.text IS NULL "
                         "ORDER BY trial.id, evaluator, role, name",
                         "");
  int found = -1;

  while (rows != NULL && (found = qrx_store_step (self, rows, error)) > 0)
    {
      for (int i = 0; i < 4; i++)
        append_field (out, qrx_statement_text (rows, i));
      append_settings (out, qrx_statement_text (rows, 4), paths);
      for (int i = 5; i < 8; i++)
        append_field (out, qrx_statement_text (rows, i));
      for (int i = 8; i < 11; i++)
        append_number (out, rows, i);
      g_string_append_c (out, '\n');
    }
  return found == 0;
}

/**
 * qrx_store_to_csv:
 * @self: a store
 * @error: return location for an error
 *
 * Writes all scores of the trials that are done as CSV: columns trial, arm, stage, budget, one for each path
 * that varies, then evaluator, role, score, value, low and high (of an interval). What is not defined is
 * empty.
 *
 * Returns: (transfer full): the text
 */
char *
qrx_store_to_csv (QrxStore *self, GError **error)
{
  static const char *const before[] = { "trial", "arm", "stage", "budget" };
  static const char *const behind[] = { "evaluator", "role", "score", "value", "low", "high" };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GPtrArray) paths = NULL;
  gboolean success;

  g_return_val_if_fail (QRX_IS_STORE (self), NULL);
  g_mutex_lock (&self->mutex);
  paths = list_paths (self, error);
  for (gsize i = 0; i < G_N_ELEMENTS (before); i++)
    append_field (out, before[i]);
  for (guint i = 0; paths != NULL && i < paths->len; i++)
    append_field (out, paths->pdata[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (behind); i++)
    append_field (out, behind[i]);
  g_string_append_c (out, '\n');
  success = paths != NULL && append_rows (self, out, paths, error);
  g_mutex_unlock (&self->mutex);
  return success ? g_string_free (g_steal_pointer (&out), FALSE) : NULL;
}

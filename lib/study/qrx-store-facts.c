/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a store says of its study as a whole, for a report: what is studied, how far it is, what looked wrong. */
#include "study/qrx-store-facts-private.h"

#include <string.h>

JsonObject *
qrx_store_parse_object (const char *text)
{
  JsonNode *node = qrx_json_scan (text, strlen (text), NULL, NULL, NULL);
  JsonObject *object = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_dup_object (node) : json_object_new ();

  if (node != NULL)
    json_node_unref (node);
  return object;
}

/* The study itself, and how far it is. */
static gboolean
read_study (QrxStore *store, QrxSummary *summary, GError **error)
{
  g_autoptr (QrxStatement) row = qrx_store_prepare (
      store, error,
      "SELECT coalesce (title, file), design, n_trials, file, text, digest, sampler, overrides FROM study", "");
  g_autoptr (QrxStatement) states = NULL;
  JsonObject *status = json_object_new ();
  gint64 n_waiting;
  int found = row != NULL ? qrx_store_step (store, row, error) : -1;

  json_object_set_object_member (summary->facts, "status", status);
  if (found <= 0)
    return FALSE;
  summary->title = g_strdup (qrx_statement_text (row, 0));
  n_waiting = sqlite3_column_int64 (row, 2);
  json_object_set_object_member (summary->facts, "design", qrx_store_parse_object (qrx_statement_text (row, 1)));
  json_object_set_string_member (summary->facts, "study-file", qrx_statement_text (row, 3));
  json_object_set_string_member (summary->facts, "study-text", qrx_statement_text (row, 4));
  json_object_set_string_member (summary->facts, "digest", qrx_statement_text (row, 5));
  json_object_set_string_member (summary->facts, "sampler", qrx_statement_text (row, 6));
  json_object_set_string_member (summary->facts, "overrides", qrx_statement_text (row, 7));
  states = qrx_store_prepare (
      store, error, "SELECT state, count (*) FROM trial WHERE state != 'waiting' GROUP BY state ORDER BY state",
      "");
  while (states != NULL && (found = qrx_store_step (store, states, error)) > 0)
    {
      json_object_set_int_member (status, qrx_statement_text (states, 0), sqlite3_column_int64 (states, 1));
      n_waiting -= sqlite3_column_int64 (states, 1);
    }
  if (n_waiting > 0)
    json_object_set_int_member (status, "waiting", n_waiting);
  return found == 0;
}

/* What looked wrong, told once for each arm and node, in the words of its first trial. */
static gboolean
read_warnings (QrxStore *store, QrxSummary *summary, GError **error)
{
  g_autoptr (QrxStatement) rows = qrx_store_prepare (
      store, error,
      "SELECT arm, node, text, count (DISTINCT trial), min (trial) FROM message JOIN trial ON trial.id = message.trial "
      "WHERE kind = 'warning' GROUP BY arm, node ORDER BY min (trial)",
      "");
  JsonArray *warnings = json_array_new ();
  int found = -1;

  json_object_set_array_member (summary->facts, "warnings", warnings);
  while (rows != NULL && (found = qrx_store_step (store, rows, error)) > 0)
    {
      JsonObject *warning = json_object_new ();

      json_object_set_string_member (warning, "arm", qrx_statement_text (rows, 0));
      json_object_set_string_member (warning, "node", qrx_statement_text (rows, 1));
      json_object_set_string_member (warning, "text", qrx_statement_text (rows, 2));
      json_object_set_int_member (warning, "trials", sqlite3_column_int64 (rows, 3));
      json_array_add_object_element (warnings, warning);
    }
  return found == 0;
}

/* What each arm was given: trials that are done, searches among them, and for networks the epochs that they ran. */
static gboolean
read_budgets (QrxStore *store, QrxSummary *summary, GError **error)
{
  g_autoptr (QrxStatement) rows = qrx_store_prepare (
      store, error,
      "SELECT arm, count (*), count (DISTINCT configuration), sum (n), sum (seconds) FROM (SELECT id, arm, configuration, "
      "seconds, (SELECT sum (n) FROM (SELECT max (length (epochs)) / 8 AS n FROM curve WHERE trial = trial.id GROUP BY node)) "
      "AS n FROM trial WHERE state = 'done') GROUP BY arm ORDER BY min (id)",
      "");
  JsonArray *budgets = json_array_new ();
  int found = -1;

  json_object_set_array_member (summary->facts, "budgets", budgets);
  while (rows != NULL && (found = qrx_store_step (store, rows, error)) > 0)
    {
      JsonObject *budget = json_object_new ();

      json_object_set_string_member (budget, "arm", qrx_statement_text (rows, 0));
      json_object_set_int_member (budget, "trials", sqlite3_column_int64 (rows, 1));
      json_object_set_int_member (budget, "configurations", sqlite3_column_int64 (rows, 2));
      if (sqlite3_column_type (rows, 3) != SQLITE_NULL)
        json_object_set_int_member (budget, "epochs", sqlite3_column_int64 (rows, 3));
      json_object_set_double_member (budget, "seconds", sqlite3_column_double (rows, 4));
      json_array_add_object_element (budgets, budget);
    }
  return found == 0;
}

gboolean
qrx_store_read_facts (QrxStore *store, QrxSummary *summary, GError **error)
{
  return read_study (store, summary, error) && read_warnings (store, summary, error) && read_budgets (store, summary, error);
}

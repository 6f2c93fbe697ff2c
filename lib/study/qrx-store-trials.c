/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which trials there are, and who runs them. */
#include "study/qrx-store-private.h"

#include <math.h>

static double
now (void)
{
  return (double) g_get_real_time () / G_USEC_PER_SEC;
}

static gboolean
add_trial (QrxStore *self, const QrxTrial *trial, GError **error)
{
  g_autoptr (QrxStatement) statement = qrx_store_prepare (
      self, error,
      "INSERT OR IGNORE INTO trial (id, key, arm, settings, configuration, task, resample, replicate, "
      "search, proposal, stage,"
      " budget, parent, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, nullif (?, -1), ?, nullif (?, 0), nullif "
      "(?, -1), 'waiting')",
      "isssssssiisii", trial->id, trial->key, trial->arm, trial->settings, trial->configuration, trial->task,
      trial->resample, trial->replicate, (gint64) trial->search, (gint64) trial->proposal, trial->stage, trial->budget,
      trial->parent);

  return statement != NULL && qrx_store_step (self, statement, error) >= 0;
}

gboolean
qrx_store_add_trials (QrxStore *self, GPtrArray *trials, GError **error)
{
  gboolean success = TRUE;

  if (trials->len == 0)
    return TRUE;
  if (!qrx_store_begin (self, error))
    return FALSE;
  for (guint i = 0; i < trials->len && success; i++)
    success = add_trial (self, trials->pdata[i], error);
  return qrx_store_end (self, success, error);
}

static gboolean
take (QrxStore *self, gint64 id, GError **error)
{
  g_autofree char *own = qrx_claim_dup_own ();

  return qrx_store_run (
      self, error,
      "UPDATE trial SET state = 'running', claimed_by = ?, heartbeat = ?, started = ?, finished = NULL,"
      " seconds = NULL, error = NULL WHERE id = ?",
      "srri", own, now (), now (), id);
}

gboolean
qrx_store_claim (QrxStore *self, gint64 wanted, gint64 *id, GError **error)
{
  g_autoptr (QrxStatement) statement = NULL;
  int found = -1;

  *id = -1;
  if (!qrx_store_begin (self, error))
    return FALSE;
  statement = qrx_store_prepare (self, error,
                                 wanted < 0 ? "SELECT id FROM trial WHERE state = 'waiting' ORDER BY id LIMIT 1"
                                            : "SELECT id FROM trial WHERE state = 'waiting' AND id = ?",
                                 wanted < 0 ? "" : "i", wanted);
  if (statement != NULL)
    found = qrx_store_step (self, statement, error);
  if (found > 0)
    *id = sqlite3_column_int64 (statement, 0);
  g_clear_pointer (&statement, qrx_statement_free); /* a transaction does not end with a statement open */
  return qrx_store_end (self, found == 0 || (found > 0 && take (self, *id, error)), error);
}

gboolean
qrx_store_heartbeat (QrxStore *self, GError **error)
{
  g_autofree char *own = qrx_claim_dup_own ();

  return qrx_store_begin (self, error) &&
         qrx_store_end (self,
                        qrx_store_run (self, error,
                                       "UPDATE trial SET heartbeat = ? WHERE claimed_by = ? AND state = "
                                       "'running'",
                                       "rs", now (), own),
                        error);
}

static const char set_waiting[] =
    "UPDATE trial SET state = 'waiting', claimed_by = NULL, heartbeat = NULL, started = NULL "
    "WHERE state = 'running' AND claimed_by = ?";

static gboolean
release_dead (QrxStore *self, GError **error)
{
  g_autoptr (QrxStatement) statement = qrx_store_prepare (
      self, error, "SELECT claimed_by, max (heartbeat) FROM trial WHERE state = 'running' GROUP BY claimed_by", "");
  g_autoptr (GPtrArray) dead = g_ptr_array_new_with_free_func (g_free);
  int found = -1;

  while (statement != NULL && (found = qrx_store_step (self, statement, error)) > 0)
    if (qrx_claim_is_dead (qrx_statement_text (statement, 0), sqlite3_column_int64 (statement, 1)))
      g_ptr_array_add (dead, g_strdup (qrx_statement_text (statement, 0)));
  for (guint i = 0; i < dead->len && found == 0; i++)
    if (!qrx_store_run (self, error, set_waiting, "s", dead->pdata[i]))
      return FALSE;
  return found == 0;
}

gboolean
qrx_store_release_dead (QrxStore *self, GError **error)
{
  return qrx_store_begin (self, error) && qrx_store_end (self, release_dead (self, error), error);
}

gboolean
qrx_store_release_own (QrxStore *self, GError **error)
{
  g_autofree char *own = qrx_claim_dup_own ();

  return qrx_store_begin (self, error) &&
         qrx_store_end (self, qrx_store_run (self, error, set_waiting, "s", own), error);
}

gboolean
qrx_store_retry (QrxStore *self, GError **error)
{
  return qrx_store_begin (self, error) &&
         qrx_store_end (self,
                        qrx_store_run (self, error,
                                       "UPDATE trial SET state = 'waiting', error = NULL, claimed_by = NULL,"
                                       " heartbeat = NULL, started = NULL, finished = NULL, seconds = NULL "
                                       "WHERE state = 'failed'",
                                       ""),
                        error);
}

gboolean
qrx_store_fail (QrxStore *self, gint64 id, const char *reason, GError **error)
{
  return qrx_store_begin (self, error) &&
         qrx_store_end (self,
                        qrx_store_run (self, error,
                                       "UPDATE trial SET state = 'failed', error = ?, finished = ? WHERE id = ?", "sri",
                                       reason, now (), id),
                        error);
}

/* The mutex is held for a statement outside of a transaction, too: a connection is not for two threads at
 * once. */
static gint64
read_count (QrxStore *self, const char *sql, const char *text, GError **error)
{
  g_autoptr (QrxStatement) statement = NULL;
  gint64 count = -1;

  g_mutex_lock (&self->mutex);
  statement = qrx_store_prepare (self, error, sql, "s", text);
  if (statement != NULL && qrx_store_step (self, statement, error) > 0)
    count = sqlite3_column_int64 (statement, 0);
  g_clear_pointer (&statement, qrx_statement_free);
  g_mutex_unlock (&self->mutex);
  return count;
}

/**
 * qrx_store_count:
 * @self: a store
 * @state: "waiting", "running", "done" or "failed"
 *
 * Counts trials. Those that a sampler has not thought of yet are in no state.
 *
 * Returns: how many trials are in that state, or −1 if the store cannot be read
 */
gint64
qrx_store_count (QrxStore *self, const char *state)
{
  g_return_val_if_fail (QRX_IS_STORE (self) && state != NULL, -1);
  return read_count (self, "SELECT count(*) FROM trial WHERE state = ?", state, NULL);
}

gboolean
qrx_store_foreach_ended (QrxStore *self, QrxOutcomeFunc each, gpointer data, GError **error)
{
  g_autoptr (QrxStatement) statement = NULL;
  int found = -1;

  g_mutex_lock (&self->mutex);
  statement = qrx_store_prepare (self, error,
                                 "SELECT id, objective FROM trial WHERE state IN ('done', 'failed') ORDER BY id", "");
  while (statement != NULL && (found = qrx_store_step (self, statement, error)) > 0)
    each (sqlite3_column_int64 (statement, 0),
          sqlite3_column_type (statement, 1) == SQLITE_NULL ? NAN : sqlite3_column_double (statement, 1), data);
  g_clear_pointer (&statement, qrx_statement_free);
  g_mutex_unlock (&self->mutex);
  return found == 0;
}

gboolean
qrx_store_list_waiting (QrxStore *self, GArray *ids, GError **error)
{
  g_autoptr (QrxStatement) statement = NULL;
  int found = -1;

  g_mutex_lock (&self->mutex);
  statement = qrx_store_prepare (self, error, "SELECT id FROM trial WHERE state = 'waiting' ORDER BY id", "");
  while (statement != NULL && (found = qrx_store_step (self, statement, error)) > 0)
    {
      gint64 id = sqlite3_column_int64 (statement, 0);

      g_array_append_val (ids, id);
    }
  g_clear_pointer (&statement, qrx_statement_free);
  g_mutex_unlock (&self->mutex);
  return found == 0;
}

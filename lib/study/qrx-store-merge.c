/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Joins stores of one study, each with some of its trials, into one. */
#include "study/qrx-store-private.h"

/* What the other store has to say more of: trials that are not here, or ended there and not here. */
static const char find_moved[] = "CREATE TEMP TABLE moved AS SELECT theirs.id AS id FROM other.trial AS theirs LEFT "
                                 "JOIN main.trial AS ours USING (id) "
                                 "WHERE ours.id IS NULL OR (ours.state <> 'done' AND theirs.state = 'done') "
                                 "OR (ours.state IN ('waiting', 'running') AND theirs.state = 'failed')";

/* In this order each row finds what it refers to. A trial that runs elsewhere waits here. */
static const char *const copies[] = {
  "INSERT OR IGNORE INTO main.cohort SELECT * FROM other.cohort",
  "INSERT OR IGNORE INTO main.row SELECT * FROM other.row",
  "INSERT OR IGNORE INTO main.target SELECT * FROM other.target",
  "INSERT OR REPLACE INTO main.trial SELECT * FROM other.trial WHERE id IN (SELECT id FROM moved)",
  "UPDATE main.trial SET state = 'waiting', claimed_by = NULL, heartbeat = NULL, started = NULL "
  "WHERE state = 'running' AND id IN (SELECT id FROM moved)",
  "INSERT INTO main.score SELECT * FROM other.score WHERE trial IN (SELECT id FROM moved)",
  "INSERT INTO main.curve SELECT * FROM other.curve WHERE trial IN (SELECT id FROM moved)",
  "INSERT INTO main.prediction SELECT * FROM other.prediction WHERE trial IN (SELECT id FROM moved)",
  "INSERT INTO main.message SELECT * FROM other.message WHERE trial IN (SELECT id FROM moved)",
};

/* Stores of earlier versions lack these tables. */
static const char *const rankings[] = {
  "INSERT OR IGNORE INTO main.genes SELECT * FROM other.genes",
  "INSERT INTO main.attribution SELECT * FROM other.attribution WHERE trial IN (SELECT id FROM moved)",
};

static gboolean
copy_rankings (QrxStore *self, GError **error)
{
  g_autoptr (QrxStatement) known = qrx_store_prepare (
      self, error, "SELECT 1 FROM other.sqlite_schema WHERE type = 'table' AND name = 'attribution'", "");
  int found = known != NULL ? qrx_store_step (self, known, error) : -1;

  for (gsize i = 0; found > 0 && i < G_N_ELEMENTS (rankings); i++)
    if (!qrx_store_execute (self, rankings[i], error))
      return FALSE;
  return found >= 0;
}

/* The number of the trials taken that have ended, or −1. */
static gint64
copy_trials (QrxStore *self, GError **error)
{
  g_autoptr (QrxStatement) count = NULL;

  if (!qrx_store_execute (self, find_moved, error))
    return -1;
  for (gsize i = 0; i < G_N_ELEMENTS (copies); i++)
    if (!qrx_store_execute (self, copies[i], error))
      return -1;
  if (!copy_rankings (self, error))
    return -1;
  count = qrx_store_prepare (self, error,
                             "SELECT count (*) FROM moved JOIN main.trial USING (id) WHERE state IN ('done', 'failed')", "");
  return count != NULL && qrx_store_step (self, count, error) > 0 ? sqlite3_column_int64 (count, 0) : -1;
}

static char *
read_digest (QrxStore *self, GError **error)
{
  g_autoptr (QrxStatement) row = qrx_store_prepare (self, error, "SELECT digest FROM study", "");

  return row != NULL && qrx_store_step (self, row, error) > 0 ? g_strdup (qrx_statement_text (row, 0)) : NULL;
}

/* Whether both are of one study; a store that was just made has none yet, and takes it over. */
static gboolean
match (QrxStore *self, QrxStore *other, GError **error)
{
  g_autofree char *ours = read_digest (self, NULL), *theirs = read_digest (other, error);

  if (theirs == NULL)
    return FALSE;
  if (ours == NULL)
    return qrx_store_execute (self, "INSERT INTO main.study SELECT * FROM other.study", error) &&
           qrx_store_execute (self, "INSERT INTO main.arm SELECT * FROM other.arm", error);
  if (g_str_equal (ours, theirs))
    return TRUE;
  g_set_error (error, QRX_STORE_ERROR, QRX_STORE_ERROR_MISMATCH, "%s: this store is of another study than %s",
               other->path, self->path);
  return FALSE;
}

/* Attaching is not for transactions. */
static gint64
merge_attached (QrxStore *self, QrxStore *other, GError **error)
{
  gint64 n = -1;

  if (!qrx_store_begin (self, error))
    return -1;
  if (match (self, other, error))
    n = copy_trials (self, error);
  if (!qrx_store_end (self, n >= 0, error))
    n = -1;
  qrx_store_execute (self, "DROP TABLE IF EXISTS temp.moved", NULL);
  return n;
}

/**
 * qrx_store_merge:
 * @self: a store
 * @other: another store of the same study
 * @error: return location for an error
 *
 * Takes over what another store knows more of: trials that are not in this one, or that ended there and not here. Fails with
 * %QRX_STORE_ERROR_MISMATCH if it is of another study.
 *
 * Returns: how many trials that have ended were taken, −1 after an error
 */
gint64
qrx_store_merge (QrxStore *self, QrxStore *other, GError **error)
{
  gint64 n;

  g_return_val_if_fail (QRX_IS_STORE (self) && QRX_IS_STORE (other), -1);
  if (!qrx_store_run (self, error, "ATTACH DATABASE ? AS other", "s", other->path))
    return -1;
  n = merge_attached (self, other, error);
  qrx_store_execute (self, "DETACH DATABASE other", NULL);
  return n;
}

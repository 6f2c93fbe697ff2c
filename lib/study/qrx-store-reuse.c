/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Results of a store that serve another study: those of trials that ran the very same pipeline on the same data. What a trial
 * ran is told whole by its resolved pipeline, with the checksums of its files, the version, the kernel and the BLAS. */
#include "study/qrx-store-reuse-private.h"

/* Where a result is. */
typedef struct {
  guint store;
  gint64 trial;
} Place;

struct _QrxEarlier {
  QrxStore *store;
  GPtrArray *others;  /* of QrxStore, attached as earlier0, earlier1, … */
  GHashTable *places; /* checksum of an objective and a resolved pipeline → Place */
};

/* What a trial leaves behind, next to its own row: tables whose first column is the trial's id. */
static const struct {
  const char *table;
  const char *columns;
} items[] = {
  { "score", "evaluator, role, name, value, low, high, text, reason" },
  { "curve", "node, name, position, epochs" },
  { "prediction", "node, cohort, target, threshold, probability, leaking, roles, predictions" },
  { "message", "position, node, text, kind" },
  { "attribution", "node, method, genes, importance" },
};

QrxEarlier *
qrx_earlier_new (QrxStore *store)
{
  QrxEarlier *self = g_new0 (QrxEarlier, 1);

  self->store = g_object_ref (store);
  self->others = g_ptr_array_new_with_free_func (g_object_unref);
  self->places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
qrx_earlier_free (QrxEarlier *self)
{
  for (guint i = 0; i < self->others->len; i++)
    {
      g_autofree char *sql = g_strdup_printf ("DETACH DATABASE earlier%u", i);

      qrx_store_execute (self->store, sql, NULL);
    }
  g_ptr_array_unref (self->others);
  g_hash_table_unref (self->places);
  g_object_unref (self->store);
  g_free (self);
}

static char *
make_key (const char *objective, const char *resolved)
{
  g_autofree char *text = g_strconcat (objective, "\n", resolved, NULL);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

/* Statements name the other store "earlier". */
static char *
address (const char *sql, guint store)
{
  g_autofree char *name = g_strdup_printf ("earlier%u.", store);
  g_auto (GStrv) parts = g_strsplit (sql, "earlier.", -1);

  return g_strjoinv (name, parts);
}

static gboolean
index_store (QrxEarlier *self, guint store, GError **error)
{
  /* A study without arms has one, of another name than its trials'. */
  g_autofree char *sql = address (
      "SELECT their.id, arm.objective, resolved FROM earlier.trial AS their JOIN earlier.arm ON arm.position = coalesce "
      "((SELECT position FROM earlier.arm WHERE name = their.arm), 0) WHERE state = 'done'",
      store);
  g_autoptr (QrxStatement) row = qrx_store_prepare (self->store, error, sql, "");
  int found = -1;

  while (row != NULL && (found = qrx_store_step (self->store, row, error)) > 0)
    {
      Place place = { store, sqlite3_column_int64 (row, 0) };

      g_hash_table_insert (self->places, make_key (qrx_statement_text (row, 1), qrx_statement_text (row, 2)),
                           g_memdup2 (&place, sizeof place));
    }
  return found == 0;
}

gboolean
qrx_earlier_add (QrxEarlier *self, QrxStore *other, GError **error)
{
  g_autofree char *attach = g_strdup_printf ("ATTACH DATABASE ? AS earlier%u", self->others->len);

  if (!qrx_store_run (self->store, error, attach, "s", other->path))
    return FALSE;
  /* Stores of earlier versions lack some tables. */
  if (!qrx_store_execute (other, qrx_store_additions, error))
    return FALSE;
  g_ptr_array_add (self->others, g_object_ref (other));
  return index_store (self, self->others->len - 1, error);
}

/* In this order each row finds what it refers to. */
static gboolean
copy_cohorts (QrxStore *store, const Place *place, GError **error)
{
  static const char *const copies[] = {
    "INSERT OR IGNORE INTO main.cohort SELECT * FROM earlier.cohort WHERE digest IN (SELECT cohort FROM "
    "earlier.prediction WHERE trial = ?)",
    "INSERT INTO main.row SELECT * FROM earlier.row WHERE cohort IN (SELECT cohort FROM earlier.prediction AS their "
    "WHERE trial = ? AND NOT EXISTS (SELECT 1 FROM main.row AS our WHERE our.cohort = their.cohort))",
    "INSERT OR IGNORE INTO main.target SELECT * FROM earlier.target WHERE cohort IN (SELECT cohort FROM "
    "earlier.prediction WHERE trial = ?)",
    "INSERT OR IGNORE INTO main.genes SELECT * FROM earlier.genes WHERE digest IN (SELECT genes FROM "
    "earlier.attribution WHERE trial = ?)",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (copies); i++)
    {
      g_autofree char *sql = address (copies[i], place->store);

      if (!qrx_store_run (store, error, sql, "i", place->trial))
        return FALSE;
    }
  return TRUE;
}

static gboolean
copy_items (QrxStore *store, const Place *place, gint64 id, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (items); i++)
    {
      g_autofree char *sql = g_strdup_printf ("INSERT INTO main.%s SELECT ?, %s FROM earlier%u.%s WHERE trial = ?",
                                              items[i].table, items[i].columns, place->store, items[i].table);

      if (!qrx_store_run (store, error, sql, "ii", id, place->trial))
        return FALSE;
    }
  return TRUE;
}

/* 1 where the trial was waiting and has its result now, 0 where it was not, −1 after an error. */
static int
copy_trial (QrxStore *store, const Place *place, gint64 id, GError **error)
{
  g_autofree char *sql = address (
      "UPDATE main.trial SET (state, objective, claimed_by, heartbeat, started, finished, seconds, resolved, version, "
      "kernel, blas, checksum) = (SELECT state, objective, claimed_by, heartbeat, started, finished, seconds, resolved, "
      "version, kernel, blas, checksum FROM earlier.trial WHERE id = ?) WHERE id = ? AND state = 'waiting'",
      place->store);

  if (!qrx_store_run (store, error, sql, "ii", place->trial, id))
    return -1;
  if (sqlite3_changes (store->database) == 0)
    return 0;
  return copy_cohorts (store, place, error) && copy_items (store, place, id, error) ? 1 : -1;
}

gboolean
qrx_earlier_take (QrxEarlier *self, gint64 id, const char *objective, const char *resolved, gboolean *taken, GError **error)
{
  g_autofree char *key = make_key (objective, resolved);
  const Place *place = g_hash_table_lookup (self->places, key);
  int copied;

  *taken = FALSE;
  if (place == NULL)
    return TRUE;
  if (!qrx_store_begin (self->store, error))
    return FALSE;
  copied = copy_trial (self->store, place, id, error);
  *taken = copied > 0;
  return qrx_store_end (self->store, copied >= 0, error);
}

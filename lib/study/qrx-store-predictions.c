/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads predictions with the rows of their cohorts, which many trials share and which are read once. */
#include "study/qrx-store-predictions-private.h"

#include "study/qrx-store-private.h"

#include <math.h>

typedef struct {
  gsize n;
  const char **ids;
  const char **tissues;
  const char **units;
  const char **drugs; /* each text once, so that they compare by address */
} Cohort;

struct _QrxPredictionReader {
  QrxStore *store;
  GStringChunk *strings;
  GHashTable *cohorts; /* digest → Cohort */
  GHashTable *targets; /* "<cohort> <name>" → GBytes of float64 */
};

static void
cohort_free (gpointer data)
{
  Cohort *cohort = data;

  g_free (cohort->ids);
  g_free (cohort->tissues);
  g_free (cohort->units);
  g_free (cohort->drugs);
  g_free (cohort);
}

QrxPredictionReader *
qrx_prediction_reader_new (QrxStore *store, GStringChunk *strings)
{
  QrxPredictionReader *self = g_new0 (QrxPredictionReader, 1);

  self->store = store;
  self->strings = strings;
  self->cohorts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, cohort_free);
  self->targets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  return self;
}

void
qrx_prediction_reader_free (QrxPredictionReader *self)
{
  g_hash_table_unref (self->cohorts);
  g_hash_table_unref (self->targets);
  g_free (self);
}

static const Cohort *
find_cohort (QrxPredictionReader *self, const char *digest, GError **error)
{
  Cohort *cohort = g_hash_table_lookup (self->cohorts, digest);
  g_autoptr (QrxStatement) rows = NULL;
  g_autoptr (GPtrArray) ids = NULL, tissues = NULL, units = NULL, drugs = NULL;
  int found = -1;

  if (cohort != NULL)
    return cohort;
  ids = g_ptr_array_new ();
  tissues = g_ptr_array_new ();
  units = g_ptr_array_new ();
  drugs = g_ptr_array_new ();
  rows = qrx_store_prepare (self->store, error,
                            "SELECT id, tissue, coalesce (donor, line, id), coalesce (drug, '') FROM row WHERE cohort = ? "
                            "ORDER BY position",
                            "s", digest);
  while (rows != NULL && (found = qrx_store_step (self->store, rows, error)) > 0)
    {
      GStringChunk *strings = self->strings;

      g_ptr_array_add (ids, g_string_chunk_insert_const (strings, qrx_statement_text (rows, 0)));
      g_ptr_array_add (tissues, g_string_chunk_insert_const (strings, qrx_statement_text (rows, 1)));
      g_ptr_array_add (units, g_string_chunk_insert_const (strings, qrx_statement_text (rows, 2)));
      g_ptr_array_add (drugs, g_string_chunk_insert_const (strings, qrx_statement_text (rows, 3)));
    }
  if (found != 0)
    return NULL;
  cohort = g_new0 (Cohort, 1);
  cohort->n = ids->len;
  cohort->ids = (const char **) g_ptr_array_steal (ids, NULL);
  cohort->tissues = (const char **) g_ptr_array_steal (tissues, NULL);
  cohort->units = (const char **) g_ptr_array_steal (units, NULL);
  cohort->drugs = (const char **) g_ptr_array_steal (drugs, NULL);
  g_hash_table_insert (self->cohorts, g_strdup (digest), cohort);
  return cohort;
}

/* The measured values of a cohort's target. */
static GBytes *
find_target (QrxPredictionReader *self, const char *cohort, const char *name, GError **error)
{
  g_autofree char *key = g_strdup_printf ("%s %s", cohort, name);
  GBytes *bytes = g_hash_table_lookup (self->targets, key);
  g_autoptr (QrxStatement) row = NULL;

  if (bytes != NULL)
    return bytes;
  row = qrx_store_prepare (self->store, error, "SELECT measured FROM target WHERE cohort = ? AND name = ?", "ss",
                           cohort, name);
  if (row == NULL || qrx_store_step (self->store, row, error) < 0)
    return NULL;
  bytes = g_bytes_new (sqlite3_column_blob (row, 0), (gsize) sqlite3_column_bytes (row, 0));
  g_hash_table_insert (self->targets, g_steal_pointer (&key), bytes);
  return bytes;
}

/* The rows of a prediction that have the role, the drug if one is asked for, and a measured value. */
static QrxSummaryRows *
pick_rows (const Cohort *cohort, const guint8 *roles, const double *predictions, const double *measured, guint8 role,
           const char *drug)
{
  g_autofree gsize *picked = g_new (gsize, cohort->n);
  QrxSummaryRows *rows;
  gsize n = 0;

  for (gsize i = 0; i < cohort->n; i++)
    if (roles[i] == role && isfinite (measured[i]) && (drug == NULL || cohort->drugs[i] == drug))
      picked[n++] = i;
  rows = qrx_summary_rows_new (n, TRUE);
  for (gsize k = 0; k < n; k++)
    {
      rows->ids[k] = cohort->ids[picked[k]];
      rows->tissues[k] = cohort->tissues[picked[k]];
      rows->units[k] = cohort->units[picked[k]];
      rows->targets[k] = measured[picked[k]];
      rows->predictions[k] = predictions[picked[k]];
    }
  return rows;
}

gboolean
qrx_prediction_reader_read (QrxPredictionReader *self, gint64 trial, const char *node, guint8 role,
                            const char *drug, QrxSummaryRows **rows, GError **error)
{
  g_autoptr (QrxStatement) row = qrx_store_prepare (
      self->store, error,
      "SELECT cohort, target, probability, roles, predictions FROM prediction WHERE trial = ? AND node = ?", "is",
      trial, node);
  const Cohort *cohort;
  GBytes *measured;
  int found = row != NULL ? qrx_store_step (self->store, row, error) : -1;

  if (found <= 0)
    return found == 0;
  cohort = find_cohort (self, qrx_statement_text (row, 0), error);
  measured =
      cohort != NULL ? find_target (self, qrx_statement_text (row, 0), qrx_statement_text (row, 1), error) : NULL;
  if (measured == NULL)
    return FALSE;
  if ((gsize) sqlite3_column_bytes (row, 3) != cohort->n ||
      (gsize) sqlite3_column_bytes (row, 4) != cohort->n * sizeof (double) ||
      g_bytes_get_size (measured) != cohort->n * sizeof (double))
    {
      g_set_error (error, QRX_STORE_ERROR, QRX_STORE_ERROR_FORMAT,
                   "%s: the predictions of `%s` in trial %" G_GINT64_FORMAT " are not of its cohort's %" G_GSIZE_FORMAT
                   " rows",
                   qrx_store_get_path (self->store), node, trial, cohort->n);
      return FALSE;
    }
  *rows = pick_rows (cohort, sqlite3_column_blob (row, 3), sqlite3_column_blob (row, 4),
                     g_bytes_get_data (measured, NULL), role,
                     drug != NULL ? g_string_chunk_insert_const (self->strings, drug) : NULL);
  (*rows)->probability = sqlite3_column_int (row, 2) != 0;
  return TRUE;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes what a trial left behind, in one transaction: a trial is in the store whole or not at all. */
#include "study/qrx-store-attributions-private.h"

#include <math.h>
#include <string.h>

static GBytes *
make_doubles (const double *values, gsize n)
{
  guint64 *words = g_new (guint64, n + 1);

  for (gsize i = 0; i < n; i++)
    {
      memcpy (&words[i], &values[i], sizeof *words);
      words[i] = GUINT64_TO_LE (words[i]);
    }
  return g_bytes_new_take (words, n * sizeof *words);
}

static gboolean
write_score (QrxStore *self, gint64 id, const char *evaluator, const char *role, const char *name, QrxMetrics *metrics,
             GError **error)
{
  double value = NAN, low = NAN, high = NAN;
  const char *text = qrx_metrics_get_text (metrics, role, name), *reason = qrx_metrics_get_reason (metrics, role, name);

  if (text == NULL)
    text = qrx_metrics_get_table (metrics, role, name);
  if (!qrx_metrics_get_number (metrics, role, name, &value))
    value = NAN;
  if (!qrx_metrics_get_interval (metrics, role, name, &low, &high))
    low = high = NAN;
  return qrx_store_run (self, error, "INSERT INTO score VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", "isssrrrss", id, evaluator,
                        role, name, value, low, high, text, reason);
}

static gboolean
write_scores (QrxStore *self, gint64 id, const QrxResultItem *item, GError **error)
{
  QrxMetrics *metrics = QRX_METRICS (item->value);
  g_auto (GStrv) roles = qrx_metrics_dup_roles (metrics);

  for (guint r = 0; roles[r] != NULL; r++)
    {
      g_auto (GStrv) names = qrx_metrics_dup_names (metrics, roles[r]);

      for (guint i = 0; names[i] != NULL; i++)
        if (!write_score (self, id, item->node, roles[r], names[i], metrics, error))
          return FALSE;
    }
  return TRUE;
}

static gboolean
write_curves (QrxStore *self, gint64 id, const QrxResultItem *item, GError **error)
{
  QrxHistory *history = QRX_HISTORY (item->value);
  guint n = qrx_history_get_n_epochs (history);
  g_auto (GStrv) names = qrx_history_dup_names (history);
  g_autofree double *epochs = g_new (double, n + 1);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (GBytes) bytes = NULL;

      for (guint k = 0; k < n; k++)
        epochs[k] = qrx_history_get (history, k, names[i]);
      bytes = make_doubles (epochs, n);
      if (!qrx_store_run (self, error, "INSERT INTO curve VALUES (?, ?, ?, ?, ?)", "issib", id, item->node, names[i],
                          (gint64) i, bytes))
        return FALSE;
    }
  return TRUE;
}

/* The first column; there is no other yet. */
static GBytes *
dup_column (QrxTensor *values)
{
  gsize n = qrx_tensor_get_dim (values, 0);
  g_autofree double *numbers = g_new (double, n + 1);

  for (gsize i = 0; i < n; i++)
    numbers[i] = qrx_tensor_get (values, i * qrx_tensor_get_columns (values));
  return make_doubles (numbers, n);
}

/* Of all that the tables of a cohort say, so that two tables with one digest are the same to a reader. */
static char *
digest_cohort (QrxTable *table)
{
  static const char *const names[] = { QRX_ANNOTATION_TISSUE, QRX_ANNOTATION_DRUG, QRX_ANNOTATION_LINE,
                                       QRX_ANNOTATION_DONOR };
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (gsize i = 0; i < qrx_table_get_n_rows (table); i++)
    {
      const char *id = qrx_table_get_id (table, i);

      g_checksum_update (checksum, (const guchar *) id, (gssize) strlen (id) + 1);
      for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
        {
          const char *value =
              qrx_table_has_annotation (table, names[k]) ? qrx_table_get_annotation (table, names[k], i) : NULL;

          g_checksum_update (checksum, (const guchar *) (value != NULL ? value : ""),
                             value != NULL ? (gssize) strlen (value) + 1 : 1);
        }
    }
  for (gsize t = 0; t < qrx_table_get_n_targets (table); t++)
    {
      g_autoptr (GBytes) bytes = dup_column (qrx_table_get_target_values (table, t));

      g_checksum_update (checksum, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
    }
  return g_strdup (g_checksum_get_string (checksum));
}

static const char *
annotation (QrxTable *table, const char *name, gsize row)
{
  return qrx_table_has_annotation (table, name) ? qrx_table_get_annotation (table, name, row) : NULL;
}

static gboolean
write_rows (QrxStore *self, const char *digest, QrxTable *table, GError **error)
{
  g_autoptr (QrxStatement) statement =
      qrx_store_prepare (self, error, "INSERT INTO row VALUES (?, ?, ?, ?, ?, ?, ?)", "");
  static const char *const names[] = { QRX_ANNOTATION_TISSUE, QRX_ANNOTATION_DRUG, QRX_ANNOTATION_LINE,
                                       QRX_ANNOTATION_DONOR };

  for (gsize i = 0; statement != NULL && i < qrx_table_get_n_rows (table); i++)
    {
      sqlite3_bind_text (statement, 1, digest, -1, SQLITE_STATIC);
      sqlite3_bind_int64 (statement, 2, (gint64) i);
      sqlite3_bind_text (statement, 3, qrx_table_get_id (table, i), -1, SQLITE_STATIC);
      for (int k = 0; k < (int) G_N_ELEMENTS (names); k++)
        sqlite3_bind_text (statement, 4 + k, annotation (table, names[k], i), -1, SQLITE_STATIC);
      if (qrx_store_step (self, statement, error) < 0)
        return FALSE;
      sqlite3_reset (statement);
    }
  return statement != NULL;
}

static gboolean
write_targets (QrxStore *self, const char *digest, QrxTable *table, GError **error)
{
  for (gsize t = 0; t < qrx_table_get_n_targets (table); t++)
    {
      g_autoptr (GBytes) bytes = dup_column (qrx_table_get_target_values (table, t));

      if (!qrx_store_run (self, error, "INSERT INTO target VALUES (?, ?, ?, ?, ?)", "ssssb", digest,
                          qrx_table_get_target_name (table, t), qrx_table_get_target_unit (table, t),
                          qrx_orientation_get_name (qrx_table_get_target_orientation (table, t)), bytes))
        return FALSE;
    }
  return TRUE;
}

/* Notes of how rows were dealt are the trial's, not the cohort's. */
static char *
print_notes (QrxTable *table)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  const char *const *keys = qrx_table_get_note_keys (table);

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    if (!g_str_has_prefix (keys[i], "split."))
      json_object_set_string_member (object, keys[i], qrx_table_get_note (table, keys[i]));
  json_object_unref (object);
  return qrx_json_to_compact_string (node);
}

/* The digest of a table's rows, which are written if they are new. */
static char *
write_cohort (QrxStore *self, QrxTable *table, GError **error)
{
  g_autofree char *digest = digest_cohort (table), *notes = print_notes (table);
  g_autoptr (QrxStatement) known =
      qrx_store_prepare (self, error, "SELECT 1 FROM cohort WHERE digest = ?", "s", digest);
  int found = known != NULL ? qrx_store_step (self, known, error) : -1;

  if (found > 0)
    return g_steal_pointer (&digest);
  if (found < 0 ||
      !qrx_store_run (self, error, "INSERT INTO cohort VALUES (?, ?, ?)", "sis", digest,
                      (gint64) qrx_table_get_n_rows (table), notes) ||
      !write_rows (self, digest, table, error) || !write_targets (self, digest, table, error))
    return NULL;
  return g_steal_pointer (&digest);
}

static gboolean
write_prediction (QrxStore *self, gint64 id, const QrxResultItem *item, GError **error)
{
  QrxPredictions *predictions = QRX_PREDICTIONS (item->value);
  QrxTable *table = qrx_predictions_get_table (predictions);
  gsize n = qrx_table_get_n_rows (table), target = qrx_predictions_get_target (predictions);
  g_autofree char *cohort = write_cohort (self, table, error);
  g_autoptr (GBytes) values = dup_column (qrx_predictions_get_values (predictions)), roles = NULL;
  guint8 *bytes = g_malloc (n + 1);

  for (gsize i = 0; i < n; i++)
    bytes[i] = (guint8) qrx_table_get_role (table, i);
  roles = g_bytes_new_take (bytes, n);
  return cohort != NULL &&
         qrx_store_run (self, error, "INSERT INTO prediction VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", "isssriibb", id,
                        item->node, cohort, qrx_table_get_target_name (table, target),
                        qrx_predictions_get_threshold (predictions),
                        (gint64) qrx_predictions_is_probability (predictions),
                        (gint64) qrx_predictions_is_leaking (predictions), roles, values);
}

static gboolean
write_attributions (QrxStore *self, gint64 id, const QrxResultItem *item, GError **error)
{
  return qrx_store_write_attributions (self, id, item->node, QRX_ATTRIBUTIONS (item->value), error);
}

static gboolean
write_message (QrxStore *self, gint64 id, guint position, const QrxResultItem *item, GError **error)
{
  return qrx_store_run (self, error, "INSERT INTO message VALUES (?, ?, ?, ?, ?)", "iisss", id, (gint64) position,
                        item->node, item->text, item->kind);
}

static gboolean
write_items (QrxStore *self, gint64 id, const QrxResult *result, GError **error)
{
  static gboolean (*const writers[]) (QrxStore *, gint64, const QrxResultItem *,
                                      GError **) = { write_scores, write_curves, write_prediction,
                                                      write_attributions };
  GPtrArray *lists[] = { result->metrics, result->histories, result->predictions, result->attributions };

  for (guint k = 0; k < G_N_ELEMENTS (lists); k++)
    for (guint i = 0; i < lists[k]->len; i++)
      if (!writers[k](self, id, lists[k]->pdata[i], error))
        return FALSE;
  for (guint i = 0; i < result->messages->len; i++)
    if (!write_message (self, id, i, result->messages->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* Whether this process still holds a trial: one that was silent for long may have lost it. */
static int
holds (QrxStore *self, gint64 id, GError **error)
{
  g_autofree char *own = qrx_claim_dup_own ();
  g_autoptr (QrxStatement) statement = qrx_store_prepare (
      self, error, "SELECT 1 FROM trial WHERE id = ? AND state = 'running' AND claimed_by = ?", "is", id, own);

  return statement != NULL ? qrx_store_step (self, statement, error) : -1;
}

gboolean
qrx_store_finish (QrxStore *self, gint64 id, const QrxResult *result, GError **error)
{
  double finished = (double) g_get_real_time () / G_USEC_PER_SEC;
  gboolean success;
  int held;

  if (!qrx_store_begin (self, error))
    return FALSE;
  held = holds (self, id, error);
  if (held <= 0)
    return qrx_store_end (self, held == 0, error);
  success = write_items (self, id, result, error) &&
            qrx_store_run (self, error,
                           "UPDATE trial SET state = 'done', objective = ?, finished = ?, seconds = ?, "
                           "resolved = ?, version = ?,"
                           " kernel = ?, blas = ?, checksum = ? WHERE id = ?",
                           "rrrsssssi", result->objective, finished, result->seconds, result->resolved, result->version,
                           result->kernel, result->blas, result->checksum, id);
  return qrx_store_end (self, success, error);
}

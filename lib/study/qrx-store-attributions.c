/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What genes mattered by in each trial: written once for a trial and node, and compared over fits. */
#include "study/qrx-store-attributions-private.h"

#include "base/qrx-json-private.h"
#include "study/qrx-stability-private.h"

#include <qrx/qrx-number.h>
#include <string.h>

/* The names that many trials share. */
static gboolean
write_genes (QrxStore *self, const char *const *genes, char **digest, GError **error)
{
  g_autofree char *names = g_strjoinv ("\n", (char **) genes);

  *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, names, -1);
  return qrx_store_run (self, error, "INSERT OR IGNORE INTO genes VALUES (?, ?, ?)", "sis", *digest,
                        (gint64) g_strv_length ((char **) genes), names);
}

/* Single precision tells ranks apart as well as the rest does. */
static GBytes *
make_floats (QrxTensor *values)
{
  gsize n = qrx_tensor_get_rows (values), n_columns = qrx_tensor_get_columns (values);
  guint32 *words = g_new (guint32, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    {
      float value = (float) qrx_tensor_get (values, i * n_columns);

      memcpy (&words[i], &value, sizeof value);
      words[i] = GUINT32_TO_LE (words[i]);
    }
  return g_bytes_new_take (words, n * sizeof *words);
}

gboolean
qrx_store_write_attributions (QrxStore *self, gint64 id, const char *node, QrxAttributions *attributions,
                              GError **error)
{
  g_autofree char *digest = NULL;
  g_autoptr (GBytes) importance = make_floats (qrx_attributions_get_values (attributions));

  return write_genes (self, qrx_attributions_get_genes (attributions), &digest, error) &&
         qrx_store_run (self, error, "INSERT INTO attribution VALUES (?, ?, ?, ?, ?)", "isssb", id, node,
                        qrx_attributions_get_method (attributions), digest, importance);
}

/* A store that is older than attributions has no table of them. */
static int
has_attributions (QrxStore *self, GError **error)
{
  g_autoptr (QrxStatement) row =
      qrx_store_prepare (self, error, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'attribution'", "");

  return row != NULL ? qrx_store_step (self, row, error) : -1;
}

static char **
read_genes (QrxStore *self, const char *digest, GError **error)
{
  g_autoptr (QrxStatement) row =
      qrx_store_prepare (self, error, "SELECT names FROM genes WHERE digest = ?", "s", digest);

  if (row == NULL || qrx_store_step (self, row, error) < 0)
    return NULL;
  return g_strsplit (qrx_statement_text (row, 0), "\n", -1);
}

/* The fits of one arm on one task that one node explains. */
typedef struct {
  QrxStore *store;
  guint top;
  char *key; /* of what is gathered now; NULL: nothing yet */
  char *arm, *task, *node, *method;
  char **genes;
  QrxStability *stability;
  GArray *floats;
  JsonArray *result;
} Gatherer;

/* Writes down what was gathered. */
static void
end_place (Gatherer *gatherer)
{
  JsonObject *object;

  if (gatherer->key == NULL)
    return;
  object = qrx_stability_write (gatherer->stability, (const char *const *) gatherer->genes);
  json_object_set_string_member (object, "arm", gatherer->arm);
  json_object_set_string_member (object, "task", gatherer->task);
  json_object_set_string_member (object, "node", gatherer->node);
  json_object_set_string_member (object, "method", gatherer->method);
  json_array_add_object_element (gatherer->result, object);
  g_clear_pointer (&gatherer->key, g_free);
  g_clear_pointer (&gatherer->arm, g_free);
  g_clear_pointer (&gatherer->task, g_free);
  g_clear_pointer (&gatherer->node, g_free);
  g_clear_pointer (&gatherer->method, g_free);
  g_clear_pointer (&gatherer->genes, g_strfreev);
  g_clear_pointer (&gatherer->stability, qrx_stability_free);
}

/* Columns of the query: arm, task, node, method, genes, resample, replicate, importance, trial. */
static gboolean
begin_place (Gatherer *gatherer, QrxStatement *row, GError **error)
{
  g_autofree char *key = g_strjoin ("\n", qrx_statement_text (row, 0), qrx_statement_text (row, 1),
                                    qrx_statement_text (row, 2), qrx_statement_text (row, 4), NULL);

  if (g_strcmp0 (key, gatherer->key) == 0)
    return TRUE;
  end_place (gatherer);
  gatherer->genes = read_genes (gatherer->store, qrx_statement_text (row, 4), error);
  if (gatherer->genes == NULL)
    return FALSE;
  gatherer->key = g_steal_pointer (&key);
  gatherer->arm = g_strdup (qrx_statement_text (row, 0));
  gatherer->task = g_strdup (qrx_statement_text (row, 1));
  gatherer->node = g_strdup (qrx_statement_text (row, 2));
  gatherer->method = g_strdup (qrx_statement_text (row, 3));
  gatherer->stability = qrx_stability_new (g_strv_length (gatherer->genes), gatherer->top);
  return TRUE;
}

static gboolean
take_row (Gatherer *gatherer, QrxStatement *row, GError **error)
{
  gsize n = (gsize) sqlite3_column_bytes (row, 7) / sizeof (guint32);
  const char *bytes = sqlite3_column_blob (row, 7);

  if (!begin_place (gatherer, row, error))
    return FALSE;
  if (n != g_strv_length (gatherer->genes))
    {
      g_set_error (error, QRX_STORE_ERROR, QRX_STORE_ERROR_FORMAT,
                   "%s: the attributions of `%s` in trial %" G_GINT64_FORMAT " are %" G_GSIZE_FORMAT
                   " numbers, expected one for each of %u genes",
                   gatherer->store->path, gatherer->node, (gint64) sqlite3_column_int64 (row, 8), n,
                   g_strv_length (gatherer->genes));
      return FALSE;
    }
  g_array_set_size (gatherer->floats, (guint) n);
  for (gsize i = 0; i < n; i++)
    {
      guint32 word;

      memcpy (&word, bytes + i * sizeof word, sizeof word);
      word = GUINT32_FROM_LE (word);
      memcpy (&g_array_index (gatherer->floats, float, i), &word, sizeof word);
    }
  qrx_stability_add (gatherer->stability, qrx_statement_text (row, 5), qrx_statement_text (row, 6),
                     (const float *) (gpointer) gatherer->floats->data);
  return TRUE;
}

static gboolean
gather (Gatherer *gatherer, GError **error)
{
  g_autoptr (QrxStatement) rows = qrx_store_prepare (
      gatherer->store, error,
      "SELECT arm, task, node, method, genes, resample, replicate, importance, trial FROM attribution JOIN ("
      "SELECT trial.id AS id, trial.arm AS arm, task, resample, replicate, arm.position AS place " QRX_STORE_COMPARED
      ") ON trial = id ORDER BY place, arm, task, node, genes, trial",
      "");
  int found = -1;

  while (rows != NULL && (found = qrx_store_step (gatherer->store, rows, error)) > 0)
    if (!take_row (gatherer, rows, error))
      return FALSE;
  end_place (gatherer);
  return found == 0;
}

JsonArray *
qrx_store_read_stability (QrxStore *self, guint top, GError **error)
{
  Gatherer gatherer = { .store = self, .top = top };
  int known = has_attributions (self, error);
  gboolean success = known == 0;

  if (known < 0)
    return NULL;
  gatherer.result = json_array_new ();
  gatherer.floats = g_array_new (FALSE, FALSE, sizeof (float));
  if (known > 0)
    success = gather (&gatherer, error);
  if (!success)
    end_place (&gatherer);
  g_array_unref (gatherer.floats);
  if (!success)
    g_clear_pointer (&gatherer.result, json_array_unref);
  return gatherer.result;
}

/**
 * qrx_store_stability_to_json:
 * @self: a store
 * @top: how many genes count as the first of a ranking; 0 for 20
 * @error: return location for an error
 *
 * Tells how alike the rankings of genes are that the fits of a study gave, for each arm, task and node that ranks genes:
 * an object with "stability", an array of objects with "arm", "task" (JSON), "node", "method", "genes", "top", "rankings",
 * "seeds" and "folds" (null, or an object with "groups", "rankings", "spearman", "jaccard" and "stability"), and "leading".
 *
 * Returns: (transfer full): the text
 */
char *
qrx_store_stability_to_json (QrxStore *self, guint top, GError **error)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonArray *array;

  g_return_val_if_fail (QRX_IS_STORE (self), NULL);
  json_node_take_object (root, object);
  g_mutex_lock (&self->mutex);
  array = qrx_store_read_stability (self, top > 0 ? top : QRX_STABILITY_TOP, error);
  g_mutex_unlock (&self->mutex);
  if (array == NULL)
    return NULL;
  json_object_set_array_member (object, "stability", array);
  return qrx_json_to_string (root);
}

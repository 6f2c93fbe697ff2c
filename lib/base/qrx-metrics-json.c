/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Metrics as JSON: the one layout that files, the program and scripts share. */
#include "base/qrx-json-private.h"
#include "base/qrx-metrics-private.h"

#include <math.h>
#include <string.h>

static void
add_number (JsonObject *record, const char *column, double value)
{
  if (!isfinite (value))
    json_object_set_null_member (record, column);
  else if (g_str_equal (column, "n") || g_str_has_prefix (column, "n_") || g_str_equal (column, "bin"))
    json_object_set_int_member (record, column, (gint64) value);
  else
    json_object_set_double_member (record, column, value);
}

char *
qrx_metrics_print_table (const char *const *columns, QrxTensor *values, const char *label, const char *const *labels)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *records = json_array_new ();
  gsize n_columns = qrx_tensor_get_columns (values);

  for (gsize i = 0; i < qrx_tensor_get_rows (values); i++)
    {
      JsonObject *record = json_object_new ();

      if (label != NULL)
        json_object_set_string_member (record, label, labels[i]);
      for (gsize k = 0; k < n_columns; k++)
        add_number (record, columns[k], qrx_tensor_get (values, i * n_columns + k));
      json_array_add_object_element (records, record);
    }
  json_node_take_array (node, records);
  return qrx_json_to_compact_string (node);
}

static void
add_score (JsonObject *object, JsonObject *reasons, const QrxScore *score)
{
  JsonArray *interval;

  switch (score->type)
    {
    case QRX_SCORE_NUMBER:
      json_object_set_double_member (object, score->name, score->value);
      break;
    case QRX_SCORE_COUNT:
      json_object_set_int_member (object, score->name, score->count);
      break;
    case QRX_SCORE_INTERVAL:
      interval = json_array_new ();
      json_array_add_double_element (interval, score->value);
      json_array_add_double_element (interval, score->high);
      json_object_set_array_member (object, score->name, interval);
      break;
    case QRX_SCORE_TEXT:
      json_object_set_string_member (object, score->name, score->text);
      break;
    case QRX_SCORE_TABLE:
      json_object_set_member (object, score->name, qrx_json_scan (score->text, strlen (score->text), NULL, NULL, NULL));
      break;
    case QRX_SCORE_UNDEFINED:
    default:
      json_object_set_null_member (object, score->name);
      json_object_set_string_member (reasons, score->name, score->text);
      break;
    }
}

/* {"<role>": {"<score>": number | [low, high] | text | [{…}, …] | null, …, "reasons": {"<score>": text}}}; "reasons" only where a
 * score is undefined. */
JsonNode *
qrx_metrics_to_json_node (QrxMetrics *self)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *roles = json_object_new ();

  for (guint i = 0; i < self->roles->len; i++)
    {
      QrxRoleScores *role = self->roles->pdata[i];
      JsonObject *scores = json_object_new ();
      JsonObject *reasons = json_object_new ();

      for (guint j = 0; j < role->scores->len; j++)
        add_score (scores, reasons, role->scores->pdata[j]);
      if (json_object_get_size (reasons) > 0)
        json_object_set_object_member (scores, QRX_SCORE_REASONS, json_object_ref (reasons));
      json_object_unref (reasons);
      json_object_set_object_member (roles, role->name, scores);
    }
  json_node_take_object (node, roles);
  return node;
}

/**
 * qrx_metrics_to_json:
 * @self: metrics
 *
 * Writes metrics as JSON: `{"<role>": {"<score>": number | [low, high] | text | [{…}, …] | null, …, "reasons": {"<score>":
 * text}}}`.
 * Numbers are the shortest that read back as the same double; "reasons" is there where a score is undefined.
 *
 * Returns: (transfer full): the text
 */
char *
qrx_metrics_to_json (QrxMetrics *self)
{
  g_autoptr (JsonNode) node = NULL;

  g_return_val_if_fail (QRX_IS_METRICS (self), NULL);
  node = qrx_metrics_to_json_node (self);
  return qrx_json_to_string (node);
}

/* The producer, made different from the names before it. */
static char *
choose_name (JsonObject *scores, QrxMetrics *metrics)
{
  const char *producer = metrics->producer != NULL ? metrics->producer : "metrics";
  char *name = g_strdup (producer);

  for (guint i = 2; json_object_has_member (scores, name); i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s-%u", producer, i);
    }
  return name;
}

/**
 * qrx_metrics_list_to_json:
 * @metrics: (element-type QrxMetrics): metrics
 *
 * Writes the metrics of several nodes as JSON: `{"scores": {"<producer>": …}}`, each as [method@Qrx.Metrics.to_json]
 * writes it. Metrics without a producer are called "metrics", and a name that is there already gets a number.
 *
 * Returns: (transfer full): the text
 */
char *
qrx_metrics_list_to_json (GPtrArray *metrics)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *root = json_object_new ();
  JsonObject *scores = json_object_new ();

  g_return_val_if_fail (metrics != NULL, NULL);
  json_object_set_object_member (root, "scores", scores);
  json_node_take_object (node, root);
  for (guint i = 0; i < metrics->len; i++)
    {
      g_autofree char *name = choose_name (scores, metrics->pdata[i]);

      json_object_set_member (scores, name, qrx_metrics_to_json_node (metrics->pdata[i]));
    }
  return qrx_json_to_string (node);
}

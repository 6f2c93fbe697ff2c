/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scores by role and name, in the order in which they were first set. Knows nothing of how a score is computed. */
#include "base/qrx-metrics-private.h"

#include <math.h>

G_DEFINE_FINAL_TYPE (QrxMetrics, qrx_metrics, QRX_TYPE_VALUE)

static void
score_free (gpointer data)
{
  QrxScore *score = data;

  g_free (score->name);
  g_free (score->text);
  g_free (score);
}

static void
role_free (gpointer data)
{
  QrxRoleScores *role = data;

  g_free (role->name);
  g_ptr_array_unref (role->scores);
  g_free (role);
}

static void
qrx_metrics_finalize (GObject *object)
{
  g_ptr_array_unref (QRX_METRICS (object)->roles);
  g_free (QRX_METRICS (object)->producer);
  G_OBJECT_CLASS (qrx_metrics_parent_class)->finalize (object);
}

static char *
qrx_metrics_describe (QrxValue *value)
{
  QrxMetrics *self = QRX_METRICS (value);
  GString *text = g_string_new ("metrics[");

  for (guint i = 0; i < self->roles->len; i++)
    {
      QrxRoleScores *role = self->roles->pdata[i];

      g_string_append_printf (text, "%s%s: %u scores", i > 0 ? ", " : "", role->name, role->scores->len);
    }
  return g_string_free (g_string_append_c (text, ']'), FALSE);
}

static void
qrx_metrics_class_init (QrxMetricsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_metrics_finalize;
  QRX_VALUE_CLASS (klass)->kind = "metrics";
  QRX_VALUE_CLASS (klass)->describe = qrx_metrics_describe;
}

static void
qrx_metrics_init (QrxMetrics *self)
{
  self->roles = g_ptr_array_new_with_free_func (role_free);
}

/**
 * qrx_metrics_new:
 *
 * Makes metrics without scores.
 *
 * Returns: (transfer full): the metrics
 */
QrxMetrics *
qrx_metrics_new (void)
{
  return g_object_new (QRX_TYPE_METRICS, NULL);
}

/**
 * qrx_metrics_set_producer:
 * @self: metrics that are not yet published
 * @producer: the id of the node that made them
 *
 * Says who made the metrics; files that hold several name them so.
 */
void
qrx_metrics_set_producer (QrxMetrics *self, const char *producer)
{
  g_return_if_fail (QRX_IS_METRICS (self) && producer != NULL);
  g_return_if_fail (!qrx_value_is_frozen (QRX_VALUE (self)));
  g_free (self->producer);
  self->producer = g_strdup (producer);
}

/**
 * qrx_metrics_get_producer:
 * @self: metrics
 *
 * Gets the node that made the metrics.
 *
 * Returns: (nullable): the id of the node, %NULL if it did not say
 */
const char *
qrx_metrics_get_producer (QrxMetrics *self)
{
  g_return_val_if_fail (QRX_IS_METRICS (self), NULL);
  return self->producer;
}

/* The score of that name, made if need be, without what it held. */
static QrxScore *
reset_score (QrxMetrics *self, const char *role_name, const char *name, QrxScoreType type)
{
  QrxRoleScores *role = qrx_metrics_find_role (self, role_name);
  QrxScore *score = qrx_metrics_find_score (self, role_name, name);

  if (role == NULL)
    {
      role = g_new0 (QrxRoleScores, 1);
      role->name = g_strdup (role_name);
      role->scores = g_ptr_array_new_with_free_func (score_free);
      g_ptr_array_add (self->roles, role);
    }
  if (score == NULL)
    {
      score = g_new0 (QrxScore, 1);
      score->name = g_strdup (name);
      g_ptr_array_add (role->scores, score);
    }
  g_clear_pointer (&score->text, g_free);
  score->type = type;
  return score;
}

static gboolean
may_set (QrxMetrics *self, const char *role, const char *name)
{
  return QRX_IS_METRICS (self) && !qrx_value_is_frozen (QRX_VALUE (self)) && role != NULL && name != NULL &&
         !g_str_equal (name, QRX_SCORE_REASONS);
}

/**
 * qrx_metrics_set_number:
 * @self: metrics that are not yet published
 * @role: a role, such as "test"
 * @name: a score, such as "auc"
 * @value: its value
 *
 * Sets a score. A value that is not finite makes the score undefined, for that reason.
 */
void
qrx_metrics_set_number (QrxMetrics *self, const char *role, const char *name, double value)
{
  g_return_if_fail (may_set (self, role, name));
  if (isfinite (value))
    reset_score (self, role, name, QRX_SCORE_NUMBER)->value = value;
  else
    qrx_metrics_set_undefined (self, role, name, "the value is not finite");
}

/**
 * qrx_metrics_set_count:
 * @self: metrics that are not yet published
 * @role: a role, such as "test"
 * @name: a score, such as "n"
 * @value: its value
 *
 * Sets a score that is a whole number.
 */
void
qrx_metrics_set_count (QrxMetrics *self, const char *role, const char *name, gint64 value)
{
  g_return_if_fail (may_set (self, role, name));
  reset_score (self, role, name, QRX_SCORE_COUNT)->count = value;
}

/**
 * qrx_metrics_set_interval:
 * @self: metrics that are not yet published
 * @role: a role, such as "test"
 * @name: a score, such as "auc_ci95"
 * @low: the lower end
 * @high: the upper end
 *
 * Sets a score that is an interval. An end that is not finite makes the score undefined, for that reason.
 */
void
qrx_metrics_set_interval (QrxMetrics *self, const char *role, const char *name, double low, double high)
{
  QrxScore *score;

  g_return_if_fail (may_set (self, role, name));
  if (!isfinite (low) || !isfinite (high))
    {
      qrx_metrics_set_undefined (self, role, name, "an end of the interval is not finite");
      return;
    }
  score = reset_score (self, role, name, QRX_SCORE_INTERVAL);
  score->value = low;
  score->high = high;
}

/**
 * qrx_metrics_set_text:
 * @self: metrics that are not yet published
 * @role: a role, such as "test"
 * @name: a score, such as "orientation"
 * @value: its text
 *
 * Sets what goes beside the scores but is not a number.
 */
void
qrx_metrics_set_text (QrxMetrics *self, const char *role, const char *name, const char *value)
{
  g_return_if_fail (may_set (self, role, name) && value != NULL);
  reset_score (self, role, name, QRX_SCORE_TEXT)->text = g_strdup (value);
}

/**
 * qrx_metrics_set_table:
 * @self: metrics that are not yet published
 * @role: a role, such as "test"
 * @name: a score, such as "reliability"
 * @columns: (array zero-terminated=1): the names of the numbers of a record; those of "n", of what begins with "n_",
 *   and of "bin" are whole
 * @values: of shape (records, columns); what is not finite becomes null
 * @label: (nullable): what a record is of, such as "gene"
 * @labels: (nullable) (array zero-terminated=1): a text for each record
 *
 * Sets a score that is a list of records.
 */
void
qrx_metrics_set_table (QrxMetrics *self, const char *role, const char *name, const char *const *columns,
                       QrxTensor *values, const char *label, const char *const *labels)
{
  QrxScore *score;

  g_return_if_fail (may_set (self, role, name) && columns != NULL && QRX_IS_TENSOR (values));
  g_return_if_fail (qrx_tensor_get_columns (values) == g_strv_length ((char **) columns));
  g_return_if_fail ((label == NULL) == (labels == NULL));
  g_return_if_fail (labels == NULL || qrx_tensor_get_rows (values) == g_strv_length ((char **) labels));
  score = reset_score (self, role, name, QRX_SCORE_TABLE);
  score->text = qrx_metrics_print_table (columns, values, label, labels);
}

/**
 * qrx_metrics_set_undefined:
 * @self: metrics that are not yet published
 * @role: a role, such as "test"
 * @name: a score, such as "auc"
 * @reason: why it has no value, such as "all rows are of one class"
 *
 * Sets a score that is not defined.
 */
void
qrx_metrics_set_undefined (QrxMetrics *self, const char *role, const char *name, const char *reason)
{
  g_return_if_fail (may_set (self, role, name) && reason != NULL);
  reset_score (self, role, name, QRX_SCORE_UNDEFINED)->text = g_strdup (reason);
}

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

static QrxRoleScores *
find_role (QrxMetrics *self, const char *name)
{
  for (guint i = 0; i < self->roles->len; i++)
    if (g_str_equal (((QrxRoleScores *) self->roles->pdata[i])->name, name))
      return self->roles->pdata[i];
  return NULL;
}

static QrxScore *
find_score (QrxMetrics *self, const char *role_name, const char *name)
{
  QrxRoleScores *role = find_role (self, role_name);

  for (guint i = 0; role != NULL && i < role->scores->len; i++)
    if (g_str_equal (((QrxScore *) role->scores->pdata[i])->name, name))
      return role->scores->pdata[i];
  return NULL;
}

/* The score of that name, made if need be, without what it held. */
static QrxScore *
reset_score (QrxMetrics *self, const char *role_name, const char *name, QrxScoreType type)
{
  QrxRoleScores *role = find_role (self, role_name);
  QrxScore *score = find_score (self, role_name, name);

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

/**
 * qrx_metrics_dup_roles:
 * @self: metrics
 *
 * Lists the roles that have scores.
 *
 * Returns: (transfer full) (array zero-terminated=1): the roles, in the order in which they were first set
 */
char **
qrx_metrics_dup_roles (QrxMetrics *self)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  g_return_val_if_fail (QRX_IS_METRICS (self), NULL);
  for (guint i = 0; i < self->roles->len; i++)
    g_strv_builder_add (names, ((QrxRoleScores *) self->roles->pdata[i])->name);
  return g_strv_builder_end (names);
}

/**
 * qrx_metrics_dup_names:
 * @self: metrics
 * @role: a role
 *
 * Lists the scores of a role.
 *
 * Returns: (transfer full) (array zero-terminated=1): the names, in the order in which they were first set; none for an
 *   unknown role
 */
char **
qrx_metrics_dup_names (QrxMetrics *self, const char *role)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  QrxRoleScores *found;

  g_return_val_if_fail (QRX_IS_METRICS (self) && role != NULL, NULL);
  found = find_role (self, role);
  for (guint i = 0; found != NULL && i < found->scores->len; i++)
    g_strv_builder_add (names, ((QrxScore *) found->scores->pdata[i])->name);
  return g_strv_builder_end (names);
}

/**
 * qrx_metrics_get_number:
 * @self: metrics
 * @role: a role
 * @name: a score
 * @value: (out) (optional): its value
 *
 * Gets a score that is a number, whole or not.
 *
 * Returns: whether there is such a score; %FALSE where it is undefined, absent or no number
 */
gboolean
qrx_metrics_get_number (QrxMetrics *self, const char *role, const char *name, double *value)
{
  QrxScore *score;

  g_return_val_if_fail (QRX_IS_METRICS (self) && role != NULL && name != NULL, FALSE);
  score = find_score (self, role, name);
  if (score == NULL || (score->type != QRX_SCORE_NUMBER && score->type != QRX_SCORE_COUNT))
    return FALSE;
  if (value != NULL)
    *value = score->type == QRX_SCORE_NUMBER ? score->value : (double) score->count;
  return TRUE;
}

/**
 * qrx_metrics_get_interval:
 * @self: metrics
 * @role: a role
 * @name: a score
 * @low: (out) (optional): the lower end
 * @high: (out) (optional): the upper end
 *
 * Gets a score that is an interval.
 *
 * Returns: whether there is such a score; %FALSE where it is undefined, absent or no interval
 */
gboolean
qrx_metrics_get_interval (QrxMetrics *self, const char *role, const char *name, double *low, double *high)
{
  QrxScore *score;

  g_return_val_if_fail (QRX_IS_METRICS (self) && role != NULL && name != NULL, FALSE);
  score = find_score (self, role, name);
  if (score == NULL || score->type != QRX_SCORE_INTERVAL)
    return FALSE;
  if (low != NULL)
    *low = score->value;
  if (high != NULL)
    *high = score->high;
  return TRUE;
}

static const char *
get_text_of_type (QrxMetrics *self, const char *role, const char *name, QrxScoreType type)
{
  QrxScore *score = find_score (self, role, name);

  return score != NULL && score->type == type ? score->text : NULL;
}

/**
 * qrx_metrics_get_text:
 * @self: metrics
 * @role: a role
 * @name: a score
 *
 * Gets what was set as text.
 *
 * Returns: (nullable): the text, %NULL where there is none
 */
const char *
qrx_metrics_get_text (QrxMetrics *self, const char *role, const char *name)
{
  g_return_val_if_fail (QRX_IS_METRICS (self) && role != NULL && name != NULL, NULL);
  return get_text_of_type (self, role, name, QRX_SCORE_TEXT);
}

/**
 * qrx_metrics_get_reason:
 * @self: metrics
 * @role: a role
 * @name: a score
 *
 * Gets why a score has no value.
 *
 * Returns: (nullable): the reason, %NULL where the score is defined or absent
 */
const char *
qrx_metrics_get_reason (QrxMetrics *self, const char *role, const char *name)
{
  g_return_val_if_fail (QRX_IS_METRICS (self) && role != NULL && name != NULL, NULL);
  return get_text_of_type (self, role, name, QRX_SCORE_UNDEFINED);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads scores back, by role and name. */
#include "base/qrx-metrics-private.h"

QrxRoleScores *
qrx_metrics_find_role (QrxMetrics *self, const char *name)
{
  for (guint i = 0; i < self->roles->len; i++)
    if (g_str_equal (((QrxRoleScores *) self->roles->pdata[i])->name, name))
      return self->roles->pdata[i];
  return NULL;
}

QrxScore *
qrx_metrics_find_score (QrxMetrics *self, const char *role_name, const char *name)
{
  QrxRoleScores *role = qrx_metrics_find_role (self, role_name);

  for (guint i = 0; role != NULL && i < role->scores->len; i++)
    if (g_str_equal (((QrxScore *) role->scores->pdata[i])->name, name))
      return role->scores->pdata[i];
  return NULL;
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
  found = qrx_metrics_find_role (self, role);
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
  score = qrx_metrics_find_score (self, role, name);
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
  score = qrx_metrics_find_score (self, role, name);
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
  QrxScore *score = qrx_metrics_find_score (self, role, name);

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
 * qrx_metrics_get_table:
 * @self: metrics
 * @role: a role
 * @name: a score
 *
 * Gets a list of records as JSON, `[{"<column>": number, …}, …]`.
 *
 * Returns: (nullable): the text, %NULL where there is none
 */
const char *
qrx_metrics_get_table (QrxMetrics *self, const char *role, const char *name)
{
  g_return_val_if_fail (QRX_IS_METRICS (self) && role != NULL && name != NULL, NULL);
  return get_text_of_type (self, role, name, QRX_SCORE_TABLE);
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

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A table of scores. Knows the names that evaluators give to scores; one that is not there, or not defined, is a dash. */
#include "qrx-cli-scores.h"

#include "qrx-cli-text.h"

#include <math.h>

#define UNDEFINED "–"

/* Rows that the model has not seen come first. */
static const char *const role_order[] = { "test", "external", "validation", "train" };

static char *
dup_best_role (QrxMetrics *metrics)
{
  g_auto (GStrv) roles = qrx_metrics_dup_roles (metrics);

  for (gsize i = 0; i < G_N_ELEMENTS (role_order); i++)
    if (g_strv_contains ((const char *const *) roles, role_order[i]))
      return g_strdup (role_order[i]);
  return g_strdup (roles[0]);
}

/* Three digits behind the point where they say something. */
static char *
format_score (double value)
{
  double size = fabs (value);

  if (size != 0 && (size < 5e-4 || size >= 1e6))
    return g_strdup_printf ("%.3g", value);
  return g_strdup_printf ("%.3f", value);
}

static char *
format_number (QrxMetrics *metrics, const char *role, const char *name)
{
  double value;

  return qrx_metrics_get_number (metrics, role, name, &value) ? format_score (value) : g_strdup (UNDEFINED);
}

static char *
format_count (QrxMetrics *metrics, const char *role, const char *name)
{
  double value;

  return qrx_metrics_get_number (metrics, role, name, &value) ? g_strdup_printf ("%.0f", value) : g_strdup (UNDEFINED);
}

static char *
format_interval (QrxMetrics *metrics, const char *role)
{
  double low, high;

  if (!qrx_metrics_get_interval (metrics, role, "auc_ci95_clipped", &low, &high) &&
      !qrx_metrics_get_interval (metrics, role, "auc_ci95", &low, &high))
    return g_strdup (UNDEFINED);
  return g_strdup_printf ("[%.3f, %.3f]", low, high);
}

/* Whose predictions were scored: who the metrics say, else where the evaluator's predictions come from. */
static const char *
find_model (QrxPipeline *pipeline, QrxMetrics *metrics, const char *evaluator)
{
  const char *producer = qrx_metrics_get_producer (metrics);
  QrxNode *node = qrx_pipeline_find_node (pipeline, evaluator);

  if (producer != NULL && !g_str_equal (producer, evaluator))
    return producer;
  if (node != NULL && qrx_pipeline_get_n_links (pipeline, node) > 0)
    return qrx_node_get_id (qrx_pipeline_get_link (pipeline, node, 0)->from);
  return UNDEFINED;
}

static void
add_row (QrxCliGrid *grid, QrxRecorder *recorder, guint i, QrxPipeline *pipeline)
{
  QrxMetrics *metrics = qrx_recorder_get_metrics (recorder, i);
  const char *evaluator = qrx_recorder_get_evaluator (recorder, i);
  const char *model = find_model (pipeline, metrics, evaluator);
  g_autofree char *role = dup_best_role (metrics);
  const char *who = role != NULL ? role : UNDEFINED;
  g_autofree char *marked =
    g_strconcat (who, role != NULL && qrx_metrics_get_text (metrics, role, "leaking") != NULL ? ", leaking" : "", NULL);
  g_autofree char *n = format_count (metrics, who, "n");
  g_autofree char *auc = format_number (metrics, who, "auc");
  g_autofree char *interval = format_interval (metrics, who);
  g_autofree char *within = format_number (metrics, who, "auc_within_tissue");
  g_autofree char *pearson = format_number (metrics, who, "pearson");
  g_autofree char *rmse = format_number (metrics, who, "rmse");
  const char *cells[] = { evaluator, model, marked, n, auc, interval, within, pearson, rmse };

  qrx_cli_grid_add (grid, cells);
}

void
qrx_cli_print_scores (QrxRecorder *recorder, QrxPipeline *pipeline, FILE *to)
{
  static const char *const titles[] = { "evaluator",       "model",             "role",    "n",   "AUC",
                                        "95 % interval",   "within-tissue AUC", "Pearson", "RMSE" };
  g_autoptr (QrxCliGrid) grid = qrx_cli_grid_new ("lllrrrrrr");

  if (qrx_recorder_get_n_metrics (recorder) == 0)
    return;
  qrx_cli_grid_add (grid, titles);
  for (guint i = 0; i < qrx_recorder_get_n_metrics (recorder); i++)
    add_row (grid, recorder, i, pipeline);
  qrx_cli_grid_print (grid, to, 0, 0);
}

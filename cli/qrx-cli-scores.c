/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A table of scores. Knows the names that evaluators give to scores; what else has metrics gets tables by the names
 * that it gives. One that is not there, or not defined, is a dash. */
#include "qrx-cli-scores.h"

#include "qrx-cli-text.h"

#include <math.h>

#define UNDEFINED "–"

/* Rows that the model has not seen come first. */
static const char *const role_order[] = { "test", "external", "calibration", "validation", "train" };

static char *
dup_best_role (QrxMetrics *metrics)
{
  g_auto (GStrv) roles = qrx_metrics_dup_roles (metrics);

  for (gsize i = 0; i < G_N_ELEMENTS (role_order); i++)
    if (g_strv_contains ((const char *const *) roles, role_order[i]))
      return g_strdup (role_order[i]);
  return g_strdup (roles[0]);
}

/* Whether it scores predictions: a node whose first output is scores, by roles of rows. */
static gboolean
is_evaluation (QrxRecorder *recorder, QrxPipeline *pipeline, guint i)
{
  QrxMetrics *metrics = qrx_recorder_get_metrics (recorder, i);
  QrxNode *node = qrx_pipeline_find_node (pipeline, qrx_recorder_get_evaluator (recorder, i));
  QrxPort *port = node != NULL ? qrx_node_class_find_port (QRX_NODE_GET_CLASS (node), NULL, TRUE) : NULL;
  g_auto (GStrv) roles = qrx_metrics_dup_roles (metrics);

  if (port != NULL && !g_str_equal (qrx_port_spec_get_kind (qrx_port_get_spec (port)), "metrics"))
    return FALSE;

  for (gsize k = 0; k < G_N_ELEMENTS (role_order); k++)
    if (g_strv_contains ((const char *const *) roles, role_order[k]))
      return TRUE;
  return roles[0] == NULL;
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
  g_autofree char *marked = g_strconcat (
      who, role != NULL && qrx_metrics_get_text (metrics, role, "leaking") != NULL ? ", leaking" : "", NULL);
  g_autofree char *n = format_count (metrics, who, "n");
  g_autofree char *auc = format_number (metrics, who, "auc");
  g_autofree char *interval = format_interval (metrics, who);
  g_autofree char *within = format_number (metrics, who, "auc_within_tissue");
  g_autofree char *pearson = format_number (metrics, who, "pearson");
  g_autofree char *rmse = format_number (metrics, who, "rmse");
  const char *cells[] = { evaluator, model, marked, n, auc, interval, within, pearson, rmse };

  qrx_cli_grid_add (grid, cells);
}

/* Why an evaluator has no score of that name; NULL if it has, or is none. */
static const char *
find_reason (QrxRecorder *recorder, QrxPipeline *pipeline, guint i, const char *name)
{
  QrxMetrics *metrics = qrx_recorder_get_metrics (recorder, i);
  g_autofree char *role = dup_best_role (metrics);

  return role != NULL && is_evaluation (recorder, pipeline, i) ? qrx_metrics_get_reason (metrics, role, name) : NULL;
}

/* The evaluators that lack a score for the same reason as the first one, or NULL if an earlier one has had it told. */
static char *
list_alike (QrxRecorder *recorder, QrxPipeline *pipeline, guint first, const char *name, const char *reason)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < qrx_recorder_get_n_metrics (recorder); i++)
    {
      if (g_strcmp0 (find_reason (recorder, pipeline, i, name), reason) != 0)
        continue;
      if (i < first)
        return NULL;
      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", qrx_recorder_get_evaluator (recorder, i));
    }
  return g_string_free (g_steal_pointer (&names), FALSE);
}

/* Why dashes stand in the table. */
static void
print_reasons (QrxRecorder *recorder, QrxPipeline *pipeline, FILE *to)
{
  static const char *const scores[][2] = {
    { "auc", "AUC" }, { "auc_within_tissue", "within-tissue AUC" }, { "pearson", "Pearson" }, { "rmse", "RMSE" }
  };

  for (gsize k = 0; k < G_N_ELEMENTS (scores); k++)
    for (guint i = 0; i < qrx_recorder_get_n_metrics (recorder); i++)
      {
        const char *reason = find_reason (recorder, pipeline, i, scores[k][0]);
        g_autofree char *names = reason != NULL ? list_alike (recorder, pipeline, i, scores[k][0], reason) : NULL;

        if (names != NULL)
          fprintf (to, "no %s (%s): %s\n", scores[k][1], names, reason);
      }
}

static void
print_evaluations (QrxRecorder *recorder, QrxPipeline *pipeline, FILE *to)
{
  static const char *const titles[] = { "evaluator",         "model",   "role", "n", "AUC", "95 % interval",
                                        "within-tissue AUC", "Pearson", "RMSE" };
  g_autoptr (QrxCliGrid) grid = qrx_cli_grid_new ("lllrrrrrr");

  qrx_cli_grid_add (grid, titles);
  for (guint i = 0; i < qrx_recorder_get_n_metrics (recorder); i++)
    if (is_evaluation (recorder, pipeline, i))
      add_row (grid, recorder, i, pipeline);
  qrx_cli_grid_print (grid, to, 0, 0);
  print_reasons (recorder, pipeline, to);
}

/* Counts have no point. */
static char *
format_measure (QrxMetrics *metrics, const char *role, const char *name)
{
  double value;

  if (qrx_metrics_get_number (metrics, role, name, &value) && value == floor (value) && fabs (value) < 1e9)
    return g_strdup_printf ("%.0f", value);
  return format_number (metrics, role, name);
}

/* A row of measures: its node and role, then a number for each name. */
static void
add_measures (QrxCliGrid *grid, const char *node, QrxMetrics *metrics, const char *role, char **names)
{
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (cells, g_strdup (node));
  g_ptr_array_add (cells, g_strdup (role));
  for (gsize i = 0; names[i] != NULL; i++)
    g_ptr_array_add (cells, format_measure (metrics, role, names[i]));
  qrx_cli_grid_add (grid, (const char *const *) cells->pdata);
}

/* The grid whose columns have these names, begun with its titles if need be. */
static QrxCliGrid *
ensure_grid (GPtrArray *keys, GPtrArray *grids, char **names)
{
  g_autofree char *key = g_strjoinv ("\n", names);
  g_autoptr (GPtrArray) titles = g_ptr_array_new ();
  g_autofree char *alignment = NULL;
  guint found;

  if (g_ptr_array_find_with_equal_func (keys, key, g_str_equal, &found))
    return grids->pdata[found];
  alignment = g_strnfill (g_strv_length (names) + 2, 'r');
  alignment[0] = alignment[1] = 'l';
  g_ptr_array_add (titles, (char *) "node");
  g_ptr_array_add (titles, (char *) "of");
  for (gsize i = 0; names[i] != NULL; i++)
    g_ptr_array_add (titles, names[i]);
  g_ptr_array_add (keys, g_steal_pointer (&key));
  g_ptr_array_add (grids, qrx_cli_grid_new (alignment));
  qrx_cli_grid_add (grids->pdata[grids->len - 1], (const char *const *) titles->pdata);
  return grids->pdata[grids->len - 1];
}

/* The names of what is a number, or would be one. */
static char **
dup_measures (QrxMetrics *metrics, const char *role)
{
  g_autoptr (GStrvBuilder) measures = g_strv_builder_new ();
  g_auto (GStrv) names = qrx_metrics_dup_names (metrics, role);

  for (gsize i = 0; names[i] != NULL; i++)
    if (qrx_metrics_get_text (metrics, role, names[i]) == NULL && qrx_metrics_get_table (metrics, role, names[i]) == NULL &&
        !qrx_metrics_get_interval (metrics, role, names[i], NULL, NULL))
      g_strv_builder_add (measures, names[i]);
  return g_strv_builder_end (measures);
}

/* What diagnostics measured: rows with the same names stand in one table, whichever nodes they are of. */
static void
print_measures (QrxRecorder *recorder, QrxPipeline *pipeline, gboolean parted, FILE *to)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) grids = g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_cli_grid_free);

  for (guint i = 0; i < qrx_recorder_get_n_metrics (recorder); i++)
    {
      QrxMetrics *metrics = qrx_recorder_get_metrics (recorder, i);
      g_auto (GStrv) roles = qrx_metrics_dup_roles (metrics);

      for (gsize r = 0; !is_evaluation (recorder, pipeline, i) && roles[r] != NULL; r++)
        {
          g_auto (GStrv) names = dup_measures (metrics, roles[r]);

          add_measures (ensure_grid (keys, grids, names), qrx_recorder_get_evaluator (recorder, i), metrics, roles[r],
                        names);
        }
    }
  for (guint i = 0; i < grids->len; i++)
    {
      if (parted || i > 0)
        fputc ('\n', to);
      qrx_cli_grid_print (grids->pdata[i], to, 0, 0);
    }
}

void
qrx_cli_print_scores (QrxRecorder *recorder, QrxPipeline *pipeline, FILE *to)
{
  gboolean evaluated = FALSE;

  for (guint i = 0; i < qrx_recorder_get_n_metrics (recorder); i++)
    evaluated = evaluated || is_evaluation (recorder, pipeline, i);
  if (evaluated)
    print_evaluations (recorder, pipeline, to);
  print_measures (recorder, pipeline, evaluated, to);
}

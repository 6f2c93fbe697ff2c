/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rows of a table by their groups, their calibration residuals, and the intervals that follow. Knows no nodes. */
#include "conformal-rows.h"

#include <math.h>
#include <qrx/qrx-error.h>
#include <string.h>

#include "conformal.h"

typedef struct {
  const char *name; /* of the table */
  GArray *scores;   /* of its calibration rows */
  double quantile;
  gboolean pooled; /* has too few, so that the quantile is that of all */
} Group;

typedef struct {
  QrxPredictions *predictions;
  QrxTable *table;
  QrxTensor *targets;
  const ConformalPlan *plan;
  ConformalSpread *spread; /* NULL: none is taken into account */
  GPtrArray *groups;       /* of Group, by name; of rows that belong to no group there is none */
  GHashTable *by_name;
  Group *all;
} Rows;

static void
group_free (gpointer data)
{
  g_array_unref (((Group *) data)->scores);
  g_free (data);
}

static Group *
group_new (const char *name)
{
  Group *group = g_new0 (Group, 1);

  group->name = name;
  group->scores = g_array_new (FALSE, FALSE, sizeof (double));
  return group;
}

static void
rows_clear (Rows *rows)
{
  g_clear_pointer (&rows->spread, conformal_spread_free);
  g_clear_pointer (&rows->by_name, g_hash_table_unref);
  g_clear_pointer (&rows->groups, g_ptr_array_unref);
  g_clear_pointer (&rows->all, group_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rows, rows_clear)

static double
get_prediction (const Rows *rows, gsize row)
{
  return qrx_tensor_get (qrx_predictions_get_values (rows->predictions), row);
}

static double
get_scale (const Rows *rows, gsize row)
{
  return rows->spread != NULL ? conformal_spread_at (rows->spread, get_prediction (rows, row)) : 1;
}

/* How far off training rows are near a prediction. They were fitted, so they are less far off than others; that makes
 * intervals less well shaped, but their rate is that of the calibration rows all the same. */
static gboolean
find_spread (Rows *rows, GError **error)
{
  g_autoptr (GArray) predictions = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) residuals = g_array_new (FALSE, FALSE, sizeof (double));
  gboolean any = FALSE;

  for (gsize row = 0; row < qrx_table_get_n_rows (rows->table); row++)
    {
      double target = qrx_tensor_get (rows->targets, row), prediction = get_prediction (rows, row);
      double residual = target - prediction;

      if (qrx_table_get_role (rows->table, row) != QRX_ROLE_TRAIN || isnan (target))
        continue;
      g_array_append_val (predictions, prediction);
      g_array_append_val (residuals, residual);
      any = any || residual != 0;
    }
  if (!any || residuals->len < rows->plan->neighbours)
    {
      g_set_error (
          error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
          any ? "the score \"normalized\" looks at %" G_GSIZE_FORMAT " neighbours among the training rows, but "
                "only %u of them have a target"
              : "the score \"normalized\" divides by residuals of training rows, which are all zero (asked for "
                "%" G_GSIZE_FORMAT " of %u): use the score \"absolute\"",
          rows->plan->neighbours, residuals->len);
      return FALSE;
    }
  rows->spread =
      conformal_spread_new ((const double *) (gpointer) predictions->data, (const double *) (gpointer) residuals->data,
                            residuals->len, rows->plan->neighbours, rows->plan->offset);
  return TRUE;
}

static int
compare_groups (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const Group *const *) a)->name, (*(const Group *const *) b)->name);
}

/* The name of a row's group; NULL where it has none. */
static const char *
get_group_name (const Rows *rows, gsize row)
{
  const char *name =
      rows->plan->group_by != NULL ? qrx_table_get_annotation (rows->table, rows->plan->group_by, row) : NULL;

  return name != NULL && name[0] != '\0' ? name : NULL;
}

static void
gather_scores (Rows *rows)
{
  for (gsize row = 0; row < qrx_table_get_n_rows (rows->table); row++)
    {
      double target = qrx_tensor_get (rows->targets, row);
      const char *name = get_group_name (rows, row);
      Group *group = name != NULL ? g_hash_table_lookup (rows->by_name, name) : NULL;
      double score;

      if (name != NULL && group == NULL)
        {
          group = group_new (name);
          g_hash_table_insert (rows->by_name, (gpointer) name, group);
          g_ptr_array_add (rows->groups, group);
        }
      if (qrx_table_get_role (rows->table, row) != rows->plan->role || isnan (target))
        continue;
      score = fabs (target - get_prediction (rows, row)) / get_scale (rows, row);
      g_array_append_val (rows->all->scores, score);
      if (group != NULL)
        g_array_append_val (group->scores, score);
    }
  g_ptr_array_sort (rows->groups, compare_groups);
}

static gboolean
refuse (const Rows *rows, const Group *group, GError **error)
{
  const ConformalPlan *plan = rows->plan;
  g_autofree char *of =
      group == rows->all ? g_strdup ("") : g_strdup_printf (" of %s \"%s\"", plan->group_by, group->name);

  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY,
               "intervals at the level %g need at least %" G_GSIZE_FORMAT " %s rows%s with a target, but there are %u: "
               "give `split` a larger part of them, lower \"level\"%s",
               plan->level, conformal_needed (plan->level), qrx_role_get_name (plan->role), of, group->scores->len,
               group == rows->all ? "" : ", or let \"small-groups\" be pooled");
  return FALSE;
}

static gboolean
find_quantiles (Rows *rows, GError **error)
{
  const ConformalPlan *plan = rows->plan;
  Group *all = rows->all;

  all->quantile = conformal_quantile ((double *) (gpointer) all->scores->data, all->scores->len, plan->level);
  if (isnan (all->quantile))
    return refuse (rows, all, error);
  for (guint i = 0; i < rows->groups->len; i++)
    {
      Group *group = rows->groups->pdata[i];

      group->quantile = conformal_quantile ((double *) (gpointer) group->scores->data, group->scores->len, plan->level);
      group->pooled = isnan (group->quantile);
      if (group->pooled && !plan->pools)
        return refuse (rows, group, error);
      if (group->pooled)
        group->quantile = all->quantile;
    }
  return TRUE;
}

static void
put_quantiles (const Rows *rows, QrxMetrics *metrics)
{
  static const char *const columns[] = { "n", "n_needed", "quantile", NULL };
  const char *role = qrx_role_get_name (rows->plan->role);
  g_autoptr (QrxTensor) values = NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  gsize needed = conformal_needed (rows->plan->level);
  guint n_pooled = 0;

  qrx_metrics_set_count (metrics, role, "n_calibration", rows->all->scores->len);
  qrx_metrics_set_count (metrics, role, "n_needed", (gint64) needed);
  qrx_metrics_set_number (metrics, role, "quantile", rows->all->quantile);
  if (rows->groups->len == 0)
    return;
  values = qrx_tensor_new_matrix (QRX_DTYPE_F64, rows->groups->len, 3);
  for (guint i = 0; i < rows->groups->len; i++)
    {
      const Group *group = rows->groups->pdata[i];

      n_pooled += group->pooled;
      g_ptr_array_add (names, (gpointer) group->name);
      qrx_tensor_set (values, i * 3, group->scores->len);
      qrx_tensor_set (values, i * 3 + 1, (double) needed);
      qrx_tensor_set (values, i * 3 + 2, group->pooled ? NAN : group->quantile);
    }
  g_ptr_array_add (names, NULL);
  qrx_metrics_set_count (metrics, role, "n_pooled_groups", n_pooled);
  qrx_metrics_set_table (metrics, role, "quantiles", columns, values, rows->plan->group_by,
                         (const char *const *) names->pdata);
}

static QrxPredictions *
add_intervals (const Rows *rows, GError **error)
{
  QrxPredictions *from = rows->predictions;
  gsize n = qrx_table_get_n_rows (rows->table);
  g_autoptr (QrxTensor) lower = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, 1);
  g_autoptr (QrxTensor) upper = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, 1);
  g_autoptr (QrxPredictions) result =
      qrx_predictions_new (rows->table, qrx_predictions_get_target (from), qrx_predictions_get_values (from),
                           qrx_predictions_get_producer (from), qrx_predictions_get_threshold (from), error);

  if (result == NULL)
    return NULL;
  for (gsize row = 0; row < n; row++)
    {
      const char *name = get_group_name (rows, row);
      const Group *group = name != NULL ? g_hash_table_lookup (rows->by_name, name) : rows->all;
      double half = group->quantile * get_scale (rows, row);

      qrx_tensor_set (lower, row, get_prediction (rows, row) - half);
      qrx_tensor_set (upper, row, get_prediction (rows, row) + half);
      if (qrx_predictions_is_known (from, row))
        qrx_predictions_set_known (result, row, TRUE);
    }
  qrx_predictions_set_leaking (result, qrx_predictions_is_leaking (from));
  return qrx_predictions_set_interval (result, lower, upper, rows->plan->level, error) ? g_steal_pointer (&result)
                                                                                       : NULL;
}

QrxPredictions *
conformal_rows_apply (QrxPredictions *predictions, const ConformalPlan *plan, QrxMetrics *metrics, GError **error)
{
  g_auto (Rows) rows = { .predictions = predictions, .plan = plan };

  rows.table = qrx_predictions_get_table (predictions);
  rows.targets = qrx_table_get_target_values (rows.table, qrx_predictions_get_target (predictions));
  rows.groups = g_ptr_array_new_with_free_func (group_free);
  rows.by_name = g_hash_table_new (g_str_hash, g_str_equal);
  rows.all = group_new ("");
  if (plan->normalized && !find_spread (&rows, error))
    return NULL;
  gather_scores (&rows);
  if (!find_quantiles (&rows, error))
    return NULL;
  put_quantiles (&rows, metrics);
  return add_intervals (&rows, error);
}

/* What a number of rows has seen. */
typedef struct {
  const char *name;
  gsize n;
  gsize n_covered;
  double width;
} Tally;

static void
count (Tally *tally, double target, double lower, double upper)
{
  tally->n++;
  tally->n_covered += target >= lower && target <= upper;
  tally->width += upper - lower;
}

static int
compare_tallies (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const Tally *const *) a)->name, (*(const Tally *const *) b)->name);
}

/* Coverage and width by an annotation, where the table has it. */
static void
score_by (QrxPredictions *predictions, QrxRole role, const char *annotation, QrxMetrics *metrics)
{
  static const char *const columns[] = { "n", "coverage", "mean_width", NULL };
  QrxTable *table = qrx_predictions_get_table (predictions);
  QrxTensor *targets = qrx_table_get_target_values (table, qrx_predictions_get_target (predictions));
  g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) tallies = g_ptr_array_new_with_free_func (g_free), names = g_ptr_array_new ();
  g_autoptr (QrxTensor) values = NULL;
  g_autofree char *score = g_strconcat ("by_", annotation, NULL);

  for (gsize row = 0; row < qrx_table_get_n_rows (table); row++)
    {
      const char *name = qrx_table_get_annotation (table, annotation, row);
      Tally *tally;

      if (qrx_table_get_role (table, row) != role || isnan (qrx_tensor_get (targets, row)) || name == NULL)
        continue;
      tally = g_hash_table_lookup (by_name, name);
      if (tally == NULL)
        {
          tally = g_new0 (Tally, 1);
          tally->name = name;
          g_hash_table_insert (by_name, (gpointer) name, tally);
          g_ptr_array_add (tallies, tally);
        }
      count (tally, qrx_tensor_get (targets, row), qrx_tensor_get (qrx_predictions_get_lower (predictions), row),
             qrx_tensor_get (qrx_predictions_get_upper (predictions), row));
    }
  if (tallies->len == 0)
    return;
  g_ptr_array_sort (tallies, compare_tallies);
  values = qrx_tensor_new_matrix (QRX_DTYPE_F64, tallies->len, 3);
  for (guint i = 0; i < tallies->len; i++)
    {
      const Tally *tally = tallies->pdata[i];

      g_ptr_array_add (names, (gpointer) tally->name);
      qrx_tensor_set (values, i * 3, (double) tally->n);
      qrx_tensor_set (values, i * 3 + 1, (double) tally->n_covered / (double) tally->n);
      qrx_tensor_set (values, i * 3 + 2, tally->width / (double) tally->n);
    }
  g_ptr_array_add (names, NULL);
  qrx_metrics_set_table (metrics, qrx_role_get_name (role), score, columns, values, annotation,
                         (const char *const *) names->pdata);
}

/* What the coverage of a role's rows may be taken for. */
static const char *
describe_guarantee (QrxPredictions *predictions, QrxRole role, const ConformalPlan *plan, gboolean leaking)
{
  QrxTable *table = qrx_predictions_get_table (predictions);

  if (leaking)
    return "none: calibration rows fitted or selected part of the model";
  if (role == plan->role)
    return "none: the intervals were fitted to these rows";
  if (role == QRX_ROLE_TRAIN)
    return "none: the model was fitted to these rows";
  for (gsize row = 0; row < qrx_table_get_n_rows (table); row++)
    if (qrx_table_get_role (table, row) == role && qrx_predictions_is_known (predictions, row))
      return "none: rows of this role fitted or selected part of the model";
  if (role == QRX_ROLE_EXTERNAL)
    return "none: rows of another cohort need not be exchangeable with the calibration rows";
  return plan->group_by == NULL ? "on average over rows that are exchangeable with the calibration rows"
                                : "on average over such rows of each group that was not pooled";
}

void
conformal_rows_score (QrxPredictions *predictions, QrxRole role, const ConformalPlan *plan, gboolean leaking,
                      QrxMetrics *metrics)
{
  QrxTable *table = qrx_predictions_get_table (predictions);
  QrxTensor *targets = qrx_table_get_target_values (table, qrx_predictions_get_target (predictions));
  const char *name = qrx_role_get_name (role);
  Tally tally = { 0 };
  double low, high;

  for (gsize row = 0; row < qrx_table_get_n_rows (table); row++)
    if (qrx_table_get_role (table, row) == role && !isnan (qrx_tensor_get (targets, row)))
      count (&tally, qrx_tensor_get (targets, row), qrx_tensor_get (qrx_predictions_get_lower (predictions), row),
             qrx_tensor_get (qrx_predictions_get_upper (predictions), row));
  if (tally.n == 0)
    return;
  qrx_metrics_set_count (metrics, name, "n", (gint64) tally.n);
  qrx_metrics_set_number (metrics, name, "level", plan->level);
  qrx_metrics_set_number (metrics, name, "coverage", (double) tally.n_covered / (double) tally.n);
  conformal_rate_interval (tally.n_covered, tally.n, &low, &high);
  qrx_metrics_set_interval (metrics, name, "coverage_ci95", low, high);
  qrx_metrics_set_number (metrics, name, "mean_width", tally.width / (double) tally.n);
  qrx_metrics_set_text (metrics, name, "guarantee", describe_guarantee (predictions, role, plan, leaking));
  if (leaking)
    qrx_metrics_set_text (metrics, name, "leaking", "calibration rows fitted or selected part of the model");
  score_by (predictions, role, QRX_ANNOTATION_TISSUE, metrics);
  score_by (predictions, role, QRX_ANNOTATION_DRUG, metrics);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Drugs differ in potency by more than lines do, so that over several drugs a model which knows the drugs' means alone has a high
 * correlation and AUC. What a role's scores are called here are therefore means over drugs; pooled ones are named so. */
#include "drug-scores.h"

#include <math.h>
#include <qrx/qrx-statistics.h>
#include <string.h>

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The drugs of a role, in order, and how many the table has. */
static GPtrArray *
list_drugs (QrxTable *table, QrxRole role, guint *n_all)
{
  g_autoptr (GHashTable) all = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *drugs = g_ptr_array_new ();

  for (gsize row = 0; row < qrx_table_get_n_rows (table); row++)
    {
      const char *drug = qrx_table_get_annotation (table, QRX_ANNOTATION_DRUG, row);

      if (drug != NULL)
        g_hash_table_add (all, (gpointer) drug);
      if (qrx_table_get_role (table, row) == role && drug != NULL && g_hash_table_add (seen, (gpointer) drug))
        g_ptr_array_add (drugs, (gpointer) drug);
    }
  *n_all = g_hash_table_size (all);
  g_ptr_array_sort (drugs, compare_texts);
  return drugs;
}

/* The median of a drug's known targets in a role; NaN where there are none. */
static double
find_median (QrxPredictions *predictions, QrxRole role, const char *drug)
{
  QrxTable *table = qrx_predictions_get_table (predictions);
  QrxTensor *targets = qrx_table_get_target_values (table, qrx_predictions_get_target (predictions));
  g_autoptr (GArray) known = g_array_new (FALSE, FALSE, sizeof (double));
  double median;

  for (gsize row = 0; row < qrx_table_get_n_rows (table); row++)
    {
      double target = qrx_tensor_get (targets, row);

      if (qrx_table_get_role (table, row) == role && !isnan (target) &&
          g_strcmp0 (qrx_table_get_annotation (table, QRX_ANNOTATION_DRUG, row), drug) == 0)
        g_array_append_val (known, target);
    }
  return qrx_statistics_median ((const double *) (gpointer) known->data, known->len, &median, NULL) ? median : NAN;
}

static void
score_drug (QrxPredictions *predictions, QrxRole role, const char *drug, Binarization binarization, gboolean by_drug,
            QrxMetrics *metrics)
{
  g_autofree char *name = g_strdup_printf ("%s/%s", qrx_role_get_name (role), drug);
  const char *source = "given, the same for all drugs";

  if (by_drug)
    {
      source = "the drug's training median";
      binarization.threshold = find_median (predictions, QRX_ROLE_TRAIN, drug);
    }
  if (isnan (binarization.threshold))
    {
      source = "the median of these rows, for training has none of the drug";
      binarization.threshold = find_median (predictions, role, drug);
    }
  role_scores_compute (predictions, role, drug, &binarization, name, metrics);
  qrx_metrics_set_text (metrics, name, "threshold_source", source);
}

/* The mean of a score over the drugs that have it. */
static void
average (QrxMetrics *metrics, const char *role, GPtrArray *drugs, const char *score)
{
  double sum = 0, value;
  guint n = 0;

  for (guint i = 0; i < drugs->len; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s/%s", role, (char *) drugs->pdata[i]);

      if (!qrx_metrics_get_number (metrics, name, score, &value))
        continue;
      sum += value;
      n++;
    }
  if (n > 0)
    qrx_metrics_set_number (metrics, role, score, sum / n);
  else
    qrx_metrics_set_undefined (metrics, role, score, "it is not defined for any of the drugs");
}

/* Copies scores of all rows together, under a name that says so. */
static void
pool (QrxPredictions *predictions, QrxRole role, const Binarization *binarization, QrxMetrics *metrics)
{
  static const char *const pooled[] = { "auc", "pearson", "spearman", "rmse" };
  const char *name = qrx_role_get_name (role);
  g_autoptr (QrxMetrics) all = qrx_metrics_new ();
  double value;

  role_scores_compute (predictions, role, NULL, binarization, name, all);
  for (guint i = 0; i < G_N_ELEMENTS (pooled); i++)
    {
      g_autofree char *label = g_strconcat (pooled[i], "_pooled", NULL);
      const char *reason = qrx_metrics_get_reason (all, name, pooled[i]);

      if (qrx_metrics_get_number (all, name, pooled[i], &value))
        qrx_metrics_set_number (metrics, name, label, value);
      else
        qrx_metrics_set_undefined (metrics, name, label, reason != NULL ? reason : "it is not defined");
    }
  if (qrx_metrics_get_text (all, name, "leaking") != NULL)
    qrx_metrics_set_text (metrics, name, "leaking", qrx_metrics_get_text (all, name, "leaking"));
}

static double
sum_counts (QrxMetrics *metrics, const char *role, GPtrArray *drugs, const char *count)
{
  double sum = 0, value;

  for (guint i = 0; i < drugs->len; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s/%s", role, (char *) drugs->pdata[i]);

      if (qrx_metrics_get_number (metrics, name, count, &value))
        sum += value;
    }
  return sum;
}

gboolean
drug_scores_compute (QrxPredictions *predictions, QrxRole role, const Binarization *binarization, gboolean by_drug,
                     QrxMetrics *metrics)
{
  static const char *const scores[] = { "auc", "auc_within_tissue", "average_precision", "rmse",   "mae",
                                        "r2",  "pearson",           "spearman",          "kendall" };
  guint n_all;
  g_autoptr (GPtrArray) drugs = list_drugs (qrx_predictions_get_table (predictions), role, &n_all);
  const char *name = qrx_role_get_name (role);

  if (n_all < 2 || drugs->len == 0)
    return FALSE;
  for (guint i = 0; i < drugs->len; i++)
    score_drug (predictions, role, drugs->pdata[i], *binarization, by_drug, metrics);
  qrx_metrics_set_count (metrics, name, "n", (gint64) sum_counts (metrics, name, drugs, "n"));
  qrx_metrics_set_count (metrics, name, "n_missing", (gint64) sum_counts (metrics, name, drugs, "n_missing"));
  qrx_metrics_set_count (metrics, name, "n_drugs", drugs->len);
  qrx_metrics_set_text (metrics, name, "scores_are", "means over drugs; _pooled: over all rows at one threshold");
  for (guint i = 0; i < G_N_ELEMENTS (scores); i++)
    average (metrics, name, drugs, scores[i]);
  pool (predictions, role, binarization, metrics);
  return TRUE;
}

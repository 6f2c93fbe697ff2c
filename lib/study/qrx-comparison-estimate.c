/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What one arm scores on one task, and how sure that is. */
#include "study/qrx-comparison-private.h"

#include <math.h>
#include <qrx/qrx-statistics.h>

/* What the tests of one unit say of how it moves the mean score. */
typedef struct {
  const QrxObservation *in; /* the test whose rows are being added */
  double sum;               /* of its rows' influences */
  double squares;           /* of the sums of earlier tests */
  guint n_tests;
} Share;

static void
share_close (Share *share)
{
  share->squares += share->sum * share->sum;
  share->n_tests++;
  share->sum = 0;
}

/* Adds the influences of a test's rows to their units; weight is the model's in the mean. FALSE where the model's score is no
 * area under a curve that has an influence. */
static gboolean
add_influence (const QrxObservation *observation, double weight, GHashTable *shares)
{
  const QrxRanking *ranking = observation->ranking;
  g_autofree double *influence = NULL;

  if (ranking == NULL)
    return FALSE;
  influence = g_new (double, ranking->n);
  if (!qrx_statistics_auc_influence (ranking->scores, ranking->positives, ranking->n, influence, NULL))
    return FALSE;
  for (gsize i = 0; i < ranking->n; i++)
    {
      Share *share = g_hash_table_lookup (shares, ranking->units[i]);

      if (share == NULL)
        {
          share = g_new0 (Share, 1);
          g_hash_table_insert (shares, ranking->units[i], share);
        }
      else if (share->in != observation)
        share_close (share);
      share->in = observation;
      share->sum += weight * influence[i] / (double) ranking->n;
    }
  return TRUE;
}

static double
sum_variance (GHashTable *shares)
{
  GHashTableIter iter;
  gpointer value;
  double variance = 0;

  g_hash_table_iter_init (&iter, shares);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Share *share = value;

      share_close (share);
      variance += share->n_tests * share->squares;
    }
  return variance;
}

/* The variance of the mean over resamples of the means over seeds, by the influence of each unit.
 *
 * Repeats and seeds test a unit again, but bring no new units, and their models share most training rows. So a unit's influences
 * are averaged as squares over its tests, which is the variance of a single repeat: averaged before they are squared, they
 * take repeats for independent of each other, and intervals cover too little (where responses are permuted,
 * pipelines/studies/null.json, 0.5 in nine of ten cohorts). */
static gboolean
compute_influence_variance (GArray *cell, GArray *resamples, double *variance)
{
  g_autoptr (GHashTable) shares = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  for (guint r = 0; r < resamples->len; r++)
    {
      const QrxResampleScore *resample = &g_array_index (resamples, QrxResampleScore, r);

      for (guint i = 0; i < cell->len; i++)
        {
          const QrxObservation *observation = &g_array_index (cell, QrxObservation, i);

          if (observation->resample == resample->resample &&
              !add_influence (observation, 1.0 / resample->n_replicates / resamples->len, shares))
            return FALSE;
        }
    }
  *variance = sum_variance (shares);
  return TRUE;
}

static double
compute_ratio (GArray *resamples)
{
  double n_train = 0, n_test = 0;

  for (guint i = 0; i < resamples->len; i++)
    {
      n_train += g_array_index (resamples, QrxResampleScore, i).n_train;
      n_test += g_array_index (resamples, QrxResampleScore, i).n_test;
    }
  return n_train > 0 ? n_test / n_train : 0;
}

static void
add_interval (QrxComparison *self, JsonObject *object, GArray *cell, GArray *resamples, double mean)
{
  g_autofree double *means = g_new (double, resamples->len);
  double interval[2], variance;
  const char *reason = NULL;

  for (guint i = 0; i < resamples->len; i++)
    means[i] = g_array_index (resamples, QrxResampleScore, i).mean;
  if (compute_influence_variance (cell, resamples, &variance))
    {
      qrx_statistics_normal_interval (mean, variance, self->level, interval);
      json_object_set_string_member (object, "method", "influence");
      qrx_comparison_set_interval (object, interval);
      return;
    }
  if (resamples->len < QRX_COMPARISON_MIN_RESAMPLES)
    {
      g_autofree char *text =
          g_strdup_printf ("an interval of a mean over folds needs %d of them, or predictions; there %s %u",
                           QRX_COMPARISON_MIN_RESAMPLES, resamples->len == 1 ? "is" : "are", resamples->len);

      json_object_set_null_member (object, "interval");
      json_object_set_string_member (object, "reason", text);
      return;
    }
  if (qrx_statistics_corrected_interval (means, resamples->len, compute_ratio (resamples), self->level, interval,
                                         &reason))
    {
      json_object_set_string_member (object, "method", "corrected-resampled-t");
      qrx_comparison_set_interval (object, interval);
      return;
    }
  json_object_set_null_member (object, "interval");
  json_object_set_string_member (object, "reason", reason);
}

/* The mean over folds of the deviation over seeds, of those folds that have several. */
static double
average_seed_deviation (GArray *resamples)
{
  double sum = 0;
  guint n = 0;

  for (guint i = 0; i < resamples->len; i++)
    {
      double deviation = g_array_index (resamples, QrxResampleScore, i).deviation;

      if (isfinite (deviation))
        {
          sum += deviation;
          n++;
        }
    }
  return n > 0 ? sum / n : NAN;
}

static double
compute_fold_deviation (GArray *resamples, double mean)
{
  double squares = 0;

  for (guint i = 0; i < resamples->len; i++)
    {
      double difference = g_array_index (resamples, QrxResampleScore, i).mean - mean;

      squares += difference * difference;
    }
  return resamples->len > 1 ? sqrt (squares / (resamples->len - 1)) : NAN;
}

static JsonArray *
list_resamples (QrxComparison *self, GArray *resamples)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < resamples->len; i++)
    {
      const QrxResampleScore *resample = &g_array_index (resamples, QrxResampleScore, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "resample", self->resamples->pdata[resample->resample]);
      qrx_comparison_set_number (object, "mean", resample->mean);
      qrx_comparison_set_number (object, "seed-deviation", resample->deviation);
      json_object_set_int_member (object, "seeds", resample->n_replicates);
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonObject *
estimate (QrxComparison *self, guint arm, guint task)
{
  g_autoptr (GArray) resamples = qrx_comparison_collect (self, arm, task);
  JsonObject *object = json_object_new ();
  const char *reason = NULL;
  double mean = NAN;

  json_object_set_string_member (object, "arm", self->arms->pdata[arm]);
  json_object_set_string_member (object, "task", self->tasks->pdata[task]);
  if (qrx_comparison_average (resamples, &mean, &reason))
    add_interval (self, object, qrx_comparison_find_cell (self, arm, task), resamples, mean);
  else
    {
      json_object_set_null_member (object, "interval");
      json_object_set_string_member (object, "reason", reason);
    }
  qrx_comparison_set_number (object, "mean", mean);
  qrx_comparison_set_number (object, "fold-deviation", compute_fold_deviation (resamples, mean));
  qrx_comparison_set_number (object, "seed-deviation", average_seed_deviation (resamples));
  json_object_set_array_member (object, "resamples", list_resamples (self, resamples));
  return object;
}

/* [{"arm", "task", "mean", "interval", "method" | "reason", "fold-deviation", "seed-deviation", "resamples"}, …] */
JsonNode *
qrx_comparison_estimate (QrxComparison *self)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();

  for (guint task = 0; task < self->tasks->len; task++)
    for (guint arm = 0; arm < self->arms->len; arm++)
      if (qrx_comparison_find_cell (self, arm, task) != NULL)
        json_array_add_object_element (array, estimate (self, arm, task));
  json_node_take_array (node, array);
  return node;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How far arms differ from a reference: by task over the folds that both have, and over the tasks. */
#include "study/qrx-comparison-private.h"

#include <math.h>
#include <qrx/qrx-statistics.h>

/* An arm against the reference on one task, or over all tasks. */
typedef struct {
  guint arm;
  gint task; /* -1: over all tasks */
  guint n;   /* folds, or tasks */
  guint n_better;
  double difference;
  double deviation; /* of the differences */
  double interval[2];
  double statistic;
  double p; /* NaN where there is no test */
  double adjusted;
  const char *test;
  char *reason; /* nullable; why there is no test */
} Pair;

static void
pair_clear (gpointer data)
{
  g_free (((Pair *) data)->reason);
}

/* Differences over the folds that both have, in their order. */
typedef struct {
  GArray *values; /* of double */
  double n_train;
  double n_test;
  guint resample; /* the last */
} Differences;

static void
take_differences (QrxComparison *self, guint arm, guint reference, guint task, Differences *out)
{
  g_autoptr (GArray) own = qrx_comparison_collect (self, arm, task);
  g_autoptr (GArray) other = qrx_comparison_collect (self, reference, task);

  for (guint i = 0, j = 0; i < own->len && j < other->len;)
    {
      const QrxResampleScore *a = &g_array_index (own, QrxResampleScore, i);
      const QrxResampleScore *b = &g_array_index (other, QrxResampleScore, j);

      if (a->resample == b->resample)
        {
          double difference = a->mean - b->mean;

          g_array_append_val (out->values, difference);
          out->n_train += a->n_train;
          out->n_test += a->n_test;
          out->resample = a->resample;
        }
      i += a->resample <= b->resample;
      j += b->resample <= a->resample;
    }
}

/* Mean, deviation, and how many favour the arm; FALSE where one is not defined or there is none. */
static gboolean
describe (QrxComparison *self, GArray *values, Pair *pair)
{
  double sum = 0, squares = 0;

  pair->n = values->len;
  for (guint i = 0; i < values->len; i++)
    {
      double value = g_array_index (values, double, i);

      sum += value;
      pair->n_better += self->higher_is_better ? value > 0 : value < 0;
    }
  if (values->len == 0 || !isfinite (sum))
    {
      pair->reason = g_strdup (values->len == 0 ? "no fold has a score of both" : "a fold's score is not defined");
      return FALSE;
    }
  pair->difference = sum / values->len;
  for (guint i = 0; i < values->len; i++)
    squares += pow (g_array_index (values, double, i) - pair->difference, 2);
  if (values->len > 1)
    pair->deviation = sqrt (squares / (values->len - 1));
  return TRUE;
}

/* Whether two rankings are of the same rows in the same order with the same classes. */
static gboolean
match_rankings (const QrxRanking *a, const QrxRanking *b)
{
  if (a->n != b->n)
    return FALSE;
  for (gsize i = 0; i < a->n; i++)
    if (a->positives[i] != b->positives[i] || !g_str_equal (a->units[i], b->units[i]))
      return FALSE;
  return TRUE;
}

/* One test set and one model each: DeLong's test. */
static gboolean
compare_rankings (QrxComparison *self, guint reference, guint resample, Pair *pair)
{
  const QrxObservation *own = qrx_comparison_find_ranking (self, pair->arm, (guint) pair->task, resample);
  const QrxObservation *other = qrx_comparison_find_ranking (self, reference, (guint) pair->task, resample);
  const char *reason = NULL;
  double difference, variance;

  if (own == NULL || other == NULL || !match_rankings (own->ranking, other->ranking))
    return FALSE;
  pair->test = "delong";
  if (!qrx_statistics_delong_paired (own->ranking->scores, other->ranking->scores, own->ranking->positives,
                                     own->ranking->n, &difference, &pair->statistic, &pair->p, &reason))
    {
      pair->reason = g_strdup (reason);
      return TRUE;
    }
  variance = pow (difference / pair->statistic, 2);
  if (pair->statistic != 0 && isfinite (variance))
    qrx_statistics_normal_interval (difference, variance, self->level, pair->interval);
  return TRUE;
}

static void
compare_on_task (QrxComparison *self, guint reference, Pair *pair)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));
  Differences differences = { .values = values };
  const double *numbers;
  const char *reason = NULL;
  double ratio;

  take_differences (self, pair->arm, reference, (guint) pair->task, &differences);
  if (!describe (self, values, pair))
    return;
  if (values->len == 1 && compare_rankings (self, reference, differences.resample, pair))
    return;
  if (values->len < QRX_COMPARISON_MIN_RESAMPLES)
    {
      pair->reason = g_strdup_printf ("the corrected resampled t test needs %d folds; both have %u",
                                      QRX_COMPARISON_MIN_RESAMPLES, values->len);
      return;
    }
  pair->test = "corrected-resampled-t";
  numbers = (const double *) (gpointer) values->data;
  ratio = differences.n_train > 0 ? differences.n_test / differences.n_train : 0;
  if (!qrx_statistics_corrected_t (numbers, values->len, ratio, &pair->statistic, &pair->p, &reason))
    pair->reason = g_strdup (reason);
  qrx_statistics_corrected_interval (numbers, values->len, ratio, self->level, pair->interval, NULL);
}

/* Over the tasks: their mean differences are what a signed-rank test takes, never folds or seeds. */
static void
compare_over_tasks (QrxComparison *self, GArray *pairs, Pair *pair)
{
  g_autoptr (GArray) differences = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) tasks = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) values = NULL;
  const char *reason = NULL;

  for (guint i = 0; i < pairs->len; i++)
    {
      const Pair *other = &g_array_index (pairs, Pair, i);
      guint task = (guint) other->task;

      if (other->arm != pair->arm || other->task < 0 || !isfinite (other->difference))
        continue;
      g_array_append_val (differences, other->difference);
      g_array_append_val (tasks, task);
    }
  values = qrx_comparison_average_subjects (self, differences, tasks, 1);
  if (!describe (self, values, pair))
    return;
  if (values->len < QRX_COMPARISON_MIN_WILCOXON_TASKS)
    {
      pair->reason = g_strdup_printf (
          "with %u task%s%s the least p of Wilcoxon's signed-rank test is %g; from %d on it can show anything",
          values->len, values->len == 1 ? "" : "s", values->len < tasks->len ? ", those of one drug being one," : "",
          ldexp (1, 1 - (int) values->len),
          QRX_COMPARISON_MIN_WILCOXON_TASKS);
      return;
    }
  pair->test = "wilcoxon";
  if (!qrx_statistics_wilcoxon ((const double *) (gpointer) values->data, values->len, &pair->statistic, &pair->p, NULL,
                                &reason))
    pair->reason = g_strdup (reason);
}

/* Adjusts the p values of one family: by task, or over the tasks. */
static void
adjust (GArray *pairs, gboolean over_tasks)
{
  g_autofree double *p = g_new (double, pairs->len);
  g_autofree double *adjusted = g_new (double, pairs->len);
  g_autofree Pair **tested = g_new (Pair *, pairs->len);
  gsize n = 0;

  for (guint i = 0; i < pairs->len; i++)
    {
      Pair *pair = &g_array_index (pairs, Pair, i);

      if ((pair->task < 0) == over_tasks && isfinite (pair->p))
        {
          p[n] = pair->p;
          tested[n++] = pair;
        }
    }
  if (n > 0 && qrx_statistics_holm (p, n, adjusted, NULL))
    for (gsize i = 0; i < n; i++)
      tested[i]->adjusted = adjusted[i];
}

static const char *
judge (QrxComparison *self, const Pair *pair)
{
  if (!isfinite (pair->adjusted))
    return "untested";
  if (pair->adjusted >= 1 - self->level)
    return "undecided";
  return (pair->difference > 0) == self->higher_is_better ? "better" : "worse";
}

static JsonObject *
write_pair (QrxComparison *self, const Pair *pair)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "arm", self->arms->pdata[pair->arm]);
  if (pair->task >= 0)
    json_object_set_string_member (object, "task", self->tasks->pdata[pair->task]);
  qrx_comparison_set_number (object, "difference", pair->difference);
  if (isfinite (pair->interval[0]))
    qrx_comparison_set_interval (object, pair->interval);
  else
    json_object_set_null_member (object, "interval");
  qrx_comparison_set_number (object, "effect", pair->deviation > 0 ? pair->difference / pair->deviation : NAN);
  json_object_set_int_member (object, pair->task >= 0 ? "folds" : "tasks", pair->n);
  json_object_set_int_member (object, "better", pair->n_better);
  if (pair->test != NULL)
    json_object_set_string_member (object, "test", pair->test);
  qrx_comparison_set_number (object, "statistic", pair->statistic);
  qrx_comparison_set_number (object, "p", pair->p);
  qrx_comparison_set_number (object, "p-holm", pair->adjusted);
  json_object_set_string_member (object, "verdict", judge (self, pair));
  if (pair->reason != NULL)
    json_object_set_string_member (object, "reason", pair->reason);
  return object;
}

static Pair *
append_pair (GArray *pairs, guint arm, gint task)
{
  Pair pair = { .arm = arm,
                .task = task,
                .difference = NAN,
                .deviation = NAN,
                .interval = { NAN, NAN },
                .statistic = NAN,
                .p = NAN,
                .adjusted = NAN };

  g_array_append_val (pairs, pair);
  return &g_array_index (pairs, Pair, pairs->len - 1);
}

/* {"reference", "tasks": [{"arm", "task", "difference", "interval", "effect", "folds", "better", "test", "statistic",
 * "p", "p-holm", "verdict", "reason"}, …], "overall": [the same without "task", "tasks" in place of "folds"]}.
 * Differences are the arm's score less the reference's. */
JsonNode *
qrx_comparison_compare (QrxComparison *self, guint reference)
{
  g_autoptr (GArray) pairs = g_array_new (FALSE, TRUE, sizeof (Pair));
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonArray *by_task = json_array_new (), *overall = json_array_new ();

  g_array_set_clear_func (pairs, pair_clear);
  for (guint task = 0; task < self->tasks->len; task++)
    for (guint arm = 0; arm < self->arms->len; arm++)
      if (arm != reference && qrx_comparison_find_cell (self, arm, task) != NULL)
        compare_on_task (self, reference, append_pair (pairs, arm, (gint) task));
  for (guint arm = 0; arm < self->arms->len; arm++)
    if (arm != reference)
      compare_over_tasks (self, pairs, append_pair (pairs, arm, -1));
  adjust (pairs, FALSE);
  adjust (pairs, TRUE);
  for (guint i = 0; i < pairs->len; i++)
    {
      const Pair *pair = &g_array_index (pairs, Pair, i);

      json_array_add_object_element (pair->task >= 0 ? by_task : overall, write_pair (self, pair));
    }
  json_object_set_string_member (object, "reference", self->arms->pdata[reference]);
  json_object_set_array_member (object, "tasks", by_task);
  json_object_set_array_member (object, "overall", overall);
  json_node_take_object (node, object);
  return node;
}

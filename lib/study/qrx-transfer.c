/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Takes one task's best settings to another: what they score there, what tuning from scratch would have scored, and
 * whether the tasks order the settings alike. */
#include <qrx/qrx-transfer.h>

#include <math.h>
#include <qrx/qrx-statistics.h>

#include "base/qrx-json-private.h"
#include "study/qrx-comparison-private.h"

/* The settings that both comparisons know, and their mean scores on each task. */
typedef struct {
  GPtrArray *arms;  /* names, of the tuning's */
  GPtrArray *tasks; /* names, of the tuning's */
  double *tuning;   /* [task][arm]; NaN where there is no mean */
  double *test;
  gboolean higher_is_better;
} Sheet;

static void
sheet_clear (Sheet *sheet)
{
  g_free (sheet->tuning);
  g_free (sheet->test);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sheet, sheet_clear)

/* The mean score of a setting on a task, both by name. */
static double
find_mean (QrxComparison *self, const char *arm, const char *task)
{
  g_autoptr (GArray) resamples = NULL;
  const char *reason;
  guint arm_index, task_index;
  double mean;

  if (!g_ptr_array_find_with_equal_func (self->arms, arm, g_str_equal, &arm_index) ||
      !g_ptr_array_find_with_equal_func (self->tasks, task, g_str_equal, &task_index))
    return NAN;
  resamples = qrx_comparison_collect (self, arm_index, task_index);
  return qrx_comparison_average (resamples, &mean, &reason) ? mean : NAN;
}

static Sheet
make_sheet (QrxComparison *tuning, QrxComparison *test)
{
  Sheet sheet = { .arms = tuning->arms, .tasks = tuning->tasks, .higher_is_better = tuning->higher_is_better };
  guint n = sheet.arms->len * sheet.tasks->len;

  sheet.tuning = g_new (double, n);
  sheet.test = g_new (double, n);
  for (guint i = 0; i < n; i++)
    {
      const char *arm = sheet.arms->pdata[i % sheet.arms->len], *task = sheet.tasks->pdata[i / sheet.arms->len];

      sheet.tuning[i] = find_mean (tuning, arm, task);
      sheet.test[i] = find_mean (test, arm, task);
    }
  return sheet;
}

/* The setting that tuning on a task picks, the first of equals; -1 where no setting has a score. */
static int
pick_best (const Sheet *sheet, guint task)
{
  const double *scores = sheet->tuning + (gsize) task * sheet->arms->len;
  int best = -1;

  for (guint i = 0; i < sheet->arms->len; i++)
    if (isfinite (scores[i]) &&
        (best < 0 || (sheet->higher_is_better ? scores[i] > scores[best] : scores[i] < scores[best])))
      best = (int) i;
  return best;
}

/* Spearman's correlation of two tasks' tuning scores over the settings that both have. */
static double
correlate (const Sheet *sheet, guint from, guint to, const char **reason)
{
  const double *a = sheet->tuning + (gsize) from * sheet->arms->len, *b = sheet->tuning + (gsize) to * sheet->arms->len;
  g_autofree double *x = g_new (double, sheet->arms->len);
  g_autofree double *y = g_new (double, sheet->arms->len);
  double rho = NAN;
  gsize n = 0;

  for (guint i = 0; i < sheet->arms->len; i++)
    if (isfinite (a[i]) && isfinite (b[i]))
      {
        x[n] = a[i];
        y[n++] = b[i];
      }
  return qrx_statistics_spearman (x, y, n, &rho, reason) ? rho : NAN;
}

static JsonObject *
write_pair (const Sheet *sheet, guint from, guint to)
{
  JsonObject *object = json_object_new ();
  int carried = pick_best (sheet, from), own = pick_best (sheet, to);
  const double *test = sheet->test + (gsize) to * sheet->arms->len;
  const char *reason = NULL;
  double rho = correlate (sheet, from, to, &reason);

  json_object_set_string_member (object, "from", sheet->tasks->pdata[from]);
  json_object_set_string_member (object, "to", sheet->tasks->pdata[to]);
  if (carried >= 0)
    json_object_set_string_member (object, "arm", sheet->arms->pdata[carried]);
  qrx_comparison_set_number (object, "score", carried >= 0 ? test[carried] : NAN);
  qrx_comparison_set_number (object, "loss",
                             carried < 0 || own < 0    ? NAN
                             : sheet->higher_is_better ? test[own] - test[carried]
                                                       : test[carried] - test[own]);
  qrx_comparison_set_number (object, "rank-correlation", rho);
  if (isnan (rho))
    json_object_set_string_member (object, "reason", reason);
  return object;
}

/**
 * qrx_transfer_to_json:
 * @tuning: the scores by which settings are chosen, such as the validation AUC; its arms are the settings
 * @test: the scores of the same settings on rows that choosing never saw
 *
 * Writes, for each pair of tasks, what the first one's best setting scores on the second: `[{"from", "to", "arm",
 * "score", "loss", "rank-correlation"}, …]`. "score" is the test score, "loss" what tuning on the second task itself
 * would have gained (negative where the carried setting is the better by luck), "rank-correlation" is Spearman's over
 * all settings' tuning scores. A pair of a task with itself has no loss. What is not defined is null.
 *
 * Returns: (transfer full): the text
 */
char *
qrx_transfer_to_json (QrxComparison *tuning, QrxComparison *test)
{
  g_autoptr (JsonNode) node = NULL;

  g_return_val_if_fail (QRX_IS_COMPARISON (tuning) && QRX_IS_COMPARISON (test), NULL);
  node = qrx_transfer_to_json_node (tuning, test);
  return qrx_json_to_string (node);
}

JsonNode *
qrx_transfer_to_json_node (QrxComparison *tuning, QrxComparison *test)
{
  g_auto (Sheet) sheet = make_sheet (tuning, test);
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *pairs = json_array_new ();

  for (guint from = 0; from < sheet.tasks->len; from++)
    for (guint to = 0; to < sheet.tasks->len; to++)
      json_array_add_object_element (pairs, write_pair (&sheet, from, to));
  json_node_take_array (node, pairs);
  return node;
}

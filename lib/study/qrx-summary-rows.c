/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Predictions as a report shows them: ROC curves, and predicted beside measured. With several fits of an arm on a task,
 * curves are averaged vertically and predictions of a row are averaged; predictions are never pooled. */
#include "study/qrx-summary-private.h"

#include <math.h>

#define N_GRID 101    /* false positive rates at which curves of several fits are averaged */
#define MAX_ROWS 2000 /* of a task in the page */

typedef struct {
  double score; /* high where sensitive is predicted */
  guint positive;
} Ranked;

typedef struct {
  GArray *fpr; /* of double, both */
  GArray *tpr;
} Curve;

static void
curve_clear (Curve *curve)
{
  g_clear_pointer (&curve->fpr, g_array_unref);
  g_clear_pointer (&curve->tpr, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Curve, curve_clear)

static int
compare_ranked (gconstpointer a, gconstpointer b)
{
  double x = ((const Ranked *) a)->score, y = ((const Ranked *) b)->score;

  return x > y ? -1 : x < y;
}

/* The empirical curve; ties make one slanted step. FALSE where all rows are of one class. */
static gboolean
trace (QrxSummary *self, const QrxSummaryResult *result, Curve *curve)
{
  gsize n = result->rows != NULL ? result->rows->n : 0, n_positive = 0;
  g_autofree double *scores = g_new (double, n);
  g_autofree guint8 *sensitive = g_new (guint8, n);
  g_autofree Ranked *ranked = g_new (Ranked, n);
  double hits = 0, alarms = 0;

  if (n == 0 || !qrx_summary_read_classes (self, result, scores, sensitive))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      ranked[i] = (Ranked){ scores[i], sensitive[i] };
      n_positive += sensitive[i];
    }
  if (n_positive == 0 || n_positive == n)
    return FALSE;
  qsort (ranked, n, sizeof *ranked, compare_ranked);
  for (gsize i = 0; i <= n; i++)
    {
      double x = alarms / (double) (n - n_positive), y = hits / (double) n_positive;

      if (i == 0 || i == n || ranked[i].score != ranked[i - 1].score)
        {
          g_array_append_val (curve->fpr, x);
          g_array_append_val (curve->tpr, y);
        }
      if (i < n)
        {
          hits += ranked[i].positive;
          alarms += !ranked[i].positive;
        }
    }
  return TRUE;
}

/* The height of a curve at a false positive rate; of a vertical step, its top. */
static double
interpolate (const Curve *curve, double x)
{
  guint last = 0;
  double x0, y0, x1;

  for (guint i = 0; i < curve->fpr->len; i++)
    if (g_array_index (curve->fpr, double, i) <= x)
      last = i;
  x0 = g_array_index (curve->fpr, double, last);
  y0 = g_array_index (curve->tpr, double, last);
  if (last + 1 >= curve->fpr->len)
    return y0;
  x1 = g_array_index (curve->fpr, double, last + 1);
  return y0 + (g_array_index (curve->tpr, double, last + 1) - y0) * (x - x0) / (x1 - x0);
}

typedef struct {
  Curve first;
  guint n;
  double sums[N_GRID];
  double squares[N_GRID];
} Bundle;

static void
collect (QrxSummary *self, guint arm, guint task, Bundle *bundle)
{
  for (guint i = 0; i < self->results->len; i++)
    {
      const QrxSummaryResult *result = self->results->pdata[i];
      g_auto (Curve) curve = { NULL, NULL };

      if (result->arm != arm || result->task != task)
        continue;
      curve.fpr = g_array_new (FALSE, FALSE, sizeof (double));
      curve.tpr = g_array_new (FALSE, FALSE, sizeof (double));
      if (!trace (self, result, &curve))
        continue;
      for (guint g = 0; g < N_GRID; g++)
        {
          double y = interpolate (&curve, g / (N_GRID - 1.0));

          bundle->sums[g] += y;
          bundle->squares[g] += y * y;
        }
      if (bundle->n++ == 0)
        {
          bundle->first = curve;
          curve = (Curve){ NULL, NULL };
        }
    }
}

static void
write_bundle (const Bundle *bundle, JsonObject *object)
{
  JsonArray *fpr = json_array_new (), *tpr = json_array_new (), *deviations = json_array_new ();

  for (guint i = 0; bundle->n == 1 && i < bundle->first.fpr->len; i++)
    {
      qrx_summary_add_rounded (fpr, g_array_index (bundle->first.fpr, double, i));
      qrx_summary_add_rounded (tpr, g_array_index (bundle->first.tpr, double, i));
    }
  if (bundle->n > 1)
    {
      qrx_summary_add_rounded (fpr, 0);
      qrx_summary_add_rounded (tpr, 0);
      qrx_summary_add_rounded (deviations, 0);
    }
  for (guint g = 0; bundle->n > 1 && g < N_GRID; g++)
    {
      double mean = bundle->sums[g] / bundle->n;
      double variance = (bundle->squares[g] - bundle->n * mean * mean) / (bundle->n - 1);

      qrx_summary_add_rounded (fpr, g / (N_GRID - 1.0));
      qrx_summary_add_rounded (tpr, mean);
      qrx_summary_add_rounded (deviations, sqrt (MAX (variance, 0)));
    }
  json_object_set_array_member (object, "fpr", fpr);
  json_object_set_array_member (object, "tpr", tpr);
  if (bundle->n > 1)
    json_object_set_array_member (object, "deviations", deviations);
  else
    json_array_unref (deviations);
}

JsonNode *
qrx_summary_write_roc (QrxSummary *self)
{
  JsonArray *array = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (guint task = 0; task < self->tasks->len; task++)
    for (guint arm = 0; arm < self->arms->len; arm++)
      {
        Bundle bundle = { .n = 0 };
        JsonObject *object;

        collect (self, arm, task, &bundle);
        if (bundle.n > 0)
          {
            object = json_object_new ();
            json_object_set_int_member (object, "arm", arm);
            json_object_set_int_member (object, "task", task);
            json_object_set_int_member (object, "fits", bundle.n);
            write_bundle (&bundle, object);
            json_array_add_object_element (array, object);
          }
        curve_clear (&bundle.first);
      }
  json_node_take_array (node, array);
  return node;
}

/* The rows of a task that any arm predicted, in the order in which they came. */
typedef struct {
  GHashTable *places; /* id → index + 1 */
  GPtrArray *ids;
  GPtrArray *tissues;
  GArray *targets;
} Rows;

static void
gather (QrxSummary *self, guint task, Rows *rows)
{
  for (guint i = 0; i < self->results->len; i++)
    {
      const QrxSummaryResult *result = self->results->pdata[i];

      for (gsize k = 0; result->task == task && result->rows != NULL && k < result->rows->n; k++)
        if (!g_hash_table_contains (rows->places, result->rows->ids[k]))
          {
            g_ptr_array_add (rows->ids, (gpointer) result->rows->ids[k]);
            g_ptr_array_add (rows->tissues, (gpointer) (result->rows->tissues != NULL ? result->rows->tissues[k] : ""));
            g_array_append_val (rows->targets, result->rows->targets[k]);
            g_hash_table_insert (rows->places, (gpointer) result->rows->ids[k], GUINT_TO_POINTER (rows->ids->len));
          }
    }
}

/* The mean prediction of each row over the fits that did not see it; NULL where the arm predicted nothing. */
static JsonArray *
average (QrxSummary *self, guint arm, guint task, const Rows *rows, guint stride)
{
  g_autofree double *sums = g_new0 (double, rows->ids->len);
  g_autofree guint *counts = g_new0 (guint, rows->ids->len);
  JsonArray *means;
  gboolean found = FALSE;

  for (guint i = 0; i < self->results->len; i++)
    {
      const QrxSummaryResult *result = self->results->pdata[i];

      for (gsize k = 0; result->arm == arm && result->task == task && result->rows != NULL && k < result->rows->n; k++)
        {
          guint place = GPOINTER_TO_UINT (g_hash_table_lookup (rows->places, result->rows->ids[k])) - 1;

          sums[place] += result->rows->predictions[k];
          counts[place]++;
          found = TRUE;
        }
    }
  if (!found)
    return NULL;
  means = json_array_new ();
  for (guint i = 0; i < rows->ids->len; i += stride)
    qrx_summary_add_rounded (means, counts[i] > 0 ? sums[i] / counts[i] : NAN);
  return means;
}

static JsonObject *
write_task (QrxSummary *self, guint task, const Rows *rows, guint stride)
{
  JsonObject *object = json_object_new ();
  JsonArray *ids = json_array_new (), *tissues = json_array_new (), *targets = json_array_new ();
  JsonArray *predictions = json_array_new ();

  for (guint i = 0; i < rows->ids->len; i += stride)
    {
      json_array_add_string_element (ids, rows->ids->pdata[i]);
      json_array_add_string_element (tissues, rows->tissues->pdata[i]);
      qrx_summary_add_rounded (targets, g_array_index (rows->targets, double, i));
    }
  for (guint arm = 0; arm < self->arms->len; arm++)
    {
      JsonArray *means = average (self, arm, task, rows, stride);
      JsonObject *one = means != NULL ? json_object_new () : NULL;

      if (one == NULL)
        continue;
      json_object_set_int_member (one, "arm", arm);
      json_object_set_array_member (one, "values", means);
      json_array_add_object_element (predictions, one);
    }
  json_object_set_int_member (object, "task", task);
  json_object_set_array_member (object, "ids", ids);
  json_object_set_array_member (object, "tissues", tissues);
  json_object_set_array_member (object, "targets", targets);
  json_object_set_array_member (object, "predictions", predictions);
  return object;
}

JsonNode *
qrx_summary_write_rows (QrxSummary *self, JsonArray *omitted)
{
  JsonArray *array = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (guint task = 0; task < self->tasks->len; task++)
    {
      g_autoptr (GHashTable) places = g_hash_table_new (g_str_hash, g_str_equal);
      g_autoptr (GPtrArray) ids = g_ptr_array_new (), tissues = g_ptr_array_new ();
      g_autoptr (GArray) targets = g_array_new (FALSE, FALSE, sizeof (double));
      Rows rows = { places, ids, tissues, targets };
      guint stride;

      gather (self, task, &rows);
      stride = (ids->len + MAX_ROWS - 1) / MAX_ROWS;
      if (ids->len > 0)
        json_array_add_object_element (array, write_task (self, task, &rows, stride));
      if (stride > 1)
        {
          g_autofree char *text =
              g_strdup_printf ("Of %u rows%s%s one in %u is drawn in predicted against measured.", ids->len,
                               self->tasks->len > 1 ? " of " : "",
                               self->tasks->len > 1 ? (char *) self->tasks->pdata[task] : "", stride);

          json_array_add_string_element (omitted, text);
        }
    }
  json_node_take_array (node, array);
  return node;
}

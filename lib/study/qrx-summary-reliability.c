/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was observed where something was predicted: the bins of each way to predict on each task, over its fits. */
#include "study/qrx-summary-private.h"

#define MAX_BINS 100

typedef struct {
  double n, predicted, observed; /* sums over rows */
} Bin;

/* The records of a score that is a list of them; NULL where it is none. */
static JsonArray *
get_records (JsonObject *scores)
{
  JsonNode *node = scores != NULL ? json_object_get_member (scores, "reliability") : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static gboolean
get_number (JsonObject *record, const char *name, double *value)
{
  JsonNode *node = json_object_get_member (record, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return FALSE;
  *value = json_node_get_double (node);
  return TRUE;
}

static void
add_records (JsonArray *records, Bin *bins)
{
  for (guint i = 0; i < json_array_get_length (records); i++)
    {
      JsonNode *node = json_array_get_element (records, i);
      double bin, n, predicted, observed;
      JsonObject *record;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        continue;
      record = json_node_get_object (node);
      if (!get_number (record, "bin", &bin) || !get_number (record, "n", &n) ||
          !get_number (record, "mean_predicted", &predicted) || !get_number (record, "mean_observed", &observed) ||
          !(bin >= 0 && bin < MAX_BINS))
        continue;
      bins[(guint) bin].n += n;
      bins[(guint) bin].predicted += n * predicted;
      bins[(guint) bin].observed += n * observed;
    }
}

static JsonArray *
write_bins (const Bin *bins)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < MAX_BINS; i++)
    {
      JsonObject *record;

      if (bins[i].n == 0)
        continue;
      record = json_object_new ();
      json_object_set_int_member (record, "n", (gint64) bins[i].n);
      json_object_set_double_member (record, "predicted", bins[i].predicted / bins[i].n);
      json_object_set_double_member (record, "observed", bins[i].observed / bins[i].n);
      json_array_add_object_element (array, record);
    }
  return array;
}

/* Of one arm on one task; NULL where no fit has bins. */
static JsonObject *
write_place (QrxSummary *self, guint arm, guint task)
{
  Bin bins[MAX_BINS] = { 0 };
  gboolean probability = FALSE;
  guint n_fits = 0;
  JsonObject *object;

  for (guint i = 0; i < self->results->len; i++)
    {
      const QrxSummaryResult *result = self->results->pdata[i];
      JsonObject *scores;
      JsonArray *records;

      if (result->arm != arm || result->task != task)
        continue;
      scores = qrx_summary_get_scores (self, result);
      records = get_records (scores);
      if (records == NULL)
        continue;
      add_records (records, bins);
      probability = probability || json_object_has_member (scores, "brier"); /* only probabilities have one */
      n_fits++;
    }
  if (n_fits == 0)
    return NULL;
  object = json_object_new ();
  json_object_set_int_member (object, "arm", arm);
  json_object_set_int_member (object, "task", task);
  json_object_set_int_member (object, "fits", n_fits);
  json_object_set_boolean_member (object, "probability", probability);
  json_object_set_array_member (object, "bins", write_bins (bins));
  return object;
}

JsonNode *
qrx_summary_write_reliability (QrxSummary *self)
{
  JsonArray *array = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (guint task = 0; task < self->tasks->len; task++)
    for (guint arm = 0; arm < self->arms->len; arm++)
      {
        JsonObject *place = write_place (self, arm, task);

        if (place != NULL)
          json_array_add_object_element (array, place);
      }
  json_node_take_array (node, array);
  return node;
}

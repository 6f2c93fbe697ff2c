/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where nothing can be learned, every interval that misses chance and every difference that a test finds is an error: how
 * often they err, and how often they may. */
#include "study/qrx-comparison-private.h"

#include "base/qrx-json-private.h"

#include <math.h>
#include <qrx/qrx-distribution.h>

/* Over the tasks: how often something happened, and what may be by luck. */
typedef struct {
  gint64 n;
  gint64 n_happened;
  double sum;
} Tally;

/* The central 95 % of the counts that a rate gives, as shares. */
static void
set_tolerance (JsonObject *object, const Tally *tally, double rate)
{
  JsonArray *ends = json_array_new ();

  for (guint i = 0; i < 2; i++)
    json_array_add_double_element (
        ends,
        (double) qrx_distribution_binomial_quantile (i == 0 ? 0.025 : 0.975, (guint64) tally->n, rate) / tally->n);
  json_object_set_array_member (object, "tolerance", ends);
}

static void
set_tally (JsonObject *object, const Tally *tally, const char *name, double rate)
{
  json_object_set_int_member (object, "tasks", tally->n);
  json_object_set_int_member (object, name, tally->n_happened);
  qrx_comparison_set_number (object, "share", tally->n > 0 ? (double) tally->n_happened / tally->n : NAN);
  if (tally->n > 0)
    set_tolerance (object, tally, rate);
  else
    json_object_set_null_member (object, "tolerance");
}

/* Whether an estimate has an interval that could miss: that of a constant is its value alone. */
static gboolean
read_interval (JsonObject *estimate, double interval[2])
{
  JsonNode *node = json_object_get_member (estimate, "interval");

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;
  for (guint i = 0; i < 2; i++)
    interval[i] = json_array_get_double_element (json_node_get_array (node), i);
  return interval[1] > interval[0];
}

static JsonObject *
control_arm (QrxComparison *self, JsonArray *estimates, const char *arm, double chance)
{
  JsonObject *object = json_object_new ();
  Tally tally = { 0 };

  for (guint i = 0; i < json_array_get_length (estimates); i++)
    {
      JsonObject *estimate = json_array_get_object_element (estimates, i);
      double interval[2];

      if (!g_str_equal (json_object_get_string_member (estimate, "arm"), arm) || !read_interval (estimate, interval))
        continue;
      tally.n++;
      tally.n_happened += interval[0] <= chance && chance <= interval[1];
      tally.sum += json_object_get_double_member (estimate, "mean");
    }
  json_object_set_string_member (object, "arm", arm);
  set_tally (object, &tally, "covered", self->level);
  qrx_comparison_set_number (object, "mean", tally.n > 0 ? tally.sum / tally.n : NAN);
  return object;
}

static JsonObject *
control_pair (QrxComparison *self, JsonArray *pairs, const char *arm, const char *reference)
{
  JsonObject *object = json_object_new ();
  Tally tally = { 0 };
  const char *test = NULL;

  for (guint i = 0; i < json_array_get_length (pairs); i++)
    {
      JsonObject *pair = json_array_get_object_element (pairs, i);

      if (!g_str_equal (json_object_get_string_member (pair, "arm"), arm) || json_object_get_null_member (pair, "p"))
        continue;
      tally.n++;
      tally.n_happened += json_object_get_double_member (pair, "p") < 1 - self->level;
      test = json_object_get_string_member (pair, "test");
    }
  json_object_set_string_member (object, "arm", arm);
  json_object_set_string_member (object, "reference", reference);
  if (test != NULL)
    json_object_set_string_member (object, "test", test);
  set_tally (object, &tally, "rejected", 1 - self->level);
  return object;
}

JsonNode *
qrx_comparison_control_node (QrxComparison *self, JsonObject *document, double chance)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonArray *estimates = json_object_get_array_member (document, "estimates");
  JsonArray *against = json_object_get_array_member (document, "against");
  JsonObject *object = json_object_new ();
  JsonArray *arms = json_array_new (), *pairs = json_array_new ();

  for (guint i = 0; i < self->arms->len; i++)
    json_array_add_object_element (arms, control_arm (self, estimates, self->arms->pdata[i], chance));
  for (guint i = 0; i < json_array_get_length (against); i++)
    {
      JsonObject *reference = json_array_get_object_element (against, i);
      const char *name = json_object_get_string_member (reference, "reference");
      guint place;

      /* Each pair once: the arms behind the reference. */
      if (g_ptr_array_find_with_equal_func (self->arms, name, g_str_equal, &place))
        for (guint j = place + 1; j < self->arms->len; j++)
          json_array_add_object_element (pairs, control_pair (self, json_object_get_array_member (reference, "tasks"),
                                                              self->arms->pdata[j], name));
    }
  json_object_set_double_member (object, "chance", chance);
  json_object_set_double_member (object, "level", self->level);
  json_object_set_array_member (object, "intervals", arms);
  json_object_set_array_member (object, "tests", pairs);
  json_node_take_object (node, object);
  return node;
}

/**
 * qrx_comparison_control_to_json:
 * @self: scores of models that had nothing to learn, such as from permuted responses, each task another draw
 * @chance: the score of a model that knows nothing, such as 0.5
 *
 * Counts how often the intervals of each arm cover @chance, over the tasks, and how often the test of each pair of arms
 * finds a difference (before any adjustment): `{"chance", "level", "intervals": [{"arm", "tasks", "covered", "share",
 * "tolerance", "mean"}, …], "tests": [{"arm", "reference", "test", "tasks", "rejected", "share", "tolerance"}, …]}`.
 * "tolerance" are the shares between which 95 % of draws fall where the rate is the nominal one, by the binomial
 * distribution. Tasks on which an arm is constant, or which are not tested, do not count.
 *
 * Returns: (transfer full): the text
 */
char *
qrx_comparison_control_to_json (QrxComparison *self, double chance)
{
  g_autoptr (GPtrArray) references = g_ptr_array_new ();
  g_autoptr (JsonNode) document = NULL, node = NULL;

  g_return_val_if_fail (QRX_IS_COMPARISON (self), NULL);
  for (guint i = 0; i < self->arms->len; i++)
    g_ptr_array_add (references, self->arms->pdata[i]);
  g_ptr_array_add (references, NULL);
  document = qrx_comparison_to_json_node (self, (const char *const *) references->pdata);
  node = qrx_comparison_control_node (self, json_node_get_object (document), chance);
  return qrx_json_to_string (node);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs the nodes that measure circuits, each in a pipeline of its own, so that one which cannot take a circuit keeps no other
 * from it. Knows no type of node: only what classes declare. */
#include "study/qrx-circuit-measures-private.h"

#include "study/qrx-summary-private.h"

#include "base/qrx-json-private.h"
#include "graph/qrx-node-private.h"
#include "graph/qrx-property-private.h"
#include "graph/qrx-registry-private.h"

#include <math.h>
#include <qrx/qrx-metrics.h>
#include <qrx/qrx-runner.h>
#include <string.h>

/* Amplitudes times gates of the states that each type may take for all circuits of a report: a second or so. */
#define WORK 1e8

/* What part of its usual number of draws a node is given: the largest that there is time for. */
static const double shares[] = { 0.2, 0.1, 0.05, 0.02 };

struct _QrxCircuitMeasures {
  QrxRegistry *registry;
  QrxRunCache *cache;
  QrxContext *context;
  GPtrArray *types; /* char *, of nodes that measure circuits */
};

/* How a circuit is run is not what it is. */
static gboolean
is_of_circuit (QrxNodeClass *klass, const char *property)
{
  return !g_str_equal (property, "backend") && qrx_node_class_find_property (klass, property) != NULL;
}

QrxCircuitMeasures *
qrx_circuit_measures_new (QrxRegistry *registry, QrxRunCache *cache)
{
  QrxCircuitMeasures *self = g_new0 (QrxCircuitMeasures, 1);
  g_auto (GStrv) names = qrx_registry_dup_names (registry, FALSE);

  self->registry = g_object_ref (registry);
  self->cache = g_object_ref (cache);
  self->context = qrx_context_new (QRX_CIRCUIT_MEASURES_SEED, 0, NULL, NULL);
  self->types = g_ptr_array_new_with_free_func (g_free);
  for (char **name = names; *name != NULL; name++)
    {
      QrxNodeClass *klass = qrx_registry_peek_class (registry, *name);

      if (g_strcmp0 (qrx_node_class_get_category (klass), "diagnostic") == 0 &&
          qrx_node_class_find_property (klass, "qubits") != NULL)
        g_ptr_array_add (self->types, g_strdup (*name));
    }
  return self;
}

void
qrx_circuit_measures_free (QrxCircuitMeasures *self)
{
  g_clear_object (&self->registry);
  g_clear_object (&self->cache);
  g_clear_object (&self->context);
  g_ptr_array_unref (self->types);
  g_free (self);
}

JsonObject *
qrx_circuit_measures_describe (QrxCircuitMeasures *self, QrxNode *layer)
{
  g_autoptr (JsonObject) all = qrx_node_properties_to_json (layer);
  JsonObject *described = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, all);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    for (guint i = 0; i < self->types->len; i++)
      if (is_of_circuit (qrx_registry_peek_class (self->registry, self->types->pdata[i]), name))
        json_object_set_member (described, name, json_node_copy (value));
  return described;
}

/* Whether a type goes through numbers of qubits of its own choice. */
static gboolean
is_scan (QrxNodeClass *klass)
{
  return qrx_property_get_info (qrx_node_class_find_property (klass, "qubits"))->kind != QRX_PROPERTY_INTEGER;
}

/* Whether a property says how often a node draws. */
static gboolean
is_draws (const QrxPropertyInfo *info)
{
  return g_strcmp0 (info->unit, "draws") == 0 || g_strcmp0 (info->unit, "pairs") == 0;
}

/* The part of its draws for a circuit whose states are as large and as long to make; 0 where there is no time for any. A scan
 * over circuits of sizes of its own takes the same time whatever the circuit. */
static double
find_share (QrxNodeClass *klass, const QrxPropertyInfo *draws, double usual, QrxCircuit *circuit, guint n_circuits)
{
  double work = ldexp (qrx_circuit_count_gates (circuit, NULL, 1), (int) qrx_circuit_get_n_qubits (circuit));

  if (is_scan (klass))
    return shares[1];
  /* A pair has two states, and what takes observables goes through each input. */
  work *= usual * (g_str_equal (draws->unit, "pairs") ? 2 : 1);
  if (qrx_node_class_find_property (klass, "observables") != NULL)
    work *= qrx_circuit_get_n_inputs (circuit);
  for (gsize i = 0; i < G_N_ELEMENTS (shares); i++)
    if (work * shares[i] <= WORK / n_circuits)
      return shares[i];
  return 0;
}

/* Properties of a node of the class for a circuit; NULL with a reason where the class cannot take it. */
static JsonObject *
make_properties (QrxNodeClass *klass, QrxCircuit *circuit, JsonObject *described, guint n_circuits, const char **reason)
{
  g_autoptr (JsonObject) properties = json_object_new ();
  g_autoptr (GList) names = json_object_get_members (described);
  g_autofree GParamSpec **pspecs = NULL;
  guint n;

  for (GList *l = names; l != NULL; l = l->next)
    if (is_of_circuit (klass, l->data))
      json_object_set_member (properties, l->data, json_node_copy (json_object_get_member (described, l->data)));
  *reason = "The circuit is given whole: there is no layout by which to make it wider or deeper.";
  if (json_object_get_size (properties) == 0)
    return NULL;
  if (!is_scan (klass))
    json_object_set_int_member (properties, "qubits", qrx_circuit_get_n_qubits (circuit));
  pspecs = qrx_node_class_list_properties (klass, &n);
  for (guint i = 0; i < n; i++)
    {
      const QrxPropertyInfo *info = qrx_property_get_info (pspecs[i]);
      double usual, share;

      if (info->kind != QRX_PROPERTY_INTEGER || !is_draws (info))
        continue;
      usual = (double) G_PARAM_SPEC_INT64 (pspecs[i])->default_value;
      share = find_share (klass, info, usual, circuit, n_circuits);
      *reason = "The circuit is too large to be measured in a report's time; a run of its own has as much as it needs.";
      if (share == 0)
        return NULL;
      json_object_set_int_member (properties, pspecs[i]->name, MAX (2, (gint64) round (usual * share)));
    }
  return g_steal_pointer (&properties);
}

/* What a node says of the circuit that its properties describe; NULL where it cannot be measured. */
static JsonNode *
run (QrxCircuitMeasures *self, const char *type, JsonObject *properties, GError **error)
{
  g_autoptr (JsonNode) json = json_node_init_object (json_node_alloc (), properties);
  g_autofree char *text = qrx_json_to_compact_string (json);
  g_autoptr (QrxNode) node = qrx_registry_create (self->registry, type, type, text, error);
  g_autoptr (QrxPipeline) pipeline = qrx_pipeline_new (self->registry);
  g_autoptr (QrxRunner) runner = NULL;
  QrxValue *value;
  g_autofree char *scores = NULL;

  if (node == NULL || !qrx_pipeline_add (pipeline, node, error))
    return NULL;
  runner = g_object_new (QRX_TYPE_RUNNER, "pipeline", pipeline, "context", self->context, "cache", self->cache, NULL);
  if (!qrx_runner_run (runner, NULL, error))
    return NULL;
  value = qrx_runner_get_value (runner, type,
                                qrx_port_get_name (qrx_node_class_find_port (QRX_NODE_GET_CLASS (node), NULL, TRUE)));
  scores = qrx_metrics_to_json (QRX_METRICS (value));
  return qrx_json_scan (scores, strlen (scores), NULL, NULL, error);
}

static JsonObject *
measure (QrxCircuitMeasures *self, const char *type, QrxCircuit *circuit, JsonObject *described, guint n_circuits)
{
  QrxNodeClass *klass = qrx_registry_peek_class (self->registry, type);
  JsonObject *object = json_object_new ();
  const char *reason;
  JsonObject *properties = make_properties (klass, circuit, described, n_circuits, &reason);
  g_autoptr (GError) error = NULL;
  JsonNode *scores = properties != NULL ? run (self, type, properties, &error) : NULL;

  json_object_set_string_member (object, "type", type);
  json_object_set_string_member (object, "summary", qrx_node_class_get_summary (klass));
  json_object_set_array_member (object, "citations", qrx_summary_list_citations (klass));
  if (properties != NULL)
    json_object_set_object_member (object, "properties", properties);
  if (scores != NULL)
    json_object_set_member (object, "scores", scores);
  else
    json_object_set_string_member (object, "reason", error != NULL ? error->message : reason);
  return object;
}

JsonArray *
qrx_circuit_measures_take (QrxCircuitMeasures *self, QrxCircuit *circuit, JsonObject *described, guint n_circuits)
{
  JsonArray *measures = json_array_new ();

  for (guint i = 0; i < self->types->len; i++)
    json_array_add_object_element (measures, measure (self, self->types->pdata[i], circuit, described, n_circuits));
  return measures;
}

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

/* Amplitudes times gates of the states that each type may take for all circuits of a report: half a second or so. */
#define WORK 6e7
/* How many even shares of that a circuit may take before it is too large. */
#define LARGE 3

/* What part of its usual number of draws a type is given: the largest that there is time for, the same for all circuits, as
 * what few draws add to a number differs with how few they are. */
static const double shares[] = { 0.2, 0.1, 0.06, 0.04, 0.03, 0.02 };
#define LEAST_SHARE shares[G_N_ELEMENTS (shares) - 1]
#define SCAN_SHARE shares[1]

/* A type of node that measures circuits. */
typedef struct {
  char *name;
  QrxNodeClass *klass;
  gboolean scans;    /* numbers of qubits of its own choice, so that it takes the same time whatever the circuit */
  GParamSpec *draws; /* the property that says how often it draws, NULL if none does */
  double usual;
  double share;
  double most; /* work with the usual draws, beyond which a circuit is too large */
} Type;

struct _QrxCircuitMeasures {
  QrxRegistry *registry;
  QrxRunCache *cache;
  QrxContext *context;
  GPtrArray *types; /* of Type */
};

/* How a circuit is run is not what it is. */
static gboolean
is_of_circuit (QrxNodeClass *klass, const char *property)
{
  return !g_str_equal (property, "backend") && qrx_node_class_find_property (klass, property) != NULL;
}

/* Whether nodes of a class measure circuits: from nothing but their properties, to numbers. */
static gboolean
is_measure (QrxNodeClass *klass)
{
  QrxPort *port = qrx_node_class_find_port (klass, NULL, TRUE);

  return g_strcmp0 (qrx_node_class_get_category (klass), "diagnostic") == 0 &&
         qrx_node_class_find_property (klass, "qubits") != NULL &&
         qrx_node_class_find_port (klass, NULL, FALSE) == NULL && port != NULL &&
         g_str_equal (qrx_port_spec_get_kind (qrx_port_get_spec (port)), "metrics");
}

static gboolean
has_unit (GParamSpec *pspec, const char *unit)
{
  return g_strcmp0 (qrx_property_get_info (pspec)->unit, unit) == 0;
}

static gboolean
is_integer (GParamSpec *pspec)
{
  return qrx_property_get_info (pspec)->kind == QRX_PROPERTY_INTEGER;
}

static Type *
type_new (const char *name, QrxNodeClass *klass)
{
  Type *type = g_new0 (Type, 1);
  g_autofree GParamSpec **pspecs = NULL;
  guint n;

  type->name = g_strdup (name);
  type->klass = klass;
  type->scans = !is_integer (qrx_node_class_find_property (klass, "qubits"));
  pspecs = qrx_node_class_list_properties (klass, &n);
  for (guint i = 0; i < n; i++)
    if (is_integer (pspecs[i]) && (has_unit (pspecs[i], "draws") || has_unit (pspecs[i], "pairs")))
      {
        g_autoptr (JsonNode) usual = qrx_property_dup_default_json (pspecs[i]);

        type->draws = pspecs[i];
        type->usual = json_node_get_double (usual);
      }
  return type;
}

static void
type_free (gpointer data)
{
  Type *type = data;

  g_free (type->name);
  g_free (type);
}

QrxCircuitMeasures *
qrx_circuit_measures_new (QrxRegistry *registry, QrxRunCache *cache)
{
  QrxCircuitMeasures *self = g_new0 (QrxCircuitMeasures, 1);
  g_auto (GStrv) names = qrx_registry_dup_names (registry, FALSE);

  self->registry = g_object_ref (registry);
  self->cache = g_object_ref (cache);
  self->context = qrx_context_new (QRX_CIRCUIT_MEASURES_SEED, 0, NULL, NULL);
  self->types = g_ptr_array_new_with_free_func (type_free);
  for (char **name = names; *name != NULL; name++)
    if (is_measure (qrx_registry_peek_class (registry, *name)))
      g_ptr_array_add (self->types, type_new (*name, qrx_registry_peek_class (registry, *name)));
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
      if (is_of_circuit (((Type *) self->types->pdata[i])->klass, name))
        json_object_set_member (described, name, json_node_copy (value));
  return described;
}

/* What the usual draws take: states as large and as long to make as the circuit's. */
static double
weigh (const Type *type, QrxCircuit *circuit)
{
  double work = ldexp (qrx_circuit_count_gates (circuit, NULL, 1), (int) qrx_circuit_get_n_qubits (circuit));

  if (type->scans || type->draws == NULL)
    return 0;
  /* A pair has two states, and what takes observables goes through each input. */
  work *= type->usual * (has_unit (type->draws, "pairs") ? 2 : 1);
  return qrx_node_class_find_property (type->klass, "observables") != NULL ? work * qrx_circuit_get_n_inputs (circuit)
                                                                           : work;
}

void
qrx_circuit_measures_share_out (QrxCircuitMeasures *self, QrxCircuit *const *circuits, guint n_circuits)
{
  for (guint i = 0; i < self->types->len; i++)
    {
      Type *type = self->types->pdata[i];
      double total = 0;
      gsize k = 0;

      type->most = LARGE * WORK / n_circuits / LEAST_SHARE;
      for (guint j = 0; j < n_circuits; j++)
        if (weigh (type, circuits[j]) <= type->most)
          total += weigh (type, circuits[j]);
      while (k < G_N_ELEMENTS (shares) - 1 && total * shares[k] > WORK)
        k++;
      type->share = type->scans ? SCAN_SHARE : shares[k];
    }
}

/* Properties of a node for a circuit; NULL with a reason where its type cannot take it. */
static JsonObject *
make_properties (const Type *type, QrxCircuit *circuit, JsonObject *described, const char **reason)
{
  g_autoptr (JsonObject) properties = json_object_new ();
  g_autoptr (GList) names = json_object_get_members (described);

  for (GList *l = names; l != NULL; l = l->next)
    if (is_of_circuit (type->klass, l->data))
      json_object_set_member (properties, l->data, json_node_copy (json_object_get_member (described, l->data)));
  *reason = "The circuit is given whole: there is no layout by which to make it wider or deeper.";
  if (json_object_get_size (properties) == 0)
    return NULL;
  *reason = "The circuit is too large to be measured in a report's time; a run of its own has as much as it needs.";
  if (weigh (type, circuit) > type->most)
    return NULL;
  if (!type->scans)
    json_object_set_int_member (properties, "qubits", qrx_circuit_get_n_qubits (circuit));
  if (type->draws != NULL)
    json_object_set_int_member (properties, type->draws->name, MAX (2, (gint64) round (type->usual * type->share)));
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
measure (QrxCircuitMeasures *self, const Type *type, QrxCircuit *circuit, JsonObject *described)
{
  JsonObject *object = json_object_new ();
  const char *reason;
  JsonObject *properties = make_properties (type, circuit, described, &reason);
  g_autoptr (GError) error = NULL;
  JsonNode *scores = properties != NULL ? run (self, type->name, properties, &error) : NULL;

  json_object_set_string_member (object, "type", type->name);
  json_object_set_string_member (object, "summary", qrx_node_class_get_summary (type->klass));
  json_object_set_array_member (object, "citations", qrx_summary_list_citations (type->klass));
  if (properties != NULL)
    json_object_set_object_member (object, "properties", properties);
  if (scores != NULL)
    json_object_set_member (object, "scores", scores);
  else
    json_object_set_string_member (object, "reason", error != NULL ? error->message : reason);
  return object;
}

JsonArray *
qrx_circuit_measures_take (QrxCircuitMeasures *self, QrxCircuit *circuit, JsonObject *described)
{
  JsonArray *measures = json_array_new ();

  for (guint i = 0; i < self->types->len; i++)
    json_array_add_object_element (measures, measure (self, self->types->pdata[i], circuit, described));
  return measures;
}

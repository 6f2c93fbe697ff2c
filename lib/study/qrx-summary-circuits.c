/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The circuits of the models, each once, with its size and what it can express. Circuits are the same where their layers
 * describe them alike and take as many angles; a layer's circuit is what its plan keeps of it. */
#include "study/qrx-summary-private.h"

#include "study/qrx-circuit-measures-private.h"

#include "base/qrx-json-private.h"
#include "learning/qrx-plan-private.h"

#include <qrx/qrx-layer.h>
#include <qrx/qrx-program.h>

#define MOST 12 /* circuits that are shown */

typedef struct {
  JsonObject *described;
  QrxCircuit *circuit;
  GArray *arms; /* guint */
} Shown;

typedef struct {
  QrxSummary *summary;
  QrxCircuitMeasures *measures;
  GHashTable *by_key; /* char * → Shown, or NULL where a layer has no circuit */
  GPtrArray *found;   /* of Shown, in the order of models */
} Finder;

static void
shown_free (gpointer data)
{
  Shown *shown = data;

  json_object_unref (shown->described);
  g_object_unref (shown->circuit);
  g_array_unref (shown->arms);
  g_free (shown);
}

/* The circuit that a layer compiles for so many angles. */
static QrxCircuit *
make_circuit (QrxLayer *layer, gsize width)
{
  g_autoptr (QrxPlan) plan = qrx_plan_new (QRX_DTYPE_F64, &width, 1, 1, NULL, NULL);
  GObject *kept = qrx_layer_prepare (layer, plan, NULL) ? qrx_plan_get_kept (plan) : NULL;

  return QRX_IS_PROGRAM (kept) ? g_object_ref (qrx_program_get_circuit (QRX_PROGRAM (kept))) : NULL;
}

static Shown *
add_circuit (Finder *finder, QrxLayer *layer, gsize width, JsonObject *described)
{
  QrxCircuit *circuit = make_circuit (layer, width);
  Shown *shown;

  if (circuit == NULL)
    return NULL;
  shown = g_new (Shown, 1);
  shown->circuit = circuit;
  shown->described = json_object_ref (described);
  shown->arms = g_array_new (FALSE, FALSE, sizeof (guint));
  g_ptr_array_add (finder->found, shown);
  return shown;
}

static void
take_layer (Finder *finder, guint arm, QrxLayer *layer, gsize width)
{
  g_autoptr (JsonObject) described = qrx_circuit_measures_describe (finder->measures, QRX_NODE (layer));
  g_autoptr (JsonNode) json = json_node_init_object (json_node_alloc (), described);
  g_autofree char *text = qrx_json_to_compact_string (json);
  g_autofree char *key = g_strdup_printf ("%" G_GSIZE_FORMAT " %s", width, text);
  Shown *shown;

  if (!g_hash_table_lookup_extended (finder->by_key, key, NULL, (gpointer *) &shown))
    {
      shown = add_circuit (finder, layer, width, described);
      g_hash_table_insert (finder->by_key, g_steal_pointer (&key), shown);
    }
  /* A model may have the same circuit in two branches. */
  if (shown != NULL && (shown->arms->len == 0 || g_array_index (shown->arms, guint, shown->arms->len - 1) != arm))
    g_array_append_val (shown->arms, arm);
}

/* Goes up from a node through all that its values came from, monitors aside. */
static void
visit (Finder *finder, guint arm, QrxPipeline *pipeline, QrxNode *node, GHashTable *visited)
{
  const QrxLink *link;

  if (!g_hash_table_add (visited, node))
    return;
  for (guint i = 0; i < qrx_pipeline_get_n_links (pipeline, node); i++)
    {
      link = qrx_pipeline_get_link (pipeline, node, i);
      if (!g_str_equal (link->type, "monitor"))
        visit (finder, arm, pipeline, link->from, visited);
    }
  if (!QRX_IS_LAYER (node) || g_strcmp0 (qrx_node_class_get_category (QRX_NODE_GET_CLASS (node)), "quantum") != 0 ||
      qrx_pipeline_get_n_links (pipeline, node) != 1)
    return;
  link = qrx_pipeline_get_link (pipeline, node, 0);
  if (qrx_summary_read_width (link->type) > 0)
    take_layer (finder, arm, QRX_LAYER (node), qrx_summary_read_width (link->type));
}

static void
find_circuits (Finder *finder)
{
  for (guint i = 0; i < finder->summary->arms->len; i++)
    {
      const QrxSummaryArm *arm = finder->summary->arms->pdata[i];
      QrxPipeline *pipeline = finder->summary->loaded->pdata[arm->pipeline];
      QrxNode *predictor =
          pipeline != NULL && arm->predictor != NULL ? qrx_pipeline_find_node (pipeline, arm->predictor) : NULL;
      g_autoptr (GHashTable) visited = g_hash_table_new (NULL, NULL);

      if (predictor != NULL)
        visit (finder, i, pipeline, predictor, visited);
    }
}

/* The most frequent first, else as models come. */
static int
compare (gconstpointer a, gconstpointer b)
{
  const GArray *left = (*(Shown *const *) a)->arms, *right = (*(Shown *const *) b)->arms;
  guint first_left = g_array_index (left, guint, 0), first_right = g_array_index (right, guint, 0);

  if (left->len != right->len)
    return left->len > right->len ? -1 : 1;
  return first_left < first_right ? -1 : first_left > first_right;
}

static JsonObject *
write_circuit (Finder *finder, const Shown *shown)
{
  QrxCircuit *circuit = shown->circuit;
  JsonObject *object = json_object_new ();
  JsonArray *arms = json_array_new ();
  guint n_entangling = qrx_circuit_count_gates (circuit, NULL, 2);

  for (guint i = 0; i < shown->arms->len; i++)
    json_array_add_int_element (arms, g_array_index (shown->arms, guint, i));
  json_object_set_array_member (object, "arms", arms);
  json_object_set_object_member (object, "properties", json_object_ref (shown->described));
  json_object_set_int_member (object, "qubits", qrx_circuit_get_n_qubits (circuit));
  json_object_set_int_member (object, "inputs", qrx_circuit_get_n_inputs (circuit));
  json_object_set_int_member (object, "weights", qrx_circuit_get_n_weights (circuit));
  json_object_set_int_member (object, "observables", qrx_circuit_get_n_observables (circuit));
  json_object_set_int_member (object, "depth", qrx_circuit_get_depth (circuit, 1));
  json_object_set_int_member (object, "gates", qrx_circuit_count_gates (circuit, NULL, 1));
  json_object_set_int_member (object, "two-qubit-gates", n_entangling - qrx_circuit_count_gates (circuit, NULL, 3));
  json_object_set_array_member (object, "measures",
                                qrx_circuit_measures_take (finder->measures, circuit, shown->described));
  return object;
}

static JsonNode *
write_found (Finder *finder)
{
  guint n_shown = MIN (finder->found->len, MOST);
  QrxCircuit *circuits[MOST];
  JsonObject *object = json_object_new ();
  JsonArray *shown = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  g_ptr_array_sort (finder->found, compare);
  for (guint i = 0; i < n_shown; i++)
    circuits[i] = ((Shown *) finder->found->pdata[i])->circuit;
  qrx_circuit_measures_share_out (finder->measures, circuits, n_shown);
  for (guint i = 0; i < n_shown; i++)
    json_array_add_object_element (shown, write_circuit (finder, finder->found->pdata[i]));
  json_object_set_int_member (object, "seed", QRX_CIRCUIT_MEASURES_SEED);
  json_object_set_array_member (object, "shown", shown);
  json_object_set_int_member (object, "left-out", finder->found->len - n_shown);
  json_node_take_object (node, object);
  return node;
}

JsonNode *
qrx_summary_write_circuits (QrxSummary *self, QrxRegistry *registry, QrxRunCache *cache)
{
  g_autoptr (QrxCircuitMeasures) measures = qrx_circuit_measures_new (registry, cache);
  g_autoptr (GHashTable) by_key = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (shown_free);
  Finder finder = { self, measures, by_key, found };

  find_circuits (&finder);
  return found->len > 0 ? write_found (&finder) : NULL;
}

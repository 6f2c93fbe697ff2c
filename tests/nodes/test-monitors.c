/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs the example of every registered monitor, and looks closer at what crowding says of single qubits. */
#include "layer-case.h"

#include <math.h>
#include <qrx/qrx-monitor.h>

static QrxRegistry *registry;

static QrxMonitor *
create_monitor (const char *type, const char *properties)
{
  g_autoptr (GError) error = NULL;
  QrxNode *node = qrx_registry_create (registry, type, "watch", properties, &error);

  g_assert_no_error (error);
  return QRX_MONITOR (node);
}

/* The layer that an example watches, after its forward pass in evaluation; NULL where it watches gradients alone. */
static LayerCase *
create_watched (JsonObject *example)
{
  g_autoptr (GPtrArray) inputs = NULL;
  g_autofree char *properties = NULL;
  JsonObject *layer;
  LayerCase *watched;

  if (!json_object_has_member (example, "layer"))
    return NULL;
  layer = json_object_get_object_member (example, "layer");
  properties = json_to_string (json_object_get_member (layer, "properties"), FALSE);
  inputs = layer_case_read_inputs (example);
  watched = layer_case_new (layer_case_create (registry, json_object_get_string_member (layer, "type"), properties),
                            inputs, qrx_tensor_get_columns (inputs->pdata[0]), QRX_MODE_EVALUATE, QRX_DTYPE_F64);
  layer_case_forward (watched);
  return watched;
}

static QrxHistory *
measure (QrxMonitor *monitor, LayerCase *watched, QrxTensor *gradients)
{
  QrxHistory *history = qrx_history_new ();
  g_autoptr (GError) error = NULL;

  qrx_monitor_measure (monitor, watched != NULL ? watched->layer : NULL, watched != NULL ? watched->step : NULL,
                       gradients, 0, history, &error);
  g_assert_no_error (error);
  return history;
}

static void
test_example (gconstpointer data)
{
  const char *type = data;
  QrxNodeClass *klass = g_type_class_ref (qrx_registry_lookup (registry, type, NULL));
  g_autoptr (JsonObject) example = layer_case_parse (qrx_node_class_get_example (klass));
  g_autofree char *properties = json_to_string (json_object_get_member (example, "properties"), FALSE);
  JsonObject *expect = json_object_get_object_member (json_object_get_object_member (example, "expect"), "history");
  g_autoptr (QrxMonitor) monitor = create_monitor (type, properties);
  LayerCase *watched = create_watched (example);
  g_autoptr (QrxTensor) gradients = NULL;
  g_autoptr (QrxHistory) history = NULL;
  g_autoptr (GList) names = json_object_get_members (expect);
  g_auto (GStrv) columns = NULL;

  if (json_object_has_member (example, "gradients"))
    gradients = layer_case_read_matrix (json_object_get_member (example, "gradients"));
  history = measure (monitor, watched, gradients);
  columns = qrx_history_dup_names (history);
  g_assert_cmpuint (g_strv_length (columns), ==, g_list_length (names));
  for (GList *name = names; name != NULL; name = name->next)
    {
      g_autofree char *column = g_strdup_printf ("watch.%s", (const char *) name->data);

      g_assert_cmpfloat_with_epsilon (qrx_history_get (history, 0, column),
                                      json_object_get_double_member (expect, name->data),
                                      json_object_get_double_member (example, "tolerance"));
    }
  g_clear_pointer (&watched, layer_case_free);
  g_type_class_unref (klass);
}

static void
test_crowding_tells_qubits_apart (void)
{
  g_autoptr (JsonObject) example =
    layer_case_parse ("{\"layer\": {\"type\": \"moderated-tanh\", \"properties\": {\"a\": 2, \"r\": 1}},"
                      " \"input\": [[100, 0.5], [-100, -0.5], [100, 0.5], [100, -0.5]]}");
  g_autoptr (QrxMonitor) monitor = create_monitor ("crowding", "{}");
  g_autoptr (LayerCase) watched = create_watched (example);
  g_autoptr (QrxHistory) history = measure (monitor, watched, NULL);

  g_assert_cmpfloat (qrx_history_get (history, 0, "watch.near-bounds.0"), ==, 1);
  g_assert_cmpfloat (qrx_history_get (history, 0, "watch.near-bounds.1"), ==, 0);
  g_assert_cmpfloat (qrx_history_get (history, 0, "watch.near-bounds"), ==, 0.5);
  g_assert_cmpfloat (qrx_history_get (history, 0, "watch.past-pi"), ==, 0);
  g_assert_cmpfloat_with_epsilon (qrx_history_get (history, 0, "watch.slope.1"), 0.5 / pow (cosh (0.25), 2), 1e-15);
  g_assert_cmpfloat_with_epsilon (qrx_history_get (history, 0, "watch.scale-ratio.1"), 4, 1e-14);
  /* Two of twenty bins, half the rows each: log 2 / log 20. */
  g_assert_cmpfloat_with_epsilon (qrx_history_get (history, 0, "watch.entropy.1"), log (2) / log (20), 1e-15);
}

static void
test_crowding_takes_a_softmax_column_by_column (void)
{
  g_autoptr (JsonObject) example
      = layer_case_parse ("{\"layer\": {\"type\": \"softmax-pi\", \"properties\": {\"r\": 1}},"
                          " \"input\": [[0, 0], [0, 0]]}");
  g_autoptr (QrxMonitor) monitor = create_monitor ("crowding", "{}");
  g_autoptr (LayerCase) watched = create_watched (example);
  g_autoptr (QrxHistory) history = measure (monitor, watched, NULL);

  g_assert_cmpfloat_with_epsilon (qrx_history_get (history, 0, "watch.slope"), 0.25, 1e-15); /* p (1 − p) */
  g_assert_true (isnan (qrx_history_get (history, 0, "watch.scale-ratio")));
}

static void
test_crowding_wraps_angles_without_bounds (void)
{
  g_autoptr (JsonObject) example =
    layer_case_parse ("{\"layer\": {\"type\": \"identity-angle\", \"properties\": {}},"
                      " \"input\": [[0.1], [6.3831853071795864], [-6.1831853071795864], [0.1]]}");
  g_autoptr (QrxMonitor) monitor = create_monitor ("crowding", "{}");
  g_autoptr (LayerCase) watched = create_watched (example);
  g_autoptr (QrxHistory) history = measure (monitor, watched, NULL);

  g_assert_cmpfloat (qrx_history_get (history, 0, "watch.entropy"), ==, 0); /* all are 0.1 to a rotation */
  g_assert_cmpfloat (qrx_history_get (history, 0, "watch.past-pi"), ==, 0.5);
  g_assert_true (isnan (qrx_history_get (history, 0, "watch.near-bounds")));
}

static void
test_crowding_writes_the_histogram_and_its_range (void)
{
  g_autoptr (JsonObject) example =
    layer_case_parse ("{\"layer\": {\"type\": \"hard-clip\", \"properties\": {\"r\": 2}},"
                      " \"input\": [[5, 0.5], [-1.5, 0.5], [-9, -0.5], [1.5, 0.5]]}");
  g_autoptr (QrxMonitor) monitor =
    create_monitor ("crowding", "{\"histogram\": true, \"histogram-per-qubit\": true, \"bins\": 4}");
  g_autoptr (LayerCase) watched = create_watched (example);
  g_autoptr (QrxHistory) history = measure (monitor, watched, NULL);
  static const double wanted[2][4] = { { 0.5, 0, 0, 0.5 }, { 0, 0.25, 0.75, 0 } };

  for (guint qubit = 0; qubit < 2; qubit++)
    for (guint bin = 0; bin < 4; bin++)
      {
        g_autofree char *name = g_strdup_printf ("watch.histogram.%u.%u", qubit, bin);
        g_autofree char *together = g_strdup_printf ("watch.histogram.%u", bin);

        g_assert_cmpfloat (qrx_history_get (history, 0, name), ==, wanted[qubit][bin]);
        g_assert_cmpfloat (qrx_history_get (history, 0, together), ==, (wanted[0][bin] + wanted[1][bin]) / 2);
      }
  g_assert_cmpfloat (qrx_history_get (history, 0, "watch.low.1"), ==, -2);
  g_assert_cmpfloat (qrx_history_get (history, 0, "watch.high"), ==, 2);
}

static void
test_gradients_are_put_in_units_of_those_at_the_prediction (void)
{
  g_autoptr (QrxMonitor) monitor = create_monitor ("gradient-norm", "{\"per-column\": true}");
  g_autoptr (JsonNode) node = json_from_string ("[[3, 4], [-3, 4], [0, 0], [0, 0]]", NULL);
  g_autoptr (QrxTensor) gradients = layer_case_read_matrix (node);
  g_autoptr (QrxHistory) history = qrx_history_new ();

  qrx_history_set (history, 0, "output-gradient-norm", 0.5);
  g_assert_true (qrx_monitor_measure (monitor, NULL, NULL, gradients, 0, history, NULL));
  g_assert_cmpfloat (qrx_history_get (history, 0, "watch.sensitivity"), ==, 5);
  g_assert_cmpfloat (qrx_history_get (history, 0, "watch.sensitivity.0"), ==, 3);
  g_assert_cmpfloat (qrx_history_get (history, 0, "watch.sensitivity.1"), ==, 4);
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) names = NULL;
  guint n = 0;
  int status;

  g_test_init (&argc, &argv, NULL);
  registry = layer_case_load_registry ();
  names = qrx_registry_dup_names (registry, FALSE);
  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_strdup_printf ("/monitors/%s/example", names[i]);

      if (!g_type_is_a (qrx_registry_lookup (registry, names[i], NULL), QRX_TYPE_MONITOR))
        continue;
      g_test_add_data_func (path, names[i], test_example);
      n++;
    }
  g_assert_cmpuint (n, >=, 2);
  g_test_add_func ("/monitors/crowding/qubits", test_crowding_tells_qubits_apart);
  g_test_add_func ("/monitors/crowding/softmax", test_crowding_takes_a_softmax_column_by_column);
  g_test_add_func ("/monitors/crowding/wrapped", test_crowding_wraps_angles_without_bounds);
  g_test_add_func ("/monitors/crowding/histogram", test_crowding_writes_the_histogram_and_its_range);
  g_test_add_func ("/monitors/gradient-norm/sensitivity", test_gradients_are_put_in_units_of_those_at_the_prediction);
  status = g_test_run ();
  g_object_unref (registry);
  return status;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Monitors warn while a fit crowds or its gradients vanish, once, and of nothing else. */
#include "model-fixture.h"

#include <string.h>

typedef struct {
  const char *norm; /* of the batch-norm before the normalizer */
  const char *normalizer;
  const char *properties;
  const char *crowding; /* properties of the monitors */
  const char *gradient;
  const char *circuit;
} Setting;

#define SETTING                                                                                                        \
  {                                                                                                                    \
    "{'affine': false}", "moderated-tanh", "{'a': 2}", "{}", "{}", "{'layout': 'strongly-entangling', 'layers': 2}"    \
  }

static void
hear (GString *heard, const char *node, const char *text)
{
  g_string_append_printf (heard, "%s: %s\n", node, text);
}

static QrxProbe *
watch (NodeFixture *fixture, const char *type, const char *id, const char *properties, QrxFlow *flow)
{
  g_autofree char *json = g_strdelimit (g_strdup (properties), "'", '"');
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxNode) monitor = qrx_registry_create (fixture->registry, type, id, json, &error);

  g_assert_no_error (error);
  return qrx_probe_new (QRX_MONITOR (monitor), flow);
}

/* standardize, encoder, batch-norm, normalizer, circuit, head: the warnings of twelve epochs. */
static char *
fit (NodeFixture *fixture, const Setting *setting)
{
  TableRecipe recipe = TABLE_RECIPE;
  g_autoptr (QrxTable) table = model_fixture_table (&recipe);
  QrxFlow *flow = model_fixture_then (fixture, qrx_flow_new_source (table), "standardize", "scale", "{}");
  g_autoptr (QrxFlow) angles = NULL;
  g_autoptr (GPtrArray) monitors = g_ptr_array_new ();
  g_autoptr (QrxBundle) in = qrx_bundle_new (), out = qrx_bundle_new ();
  g_autoptr (QrxContext) context = qrx_context_new (7, 1, NULL, NULL);
  g_autoptr (QrxNode) trainer = NULL;
  g_autoptr (QrxProbe) crowding = NULL, gradient = NULL;
  GString *heard = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  flow = model_fixture_then (fixture, flow, "linear", "encode", "{'width': 3, 'quantity': 'activation'}");
  flow = model_fixture_then (fixture, flow, "batch-norm", "fix", setting->norm);
  angles = model_fixture_then (fixture, flow, setting->normalizer, "normalize", setting->properties);
  flow = model_fixture_then (fixture, g_object_ref (angles), "quantum-layer", "quantum", setting->circuit);
  flow = model_fixture_then (fixture, flow, "linear", "head", "{'quantity': 'prediction'}");
  crowding = watch (fixture, "crowding", "watch", setting->crowding, angles);
  gradient = watch (fixture, "gradient-norm", "slope", setting->gradient, angles);
  qrx_bundle_set (in, "in", QRX_VALUE (flow));
  qrx_bundle_append (in, "monitors", QRX_VALUE (crowding));
  qrx_bundle_append (in, "monitors", QRX_VALUE (gradient));
  g_object_unref (flow);
  trainer =
      qrx_registry_create (fixture->registry, "trainer", "fit", "{\"epochs\": 12, \"learning-rate\": 1e-3}", &error);
  g_assert_no_error (error);
  g_signal_connect_swapped (context, "message::warning", G_CALLBACK (hear), heard);
  qrx_node_run (trainer, in, out, context, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%s", heard->str);
  return g_string_free (heard, FALSE);
}

static void
assert_one (const char *heard, const char *node, const char *parts)
{
  g_auto (GStrv) lines = g_strsplit (heard, "\n", -1), list = g_strsplit (parts, "|", -1);

  g_assert_cmpuint (g_strv_length (lines), ==, 2); /* one, and what is behind its end */
  g_assert_true (g_str_has_prefix (lines[0], node));
  for (guint i = 0; list[i] != NULL; i++)
    if (strstr (lines[0], list[i]) == NULL)
      g_error ("the warning \"%s\" lacks \"%s\"", lines[0], list[i]);
}

static void
test_a_healthy_fit_is_quiet (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  Setting setting = SETTING;
  g_autofree char *heard = fit (fixture, &setting);

  g_assert_cmpstr (heard, ==, "");
}

static void
test_a_crowded_tanh_is_told_once_with_qubits_epoch_and_what_helps (NodeFixture *fixture,
                                                                   gconstpointer data G_GNUC_UNUSED)
{
  Setting setting = SETTING;
  g_autofree char *heard = NULL;

  setting.properties = "{'a': 0.1, 'r': 'pi'}"; /* a/sd(φ) = 0.1: four in five beyond |φ| = 0.23 */
  heard = fit (fixture, &setting);
  assert_one (
      heard, "watch: ",
      "`normalize` crowd since epoch 1|25 %|the qubits 0, 1 and 2|a/sd(φ) 0.1|\"a\"|batch-norm|\"affine\": false");
}

static void
test_crowding_is_judged_by_the_property (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  Setting setting = SETTING;
  g_autofree char *patient = NULL, *late = NULL, *overall = NULL;

  setting.properties = "{'a': 0.1, 'r': 'pi'}";
  setting.crowding = "{'warn-epochs': 13}";
  patient = fit (fixture, &setting);
  g_assert_cmpstr (patient, ==, "");
  setting.crowding = "{'warn-fraction': 1.5}";
  late = fit (fixture, &setting);
  g_assert_cmpstr (late, ==, "");
  setting.crowding = "{'per-qubit': false, 'warn-epochs': 2}";
  overall = fit (fixture, &setting);
  assert_one (overall, "watch: ", "on average over the qubits");
}

static void
test_angles_without_bounds_crowd_past_pi (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  Setting setting = SETTING;
  g_autofree char *heard = NULL;

  setting.normalizer = "linear-scale";
  setting.properties = "{'c': 30}";
  heard = fit (fixture, &setting);
  assert_one (heard, "watch: ", "`normalize`|past ±π|smaller slope");
}

static void
test_a_vanishing_gradient_is_told (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  Setting setting = SETTING;
  g_autofree char *heard = NULL, *columns = NULL, *off = NULL;

  /* A head over an observable that hardly depends on the angles: they turn around the axis that is measured. */
  setting.circuit = "{'circuit': {'qubits': 3, 'observables': [[{'pauli': 'ZII', 'coefficient': 1e-5},"
                    " {'pauli': 'IZI', 'coefficient': 1e-5}, {'pauli': 'IIZ', 'coefficient': 1e-5}]], 'ops': ["
                    "{'gate': 'ry', 'wires': [0], 'params': [{'input': 0}]},"
                    "{'gate': 'ry', 'wires': [1], 'params': [{'input': 1}]},"
                    "{'gate': 'ry', 'wires': [2], 'params': [{'input': 2}]}]}}";
  heard = fit (fixture, &setting);
  assert_one (heard, "slope: ", "vanishes at `normalize` since epoch 1|by 2|e-06|identity-blocks");
  setting.gradient = "{'per-column': true}";
  columns = fit (fixture, &setting);
  assert_one (columns, "slope: ", "columns 0, 1 and 2");
  setting.gradient = "{'warn-sensitivity': 0}";
  off = fit (fixture, &setting);
  g_assert_cmpstr (off, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  NODE_TEST ("/warnings/healthy", test_a_healthy_fit_is_quiet);
  NODE_TEST ("/warnings/crowded", test_a_crowded_tanh_is_told_once_with_qubits_epoch_and_what_helps);
  NODE_TEST ("/warnings/thresholds", test_crowding_is_judged_by_the_property);
  NODE_TEST ("/warnings/past-pi", test_angles_without_bounds_crowd_past_pi);
  NODE_TEST ("/warnings/gradient", test_a_vanishing_gradient_is_told);
  return g_test_run ();
}

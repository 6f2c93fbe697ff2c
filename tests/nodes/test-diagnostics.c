/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What diagnostics say of circuits of which it is known. */
#include "node-fixture.h"

#include <math.h>
#include <qrx/qrx-metrics.h>

static QrxMetrics *
run (NodeFixture *fixture, const char *type, const char *properties)
{
  g_autoptr (QrxBundle) in = qrx_bundle_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxBundle) out = node_fixture_run_bundle (fixture, type, properties, in, &error);

  g_assert_no_error (error);
  return g_object_ref (QRX_METRICS (qrx_bundle_get (out, "out")));
}

static double
get (QrxMetrics *metrics, const char *role, const char *name)
{
  double value = NAN;

  if (!qrx_metrics_get_number (metrics, role, name, &value))
    g_error ("found no number %s.%s", role, name);
  return value;
}

static double
measure (NodeFixture *fixture, const char *type, const char *properties, const char *name)
{
  g_autoptr (QrxMetrics) metrics = run (fixture, type, properties);

  return get (metrics, "circuit", name);
}

static void
test_entanglement_of_known_layouts (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxMetrics) deep = NULL;

  g_assert_cmpfloat_with_epsilon (
      measure (fixture, "entangling-capability", "{'layout': 'product', 'qubits': 5, 'samples': 50}", "entanglement"),
      0, 1e-14);
  deep = run (fixture, "entangling-capability",
              "{'layout': 'strongly-entangling', 'qubits': 5, 'layers': 8, 'samples': 2000, 'angles': 'uniform'}");
  g_assert_cmpfloat_with_epsilon (get (deep, "circuit", "haar"), 30.0 / 33, 1e-15);
  g_assert_cmpfloat_with_epsilon (get (deep, "circuit", "entanglement"), 30.0 / 33,
                                  5 * get (deep, "circuit", "standard-error"));
}

/* cos(t/2)|00> + sin(t/2)|11>: Q = sin² t, whose mean over t is 1/2 and whose deviation is 1/√8. */
#define PARTLY_ENTANGLED                                                                                               \
  "{'circuit': {'qubits': 2, 'observables': [], 'ops': [{'gate': 'ry', 'wires': [0], 'params': [{'weight': 0}]},"      \
  " {'gate': 'cx', 'wires': [0, 1]}]}, 'samples': 4000}"

static void
test_entanglement_that_depends_on_a_weight (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxMetrics) metrics = run (fixture, "entangling-capability", PARTLY_ENTANGLED);

  g_assert_cmpfloat_with_epsilon (get (metrics, "circuit", "entanglement"), 0.5,
                                  4 * get (metrics, "circuit", "standard-error"));
  g_assert_cmpfloat_with_epsilon (get (metrics, "circuit", "deviation"), sqrt (0.125), 0.01);
}

#define ROTATED(ops) "{'circuit': {'qubits': 1, 'observables': [], 'ops': [" ops "]}, 'pairs': 20000}"
#define TURN(gate, weight) "{'gate': '" gate "', 'wires': [0], 'params': [{'weight': " weight "}]}"

static void
test_expressibility_of_single_qubits (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  double idle = measure (fixture, "expressibility", ROTATED ("{'gate': 'h', 'wires': [0]}"), "divergence");
  double circle = measure (fixture, "expressibility", ROTATED (TURN ("ry", "0")), "divergence");
  double sphere = measure (fixture, "expressibility", ROTATED (TURN ("ry", "0") ", " TURN ("rz", "1")), "divergence");
  double bias = measure (fixture, "expressibility", ROTATED (TURN ("ry", "0") ", " TURN ("rz", "1")), "bias");

  /* One state alone: all in the last bin, whose mass is 1 − 0.0005^(1/74). */
  g_assert_cmpfloat_with_epsilon (idle, -log1p (-pow (5e-4, 1.0 / 74)), 1e-12);
  /* A great circle: ln (4/π) = 0.2416 without bins, which lose a little of it at F = 1. */
  g_assert_cmpfloat_with_epsilon (circle, log (4 / G_PI), 0.06);
  /* The sphere, though denser at its poles, in between. */
  g_assert_cmpfloat (sphere, >, bias);
  g_assert_cmpfloat (sphere, <, circle / 2);
}

static void
test_deep_circuits_are_as_expressive_as_can_be_and_product_ones_are_not (NodeFixture *fixture,
                                                                         gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxMetrics) deep = run (fixture, "expressibility", "{'qubits': 4, 'layers': 6, 'pairs': 4000}");
  g_autoptr (QrxMetrics) product =
      run (fixture, "expressibility", "{'qubits': 4, 'layers': 6, 'pairs': 4000, 'layout': 'product'}");

  g_assert_cmpfloat (get (deep, "circuit", "divergence"), <, 3 * get (deep, "circuit", "bias"));
  g_assert_cmpfloat (get (product, "circuit", "divergence"), >, 0.2);
}

static void
test_a_global_observable_halves_the_variance_with_every_qubit (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  /* Rot on each qubit of |0>, Z on all: the product of cosines; variance 2^−n by each angle that matters. */
  g_autoptr (QrxMetrics) global = run (fixture, "barren-plateau",
                                       "{'layout': 'product', 'observable': 'all-qubits', 'qubits': [1, 2, 4, 6],"
                                       " 'depths': [1], 'samples': 20000}");
  g_autoptr (QrxMetrics) local = run (fixture, "barren-plateau",
                                      "{'layout': 'product', 'observable': 'first-qubit', 'qubits': [1, 3, 6],"
                                      " 'depths': [1], 'samples': 5000}");

  for (guint n = 1; n <= 6; n += n == 1 ? 1 : 2)
    {
      g_autofree char *role = g_strdup_printf ("layers-1.qubits-%u", n);

      /* relative error of a variance of products of n sines and cosines: √((9/4)^n / 20000), four of them */
      g_assert_cmpfloat_with_epsilon (get (global, role, "weight-variance") * ldexp (1, (int) n), 1,
                                      4 * sqrt (pow (2.25, n) / 20000));
    }
  g_assert_cmpfloat_with_epsilon (get (global, "layers-1", "weight-decay-per-qubit"), -G_LN2, 0.04);
  g_assert_cmpfloat_with_epsilon (get (local, "layers-1.qubits-6", "weight-variance"), 0.5, 0.03);
  g_assert_cmpfloat_with_epsilon (get (local, "layers-1", "weight-decay-per-qubit"), 0, 0.02);
}

static void
test_the_mean_of_all_qubits_has_the_variance_of_its_parts (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  /* d/dθ (cos θ)/3 */
  g_autoptr (QrxMetrics) metrics = run (fixture, "barren-plateau",
                                        "{'layout': 'product', 'observable': 'mean', 'qubits': [3], 'depths': [1],"
                                        " 'samples': 5000}");

  g_assert_cmpfloat_with_epsilon (get (metrics, "layers-1.qubits-3", "weight-variance"), 0.5 / 9, 0.002);
  g_assert_nonnull (qrx_metrics_get_reason (metrics, "layers-1", "weight-decay-per-qubit"));
}

static void
test_reuploading_reaches_a_frequency_for_each_layer (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  for (guint n_layers = 1; n_layers <= 4; n_layers++)
    {
      g_autofree char *properties =
          g_strdup_printf ("{'qubits': 2, 'layers': %u, 'reuploading': true, 'samples': 20}", n_layers);
      g_autoptr (QrxMetrics) metrics = run (fixture, "fourier-spectrum", properties);

      g_assert_cmpfloat (get (metrics, "input-0", "largest-frequency"), ==, n_layers);
      g_assert_cmpfloat (get (metrics, "input-0", "reachable"), ==, n_layers + 1);
      /* a single layer gives products of cosines, which have no constant */
      g_assert_cmpfloat (get (metrics, "input-1", "present"), ==, n_layers == 1 ? 1 : n_layers + 1);
    }
}

static void
test_coefficients_of_a_known_function (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  /* RY(x) RY(w): cos (x + w), so c_1 = e^{iw} / 2, of size 1/2 and mean 0. */
  g_autoptr (QrxMetrics) metrics = run (fixture, "fourier-spectrum",
                                        "{'circuit': {'qubits': 1, 'observables': ['Z'], 'ops': ["
                                        "{'gate': 'ry', 'wires': [0], 'params': [{'input': 0, 'scale': 0.5}]},"
                                        "{'gate': 'ry', 'wires': [0], 'params': [{'weight': 0}]}]}, 'samples': 2000}");

  g_assert_cmpfloat_with_epsilon (get (metrics, "input-0", "size-0.5"), 0.5, 1e-14);
  g_assert_cmpfloat_with_epsilon (get (metrics, "input-0", "spread-0.5"), 0.5, 0.01);
  g_assert_cmpfloat_with_epsilon (get (metrics, "input-0", "size-0"), 0, 1e-14);
  g_assert_cmpfloat (get (metrics, "input-0", "present"), ==, 1);
}

static void
test_backends_and_threads_agree (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const struct {
    const char *type, *properties;
  } cases[] = {
    { "expressibility", "'qubits': 3, 'pairs': 600" },
    { "entangling-capability", "'qubits': 3, 'samples': 300" },
    { "fourier-spectrum", "'qubits': 2, 'samples': 5, 'layers': 2" },
    { "barren-plateau", "'qubits': [2, 3], 'depths': [1, 2], 'samples': 50" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *fast = g_strdup_printf ("{%s}", cases[i].properties);
      g_autofree char *slow = g_strdup_printf ("{%s, 'backend': 'reference'}", cases[i].properties);
      g_autoptr (QrxMetrics) one = NULL, two = NULL, dense = NULL;
      g_autofree char *one_text = NULL, *two_text = NULL;
      g_auto (GStrv) roles = NULL;

      fixture->n_threads = 1;
      one = run (fixture, cases[i].type, fast);
      dense = run (fixture, cases[i].type, slow);
      fixture->n_threads = 3;
      two = run (fixture, cases[i].type, fast);
      one_text = qrx_metrics_to_json (one);
      two_text = qrx_metrics_to_json (two);
      g_assert_cmpstr (one_text, ==, two_text);
      roles = qrx_metrics_dup_roles (one);
      for (guint r = 0; roles[r] != NULL; r++)
        {
          g_auto (GStrv) names = qrx_metrics_dup_names (one, roles[r]);

          for (guint n = 0; names[n] != NULL; n++)
            if (qrx_metrics_get_reason (one, roles[r], names[n]) == NULL)
              g_assert_cmpfloat_with_epsilon (get (one, roles[r], names[n]), get (dense, roles[r], names[n]), 1e-7);
        }
    }
}

static void
test_bad_circuits_are_refused_before_anything_runs (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  node_fixture_refuse (fixture, "barren-plateau", "{'qubits': []}", NULL, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                       "\"qubits\"|empty list");
  node_fixture_refuse (fixture, "fourier-spectrum",
                       "{'circuit': {'qubits': 1, 'observables': ['Z'], 'ops': [{'gate': 'h', 'wires': [0]}]}}", NULL,
                       QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, "\"circuit\"|0 inputs");
  node_fixture_refuse (fixture, "expressibility",
                       "{'circuit': {'qubits': 1, 'observables': [], 'ops': [{'gate': 'hh',"
                       " 'wires': [0]}]}}",
                       NULL, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_UNKNOWN, "\"circuit\"|hh");
  node_fixture_refuse (fixture, "entangling-capability", "{'qubits': 11, 'backend': 'reference'}", NULL, QRX_RUN_ERROR,
                       QRX_RUN_ERROR_RESOURCES, "reference|11");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  NODE_TEST ("/diagnostics/entanglement/layouts", test_entanglement_of_known_layouts);
  NODE_TEST ("/diagnostics/entanglement/weight", test_entanglement_that_depends_on_a_weight);
  NODE_TEST ("/diagnostics/expressibility/qubit", test_expressibility_of_single_qubits);
  NODE_TEST ("/diagnostics/expressibility/depth",
             test_deep_circuits_are_as_expressive_as_can_be_and_product_ones_are_not);
  NODE_TEST ("/diagnostics/gradients/observables", test_a_global_observable_halves_the_variance_with_every_qubit);
  NODE_TEST ("/diagnostics/gradients/mean", test_the_mean_of_all_qubits_has_the_variance_of_its_parts);
  NODE_TEST ("/diagnostics/spectrum/reuploading", test_reuploading_reaches_a_frequency_for_each_layer);
  NODE_TEST ("/diagnostics/spectrum/coefficients", test_coefficients_of_a_known_function);
  NODE_TEST ("/diagnostics/backends", test_backends_and_threads_agree);
  NODE_TEST ("/diagnostics/faults", test_bad_circuits_are_refused_before_anything_runs);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every number of every normalizer can be fixed, learned, or learned for each qubit, stays positive where it must, has
 * a pace of its own, and shows its path. */
#include "model-fixture.h"

#include <json-glib/json-glib.h>
#include <math.h>

#define N_QUBITS 3

typedef void (*Visit) (NodeFixture *fixture, const char *type, const char *scalar, double value);

/* linear, the normalizer, a circuit, a head: its history. */
static QrxHistory *
fit (NodeFixture *fixture, const char *type, const char *properties)
{
  TableRecipe recipe = TABLE_RECIPE;
  g_autoptr (QrxTable) table = model_fixture_table (&recipe);
  QrxFlow *flow = model_fixture_then (fixture, qrx_flow_new_source (table), "linear", "encode",
                                      "{'width': 3, 'quantity': 'activation'}");
  g_autoptr (QrxBundle) out = NULL;
  g_autoptr (GError) error = NULL;

  flow = model_fixture_then (fixture, flow, type, "normalize", properties);
  flow = model_fixture_then (fixture, flow, "quantum-layer", "quantum", "{'layers': 1}");
  flow = model_fixture_then (fixture, flow, "linear", "head", "{'quantity': 'prediction'}");
  out = model_fixture_train (fixture, flow, "{'epochs': 3, 'learning-rate': 1e-3, 'precision': 'float64'}", &error);
  g_assert_no_error (error);
  return g_object_ref (QRX_HISTORY (qrx_bundle_get (out, "history")));
}

static double
get (QrxHistory *history, guint epoch, const char *scalar, int qubit)
{
  g_autofree char *name =
      qubit < 0 ? g_strdup_printf ("normalize.%s", scalar) : g_strdup_printf ("normalize.%s.%d", scalar, qubit);

  return qrx_history_get (history, epoch, name);
}

static char *
describe (const char *scalar, double value, const char *more)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup_printf ("{'%s': {'value': %s, %s}}", scalar, g_ascii_dtostr (number, sizeof number, value), more);
}

static void
check_fixed (NodeFixture *fixture, const char *type, const char *scalar, double value)
{
  g_autofree char *properties = describe (scalar, value, "'train': 'no'");
  g_autoptr (QrxHistory) history = fit (fixture, type, properties);

  g_assert_true (isnan (get (history, 0, scalar, -1)));
}

/* Learned numbers move, and Adam's first steps are as long as the rate. */
static void
check_learned (NodeFixture *fixture, const char *type, const char *scalar, double value)
{
  g_autofree char *slow_text = describe (scalar, value, "'train': 'yes'");
  g_autofree char *fast_text = describe (scalar, value, "'train': 'yes', 'rate': 10");
  g_autoptr (QrxHistory) slow = fit (fixture, type, slow_text), fast = fit (fixture, type, fast_text);
  double moved = fabs (get (slow, 0, scalar, -1) - value);

  g_test_message ("%s.%s moved %g", type, scalar, moved);
  g_assert_cmpfloat (moved, >, 0);
  g_assert_cmpfloat (get (slow, 2, scalar, -1), !=, get (slow, 1, scalar, -1));
  g_assert_true (isnan (get (slow, 0, scalar, 0)));
  g_assert_cmpfloat (fabs (get (fast, 0, scalar, -1) - value), >, 3 * moved);
}

static void
check_per_qubit (NodeFixture *fixture, const char *type, const char *scalar, double value)
{
  g_autofree char *properties = describe (scalar, value, "'train': 'per-qubit'");
  g_autoptr (QrxHistory) history = fit (fixture, type, properties);
  guint n_different = 0;

  for (int qubit = 0; qubit < N_QUBITS; qubit++)
    {
      g_assert_cmpfloat (get (history, 2, scalar, qubit), !=, value);
      n_different += get (history, 2, scalar, qubit) != get (history, 2, scalar, (qubit + 1) % N_QUBITS);
    }
  g_assert_cmpuint (n_different, ==, N_QUBITS);
  g_assert_true (isnan (get (history, 2, scalar, N_QUBITS)));
}

/* A rate that takes a direct number below 0 leaves a positive one above it. */
static void
check_positive (NodeFixture *fixture, const char *type, const char *scalar, double value G_GNUC_UNUSED)
{
  g_autofree char *properties = describe (scalar, 0.01, "'train': 'yes', 'parameterization': 'softplus', 'rate': 300");
  g_autofree char *high = g_strdup_printf ("{'lo': -1, %s", properties + 1);
  g_autoptr (QrxHistory) history = NULL;

  if (g_str_equal (scalar, "lo"))
    return; /* below a hi that it would need to stay under */
  history = fit (fixture, type, g_str_equal (scalar, "hi") ? high : properties);
  for (guint epoch = 0; epoch < 3; epoch++)
    g_assert_cmpfloat (get (history, epoch, scalar, -1), >, 0);
  g_assert_cmpfloat (get (history, 0, scalar, -1), !=, 0.01);
}

static guint
visit_scalars (NodeFixture *fixture, const char *type, Visit visit)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = qrx_registry_describe (fixture->registry, type, &error);
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  JsonObject *described = json_node_get_object (node);
  JsonArray *properties = json_object_get_array_member (described, "properties");
  guint n = 0;

  if (!g_str_equal (json_object_get_string_member (described, "category"), "normalizer"))
    return 0;
  for (guint i = 0; i < json_array_get_length (properties); i++)
    {
      JsonObject *property = json_array_get_object_element (properties, i);

      if (!g_str_equal (json_object_get_string_member (property, "kind"), "scalar"))
        continue;
      /* small enough for activations of size 1/2 to reach the bounds that there are */
      visit (fixture, type, json_object_get_string_member (property, "name"),
             fmin (json_object_get_double_member (property, "default"), 0.5));
      n++;
    }
  return n;
}

static void
visit_all (NodeFixture *fixture, gconstpointer data)
{
  g_auto (GStrv) names = qrx_registry_dup_names (fixture->registry, FALSE);
  guint n = 0;

  for (guint i = 0; names[i] != NULL; i++)
    n += visit_scalars (fixture, names[i], (Visit) data);
  /* moderated-tanh 3, arctan 2, softsign 2, hard-clip 2, min-max 2, linear-scale 1, softmax-pi 1 */
  g_assert_cmpuint (n, >=, 13);
}

static void
test_every_normalizer_is_there (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const names[] = {
    "moderated-tanh", "tanh-half-pi", "tanh-pi",        "sigmoid-pi",  "sigmoid-two-pi",   "softmax-pi",
    "arctan",         "two-arctan",   "linear-scale",   "min-max",     "hard-clip",        "softsign",
    "batch-norm",     "layer-norm",   "identity-angle", "arctan-pair", "amplitude-angles", "trainable-frequency",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (QrxNode) node = qrx_registry_create (fixture->registry, names[i], "n", NULL, &error);

      g_assert_no_error (error);
      g_assert_true (QRX_IS_LAYER (node));
    }
}

static void
test_a_learned_frequency_is_recorded_for_each_qubit (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxHistory) history = fit (fixture, "trainable-frequency", "{}");

  for (int qubit = 0; qubit < N_QUBITS; qubit++)
    g_assert_cmpfloat (get (history, 2, "c", qubit), !=, 1);
}

static void
add (const char *path, Visit visit)
{
  g_test_add (path, NodeFixture, (gconstpointer) visit, node_fixture_set_up, visit_all, node_fixture_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  NODE_TEST ("/normalizers/there", test_every_normalizer_is_there);
  add ("/normalizers/fixed", check_fixed);
  add ("/normalizers/learned", check_learned);
  add ("/normalizers/per-qubit", check_per_qubit);
  add ("/normalizers/positive", check_positive);
  NODE_TEST ("/normalizers/frequency", test_a_learned_frequency_is_recorded_for_each_qubit);
  return g_test_run ();
}

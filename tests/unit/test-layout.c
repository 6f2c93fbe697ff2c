/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qrx/qrx-layout.h>

static char *
list_entanglers (const char *layout, guint n_qubits, guint n_layers)
{
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_layout ("ry", layout, n_qubits, n_layers, FALSE, NULL);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < qrx_circuit_get_n_operations (circuit); i++)
    {
      gsize n_wires;
      const guint *wires = qrx_circuit_get_wires (circuit, i, &n_wires);

      if (n_wires == 2)
        g_string_append_printf (text, "%s%u%u ", qrx_circuit_get_gate (circuit, i), wires[0], wires[1]);
    }
  return g_string_free (text, FALSE);
}

static void
test_entanglers_follow_the_published_patterns (void)
{
  static const struct {
    const char *layout;
    guint n_qubits, n_layers;
    const char *entanglers;
  } cases[] = {
    { "strongly-entangling", 4, 4,
      "cx01 cx12 cx23 cx30 cx02 cx13 cx20 cx31 cx03 cx10 cx21 cx32 cx01 cx12 cx23 cx30 " },
    { "strongly-entangling", 2, 2, "cx01 cx10 cx01 cx10 " },
    { "strongly-entangling", 1, 3, "" },
    { "ring-entangling", 3, 2, "cx01 cx12 cx20 cx01 cx12 cx20 " },
    { "basic-entangler", 3, 1, "cx01 cx12 cx20 " },
    { "basic-entangler", 2, 1, "cx01 " },
    { "hardware-efficient", 3, 1, "cz01 cz12 " },
    { "hardware-efficient", 1, 1, "" },
    { "product", 3, 2, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found = list_entanglers (cases[i].layout, cases[i].n_qubits, cases[i].n_layers);

      g_assert_cmpstr (found, ==, cases[i].entanglers);
    }
}

static void
test_every_layout_uses_the_weights_it_states (void)
{
  const char *const *names = qrx_layout_list_names ();
  const char *const *encodings = qrx_encoding_list_names ();

  for (guint i = 0; names[i] != NULL; i++)
    for (guint j = 0; encodings[j] != NULL; j++)
      for (guint n = 1; n <= 4; n++)
        {
          g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_layout (encodings[j], names[i], n, 2, j == 1, NULL);

          g_assert_cmpuint (qrx_circuit_get_n_weights (circuit), ==, 2 * n * qrx_layout_get_n_angles (names[i]));
          g_assert_cmpuint (qrx_circuit_get_n_inputs (circuit), ==, n);
          g_assert_cmpuint (qrx_circuit_get_n_observables (circuit), ==, n);
          g_assert_nonnull (qrx_layout_get_summary (names[i]));
          g_assert_nonnull (qrx_layout_get_citation (names[i]));
          g_assert_nonnull (qrx_encoding_get_summary (encodings[j]));
        }
}

/* On |0⟩ an RZ carries nothing, so an encoding by RZ starts with H. */
static void
test_rz_is_encoded_after_h (void)
{
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_layout ("rz", "product", 1, 2, TRUE, NULL);

  g_assert_cmpstr (qrx_circuit_get_gate (circuit, 0), ==, "h");
  g_assert_cmpstr (qrx_circuit_get_gate (circuit, 1), ==, "rz");
  g_assert_cmpstr (qrx_circuit_get_gate (circuit, 5), ==, "h");
  g_assert_cmpuint (qrx_circuit_get_n_operations (circuit), ==, 10);
}

static void
test_unknown_names_and_sizes_are_refused (void)
{
  g_autoptr (GError) unknown = NULL, misspelt = NULL, large = NULL;

  g_assert_null (qrx_circuit_new_from_layout ("rw", "product", 2, 1, FALSE, &unknown));
  g_assert_error (unknown, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_UNKNOWN);
  g_assert_null (qrx_circuit_new_from_layout ("ry", "strongly-entangled", 2, 1, FALSE, &misspelt));
  g_assert_error (misspelt, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_UNKNOWN);
  g_assert_nonnull (g_strrstr (misspelt->message, "did you mean \"strongly-entangling\""));
  g_assert_null (qrx_circuit_new_from_layout ("ry", "product", 31, 1, FALSE, &large));
  g_assert_error (large, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/entanglers-follow-the-published-patterns", test_entanglers_follow_the_published_patterns);
  g_test_add_func ("/layout/every-layout-uses-the-weights-it-states", test_every_layout_uses_the_weights_it_states);
  g_test_add_func ("/layout/rz-is-encoded-after-h", test_rz_is_encoded_after_h);
  g_test_add_func ("/layout/unknown-names-and-sizes-are-refused", test_unknown_names_and_sizes_are_refused);
  return g_test_run ();
}

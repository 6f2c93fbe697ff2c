/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include <qrx/qrx-circuit-frequencies.h>
#include <qrx/qrx-layout.h>

static QrxCircuit *
parse (const char *text)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (GError) error = NULL;
  QrxCircuit *circuit = qrx_circuit_new_from_json (json, -1, &error);

  g_assert_no_error (error);
  return circuit;
}

static void
assert_frequencies (QrxCircuit *circuit, guint input, const double *wanted, gsize n, double wanted_unit)
{
  g_autoptr (GError) error = NULL;
  double unit;
  g_autoptr (QrxTensor) found = qrx_circuit_dup_frequencies (circuit, input, &unit, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (qrx_tensor_get_n_elements (found), ==, n);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (qrx_tensor_get (found, i), wanted[i], 1e-9);
  g_assert_cmpfloat_with_epsilon (unit, wanted_unit, 1e-9);
}

static void
test_each_encoding_of_an_angle_adds_a_frequency (void)
{
  static const double wanted[] = { 0, 1, 2, 3, 4, 5 };

  for (guint n_layers = 1; n_layers <= 5; n_layers++)
    {
      g_autoptr (QrxCircuit) again = qrx_circuit_new_from_layout ("ry", "strongly-entangling", 3, n_layers, TRUE, NULL);
      g_autoptr (QrxCircuit) once = qrx_circuit_new_from_layout ("ry", "strongly-entangling", 3, n_layers, FALSE, NULL);

      assert_frequencies (again, 2, wanted, n_layers + 1, 1);
      assert_frequencies (once, 0, wanted, 2, 1);
    }
}

static void
test_scales_make_gaps_and_fractions (void)
{
  static const double sums[] = { 0, 1, 2, 3, 5 }, halves[] = { 0, 0.5, 1 }, phase[] = { 0, 1 },
                      thirds[] = { 0, 0.1, 0.2, 0.3, 0.4 };
  g_autoptr (QrxCircuit) circuit =
      parse ("{'qubits': 2, 'observables': ['ZZ'], 'ops': ["
             "{'gate': 'rx', 'wires': [0], 'params': [{'input': 0, 'scale': 3, 'offset': 0}]},"
             "{'gate': 'ry', 'wires': [1], 'params': [{'input': 0, 'scale': -2, 'offset': 1}]},"
             "{'gate': 'crx', 'wires': [0, 1], 'params': [{'input': 1}]},"
             "{'gate': 'cp', 'wires': [0, 1], 'params': [{'input': 2}]},"
             "{'gate': 'rz', 'wires': [0], 'params': [{'input': 3, 'scale': 0.1}]},"
             "{'gate': 'rzz', 'wires': [0, 1], 'params': [{'input': 3, 'scale': 0.3}]}]}");

  g_assert_cmpuint (qrx_circuit_get_n_inputs (circuit), ==, 4);
  /* 0, ±2, ±3, and their sums ±1, ±5: 1 = 3 − 2 */
  assert_frequencies (circuit, 0, sums, 5, 1);
  assert_frequencies (circuit, 1, halves, 3, 0.5);
  assert_frequencies (circuit, 2, phase, 2, 1);
  assert_frequencies (circuit, 3, thirds, 5, 0.1);
}

static void
test_an_input_that_nothing_uses_has_frequency_0_alone (void)
{
  g_autoptr (QrxCircuit) circuit =
      parse ("{'qubits': 1, 'observables': ['Z'], 'ops': [], 'reserve': {'inputs': 1, 'weights': 0}}");

  assert_frequencies (circuit, 0, (double[]){ 0 }, 1, 1);
}

static void
test_scales_without_a_common_measure_are_refused (void)
{
  g_autoptr (QrxCircuit) circuit =
      parse ("{'qubits': 1, 'observables': ['Z'], 'ops': ["
             "{'gate': 'rx', 'wires': [0], 'params': [{'input': 0}]},"
             "{'gate': 'ry', 'wires': [0], 'params': [{'input': 0, 'scale': 1.4142135623730951}]}]}");
  g_autoptr (GError) error = NULL;

  g_assert_null (qrx_circuit_dup_frequencies (circuit, 0, NULL, &error));
  g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE);
  g_assert_nonnull (strstr (error->message, "input 0"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/circuit-frequencies/reuploading", test_each_encoding_of_an_angle_adds_a_frequency);
  g_test_add_func ("/circuit-frequencies/scales", test_scales_make_gaps_and_fractions);
  g_test_add_func ("/circuit-frequencies/unused", test_an_input_that_nothing_uses_has_frequency_0_alone);
  g_test_add_func ("/circuit-frequencies/incommensurable", test_scales_without_a_common_measure_are_refused);
  return g_test_run ();
}

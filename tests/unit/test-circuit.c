/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qrx/qrx-circuit.h>
#include <string.h>

static const char *const sample =
  "{\"qubits\": 3, \"ops\": ["
  "{\"gate\": \"h\", \"wires\": [2]},"
  "{\"gate\": \"u3\", \"wires\": [0], \"params\": ["
  "{\"input\": 1, \"scale\": 0.1, \"offset\": -0.3}, {\"weight\": 4}, {\"value\": 2}]},"
  "{\"gate\": \"cx\", \"wires\": [2, 0]}],"
  "\"observables\": [\"ZIX\", [{\"pauli\": \"XXX\", \"coefficient\": 0.5}, {\"pauli\": \"IIZ\"}]]}";

static void
test_counts_and_angles_follow_the_operations (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_json (sample, -1, &error);
  g_autofree char *sum = NULL;
  const QrxAngle *angle;
  gsize n_wires;

  g_assert_no_error (error);
  g_assert_cmpuint (qrx_circuit_get_n_qubits (circuit), ==, 3);
  g_assert_cmpuint (qrx_circuit_get_n_operations (circuit), ==, 3);
  g_assert_cmpuint (qrx_circuit_get_n_inputs (circuit), ==, 2);
  g_assert_cmpuint (qrx_circuit_get_n_weights (circuit), ==, 5);
  g_assert_cmpuint (qrx_circuit_get_n_observables (circuit), ==, 2);
  g_assert_cmpstr (qrx_circuit_get_gate (circuit, 1), ==, "u3");
  g_assert_cmpuint (qrx_circuit_get_wires (circuit, 2, &n_wires)[0], ==, 2);
  g_assert_cmpuint (n_wires, ==, 2);
  angle = qrx_circuit_get_angle (circuit, 1, 0);
  g_assert_true (qrx_angle_get_source (angle) == QRX_ANGLE_SOURCE_INPUT);
  g_assert_cmpfloat (qrx_angle_get_offset (angle), ==, -0.3);
  sum = qrx_circuit_dup_observable (circuit, 1);
  g_assert_cmpstr (sum, ==, "0.5 XXX + IIZ");
}

static void
test_json_reads_back_the_same (void)
{
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_json (sample, -1, NULL);
  g_autoptr (QrxCircuit) again = NULL;
  g_autofree char *first = NULL, *second = NULL;

  g_assert_true (qrx_circuit_reserve (circuit, 7, 5, NULL));
  first = qrx_circuit_to_json (circuit);
  again = qrx_circuit_new_from_json (first, -1, NULL);
  g_assert_nonnull (again);
  second = qrx_circuit_to_json (again);
  g_assert_cmpstr (first, ==, second);
  g_assert_cmpuint (qrx_circuit_get_n_inputs (again), ==, 7);
}

static void
test_a_copy_can_be_changed_after_the_original_is_frozen (void)
{
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_json (sample, -1, NULL);
  g_autoptr (QrxCircuit) copy = NULL;

  qrx_value_freeze (QRX_VALUE (circuit));
  copy = qrx_circuit_dup (circuit);
  qrx_circuit_clear_observables (copy);
  qrx_circuit_measure_each_qubit (copy);
  g_assert_cmpuint (qrx_circuit_get_n_observables (copy), ==, 3);
  g_assert_cmpuint (qrx_circuit_get_n_observables (circuit), ==, 2);
  g_test_expect_message ("Qrx", G_LOG_LEVEL_CRITICAL, "*is_frozen*");
  g_assert_false (qrx_circuit_add_observable (circuit, "III", 1, NULL));
  g_test_assert_expected_messages ();
}

typedef struct {
  const char *json;
  const char *message; /* a part of it */
} Refusal;

#define WITH_OPERATION(op) "{\"qubits\": 2, \"observables\": [], \"ops\": [{\"gate\": \"h\", \"wires\": [0]}, " op "]}"
#define WITH_OBSERVABLE(observable) "{\"qubits\": 2, \"ops\": [], \"observables\": [\"ZZ\", " observable "]}"

static const Refusal refusals[] = {
  { "{", "1:" },
  { "[]", "expected an object" },
  { "{\"qubits\": 2, \"ops\": []}", "\"observables\" is missing" },
  { "{\"qubits\": 0, \"ops\": [], \"observables\": []}", "\"qubits\" is 0" },
  { "{\"qubits\": 31, \"ops\": [], \"observables\": []}", "\"qubits\" is 31" },
  { "{\"qubits\": 2.5, \"ops\": [], \"observables\": []}", "a whole number" },
  { "{\"qubits\": 2, \"ops\": [], \"observables\": [], \"qubits\": 2}", "qubits" },
  { "{\"qubits\": 2, \"ops\": [], \"observable\": []}", "did you mean \"observables\"" },
  { WITH_OPERATION ("{\"gate\": \"cxx\", \"wires\": [0, 1]}"), "operation 1: there is no gate \"cxx\"; did you mean \"cx\"" },
  { WITH_OPERATION ("{\"gate\": 3, \"wires\": [0, 1]}"), "operation 1: \"gate\" is" },
  { WITH_OPERATION ("{\"gate\": \"cx\", \"wires\": [0]}"), "operation 1 (cx): 1 wires given, 2 needed" },
  { WITH_OPERATION ("{\"gate\": \"cx\", \"wires\": [0, 1, 1, 1]}"), "4 wires given" },
  { WITH_OPERATION ("{\"gate\": \"cx\", \"wires\": [0, 2]}"), "operation 1 (cx): wire 2 is out of range" },
  { WITH_OPERATION ("{\"gate\": \"cx\", \"wires\": [1, 1]}"), "operation 1 (cx): wire 1 is named twice" },
  { WITH_OPERATION ("{\"gate\": \"cx\", \"wires\": [-1, 1]}"), "operation 1: a wire is -1" },
  { WITH_OPERATION ("{\"gate\": \"cx\", \"wires\": 1}"), "an array" },
  { WITH_OPERATION ("{\"gate\": \"cx\", \"wire\": [0, 1]}"), "did you mean \"wires\"" },
  { WITH_OPERATION ("{\"gate\": \"rx\", \"wires\": [0]}"), "operation 1 (rx): 0 parameters given, 1 needed" },
  { WITH_OPERATION ("{\"gate\": \"h\", \"wires\": [0], \"params\": [{\"value\": 1}]}"), "1 parameters given, 0 needed" },
  { WITH_OPERATION ("{\"gate\": \"rx\", \"wires\": [0], \"params\": [1]}"), "a parameter is an integer" },
  { WITH_OPERATION ("{\"gate\": \"rx\", \"wires\": [0], \"params\": [{}]}"), "exactly one of" },
  { WITH_OPERATION ("{\"gate\": \"rx\", \"wires\": [0], \"params\": [{\"input\": 0, \"weight\": 0}]}"), "exactly one of" },
  { WITH_OPERATION ("{\"gate\": \"rx\", \"wires\": [0], \"params\": [{\"value\": 0, \"scale\": 2}]}"), "stands alone" },
  { WITH_OPERATION ("{\"gate\": \"rx\", \"wires\": [0], \"params\": [{\"value\": 1e999}]}"), "1e999" },
  { WITH_OPERATION ("{\"gate\": \"rx\", \"wires\": [0], \"params\": [{\"value\": null}]}"), "expected a number" },
  { WITH_OPERATION ("{\"gate\": \"rx\", \"wires\": [0], \"params\": [{\"weight\": 99999999}]}"), "99999999" },
  { WITH_OPERATION ("{\"gate\": \"rx\", \"wires\": [0], \"params\": [{\"weight\": 0, \"sclae\": 1}]}"),
    "did you mean \"scale\"" },
  { WITH_OBSERVABLE ("\"ZZZ\""), "observable 1: \"ZZZ\" is not a Pauli string of 2 letters" },
  { WITH_OBSERVABLE ("\"Zz\""), "observable 1: \"Zz\"" },
  { WITH_OBSERVABLE ("\"\""), "observable 1" },
  { WITH_OBSERVABLE ("5"), "observable 1" },
  { WITH_OBSERVABLE ("[]"), "observable 1" },
  { WITH_OBSERVABLE ("[{\"coefficient\": 1}]"), "\"pauli\" is missing" },
};

static void
test_bad_json_is_refused_with_its_place (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_json (refusals[i].json, -1, &error);

      g_assert_null (circuit);
      g_assert_true (error != NULL && error->domain == QRX_PIPELINE_ERROR);
      if (strstr (error->message, refusals[i].message) == NULL)
        g_error ("case %" G_GSIZE_FORMAT ": \"%s\" does not contain \"%s\"", i, error->message, refusals[i].message);
    }
}

static void
test_a_missing_file_is_not_found (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (qrx_circuit_new_from_file ("/nonexistent/circuit.json", &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_NOT_FOUND);
}

static void
test_boxed_angles_reach_the_circuit (void)
{
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new (2);
  g_autoptr (QrxAngle) angle = qrx_angle_new_weight (3, 0.5, 1);
  g_autoptr (QrxAngle) constant = qrx_angle_new_constant (0.1);
  g_autoptr (GError) error = NULL;
  guint wires[2] = { 1, 0 };

  g_assert_true (qrx_circuit_append (circuit, "cry", wires, 2, angle, NULL));
  g_assert_true (qrx_circuit_append (circuit, "cx", wires, 2, NULL, NULL));
  g_assert_true (qrx_circuit_append_u3 (circuit, 1, constant, angle, constant, NULL));
  g_assert_cmpuint (qrx_circuit_get_n_weights (circuit), ==, 4);
  g_assert_cmpfloat (qrx_angle_get_scale (qrx_circuit_get_angle (circuit, 2, 1)), ==, 0.5);
  g_assert_false (qrx_circuit_append (circuit, "cx", wires, 2, angle, &error));
  g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/circuit/counts-and-angles-follow-the-operations", test_counts_and_angles_follow_the_operations);
  g_test_add_func ("/circuit/json-reads-back-the-same", test_json_reads_back_the_same);
  g_test_add_func ("/circuit/a-copy-can-be-changed-after-the-original-is-frozen",
                   test_a_copy_can_be_changed_after_the_original_is_frozen);
  g_test_add_func ("/circuit/bad-json-is-refused-with-its-place", test_bad_json_is_refused_with_its_place);
  g_test_add_func ("/circuit/a-missing-file-is-not-found", test_a_missing_file_is_not_found);
  g_test_add_func ("/circuit/boxed-angles-reach-the-circuit", test_boxed_angles_reach_the_circuit);
  return g_test_run ();
}

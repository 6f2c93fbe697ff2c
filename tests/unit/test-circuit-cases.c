/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qrx/qrx-circuit-cases.h>
#include <qrx/qrx-statevector-backend.h>
#include <string.h>
#include <unistd.h>

#define CASE(members) \
  "{\"cases\": [{\"qubits\": 1, \"ops\": [{\"gate\": \"rx\", \"wires\": [0], \"params\": [{\"input\": 0}]}], " \
  "\"observables\": [\"Z\", \"Y\"]" members "}]}"

static char *
evaluate (const char *text, gboolean gradients, QrxDtype dtype, GError **error)
{
  g_autoptr (QrxBackend) backend = qrx_statevector_backend_new ();
  g_autofree char *path = NULL;
  char *result;
  int fd = g_file_open_tmp ("qrx-cases-XXXXXX.json", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  close (fd);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  result = qrx_backend_evaluate_cases (backend, path, gradients, dtype, NULL, error);
  unlink (path);
  return result;
}

static void
test_results_have_the_keys_of_the_cases (void)
{
  g_autofree char *plain = evaluate (CASE (", \"name\": \"a\", \"inputs\": [[0], [0]]"), FALSE, QRX_DTYPE_F64, NULL);
  g_autofree char *full = evaluate (CASE (", \"inputs\": [[0]], \"weights\": [7]"), TRUE, QRX_DTYPE_F32, NULL);

  g_assert_nonnull (strstr (plain, "\"name\": \"a\""));
  g_assert_nonnull (strstr (plain, "\"expectations\""));
  g_assert_null (strstr (plain, "grad"));
  g_assert_nonnull (strstr (full, "\"precision\": \"float32\""));
  g_assert_nonnull (strstr (full, "\"grad_inputs\""));
  g_assert_nonnull (strstr (full, "\"grad_weights\": [0")); /* a weight that nothing uses */
}

static void
test_bad_cases_are_refused_with_their_place (void)
{
  static const struct {
    const char *text;
    const char *message;
  } cases[] = {
    { "{\"case\": []}", "case" },
    { "{\"cases\": 3}", "\"cases\" is an integer" },
    { "{\"cases\": [3]}", "case 0: the circuit is an integer" },
    { CASE (""), "case 0: the circuit uses 1 inputs" },
    { CASE (", \"inputs\": []"), "case 0: \"inputs\"" },
    { CASE (", \"inputs\": [1]"), "case 0: \"inputs\"" },
    { CASE (", \"inputs\": [[1], [1, 2]]"), "case 0: \"inputs\"" },
    { CASE (", \"inputs\": [[\"1\"]]"), "case 0: \"inputs\" is a string" },
    { CASE (", \"inputs\": [[1]], \"weights\": {}"), "case 0: \"weights\" is an object" },
    { CASE (", \"inputs\": [[1]], \"cotangent\": [[1]]"), "case 0: \"cotangent\" has 1 rows of 1" },
    { CASE (", \"inputs\": [[1]], \"name\": 1"), "case 0: \"name\"" },
    { CASE (", \"input\": [[1]]"), "unknown key \"input\"" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *result = evaluate (cases[i].text, TRUE, QRX_DTYPE_F64, &error);

      g_assert_null (result);
      g_assert_true (error != NULL && error->domain == QRX_PIPELINE_ERROR);
      if (strstr (error->message, cases[i].message) == NULL)
        g_error ("case %" G_GSIZE_FORMAT ": \"%s\" does not contain \"%s\"", i, error->message, cases[i].message);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/circuit-cases/results-have-the-keys-of-the-cases", test_results_have_the_keys_of_the_cases);
  g_test_add_func ("/circuit-cases/bad-cases-are-refused-with-their-place",
                   test_bad_cases_are_refused_with_their_place);
  return g_test_run ();
}

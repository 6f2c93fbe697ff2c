/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is accepted as OpenQASM is written, reads back, and is written the same; what is not names its place. */
#include "fuzz.h"

#include <qrx/qrx-circuit.h>
#include <string.h>

/* Programs that are short and make a great many operations are correct; writing them would only take time. */
#define MAX_OPERATIONS 20000

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_qasm (size > 0 ? (const char *) data : "", (gssize) size, &error);
  g_autoptr (QrxCircuit) again = NULL;
  g_autofree char *written = NULL, *rewritten = NULL;

  if (circuit == NULL)
    {
      g_assert_true (error->domain == QRX_PIPELINE_ERROR);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_true (g_str_has_prefix (error->message, "circuit:"));
      return 0;
    }
  g_assert_no_error (error);
  if (qrx_circuit_get_n_operations (circuit) > MAX_OPERATIONS || qrx_circuit_get_n_inputs (circuit) > MAX_OPERATIONS ||
      qrx_circuit_get_n_weights (circuit) > MAX_OPERATIONS)
    return 0;
  written = qrx_circuit_to_qasm (circuit, 3, &error);
  g_assert_no_error (error);
  again = qrx_circuit_new_from_qasm (written, -1, &error);
  g_assert_no_error (error);
  rewritten = qrx_circuit_to_qasm (again, 3, &error);
  g_assert_cmpstr (written, ==, rewritten);
  return 0;
}

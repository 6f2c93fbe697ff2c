/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Circuits from texts and files of any format that they are written in, which the text itself tells. */
#include <qrx/qrx-input.h>
#include <string.h>

#include "quantum/qrx-circuit-json-private.h"
#include "quantum/qrx-qasm-meaning-private.h"

static const char *
skip_line (const char *p, const char *end)
{
  while (p < end && *p != '\n')
    p++;
  return p;
}

static const char *
skip_comment (const char *p, const char *end)
{
  for (p += 2; p < end; p++)
    if (p[0] == '*' && p + 1 < end && p[1] == '/')
      return p + 2;
  return end;
}

gboolean
qrx_qasm_is_program (const char *text, gsize length)
{
  static const char word[] = "OPENQASM";
  const char *p = text, *end = text + length;

  for (;;)
    if (p < end && strchr (" \t\r\n", *p) != NULL && *p != '\0')
      p++;
    else if (end - p >= 2 && p[0] == '/' && p[1] == '/')
      p = skip_line (p, end);
    else if (end - p >= 2 && p[0] == '/' && p[1] == '*')
      p = skip_comment (p, end);
    else
      return end - p >= (gssize) strlen (word) && memcmp (p, word, strlen (word)) == 0;
}

static QrxCircuit *
read_json (const char *text, gsize length, const char *path, GError **error)
{
  g_autoptr (QrxJsonDocument) document = qrx_json_document_parse (text, length, path, error);
  JsonNode *culprit = NULL;
  QrxCircuit *self;

  if (document == NULL)
    return NULL;
  self = qrx_circuit_new_located (qrx_json_document_get_root (document), "circuit", NULL, &culprit, error);
  if (self == NULL)
    qrx_circuit_prefix_place (error, document, culprit, path);
  return self;
}

/**
 * qrx_circuit_new_from_text:
 * @text: a circuit as JSON, or as a program of OpenQASM that begins with `OPENQASM`
 * @length: its length in bytes, or -1 if it ends in a zero
 * @error: return location for an error
 *
 * Reads a circuit in whichever format it is written. Fails with a #QrxPipelineError that names the operation or the place.
 *
 * Returns: (transfer full): the circuit
 */
QrxCircuit *
qrx_circuit_new_from_text (const char *text, gssize length, GError **error)
{
  gsize size;

  g_return_val_if_fail (text != NULL, NULL);
  size = length < 0 ? strlen (text) : (gsize) length;
  return qrx_qasm_is_program (text, size) ? qrx_qasm_read (text, size, "circuit", error)
                                          : qrx_circuit_new_from_json (text, length, error);
}

/**
 * qrx_circuit_new_from_qasm:
 * @text: a program of OpenQASM 2 or 3
 * @length: its length in bytes, or -1 if it ends in a zero
 * @error: return location for an error
 *
 * Reads a circuit from the subset of OpenQASM (Cross et al. 2022, arXiv 2104.14722; 2017, arXiv 1707.03429) that
 * docs/circuits.md describes: unitary gates, whose angles are linear in the program's inputs. An input named `x0`, `x1`,
 * …, or `inputs`, is an input of the circuit, and any other one a weight, in the order of their declarations. Observables
 * are those of comments such as `// qrx: observable ZZI`, or Z on each qubit that is measured, or Z on each qubit.
 * Fails with a #QrxPipelineError that names line and column.
 *
 * Returns: (transfer full): the circuit
 */
QrxCircuit *
qrx_circuit_new_from_qasm (const char *text, gssize length, GError **error)
{
  g_return_val_if_fail (text != NULL, NULL);
  return qrx_qasm_read (text, length < 0 ? strlen (text) : (gsize) length, "circuit", error);
}

/**
 * qrx_circuit_new_from_file:
 * @path: (type filename): a file of JSON, `{"qubits", "ops", "observables"}`, or of OpenQASM
 * @error: return location for an error
 *
 * Reads a circuit from a file, in whichever format its text is. Fails with %QRX_DATA_ERROR_NOT_FOUND, or with a
 * #QrxPipelineError that names the file, and the operation or the place.
 *
 * Returns: (transfer full): the circuit
 */
QrxCircuit *
qrx_circuit_new_from_file (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  const char *text;
  gsize length;

  g_return_val_if_fail (path != NULL, NULL);
  bytes = qrx_input_read (path, error);
  if (bytes == NULL)
    return NULL;
  text = g_bytes_get_data (bytes, &length);
  if (text == NULL)
    text = "";
  return qrx_qasm_is_program (text, length) ? qrx_qasm_read (text, length, path, error)
                                            : read_json (text, length, path, error);
}

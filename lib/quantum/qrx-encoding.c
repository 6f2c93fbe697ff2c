/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Encodings as data: how angles enter a circuit. One entry is an encoding. */
#include <qrx/qrx-layout.h>

#include "quantum/qrx-layout-private.h"

static const QrxEncoding encodings[] = {
  { "ry", { { QRX_PATTERN_EACH, { "ry" } } }, 1, 1, "RY(x) on each qubit", NULL },
  { "rx", { { QRX_PATTERN_EACH, { "rx" } } }, 1, 1, "RX(x) on each qubit", NULL },
  { "rz", { { QRX_PATTERN_EACH, { "h", "rz" } } }, 1, 1, "H, then RZ(x), on each qubit", NULL },
  { "ry-rz", { { QRX_PATTERN_EACH, { "h", "ry", "rz" } } }, 1, 1,
    "H, then RY(x) RZ(y), on each qubit: two angles a qubit, such as the node arctan-pair makes",
    "Chen, Yoo & Fang 2020, arXiv 2009.01783" },
  { "zz",
    { { QRX_PATTERN_EACH, { "h" } }, { QRX_PATTERN_EACH, { "p" } }, { QRX_PATTERN_ALL, { "rzz" } } }, 2, 2,
    "H and P(2x) on each qubit, then RZZ(2y) on each pair, all of it twice: as many angles as qubits and pairs, such "
    "as the node pair-products makes",
    "Havlíček et al. 2019, arXiv 1804.11326" },
  { "iqp",
    { { QRX_PATTERN_EACH, { "h" } }, { QRX_PATTERN_EACH, { "rz" } }, { QRX_PATTERN_ALL, { "rzz" } } }, 1, 1,
    "H and RZ(x) on each qubit, then RZZ(y) on each pair: as many angles as qubits and pairs, such as the preset "
    "iqp-products makes",
    "Havlíček et al. 2019, arXiv 1804.11326" },
  { "amplitude", { { QRX_PATTERN_MULTIPLEX, { "ry", "cx" } } }, 1, 1,
    "rotations that prepare a state of 2^n real amplitudes: 2^n - 1 angles, which the node amplitude-angles makes",
    "Möttönen, Vartiainen, Bergholm & Salomaa 2004, arXiv quant-ph/0407010" },
};

const QrxEncoding *
qrx_encoding_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (encodings); i++)
    if (g_str_equal (encodings[i].name, name))
      return &encodings[i];
  return NULL;
}

/**
 * qrx_encoding_list_names:
 *
 * Lists the names of all encodings.
 *
 * Returns: (transfer none) (array zero-terminated=1): the names
 */
const char *const *
qrx_encoding_list_names (void)
{
  static const char *names[G_N_ELEMENTS (encodings) + 1];
  static gsize ready = 0;

  if (g_once_init_enter (&ready))
    {
      for (gsize i = 0; i < G_N_ELEMENTS (encodings); i++)
        names[i] = encodings[i].name;
      g_once_init_leave (&ready, 1);
    }
  return names;
}

/**
 * qrx_encoding_get_summary:
 * @encoding: the name of an encoding
 *
 * Returns: (nullable): one line about it, or %NULL if there is none of this name
 */
const char *
qrx_encoding_get_summary (const char *encoding)
{
  const QrxEncoding *found = qrx_encoding_find (encoding);

  return found != NULL ? found->summary : NULL;
}

/**
 * qrx_encoding_get_citation:
 * @encoding: the name of an encoding
 *
 * Returns: (nullable): where it was published, or %NULL for the plain ones and where there is none of this name
 */
const char *
qrx_encoding_get_citation (const char *encoding)
{
  const QrxEncoding *found = qrx_encoding_find (encoding);

  return found != NULL ? found->citation : NULL;
}

static guint64
count_inputs (const QrxEncoding *encoding, guint64 n)
{
  guint64 n_inputs = 0;

  for (guint i = 0; i < QRX_LAYOUT_MAX_STEPS && encoding->steps[i].pattern != QRX_PATTERN_NONE; i++)
    {
      const QrxLayoutStep *step = &encoding->steps[i];
      guint64 n_places = n;

      if (step->pattern == QRX_PATTERN_ALL)
        n_places = n * (n - 1) / 2;
      else if (step->pattern == QRX_PATTERN_MULTIPLEX)
        n_places = ((guint64) 1 << n) - 1;
      for (guint j = 0; j < QRX_STEP_MAX_GATES && step->gates[j] != NULL; j++)
        n_inputs += n_places * qrx_gate_find (step->gates[j])->n_parameters;
    }
  return n_inputs;
}

/**
 * qrx_encoding_get_n_inputs:
 * @encoding: the name of an encoding
 * @n_qubits: the number of qubits, 1 to 30
 *
 * Gets how many angles an encoding takes: as many as there are qubits for the plain ones, and more for others.
 *
 * Returns: the number of inputs of the circuit; 0 if there is no encoding of this name
 */
guint
qrx_encoding_get_n_inputs (const char *encoding, guint n_qubits)
{
  const QrxEncoding *found = qrx_encoding_find (encoding);

  g_return_val_if_fail (n_qubits >= 1 && n_qubits <= QRX_CIRCUIT_MAX_QUBITS, 0);
  return found != NULL ? (guint) count_inputs (found, n_qubits) : 0;
}

/**
 * qrx_encoding_get_n_qubits:
 * @encoding: the name of an encoding
 * @n_inputs: a number of angles
 *
 * Gets the number of qubits that so many angles are encoded on.
 *
 * Returns: the number of qubits; 0 if no number of qubits takes so many angles, or there is no encoding of this name
 */
guint
qrx_encoding_get_n_qubits (const char *encoding, guint64 n_inputs)
{
  const QrxEncoding *found = qrx_encoding_find (encoding);

  for (guint n = 1; found != NULL && n <= QRX_CIRCUIT_MAX_QUBITS; n++)
    if (count_inputs (found, n) == n_inputs)
      return n;
  return 0;
}

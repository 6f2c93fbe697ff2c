/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Encodings and layouts as data, and the one function that makes a circuit of them. */
#include <qrx/qrx-layout.h>
#include <qrx/qrx-suggest.h>

#include "quantum/qrx-circuit-private.h"

typedef struct {
  const char *name;
  const char *gates[2]; /* on each qubit; the last one takes the input */
  const char *summary;
} Encoding;

typedef enum {
  ENTANGLE_NONE,
  ENTANGLE_LINE,         /* i, i + 1 */
  ENTANGLE_RING,         /* i, i + 1 mod n */
  ENTANGLE_RING_ONCE,    /* as ring, but two qubits once */
  ENTANGLE_GROWING_RING, /* i, i + r mod n with r = 1 + layer mod (n - 1) */
} Entangle;

typedef struct {
  const char *name;
  const char *rotations[3]; /* on each qubit, in the order of time, one weight each */
  guint n_rotations;
  const char *entangler;
  Entangle pattern;
  const char *summary;
  const char *citation;
} Layout;

static const Encoding encodings[] = {
  { "ry", { "ry", NULL }, "RY(x) on each qubit" },
  { "rx", { "rx", NULL }, "RX(x) on each qubit" },
  { "rz", { "h", "rz" }, "H, then RZ(x), on each qubit" },
};

static const Layout layouts[] = {
  { "strongly-entangling", { "rz", "ry", "rz" }, 3, "cx", ENTANGLE_GROWING_RING,
    "RZ RY RZ on each qubit, then a ring of CNOTs whose range grows from layer to layer",
    "Schuld, Bocharov, Svore & Wiebe 2020, arXiv 1804.00633" },
  { "ring-entangling", { "rz", "ry", "rz" }, 3, "cx", ENTANGLE_RING,
    "RZ RY RZ on each qubit, then a ring of CNOTs between neighbours",
    "Schuld, Bocharov, Svore & Wiebe 2020, arXiv 1804.00633 (range 1)" },
  { "basic-entangler", { "rx", NULL, NULL }, 1, "cx", ENTANGLE_RING_ONCE,
    "RX on each qubit, then a ring of CNOTs between neighbours (one CNOT for two qubits)",
    "Bergholm et al. 2018, arXiv 1811.04968" },
  { "hardware-efficient", { "ry", "rz", NULL }, 2, "cz", ENTANGLE_LINE,
    "RY RZ on each qubit, then a line of CZs", "Kandala et al. 2017, arXiv 1704.05018" },
  { "product", { "rz", "ry", "rz" }, 3, NULL, ENTANGLE_NONE,
    "RZ RY RZ on each qubit and no entangler: what a circuit does without entanglement",
    "Bowles, Ahmed & Schuld 2024, arXiv 2403.07059" },
};

static const Encoding *
find_encoding (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (encodings); i++)
    if (g_str_equal (encodings[i].name, name))
      return &encodings[i];
  return NULL;
}

static const Layout *
find_layout (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (layouts); i++)
    if (g_str_equal (layouts[i].name, name))
      return &layouts[i];
  return NULL;
}

/**
 * qrx_layout_list_names:
 *
 * Lists the names of all layouts.
 *
 * Returns: (transfer none) (array zero-terminated=1): the names
 */
const char *const *
qrx_layout_list_names (void)
{
  static const char *names[G_N_ELEMENTS (layouts) + 1];
  static gsize ready = 0;

  if (g_once_init_enter (&ready))
    {
      for (gsize i = 0; i < G_N_ELEMENTS (layouts); i++)
        names[i] = layouts[i].name;
      g_once_init_leave (&ready, 1);
    }
  return names;
}

/**
 * qrx_layout_get_summary:
 * @layout: the name of a layout
 *
 * Returns: (nullable): one line about it, or %NULL if there is none of this name
 */
const char *
qrx_layout_get_summary (const char *layout)
{
  const Layout *found = find_layout (layout);

  return found != NULL ? found->summary : NULL;
}

/**
 * qrx_layout_get_citation:
 * @layout: the name of a layout
 *
 * Returns: (nullable): where it was published, or %NULL if there is none of this name
 */
const char *
qrx_layout_get_citation (const char *layout)
{
  const Layout *found = find_layout (layout);

  return found != NULL ? found->citation : NULL;
}

/**
 * qrx_layout_get_n_angles:
 * @layout: the name of a layout
 *
 * Gets the number of weights on each qubit in each layer. Weight ((layer · n_qubits) + qubit) · n_angles + angle is
 * the angle's: layers outermost, angles innermost.
 *
 * Returns: the number of weights, 0 if there is no layout of this name
 */
guint
qrx_layout_get_n_angles (const char *layout)
{
  const Layout *found = find_layout (layout);

  return found != NULL ? found->n_rotations : 0;
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
  const Encoding *found = find_encoding (encoding);

  return found != NULL ? found->summary : NULL;
}

/* The tables hold no mistakes, so appending does not fail. */
static void
append (QrxCircuit *self, const char *gate, guint wire, const QrxAngle *angle)
{
  gboolean done = qrx_circuit_append_angles (self, gate, &wire, 1, angle, angle != NULL ? 1 : 0, NULL);

  g_assert (done);
}

static void
append_encoding (QrxCircuit *self, const Encoding *encoding)
{
  for (guint i = 0; i < self->n_qubits; i++)
    {
      QrxAngle angle = { QRX_ANGLE_SOURCE_INPUT, i, 1, 0 };

      for (guint j = 0; j < G_N_ELEMENTS (encoding->gates) && encoding->gates[j] != NULL; j++)
        {
          gboolean last = j + 1 == G_N_ELEMENTS (encoding->gates) || encoding->gates[j + 1] == NULL;

          append (self, encoding->gates[j], i, last ? &angle : NULL);
        }
    }
}

static void
append_layer (QrxCircuit *self, const Layout *layout, guint layer)
{
  guint n = self->n_qubits, range = 1, n_pairs = n;

  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < layout->n_rotations; j++)
      {
        QrxAngle angle = { QRX_ANGLE_SOURCE_WEIGHT, (layer * n + i) * layout->n_rotations + j, 1, 0 };

        append (self, layout->rotations[j], i, &angle);
      }
  if (layout->pattern == ENTANGLE_NONE || n == 1)
    return;
  if (layout->pattern == ENTANGLE_GROWING_RING)
    range = 1 + layer % (n - 1);
  if (layout->pattern == ENTANGLE_LINE || (layout->pattern == ENTANGLE_RING_ONCE && n == 2))
    n_pairs = n - 1;
  for (guint i = 0; i < n_pairs; i++)
    {
      guint wires[2] = { i, (i + range) % n };
      gboolean done = qrx_circuit_append_angles (self, layout->entangler, wires, 2, NULL, 0, NULL);

      g_assert (done);
    }
}

/**
 * qrx_circuit_new_from_layout:
 * @encoding: how inputs enter, see [func@encoding_list_names]
 * @layout: how weights and entanglers are laid out, see [func@layout_list_names]
 * @n_qubits: the number of qubits, 1 to 30; input i is encoded on qubit i
 * @n_layers: the number of layers, at least 1
 * @reuploading: whether the encoding is repeated before every layer (Pérez-Salinas et al. 2020, arXiv 1907.02085),
 *   instead of standing once before the first
 * @error: return location for an error
 *
 * Makes a circuit from an encoding and a layout, with the observable Z on each qubit. Its weights are ordered by
 * layer, qubit, angle. Fails with %QRX_PIPELINE_ERROR_UNKNOWN or %QRX_PIPELINE_ERROR_VALUE.
 *
 * Returns: (transfer full): the circuit, not frozen
 */
QrxCircuit *
qrx_circuit_new_from_layout (const char *encoding, const char *layout, guint n_qubits, guint n_layers,
                             gboolean reuploading, GError **error)
{
  const Encoding *found_encoding;
  const Layout *found_layout;
  QrxCircuit *self;

  g_return_val_if_fail (encoding != NULL && layout != NULL, NULL);

  found_encoding = find_encoding (encoding);
  found_layout = find_layout (layout);
  if (found_encoding == NULL || found_layout == NULL)
    {
      g_autofree char *hint =
        found_encoding == NULL ? qrx_suggest_text (encoding, qrx_encoding_list_names ())
                               : qrx_suggest_text (layout, qrx_layout_list_names ());

      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_UNKNOWN, "there is no %s \"%s\"%s",
                   found_encoding == NULL ? "encoding" : "layout", found_encoding == NULL ? encoding : layout, hint);
      return NULL;
    }
  if (n_qubits < 1 || n_qubits > QRX_CIRCUIT_MAX_QUBITS || n_layers < 1 || n_layers > QRX_LAYOUT_MAX_LAYERS)
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                   "a circuit of %u qubits and %u layers; expected 1 to %d qubits and 1 to %d layers", n_qubits,
                   n_layers, QRX_CIRCUIT_MAX_QUBITS, QRX_LAYOUT_MAX_LAYERS);
      return NULL;
    }

  self = qrx_circuit_new (n_qubits);
  for (guint layer = 0; layer < n_layers; layer++)
    {
      if (layer == 0 || reuploading)
        append_encoding (self, found_encoding);
      append_layer (self, found_layout, layer);
    }
  qrx_circuit_measure_each_qubit (self);
  return self;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Layouts as data, and the one function that makes a circuit of an encoding and a layout. One entry is a layout. */
#include <qrx/qrx-layout.h>
#include <qrx/qrx-suggest.h>

#include "quantum/qrx-layout-private.h"

#define SIM "Sim, Johnson & Aspuru-Guzik 2019, arXiv 1905.10876"
#define EACH(...) { QRX_PATTERN_EACH, { __VA_ARGS__ } }
#define INNER(...) { QRX_PATTERN_INNER, { __VA_ARGS__ } }
#define ON(pattern, ...) { QRX_PATTERN_##pattern, { __VA_ARGS__ } }
#define NOTHING { QRX_PATTERN_NONE, { NULL } }

static const QrxLayout layouts[] = {
  { "strongly-entangling", NOTHING, { EACH ("rz", "ry", "rz"), ON (GROWING_RING, "cx") }, TRUE,
    "RZ RY RZ on each qubit, then a ring of CNOTs whose range grows from layer to layer",
    "Schuld, Bocharov, Svore & Wiebe 2020, arXiv 1804.00633" },
  { "ring-entangling", NOTHING, { EACH ("rz", "ry", "rz"), ON (RING, "cx") }, TRUE,
    "RZ RY RZ on each qubit, then a ring of CNOTs between neighbours",
    "Schuld, Bocharov, Svore & Wiebe 2020, arXiv 1804.00633 (range 1)" },
  { "basic-entangler", NOTHING, { EACH ("rx"), ON (RING_ONCE, "cx") }, TRUE,
    "RX on each qubit, then a ring of CNOTs between neighbours (one CNOT for two qubits)",
    "Bergholm et al. 2018, arXiv 1811.04968" },
  { "hardware-efficient", NOTHING, { EACH ("ry", "rz"), ON (LINE, "cz") }, TRUE,
    "RY RZ on each qubit, then a line of CZs", "Kandala et al. 2017, arXiv 1704.05018" },
  { "product", NOTHING, { EACH ("rz", "ry", "rz") }, FALSE,
    "RZ RY RZ on each qubit and no entangler: what a circuit does without entanglement",
    "Bowles, Ahmed & Schuld 2024, arXiv 2403.07059" },
  { "matrix-product", NOTHING, { ON (LINE, "ry", "cx") }, FALSE,
    "blocks of RY RY CNOT on neighbours from the first pair to the last; the last qubit sees all of them",
    "Huggins et al. 2019, arXiv 1803.11537" },
  { "tree", NOTHING, { ON (TREE, "ry", "cx") }, FALSE,
    "blocks of RY RY CNOT on pairs, then on pairs of their second qubits, up to the last qubit, which sees all of them",
    "Grant et al. 2018, arXiv 1804.03680" },
  { "sim-1", NOTHING, { EACH ("rx", "rz") }, FALSE,
    "RX RZ on each qubit", SIM " (circuit 1)" },
  { "sim-2", NOTHING, { EACH ("rx", "rz"), ON (CLIMB, "cx") }, FALSE,
    "RX RZ on each qubit, then CNOTs from the last qubit up", SIM " (circuit 2)" },
  { "sim-3", NOTHING, { EACH ("rx", "rz"), ON (CLIMB, "crz") }, FALSE,
    "RX RZ on each qubit, then CRZs from the last qubit up", SIM " (circuit 3)" },
  { "sim-4", NOTHING, { EACH ("rx", "rz"), ON (CLIMB, "crx") }, FALSE,
    "RX RZ on each qubit, then CRXs from the last qubit up", SIM " (circuit 4)" },
  { "sim-5", NOTHING, { EACH ("rx", "rz"), ON (MUTUAL, "crz"), EACH ("rx", "rz") }, FALSE,
    "RX RZ on each qubit, CRZs from each qubit to each other, RX RZ on each", SIM " (circuit 5)" },
  { "sim-6", NOTHING, { EACH ("rx", "rz"), ON (MUTUAL, "crx"), EACH ("rx", "rz") }, FALSE,
    "RX RZ on each qubit, CRXs from each qubit to each other, RX RZ on each", SIM " (circuit 6)" },
  { "sim-7", NOTHING,
    { EACH ("rx", "rz"), ON (CLIMB_EVEN, "crz"), EACH ("rx", "rz"), ON (CLIMB_ODD, "crz") }, FALSE,
    "RX RZ on each qubit, CRZs on every other pair, RX RZ on each, CRZs on the pairs between", SIM " (circuit 7)" },
  { "sim-8", NOTHING,
    { EACH ("rx", "rz"), ON (CLIMB_EVEN, "crx"), EACH ("rx", "rz"), ON (CLIMB_ODD, "crx") }, FALSE,
    "RX RZ on each qubit, CRXs on every other pair, RX RZ on each, CRXs on the pairs between", SIM " (circuit 8)" },
  { "sim-9", NOTHING, { EACH ("h"), ON (CLIMB, "cz"), EACH ("rx") }, FALSE,
    "H on each qubit, a line of CZs, RX on each", SIM " (circuit 9)" },
  { "sim-10", EACH ("ry"), { ON (CLIMB_CLOSED, "cz"), EACH ("ry") }, FALSE,
    "RY on each qubit once; then in each layer a ring of CZs and RY on each", SIM " (circuit 10)" },
  { "sim-11", NOTHING,
    { EACH ("ry", "rz"), ON (CLIMB_EVEN, "cx"), INNER ("ry", "rz"), ON (CLIMB_ODD, "cx") }, FALSE,
    "RY RZ on each qubit, CNOTs on every other pair, RY RZ and CNOTs on the pairs between", SIM " (circuit 11)" },
  { "sim-12", NOTHING,
    { EACH ("ry", "rz"), ON (CLIMB_EVEN, "cz"), INNER ("ry", "rz"), ON (CLIMB_ODD, "cz") }, FALSE,
    "RY RZ on each qubit, CZs on every other pair, RY RZ and CZs on the pairs between", SIM " (circuit 12)" },
  { "sim-13", NOTHING, { EACH ("ry"), ON (DESCEND_RING, "crz"), EACH ("ry"), ON (CLIMB_RING, "crz") }, FALSE,
    "RY on each qubit, a ring of CRZs downwards, RY on each, a ring of CRZs upwards", SIM " (circuit 13)" },
  { "sim-14", NOTHING, { EACH ("ry"), ON (DESCEND_RING, "crx"), EACH ("ry"), ON (CLIMB_RING, "crx") }, FALSE,
    "RY on each qubit, a ring of CRXs downwards, RY on each, a ring of CRXs upwards", SIM " (circuit 14)" },
  { "sim-15", NOTHING, { EACH ("ry"), ON (DESCEND_RING, "cx"), EACH ("ry"), ON (CLIMB_RING, "cx") }, FALSE,
    "RY on each qubit, a ring of CNOTs downwards, RY on each, a ring of CNOTs upwards", SIM " (circuit 15)" },
  { "sim-16", NOTHING, { EACH ("rx", "rz"), ON (CLIMB_EVEN, "crz"), ON (CLIMB_ODD, "crz") }, FALSE,
    "RX RZ on each qubit, then CRZs on every other pair and on the pairs between", SIM " (circuit 16)" },
  { "sim-17", NOTHING, { EACH ("rx", "rz"), ON (CLIMB_EVEN, "crx"), ON (CLIMB_ODD, "crx") }, FALSE,
    "RX RZ on each qubit, then CRXs on every other pair and on the pairs between", SIM " (circuit 17)" },
  { "sim-18", NOTHING, { EACH ("rx", "rz"), ON (DESCEND_RING, "crz") }, FALSE,
    "RX RZ on each qubit, then a ring of CRZs", SIM " (circuit 18)" },
  { "sim-19", NOTHING, { EACH ("rx", "rz"), ON (DESCEND_RING, "crx") }, FALSE,
    "RX RZ on each qubit, then a ring of CRXs", SIM " (circuit 19)" },
};

/* What may stand in for the pattern of an open layout. */
static const struct {
  const char *name;
  QrxPattern pattern;
} entanglements[] = {
  { "layout", QRX_PATTERN_NONE },
  { "line", QRX_PATTERN_LINE },
  { "ring", QRX_PATTERN_RING_ONCE },
  { "all", QRX_PATTERN_ALL },
  { "pairwise", QRX_PATTERN_PAIRWISE },
};

const QrxLayout *
qrx_layout_find (const char *name)
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
 * qrx_layout_list_entanglements:
 *
 * Lists the patterns that may stand in for that of an open layout; the first, `layout`, leaves it as it is.
 *
 * Returns: (transfer none) (array zero-terminated=1): the names
 */
const char *const *
qrx_layout_list_entanglements (void)
{
  static const char *names[G_N_ELEMENTS (entanglements) + 1];
  static gsize ready = 0;

  if (g_once_init_enter (&ready))
    {
      for (gsize i = 0; i < G_N_ELEMENTS (entanglements); i++)
        names[i] = entanglements[i].name;
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
  const QrxLayout *found = qrx_layout_find (layout);

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
  const QrxLayout *found = qrx_layout_find (layout);

  return found != NULL ? found->citation : NULL;
}

/**
 * qrx_layout_is_open:
 * @layout: the name of a layout
 *
 * Returns: whether another pattern of entanglement may stand in for the layout's own
 */
gboolean
qrx_layout_is_open (const char *layout)
{
  const QrxLayout *found = qrx_layout_find (layout);

  return found != NULL && found->open;
}

/* The position of a name in a list, or -1 and an error. */
static int
look_up (const char *what, const char *name, const char *const *names, GError **error)
{
  g_autofree char *hint = NULL;

  for (int i = 0; names[i] != NULL; i++)
    if (g_str_equal (names[i], name))
      return i;
  hint = qrx_suggest_text (name, names);
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_UNKNOWN, "there is no %s \"%s\"%s", what, name, hint);
  return -1;
}

static void
append_encoding (QrxCircuit *self, const QrxEncoding *encoding)
{
  for (guint i = 0; i < encoding->n_repeats; i++)
    {
      guint index = 0;

      for (guint j = 0; j < QRX_LAYOUT_MAX_STEPS; j++)
        qrx_layout_step_append (&encoding->steps[j], QRX_PATTERN_NONE, 0, QRX_ANGLE_SOURCE_INPUT, encoding->scale,
                                &index, self);
    }
}

/* Turns the operations from @first on into their inverse. Layouts are made of rotations, and of gates that are their
 * own inverse. */
static void
invert_from (QrxCircuit *self, guint first)
{
  QrxOperation *operations = &g_array_index (self->operations, QrxOperation, 0);

  for (guint i = first, j = self->operations->len; i + 1 < j; i++)
    {
      QrxOperation swapped = operations[i];

      operations[i] = operations[--j];
      operations[j] = swapped;
    }
  for (guint i = first; i < self->operations->len; i++)
    operations[i].angles[0].scale *= -1;
}

static void
append_layers (QrxCircuit *self, const QrxEncoding *encoding, const QrxLayout *layout, QrxPattern pattern,
               guint n_layers, QrxLayoutOptions options)
{
  guint weight = 0;

  for (guint layer = 0; layer < n_layers; layer++)
    {
      gboolean back = (options & QRX_LAYOUT_MIRRORED) != 0 && layer % 2 == 1;
      guint first;

      if (layer == 0 || ((options & QRX_LAYOUT_REUPLOADING) != 0 && !back))
        append_encoding (self, encoding);
      if (layer == 0)
        qrx_layout_step_append (&layout->first, QRX_PATTERN_NONE, 0, QRX_ANGLE_SOURCE_WEIGHT, 1, &weight, self);
      first = self->operations->len;
      for (guint i = 0; i < QRX_LAYOUT_MAX_STEPS; i++)
        qrx_layout_step_append (&layout->steps[i], pattern, back ? layer - 1 : layer, QRX_ANGLE_SOURCE_WEIGHT, 1,
                                &weight, self);
      if (back)
        invert_from (self, first);
    }
}

/**
 * qrx_circuit_new_from_layout_full:
 * @encoding: how inputs enter, see [func@encoding_list_names]
 * @layout: how weights and entanglers are laid out, see [func@layout_list_names]
 * @entanglement: the pattern of entanglers, see [func@layout_list_entanglements]; `layout` is the layout's own
 * @n_qubits: the number of qubits, 1 to 30
 * @n_layers: the number of layers, at least 1
 * @options: whether the encoding is repeated, and whether every other layer is an inverse
 * @error: return location for an error
 *
 * Makes a circuit from an encoding and a layout, with the observable Z on each qubit. Inputs and weights are numbered in
 * the order of the operations, except that a mirrored layer numbers its weights as the layer before it does. Fails with
 * %QRX_PIPELINE_ERROR_UNKNOWN or %QRX_PIPELINE_ERROR_VALUE.
 *
 * Returns: (transfer full): the circuit, not frozen
 */
QrxCircuit *
qrx_circuit_new_from_layout_full (const char *encoding, const char *layout, const char *entanglement, guint n_qubits,
                                  guint n_layers, QrxLayoutOptions options, GError **error)
{
  QrxCircuit *self;
  int pattern;

  g_return_val_if_fail (encoding != NULL && layout != NULL && entanglement != NULL, NULL);

  if (look_up ("encoding", encoding, qrx_encoding_list_names (), error) < 0 ||
      look_up ("layout", layout, qrx_layout_list_names (), error) < 0 ||
      (pattern = look_up ("entanglement", entanglement, qrx_layout_list_entanglements (), error)) < 0)
    return NULL;
  if (pattern > 0 && !qrx_layout_is_open (layout))
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                   "entanglement \"%s\": the layout \"%s\" has a pattern of its own; expected \"layout\"", entanglement,
                   layout);
      return NULL;
    }
  if (n_qubits < 1 || n_qubits > QRX_CIRCUIT_MAX_QUBITS || n_layers < 1 || n_layers > QRX_LAYOUT_MAX_LAYERS)
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                   "a circuit of %u qubits and %u layers; expected 1 to %d qubits and 1 to %d layers", n_qubits,
                   n_layers, QRX_CIRCUIT_MAX_QUBITS, QRX_LAYOUT_MAX_LAYERS);
      return NULL;
    }
  if (qrx_encoding_get_n_inputs (encoding, n_qubits) > QRX_ENCODING_MAX_INPUTS)
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                   "the encoding \"%s\" of %u qubits takes %u angles; expected %d at most", encoding, n_qubits,
                   qrx_encoding_get_n_inputs (encoding, n_qubits), QRX_ENCODING_MAX_INPUTS);
      return NULL;
    }

  self = qrx_circuit_new (n_qubits);
  append_layers (self, qrx_encoding_find (encoding), qrx_layout_find (layout), entanglements[pattern].pattern, n_layers,
                 options);
  qrx_circuit_measure_each_qubit (self);
  return self;
}

/**
 * qrx_circuit_new_from_layout:
 * @encoding: how inputs enter, see [func@encoding_list_names]
 * @layout: how weights and entanglers are laid out, see [func@layout_list_names]
 * @n_qubits: the number of qubits, 1 to 30
 * @n_layers: the number of layers, at least 1
 * @reuploading: whether the encoding is repeated before every layer (Pérez-Salinas et al. 2020, arXiv 1907.02085),
 *   instead of standing once before the first
 * @error: return location for an error
 *
 * Makes a circuit from an encoding and a layout as [ctor@Circuit.new_from_layout_full] does, without its other options.
 *
 * Returns: (transfer full): the circuit, not frozen
 */
QrxCircuit *
qrx_circuit_new_from_layout (const char *encoding, const char *layout, guint n_qubits, guint n_layers,
                             gboolean reuploading, GError **error)
{
  return qrx_circuit_new_from_layout_full (encoding, layout, "layout", n_qubits, n_layers,
                                           reuploading ? QRX_LAYOUT_REUPLOADING : QRX_LAYOUT_PLAIN, error);
}

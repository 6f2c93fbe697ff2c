/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Properties of circuits, and the circuits and simulators that they come to. */
#include "quantum/circuit-description.h"

#include <qrx/qrx-reference-backend.h>
#include <qrx/qrx-statevector-backend.h>

gboolean
qrx_circuit_description_is_whole (const QrxCircuitDescription *self)
{
  return self->circuit != NULL && *self->circuit != '\0';
}

gboolean
qrx_circuit_description_has_observables (const QrxCircuitDescription *self)
{
  return self->observables != NULL && self->observables[0] != NULL;
}

static gboolean
measure_observables (const QrxCircuitDescription *self, QrxCircuit *circuit, GError **error)
{
  qrx_circuit_clear_observables (circuit);
  for (gsize i = 0; self->observables[i] != NULL; i++)
    if (!qrx_circuit_add_observable_text (circuit, self->observables[i], error))
      {
        g_prefix_error (error, "property \"observables\": ");
        return FALSE;
      }
  return TRUE;
}

static QrxLayoutOptions
get_options (const QrxCircuitDescription *self)
{
  return (self->reuploading ? QRX_LAYOUT_REUPLOADING : 0) | (self->mirrored ? QRX_LAYOUT_MIRRORED : 0);
}

QrxCircuit *
qrx_circuit_description_build (const QrxCircuitDescription *self, guint n_qubits, GError **error)
{
  g_autoptr (QrxCircuit) circuit = NULL;

  if (qrx_circuit_description_is_whole (self))
    {
      circuit = qrx_circuit_new_from_text (self->circuit, -1, error);
      if (circuit == NULL)
        g_prefix_error (error, "property \"circuit\": ");
    }
  else
    circuit = qrx_circuit_new_from_layout_full (self->encoding, self->layout, self->entanglement, n_qubits,
                                                (guint) self->layers, get_options (self), error);
  if (circuit == NULL ||
      (qrx_circuit_description_has_observables (self) && !measure_observables (self, circuit, error)))
    return NULL;
  return g_steal_pointer (&circuit);
}

QrxCircuit *
qrx_circuit_description_build_function (const QrxCircuitDescription *self, guint n_qubits, GError **error)
{
  g_autoptr (QrxCircuit) circuit = qrx_circuit_description_build (self, n_qubits, error);

  if (circuit == NULL)
    return NULL;
  if (qrx_circuit_get_n_inputs (circuit) > 0 && qrx_circuit_get_n_observables (circuit) > 0)
    return g_steal_pointer (&circuit);
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
               "property \"circuit\": found a circuit with %u inputs and %u observables, expected at least one of each",
               qrx_circuit_get_n_inputs (circuit), qrx_circuit_get_n_observables (circuit));
  return NULL;
}

QrxBackend *
qrx_simulator_new (const char *name)
{
  return g_str_equal (name, "reference") ? qrx_reference_backend_new () : qrx_statevector_backend_new ();
}

static void
add_encoding (QrxNodeClass *node_class, gsize offset)
{
  g_autofree char *encodings = g_strjoinv ("|", (char **) qrx_encoding_list_names ());
  g_autofree char *layouts = g_strjoinv ("|", (char **) qrx_layout_list_names ());
  g_autofree char *entanglements = g_strjoinv ("|", (char **) qrx_layout_list_entanglements ());

  qrx_node_class_add_choice (node_class, "encoding", offset + G_STRUCT_OFFSET (QrxCircuitDescription, encoding),
                             encodings, "how angles enter: ry, rx, rz take one on each qubit, the others more");
  qrx_node_class_add_choice (node_class, "layout", offset + G_STRUCT_OFFSET (QrxCircuitDescription, layout), layouts,
                             "how a layer's rotations and entanglers are laid out; product has no entanglers");
  qrx_node_class_add_choice (node_class, "entanglement", offset + G_STRUCT_OFFSET (QrxCircuitDescription, entanglement),
                             entanglements,
                             "which qubits the entanglers of strongly-entangling, ring-entangling, basic-entangler and "
                             "hardware-efficient join, if not as the layout says");
}

static void
add_options (QrxNodeClass *node_class, gsize offset)
{
  qrx_node_class_add_boolean (node_class, "reuploading", offset + G_STRUCT_OFFSET (QrxCircuitDescription, reuploading),
                              FALSE, "encode the angles again before every layer");
  qrx_node_class_add_boolean (node_class, "mirrored", offset + G_STRUCT_OFFSET (QrxCircuitDescription, mirrored), FALSE,
                              "make every other layer the inverse of the one before it, with weights of its own");
}

void
qrx_circuit_description_add_layout (QrxNodeClass *node_class, gsize offset)
{
  add_encoding (node_class, offset);
  add_options (node_class, offset);
}

void
qrx_circuit_description_add_properties (QrxNodeClass *node_class, gsize offset)
{
  add_encoding (node_class, offset);
  qrx_node_class_add_integer (node_class, "layers", offset + G_STRUCT_OFFSET (QrxCircuitDescription, layers), 1,
                              QRX_LAYOUT_MAX_LAYERS, 3, "layers", "number of layers of weights");
  add_options (node_class, offset);
  qrx_node_class_add_document (node_class, "circuit", offset + G_STRUCT_OFFSET (QrxCircuitDescription, circuit),
                               "a whole circuit in place of encoding, layout and layers: {\"qubits\", \"ops\", "
                               "\"observables\"}, or a file of that, or of OpenQASM 2 or 3");
  qrx_node_class_add_exclusion (node_class, "circuit", "encoding, layout, entanglement, layers, reuploading, mirrored");
}

void
qrx_circuit_description_add_observables (QrxNodeClass *node_class, gsize offset)
{
  qrx_node_class_add_strings (
      node_class, "observables", offset + G_STRUCT_OFFSET (QrxCircuitDescription, observables),
      "what to measure: Pauli strings such as \"ZZI\", the first letter for qubit 0, and weighted sums of them such as "
      "\"0.5 XXI - ZZI\"; not given: the circuit's own, or Z on each qubit");
}

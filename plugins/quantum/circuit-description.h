/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a pipeline file describes a circuit: the properties that every node about circuits has, declared once. */
#pragma once

#include <qrx/qrx-backend.h>
#include <qrx/qrx-layout.h>
#include <qrx/qrx-node.h>

G_BEGIN_DECLS

/* A part of a node's instance; QrxNode frees what it points to. */
typedef struct {
  char *encoding;
  char *layout;
  char *entanglement;
  gint64 layers;
  gboolean reuploading;
  gboolean mirrored;
  char *circuit;
  char **observables;
} QrxCircuitDescription;

/* Declares encoding, layout, entanglement, reuploading and mirrored; @offset is the description's in the instance. */
void qrx_circuit_description_add_layout (QrxNodeClass *node_class, gsize offset);
/* Declares those, and layers and circuit. */
void qrx_circuit_description_add_properties (QrxNodeClass *node_class, gsize offset);
/* Declares observables: for what measures. */
void qrx_circuit_description_add_observables (QrxNodeClass *node_class, gsize offset);

/* Whether a whole circuit is given in place of a layout. */
gboolean qrx_circuit_description_is_whole (const QrxCircuitDescription *self);
gboolean qrx_circuit_description_has_observables (const QrxCircuitDescription *self);
/* The circuit that is described; @n_qubits is of no account where a whole one is given. */
QrxCircuit *qrx_circuit_description_build (const QrxCircuitDescription *self, guint n_qubits, GError **error);
/* The same, which must have inputs and observables. */
QrxCircuit *qrx_circuit_description_build_function (const QrxCircuitDescription *self, guint n_qubits, GError **error);
/* What runs it: "statevector" or "reference". */
QrxBackend *qrx_simulator_new (const char *name);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a circuit is made of, for the files of this floor. */
#pragma once

#include <json-glib/json-glib.h>
#include <qrx/qrx-circuit.h>

#include "quantum/qrx-gate-private.h"
#include "quantum/qrx-pauli-private.h"

G_BEGIN_DECLS

struct _QrxAngle {
  QrxAngleSource source;
  guint index;
  double scale;
  double offset; /* the value itself for a constant */
};

typedef struct {
  const QrxGate *gate;
  guint wires[QRX_GATE_MAX_WIRES];
  QrxAngle angles[QRX_GATE_MAX_PARAMETERS];
} QrxOperation;

typedef struct {
  guint observable;
  double coefficient;
  guint32 x;
  guint32 z;
} QrxObservableTerm;

struct _QrxCircuit {
  QrxValue parent_instance;
  guint n_qubits;
  guint n_inputs;
  guint n_weights;
  guint n_observables;
  GArray *operations; /* QrxOperation */
  GArray *terms;      /* QrxObservableTerm */
};

const QrxOperation *qrx_circuit_peek_operations (QrxCircuit *self);
/* In the order of observables. */
const QrxObservableTerm *qrx_circuit_peek_terms (QrxCircuit *self, guint *n_terms);
/* As qrx_circuit_append(), without boxes. */
gboolean qrx_circuit_append_angles (QrxCircuit *self, const char *gate, const guint *wires, gsize n_wires,
                                    const QrxAngle *angles, gsize n_angles, GError **error);

/* The object {"qubits", "ops", "observables"}; where names it in messages, and other_keys (nullable) may stand beside. */
QrxCircuit *qrx_circuit_new_from_json_node (JsonNode *node, const char *where, const char *const *other_keys, GError **error);
JsonNode *qrx_circuit_to_json_node (QrxCircuit *self);

G_END_DECLS

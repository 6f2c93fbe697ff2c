/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a circuit can express, by the nodes that measure circuits: all types of the category "diagnostic" with a number of
 * qubits. They take a circuit by the properties that the layer which trains it has, too. */
#pragma once

#include <json-glib/json-glib.h>
#include <qrx/qrx-circuit.h>
#include <qrx/qrx-registry.h>
#include <qrx/qrx-run-cache.h>

G_BEGIN_DECLS

/* All circuits are measured with this one. */
#define QRX_CIRCUIT_MEASURES_SEED 1

typedef struct _QrxCircuitMeasures QrxCircuitMeasures;

/* What was measured before is taken from the cache, and left there. */
QrxCircuitMeasures *qrx_circuit_measures_new (QrxRegistry *registry, QrxRunCache *cache);
void qrx_circuit_measures_free (QrxCircuitMeasures *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxCircuitMeasures, qrx_circuit_measures_free)

/* The properties of a node that describe its circuit. */
JsonObject *qrx_circuit_measures_describe (QrxCircuitMeasures *self, QrxNode *layer);
/* Gives time to the circuits that are to be measured: all of them, before any is. */
void qrx_circuit_measures_share_out (QrxCircuitMeasures *self, QrxCircuit *const *circuits, guint n_circuits);
/* [{"type", "summary", "citations", "properties", "scores" or "reason"}, …] */
JsonArray *qrx_circuit_measures_take (QrxCircuitMeasures *self, QrxCircuit *circuit, JsonObject *described);

G_END_DECLS

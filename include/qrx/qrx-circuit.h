/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A quantum circuit: operations on qubits, with angles from inputs and weights, and observables to measure. */
#pragma once

#include <qrx/qrx-angle.h>
#include <qrx/qrx-error.h>
#include <qrx/qrx-tensor.h>
#include <qrx/qrx-value.h>

G_BEGIN_DECLS

#define QRX_CIRCUIT_MAX_QUBITS 30

#define QRX_TYPE_CIRCUIT (qrx_circuit_get_type ())
QRX_API G_DECLARE_FINAL_TYPE (QrxCircuit, qrx_circuit, QRX, CIRCUIT, QrxValue)

QRX_API const char *const *qrx_circuit_list_gates (void);

QRX_API QrxCircuit *qrx_circuit_new (guint n_qubits);
QRX_API QrxCircuit *qrx_circuit_new_from_json (const char *text, gssize length, GError **error);
QRX_API QrxCircuit *qrx_circuit_new_from_qasm (const char *text, gssize length, GError **error);
QRX_API QrxCircuit *qrx_circuit_new_from_text (const char *text, gssize length, GError **error);
QRX_API QrxCircuit *qrx_circuit_new_from_file (const char *path, GError **error);
QRX_API QrxCircuit *qrx_circuit_dup (QrxCircuit *self);
QRX_API QrxCircuit *qrx_circuit_bind (QrxCircuit *self, QrxTensor *inputs, QrxTensor *weights, GError **error);

QRX_API gboolean qrx_circuit_append (QrxCircuit *self, const char *gate, const guint *wires, gsize n_wires,
                                     const QrxAngle *angle, GError **error);
QRX_API gboolean qrx_circuit_append_u3 (QrxCircuit *self, guint wire, const QrxAngle *theta, const QrxAngle *phi,
                                        const QrxAngle *lambda, GError **error);
QRX_API gboolean qrx_circuit_add_observable (QrxCircuit *self, const char *pauli, double coefficient, GError **error);
QRX_API gboolean qrx_circuit_add_observable_term (QrxCircuit *self, guint observable, const char *pauli,
                                                  double coefficient, GError **error);
QRX_API gboolean qrx_circuit_add_observable_text (QrxCircuit *self, const char *text, GError **error);
QRX_API void qrx_circuit_measure_each_qubit (QrxCircuit *self);
QRX_API void qrx_circuit_clear_observables (QrxCircuit *self);
QRX_API gboolean qrx_circuit_reserve (QrxCircuit *self, guint n_inputs, guint n_weights, GError **error);

QRX_API guint qrx_circuit_get_n_qubits (QrxCircuit *self);
QRX_API guint qrx_circuit_get_n_operations (QrxCircuit *self);
QRX_API guint qrx_circuit_get_n_observables (QrxCircuit *self);
QRX_API guint qrx_circuit_get_n_inputs (QrxCircuit *self);
QRX_API guint qrx_circuit_get_n_weights (QrxCircuit *self);
QRX_API const char *qrx_circuit_get_gate (QrxCircuit *self, guint operation);
QRX_API const guint *qrx_circuit_get_wires (QrxCircuit *self, guint operation, gsize *n_wires);
QRX_API guint qrx_circuit_get_n_angles (QrxCircuit *self, guint operation);
QRX_API const QrxAngle *qrx_circuit_get_angle (QrxCircuit *self, guint operation, guint parameter);
QRX_API char *qrx_circuit_dup_observable (QrxCircuit *self, guint observable);
QRX_API void qrx_circuit_get_observable_range (QrxCircuit *self, guint observable, double *low, double *high);
QRX_API char **qrx_circuit_list_bases (QrxCircuit *self);
QRX_API guint qrx_circuit_count_gates (QrxCircuit *self, const char *gate, guint n_wires);
QRX_API guint qrx_circuit_get_depth (QrxCircuit *self, guint n_wires);

QRX_API char *qrx_circuit_to_diagram (QrxCircuit *self, guint width);
QRX_API char *qrx_circuit_to_svg (QrxCircuit *self);
QRX_API char *qrx_circuit_to_json (QrxCircuit *self);
QRX_API char *qrx_circuit_to_qasm (QrxCircuit *self, guint version, GError **error);

G_END_DECLS

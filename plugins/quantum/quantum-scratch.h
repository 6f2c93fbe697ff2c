/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a quantum layer keeps with each step: a backend, its workspace, and the weights in the shape that backends take.
 */
#pragma once

#include <qrx/qrx-backend.h>
#include <qrx/qrx-step.h>

G_BEGIN_DECLS

#define QRX_TYPE_QUANTUM_SCRATCH (qrx_quantum_scratch_get_type ())
G_DECLARE_FINAL_TYPE (QrxQuantumScratch, qrx_quantum_scratch, QRX, QUANTUM_SCRATCH, GObject)

QrxQuantumScratch *qrx_quantum_scratch_new (QrxBackend *backend, QrxProgram *program, QrxStep *step, GError **error);
/* @weights and @weight_gradient are (1, weights), NULL where the circuit has none or nobody needs the gradient. */
gboolean qrx_quantum_scratch_forward (QrxQuantumScratch *self, QrxStep *step, QrxTensor *weights, GError **error);
gboolean qrx_quantum_scratch_backward (QrxQuantumScratch *self, QrxStep *step, QrxTensor *input_gradient,
                                       QrxTensor *weight_gradient, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Circuits by name: how inputs are encoded, and how layers of weights and entanglers are laid out. */
#pragma once

#include <qrx/qrx-circuit.h>

G_BEGIN_DECLS

#define QRX_LAYOUT_MAX_LAYERS 10000

QRX_API const char *const *qrx_layout_list_names (void);
QRX_API const char *qrx_layout_get_summary (const char *layout);
QRX_API const char *qrx_layout_get_citation (const char *layout);
QRX_API guint qrx_layout_get_n_angles (const char *layout);
QRX_API const char *const *qrx_encoding_list_names (void);
QRX_API const char *qrx_encoding_get_summary (const char *encoding);

QRX_API QrxCircuit *qrx_circuit_new_from_layout (const char *encoding, const char *layout, guint n_qubits,
                                                 guint n_layers, gboolean reuploading, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Circuits by name: how inputs are encoded, and how layers of weights and entanglers are laid out. */
#pragma once

#include <qrx/qrx-circuit.h>

G_BEGIN_DECLS

#define QRX_LAYOUT_MAX_LAYERS 10000
/* Of one encoding: 16 qubits of amplitudes. */
#define QRX_ENCODING_MAX_INPUTS 65535

/**
 * QrxLayoutOptions:
 * @QRX_LAYOUT_PLAIN: the encoding once, and layers all alike
 * @QRX_LAYOUT_REUPLOADING: the encoding before every layer, or before every pair of mirrored ones
 * @QRX_LAYOUT_MIRRORED: every other layer is the inverse of the one before it, with weights of its own: where these are
 *   equal, the two are the identity (Grant et al. 2019, arXiv 1903.05076)
 *
 * How layers follow each other.
 */
typedef enum {
  QRX_LAYOUT_PLAIN = 0,
  QRX_LAYOUT_REUPLOADING = 1 << 0,
  QRX_LAYOUT_MIRRORED = 1 << 1,
} QrxLayoutOptions;

QRX_API const char *const *qrx_layout_list_names (void);
QRX_API const char *const *qrx_layout_list_entanglements (void);
QRX_API const char *qrx_layout_get_summary (const char *layout);
QRX_API const char *qrx_layout_get_citation (const char *layout);
QRX_API gboolean qrx_layout_is_open (const char *layout);
QRX_API const char *const *qrx_encoding_list_names (void);
QRX_API const char *qrx_encoding_get_summary (const char *encoding);
QRX_API const char *qrx_encoding_get_citation (const char *encoding);
QRX_API guint qrx_encoding_get_n_inputs (const char *encoding, guint n_qubits);
QRX_API guint qrx_encoding_get_n_qubits (const char *encoding, guint64 n_inputs);

QRX_API QrxCircuit *qrx_circuit_new_from_layout (const char *encoding, const char *layout, guint n_qubits,
                                                 guint n_layers, gboolean reuploading, GError **error);
QRX_API QrxCircuit *qrx_circuit_new_from_layout_full (const char *encoding, const char *layout,
                                                      const char *entanglement, guint n_qubits, guint n_layers,
                                                      QrxLayoutOptions options, GError **error);

G_END_DECLS

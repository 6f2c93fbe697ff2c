/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Statistics of many pure states: how entangled they are, and how near to states that are drawn evenly from all. */
#pragma once

#include <qrx/qrx-tensor.h>

G_BEGIN_DECLS

QRX_API gboolean qrx_ensemble_meyer_wallach (QrxTensor *states, QrxTensor *values, GError **error);
QRX_API gboolean qrx_ensemble_fidelities (QrxTensor *first, QrxTensor *second, QrxTensor *fidelities, GError **error);
QRX_API double qrx_ensemble_haar_divergence (QrxTensor *fidelities, guint n_qubits, guint n_bins, guint *n_occupied);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What functions of an input a circuit's expectations can be. */
#pragma once

#include <qrx/qrx-circuit.h>

G_BEGIN_DECLS

QRX_API QrxTensor *qrx_circuit_dup_frequencies (QrxCircuit *self, guint input, double *unit, GError **error);

G_END_DECLS

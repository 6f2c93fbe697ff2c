/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A circuit whose weights may differ from row to row. */
#pragma once

#include <qrx/qrx-circuit.h>

G_BEGIN_DECLS

QRX_API QrxCircuit *qrx_circuit_with_weights_as_inputs (QrxCircuit *self);

G_END_DECLS

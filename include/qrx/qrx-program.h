/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A circuit compiled once for all batches and backends. */
#pragma once

#include <qrx/qrx-circuit.h>

G_BEGIN_DECLS

#define QRX_TYPE_PROGRAM (qrx_program_get_type ())
QRX_API G_DECLARE_FINAL_TYPE (QrxProgram, qrx_program, QRX, PROGRAM, GObject)

QRX_API QrxProgram *qrx_program_compile (QrxCircuit *circuit, GError **error);
QRX_API QrxCircuit *qrx_program_get_circuit (QrxProgram *self);
QRX_API char *qrx_program_describe (QrxProgram *self);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Observables that are measured together. */
#pragma once

#include "quantum/qrx-program-private.h"

G_BEGIN_DECLS

#define QRX_NO_BASIS G_MAXUINT

/* Bases as [method@Circuit.list_bases] lists them, as QrxString: a qubit is measured along X, Z or, with both bits, Y.
 * Writes which of them each term takes; an identity takes QRX_NO_BASIS. */
GArray *qrx_circuit_find_bases (QrxCircuit *self, guint *basis_of_term);

G_END_DECLS

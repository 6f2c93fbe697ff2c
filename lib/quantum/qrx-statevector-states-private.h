/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the statevector backend shows states. */
#pragma once

#include <qrx/qrx-backend.h>

G_BEGIN_DECLS

/* The method `states` of the backend. */
gboolean qrx_statevector_states (QrxBackend *backend, QrxProgram *program, QrxTensor *inputs, QrxTensor *weights,
                                 QrxTensor *states, QrxPool *pool, GError **error);

G_END_DECLS

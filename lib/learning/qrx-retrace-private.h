/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Layers that were read from a file, composed once more by the rules of a graph, so that none meets sizes that it cannot
 * have. */
#pragma once

#include "learning/qrx-flow-private.h"

G_BEGIN_DECLS

/* The flow of a table with these columns; errors: none, or the same twice. */
QrxFlow *qrx_retrace_source (const char *const *columns, GError **error);
/* The flow of a layer over flows at its inputs, in the order of its ports, a list taking all that are left. Fails where the
 * layer would not be linked so, or does not come to this quantity and width. */
QrxFlow *qrx_retrace_layer (QrxLayer *layer, GPtrArray *inputs, const char *quantity, gsize width, GError **error);

G_END_DECLS

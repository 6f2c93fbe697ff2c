/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Attributions in a store, for the files that write and read it. */
#pragma once

#include <qrx/qrx-attributions.h>

#include "study/qrx-store-private.h"

G_BEGIN_DECLS

gboolean qrx_store_write_attributions (QrxStore *self, gint64 id, const char *node, QrxAttributions *attributions,
                                       GError **error);
/* An object for each arm, task and node that ranks genes; the store's mutex is held. */
JsonArray *qrx_store_read_stability (QrxStore *self, guint top, GError **error);

G_END_DECLS

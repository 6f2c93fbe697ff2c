/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The values of nodes that ran, for runs of pipelines that have the same nodes. */
#pragma once

#include <qrx/qrx-macros.h>

G_BEGIN_DECLS

#define QRX_TYPE_RUN_CACHE (qrx_run_cache_get_type ())
QRX_API
G_DECLARE_FINAL_TYPE (QrxRunCache, qrx_run_cache, QRX, RUN_CACHE, GObject)

/* Keeps what @n_nodes nodes gave, those that were asked for last. */
QRX_API QrxRunCache *qrx_run_cache_new (guint n_nodes);
QRX_API guint qrx_run_cache_get_n_hits (QrxRunCache *self);

G_END_DECLS

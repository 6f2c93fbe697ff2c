/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The threads of a run's budget: blocks of work whose results do not depend on how many threads there are. */
#pragma once

#include <qrx/qrx-macros.h>

G_BEGIN_DECLS

/**
 * QrxPool:
 *
 * Threads that persist and share out numbered blocks of work.
 *
 * A pool never decides how work is cut: its callers use fixed blocks and combine them in a fixed order, so that
 * results are the same bit for bit at any thread count.
 */
typedef struct _QrxPool QrxPool;

/**
 * QrxPoolFunc: (skip)
 * @block: which block, from 0
 * @data: what was given to qrx_pool_run()
 *
 * Does one block of work; blocks run in any order and at the same time.
 */
typedef void (*QrxPoolFunc) (gsize block, gpointer data);

#define QRX_TYPE_POOL (qrx_pool_get_type ())
QRX_API GType qrx_pool_get_type (void) G_GNUC_CONST;

QRX_API QrxPool *qrx_pool_new (guint n_threads);
QRX_API QrxPool *qrx_pool_ref (QrxPool *self);
QRX_API void qrx_pool_unref (QrxPool *self);
QRX_API guint qrx_pool_get_n_threads (QrxPool *self);

QRX_API void qrx_pool_run (QrxPool *self, gsize n_blocks, QrxPoolFunc func, gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxPool, qrx_pool_unref)

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one executor: runs a validated pipeline in topological order, and knows no node type. */
#pragma once

#include <qrx/qrx-pipeline.h>

G_BEGIN_DECLS

#define QRX_TYPE_RUNNER (qrx_runner_get_type ())
QRX_API G_DECLARE_FINAL_TYPE (QrxRunner, qrx_runner, QRX, RUNNER, GObject)

/* Signals, emitted in the caller's main context thread: "node-started" (QrxNode), "node-finished" (QrxNode, QrxBundle outputs),
 * "message" (node id, text; detail "note" or "warning"), "progress" (node id, fraction of the node, fraction of the whole,
 * text). */
QRX_API QrxRunner *qrx_runner_new (QrxPipeline *pipeline, QrxContext *context);
/* Values are released when no node needs them any more, unless "keep-values" (construct property) is set. */
QRX_API gboolean qrx_runner_run (QrxRunner *self, GCancellable *cancellable, GError **error);
QRX_API QrxValue *qrx_runner_get_value (QrxRunner *self, const char *node, const char *port); /* nullable */
QRX_API QrxContext *qrx_runner_get_context (QrxRunner *self);
QRX_API QrxPipeline *qrx_runner_get_pipeline (QrxRunner *self);

G_END_DECLS

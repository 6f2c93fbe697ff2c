/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a run gives to its nodes: seed, threads, where data lies, and ears for progress and messages. */
#pragma once

#include <qrx/qrx-macros.h>
#include <qrx/qrx-pool.h>

G_BEGIN_DECLS

#define QRX_TYPE_CONTEXT (qrx_context_get_type ())
QRX_API G_DECLARE_FINAL_TYPE (QrxContext, qrx_context, QRX, CONTEXT, GObject)

/* Construct properties: "seed" (uint64), "n-threads" (uint, 0 = as many as processors), "base-directory" (where relative
 * paths start), "data-directory" (where they are looked for next, else $QRX_DATA), "output-directory" (where files go).
 * Signals, emitted in the thread of the node that speaks: "message" (node id, text; its detail is "note" or "warning"),
 * "progress" (node id, fraction 0..1, text). */
QRX_API QrxContext *qrx_context_new (guint64 seed, guint n_threads, const char *base_directory, const char *data_directory);
QRX_API guint64 qrx_context_get_seed (QrxContext *self);
QRX_API guint qrx_context_get_n_threads (QrxContext *self);
QRX_API QrxPool *qrx_context_get_pool (QrxContext *self);
/* Finds a data file: as it is if absolute; else below the base directory, the data directory, $QRX_DATA, in that order.
 * Records path and SHA-256 of every file it finds. */
QRX_API char *qrx_context_find_file (QrxContext *self, const char *name, GError **error);
QRX_API char **qrx_context_dup_input_paths (QrxContext *self);
QRX_API const char *qrx_context_get_input_digest (QrxContext *self, const char *path);
/* Where files go (nullable: the working directory), and where one of them is to be written. */
QRX_API const char *qrx_context_get_output_directory (QrxContext *self);
QRX_API char *qrx_context_dup_output_path (QrxContext *self, const char *name);
QRX_API void qrx_context_message (QrxContext *self, const char *node, const char *text);
QRX_API void qrx_context_warn (QrxContext *self, const char *node, const char *text);
QRX_API void qrx_context_progress (QrxContext *self, const char *node, double fraction, const char *text);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a runner asks the cache. A key stands for all that a node's values depend on: what it is, the keys of its inputs,
 * where files are looked for and, if the node read it, the seed of the run. */
#pragma once

#include <qrx/qrx-bundle.h>
#include <qrx/qrx-context.h>
#include <qrx/qrx-node.h>
#include <qrx/qrx-run-cache.h>

G_BEGIN_DECLS

/* Something that a node said while it ran; by itself or of another node. */
typedef struct {
  char *node;
  GQuark kind;
  char *text;
} QrxRunMessage;

GPtrArray *qrx_run_messages_new (void);
void qrx_run_messages_add (GPtrArray *self, const char *node, GQuark kind, const char *text);

/* What one node gave and said. */
typedef struct _QrxRunCacheEntry QrxRunCacheEntry;

/* The key without the seed; @inputs are the keys of the inputs, with their ports. */
char *qrx_run_cache_make_key (QrxNode *node, const char *inputs, QrxContext *context);
/* The entry, or NULL; @key (in and out) becomes the one that it was found under. (transfer full) */
QrxRunCacheEntry *qrx_run_cache_find (QrxRunCache *self, char **key, QrxContext *context);
/* Keeps what a node gave that just ran under the watch of @context; @key (in and out) becomes the one that it is kept
 * under. */
void qrx_run_cache_add (QrxRunCache *self, char **key, QrxBundle *outputs, GPtrArray *messages, QrxContext *context);

QrxBundle *qrx_run_cache_entry_get_outputs (QrxRunCacheEntry *self);
GPtrArray *qrx_run_cache_entry_get_messages (QrxRunCacheEntry *self);
/* Tells the context of the files that the node read. */
void qrx_run_cache_entry_add_inputs (QrxRunCacheEntry *self, QrxContext *context);
void qrx_run_cache_entry_unref (QrxRunCacheEntry *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxRunCacheEntry, qrx_run_cache_entry_unref)

G_END_DECLS

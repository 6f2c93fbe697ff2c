/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a context holds, for the qrx-context*.c files; and what a node used of it, for those who keep its values. */
#pragma once

#include <qrx/qrx-context.h>

G_BEGIN_DECLS

struct _QrxContext {
  GObject parent_instance;
  guint64 seed;
  guint n_threads;
  char *base_directory;
  char *data_directory;
  char *output_directory;
  char *environment_directory; /* $QRX_DATA when the context was made */
  QrxPool *pool;
  GMutex mutex;       /* guards what follows */
  GHashTable *inputs; /* path → SHA-256; entries stay until the end */
  GPtrArray *found;   /* paths, since the watch began */
  gint seed_read;     /* since the watch began; atomic */
};

/* Forgets what was used so far. */
void qrx_context_watch (QrxContext *self);
gboolean qrx_context_was_seed_read (QrxContext *self);
/* The files that were found since then, in that order. (transfer full) */
char **qrx_context_dup_found (QrxContext *self);
/* A file whose digest is known from another run. */
void qrx_context_add_input (QrxContext *self, const char *path, const char *digest);

G_END_DECLS

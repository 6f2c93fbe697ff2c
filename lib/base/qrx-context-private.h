/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a context holds; for the qrx-context*.c files only. */
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
  GMutex mutex;       /* guards inputs */
  GHashTable *inputs; /* path → SHA-256; entries stay until the end */
};

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of the runner share. */
#pragma once

#include <qrx/qrx-runner.h>

#include "runner/qrx-reports-private.h"
#include "runner/qrx-run-cache-private.h"

G_BEGIN_DECLS

struct _QrxRunner {
  GObject parent_instance;
  QrxPipeline *pipeline;
  QrxContext *context;
  gboolean keep_values;
  GHashTable *values;  /* "id.port" → QrxValue */
  GHashTable *pending; /* "id.port" → how many links are still to take it */
  QrxRunCache *cache;  /* nullable */
  GHashTable *keys;    /* node id → key of its values in the cache */
  GPtrArray *messages; /* of the node that runs, or NULL */
  QrxReports *reports;
  gboolean running;
  guint n_done;
};

/* The values that the links of a node bring. */
QrxBundle *qrx_runner_collect_inputs (QrxRunner *self, QrxNode *node);
void qrx_runner_keep_outputs (QrxRunner *self, QrxNode *node, QrxBundle *out);
/* Counts how many links are to take each value. */
void qrx_runner_count_links (QrxRunner *self);
/* Lets go of the inputs of a node that has run, where it was the last to take them. */
void qrx_runner_release_inputs (QrxRunner *self, QrxNode *node);
/* The key under which the cache may have the node's values, or NULL: a node without outputs runs for what it does. */
char *qrx_runner_make_cache_key (QrxRunner *self, QrxNode *node);
/* What another run left: its values, its files, and what the node said. NULL where there is nothing. */
QrxBundle *qrx_runner_take_from_cache (QrxRunner *self, char **key);

G_END_DECLS

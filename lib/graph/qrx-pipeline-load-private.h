/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of the loader share. */
#pragma once

#include "base/qrx-json-private.h"
#include "graph/qrx-overrides-private.h"
#include "graph/qrx-pipeline-private.h"

G_BEGIN_DECLS

typedef struct {
  QrxPipeline *pipeline;
  QrxJsonDocument *document; /* as it was read, for places */
  JsonObject *root;          /* with the overrides */
  GHashTable *overridden;
  GPtrArray *dropped;
  GPtrArray *faults;
} QrxLoader;

/* Where a value is, or its key. */
QrxPlace qrx_loader_place (QrxLoader *loader, const char *pointer, gboolean key);
/* The message begins with the node's id, if one is given. */
void qrx_loader_fail (QrxLoader *loader, QrxPipelineError code, const char *pointer, gboolean key, const char *node,
                      const char *suggestion, const char *format, ...) G_GNUC_PRINTF (7, 8);
/* "nodes": first all nodes, then their links. */
void qrx_loader_read_nodes (QrxLoader *loader);

G_END_DECLS

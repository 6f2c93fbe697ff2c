/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* "node.property=value": changes to a pipeline's JSON before it becomes a graph. */
#pragma once

#include <json-glib/json-glib.h>

#include "graph/qrx-diagnostic-private.h"
#include "graph/qrx-registry-private.h"

G_BEGIN_DECLS

typedef struct {
  QrxRegistry *registry;
  JsonObject *root;        /* changed in place, with its members "nodes" and each node */
  const char *file;
  GHashTable *overridden;  /* JSON pointer → text of the override */
  GPtrArray *dropped;      /* "node.property", each once */
  GPtrArray *faults;       /* of QrxDiagnostic */
} QrxOverrides;

/* A type that is set drops the keys that it lacks or fixes; a property that is set drops those that it excludes. */
void qrx_overrides_apply (QrxOverrides *self, const char *const *texts);
/* The override that put something at, above or below a pointer; NULL if none. */
const char *qrx_overrides_find (GHashTable *overridden, const char *pointer);

G_END_DECLS

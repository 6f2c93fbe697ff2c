/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What all nodes that write one file have in common: a path, and where it leads. */
#pragma once

#include <qrx/qrx-node.h>

G_BEGIN_DECLS

typedef struct {
  QrxNode parent_instance;
  char *path;
} QrxSink;

/* Writes what is at the input "in", whole or not at all. */
typedef gboolean (*QrxSinkWrite) (QrxBundle *in, const char *path, GError **error);

typedef struct {
  QrxNodeClass parent_class;
  QrxSinkWrite write;
} QrxSinkClass;

GType qrx_sink_get_type (void);
/* Declares a subclass: the name of its type, what it does, what it takes, and how it writes that. */
void qrx_sink_class_declare (QrxSinkClass *klass, const char *name, const char *summary, const char *spec, QrxSinkWrite write);

G_END_DECLS

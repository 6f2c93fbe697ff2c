/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Nodes from what a pipeline file says about them, each fault reported. */
#pragma once

#include "graph/qrx-node-private.h"

#include <qrx/qrx-registry.h>

G_BEGIN_DECLS

/* One fault. property is NULL where it is the type that is wrong. The error's text names neither node nor position, and
 * has the suggestion in it already ("; did you mean …"); the bare suggestion (nullable) is for machines. */
typedef void (*QrxPropertyFault) (const char *property, const GError *error, const char *suggestion, gpointer data);

/* Builds a node of a type or preset from JSON members (nullable), leaving out "type" and "from".
 * Reports every fault, and returns NULL if there was any. */
QrxNode *qrx_registry_build_node (QrxRegistry *self, const char *type, const char *id, const char *position,
                                  JsonObject *properties, const char *base_directory, QrxPropertyFault report,
                                  gpointer data);
/* Whether a class is described well enough to be used. */
gboolean qrx_registry_check_class (QrxNodeClass *klass, GError **error);
/* The class of a type or preset, NULL if unknown. */
QrxNodeClass *qrx_registry_peek_class (QrxRegistry *self, const char *name);

G_END_DECLS

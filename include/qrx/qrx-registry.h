/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The node types that a program knows: those of the plugins it loaded and those that a script registered. */
#pragma once

#include <qrx/qrx-node.h>

G_BEGIN_DECLS

#define QRX_TYPE_REGISTRY (qrx_registry_get_type ())
QRX_API G_DECLARE_FINAL_TYPE (QrxRegistry, qrx_registry, QRX, REGISTRY, GObject)

QRX_API QrxRegistry *qrx_registry_new (void);
/* Adds a concrete type; its class is frozen. Errors: no name, no summary, a bad port spec or preset, a name already taken. */
QRX_API gboolean qrx_registry_add (QrxRegistry *self, GType type, GError **error);
/* Loads the modules of the folders in @path (nullable, ':'-separated), then $QRX_PLUGIN_PATH, then the installed folder.
 * A module is resident and exports `gboolean qrx_plugin_register (QrxRegistry *, GError **)`. No cache. */
QRX_API gboolean qrx_registry_load_plugins (QrxRegistry *self, const char *path, GError **error);
QRX_API char **qrx_registry_dup_names (QrxRegistry *self, gboolean presets); /* sorted by category, then name */
/* The type of a name or preset, G_TYPE_INVALID if unknown; @preset gets the preset's properties as JSON, or NULL. */
QRX_API GType qrx_registry_lookup (QrxRegistry *self, const char *name, const char **preset);
QRX_API const char *qrx_registry_suggest (QrxRegistry *self, const char *name);
/* One node by type name and its properties as a JSON object (nullable); errors as in a pipeline file. */
QRX_API QrxNode *qrx_registry_create (QrxRegistry *self, const char *type, const char *id, const char *properties,
                                      GError **error);
/* A type's whole description as JSON, and the JSON Schema of pipeline files with the types known. */
QRX_API char *qrx_registry_describe (QrxRegistry *self, const char *name, GError **error);
QRX_API char *qrx_registry_schema (QrxRegistry *self);
/* The registry that made a node; NULL for a node that was made otherwise. */
QRX_API QrxRegistry *qrx_node_get_registry (QrxNode *node);

G_END_DECLS

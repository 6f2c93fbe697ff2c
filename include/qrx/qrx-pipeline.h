/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A graph of nodes: built in code or from a file, validated whole before anything runs. */
#pragma once

#include <qrx/qrx-diagnostic.h>
#include <qrx/qrx-registry.h>

G_BEGIN_DECLS

#define QRX_TYPE_PIPELINE (qrx_pipeline_get_type ())
QRX_API G_DECLARE_FINAL_TYPE (QrxPipeline, qrx_pipeline, QRX, PIPELINE, GObject)

QRX_API QrxPipeline *qrx_pipeline_new (QrxRegistry *registry);
/* Reads a pipeline file; @overrides are "node.property=value" (also node.type=…, seed=…), each value JSON or else a string.
 * Never fails half-way: faults are collected, and if there are any, the error is QRX_PIPELINE_ERROR_INVALID (or the code of the
 * single one), its text all of them. @diagnostics (nullable) gets one QrxDiagnostic each. The pipeline returned is validated. */
QRX_API QrxPipeline *qrx_pipeline_load (QrxRegistry *registry, const char *path, const char *const *overrides,
                                        GPtrArray *diagnostics, GError **error);
QRX_API QrxPipeline *qrx_pipeline_parse (QrxRegistry *registry, const char *text, const char *name, const char *base_directory,
                                         const char *const *overrides, GPtrArray *diagnostics, GError **error);

QRX_API gboolean qrx_pipeline_add (QrxPipeline *self, QrxNode *node, GError **error);
/* Ends are "id" (default port) or "id.port". */
QRX_API gboolean qrx_pipeline_link (QrxPipeline *self, const char *from, const char *to, GError **error);
/* Takes a node out, and every link to and from it. */
QRX_API gboolean qrx_pipeline_remove (QrxPipeline *self, const char *id);
/* Links, shapes, cycles, missing inputs, every node's resolve(); collects all faults. */
QRX_API gboolean qrx_pipeline_validate (QrxPipeline *self, GPtrArray *diagnostics, GError **error);

/* For scripts, which get no containers filled: every fault as JSON,
 * {"valid": false, "diagnostics": [{"file", "line", "column", "pointer", "node", "message", "suggestion"}, …]}. */
QRX_API char *qrx_diagnostics_to_json (GPtrArray *diagnostics);
QRX_API char *qrx_pipeline_diagnose (QrxPipeline *self);
QRX_API char *qrx_pipeline_diagnose_file (QrxRegistry *registry, const char *path, const char *const *overrides, GError **error);
QRX_API char *qrx_pipeline_diagnose_text (QrxRegistry *registry, const char *text, const char *name,
                                          const char *base_directory, const char *const *overrides);

QRX_API QrxRegistry *qrx_pipeline_get_registry (QrxPipeline *self);
QRX_API const char *qrx_pipeline_get_name (QrxPipeline *self);           /* the file as given, nullable */
QRX_API const char *qrx_pipeline_get_base_directory (QrxPipeline *self); /* nullable */
QRX_API guint64 qrx_pipeline_get_seed (QrxPipeline *self);
QRX_API void qrx_pipeline_set_seed (QrxPipeline *self, guint64 seed);
QRX_API guint qrx_pipeline_get_n_nodes (QrxPipeline *self); /* topological order once validated, ties in file order */
QRX_API QrxNode *qrx_pipeline_get_node (QrxPipeline *self, guint i);
QRX_API QrxNode *qrx_pipeline_find_node (QrxPipeline *self, const char *id); /* nullable */
/* The links into a node: for C callers of the runner and the drawers. */
typedef struct {
  QrxNode *from;
  const char *from_port;
  const char *to_port;
  const char *type; /* once validated, "flow:angle[B, 8]" */
} QrxLink;
QRX_API guint qrx_pipeline_get_n_links (QrxPipeline *self, QrxNode *to);
QRX_API const QrxLink *qrx_pipeline_get_link (QrxPipeline *self, QrxNode *to, guint i);
/* All defaults written out, overrides applied; "dropped" lists what --set made meaningless. */
QRX_API char *qrx_pipeline_to_json (QrxPipeline *self);
QRX_API char *qrx_pipeline_to_dot (QrxPipeline *self);
QRX_API const char *const *qrx_pipeline_get_dropped (QrxPipeline *self);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the program prints as JSON in more than one verb. */
#pragma once

#include <json-glib/json-glib.h>
#include <qrx/qrx.h>

/* One document on stdout; takes @node. */
void qrx_cli_print_json (JsonNode *node);
/* As text: on lines, or on one. */
char *qrx_cli_write_json (JsonNode *node, gboolean pretty);
/* A member that is a string, or null. */
void qrx_cli_add_text (JsonBuilder *builder, const char *name, const char *text);
void qrx_cli_add_count (JsonBuilder *builder, const char *name, gint64 value);
/* JSON that the library wrote. */
JsonNode *qrx_cli_read_json (const char *text);
/* {"valid": false, "diagnostics": […]}; @error alone where there are no diagnostics. */
JsonNode *qrx_cli_faults_to_json (const char *path, GPtrArray *diagnostics, const GError *error);
/* {"pipeline", "seed", "nodes": [{"id", "type", "properties"}],
 *  "links": [{"from", "from-port", "to", "to-port", "type"}], "dropped"} */
JsonNode *qrx_cli_pipeline_to_json (QrxPipeline *pipeline);

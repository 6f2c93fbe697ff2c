/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Circuits within larger JSON, and where in a file their faults are. */
#pragma once

#include "base/qrx-json-private.h"
#include "quantum/qrx-circuit-private.h"

G_BEGIN_DECLS

/* As qrx_circuit_new_from_json_node(); @culprit becomes the operation or observable at fault, else @node. */
QrxCircuit *qrx_circuit_new_located (JsonNode *node, const char *where, const char *const *other_keys, JsonNode **culprit,
                                     GError **error);
/* Puts "file:line:column: " before an error, the place of @node in the document. */
void qrx_circuit_prefix_place (GError **error, QrxJsonDocument *document, JsonNode *node, const char *path);

G_END_DECLS

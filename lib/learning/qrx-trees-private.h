/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The last layer of models that are sums of regression trees. */
#pragma once

#include <json-glib/json-glib.h>
#include <qrx/qrx-layer.h>

#define QRX_TYPE_TREES (qrx_trees_get_type ())
G_DECLARE_FINAL_TYPE (QrxTrees, qrx_trees, QRX, TREES, QrxLayer)

QrxLayer *qrx_trees_new_from_json (const char *id, JsonObject *properties, GError **error);

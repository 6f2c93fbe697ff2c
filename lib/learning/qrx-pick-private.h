/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Columns by name: what stands between a table and a model that is grafted onto it. */
#pragma once

#include <json-glib/json-glib.h>
#include <qrx/qrx-layer.h>

#define QRX_TYPE_PICK (qrx_pick_get_type ())
G_DECLARE_FINAL_TYPE (QrxPick, qrx_pick, QRX, PICK, QrxLayer)

QrxLayer *qrx_pick_new (const char *id, const char *const *columns);
QrxLayer *qrx_pick_new_from_json (const char *id, JsonObject *properties, GError **error);

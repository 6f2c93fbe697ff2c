/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Symbolic: "this split table, pushed through these layers". */
#pragma once

#include <qrx/qrx-layer.h>
#include <qrx/qrx-table.h>

G_BEGIN_DECLS

#define QRX_TYPE_FLOW (qrx_flow_get_type ())
QRX_API G_DECLARE_FINAL_TYPE (QrxFlow, qrx_flow, QRX, FLOW, QrxValue)

/* The features of a table. */
QRX_API QrxFlow *qrx_flow_new_source (QrxTable *table);
/* A flow as it is, or a split table as its source: what a `flow:` port is given. */
QRX_API QrxFlow *qrx_flow_from_value (QrxValue *value, GError **error);
/* The flow inputs of a layer, in port order, composed with it. They must begin at the same table. */
QRX_API QrxFlow *qrx_flow_compose (QrxLayer *layer, QrxBundle *in, GError **error);
QRX_API QrxTable *qrx_flow_get_table (QrxFlow *self);
QRX_API QrxLayer *qrx_flow_get_layer (QrxFlow *self); /* nullable: the source */
QRX_API guint qrx_flow_get_n_inputs (QrxFlow *self);
QRX_API QrxFlow *qrx_flow_get_input (QrxFlow *self, guint i);
QRX_API QrxValue *qrx_flow_get_captured (QrxFlow *self, const char *port); /* nullable */
QRX_API gsize qrx_flow_get_width (QrxFlow *self);

G_END_DECLS

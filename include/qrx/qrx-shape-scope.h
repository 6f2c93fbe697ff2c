/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sizes that a node's port symbols stand for, while a graph is resolved or values meet a node. */
#pragma once

#include <qrx/qrx-error.h>

G_BEGIN_DECLS

#define QRX_TYPE_SHAPE_SCOPE (qrx_shape_scope_get_type ())
QRX_API G_DECLARE_FINAL_TYPE (QrxShapeScope, qrx_shape_scope, QRX, SHAPE_SCOPE, GObject)

/* The size of a symbol of this node, or −1 while it is open. Of a list port's links: qrx_shape_scope_get_link(). */
QRX_API gint64 qrx_shape_scope_get (QrxShapeScope *self, const char *symbol);
/* Settles a symbol; @reason says where the size comes from, for messages: "the circuit has 4 inputs". */
QRX_API gboolean qrx_shape_scope_set (QrxShapeScope *self, const char *symbol, gint64 size, const char *reason, GError **error);
/* How many links a list port has, and the size of its i-th link along an axis (−1 while open). */
QRX_API guint qrx_shape_scope_get_n_links (QrxShapeScope *self, const char *port);
QRX_API gint64 qrx_shape_scope_get_link (QrxShapeScope *self, const char *port, guint i, guint axis);
/* The quantity that a port carries, once known. */
QRX_API const char *qrx_shape_scope_get_quantity (QrxShapeScope *self, const char *port);
/* The size of an axis of an output port, −1 while open. */
QRX_API gint64 qrx_shape_scope_get_output (QrxShapeScope *self, const char *port, guint axis);

G_END_DECLS

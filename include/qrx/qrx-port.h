/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ports and their specs: kind, quantity and shape.
 *
 *   spec   = kind [":" quantity ["=" property]] ["[" dim {"," dim} "]"] ["?" | "*"]
 *   dim    = symbol ["=" property] | number
 *
 * "table", "table:split", "flow:angle[B, Q]", "flow:any=quantity[B, W=width]", "predictions", "monitor*", "circuit?".
 * `?` makes an input optional, `*` a list. Symbols are a node's own: the same symbol in two ports of a node is one size.
 * In a list port each link has sizes of its own, but for B, the rows, which is one over the whole node.
 * "any" on an input takes every quantity; on an output it is the quantity of the node's first flow input, unless a
 * property names it. A `table:split` satisfies `table` and `flow:feature` (and `flow:any`).
 * It also satisfies `flow:category=property[B, C]`, where the property names one of the table's annotations: the flow is then a
 * column of zeros and ones for each of the C values that the annotation has in training rows, in the order of their bytes. A row
 * whose value is none of these, or unknown, is zero everywhere; at a `flow:known-category` it is an error. */
#pragma once

#include <qrx/qrx-error.h>

G_BEGIN_DECLS

typedef struct _QrxPortSpec QrxPortSpec;
#define QRX_TYPE_PORT_SPEC (qrx_port_spec_get_type ())
QRX_API GType qrx_port_spec_get_type (void);
QRX_API QrxPortSpec *qrx_port_spec_parse (const char *text, GError **error);
QRX_API QrxPortSpec *qrx_port_spec_ref (QrxPortSpec *self);
QRX_API void qrx_port_spec_unref (QrxPortSpec *self);
QRX_API const char *qrx_port_spec_get_text (const QrxPortSpec *self);
QRX_API const char *qrx_port_spec_get_kind (const QrxPortSpec *self);
QRX_API const char *qrx_port_spec_get_quantity (const QrxPortSpec *self);          /* nullable */
QRX_API const char *qrx_port_spec_get_quantity_property (const QrxPortSpec *self); /* nullable */
QRX_API guint qrx_port_spec_get_rank (const QrxPortSpec *self);
QRX_API const char *qrx_port_spec_get_symbol (const QrxPortSpec *self, guint axis);          /* nullable: a number */
QRX_API const char *qrx_port_spec_get_symbol_property (const QrxPortSpec *self, guint axis); /* nullable */
QRX_API gint64 qrx_port_spec_get_size (const QrxPortSpec *self, guint axis);                 /* −1 for a symbol */
QRX_API gboolean qrx_port_spec_is_optional (const QrxPortSpec *self);
QRX_API gboolean qrx_port_spec_is_list (const QrxPortSpec *self);
/* Whether an annotation of a split table may flow in: `flow:category`, `flow:known-category`. */
QRX_API gboolean qrx_port_spec_takes_categories (const QrxPortSpec *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxPortSpec, qrx_port_spec_unref)

typedef struct _QrxPort QrxPort;
#define QRX_TYPE_PORT (qrx_port_get_type ())
QRX_API GType qrx_port_get_type (void);
QRX_API QrxPort *qrx_port_ref (QrxPort *self);
QRX_API void qrx_port_unref (QrxPort *self);
QRX_API const char *qrx_port_get_name (const QrxPort *self);
QRX_API gboolean qrx_port_is_output (const QrxPort *self);
QRX_API QrxPortSpec *qrx_port_get_spec (const QrxPort *self);
QRX_API const char *qrx_port_get_blurb (const QrxPort *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxPort, qrx_port_unref)

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What travels on a link between two ports. */
#pragma once

#include <qrx/qrx-macros.h>

G_BEGIN_DECLS

#define QRX_TYPE_VALUE (qrx_value_get_type ())
QRX_API G_DECLARE_DERIVABLE_TYPE (QrxValue, qrx_value, QRX, VALUE, GObject)

/**
 * QrxValueClass:
 * @kind: the kind as port specs write it: "table", "flow", "predictions", …
 * @describe: one line for people, such as "flow:angle[604, 8]"
 * @get_quantity: what follows the colon in a port spec: "angle" for a flow of angles, "split" for a split table; or %NULL
 * @get_dim: the size along an axis, or −1 where there is no such axis
 * @freeze: called once when the value is published
 *
 * The class of everything that travels between ports.
 */
struct _QrxValueClass {
  GObjectClass parent_class;
  const char *kind;
  char *(*describe) (QrxValue *self);
  const char *(*get_quantity) (QrxValue *self);
  gint64 (*get_dim) (QrxValue *self, guint axis);
  void (*freeze) (QrxValue *self);
  gpointer padding[4];
};

QRX_API const char *qrx_value_get_kind (QrxValue *self);
QRX_API const char *qrx_value_get_quantity (QrxValue *self);
QRX_API gint64 qrx_value_get_dim (QrxValue *self, guint axis);
QRX_API char *qrx_value_describe (QrxValue *self);
QRX_API void qrx_value_freeze (QrxValue *self);
QRX_API gboolean qrx_value_is_frozen (QrxValue *self);

G_END_DECLS

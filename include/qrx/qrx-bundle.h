/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The values at a node's ports, by port name; a list port has several, in link order. */
#pragma once

#include <qrx/qrx-value.h>

G_BEGIN_DECLS

#define QRX_TYPE_BUNDLE (qrx_bundle_get_type ())
QRX_API G_DECLARE_FINAL_TYPE (QrxBundle, qrx_bundle, QRX, BUNDLE, GObject)

QRX_API QrxBundle *qrx_bundle_new (void);
QRX_API void qrx_bundle_set (QrxBundle *self, const char *port, QrxValue *value);
QRX_API void qrx_bundle_append (QrxBundle *self, const char *port, QrxValue *value);
QRX_API QrxValue *qrx_bundle_get (QrxBundle *self, const char *port); /* nullable; of a list, the first */
QRX_API guint qrx_bundle_get_length (QrxBundle *self, const char *port);
QRX_API QrxValue *qrx_bundle_get_nth (QrxBundle *self, const char *port, guint i);
QRX_API char **qrx_bundle_dup_ports (QrxBundle *self);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gzip streams in memory. */
#pragma once

#include <qrx/qrx-error.h>

G_BEGIN_DECLS

/* Whether the bytes begin like a gzip stream. */
gboolean qrx_inflate_is_gzip (GBytes *bytes);
/* All members of a gzip stream, one after another. name stands in messages; fails with QRX_DATA_ERROR_FORMAT, and with
 * QRX_RUN_ERROR_RESOURCES where the content is larger than limit. */
GBytes *qrx_inflate (GBytes *bytes, const char *name, gsize limit, GError **error);

/* Takes what was inflated, piece by piece; FALSE where it cannot. */
typedef gboolean (*QrxInflateSink) (gconstpointer bytes, gsize length, gpointer data);
/* The same without holding the content. */
gboolean qrx_inflate_into (GBytes *bytes, const char *name, gsize limit, QrxInflateSink sink, gpointer data,
                           GError **error);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a fit recorded: one row an epoch, named columns, in the order in which they first came. */
#pragma once

#include <qrx/qrx-value.h>

G_BEGIN_DECLS

#define QRX_TYPE_HISTORY (qrx_history_get_type ())
QRX_API G_DECLARE_FINAL_TYPE (QrxHistory, qrx_history, QRX, HISTORY, QrxValue)

QRX_API QrxHistory *qrx_history_new (void);
QRX_API void qrx_history_set (QrxHistory *self, guint epoch, const char *name, double value);
QRX_API guint qrx_history_get_n_epochs (QrxHistory *self);
QRX_API double qrx_history_get (QrxHistory *self, guint epoch, const char *name); /* NaN where nothing was recorded */
QRX_API char **qrx_history_dup_names (QrxHistory *self);
QRX_API char *qrx_history_to_csv (QrxHistory *self); /* column `epoch` first; empty where nothing was recorded */

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What settings tuned on one task are worth on another. */
#pragma once

#include <qrx/qrx-comparison.h>

G_BEGIN_DECLS

QRX_API char *qrx_transfer_to_json (QrxComparison *tuning, QrxComparison *test);

G_END_DECLS

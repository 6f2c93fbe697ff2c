/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rows that a baseline is fitted on. */
#pragma once

#include <qrx/qrx-table.h>

G_BEGIN_DECLS

/* The training rows whose target is known, in the order of their ids, so that a table in another order gives the same
 * bits; an error where there are none. */
QrxIndex *known_rows_find (QrxTable *table, gsize target, GError **error);

G_END_DECLS

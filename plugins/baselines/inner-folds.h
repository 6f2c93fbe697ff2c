/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Folds within the training rows. */
#pragma once

#include <qrx/qrx-table.h>

G_BEGIN_DECLS

/* The fold of each of @rows; replicates of a line and lines of a donor share one. @n_folds is lowered to the number of
 * groups; NULL with an error where there are fewer than two, which says what to do
 * instead: @remedy. Free with g_free(). */
guint *inner_folds_deal (QrxTable *table, QrxIndex *rows, gsize target, guint64 seed, guint *n_folds,
                         const char *remedy, GError **error);

G_END_DECLS

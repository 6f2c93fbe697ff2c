/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Linear algebra over bits: masks as vectors, parities as their products. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Row-reduces a mask by the n rows before it, and makes it the next; FALSE if nothing is left, as it depends on them. */
gboolean qrx_masks_reduce (guint32 *rows, guint n, guint32 mask);
/* Completes n independent masks by single bits, up to n_bits of them. */
void qrx_masks_complete (guint32 *masks, guint n, guint n_bits);
/* Columns of the inverse of the matrix whose rows are the masks, n of n bits: the parity of columns[i] with masks[j] is 1 where
 * i = j, else 0. */
void qrx_masks_invert (const guint32 *masks, guint n, guint32 *columns);
/* The sum of those vectors that a mask has bits for. */
guint32 qrx_masks_combine (const guint32 *vectors, guint32 mask);
/* All sums of n vectors, 2^n of them. */
guint32 *qrx_masks_span (const guint32 *vectors, guint n);
/* The parities of a mask with n vectors, a bit each. */
guint32 qrx_masks_multiply (const guint32 *vectors, guint n, guint32 mask);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The different feature profiles of a table, and how alike they are. */
#pragma once

#include <qrx/qrx-pool.h>
#include <qrx/qrx-table.h>

G_BEGIN_DECLS

typedef struct {
  guint row;          /* the first row that has it */
  guint trains, held; /* rows of training and validation; rows to be scored */
  guint first_held;   /* the first row to be scored; only where there are any */
} Profile;

/* Profiles that are the same to the bit are one; an array of Profile in order of the rows. */
GArray *profiles_find (QrxTable *table, GError **error);
/* Pearson's correlations (n, n) of profiles whose columns are centred over all of them; 0 of a profile that does not vary. */
QrxTensor *profiles_correlate (QrxTable *table, GArray *profiles, QrxPool *pool, GError **error);

G_END_DECLS

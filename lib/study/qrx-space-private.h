/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Dimensions together: a point has a coordinate for each, NaN where a dimension does not vary. */
#pragma once

#include "study/qrx-dimension-private.h"

G_BEGIN_DECLS

typedef struct {
  GPtrArray *dimensions; /* of QrxDimension, borrowed; a parent comes before what depends on it */
} QrxSpace;

QrxSpace *qrx_space_new (void);
void qrx_space_free (QrxSpace *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxSpace, qrx_space_free)

/* Whether a dimension varies at a point, of which at least the coordinates before it are known. */
gboolean qrx_space_is_active (const QrxSpace *self, const double *point, guint dimension);
/* All points of the grid, the last dimension the fastest, as an array of double *; one point where there is
 * no dimension. NULL where there are more than @limit. */
GPtrArray *qrx_space_list_grid (const QrxSpace *self, gsize limit);
/* Adds path → value for what varies at the point. */
void qrx_space_add_settings (const QrxSpace *self, const double *point, JsonObject *settings);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Leaves out training groups, for curves over the size of the training set. */
#pragma once

#include "split-deal.h"

G_BEGIN_DECLS

/* Which groups stay, one byte each: all but training groups, and of those about @fraction of their measured rows, at least
 * one group.
 * Free with g_free(). */
guint8 *split_thin (GArray *groups, const guint8 *roles, const SplitPlan *plan, double fraction);

G_END_DECLS

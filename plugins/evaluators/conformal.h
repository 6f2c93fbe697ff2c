/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Split conformal prediction without tables: quantiles of scores that are exchangeable with a new one, and how far off
 * predictions usually are near a value. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which of @n calibration scores in ascending order, counted from 1, a new one stays below at the rate @level:
 * ⌈(n + 1) · level⌉, or 0 where that is more than there are. */
gsize conformal_rank (gsize n, double level);
/* The fewest scores that have such a rank. */
gsize conformal_needed (double level);
/* That score; NaN where there are too few. Sorts @scores. */
double conformal_quantile (double *scores, gsize n, double level);

/* The mean absolute residual of the @k rows whose predictions lie nearest, of equal ones the lower; @offset times the mean
 * over all rows is added. */
typedef struct _ConformalSpread ConformalSpread;
ConformalSpread *conformal_spread_new (const double *predictions, const double *residuals, gsize n, gsize k,
                                       double offset);
void conformal_spread_free (ConformalSpread *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConformalSpread, conformal_spread_free)
double conformal_spread_at (const ConformalSpread *self, double prediction);

/* Wilson's interval, at 95 %, of a rate of which @hits of @n were seen. */
void conformal_rate_interval (gsize hits, gsize n, double *low, double *high);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was observed where something was predicted, bin by bin. */
#pragma once

#include <qrx/qrx-metrics.h>

G_BEGIN_DECLS

#define RELIABILITY_BINS 10

/* Adds "reliability" to the scores of a role: for each bin that has rows, how many, and the means of predictions and of what
 * was observed. Probabilities fall into bins of equal width; values into bins of about equal size by rank, of five rows at
 * least, equal predictions into one. */
void reliability_put (const double *predictions, const double *observed, gsize n, gboolean is_probability, const char *role,
                      QrxMetrics *metrics);

G_END_DECLS

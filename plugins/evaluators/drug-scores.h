/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scores of several drugs, each by itself and their means. */
#pragma once

#include "role-scores.h"

G_BEGIN_DECLS

/* FALSE, and nothing done, where the table has one drug or none, or @role no rows. @by_drug: rows are cut at the training
 * median of their own drug, rather than at the binarization's threshold. */
gboolean drug_scores_compute (QrxPredictions *predictions, QrxRole role, const Binarization *binarization,
                              gboolean by_drug, QrxMetrics *metrics);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The scores of the rows of one role. */
#pragma once

#include <qrx/qrx-metrics.h>
#include <qrx/qrx-predictions.h>

G_BEGIN_DECLS

typedef struct {
  QrxOrientation orientation; /* which end of the target is sensitive */
  double threshold;           /* rows strictly beyond it, on that end, are sensitive; NaN: unknown */
} Binarization;

/* Adds all scores of the rows of @role under @name, of those of one drug where @drug is not NULL; nothing if there are none. */
void role_scores_compute (QrxPredictions *predictions, QrxRole role, const char *drug, const Binarization *binarization,
                          const char *name, QrxMetrics *metrics);

G_END_DECLS

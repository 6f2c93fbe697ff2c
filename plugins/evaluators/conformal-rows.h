/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Intervals around predictions, by the residuals of calibration rows; and how often and how wide they are, by role. */
#pragma once

#include <qrx/qrx-metrics.h>
#include <qrx/qrx-predictions.h>

G_BEGIN_DECLS

typedef struct {
  QrxRole role; /* of the calibration rows */
  double level;
  gboolean normalized; /* residuals are divided by how large they usually are near the prediction */
  gsize neighbours;
  double offset;
  const char *group_by; /* an annotation; NULL: all rows are one group */
  gboolean pools;       /* groups of too few rows take the quantile of all, rather than being an error */
} ConformalPlan;

/* The predictions with an interval for each row, and the quantiles in @metrics under the calibration role's name. */
QrxPredictions *conformal_rows_apply (QrxPredictions *predictions, const ConformalPlan *plan, QrxMetrics *metrics,
                                      GError **error);
/* Coverage and width of the rows of a role; nothing if there are none. */
void conformal_rows_score (QrxPredictions *predictions, QrxRole role, const ConformalPlan *plan, gboolean leaking,
                           QrxMetrics *metrics);

G_END_DECLS

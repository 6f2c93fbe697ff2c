/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a score of a fitted model changes when one column is dealt anew among rows. */
#pragma once

#include <qrx/qrx-predictor.h>

G_BEGIN_DECLS

typedef struct {
  QrxPredictor *model;
  QrxTable *table;
  QrxIndex *rows; /* with a known target, in an order that does not depend on the table's */
  gsize target;
  QrxTensor *features; /* of these rows, float64, the model's columns */
  const char *within;  /* values are dealt among rows with one value of this annotation; NULL: among all */
  gboolean by_auc;     /* the score is the AUC, whose loss is what it falls by, rather than RMSE, which grows */
  guint n_repeats;
  guint64 seed;
} PermutedPlan;

/* The score of the rows as they are; an error where it is not defined. */
gboolean permuted_scores_find_base (const PermutedPlan *plan, double *score, QrxContext *context,
                                    GCancellable *cancellable, GError **error);
/* For each column, the mean of what the score loses over the repeats, and their standard deviation: (columns, 2). */
QrxTensor *permuted_scores_compute (const PermutedPlan *plan, double base, const char *node, QrxContext *context,
                                    GCancellable *cancellable, GError **error);

G_END_DECLS

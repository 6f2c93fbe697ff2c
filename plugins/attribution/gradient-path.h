/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Integrals of a model's gradient along straight lines between a baseline and rows. */
#pragma once

#include <qrx/qrx-model.h>

G_BEGIN_DECLS

/* Places in (0, 1) and weights of the Gauss-Legendre rule of @n points. */
void gradient_path_place (guint n, double *places, double *weights);

/* For each row of @features (rows, columns), which are those @rows of @table, and the @baseline (1, columns): by how much each
 * column moves the prediction on the way from the baseline to the row, (rows, columns) in @attributions, and the predictions at
 * both ends, one a row in @values and in @references. A row's annotations, such as its drug, stay on the way. All float64. */
gboolean gradient_path_integrate (QrxModel *model, QrxTable *table, QrxIndex *rows, QrxTensor *features, QrxTensor *baseline,
                                  guint n_steps, QrxTensor *attributions, QrxTensor *values, QrxTensor *references,
                                  QrxContext *context, GCancellable *cancellable, GError **error);

G_END_DECLS

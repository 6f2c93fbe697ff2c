/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rows that a model is explained by, and what of the result goes into the scores. */
#pragma once

#include <qrx/qrx-attributions.h>
#include <qrx/qrx-metrics.h>
#include <qrx/qrx-node.h>
#include <qrx/qrx-predictor.h>

G_BEGIN_DECLS

#define ATTRIBUTION_ROLES "test|train|validation|calibration|external"

/* Rows of a role (and of a drug, unless it is NULL or empty), in order of their ids, so that another order of the table
 * changes nothing; an error where there are none. */
QrxIndex *attribution_rows_find (QrxTable *table, const char *role, const char *drug, GError **error);
/* The target of a table that the model predicts. */
gboolean attribution_rows_find_target (QrxTable *table, QrxPredictor *model, gsize *target, GError **error);
/* Those of them whose target is known. */
QrxIndex *attribution_rows_with_target (QrxTable *table, QrxIndex *rows, gsize target, GError **error);
/* Features of rows as the model's own columns, in its order, float64. */
QrxTensor *attribution_rows_read (QrxTable *table, QrxIndex *rows, QrxPredictor *model, GError **error);
/* Gives a node's outputs: the attributions, and the metrics with the n genes that matter most as "top" of a role. */
void attribution_rows_give (QrxAttributions *attributions, const char *role, gsize n, QrxMetrics *metrics, QrxBundle *out);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a predictor said of the rows of a table, in the target's unit, beside what was measured. */
#pragma once

#include <qrx/qrx-table.h>

G_BEGIN_DECLS

#define QRX_TYPE_PREDICTIONS (qrx_predictions_get_type ())
QRX_API G_DECLARE_FINAL_TYPE (QrxPredictions, qrx_predictions, QRX, PREDICTIONS, QrxValue)

QRX_API QrxPredictions *qrx_predictions_new (QrxTable *table, gsize target, QrxTensor *values, const char *producer,
                                             double threshold, GError **error);
QRX_API QrxTable *qrx_predictions_get_table (QrxPredictions *self);
QRX_API gsize qrx_predictions_get_target (QrxPredictions *self);
QRX_API QrxTensor *qrx_predictions_get_values (QrxPredictions *self);
QRX_API const char *qrx_predictions_get_producer (QrxPredictions *self);
QRX_API double qrx_predictions_get_threshold (QrxPredictions *self);
/* Whether rows that fitted or selected part of the model are scored on purpose; marked in every score. */
QRX_API void qrx_predictions_set_leaking (QrxPredictions *self, gboolean leaking);
QRX_API gboolean qrx_predictions_is_leaking (QrxPredictions *self);
/* Whether the values are probabilities that a row is sensitive, rather than values of the target. */
QRX_API void qrx_predictions_set_probability (QrxPredictions *self, gboolean probability);
QRX_API gboolean qrx_predictions_is_probability (QrxPredictions *self);
/* Rows that fitted or selected part of the model, whatever their role; the training rows need no mark. */
QRX_API void qrx_predictions_set_known (QrxPredictions *self, gsize row, gboolean known);
QRX_API gboolean qrx_predictions_is_known (QrxPredictions *self, gsize row);
/* An interval for each row, in the target's unit, meant to hold the target at the rate @level. */
QRX_API gboolean qrx_predictions_set_interval (QrxPredictions *self, QrxTensor *lower, QrxTensor *upper, double level,
                                               GError **error);
QRX_API QrxTensor *qrx_predictions_get_lower (QrxPredictions *self); /* nullable */
QRX_API QrxTensor *qrx_predictions_get_upper (QrxPredictions *self); /* nullable */
QRX_API double qrx_predictions_get_level (QrxPredictions *self);     /* NaN without intervals */
/* Columns id, role, tissue and drug where the table has them, target (empty where missing), prediction, and lower and
 * upper where there are intervals. */
QRX_API char *qrx_predictions_to_csv (QrxPredictions *self);

G_END_DECLS

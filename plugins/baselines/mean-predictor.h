/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A predictor that knows means only. */
#pragma once

#include <qrx/qrx-predictor.h>

G_BEGIN_DECLS

#define QRX_TYPE_MEAN_PREDICTOR (qrx_mean_predictor_get_type ())
G_DECLARE_FINAL_TYPE (QrxMeanPredictor, qrx_mean_predictor, QRX, MEAN_PREDICTOR, QrxPredictor)

#define MEAN_KINDS "global|tissue|line|drug|line+drug"

/* Means of a target over rows, and over those of one tissue, line or drug, as one of MEAN_KINDS says; the table must
 * know them. */
QrxMeanPredictor *qrx_mean_predictor_new (QrxTable *table, gsize target, QrxIndex *rows, const char *by, GError **error);
guint qrx_mean_predictor_get_n_means (QrxMeanPredictor *self);
double qrx_mean_predictor_get_mean (QrxMeanPredictor *self);

G_END_DECLS

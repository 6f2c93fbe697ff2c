/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A predictor that knows means only. */
#pragma once

#include <qrx/qrx-predictor.h>

G_BEGIN_DECLS

#define QRX_TYPE_MEAN_PREDICTOR (qrx_mean_predictor_get_type ())
G_DECLARE_FINAL_TYPE (QrxMeanPredictor, qrx_mean_predictor, QRX, MEAN_PREDICTOR, QrxPredictor)

/* Means of a target over rows; within tissues too if so wanted, which needs that annotation. */
QrxMeanPredictor *qrx_mean_predictor_new (QrxTable *table, gsize target, QrxIndex *rows, gboolean by_tissue, GError **error);
guint qrx_mean_predictor_get_n_tissues (QrxMeanPredictor *self);
double qrx_mean_predictor_get_mean (QrxMeanPredictor *self);

G_END_DECLS

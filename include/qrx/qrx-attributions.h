/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much each gene (or other feature) of a table matters to a fitted model, by one method. */
#pragma once

#include <qrx/qrx-index.h>
#include <qrx/qrx-tensor.h>
#include <qrx/qrx-value.h>

G_BEGIN_DECLS

#define QRX_TYPE_ATTRIBUTIONS (qrx_attributions_get_type ())
QRX_API G_DECLARE_FINAL_TYPE (QrxAttributions, qrx_attributions, QRX, ATTRIBUTIONS, QrxValue)

/* A row of numbers for each gene; genes rank by the first of them, greatest first. */
QRX_API QrxAttributions *qrx_attributions_new (const char *method, const char *const *genes, const char *const *columns,
                                               QrxTensor *values, GError **error);
QRX_API const char *qrx_attributions_get_method (QrxAttributions *self);
QRX_API const char *const *qrx_attributions_get_genes (QrxAttributions *self);
QRX_API const char *const *qrx_attributions_get_columns (QrxAttributions *self);
QRX_API QrxTensor *qrx_attributions_get_values (QrxAttributions *self);
/* The places of the genes, the one that matters most first; of equals the one that comes first. */
QRX_API QrxIndex *qrx_attributions_get_order (QrxAttributions *self);
/* Columns gene, rank and those of the values, in the order of the ranks. */
QRX_API char *qrx_attributions_to_csv (QrxAttributions *self);

G_END_DECLS

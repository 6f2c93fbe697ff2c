/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A predictor made of layers: copies of them, their plans, parameters and buffers, and the scaling of the target; never
 * the table. */
#pragma once

#include <qrx/qrx-flow.h>
#include <qrx/qrx-predictor.h>
#include <qrx/qrx-registry.h>

G_BEGIN_DECLS

#define QRX_TYPE_MODEL (qrx_model_get_type ())
QRX_API G_DECLARE_FINAL_TYPE (QrxModel, qrx_model, QRX, MODEL, QrxPredictor)

/* Walks a flow back to its table and prepares every layer once; parameters get their starting values. Nothing is fitted yet. */
QRX_API QrxModel *qrx_model_new (QrxFlow *flow, gsize target, QrxDtype dtype, guint64 seed, GError **error);
/* Runs fit() of the layers that have it, in order, on the training rows with a known target. Layers that fit must come
 * before any that train. */
QRX_API gboolean qrx_model_fit_buffers (QrxModel *self, QrxTable *table, QrxContext *context, GError **error);
/* Ends the model in a weighted sum of columns, fitted elsewhere. */
QRX_API gboolean qrx_model_append_linear (QrxModel *self, QrxTensor *weights, double intercept, GError **error);
/* Ends the model in a sum of regression trees, fitted elsewhere. */
QRX_API gboolean qrx_model_append_trees (QrxModel *self, QrxTensor *nodes, QrxTensor *roots, double intercept, GError **error);
/* The output of the layers, (n of @rows, width), in evaluation mode; for nodes that fit in closed form, and for apply-model. */
QRX_API QrxTensor *qrx_model_evaluate (QrxModel *self, QrxTable *table, QrxIndex *rows, QrxContext *context,
                                       GCancellable *cancellable, GError **error);

/* Predictions of rows given as features, in the model's order of columns, and their derivatives with respect to these; each
 * row has the annotations of one of a table (both nullable). */
QRX_API gboolean qrx_model_differentiate (QrxModel *self, QrxTensor *features, QrxTable *table, QrxIndex *rows,
                                          QrxTensor *values, QrxTensor *gradients, QrxContext *context,
                                          GCancellable *cancellable, GError **error);

/* Continues a table's flow through layers of a fitted model, with the values that they have. */
QRX_API QrxFlow *qrx_model_graft (QrxModel *self, const char *layer, QrxFlow *source, const char *id, gboolean frozen,
                                  GError **error);

QRX_API guint qrx_model_get_n_layers (QrxModel *self);
QRX_API QrxLayer *qrx_model_get_layer (QrxModel *self, guint i);
QRX_API gsize qrx_model_get_n_parameters (QrxModel *self); /* learned numbers in all */
QRX_API gsize qrx_model_get_n_layer_parameters (QrxModel *self, const char *layer_id);
/* Parameters are "<layer id>.<name>"; values are copies. */
QRX_API char **qrx_model_dup_parameter_names (QrxModel *self);
QRX_API QrxTensor *qrx_model_get_parameter (QrxModel *self, const char *name); /* nullable, transfer full */
/* until published */
QRX_API gboolean qrx_model_set_parameter (QrxModel *self, const char *name, QrxTensor *value, GError **error);
QRX_API void qrx_model_set_target_scaling (QrxModel *self, double mean, double deviation);
QRX_API double qrx_model_get_target_mean (QrxModel *self);
QRX_API double qrx_model_get_target_deviation (QrxModel *self);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whatever was fitted and can meet a new table: column names, target, unit, and the rows that made it. */
#pragma once

#include <qrx/qrx-context.h>
#include <qrx/qrx-predictions.h>
#include <qrx/qrx-registry.h>
#include <qrx/qrx-safetensors.h>

G_BEGIN_DECLS

/**
 * QrxPredictorFile: (skip)
 * @write: adds tensors and metadata to a model file
 * @read: reads them back into a fresh object
 *
 * How one kind of predictor is written and read, in C.
 */
typedef struct {
  gboolean (*write) (gpointer self, QrxSafetensorsWriter *writer, GError **error);
  gboolean (*read) (gpointer self, QrxSafetensors *file, QrxRegistry *registry, GError **error);
} QrxPredictorFile;

#define QRX_TYPE_PREDICTOR (qrx_predictor_get_type ())
QRX_API G_DECLARE_DERIVABLE_TYPE (QrxPredictor, qrx_predictor, QRX, PREDICTOR, QrxValue)

/**
 * QrxPredictorClass:
 * @name: as model files write the type
 * @fill: fills @values, float64 (rows, 1), in the target's unit, for every row of @table
 * @file: a static QrxPredictorFile, or %NULL if such predictors are not written to files
 *
 * The class of predictors. Kind "model".
 */
struct _QrxPredictorClass {
  QrxValueClass parent_class;
  const char *name;
  gboolean (*fill) (QrxPredictor *self, QrxTable *table, QrxTensor *values, QrxContext *context, GCancellable *cancellable,
                       GError **error);
  gconstpointer file; /* a QrxPredictorFile; introspection knows no C-only arguments */
  gpointer padding[6];
};

/* What a predictor remembers of the table that fitted it. Set while building, by whoever fits. */
QRX_API void qrx_predictor_set_producer (QrxPredictor *self, const char *node_id);
/* columns, target, unit, orientation, median, notes, ids */
QRX_API void qrx_predictor_learn_from (QrxPredictor *self, QrxTable *table, gsize target);
QRX_API void qrx_predictor_add_annotation (QrxPredictor *self, const char *name);
/* Ids (and donors, lines) of rows that fitted or selected any part, grafted models' included. */
QRX_API void qrx_predictor_add_fitted_rows (QrxPredictor *self, QrxTable *table, QrxIndex *rows);
QRX_API void qrx_predictor_add_fitted_rows_of (QrxPredictor *self, QrxPredictor *other);

/* The predictions are probabilities that a row is sensitive, rather than values of the target. */
QRX_API void qrx_predictor_set_probability (QrxPredictor *self, gboolean probability);
QRX_API gboolean qrx_predictor_is_probability (QrxPredictor *self);

QRX_API const char *qrx_predictor_get_producer (QrxPredictor *self);
QRX_API const char *const *qrx_predictor_get_columns (QrxPredictor *self);
QRX_API const char *const *qrx_predictor_get_annotations (QrxPredictor *self);
QRX_API const char *qrx_predictor_get_target_name (QrxPredictor *self);
QRX_API const char *qrx_predictor_get_target_unit (QrxPredictor *self);
QRX_API QrxOrientation qrx_predictor_get_orientation (QrxPredictor *self);
QRX_API double qrx_predictor_get_threshold (QrxPredictor *self); /* the training median; NaN if unknown */
/* Whether a row of a table, or another of its donor or line, fitted or selected any part of the predictor. */
QRX_API gboolean qrx_predictor_was_fitted_on (QrxPredictor *self, QrxTable *table, gsize row);

/* Predicts every row. Columns are matched by name: missing ones are an error that lists them. Rows with the role validation are
 * allowed to have selected the model; rows with the role test or external that took any part are QRX_DATA_ERROR_LEAKAGE unless
 * @allow_leakage, and then the predictions are marked. */
QRX_API QrxPredictions *qrx_predictor_predict (QrxPredictor *self, QrxTable *table, gboolean allow_leakage, QrxContext *context,
                                               GCancellable *cancellable, GError **error);
/* Predicts every row, targets or not: float64 (rows, 1) in the target's unit. */
QRX_API QrxTensor *qrx_predictor_predict_values (QrxPredictor *self, QrxTable *table, QrxContext *context,
                                                 GCancellable *cancellable, GError **error);
/* Writes a safetensors file with all that prediction needs; deterministic bytes. */
QRX_API gboolean qrx_predictor_save (QrxPredictor *self, const char *path, GError **error);
/* Any predictor back from its file; its kind is found by the class's name among the types that are registered with GObject. */
QRX_API QrxPredictor *qrx_predictor_load (QrxRegistry *registry, const char *path, GError **error);

G_END_DECLS

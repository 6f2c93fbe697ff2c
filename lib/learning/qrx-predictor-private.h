/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the learning floor needs of predictors beside their public face. */
#pragma once

#include <json-glib/json-glib.h>
#include <qrx/qrx-predictor.h>

/* Reads features of table rows as the predictor's own columns, in its order, whatever the table's; out is (length of
 * rows, columns). */
typedef struct _QrxColumnMap QrxColumnMap;
QrxColumnMap *qrx_column_map_new (const char *const *columns, QrxTable *table, const char *who, GError **error);
void qrx_column_map_free (QrxColumnMap *self);
gboolean qrx_column_map_read (QrxColumnMap *self, QrxIndex *rows, QrxTensor *out, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxColumnMap, qrx_column_map_free)

/* What every predictor remembers. */
typedef struct {
  char *producer;
  char **columns;
  GPtrArray *annotations; /* names, NULL-terminated */
  char *target_name;
  char *target_unit;
  QrxOrientation orientation;
  double threshold;
  gboolean probability; /* predicts how likely a row is sensitive, not the target's own value */
  GHashTable *fitted; /* set of "id:…", "donor:…", "line:…" */
} QrxPredictorPrivate;

QrxPredictorPrivate *qrx_predictor_peek (QrxPredictor *self);

/* What a file remembers of a predictor beside its tensors. */
JsonNode *qrx_predictor_to_json_node (QrxPredictor *self);
gboolean qrx_predictor_read_json_node (QrxPredictor *self, JsonNode *node, GError **error);

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The inside of a model: slots, one a layer, in topological order; the last is the output. */
#pragma once

#include "learning/qrx-flow-private.h"
#include "learning/qrx-plan-private.h"
#include "learning/qrx-predictor-private.h"

#include <qrx/qrx-model.h>

#define QRX_SLOT_TABLE (-1) /* an input that is the table's features */
#define QRX_SLOT_ANNOTATION(i) (-2 - (int) (i)) /* an input that is an annotation: the model's i-th; its own inverse */
#define QRX_SLOT_NONE G_MININT
#define QRX_PANEL_ROWS 128  /* rows are predicted in panels of this many, padded, so that none depends on its neighbours */

typedef struct {
  char *id; /* the layer's, behind that of the node that grafted it */
  QrxLayer *layer;
  QrxBundle *captured;
  QrxPlan *plan;
  guint n_inputs;
  int *inputs;    /* slots, QRX_SLOT_TABLE or QRX_SLOT_ANNOTATION */
  char *quantity; /* of the output */
  gboolean reads_angles; /* the interface between the classical and the quantum part */
  GPtrArray *raw;       /* what the optimizer moves, in the plan's order */
  GPtrArray *effective; /* what the layer sees; the same tensor where the two agree */
  GPtrArray *buffers;
  gboolean trainable; /* has a parameter that learns */
  gboolean fitted;    /* the buffers are those of a fit */
  gboolean frozen;    /* grafted, and kept as it was: always in evaluation mode */
  gboolean constant;  /* the same for a row throughout a fit: nothing in it or before it learns or depends on the batch */
} QrxSlot;

struct _QrxModel {
  QrxPredictor parent_instance;
  GPtrArray *slots; /* of QrxSlot */
  GPtrArray *annotations; /* of QrxAnnotation: what layers are given of rows beside features */
  QrxDtype dtype;
  guint64 seed;
  double target_mean, target_deviation;
  int target_annotation;  /* which of the annotations the target was centred by; −1 for none */
  double *target_centres; /* for each of its categories the mean that was taken off; target_mean for rows of none */
};

static inline QrxSlot *
qrx_model_slot (QrxModel *self, guint i)
{
  return self->slots->pdata[i];
}

/* What is added to each row's scaled prediction: the mean of all, or that of the row's own group. */
double *qrx_model_dup_centres (QrxModel *self, QrxTable *table, GError **error);
void qrx_slot_free (gpointer slot);
/* Effective values from raw ones, after the raw ones moved. */
void qrx_slot_refresh (QrxSlot *slot);
/* Appends a slot for a layer and prepares it; @id may be NULL for the layer's own. */
QrxSlot *qrx_model_add_slot (QrxModel *self, const char *id, QrxLayer *layer, QrxBundle *captured, const int *inputs,
                             guint n_inputs, gsize width, const char *quantity, GError **error);
/* The place of an annotation among the model's, where it is added if it is new. */
guint qrx_model_add_annotation (QrxModel *self, QrxAnnotation *annotation);
/* The columns of an input: of a slot's output, of an annotation or of the table's features. */
gsize qrx_model_get_source_width (QrxModel *self, int source);
/* The columns of what comes out: of the last layer, or of the table for a model without layers. */
gsize qrx_model_get_output_width (QrxModel *self);
/* Ends a model in a layer that predicts and was fitted elsewhere; the caller fills its buffers. */
QrxSlot *qrx_model_append_layer (QrxModel *self, QrxLayer *layer, GError **error);
/* Decides which slots are constant; @watched (nullable) marks slots that must not count as such. */
void qrx_model_find_constants (QrxModel *self, const gboolean *watched);
/* The slot of a flow, QRX_SLOT_TABLE or QRX_SLOT_ANNOTATION for a source, QRX_SLOT_NONE if it is not part of the model. */
int qrx_model_find_flow (GHashTable *places, QrxFlow *flow);
/* As qrx_model_new(), and fills @places with where each flow went: QrxFlow → slot. */
QrxModel *qrx_model_build (QrxFlow *flow, gsize target, QrxDtype dtype, guint64 seed, GHashTable *places, GError **error);
gboolean qrx_model_fit_slots (QrxModel *self, QrxTable *table, gsize target, QrxPool *pool, GError **error);
/* Finds a parameter by "<layer>.<name>"; FALSE where there is none. */
gboolean qrx_model_locate (QrxModel *self, const char *name, QrxSlot **slot, guint *parameter);
#define QRX_MODEL_KEY_LAYERS "qrx.layers"
/* An error about the header of a model file; FALSE. */
gboolean qrx_model_set_malformed (const char *what, GError **error);
/* Annotations, and how the target was centred by one, as members of the header's object. */
void qrx_model_write_annotations (QrxModel *self, JsonBuilder *builder);
gboolean qrx_model_read_annotations (QrxModel *self, JsonObject *object, GError **error);
extern const QrxPredictorFile qrx_model_file;

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The inside of a model: slots, one a layer, in topological order; the last is the output. */
#pragma once

#include "learning/qrx-flow-private.h"
#include "learning/qrx-plan-private.h"
#include "learning/qrx-predictor-private.h"

#include <qrx/qrx-model.h>

#define QRX_SLOT_TABLE (-1) /* an input that is the table's features */
#define QRX_PANEL_ROWS 128  /* rows are predicted in panels of this many, padded, so that none depends on its neighbours */

typedef struct {
  char *id; /* the layer's, behind that of the node that grafted it */
  QrxLayer *layer;
  QrxBundle *captured;
  QrxPlan *plan;
  guint n_inputs;
  int *inputs;    /* slots, or QRX_SLOT_TABLE */
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
  QrxDtype dtype;
  guint64 seed;
  double target_mean, target_deviation;
};

static inline QrxSlot *
qrx_model_slot (QrxModel *self, guint i)
{
  return self->slots->pdata[i];
}

void qrx_slot_free (gpointer slot);
/* Effective values from raw ones, after the raw ones moved. */
void qrx_slot_refresh (QrxSlot *slot);
/* Appends a slot for a layer and prepares it; @id may be NULL for the layer's own. */
QrxSlot *qrx_model_add_slot (QrxModel *self, const char *id, QrxLayer *layer, QrxBundle *captured, const int *inputs,
                             guint n_inputs, gsize table_width, gsize width, const char *quantity, const char *const *table_names,
                             GError **error);
/* The columns of what comes out: of the last layer, or of the table for a model without layers. */
gsize qrx_model_get_output_width (QrxModel *self);
/* Ends a model in a layer that predicts and was fitted elsewhere; the caller fills its buffers. */
QrxSlot *qrx_model_append_layer (QrxModel *self, QrxLayer *layer, GError **error);
/* Decides which slots are constant; @watched (nullable) marks slots that must not count as such. */
void qrx_model_find_constants (QrxModel *self, const gboolean *watched);
/* The slot of a flow, QRX_SLOT_TABLE for a source, −2 if it is not part of the model. */
int qrx_model_find_flow (GHashTable *places, QrxFlow *flow);
/* As qrx_model_new(), and fills @places with where each flow went: QrxFlow → slot + 2. */
QrxModel *qrx_model_build (QrxFlow *flow, gsize target, QrxDtype dtype, guint64 seed, GHashTable *places, GError **error);
gboolean qrx_model_fit_slots (QrxModel *self, QrxTable *table, gsize target, QrxPool *pool, GError **error);
/* Finds a parameter by "<layer>.<name>"; FALSE where there is none. */
gboolean qrx_model_locate (QrxModel *self, const char *name, QrxSlot **slot, guint *parameter);
extern const QrxPredictorFile qrx_model_file;

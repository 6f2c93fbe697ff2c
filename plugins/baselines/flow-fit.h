/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What baselines that take a flow of features share: the rows they are fitted on, and the model that they end. */
#pragma once

#include <qrx/qrx-model.h>

G_BEGIN_DECLS

typedef struct {
  QrxTable *table;     /* the flow's */
  gsize target;        /* which of its targets */
  QrxModel *model;     /* the layers of the flow, fitted; whoever uses this appends the last */
  QrxIndex *rows;      /* training rows with a known target, in the order of their ids */
  double *targets;     /* of these rows; they vary */
  QrxTensor *features; /* of these rows, float64 (n, W), the caller's to overwrite */
} FlowFit;

/* Fits the layers of the flow at "in" and evaluates them on the training rows; a layer that learns by gradient is
 * refused. */
gboolean flow_fit_begin (FlowFit *self, QrxNode *node, QrxBundle *in, const char *target, QrxContext *context,
                         GCancellable *cancellable, GError **error);
/* Predicts every row of the table and sets the outputs "predictions" and "model". */
gboolean flow_fit_end (FlowFit *self, gboolean allow_leakage, QrxBundle *out, QrxContext *context,
                       GCancellable *cancellable, GError **error);
/* Takes the mean from the targets, and returns it. */
double flow_fit_centre_targets (FlowFit *self);
void flow_fit_clear (FlowFit *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlowFit, flow_fit_clear)

/* Declares the ports that go with it, and the properties "target" and "allow-leakage". */
void flow_fit_declare (QrxNodeClass *klass, gsize target_offset, gsize allow_leakage_offset, const char *model_blurb);

G_END_DECLS

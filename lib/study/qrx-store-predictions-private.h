/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Predictions of a store's trials, for summaries. */
#pragma once

#include <qrx/qrx-store.h>

#include "study/qrx-summary-private.h"

G_BEGIN_DECLS

typedef struct _QrxPredictionReader QrxPredictionReader;

/* Strings go into the chunk; it and the store outlive the reader. The store's mutex is held. */
QrxPredictionReader *qrx_prediction_reader_new (QrxStore *store, GStringChunk *strings);
void qrx_prediction_reader_free (QrxPredictionReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxPredictionReader, qrx_prediction_reader_free)
/* The rows of a role, and of a drug where @drug is not NULL, that have a measured value; @rows stays where the node left no
 * predictions. */
gboolean qrx_prediction_reader_read (QrxPredictionReader *self, gint64 trial, const char *node, guint8 role,
                                     const char *drug, QrxSummaryRows **rows, GError **error);

G_END_DECLS

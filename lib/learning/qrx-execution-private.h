/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The steps of a model's layers for a number of rows, wired together: who reads whose output, who needs whose gradient. */
#pragma once

#include "learning/qrx-model-private.h"
#include "learning/qrx-step-private.h"

typedef struct _QrxExecution QrxExecution;

/* Only the slots marked in @active (NULL = all) are run; what they read from others is a feed. */
QrxExecution *qrx_execution_new (QrxModel *model, QrxMode mode, gsize n_rows, const gboolean *active, QrxPool *pool,
                                 GError **error);
void qrx_execution_free (QrxExecution *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxExecution, qrx_execution_free)

/* Marks slots whose output gradient somebody reads although nothing before them learns. Before the first forward. */
void qrx_execution_watch (QrxExecution *self, const gboolean *watched);
/* Has backward() go all the way to the table, in evaluation mode too. */
void qrx_execution_differentiate (QrxExecution *self);
gsize qrx_execution_get_n_rows (QrxExecution *self);
/* The tensor to fill for a source (slot, QRX_SLOT_TABLE or QRX_SLOT_ANNOTATION), NULL if nobody reads it from outside. */
QrxTensor *qrx_execution_get_feed (QrxExecution *self, int source);
QrxStep *qrx_execution_get_step (QrxExecution *self, guint slot); /* NULL where it is not active */
QrxTensor *qrx_execution_get_output (QrxExecution *self);         /* the last slot's */
QrxTensor *qrx_execution_get_output_gradient (QrxExecution *self);
/* @number keys the layers' random streams. */
gboolean qrx_execution_forward (QrxExecution *self, guint64 number, GError **error);
gboolean qrx_execution_backward (QrxExecution *self, GError **error);

/* Where rows come from while a model meets one table: the table itself, or outputs of constant slots computed beforehand. */
typedef struct _QrxFeeder QrxFeeder;
QrxFeeder *qrx_feeder_new (QrxModel *model, QrxTable *table, GError **error);
void qrx_feeder_free (QrxFeeder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxFeeder, qrx_feeder_free)
/* Computes the output of a slot for every row of the table, once. */
gboolean qrx_feeder_cache (QrxFeeder *self, guint slot, QrxPool *pool, GError **error);
/* Fills the feeds of an execution with the rows named, n of them at most as many as it has; the rest repeats the last. */
gboolean qrx_feeder_fill (QrxFeeder *self, QrxExecution *execution, const guint *rows, gsize n, GError **error);
/* The output of a slot (or the table's features) for rows, in evaluation mode: (n, width) in the model's element type. */
QrxTensor *qrx_feeder_evaluate (QrxFeeder *self, int slot, const guint *rows, gsize n, QrxPool *pool,
                                GCancellable *cancellable, GError **error);

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pieces of a fit: its data, its minibatches, its end. */
#pragma once

#include "learning/qrx-loss-private.h"
#include "learning/qrx-optimizer-private.h"

typedef struct {
  QrxModel *model;
  const QrxFitOptions *options;
  QrxContext *context;
  QrxPool *pool;
  QrxLoss loss;
  QrxTable *table;
  QrxFeeder *feeder;
  GArray *train, *validation; /* table rows (guint) with a known target */
  double *targets;            /* by table row, as the loss sees them */
  gboolean *active;           /* slots that a minibatch runs */
  gboolean *watched;          /* slots whose output gradients somebody reads */
  GPtrArray *monitors;        /* of QrxFitMonitor */
  QrxHistory *history;
  QrxOptimizer *optimizer;
  GHashTable *executions; /* number of rows → QrxExecution, for training */
  QrxExecution *whole;    /* all training rows in evaluation mode, for monitors */
  guint64 n_steps;
} QrxFit;

typedef struct {
  QrxProbe *probe;
  int slot;
  QrxTensor *gradients; /* (training rows, width) */
  gboolean warned;
} QrxFitMonitor;

/* Rows, targets and their scaling. */
gboolean qrx_fit_take_data (QrxFit *self, gsize target, GError **error);
gboolean qrx_fit_load_initial (QrxModel *model, const char *path, GError **error);
gboolean qrx_fit_add_monitors (QrxFit *self, GPtrArray *probes, GHashTable *places, GError **error);
/* One pass over the training rows: their mean loss. */
gboolean qrx_fit_epoch (QrxFit *self, guint epoch, double rate, double *train_loss, GCancellable *cancellable, GError **error);
gboolean qrx_fit_validate (QrxFit *self, double *loss, GCancellable *cancellable, GError **error);
gboolean qrx_fit_measure (QrxFit *self, guint epoch, GError **error);
void qrx_fit_record_parameters (QrxFit *self, guint epoch);
/* All raw parameters and buffers, to go back to. */
GPtrArray *qrx_fit_snapshot (QrxModel *model);
void qrx_fit_restore (QrxModel *model, GPtrArray *snapshot);

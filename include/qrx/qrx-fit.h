/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fitting a prediction flow by gradient descent: loss, optimizer, schedule, stopping, history. */
#pragma once

#include <qrx/qrx-model.h>
#include <qrx/qrx-monitor.h>

G_BEGIN_DECLS

/* C only; what a trainer's properties come to. Zero-initialized fields are not defaults: fill all. */
typedef struct {
  const char *loss;      /* "mse" | "huber" | "binary-cross-entropy" */
  double huber_delta;    /* in units of the scaled target */
  const char *optimizer; /* "adam" | "adamw" | "sgd" */
  double learning_rate, beta1, beta2, epsilon, momentum, weight_decay;
  const char *schedule; /* "constant" | "cosine" | "step" | "exponential" | "plateau" */
  guint warmup, step_epochs;
  double decay;     /* of step, exponential and plateau */
  double clip_norm; /* 0 = off */
  guint epochs, batch_size;
  guint patience; /* 0 = no early stopping */
  double min_delta;
  gboolean restore_best;
  gboolean shuffle, scale_target;
  const char *centre_by; /* nullable: the annotation whose groups' means are taken from the target before it is scaled */
  gboolean record_steps; /* the history has a row a minibatch, with its loss, instead of a row an epoch */
  QrxDtype dtype;
  guint64 seed;
  const char *node;    /* the trainer's id, for messages and random streams */
  const char *initial; /* nullable: path of a safetensors file of parameters */
} QrxFitOptions;

/* Fits; @monitors is a list of QrxProbe. The history has train-loss, validation-loss (if there are such rows), learning-rate,
 * gradient-norm (all parameters), output-gradient-norm (at a row's prediction, mean over rows), interface-gradient-norm (at
 * each circuit's input), epoch, and recorded parameters. */
QRX_API QrxModel *qrx_fit (QrxFlow *flow, gsize target, const QrxFitOptions *options, GPtrArray *monitors, QrxHistory *history,
                           QrxContext *context, GCancellable *cancellable, GError **error);

G_END_DECLS

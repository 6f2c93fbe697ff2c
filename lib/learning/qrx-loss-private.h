/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Losses: a mean over rows, and its gradient. */
#pragma once

#include <qrx/qrx-tensor.h>

typedef enum {
  QRX_LOSS_MSE,                  /* (z − y)² */
  QRX_LOSS_HUBER,                /* Huber 1964, doi:10.1214/aoms/1177703732: quadratic to delta, linear beyond */
  QRX_LOSS_BINARY_CROSS_ENTROPY, /* of the logit z, y in {0, 1} */
} QrxLossKind;

typedef struct {
  QrxLossKind kind;
  double delta;
} QrxLoss;

gboolean qrx_loss_parse (const char *name, double delta, QrxLoss *loss);
/* The loss of the first n outputs; @gradient (nullable) gets d(loss)/d(output). @targets has n entries. */
double qrx_loss_evaluate (const QrxLoss *self, QrxTensor *outputs, const double *targets, gsize n, QrxTensor *gradient);

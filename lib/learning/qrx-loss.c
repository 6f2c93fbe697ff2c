/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Losses are few, small and computed in float64 whatever the model's element type. */
#include "learning/qrx-loss-private.h"

#include <math.h>

static const char *const names[] = { "mse", "huber", "binary-cross-entropy" };

gboolean
qrx_loss_parse (const char *name, double delta, QrxLoss *loss)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (name, names[i]) == 0)
      {
        *loss = (QrxLoss){ .kind = i, .delta = delta };
        return TRUE;
      }
  return FALSE;
}

/* The loss of one row and its derivative. */
static double
one (const QrxLoss *self, double z, double y, double *slope)
{
  double d = z - y;

  switch (self->kind)
    {
    case QRX_LOSS_HUBER:
      *slope = fmax (-self->delta, fmin (self->delta, d));
      return fabs (d) <= self->delta ? 0.5 * d * d : self->delta * (fabs (d) - 0.5 * self->delta);
    case QRX_LOSS_BINARY_CROSS_ENTROPY:
      *slope = 1 / (1 + exp (-z)) - y;
      return fmax (z, 0) - z * y + log1p (exp (-fabs (z)));
    case QRX_LOSS_MSE:
    default:
      *slope = 2 * d;
      return d * d;
    }
}

double
qrx_loss_evaluate (const QrxLoss *self, QrxTensor *outputs, const double *targets, gsize n, QrxTensor *gradient)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    {
      double slope;

      sum += one (self, qrx_tensor_get (outputs, i), targets[i], &slope);
      if (gradient != NULL)
        qrx_tensor_set (gradient, i, slope / (double) n);
    }
  return sum / (double) n;
}

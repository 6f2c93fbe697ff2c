/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The loops beneath qrx-kernels.h: what one element type on one processor level offers. */
#pragma once

#include <qrx/qrx-kernels.h>

/* Adam's settings as a loop wants them. */
typedef struct {
  double scale; /* of the gradient */
  double beta1, beta2, epsilon;
  double step_size;   /* learning rate, bias of the mean corrected */
  double root_factor; /* corrects the bias of the root of the mean square */
  double l2;          /* added to the gradient for each unit of the parameter */
  double shrink;      /* multiplies the parameter */
} QrxLoopsAdam;

/* The same of descent with momentum. */
typedef struct {
  double scale; /* of the gradient */
  double l2;
  double momentum;
  double rate;
} QrxLoopsSgd;

#define QRX_LOOPS_N_LANES 16
#define QRX_LOOPS_PIECE 16384 /* elements of a block of work */

typedef struct {
  void (*activate) (QrxActivation activation, gsize n, gconstpointer x, gpointer y);
  void (*activate_backward) (QrxActivation activation, gsize n, gconstpointer x, gconstpointer y, gconstpointer gy,
                             gpointer gx);
  void (*add) (gsize n, gconstpointer x, gpointer y);
  void (*scale) (gsize n, double factor, gpointer x);
  void (*axpy) (gsize n, double factor, gconstpointer x, gpointer y);
  gboolean (*is_finite) (gsize n, gconstpointer x);
  /* Adds a row to sums in double precision. */
  void (*accumulate) (gsize n, gconstpointer x, double *sums);
  /* Adds products to lanes: element i goes to lane i modulo the number of lanes. */
  void (*dot) (gsize n, gconstpointer x, gconstpointer y, double *lanes);
  void (*adam) (const QrxLoopsAdam *settings, gsize n, gconstpointer gradient, gpointer parameters, gpointer mean,
                gpointer square);
  void (*sgd) (const QrxLoopsSgd *settings, gsize n, gconstpointer gradient, gpointer parameters, gpointer velocity);
} QrxLoops;

const QrxLoops *qrx_loops_get (QrxDtype dtype, gboolean wide);
gboolean qrx_loops_has_wide (void);

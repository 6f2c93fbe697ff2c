/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the methods of the gradient backend work on. */
#pragma once

#include <qrx/qrx-gradient.h>

#include "quantum/qrx-circuit-private.h"

G_BEGIN_DECLS

/* One gradient to take; what nobody wants is NULL. */
typedef struct {
  QrxBackend *backend; /* whose expectations are evaluated */
  QrxProgram *program;
  QrxWorkspace *workspace;
  QrxTensor *inputs; /* (rows, inputs), at which the gradient is taken; may be moved and put back */
  QrxTensor *weights;
  QrxTensor *cotangents;
  QrxTensor *expectations; /* (rows, observables), to work in */
  QrxPool *pool;
  double step;
  guint averages;
  QrxRandom *random;
  double *by_inputs;  /* (rows, inputs), zero before */
  double *by_weights; /* zero before */
} QrxGradientJob;

/* For each row, the sum of cotangent times expectation where inputs and weights are now. */
gboolean qrx_gradient_job_evaluate (const QrxGradientJob *self, double *values, GError **error);

/* A circuit in which each use of an input or a weight has an angle of its own, and the memory to shift these. */
typedef struct _QrxShifts QrxShifts;

QrxShifts *qrx_shifts_new (QrxBackend *backend, QrxCircuit *circuit, guint64 max_rows, QrxDtype dtype, GError **error);
void qrx_shifts_free (QrxShifts *self);
guint64 qrx_shifts_get_size (QrxShifts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxShifts, qrx_shifts_free)

/* The methods. Each adds to by_inputs and by_weights. */
gboolean qrx_gradient_shift (const QrxGradientJob *job, QrxShifts *shifts, GError **error);
gboolean qrx_gradient_difference (const QrxGradientJob *job, GError **error);
gboolean qrx_gradient_perturb (const QrxGradientJob *job, GError **error);

G_END_DECLS

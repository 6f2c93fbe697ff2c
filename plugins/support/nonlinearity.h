/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The choice "silu|relu|tanh|none" that several layers have, and dropout. */
#pragma once

#include <qrx/qrx-step.h>

G_BEGIN_DECLS

/* y = f (x); not in place, since the way back needs both. */
void qrx_nonlinearity_forward (const char *name, QrxStep *step, QrxTensor *x, QrxTensor *y);
/* Turns the gradient by y into that by x, in place. */
void qrx_nonlinearity_backward (const char *name, QrxStep *step, QrxTensor *x, QrxTensor *y, QrxTensor *gradient);

/* Draws a mask of zeros, with the given probability, and of factors that make up for them. */
void qrx_dropout_draw (QrxRandom *random, double probability, QrxTensor *mask);
/* y = mask ∘ x; @y may be @x. */
void qrx_dropout_apply (QrxTensor *mask, QrxTensor *x, QrxTensor *y);

G_END_DECLS

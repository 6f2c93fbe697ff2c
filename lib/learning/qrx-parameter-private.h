/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The learning floor's view of a parameter: how it starts, and how what is learned becomes what a layer sees. */
#pragma once

#include <qrx/qrx-parameter.h>

typedef enum {
  QRX_START_CONSTANT,
  QRX_START_UNIFORM,
  QRX_START_NORMAL,
  QRX_START_TWICE,
  QRX_START_VALUES,
} QrxStart;

struct _QrxParameter {
  GObject parent_instance;
  char *name;
  gsize rows, columns; /* as the layer sees it */
  QrxStart start;
  double first, second; /* of the start: value; low, high; mean, deviation */
  gsize block; /* of the start */
  QrxTensor *values;
  double rate;
  gboolean trainable;
  gboolean shared;   /* one learned number stands for all elements */
  gboolean softplus; /* what is learned is mapped to log(1 + exp(raw)) */
  gboolean decays;
  gboolean recorded;
};

QrxParameter *qrx_parameter_new (const char *name, gsize rows, gsize columns);
QrxParameter *qrx_parameter_new_scalar (const char *name, gsize columns, const QrxScalar *scalar);

/* Whether the raw tensor can be the one the layer sees. */
gboolean qrx_parameter_is_direct (QrxParameter *self);
/* A raw tensor with the starting values, drawn from a stream keyed by (seed, layer, name). */
QrxTensor *qrx_parameter_create_raw (QrxParameter *self, QrxDtype dtype, guint64 seed, const char *layer);
/* raw → effective; effective is (rows, columns). */
void qrx_parameter_expand (QrxParameter *self, QrxTensor *raw, QrxTensor *effective);
/* gradient of the effective values → gradient of the raw ones. */
void qrx_parameter_fold (QrxParameter *self, QrxTensor *raw, QrxTensor *effective_gradient, QrxTensor *raw_gradient);
/* The raw value that makes an effective one. */
double qrx_parameter_invert (QrxParameter *self, double effective);

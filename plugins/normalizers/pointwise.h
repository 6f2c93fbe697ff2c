/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The base of normalizers that map each number by itself: a subclass gives a formula, its derivatives and its bounds.
 */
#pragma once

#include <qrx/qrx-layer.h>

G_BEGIN_DECLS

#define QRX_POINTWISE_MAX_SCALARS 3

#define QRX_TYPE_POINTWISE (qrx_pointwise_get_type ())
G_DECLARE_DERIVABLE_TYPE (QrxPointwise, qrx_pointwise, QRX, POINTWISE, QrxLayer)

/**
 * QrxPointwiseClass:
 * @scalars: names of the scalar properties that the formula uses, in the order of @s below; the rest %NULL
 * @value: y(x) for the scalars @s
 * @slope: dy/dx, and the derivatives by each scalar in @ds
 * @bounds: optional: what y stays within for the scalars @s
 *
 * The class of pointwise normalizers. Formulas are evaluated in double precision whatever the element type.
 */
struct _QrxPointwiseClass {
  QrxLayerClass parent_class;
  const char *scalars[QRX_POINTWISE_MAX_SCALARS];
  double (*value) (const double *s, double x);
  double (*slope) (const double *s, double x, double *ds);
  void (*bounds) (const double *s, double *low, double *high);
};

/* Declares what all normalizers have in common: category and ports. */
void qrx_pointwise_class_describe (QrxPointwiseClass *klass, const char *name, const char *summary);
/* Declares a scalar property that the formula uses next. */
void qrx_pointwise_class_add_scalar (QrxPointwiseClass *klass, const char *name, gsize offset, double minimum,
                                     double maximum, double value, const char *unit, const char *blurb);

G_END_DECLS

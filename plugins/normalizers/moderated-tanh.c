/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The moderated tanh of arXiv 2505.10037, and the tanh and sigmoid normalizers, which are the same family. */
#include "normalizers/pointwise.h"

#include <math.h>

struct _QrxModeratedTanh {
  QrxPointwise parent_instance;
  QrxScalar *a;
  QrxScalar *r;
  QrxScalar *offset;
};

G_DECLARE_FINAL_TYPE (QrxModeratedTanh, qrx_moderated_tanh, QRX, MODERATED_TANH, QrxPointwise)
G_DEFINE_FINAL_TYPE (QrxModeratedTanh, qrx_moderated_tanh, QRX_TYPE_POINTWISE)

enum { A, R, OFFSET };

static double
moderated_tanh_value (const double *s, double x)
{
  return s[OFFSET] + s[R] * tanh (x / s[A]);
}

static double
moderated_tanh_slope (const double *s, double x, double *ds)
{
  double u = x / s[A], e = exp (-2 * fabs (u));
  double sech2 = 4 * e / ((1 + e) * (1 + e)); /* accurate where tanh is saturated, unlike 1 − tanh² */

  ds[A] = -s[R] * u / s[A] * sech2;
  ds[R] = tanh (u);
  ds[OFFSET] = 1;
  return s[R] / s[A] * sech2;
}

static void
moderated_tanh_bounds (const double *s, double *low, double *high)
{
  *low = s[OFFSET] - s[R];
  *high = s[OFFSET] + s[R];
}

static void
add_presets (QrxNodeClass *klass)
{
  qrx_node_class_add_preset (klass, "tanh-half-pi", "{\"a\": 1, \"r\": \"pi/2\", \"offset\": 0}",
                             "(π/2)·tanh(φ), as in Mari et al. 2020 (arXiv:1912.08278)");
  qrx_node_class_add_preset (klass, "tanh-pi", "{\"a\": 1, \"r\": \"pi\", \"offset\": 0}", "π·tanh(φ)");
  qrx_node_class_add_preset (klass, "sigmoid-pi", "{\"a\": 2, \"r\": \"pi/2\", \"offset\": \"pi/2\"}",
                             "π·σ(φ), which is π/2 + (π/2)·tanh(φ/2)");
  qrx_node_class_add_preset (klass, "sigmoid-two-pi", "{\"a\": 2, \"r\": \"pi\", \"offset\": \"pi\"}",
                             "2π·σ(φ), which is π + π·tanh(φ/2)");
}

static void
qrx_moderated_tanh_class_init (QrxModeratedTanhClass *klass)
{
  QrxPointwiseClass *pointwise_class = QRX_POINTWISE_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  pointwise_class->value = moderated_tanh_value;
  pointwise_class->slope = moderated_tanh_slope;
  pointwise_class->bounds = moderated_tanh_bounds;
  qrx_pointwise_class_describe (pointwise_class, "moderated-tanh",
                                "Angles offset + r·tanh(φ/a): bounded, with a slope of its own.");
  qrx_node_class_add_citation (node_class, "Ito, Lysenko, Tsunoda 2025, arXiv:2505.10037");
  qrx_node_class_add_citation (node_class,
                               "Mari, Bromley, Izaac, Schuld, Killoran 2020, arXiv:1912.08278 (tanh-half-pi)");
  qrx_pointwise_class_add_scalar (pointwise_class, "a", G_STRUCT_OFFSET (QrxModeratedTanh, a), 1e-6, 1e6, 20, NULL,
                                  "how large φ is where the tanh bends: small values pass with the slope r/a");
  qrx_pointwise_class_add_scalar (pointwise_class, "r", G_STRUCT_OFFSET (QrxModeratedTanh, r), -1000, 1000, G_PI_2,
                                  "radian", "half the width of the range");
  qrx_pointwise_class_add_scalar (pointwise_class, "offset", G_STRUCT_OFFSET (QrxModeratedTanh, offset), -1000, 1000, 0,
                                  "radian", "middle of the range");
  add_presets (node_class);
  qrx_node_class_set_example (
      node_class, "{\"properties\": {\"a\": 5, \"r\": \"pi\"},"
                  " \"input\": [[-3, 0, 1.5, 20]],"
                  " \"expect\": {\"output\": [[-1.6871909742946072, 0, 0.9151855631759684, 3.1394855865772855]]},"
                  " \"tolerance\": 1e-13}");
}

static void
qrx_moderated_tanh_init (QrxModeratedTanh *self G_GNUC_UNUSED)
{
}

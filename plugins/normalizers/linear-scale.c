/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Angles in proportion to activations; with c = r/a it is what a moderated tanh does to small values, without its
 * bounds. */
#include "normalizers/pointwise.h"

struct _QrxLinearScale {
  QrxPointwise parent_instance;
  QrxScalar *c;
};

G_DECLARE_FINAL_TYPE (QrxLinearScale, qrx_linear_scale, QRX, LINEAR_SCALE, QrxPointwise)
G_DEFINE_FINAL_TYPE (QrxLinearScale, qrx_linear_scale, QRX_TYPE_POINTWISE)

static double
linear_scale_value (const double *s, double x)
{
  return s[0] * x;
}

static double
linear_scale_slope (const double *s, double x, double *ds)
{
  ds[0] = x;
  return s[0];
}

static void
qrx_linear_scale_class_init (QrxLinearScaleClass *klass)
{
  QrxPointwiseClass *pointwise_class = QRX_POINTWISE_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  pointwise_class->value = linear_scale_value;
  pointwise_class->slope = linear_scale_slope;
  qrx_pointwise_class_describe (pointwise_class, "linear-scale", "Angles c·φ, unbounded; c is the bandwidth.");
  qrx_node_class_add_citation (node_class, "Shaydulin, Wild 2021, arXiv:2111.05451 (bandwidth)");
  qrx_node_class_add_citation (node_class,
                               "Jaderberg, Gentile, Atui, Elfving 2023, arXiv:2309.03279 (trainable-frequency)");
  qrx_pointwise_class_add_scalar (pointwise_class, "c", G_STRUCT_OFFSET (QrxLinearScale, c), -1000, 1000, 1, "radian",
                                  "angle for φ = 1");
  qrx_node_class_add_preset (node_class, "trainable-frequency", "{\"c\": {\"value\": 1, \"train\": \"per-qubit\"}}",
                             "w∘φ with a learned frequency for each qubit, starting at 1");
  qrx_node_class_set_example (
      node_class, "{\"properties\": {\"c\": \"pi/40\"},"
                  " \"input\": [[-40, 0, 1, 10]],"
                  " \"expect\": {\"output\": [[-3.141592653589793, 0, 0.07853981633974483, 0.7853981633974483]]},"
                  " \"tolerance\": 1e-13}");
}

static void
qrx_linear_scale_init (QrxLinearScale *self G_GNUC_UNUSED)
{
}

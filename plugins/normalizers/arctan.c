/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Angles that grow like an arctangent: bounded, with tails much heavier than tanh's. */
#include "normalizers/pointwise.h"

#include <math.h>

struct _QrxArctan {
  QrxPointwise parent_instance;
  QrxScalar *scale;
  QrxScalar *a;
};

G_DECLARE_FINAL_TYPE (QrxArctan, qrx_arctan, QRX, ARCTAN, QrxPointwise)
G_DEFINE_FINAL_TYPE (QrxArctan, qrx_arctan, QRX_TYPE_POINTWISE)

enum { SCALE, A };

static double
arctan_value (const double *s, double x)
{
  return s[SCALE] * atan (x / s[A]);
}

static double
arctan_slope (const double *s, double x, double *ds)
{
  double u = x / s[A], slope = s[SCALE] / (s[A] * (1 + u * u));

  ds[SCALE] = atan (u);
  ds[A] = -slope * u;
  return slope;
}

static void
arctan_bounds (const double *s, double *low, double *high)
{
  *low = -s[SCALE] * G_PI_2;
  *high = s[SCALE] * G_PI_2;
}

static void
qrx_arctan_class_init (QrxArctanClass *klass)
{
  QrxPointwiseClass *pointwise_class = QRX_POINTWISE_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  pointwise_class->value = arctan_value;
  pointwise_class->slope = arctan_slope;
  pointwise_class->bounds = arctan_bounds;
  qrx_pointwise_class_describe (pointwise_class, "arctan", "Angles scale·arctan(φ/a), within ±scale·π/2.");
  qrx_node_class_add_citation (node_class, "cf. Chen, Yoo, Fang 2020, arXiv:2009.01783 (arctan before rotation gates)");
  qrx_pointwise_class_add_scalar (pointwise_class, "scale", G_STRUCT_OFFSET (QrxArctan, scale), -1000, 1000, 1, NULL,
                                  "factor on the arctangent; the range is ±scale·π/2");
  qrx_pointwise_class_add_scalar (pointwise_class, "a", G_STRUCT_OFFSET (QrxArctan, a), 1e-6, 1e6, 1, NULL,
                                  "how large φ is where the arctangent reaches half its bound");
  qrx_node_class_add_preset (node_class, "two-arctan", "{\"scale\": 2, \"a\": 1}", "2·arctan(φ), within ±π");
  qrx_node_class_set_example (
      node_class, "{\"properties\": {},"
                  " \"input\": [[-3, 0, 1, 40]],"
                  " \"expect\": {\"output\": [[-1.2490457723982544, 0, 0.7853981633974483, 1.5458015331759765]]},"
                  " \"tolerance\": 1e-13}");
}

static void
qrx_arctan_init (QrxArctan *self G_GNUC_UNUSED)
{
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Angles bounded by a quotient: the heaviest tails of the bounded normalizers, and no transcendental function. */
#include "normalizers/pointwise.h"

#include <math.h>

struct _QrxSoftsign {
  QrxPointwise parent_instance;
  QrxScalar *a;
  QrxScalar *r;
};

G_DECLARE_FINAL_TYPE (QrxSoftsign, qrx_softsign, QRX, SOFTSIGN, QrxPointwise)
G_DEFINE_FINAL_TYPE (QrxSoftsign, qrx_softsign, QRX_TYPE_POINTWISE)

enum { A, R };

static double
softsign_value (const double *s, double x)
{
  return s[R] * x / (s[A] + fabs (x));
}

static double
softsign_slope (const double *s, double x, double *ds)
{
  double d = s[A] + fabs (x);

  ds[A] = -s[R] * x / (d * d);
  ds[R] = x / d;
  return s[R] * s[A] / (d * d);
}

static void
softsign_bounds (const double *s, double *low, double *high)
{
  *low = -s[R];
  *high = s[R];
}

static void
qrx_softsign_class_init (QrxSoftsignClass *klass)
{
  QrxPointwiseClass *pointwise_class = QRX_POINTWISE_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  pointwise_class->value = softsign_value;
  pointwise_class->slope = softsign_slope;
  pointwise_class->bounds = softsign_bounds;
  qrx_pointwise_class_describe (pointwise_class, "softsign", "Angles r·φ/(a + |φ|), within ±r.");
  qrx_node_class_add_citation (node_class, "Glorot, Bengio 2010, Proc. AISTATS 9:249-256 (softsign as an activation)");
  qrx_pointwise_class_add_scalar (pointwise_class, "a", G_STRUCT_OFFSET (QrxSoftsign, a), 1e-6, 1e6, 1, NULL,
                                  "how large φ is where half the bound is reached");
  qrx_pointwise_class_add_scalar (pointwise_class, "r", G_STRUCT_OFFSET (QrxSoftsign, r), -1000, 1000, G_PI, "radian",
                                  "the bound on either side");
  qrx_node_class_set_example (node_class,
                              "{\"properties\": {\"a\": 1, \"r\": \"pi\"},"
                              " \"input\": [[-40, -1, 0.3, 3]],"
                              " \"expect\": {\"output\": [[-3.0649684425266273, -1.5707963267948966, 0.724982920059183,"
                              " 2.356194490192345]]}, \"tolerance\": 1e-13}");
}

static void
qrx_softsign_init (QrxSoftsign *self G_GNUC_UNUSED)
{
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Takes activations for angles on purpose: no normalization at all. */
#include "normalizers/pointwise.h"

struct _QrxIdentityAngle {
  QrxPointwise parent_instance;
};

G_DECLARE_FINAL_TYPE (QrxIdentityAngle, qrx_identity_angle, QRX, IDENTITY_ANGLE, QrxPointwise)
G_DEFINE_FINAL_TYPE (QrxIdentityAngle, qrx_identity_angle, QRX_TYPE_POINTWISE)

static double
identity_value (const double *s G_GNUC_UNUSED, double x)
{
  return x;
}

static double
identity_slope (const double *s G_GNUC_UNUSED, double x G_GNUC_UNUSED, double *ds G_GNUC_UNUSED)
{
  return 1;
}

static void
qrx_identity_angle_class_init (QrxIdentityAngleClass *klass)
{
  QrxPointwiseClass *pointwise_class = QRX_POINTWISE_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  pointwise_class->value = identity_value;
  pointwise_class->slope = identity_slope;
  qrx_pointwise_class_describe (pointwise_class, "identity-angle",
                                "Takes activations for angles as they are, on purpose.");
  qrx_node_class_set_example (node_class, "{\"properties\": {},"
                                          " \"input\": [[-40, -0.5], [0, 7]],"
                                          " \"expect\": {\"output\": [[-40, -0.5], [0, 7]]}, \"tolerance\": 0}");
}

static void
qrx_identity_angle_init (QrxIdentityAngle *self G_GNUC_UNUSED)
{
}

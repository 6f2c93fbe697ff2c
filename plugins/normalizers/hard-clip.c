/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Angles in proportion to activations up to a bound, where they stop. */
#include "normalizers/pointwise.h"

#include <math.h>

struct _QrxHardClip {
  QrxPointwise parent_instance;
  QrxScalar *r;
  QrxScalar *c;
};

G_DECLARE_FINAL_TYPE (QrxHardClip, qrx_hard_clip, QRX, HARD_CLIP, QrxPointwise)
G_DEFINE_FINAL_TYPE (QrxHardClip, qrx_hard_clip, QRX_TYPE_POINTWISE)

enum { R, C };

static double
hard_clip_value (const double *s, double x)
{
  double y = s[C] * x;

  return y > s[R] ? s[R] : y < -s[R] ? -s[R] : y;
}

static double
hard_clip_slope (const double *s, double x, double *ds)
{
  double y = s[C] * x;

  if (fabs (y) > s[R])
    {
      ds[R] = copysign (1, y);
      ds[C] = 0;
      return 0;
    }
  ds[R] = 0;
  ds[C] = x;
  return s[C];
}

static void
hard_clip_bounds (const double *s, double *low, double *high)
{
  *low = -s[R];
  *high = s[R];
}

static void
qrx_hard_clip_class_init (QrxHardClipClass *klass)
{
  QrxPointwiseClass *pointwise_class = QRX_POINTWISE_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  pointwise_class->value = hard_clip_value;
  pointwise_class->slope = hard_clip_slope;
  pointwise_class->bounds = hard_clip_bounds;
  qrx_pointwise_class_describe (pointwise_class, "hard-clip", "Angles c·φ, cut off at ±r.");
  qrx_node_class_add_citation (node_class, "Collobert et al. 2011, arXiv:1103.0398 (the hard tanh)");
  qrx_pointwise_class_add_scalar (pointwise_class, "r", G_STRUCT_OFFSET (QrxHardClip, r), 0, 1000, G_PI_2, "radian",
                                  "the bound on either side");
  qrx_pointwise_class_add_scalar (pointwise_class, "c", G_STRUCT_OFFSET (QrxHardClip, c), -1000, 1000, 1, "radian",
                                  "angle for φ = 1 within the bounds");
  qrx_node_class_set_example (node_class,
                              "{\"properties\": {\"r\": \"pi/2\"},"
                              " \"input\": [[-6, -1.5, 0.25, 3]],"
                              " \"expect\": {\"output\": [[-1.5707963267948966, -1.5, 0.25, 1.5707963267948966]]},"
                              " \"tolerance\": 1e-13}");
}

static void
qrx_hard_clip_init (QrxHardClip *self G_GNUC_UNUSED)
{
}

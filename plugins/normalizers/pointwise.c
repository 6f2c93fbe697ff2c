/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a formula over a batch, column by column, so that sums over rows have one fixed order. Knows no formula. */
#include "normalizers/pointwise.h"

#include "support/view.h"

G_DEFINE_ABSTRACT_TYPE (QrxPointwise, qrx_pointwise, QRX_TYPE_LAYER)

static guint
count_scalars (QrxPointwiseClass *klass)
{
  guint n = 0;

  while (n < QRX_POINTWISE_MAX_SCALARS && klass->scalars[n] != NULL)
    n++;
  return n;
}

static gboolean
pointwise_prepare (QrxLayer *layer, QrxPlan *plan, GError **error G_GNUC_UNUSED)
{
  QrxPointwiseClass *klass = QRX_POINTWISE_GET_CLASS (layer);
  guint n = count_scalars (klass);

  for (guint k = 0; k < n; k++)
    {
      g_autoptr (QrxScalar) scalar = NULL;

      g_object_get (layer, klass->scalars[k], &scalar, NULL);
      qrx_plan_add_scalar (plan, klass->scalars[k], scalar);
    }
  return TRUE;
}

/* The scalars' effective values, (1, width) each. */
static void
view_scalars (QrxPointwiseClass *klass, QrxStep *step, QrxView *views)
{
  guint n = count_scalars (klass);

  for (guint k = 0; k < n; k++)
    views[k] = qrx_view (qrx_step_get_parameter (step, klass->scalars[k]));
}

static void
pick_scalars (QrxView *views, guint n, gsize column, double *s)
{
  for (guint k = 0; k < n; k++)
    s[k] = qrx_view_get (views[k], column);
}

static gboolean
pointwise_forward (QrxLayer *layer, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxPointwiseClass *klass = QRX_POINTWISE_GET_CLASS (layer);
  QrxTensor *input = qrx_step_get_input (step, 0);
  QrxView x = qrx_view (input), y = qrx_view (qrx_step_get_output (step));
  QrxView scalars[QRX_POINTWISE_MAX_SCALARS] = { 0 };
  double s[QRX_POINTWISE_MAX_SCALARS] = { 0 };
  gsize n_rows = qrx_tensor_get_rows (input), width = qrx_tensor_get_columns (input);
  guint n_scalars = count_scalars (klass);

  view_scalars (klass, step, scalars);
  for (gsize column = 0; column < width; column++)
    {
      pick_scalars (scalars, n_scalars, column, s);
      for (gsize i = column; i < n_rows * width; i += width)
        qrx_view_set (y, i, klass->value (s, qrx_view_get (x, i)));
    }
  return TRUE;
}

static void
store_scalar_gradients (QrxPointwiseClass *klass, QrxStep *step, gsize column, const double *sums)
{
  guint n = count_scalars (klass);

  for (guint k = 0; k < n; k++)
    if (qrx_step_needs_parameter_gradient (step, klass->scalars[k]))
      qrx_tensor_set (qrx_step_get_parameter_gradient (step, klass->scalars[k]), column, sums[k]);
}

static gboolean
pointwise_backward (QrxLayer *layer, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxPointwiseClass *klass = QRX_POINTWISE_GET_CLASS (layer);
  QrxTensor *input = qrx_step_get_input (step, 0);
  QrxView x = qrx_view (input), gradient = qrx_view (qrx_step_get_output_gradient (step)), to = { NULL, NULL };
  QrxView scalars[QRX_POINTWISE_MAX_SCALARS] = { 0 };
  double s[QRX_POINTWISE_MAX_SCALARS] = { 0 };
  gsize n_rows = qrx_tensor_get_rows (input), width = qrx_tensor_get_columns (input);
  guint n_scalars = count_scalars (klass);
  gboolean needs_input = qrx_step_needs_input_gradient (step, 0);

  if (needs_input)
    to = qrx_view (qrx_step_get_input_gradient (step, 0));
  view_scalars (klass, step, scalars);
  for (gsize column = 0; column < width; column++)
    {
      double ds[QRX_POINTWISE_MAX_SCALARS] = { 0 }, sums[QRX_POINTWISE_MAX_SCALARS] = { 0 };

      pick_scalars (scalars, n_scalars, column, s);
      for (gsize i = column; i < n_rows * width; i += width)
        {
          double g = qrx_view_get (gradient, i), slope = klass->slope (s, qrx_view_get (x, i), ds);

          if (needs_input)
            qrx_view_set (to, i, g * slope);
          for (guint k = 0; k < n_scalars; k++)
            sums[k] += g * ds[k];
        }
      store_scalar_gradients (klass, step, column, sums);
    }
  return TRUE;
}

static gboolean
pointwise_get_range (QrxLayer *layer, QrxStep *step, QrxTensor *low, QrxTensor *high)
{
  QrxPointwiseClass *klass = QRX_POINTWISE_GET_CLASS (layer);
  QrxView scalars[QRX_POINTWISE_MAX_SCALARS] = { 0 };
  double s[QRX_POINTWISE_MAX_SCALARS] = { 0 };
  gsize width = qrx_tensor_get_columns (low);

  if (klass->bounds == NULL)
    return FALSE;
  view_scalars (klass, step, scalars);
  for (gsize column = 0; column < width; column++)
    {
      double a, b;

      pick_scalars (scalars, count_scalars (klass), column, s);
      klass->bounds (s, &a, &b);
      qrx_tensor_set (low, column, MIN (a, b));
      qrx_tensor_set (high, column, MAX (a, b));
    }
  return TRUE;
}

static void
qrx_pointwise_class_init (QrxPointwiseClass *klass)
{
  QrxLayerClass *layer_class = QRX_LAYER_CLASS (klass);

  layer_class->prepare = pointwise_prepare;
  layer_class->forward = pointwise_forward;
  layer_class->backward = pointwise_backward;
  layer_class->get_range = pointwise_get_range;
}

static void
qrx_pointwise_init (QrxPointwise *self G_GNUC_UNUSED)
{
}

void
qrx_pointwise_class_describe (QrxPointwiseClass *klass, const char *name, const char *summary)
{
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  qrx_node_class_set_name (node_class, name);
  qrx_node_class_set_category (node_class, "normalizer");
  qrx_node_class_set_summary (node_class, summary);
  qrx_node_class_add_input (node_class, "in", "flow:activation[B, Q]", "numbers of any size, one column a qubit");
  qrx_node_class_add_output (node_class, "out", "flow:angle[B, Q]", "angles in radians");
}

void
qrx_pointwise_class_add_scalar (QrxPointwiseClass *klass, const char *name, gsize offset, double minimum,
                                double maximum, double value, const char *unit, const char *blurb)
{
  guint n = count_scalars (klass);

  g_return_if_fail (n < QRX_POINTWISE_MAX_SCALARS);
  klass->scalars[n] = name;
  qrx_node_class_add_scalar (QRX_NODE_CLASS (klass), name, offset, minimum, maximum, value, unit, blurb);
}

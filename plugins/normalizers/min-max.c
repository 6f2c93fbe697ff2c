/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Angles stretched to a range by each column's extremes: the minibatch's in training, running ones in evaluation. */
#include <qrx/qrx-layer.h>

#include "support/view.h"

#include <math.h>

struct _QrxMinMax {
  QrxLayer parent_instance;
  QrxScalar *lo;
  QrxScalar *hi;
  double momentum;
  gboolean clip;
};

#define QRX_TYPE_MIN_MAX (qrx_min_max_get_type ())
G_DECLARE_FINAL_TYPE (QrxMinMax, qrx_min_max, QRX, MIN_MAX, QrxLayer)
G_DEFINE_FINAL_TYPE (QrxMinMax, qrx_min_max, QRX_TYPE_LAYER)

static gboolean
min_max_resolve (QrxNode *node, QrxShapeScope *scope G_GNUC_UNUSED, GError **error)
{
  QrxMinMax *self = QRX_MIN_MAX (node);
  double lo = qrx_scalar_get_value (self->lo), hi = qrx_scalar_get_value (self->hi);

  if (lo < hi)
    return TRUE;
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
               "property \"lo\": found %g, expected a number below \"hi\", which is %g", lo, hi);
  return FALSE;
}

static gboolean
min_max_prepare (QrxLayer *layer, QrxPlan *plan, GError **error G_GNUC_UNUSED)
{
  QrxMinMax *self = QRX_MIN_MAX (layer);
  gsize width = qrx_plan_get_output_width (plan);

  qrx_plan_add_scalar (plan, "lo", self->lo);
  qrx_plan_add_scalar (plan, "hi", self->hi);
  qrx_plan_add_buffer (plan, "low", 1, width, 0);
  qrx_plan_add_buffer (plan, "high", 1, width, 1);
  qrx_plan_add_buffer (plan, "seen", 1, 1, 0); /* whether a minibatch has set the two */
  qrx_plan_set_batch_dependent (plan);
  return TRUE;
}

static void
find_extremes (QrxView x, gsize n_rows, gsize width, gsize column, double *low, double *high)
{
  *low = INFINITY;
  *high = -INFINITY;
  for (gsize i = column; i < n_rows * width; i += width)
    {
      *low = fmin (*low, qrx_view_get (x, i));
      *high = fmax (*high, qrx_view_get (x, i));
    }
}

/* The extremes that the step goes by: a minibatch's own, or the running ones. */
static void
get_extremes (QrxStep *step, QrxView x, gsize n_rows, gsize width, gsize column, double *low, double *high)
{
  if (qrx_step_get_mode (step) == QRX_MODE_TRAIN)
    {
      find_extremes (x, n_rows, width, column, low, high);
      return;
    }
  *low = qrx_tensor_get (qrx_step_get_buffer (step, "low"), column);
  *high = qrx_tensor_get (qrx_step_get_buffer (step, "high"), column);
}

static void
follow (QrxTensor *running, gsize column, double now, gboolean seen, double momentum)
{
  double before = qrx_tensor_get (running, column);

  qrx_tensor_set (running, column, seen ? before + momentum * (now - before) : now);
}

/* Where a value stands between the extremes, 0 to 1 unless it is beyond them and not cut off. */
static double
place (QrxMinMax *self, double value, double low, double high)
{
  double u = high > low ? (value - low) / (high - low) : 0.5;

  return self->clip ? CLAMP (u, 0, 1) : u;
}

static gboolean
min_max_forward (QrxLayer *layer, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxMinMax *self = QRX_MIN_MAX (layer);
  QrxTensor *input = qrx_step_get_input (step, 0), *seen = qrx_step_get_buffer (step, "seen");
  QrxView x = qrx_view (input), y = qrx_view (qrx_step_get_output (step));
  QrxView lo = qrx_view (qrx_step_get_parameter (step, "lo")), hi = qrx_view (qrx_step_get_parameter (step, "hi"));
  gsize n_rows = qrx_tensor_get_rows (input), width = qrx_tensor_get_columns (input);
  gboolean training = qrx_step_get_mode (step) == QRX_MODE_TRAIN;

  for (gsize column = 0; column < width; column++)
    {
      double low, high, from = qrx_view_get (lo, column), span = qrx_view_get (hi, column) - from;

      get_extremes (step, x, n_rows, width, column, &low, &high);
      for (gsize i = column; i < n_rows * width; i += width)
        qrx_view_set (y, i, from + span * place (self, qrx_view_get (x, i), low, high));
      if (!training)
        continue;
      follow (qrx_step_get_buffer (step, "low"), column, low, qrx_tensor_get (seen, 0) > 0, self->momentum);
      follow (qrx_step_get_buffer (step, "high"), column, high, qrx_tensor_get (seen, 0) > 0, self->momentum);
    }
  if (training)
    qrx_tensor_set (seen, 0, 1);
  return TRUE;
}

/* What an extreme's gradient adds to the rows that attain it, shared evenly among them. */
static void
spread_gradient (QrxView x, QrxView to, gsize n_rows, gsize width, gsize column, double extreme, double gradient)
{
  gsize n = 0;

  for (gsize i = column; i < n_rows * width; i += width)
    n += qrx_view_get (x, i) == extreme;
  for (gsize i = column; i < n_rows * width; i += width)
    if (qrx_view_get (x, i) == extreme)
      qrx_view_set (to, i, qrx_view_get (to, i) + gradient / (double) n);
}

/* The gradients of the ends of the range. */
static void
backward_ends (QrxMinMax *self, QrxStep *step, QrxView x, QrxView g, gsize n_rows, gsize width)
{
  for (gsize column = 0; column < width; column++)
    {
      double low, high, by_lo = 0, by_hi = 0;

      get_extremes (step, x, n_rows, width, column, &low, &high);
      for (gsize i = column; i < n_rows * width; i += width)
        {
          double u = place (self, qrx_view_get (x, i), low, high);

          by_lo += qrx_view_get (g, i) * (1 - u);
          by_hi += qrx_view_get (g, i) * u;
        }
      if (qrx_step_needs_parameter_gradient (step, "lo"))
        qrx_tensor_set (qrx_step_get_parameter_gradient (step, "lo"), column, by_lo);
      if (qrx_step_needs_parameter_gradient (step, "hi"))
        qrx_tensor_set (qrx_step_get_parameter_gradient (step, "hi"), column, by_hi);
    }
}

static gboolean
min_max_backward (QrxLayer *layer, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxMinMax *self = QRX_MIN_MAX (layer);
  QrxTensor *input = qrx_step_get_input (step, 0);
  QrxView x = qrx_view (input), g = qrx_view (qrx_step_get_output_gradient (step)), to;
  QrxView lo = qrx_view (qrx_step_get_parameter (step, "lo")), hi = qrx_view (qrx_step_get_parameter (step, "hi"));
  gsize n_rows = qrx_tensor_get_rows (input), width = qrx_tensor_get_columns (input);
  gboolean training = qrx_step_get_mode (step) == QRX_MODE_TRAIN;

  backward_ends (self, step, x, g, n_rows, width);
  if (!qrx_step_needs_input_gradient (step, 0))
    return TRUE;
  to = qrx_view (qrx_step_get_input_gradient (step, 0));
  for (gsize column = 0; column < width; column++)
    {
      double low, high, slope, by_low = 0, by_high = 0;

      get_extremes (step, x, n_rows, width, column, &low, &high);
      slope = high > low ? (qrx_view_get (hi, column) - qrx_view_get (lo, column)) / (high - low) : 0;
      for (gsize i = column; i < n_rows * width; i += width)
        {
          double u = high > low ? (qrx_view_get (x, i) - low) / (high - low) : 0.5;
          double passed = self->clip && (u < 0 || u > 1) ? 0 : qrx_view_get (g, i) * slope;

          qrx_view_set (to, i, passed);
          by_low += passed * (u - 1);
          by_high -= passed * u;
        }
      if (!training)
        continue;
      spread_gradient (x, to, n_rows, width, column, low, by_low);
      spread_gradient (x, to, n_rows, width, column, high, by_high);
    }
  return TRUE;
}

static gboolean
min_max_get_range (QrxLayer *layer, QrxStep *step, QrxTensor *low, QrxTensor *high)
{
  QrxMinMax *self = QRX_MIN_MAX (layer);
  QrxView lo = qrx_view (qrx_step_get_parameter (step, "lo")), hi = qrx_view (qrx_step_get_parameter (step, "hi"));

  if (!self->clip && qrx_step_get_mode (step) != QRX_MODE_TRAIN)
    return FALSE;
  for (gsize c = 0; c < qrx_tensor_get_columns (low); c++)
    {
      qrx_tensor_set (low, c, fmin (qrx_view_get (lo, c), qrx_view_get (hi, c)));
      qrx_tensor_set (high, c, fmax (qrx_view_get (lo, c), qrx_view_get (hi, c)));
    }
  return TRUE;
}

static void
add_properties (QrxNodeClass *node_class)
{
  qrx_node_class_add_scalar (node_class, "lo", G_STRUCT_OFFSET (QrxMinMax, lo), -1000, 1000, -G_PI_2, "radian",
                             "angle of a column's least value");
  qrx_node_class_add_scalar (node_class, "hi", G_STRUCT_OFFSET (QrxMinMax, hi), -1000, 1000, G_PI_2, "radian",
                             "angle of a column's greatest value");
  qrx_node_class_add_double (node_class, "momentum", G_STRUCT_OFFSET (QrxMinMax, momentum), 0, 1, 0.1, NULL,
                             "how far the running extremes follow each minibatch's; the first one sets them");
  qrx_node_class_add_boolean (node_class, "clip", G_STRUCT_OFFSET (QrxMinMax, clip), TRUE,
                              "in evaluation, cut off what lies beyond the running extremes");
}

static void
qrx_min_max_class_init (QrxMinMaxClass *klass)
{
  QrxLayerClass *layer_class = QRX_LAYER_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  node_class->resolve = min_max_resolve;
  layer_class->prepare = min_max_prepare;
  layer_class->forward = min_max_forward;
  layer_class->backward = min_max_backward;
  layer_class->get_range = min_max_get_range;
  qrx_node_class_set_name (node_class, "min-max");
  qrx_node_class_set_category (node_class, "normalizer");
  qrx_node_class_add_citation (
      node_class, "Ioffe, Szegedy 2015, arXiv:1502.03167 (the minibatch in training, running numbers in evaluation)");
  qrx_node_class_set_summary (
      node_class, "Angles from lo to hi by each column's extremes: the minibatch's, with gradients through them, in "
                  "training; running ones in evaluation. A column without extent gives the middle of the range.");
  qrx_node_class_add_input (node_class, "in", "flow:activation[B, Q]", "numbers of any size, one column a qubit");
  qrx_node_class_add_output (node_class, "out", "flow:angle[B, Q]", "angles in radians");
  add_properties (node_class);
  qrx_node_class_set_example (node_class,
                              "{\"properties\": {\"lo\": 0, \"hi\": 2},"
                              " \"mode\": \"train\","
                              " \"input\": [[1, -1, 3], [3, 0, 3], [2, 4, 3]],"
                              " \"expect\": {\"output\": [[0, 0, 1], [2, 0.4, 1], [1, 2, 1]]}, \"tolerance\": 1e-13}");
}

static void
qrx_min_max_init (QrxMinMax *self G_GNUC_UNUSED)
{
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gives each feature mean 0 and deviation 1 over the training rows. */
#include <qrx/qrx-layer.h>

#include "support/view.h"

#include <math.h>

struct _QrxStandardize {
  QrxLayer parent_instance;
  double clip;
};

#define QRX_TYPE_STANDARDIZE (qrx_standardize_get_type ())
G_DECLARE_FINAL_TYPE (QrxStandardize, qrx_standardize, QRX, STANDARDIZE, QrxLayer)
G_DEFINE_FINAL_TYPE (QrxStandardize, qrx_standardize, QRX_TYPE_LAYER)

static gboolean
standardize_prepare (QrxLayer *layer G_GNUC_UNUSED, QrxPlan *plan, GError **error G_GNUC_UNUSED)
{
  gsize width = qrx_plan_get_output_width (plan);

  qrx_plan_add_buffer (plan, "mean", 1, width, 0);
  qrx_plan_add_buffer (plan, "deviation", 1, width, 1);
  return TRUE;
}

/* Mean and deviation of a column; exactly 0 for a column of one value, whatever the mean's rounding. */
static void
take_moments (QrxView x, gsize n_rows, gsize width, gsize column, double *mean, double *deviation)
{
  double sum = 0, squares = 0, first = qrx_view_get (x, column);
  gboolean constant = TRUE;

  for (gsize i = column; i < n_rows * width; i += width)
    {
      sum += qrx_view_get (x, i);
      constant = constant && qrx_view_get (x, i) == first;
    }
  *mean = constant ? first : sum / (double) n_rows;
  for (gsize i = column; i < n_rows * width; i += width)
    {
      double d = qrx_view_get (x, i) - *mean;

      squares += d * d;
    }
  *deviation = sqrt (squares / (double) n_rows);
}

static gboolean
standardize_fit (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxTensor *input = qrx_step_get_input (step, 0);
  double *mean = qrx_tensor_peek_f64 (qrx_step_get_buffer (step, "mean"));
  double *deviation = qrx_tensor_peek_f64 (qrx_step_get_buffer (step, "deviation"));
  QrxView x = qrx_view (input);
  gsize n_rows = qrx_tensor_get_rows (input), width = qrx_tensor_get_columns (input);

  for (gsize column = 0; column < width; column++)
    take_moments (x, n_rows, width, column, &mean[column], &deviation[column]);
  return TRUE;
}

static gboolean
standardize_forward (QrxLayer *layer, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  double clip = QRX_STANDARDIZE (layer)->clip > 0 ? QRX_STANDARDIZE (layer)->clip : INFINITY;
  QrxTensor *input = qrx_step_get_input (step, 0);
  const double *mean = qrx_tensor_peek_f64 (qrx_step_get_buffer (step, "mean"));
  const double *deviation = qrx_tensor_peek_f64 (qrx_step_get_buffer (step, "deviation"));
  QrxView x = qrx_view (input), y = qrx_view (qrx_step_get_output (step));
  gsize n_rows = qrx_tensor_get_rows (input), width = qrx_tensor_get_columns (input);

  for (gsize row = 0; row < n_rows; row++)
    for (gsize c = 0; c < width; c++)
      {
        gsize i = row * width + c;
        double z = deviation[c] > 0 ? (qrx_view_get (x, i) - mean[c]) / deviation[c] : 0;

        qrx_view_set (y, i, fmax (-clip, fmin (clip, z)));
      }
  return TRUE;
}

static gboolean
standardize_backward (QrxLayer *layer, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  double clip = QRX_STANDARDIZE (layer)->clip > 0 ? QRX_STANDARDIZE (layer)->clip : INFINITY;
  QrxTensor *gradient = qrx_step_get_output_gradient (step);
  const double *deviation = qrx_tensor_peek_f64 (qrx_step_get_buffer (step, "deviation"));
  QrxView g = qrx_view (gradient), y = qrx_view (qrx_step_get_output (step)), to;
  gsize n_rows = qrx_tensor_get_rows (gradient), width = qrx_tensor_get_columns (gradient);

  if (!qrx_step_needs_input_gradient (step, 0))
    return TRUE;
  to = qrx_view (qrx_step_get_input_gradient (step, 0));
  for (gsize row = 0; row < n_rows; row++)
    for (gsize c = 0; c < width; c++)
      {
        gsize i = row * width + c;
        gboolean passes = deviation[c] > 0 && fabs (qrx_view_get (y, i)) < clip;

        qrx_view_set (to, i, passes ? qrx_view_get (g, i) / deviation[c] : 0);
      }
  return TRUE;
}

static char **
standardize_name_outputs (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step G_GNUC_UNUSED, const char *const *input_names)
{
  return g_strdupv ((char **) input_names);
}

static void
qrx_standardize_class_init (QrxStandardizeClass *klass)
{
  QrxLayerClass *layer_class = QRX_LAYER_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  layer_class->prepare = standardize_prepare;
  layer_class->fit = standardize_fit;
  layer_class->forward = standardize_forward;
  layer_class->backward = standardize_backward;
  layer_class->name_outputs = standardize_name_outputs;
  qrx_node_class_set_name (node_class, "standardize");
  qrx_node_class_set_category (node_class, "transform");
  qrx_node_class_set_summary (
      node_class, "Gives each column mean 0 and deviation 1 over the training rows (divided by their number); a "
                  "column that is constant there becomes 0.");
  qrx_node_class_add_input (node_class, "in", "flow:any[B, W]", "numbers of any quantity, such as gene expression");
  qrx_node_class_add_output (node_class, "out", "flow:any[B, W]",
                             "the same quantity in units of the column's deviation");
  qrx_node_class_add_double (node_class, "clip", G_STRUCT_OFFSET (QrxStandardize, clip), 0, 1e9, 10, "deviations",
                             "values further from the mean are cut off there; 0 leaves them. A gene that is all but silent in "
                             "the training rows can otherwise be hundreds of deviations away in another");
  qrx_node_class_set_example (node_class, "{\"properties\": {\"clip\": 1.1},"
                                          " \"input\": [[1, 0.1, 10], [3, 0.1, 20], [1, 0.1, 40], [3, 0.1, 50]],"
                                          " \"expect\": {\"output\": [[-1, 0, -1.1],"
                                          " [1, 0, -0.6324555320336759], [-1, 0, 0.6324555320336759],"
                                          " [1, 0, 1.1]]}, \"tolerance\": 1e-13}");
}

static void
qrx_standardize_init (QrxStandardize *self G_GNUC_UNUSED)
{
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Watches the loss's gradient at a flow: what of it arrives there, and how much it varies between rows. */
#include "monitors/record.h"
#include "support/view.h"

struct _QrxGradientNorm {
  QrxMonitor parent_instance;
  gboolean per_column;
};

#define QRX_TYPE_GRADIENT_NORM (qrx_gradient_norm_get_type ())
G_DECLARE_FINAL_TYPE (QrxGradientNorm, qrx_gradient_norm, QRX, GRADIENT_NORM, QrxMonitor)
G_DEFINE_FINAL_TYPE (QrxGradientNorm, qrx_gradient_norm, QRX_TYPE_MONITOR)

static double
take_mean_norm (QrxView g, gsize n_rows, gsize width)
{
  double sum = 0;

  for (gsize row = 0; row < n_rows; row++)
    {
      double squares = 0;

      for (gsize c = 0; c < width; c++)
        squares += qrx_view_get (g, row * width + c) * qrx_view_get (g, row * width + c);
      sum += sqrt (squares);
    }
  return sum / (double) n_rows;
}

static double
take_variance (QrxView g, gsize n_rows, gsize width, gsize column)
{
  double mean = 0, squares = 0;

  for (gsize i = column; i < n_rows * width; i += width)
    mean += qrx_view_get (g, i) / (double) n_rows;
  for (gsize i = column; i < n_rows * width; i += width)
    squares += (qrx_view_get (g, i) - mean) * (qrx_view_get (g, i) - mean);
  return squares / (double) n_rows;
}

static gboolean
gradient_norm_measure (QrxMonitor *monitor, QrxLayer *layer G_GNUC_UNUSED, QrxStep *step G_GNUC_UNUSED,
                       QrxTensor *gradients, guint epoch, QrxHistory *history, GError **error G_GNUC_UNUSED)
{
  QrxGradientNorm *self = QRX_GRADIENT_NORM (monitor);
  gsize n_rows, width;
  double mean_variance = 0;
  QrxView g;

  if (gradients == NULL)
    return TRUE;
  g = qrx_view (gradients);
  n_rows = qrx_tensor_get_rows (gradients);
  width = qrx_tensor_get_columns (gradients);
  qrx_record (monitor, history, epoch, "mean-norm", take_mean_norm (g, n_rows, width));
  for (gsize c = 0; c < width; c++)
    {
      double variance = take_variance (g, n_rows, width, c);

      mean_variance += variance / (double) width;
      if (self->per_column)
        qrx_record_column (monitor, history, epoch, "variance", c, variance);
    }
  qrx_record (monitor, history, epoch, "variance", mean_variance);
  return TRUE;
}

static void
qrx_gradient_norm_class_init (QrxGradientNormClass *klass)
{
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  QRX_MONITOR_CLASS (klass)->measure = gradient_norm_measure;
  qrx_node_class_set_name (node_class, "gradient-norm");
  qrx_node_class_set_category (node_class, "monitor");
  qrx_node_class_set_summary (
      node_class, "Watches the loss's gradient at a flow: mean norm of a row's gradient, and its variance over "
                  "rows, a sign of barren plateaus.");
  qrx_node_class_add_citation (node_class, "McClean, Boixo, Smelyanskiy, Babbush, Neven 2018, arXiv:1803.11173");
  qrx_node_class_add_input (node_class, "in", "flow:any[B, W]", "the flow to watch, such as a normalizer's angles");
  qrx_node_class_add_output (
      node_class, "out", "monitor",
      "history columns <id>.mean-norm and <id>.variance (mean over columns), of gradients gathered over "
      "the epoch's minibatches; the loss is a minibatch's mean");
  qrx_node_class_add_boolean (node_class, "per-column", G_STRUCT_OFFSET (QrxGradientNorm, per_column), FALSE,
                              "write the variance of each column too, <id>.variance.<column>");
  qrx_node_class_set_example (node_class, "{\"properties\": {},"
                                          " \"gradients\": [[3, 4], [-3, 4], [0, 0], [0, 0]],"
                                          " \"expect\": {\"history\": {\"mean-norm\": 2.5, \"variance\": 4.25}},"
                                          " \"tolerance\": 1e-12}");
}

static void
qrx_gradient_norm_init (QrxGradientNorm *self G_GNUC_UNUSED)
{
}

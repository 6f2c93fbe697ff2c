/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Watches the loss's gradient at a flow: what of it arrives there, and how much it varies between rows. */
#include "monitors/alarm.h"
#include "monitors/record.h"
#include "support/view.h"

struct _QrxGradientNorm {
  QrxMonitor parent_instance;
  gboolean per_column;
  double warn_sensitivity;
  gint64 warn_epochs;
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

static double
take_mean_size (QrxView g, gsize n_rows, gsize width, gsize column)
{
  double sum = 0;

  for (gsize i = column; i < n_rows * width; i += width)
    sum += fabs (qrx_view_get (g, i));
  return sum / (double) n_rows;
}

/* Gradients in units of those at the prediction are slopes of the prediction; NaN where the fit has not told the
 * latter. */
static gboolean
gradient_norm_measure (QrxMonitor *monitor, QrxLayer *layer G_GNUC_UNUSED, QrxStep *step G_GNUC_UNUSED,
                       QrxTensor *gradients, guint epoch, QrxHistory *history, GError **error G_GNUC_UNUSED)
{
  QrxGradientNorm *self = QRX_GRADIENT_NORM (monitor);
  double mean_variance = 0, mean_norm, unit = qrx_history_get (history, epoch, "output-gradient-norm");
  gsize n_rows, width;
  QrxView g;

  if (gradients == NULL)
    return TRUE;
  g = qrx_view (gradients);
  n_rows = qrx_tensor_get_rows (gradients);
  width = qrx_tensor_get_columns (gradients);
  mean_norm = take_mean_norm (g, n_rows, width);
  qrx_record (monitor, history, epoch, "mean-norm", mean_norm);
  for (gsize c = 0; c < width; c++)
    {
      double variance = take_variance (g, n_rows, width, c);

      mean_variance += variance / (double) width;
      if (!self->per_column)
        continue;
      qrx_record_column (monitor, history, epoch, "variance", c, variance);
      qrx_record_column (monitor, history, epoch, "sensitivity", c, take_mean_size (g, n_rows, width, c) / unit);
    }
  qrx_record (monitor, history, epoch, "variance", mean_variance);
  qrx_record (monitor, history, epoch, "sensitivity", mean_norm / unit);
  return TRUE;
}

static char *
gradient_norm_find_fault (QrxMonitor *monitor, QrxLayer *layer, QrxHistory *history, guint epoch)
{
  QrxGradientNorm *self = QRX_GRADIENT_NORM (monitor);
  QrxAlarm alarm = { "sensitivity", self->warn_sensitivity, FALSE, self->warn_epochs };
  g_autofree char *columns = NULL, *where = NULL;
  QrxAlarmFinding found;

  if (!qrx_alarm_rings (&alarm, monitor, history, epoch, &found))
    return NULL;
  columns = found.columns;
  where = columns != NULL ? g_strdup_printf (", in the column%s %s", found.n_columns > 1 ? "s" : "", columns)
                          : g_strdup ("");
  return g_strdup_printf (
      "the gradient vanishes at `%s` since epoch %u%s: a change of 1 there moves the prediction by %.2g of the scaled "
      "target; "
      "fewer layers or qubits, observables on few qubits, \"initial-weights\": \"normal\" or \"identity-blocks\", or a "
      "normalizer that is not saturated would help",
      qrx_node_get_id (QRX_NODE (layer)), found.since, where, found.value);
}

static void
add_properties (QrxNodeClass *node_class)
{
  qrx_node_class_add_boolean (node_class, "per-column", G_STRUCT_OFFSET (QrxGradientNorm, per_column), FALSE,
                              "write the variance and sensitivity of each column too, <id>.<statistic>.<column>");
  qrx_node_class_add_double (
      node_class, "warn-sensitivity", G_STRUCT_OFFSET (QrxGradientNorm, warn_sensitivity), 0, 1e6, 1e-3,
      "scaled target",
      "warn where the sensitivity is below this: at 0.001 a value must move by 1000 of its units, for angles 160 "
      "turns, to move a prediction by one deviation of the target; 0 never does");
  qrx_node_class_add_integer (node_class, "warn-epochs", G_STRUCT_OFFSET (QrxGradientNorm, warn_epochs), 1, 1000000, 5,
                              "epochs", "warn after this many epochs without a break");
}

static void
qrx_gradient_norm_class_init (QrxGradientNormClass *klass)
{
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  QRX_MONITOR_CLASS (klass)->measure = gradient_norm_measure;
  QRX_MONITOR_CLASS (klass)->find_fault = gradient_norm_find_fault;
  qrx_node_class_set_name (node_class, "gradient-norm");
  qrx_node_class_set_category (node_class, "monitor");
  qrx_node_class_set_summary (node_class,
                              "Watches the loss's gradient at a flow: mean norm of a row's gradient, and its variance "
                              "over rows, a sign of barren plateaus; warns where it vanishes.");
  qrx_node_class_add_citation (node_class,
                               "Cerezo, Sone, Volkoff, Cincio, Coles 2021, arXiv:2001.00550 (local observables)");
  qrx_node_class_add_citation (node_class, "McClean, Boixo, Smelyanskiy, Babbush, Neven 2018, arXiv:1803.11173");
  qrx_node_class_add_input (node_class, "in", "flow:any[B, W]", "the flow to watch, such as a normalizer's angles");
  qrx_node_class_add_output (
      node_class, "out", "monitor",
      "history columns <id>.mean-norm, <id>.variance (mean over columns), of gradients gathered over the epoch's "
      "minibatches, the loss being a minibatch's mean, and <id>.sensitivity (mean-norm over the mean size of the "
      "gradients by the prediction: how far the prediction moves, in scaled targets, for a change of 1 here)");
  add_properties (node_class);
  qrx_node_class_set_example (node_class, "{\"properties\": {},"
                                          " \"gradients\": [[3, 4], [-3, 4], [0, 0], [0, 0]],"
                                          " \"expect\": {\"history\": {\"mean-norm\": 2.5, \"variance\": 4.25}},"
                                          " \"tolerance\": 1e-12}");
}

static void
qrx_gradient_norm_init (QrxGradientNorm *self G_GNUC_UNUSED)
{
}

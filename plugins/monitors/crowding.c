/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Watches how a normalizer's angles lie in their range, over the training rows at the end of each epoch: whether they
 * crowd at its ends, as arXiv 2505.10037 says of common normalizers, and how much slope is left there. */
#include "monitors/alarm.h"
#include "monitors/record.h"
#include "support/view.h"

struct _QrxCrowding {
  QrxMonitor parent_instance;
  double margin;
  gint64 bins;
  gboolean per_qubit;
  gboolean histogram;
  gboolean histogram_per_qubit;
  double warn_fraction;
  gint64 warn_epochs;
};

#define QRX_TYPE_CROWDING (qrx_crowding_get_type ())
G_DECLARE_FINAL_TYPE (QrxCrowding, qrx_crowding, QRX, CROWDING, QrxMonitor)
G_DEFINE_FINAL_TYPE (QrxCrowding, qrx_crowding, QRX_TYPE_MONITOR)

/* The statistics, in the order of the history's columns; NaN where one does not apply. */
typedef enum {
  NEAR_BOUNDS,
  PAST_PI,
  ENTROPY,
  SLOPE,
  DEVIATION,
  SCALE_RATIO,
  LOW,
  HIGH,
  N_STATISTICS,
} Statistic;

static const char *const statistic_names[N_STATISTICS] = {
  "near-bounds", "past-pi", "entropy", "slope", "deviation", "scale-ratio", "low", "high",
};

static double
count_near_bounds (QrxView y, gsize n_rows, gsize width, gsize column, double low, double high, double margin)
{
  double reach = margin * (high - low);
  gsize n = 0;

  for (gsize i = column; i < n_rows * width; i += width)
    n += qrx_view_get (y, i) <= low + reach || qrx_view_get (y, i) >= high - reach;
  return (double) n / (double) n_rows;
}

static double
count_past_pi (QrxView y, gsize n_rows, gsize width, gsize column)
{
  gsize n = 0;

  for (gsize i = column; i < n_rows * width; i += width)
    n += fabs (qrx_view_get (y, i)) > G_PI;
  return (double) n / (double) n_rows;
}

/* Counts over [low, high]; false where an angle is not finite. Angles without bounds are wrapped to [−π, π), which is
 * all that a rotation sees of them. */
static gboolean
count_bins (QrxView y, gsize n_rows, gsize width, gsize column, gboolean bounded, double low, double high, gsize n_bins,
            gsize *counts)
{
  for (gsize i = column; i < n_rows * width; i += width)
    {
      double angle = qrx_view_get (y, i), place = high > low ? (angle - low) / (high - low) : 0;

      if (!isfinite (place))
        return FALSE;
      if (!bounded)
        place -= floor (place);
      counts[MIN ((gsize) (CLAMP (place, 0, 1) * (double) n_bins), n_bins - 1)]++;
    }
  return TRUE;
}

/* In units of log (bins), so that 1 is uniform and 0 a single bin. */
static double
take_entropy (const gsize *counts, gsize n_rows, gsize n_bins)
{
  double entropy = 0;

  for (gsize bin = 0; bin < n_bins; bin++)
    if (counts[bin] > 0)
      {
        double share = (double) counts[bin] / (double) n_rows;

        entropy -= share * log (share);
      }
  return entropy / log ((double) n_bins);
}

static double
take_deviation (QrxView x, gsize n_rows, gsize width, gsize column)
{
  double mean = 0, squares = 0;

  for (gsize i = column; i < n_rows * width; i += width)
    mean += qrx_view_get (x, i) / (double) n_rows;
  for (gsize i = column; i < n_rows * width; i += width)
    squares += (qrx_view_get (x, i) - mean) * (qrx_view_get (x, i) - mean);
  return sqrt (squares / (double) n_rows);
}

/* The mean of dφ'/dφ in one column, by the layer's own backward() on the evaluation step: an output gradient of one
 * in this column alone, so that it is the slope of this column even where columns depend on each other. */
static gboolean
take_slope (QrxLayer *layer, QrxStep *step, gsize column, double *slope, GError **error)
{
  QrxTensor *ones = qrx_step_get_output_gradient (step);
  gsize n_rows = qrx_step_get_n_rows (step), width = qrx_tensor_get_columns (ones);
  QrxView gradient = qrx_view (ones), result;
  double sum = 0;

  qrx_tensor_fill (ones, 0);
  for (gsize i = column; i < n_rows * width; i += width)
    qrx_view_set (gradient, i, 1);
  if (!qrx_layer_backward (layer, step, error))
    return FALSE;
  result = qrx_view (qrx_step_get_input_gradient (step, 0));
  for (gsize i = column; i < n_rows * width; i += width)
    sum += qrx_view_get (result, i);
  *slope = sum / (double) n_rows;
  return TRUE;
}

/* Whether the layer maps each column to one of its own, so that a slope and a spread of what goes in make sense. */
static gboolean
is_columnwise (QrxStep *step)
{
  QrxPlan *plan = qrx_step_get_plan (step);

  return qrx_plan_get_n_inputs (plan) == 1 && qrx_plan_get_input_width (plan, 0) == qrx_plan_get_output_width (plan);
}

/* The layer's scalar `a`, NULL where it has none. */
static QrxTensor *
get_scale (QrxLayer *layer, QrxStep *step)
{
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (layer), "a");

  return pspec != NULL && pspec->value_type == QRX_TYPE_SCALAR ? qrx_step_get_parameter (step, "a") : NULL;
}

/* What the trainer hands to measure(), and where it goes. */
typedef struct {
  QrxCrowding *monitor;
  QrxLayer *layer;
  QrxStep *step;
  QrxHistory *history;
  guint epoch;
  gboolean bounded;
  gsize n_rows, width;
  gsize *counts; /* the rows in each bin, qubit by qubit */
} Watch;

static gsize *
get_counts (const Watch *watch, gsize column)
{
  return watch->counts + column * (gsize) watch->monitor->bins;
}

/* The shares of rows in each bin, over all qubits. */
static void
record_histogram (const Watch *watch)
{
  for (gsize bin = 0; bin < (gsize) watch->monitor->bins; bin++)
    {
      gsize sum = 0;

      for (gsize column = 0; column < watch->width; column++)
        sum += get_counts (watch, column)[bin];
      qrx_record_column (QRX_MONITOR (watch->monitor), watch->history, watch->epoch, "histogram", bin,
                         (double) sum / (double) (watch->n_rows * watch->width));
    }
}

static void
record_histogram_of_qubit (const Watch *watch, gsize column)
{
  g_autofree char *statistic = g_strdup_printf ("histogram.%" G_GSIZE_FORMAT, column);

  for (gsize bin = 0; bin < (gsize) watch->monitor->bins; bin++)
    qrx_record_column (QRX_MONITOR (watch->monitor), watch->history, watch->epoch, statistic, bin,
                       (double) get_counts (watch, column)[bin] / (double) watch->n_rows);
}

static gboolean
measure_column (const Watch *watch, gsize column, double low, double high, double *statistics, GError **error)
{
  QrxView y = qrx_view (qrx_step_get_output (watch->step));
  gsize n_rows = watch->n_rows, width = watch->width, n_bins = (gsize) watch->monitor->bins;
  QrxTensor *scale = get_scale (watch->layer, watch->step);

  for (guint k = 0; k < N_STATISTICS; k++)
    statistics[k] = NAN;
  if (watch->monitor->histogram || watch->monitor->histogram_per_qubit) /* of use with the bins only */
    {
      statistics[LOW] = low;
      statistics[HIGH] = high;
    }
  if (watch->bounded)
    statistics[NEAR_BOUNDS] = count_near_bounds (y, n_rows, width, column, low, high, watch->monitor->margin);
  statistics[PAST_PI] = count_past_pi (y, n_rows, width, column);
  if (count_bins (y, n_rows, width, column, watch->bounded, low, high, n_bins, get_counts (watch, column)))
    statistics[ENTROPY] = take_entropy (get_counts (watch, column), n_rows, n_bins);
  if (watch->monitor->histogram_per_qubit)
    record_histogram_of_qubit (watch, column);
  if (!is_columnwise (watch->step))
    return TRUE;
  statistics[DEVIATION] = take_deviation (qrx_view (qrx_step_get_input (watch->step, 0)), n_rows, width, column);
  if (scale != NULL && statistics[DEVIATION] > 0)
    statistics[SCALE_RATIO] = qrx_tensor_get (scale, column) / statistics[DEVIATION];
  return take_slope (watch->layer, watch->step, column, &statistics[SLOPE], error);
}

static gboolean
crowding_measure (QrxMonitor *monitor, QrxLayer *layer, QrxStep *step, QrxTensor *gradients G_GNUC_UNUSED, guint epoch,
                  QrxHistory *history, GError **error)
{
  QrxCrowding *self = QRX_CROWDING (monitor);
  gsize width = step != NULL ? qrx_tensor_get_columns (qrx_step_get_output (step)) : 0;
  g_autoptr (QrxTensor) low = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, width);
  g_autoptr (QrxTensor) high = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, width);
  double means[N_STATISTICS] = { 0 }, statistics[N_STATISTICS];
  g_autofree gsize *counts = g_new0 (gsize, width * (gsize) self->bins);
  Watch watch = { self, layer, step, history, epoch, FALSE, 0, width, counts };

  if (layer == NULL || step == NULL)
    {
      g_set_error_literal (error, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED,
                           "what is watched are a table's features; watch a layer that makes angles of them");
      return FALSE;
    }
  watch.n_rows = qrx_step_get_n_rows (step);
  watch.bounded = qrx_layer_get_range (layer, step, low, high);
  for (gsize c = 0; c < width; c++)
    {
      if (!measure_column (&watch, c, watch.bounded ? qrx_tensor_get (low, c) : -G_PI,
                           watch.bounded ? qrx_tensor_get (high, c) : G_PI, statistics, error))
        return FALSE;
      for (guint k = 0; k < N_STATISTICS; k++)
        {
          means[k] += statistics[k] / (double) width;
          if (self->per_qubit)
            qrx_record_column (monitor, history, epoch, statistic_names[k], c, statistics[k]);
        }
    }
  for (guint k = 0; k < N_STATISTICS; k++)
    qrx_record (monitor, history, epoch, statistic_names[k], means[k]);
  if (self->histogram)
    record_histogram (&watch);
  return TRUE;
}

/* "on qubits 0 and 3 (most on qubit 3: 41 %, a/sd(φ) 0.62)". */
static char *
describe_qubits (QrxMonitor *monitor, QrxHistory *history, guint epoch, const QrxAlarmFinding *found)
{
  GString *text = g_string_new (NULL);
  g_autofree char *ratio =
      found->columns != NULL ? g_strdup_printf ("%s.scale-ratio.%d", qrx_node_get_id (QRX_NODE (monitor)), found->worst)
                             : g_strdup_printf ("%s.scale-ratio", qrx_node_get_id (QRX_NODE (monitor)));
  double scale_ratio = qrx_history_get (history, epoch, ratio);

  if (found->columns != NULL && found->n_columns > 1)
    g_string_append_printf (text, "on the qubits %s (most on qubit %d: ", found->columns, found->worst);
  else if (found->columns != NULL)
    g_string_append_printf (text, "on qubit %s (", found->columns);
  else
    g_string_append (text, "on average over the qubits (");
  g_string_append_printf (text, "%.0f %%", 100 * found->value);
  if (!isnan (scale_ratio))
    g_string_append_printf (text, ", a/sd(φ) %.2g", scale_ratio);
  g_string_append_c (text, ')');
  return g_string_free (text, FALSE);
}

static const char *
advise (QrxLayer *layer, gboolean bounded)
{
  if (!bounded)
    return "a smaller slope, a normalizer with bounds, or a batch-norm with \"affine\": false before it would help";
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (layer), "a") != NULL)
    return "a larger \"a\" (of moderated-tanh, arctan or softsign; presets fix theirs), one that is trained, \"a\": "
           "{\"value\": …, \"train\": \"yes\"}, or a batch-norm with \"affine\": false before it would help";
  return "a normalizer with a gentler slope, or a batch-norm with \"affine\": false before it would help";
}

static char *
crowding_find_fault (QrxMonitor *monitor, QrxLayer *layer, QrxHistory *history, guint epoch)
{
  QrxCrowding *self = QRX_CROWDING (monitor);
  g_autofree char *bounds = g_strconcat (qrx_node_get_id (QRX_NODE (monitor)), ".near-bounds", NULL);
  gboolean bounded = !isnan (qrx_history_get (history, epoch, bounds));
  QrxAlarm alarm = { bounded ? "near-bounds" : "past-pi", self->warn_fraction, TRUE, self->warn_epochs };
  g_autofree char *qubits = NULL, *columns = NULL, *where = NULL;
  QrxAlarmFinding found;

  if (!qrx_alarm_rings (&alarm, monitor, history, epoch, &found))
    return NULL;
  columns = found.columns;
  qubits = describe_qubits (monitor, history, epoch, &found);
  where = bounded ? g_strdup_printf ("within %g %% of the range's width of its ends, where hardly any slope is left",
                                     100 * self->margin)
                  : g_strdup ("past ±π, where rotations repeat themselves");
  return g_strdup_printf ("the angles of `%s` crowd since epoch %u: at least %g %% of the training rows are %s, %s; %s",
                          qrx_node_get_id (QRX_NODE (layer)), found.since, 100 * self->warn_fraction, where, qubits,
                          advise (layer, bounded));
}

static void
add_properties (QrxNodeClass *node_class)
{
  qrx_node_class_add_double (node_class, "margin", G_STRUCT_OFFSET (QrxCrowding, margin), 0, 0.5, 0.01, "fraction",
                             "how near to an end counts as crowded, of the range's width");
  qrx_node_class_add_integer (node_class, "bins", G_STRUCT_OFFSET (QrxCrowding, bins), 2, 100000, 20, "bins",
                              "bins of the histogram whose entropy is taken");
  qrx_node_class_add_boolean (node_class, "per-qubit", G_STRUCT_OFFSET (QrxCrowding, per_qubit), TRUE,
                              "write each statistic of each qubit too, <id>.<statistic>.<qubit>");
  qrx_node_class_add_boolean (node_class, "histogram", G_STRUCT_OFFSET (QrxCrowding, histogram), FALSE,
                              "write the histogram over all qubits, too: <id>.histogram.<bin>, the fraction of the "
                              "angles in a bin, and what the "
                              "bins span, <id>.low and <id>.high; without bounds, ±π with angles wrapped");
  qrx_node_class_add_boolean (node_class, "histogram-per-qubit", G_STRUCT_OFFSET (QrxCrowding, histogram_per_qubit),
                              FALSE, "write the histogram of each qubit, too, <id>.histogram.<qubit>.<bin>");
  qrx_node_class_add_double (
      node_class, "warn-fraction", G_STRUCT_OFFSET (QrxCrowding, warn_fraction), 0, 2, 0.25, "fraction",
      "warn where this many rows are crowded: near the ends of a bounded range, past ±π without bounds; for a tanh of "
      "normal φ and a margin of 0.01, 0.25 is a/sd(φ) = 1/2; above 1 never");
  qrx_node_class_add_integer (node_class, "warn-epochs", G_STRUCT_OFFSET (QrxCrowding, warn_epochs), 1, 1000000, 5,
                              "epochs", "warn after this many epochs without a break");
}

static void
qrx_crowding_class_init (QrxCrowdingClass *klass)
{
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  QRX_MONITOR_CLASS (klass)->measure = crowding_measure;
  QRX_MONITOR_CLASS (klass)->find_fault = crowding_find_fault;
  qrx_node_class_set_name (node_class, "crowding");
  qrx_node_class_set_category (node_class, "monitor");
  qrx_node_class_set_summary (node_class, "Watches how a normalizer's angles lie in their range over the training "
                                          "rows, qubit by qubit, and warns where they crowd.");
  qrx_node_class_add_citation (node_class, "Ito, Lysenko, Tsunoda 2025, arXiv:2505.10037");
  qrx_node_class_add_input (node_class, "in", "flow:angle[B, Q]", "the angles to watch");
  qrx_node_class_add_output (node_class, "out", "monitor",
                             "history columns <id>.near-bounds (fraction at the ends of a bounded range), past-pi "
                             "(fraction past ±π), entropy (of the histogram, 1 = uniform), slope (mean dφ'/dφ), "
                             "deviation (of φ), scale-ratio (a/deviation); means over qubits");
  add_properties (node_class);
  qrx_node_class_set_example (
      node_class, "{\"properties\": {\"bins\": 2, \"per-qubit\": false},"
                  " \"layer\": {\"type\": \"hard-clip\", \"properties\": {\"r\": 4}},"
                  " \"input\": [[5], [-1], [1], [-5]],"
                  " \"expect\": {\"history\": {\"near-bounds\": 0.5, \"past-pi\": 0.5, \"entropy\": 1, \"slope\": 0.5,"
                  " \"deviation\": 3.605551275463989}}, \"tolerance\": 1e-12}");
}

static void
qrx_crowding_init (QrxCrowding *self G_GNUC_UNUSED)
{
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `integrated-gradients`: by how much each gene moves a fitted model's predictions away from that of a baseline. */
#include <math.h>

#include "attribution-rows.h"
#include "gradient-path.h"

#define QRX_TYPE_INTEGRATED_GRADIENTS (qrx_integrated_gradients_get_type ())
G_DECLARE_FINAL_TYPE (QrxIntegratedGradients, qrx_integrated_gradients, QRX, INTEGRATED_GRADIENTS, QrxNode)

struct _QrxIntegratedGradients {
  QrxNode parent_instance;
  char *role;
  char *drug;
  char *baseline;
  gint64 steps;
  double tolerance;
  gint64 top;
};

G_DEFINE_FINAL_TYPE (QrxIntegratedGradients, qrx_integrated_gradients, QRX_TYPE_NODE)

/* The mean of each column over the training rows that have a target, of the same drug. */
static gboolean
fill_mean (QrxIntegratedGradients *self, QrxTable *table, QrxPredictor *model, QrxTensor *baseline, GError **error)
{
  gsize width = qrx_tensor_get_columns (baseline), n, target;
  g_autoptr (QrxIndex) all = NULL, rows = NULL;
  g_autoptr (QrxTensor) features = NULL;

  if (!attribution_rows_find_target (table, model, &target, error))
    return FALSE;
  all = attribution_rows_find (table, "train", self->drug, error);
  rows = all != NULL ? attribution_rows_with_target (table, all, target, error) : NULL;
  features = rows != NULL ? attribution_rows_read (table, rows, model, error) : NULL;
  if (features == NULL)
    {
      g_prefix_error (error, "the baseline is the mean of training rows: ");
      return FALSE;
    }
  n = qrx_tensor_get_rows (features);
  for (gsize k = 0; k < width; k++)
    {
      double sum = 0;

      for (gsize i = 0; i < n; i++)
        sum += qrx_tensor_peek_f64 (features)[i * width + k];
      qrx_tensor_set (baseline, k, sum / (double) n);
    }
  return TRUE;
}

static gboolean
check_model (QrxPredictor *model, GError **error)
{
  if (QRX_IS_MODEL (model))
    return TRUE;
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
               "the model of \"%s\" is no chain of layers, and has no gradient with respect to genes; use "
               "permutation-importance, which asks for predictions alone",
               qrx_predictor_get_producer (model));
  return FALSE;
}

/* Mean size and mean of a column over rows. */
static QrxTensor *
summarize (QrxTensor *attributions)
{
  gsize n = qrx_tensor_get_rows (attributions), width = qrx_tensor_get_columns (attributions);
  QrxTensor *summary = qrx_tensor_new_matrix (QRX_DTYPE_F64, width, 2);

  for (gsize k = 0; k < width; k++)
    {
      double size = 0, sum = 0;

      for (gsize i = 0; i < n; i++)
        {
          size += fabs (qrx_tensor_peek_f64 (attributions)[i * width + k]);
          sum += qrx_tensor_peek_f64 (attributions)[i * width + k];
        }
      qrx_tensor_set (summary, k * 2, size / (double) n);
      qrx_tensor_set (summary, k * 2 + 1, sum / (double) n);
    }
  return summary;
}

/* What a row's attributions lack of the difference that they should add up to. */
static void
put_completeness (QrxIntegratedGradients *self, QrxTensor *attributions, QrxTensor *values, QrxTensor *references,
                  QrxMetrics *metrics, QrxContext *context)
{
  gsize n = qrx_tensor_get_rows (attributions), width = qrx_tensor_get_columns (attributions);
  double errors = 0, differences = 0, greatest = 0, reference = 0;
  g_autofree char *warning = NULL;

  for (gsize i = 0; i < n; i++)
    {
      double sum = 0, difference = qrx_tensor_get (values, i) - qrx_tensor_get (references, i);

      for (gsize k = 0; k < width; k++)
        sum += qrx_tensor_peek_f64 (attributions)[i * width + k];
      errors += fabs (sum - difference);
      differences += fabs (difference);
      greatest = MAX (greatest, fabs (sum - difference));
      reference += qrx_tensor_get (references, i) / (double) n;
    }
  qrx_metrics_set_number (metrics, self->role, "baseline_prediction", reference);
  qrx_metrics_set_number (metrics, self->role, "mean_difference", differences / (double) n);
  qrx_metrics_set_number (metrics, self->role, "completeness_max_error", greatest);
  if (differences == 0)
    {
      qrx_metrics_set_undefined (metrics, self->role, "completeness_error",
                                 "every prediction is that of the baseline, so that there is nothing to attribute");
      return;
    }
  qrx_metrics_set_number (metrics, self->role, "completeness_error", errors / differences);
  if (errors / differences <= self->tolerance)
    return;
  warning =
      g_strdup_printf ("attributions miss %.3g of the difference between predictions and that of the baseline, more "
                       "than %g: take more than %" G_GINT64_FORMAT " steps",
                       errors / differences, self->tolerance, self->steps);
  qrx_context_warn (context, qrx_node_get_id (QRX_NODE (self)), warning);
}

static QrxTensor *
make_baseline (QrxIntegratedGradients *self, QrxTable *table, QrxPredictor *model, GError **error)
{
  gsize width = g_strv_length ((char **) qrx_predictor_get_columns (model));
  g_autoptr (QrxTensor) baseline = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, width);

  qrx_tensor_fill (baseline, 0);
  if (g_str_equal (self->baseline, "mean") && !fill_mean (self, table, model, baseline, error))
    return NULL;
  return g_steal_pointer (&baseline);
}

/* Attributions of all rows, and the scores that say how far they may be believed. */
static QrxTensor *
attribute (QrxIntegratedGradients *self, QrxTable *table, QrxPredictor *model, QrxMetrics *metrics, QrxContext *context,
           GCancellable *cancellable, GError **error)
{
  g_autoptr (QrxIndex) rows = attribution_rows_find (table, self->role, self->drug, error);
  g_autoptr (QrxTensor) features = rows != NULL ? attribution_rows_read (table, rows, model, error) : NULL;
  g_autoptr (QrxTensor) baseline = features != NULL ? make_baseline (self, table, model, error) : NULL;
  g_autoptr (QrxTensor) attributions = NULL, values = NULL, references = NULL;
  gsize n;

  if (baseline == NULL)
    return NULL;
  n = qrx_tensor_get_rows (features);
  attributions = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, qrx_tensor_get_columns (features));
  values = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, 1);
  references = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, 1);
  if (!gradient_path_integrate (QRX_MODEL (model), table, rows, features, baseline, (guint) self->steps, attributions,
                                values, references, context, cancellable, error))
    return NULL;
  qrx_metrics_set_count (metrics, self->role, "n", (gint64) n);
  qrx_metrics_set_count (metrics, self->role, "n_genes", (gint64) qrx_tensor_get_columns (features));
  qrx_metrics_set_text (metrics, self->role, "baseline", self->baseline);
  qrx_metrics_set_count (metrics, self->role, "steps", self->steps);
  put_completeness (self, attributions, values, references, metrics, context);
  return g_steal_pointer (&attributions);
}

static gboolean
qrx_integrated_gradients_run (QrxNode *node, QrxBundle *in, QrxBundle *out, QrxContext *context,
                              GCancellable *cancellable, GError **error)
{
  static const char *const columns[] = { "mean_abs", "mean", NULL };
  QrxIntegratedGradients *self = QRX_INTEGRATED_GRADIENTS (node);
  QrxPredictor *model = QRX_PREDICTOR (qrx_bundle_get (in, "model"));
  QrxTable *table = QRX_TABLE (qrx_bundle_get (in, "in"));
  g_autoptr (QrxMetrics) metrics = qrx_metrics_new ();
  g_autoptr (QrxTensor) attributions = NULL, summary = NULL;
  g_autoptr (QrxAttributions) result = NULL;

  if (!check_model (model, error))
    return FALSE;
  qrx_metrics_set_producer (metrics, qrx_node_get_id (node));
  attributions = attribute (self, table, model, metrics, context, cancellable, error);
  if (attributions == NULL)
    return FALSE;
  summary = summarize (attributions);
  result =
      qrx_attributions_new (qrx_node_get_type_name (node), qrx_predictor_get_columns (model), columns, summary, error);
  if (result == NULL)
    return FALSE;
  attribution_rows_give (result, self->role, (gsize) self->top, metrics, out);
  return TRUE;
}

static void
declare_properties (QrxNodeClass *klass)
{
  qrx_node_class_add_choice (klass, "role", G_STRUCT_OFFSET (QrxIntegratedGradients, role), ATTRIBUTION_ROLES,
                             "the rows whose predictions are explained");
  qrx_node_class_add_string (klass, "drug", G_STRUCT_OFFSET (QrxIntegratedGradients, drug), "",
                             "explains rows of this drug alone, where a table has several; empty for all");
  qrx_node_class_add_choice (
      klass, "baseline", G_STRUCT_OFFSET (QrxIntegratedGradients, baseline), "mean|zeros",
      "where paths begin: the mean profile of the training rows, or zeros in the table's own units");
  qrx_node_class_add_integer (klass, "steps", G_STRUCT_OFFSET (QrxIntegratedGradients, steps), 1, 512, 32,
                              "points on each path", "of the Gauss-Legendre rule");
  qrx_node_class_add_double (klass, "tolerance", G_STRUCT_OFFSET (QrxIntegratedGradients, tolerance), 0, 1, 0.01,
                             "of the mean difference", "how much attributions may miss before there is a warning");
  qrx_node_class_add_integer (klass, "top", G_STRUCT_OFFSET (QrxIntegratedGradients, top), 0, 1000000, 20, "genes",
                              "how many go into the scores; the file has all");
}

static void
qrx_integrated_gradients_class_init (QrxIntegratedGradientsClass *class)
{
  QrxNodeClass *klass = QRX_NODE_CLASS (class);

  klass->run = qrx_integrated_gradients_run;
  qrx_node_class_set_name (klass, "integrated-gradients");
  qrx_node_class_set_category (klass, "diagnostic");
  qrx_node_class_set_summary (
      klass,
      "Ranks genes by how much they move a fitted model's predictions away from that of a baseline profile: the "
      "gradient "
      "with respect to the table's own columns, through all layers, is integrated on the straight line between "
      "the two. "
      "mean_abs is the mean over rows of the size of that, in the target's unit, and mean the mean with its "
      "sign. What the "
      "attributions of a row add up to should be the difference of its prediction and the baseline's; "
      "completeness_error is the part that is missed. What a model goes by beside features, such as the drug, stays on "
      "the "
      "way: the baseline is then predicted for each row's own drug, and baseline_prediction is the mean of that.");
  qrx_node_class_add_citation (klass, "Sundararajan, Taly & Yan 2017, Axiomatic attribution for deep networks, "
                                      "arXiv:1703.01365");
  qrx_node_class_add_input (klass, "in", "table:split", "the rows, with the model's columns");
  qrx_node_class_add_input (klass, "model", "model",
                            "what is explained: fitted layers, a circuit among them or not, ridge or "
                            "elastic net");
  qrx_node_class_add_output (klass, "out", "attributions", "mean_abs and mean of every gene");
  qrx_node_class_add_output (klass, "metrics", "metrics", "completeness, and the genes that matter most");
  declare_properties (klass);
  qrx_node_class_set_example (
      klass, "{\"input\": {\"table\": {\"ids\": [\"a\", \"b\", \"c\", \"d\"],"
             "   \"roles\": [\"train\", \"train\", \"test\", \"test\"],"
             "   \"features\": {\"x\": [1, -1, 3, -1], \"y\": [0, 0, 1, 2]}, \"target\": [3, 1, null, null]},"
             "   \"model\": {\"type\": \"ridge\", \"properties\": {\"lambdas\": [1e-12]}}},"
             " \"expect\": {\"attributions\": \"attributions[2 genes by integrated-gradients]\","
             "   \"metrics\": {\"test\": {\"n\": 2, \"baseline_prediction\": 2, \"mean_difference\": 2,"
             "     \"completeness_error\": 0}}}, \"tolerance\": 1e-9}");
}

static void
qrx_integrated_gradients_init (QrxIntegratedGradients *self G_GNUC_UNUSED)
{
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Projects features on the directions in which the training rows vary most. */
#include <qrx/qrx-layer.h>
#include <qrx/qrx-linalg.h>

#include "support/view.h"

#include <float.h>
#include <math.h>
#include <string.h>

struct _QrxPca {
  QrxLayer parent_instance;
  gint64 components;
  gboolean whiten;
  char *quantity;
};

#define QRX_TYPE_PCA (qrx_pca_get_type ())
G_DECLARE_FINAL_TYPE (QrxPca, qrx_pca, QRX, PCA, QrxLayer)
G_DEFINE_FINAL_TYPE (QrxPca, qrx_pca, QRX_TYPE_LAYER)

static gboolean
pca_resolve (QrxNode *node, QrxShapeScope *scope, GError **error)
{
  QrxPca *self = QRX_PCA (node);
  gint64 available = qrx_shape_scope_get (scope, "G");

  if (available < 0 || self->components <= available)
    return TRUE;
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK,
               "property \"components\": found %" G_GINT64_FORMAT ", expected at most %" G_GINT64_FORMAT
               ", the columns of \"in\"",
               self->components, available);
  return FALSE;
}

static gboolean
pca_prepare (QrxLayer *layer G_GNUC_UNUSED, QrxPlan *plan, GError **error G_GNUC_UNUSED)
{
  gsize n = qrx_plan_get_output_width (plan), width = qrx_plan_get_input_width (plan, 0);

  qrx_plan_add_buffer (plan, "mean", 1, width, 0);
  qrx_plan_add_buffer (plan, "components", n, width, 0);
  qrx_plan_add_buffer (plan, "deviation", 1, n, 1); /* of the training rows along each component */
  qrx_plan_add_workspace (plan, "centered", 0, width);
  qrx_plan_add_workspace (plan, "loadings", n, width); /* components in the plan's element type, whitened if so */
  return TRUE;
}

/* The rows as float64 without their mean, which is left in @mean. */
static QrxTensor *
center_rows (QrxTensor *input, double *mean)
{
  QrxTensor *centered = qrx_tensor_dup_as (input, QRX_DTYPE_F64);
  double *x = qrx_tensor_peek_f64 (centered);
  gsize n_rows = qrx_tensor_get_rows (input), width = qrx_tensor_get_columns (input);

  memset (mean, 0, width * sizeof *mean);
  for (gsize row = 0; row < n_rows; row++)
    for (gsize c = 0; c < width; c++)
      mean[c] += x[row * width + c];
  for (gsize c = 0; c < width; c++)
    mean[c] /= (double) n_rows;
  for (gsize row = 0; row < n_rows; row++)
    for (gsize c = 0; c < width; c++)
      x[row * width + c] -= mean[c];
  return centered;
}

static gboolean
pca_fit (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step, GError **error)
{
  QrxTensor *input = qrx_step_get_input (step, 0), *components = qrx_step_get_buffer (step, "components");
  gsize n_rows = qrx_tensor_get_rows (input), width = qrx_tensor_get_columns (input);
  gsize n = qrx_tensor_get_rows (components), rank = MIN (n_rows, width);
  double *deviation = qrx_tensor_peek_f64 (qrx_step_get_buffer (step, "deviation")), negligible;
  g_autoptr (QrxTensor) centered = NULL, u = NULL, values = NULL, vt = NULL;

  if (n > rank)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                   "%" G_GSIZE_FORMAT " components are wanted, but %" G_GSIZE_FORMAT
                   " training rows of %" G_GSIZE_FORMAT " columns have at most %" G_GSIZE_FORMAT,
                   n, n_rows, width, rank);
      return FALSE;
    }
  centered = center_rows (input, qrx_tensor_peek_f64 (qrx_step_get_buffer (step, "mean")));
  u = qrx_tensor_new_matrix (QRX_DTYPE_F64, n_rows, rank);
  values = qrx_tensor_new (QRX_DTYPE_F64, &rank, 1);
  vt = qrx_tensor_new_matrix (QRX_DTYPE_F64, rank, width);
  if (!qrx_linalg_svd_thin (centered, u, values, vt, error))
    return FALSE;
  negligible = qrx_tensor_get (values, 0) * DBL_EPSILON * (double) MAX (n_rows, width);
  memcpy (qrx_tensor_peek_f64 (components), qrx_tensor_peek_f64 (vt), n * width * sizeof (double));
  for (gsize i = 0; i < n; i++)
    {
      double value = qrx_tensor_get (values, i);

      deviation[i] = value > negligible ? value / sqrt ((double) n_rows) : 0;
    }
  return TRUE;
}

static void
set_loadings (QrxPca *self, QrxStep *step)
{
  QrxTensor *components = qrx_step_get_buffer (step, "components");
  const double *from = qrx_tensor_peek_f64 (components), *deviation;
  QrxView to = qrx_view (qrx_step_get_workspace (step, "loadings"));
  gsize n = qrx_tensor_get_rows (components), width = qrx_tensor_get_columns (components);

  deviation = qrx_tensor_peek_f64 (qrx_step_get_buffer (step, "deviation"));
  for (gsize i = 0; i < n; i++)
    for (gsize c = 0; c < width; c++)
      {
        double loading = from[i * width + c];

        if (self->whiten)
          loading = deviation[i] > 0 ? loading / deviation[i] : 0;
        qrx_view_set (to, i * width + c, loading);
      }
}

static gboolean
pca_forward (QrxLayer *layer, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxTensor *input = qrx_step_get_input (step, 0), *centered = qrx_step_get_workspace (step, "centered");
  const double *mean = qrx_tensor_peek_f64 (qrx_step_get_buffer (step, "mean"));
  QrxView x = qrx_view (input), to = qrx_view (centered);
  gsize n_rows = qrx_tensor_get_rows (input), width = qrx_tensor_get_columns (input);

  set_loadings (QRX_PCA (layer), step);
  for (gsize row = 0; row < n_rows; row++)
    for (gsize c = 0; c < width; c++)
      qrx_view_set (to, row * width + c, qrx_view_get (x, row * width + c) - mean[c]);
  qrx_linalg_multiply (centered, FALSE, qrx_step_get_workspace (step, "loadings"), TRUE, 1, 0,
                       qrx_step_get_output (step), qrx_step_get_pool (step));
  return TRUE;
}

static gboolean
pca_backward (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  if (qrx_step_needs_input_gradient (step, 0))
    qrx_linalg_multiply (qrx_step_get_output_gradient (step), FALSE, qrx_step_get_workspace (step, "loadings"), FALSE,
                         1, 0, qrx_step_get_input_gradient (step, 0), qrx_step_get_pool (step));
  return TRUE;
}

static void
add_properties (QrxNodeClass *node_class)
{
  qrx_node_class_add_integer (node_class, "components", G_STRUCT_OFFSET (QrxPca, components), 1, 1 << 20, 8, "columns",
                              "how many components to keep, largest variance first");
  qrx_node_class_add_boolean (
      node_class, "whiten", G_STRUCT_OFFSET (QrxPca, whiten), FALSE,
      "divide each component by its deviation over the training rows (a component without any becomes 0)");
  qrx_node_class_add_choice (node_class, "quantity", G_STRUCT_OFFSET (QrxPca, quantity), "feature|activation",
                             "what the components are taken for; activations can go straight to a normalizer");
}

static void
qrx_pca_class_init (QrxPcaClass *klass)
{
  QrxLayerClass *layer_class = QRX_LAYER_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  node_class->resolve = pca_resolve;
  layer_class->prepare = pca_prepare;
  layer_class->fit = pca_fit;
  layer_class->forward = pca_forward;
  layer_class->backward = pca_backward;
  qrx_node_class_set_name (node_class, "pca");
  qrx_node_class_set_category (node_class, "transform");
  qrx_node_class_set_summary (node_class,
                              "Principal components of the training rows, the largest loading of each positive.");
  qrx_node_class_add_citation (node_class, "Pearson 1901, doi:10.1080/14786440109462720");
  qrx_node_class_add_citation (node_class, "Hotelling 1933, doi:10.1037/h0071325");
  qrx_node_class_add_input (node_class, "in", "flow:any[B, G]", "features, such as the expression of genes");
  qrx_node_class_add_output (node_class, "out", "flow:any=quantity[B, W=components]",
                             "coordinates along the components");
  add_properties (node_class);
  qrx_node_class_set_example (node_class,
                              "{\"properties\": {\"components\": 2, \"whiten\": true},"
                              " \"input\": [[5, 1, 7], [-3, 1, 7], [1, 3, 7], [1, -1, 7]],"
                              " \"expect\": {\"output\": [[1.4142135623730951, 0], [-1.4142135623730951, 0],"
                              " [0, 1.4142135623730951], [0, -1.4142135623730951]]}, \"tolerance\": 1e-12}");
}

static void
qrx_pca_init (QrxPca *self G_GNUC_UNUSED)
{
}

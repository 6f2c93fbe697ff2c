/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Angles, and their products in pairs: what feature maps with entangled data need, whose circuits turn by one angle at a
 * time. */
#include <qrx/qrx-layer.h>

#include "support/view.h"

struct _QrxPairProducts {
  QrxLayer parent_instance;
  double offset;
};

#define QRX_TYPE_PAIR_PRODUCTS (qrx_pair_products_get_type ())
G_DECLARE_FINAL_TYPE (QrxPairProducts, qrx_pair_products, QRX, PAIR_PRODUCTS, QrxLayer)
G_DEFINE_FINAL_TYPE (QrxPairProducts, qrx_pair_products, QRX_TYPE_LAYER)

static gboolean
pair_products_resolve (QrxNode *node G_GNUC_UNUSED, QrxShapeScope *scope, GError **error)
{
  gint64 width = qrx_shape_scope_get (scope, "W");

  if (width > G_MAXINT32)
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK,
                   "%" G_GINT64_FORMAT " angles come in; their products would not fit in memory", width);
      return FALSE;
    }
  return width < 0 || qrx_shape_scope_set (scope, "Q", width * (width + 1) / 2, "angles and pairs of angles", error);
}

static gboolean
pair_products_prepare (QrxLayer *layer G_GNUC_UNUSED, QrxPlan *plan G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  return TRUE;
}

static gboolean
pair_products_forward (QrxLayer *layer, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  double offset = QRX_PAIR_PRODUCTS (layer)->offset;
  QrxTensor *input = qrx_step_get_input (step, 0);
  QrxView x = qrx_view (input), y = qrx_view (qrx_step_get_output (step));
  gsize width = qrx_tensor_get_columns (input), at = 0;

  for (gsize first = 0; first < qrx_tensor_get_n_elements (input); first += width)
    {
      for (gsize i = 0; i < width; i++)
        qrx_view_set (y, at++, qrx_view_get (x, first + i));
      for (gsize i = 0; i < width; i++)
        for (gsize j = i + 1; j < width; j++)
          qrx_view_set (y, at++, (offset - qrx_view_get (x, first + i)) * (offset - qrx_view_get (x, first + j)));
    }
  return TRUE;
}

static gboolean
pair_products_backward (QrxLayer *layer, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  double offset = QRX_PAIR_PRODUCTS (layer)->offset;
  QrxTensor *input = qrx_step_get_input (step, 0);
  QrxView x = qrx_view (input), g = qrx_view (qrx_step_get_output_gradient (step)), to;
  gsize width = qrx_tensor_get_columns (input), n_products = width * (width - 1) / 2;

  if (!qrx_step_needs_input_gradient (step, 0))
    return TRUE;
  to = qrx_view (qrx_step_get_input_gradient (step, 0));
  for (gsize row = 0; row < qrx_tensor_get_rows (input); row++)
    {
      gsize first = row * width, from = row * (width + n_products);

      for (gsize i = 0; i < width; i++)
        {
          double sum = qrx_view_get (g, from + i);

          for (gsize j = 0; j < width; j++)
            if (i != j)
              {
                gsize low = MIN (i, j), high = MAX (i, j);
                gsize pair = low * (2 * width - low - 1) / 2 + high - low - 1;

                sum -= qrx_view_get (g, from + width + pair) * (offset - qrx_view_get (x, first + j));
              }
          qrx_view_set (to, first + i, sum);
        }
    }
  return TRUE;
}

static void
qrx_pair_products_class_init (QrxPairProductsClass *klass)
{
  QrxLayerClass *layer_class = QRX_LAYER_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  node_class->resolve = pair_products_resolve;
  layer_class->prepare = pair_products_prepare;
  layer_class->forward = pair_products_forward;
  layer_class->backward = pair_products_backward;
  qrx_node_class_set_name (node_class, "pair-products");
  qrx_node_class_set_category (node_class, "quantum");
  qrx_node_class_set_summary (node_class,
                              "Angles x, and behind them (offset − x)(offset − y) of each pair: for the encodings zz and iqp.");
  qrx_node_class_add_citation (node_class, "Havlíček et al. 2019, arXiv:1804.11326");
  qrx_node_class_add_input (node_class, "in", "flow:angle[B, W]", "angles in radians");
  qrx_node_class_add_output (node_class, "out", "flow:angle[B, Q]",
                             "the angles, then the products of the first and the second, the first and the third, …");
  qrx_node_class_add_double (node_class, "offset", G_STRUCT_OFFSET (QrxPairProducts, offset), -1000, 1000, G_PI, "radian",
                             "what angles are taken from before they are multiplied");
  qrx_node_class_add_preset (node_class, "iqp-products", "{\"offset\": 0}", "products of the angles themselves");
  qrx_node_class_set_example (node_class, "{\"properties\": {\"offset\": 1}, \"input\": [[0, 3, 5]],"
                                          " \"expect\": {\"output\": [[0, 3, 5, -2, -4, 8]]}, \"tolerance\": 0}");
}

static void
qrx_pair_products_init (QrxPairProducts *self G_GNUC_UNUSED)
{
}

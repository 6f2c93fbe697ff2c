/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A normalizer of one's own, in a plugin of one's own: what docs/writing-nodes.md explains. */
#include <math.h>
#include <qrx/qrx.h>

typedef struct {
  QrxLayer parent_instance;
  QrxScalar *r;
} AsinhScale;
typedef struct {
  QrxLayerClass parent_class;
} AsinhScaleClass;

GType asinh_scale_get_type (void);
G_DEFINE_TYPE (AsinhScale, asinh_scale, QRX_TYPE_LAYER)

static gboolean
asinh_scale_prepare (QrxLayer *layer, QrxPlan *plan, GError **error G_GNUC_UNUSED)
{
  qrx_plan_add_scalar (plan, "r", ((AsinhScale *) layer)->r);
  return TRUE;
}

static gboolean
asinh_scale_forward (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxTensor *x = qrx_step_get_input (step, 0), *r = qrx_step_get_parameter (step, "r");
  gsize width = qrx_tensor_get_columns (x);

  for (gsize i = 0; i < qrx_tensor_get_n_elements (x); i++)
    qrx_tensor_set (qrx_step_get_output (step), i, qrx_tensor_get (r, i % width) * asinh (qrx_tensor_get (x, i)));
  return TRUE;
}

static gboolean
asinh_scale_backward (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxTensor *x = qrx_step_get_input (step, 0), *r = qrx_step_get_parameter (step, "r");
  QrxTensor *gradient = qrx_step_get_output_gradient (step);
  gsize width = qrx_tensor_get_columns (x);

  for (gsize column = 0; column < width; column++)
    {
      double sum = 0;

      for (gsize i = column; i < qrx_tensor_get_n_elements (x); i += width)
        {
          double g = qrx_tensor_get (gradient, i), value = qrx_tensor_get (x, i);

          sum += g * asinh (value);
          if (qrx_step_needs_input_gradient (step, 0))
            qrx_tensor_set (qrx_step_get_input_gradient (step, 0), i,
                            g * qrx_tensor_get (r, column) / sqrt (value * value + 1));
        }
      if (qrx_step_needs_parameter_gradient (step, "r"))
        qrx_tensor_set (qrx_step_get_parameter_gradient (step, "r"), column, sum);
    }
  return TRUE;
}

static void
asinh_scale_class_init (AsinhScaleClass *klass)
{
  QrxLayerClass *layer_class = QRX_LAYER_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  layer_class->prepare = asinh_scale_prepare;
  layer_class->forward = asinh_scale_forward;
  layer_class->backward = asinh_scale_backward;
  qrx_node_class_set_name (node_class, "asinh-scale");
  qrx_node_class_set_category (node_class, "normalizer");
  qrx_node_class_set_summary (node_class, "Angles r·asinh(φ): linear for small φ, slow to grow, unbounded.");
  qrx_node_class_add_citation (node_class, "Burbidge, Magee, Robb 1988, doi:10.1080/01621459.1988.10478575 (asinh for extremes)");
  qrx_node_class_add_input (node_class, "in", "flow:activation[B, Q]", "what an encoder makes");
  qrx_node_class_add_output (node_class, "out", "flow:angle[B, Q]", "rotation angles");
  qrx_node_class_add_scalar (node_class, "r", G_STRUCT_OFFSET (AsinhScale, r), -1000, 1000, 1, "radian",
                             "the slope at 0");
  qrx_node_class_set_example (node_class, "{\"properties\": {\"r\": 2}, \"input\": [[0, 1], [-3, 10]],"
                                          " \"expect\": {\"output\": [[0, 1.762747174039086],"
                                          " [-3.6368929184641337, 5.99644590059594]]}, \"tolerance\": 1e-13}");
}

static void
asinh_scale_init (AsinhScale *self G_GNUC_UNUSED)
{
}

QRX_API gboolean qrx_plugin_register (QrxRegistry *registry, GError **error);

gboolean
qrx_plugin_register (QrxRegistry *registry, GError **error)
{
  return qrx_registry_add (registry, asinh_scale_get_type (), error);
}

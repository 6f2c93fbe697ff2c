/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Angles that share π among a row's qubits: the one normalizer in which qubits compete. */
#include <qrx/qrx-layer.h>

#include "support/view.h"

#include <math.h>

struct _QrxSoftmaxPi {
  QrxLayer parent_instance;
  QrxScalar *r;
};

#define QRX_TYPE_SOFTMAX_PI (qrx_softmax_pi_get_type ())
G_DECLARE_FINAL_TYPE (QrxSoftmaxPi, qrx_softmax_pi, QRX, SOFTMAX_PI, QrxLayer)
G_DEFINE_FINAL_TYPE (QrxSoftmaxPi, qrx_softmax_pi, QRX_TYPE_LAYER)

static gboolean
softmax_prepare (QrxLayer *layer, QrxPlan *plan, GError **error G_GNUC_UNUSED)
{
  qrx_plan_add_scalar (plan, "r", QRX_SOFTMAX_PI (layer)->r);
  qrx_plan_add_workspace (plan, "shares", 0, qrx_plan_get_output_width (plan));
  return TRUE;
}

static gboolean
softmax_forward (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxTensor *input = qrx_step_get_input (step, 0);
  QrxView x = qrx_view (input), y = qrx_view (qrx_step_get_output (step));
  QrxView shares = qrx_view (qrx_step_get_workspace (step, "shares")),
          r = qrx_view (qrx_step_get_parameter (step, "r"));
  gsize n_rows = qrx_tensor_get_rows (input), width = qrx_tensor_get_columns (input);

  for (gsize row = 0; row < n_rows; row++)
    {
      gsize first = row * width;
      double largest = -INFINITY, sum = 0;

      for (gsize c = 0; c < width; c++)
        largest = fmax (largest, qrx_view_get (x, first + c));
      for (gsize c = 0; c < width; c++)
        sum += exp (qrx_view_get (x, first + c) - largest);
      for (gsize c = 0; c < width; c++)
        {
          double share = exp (qrx_view_get (x, first + c) - largest) / sum;

          qrx_view_set (shares, first + c, share);
          qrx_view_set (y, first + c, qrx_view_get (r, c) * share);
        }
    }
  return TRUE;
}

static void
softmax_backward_input (QrxStep *step, QrxView g, QrxView shares, QrxView r, gsize n_rows, gsize width)
{
  QrxView to = qrx_view (qrx_step_get_input_gradient (step, 0));

  for (gsize row = 0; row < n_rows; row++)
    {
      gsize first = row * width;
      double mean = 0;

      for (gsize c = 0; c < width; c++)
        mean += qrx_view_get (g, first + c) * qrx_view_get (r, c) * qrx_view_get (shares, first + c);
      for (gsize c = 0; c < width; c++)
        qrx_view_set (to, first + c,
                      qrx_view_get (shares, first + c) * (qrx_view_get (g, first + c) * qrx_view_get (r, c) - mean));
    }
}

static gboolean
softmax_backward (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxTensor *gradient = qrx_step_get_output_gradient (step);
  QrxView g = qrx_view (gradient), shares = qrx_view (qrx_step_get_workspace (step, "shares"));
  QrxView r = qrx_view (qrx_step_get_parameter (step, "r"));
  gsize n_rows = qrx_tensor_get_rows (gradient), width = qrx_tensor_get_columns (gradient);

  if (qrx_step_needs_input_gradient (step, 0))
    softmax_backward_input (step, g, shares, r, n_rows, width);
  if (qrx_step_needs_parameter_gradient (step, "r"))
    for (gsize c = 0; c < width; c++)
      {
        double sum = 0;

        for (gsize i = c; i < n_rows * width; i += width)
          sum += qrx_view_get (g, i) * qrx_view_get (shares, i);
        qrx_tensor_set (qrx_step_get_parameter_gradient (step, "r"), c, sum);
      }
  return TRUE;
}

static gboolean
softmax_get_range (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step, QrxTensor *low, QrxTensor *high)
{
  QrxView r = qrx_view (qrx_step_get_parameter (step, "r"));

  for (gsize c = 0; c < qrx_tensor_get_columns (low); c++)
    {
      qrx_tensor_set (low, c, fmin (0, qrx_view_get (r, c)));
      qrx_tensor_set (high, c, fmax (0, qrx_view_get (r, c)));
    }
  return TRUE;
}

static void
qrx_softmax_pi_class_init (QrxSoftmaxPiClass *klass)
{
  QrxLayerClass *layer_class = QRX_LAYER_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  layer_class->prepare = softmax_prepare;
  layer_class->forward = softmax_forward;
  layer_class->backward = softmax_backward;
  layer_class->get_range = softmax_get_range;
  qrx_node_class_set_name (node_class, "softmax-pi");
  qrx_node_class_set_category (node_class, "normalizer");
  qrx_node_class_set_summary (node_class, "Angles r·softmax(φ) over the qubits of a row, r = π.");
  qrx_node_class_add_citation (node_class, "Ito, Lysenko, Tsunoda 2025, arXiv:2505.10037 (compares a softmax)");
  qrx_node_class_add_input (node_class, "in", "flow:activation[B, Q]", "numbers of any size, one column a qubit");
  qrx_node_class_add_output (node_class, "out", "flow:angle[B, Q]", "angles in radians");
  qrx_node_class_add_scalar (node_class, "r", G_STRUCT_OFFSET (QrxSoftmaxPi, r), -1000, 1000, G_PI, "radian",
                             "what the qubits of a row share");
  qrx_node_class_set_example (
      node_class, "{\"properties\": {},"
                  " \"input\": [[1.5238431251006723, -0.22188939938792257, -0.06324346515187397, 0.9148977445272719,"
                  " -0.19185799144543736]],"
                  " \"expect\": {\"output\": [[1.4940048579940024, 0.26072940129962, 0.30555476532265113,"
                  " 0.8126253967713948, 0.2686782322021248]]}, \"tolerance\": 1e-13}");
}

static void
qrx_softmax_pi_init (QrxSoftmaxPi *self G_GNUC_UNUSED)
{
}

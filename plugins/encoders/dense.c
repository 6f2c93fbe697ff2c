/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The classical control of a quantum layer: a dense layer with as nearly as possible the same number of parameters. */
#include <qrx/qrx-layer.h>

#include "support/affine.h"
#include "support/nonlinearity.h"

struct _QrxDense {
  QrxLayer parent_instance;
  gint64 width;
  gint64 parameters;
  char *activation;
};

#define QRX_TYPE_DENSE (qrx_dense_get_type ())
G_DECLARE_FINAL_TYPE (QrxDense, qrx_dense, QRX, DENSE, QrxLayer)
G_DEFINE_FINAL_TYPE (QrxDense, qrx_dense, QRX_TYPE_LAYER)

static const QrxAffine first = { "weight0", "bias0" };
static const QrxAffine second = { "weight1", "bias1" };

/* Weights and biases of Q → M, or of Q → hidden → M. */
static gint64
count_parameters (gint64 n_inputs, gint64 hidden, gint64 n_outputs)
{
  if (hidden == 0)
    return n_outputs * (n_inputs + 1);
  return hidden * (n_inputs + 1) + n_outputs * (hidden + 1);
}

/* The number of hidden units, 0 for none, whose count of parameters is nearest; of two equally near the smaller. */
static gint64
choose_hidden (QrxDense *self, gint64 n_inputs, gint64 n_outputs)
{
  gint64 target = self->parameters, below, best = 0;

  if (target == 0)
    return 0;
  below = (target - n_outputs) / (n_inputs + 1 + n_outputs);
  for (gint64 hidden = MAX (below, 1); hidden <= MAX (below, 1) + 1; hidden++)
    {
      gint64 distance = ABS (count_parameters (n_inputs, hidden, n_outputs) - target);

      if (distance < ABS (count_parameters (n_inputs, best, n_outputs) - target))
        best = hidden;
    }
  return best;
}

static gint64
choose_hidden_of_plan (QrxDense *self, QrxPlan *plan)
{
  return choose_hidden (self, (gint64) qrx_plan_get_input_width (plan, 0), (gint64) qrx_plan_get_output_width (plan));
}

static gboolean
dense_prepare (QrxLayer *layer, QrxPlan *plan, GError **error G_GNUC_UNUSED)
{
  gsize n_inputs = qrx_plan_get_input_width (plan, 0), n_outputs = qrx_plan_get_output_width (plan);
  gsize hidden = (gsize) choose_hidden_of_plan (QRX_DENSE (layer), plan), width = hidden > 0 ? hidden : n_outputs;

  qrx_affine_declare (&first, plan, n_inputs, width);
  qrx_plan_add_workspace (plan, "before", 0, width);
  qrx_plan_add_workspace (plan, "gradient", 0, width);
  if (hidden > 0)
    {
      qrx_affine_declare (&second, plan, hidden, n_outputs);
      qrx_plan_add_workspace (plan, "hidden", 0, hidden);
    }
  return TRUE;
}

/* What the nonlinearity gives: the hidden units, or the output where there are none. */
static QrxTensor *
get_activated (QrxStep *step, gboolean has_hidden)
{
  return has_hidden ? qrx_step_get_workspace (step, "hidden") : qrx_step_get_output (step);
}

static gboolean
dense_forward (QrxLayer *layer, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxDense *self = QRX_DENSE (layer);
  gboolean has_hidden = choose_hidden_of_plan (self, qrx_step_get_plan (step)) > 0;
  QrxTensor *before = qrx_step_get_workspace (step, "before"), *activated = get_activated (step, has_hidden);

  qrx_affine_forward (&first, step, qrx_step_get_input (step, 0), before);
  qrx_nonlinearity_forward (self->activation, step, before, activated);
  if (has_hidden)
    qrx_affine_forward (&second, step, activated, qrx_step_get_output (step));
  return TRUE;
}

static gboolean
dense_backward (QrxLayer *layer, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxDense *self = QRX_DENSE (layer);
  gboolean has_hidden = choose_hidden_of_plan (self, qrx_step_get_plan (step)) > 0;
  QrxTensor *activated = get_activated (step, has_hidden), *gradient = qrx_step_get_workspace (step, "gradient");
  QrxTensor *to = qrx_step_needs_input_gradient (step, 0) ? qrx_step_get_input_gradient (step, 0) : NULL;

  if (has_hidden)
    qrx_affine_backward (&second, step, activated, qrx_step_get_output_gradient (step), gradient);
  else
    qrx_tensor_copy_from (gradient, qrx_step_get_output_gradient (step));
  qrx_nonlinearity_backward (self->activation, step, qrx_step_get_workspace (step, "before"), activated, gradient);
  qrx_affine_backward (&first, step, qrx_step_get_input (step, 0), gradient, to);
  return TRUE;
}

static void
add_properties (QrxNodeClass *node_class)
{
  qrx_node_class_add_integer (node_class, "width", G_STRUCT_OFFSET (QrxDense, width), 1, 1 << 20, 1, "columns",
                              "number of outputs: those of the quantum layer that it stands for");
  qrx_node_class_add_integer (
      node_class, "parameters", G_STRUCT_OFFSET (QrxDense, parameters), 0, 1 << 24, 0, "parameters",
      "how many parameters to come nearest to: with Q inputs and M outputs the layer has M·(Q + 1) "
      "without hidden units and h·(Q + 1) + M·(h + 1) with h of them; 0: no hidden units");
  qrx_node_class_add_choice (node_class, "activation", G_STRUCT_OFFSET (QrxDense, activation), "tanh|silu|relu|none",
                             "nonlinearity of the hidden units, or of the outputs where there are none");
}

static void
qrx_dense_class_init (QrxDenseClass *klass)
{
  QrxLayerClass *layer_class = QRX_LAYER_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  layer_class->prepare = dense_prepare;
  layer_class->forward = dense_forward;
  layer_class->backward = dense_backward;
  qrx_node_class_set_name (node_class, "dense");
  qrx_node_class_set_category (node_class, "quantum");
  qrx_node_class_add_citation (
      node_class, "Bowles, Ahmed, Schuld 2024, arXiv:2403.07059 (why circuits are held against classical controls)");
  qrx_node_class_set_summary (
      node_class, "The classical control of a quantum layer: a dense layer, with hidden units if they bring "
                  "its number of parameters nearer to a given one.");
  qrx_node_class_add_input (node_class, "in", "flow:any[B, Q]", "angles, or activations before any normalizer");
  qrx_node_class_add_output (node_class, "out", "flow:expectation[B, M=width]", "what stands where expectations would");
  add_properties (node_class);
  qrx_node_class_set_example (node_class,
                              "{\"properties\": {\"width\": 1, \"parameters\": 9, \"activation\": \"relu\"},"
                              " \"parameters\": {\"weight0\": [[1, 2], [-1, 1]], \"bias0\": [[0.5, 0]],"
                              " \"weight1\": [[2, 3]], \"bias1\": [[-1]]},"
                              " \"input\": [[1, 1.5], [-1, 2]],"
                              " \"expect\": {\"output\": [[9.5], [15]]}, \"tolerance\": 1e-13}");
}

static void
qrx_dense_init (QrxDense *self G_GNUC_UNUSED)
{
}

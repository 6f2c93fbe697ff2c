/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The feed-forward encoder from many features to a few activations: hidden layers, each an affine map, a batch norm,
 * a nonlinearity and dropout, and a last affine map. */
#include <qrx/qrx-layer.h>

#include "support/affine.h"
#include "support/nonlinearity.h"
#include "support/norm.h"

struct _QrxMlpEncoder {
  QrxLayer parent_instance;
  gint64 width;
  GVariant *hidden;
  char *activation;
  gboolean batch_norm;
  double dropout;
};

#define QRX_TYPE_MLP_ENCODER (qrx_mlp_encoder_get_type ())
G_DECLARE_FINAL_TYPE (QrxMlpEncoder, qrx_mlp_encoder, QRX, MLP_ENCODER, QrxLayer)
G_DEFINE_FINAL_TYPE (QrxMlpEncoder, qrx_mlp_encoder, QRX_TYPE_LAYER)

/* What the i-th layer calls its tensors. */
typedef struct {
  char weight[24], bias[24], gain[24], shift[24], mean[24], variance[24]; /* in the model */
  char normalized[24], inverse[24], before[24], after[24], mask[24], dropped[24], gradient[24];
  QrxAffine affine;
  QrxNorm norm;
} Names;

static void
name_tensors (gsize i, Names *names)
{
  struct {
    char *to;
    const char *stem;
  } all[] = {
    { names->weight, "weight" },         { names->bias, "bias" },       { names->gain, "gain" },
    { names->shift, "shift" },           { names->mean, "mean" },       { names->variance, "variance" },
    { names->normalized, "normalized" }, { names->inverse, "inverse" }, { names->before, "before" },
    { names->after, "after" },           { names->mask, "mask" },       { names->dropped, "dropped" },
    { names->gradient, "gradient" },
  };

  for (guint k = 0; k < G_N_ELEMENTS (all); k++)
    g_snprintf (all[k].to, sizeof names->weight, "%s%" G_GSIZE_FORMAT, all[k].stem, i);
  names->affine = (QrxAffine){ names->weight, names->bias };
  names->norm = (QrxNorm){ names->gain,       names->shift,   names->mean, names->variance,
                           names->normalized, names->inverse, 1e-5,        0.1 };
}

static const gint64 *
get_hidden (QrxMlpEncoder *self, gsize *n_layers)
{
  *n_layers = 0;
  return self->hidden != NULL ? g_variant_get_fixed_array (self->hidden, n_layers, sizeof (gint64)) : NULL;
}

static void
declare_hidden (QrxMlpEncoder *self, QrxPlan *plan, const Names *names, gsize n_inputs, gsize width)
{
  qrx_affine_declare (&names->affine, plan, n_inputs, width);
  if (self->batch_norm)
    qrx_norm_declare (&names->norm, plan, width);
  qrx_plan_add_workspace (plan, names->before, 0, width);
  qrx_plan_add_workspace (plan, names->after, 0, width);
  qrx_plan_add_workspace (plan, names->gradient, 0, width);
  if (self->dropout == 0)
    return;
  qrx_plan_add_workspace (plan, names->mask, 0, width);
  qrx_plan_add_workspace (plan, names->dropped, 0, width);
  qrx_plan_set_batch_dependent (plan);
}

static gboolean
mlp_prepare (QrxLayer *layer, QrxPlan *plan, GError **error G_GNUC_UNUSED)
{
  QrxMlpEncoder *self = QRX_MLP_ENCODER (layer);
  gsize n_layers, n_inputs = qrx_plan_get_input_width (plan, 0);
  const gint64 *hidden = get_hidden (self, &n_layers);
  Names names;

  for (gsize i = 0; i < n_layers; i++)
    {
      name_tensors (i, &names);
      declare_hidden (self, plan, &names, n_inputs, (gsize) hidden[i]);
      n_inputs = (gsize) hidden[i];
    }
  name_tensors (n_layers, &names);
  qrx_affine_declare (&names.affine, plan, n_inputs, qrx_plan_get_output_width (plan));
  return TRUE;
}

static gboolean
drops (QrxMlpEncoder *self, QrxStep *step)
{
  return self->dropout > 0 && qrx_step_get_mode (step) == QRX_MODE_TRAIN;
}

/* What a hidden layer passes on. */
static QrxTensor *
get_passed (QrxMlpEncoder *self, QrxStep *step, const Names *names)
{
  return qrx_step_get_workspace (step, drops (self, step) ? names->dropped : names->after);
}

static gboolean
mlp_forward (QrxLayer *layer, QrxStep *step, GError **error)
{
  QrxMlpEncoder *self = QRX_MLP_ENCODER (layer);
  QrxTensor *x = qrx_step_get_input (step, 0);
  gsize n_layers;
  Names names;

  get_hidden (self, &n_layers);
  for (gsize i = 0; i < n_layers; i++)
    {
      QrxTensor *before, *after;

      name_tensors (i, &names);
      before = qrx_step_get_workspace (step, names.before);
      after = qrx_step_get_workspace (step, names.after);
      qrx_affine_forward (&names.affine, step, x, before);
      if (self->batch_norm && !qrx_norm_forward (&names.norm, step, before, before, error))
        return FALSE;
      qrx_nonlinearity_forward (self->activation, step, before, after);
      x = get_passed (self, step, &names);
      if (!drops (self, step))
        continue;
      qrx_dropout_draw (qrx_step_get_random (step), self->dropout, qrx_step_get_workspace (step, names.mask));
      qrx_dropout_apply (qrx_step_get_workspace (step, names.mask), after, x);
    }
  name_tensors (n_layers, &names);
  qrx_affine_forward (&names.affine, step, x, qrx_step_get_output (step));
  return TRUE;
}

/* Back through the i-th affine map: @gradient is that of what comes out of it. */
static void
pass_affine (QrxMlpEncoder *self, QrxStep *step, gsize i, QrxTensor *gradient)
{
  QrxTensor *to = NULL, *fed = qrx_step_get_input (step, 0);
  Names names, previous;

  name_tensors (i, &names);
  if (i > 0)
    {
      name_tensors (i - 1, &previous);
      fed = get_passed (self, step, &previous);
      to = qrx_step_get_workspace (step, previous.gradient);
    }
  else if (qrx_step_needs_input_gradient (step, 0))
    to = qrx_step_get_input_gradient (step, 0);
  qrx_affine_backward (&names.affine, step, fed, gradient, to);
}

static gboolean
mlp_backward (QrxLayer *layer, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxMlpEncoder *self = QRX_MLP_ENCODER (layer);
  gsize n_layers;
  Names names;

  get_hidden (self, &n_layers);
  pass_affine (self, step, n_layers, qrx_step_get_output_gradient (step));
  for (gsize i = n_layers; i-- > 0;)
    {
      QrxTensor *gradient;

      name_tensors (i, &names);
      gradient = qrx_step_get_workspace (step, names.gradient);
      if (drops (self, step))
        qrx_dropout_apply (qrx_step_get_workspace (step, names.mask), gradient, gradient);
      qrx_nonlinearity_backward (self->activation, step, qrx_step_get_workspace (step, names.before),
                                 qrx_step_get_workspace (step, names.after), gradient);
      if (self->batch_norm)
        qrx_norm_backward (&names.norm, step, gradient, gradient);
      pass_affine (self, step, i, gradient);
    }
  return TRUE;
}

static void
add_properties (QrxNodeClass *node_class)
{
  qrx_node_class_add_integer (node_class, "width", G_STRUCT_OFFSET (QrxMlpEncoder, width), 1, 1 << 20, 8, "columns",
                              "number of activations: one for each qubit");
  qrx_node_class_add_integers (node_class, "hidden", G_STRUCT_OFFSET (QrxMlpEncoder, hidden), 1, 1 << 20, "512, 128",
                               "units", "widths of the hidden layers; an empty list leaves one affine map");
  qrx_node_class_add_choice (node_class, "activation", G_STRUCT_OFFSET (QrxMlpEncoder, activation), "silu|relu|tanh",
                             "nonlinearity of the hidden layers");
  qrx_node_class_add_boolean (node_class, "batch-norm", G_STRUCT_OFFSET (QrxMlpEncoder, batch_norm), TRUE,
                              "normalize each hidden layer over the minibatch, before its nonlinearity");
  qrx_node_class_add_double (node_class, "dropout", G_STRUCT_OFFSET (QrxMlpEncoder, dropout), 0, 0.95, 0, "fraction",
                             "hidden units that are dropped in training");
}

static void
qrx_mlp_encoder_class_init (QrxMlpEncoderClass *klass)
{
  QrxLayerClass *layer_class = QRX_LAYER_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  layer_class->prepare = mlp_prepare;
  layer_class->forward = mlp_forward;
  layer_class->backward = mlp_backward;
  qrx_node_class_set_name (node_class, "mlp-encoder");
  qrx_node_class_set_category (node_class, "encoder");
  qrx_node_class_set_summary (node_class, "Feed-forward network from many features to one activation a qubit.");
  qrx_node_class_add_citation (node_class, "Ito, Lysenko, Tsunoda 2025, arXiv:2505.10037 (512, 128, batch norm, SiLU)");
  qrx_node_class_add_input (node_class, "in", "flow:any[B, G]", "features, such as the expression of genes");
  qrx_node_class_add_output (node_class, "out", "flow:activation[B, Q=width]", "activations of any size");
  add_properties (node_class);
  qrx_node_class_set_example (node_class,
                              "{\"properties\": {\"width\": 1, \"hidden\": [2], \"activation\": \"tanh\"},"
                              " \"parameters\": {\"weight0\": [[1, 0, 1], [0, 0, 0.5]], \"bias0\": [[0, 0.25]],"
                              " \"weight1\": [[1, -2]], \"bias1\": [[3]]},"
                              " \"input\": [[0.5, 7, 0.5], [0, 0, 0]],"
                              " \"expect\": {\"output\": [[2.837361673785506], [2.510165025212798]]},"
                              " \"tolerance\": 1e-13}");
}

static void
qrx_mlp_encoder_init (QrxMlpEncoder *self G_GNUC_UNUSED)
{
}

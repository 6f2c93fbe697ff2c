/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A head for each drug behind layers that all drugs share: a row's prediction, and its gradient, go through the head of its own
 * group and through no other. */
#include <qrx/qrx-layer.h>
#include <qrx/qrx-table.h>

#include "support/view.h"

#include <math.h>

struct _QrxHeadPerGroup {
  QrxLayer parent_instance;
  char *by;
  gboolean bias;
};

#define QRX_TYPE_HEAD_PER_GROUP (qrx_head_per_group_get_type ())
G_DECLARE_FINAL_TYPE (QrxHeadPerGroup, qrx_head_per_group, QRX, HEAD_PER_GROUP, QrxLayer)
G_DEFINE_FINAL_TYPE (QrxHeadPerGroup, qrx_head_per_group, QRX_TYPE_LAYER)

/* A step as numbers: x (rows, width), c (rows, groups), w (groups, width), b (1, groups) or NULL. */
typedef struct {
  gsize n_rows, width, n_groups;
  QrxView x, c, w, b;
  gboolean bias;
} Heads;

static Heads
get_heads (QrxLayer *layer, QrxStep *step)
{
  QrxTensor *x = qrx_step_get_input (step, 0), *c = qrx_step_get_input (step, 1);
  Heads heads = { qrx_tensor_get_rows (x), qrx_tensor_get_columns (x), qrx_tensor_get_columns (c), qrx_view (x), qrx_view (c),
                  qrx_view (qrx_step_get_parameter (step, "weight")), { NULL, NULL }, QRX_HEAD_PER_GROUP (layer)->bias };

  if (heads.bias)
    heads.b = qrx_view (qrx_step_get_parameter (step, "bias"));
  return heads;
}

static gboolean
head_per_group_prepare (QrxLayer *layer, QrxPlan *plan, GError **error G_GNUC_UNUSED)
{
  gsize width = qrx_plan_get_input_width (plan, 0), n_groups = qrx_plan_get_input_width (plan, 1);
  double bound = 1 / sqrt ((double) MAX (width, 1));
  QrxParameter *weight = qrx_plan_add_parameter (plan, "weight", n_groups, width);

  qrx_parameter_start_uniform (weight, -bound, bound);
  qrx_parameter_set_decays (weight, TRUE);
  if (QRX_HEAD_PER_GROUP (layer)->bias)
    qrx_parameter_start_uniform (qrx_plan_add_parameter (plan, "bias", 1, n_groups), -bound, bound);
  return TRUE;
}

/* What a head makes of a row. */
static double
apply (const Heads *heads, gsize row, gsize group)
{
  double sum = heads->bias ? qrx_view_get (heads->b, group) : 0;

  for (gsize k = 0; k < heads->width; k++)
    sum += qrx_view_get (heads->w, group * heads->width + k) * qrx_view_get (heads->x, row * heads->width + k);
  return sum;
}

static gboolean
head_per_group_forward (QrxLayer *layer, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  Heads heads = get_heads (layer, step);
  QrxView y = qrx_view (qrx_step_get_output (step));

  for (gsize row = 0; row < heads.n_rows; row++)
    {
      double sum = 0;

      for (gsize group = 0; group < heads.n_groups; group++)
        {
          double member = qrx_view_get (heads.c, row * heads.n_groups + group);

          if (member != 0)
            sum += member * apply (&heads, row, group);
        }
      qrx_view_set (y, row, sum);
    }
  return TRUE;
}

/* Each head's gradient is the sum over its own rows; one that has none in the minibatch gets zero. */
static void
write_parameter_gradients (const Heads *heads, QrxStep *step, QrxView gradient)
{
  gboolean weights = qrx_step_needs_parameter_gradient (step, "weight");
  gboolean biases = heads->bias && qrx_step_needs_parameter_gradient (step, "bias");
  g_autofree double *sums = g_new (double, heads->width + 1);

  for (gsize group = 0; (weights || biases) && group < heads->n_groups; group++)
    {
      for (gsize k = 0; k <= heads->width; k++)
        sums[k] = 0;
      for (gsize row = 0; row < heads->n_rows; row++)
        {
          double g = qrx_view_get (gradient, row) * qrx_view_get (heads->c, row * heads->n_groups + group);

          for (gsize k = 0; g != 0 && k < heads->width; k++)
            sums[k] += g * qrx_view_get (heads->x, row * heads->width + k);
          sums[heads->width] += g;
        }
      for (gsize k = 0; weights && k < heads->width; k++)
        qrx_view_set (qrx_view (qrx_step_get_parameter_gradient (step, "weight")), group * heads->width + k, sums[k]);
      if (biases)
        qrx_view_set (qrx_view (qrx_step_get_parameter_gradient (step, "bias")), group, sums[heads->width]);
    }
}

static void
write_input_gradient (const Heads *heads, QrxView gradient, QrxView to)
{
  for (gsize row = 0; row < heads->n_rows; row++)
    for (gsize k = 0; k < heads->width; k++)
      {
        double sum = 0;

        for (gsize group = 0; group < heads->n_groups; group++)
          sum += qrx_view_get (heads->c, row * heads->n_groups + group) * qrx_view_get (heads->w, group * heads->width + k);
        qrx_view_set (to, row * heads->width + k, sum * qrx_view_get (gradient, row));
      }
}

static gboolean
head_per_group_backward (QrxLayer *layer, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  Heads heads = get_heads (layer, step);
  QrxView gradient = qrx_view (qrx_step_get_output_gradient (step));

  write_parameter_gradients (&heads, step, gradient);
  if (qrx_step_needs_input_gradient (step, 0))
    write_input_gradient (&heads, gradient, qrx_view (qrx_step_get_input_gradient (step, 0)));
  if (qrx_step_needs_input_gradient (step, 1))
    for (gsize row = 0; row < heads.n_rows; row++)
      for (gsize group = 0; group < heads.n_groups; group++)
        qrx_view_set (qrx_view (qrx_step_get_input_gradient (step, 1)), row * heads.n_groups + group,
                      qrx_view_get (gradient, row) * apply (&heads, row, group));
  return TRUE;
}

static void
qrx_head_per_group_class_init (QrxHeadPerGroupClass *klass)
{
  QrxLayerClass *layer_class = QRX_LAYER_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  layer_class->prepare = head_per_group_prepare;
  layer_class->forward = head_per_group_forward;
  layer_class->backward = head_per_group_backward;
  qrx_node_class_set_name (node_class, "head-per-group");
  qrx_node_class_set_category (node_class, "encoder");
  qrx_node_class_set_summary (
      node_class, "One linear head w·x + b for each drug, or other group of rows, behind layers that all share: a row is "
                  "predicted by the head of its own group and teaches no other. A group that training lacks has no head, so "
                  "rows of one are refused, and with them a split that leaves drugs out.");
  qrx_node_class_add_citation (node_class,
                               "Caruana 1997, Multitask learning (shared layers, an output for each task), "
                               "doi:10.1023/A:1007379606734");
  qrx_node_class_add_input (node_class, "in", "flow:any[B, W]", "what all groups share, of any quantity");
  qrx_node_class_add_input (node_class, "group", "flow:known-category=by[B, C]",
                            "the split table whose annotation says which head a row takes");
  qrx_node_class_add_output (node_class, "out", "flow:prediction[B, 1]", "each row by its own head");
  qrx_node_class_add_string (node_class, "by", G_STRUCT_OFFSET (QrxHeadPerGroup, by), QRX_ANNOTATION_DRUG,
                             "which annotation groups rows: drug, tissue, or any other that the table has");
  qrx_node_class_add_boolean (node_class, "bias", G_STRUCT_OFFSET (QrxHeadPerGroup, bias), TRUE,
                              "learn a constant for each head");
  qrx_node_class_set_example (node_class,
                              "{\"properties\": {},"
                              " \"parameters\": {\"weight\": [[1, 2], [-1, 0.5]], \"bias\": [[10, -10]]},"
                              " \"inputs\": [[[1, 1], [1, 1], [3, -2]], [[1, 0], [0, 1], [0, 1]]],"
                              " \"expect\": {\"output\": [[13], [-10.5], [-14]]}, \"tolerance\": 1e-13}");
}

static void
qrx_head_per_group_init (QrxHeadPerGroup *self G_GNUC_UNUSED)
{
}

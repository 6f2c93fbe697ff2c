/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Puts the columns of several flows side by side: branches of a model meet here. */
#include <qrx/qrx-layer.h>

#include "support/view.h"

struct _QrxConcat {
  QrxLayer parent_instance;
};

#define QRX_TYPE_CONCAT (qrx_concat_get_type ())
G_DECLARE_FINAL_TYPE (QrxConcat, qrx_concat, QRX, CONCAT, QrxLayer)
G_DEFINE_FINAL_TYPE (QrxConcat, qrx_concat, QRX_TYPE_LAYER)

static gboolean
concat_resolve (QrxNode *node G_GNUC_UNUSED, QrxShapeScope *scope, GError **error)
{
  guint n = qrx_shape_scope_get_n_links (scope, "in");
  gint64 sum = 0;

  for (guint i = 0; i < n; i++)
    {
      gint64 width = qrx_shape_scope_get_link (scope, "in", i, 1);

      if (width < 0)
        return TRUE;
      sum += width;
    }
  return n == 0 || qrx_shape_scope_set (scope, "S", sum, "the widths of the inputs add up to it", error);
}

static gboolean
concat_prepare (QrxLayer *layer G_GNUC_UNUSED, QrxPlan *plan G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  return TRUE;
}

/* Copies between the part of @whole that begins at @first and @part. */
static void
copy_columns (QrxTensor *whole, gsize first, QrxTensor *part, gboolean back)
{
  QrxView all = qrx_view (whole), some = qrx_view (part);
  gsize width = qrx_tensor_get_columns (whole), n = qrx_tensor_get_columns (part);

  for (gsize row = 0; row < qrx_tensor_get_rows (part); row++)
    for (gsize c = 0; c < n; c++)
      if (back)
        qrx_view_set (some, row * n + c, qrx_view_get (all, row * width + first + c));
      else
        qrx_view_set (all, row * width + first + c, qrx_view_get (some, row * n + c));
}

static gboolean
concat_forward (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  guint n = qrx_plan_get_n_inputs (qrx_step_get_plan (step));
  gsize first = 0;

  for (guint i = 0; i < n; i++)
    {
      QrxTensor *input = qrx_step_get_input (step, i);

      copy_columns (qrx_step_get_output (step), first, input, FALSE);
      first += qrx_tensor_get_columns (input);
    }
  return TRUE;
}

static gboolean
concat_backward (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  guint n = qrx_plan_get_n_inputs (qrx_step_get_plan (step));
  gsize first = 0;

  for (guint i = 0; i < n; i++)
    {
      if (qrx_step_needs_input_gradient (step, i))
        copy_columns (qrx_step_get_output_gradient (step), first, qrx_step_get_input_gradient (step, i), TRUE);
      first += qrx_tensor_get_columns (qrx_step_get_input (step, i));
    }
  return TRUE;
}

static void
qrx_concat_class_init (QrxConcatClass *klass)
{
  QrxLayerClass *layer_class = QRX_LAYER_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  node_class->resolve = concat_resolve;
  layer_class->prepare = concat_prepare;
  layer_class->forward = concat_forward;
  layer_class->backward = concat_backward;
  qrx_node_class_set_name (node_class, "concat");
  qrx_node_class_set_category (node_class, "transform");
  qrx_node_class_set_summary (node_class, "Puts the columns of several flows side by side.");
  qrx_node_class_add_input (node_class, "in", "flow:any[B, W]*",
                            "flows over the same table, in the order of their links");
  qrx_node_class_add_output (node_class, "out", "flow:any[B, S]",
                             "all their columns; the quantity is the first input's");
  qrx_node_class_set_example (node_class, "{\"properties\": {},"
                                          " \"inputs\": [[[1, 2], [3, 4]], [[5], [6]]],"
                                          " \"expect\": {\"output\": [[1, 2, 5], [3, 4, 6]]}, \"tolerance\": 0}");
}

static void
qrx_concat_init (QrxConcat *self G_GNUC_UNUSED)
{
}

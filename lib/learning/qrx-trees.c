/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sum of regression trees and an intercept, in float64 buffers: what forests and boosting learn. It is no node of a
 * pipeline; models make it, and read it back. A node is a row of four numbers: the column that is asked, −1 at a leaf;
 * the threshold, up to which a row goes left; the place of the left child, which the right one follows; the value of a
 * leaf. */
#include "learning/qrx-trees-private.h"

#include "learning/qrx-model-private.h"

#define N_FIELDS 4
#define MAX_NODES (1 << 26)

enum { FIELD_COLUMN, FIELD_THRESHOLD, FIELD_LEFT, FIELD_VALUE };

struct _QrxTrees {
  QrxLayer parent_instance;
  gint64 n_nodes;
  gint64 n_trees;
};

G_DEFINE_FINAL_TYPE (QrxTrees, qrx_trees, QRX_TYPE_LAYER)

static gboolean
qrx_trees_prepare (QrxLayer *layer, QrxPlan *plan, GError **error G_GNUC_UNUSED)
{
  QrxTrees *self = QRX_TREES (layer);

  qrx_plan_add_buffer (plan, "nodes", (gsize) self->n_nodes, N_FIELDS, 0);
  qrx_plan_add_buffer (plan, "roots", 1, (gsize) self->n_trees, 0);
  qrx_plan_add_buffer (plan, "bias", 1, 1, 0);
  return TRUE;
}

/* A child stands behind its parent, so that no walk goes on for ever, whatever a file says. */
static gboolean
check_nodes (QrxTrees *self, const double *nodes, const double *roots, gsize width, GError **error)
{
  double n = (double) self->n_nodes;

  for (gint64 t = 0; t < self->n_trees; t++)
    if (!(roots[t] >= 0 && roots[t] < n))
      {
        g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE, "tree %" G_GINT64_FORMAT " begins at node %g of %g",
                     t, roots[t], n);
        return FALSE;
      }
  for (gint64 i = 0; i < self->n_nodes; i++)
    {
      const double *node = nodes + i * N_FIELDS;

      if (node[FIELD_COLUMN] >= 0 &&
          !(node[FIELD_COLUMN] < (double) width && node[FIELD_LEFT] > (double) i && node[FIELD_LEFT] < n - 1))
        {
          g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                       "node %" G_GINT64_FORMAT " of the trees asks column %g of %" G_GSIZE_FORMAT
                       " and goes on to node %g of %g",
                       i, node[FIELD_COLUMN], width, node[FIELD_LEFT], n);
          return FALSE;
        }
    }
  return TRUE;
}

static double
walk (const double *nodes, gsize root, QrxTensor *input, gsize offset)
{
  const double *node = nodes + root * N_FIELDS;

  while (node[FIELD_COLUMN] >= 0)
    {
      gboolean right = qrx_tensor_get (input, offset + (gsize) node[FIELD_COLUMN]) > node[FIELD_THRESHOLD];

      node = nodes + ((gsize) node[FIELD_LEFT] + right) * N_FIELDS;
    }
  return node[FIELD_VALUE];
}

static gboolean
qrx_trees_forward (QrxLayer *layer, QrxStep *step, GError **error)
{
  QrxTrees *self = QRX_TREES (layer);
  QrxTensor *input = qrx_step_get_input (step, 0), *output = qrx_step_get_output (step);
  const double *nodes = qrx_tensor_peek_f64 (qrx_step_get_buffer (step, "nodes"));
  const double *roots = qrx_tensor_peek_f64 (qrx_step_get_buffer (step, "roots"));
  double bias = qrx_tensor_get (qrx_step_get_buffer (step, "bias"), 0);
  gsize width = qrx_tensor_get_columns (input);

  if (!check_nodes (self, nodes, roots, width, error))
    return FALSE;
  for (gsize i = 0; i < qrx_step_get_n_rows (step); i++)
    {
      double sum = bias;

      for (gint64 t = 0; t < self->n_trees; t++)
        sum += walk (nodes, (gsize) roots[t], input, i * width);
      qrx_tensor_set (output, i, sum);
    }
  return TRUE;
}

static void
qrx_trees_class_init (QrxTreesClass *klass)
{
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);
  QrxLayerClass *layer_class = QRX_LAYER_CLASS (klass);

  layer_class->prepare = qrx_trees_prepare;
  layer_class->forward = qrx_trees_forward;
  qrx_node_class_set_name (node_class, "trees");
  qrx_node_class_set_category (node_class, "internal");
  qrx_node_class_set_summary (node_class, "A sum of regression trees and an intercept.");
  qrx_node_class_add_input (node_class, "in", "flow:any[B, W]", "Features.");
  qrx_node_class_add_output (node_class, "out", "flow:prediction[B, 1]", "The sum.");
  qrx_node_class_add_integer (node_class, "n-nodes", G_STRUCT_OFFSET (QrxTrees, n_nodes), 1, MAX_NODES, 1, NULL,
                              "Nodes of all trees.");
  qrx_node_class_add_integer (node_class, "n-trees", G_STRUCT_OFFSET (QrxTrees, n_trees), 1, MAX_NODES, 1, NULL,
                              "Trees.");
}

static void
qrx_trees_init (QrxTrees *self G_GNUC_UNUSED)
{
}

static gboolean
get_count (JsonObject *properties, const char *name, gint64 *count)
{
  JsonNode *node = json_object_get_member (properties, name);

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *count = json_node_get_int (node);
  return *count >= 1 && *count <= MAX_NODES;
}

QrxLayer *
qrx_trees_new_from_json (const char *id, JsonObject *properties, GError **error)
{
  gint64 n_nodes, n_trees;

  if (get_count (properties, "n-nodes", &n_nodes) && get_count (properties, "n-trees", &n_trees))
    return g_object_new (QRX_TYPE_TREES, "id", id, "n-nodes", n_nodes, "n-trees", n_trees, NULL);
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT,
               "the layer `%s` does not say how many nodes and trees it has", id);
  return NULL;
}

/**
 * qrx_model_append_trees:
 * @self: a model that is not published
 * @nodes: float64, (nodes of all trees, 4): the column of the last layer's output that is asked (−1 at a leaf), the
 * threshold up to which a row goes left, the place of the left child, which the right one follows, and the value of a
 * leaf; children stand behind their parent
 * @roots: float64, the place of each tree's root
 * @intercept: what is added to the sum of the trees
 * @error: return location for an error
 *
 * Ends a model in a sum of regression trees, fitted elsewhere: what forests and boosting do.
 * Fails with %QRX_DATA_ERROR_SHAPE if a tensor has another shape; a node that leads nowhere is an error when the model
 * predicts.
 *
 * Returns: whether it could
 */
gboolean
qrx_model_append_trees (QrxModel *self, QrxTensor *nodes, QrxTensor *roots, double intercept, GError **error)
{
  g_autoptr (QrxLayer) layer = NULL;
  QrxSlot *slot;

  g_return_val_if_fail (QRX_IS_MODEL (self) && QRX_IS_TENSOR (nodes) && QRX_IS_TENSOR (roots), FALSE);
  g_return_val_if_fail (!qrx_value_is_frozen (QRX_VALUE (self)), FALSE);

  if (qrx_tensor_get_columns (nodes) != N_FIELDS || qrx_tensor_get_rows (nodes) > MAX_NODES)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                   "the trees have %" G_GSIZE_FORMAT " nodes of %" G_GSIZE_FORMAT " numbers, expected at most %d of %d",
                   qrx_tensor_get_rows (nodes), qrx_tensor_get_columns (nodes), MAX_NODES, N_FIELDS);
      return FALSE;
    }
  layer =
      g_object_new (QRX_TYPE_TREES, "id", qrx_predictor_get_producer (QRX_PREDICTOR (self)), "n-nodes",
                    (gint64) qrx_tensor_get_rows (nodes), "n-trees", (gint64) qrx_tensor_get_n_elements (roots), NULL);
  slot = qrx_model_append_layer (self, layer, error);
  if (slot == NULL)
    return FALSE;
  qrx_tensor_copy_from (slot->buffers->pdata[0], nodes);
  qrx_tensor_copy_from (slot->buffers->pdata[1], roots);
  qrx_tensor_set (slot->buffers->pdata[2], 0, intercept);
  return TRUE;
}

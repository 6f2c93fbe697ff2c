/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `gradient-boosted-trees`: shallow regression trees, each on what those before it leave; their number is chosen within
 * the training rows. */
#include "boosting.h"
#include "flow-fit.h"
#include "inner-folds.h"

#define QRX_TYPE_GRADIENT_BOOSTED_TREES (qrx_gradient_boosted_trees_get_type ())
G_DECLARE_FINAL_TYPE (QrxGradientBoostedTrees, qrx_gradient_boosted_trees, QRX, GRADIENT_BOOSTED_TREES, QrxNode)

struct _QrxGradientBoostedTrees {
  QrxNode parent_instance;
  gint64 trees;
  double rate;
  gint64 depth;
  gint64 min_leaf;
  double l2;
  double row_fraction;
  double feature_fraction;
  gint64 bins;
  gint64 folds;
  gint64 folds_seed;
  char *target;
  gboolean allow_leakage;
};

G_DEFINE_FINAL_TYPE (QrxGradientBoostedTrees, qrx_gradient_boosted_trees, QRX_TYPE_NODE)

static BoostingPlan
make_plan (QrxGradientBoostedTrees *self, gsize n_features, QrxContext *context)
{
  return (BoostingPlan){
    .n_trees = (guint) self->trees,
    .rate = self->rate,
    .row_fraction = self->row_fraction,
    .shape = { .max_depth = (guint) self->depth,
               .min_leaf = (guint) self->min_leaf,
               .l2 = self->l2,

               .n_tried = MAX ((guint) (self->feature_fraction * (double) n_features + 0.5), 1) },
    .seed = qrx_context_get_seed (context),
    .id = qrx_node_get_id (QRX_NODE (self)),
  };
}

/* How many trees have the least error in cross-validation, the fewest of equals. */
static guint
choose_trees (QrxGradientBoostedTrees *self, const double *errors, guint n_folds, QrxContext *context)
{
  guint best = 0;
  g_autofree char *text = NULL;

  for (guint t = 1; t < self->trees; t++)
    if (errors[t] < errors[best])
      best = t;
  text = g_strdup_printf ("%u of %" G_GINT64_FORMAT
                          " trees have the least squared error, %g, in %u-fold cross-validation within "
                          "the training rows%s",
                          best + 1, self->trees, errors[best], n_folds,
                          best + 1 == self->trees ? "; more may be better"
                          : best == 0             ? "; the features say little"
                                                  : "");
  qrx_context_message (context, qrx_node_get_id (QRX_NODE (self)), text);
  return best + 1;
}

static gboolean
append (QrxModel *model, const TreeBins *bins, Boosted *boosted, guint n_trees, double intercept, GError **error)
{
  g_autoptr (QrxTensor) roots = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, n_trees);
  g_autoptr (QrxTensor) nodes = NULL;

  for (guint t = 0; t < n_trees; t++)
    qrx_tensor_set (roots, t, g_array_index (boosted->roots, guint, t));
  if (n_trees < boosted->roots->len)
    g_array_set_size (boosted->nodes, g_array_index (boosted->roots, guint, n_trees));
  nodes = tree_nodes_to_tensor (bins, boosted->nodes);
  return qrx_model_append_trees (model, nodes, roots, intercept, error);
}

static gboolean
fit (QrxGradientBoostedTrees *self, FlowFit *flow, QrxContext *context, GCancellable *cancellable, GError **error)
{
  const BoostingPlan plan = make_plan (self, qrx_tensor_get_columns (flow->features), context);
  guint n_folds = (guint) self->folds, n_trees = plan.n_trees;
  QrxPool *pool = qrx_context_get_pool (context);
  g_autofree double *errors = g_new0 (double, n_trees);
  g_autofree guint *folds = NULL;
  g_autoptr (TreeBins) bins = NULL;
  g_auto (Boosted) boosted = { 0 };
  double mean = flow_fit_centre_targets (flow);

  if (n_folds > 0)
    {
      folds = inner_folds_deal (flow->table, flow->rows, flow->target, (guint64) self->folds_seed, &n_folds,
                                "set \"folds\" to 0, which takes all \"trees\"", error);
      if (folds == NULL)
        return FALSE;
    }
  bins = tree_bins_new (flow->features, (guint) self->bins, pool);
  if (!boosting_run (&plan, bins, flow->targets, folds, n_folds, errors, &boosted, pool, cancellable, error))
    return FALSE;
  if (folds != NULL)
    n_trees = choose_trees (self, errors, n_folds, context);
  return append (flow->model, bins, &boosted, n_trees, mean, error);
}

static gboolean
qrx_gradient_boosted_trees_run (QrxNode *node, QrxBundle *in, QrxBundle *out, QrxContext *context,
                                GCancellable *cancellable, GError **error)
{
  QrxGradientBoostedTrees *self = QRX_GRADIENT_BOOSTED_TREES (node);
  g_auto (FlowFit) flow = { 0 };

  return flow_fit_begin (&flow, node, in, self->target, context, cancellable, error) &&
         fit (self, &flow, context, cancellable, error) &&
         flow_fit_end (&flow, self->allow_leakage, out, context, cancellable, error);
}

static void
declare_properties (QrxNodeClass *klass)
{
#define AT(field) G_STRUCT_OFFSET (QrxGradientBoostedTrees, field)
  qrx_node_class_add_integer (klass, "trees", AT (trees), 1, 100000, 500, "trees",
                              "how many there may be; cross-validation chooses how many there are");
  qrx_node_class_add_double (klass, "rate", AT (rate), 1e-6, 1, 0.02, NULL, "the share of each tree that is added");
  qrx_node_class_add_integer (klass, "depth", AT (depth), 1, 32, 3, "questions", "the most that lead to a leaf");
  qrx_node_class_add_integer (klass, "min-leaf", AT (min_leaf), 1, 1000000, 5, "rows", "the fewest in a leaf");
  qrx_node_class_add_double (klass, "l2", AT (l2), 0, 1e12, 1, "rows",
                             "a leaf's sum is divided by its rows and as many more");
  qrx_node_class_add_double (klass, "row-fraction", AT (row_fraction), 1e-3, 1, 0.5, "fraction of rows",
                             "drawn for each tree, without replacement");
  qrx_node_class_add_double (klass, "feature-fraction", AT (feature_fraction), 1e-6, 1, 0.3, "fraction of features",
                             "drawn at each node");
  qrx_node_class_add_integer (klass, "bins", AT (bins), 2, TREE_MAX_BINS, 64, "bins",
                              "the most that a feature is cut into");
  qrx_node_class_add_integer (
      klass, "folds", AT (folds), 0, 1000, 5, "folds",
      "of the cross-validation within the training rows that chooses the number of trees; lines of a donor "
      "stay together; 0 takes all trees");
  qrx_node_class_add_integer (klass, "folds-seed", AT (folds_seed), 0, G_MAXINT64, 1, NULL,
                              "of these folds alone; the seed of the run draws rows and features");
}

static gboolean
qrx_gradient_boosted_trees_resolve (QrxNode *node, QrxShapeScope *scope G_GNUC_UNUSED, GError **error)
{
  QrxGradientBoostedTrees *self = QRX_GRADIENT_BOOSTED_TREES (node);

  if (self->folds != 1)
    return TRUE;
  g_set_error_literal (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                       "property \"folds\": found 1, expected 0 (no cross-validation) or at least 2");
  return FALSE;
}

static void
qrx_gradient_boosted_trees_class_init (QrxGradientBoostedTreesClass *class)
{
  QrxNodeClass *klass = QRX_NODE_CLASS (class);

  klass->resolve = qrx_gradient_boosted_trees_resolve;
  klass->run = qrx_gradient_boosted_trees_run;
  qrx_node_class_set_name (klass, "gradient-boosted-trees");
  qrx_node_class_set_category (klass, "baseline");
  qrx_node_class_set_summary (
      klass, "Stochastic gradient boosting of regression trees with squared loss; cross-validation within the "
             "training rows chooses the number of trees.");
  qrx_node_class_add_citation (klass, "Friedman 2001, Greedy function approximation: a gradient boosting machine, "
                                      "doi:10.1214/aos/1013203451");
  qrx_node_class_add_citation (klass, "Friedman 2002, Stochastic gradient boosting, doi:10.1016/S0167-9473(01)00065-2");
  flow_fit_declare (klass, AT (target), AT (allow_leakage), "the layers before it, and the trees");
  declare_properties (klass);
  qrx_node_class_set_example (
      klass,
      "{\"properties\": {\"trees\": 1, \"rate\": 1, \"depth\": 1, \"min-leaf\": 1, \"l2\": 0, \"row-fraction\": 1,"
      "   \"feature-fraction\": 1, \"folds\": 0},"
      " \"input\": {\"table\": {\"ids\": [\"a\", \"b\", \"c\", \"d\"], \"roles\": [\"train\", \"train\", \"train\", "
      "\"test\"],"
      "   \"features\": {\"x\": [0, 1, 5, 2.9]}, \"target\": [1, 3, 8, null]}},"
      " \"expect\": {\"predictions\": [2, 2, 8, 2]}, \"tolerance\": 1e-14}");
}

static void
qrx_gradient_boosted_trees_init (QrxGradientBoostedTrees *self G_GNUC_UNUSED)
{
}

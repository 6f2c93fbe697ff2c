/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `random-forest`: the mean of deep regression trees, each on a bootstrap sample of the rows, with features drawn anew
 * at each node. */
#include "flow-fit.h"
#include "tree-grow.h"

#include <math.h>

#define QRX_TYPE_RANDOM_FOREST (qrx_random_forest_get_type ())
G_DECLARE_FINAL_TYPE (QrxRandomForest, qrx_random_forest, QRX, RANDOM_FOREST, QrxNode)

struct _QrxRandomForest {
  QrxNode parent_instance;
  gint64 trees;
  gint64 depth;
  gint64 min_leaf;
  double feature_fraction;
  gint64 bins;
  char *target;
  gboolean allow_leakage;
};

G_DEFINE_FINAL_TYPE (QrxRandomForest, qrx_random_forest, QRX_TYPE_NODE)

typedef struct {
  const TreeBins *bins;
  const double *targets;
  TreeShape shape;
  guint64 seed;
  const char *id;
  GArray **trees;  /* of TreeNode, one array a tree */
  double *outside; /* of each tree and row: what it predicts of a row that it was not grown on, NaN of others */
  GCancellable *cancellable;
} Job;

static void
grow (gsize tree, gpointer data)
{
  const Job *job = data;
  guint n = (guint) job->bins->n_rows, p = (guint) job->bins->n_features;
  g_autofree guint *rows = g_new (guint, n), *features = g_new (guint, p);
  double *outside = job->outside + tree * n;
  QrxRandom random;

  job->trees[tree] = g_array_new (FALSE, FALSE, sizeof (TreeNode));
  if (g_cancellable_is_cancelled (job->cancellable))
    return;
  for (guint i = 0; i < p; i++)
    features[i] = i;
  for (guint i = 0; i < n; i++)
    outside[i] = 0;
  qrx_random_init (&random, job->seed, job->id, "trees", tree);
  for (guint i = 0; i < n; i++)
    {
      rows[i] = (guint) qrx_random_below (&random, n);
      outside[rows[i]] = NAN;
    }
  tree_grow (job->bins, rows, n, features, p, job->targets, &job->shape, &random, job->trees[tree]);
  for (guint i = 0; i < n; i++)
    if (!isnan (outside[i]))
      outside[i] = tree_predict (job->bins, (const TreeNode *) (gpointer) job->trees[tree]->data, 0, i);
}

/* R² of rows by the trees that were not grown on them; the targets have mean zero. */
static void
report (QrxRandomForest *self, const Job *job, QrxContext *context)
{
  gsize n = job->bins->n_rows;
  double residual = 0, total = 0;
  g_autofree char *text = NULL;

  for (gsize i = 0; i < n; i++)
    {
      double sum = 0, error;
      guint n_trees = 0;

      for (gint64 t = 0; t < self->trees; t++)
        if (!isnan (job->outside[(gsize) t * n + i]))
          {
            sum += job->outside[(gsize) t * n + i];
            n_trees++;
          }
      if (n_trees == 0)
        continue;
      error = job->targets[i] - sum / n_trees;
      residual += error * error;
      total += job->targets[i] * job->targets[i];
    }
  if (total == 0)
    return;
  text = g_strdup_printf ("R² of the training rows by the trees that were not grown on them is %.3f",
                          1 - residual / total);
  qrx_context_message (context, qrx_node_get_id (QRX_NODE (self)), text);
}

/* All trees behind each other, each leaf with its share of the mean. */
static gboolean
append (QrxRandomForest *self, const Job *job, QrxModel *model, double intercept, GError **error)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (TreeNode));
  g_autoptr (QrxTensor) roots = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, (gsize) self->trees);
  g_autoptr (QrxTensor) nodes = NULL;

  for (gint64 t = 0; t < self->trees; t++)
    {
      guint root = all->len;

      qrx_tensor_set (roots, (gsize) t, root);
      for (guint i = 0; i < job->trees[t]->len; i++)
        {
          TreeNode node = g_array_index (job->trees[t], TreeNode, i);

          node.left += root;
          node.value /= (double) self->trees;
          g_array_append_val (all, node);
        }
    }
  nodes = tree_nodes_to_tensor (job->bins, all);
  return qrx_model_append_trees (model, nodes, roots, intercept, error);
}

static gboolean
fit (QrxRandomForest *self, FlowFit *flow, QrxContext *context, GCancellable *cancellable, GError **error)
{
  QrxPool *pool = qrx_context_get_pool (context);
  double mean = flow_fit_centre_targets (flow);
  g_autoptr (TreeBins) bins = tree_bins_new (flow->features, (guint) self->bins, pool);
  g_autofree GArray **trees = g_new0 (GArray *, self->trees);
  g_autofree double *outside = g_new (double, (gsize) self->trees * bins->n_rows);
  Job job = {
    .bins = bins,
    .targets = flow->targets,
    .shape = { .max_depth = (guint) self->depth,
               .min_leaf = (guint) self->min_leaf,
               .n_tried = MAX ((guint) (self->feature_fraction * (double) bins->n_features + 0.5), 1) },
    .seed = qrx_context_get_seed (context),
    .id = qrx_node_get_id (QRX_NODE (self)),
    .trees = trees,
    .outside = outside,
    .cancellable = cancellable,
  };
  gboolean success = FALSE;

  qrx_pool_run (pool, (gsize) self->trees, grow, &job);
  if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      report (self, &job, context);
      success = append (self, &job, flow->model, mean, error);
    }
  for (gint64 t = 0; t < self->trees; t++)
    g_array_unref (trees[t]);
  return success;
}

static gboolean
qrx_random_forest_run (QrxNode *node, QrxBundle *in, QrxBundle *out, QrxContext *context, GCancellable *cancellable,
                       GError **error)
{
  QrxRandomForest *self = QRX_RANDOM_FOREST (node);
  g_auto (FlowFit) flow = { 0 };

  return flow_fit_begin (&flow, node, in, self->target, context, cancellable, error) &&
         fit (self, &flow, context, cancellable, error) &&
         flow_fit_end (&flow, self->allow_leakage, out, context, cancellable, error);
}

static void
qrx_random_forest_class_init (QrxRandomForestClass *class)
{
  QrxNodeClass *klass = QRX_NODE_CLASS (class);

#define AT(field) G_STRUCT_OFFSET (QrxRandomForest, field)
  klass->run = qrx_random_forest_run;
  qrx_node_class_set_name (klass, "random-forest");
  qrx_node_class_set_category (klass, "baseline");
  qrx_node_class_set_summary (
      klass, "The mean of regression trees, each grown on a bootstrap sample of the training rows, with features "
             "drawn anew at each node.");
  qrx_node_class_add_citation (klass, "Breiman 2001, Random forests, doi:10.1023/A:1010933404324");
  flow_fit_declare (klass, AT (target), AT (allow_leakage), "the layers before it, and the trees");
  qrx_node_class_add_integer (klass, "trees", AT (trees), 1, 100000, 300, "trees", "how many are grown");
  qrx_node_class_add_integer (klass, "depth", AT (depth), 1, 64, 64, "questions", "the most that lead to a leaf");
  qrx_node_class_add_integer (klass, "min-leaf", AT (min_leaf), 1, 1000000, 3, "rows", "the fewest in a leaf");
  qrx_node_class_add_double (klass, "feature-fraction", AT (feature_fraction), 1e-6, 1, 1.0 / 3, "fraction of features",
                             "drawn at each node");
  qrx_node_class_add_integer (klass, "bins", AT (bins), 2, TREE_MAX_BINS, 64, "bins",
                              "the most that a feature is cut into");
  qrx_node_class_set_example (klass, "{\"properties\": {\"trees\": 3, \"depth\": 1, \"min-leaf\": 4},"
                                     " \"input\": {\"table\": {\"ids\": [\"a\", \"b\", \"c\", \"d\"], \"roles\": "
                                     "[\"train\", \"train\", \"train\", \"test\"],"
                                     "   \"features\": {\"x\": [0, 0, 0, 0]}, \"target\": [5, 5.5, 4.5, null]}},"
                                     " \"expect\": {\"predictions\": [5, 5, 5, 5]}, \"tolerance\": 0.51}");
}

static void
qrx_random_forest_init (QrxRandomForest *self G_GNUC_UNUSED)
{
}

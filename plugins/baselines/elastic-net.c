/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `elastic-net`: linear regression with a penalty of absolute and squared weights, both chosen within the training
 * rows. */
#include <math.h>

#include "elastic-net-problem.h"
#include "flow-fit.h"
#include "inner-folds.h"

#define QRX_TYPE_ELASTIC_NET (qrx_elastic_net_get_type ())
G_DECLARE_FINAL_TYPE (QrxElasticNet, qrx_elastic_net, QRX, ELASTIC_NET, QrxNode)

struct _QrxElasticNet {
  QrxNode parent_instance;
  GVariant *mixes;
  GVariant *lambdas;
  gint64 n_lambdas;
  double lambda_ratio;
  gint64 folds;
  gint64 seed;
  double tolerance;
  gint64 sweeps;
  char *target;
  gboolean allow_leakage;
};

G_DEFINE_FINAL_TYPE (QrxElasticNet, qrx_elastic_net, QRX_TYPE_NODE)

static int
compare_descending (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x > y ? -1 : x < y;
}

/* The penalties given, or equal steps on a logarithmic scale, from the least that leaves no weight down. */
static void
fill_lambdas (QrxElasticNet *self, ElasticNet *net, ElasticNetGrid *grid)
{
  gsize n_given;
  const double *given = g_variant_get_fixed_array (self->lambdas, &n_given, sizeof (double));

  grid->n_lambdas = n_given > 0 ? (guint) n_given : (guint) self->n_lambdas;
  grid->lambdas = g_new (double, (gsize) grid->n_lambdas * grid->n_mixes);
  for (guint m = 0; m < grid->n_mixes; m++)
    {
      double *lambdas = grid->lambdas + (gsize) m * grid->n_lambdas;
      double greatest = elastic_net_find_greatest (net, grid->mixes[m]);

      for (guint l = 0; l < grid->n_lambdas; l++)
        {
          double step = grid->n_lambdas > 1 ? (double) l / (grid->n_lambdas - 1) : 0;

          lambdas[l] = n_given > 0 ? given[l] : greatest * pow (self->lambda_ratio, step);
        }
      qsort (lambdas, grid->n_lambdas, sizeof *lambdas, compare_descending);
    }
}

static void
report (QrxElasticNet *self, const ElasticNetGrid *grid, const double *errors, guint best, guint n_folds,
        QrxContext *context)
{
  guint l = best % grid->n_lambdas;
  const char *remark = l + 1 == grid->n_lambdas ? "; it is the least penalty of its mix, and a lower one may be better"
                       : l == 0                 ? "; it is the greatest penalty of its mix"
                                                : "";
  g_autofree char *text = g_strdup_printf ("mix %g with lambda %g has the least squared error, %g, of %u mixes with %u "
                                           "penalties each, in %u-fold cross-validation within "
                                           "the training rows%s",
                                           grid->mixes[best / grid->n_lambdas], grid->lambdas[best], errors[best],
                                           grid->n_mixes, grid->n_lambdas, n_folds, remark);

  qrx_context_message (context, qrx_node_get_id (QRX_NODE (self)), text);
}

/* The candidate of the least error in cross-validation, the first of equals: the first mix and the greatest penalty. */
static gboolean
choose (QrxElasticNet *self, FlowFit *flow, const ElasticNetGrid *grid, guint *best, QrxContext *context,
        GCancellable *cancellable, GError **error)
{
  guint n_folds = (guint) self->folds, n = grid->n_mixes * grid->n_lambdas;
  g_autofree double *errors = g_new (double, n);
  g_autofree guint *folds = NULL;

  *best = 0;
  if (n == 1)
    return TRUE;
  folds = inner_folds_deal (flow->table, flow->rows, flow->target, (guint64) self->seed, &n_folds,
                            "give one of \"lambdas\" and one of \"mixes\", which need none", error);
  if (folds == NULL || !elastic_net_validate (flow->features, flow->targets, folds, n_folds, grid, errors,
                                              qrx_context_get_pool (context), cancellable, error))
    return FALSE;
  for (guint i = 1; i < n; i++)
    if (errors[i] < errors[*best])
      *best = i;
  report (self, grid, errors, *best, n_folds, context);
  return TRUE;
}

static gboolean
append (QrxElasticNet *self, ElasticNet *net, QrxModel *model, gsize p, QrxContext *context, GError **error)
{
  g_autoptr (QrxTensor) weights = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, p);
  const double *values = elastic_net_get_weights (net);
  g_autofree char *text = NULL;
  gsize n_used = 0;

  for (gsize j = 0; j < p; j++)
    {
      qrx_tensor_set (weights, j, values[j]);
      n_used += values[j] != 0;
    }
  text = g_strdup_printf ("%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " weights are not zero", n_used, p);
  qrx_context_message (context, qrx_node_get_id (QRX_NODE (self)), text);
  return qrx_model_append_linear (model, weights, elastic_net_get_intercept (net), error);
}

/* Down all penalties to the best, each from the weights of the one before. */
static gboolean
solve (ElasticNet *net, const ElasticNetGrid *grid, guint best, GCancellable *cancellable, GError **error)
{
  guint first = best - best % grid->n_lambdas;

  for (guint i = first; i <= best; i++)
    if (!elastic_net_descend (net, grid, grid->mixes[best / grid->n_lambdas], grid->lambdas[i], cancellable, error))
      return FALSE;
  return TRUE;
}

static gboolean
fit (QrxElasticNet *self, FlowFit *flow, QrxContext *context, GCancellable *cancellable, GError **error)
{
  gsize n = qrx_index_get_length (flow->rows), n_mixes;
  const double *mixes = g_variant_get_fixed_array (self->mixes, &n_mixes, sizeof (double));
  ElasticNetGrid grid = {
    .mixes = mixes, .n_mixes = (guint) n_mixes, .tolerance = self->tolerance, .max_sweeps = (guint) self->sweeps
  };
  g_autofree guint *all = g_new (guint, n);
  g_autoptr (ElasticNet) net = NULL;
  gboolean success;
  guint best;

  for (gsize i = 0; i < n; i++)
    all[i] = (guint) i;
  net = elastic_net_new (flow->features, flow->targets, all, n);
  fill_lambdas (self, net, &grid);
  success = choose (self, flow, &grid, &best, context, cancellable, error) &&
            solve (net, &grid, best, cancellable, error) &&
            append (self, net, flow->model, qrx_tensor_get_columns (flow->features), context, error);
  g_free (grid.lambdas);
  return success;
}

static gboolean
qrx_elastic_net_run (QrxNode *node, QrxBundle *in, QrxBundle *out, QrxContext *context, GCancellable *cancellable,
                     GError **error)
{
  QrxElasticNet *self = QRX_ELASTIC_NET (node);
  g_auto (FlowFit) flow = { 0 };

  return flow_fit_begin (&flow, node, in, self->target, context, cancellable, error) &&
         fit (self, &flow, context, cancellable, error) &&
         flow_fit_end (&flow, self->allow_leakage, out, context, cancellable, error);
}

static gboolean
qrx_elastic_net_resolve (QrxNode *node, QrxShapeScope *scope G_GNUC_UNUSED, GError **error)
{
  if (g_variant_n_children (QRX_ELASTIC_NET (node)->mixes) > 0)
    return TRUE;
  g_set_error_literal (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                       "property \"mixes\": found an empty list, expected at least one number, such as 0.5");
  return FALSE;
}

static void
declare_properties (QrxNodeClass *klass)
{
#define AT(field) G_STRUCT_OFFSET (QrxElasticNet, field)
  static const char unit[] = "target's unit per feature's";

  qrx_node_class_add_doubles (klass, "mixes", AT (mixes), 1e-3, 1, "0.1, 0.5, 1", NULL,
                              "the shares of the absolute weights in the penalty to choose from; 1 is the lasso");
  qrx_node_class_add_doubles (
      klass, "lambdas", AT (lambdas), 1e-12, 1e12, "", unit,
      "the penalties to choose from; of one with one mix, both are taken without cross-validation");
  qrx_node_class_add_integer (
      klass, "n-lambdas", AT (n_lambdas), 1, 10000, 50, "penalties",
      "how many penalties are tried of each mix, on a logarithmic scale from the least that leaves no weight");
  qrx_node_class_add_double (klass, "lambda-ratio", AT (lambda_ratio), 1e-9, 1, 0.01, NULL,
                             "the least penalty over the greatest");
  qrx_node_class_add_integer (klass, "folds", AT (folds), 2, 1000, 5, "folds",
                              "of the cross-validation within the training rows; lines of a donor stay together");
  qrx_node_class_add_integer (klass, "seed", AT (seed), 0, G_MAXINT64, 1, NULL,
                              "of these folds alone; the seed of the run does not touch them");
  qrx_node_class_add_double (klass, "tolerance", AT (tolerance), 1e-30, 1, 1e-7, "variance of the target",
                             "a sweep that changes no column's part of the fit by more, squared, is the last");
  qrx_node_class_add_integer (klass, "sweeps", AT (sweeps), 1, 100000000, 100000, "sweeps",
                              "the most over the columns for a penalty");
  qrx_node_class_add_exclusion (klass, "lambdas", "n-lambdas, lambda-ratio");
}

static void
qrx_elastic_net_class_init (QrxElasticNetClass *class)
{
  QrxNodeClass *klass = QRX_NODE_CLASS (class);

  klass->resolve = qrx_elastic_net_resolve;
  klass->run = qrx_elastic_net_run;
  qrx_node_class_set_name (klass, "elastic-net");
  qrx_node_class_set_category (klass, "baseline");
  qrx_node_class_set_summary (
      klass, "Linear regression with a penalty on absolute and squared weights, by coordinate descent; "
             "cross-validation within the training rows chooses the penalty and its mix.");
  qrx_node_class_add_citation (klass, "Zou & Hastie 2005, Regularization and variable selection via the elastic net, "
                                      "doi:10.1111/j.1467-9868.2005.00503.x");
  qrx_node_class_add_citation (
      klass, "Friedman, Hastie & Tibshirani 2010, Regularization paths for generalized linear models via "
             "coordinate descent, doi:10.18637/jss.v033.i01");
  flow_fit_declare (klass, AT (target), AT (allow_leakage), "the layers before it, and the weighted sum");
  declare_properties (klass);
  qrx_node_class_set_example (
      klass, "{\"properties\": {\"mixes\": [0.5], \"lambdas\": [1]},"
             " \"input\": {\"table\": {\"ids\": [\"a\", \"b\", \"c\"], \"roles\": [\"train\", \"train\", \"test\"],"
             "   \"features\": {\"x\": [1, -1, 3]}, \"target\": [3, 1, null]}},"
             " \"expect\": {\"predictions\": [2.3333333333333333, 1.6666666666666667, 3]}, \"tolerance\": 1e-12}");
}

static void
qrx_elastic_net_init (QrxElasticNet *self G_GNUC_UNUSED)
{
}

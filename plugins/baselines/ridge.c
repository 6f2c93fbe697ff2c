/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `ridge`: linear regression with a squared penalty, in closed form, the penalty chosen within the training rows. */
#include <math.h>

#include "flow-fit.h"
#include "inner-folds.h"
#include "ridge-problem.h"

#define QRX_TYPE_RIDGE (qrx_ridge_get_type ())
G_DECLARE_FINAL_TYPE (QrxRidge, qrx_ridge, QRX, RIDGE, QrxNode)

struct _QrxRidge {
  QrxNode parent_instance;
  GVariant *lambdas;
  double lambda_min;
  double lambda_max;
  gint64 n_lambdas;
  gint64 folds;
  gint64 seed;
  char *target;
  gboolean allow_leakage;
};

G_DEFINE_FINAL_TYPE (QrxRidge, qrx_ridge, QRX_TYPE_NODE)

static gboolean
qrx_ridge_resolve (QrxNode *node, QrxShapeScope *scope G_GNUC_UNUSED, GError **error)
{
  QrxRidge *self = QRX_RIDGE (node);

  if (self->lambda_min <= self->lambda_max)
    return TRUE;
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
               "property \"lambda-min\": found %g, expected at most \"lambda-max\", which is %g", self->lambda_min,
               self->lambda_max);
  return FALSE;
}

/* The candidates, ascending: those given, or a grid of equal steps on a logarithmic scale. */
static GArray *
list_lambdas (QrxRidge *self)
{
  GArray *lambdas = g_array_new (FALSE, FALSE, sizeof (double));
  gsize n_given;
  const double *given = g_variant_get_fixed_array (self->lambdas, &n_given, sizeof (double));

  g_array_append_vals (lambdas, given, (guint) n_given);
  for (gint64 i = 0; n_given == 0 && i < self->n_lambdas; i++)
    {
      double step = self->n_lambdas > 1 ? (double) i / (double) (self->n_lambdas - 1) : 0;
      double lambda = self->lambda_min * pow (self->lambda_max / self->lambda_min, step);

      g_array_append_val (lambdas, lambda);
    }
  return lambdas;
}

static void
report (QrxRidge *self, GArray *lambdas, guint best, double mean_error, guint n_folds, QrxContext *context)
{
  const double *values = (const double *) (gpointer) lambdas->data;
  const char *remark = best == 0                  ? "; it is the least of them, and a lower one may be better"
                       : best + 1 == lambdas->len ? "; it is the greatest of them, and leaves little but the mean"
                                                  : "";
  g_autofree char *text =
      g_strdup_printf ("lambda %g has the least squared error, %g, of %u between %g and %g, in %u-fold "
                       "cross-validation within the training "
                       "rows%s",
                       values[best], mean_error, lambdas->len, values[0], values[lambdas->len - 1], n_folds, remark);

  qrx_context_message (context, qrx_node_get_id (QRX_NODE (self)), text);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

/* The candidate of the least error in cross-validation, the greatest of equals. */
static gboolean
choose_lambda (QrxRidge *self, RidgeProblem *problem, FlowFit *flow, double *lambda, QrxContext *context,
               GCancellable *cancellable, GError **error)
{
  g_autoptr (GArray) lambdas = list_lambdas (self);
  g_autofree double *errors = g_new (double, lambdas->len);
  g_autofree guint *folds = NULL;
  guint n_folds = (guint) self->folds, best = 0;

  g_array_sort (lambdas, compare_doubles);
  *lambda = g_array_index (lambdas, double, 0);
  if (lambdas->len == 1)
    return TRUE;
  folds = inner_folds_deal (flow->table, flow->rows, flow->target, (guint64) self->seed, &n_folds,
                            "give one of \"lambdas\", which needs none", error);
  if (folds == NULL || !ridge_problem_validate (problem, folds, n_folds, (const double *) (gpointer) lambdas->data,
                                                lambdas->len, errors, cancellable, error))
    return FALSE;
  for (guint l = 1; l < lambdas->len; l++)
    if (errors[l] <= errors[best])
      best = l;
  *lambda = g_array_index (lambdas, double, best);
  report (self, lambdas, best, errors[best], n_folds, context);
  return TRUE;
}

/* Ends the model in the solution. */
static gboolean
fit (QrxRidge *self, FlowFit *flow, QrxContext *context, GCancellable *cancellable, GError **error)
{
  g_autoptr (QrxTensor) weights = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, qrx_tensor_get_columns (flow->features));
  g_autoptr (RidgeProblem) problem = ridge_problem_new (flow->features, flow->targets, qrx_context_get_pool (context));
  double lambda, intercept;

  return choose_lambda (self, problem, flow, &lambda, context, cancellable, error) &&
         ridge_problem_solve (problem, lambda, weights, &intercept, error) &&
         qrx_model_append_linear (flow->model, weights, intercept, error);
}

static gboolean
qrx_ridge_run (QrxNode *node, QrxBundle *in, QrxBundle *out, QrxContext *context, GCancellable *cancellable,
               GError **error)
{
  QrxRidge *self = QRX_RIDGE (node);
  g_auto (FlowFit) flow = { 0 };

  return flow_fit_begin (&flow, node, in, self->target, context, cancellable, error) &&
         fit (self, &flow, context, cancellable, error) &&
         flow_fit_end (&flow, self->allow_leakage, out, context, cancellable, error);
}

static void
declare_properties (QrxNodeClass *klass)
{
  static const char unit[] = "mean eigenvalue of the features' scatter matrix";

  qrx_node_class_add_doubles (klass, "lambdas", G_STRUCT_OFFSET (QrxRidge, lambdas), 1e-12, 1e12, "", unit,
                              "the penalties to choose from; of one only, it is taken without cross-validation");
  qrx_node_class_add_double (klass, "lambda-min", G_STRUCT_OFFSET (QrxRidge, lambda_min), 1e-12, 1e12, 1e-4, unit,
                             "the least penalty of a logarithmic grid");
  qrx_node_class_add_double (klass, "lambda-max", G_STRUCT_OFFSET (QrxRidge, lambda_max), 1e-12, 1e12, 1e4, unit,
                             "the greatest penalty of the grid");
  qrx_node_class_add_integer (klass, "n-lambdas", G_STRUCT_OFFSET (QrxRidge, n_lambdas), 1, 10000, 33, "penalties",
                              "how many penalties the grid has");
  qrx_node_class_add_integer (klass, "folds", G_STRUCT_OFFSET (QrxRidge, folds), 2, 1000, 5, "folds",
                              "of the cross-validation within the training rows; lines of a donor stay together");
  qrx_node_class_add_integer (klass, "seed", G_STRUCT_OFFSET (QrxRidge, seed), 0, G_MAXINT64, 1, NULL,
                              "of these folds alone; the seed of the run does not touch them");
  qrx_node_class_add_exclusion (klass, "lambdas", "lambda-min, lambda-max, n-lambdas");
}

static void
qrx_ridge_class_init (QrxRidgeClass *class)
{
  QrxNodeClass *klass = QRX_NODE_CLASS (class);

  klass->resolve = qrx_ridge_resolve;
  klass->run = qrx_ridge_run;
  qrx_node_class_set_name (klass, "ridge");
  qrx_node_class_set_category (klass, "baseline");
  qrx_node_class_set_summary (klass, "Ridge regression in closed form on the training rows; the penalty is chosen by "
                                     "cross-validation within them.");
  qrx_node_class_add_citation (klass,
                               "Hoerl & Kennard 1970, Ridge regression: biased estimation for nonorthogonal problems, "
                               "doi:10.1080/00401706.1970.10488634");
  flow_fit_declare (klass, G_STRUCT_OFFSET (QrxRidge, target), G_STRUCT_OFFSET (QrxRidge, allow_leakage),
                    "the layers before it, and the weighted sum");
  declare_properties (klass);
  qrx_node_class_set_example (
      klass, "{\"properties\": {\"lambdas\": [1]},"
             " \"input\": {\"table\": {\"ids\": [\"a\", \"b\", \"c\"], \"roles\": [\"train\", \"train\", \"test\"],"
             "   \"features\": {\"x\": [1, -1, 3]}, \"target\": [3, 1, null]}},"
             " \"expect\": {\"predictions\": [2.5, 1.5, 3.5]}, \"tolerance\": 1e-14}");
}

static void
qrx_ridge_init (QrxRidge *self G_GNUC_UNUSED)
{
}

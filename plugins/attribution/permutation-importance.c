/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `permutation-importance`: what a fitted model's score loses when one gene is dealt anew among rows. */
#include "attribution-rows.h"
#include "permuted-scores.h"

#define QRX_TYPE_PERMUTATION_IMPORTANCE (qrx_permutation_importance_get_type ())
G_DECLARE_FINAL_TYPE (QrxPermutationImportance, qrx_permutation_importance, QRX, PERMUTATION_IMPORTANCE, QrxNode)

struct _QrxPermutationImportance {
  QrxNode parent_instance;
  char *role;
  char *drug;
  char *score;
  gint64 repeats;
  char *within;
  gint64 top;
};

G_DEFINE_FINAL_TYPE (QrxPermutationImportance, qrx_permutation_importance, QRX_TYPE_NODE)

static gboolean
check_annotation (QrxTable *table, const char *name, GError **error)
{
  g_autofree char *known = NULL;

  if (name == NULL || qrx_table_has_annotation (table, name))
    return TRUE;
  known = g_strjoinv ("\", \"", (char **) qrx_table_get_annotation_names (table));
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
               "property \"within\": found \"%s\", expected an annotation of the table, which has \"%s\"", name, known);
  return FALSE;
}

/* The rows and their features, owned by the caller. */
static gboolean
read_rows (QrxPermutationImportance *self, PermutedPlan *plan, GError **error)
{
  g_autoptr (QrxIndex) all = NULL;

  if (!check_annotation (plan->table, plan->within, error) ||
      !attribution_rows_find_target (plan->table, plan->model, &plan->target, error))
    return FALSE;
  all = attribution_rows_find (plan->table, self->role, self->drug, error);
  plan->rows = all != NULL ? attribution_rows_with_target (plan->table, all, plan->target, error) : NULL;
  plan->features = plan->rows != NULL ? attribution_rows_read (plan->table, plan->rows, plan->model, error) : NULL;
  return plan->features != NULL;
}

static void
put_scores (QrxPermutationImportance *self, const PermutedPlan *plan, double base, QrxMetrics *metrics)
{
  qrx_metrics_set_count (metrics, self->role, "n", (gint64) qrx_index_get_length (plan->rows));
  qrx_metrics_set_count (metrics, self->role, "n_genes", (gint64) qrx_tensor_get_columns (plan->features));
  qrx_metrics_set_count (metrics, self->role, "repeats", self->repeats);
  qrx_metrics_set_text (metrics, self->role, "score", self->score);
  qrx_metrics_set_number (metrics, self->role, self->score, base);
}

static QrxAttributions *
attribute (QrxPermutationImportance *self, PermutedPlan *plan, QrxMetrics *metrics, QrxContext *context,
           GCancellable *cancellable, GError **error)
{
  static const char *const columns[] = { "importance", "deviation", NULL };
  const char *id = qrx_node_get_id (QRX_NODE (self));
  g_autoptr (QrxTensor) losses = NULL;
  double base;

  if (!read_rows (self, plan, error) || !permuted_scores_find_base (plan, &base, context, cancellable, error))
    return NULL;
  put_scores (self, plan, base, metrics);
  losses = permuted_scores_compute (plan, base, id, context, cancellable, error);
  return losses != NULL ? qrx_attributions_new (qrx_node_get_type_name (QRX_NODE (self)),
                                                qrx_predictor_get_columns (plan->model), columns, losses, error)
                        : NULL;
}

static gboolean
qrx_permutation_importance_run (QrxNode *node, QrxBundle *in, QrxBundle *out, QrxContext *context,
                                GCancellable *cancellable, GError **error)
{
  QrxPermutationImportance *self = QRX_PERMUTATION_IMPORTANCE (node);
  g_autoptr (QrxMetrics) metrics = qrx_metrics_new ();
  g_autoptr (QrxAttributions) result = NULL;
  PermutedPlan plan = {
    .model = QRX_PREDICTOR (qrx_bundle_get (in, "model")),
    .table = QRX_TABLE (qrx_bundle_get (in, "in")),
    .within = self->within != NULL && self->within[0] != '\0' ? self->within : NULL,
    .by_auc = g_str_equal (self->score, "auc"),
    .n_repeats = (guint) self->repeats,
    .seed = qrx_context_get_seed (context),
  };

  qrx_metrics_set_producer (metrics, qrx_node_get_id (node));
  result = attribute (self, &plan, metrics, context, cancellable, error);
  g_clear_object (&plan.rows);
  g_clear_object (&plan.features);
  if (result == NULL)
    return FALSE;
  attribution_rows_give (result, self->role, (gsize) self->top, metrics, out);
  return TRUE;
}

static void
declare_properties (QrxNodeClass *klass)
{
  qrx_node_class_add_choice (klass, "role", G_STRUCT_OFFSET (QrxPermutationImportance, role), ATTRIBUTION_ROLES,
                             "the rows that are scored");
  qrx_node_class_add_string (klass, "drug", G_STRUCT_OFFSET (QrxPermutationImportance, drug), "",
                             "scores rows of this drug alone, where a table has several; empty for all");
  qrx_node_class_add_choice (
      klass, "score", G_STRUCT_OFFSET (QrxPermutationImportance, score), "rmse|auc",
      "the score whose loss is the importance: what RMSE grows by, in the target's unit, or what the "
      "AUC at the training median falls by");
  qrx_node_class_add_integer (klass, "repeats", G_STRUCT_OFFSET (QrxPermutationImportance, repeats), 1, 10000, 10,
                              "permutations", "of each gene, over which importance is averaged");
  qrx_node_class_add_string (
      klass, "within", G_STRUCT_OFFSET (QrxPermutationImportance, within), "",
      "an annotation, such as tissue, among whose rows values are dealt, so that what it tells of a "
      "gene is kept; empty for all rows");
  qrx_node_class_add_integer (klass, "top", G_STRUCT_OFFSET (QrxPermutationImportance, top), 0, 1000000, 20, "genes",
                              "how many go into the scores; the file has all");
}

static void
qrx_permutation_importance_class_init (QrxPermutationImportanceClass *class)
{
  QrxNodeClass *klass = QRX_NODE_CLASS (class);

  klass->run = qrx_permutation_importance_run;
  qrx_node_class_set_name (klass, "permutation-importance");
  qrx_node_class_set_category (klass, "diagnostic");
  qrx_node_class_set_summary (klass, "Ranks genes by what a fitted model's score loses on average when a gene's values "
                                     "are dealt anew among the rows, all "
                                     "else being left as it is. It asks for predictions alone, so that every model has "
                                     "it. Genes that go together cover "
                                     "for each other: where one is permuted the others still tell, and a rank low down "
                                     "does not say that a gene does not "
                                     "matter.");
  qrx_node_class_add_citation (klass, "Breiman 2001, Random forests, doi:10.1023/A:1010933404324");
  qrx_node_class_add_input (klass, "in", "table:split", "the rows, with the model's columns and its target");
  qrx_node_class_add_input (klass, "model", "model", "any fitted model");
  qrx_node_class_add_output (klass, "out", "attributions",
                             "importance of every gene, and its deviation over the repeats");
  qrx_node_class_add_output (klass, "metrics", "metrics", "the score as it is, and the genes that matter most");
  declare_properties (klass);
  qrx_node_class_set_example (
      klass,
      "{\"properties\": {\"repeats\": 3},"
      " \"input\": {\"table\": {\"ids\": [\"a\", \"b\", \"c\", \"d\"],"
      "   \"roles\": [\"train\", \"train\", \"test\", \"test\"],"
      "   \"features\": {\"x\": [1, -1, 3, -1], \"y\": [0, 0, 0, 0]}, \"target\": [3, 1, 5, 1]},"
      "   \"model\": {\"type\": \"ridge\", \"properties\": {\"lambdas\": [1e-12]}}},"
      " \"expect\": {\"attributions\": \"attributions[2 genes by permutation-importance]\","
      "   \"metrics\": {\"test\": {\"n\": 2, \"n_genes\": 2, \"repeats\": 3, \"rmse\": 0}}}, \"tolerance\": 1e-9}");
}

static void
qrx_permutation_importance_init (QrxPermutationImportance *self G_GNUC_UNUSED)
{
}

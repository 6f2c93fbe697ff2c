/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps some columns: those that vary most over the training rows, follow the target most closely, or are named. */
#include <qrx/qrx-layer.h>

#include "support/view.h"

#include <math.h>

struct _QrxSelectGenes {
  QrxLayer parent_instance;
  gint64 n;
  char *by;
  char **names;
};

#define QRX_TYPE_SELECT_GENES (qrx_select_genes_get_type ())
G_DECLARE_FINAL_TYPE (QrxSelectGenes, qrx_select_genes, QRX, SELECT_GENES, QrxLayer)
G_DEFINE_FINAL_TYPE (QrxSelectGenes, qrx_select_genes, QRX_TYPE_LAYER)

static gsize
count_selected (QrxSelectGenes *self)
{
  return self->names != NULL && self->names[0] != NULL ? g_strv_length (self->names) : (gsize) self->n;
}

static gboolean
has_names (QrxSelectGenes *self)
{
  return self->names != NULL && self->names[0] != NULL;
}

static gboolean
check_unique (QrxSelectGenes *self, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (gsize i = 0; has_names (self) && self->names[i] != NULL; i++)
    if (!g_hash_table_add (seen, self->names[i]))
      {
        g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                     "property \"names\": found \"%s\" twice, expected each column once", self->names[i]);
        return FALSE;
      }
  return TRUE;
}

static gboolean
select_genes_resolve (QrxNode *node, QrxShapeScope *scope, GError **error)
{
  QrxSelectGenes *self = QRX_SELECT_GENES (node);
  gint64 n = (gint64) count_selected (self), available = qrx_shape_scope_get (scope, "G");

  if (!check_unique (self, error))
    return FALSE;
  if (available >= 0 && n > available)
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK,
                   "property \"%s\": found %" G_GINT64_FORMAT "%s, expected at most %" G_GINT64_FORMAT
                   ", the columns of \"in\"",
                   has_names (self) ? "names" : "n", n, has_names (self) ? " names" : "", available);
      return FALSE;
    }
  return qrx_shape_scope_set (scope, "W", n, has_names (self) ? "the number of \"names\"" : "property \"n\"", error);
}

static gboolean
select_genes_prepare (QrxLayer *layer, QrxPlan *plan, GError **error)
{
  QrxSelectGenes *self = QRX_SELECT_GENES (layer);

  qrx_plan_add_buffer (plan, "columns", 1, count_selected (self), 0);
  if (has_names (self) && qrx_plan_get_input_names (plan) == NULL)
    {
      g_set_error_literal (
          error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK,
          "columns are to be selected by name, but those that come in have no names; select them before "
          "layers that mix columns");
      return FALSE;
    }
  return TRUE;
}

/* A column's score, 0 where it is constant. */
static double
score_variance (QrxView x, gsize n_rows, gsize width, gsize column)
{
  double mean = 0, squares = 0;

  for (gsize row = 0; row < n_rows; row++)
    mean += qrx_view_get (x, row * width + column) / (double) n_rows;
  for (gsize row = 0; row < n_rows; row++)
    {
      double d = qrx_view_get (x, row * width + column) - mean;

      squares += d * d;
    }
  return squares / (double) n_rows;
}

/* The absolute Pearson correlation with the target. */
static double
score_correlation (QrxView x, const double *target, gsize n_rows, gsize width, gsize column)
{
  double mean = 0, target_mean = 0, squares = 0, target_squares = 0, products = 0;

  for (gsize row = 0; row < n_rows; row++)
    {
      mean += qrx_view_get (x, row * width + column) / (double) n_rows;
      target_mean += target[row] / (double) n_rows;
    }
  for (gsize row = 0; row < n_rows; row++)
    {
      double d = qrx_view_get (x, row * width + column) - mean, t = target[row] - target_mean;

      squares += d * d;
      target_squares += t * t;
      products += d * t;
    }
  return squares > 0 && target_squares > 0 ? fabs (products) / sqrt (squares * target_squares) : 0;
}

typedef struct {
  double score;
  gsize column;
} Candidate;

/* Best first; of equals the one that comes first. */
static int
compare_candidates (gconstpointer a, gconstpointer b)
{
  const Candidate *left = a, *right = b;

  if (left->score != right->score)
    return left->score > right->score ? -1 : 1;
  return left->column < right->column ? -1 : left->column > right->column;
}

static int
compare_columns (gconstpointer a, gconstpointer b)
{
  const Candidate *left = a, *right = b;

  return left->column < right->column ? -1 : left->column > right->column;
}

static void
fit_by_score (QrxSelectGenes *self, QrxStep *step, double *columns, gsize n_selected)
{
  QrxTensor *input = qrx_step_get_input (step, 0);
  QrxView x = qrx_view (input);
  gsize n_rows = qrx_tensor_get_rows (input), width = qrx_tensor_get_columns (input);
  g_autofree Candidate *candidates = g_new (Candidate, width);
  gboolean by_variance = g_str_equal (self->by, "variance");

  for (gsize c = 0; c < width; c++)
    candidates[c] = (Candidate){
      by_variance ? score_variance (x, n_rows, width, c)
                  : score_correlation (x, qrx_tensor_peek_f64 (qrx_step_get_target (step)), n_rows, width, c),
      c,
    };
  qsort (candidates, width, sizeof *candidates, compare_candidates);
  qsort (candidates, n_selected, sizeof *candidates, compare_columns);
  for (gsize i = 0; i < n_selected; i++)
    columns[i] = (double) candidates[i].column;
}

static gboolean
fit_by_name (QrxSelectGenes *self, const char *const *available, double *columns, GError **error)
{
  g_autoptr (GHashTable) places = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GString) missing = g_string_new (NULL);
  guint n_missing = 0;

  for (gsize i = 0; available[i] != NULL; i++)
    g_hash_table_insert (places, (gpointer) available[i], GSIZE_TO_POINTER (i + 1));
  for (gsize i = 0; self->names[i] != NULL; i++)
    {
      gsize place = GPOINTER_TO_SIZE (g_hash_table_lookup (places, self->names[i]));

      if (place > 0)
        columns[i] = (double) (place - 1);
      else if (n_missing++ < 10)
        g_string_append_printf (missing, "%s\"%s\"", missing->len > 0 ? ", " : "", self->names[i]);
    }
  if (n_missing == 0)
    return TRUE;
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
               "%u of the columns in \"names\" are not among the features: %s%s", n_missing, missing->str,
               n_missing > 10 ? ", …" : "");
  return FALSE;
}

static gboolean
select_genes_fit (QrxLayer *layer, QrxStep *step, GError **error)
{
  QrxSelectGenes *self = QRX_SELECT_GENES (layer);
  QrxTensor *buffer = qrx_step_get_buffer (step, "columns");
  double *columns = qrx_tensor_peek_f64 (buffer);

  if (has_names (self))
    return fit_by_name (self, qrx_plan_get_input_names (qrx_step_get_plan (step)), columns, error);
  fit_by_score (self, step, columns, qrx_tensor_get_n_elements (buffer));
  return TRUE;
}

/* Columns may come from a file that lies. */
static gboolean
check_columns (QrxTensor *columns, gsize width, GError **error)
{
  for (gsize i = 0; i < qrx_tensor_get_n_elements (columns); i++)
    {
      double column = qrx_tensor_get (columns, i);

      if (column >= 0 && column < (double) width && column == floor (column))
        continue;
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                   "buffer \"columns\" has %g as its element %" G_GSIZE_FORMAT
                   "; a column of %" G_GSIZE_FORMAT ", counted from 0, was expected",
                   column, i, width);
      return FALSE;
    }
  return TRUE;
}

static gboolean
select_genes_forward (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step, GError **error)
{
  QrxTensor *input = qrx_step_get_input (step, 0), *output = qrx_step_get_output (step);
  const double *columns = qrx_tensor_peek_f64 (qrx_step_get_buffer (step, "columns"));
  QrxView x = qrx_view (input), y = qrx_view (output);
  gsize width = qrx_tensor_get_columns (input), n = qrx_tensor_get_columns (output);

  if (!check_columns (qrx_step_get_buffer (step, "columns"), width, error))
    return FALSE;
  for (gsize row = 0; row < qrx_tensor_get_rows (input); row++)
    for (gsize c = 0; c < n; c++)
      qrx_view_set (y, row * n + c, qrx_view_get (x, row * width + (gsize) columns[c]));
  return TRUE;
}

static gboolean
select_genes_backward (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxTensor *gradient = qrx_step_get_output_gradient (step), *to = qrx_step_get_input_gradient (step, 0);
  const double *columns = qrx_tensor_peek_f64 (qrx_step_get_buffer (step, "columns"));
  gsize width, n = qrx_tensor_get_columns (gradient);

  if (!qrx_step_needs_input_gradient (step, 0))
    return TRUE;
  width = qrx_tensor_get_columns (to);
  qrx_tensor_fill (to, 0);
  for (gsize row = 0; row < qrx_tensor_get_rows (gradient); row++)
    for (gsize c = 0; c < n; c++)
      qrx_view_set (qrx_view (to), row * width + (gsize) columns[c], qrx_view_get (qrx_view (gradient), row * n + c));
  return TRUE;
}

/* Known before fit() where the columns are named. */
static char **
select_genes_name_outputs (QrxLayer *layer, QrxStep *step, const char *const *input_names)
{
  QrxSelectGenes *self = QRX_SELECT_GENES (layer);
  QrxTensor *columns = step != NULL ? qrx_step_get_buffer (step, "columns") : NULL;
  g_autoptr (GPtrArray) names = NULL;

  if (has_names (self))
    return g_strdupv (self->names);
  if (columns == NULL || input_names == NULL || !check_columns (columns, g_strv_length ((char **) input_names), NULL))
    return NULL;
  names = g_ptr_array_new ();
  for (gsize i = 0; i < qrx_tensor_get_n_elements (columns); i++)
    g_ptr_array_add (names, g_strdup (input_names[(gsize) qrx_tensor_get (columns, i)]));
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

static void
add_properties (QrxNodeClass *node_class)
{
  qrx_node_class_add_integer (node_class, "n", G_STRUCT_OFFSET (QrxSelectGenes, n), 1, 1 << 24, 100, "columns",
                              "how many columns to keep; they stay in their order");
  qrx_node_class_add_choice (
      node_class, "by", G_STRUCT_OFFSET (QrxSelectGenes, by), "variance|correlation",
      "keep those with the greatest variance, or with the greatest absolute Pearson correlation with the "
      "target, over the training rows");
  qrx_node_class_add_strings (node_class, "names", G_STRUCT_OFFSET (QrxSelectGenes, names),
                              "keep exactly these columns, in this order");
  qrx_node_class_add_exclusion (node_class, "names", "n, by");
}

static void
qrx_select_genes_class_init (QrxSelectGenesClass *klass)
{
  QrxLayerClass *layer_class = QRX_LAYER_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  node_class->resolve = select_genes_resolve;
  layer_class->prepare = select_genes_prepare;
  layer_class->fit = select_genes_fit;
  layer_class->forward = select_genes_forward;
  layer_class->backward = select_genes_backward;
  layer_class->name_outputs = select_genes_name_outputs;
  qrx_node_class_set_name (node_class, "select-genes");
  qrx_node_class_set_category (node_class, "transform");
  qrx_node_class_set_summary (node_class, "Keeps some of the columns, chosen on the training rows alone.");
  qrx_node_class_add_input (node_class, "in", "flow:any[B, G]", "features, such as the expression of genes");
  qrx_node_class_add_output (node_class, "out", "flow:any[B, W]", "the columns that were chosen");
  add_properties (node_class);
  qrx_node_class_set_example (node_class,
                              "{\"properties\": {\"n\": 2, \"by\": \"correlation\"},"
                              " \"input\": [[0, 3, 5, 1], [9, 2, 5, 2], [-9, 1, 5, 3], [0, 0, 5, 5]],"
                              " \"target\": [1, 2, 3, 4],"
                              " \"expect\": {\"output\": [[3, 1], [2, 2], [1, 3], [0, 5]]}, \"tolerance\": 0}");
}

static void
qrx_select_genes_init (QrxSelectGenes *self G_GNUC_UNUSED)
{
}

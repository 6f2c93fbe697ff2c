/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stochastic gradient boosting (Friedman 2002): each tree is grown on what the trees before it leave of the targets, on
 * rows and features drawn for it. The fit on all rows and those of cross-validation run beside each other, each in one
 * thread; a tree's draws are keyed by the fit and the tree, so that nothing depends on the number of threads. Knows
 * neither tables nor nodes of a graph. */
#include "boosting.h"

#define ALL_ROWS G_MAXUINT /* no fold is left out */

typedef struct {
  const BoostingPlan *plan;
  const TreeBins *bins;
  const double *targets;
  const guint *folds;
  guint n_folds;
  double *squares; /* of each fold and number of trees */
  Boosted *boosted;
  GCancellable *cancellable;
} Job;

/* One fit: the rows in it first, then those that are left out. */
typedef struct {
  const Job *job;
  guint left_out;
  guint *rows;
  guint n_fitted, n;
  double *predictions; /* by row, as are the residuals */
  double *residuals;
  guint n_drawn_rows;
  guint *drawn_rows, *features;
  guint8 *marks;
} Fit;

static guint
share_of (double fraction, guint n)
{
  return CLAMP ((guint) (fraction * n + 0.5), 1, n);
}

static void
fit_begin (Fit *self, const Job *job, guint left_out)
{
  guint n = (guint) job->bins->n_rows, p = (guint) job->bins->n_features, n_held = 0;

  *self = (Fit){ .job = job, .left_out = left_out, .n = n };
  self->rows = g_new (guint, n);
  for (guint row = 0; row < n; row++)
    if (job->folds != NULL && job->folds[row] == left_out)
      self->rows[n - 1 - n_held++] = row;
    else
      self->rows[self->n_fitted++] = row;
  self->predictions = g_new0 (double, n);
  self->residuals = g_new (double, n);
  self->n_drawn_rows = share_of (job->plan->row_fraction, self->n_fitted);
  self->drawn_rows = g_new (guint, self->n_drawn_rows);
  self->features = g_new (guint, p);
  for (guint i = 0; i < p; i++)
    self->features[i] = i;
  self->marks = g_new0 (guint8, n);
}

static void
fit_end (Fit *self)
{
  g_free (self->rows);
  g_free (self->predictions);
  g_free (self->residuals);
  g_free (self->drawn_rows);
  g_free (self->features);
  g_free (self->marks);
}

/* Adds a tree; returns its root. */
static guint
add_tree (Fit *self, guint tree, GArray *nodes)
{
  const Job *job = self->job;
  const BoostingPlan *plan = job->plan;
  g_autofree char *purpose =
      self->left_out == ALL_ROWS ? g_strdup ("trees") : g_strdup_printf ("trees/%u", self->left_out);
  guint root = nodes->len;
  QrxRandom random;

  qrx_random_init (&random, plan->seed, plan->id, purpose, tree);
  tree_draw (&random, self->n_fitted, self->n_drawn_rows, self->marks, self->drawn_rows);
  for (guint i = 0; i < self->n_drawn_rows; i++)
    self->drawn_rows[i] = self->rows[self->drawn_rows[i]];
  for (guint i = 0; i < self->n_fitted; i++)
    self->residuals[self->rows[i]] = job->targets[self->rows[i]] - self->predictions[self->rows[i]];
  tree_grow (job->bins, self->drawn_rows, self->n_drawn_rows, self->features, (guint) job->bins->n_features,
             self->residuals, &plan->shape, &random, nodes);
  for (guint i = root; i < nodes->len; i++)
    g_array_index (nodes, TreeNode, i).value *= plan->rate;
  for (guint row = 0; row < self->n; row++)
    self->predictions[row] += tree_predict (job->bins, (const TreeNode *) (gpointer) nodes->data, root, row);
  return root;
}

static double
sum_squares (const Fit *self)
{
  double sum = 0;

  for (guint i = self->n_fitted; i < self->n; i++)
    {
      double error = self->job->targets[self->rows[i]] - self->predictions[self->rows[i]];

      sum += error * error;
    }
  return sum;
}

/* Block 0 fits on all rows, block f + 1 on all but those of fold f. */
static void
run_block (gsize block, gpointer data)
{
  const Job *job = data;
  g_autoptr (GArray) scratch = g_array_new (FALSE, FALSE, sizeof (TreeNode));
  Fit fit;

  fit_begin (&fit, job, block > 0 ? (guint) block - 1 : ALL_ROWS);
  for (guint t = 0; t < job->plan->n_trees && !g_cancellable_is_cancelled (job->cancellable); t++)
    if (block == 0)
      {
        guint root = add_tree (&fit, t, job->boosted->nodes);

        g_array_append_val (job->boosted->roots, root);
      }
    else
      {
        g_array_set_size (scratch, 0);
        add_tree (&fit, t, scratch);
        job->squares[(block - 1) * job->plan->n_trees + t] = sum_squares (&fit);
      }
  fit_end (&fit);
}

gboolean
boosting_run (const BoostingPlan *plan, const TreeBins *bins, const double *targets, const guint *folds, guint n_folds,
              double *errors, Boosted *boosted, QrxPool *pool, GCancellable *cancellable, GError **error)
{
  guint n_fits = folds != NULL ? n_folds : 0;
  g_autofree double *squares = g_new0 (double, (gsize) n_fits * plan->n_trees + 1);
  Job job = { plan, bins, targets, folds, n_folds, squares, boosted, cancellable };

  boosted->nodes = g_array_new (FALSE, FALSE, sizeof (TreeNode));
  boosted->roots = g_array_new (FALSE, FALSE, sizeof (guint));
  qrx_pool_run (pool, (gsize) n_fits + 1, run_block, &job);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  for (guint t = 0; t < plan->n_trees && n_fits > 0; t++)
    {
      errors[t] = 0;
      for (guint fold = 0; fold < n_fits; fold++)
        errors[t] += squares[(gsize) fold * plan->n_trees + t];
      errors[t] /= (double) bins->n_rows;
    }
  return TRUE;
}

void
boosted_clear (Boosted *self)
{
  g_clear_pointer (&self->nodes, g_array_unref);
  g_clear_pointer (&self->roots, g_array_unref);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Regression trees on binned features: at a node the targets of its rows are summed by bin, feature by feature, and one
 * pass over the bins that occur finds the best place to part them (Breiman et al. 1984; histograms as in Ke et al.
 * 2017). One thread grows a tree; whoever needs more grows several. Knows neither tables nor nodes of a graph. */
#include "tree-grow.h"

#include <string.h>

/* A gain must be more than rounding: this share of the squares that there are to explain. */
#define LEAST_GAIN 1e-12

typedef struct {
  guint node;
  guint first, end; /* of the rows */
  guint depth;
} Task;

typedef struct {
  double sum; /* of targets */
  guint n;    /* rows */
} Bin;

typedef struct {
  const TreeBins *bins;
  const double *targets;
  const TreeShape *shape;
  const double *shares; /* [n]: 1 / (n + l2) */
  guint *rows;
  double *values;           /* the targets of a node's rows */
  Bin found[TREE_MAX_BINS]; /* empty between features */
} Grower;

typedef struct {
  int feature;
  guint cut;
  double gain;
} Split;

/* Returns which bins occur. */
static guint64
sum_bins (Grower *self, guint feature, guint first, guint end)
{
  const guint8 *codes = tree_bins_codes (self->bins, feature);
  const guint *rows = self->rows + first;
  guint64 occurs = 0;

  for (guint i = 0; i < end - first; i++)
    {
      guint code = codes[rows[i]];

      self->found[code].n++;
      self->found[code].sum += self->values[i];
      occurs |= G_GUINT64_CONSTANT (1) << code;
    }
  return occurs;
}

/* Tries every place between two bins that occur, and empties them; the cut lies in the middle of those that do not. */
static void
try_feature (Grower *self, guint feature, guint64 occurs, double sum, guint n, Split *best)
{
  const guint min_leaf = MAX (self->shape->min_leaf, 1);
  double left = 0;
  guint n_left = 0, previous = 0;

  for (; occurs != 0; occurs &= occurs - 1)
    {
      guint code = (guint) __builtin_ctzll (occurs);

      if (n_left >= min_leaf && n - n_left >= min_leaf)
        {
          double right = sum - left;
          double gain = left * left * self->shares[n_left] + right * right * self->shares[n - n_left];

          if (gain > best->gain)
            *best = (Split){ (int) feature, (previous + code - 1) / 2, gain };
        }
      left += self->found[code].sum;
      n_left += self->found[code].n;
      self->found[code] = (Bin){ 0 };
      previous = code;
    }
}

/* Rows that go left come first; both sides keep their order. */
static guint
part_rows (Grower *self, const Split *split, guint first, guint end, guint *spare)
{
  const guint8 *codes = tree_bins_codes (self->bins, (guint) split->feature);
  guint n_left = 0, n_right = 0;

  for (guint i = first; i < end; i++)
    {
      guint row = self->rows[i];

      if (codes[row] <= split->cut)
        self->rows[first + n_left++] = row;
      else
        spare[n_right++] = row;
    }
  memcpy (self->rows + first + n_left, spare, n_right * sizeof *spare);
  return first + n_left;
}

void
tree_draw (QrxRandom *random, guint total, guint n, guint8 *marks, guint *drawn)
{
  guint n_drawn = 0;

  /* Floyd's method: as many numbers as are drawn, however many there are. */
  for (guint i = total - n; i < total; i++)
    {
      guint candidate = (guint) qrx_random_below (random, (guint64) i + 1);

      marks[marks[candidate] ? i : candidate] = 1;
    }
  for (guint i = 0; i < total; i++)
    if (marks[i])
      {
        drawn[n_drawn++] = i;
        marks[i] = 0;
      }
}

static double *
make_shares (guint n, double l2)
{
  double *shares = g_new (double, n + 1);

  for (guint i = 0; i <= n; i++)
    shares[i] = i + l2 > 0 ? 1 / (i + l2) : 0;
  return shares;
}

/* Sets the value of a node, and finds how it is best parted; FALSE where it stays a leaf. */
static gboolean
find_split (Grower *self, const Task *task, const guint *features, const guint *tried, guint n_tried, GArray *nodes,
            Split *best)
{
  guint n = task->end - task->first;
  double sum = 0, squares = 0;

  for (guint i = task->first; i < task->end; i++)
    {
      double target = self->targets[self->rows[i]];

      self->values[i - task->first] = target;
      sum += target;
      squares += target * target;
    }
  g_array_index (nodes, TreeNode, task->node).value = sum * self->shares[n];
  if (task->depth >= self->shape->max_depth || n < 2 * self->shape->min_leaf)
    return FALSE;
  *best = (Split){ -1, 0, sum * sum * self->shares[n] + LEAST_GAIN * squares };
  for (guint i = 0; i < n_tried; i++)
    {
      guint feature = features[tried != NULL ? tried[i] : i];

      guint64 occurs = sum_bins (self, feature, task->first, task->end);

      try_feature (self, feature, occurs, sum, n, best);
    }
  return best->feature >= 0;
}

void
tree_grow (const TreeBins *bins, guint *rows, guint n_rows, const guint *features, guint n_features,
           const double *targets, const TreeShape *shape, QrxRandom *random, GArray *nodes)
{
  g_autofree double *shares = make_shares (n_rows, shape->l2);
  g_autofree guint *spare = g_new (guint, n_rows);
  g_autofree double *values = g_new (double, n_rows);
  g_autofree guint8 *marks = g_new0 (guint8, n_features);
  guint n_tried = MIN (shape->n_tried, n_features);
  g_autofree guint *tried = n_tried < n_features ? g_new (guint, n_tried) : NULL;
  g_autofree Grower *self = g_new0 (Grower, 1);
  g_autoptr (GArray) tasks = g_array_new (FALSE, FALSE, sizeof (Task));
  const TreeNode leaf = { .feature = -1 };
  Task task = { nodes->len, 0, n_rows, 0 };

  *self =
      (Grower){ .bins = bins, .targets = targets, .shape = shape, .shares = shares, .rows = rows, .values = values };
  g_array_append_val (nodes, leaf);
  g_array_append_val (tasks, task);
  while (tasks->len > 0)
    {
      guint left = nodes->len, middle;
      Split best;

      task = g_array_index (tasks, Task, tasks->len - 1);
      g_array_set_size (tasks, tasks->len - 1);
      if (tried != NULL)
        tree_draw (random, n_features, n_tried, marks, tried);
      if (!find_split (self, &task, features, tried, n_tried, nodes, &best))
        continue;
      middle = part_rows (self, &best, task.first, task.end, spare);
      g_array_index (nodes, TreeNode, task.node) = (TreeNode){ best.feature, best.cut, left, 0 };
      g_array_append_vals (nodes, (const TreeNode[]){ leaf, leaf }, 2);
      g_array_append_vals (tasks,
                           (const Task[]){ { left + 1, middle, task.end, task.depth + 1 },
                                           { left, task.first, middle, task.depth + 1 } },
                           2);
    }
}

double
tree_predict (const TreeBins *bins, const TreeNode *nodes, guint root, guint row)
{
  const TreeNode *node = nodes + root;

  while (node->feature >= 0)
    node = nodes + node->left + (tree_bins_codes (bins, (guint) node->feature)[row] > node->cut);
  return node->value;
}

QrxTensor *
tree_nodes_to_tensor (const TreeBins *bins, GArray *nodes)
{
  QrxTensor *tensor = qrx_tensor_new_matrix (QRX_DTYPE_F64, nodes->len, 4);
  double *fields = qrx_tensor_peek_f64 (tensor);

  for (guint i = 0; i < nodes->len; i++, fields += 4)
    {
      const TreeNode *node = &g_array_index (nodes, TreeNode, i);

      fields[0] = node->feature;
      fields[1] = node->feature >= 0 ? tree_bins_cut (bins, (guint) node->feature, node->cut) : 0;
      fields[2] = node->left;
      fields[3] = node->value;
    }
  return tensor;
}

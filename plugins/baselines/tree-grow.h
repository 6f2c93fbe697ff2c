/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Grows one regression tree. */
#pragma once

#include <qrx/qrx-random.h>

#include "tree-bins.h"

G_BEGIN_DECLS

typedef struct {
  int feature;  /* −1 at a leaf */
  guint cut;    /* of the feature's; a row whose code is at most this goes left */
  guint left;   /* the right child follows it */
  double value; /* of a leaf */
} TreeNode;

typedef struct {
  guint max_depth;
  guint min_leaf; /* rows */
  double l2;      /* added to the number of rows that a leaf's sum of targets is divided by */
  guint n_tried;  /* features drawn anew at each node, of those given */
} TreeShape;

/* Grows a tree on @rows (which may repeat, and come out in another order) and @features, ascending; its nodes are
 * appended to
 * @nodes, the root first. The split that lowers the squared error most is taken, the first of equals. */
void tree_grow (const TreeBins *bins, guint *rows, guint n_rows, const guint *features, guint n_features,
                const double *targets, const TreeShape *shape, QrxRandom *random, GArray *nodes);

double tree_predict (const TreeBins *bins, const TreeNode *nodes, guint root, guint row);

/* As qrx_model_append_trees() takes them. */
QrxTensor *tree_nodes_to_tensor (const TreeBins *bins, GArray *nodes);

/* @n of the numbers below @total, ascending, all of them equally likely; @marks has @total zeros and keeps them. */
void tree_draw (QrxRandom *random, guint total, guint n, guint8 *marks, guint *drawn);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The mathematics of gradient boosting with squared loss. */
#pragma once

#include <gio/gio.h>

#include "tree-grow.h"

G_BEGIN_DECLS

typedef struct {
  guint n_trees;
  double rate;
  double row_fraction; /* of the rows, drawn for each tree */
  TreeShape shape;
  guint64 seed;
  const char *id; /* of the node: names its random streams */
} BoostingPlan;

typedef struct {
  GArray *nodes; /* of TreeNode; leaves hold what is added */
  GArray *roots; /* guint */
} Boosted;

void boosted_clear (Boosted *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Boosted, boosted_clear)

/* Boosts from zero on all rows. Where @folds is not NULL (a number below @n_folds for each row), also on all rows but a
 * fold's, for each fold, and fills @errors: [t] is the mean squared error of t + 1 trees over rows that took no part.
 * FALSE only if cancelled. */
gboolean boosting_run (const BoostingPlan *plan, const TreeBins *bins, const double *targets, const guint *folds,
                       guint n_folds, double *errors, Boosted *boosted, QrxPool *pool, GCancellable *cancellable,
                       GError **error);

G_END_DECLS

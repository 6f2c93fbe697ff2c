/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Features as small integers, which is how trees are grown fast. */
#pragma once

#include <qrx/qrx-pool.h>
#include <qrx/qrx-tensor.h>

G_BEGIN_DECLS

#define TREE_MAX_BINS 64 /* the bins that occur at a node are the bits of one word */

typedef struct {
  gsize n_rows, n_features;
  guint8 *codes; /* feature by feature: of a row, how many of the feature's cuts lie below it */
  double *cuts;  /* TREE_MAX_BINS − 1 a feature, ascending; a row up to a cut goes left of it */
} TreeBins;

/* Cuts float64 features (n, p) into at most @max_bins bins of about equally many rows each; where a feature has no more
 * distinct values than that, between any two of them. */
TreeBins *tree_bins_new (QrxTensor *features, guint max_bins, QrxPool *pool);
void tree_bins_free (TreeBins *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TreeBins, tree_bins_free)

static inline const guint8 *
tree_bins_codes (const TreeBins *self, guint feature)
{
  return self->codes + feature * self->n_rows;
}

static inline double
tree_bins_cut (const TreeBins *self, guint feature, guint cut)
{
  return self->cuts[(gsize) feature * (TREE_MAX_BINS - 1) + cut];
}

G_END_DECLS

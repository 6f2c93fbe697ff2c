/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The mathematics of the elastic net. */
#pragma once

#include <gio/gio.h>
#include <qrx/qrx-pool.h>
#include <qrx/qrx-tensor.h>

G_BEGIN_DECLS

typedef struct {
  const double *mixes; /* the share of the absolute values in the penalty, of each candidate; above zero */
  guint n_mixes;
  double *lambdas; /* descending, n_lambdas for each mix */
  guint n_lambdas;
  double tolerance; /* of a sweep: the greatest squared change of a column's part of the fit, over the variance of the
                       targets */
  guint max_sweeps; /* for one penalty */
} ElasticNetGrid;

/* The weights and the intercept of some rows, for one penalty after another. */
typedef struct _ElasticNet ElasticNet;

/* Of float64 features (n, p) and targets, those of @rows. */
ElasticNet *elastic_net_new (QrxTensor *features, const double *targets, const guint *rows, gsize n_rows);
void elastic_net_free (ElasticNet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ElasticNet, elastic_net_free)

/* The least penalty at which all weights are zero. */
double elastic_net_find_greatest (ElasticNet *self, double mix);
/* Goes on from the weights that there are; an error where the sweeps do not suffice. */
gboolean elastic_net_descend (ElasticNet *self, const ElasticNetGrid *grid, double mix, double lambda,
                              GCancellable *cancellable, GError **error);
void elastic_net_reset (ElasticNet *self); /* to weights of zero */
const double *elastic_net_get_weights (ElasticNet *self);
double elastic_net_get_intercept (ElasticNet *self);

/* Fills @errors, n_lambdas for each mix: the mean squared error of rows that are predicted from those of other folds.
 */
gboolean elastic_net_validate (QrxTensor *features, const double *targets, const guint *folds, guint n_folds,
                               const ElasticNetGrid *grid, double *errors, QrxPool *pool, GCancellable *cancellable,
                               GError **error);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The mathematics of ridge regression. */
#pragma once

#include <gio/gio.h>
#include <qrx/qrx-pool.h>
#include <qrx/qrx-tensor.h>

G_BEGIN_DECLS

typedef struct _RidgeProblem RidgeProblem;

/* Takes float64 features (n, p), which are centred in place, and n targets. */
RidgeProblem *ridge_problem_new (QrxTensor *features, const double *targets, QrxPool *pool);
void ridge_problem_free (RidgeProblem *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RidgeProblem, ridge_problem_free)

/* The mean squared error of each lambda over rows that are predicted from those of other folds; folds has one number below
 * n_folds for each row, and at least two of them occur. */
gboolean ridge_problem_validate (RidgeProblem *self, const guint *folds, guint n_folds, const double *lambdas, guint n_lambdas,
                                 double *errors, GCancellable *cancellable, GError **error);
/* Fills weights, float64 (1, p), and the intercept. */
gboolean ridge_problem_solve (RidgeProblem *self, double lambda, QrxTensor *weights, double *intercept, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Deals groups to train, validation, test and calibration. */
#pragma once

#include "split-groups.h"

G_BEGIN_DECLS

typedef struct {
  guint64 seed;
  guint64 repeat;
  guint n_folds; /* 0: one split by fractions */
  guint fold;
  double test;
  double validation; /* where there are no inner folds */
  guint n_inner;     /* folds of what is not tested; 0: none */
  guint inner;       /* which of them validates */
  double calibration;
  guint n_bins;      /* of the response; 1: not stratified */
} SplitPlan;

/* One QrxRole a group; free with g_free(). */
guint8 *split_deal (GArray *groups, const SplitPlan *plan, GError **error);

G_END_DECLS

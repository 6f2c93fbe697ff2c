/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables for the tests of baselines. */
#pragma once

#include <qrx/qrx-table.h>

#define N_ROWS 90
#define N_FEATURES 5

/* Rows of 45 lines with two replicates each; y follows x0 and x1, or, permuted, nothing. Every third row is a test row of
 * other lines than the rest; the last rows have no target. */
typedef struct {
  gboolean reversed;
  gboolean permuted;
  double shift_tests; /* added to the test rows' targets */
} BaselineWish;

QrxTable *baseline_cohort_new (const BaselineWish *wish);
/* Four rows without roles, of which two have tissues of the cohort; its columns are in another order. */
QrxTable *baseline_cohort_new_other (gboolean with_tissues);

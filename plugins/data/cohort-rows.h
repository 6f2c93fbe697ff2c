/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From matched responses to the rows of a table: missing and capped values, replicates. */
#pragma once

#include "cell-line-matching.h"
#include "report.h"
#include "response-reader.h"

G_BEGIN_DECLS

typedef struct {
  gsize line;     /* of the expression */
  gsize response; /* the row of the response that describes it */
  double value;
  guint repeat;   /* which of the line's rows, where replicates are kept */
} CohortRow;

typedef struct {
  const char *missing;    /* "drop" or "keep" */
  const char *capped;     /* "keep", "clip" or "drop" */
  const char *replicates; /* "error", "mean", "first" or "keep" */
} CohortPolicy;

/* An array of CohortRow in the order of the response; what was done goes into the report. */
GArray *cohort_rows_new (const Response *response, const LineMatching *matching, const GPtrArray *names,
                         const CohortPolicy *policy, Report *report, GError **error);

G_END_DECLS

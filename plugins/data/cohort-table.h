/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rows, lines and features put together into a table. */
#pragma once

#include <qrx/qrx-table.h>

#include "drug-screens.h"
#include "expression-reader.h"
#include "model-list.h"
#include "report.h"
#include "response-reader.h"

G_BEGIN_DECLS

typedef struct {
  const Expression *expression;
  const ModelList *models; /* nullable */
  GPtrArray *screens;      /* of DrugScreen, one for each drug */
  const char *row_id;      /* "expression" or the name of a LineKey */
  const char *unit;
  QrxOrientation orientation;
} CohortParts;

QrxTable *cohort_table_new (const CohortParts *parts, QrxBlock *block, QrxIndex *block_rows, Report *report,
                            GError **error);

G_END_DECLS

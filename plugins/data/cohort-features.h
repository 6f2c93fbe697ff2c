/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the lines of an expression file to the feature block of a table. */
#pragma once

#include <qrx/qrx-block.h>

#include "expression-reader.h"
#include "report.h"

G_BEGIN_DECLS

/* The block of the lines in use. @lines: of gsize, by table row, lines of the expression; @block_rows gets the index
 * from table rows to block rows. @missing: "error" or "drop-gene". */
QrxBlock *cohort_features_new (const Expression *expression, const GArray *lines, const char *missing, Report *report,
                               QrxIndex **block_rows, GError **error);
/* Whether a line lacks any value. */
gboolean cohort_features_is_incomplete (const Expression *expression, gsize line);

G_END_DECLS

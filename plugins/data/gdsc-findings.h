/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What `gdsc-loader` says of the files it read. */
#pragma once

#include "cell-line-matching.h"
#include "expression-reader.h"
#include "model-list.h"
#include "report.h"
#include "response-reader.h"

G_BEGIN_DECLS

void gdsc_findings_say_expression (const Expression *expression, Report *report);
/* @drug: what was asked for, of which the file's own name may be a synonym. */
void gdsc_findings_say_response (const Response *response, const char *drug, Report *report);
void gdsc_findings_say_matching (const LineMatching *matching, const Expression *expression, Report *report);
/* @n_known: how many lines of the expression, and how many rows of the response, the list knows. */
void gdsc_findings_say_models (const ModelList *models, const Expression *expression, GPtrArray *screens,
                               const gsize *n_known, Report *report);

G_END_DECLS

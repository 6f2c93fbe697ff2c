/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The wording of what the loader found, dropped and changed, with its counts. */
#include "gdsc-findings.h"

#include "drug-screens.h"

void
gdsc_findings_say_expression (const Expression *expression, Report *report)
{
  report_say (report, "expression.found", "expression: %u lines, %" G_GSIZE_FORMAT " genes (%s)",
              expression->names->len, expression_get_n_genes (expression),
              expression->is_transposed ? "columns are lines" : "rows are lines");
  if (expression->n_not_default > 0)
    report_say (report, "expression.not-default",
                "%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " profiles are not their model's "
                "default: dropped",
                expression->n_not_default, expression->n_profiles);
  if (expression->n_repeated_lines > 0)
    report_say (report, "expression.repeated-lines",
                "%" G_GSIZE_FORMAT " profiles repeat a line: the first of each is used", expression->n_repeated_lines);
  if (expression->n_unnamed_genes > 0)
    report_say (report, "expression.unnamed-genes", "%" G_GSIZE_FORMAT " genes have no symbol: dropped",
                expression->n_unnamed_genes);
  if (expression->n_repeated_genes > 0)
    report_say (report, "expression.repeated-genes",
                "%" G_GSIZE_FORMAT " genes repeat a symbol: the first of each is used", expression->n_repeated_genes);
}

void
gdsc_findings_say_response (const Response *response, const char *drug, Report *report)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "response: %" G_GSIZE_FORMAT " rows of %s", response->n, response->drug);
  if (response->is_synonym)
    g_string_append_printf (text, " (a synonym of %s)", drug);
  for (guint i = 0; response->all_drug_ids != NULL && i < response->all_drug_ids->len; i++)
    g_string_append_printf (text, "%s%s",
                            i > 0                             ? ", "
                            : response->all_drug_ids->len > 1 ? ", ids "
                                                              : ", id ",
                            (char *) response->all_drug_ids->pdata[i]);
  if (response->dataset != NULL)
    g_string_append_printf (text, ", data set %s", response->dataset);
  report_say (report, "response.found", "%s", text->str);
}

void
gdsc_findings_say_matching (const LineMatching *matching, const Expression *expression, Report *report)
{
  report_say (report, "lines.matched",
              "%" G_GSIZE_FORMAT " lines matched by %s id; dropped: %" G_GSIZE_FORMAT " lines of the "
              "response without expression, %" G_GSIZE_FORMAT " of the expression without a response",
              matching->n_lines, line_key_get_name (matching->key), matching->n_unknown,
              expression->names->len - expression->n_repeated_lines - matching->n_lines);
  if (matching->n_ambiguous > 0)
    report_say (report, "lines.ambiguous",
                "%" G_GSIZE_FORMAT " rows name a line that only punctuation tells from another: dropped",
                matching->n_ambiguous);
}

void
gdsc_findings_say_models (const ModelList *models, const Expression *expression, GPtrArray *screens,
                          const gsize *n_known, Report *report)
{
  gsize n_rows = 0;

  for (guint i = 0; i < screens->len; i++)
    n_rows += ((DrugScreen *) screens->pdata[i])->response->n;
  report_say (report, "models.found",
              "models: %" G_GSIZE_FORMAT "; they know %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " lines of "
              "the expression and the lines of %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " rows of the response",
              model_list_get_length (models), n_known[0], expression->ids->n, n_known[1], n_rows);
}

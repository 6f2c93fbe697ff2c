/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Applies the policies for missing values, values beyond the highest dose, and replicates, in this order. */
#include "cohort-rows.h"

#include <math.h>

#define CAP_TOLERANCE 1e-3 /* files write ln 8 with four decimals */

/* A value that lies where no dose was tested: extrapolated by the fit of a curve (GDSC), or set to the limit (CCLE). */
static gboolean
is_beyond (const Response *response, gsize row)
{
  double maximum = response->maximum != NULL ? response->maximum[row] : NAN;

  return response->is_capped ? response->values[row] >= maximum - CAP_TOLERANCE : response->values[row] > maximum;
}

static gboolean
report_capped (const Response *response, const CohortPolicy *policy, gsize n_beyond, gsize n, Report *report,
               GError **error)
{
  if (response->maximum == NULL)
    {
      if (!g_str_equal (policy->capped, "keep"))
        {
          g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
                       "\"capped\" is \"%s\", but %s; expected \"keep\"", policy->capped, response->is_dose
                         ? "the response file does not tell the highest dose tested (it has no column MAX_CONC)"
                         : "the target is no dose, which the highest dose tested could limit");
          return FALSE;
        }
      if (response->is_dose)
        report_say (report, "response.capped",
                    "%s: no column tells the highest dose tested, so values extrapolated beyond it "
                    "are not marked and are kept",
                    response->column);
      return TRUE;
    }
  report_say (report, "response.capped",
              "%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " values of %s (%.0f %%) lie %s the highest "
              "dose tested%s: %s",
              n_beyond, n, response->column, n > 0 ? 100.0 * (double) n_beyond / (double) n : 0.0,
              response->is_capped ? "at" : "above", response->is_capped ? " (capped)" : " (extrapolated)",
              g_str_equal (policy->capped, "keep")   ? "kept"
              : g_str_equal (policy->capped, "clip") ? "set to it"
                                                     : "dropped");
  return TRUE;
}

/* The matched rows that have a value. */
static GArray *
take_values (const Response *response, const LineMatching *matching, const CohortPolicy *policy, Report *report,
             GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (CohortRow));
  gboolean keep_missing = g_str_equal (policy->missing, "keep");
  gsize n_missing = 0, n_beyond = 0, n_measured = 0;

  for (gsize i = 0; i < response->n; i++)
    {
      CohortRow row = { .line = (gsize) matching->line_of[i], .response = i, .value = response->values[i] };
      gboolean is_missing = !isfinite (row.value), is_out = !is_missing && is_beyond (response, i);

      if (matching->line_of[i] < 0)
        continue;
      n_missing += is_missing;
      n_measured += !is_missing;
      n_beyond += is_out;
      if (is_out && g_str_equal (policy->capped, "clip"))
        row.value = response->maximum[i];
      if ((is_missing && !keep_missing) || (is_out && g_str_equal (policy->capped, "drop")))
        continue;
      g_array_append_val (rows, row);
    }
  if (n_missing > 0)
    report_say (report, "response.missing", "%" G_GSIZE_FORMAT " matched rows have no %s: %s", n_missing,
                response->column, keep_missing ? "kept without a target" : "dropped");
  if (!report_capped (response, policy, n_beyond, n_measured, report, error))
    return NULL;
  if (rows->len == 0)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY,
                   "No row of %s is left: of %" G_GSIZE_FORMAT " matched rows %" G_GSIZE_FORMAT
                   " have no value of %s and %" G_GSIZE_FORMAT " lie beyond the highest dose",
                   response->drug, matching->n_matched, n_missing, response->column, n_beyond);
      return NULL;
    }
  return g_steal_pointer (&rows);
}

/* `1007 (583 rows), 1819 (507 rows)`, of the rows given */
static char *
describe_drug_ids (const Response *response, const GArray *rows)
{
  GString *text = g_string_new (NULL);

  for (guint k = 0; k < response->all_drug_ids->len; k++)
    {
      const char *id = response->all_drug_ids->pdata[k];
      guint n = 0;

      for (guint i = 0; i < rows->len; i++)
        n += g_strcmp0 (id, response->drug_ids->pdata[g_array_index (rows, CohortRow, i).response]) == 0;
      g_string_append_printf (text, "%s%s (%u rows)", k > 0 ? ", " : "", id, n);
    }
  return g_string_free (text, FALSE);
}

static gboolean
refuse_replicates (const Response *response, const GArray *rows, guint n_lines, const char *example, GError **error)
{
  if (response->all_drug_ids != NULL && response->all_drug_ids->len > 1)
    {
      g_autofree char *ids = describe_drug_ids (response, rows);

      g_set_error (
          error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
          "%s has %u ids, with %u rows for %u lines: %s; choose one as \"drug\", or set \"replicates\" to \"mean\", "
          "\"first\" or \"keep\"",
          response->drug, response->all_drug_ids->len, rows->len, n_lines, ids);
      return FALSE;
    }
  if (rows->len > n_lines)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                   "%s has %u rows for %u lines, for instance several for line \"%s\"; set \"replicates\" to \"mean\", "
                   "\"first\" "
                   "or \"keep\"",
                   response->drug, rows->len, n_lines, example);
      return FALSE;
    }
  return TRUE;
}

/* The mean of the values there are; the first row describes it. */
static GArray *
average (const GArray *rows, GHashTable *place_of_line)
{
  GArray *result = g_array_new (FALSE, FALSE, sizeof (CohortRow));
  g_autofree guint *counts = g_new0 (guint, rows->len);

  for (guint i = 0; i < rows->len; i++)
    {
      CohortRow row = g_array_index (rows, CohortRow, i);
      guint place = GPOINTER_TO_UINT (g_hash_table_lookup (place_of_line, GSIZE_TO_POINTER (row.line)));
      CohortRow *mean;

      if (place == result->len)
        g_array_append_val (result, row);
      mean = &g_array_index (result, CohortRow, place);
      if (!isfinite (row.value))
        continue;
      mean->value = counts[place] > 0 ? mean->value + row.value : row.value;
      counts[place]++;
    }
  for (guint place = 0; place < result->len; place++)
    if (counts[place] > 1)
      g_array_index (result, CohortRow, place).value /= counts[place];
  return result;
}

static GArray *
take_first (const GArray *rows)
{
  GArray *result = g_array_new (FALSE, FALSE, sizeof (CohortRow));

  for (guint i = 0; i < rows->len; i++)
    if (g_array_index (rows, CohortRow, i).repeat == 0)
      g_array_append_val (result, g_array_index (rows, CohortRow, i));
  return result;
}

GArray *
cohort_rows_new (const Response *response, const LineMatching *matching, const GPtrArray *names,
                 const CohortPolicy *policy, Report *report, GError **error)
{
  g_autoptr (GArray) rows = take_values (response, matching, policy, report, error);
  g_autoptr (GHashTable) place_of_line = g_hash_table_new (NULL, NULL); /* in order of appearance */
  g_autofree guint *counts = NULL;
  const char *done = "kept, with one annotation \"line\"", *example = NULL;
  guint n_lines = 0, n_repeated = 0;

  if (rows == NULL)
    return NULL;
  counts = g_new0 (guint, rows->len);
  for (guint i = 0; i < rows->len; i++)
    {
      CohortRow *row = &g_array_index (rows, CohortRow, i);
      gpointer place;

      if (!g_hash_table_lookup_extended (place_of_line, GSIZE_TO_POINTER (row->line), NULL, &place))
        {
          place = GUINT_TO_POINTER (n_lines++);
          g_hash_table_insert (place_of_line, GSIZE_TO_POINTER (row->line), place);
        }
      row->repeat = counts[GPOINTER_TO_UINT (place)]++;
      n_repeated += row->repeat == 1;
      if (row->repeat == 1 && example == NULL)
        example = names->pdata[row->line];
    }
  if (g_str_equal (policy->replicates, "error") && !refuse_replicates (response, rows, n_lines, example, error))
    return NULL;
  if (n_repeated == 0)
    return g_steal_pointer (&rows);
  if (g_str_equal (policy->replicates, "mean"))
    done = "averaged";
  else if (g_str_equal (policy->replicates, "first"))
    done = "the first in the file taken";
  report_say (report, "response.replicates", "%u of %u lines have several rows (%u rows in all): %s", n_repeated,
              n_lines, rows->len, done);
  if (g_str_equal (policy->replicates, "mean"))
    return average (rows, place_of_line);
  return g_str_equal (policy->replicates, "first") ? take_first (rows) : g_steal_pointer (&rows);
}

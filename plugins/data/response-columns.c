/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The vocabularies of GDSC (Yang 2013; Iorio 2016) and CCLE (Barretina 2012). In GDSC, low LN_IC50 and a low AUC of the
 * dose response mean sensitive; in CCLE a high activity area does. */
#include "response-columns.h"

#include <math.h>
#include <qrx/qrx-number.h>
#include <qrx/qrx-suggest.h>
#include <string.h>

#define CCLE_MAXIMUM_DOSE 8.0 /* µM, of every compound */

const char *const response_drug_columns[] = { "DRUG_NAME", "drug", "Compound", NULL };
const char *const response_drug_id_columns[] = { "DRUG_ID", "drug_id", NULL };
const char *const response_dataset_columns[] = { "DATASET", "dataset", NULL };

/* In the order in which they are taken where nothing is asked for. */
static const ResponseMeasure measures[] = {
  { { "LN_IC50", "ln_ic50" }, "ln_ic50", "ln µM", QRX_ORIENTATION_LOW_IS_SENSITIVE, RESPONSE_SCALE_LN_MICROMOLAR },
  { { "ActArea", "act_area" }, "act_area", "activity area", QRX_ORIENTATION_HIGH_IS_SENSITIVE, RESPONSE_SCALE_OTHER },
  { { "AUC", "auc" }, "auc", "fraction of full area", QRX_ORIENTATION_LOW_IS_SENSITIVE, RESPONSE_SCALE_OTHER },
  { { "IC50 (uM)", "ic50_uM" }, "ic50", "µM", QRX_ORIENTATION_LOW_IS_SENSITIVE, RESPONSE_SCALE_MICROMOLAR },
  { { "EC50 (uM)", "ec50_uM" }, "ec50", "µM", QRX_ORIENTATION_LOW_IS_SENSITIVE, RESPONSE_SCALE_OTHER },
  { { "Z_SCORE", "z_score" }, "z_score", "sd", QRX_ORIENTATION_LOW_IS_SENSITIVE, RESPONSE_SCALE_OTHER },
};

gssize
response_columns_find (QrxDelimited *file, const char *const *names)
{
  for (guint i = 0; names[i] != NULL; i++)
    {
      gssize column = qrx_delimited_find_column (file, names[i]);

      if (column >= 0)
        return column;
    }
  return -1;
}

static gboolean
measure_is (const ResponseMeasure *measure, const char *name)
{
  return strcmp (measure->target, name) == 0 || g_strv_contains (measure->names, name);
}

static gssize
find_first_measure (QrxDelimited *file, const ResponseMeasure **measure, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (measures); i++)
    {
      gssize column = response_columns_find (file, measures[i].names);

      if (column < 0)
        continue;
      *measure = &measures[i];
      return column;
    }
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
               "%s:1: found no column that is known as a response (LN_IC50, ActArea, AUC, IC50 (uM), …); name one as "
               "\"target\", with its \"orientation\" and \"unit\"", qrx_delimited_get_name (file));
  return -1;
}

gssize
response_columns_find_target (QrxDelimited *file, const char *asked, const ResponseMeasure **measure, GError **error)
{
  gssize column;

  *measure = NULL;
  if (asked == NULL)
    return find_first_measure (file, measure, error);
  column = qrx_delimited_find_column (file, asked);
  for (gsize i = 0; i < G_N_ELEMENTS (measures); i++)
    if (measure_is (&measures[i], asked) && (column >= 0 || response_columns_find (file, measures[i].names) >= 0))
      {
        *measure = &measures[i];
        return column >= 0 ? column : response_columns_find (file, measures[i].names);
      }
  return qrx_delimited_require_column (file, asked, error);
}

gboolean
response_columns_are_capped (QrxDelimited *file)
{
  return qrx_delimited_find_column (file, "MAX_CONC") < 0 && response_columns_find (file, measures[1].names) >= 0;
}

/* The greatest number of a list such as ".0025,.0080,.025". */
static double
get_greatest (const char *list)
{
  g_auto (GStrv) doses = g_strsplit (list, ",", -1);
  double greatest = NAN;

  for (guint i = 0; doses[i] != NULL; i++)
    {
      const char *text = g_strstrip (doses[i]);
      g_autofree char *number = text[0] == '.' ? g_strconcat ("0", text, NULL) : g_strdup (text);
      double value;

      if (qrx_number_parse (number, strlen (number), &value) && !(value <= greatest))
        greatest = value;
    }
  return greatest;
}

double
response_columns_get_maximum_dose (QrxDelimited *file, gsize row)
{
  gssize column = qrx_delimited_find_column (file, "MAX_CONC");
  g_autofree char *doses = NULL;
  double value = NAN;

  if (column >= 0)
    return qrx_delimited_get_number (file, row, (gsize) column, QRX_MISSING_NAN, &value, NULL) ? value : NAN;
  if (!response_columns_are_capped (file))
    return NAN;
  column = qrx_delimited_find_column (file, "Doses (uM)");
  if (column < 0)
    return CCLE_MAXIMUM_DOSE;
  doses = qrx_delimited_dup (file, row, (gsize) column);
  return get_greatest (doses);
}

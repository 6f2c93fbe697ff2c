/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Predictions as the text of a CSV file (RFC 4180, but with plain line feeds): what people and their own scripts look at. */
#include <qrx/qrx-delimited.h>
#include <qrx/qrx-number.h>
#include <qrx/qrx-predictions.h>

#include <math.h>

/* What a reader may want to group rows by. */
static const char *const annotations[] = { QRX_ANNOTATION_TISSUE, QRX_ANNOTATION_DRUG };

static void
append_text (GString *csv, const char *text)
{
  g_autofree char *quoted = qrx_delimited_quote (text, ',');

  g_string_append (csv, quoted);
  g_string_append_c (csv, ',');
}

/* Empty where there is no number. */
static void
append_number (GString *csv, double value, char behind)
{
  char buffer[QRX_NUMBER_BUFFER_SIZE];

  if (!isnan (value))
    g_string_append (csv, qrx_number_format (value, buffer));
  g_string_append_c (csv, behind);
}

static void
append_row (GString *csv, QrxPredictions *self, gsize row)
{
  QrxTable *table = qrx_predictions_get_table (self);
  QrxTensor *target = qrx_table_get_target_values (table, qrx_predictions_get_target (self));
  QrxTensor *lower = qrx_predictions_get_lower (self);

  append_text (csv, qrx_table_get_id (table, row));
  append_text (csv, qrx_role_get_name (qrx_table_get_role (table, row)));
  for (gsize i = 0; i < G_N_ELEMENTS (annotations); i++)
    if (qrx_table_has_annotation (table, annotations[i]))
      {
        const char *value = qrx_table_get_annotation (table, annotations[i], row);

        append_text (csv, value != NULL ? value : "");
      }
  append_number (csv, qrx_tensor_get (target, row), ',');
  append_number (csv, qrx_tensor_get (qrx_predictions_get_values (self), row), lower != NULL ? ',' : '\n');
  if (lower == NULL)
    return;
  append_number (csv, qrx_tensor_get (lower, row), ',');
  append_number (csv, qrx_tensor_get (qrx_predictions_get_upper (self), row), '\n');
}

/**
 * qrx_predictions_to_csv:
 * @self: predictions
 *
 * Writes predictions as CSV, one line a row in the order of the table, below a header: `id`, `role`, `tissue` and `drug`
 * where the table has these annotations, `target` in its unit, empty where it is missing, and `prediction`; where there are
 * intervals, their ends `lower` and `upper`. Numbers are the shortest that read back the same.
 *
 * Returns: (transfer full): the text, in UTF-8
 */
char *
qrx_predictions_to_csv (QrxPredictions *self)
{
  g_autoptr (GString) csv = g_string_new ("id,role,");
  QrxTable *table;

  g_return_val_if_fail (QRX_IS_PREDICTIONS (self), NULL);

  table = qrx_predictions_get_table (self);
  for (gsize i = 0; i < G_N_ELEMENTS (annotations); i++)
    if (qrx_table_has_annotation (table, annotations[i]))
      append_text (csv, annotations[i]);
  g_string_append (csv, qrx_predictions_get_lower (self) != NULL ? "target,prediction,lower,upper\n"
                                                                 : "target,prediction\n");
  for (gsize row = 0; row < qrx_table_get_n_rows (table); row++)
    append_row (csv, self, row);
  return g_string_free (g_steal_pointer (&csv), FALSE);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is accepted has the fields that the header promises; reading them one by one and in bulk says the same. */
#include "fuzz.h"

#include <math.h>
#include <qrx/qrx-delimited.h>
#include <string.h>

static void
compare_numbers (QrxDelimited *table, gsize column)
{
  gsize n_rows = qrx_delimited_get_n_rows (table);
  g_autoptr (QrxTensor) bulk = qrx_tensor_new_matrix (QRX_DTYPE_F64, n_rows, 1);
  g_autoptr (GError) error = NULL;
  gboolean all = qrx_delimited_read_numbers (table, &column, 1, QRX_MISSING_NAN, bulk, &error), each = TRUE;

  for (gsize i = 0; i < n_rows; i++)
    {
      double value;
      gboolean ok = qrx_delimited_get_number (table, i, column, QRX_MISSING_NAN, &value, NULL);

      each = each && ok;
      if (all)
        g_assert_true (ok && (value == qrx_tensor_get (bulk, i) || (isnan (value) && isnan (qrx_tensor_get (bulk, i)))));
    }
  g_assert_true (all == each);
  g_assert_true (all || g_utf8_validate (error->message, -1, NULL));
}

/* Writes the table out, reads it back, and finds the same texts. */
static void
compare_rewritten (QrxDelimited *table)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gsize n_columns = qrx_delimited_get_n_columns (table), n_rows = qrx_delimited_get_n_rows (table);
  g_autoptr (QrxDelimited) again = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i <= n_rows; i++)
    for (gsize j = 0; j < n_columns; j++)
      {
        g_autofree char *field
          = i == 0 ? g_strdup (qrx_delimited_get_column_name (table, j)) : qrx_delimited_dup (table, i - 1, j);
        g_autofree char *quoted = qrx_delimited_quote (field, ',');

        g_string_append_printf (text, "%s%s%s", j > 0 ? "," : "", quoted[0] == '\0' ? "\"\"" : quoted,
                                j + 1 == n_columns ? "\n" : "");
      }
  bytes = g_bytes_new (text->str, text->len);
  again = qrx_delimited_new (bytes, "again", QRX_DELIMITED_COMMA | QRX_DELIMITED_ALLOW_REPEATED_NAMES, &error);
  /* A mark in front of the first name is eaten the second time. */
  if (g_str_has_prefix (text->str, "\xef\xbb\xbf"))
    return;
  g_assert_no_error (error);
  g_assert_cmpuint (qrx_delimited_get_n_rows (again), ==, n_rows);
  for (gsize i = 0; i < n_rows; i++)
    for (gsize j = 0; j < n_columns; j++)
      {
        gsize one, two;
        const char *a = qrx_delimited_peek (table, i, j, &one), *b = qrx_delimited_peek (again, i, j, &two);

        g_assert_cmpmem (a, one, b, two);
      }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *copy = g_memdup2 (data, size);
  g_autoptr (GBytes) bytes = g_bytes_new_static (copy, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxDelimited) table = qrx_delimited_new (bytes, "input", QRX_DELIMITED_ALLOW_REPEATED_NAMES, &error);

  if (table == NULL)
    {
      g_assert_true (error->domain == QRX_DATA_ERROR && g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  for (gsize j = 0; j < MIN (qrx_delimited_get_n_columns (table), 100); j++)
    compare_numbers (table, j);
  compare_rewritten (table);
  return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Baselines are fitted on training rows alone: validation rows select nothing here, and test rows are for scoring. */
#include "known-rows.h"

#include <math.h>
#include <string.h>

static int
compare_ids (gconstpointer a, gconstpointer b, gpointer table)
{
  return strcmp (qrx_table_get_id (table, *(const guint *) a), qrx_table_get_id (table, *(const guint *) b));
}

QrxIndex *
known_rows_find (QrxTable *table, gsize target, GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (guint));
  QrxTensor *values = qrx_table_get_target_values (table, target);

  for (guint row = 0; row < qrx_table_get_n_rows (table); row++)
    if (qrx_table_get_role (table, row) == QRX_ROLE_TRAIN && !isnan (qrx_tensor_get (values, row)))
      g_array_append_val (rows, row);
  if (rows->len == 0)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY, "No training row has a known target \"%s\"",
                   qrx_table_get_target_name (table, target));
      return NULL;
    }
  g_array_sort_with_data (rows, compare_ids, table);
  return qrx_index_new ((const guint *) (gpointer) rows->data, rows->len);
}

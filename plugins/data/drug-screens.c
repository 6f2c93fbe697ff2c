/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Screens own what was read of their drug. */
#include "drug-screens.h"

void
drug_screen_free (gpointer data)
{
  DrugScreen *self = data;

  g_clear_pointer (&self->response, response_free);
  g_clear_pointer (&self->matching, line_matching_free);
  g_clear_pointer (&self->rows, g_array_unref);
  g_free (self);
}

gboolean
drug_screens_check (GPtrArray *screens, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < screens->len; i++)
    {
      const char *drug = ((DrugScreen *) screens->pdata[i])->response->drug;

      if (g_hash_table_add (seen, (gpointer) drug))
        continue;
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                   "\"drugs\" names \"%s\" twice, perhaps by a synonym or an id", drug);
      return FALSE;
    }
  return TRUE;
}

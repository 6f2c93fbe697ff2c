/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An annotation as categories: which of them the training rows have, and no others. */
#include <qrx/qrx-suggest.h>
#include <qrx/qrx-table.h>

#include <stdlib.h>
#include <string.h>

static int
compare_texts (const void *a, const void *b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * qrx_table_require_annotation:
 * @self: a table
 * @annotation: the name of an annotation, such as %QRX_ANNOTATION_DRUG
 * @error: return location for an error
 *
 * Checks that the rows have an annotation, for whoever cannot do without.
 *
 * Fails with %QRX_DATA_ERROR_COLUMN, naming those that the table has.
 *
 * Returns: whether they have
 */
gboolean
qrx_table_require_annotation (QrxTable *self, const char *annotation, GError **error)
{
  g_autofree char *known = NULL, *hint = NULL;

  g_return_val_if_fail (QRX_IS_TABLE (self) && annotation != NULL, FALSE);

  if (qrx_table_has_annotation (self, annotation))
    return TRUE;
  if (qrx_table_get_annotation_names (self)[0] == NULL)
    known = g_strdup ("; it has none at all");
  else
    hint = qrx_suggest_text (annotation, (const char **) qrx_table_get_annotation_names (self));
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN, "the table has no annotation \"%s\"%s", annotation,
               known != NULL ? known : hint);
  return FALSE;
}

/**
 * qrx_table_dup_categories:
 * @self: a split table
 * @annotation: the name of an annotation, such as %QRX_ANNOTATION_DRUG
 * @error: return location for an error
 *
 * Lists the values that an annotation has in training rows. What only other rows have is not among them: no fit can have learned
 * anything of it.
 *
 * Fails with %QRX_DATA_ERROR_COLUMN if there is no such annotation, and with %QRX_DATA_ERROR_EMPTY if it is unknown in all
 * training rows.
 *
 * Returns: (transfer full) (array zero-terminated=1): the values, each once, in the order of their bytes
 */
char **
qrx_table_dup_categories (QrxTable *self, const char *annotation, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char **names = NULL;
  guint n;

  g_return_val_if_fail (QRX_IS_TABLE (self) && annotation != NULL, NULL);

  if (!qrx_table_require_annotation (self, annotation, error))
    return NULL;
  for (gsize row = 0; row < qrx_table_get_n_rows (self); row++)
    {
      const char *value = qrx_table_get_annotation (self, annotation, row);

      if (qrx_table_get_role (self, row) == QRX_ROLE_TRAIN && value != NULL)
        g_hash_table_add (seen, (gpointer) value);
    }
  names = (char **) g_hash_table_get_keys_as_array (seen, &n);
  if (n == 0)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY, "the annotation \"%s\" is unknown in every training row",
                   annotation);
      return NULL;
    }
  qsort (names, n, sizeof *names, compare_texts);
  return g_strdupv (names);
}

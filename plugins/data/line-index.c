/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two tables of hashes: ids as they are, and names by their letters and digits ("NCI-H23" is "NCIH23"). Names that only
 * punctuation parts (TT of the thyroid, T-T of the oesophagus) are found as they are written, or not at all. */
#include "line-index.h"

#define AMBIGUOUS GSIZE_TO_POINTER (G_MAXSIZE)

struct _LineIndex {
  GHashTable *exact;  /* id → line + 1; ids belong to the LineIds */
  GHashTable *folded; /* own text → line + 1, or AMBIGUOUS */
};

char *
line_index_fold (const char *name)
{
  GString *folded = g_string_new (NULL);

  for (const char *p = name; *p != '\0'; p++)
    if (g_ascii_isalnum (*p) || (guchar) *p >= 0x80)
      g_string_append_c (folded, g_ascii_toupper (*p));
  return g_string_free (folded, FALSE);
}

static void
add_folded (LineIndex *self, const char *name, gsize line)
{
  g_autofree char *folded = line_index_fold (name);

  if (g_hash_table_contains (self->folded, folded))
    g_hash_table_insert (self->folded, g_steal_pointer (&folded), AMBIGUOUS);
  else
    g_hash_table_insert (self->folded, g_steal_pointer (&folded), GSIZE_TO_POINTER (line + 1));
}

LineIndex *
line_index_new (const LineIds *lines, LineKey key)
{
  LineIndex *self = g_new (LineIndex, 1);

  self->exact = g_hash_table_new (g_str_hash, g_str_equal);
  self->folded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (gsize i = 0; i < lines->n; i++)
    {
      const char *id = line_ids_get (lines, key, i);

      if (id == NULL || g_hash_table_contains (self->exact, id))
        continue;
      g_hash_table_insert (self->exact, (gpointer) id, GSIZE_TO_POINTER (i + 1));
      if (key == LINE_KEY_NAME)
        add_folded (self, id, i);
    }
  return self;
}

void
line_index_free (LineIndex *self)
{
  g_hash_table_unref (self->exact);
  g_hash_table_unref (self->folded);
  g_free (self);
}

gssize
line_index_find (const LineIndex *self, const char *id)
{
  return id != NULL ? (gssize) GPOINTER_TO_SIZE (g_hash_table_lookup (self->exact, id)) - 1 : -1;
}

gssize
line_index_find_folded (const LineIndex *self, const char *name)
{
  g_autofree char *folded = name != NULL ? line_index_fold (name) : NULL;
  gpointer line = folded != NULL && folded[0] != '\0' ? g_hash_table_lookup (self->folded, folded) : NULL;

  return line != AMBIGUOUS ? (gssize) GPOINTER_TO_SIZE (line) - 1 : -1;
}

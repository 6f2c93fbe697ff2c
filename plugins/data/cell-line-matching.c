/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Joins lines on one kind of id. Ids match exactly. Names match exactly, or by letters and digits where neither file
 * has two lines that are written alike. */
#include "cell-line-matching.h"

#include "line-index.h"

#include <string.h>

/* Names of the response by their letters and digits: "" where two names share them. */
static GHashTable *
fold_names (const LineIds *response)
{
  GHashTable *folded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize i = 0; i < response->n; i++)
    {
      const char *name = line_ids_get (response, LINE_KEY_NAME, i);
      g_autofree char *fold = name != NULL ? line_index_fold (name) : NULL;
      const char *other = fold != NULL ? g_hash_table_lookup (folded, fold) : NULL;

      if (fold != NULL && (other == NULL || strcmp (other, name) != 0))
        g_hash_table_insert (folded, g_steal_pointer (&fold), (gpointer) (other == NULL ? name : ""));
    }
  return folded;
}

static void
match_exactly (LineMatching *self, const LineIndex *index, const LineIds *response)
{
  for (gsize i = 0; i < response->n; i++)
    self->line_of[i] = line_index_find (index, line_ids_get (response, self->key, i));
}

static void
match_folded (LineMatching *self, const LineIndex *index, const LineIds *response)
{
  g_autoptr (GHashTable) folded = fold_names (response);

  for (gsize i = 0; i < response->n; i++)
    {
      const char *name = line_ids_get (response, LINE_KEY_NAME, i);
      g_autofree char *fold = NULL;
      const char *owner;

      if (self->line_of[i] >= 0 || name == NULL)
        continue;
      fold = line_index_fold (name);
      owner = g_hash_table_lookup (folded, fold);
      if (owner != NULL && owner[0] != '\0')
        self->line_of[i] = line_index_find_folded (index, name);
      else
        self->n_ambiguous++;
    }
}

static void
count (LineMatching *self, const LineIds *response)
{
  g_autoptr (GHashTable) lines = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) unknown = g_hash_table_new (g_str_hash, g_str_equal);
  gsize n_nameless = 0;

  for (gsize i = 0; i < response->n; i++)
    {
      const char *id = line_ids_get (response, self->key, i);

      if (self->line_of[i] >= 0)
        {
          self->n_matched++;
          g_hash_table_add (lines, GSIZE_TO_POINTER ((gsize) self->line_of[i]));
        }
      else if (id != NULL)
        g_hash_table_add (unknown, (gpointer) id);
      else
        n_nameless++;
    }
  self->n_lines = g_hash_table_size (lines);
  self->n_unknown = g_hash_table_size (unknown) + n_nameless;
}

static LineMatching *
match (const LineIds *expression, const LineIds *response, LineKey key)
{
  g_autoptr (LineIndex) index = line_index_new (expression, key);
  LineMatching *self = g_new0 (LineMatching, 1);

  self->key = key;
  self->n_rows = response->n;
  self->line_of = g_new (gssize, MAX (response->n, 1));
  match_exactly (self, index, response);
  if (key == LINE_KEY_NAME)
    match_folded (self, index, response);
  count (self, response);
  return self;
}

void
line_matching_free (LineMatching *self)
{
  g_free (self->line_of);
  g_free (self);
}

static char *
describe_keys (const LineIds *lines)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint k = 0; k < N_LINE_KEYS; k++)
    if (line_ids_has (lines, (LineKey) k))
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", line_key_get_name ((LineKey) k));
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : g_strdup ("none");
}

static const char *
first_id (const LineIds *lines, LineKey key)
{
  for (gsize i = 0; i < lines->n; i++)
    if (line_ids_get (lines, key, i) != NULL)
      return line_ids_get (lines, key, i);
  return "";
}

LineMatching *
line_matching_new (const LineIds *expression, const LineIds *response, int key, GError **error)
{
  g_autoptr (LineMatching) best = NULL;
  gboolean is_shared = FALSE;

  for (guint k = 0; k < N_LINE_KEYS; k++)
    {
      g_autoptr (LineMatching) matching = NULL;

      if ((key >= 0 && (guint) key != k) || !line_ids_has (expression, (LineKey) k) ||
          !line_ids_has (response, (LineKey) k))
        continue;
      is_shared = TRUE;
      matching = match (expression, response, (LineKey) k);
      if (best == NULL || matching->n_matched > best->n_matched)
        {
          g_clear_pointer (&best, line_matching_free);
          best = g_steal_pointer (&matching);
        }
    }
  if (!is_shared)
    {
      g_autofree char *left = describe_keys (expression);
      g_autofree char *right = describe_keys (response);

      g_set_error (
          error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
          "The two files share no kind of cell line id%s%s: the expression has %s, the response has %s; give DepMap's "
          "Model.csv as \"models\", which links the kinds",
          key >= 0 ? " that \"join\" asks for, " : "", key >= 0 ? line_key_get_name ((LineKey) key) : "", left, right);
      return NULL;
    }
  if (best->n_matched == 0)
    {
      g_set_error (
          error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY,
          "No cell line of the response has expression: by %s ids the expression has \"%s\" and %" G_GSIZE_FORMAT
          " others, the response \"%s\" and others",
          line_key_get_name (best->key), first_id (expression, best->key), expression->n - 1,
          first_id (response, best->key));
      return NULL;
    }
  return g_steal_pointer (&best);
}

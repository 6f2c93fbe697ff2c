/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the groups of a split: connected rows, where sharing a donor, a line or the value that the split goes by is a
 * connection. A group's id is the least line (or row) id in it, or the value that the split goes by, so that it depends
 * neither on the order of rows nor on whether donors are known. */
#include "split-groups.h"

#include <math.h>
#include <string.h>

typedef struct {
  const char *name;
  const char *annotation; /* that the split goes by, nullable */
  gboolean keeps_lines;   /* lines and donors stay together */
  const char *within;     /* nullable: only among the rows that share this */
  QrxUnseen unseen;
} Design;

static const Design designs[] = {
  [SPLIT_BY_SAMPLE] = { "sample", NULL, TRUE, NULL, QRX_UNSEEN_LINES },
  [SPLIT_BY_LINE] = { "line", QRX_ANNOTATION_LINE, TRUE, NULL, QRX_UNSEEN_LINES },
  [SPLIT_BY_TISSUE] = { "tissue", QRX_ANNOTATION_TISSUE, TRUE, NULL, QRX_UNSEEN_LINES },
  [SPLIT_BY_DRUG] = { "drug", QRX_ANNOTATION_DRUG, FALSE, NULL, QRX_UNSEEN_DRUGS },
  [SPLIT_BY_PAIR] = { "pair", NULL, TRUE, QRX_ANNOTATION_DRUG, QRX_UNSEEN_PAIRS },
};

SplitBy
split_by_from_name (const char *name)
{
  guint by = 0;

  while (by < G_N_ELEMENTS (designs) && !g_str_equal (designs[by].name, name))
    by++;
  g_return_val_if_fail (by < G_N_ELEMENTS (designs), SPLIT_BY_SAMPLE);
  return (SplitBy) by;
}

QrxUnseen
split_by_get_unseen (SplitBy by)
{
  return designs[by].unseen;
}

SplitBy
split_by_from_unseen (QrxUnseen unseen)
{
  return unseen == QRX_UNSEEN_DRUGS ? SPLIT_BY_DRUG : unseen == QRX_UNSEEN_PAIRS ? SPLIT_BY_PAIR : SPLIT_BY_SAMPLE;
}

static guint
find_root (guint *parent, guint row)
{
  while (parent[row] != row)
    {
      parent[row] = parent[parent[row]];
      row = parent[row];
    }
  return row;
}

static void
join (guint *parent, guint a, guint b)
{
  a = find_root (parent, a);
  b = find_root (parent, b);
  if (a != b)
    parent[MAX (a, b)] = MIN (a, b);
}

static const char *
get_text (QrxTable *table, const char *name, gsize row)
{
  const char *text = name != NULL ? qrx_table_get_annotation (table, name, row) : NULL;

  return text != NULL && text[0] != '\0' ? text : NULL;
}

/* Joins the rows that have one value of an annotation (and one of another, @within, unless that is NULL); a row without stays
 * alone. */
static void
join_annotation (QrxTable *table, const char *name, const char *within, guint *parent)
{
  g_autoptr (GHashTable) first = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n = (guint) qrx_table_get_n_rows (table);

  for (guint row = 0; row < n; row++)
    {
      const char *value = get_text (table, name, row), *other = get_text (table, within, row);
      g_autofree char *key = NULL;
      gpointer known;

      if (value == NULL || (within != NULL && other == NULL))
        continue;
      key = within != NULL ? g_strconcat (value, "\x1f", other, NULL) : g_strdup (value);
      if (g_hash_table_lookup_extended (first, key, NULL, &known))
        join (parent, row, GPOINTER_TO_UINT (known));
      else
        g_hash_table_insert (first, g_steal_pointer (&key), GUINT_TO_POINTER (row));
    }
}

/* What names a row's group: the value that the split goes by, or its line, or (of pairs) itself. */
static const char *
get_row_key (QrxTable *table, const Design *design, gsize row)
{
  const char *key = get_text (table, design->annotation, row);

  if (key == NULL && design->within == NULL)
    key = get_text (table, QRX_ANNOTATION_LINE, row);
  return key != NULL ? key : qrx_table_get_id (table, row);
}

/* The measured response of a row: the target asked for, else the first that the row has. */
static double
get_response (QrxTable *table, int target, gsize row)
{
  gsize n = qrx_table_get_n_targets (table);

  if (target >= 0)
    return qrx_tensor_get (qrx_table_get_target_values (table, (gsize) target), row);
  for (gsize i = 0; i < n; i++)
    {
      double value = qrx_tensor_get (qrx_table_get_target_values (table, i), row);

      if (isfinite (value))
        return value;
    }
  return NAN;
}

static int
compare_groups (gconstpointer a, gconstpointer b)
{
  return strcmp (((const SplitGroup *) a)->id, ((const SplitGroup *) b)->id);
}

static int
compare_rows (gconstpointer a, gconstpointer b, gpointer ids)
{
  const char *const *names = ids;

  return strcmp (names[*(const guint *) a], names[*(const guint *) b]);
}

/* The rows in order of their ids: sums taken in it do not depend on the order of the table. */
static guint *
sort_rows (QrxTable *table)
{
  guint n = (guint) qrx_table_get_n_rows (table);
  guint *order = g_new (guint, n);

  for (guint i = 0; i < n; i++)
    order[i] = i;
  g_qsort_with_data (order, (gint) n, sizeof *order, compare_rows, (gpointer) qrx_table_get_ids (table));
  return order;
}

/* Gives each component a group; group_of[root] is set first, then every row takes its root's. */
static void
collect (SplitGroups *self, QrxTable *table, const Design *design, int target, guint *parent)
{
  guint n = (guint) qrx_table_get_n_rows (table);
  gboolean has_targets = qrx_table_get_n_targets (table) > 0;
  g_autofree guint *order = sort_rows (table);

  for (guint i = 0; i < n; i++)
    if (find_root (parent, i) == i)
      {
        SplitGroup group = { .id = get_row_key (table, design, i) };

        self->group_of[i] = self->groups->len;
        g_array_append_val (self->groups, group);
      }
  for (guint i = 0; i < n; i++)
    {
      guint row = order[i];
      guint which = self->group_of[find_root (parent, row)];
      SplitGroup *group = &g_array_index (self->groups, SplitGroup, which);
      const char *key = get_row_key (table, design, row);
      double response = has_targets ? get_response (table, target, row) : NAN;

      self->group_of[row] = which;
      group->n_rows++;
      if (strcmp (key, group->id) < 0)
        group->id = key;
      if (isfinite (response) || !has_targets)
        group->n_measured++;
      if (isfinite (response))
        group->response += response;
    }
}

/* Sorts the groups by id and finishes their means. */
static void
finish (SplitGroups *self, guint n_rows, gboolean has_targets)
{
  g_autofree guint *rank = g_new (guint, self->groups->len);
  g_autoptr (GHashTable) by_id = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->groups->len; i++)
    {
      SplitGroup *group = &g_array_index (self->groups, SplitGroup, i);

      group->response = has_targets && group->n_measured > 0 ? group->response / group->n_measured : NAN;
      self->n_joined += group->n_rows > 1;
      g_hash_table_insert (by_id, (gpointer) group->id, GUINT_TO_POINTER (i));
    }
  g_array_sort (self->groups, compare_groups);
  for (guint i = 0; i < self->groups->len; i++)
    rank[GPOINTER_TO_UINT (g_hash_table_lookup (by_id, g_array_index (self->groups, SplitGroup, i).id))] = i;
  for (guint row = 0; row < n_rows; row++)
    self->group_of[row] = rank[self->group_of[row]];
}

static gboolean
check_annotation (QrxTable *table, const char *name, GError **error)
{
  if (!qrx_table_has_annotation (table, name))
    {
      g_autofree char *known = g_strjoinv (", ", (char **) qrx_table_get_annotation_names (table));

      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
                   "The split goes by %s, but the table has no annotation \"%s\" (it has: %s); name its column in the "
                   "loader, or split by sample",
                   name, name, known[0] != '\0' ? known : "none");
      return FALSE;
    }
  for (gsize row = 0; row < qrx_table_get_n_rows (table); row++)
    {
      const char *value = qrx_table_get_annotation (table, name, row);

      if (value == NULL || value[0] == '\0')
        {
          g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE, "The split goes by %s, but row \"%s\" has none",
                       name, qrx_table_get_id (table, row));
          return FALSE;
        }
    }
  return TRUE;
}

/* The values of `by` that donors or lines tie together, such as "Bowel + Skin". */
static char *
describe_merged (QrxTable *table, const char *by, SplitGroups *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint row = 0; row < qrx_table_get_n_rows (table); row++)
    {
      const char *value = qrx_table_get_annotation (table, by, row);
      const char *group = g_array_index (self->groups, SplitGroup, self->group_of[row]).id;

      if (g_hash_table_add (seen, (gpointer) value) && strcmp (value, group) != 0)
        g_string_append_printf (text, "%s%s with %s", text->len > 0 ? ", " : "", value, group);
    }
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

/* Finds the groups of @table's rows; @target: which target is the response, or −1 for the first that a row has. */
SplitGroups *
split_groups_new (QrxTable *table, SplitBy by, int target, GError **error)
{
  static const char *const kept[] = { QRX_ANNOTATION_DONOR, QRX_ANNOTATION_LINE };
  const Design *design = &designs[by];
  guint n = (guint) qrx_table_get_n_rows (table);
  g_autoptr (SplitGroups) self = NULL;
  g_autofree guint *parent = NULL;

  if ((design->annotation != NULL && !check_annotation (table, design->annotation, error)) ||
      (design->within != NULL &&
       (!check_annotation (table, QRX_ANNOTATION_LINE, error) || !check_annotation (table, design->within, error))))
    return NULL;
  self = g_new0 (SplitGroups, 1);
  self->groups = g_array_new (FALSE, FALSE, sizeof (SplitGroup));
  self->group_of = g_new (guint, n);
  parent = g_new (guint, n);
  for (guint i = 0; i < n; i++)
    parent[i] = i;
  if (design->annotation != NULL)
    join_annotation (table, design->annotation, NULL, parent);
  for (guint i = 0; i < G_N_ELEMENTS (kept) && design->keeps_lines; i++)
    if (qrx_table_has_annotation (table, kept[i]))
      join_annotation (table, kept[i], design->within, parent);
  collect (self, table, design, target, parent);
  finish (self, n, qrx_table_get_n_targets (table) > 0);
  if (design->annotation != NULL && by != SPLIT_BY_LINE)
    self->merged_name = describe_merged (table, design->annotation, self);
  return g_steal_pointer (&self);
}

void
split_groups_free (SplitGroups *self)
{
  g_array_unref (self->groups);
  g_free (self->group_of);
  g_free (self->merged_name);
  g_free (self);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text becomes columns of zeros and ones. Of categories that training lacked nothing can have been learned: such a row is zero
 * in all of them, or is refused by what has a part of its own for each category. */
#include "learning/qrx-annotation-private.h"

#include <string.h>

#define MAX_NAMES_IN_MESSAGE 6

QrxAnnotation *
qrx_annotation_new (const char *name, const char *const *categories, gboolean known)
{
  QrxAnnotation *self = g_new0 (QrxAnnotation, 1);

  g_atomic_ref_count_init (&self->references);
  self->name = g_strdup (name);
  self->categories = g_strdupv ((char **) categories);
  self->n = g_strv_length (self->categories);
  self->known = known;
  return self;
}

QrxAnnotation *
qrx_annotation_ref (QrxAnnotation *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
qrx_annotation_unref (QrxAnnotation *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_free (self->name);
  g_strfreev (self->categories);
  g_free (self);
}

gboolean
qrx_annotation_equal (const QrxAnnotation *self, const QrxAnnotation *other)
{
  return self->known == other->known && g_str_equal (self->name, other->name) &&
         g_strv_equal ((const char *const *) self->categories, (const char *const *) other->categories);
}

/* The rows of no category: how many, the first of them, and what they are instead, in the order of rows. */
typedef struct {
  guint n_rows;
  gsize first;
  guint n_values;
  GString *values;
} Unseen;

static Unseen
find_unseen (const QrxAnnotation *self, const int *codes, QrxTable *table)
{
  Unseen unseen = { .values = g_string_new (NULL) };
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (gsize row = 0; row < qrx_table_get_n_rows (table); row++)
    {
      const char *value = qrx_table_get_annotation (table, self->name, row);
      const char *shown = value != NULL ? value : "(unknown)";

      if (codes[row] >= 0)
        continue;
      if (unseen.n_rows++ == 0)
        unseen.first = row;
      if (g_hash_table_add (seen, (gpointer) shown) && unseen.n_values++ < MAX_NAMES_IN_MESSAGE)
        g_string_append_printf (unseen.values, "%s%s", unseen.values->len > 0 ? ", " : "", shown);
    }
  if (unseen.n_values > MAX_NAMES_IN_MESSAGE)
    g_string_append_printf (unseen.values, " and %u more", unseen.n_values - MAX_NAMES_IN_MESSAGE);
  return unseen;
}

static gboolean
is_left_out (const QrxAnnotation *self, QrxTable *table)
{
  return g_str_equal (self->name, QRX_ANNOTATION_DRUG) && qrx_table_get_unseen (table) == QRX_UNSEEN_DRUGS;
}

/* No part of a model was trained for such rows. */
static void
set_unseen_error (const QrxAnnotation *self, const int *codes, QrxTable *table, GError **error)
{
  Unseen unseen = find_unseen (self, codes, table);

  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
               "%u of %" G_GSIZE_FORMAT " rows, the first of them `%s`, have a %s that no training row has (%s), and nothing is "
               "learned for it%s",
               unseen.n_rows, qrx_table_get_n_rows (table), qrx_table_get_id (table, unseen.first), self->name,
               unseen.values->str,
               is_left_out (self, table) ? ": the split leaves drugs out, so let it go by line, sample or pair" : "");
  g_string_free (unseen.values, TRUE);
}

char *
qrx_annotation_describe_unseen (const QrxAnnotation *self, const int *codes, QrxTable *table, const char *consequence)
{
  Unseen unseen = find_unseen (self, codes, table);
  char *text = NULL;

  if (unseen.n_rows > 0)
    text = g_strdup_printf ("%u of %" G_GSIZE_FORMAT " rows have a %s that no training row has (%s): %s%s", unseen.n_rows,
                            qrx_table_get_n_rows (table), self->name, unseen.values->str, consequence,
                            is_left_out (self, table) ? "; the split leaves drugs out, so this tells nothing of the drugs that "
                                                        "are scored" : "");
  g_string_free (unseen.values, TRUE);
  return text;
}

int *
qrx_annotation_encode (const QrxAnnotation *self, QrxTable *table, GError **error)
{
  g_autoptr (GHashTable) places = g_hash_table_new (g_str_hash, g_str_equal);
  gsize n_rows = qrx_table_get_n_rows (table);
  g_autofree int *codes = NULL;
  gboolean complete = TRUE;

  if (!qrx_table_require_annotation (table, self->name, error))
    return NULL;
  for (guint i = 0; i < self->n; i++)
    g_hash_table_insert (places, self->categories[i], GINT_TO_POINTER (i + 1));
  codes = g_new (int, MAX (n_rows, 1));
  for (gsize row = 0; row < n_rows; row++)
    {
      const char *value = qrx_table_get_annotation (table, self->name, row);

      codes[row] = value != NULL ? GPOINTER_TO_INT (g_hash_table_lookup (places, value)) - 1 : -1;
      complete = complete && codes[row] >= 0;
    }
  if (complete || !self->known)
    return g_steal_pointer (&codes);
  set_unseen_error (self, codes, table, error);
  return NULL;
}

void
qrx_annotation_expand (const QrxAnnotation *self, const int *codes, const guint *rows, gsize n, gsize n_padded,
                       QrxTensor *out)
{
  qrx_tensor_fill (out, 0);
  for (gsize i = 0; i < n_padded; i++)
    {
      int code = codes[rows[MIN (i, n - 1)]];

      if (code >= 0)
        qrx_tensor_set (out, i * self->n + (gsize) code, 1);
    }
}

JsonNode *
qrx_annotation_to_json (const QrxAnnotation *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "name");
  json_builder_add_string_value (builder, self->name);
  json_builder_set_member_name (builder, "known");
  json_builder_add_boolean_value (builder, self->known);
  json_builder_set_member_name (builder, "categories");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->n; i++)
    json_builder_add_string_value (builder, self->categories[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static gboolean
holds (JsonNode *node, GType type)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

QrxAnnotation *
qrx_annotation_new_from_json (JsonNode *node)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonNode *name = object != NULL ? json_object_get_member (object, "name") : NULL;
  JsonNode *known = object != NULL ? json_object_get_member (object, "known") : NULL;
  JsonNode *categories = object != NULL ? json_object_get_member (object, "categories") : NULL;
  JsonArray *array = categories != NULL && JSON_NODE_HOLDS_ARRAY (categories) ? json_node_get_array (categories) : NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) texts = NULL;

  if (!holds (name, G_TYPE_STRING) || !holds (known, G_TYPE_BOOLEAN) || array == NULL || json_array_get_length (array) == 0)
    return NULL;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *item = json_array_get_element (array, i);

      if (!holds (item, G_TYPE_STRING) || !g_hash_table_add (seen, (gpointer) json_node_get_string (item)))
        return NULL;
      g_strv_builder_add (builder, json_node_get_string (item));
    }
  texts = g_strv_builder_end (builder);
  return qrx_annotation_new (json_node_get_string (name), (const char *const *) texts, json_node_get_boolean (known));
}

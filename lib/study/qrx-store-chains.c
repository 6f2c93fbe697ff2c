/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tells which evaluators of several arms score the same thing: a pipeline may hold its own baselines, which nothing that
 * the study varies reaches. Two are one model if the nodes that lead to them have the same properties and links in every
 * trial, but for what the design averages or tests over. */
#include "study/qrx-store-chains-private.h"

#include "graph/qrx-json-edit-private.h"

#include <string.h>

typedef struct {
  char *arm;
  char *evaluator;
  char *sign; /* NULL once its trials differ */
} Way;

struct _QrxStoreChains {
  GPtrArray *ways;      /* of Way, in the order of the arms */
  GHashTable *by_place; /* "<arm>\n<evaluator>" → Way */
  GHashTable *members;  /* "<evaluator>\n<sign>" → how many arms */
};

static void
way_free (gpointer data)
{
  Way *way = data;

  g_free (way->arm);
  g_free (way->evaluator);
  g_free (way->sign);
  g_free (way);
}

void
qrx_store_chains_free (QrxStoreChains *self)
{
  g_ptr_array_unref (self->ways);
  g_hash_table_unref (self->by_place);
  g_hash_table_unref (self->members);
  g_free (self);
}

/* Takes away what a path of the design sets. */
static void
drop_path (JsonObject *nodes, const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, ".", -1);
  guint n = g_strv_length (parts);
  JsonObject *object = nodes;

  for (guint i = 0; object != NULL && i + 1 < n; i++)
    object = qrx_json_object_peek_object (object, parts[i]);
  if (object != NULL && n > 1)
    json_object_remove_member (object, parts[n - 1]);
}

/* Drops what differs from trial to trial of one model; returns whether the pipeline's seed is among it. */
static gboolean
drop_design (JsonObject *nodes, JsonObject *design)
{
  static const char *const parts[] = { "task", "resample", "replicate" };
  gboolean by_seed = FALSE;

  for (gsize k = 0; k < G_N_ELEMENTS (parts); k++)
    {
      JsonArray *paths = json_object_has_member (design, parts[k]) ? json_object_get_array_member (design, parts[k]) : NULL;

      for (guint i = 0; paths != NULL && i < json_array_get_length (paths); i++)
        {
          const char *path = json_array_get_string_element (paths, i);

          by_seed = by_seed || g_str_equal (path, "seed");
          drop_path (nodes, path);
        }
    }
  return by_seed;
}

static void collect (JsonObject *nodes, const char *id, GHashTable *chain);

/* "id", "id.port", a list of them, or a map of inputs. */
static void
collect_from (JsonObject *nodes, JsonNode *from, GHashTable *chain)
{
  if (JSON_NODE_HOLDS_VALUE (from) && json_node_get_value_type (from) == G_TYPE_STRING)
    {
      const char *text = json_node_get_string (from);
      g_autofree char *id = g_strndup (text, strcspn (text, "."));

      collect (nodes, id, chain);
    }
  else if (JSON_NODE_HOLDS_ARRAY (from))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (from)); i++)
      collect_from (nodes, json_array_get_element (json_node_get_array (from), i), chain);
  else if (JSON_NODE_HOLDS_OBJECT (from))
    {
      JsonObjectIter iter;
      const char *port;
      JsonNode *value;

      json_object_iter_init_ordered (&iter, json_node_get_object (from));
      while (json_object_iter_next_ordered (&iter, &port, &value))
        collect_from (nodes, value, chain);
    }
}

static void
collect (JsonObject *nodes, const char *id, GHashTable *chain)
{
  JsonObject *node = qrx_json_object_peek_object (nodes, id);

  if (node != NULL && g_hash_table_add (chain, g_strdup (id)) && json_object_has_member (node, "from"))
    collect_from (nodes, json_object_get_member (node, "from"), chain);
}

/* All that makes an evaluator's scores, as a text. */
static char *
sign (JsonObject *root, const char *evaluator, gboolean by_seed)
{
  JsonObject *nodes = qrx_json_object_peek_object (root, "nodes");
  g_autoptr (GHashTable) chain = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GList) ids = NULL;

  if (!by_seed && json_object_has_member (root, "seed"))
    {
      g_autofree char *seed = qrx_json_to_compact_string (json_object_get_member (root, "seed"));

      g_string_append (text, seed);
    }
  collect (nodes, evaluator, chain);
  ids = g_list_sort (g_hash_table_get_keys (chain), (GCompareFunc) strcmp);
  for (GList *l = ids; l != NULL; l = l->next)
    {
      g_autofree char *node = qrx_json_to_compact_string (json_object_get_member (nodes, l->data));

      g_string_append_printf (text, "\n%s %s", (const char *) l->data, node);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
take (QrxStoreChains *self, const char *arm, const char *evaluator, char *text)
{
  g_autofree char *place = g_strjoin ("\n", arm, evaluator, NULL), *own = text;
  Way *way = g_hash_table_lookup (self->by_place, place);

  if (way != NULL && g_strcmp0 (way->sign, own) != 0)
    g_clear_pointer (&way->sign, g_free);
  if (way != NULL)
    return;
  way = g_new0 (Way, 1);
  way->arm = g_strdup (arm);
  way->evaluator = g_strdup (evaluator);
  way->sign = g_steal_pointer (&own);
  g_ptr_array_add (self->ways, way);
  g_hash_table_insert (self->by_place, g_steal_pointer (&place), way);
}

static void
take_trial (QrxStoreChains *self, const char *arm, JsonObject *evaluators, JsonObject *root, JsonObject *design)
{
  JsonObject *nodes = qrx_json_object_peek_object (root, "nodes");
  g_autoptr (GList) names = json_object_get_members (evaluators);
  gboolean by_seed;

  if (nodes == NULL)
    return;
  by_seed = drop_design (nodes, design);
  for (GList *l = names; l != NULL; l = l->next)
    take (self, arm, l->data, sign (root, l->data, by_seed));
}

static void
count_members (QrxStoreChains *self)
{
  for (guint i = 0; i < self->ways->len; i++)
    {
      const Way *way = self->ways->pdata[i];
      char *key = way->sign != NULL ? g_strjoin ("\n", way->evaluator, way->sign, NULL) : NULL;

      if (key != NULL)
        g_hash_table_insert (self->members, key,
                             GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (self->members, key)) + 1));
    }
}

static JsonNode *
parse (QrxStatement *row, int column)
{
  const char *text = qrx_statement_text (row, column);
  g_autoptr (JsonNode) node = qrx_json_scan (text, strlen (text), NULL, NULL, NULL);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? g_steal_pointer (&node) : NULL;
}

QrxStoreChains *
qrx_store_chains_read (QrxStore *store, JsonObject *design, GError **error)
{
  g_autoptr (QrxStoreChains) self = g_new0 (QrxStoreChains, 1);
  g_autoptr (QrxStatement) rows = NULL;
  int found = -1;

  self->ways = g_ptr_array_new_with_free_func (way_free);
  self->by_place = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->members = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  /* One trial for each configuration: within it the design alone varies. */
  rows = qrx_store_prepare (store, error,
                            "SELECT trial.arm, evaluators, resolved, min (trial.id) " QRX_STORE_COMPARED
                            " GROUP BY trial.arm, configuration ORDER BY arm.position, min (trial.id)",
                            "");
  while (rows != NULL && (found = qrx_store_step (store, rows, error)) > 0)
    {
      g_autoptr (JsonNode) evaluators = parse (rows, 1), root = parse (rows, 2);

      if (evaluators != NULL && root != NULL)
        take_trial (self, qrx_statement_text (rows, 0), json_node_get_object (evaluators), json_node_get_object (root),
                    design);
    }
  if (found != 0)
    return NULL;
  count_members (self);
  return g_steal_pointer (&self);
}

/* The first arm that has the same chain; NULL if it is this one's alone. */
static const Way *
find_first (QrxStoreChains *self, const Way *way)
{
  for (guint i = 0; i < self->ways->len; i++)
    {
      const Way *other = self->ways->pdata[i];

      if (g_str_equal (other->evaluator, way->evaluator) && g_strcmp0 (other->sign, way->sign) == 0)
        return other;
    }
  return way;
}

/* Whether several chains of one evaluator's name are shared, each by some of the arms. */
static gboolean
is_ambiguous (QrxStoreChains *self, const Way *way)
{
  for (guint i = 0; i < self->ways->len; i++)
    {
      const Way *other = self->ways->pdata[i];

      if (g_str_equal (other->evaluator, way->evaluator) && g_strcmp0 (other->sign, way->sign) != 0)
        return TRUE;
    }
  return FALSE;
}

char *
qrx_store_chains_name (QrxStoreChains *self, const char *arm, const char *evaluator, gboolean *shared)
{
  g_autofree char *place = g_strjoin ("\n", arm, evaluator, NULL), *key = NULL;
  const Way *way = g_hash_table_lookup (self->by_place, place);

  *shared = FALSE;
  if (way == NULL || way->sign == NULL)
    return g_strdup_printf ("%s: %s", arm, evaluator);
  key = g_strjoin ("\n", evaluator, way->sign, NULL);
  *shared = GPOINTER_TO_UINT (g_hash_table_lookup (self->members, key)) > 1;
  if (*shared && !is_ambiguous (self, way))
    return g_strdup (evaluator);
  return g_strdup_printf ("%s: %s", find_first (self, way)->arm, evaluator);
}

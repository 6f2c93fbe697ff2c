/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Deals the responses out anew: the null control of any pipeline. */
#include <qrx/qrx-node.h>
#include <qrx/qrx-random.h>
#include <qrx/qrx-table.h>
#include <stdlib.h>
#include <string.h>

#define QRX_TYPE_PERMUTE_TARGET (qrx_permute_target_get_type ())
G_DECLARE_FINAL_TYPE (QrxPermuteTarget, qrx_permute_target, QRX, PERMUTE_TARGET, QrxNode)

struct _QrxPermuteTarget {
  QrxNode parent_instance;
  char *within;
  gint64 seed;
};

G_DEFINE_FINAL_TYPE (QrxPermuteTarget, qrx_permute_target, QRX_TYPE_NODE)

/* A row in the order of its id, or of a number drawn for its id. */
typedef struct {
  guint row;
  const char *stratum;
  const char *id;
  guint64 key;
} Card;

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  const Card *x = a, *y = b;
  int order = strcmp (x->stratum, y->stratum);

  return order != 0 ? order : strcmp (x->id, y->id);
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  const Card *x = a, *y = b;
  int order = strcmp (x->stratum, y->stratum);

  if (order != 0)
    return order;
  return x->key != y->key ? (x->key < y->key ? -1 : 1) : strcmp (x->id, y->id);
}

static Card *
make_cards (QrxPermuteTarget *self, QrxTable *table)
{
  gsize n = qrx_table_get_n_rows (table);
  gboolean by_tissue = g_str_equal (self->within, "tissue");
  Card *cards = g_new (Card, n);

  for (gsize i = 0; i < n; i++)
    {
      const char *stratum = by_tissue ? qrx_table_get_annotation (table, "tissue", i) : NULL;
      QrxRandom random;

      cards[i] = (Card){ (guint) i, stratum != NULL ? stratum : "", qrx_table_get_id (table, i), 0 };
      qrx_random_init (&random, (guint64) self->seed, cards[i].id, "permute-target", 0);
      cards[i].key = qrx_random_next_u64 (&random);
    }
  return cards;
}

static gboolean
qrx_permute_target_run (QrxNode *node, QrxBundle *in, QrxBundle *out, QrxContext *context,
                        GCancellable *cancellable G_GNUC_UNUSED, GError **error)
{
  QrxPermuteTarget *self = QRX_PERMUTE_TARGET (node);
  QrxTable *table = QRX_TABLE (qrx_bundle_get (in, "in"));
  gsize n = qrx_table_get_n_rows (table);
  g_autofree Card *givers = NULL;
  g_autofree Card *takers = NULL;
  g_autofree guint *sources = g_new (guint, n);
  g_autofree char *note = NULL;
  g_autoptr (QrxIndex) index = NULL;
  g_autoptr (QrxTable) permuted = NULL;

  if (g_str_equal (self->within, "tissue") && !qrx_table_has_annotation (table, "tissue"))
    {
      g_set_error_literal (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
                           "\"within\" is \"tissue\", but the table has no annotation \"tissue\"");
      return FALSE;
    }
  givers = make_cards (self, table);
  takers = g_memdup2 (givers, n * sizeof *givers);
  qsort (givers, n, sizeof *givers, compare_ids);
  qsort (takers, n, sizeof *takers, compare_keys);
  for (gsize i = 0; i < n; i++)
    sources[takers[i].row] = givers[i].row;
  index = qrx_index_new (sources, n);
  permuted = qrx_table_with_targets_of (table, index);
  note = g_strdup_printf ("responses were permuted among %s, seed %" G_GINT64_FORMAT ": a null control",
                          g_str_equal (self->within, "tissue") ? "the rows of each tissue" : "all rows", self->seed);
  qrx_context_message (context, qrx_node_get_id (node), note);
  qrx_table_set_note (permuted, "permute-target", note);
  qrx_bundle_set (out, "out", QRX_VALUE (permuted));
  return TRUE;
}

static void
qrx_permute_target_class_init (QrxPermuteTargetClass *class)
{
  QrxNodeClass *klass = QRX_NODE_CLASS (class);

  klass->run = qrx_permute_target_run;
  qrx_node_class_set_name (klass, "permute-target");
  qrx_node_class_set_category (klass, "control");
  qrx_node_class_set_summary (klass, "Gives each row the response of another row, so that features tell nothing of it: "
                                     "what is then scored above chance is a leak or luck.");
  qrx_node_class_add_citation (klass, "Ojala & Garriga 2010, Permutation tests for studying classifier performance, "
                                      "J. Mach. Learn. Res. 11:1833");
  qrx_node_class_add_input (klass, "in", "table", "The rows as they are");
  qrx_node_class_add_output (klass, "out", "table", "The same rows with each other's targets; a missing one moves too");
  qrx_node_class_add_choice (klass, "within", G_STRUCT_OFFSET (QrxPermuteTarget, within), "all|tissue",
                             "Among which rows responses move: all, or those of one tissue, which leaves what the "
                             "tissue tells");
  qrx_node_class_add_integer (klass, "seed", G_STRUCT_OFFSET (QrxPermuteTarget, seed), 0, G_MAXINT64, 1, NULL,
                              "Seed of the permutation alone, which depends on it and the rows' ids; the seed of the "
                              "run does not touch it");
  qrx_node_class_set_example (klass, "{ \"properties\": { \"seed\": 3 },"
                                     "  \"input\": { \"table\": { \"ids\": [\"a\", \"b\", \"c\", \"d\"],"
                                     "                           \"target\": [1, 2, 3, 4] } },"
                                     "  \"expect\": { \"rows\": 4, \"target\": [4, 2, 1, 3] } }");
}

static void
qrx_permute_target_init (QrxPermuteTarget *self G_GNUC_UNUSED)
{
}

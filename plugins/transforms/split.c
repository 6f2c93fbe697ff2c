/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `split`: gives every row of a table a role. It has a seed of its own, so that the seed of a run varies initialization
 * within the same folds, and it never parts the replicates of a line or the lines of a donor. */
#include <math.h>
#include <qrx/qrx-node.h>
#include <qrx/qrx-table.h>

#include "split-deal.h"

#define QRX_TYPE_SPLIT (qrx_split_get_type ())
G_DECLARE_FINAL_TYPE (QrxSplit, qrx_split, QRX, SPLIT, QrxNode)

struct _QrxSplit {
  QrxNode parent_instance;
  char *by;
  double test;
  double validation;
  gint64 folds;
  gint64 fold;
  gint64 repeat;
  gboolean stratify;
  gint64 bins;
  char *target;
  gint64 seed;
};

G_DEFINE_FINAL_TYPE (QrxSplit, qrx_split, QRX_TYPE_NODE)

static gboolean
qrx_split_resolve (QrxNode *node, QrxShapeScope *scope G_GNUC_UNUSED, GError **error)
{
  QrxSplit *self = QRX_SPLIT (node);
  double test = self->folds > 0 ? 1.0 / (double) self->folds : self->test;

  if (self->folds == 1)
    g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                 "property \"folds\": found 1, expected 0 (one split by fractions) or at least 2");
  else if (self->fold >= MAX (self->folds, 1))
    g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                 "property \"fold\": found %" G_GINT64_FORMAT
                 ", expected a number below \"folds\", which is %" G_GINT64_FORMAT " (folds are counted from 0)",
                 self->fold, self->folds);
  else if (test + self->validation >= 1)
    g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                 "property \"%s\": found %g to test on%s and %g to validate on, which leaves nothing to train on; expected a sum "
                 "below 1",
                 self->folds > 0 ? "validation" : "test", test, self->folds > 0 ? " (one fold)" : "", self->validation);
  else
    return TRUE;
  return FALSE;
}

static gboolean
find_target (QrxSplit *self, QrxTable *table, int *target, GError **error)
{
  gsize found;

  *target = -1;
  if (self->stratify && qrx_table_get_n_targets (table) == 0)
    {
      g_set_error_literal (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
                           "\"stratify\" bins the response, but the table has no target");
      return FALSE;
    }
  if (self->target == NULL)
    return TRUE;
  if (!qrx_table_choose_target (table, self->target, &found, error))
    return FALSE;
  *target = (int) found;
  return TRUE;
}

/* Rows that are external stay so; the others take the role of their group. */
static GBytes *
make_roles (QrxTable *table, const SplitGroups *groups, const guint8 *group_roles, guint *counts)
{
  gsize n = qrx_table_get_n_rows (table);
  guint8 *roles = g_malloc (n);

  for (gsize i = 0; i < n; i++)
    {
      gboolean is_external = qrx_table_is_split (table) && qrx_table_get_role (table, i) == QRX_ROLE_EXTERNAL;

      roles[i] = is_external ? QRX_ROLE_EXTERNAL : group_roles[groups->group_of[i]];
      counts[roles[i]]++;
    }
  return g_bytes_new_take (roles, n);
}

static char *
describe_plan (QrxSplit *self)
{
  if (self->folds > 0)
    return g_strdup_printf ("by %s, fold %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT ", repeat %" G_GINT64_FORMAT
                            ", validation %g, seed %" G_GINT64_FORMAT "%s",
                            self->by, self->fold, self->folds, self->repeat, self->validation, self->seed,
                            self->stratify ? ", stratified" : "");
  return g_strdup_printf ("by %s, test %g, validation %g, repeat %" G_GINT64_FORMAT ", seed %" G_GINT64_FORMAT "%s",
                          self->by, self->test, self->validation, self->repeat, self->seed,
                          self->stratify ? ", stratified" : "");
}

static void
report (QrxSplit *self, QrxContext *context, QrxTable *split, const SplitGroups *groups, const guint *counts)
{
  const char *id = qrx_node_get_id (QRX_NODE (self));
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *plan = describe_plan (self);

  g_string_append_printf (text, "%" G_GSIZE_FORMAT " rows in %u groups", qrx_table_get_n_rows (split),
                          groups->groups->len);
  if (groups->n_joined > 0)
    g_string_append_printf (text, " (%u of several rows, kept together)", groups->n_joined);
  for (guint role = QRX_ROLE_TRAIN, first = TRUE; role < QRX_N_ROLES; role++)
    if (counts[role] > 0)
      {
        g_string_append_printf (text, "%s %u %s", first ? ":" : ",", counts[role], qrx_role_get_name ((QrxRole) role));
        first = FALSE;
      }
  qrx_context_message (context, id, text->str);
  qrx_table_set_note (split, "split.plan", plan);
  qrx_table_set_note (split, "split.rows", text->str);
  if (groups->merged_name != NULL)
    {
      g_autofree char *merged =
          g_strdup_printf ("dealt as one, for they share a donor or a line: %s", groups->merged_name);

      qrx_context_message (context, id, merged);
      qrx_table_set_note (split, "split.merged", merged);
    }
}

static gboolean
qrx_split_run (QrxNode *node, QrxBundle *in, QrxBundle *out, QrxContext *context,
               GCancellable *cancellable G_GNUC_UNUSED, GError **error)
{
  QrxSplit *self = QRX_SPLIT (node);
  QrxTable *table = QRX_TABLE (qrx_bundle_get (in, "in"));
  gboolean by_sample = g_str_equal (self->by, "sample");
  guint counts[QRX_N_ROLES] = { 0 };
  SplitPlan plan = { .seed = (guint64) self->seed, .repeat = (guint64) self->repeat, .n_folds = (guint) self->folds,
                     .fold = (guint) self->fold, .test = self->test, .validation = self->validation,
                     .n_bins = self->stratify ? (guint) self->bins : 1 };
  g_autoptr (SplitGroups) groups = NULL;
  g_autofree guint8 *group_roles = NULL;
  g_autoptr (GBytes) roles = NULL;
  g_autoptr (QrxTable) split = NULL;
  int target;

  if (!find_target (self, table, &target, error))
    return FALSE;
  groups = split_groups_new (table, by_sample ? NULL : self->by, target, error);
  if (groups == NULL)
    return FALSE;
  group_roles = split_deal (groups->groups, &plan, error);
  if (group_roles == NULL)
    return FALSE;
  roles = make_roles (table, groups, group_roles, counts);
  split = qrx_table_with_roles (table, roles, error);
  if (split == NULL)
    return FALSE;
  report (self, context, split, groups, counts);
  qrx_bundle_set (out, "out", QRX_VALUE (split));
  return TRUE;
}

static void
declare_properties (QrxNodeClass *klass)
{
  qrx_node_class_add_choice (klass, "by", G_STRUCT_OFFSET (QrxSplit, by), "sample|tissue",
                             "What is new in the test rows: samples (lines, donors), or whole tissues");
  qrx_node_class_add_double (klass, "test", G_STRUCT_OFFSET (QrxSplit, test), 0, 1, 0.2, "fraction of rows",
                             "How much is tested on, where there are no folds");
  qrx_node_class_add_double (klass, "validation", G_STRUCT_OFFSET (QrxSplit, validation), 0, 1, 0.1, "fraction of rows",
                             "How much of all rows selects, for instance the epoch to stop at");
  qrx_node_class_add_integer (klass, "folds", G_STRUCT_OFFSET (QrxSplit, folds), 0, 100000, 0, "folds",
                              "Number of folds of a cross-validation; 0 is one split by fractions");
  qrx_node_class_add_integer (klass, "fold", G_STRUCT_OFFSET (QrxSplit, fold), 0, 99999, 0, NULL,
                              "Which fold is tested on, counted from 0");
  qrx_node_class_add_integer (klass, "repeat", G_STRUCT_OFFSET (QrxSplit, repeat), 0, G_MAXINT32, 0, NULL,
                              "Which repetition; each deals the groups anew");
  qrx_node_class_add_boolean (klass, "stratify", G_STRUCT_OFFSET (QrxSplit, stratify), FALSE,
                              "Whether every side gets its share of every bin of the response");
  qrx_node_class_add_integer (klass, "bins", G_STRUCT_OFFSET (QrxSplit, bins), 2, 1000, 5, "bins",
                              "Bins of equal size for stratification; equal responses share a bin");
  qrx_node_class_add_string (
      klass, "target", G_STRUCT_OFFSET (QrxSplit, target), NULL,
      "The target whose measured rows are counted and binned; without it, the first that a row has");
  qrx_node_class_add_integer (klass, "seed", G_STRUCT_OFFSET (QrxSplit, seed), 0, G_MAXINT64, 1, NULL,
                              "Seed of the split alone; the seed of the run does not touch it");
  qrx_node_class_add_exclusion (klass, "test", "folds, fold");
}

static void
qrx_split_class_init (QrxSplitClass *class)
{
  QrxNodeClass *klass = QRX_NODE_CLASS (class);

  klass->resolve = qrx_split_resolve;
  klass->run = qrx_split_run;
  qrx_node_class_set_name (klass, "split");
  qrx_node_class_set_category (klass, "transform");
  qrx_node_class_set_summary (
      klass, "Gives every row a role: train, validation or test, by fractions or folds; replicates of a "
             "line and lines of a donor stay on one side.");
  qrx_node_class_add_citation (
      klass, "Bouckaert & Frank 2004, Evaluating the replicability of significance tests for comparing "
             "learning algorithms (repeated k-fold), doi:10.1007/978-3-540-24775-3_3");
  qrx_node_class_add_input (klass, "in", "table", "The rows to part");
  qrx_node_class_add_output (klass, "out", "table:split", "The same rows, each with a role");
  declare_properties (klass);
  qrx_node_class_set_example (
      klass, "{ \"properties\": { \"test\": 0.25, \"validation\": 0.25 },"
             "  \"input\": { \"table\": { \"ids\": [\"a\", \"b\", \"c\", \"d\"] } },"
             "  \"expect\": { \"rows\": 4, \"roles\": { \"train\": 2, \"validation\": 1, \"test\": 1 } } }");
}

static void
qrx_split_init (QrxSplit *self G_GNUC_UNUSED)
{
}

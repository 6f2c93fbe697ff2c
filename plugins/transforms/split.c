/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `split`: gives every row of a table a role. It has a seed of its own, so that the seed of a run varies initialization
 * within the same folds, and it never parts the replicates of a line or the lines of a donor. */
#include <math.h>
#include <qrx/qrx-node.h>
#include <qrx/qrx-table.h>
#include <string.h>

#include "split-thin.h"

#define QRX_TYPE_SPLIT (qrx_split_get_type ())
G_DECLARE_FINAL_TYPE (QrxSplit, qrx_split, QRX, SPLIT, QrxNode)

struct _QrxSplit {
  QrxNode parent_instance;
  char *by;
  double test;
  double validation;
  double calibration;
  gint64 folds;
  gint64 fold;
  gint64 inner_folds;
  gint64 inner_fold;
  double train_fraction;
  gint64 repeat;
  gboolean stratify;
  gint64 bins;
  char *target;
  gint64 seed;
};

G_DEFINE_FINAL_TYPE (QrxSplit, qrx_split, QRX_TYPE_NODE)

/* Folds are none or at least two, and one of them is asked for by its number. */
static gboolean
check_folds (const char *name, gint64 folds, gint64 fold, GError **error)
{
  g_autofree char *one = g_strndup (name, strlen (name) - 1);

  if (folds == 1)
    g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                 "property \"%s\": found 1, expected 0 (none) or at least 2", name);
  else if (fold >= MAX (folds, 1))
    g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                 "property \"%s\": found %" G_GINT64_FORMAT
                 ", expected a number below \"%s\", which is %" G_GINT64_FORMAT " (folds are counted from 0)",
                 one, fold, name, folds);
  else
    return TRUE;
  return FALSE;
}

/* How much validates: the property, unless inner folds do. */
static double
get_validation (QrxSplit *self)
{
  return self->inner_folds > 0 ? 0 : self->validation;
}

static gboolean
qrx_split_resolve (QrxNode *node, QrxShapeScope *scope G_GNUC_UNUSED, GError **error)
{
  QrxSplit *self = QRX_SPLIT (node);
  double test = self->folds > 0 ? 1.0 / (double) self->folds : self->test, validation = get_validation (self);

  if (!check_folds ("folds", self->folds, self->fold, error) ||
      !check_folds ("inner-folds", self->inner_folds, self->inner_fold, error))
    return FALSE;
  if (test + validation + self->calibration < 1)
    return TRUE;
  if (self->calibration > 0)
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                   "property \"calibration\": found %g, with %g to test and %g to validate on, which leaves nothing to "
                   "train on; expected a sum below 1",
                   self->calibration, test, validation);
      return FALSE;
    }
  g_set_error (
      error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
      "property \"%s\": found %g to test on%s and %g to validate on, which leaves nothing to train on; expected a sum "
      "below 1",
      self->folds > 0 ? "validation" : "test", test, self->folds > 0 ? " (one fold)" : "", validation);
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
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "by %s, ", self->by);
  if (self->folds > 0)
    g_string_append_printf (text, "fold %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT ", ", self->fold, self->folds);
  else
    g_string_append_printf (text, "test %g, ", self->test);
  if (self->inner_folds > 0)
    g_string_append_printf (text, "validation on inner fold %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT ", ",
                            self->inner_fold, self->inner_folds);
  else
    g_string_append_printf (text, "validation %g, ", self->validation);
  if (self->calibration > 0)
    g_string_append_printf (text, "calibration %g, ", self->calibration);
  g_string_append_printf (text, "repeat %" G_GINT64_FORMAT ", seed %" G_GINT64_FORMAT "%s", self->repeat, self->seed,
                          self->stratify ? ", stratified" : "");
  if (self->train_fraction < 1)
    g_string_append_printf (text, ", %g of the training rows", self->train_fraction);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
report (QrxSplit *self, QrxContext *context, QrxTable *split, const SplitGroups *groups, const guint *counts)
{
  const char *id = qrx_node_get_id (QRX_NODE (self));
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *plan = describe_plan (self);
  guint n_rows = 0;

  for (guint i = 0; i < groups->groups->len; i++)
    n_rows += g_array_index (groups->groups, SplitGroup, i).n_rows;
  g_string_append_printf (text, "%u rows in %u groups", n_rows, groups->groups->len);
  if (groups->n_joined > 0)
    g_string_append_printf (text, " (%u of several rows, kept together)", groups->n_joined);
  for (guint role = QRX_ROLE_TRAIN, first = TRUE; role < QRX_N_ROLES; role++)
    if (counts[role] > 0)
      {
        g_string_append_printf (text, "%s %u %s", first ? ":" : ",", counts[role], qrx_role_get_name ((QrxRole) role));
        first = FALSE;
      }
  if (n_rows > qrx_table_get_n_rows (split))
    g_string_append_printf (text, ", %u left out of training", n_rows - (guint) qrx_table_get_n_rows (split));
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

/* Without the rows of groups that do not stay. */
static QrxTable *
thin (QrxSplit *self, QrxTable *split, const SplitGroups *groups, const guint8 *group_roles, const SplitPlan *plan,
      guint *counts)
{
  g_autofree guint8 *stays = split_thin (groups->groups, group_roles, plan, self->train_fraction);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (QrxIndex) index = NULL;

  for (guint row = 0; row < qrx_table_get_n_rows (split); row++)
    if (qrx_table_get_role (split, row) != QRX_ROLE_TRAIN || stays[groups->group_of[row]])
      g_array_append_val (rows, row);
    else
      counts[QRX_ROLE_TRAIN]--;
  index = qrx_index_new ((const guint *) (gpointer) rows->data, rows->len);
  return qrx_table_select_rows (split, index);
}

static SplitPlan
make_plan (QrxSplit *self)
{
  return (SplitPlan){ .seed = (guint64) self->seed,
                      .repeat = (guint64) self->repeat,
                      .n_folds = (guint) self->folds,
                      .fold = (guint) self->fold,
                      .n_inner = (guint) self->inner_folds,
                      .inner = (guint) self->inner_fold,
                      .test = self->test,
                      .validation = get_validation (self),
                      .calibration = self->calibration,
                      .n_bins = self->stratify ? (guint) self->bins : 1 };
}

static gboolean
qrx_split_run (QrxNode *node, QrxBundle *in, QrxBundle *out, QrxContext *context,
               GCancellable *cancellable G_GNUC_UNUSED, GError **error)
{
  QrxSplit *self = QRX_SPLIT (node);
  QrxTable *table = QRX_TABLE (qrx_bundle_get (in, "in"));
  SplitBy by = split_by_from_name (self->by);
  const SplitPlan plan = make_plan (self);
  guint counts[QRX_N_ROLES] = { 0 };
  g_autoptr (SplitGroups) groups = NULL;
  g_autofree guint8 *group_roles = NULL;
  g_autoptr (GBytes) roles = NULL;
  g_autoptr (QrxTable) split = NULL;
  int target;

  if (!find_target (self, table, &target, error))
    return FALSE;
  groups = split_groups_new (table, by, target, error);
  if (groups == NULL)
    return FALSE;
  group_roles = split_deal (groups->groups, &plan, error);
  if (group_roles == NULL)
    return FALSE;
  roles = make_roles (table, groups, group_roles, counts);
  split = qrx_table_with_roles (table, roles, error);
  if (split == NULL)
    return FALSE;
  if (self->train_fraction < 1)
    {
      g_autoptr (QrxTable) whole = split;

      split = thin (self, whole, groups, group_roles, &plan, counts);
    }
  qrx_table_set_unseen (split, split_by_get_unseen (by));
  report (self, context, split, groups, counts);
  qrx_bundle_set (out, "out", QRX_VALUE (split));
  return TRUE;
}

static void
declare_properties (QrxNodeClass *klass)
{
  qrx_node_class_add_choice (
      klass, "by", G_STRUCT_OFFSET (QrxSplit, by), SPLIT_BY_NAMES,
      "What is new in the test rows: samples (lines, donors), lines whatever the drug, whole tissues, drugs, or "
      "pairs of line and drug");
  qrx_node_class_add_double (klass, "test", G_STRUCT_OFFSET (QrxSplit, test), 0, 1, 0.2, "fraction of rows",
                             "How much is tested on, where there are no folds");
  qrx_node_class_add_double (klass, "validation", G_STRUCT_OFFSET (QrxSplit, validation), 0, 1, 0.1, "fraction of rows",
                             "How much of all rows selects, for instance the epoch to stop at");
  qrx_node_class_add_double (klass, "calibration", G_STRUCT_OFFSET (QrxSplit, calibration), 0, 1, 0, "fraction of rows",
                             "How much of all rows fits and selects nothing, so that conformal-intervals learns from it how "
                             "far off predictions are; test and validation are the same with it and without");
  qrx_node_class_add_integer (klass, "folds", G_STRUCT_OFFSET (QrxSplit, folds), 0, 100000, 0, "folds",
                              "Number of folds of a cross-validation; 0 is one split by fractions");
  qrx_node_class_add_integer (klass, "fold", G_STRUCT_OFFSET (QrxSplit, fold), 0, 99999, 0, NULL,
                              "Which fold is tested on, counted from 0");
  qrx_node_class_add_integer (klass, "inner-folds", G_STRUCT_OFFSET (QrxSplit, inner_folds), 0, 100000, 0, "folds",
                              "Number of folds of what is not tested, for tuning apart from the test; 0 is none");
  qrx_node_class_add_integer (klass, "inner-fold", G_STRUCT_OFFSET (QrxSplit, inner_fold), 0, 99999, 0, NULL,
                              "Which inner fold validates, counted from 0");
  qrx_node_class_add_double (klass, "train-fraction", G_STRUCT_OFFSET (QrxSplit, train_fraction), 1e-6, 1, 1,
                             "fraction of training rows",
                             "How much of the training rows stays; a greater fraction holds all of a smaller one");
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
  qrx_node_class_add_exclusion (klass, "validation", "inner-folds, inner-fold");
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
      klass, "Gives every row a role: train, validation, calibration or test, by fractions or folds; replicates of a "
             "line and lines of a donor stay on one side, unless it goes by drugs or by pairs of line and drug.");
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

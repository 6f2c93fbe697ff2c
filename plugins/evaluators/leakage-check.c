/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `leakage-check`: what the rows to be scored share with those that fit and select. */
#include <math.h>
#include <qrx/qrx-metrics.h>
#include <qrx/qrx-node.h>

#include "profiles.h"

#define QRX_TYPE_LEAKAGE_CHECK (qrx_leakage_check_get_type ())
G_DECLARE_FINAL_TYPE (QrxLeakageCheck, qrx_leakage_check, QRX, LEAKAGE_CHECK, QrxNode)

struct _QrxLeakageCheck {
  QrxNode parent_instance;
  double correlation;
  gboolean refuse;
};

G_DEFINE_FINAL_TYPE (QrxLeakageCheck, qrx_leakage_check, QRX_TYPE_NODE)

#define MAX_EXAMPLES 3
#define TRAINS 1u
#define HELD 2u

/* One kind of thing that both sides may have. */
typedef struct {
  const char *name;
  gboolean by_design; /* what this split shares on purpose */
  guint n_shared;     /* things */
  guint n_rows;       /* rows to be scored that have one of them */
  GString *examples;
  guint n_examples;
} Finding;

static void
finding_clear (Finding *finding)
{
  g_string_free (finding->examples, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Finding, finding_clear)

static guint
side_of (QrxTable *table, gsize row)
{
  QrxRole role = qrx_table_get_role (table, row);

  return role == QRX_ROLE_TEST || role == QRX_ROLE_EXTERNAL ? HELD : TRAINS;
}

G_GNUC_PRINTF (2, 3)
static void
add_example (Finding *finding, const char *format, ...)
{
  va_list arguments;

  if (finding->n_examples++ >= MAX_EXAMPLES)
    return;
  if (finding->examples->len > 0)
    g_string_append (finding->examples, ", ");
  va_start (arguments, format);
  g_string_append_vprintf (finding->examples, format, arguments);
  va_end (arguments);
}

/* Values of an annotation (NULL: of pairs of line and drug) that both sides have. */
static void
share_annotation (QrxTable *table, const char *annotation, Finding *finding)
{
  g_autoptr (GHashTable) sides = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) told = g_hash_table_new (g_str_hash, g_str_equal);
  gsize n = qrx_table_get_n_rows (table);

  for (guint pass = 0; pass < 2; pass++)
    for (gsize row = 0; row < n; row++)
      {
        const char *value =
            qrx_table_get_annotation (table, annotation != NULL ? annotation : QRX_ANNOTATION_LINE, row);
        const char *drug = annotation == NULL ? qrx_table_get_annotation (table, QRX_ANNOTATION_DRUG, row) : "";
        g_autofree char *key = NULL;
        gpointer known_key = NULL, known = NULL;

        if (value == NULL || value[0] == '\0' || drug == NULL)
          continue;
        key = annotation != NULL ? g_strdup (value) : g_strconcat (value, " × ", drug, NULL);
        g_hash_table_lookup_extended (sides, key, &known_key, &known);
        if (pass == 0)
          g_hash_table_insert (sides, g_steal_pointer (&key),
                               GUINT_TO_POINTER (GPOINTER_TO_UINT (known) | side_of (table, row)));
        else if (GPOINTER_TO_UINT (known) == (TRAINS | HELD))
          {
            finding->n_rows += side_of (table, row) == HELD;
            if (g_hash_table_add (told, known_key))
              {
                finding->n_shared++;
                add_example (finding, "%s", (char *) known_key);
              }
          }
      }
}

/* Rows of one line have one profile: where lines are kept apart, the same profile under two names is a line met twice. */
static void
share_profiles (QrxTable *table, GArray *profiles, Finding *finding)
{
  for (guint i = 0; i < profiles->len; i++)
    {
      const Profile *profile = &g_array_index (profiles, Profile, i);

      if (profile->trains == 0 || profile->held == 0)
        continue;
      finding->n_shared++;
      finding->n_rows += profile->held;
      add_example (finding, "%s", qrx_table_get_id (table, profile->first_held));
    }
}

/* Profiles of one side whose like is on the other. */
static void
share_likenesses (QrxTable *table, GArray *profiles, QrxTensor *correlations, double least, Finding *finding)
{
  guint n = profiles->len;

  for (guint i = 0; i < n; i++)
    {
      const Profile *held = &g_array_index (profiles, Profile, i);
      guint best = n;

      for (guint k = 0; k < n && held->held > 0; k++)
        if (k != i && g_array_index (profiles, Profile, k).trains > 0 &&
            qrx_tensor_get (correlations, (gsize) i * n + k) >= least &&
            (best == n ||
             qrx_tensor_get (correlations, (gsize) i * n + k) > qrx_tensor_get (correlations, (gsize) i * n + best)))
          best = k;
      if (best == n)
        continue;
      finding->n_shared++;
      finding->n_rows += held->held;
      add_example (finding, "%s and %s (r = %.3f)", qrx_table_get_id (table, held->first_held),
                   qrx_table_get_id (table, g_array_index (profiles, Profile, best).row),
                   qrx_tensor_get (correlations, (gsize) i * n + best));
    }
}

static gboolean
conclude (QrxLeakageCheck *self, Finding *finding, QrxMetrics *metrics, QrxContext *context, GError **error)
{
  g_autofree char *text =
      g_strdup_printf ("%s: %u shared between training and test%s, which %u rows of the test have%s%s", finding->name,
                       finding->n_shared, finding->by_design ? ", by design of the split" : "", finding->n_rows,
                       finding->examples->len > 0 ? "; such as " : "", finding->examples->str);

  qrx_metrics_set_count (metrics, finding->name, "shared", finding->n_shared);
  qrx_metrics_set_count (metrics, finding->name, "test_rows", finding->n_rows);
  qrx_metrics_set_count (metrics, finding->name, "by_design", finding->by_design);
  qrx_metrics_set_text (metrics, finding->name, "examples", finding->examples->str);
  if (finding->n_shared > 0)
    qrx_context_message (context, qrx_node_get_id (QRX_NODE (self)), text);
  if (!self->refuse || finding->by_design || finding->n_shared == 0)
    return TRUE;
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_LEAKAGE, "%s; part them by \"by\" of `split`, or leave them out",
               text);
  return FALSE;
}

static gboolean
check_annotations (QrxLeakageCheck *self, QrxTable *table, QrxMetrics *metrics, QrxContext *context, GError **error)
{
  QrxUnseen unseen = qrx_table_get_unseen (table);
  const struct {
    const char *name, *annotation;
    gboolean by_design;
  } kinds[] = {
    { "lines", QRX_ANNOTATION_LINE, unseen != QRX_UNSEEN_LINES },
    { "donors", QRX_ANNOTATION_DONOR, unseen != QRX_UNSEEN_LINES },
    { "drugs", QRX_ANNOTATION_DRUG, unseen != QRX_UNSEEN_DRUGS },
    { "pairs", NULL, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_auto (Finding)
          finding = { .name = kinds[i].name, .by_design = kinds[i].by_design, .examples = g_string_new (NULL) };
      gboolean is_known = kinds[i].annotation != NULL ? qrx_table_has_annotation (table, kinds[i].annotation)
                                                      : qrx_table_has_annotation (table, QRX_ANNOTATION_LINE) &&
                                                            qrx_table_has_annotation (table, QRX_ANNOTATION_DRUG);

      if (!is_known)
        continue;
      share_annotation (table, kinds[i].annotation, &finding);
      if (!conclude (self, &finding, metrics, context, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_profiles (QrxLeakageCheck *self, QrxTable *table, QrxMetrics *metrics, QrxContext *context, GError **error)
{
  gboolean by_design = qrx_table_get_unseen (table) != QRX_UNSEEN_LINES;
  g_auto (Finding) same = { .name = "profiles", .by_design = by_design, .examples = g_string_new (NULL) };
  g_auto (Finding) alike = { .name = "alike-profiles", .by_design = by_design, .examples = g_string_new (NULL) };
  g_autoptr (GArray) profiles = NULL;
  g_autoptr (QrxTensor) correlations = NULL;

  if (qrx_table_get_n_features (table) == 0)
    return TRUE;
  profiles = profiles_find (table, error);
  if (profiles == NULL)
    return FALSE;
  share_profiles (table, profiles, &same);
  correlations = profiles_correlate (table, profiles, qrx_context_get_pool (context), error);
  if (correlations == NULL)
    return FALSE;
  share_likenesses (table, profiles, correlations, self->correlation, &alike);
  return conclude (self, &same, metrics, context, error) && conclude (self, &alike, metrics, context, error);
}

static gboolean
qrx_leakage_check_run (QrxNode *node, QrxBundle *in, QrxBundle *out, QrxContext *context,
                       GCancellable *cancellable G_GNUC_UNUSED, GError **error)
{
  QrxLeakageCheck *self = QRX_LEAKAGE_CHECK (node);
  QrxTable *table = QRX_TABLE (qrx_bundle_get (in, "in"));
  g_autoptr (QrxMetrics) metrics = qrx_metrics_new ();

  qrx_metrics_set_producer (metrics, qrx_node_get_id (node));
  if (!check_annotations (self, table, metrics, context, error) ||
      !check_profiles (self, table, metrics, context, error))
    return FALSE;
  qrx_bundle_set (out, "out", QRX_VALUE (metrics));
  return TRUE;
}

static void
qrx_leakage_check_class_init (QrxLeakageCheckClass *class)
{
  QrxNodeClass *klass = QRX_NODE_CLASS (class);

  klass->run = qrx_leakage_check_run;
  qrx_node_class_set_name (klass, "leakage-check");
  qrx_node_class_set_category (klass, "evaluator");
  qrx_node_class_set_summary (
      klass,
      "Counts what test and external rows share with training and validation rows: lines, donors, drugs, pairs of line "
      "and "
      "drug, and profiles of features that are the same or much alike; says which of it the split shares by design.");
  qrx_node_class_add_citation (
      klass, "DrEval, Nature Communications 17:4238, 2026 (data leakage in drug response prediction)");
  qrx_node_class_add_input (klass, "in", "table:split", "the rows");
  qrx_node_class_add_output (klass, "out", "metrics",
                             "for each kind: shared, the test rows concerned, whether by design, examples");
  qrx_node_class_add_double (
      klass, "correlation", G_STRUCT_OFFSET (QrxLeakageCheck, correlation), 0, 1, 0.95, NULL,
      "the least Pearson correlation of profiles that are much alike, each feature centred over all profiles");
  qrx_node_class_add_boolean (klass, "refuse", G_STRUCT_OFFSET (QrxLeakageCheck, refuse), FALSE,
                              "whether it is an error to share what the split does not share by design");
  qrx_node_class_set_example (
      klass,
      "{\"input\": {\"table\": {\"ids\": [\"a\", \"b\", \"c\", \"d\"], \"roles\": [\"train\", \"train\", \"test\", "
      "\"test\"],"
      "   \"annotations\": {\"line\": [\"l1\", \"l2\", \"l2\", \"l3\"]},"
      "   \"features\": {\"x\": [0, 1, 1, 5], \"y\": [2, 0, 0, -7]}, \"target\": [0, 1, 2, 3]}},"
      " \"expect\": {\"metrics\": {\"lines\": {\"shared\": 1, \"test_rows\": 1}, \"profiles\": {\"shared\": 1}}}}");
}

static void
qrx_leakage_check_init (QrxLeakageCheck *self G_GNUC_UNUSED)
{
}

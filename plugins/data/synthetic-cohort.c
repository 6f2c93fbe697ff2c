/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `synthetic-cohort`: a cohort that needs no files, with a response whose best possible scores are known. */
#include <math.h>
#include <qrx/qrx-dense-block.h>
#include <qrx/qrx-memory.h>
#include <qrx/qrx-node.h>
#include <qrx/qrx-statistics.h>
#include <qrx/qrx-table.h>

#include "report.h"
#include "synthetic-model.h"

#define QRX_TYPE_SYNTHETIC_COHORT (qrx_synthetic_cohort_get_type ())
G_DECLARE_FINAL_TYPE (QrxSyntheticCohort, qrx_synthetic_cohort, QRX, SYNTHETIC_COHORT, QrxNode)

struct _QrxSyntheticCohort {
  QrxNode parent_instance;
  gint64 lines;
  gint64 first;
  gint64 genes;
  gint64 tissues;
  gint64 factors;
  double tissue_effect;
  double coherence;
  double signal;
  double nonlinearity;
  double noise;
  gint64 seed;
};

G_DEFINE_FINAL_TYPE (QrxSyntheticCohort, qrx_synthetic_cohort, QRX_TYPE_NODE)

typedef struct {
  gsize n;
  GPtrArray *ids; /* ends with NULL */
  GPtrArray *tissues;
  QrxTensor *expression;
  QrxTensor *measured;
  double *truth;
} Cohort;

static void
cohort_free (Cohort *cohort)
{
  g_ptr_array_unref (cohort->ids);
  g_ptr_array_unref (cohort->tissues);
  g_clear_object (&cohort->expression);
  g_clear_object (&cohort->measured);
  g_free (cohort->truth);
  g_free (cohort);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Cohort, cohort_free)

static char *
name_tissue (guint tissue)
{
  static const char *const names[] = { "Lung", "Bowel", "Skin", "Breast", "Ovary", "Pancreas",
                                       "Brain", "Kidney", "Stomach", "Liver", "Bone", "Bladder" };

  if (tissue < G_N_ELEMENTS (names))
    return g_strdup (names[tissue]);
  return g_strdup_printf ("Tissue %u", tissue + 1);
}

static Cohort *
draw_cohort (QrxSyntheticCohort *self)
{
  SyntheticSettings settings = { .n_genes = (guint) self->genes,
                                 .n_tissues = (guint) self->tissues,
                                 .n_factors = (guint) self->factors,
                                 .tissue_effect = self->tissue_effect,
                                 .coherence = self->coherence,
                                 .signal = self->signal,
                                 .nonlinearity = self->nonlinearity,
                                 .noise = self->noise,
                                 .seed = (guint64) self->seed };
  g_autoptr (SyntheticModel) model = synthetic_model_new (&settings);
  Cohort *cohort = g_new0 (Cohort, 1);
  gsize n = (gsize) self->lines;
  double *expression, *measured;

  cohort->n = n;
  cohort->ids = g_ptr_array_new_with_free_func (g_free);
  cohort->tissues = g_ptr_array_new_with_free_func (g_free);
  cohort->expression = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, (gsize) self->genes);
  cohort->measured = qrx_tensor_new (QRX_DTYPE_F64, &n, 1);
  cohort->truth = g_new (double, n);
  expression = qrx_tensor_peek_f64 (cohort->expression);
  measured = qrx_tensor_peek_f64 (cohort->measured);
  for (gsize i = 0; i < n; i++)
    {
      guint64 line = (guint64) self->first + i;
      guint tissue;

      synthetic_model_draw (model, line, expression + i * (gsize) self->genes, &tissue, &cohort->truth[i],
                            &measured[i]);
      g_ptr_array_add (cohort->ids, g_strdup_printf ("L%04" G_GUINT64_FORMAT, line + 1));
      g_ptr_array_add (cohort->tissues, name_tissue (tissue));
    }
  g_ptr_array_add (cohort->ids, NULL);
  g_ptr_array_add (cohort->tissues, NULL);
  return cohort;
}

static QrxTable *
make_table (QrxSyntheticCohort *self, const Cohort *cohort, GError **error)
{
  const char *const *ids = (const char *const *) cohort->ids->pdata;
  g_autoptr (GPtrArray) genes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (QrxBlock) block = NULL;
  g_autoptr (QrxTable) table = NULL;

  for (gint64 j = 0; j < self->genes; j++)
    g_ptr_array_add (genes, g_strdup_printf ("GENE%03" G_GINT64_FORMAT, j + 1));
  g_ptr_array_add (genes, NULL);
  block = qrx_dense_block_new ("expression", (const char *const *) genes->pdata, cohort->expression, error);
  if (block == NULL)
    return NULL;
  table = qrx_table_new (ids, error);
  if (table == NULL || !qrx_table_add_block (table, block, NULL, error) ||
      !qrx_table_add_annotation (table, QRX_ANNOTATION_TISSUE, (const char *const *) cohort->tissues->pdata, error) ||
      !qrx_table_add_annotation (table, QRX_ANNOTATION_LINE, ids, error) ||
      !qrx_table_add_target (table, "ln_ic50", "ln µM", QRX_ORIENTATION_LOW_IS_SENSITIVE, cohort->measured, error))
    return NULL;
  return g_steal_pointer (&table);
}

/* A score of the noiseless response; "undefined" with its reason where there is none. */
static void
report_score (Report *report, GString *text, const char *key, const char *name, gboolean is_defined, double value,
              const char *reason)
{
  g_autofree char *note = g_strconcat ("bayes.", key, NULL);

  g_string_append_printf (text, "%s %s ", text->len > 0 ? "," : "", name);
  if (is_defined)
    {
      g_string_append_printf (text, "%.4f", value);
      report_note (report, note, "%.6f", value);
    }
  else
    {
      g_string_append_printf (text, "undefined (%s)", reason);
      report_note (report, note, "undefined: %s", reason);
    }
}

/* The scores of the noiseless response, which no model can beat but by luck. */
static void
report_bayes (QrxSyntheticCohort *self, const Cohort *cohort, Report *report)
{
  gsize n = cohort->n;
  const double *measured = qrx_tensor_peek_f64 (cohort->measured);
  g_autofree double *sensitivity = g_new (double, n);
  g_autofree guint8 *is_sensitive = g_new0 (guint8, n);
  g_autoptr (GString) text = g_string_new (NULL);
  double value = NAN, median = NAN;
  const char *reason = NULL;
  gboolean is_defined = qrx_statistics_median (measured, n, &median, &reason);

  for (gsize i = 0; i < n; i++)
    {
      sensitivity[i] = -cohort->truth[i];
      is_sensitive[i] = measured[i] < median;
    }
  is_defined = is_defined && qrx_statistics_auc (sensitivity, is_sensitive, n, &value, &reason);
  report_score (report, text, "auc", "AUC at the median", is_defined, value, reason);
  is_defined = qrx_statistics_pearson (measured, cohort->truth, n, &value, &reason);
  report_score (report, text, "pearson", "Pearson", is_defined, value, reason);
  is_defined = qrx_statistics_rmse (measured, cohort->truth, n, &value, &reason);
  report_score (report, text, "rmse", "RMSE", is_defined, value, reason);
  report_say (report, "bayes",
              "scores of the noiseless response on all rows, which no model can be expected to beat:%s (noise sd %g)",
              text->str, self->noise);
}

static gboolean
qrx_synthetic_cohort_resolve (QrxNode *node, QrxShapeScope *scope G_GNUC_UNUSED, GError **error)
{
  QrxSyntheticCohort *self = QRX_SYNTHETIC_COHORT (node);

  if (self->genes >= self->factors)
    return TRUE;
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
               "property \"genes\": found %" G_GINT64_FORMAT
               ", expected at least one gene for each of the %" G_GINT64_FORMAT " \"factors\"",
               self->genes, self->factors);
  return FALSE;
}

static gboolean
qrx_synthetic_cohort_run (QrxNode *node, QrxBundle *in G_GNUC_UNUSED, QrxBundle *out, QrxContext *context,
                          GCancellable *cancellable G_GNUC_UNUSED, GError **error)
{
  QrxSyntheticCohort *self = QRX_SYNTHETIC_COHORT (node);
  g_autoptr (Cohort) cohort = NULL;
  g_autoptr (QrxTable) table = NULL;
  g_autoptr (Report) report = NULL;

  if (!qrx_memory_check ((double) self->lines * (double) self->genes * sizeof (double), "a cohort of this size", error))
    return FALSE;
  cohort = draw_cohort (self);
  table = make_table (self, cohort, error);
  if (table == NULL)
    return FALSE;
  report = report_new ();
  report_say (report, "synthetic",
              "%" G_GINT64_FORMAT " synthetic lines of %" G_GINT64_FORMAT " tissues, %" G_GINT64_FORMAT
              " genes in %" G_GINT64_FORMAT " programs, seed %" G_GINT64_FORMAT,
              self->lines, self->tissues, self->genes, self->factors, self->seed);
  report_bayes (self, cohort, report);
  report_publish (report, node, context, table);
  qrx_bundle_set (out, "out", QRX_VALUE (table));
  return TRUE;
}

static void
declare_sizes (QrxNodeClass *klass)
{
  qrx_node_class_add_integer (klass, "lines", G_STRUCT_OFFSET (QrxSyntheticCohort, lines), 2, 1000000, 400, "lines",
                              "Number of cell lines");
  qrx_node_class_add_integer (
      klass, "first", G_STRUCT_OFFSET (QrxSyntheticCohort, first), 0, G_MAXINT32, 0, NULL,
      "Number of the first line: lines 400 and on, of the same seed, are a second cohort of the same "
      "biology");
  qrx_node_class_add_integer (klass, "genes", G_STRUCT_OFFSET (QrxSyntheticCohort, genes), 3, 100000, 200, "genes",
                              "Number of genes");
  qrx_node_class_add_integer (klass, "tissues", G_STRUCT_OFFSET (QrxSyntheticCohort, tissues), 1, 1000, 8, "tissues",
                              "Number of tissues");
  qrx_node_class_add_integer (
      klass, "factors", G_STRUCT_OFFSET (QrxSyntheticCohort, factors), 3, 1000, 6, "programs",
      "Number of programs whose genes go together; the first three make the nonlinear response");
  qrx_node_class_add_integer (klass, "seed", G_STRUCT_OFFSET (QrxSyntheticCohort, seed), 0, G_MAXINT64, 1, NULL,
                              "Seed of the cohort alone; the seed of the run does not touch it");
}

static void
declare_effects (QrxNodeClass *klass)
{
  qrx_node_class_add_double (klass, "tissue-effect", G_STRUCT_OFFSET (QrxSyntheticCohort, tissue_effect), 0, 0.95, 0.3,
                             "share of variance", "How much of a program's activity the tissue decides");
  qrx_node_class_add_double (klass, "coherence", G_STRUCT_OFFSET (QrxSyntheticCohort, coherence), 0.01, 1, 0.6,
                             "share of variance", "How much of a gene's expression its program decides");
  qrx_node_class_add_double (klass, "signal", G_STRUCT_OFFSET (QrxSyntheticCohort, signal), 0, 100, 1.2, "ln µM",
                             "Standard deviation of the noiseless response");
  qrx_node_class_add_double (klass, "nonlinearity", G_STRUCT_OFFSET (QrxSyntheticCohort, nonlinearity), 0, 1, 0.5,
                             "share of variance", "How much of the noiseless response is not linear in the programs");
  qrx_node_class_add_double (klass, "noise", G_STRUCT_OFFSET (QrxSyntheticCohort, noise), 0, 100, 0.8, "ln µM",
                             "Standard deviation of the noise of a measured response; the RMSE that no model beats");
}

static void
qrx_synthetic_cohort_class_init (QrxSyntheticCohortClass *class)
{
  QrxNodeClass *klass = QRX_NODE_CLASS (class);

  klass->resolve = qrx_synthetic_cohort_resolve;
  klass->run = qrx_synthetic_cohort_run;
  qrx_node_class_set_name (klass, "synthetic-cohort");
  qrx_node_class_set_category (klass, "data");
  qrx_node_class_set_summary (
      klass, "Draws a cohort from a documented model: correlated gene expression with tissue effects and a "
             "nonlinear drug response whose best possible scores are known.");
  qrx_node_class_add_output (klass, "out", "table",
                             "Expression, tissue and line, and the response ln_ic50 (low is sensitive)");
  declare_sizes (klass);
  declare_effects (klass);
  qrx_node_class_set_example (klass, "{ \"properties\": { \"lines\": 30, \"genes\": 12, \"factors\": 3 },"
                                     "  \"expect\": { \"rows\": 30, \"features\": 12, \"unit\": \"ln µM\","
                                     "                \"orientation\": \"low-is-sensitive\" } }");
}

static void
qrx_synthetic_cohort_init (QrxSyntheticCohort *self G_GNUC_UNUSED)
{
}

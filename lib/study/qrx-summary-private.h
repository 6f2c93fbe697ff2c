/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a report knows before it is written down: ways to predict, their scores and predictions, and what was recorded
 * while they were fitted. A run is a study of one trial. */
#pragma once

#include <json-glib/json-glib.h>
#include <qrx/qrx-pipeline.h>
#include <qrx/qrx-run-cache.h>

G_BEGIN_DECLS

/* A way to predict: one evaluator of one arm. It has one colour throughout the page. */
typedef struct {
  char *id;
  char *evaluator; /* the node that scored it */
  char *predictor; /* the node whose predictions it scored; nullable */
  guint pipeline;
  JsonObject *settings; /* nullable; what a study fixed and searched, path → value; only what all its fits have in common */
  GPtrArray *tuned;     /* paths of what each fit of a nested study has chosen for itself */
} QrxSummaryArm;

/* The rows of the shown role as one fitted model predicted them; strings belong to the summary. */
typedef struct {
  gsize n;
  const char **ids;
  const char **tissues; /* nullable */
  const char **units;   /* what is sampled independently: donors, lines, or the rows themselves */
  double *targets;
  double *predictions;
  gboolean probability; /* that a row is sensitive, not values of the target */
} QrxSummaryRows;

/* One evaluator's word on one fitted model. */
typedef struct {
  guint arm;
  guint task;
  const char *resample;
  const char *replicate;
  JsonNode *scores;     /* by role, as metrics.json has them */
  QrxSummaryRows *rows; /* nullable */
} QrxSummaryResult;

/* What a model is fitted to: a task, or where it has several drugs all of them, each of which is a task. */
typedef struct {
  char *name;
  GArray *tasks; /* guint */
} QrxSummaryFit;

/* One recorded column of one arm, over its fits to the same: sums for each epoch. */
typedef struct {
  guint arm;
  guint fit;
  char *name; /* "train-loss", "crowding.near-bounds" */
  guint n_fits;
  GArray *epochs; /* of QrxSummaryEpoch */
} QrxSummaryCurve;

typedef struct {
  guint n;
  double mean;
  double squares; /* of deviations from the mean */
  double low;
  double high;
} QrxSummaryEpoch;

typedef struct {
  char *kind; /* "run" or "study" */
  char *title;
  char *source;
  char *role;           /* whose scores are shown first */
  GPtrArray *arms;      /* of QrxSummaryArm */
  GPtrArray *tasks;     /* names; "" for the one task of a run */
  GPtrArray *subjects;  /* for each task, the drug that it is a task of; or the task's name */
  GPtrArray *fits;      /* of QrxSummaryFit */
  GPtrArray *results;   /* of QrxSummaryResult */
  GPtrArray *curves;    /* of QrxSummaryCurve, in the order in which they came */
  GHashTable *by_place; /* "<arm> <fit> <name>" → QrxSummaryCurve */
  GPtrArray *pipelines; /* of JsonNode, as qrx_summary_draw() makes them */
  GPtrArray *loaded;    /* of QrxPipeline beside them, NULL for one that does not load */
  JsonObject *facts;    /* what the reader adds to the document as it is: status, design, landscape, … */
  GStringChunk *strings;
} QrxSummary;

QrxSummary *qrx_summary_new (const char *kind, const char *source);
void qrx_summary_free (QrxSummary *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxSummary, qrx_summary_free)

/* These take in what is new, and give its index. */
guint qrx_summary_add_arm (QrxSummary *self, const char *id, const char *evaluator, const char *predictor,
                           guint pipeline);
guint qrx_summary_add_fit (QrxSummary *self, const char *name);
guint qrx_summary_add_task (QrxSummary *self, const char *name, const char *subject, guint fit);
QrxSummaryResult *qrx_summary_add_result (QrxSummary *self, guint arm, guint task, const char *resample,
                                          const char *replicate, JsonNode *scores);
void qrx_summary_add_curve (QrxSummary *self, guint arm, guint fit, const char *name, const double *values, gsize n);
QrxSummaryRows *qrx_summary_rows_new (gsize n, gboolean with_tissues);
/* The drugs that an evaluator scored by themselves, none where it scored all rows as one; names belong to the scores. */
GPtrArray *qrx_summary_list_drugs (JsonObject *roles);
/* The scores of one of them, by role. */
JsonNode *qrx_summary_pick_drug (JsonObject *roles, const char *drug);
/* Of the roles of any result, the one that says most: test, external, validation, train. NULL without results. */
const char *qrx_summary_choose_role (QrxSummary *self);
/* {"<score>": …} of the shown role, NULL where the result has no such rows. */
JsonObject *qrx_summary_get_scores (QrxSummary *self, const QrxSummaryResult *result);

/* Predictions such that sensitive rows should score high, and which rows are sensitive; FALSE where the result knows no
 * classes. The arrays have room for its rows, which it must have. */
gboolean qrx_summary_read_classes (QrxSummary *self, const QrxSummaryResult *result, double *scores, guint8 *sensitive);

/* Both as JSON objects, path → value. */
JsonObject *qrx_summary_merge_settings (const char *fixed, const char *configuration);
/* Drops from settings what others do not have, or have otherwise; its paths are added to dropped, which may be NULL. */
void qrx_summary_keep_common (JsonObject *settings, JsonObject *other, GPtrArray *dropped);
/* What trials met: versions of the first, inputs of all. */
void qrx_summary_add_versions (QrxSummary *self, JsonObject *versions);

/* Takes in a pipeline (NULL for one that does not load) as nodes, links with their types, and what its node types cite;
 * gives its index. */
guint qrx_summary_add_pipeline (QrxSummary *self, QrxPipeline *pipeline);
/* What a node type cites. */
JsonArray *qrx_summary_list_citations (QrxNodeClass *klass);
/* The width of "flow:angle[B, 8]"; 0 if it is not settled. */
gsize qrx_summary_read_width (const char *type);
/* The node whose predictions an evaluator scores; NULL if there is none. Owned by the pipeline. */
const char *qrx_summary_find_predictor (QrxPipeline *pipeline, const char *evaluator);

/* The parts of the document. */
JsonNode *qrx_summary_write_arms (QrxSummary *self);
JsonNode *qrx_summary_write_normalizers (QrxSummary *self);
/* What each circuit of the models can express, by nodes of the registry whose values the cache keeps; NULL where no model has
 * any. */
JsonNode *qrx_summary_write_circuits (QrxSummary *self, QrxRegistry *registry, QrxRunCache *cache);
JsonNode *qrx_summary_compare (QrxSummary *self);
JsonNode *qrx_summary_write_curves (QrxSummary *self, JsonArray *omitted);
JsonNode *qrx_summary_write_roc (QrxSummary *self);
/* Bins of the shown role by arm and task, over fits. */
JsonNode *qrx_summary_write_reliability (QrxSummary *self);
JsonNode *qrx_summary_write_rows (QrxSummary *self, JsonArray *omitted);
/* Seven digits say all that a curve or a prediction knows, in half the bytes; null where it is not finite. */
void qrx_summary_add_rounded (JsonArray *array, double value);

/* Reads a study's store. */
QrxSummary *qrx_summary_read_store (QrxRegistry *registry, const char *path, GError **error);
/* Reads a run's output folder. */
QrxSummary *qrx_summary_read_run (QrxRegistry *registry, const char *folder, GError **error);

G_END_DECLS

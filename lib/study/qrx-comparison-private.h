/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The scores of a comparison, sorted into cells, for the parts that judge them. */
#pragma once

#include <json-glib/json-glib.h>
#include <qrx/qrx-comparison.h>

G_BEGIN_DECLS

/* What fewer resamples, tasks for a signed-rank test, or tasks for mean ranks cannot support. */
#define QRX_COMPARISON_MIN_RESAMPLES 7
#define QRX_COMPARISON_MIN_WILCOXON_TASKS 6
#define QRX_COMPARISON_MIN_FRIEDMAN_TASKS 10

/* Test rows as one fitted model ranked them. */
typedef struct {
  char **units; /* lines or donors, what is sampled independently */
  double *scores;
  guint8 *positives;
  gsize n;
} QrxRanking;

/* One fitted model's score, among those of its arm and task. */
typedef struct {
  guint resample;
  guint replicate;
  double score; /* NaN where it is not defined */
  double n_train;
  double n_test;
  QrxRanking *ranking; /* nullable */
} QrxObservation;

/* One resample of an arm on a task, its seeds averaged. */
typedef struct {
  guint resample;
  double mean;      /* NaN where any seed's score is not defined */
  double deviation; /* over seeds; NaN for a single one */
  guint n_replicates;
  double n_train;
  double n_test;
} QrxResampleScore;

struct _QrxComparison {
  GObject parent_instance;
  gboolean higher_is_better;
  double level;
  GPtrArray *arms; /* names, in the order in which they came; so the next four */
  GPtrArray *tasks;
  GPtrArray *subjects;
  GPtrArray *resamples;
  GPtrArray *replicates;
  GHashTable *names; /* "<kind><name>" → index + 1 */
  GHashTable *cells; /* arm and task → GArray of QrxObservation */
  GArray *subject_of; /* for each task, the index of its subject, in guint */
};

/* The observations of an arm on a task; NULL if there are none. */
GArray *qrx_comparison_find_cell (QrxComparison *self, guint arm, guint task);
/* The resamples of an arm on a task, in the order in which resamples came. */
GArray *qrx_comparison_collect (QrxComparison *self, guint arm, guint task);
/* The mean over resamples; FALSE, with a reason, where there is none. */
gboolean qrx_comparison_average (GArray *resamples, double *mean, const char **reason);
/* The observation of a resample if it has one replicate, and a ranking; else NULL. */
const QrxObservation *qrx_comparison_find_ranking (QrxComparison *self, guint arm, guint task, guint resample);

/* A row of n numbers for each task into one for each subject that has any: the mean. Both are GArrays of double; tasks says of
 * which task each row is. */
GArray *qrx_comparison_average_subjects (QrxComparison *self, GArray *rows, GArray *tasks, guint n);

/* The parts of the document. */
JsonNode *qrx_comparison_estimate (QrxComparison *self);
JsonNode *qrx_comparison_compare (QrxComparison *self, guint reference);
JsonNode *qrx_comparison_rank (QrxComparison *self);
JsonNode *qrx_comparison_to_json_node (QrxComparison *self, const char *const *references);

/* {"chance", "level", …}, of what qrx_comparison_to_json_node() gave: see qrx_comparison_control_to_json(). */
JsonNode *qrx_comparison_control_node (QrxComparison *self, JsonObject *document, double chance);

/* [{"from", "to", …}, …]: see qrx_transfer_to_json(). */
JsonNode *qrx_transfer_to_json_node (QrxComparison *tuning, QrxComparison *test);

/* A number, or null where it is not finite. */
void qrx_comparison_set_number (JsonObject *object, const char *name, double value);
void qrx_comparison_set_interval (JsonObject *object, const double interval[2]);
JsonArray *qrx_comparison_list_names (GPtrArray *names);

G_END_DECLS

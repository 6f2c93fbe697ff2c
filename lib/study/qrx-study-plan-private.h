/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a study becomes trials. A search looks for the best configuration of an arm for a task; each
 * configuration that it tries is run on all folds and seeds, its cells. In a nested study there is a search
 * for each test fold, whose cells are inner folds of the training rows; what it chose is then run as final
 * trials, with all seeds. */
#pragma once

#include "study/qrx-study-private.h"

G_BEGIN_DECLS

typedef struct {
  guint index;
  QrxArm *arm;
  const double *task;
  const double *resample; /* of a nested study, else NULL */
  gint64 first;           /* id of the first trial */
  guint n_proposals;      /* at most; 0 where there is nothing to search */
  guint n_cells;          /* trials of a proposal */
  guint n_finals;
} QrxSearch;

/* A trial as the store has it; texts are JSON but for the arm's name. Ids are the same in every run of the
 * same study. */
typedef struct {
  gint64 id;
  char *key; /* digest of what is run */
  char *arm;
  char *settings; /* path → value of all that varies */
  char *configuration;
  char *task;
  char *resample;
  char *replicate;
  const char *stage; /* "search" or "final" */
  guint search;
  gint proposal; /* −1 for final trials */
  gint64 budget; /* epochs; 0 is what the pipeline says */
  gint64 parent; /* the trial that this one continues, or −1 */
} QrxTrial;

void qrx_search_free (QrxSearch *self);
gboolean qrx_search_is_adaptive (QrxStudy *study, const QrxSearch *self);
/* Makes study->searches, or adds faults. */
void qrx_study_plan (QrxStudyLoader *loader);

QrxTrial *qrx_trial_new (QrxStudy *study, const QrxSearch *search, const QrxProposal *proposal, gint k, guint cell);
/* Of the proposal that the search chose. */
QrxTrial *qrx_trial_new_final (QrxStudy *study, const QrxSearch *search, const QrxProposal *chosen, guint cell);
void qrx_trial_free (QrxTrial *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxTrial, qrx_trial_free)

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the runner of a study and its workers share. */
#pragma once

#include <qrx/qrx-run-cache.h>
#include <qrx/qrx-study-runner.h>

#include "study/qrx-search-state-private.h"
#include "study/qrx-store-reuse-private.h"

G_BEGIN_DECLS

struct _QrxStudyRunner {
  GObject parent_instance;
  QrxStudy *study;
  QrxStore *store;
  guint n_threads;
  char *data_directory;
  QrxRunCache *cache;
  GMutex mutex;      /* of all below */
  GCond ended;       /* a trial of this process ended */
  GPtrArray *states; /* of QrxSearchState */
  QrxEarlier *earlier; /* nullable: stores whose results serve */
  GAsyncQueue *events;
  GCancellable *cancellable; /* of a run */
  GError *failure;           /* of the store; the first */
  guint n_busy;
};

/* For the thread that called run(). */
typedef struct {
  gint64 id; /* −1: a worker has nothing more to do */
  gboolean finished;
  char *arm;
  double objective;
  char *error;
  double seconds;
} QrxTrialEvent;

void qrx_trial_event_free (QrxTrialEvent *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxTrialEvent, qrx_trial_event_free)

/* Lets the searches go on from the results that there are. */
gboolean qrx_study_runner_advance (QrxStudyRunner *self, GError **error);
/* NULL where it is not proposed yet. */
QrxTrial *qrx_study_runner_find_trial (QrxStudyRunner *self, gint64 id);
/* Looks whether an earlier store has what a trial would give; takes it over from there. */
gboolean qrx_study_runner_take_earlier (QrxStudyRunner *self, const QrxTrial *trial, gboolean *taken, GError **error);
/* What a trial runs, ready to begin. */
QrxRunner *qrx_study_runner_make_runner (QrxStudyRunner *self, const QrxTrial *trial, GError **error);
/* A trial's pipeline, of which the result is the caller's to keep. */
QrxResult *qrx_study_runner_run_pipeline (QrxStudyRunner *self, const QrxTrial *trial, GError **error);
/* Runs a trial that this process holds. Only a store that cannot be written is an error. */
gboolean qrx_study_runner_run_one (QrxStudyRunner *self, const QrxTrial *trial, GError **error);
/* The body of a worker's thread. */
gpointer qrx_study_runner_work (gpointer runner);

G_END_DECLS

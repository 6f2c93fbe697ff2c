/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs the trials of a study, several at once, until all are in the store. */
#pragma once

#include <qrx/qrx-store.h>

G_BEGIN_DECLS

#define QRX_TYPE_STUDY_RUNNER (qrx_study_runner_get_type ())
QRX_API
G_DECLARE_FINAL_TYPE (QrxStudyRunner, qrx_study_runner, QRX, STUDY_RUNNER, GObject)

/* Construct properties: "study", "store", "n-threads" (uint, 0 = as many as processors), "data-directory".
 * Signals, emitted in the caller's thread: "trial-started" (id), "trial-finished" (id, arm, objective or NaN,
 * error or NULL, seconds). */
QRX_API QrxStudyRunner *qrx_study_runner_new (QrxStudy *study, QrxStore *store, guint n_threads,
                                              const char *data_directory);
QRX_API gboolean qrx_study_runner_run (QrxStudyRunner *self, GCancellable *cancellable, GError **error);
/* One trial by its number, as an array task of a cluster does. */
QRX_API gboolean qrx_study_runner_run_trial (QrxStudyRunner *self, gint64 trial, GCancellable *cancellable,
                                             GError **error);
/* Lets failed trials wait again. */
QRX_API gboolean qrx_study_runner_retry (QrxStudyRunner *self, GError **error);
/* Takes results of the same trials from a store of another study. */
QRX_API gboolean qrx_study_runner_reuse (QrxStudyRunner *self, QrxStore *earlier, GError **error);
QRX_API guint qrx_study_runner_get_n_threads (QrxStudyRunner *self);

QRX_API double qrx_study_runner_estimate (QrxStudy *study, const char *data_directory, GCancellable *cancellable,
                                          GError **error);

G_END_DECLS

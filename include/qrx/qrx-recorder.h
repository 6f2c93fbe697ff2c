/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes down what a run produced: the output folder of `qrx run`. */
#pragma once

#include <qrx/qrx-metrics.h>
#include <qrx/qrx-runner.h>

G_BEGIN_DECLS

#define QRX_TYPE_RECORDER (qrx_recorder_get_type ())
QRX_API G_DECLARE_FINAL_TYPE (QrxRecorder, qrx_recorder, QRX, RECORDER, GObject)

QRX_API QrxRecorder *qrx_recorder_new (QrxRunner *runner, const char *directory);
/* What can be known before hours of running: whether the folder can be written into, and no node writes a file of the
 * recorder's. */
QRX_API gboolean qrx_recorder_check (QrxPipeline *pipeline, const char *directory, GError **error);
QRX_API const char *qrx_recorder_get_directory (QrxRecorder *self);
/* {"pipeline", "seed", "scores": {"<evaluator>": {"<role>": {…}}}} of the metrics seen so far. */
QRX_API char *qrx_recorder_dup_metrics (QrxRecorder *self);
/* The metrics of evaluators that are finished, in that order. */
QRX_API guint qrx_recorder_get_n_metrics (QrxRecorder *self);
QRX_API QrxMetrics *qrx_recorder_get_metrics (QrxRecorder *self, guint i);
QRX_API const char *qrx_recorder_get_evaluator (QrxRecorder *self, guint i);
/* Writes metrics.json and pipeline.resolved.json; files of single nodes are there already. Fails if any of them could
 * not be written. */
QRX_API gboolean qrx_recorder_finish (QrxRecorder *self, GError **error);

G_END_DECLS

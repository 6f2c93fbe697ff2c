/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A study file: a pipeline, or several, and what varies; checked whole before anything runs. */
#pragma once

#include <qrx/qrx-pipeline.h>

G_BEGIN_DECLS

#define QRX_TYPE_STUDY (qrx_study_get_type ())
QRX_API
G_DECLARE_FINAL_TYPE (QrxStudy, qrx_study, QRX, STUDY, GObject)

QRX_API QrxStudy *qrx_study_load (QrxRegistry *registry, const char *path, const char *const *overrides,
                                  GPtrArray *diagnostics, GError **error);
/* For scripts: every fault as JSON, as qrx_pipeline_diagnose_file() tells them. */
QRX_API char *qrx_study_diagnose_file (QrxRegistry *registry, const char *path, const char *const *overrides,
                                       GError **error);

QRX_API QrxRegistry *qrx_study_get_registry (QrxStudy *self);
QRX_API const char *qrx_study_get_name (QrxStudy *self);   /* the file as given */
QRX_API const char *qrx_study_get_title (QrxStudy *self);  /* nullable */
QRX_API const char *qrx_study_get_digest (QrxStudy *self); /* of the file, its pipelines and the overrides */
QRX_API gboolean qrx_study_is_minimized (QrxStudy *self);
QRX_API guint qrx_study_get_n_arms (QrxStudy *self);
QRX_API const char *qrx_study_get_arm_name (QrxStudy *self, guint arm);
QRX_API const char *qrx_study_get_arm_objective (QrxStudy *self, guint arm);
/* How many trials there are; where a sampler decides on the way, at most. */
QRX_API gint64 qrx_study_get_n_trials (QrxStudy *self);
QRX_API gboolean qrx_study_is_adaptive (QrxStudy *self);

G_END_DECLS

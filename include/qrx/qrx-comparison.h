/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What scores of several models over tasks, folds and seeds support, and what they do not. */
#pragma once

#include <glib-object.h>
#include <qrx/qrx-macros.h>

G_BEGIN_DECLS

#define QRX_TYPE_COMPARISON (qrx_comparison_get_type ())
QRX_API
G_DECLARE_FINAL_TYPE (QrxComparison, qrx_comparison, QRX, COMPARISON, GObject)

QRX_API QrxComparison *qrx_comparison_new (gboolean higher_is_better, double level);
QRX_API void qrx_comparison_add (QrxComparison *self, const char *arm, const char *task, const char *resample,
                                 const char *replicate, double score, guint64 n_train, guint64 n_test);
QRX_API void qrx_comparison_add_ranking (QrxComparison *self, const char *arm, const char *task, const char *resample,
                                         const char *replicate, const char *const *units, const double *scores,
                                         const guint8 *positives, gsize n);
QRX_API void qrx_comparison_set_subject (QrxComparison *self, const char *task, const char *subject);
QRX_API char *qrx_comparison_to_json (QrxComparison *self, const char *const *references);
QRX_API char *qrx_comparison_control_to_json (QrxComparison *self, double chance);

G_END_DECLS

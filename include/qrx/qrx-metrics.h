/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scores by role, in the order in which they were added; an undefined score keeps its reason. */
#pragma once

#include <qrx/qrx-tensor.h>
#include <qrx/qrx-value.h>

G_BEGIN_DECLS

#define QRX_TYPE_METRICS (qrx_metrics_get_type ())
QRX_API G_DECLARE_FINAL_TYPE (QrxMetrics, qrx_metrics, QRX, METRICS, QrxValue)

QRX_API QrxMetrics *qrx_metrics_new (void);
/* The id of the node that made them; nullable. */
QRX_API void qrx_metrics_set_producer (QrxMetrics *self, const char *producer);
QRX_API const char *qrx_metrics_get_producer (QrxMetrics *self);
QRX_API void qrx_metrics_set_number (QrxMetrics *self, const char *role, const char *name, double value);
QRX_API void qrx_metrics_set_count (QrxMetrics *self, const char *role, const char *name, gint64 value);
QRX_API void qrx_metrics_set_interval (QrxMetrics *self, const char *role, const char *name, double low, double high);
QRX_API void qrx_metrics_set_text (QrxMetrics *self, const char *role, const char *name, const char *value);
/* Several records under one name: columns of numbers, and of one name each where @labels are given. */
QRX_API void qrx_metrics_set_table (QrxMetrics *self, const char *role, const char *name, const char *const *columns,
                                    QrxTensor *values, const char *label, const char *const *labels);
QRX_API void qrx_metrics_set_undefined (QrxMetrics *self, const char *role, const char *name, const char *reason);

QRX_API char **qrx_metrics_dup_roles (QrxMetrics *self);
QRX_API char **qrx_metrics_dup_names (QrxMetrics *self, const char *role);
/* FALSE where the score is undefined or absent. */
QRX_API gboolean qrx_metrics_get_number (QrxMetrics *self, const char *role, const char *name, double *value);
QRX_API gboolean qrx_metrics_get_interval (QrxMetrics *self, const char *role, const char *name, double *low, double *high);
QRX_API const char *qrx_metrics_get_text (QrxMetrics *self, const char *role, const char *name);
/* As JSON writes it, [{"<column>": number, …}, …]; NULL where there is none. */
QRX_API const char *qrx_metrics_get_table (QrxMetrics *self, const char *role, const char *name);
QRX_API const char *qrx_metrics_get_reason (QrxMetrics *self, const char *role, const char *name);
/* {"<role>": {"<score>": number | [lo, hi] | text | [{…}, …] | null, …, "reasons": {"<score>": text}}} */
QRX_API char *qrx_metrics_to_json (QrxMetrics *self);
/* {"scores": {"<producer>": {…}, …}}, in the order of the array. */
QRX_API char *qrx_metrics_list_to_json (GPtrArray *metrics);

G_END_DECLS

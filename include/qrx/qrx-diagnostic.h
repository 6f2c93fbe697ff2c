/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One fault of a pipeline: where it is, what was found, what is allowed. */
#pragma once

#include <qrx/qrx-error.h>

G_BEGIN_DECLS

typedef struct _QrxDiagnostic QrxDiagnostic;
#define QRX_TYPE_DIAGNOSTIC (qrx_diagnostic_get_type ())
QRX_API GType qrx_diagnostic_get_type (void);
QRX_API QrxDiagnostic *qrx_diagnostic_ref (QrxDiagnostic *self);
QRX_API void qrx_diagnostic_unref (QrxDiagnostic *self);
QRX_API QrxPipelineError qrx_diagnostic_get_code (const QrxDiagnostic *self);
QRX_API const char *qrx_diagnostic_get_file (const QrxDiagnostic *self);       /* nullable */
QRX_API guint qrx_diagnostic_get_line (const QrxDiagnostic *self);             /* 0 = none */
QRX_API guint qrx_diagnostic_get_column (const QrxDiagnostic *self);
QRX_API const char *qrx_diagnostic_get_pointer (const QrxDiagnostic *self);    /* RFC 6901, nullable */
QRX_API const char *qrx_diagnostic_get_node (const QrxDiagnostic *self);       /* nullable */
QRX_API const char *qrx_diagnostic_get_message (const QrxDiagnostic *self);
QRX_API const char *qrx_diagnostic_get_suggestion (const QrxDiagnostic *self); /* nullable: "did you mean …" */
QRX_API char *qrx_diagnostic_to_string (const QrxDiagnostic *self);            /* file:line:column: message */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxDiagnostic, qrx_diagnostic_unref)

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What nodes say, from whatever thread, told in one thread. */
#pragma once

#include <qrx/qrx-macros.h>

G_BEGIN_DECLS

typedef struct _QrxReports QrxReports;
/* @kind: the kind of a message, or 0, and then @fraction tells how far the node is. */
typedef void (*QrxReportFunc) (const char *node, GQuark kind, double fraction, const char *text, gpointer data);

QrxReports *qrx_reports_new (QrxReportFunc tell, gpointer data);
void qrx_reports_free (QrxReports *self);
/* The thread in which to tell; before anything is said. */
void qrx_reports_set_thread (QrxReports *self, GThread *thread);
/* Tells at once in that thread; what another thread says waits. */
void qrx_reports_take (QrxReports *self, const char *node, GQuark kind, double fraction, const char *text);
/* Tells what waits. */
void qrx_reports_deliver (QrxReports *self);

G_END_DECLS

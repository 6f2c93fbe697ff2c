/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A queue rather than a main context: a context would run what is queued in whichever thread comes by, or only once the
 * caller iterates it, after the run. Knows texts only. */
#include "runner/qrx-reports-private.h"

typedef struct {
  char *node;
  char *text;
  GQuark kind;
  double fraction;
} Report;

struct _QrxReports {
  GAsyncQueue *queue;
  GThread *thread;
  QrxReportFunc tell;
  gpointer data;
};

static void
report_free (gpointer data)
{
  Report *report = data;

  g_free (report->node);
  g_free (report->text);
  g_free (report);
}

QrxReports *
qrx_reports_new (QrxReportFunc tell, gpointer data)
{
  QrxReports *self = g_new0 (QrxReports, 1);

  self->queue = g_async_queue_new_full (report_free);
  self->tell = tell;
  self->data = data;
  return self;
}

void
qrx_reports_free (QrxReports *self)
{
  g_async_queue_unref (self->queue);
  g_free (self);
}

void
qrx_reports_set_thread (QrxReports *self, GThread *thread)
{
  self->thread = thread;
}

void
qrx_reports_take (QrxReports *self, const char *node, GQuark kind, double fraction, const char *text)
{
  Report *report;

  if (self->thread == g_thread_self ())
    {
      qrx_reports_deliver (self); /* what was said before comes before */
      self->tell (node, kind, fraction, text, self->data);
      return;
    }
  report = g_new (Report, 1);
  *report = (Report){ g_strdup (node), g_strdup (text), kind, fraction };
  g_async_queue_push (self->queue, report);
}

void
qrx_reports_deliver (QrxReports *self)
{
  Report *report;

  while ((report = g_async_queue_try_pop (self->queue)) != NULL)
    {
      self->tell (report->node, report->kind, report->fraction, report->text, self->data);
      report_free (report);
    }
}

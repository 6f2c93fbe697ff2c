/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A statistic of a flow, taken by the trainer at the end of each epoch. */
#pragma once

#include <qrx/qrx-flow.h>
#include <qrx/qrx-history.h>

G_BEGIN_DECLS

#define QRX_TYPE_MONITOR (qrx_monitor_get_type ())
QRX_API G_DECLARE_DERIVABLE_TYPE (QrxMonitor, qrx_monitor, QRX, MONITOR, QrxNode)

/**
 * QrxMonitorClass:
 * @measure: @layer produced the flow (%NULL: the table's features); @step holds its tensors for all training rows, in
 *   evaluation mode; @gradients, (training rows, width), are the loss's gradients at the flow, gathered over the epoch's
 *   minibatches. Writes columns "<id>.<statistic>".
 * @find_fault: optional: after measure(), looks in the history for what people should be warned of, and returns a line that
 *   says what is wrong, since when, and what would help; %NULL where nothing is. Asked until it first finds something.
 *
 * The class of monitors. Input port "in", a flow; output "out", a monitor. run() is final.
 */
struct _QrxMonitorClass {
  QrxNodeClass parent_class;
  gboolean (*measure) (QrxMonitor *self, QrxLayer *layer, QrxStep *step, QrxTensor *gradients, guint epoch, QrxHistory *history,
                       GError **error);
  char *(*find_fault) (QrxMonitor *self, QrxLayer *layer, QrxHistory *history, guint epoch);
  gpointer padding[3];
};

QRX_API gboolean qrx_monitor_measure (QrxMonitor *self, QrxLayer *layer, QrxStep *step, QrxTensor *gradients, guint epoch,
                                      QrxHistory *history, GError **error);
QRX_API char *qrx_monitor_find_fault (QrxMonitor *self, QrxLayer *layer, QrxHistory *history, guint epoch);

/* What travels: a monitor and the flow that it watches. */
#define QRX_TYPE_PROBE (qrx_probe_get_type ())
QRX_API G_DECLARE_FINAL_TYPE (QrxProbe, qrx_probe, QRX, PROBE, QrxValue)
QRX_API QrxProbe *qrx_probe_new (QrxMonitor *monitor, QrxFlow *flow);
QRX_API QrxMonitor *qrx_probe_get_monitor (QrxProbe *self);
QRX_API QrxFlow *qrx_probe_get_flow (QrxProbe *self);

G_END_DECLS

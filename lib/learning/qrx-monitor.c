/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The base of all monitors: run() pairs it with its flow; the trainer has it measure. */
#include <qrx/qrx-monitor.h>

#include "graph/qrx-node-private.h"

G_DEFINE_ABSTRACT_TYPE (QrxMonitor, qrx_monitor, QRX_TYPE_NODE)

static gboolean
qrx_monitor_run (QrxNode *node, QrxBundle *in, QrxBundle *out, QrxContext *context G_GNUC_UNUSED,
                 GCancellable *cancellable G_GNUC_UNUSED, GError **error)
{
  g_autoptr (QrxFlow) flow = NULL;
  g_autoptr (QrxProbe) probe = NULL;
  QrxValue *value = qrx_bundle_get (in, "in");

  if (value == NULL)
    {
      g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED, "the type `%s` has no input port `in`",
                   qrx_node_get_type_name (node));
      return FALSE;
    }
  flow = qrx_flow_from_value (value, error);
  if (flow == NULL)
    return FALSE;
  probe = qrx_probe_new (QRX_MONITOR (node), flow);
  qrx_bundle_set (out, "out", QRX_VALUE (probe));
  return TRUE;
}

static void
qrx_monitor_class_init (QrxMonitorClass *klass)
{
  QRX_NODE_CLASS (klass)->run = qrx_monitor_run;
}

static void
qrx_monitor_init (QrxMonitor *self G_GNUC_UNUSED)
{
}

/**
 * qrx_monitor_measure:
 * @self: a monitor
 * @layer: (nullable): the layer whose output is watched; %NULL for a table's own features
 * @step: (nullable): its tensors for all training rows, in evaluation mode
 * @gradients: of shape (training rows, width): the loss's gradients at the flow, from the epoch's minibatches
 * @epoch: the epoch, from 0
 * @history: where to write columns "<id>.<statistic>"
 * @error: return location for an error
 *
 * Takes the statistic.
 *
 * Returns: whether it could
 */
gboolean
qrx_monitor_measure (QrxMonitor *self, QrxLayer *layer, QrxStep *step, QrxTensor *gradients, guint epoch,
                     QrxHistory *history, GError **error)
{
  QrxMonitorClass *klass = QRX_MONITOR_GET_CLASS (self);
  GError *failure = NULL;
  gboolean ok = FALSE;

  g_return_val_if_fail (QRX_IS_MONITOR (self) && QRX_IS_HISTORY (history), FALSE);
  if (klass->measure == NULL)
    g_set_error (&failure, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED, "the type `%s` does not implement measure()",
                 qrx_node_get_type_name (QRX_NODE (self)));
  else
    ok = klass->measure (self, layer, step, gradients, epoch, history, &failure);
  return qrx_node_check_call (QRX_NODE (self), ok, failure, error);
}

/**
 * qrx_monitor_find_fault:
 * @self: a monitor
 * @layer: (nullable): the layer whose output is watched; %NULL for a table's own features
 * @history: what it has measured
 * @epoch: the epoch that was measured last, from 0
 *
 * Looks for what people should be warned of.
 *
 * Returns: (transfer full) (nullable): one line that says what is wrong, since when, and what would help; %NULL where
 *   nothing is
 */
char *
qrx_monitor_find_fault (QrxMonitor *self, QrxLayer *layer, QrxHistory *history, guint epoch)
{
  QrxMonitorClass *klass = QRX_MONITOR_GET_CLASS (self);

  g_return_val_if_fail (QRX_IS_MONITOR (self) && QRX_IS_HISTORY (history), NULL);
  return klass->find_fault != NULL ? klass->find_fault (self, layer, history, epoch) : NULL;
}

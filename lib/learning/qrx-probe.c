/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A monitor together with the flow that it watches: what travels from a monitor node to a trainer. */
#include <qrx/qrx-monitor.h>

struct _QrxProbe {
  QrxValue parent_instance;
  QrxMonitor *monitor;
  QrxFlow *flow;
};

G_DEFINE_FINAL_TYPE (QrxProbe, qrx_probe, QRX_TYPE_VALUE)

static void
qrx_probe_finalize (GObject *object)
{
  QrxProbe *self = QRX_PROBE (object);

  g_clear_object (&self->monitor);
  g_clear_object (&self->flow);
  G_OBJECT_CLASS (qrx_probe_parent_class)->finalize (object);
}

static void
qrx_probe_class_init (QrxProbeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_probe_finalize;
  QRX_VALUE_CLASS (klass)->kind = "monitor";
}

static void
qrx_probe_init (QrxProbe *self G_GNUC_UNUSED)
{
}

/**
 * qrx_probe_new:
 * @monitor: a monitor
 * @flow: what it watches
 *
 * Pairs a monitor with a flow.
 *
 * Returns: (transfer full): the probe
 */
QrxProbe *
qrx_probe_new (QrxMonitor *monitor, QrxFlow *flow)
{
  QrxProbe *self;

  g_return_val_if_fail (QRX_IS_MONITOR (monitor) && QRX_IS_FLOW (flow), NULL);
  self = g_object_new (QRX_TYPE_PROBE, NULL);
  self->monitor = g_object_ref (monitor);
  self->flow = g_object_ref (flow);
  return self;
}

/**
 * qrx_probe_get_monitor:
 * @self: a probe
 *
 * Returns: (transfer none): the monitor
 */
QrxMonitor *
qrx_probe_get_monitor (QrxProbe *self)
{
  g_return_val_if_fail (QRX_IS_PROBE (self), NULL);
  return self->monitor;
}

/**
 * qrx_probe_get_flow:
 * @self: a probe
 *
 * Returns: (transfer none): the flow that is watched
 */
QrxFlow *
qrx_probe_get_flow (QrxProbe *self)
{
  g_return_val_if_fail (QRX_IS_PROBE (self), NULL);
  return self->flow;
}

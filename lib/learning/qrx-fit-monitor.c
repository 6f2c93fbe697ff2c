/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a fit shows of itself at the end of an epoch: monitors of its flows, and the paths of recorded parameters. */
#include "learning/qrx-fit-private.h"

static void
monitor_free (gpointer data)
{
  QrxFitMonitor *monitor = data;

  g_object_unref (monitor->probe);
  g_clear_object (&monitor->gradients);
  g_free (monitor);
}

gboolean
qrx_fit_add_monitors (QrxFit *self, GPtrArray *probes, GHashTable *places, GError **error)
{
  self->monitors = g_ptr_array_new_with_free_func (monitor_free);
  self->watched = g_new0 (gboolean, self->model->slots->len);
  for (guint i = 0; probes != NULL && i < probes->len; i++)
    {
      QrxProbe *probe = probes->pdata[i];
      QrxFlow *flow = qrx_probe_get_flow (probe);
      int slot = qrx_model_find_flow (places, flow);
      QrxFitMonitor *monitor;

      if (slot == QRX_SLOT_NONE || qrx_flow_get_table (flow) != self->table)
        {
          g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK,
                       "the monitor `%s` watches a flow that is no part of what is fitted here",
                       qrx_node_get_id (QRX_NODE (qrx_probe_get_monitor (probe))));
          return FALSE;
        }
      if (slot < 0)
        {
          g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK,
                       "the monitor `%s` watches the table itself, which no epoch changes; let it watch a layer",
                       qrx_node_get_id (QRX_NODE (qrx_probe_get_monitor (probe))));
          return FALSE;
        }
      self->watched[slot] = TRUE;
      monitor = g_new0 (QrxFitMonitor, 1);
      monitor->probe = g_object_ref (probe);
      monitor->slot = slot;
      monitor->gradients = qrx_tensor_new_matrix (self->model->dtype, self->train->len, qrx_flow_get_width (flow));
      g_ptr_array_add (self->monitors, monitor);
    }
  qrx_model_find_constants (self->model, self->watched);
  return TRUE;
}

/* Once is enough: what crowds in one epoch mostly does in the next. */
static void
warn (QrxFit *self, QrxFitMonitor *watcher, guint epoch)
{
  QrxMonitor *monitor = qrx_probe_get_monitor (watcher->probe);
  g_autofree char *fault = NULL;

  if (watcher->warned)
    return;
  fault = qrx_monitor_find_fault (monitor, qrx_model_slot (self->model, (guint) watcher->slot)->layer, self->history, epoch);
  if (fault == NULL)
    return;
  qrx_context_warn (self->context, qrx_node_get_id (QRX_NODE (monitor)), fault);
  watcher->warned = TRUE;
}

gboolean
qrx_fit_measure (QrxFit *self, guint epoch, GError **error)
{
  if (self->monitors->len == 0)
    return TRUE;
  if (self->whole == NULL)
    {
      self->whole = qrx_execution_new (self->model, QRX_MODE_EVALUATE, self->train->len, self->active, self->pool, error);
      if (self->whole == NULL ||
          !qrx_feeder_fill (self->feeder, self->whole, (const guint *) self->train->data, self->train->len, error))
        return FALSE;
    }
  if (!qrx_execution_forward (self->whole, 0, error))
    return FALSE;
  for (guint m = 0; m < self->monitors->len; m++)
    {
      QrxFitMonitor *monitor = self->monitors->pdata[m];

      if (!qrx_monitor_measure (qrx_probe_get_monitor (monitor->probe),
                                qrx_model_slot (self->model, (guint) monitor->slot)->layer,
                                qrx_execution_get_step (self->whole, (guint) monitor->slot), monitor->gradients, epoch,
                                self->history, error))
        return FALSE;
      warn (self, monitor, epoch);
    }
  return TRUE;
}

void
qrx_fit_record_parameters (QrxFit *self, guint epoch)
{
  for (guint i = 0; i < self->model->slots->len; i++)
    {
      QrxSlot *slot = qrx_model_slot (self->model, i);

      for (guint p = 0; p < slot->raw->len; p++)
        {
          QrxParameter *parameter = slot->plan->parameters->pdata[p];
          gsize n = parameter->shared ? 1 : parameter->rows * parameter->columns;

          for (gsize k = 0; parameter->recorded && k < n; k++)
            {
              g_autofree char *name = n == 1 ? g_strdup_printf ("%s.%s", slot->id, parameter->name)
                                             : g_strdup_printf ("%s.%s.%" G_GSIZE_FORMAT, slot->id, parameter->name, k);

              qrx_history_set (self->history, epoch, name, qrx_tensor_get (slot->effective->pdata[p], k));
            }
        }
    }
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the history back; monitors themselves keep no state, for several fits may share them. */
#include "monitors/alarm.h"

#include <math.h>

#define OVERALL (-1)

static double
get_value (const QrxAlarm *self, QrxMonitor *monitor, QrxHistory *history, guint epoch, int column)
{
  const char *id = qrx_node_get_id (QRX_NODE (monitor));
  g_autofree char *name = column == OVERALL ? g_strdup_printf ("%s.%s", id, self->statistic)
                                            : g_strdup_printf ("%s.%s.%d", id, self->statistic, column);

  return qrx_history_get (history, epoch, name);
}

/* False where nothing was recorded. */
static gboolean
has_held (const QrxAlarm *self, QrxMonitor *monitor, QrxHistory *history, guint epoch, int column)
{
  if (epoch + 1 < self->n_epochs)
    return FALSE;
  for (guint i = 0; i < self->n_epochs; i++)
    {
      double value = get_value (self, monitor, history, epoch - i, column);

      if (self->above ? !(value >= self->bound) : !(value < self->bound))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_worse (const QrxAlarm *self, double value, double than)
{
  return self->above ? value > than : value < than;
}

static void
take (const QrxAlarm *self, QrxAlarmFinding *found, int column, double value)
{
  if (found->n_columns == 0 || is_worse (self, value, found->value))
    {
      found->worst = column;
      found->value = value;
    }
  found->n_columns++;
}

/* "0, 2 and 5". */
static char *
join (GArray *columns)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < columns->len; i++)
    g_string_append_printf (text, "%s%d",
                            i == 0                 ? ""
                            : i + 1 < columns->len ? ", "
                                                   : " and ",
                            g_array_index (columns, int, i));
  return g_string_free (text, FALSE);
}

gboolean
qrx_alarm_rings (const QrxAlarm *self, QrxMonitor *monitor, QrxHistory *history, guint epoch, QrxAlarmFinding *found)
{
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (int));
  gboolean by_column = !isnan (get_value (self, monitor, history, epoch, 0));

  *found = (QrxAlarmFinding){ .worst = OVERALL, .since = epoch + 2 - (guint) MIN (self->n_epochs, epoch + 1) };
  for (int column = 0; by_column && !isnan (get_value (self, monitor, history, epoch, column)); column++)
    if (has_held (self, monitor, history, epoch, column))
      {
        g_array_append_val (columns, column);
        take (self, found, column, get_value (self, monitor, history, epoch, column));
      }
  if (!by_column && has_held (self, monitor, history, epoch, OVERALL))
    take (self, found, OVERALL, get_value (self, monitor, history, epoch, OVERALL));
  if (columns->len > 0)
    found->columns = join (columns);
  return found->n_columns > 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How monitors name what they write into the history. */
#pragma once

#include <qrx/qrx-monitor.h>

#include <math.h>

G_BEGIN_DECLS

/* "<id>.<statistic>" over all columns; nothing is written for what is not a number. */
static inline void
qrx_record (QrxMonitor *monitor, QrxHistory *history, guint epoch, const char *statistic, double value)
{
  g_autofree char *name = g_strdup_printf ("%s.%s", qrx_node_get_id (QRX_NODE (monitor)), statistic);

  if (isfinite (value))
    qrx_history_set (history, epoch, name, value);
}

/* "<id>.<statistic>.<column>", columns from 0. */
static inline void
qrx_record_column (QrxMonitor *monitor, QrxHistory *history, guint epoch, const char *statistic, gsize column,
                   double value)
{
  g_autofree char *one = g_strdup_printf ("%s.%" G_GSIZE_FORMAT, statistic, column);

  qrx_record (monitor, history, epoch, one, value);
}

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a statistic in the history has been beyond a bound for so many epochs that people should hear of it. */
#pragma once

#include <qrx/qrx-monitor.h>

G_BEGIN_DECLS

typedef struct {
  const char *statistic; /* of columns "<id>.<statistic>.<column>", or else of "<id>.<statistic>" */
  double bound;
  gboolean above;  /* at the bound or above it, else below it */
  gint64 n_epochs; /* without a break */
} QrxAlarm;

typedef struct {
  char *columns; /* "0, 2 and 5"; NULL where only the mean over columns was recorded */
  guint n_columns;
  int worst;    /* the column that is farthest beyond the bound; −1 for the mean */
  double value; /* the worst one's, in the last epoch */
  guint since;  /* the epoch, from 1 as people count them */
} QrxAlarmFinding;

/* Looks at the epochs up to @epoch; fills @found, whose columns are the caller's to free, where it rings. */
gboolean
qrx_alarm_rings (const QrxAlarm *self, QrxMonitor *monitor, QrxHistory *history, guint epoch, QrxAlarmFinding *found);

G_END_DECLS

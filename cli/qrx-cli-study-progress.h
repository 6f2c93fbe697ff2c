/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a study gets on, on stderr: what failed, and on a terminal a line that moves. */
#pragma once

#include <qrx/qrx.h>

typedef struct _QrxCliStudyProgress QrxCliStudyProgress;

/* @n_known is how many trials have ended already. */
QrxCliStudyProgress *qrx_cli_study_progress_new (QrxStudyRunner *runner, QrxStudy *study, gint64 n_known);
void qrx_cli_study_progress_free (QrxCliStudyProgress *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxCliStudyProgress, qrx_cli_study_progress_free)
/* "40 s", "3 min", "2 h 10 min". */
char *qrx_cli_format_duration (double seconds);

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a run says while it runs, on stderr: messages, and on a terminal a line that moves. */
#pragma once

#include <qrx/qrx.h>

typedef struct _QrxCliProgress QrxCliProgress;

QrxCliProgress *qrx_cli_progress_new (QrxRunner *runner);
/* Leaves no trace of the line that moves. */
void qrx_cli_progress_free (QrxCliProgress *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxCliProgress, qrx_cli_progress_free)

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ctrl-C and its like: the first asks the run to stop, which leaves no half-written file; a later one ends the program at
 * once. */
#pragma once

#include <gio/gio.h>

/* From now on SIGINT, SIGTERM and SIGHUP cancel what is returned. Call once. */
GCancellable *qrx_cli_interrupt_watch (void);
/* Which signal came, or 0. */
int qrx_cli_interrupt_get_signal (void);
/* Says that it came, and returns the exit status that tells of it: 128 and the signal. */
int qrx_cli_interrupt_status (void);

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a store says, as people read it. */
#pragma once

#include <qrx/qrx.h>
#include <stdio.h>

/* What qrx_store_best_to_json() wrote: the best ones of each task. */
void qrx_cli_print_best (const char *json, const char *store, FILE *to);

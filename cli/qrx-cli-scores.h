/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The scores of a run as people read them. */
#pragma once

#include <qrx/qrx.h>
#include <stdio.h>

/* One line an evaluator, with the role that says most: test, else external, validation, train; then what diagnostics measured,
 * a line for each of their roles. Nothing without metrics. */
void qrx_cli_print_scores (QrxRecorder *recorder, QrxPipeline *pipeline, FILE *to);

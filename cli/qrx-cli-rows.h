/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rows to predict, from a wide table of text: one row a line, headed by gene names. */
#pragma once

#include <qrx/qrx.h>

/* A table with just the columns that @predictor needs, and the annotation `tissue` where the file has it. @id_column NULL is the
 * first. Names every column that is missing. */
QrxTable *qrx_cli_rows_read (const char *path, const char *id_column, QrxPredictor *predictor, GError **error);

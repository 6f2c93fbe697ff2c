/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text in columns, as terminals show it: characters of other scripts take no, one or two places. */
#pragma once

#include <glib.h>
#include <stdio.h>

/* How many places a text takes. */
gsize qrx_cli_text_width (const char *text);
/* The beginning of a text that takes at most @width places, with "…" at its end where something is missing. */
char *qrx_cli_text_shorten (const char *text, gsize width);
/* A paragraph, each line behind @indent blanks and broken before @width places; the first has @used places already. */
void qrx_cli_text_print_paragraph (FILE *to, const char *text, gsize used, gsize indent, gsize width);

/* Rows of cells; those of a column take the same width. */
typedef struct _QrxCliGrid QrxCliGrid;
/* One letter a column: 'l' or 'r', the side on which cells begin or end. */
QrxCliGrid *qrx_cli_grid_new (const char *alignment);
/* As many texts as there are columns, NULL is empty; copied. */
void qrx_cli_grid_add (QrxCliGrid *self, const char *const *cells);
/* Two blanks between columns; no blanks at the end of a line. @width 0 is any. */
void qrx_cli_grid_print (QrxCliGrid *self, FILE *to, gsize indent, gsize width);
void qrx_cli_grid_free (QrxCliGrid *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxCliGrid, qrx_cli_grid_free)
